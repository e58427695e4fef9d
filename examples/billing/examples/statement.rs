//! A day's statement, its correction, and what settles both (R-S1, R-S2).
//!
//! Run: `cargo run -p billing --example statement`

use counterfoil::{
    error::Error,
    metering::{Kind, ReadingId},
    money::{CNY, Money},
    statement::{ChargedReading, GroupStatement, Stated, Statement, correct, daily, restate},
    time::{BillingDay, Zone, parse_date},
    wallet::Owner,
};

fn main() -> anyhow::Result<()> {
    let day = BillingDay::new(parse_date("2024-02-20")?, Zone::UTC)?;
    let first = daily(day, [server(day, "s-1", "2.06")?])?;
    let [statement] = &first[..] else { anyhow::bail!("one owner, one unit, one kind: one statement") };
    println!("{}: {:#}, {}", statement.id(), statement.payable(), statement.status());

    // The history of the day was corrected: the server ran for less, and another one ran too.
    let stated = [Stated { charged: server(day, "s-1", "2.06")?, sequence: 0 }];
    let lower = restate(day, &stated, [server(day, "s-1", "1.50")?])?.statements;
    let late = restate(day, &stated, [server(day, "s-1", "2.06")?, server(day, "s-2", "0.40")?])?.statements;
    let ([lower], [late]) = (&lower[..], &late[..]) else { anyhow::bail!("each is one correction") };

    println!("\nnobody paid yet, so both are one payment:");
    println!("{}", correct(&[of(statement), of(lower)])?);
    let paid = statement.clone().pay()?;
    println!("\nthe statement is paid, and stays as it is:");
    println!("{}", correct(&[of(&paid), of(lower)])?);
    println!("{}", correct(&[of(&paid), of(late)])?);
    Ok(())
}

fn of(statement: &Statement) -> GroupStatement {
    GroupStatement { statement: statement.clone(), paid_as: None }
}

fn server(day: BillingDay, resource: &str, payable: &str) -> Result<ChargedReading, Error> {
    Ok(ChargedReading {
        reading: ReadingId { resource: resource.parse()?, window: day.period() },
        owner: Owner::User("ada".into()),
        unit: "vm".parse()?,
        kind: Kind::Server,
        original: Money::parse(payable, CNY)?,
        payable: Money::parse(payable, CNY)?,
    })
}
