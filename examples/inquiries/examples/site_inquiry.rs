//! What a monitored site costs: `cargo run -p inquiries --example site_inquiry`.

use anyhow::Result;
use counterfoil::{
    error::Language,
    metering::{Kind, Spec},
    money::Ratio,
    pricing::inquiry::{PayMode, Portal, PortalOrder, Term},
};

fn main() -> Result<()> {
    let prices = inquiries::price_list()?;
    let portal = Portal::new(&prices, Ratio::parse("0.9")?)?;
    let order = PortalOrder { term: Some(Term::months(1).and(Term::days(15)?)?), count: 1, pay: PayMode::PrePaid };
    let site = Spec::site(true, false); // with tamper protection, without security inspection
    let quote = portal.order(&Kind::Site, site, order, "2024-02-20T08:00:00Z".parse()?)?;
    println!("{}", quote.text(Language::Chinese));
    Ok(())
}
