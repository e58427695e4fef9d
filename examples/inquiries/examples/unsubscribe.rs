//! What is refunded when an order is unsubscribed: after use, within five days, and before a renewal starts? R-P10.
//!
//! `cargo run -p inquiries --example unsubscribe`

use anyhow::Result;
use counterfoil::{
    exact::decimal,
    money::Rounding,
    pricing::change::{CountsBy, Fee, FeeTable, OrderTerm, Paid, RefundPolicy, Subscription},
    time::{Period, Zone},
};

fn main() -> Result<()> {
    let zone: Zone = "Asia/Shanghai".parse()?;
    let policy = RefundPolicy {
        by: CountsBy::Hours,
        fee: Fee::Table { table: FeeTable::bss_intl(), term: OrderTerm::Monthly },
        in_full_days: Some(5),
        rounding: Rounding::BSS,
    };
    // 120, of which 20 by vouchers, which do not count.
    let paid = Paid::new(decimal::parse("120")?)?.by_vouchers(decimal::parse("20")?)?;
    let january = Subscription::new(Period::parse("2024-01-01T10:30:00+08:00", "2024-02-01T23:59:59+08:00")?, zone);

    let refund = january.refund(paid, "2024-01-15T18:40:00+08:00".parse()?, &policy)?;
    anyhow::ensure!(refund.amount() == decimal::parse("44.61")?);
    println!("{}", refund.derivation());

    let early = january.refund(paid, "2024-01-06T10:30:00+08:00".parse()?, &policy)?;
    println!("{}", early.derivation());

    let february = Subscription::new(Period::parse("2024-02-02T00:00:00+08:00", "2024-03-01T23:59:59+08:00")?, zone)
        .purchased("2024-01-10T09:00:00+08:00".parse()?)?;
    let renewed = february.refund(paid, "2024-01-31T12:00:00+08:00".parse()?, &policy)?;
    println!("{}", renewed.derivation());
    Ok(())
}
