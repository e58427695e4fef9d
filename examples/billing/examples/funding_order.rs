//! A payment from sources of many kinds in a declared order, and the orders that have a name (R-W9, R-W10).
//!
//! Run: `cargo run -p billing --example funding_order`

use counterfoil::{
    money::{CNY, Money},
    time::Instant,
    wallet::{Charge, CostBasis, Coupons, Fund, FundKind, FundTerms, Funding, FundingOrder, Funds, Owner},
};

fn main() -> anyhow::Result<()> {
    let others = [
        fund(FundKind::CashCoupon, "K", "20.00", None)?,
        fund(FundKind::StoredCard, "A", "15.00", Some("2024-12-01T00:00:00Z"))?,
        fund(FundKind::StoredCard, "B", "10.00", Some("2024-06-01T00:00:00Z"))?,
        fund(FundKind::Credit, "L", "50.00", None)?,
    ];
    let funds = Funds::new(Money::parse("12.00", CNY)?, &[])?.with(&others)?;
    let now: Instant = "2024-01-15T00:00:00Z".parse()?;
    for amount in ["70.00", "120.00"] {
        let charge = Charge {
            application: "portal".into(),
            order: "o-1".into(),
            unit: "vm".into(),
            payer: Owner::User("ada".into()),
            amount: Money::parse(amount, CNY)?,
            coupons: Coupons::Automatic,
            funding: Funding::Order(FundingOrder::BSS_ON_DEMAND),
        };
        println!("{:<24} {:>8} {:>8} {:>8}", format!("{:#}", charge.amount), "pays", "before", "after");
        for leg in charge.deduct(&funds, now)?.legs() {
            // A debt is what is owed: it grows.
            let source = leg.source().to_string();
            println!("  {source:<22} {:>8} {:>8} {:>8}", leg.amount(), leg.before(), leg.after());
        }
    }
    println!("\norders with a name:");
    for (name, order) in FundingOrder::PRESETS {
        println!("  {name:<14} {order}");
    }
    let own: FundingOrder = "stored_card(free expiry id) > balance > overdraft(10.00 CNY) and debt".parse()?;
    println!("  one of our own {own}");
    Ok(())
}

fn fund(kind: FundKind, id: &str, balance: &str, expiration: Option<&str>) -> anyhow::Result<Fund> {
    Ok(Fund::new(FundTerms {
        kind,
        id: id.into(),
        owner: Owner::User("ada".into()),
        balance: Money::parse(balance, CNY)?,
        priority: None,
        effective: None,
        expiration: expiration.map(str::parse).transpose()?,
        created: "2024-01-01T00:00:00Z".parse()?,
        basis: CostBasis::Paid,
        units: vec![],
        order: None,
        most: None,
    })?)
}
