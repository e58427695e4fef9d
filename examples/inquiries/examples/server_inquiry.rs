//! What a server costs: `cargo run -p inquiries --example server_inquiry`.

use anyhow::Result;
use counterfoil::{
    metering::{Kind, Spec},
    money::Ratio,
    pricing::inquiry::{PayMode, Portal, PortalOrder, Term},
};

fn main() -> Result<()> {
    let prices = inquiries::price_list()?;
    let portal = Portal::new(&prices, Ratio::parse("0.66")?)?; // what is paid ahead costs 66 %
    let now = "2024-02-20T08:00:00Z".parse()?;
    let server = Spec::server("2", "4", "100", true)?; // cores, GiB of memory, GiB of disk, a public address

    let ahead = PortalOrder { term: Some(Term::months(8)), count: 1, pay: PayMode::PrePaid };
    let quote = portal.order(&Kind::Server, server.clone(), ahead, now)?;
    println!("eight months, paid ahead: {} of {} CNY\n", quote.payable(), quote.original());
    println!("{quote}");

    let three_by_the_day = PortalOrder { term: None, count: 3, pay: PayMode::PostPaid };
    let quote = portal.order(&Kind::Server, server, three_by_the_day, now)?;
    println!("three of them for a day, paid by the day: {} CNY", quote.payable());
    Ok(())
}
