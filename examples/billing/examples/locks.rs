//! Money that an unpaid order sets aside: authorised, captured in part, voided, expired (R-W12).
//!
//! Run: `cargo run -p billing --example locks`

use anyhow::bail;
use counterfoil::{
    money::{CNY, Money},
    time::Instant,
    wallet::{Authorisation, Books, Charge, Coupons, Funding, Funds, Owner},
};

fn main() -> anyhow::Result<()> {
    let (now, expires): (Instant, Instant) = ("2024-01-15T00:00:00Z".parse()?, "2024-01-15T00:30:00Z".parse()?);
    let late = "2024-01-15T00:30:00.000001Z".parse()?;
    let balance = Money::parse("100.00", CNY)?;
    let charge = Charge {
        application: "portal".into(),
        order: "o-1".into(),
        unit: "vm".into(),
        payer: Owner::User("ada".into()),
        amount: Money::parse("20.00", CNY)?,
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    let fresh = Funds::new(balance, &[])?;
    let books = Books { unit_application: Some("portal"), earlier: None, funds: &fresh };
    let Authorisation::New(lock) = charge.authorise(&books, expires, now)? else { bail!("nothing is locked yet") };
    println!("locked until {}: {}", lock.expires(), lock.terms().plan);

    let locks = [lock];
    let funds = Funds::new(balance, &[])?.with_locks(&locks)?;
    let other = Charge { order: "o-2".into(), ..charge.clone() };
    for instant in [now, expires, late] {
        println!("usable for another order at {instant}: {}", funds.usable(&other.purpose(), instant)?);
    }
    let [lock] = &locks;
    let capture = lock.capture(Money::parse("15.00", CNY)?, &funds, now)?;
    println!("captured: {}", capture.payment.plan());
    let refusals = [
        capture.lock.capture(Money::parse("5.00", CNY)?, &funds, now).map(drop),
        lock.void(now)?.capture(charge.amount, &funds, now).map(drop),
        lock.capture(charge.amount, &funds, late).map(drop),
        lock.capture(Money::parse("20.01", CNY)?, &funds, now).map(drop),
        charge.plan(&Books { funds: &funds, ..books }, now).map(drop),
    ];
    for refusal in refusals {
        match refusal {
            Err(error) => println!("refused: {error}"),
            Ok(()) => bail!("each of these is to be refused"),
        }
    }
    Ok(())
}
