//! A day of many owners in the store, from readings to payments: what each step takes, and how large it gets.
//!
//! `cargo run --release -p counterfoil-benches --example settling -- --statements 100000 store.sqlite`

use clap::Parser;
use counterfoil::{
    metering::{History, Kind, Part, Reading, Span, Spec},
    money::{CNY, Money, Rounding},
    pricing::RateCard,
    time::{BillingDay, Instant as Moment, Zone, parse_date},
    units::{Quantity, Unit},
    wallet::Owner,
};
use counterfoil_store::{
    Account, ChargeTerms, DayReading, DayRecord, Days, RateCards, Reports, SqlStore, StatementFilter, Statements,
    Wallets,
};
use std::{error::Error, ops::ControlFlow, time::Instant};

/// How many owners one batch of readings has.
const OWNERS: usize = 1000;

const CARD: &str = r#"
revision = "2024-02"
currency = "CNY"
rates = [
    { kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" },
    { kind = "server", part = "ram", price = "0.012", per = "GiB", every = "hour" },
    { kind = "server", part = "disk", price = "0.122", per = "GiB", every = "day" },
]
"#;

/// Record a day of so many owners with a server each, and settle it
#[derive(Parser)]
struct Arguments {
    /// The store, which must be empty: a file, `postgres://…`, `mysql://…`
    store: String,
    /// How many owners, and statements
    #[arg(long, default_value_t = 100_000)]
    statements: usize,
    /// How many are settled one by one before the rest is settled together
    #[arg(long, default_value_t = 500)]
    singly: usize,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let store = SqlStore::open(&arguments.store).await?;
    let owner = |number: usize| Owner::User(format!("user-{number:07}"));
    let told = |what: &str, count: usize, began: Instant| {
        let took = began.elapsed();
        let each = took.as_micros() / u128::try_from(count.max(1)).unwrap_or(1);
        println!("{what:<28} {count:>9}  {:>8.2} s  {each:>6} µs each", took.as_secs_f64());
    };

    store.put_rate_card(CARD).await?;
    store.put_unit("vm", "portal").await?;
    let began = Instant::now();
    let accounts: Vec<Account> = (0..arguments.statements)
        .map(|number| Ok(Account::new(owner(number), Money::parse("100.00", CNY)?)))
        .collect::<Result<_, Box<dyn Error>>>()?;
    for accounts in accounts.chunks(OWNERS) {
        store.put_accounts(accounts).await?;
    }
    told("accounts opened", arguments.statements, began);

    let day = BillingDay::new(parse_date("2024-02-20")?, Zone::UTC)?;
    let card = RateCard::from_toml(CARD)?;
    let tariff = card.tariff(&Kind::Server, day.period().start())?;
    let reading = |number: usize| -> Result<DayReading, Box<dyn Error>> {
        let cores = Quantity::parse(&(number % 16 + 1).to_string(), Unit::Core)?;
        let memory = Quantity::parse(&(number % 64 + 1).to_string(), Unit::GiB)?;
        let disk = Quantity::parse("50", Unit::GiB)?;
        let spec = Spec::new([(Part::CPU, cores), (Part::RAM, memory), ("disk".parse()?, disk)])?;
        let usage = History::new([Span::post_paid(Moment::MIN, None, spec)])?.usage(day.period())?.ok_or("it lived")?;
        let rated = tariff.rate(&usage, Rounding::PORTAL)?;
        Ok(DayReading {
            original: Money::new(rated.original(), CNY),
            payable: rated.payable_money(),
            reading: Reading::new(format!("server-{number}").parse()?, Kind::Server, usage),
            owner: owner(number),
            unit: "vm".parse()?,
            revision: card.revision().clone(),
        })
    };
    let numbers: Vec<usize> = (0..arguments.statements).collect();
    let began = Instant::now();
    for numbers in numbers.chunks(OWNERS) {
        let readings = numbers.iter().map(|number| reading(*number)).collect::<Result<Vec<_>, _>>()?;
        let owners = readings.iter().map(|reading| reading.owner.clone()).collect();
        store.record_day(&DayRecord { day, owners, readings }).await?;
    }
    told("readings recorded", arguments.statements, began);

    let terms = ChargeTerms::daily("portal", "2024-02-21T03:00:00Z".parse()?);
    let filter = StatementFilter::dated(parse_date("2024-02-20")?..=parse_date("2024-02-20")?);
    let began = Instant::now();
    for number in 0..arguments.singly {
        store.settle_statement(&format!("2024-02-20/UTC/user/user-{number:07}/vm/server/0"), &terms).await?;
    }
    told("settled one by one", arguments.singly, began);
    let began = Instant::now();
    let mut watch = |_| ControlFlow::Continue(());
    let batch = store.settle_statements(&filter, &terms, &mut watch).await?;
    told("settled together", batch.paid, began);
    let began = Instant::now();
    let audit = store.verify().await?;
    told("verified", arguments.statements, began);
    if !audit.is_sound() || batch.paid + arguments.singly != arguments.statements {
        return Err(format!("{batch:?} {:?}", audit.findings.first()).into());
    }
    store.close().await;
    if let Ok(file) = std::fs::metadata(&arguments.store) {
        println!("{:<28} {:>9} bytes a statement", "the file", file.len() / u64::try_from(arguments.statements)?);
    }
    Ok(())
}
