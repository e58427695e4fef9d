//! Columns that are no readings: a million rows grouped into statements, and a catalogue quoted for several terms.

use counterfoil::{
    error::Error,
    metering::{
        Kind, Part,
        bulk::{Ids, Numbers, QuantityColumn},
    },
    money::{CNY, Rounding, bulk::Amounts},
    pricing::{
        Terms,
        inquiry::{
            Term, TermMonths,
            bulk::{Counts, Inquirer, InquiryColumns, QuotedColumns, SpecColumns},
        },
    },
    statement::bulk::{ChargedColumns, DailySums, DailyTerms, LineLists, Placed, StatementColumns},
    time::{BillingDay, Zone, parse_date},
    units::Unit,
    wallet::Owner,
};
use counterfoil_benches::portal_card;
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

const ROWS: u32 = 1_000_000;
const OWNERS: u32 = 10_000;
const PRODUCTS: u32 = 1_000;

fn grouping(c: &mut Criterion) -> Result<(), Error> {
    let day = BillingDay::new(parse_date("2024-02-20")?, Zone::UTC)?;
    let owners: Vec<Owner> = (0..OWNERS).map(|number| Owner::User(format!("owner-{number:05}"))).collect();
    let (units, kinds) = (["vm".parse()?, "web".parse()?], [Kind::Server, Kind::Disk]);
    let column = |of: &dyn Fn(u32) -> u32| (0..ROWS).map(of).collect::<Vec<u32>>();
    // Mixed, so that each row has to find its group anew; and grouped, as a table by owner gives them.
    let mixed = column(&|row| row.wrapping_mul(7_919) % OWNERS);
    let grouped = column(&|row| row / (ROWS / OWNERS));
    let (unit, kind, resource) = (column(&|row| row / 3 % 2), column(&|row| row / 7 % 2), column(&|row| row));
    let amounts: Vec<i128> = (0..ROWS).map(|row| i128::from(row % 9_973)).collect();
    let terms =
        DailyTerms { days: vec![day], currency: CNY, scale: 2, resources: usize::try_from(ROWS).unwrap_or(usize::MAX) };
    let batch = |owner| ChargedColumns {
        owners: &owners,
        units: &units,
        kinds: &kinds,
        day: Ids::All(0),
        owner: Ids::Each(owner),
        unit: Ids::Each(&unit),
        kind: Ids::Each(&kind),
        resource: Some(&resource),
        windows: None,
        state: None,
        original: Amounts::Wide(&amounts),
        payable: Amounts::Wide(&amounts),
    };
    let (mut placed, mut statements, mut lines) =
        (Placed::default(), StatementColumns::default(), LineLists::default());
    let mut group = c.benchmark_group("1 M rows of 10,000 owners into statements");
    group.sample_size(10);
    for (name, owner) in [("mixed", &mixed), ("by owner", &grouped)] {
        let batch = batch(owner);
        group.bench_function(format!("{name}, sums"), |b| {
            b.iter(|| {
                let mut sums = DailySums::new(terms.clone())?;
                sums.add(black_box(&batch), &mut placed)?;
                sums.statements(&mut statements)?;
                Ok::<_, Error>(statements.group.len())
            });
        });
        group.bench_function(format!("{name}, sums and lists of lines"), |b| {
            b.iter(|| {
                let mut sums = DailySums::new(terms.clone())?;
                sums.add(black_box(&batch), &mut placed)?;
                sums.statements(&mut statements)?;
                lines.fill(&statements, &placed);
                Ok::<_, Error>(lines.rows.len())
            });
        });
    }
    group.finish();
    Ok(())
}

fn catalogue(c: &mut Criterion) -> Result<(), Error> {
    let now = "2024-02-20T08:00:00Z".parse()?;
    let tariff = portal_card()?.tariff(&Kind::Server, now)?;
    let terms = [Term::hours(1)?, Term::days(1)?, Term::months(1), Term::months(6), Term::years(1)?];
    let windows = terms.map(|term| term.period(now, TermMonths::Fixed30));
    let windows = windows.into_iter().collect::<Result<Vec<_>, _>>()?;
    let column = |of: &dyn Fn(i64) -> i64| (0..i64::from(PRODUCTS)).map(of).collect::<Vec<i64>>();
    let (cpu, ram) = (column(&|product| 1 + product % 64), column(&|product| 512 * (1 + product % 100)));
    let (disk, ip) = (column(&|product| 40 + product), column(&|product| product % 2));
    let of = |part, unit, values| QuantityColumn { part, unit, scale: 0, values, present: None };
    let specs = SpecColumns::new(
        cpu.len(),
        vec![
            of(Part::BASE, Unit::Count, Numbers::All(1)),
            of(Part::CPU, Unit::Core, Numbers::Each(&cpu)),
            of(Part::RAM, Unit::MiB, Numbers::Each(&ram)),
            of(Part::DISK, Unit::GiB, Numbers::Each(&disk)),
            of(Part::PUBLIC_IP, Unit::Count, Numbers::Each(&ip)),
        ],
    )?;
    let rows = PRODUCTS * 5;
    let (spec, window): (Vec<u32>, Vec<u32>) = (0..rows).map(|row| (row / 5, row % 5)).unzip();
    let columns = InquiryColumns {
        spec: Ids::Each(&spec),
        tariff: Ids::All(0),
        window: Ids::Each(&window),
        count: Counts::All(1),
    };
    let mut quoted = QuotedColumns::default();
    let mut group = c.benchmark_group("a catalogue of 1,000 products for 5 terms");
    for (name, rounding) in [("rounded once", Rounding::PORTAL), ("each line rounded", Rounding::RESELLER)] {
        let inquirer = Inquirer::new(vec![tariff.clone()], &windows, Terms::list(rounding))?;
        group.bench_function(name, |b| b.iter(|| inquirer.inquire(black_box(&specs), &columns, &mut quoted)));
    }
    group.finish();
    Ok(())
}

fn all(c: &mut Criterion) {
    for bench in [grouping, catalogue] {
        if let Err(error) = bench(c) {
            eprintln!("a bench could not run: {error}");
            std::process::exit(1);
        }
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
