//! The three modes of a reseller's product row, and who pays what in each (R-P6).
//!
//! `cargo run -p inquiries --example reseller_modes`

use counterfoil::{
    error::Language,
    exact::decimal,
    money::{Ratio, Rounding},
    pricing::discount::{ResellerMode, Sale},
};

fn main() -> anyhow::Result<()> {
    let list = || "64.08".parse();
    let protocol = Some(Ratio::parse("0.1")?);
    let rows = [
        // 折扣: a ratio, no price
        (ResellerMode::from_row("折扣".parse()?, Some(decimal::parse("0.9")?), None)?, None),
        // 底价: a price, no ratio
        (ResellerMode::from_row("底价".parse()?, None, Some(decimal::parse("50")?))?, Some("60".parse()?)),
        // 回佣: neither; the rate stands in the protocol
        (ResellerMode::from_row("回佣".parse()?, None, None)?, None),
    ];
    for (mode, sold_at) in rows {
        let sale = Sale { list: list()?, sold_at, commission_rate: protocol };
        let settled = mode.settle(&sale, Rounding::PORTAL)?;
        println!("{}", settled.derivation().text(Language::English));
        println!("{}", settled.derivation().text(Language::Chinese));
    }

    // A floor is a floor.
    let cheaper = Sale { list: list()?, sold_at: Some("49.99".parse()?), commission_rate: None };
    match ResellerMode::FloorPrice(decimal::parse("50")?).settle(&cheaper, Rounding::PORTAL) {
        Ok(settled) => println!("sold at {}", settled.customer_pays()),
        Err(error) => println!("{}: {error}", error.code()),
    }
    Ok(())
}
