//! A payment from coupons and the balance, the next coupon to expire first (R-W6, R-W7).
//!
//! Run: `cargo run -p billing --example deduction`

use counterfoil::{
    money::{CNY, Money},
    wallet::{Category, Charge, Coupon, CouponStatus, CouponTerms, Coupons, Funding, Funds, Owner, Scope},
};

fn main() -> anyhow::Result<()> {
    let now = "2024-01-15T00:00:00Z".parse()?;
    let coupons = [coupon("A", "30.00", "2024-03-01T00:00:00Z")?, coupon("B", "20.00", "2024-02-01T00:00:00Z")?];
    let mut charge = Charge {
        application: "portal".into(),
        order: "2024-01-14/ada".into(),
        unit: "vm".into(),
        payer: Owner::User("ada".into()),
        amount: Money::parse("45.50", CNY)?,
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    let funds = Funds::new(Money::parse("16.00", CNY)?, &coupons)?;
    println!("the next to expire first: {}", charge.deduct(&funds, now)?);

    charge.coupons = Coupons::Named(vec!["A".into()]);
    println!("as named, and the rest:   {}", charge.deduct(&funds, now)?);

    charge.coupons = Coupons::Named(vec![]);
    match charge.deduct(&funds, now) {
        Err(error) => println!("without coupons:          {error}"),
        Ok(plan) => println!("without coupons:          {plan}"),
    }
    // A daily statement is paid even if the balance goes below zero.
    charge.funding = Funding::Overdraft { limit: None };
    println!("as a daily statement:     {}", charge.deduct(&funds, now)?);
    Ok(())
}

fn coupon(id: &str, balance: &str, expiration: &str) -> anyhow::Result<Coupon> {
    Ok(Coupon::new(CouponTerms {
        id: id.into(),
        face_value: Money::parse("100.00", CNY)?,
        balance: Money::parse(balance, CNY)?,
        status: CouponStatus::Available,
        effective: "2024-01-01T00:00:00Z".parse()?,
        expiration: expiration.parse()?,
        created: "2024-01-01T00:00:00Z".parse()?,
        owner: Some(Owner::User("ada".into())),
        unit: Some("vm".into()),
        scope: Scope::Unit,
        category: Category::Server,
    })?)
}
