//! What expires soon, what is frozen, what is released; and who may start something (R-O4).
//!
//! Run: `cargo run -p billing --example expiry_list`

use counterfoil::{
    money::{CNY, Money},
    order::{Expiring, ExpiryDays, ExpiryPolicy, MayStart, StartGate},
    time::{Instant, Zone},
};

fn main() -> anyhow::Result<()> {
    let policy = ExpiryPolicy::new(ExpiryDays { warn_before: 30, freeze_after: 3, release_after: 15 })?;
    let now: Instant = "2025-05-20T00:00:00Z".parse()?;
    let mut things = Vec::new();
    for (id, expiry) in [
        ("vm-1", "2025-06-17T00:00:00Z"),
        ("vm-2", "2025-05-18T00:00:00Z"),
        ("vm-3", "2025-05-10T00:00:00Z"),
        ("vm-4", "2025-05-01T00:00:00Z"),
        ("vm-5", "2026-05-20T00:00:00Z"),
    ] {
        things.push(Expiring { id: id.into(), expiry: expiry.parse()? });
    }
    for row in policy.list(&things, now, Zone::UTC)? {
        let next = row.next.map_or_else(|| "nothing follows".to_owned(), |next| format!("changes at {next}"));
        println!("{}  {:<8}  {:>4} days left, {next}", row.id, row.state, row.days_left);
    }
    for balance in ["-10.00", "-10.01"] {
        let (balance, coupons) = (Money::parse(balance, CNY)?, Money::parse("10.00", CNY)?);
        match (StartGate::PostPaid { balance, coupons }).may_start(now)? {
            MayStart::InDebt { debt } => {
                println!("balance {balance}, coupons {coupons}: {debt} in debt, may not start")
            }
            _ => println!("balance {balance}, coupons {coupons}: may start"),
        }
    }
    Ok(())
}
