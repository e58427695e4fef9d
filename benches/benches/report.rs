//! The month report of a million readings: 30 days of 33,334 servers of 1,000 owners, day by day.

use counterfoil::{
    error::Error,
    metering::{Kind, Spec, Usage},
    money::{CNY, Money},
    statement::{Month, MonthlyReport, ReportRow, ReportTerms},
    time::{BillingDay, Zone, parse_date},
    units::Name,
    wallet::Owner,
};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

const DAYS: usize = 30;
const SERVERS: usize = 33_334;
const OWNERS: usize = 1_000;

fn month_report(c: &mut Criterion) -> Result<(), Error> {
    let days = "2024-06".parse::<Month>()?.days(Zone::UTC)?;
    let terms = ReportTerms { days, currency: CNY, top: 10 };
    let spec = Spec::server("2", "4", "50", true)?;
    let windows: Vec<Usage> = BillingDay::days(parse_date("2024-06-01")?..=parse_date("2024-06-30")?, Zone::UTC)?
        .map(|day| Usage::timed(day.period(), &spec))
        .collect::<Result<_, _>>()?;
    let owners: Vec<Owner> = (0..OWNERS).map(|number| Owner::User(format!("owner-{number:04}"))).collect();
    let servers: Vec<(usize, Name)> = (0..SERVERS)
        .map(|number| Ok((number * OWNERS / SERVERS, format!("server-{number:05}").parse()?)))
        .collect::<Result<_, Error>>()?;
    // As a table would give them in another order: owner after owner is lost, so each row has to be looked up.
    let mixed: Vec<&(usize, Name)> = (0..SERVERS).filter_map(|number| servers.get(number * 7_919 % SERVERS)).collect();
    let grouped: Vec<&(usize, Name)> = servers.iter().collect();
    let (unit, price) = ("vm".parse()?, Money::parse("8.16", CNY)?);

    let run = |order: &[&(usize, Name)], with_usage: bool| {
        let mut report = MonthlyReport::new(terms);
        for usage in &windows {
            let window = usage.window();
            for (owner, resource) in order {
                let Some(owner) = owners.get(*owner) else { continue };
                report.read(black_box(&ReportRow {
                    owner,
                    unit: &unit,
                    kind: &Kind::Server,
                    resource,
                    window,
                    usage: with_usage.then_some(usage),
                    lifetime_micros: Some(window.micros()),
                    original: price,
                    payable: price,
                }))?;
            }
        }
        report.finish()
    };
    assert_eq!(run(&grouped, true)?.total.readings, u64::try_from(DAYS * SERVERS).unwrap_or_default());
    let mut group = c.benchmark_group("month report of 1 M readings");
    group.sample_size(10);
    group.bench_function("day by day, with the hours of parts", |b| b.iter(|| run(&grouped, true)));
    group.bench_function("day by day, amounts only", |b| b.iter(|| run(&grouped, false)));
    group.bench_function("in no order, with the hours of parts", |b| b.iter(|| run(&mixed, true)));
    group.finish();
    Ok(())
}

fn all(c: &mut Criterion) {
    if let Err(error) = month_report(c) {
        eprintln!("a bench could not run: {error}");
        std::process::exit(1);
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
