//! What a security scan costs: `cargo run -p inquiries --example scan_inquiry`.

use anyhow::Result;
use counterfoil::{
    metering::{Kind, Spec},
    money::Ratio,
    pricing::inquiry::{PayMode, Portal, PortalOrder},
};

fn main() -> Result<()> {
    let prices = inquiries::price_list()?;
    let portal = Portal::new(&prices, Ratio::parse("0.66")?)?;
    let order = PortalOrder { term: None, count: 1, pay: PayMode::PostPaid }; // however it is paid: it is discounted
    let quote = portal.order(&Kind::Scan, Spec::scan(true, true), order, "2024-02-20T08:00:00Z".parse()?)?;
    println!("{quote}");
    Ok(())
}
