//! The bar of the bulk path: metering and rating in columns, one core, beside the single call.

use counterfoil::{
    metering::{
        ChargeMode, History, Kind, Part, QuotaCharge, Span, Spec,
        bulk::{Lives, Numbers, OPEN, QuantityColumn, SpanColumns, Windows},
    },
    money::Rounding,
    pricing::bulk::{RatedColumns, Rater, RatingTerms, UsageDetail},
    units::Unit,
};
use counterfoil_benches::{
    columns::{Servers, rater},
    day,
    kernels::Fault,
    portal_card,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

/// As many as a portal has, and their columns do not fit in the caches near the core.
const ROWS: usize = 200_000;

fn bulk(c: &mut Criterion) -> Result<(), Fault> {
    let servers = Servers::new(ROWS)?;
    let (lives, tariffs) = servers.rows(0..ROWS)?;
    let (rater, mut rated) = (rater()?, RatedColumns::default());
    let mut group = c.benchmark_group("bulk");
    group.sample_size(30);
    group.throughput(Throughput::Elements(u64::try_from(ROWS)?));
    group.bench_function("meter and rate, one core", |b| {
        b.iter(|| rater.rate(black_box(&lives), tariffs, &mut rated));
    });
    let terms = RatingTerms { usage: UsageDetail::Parts, ..rater.terms() };
    let with_usage = Rater::new(rater.tariffs().to_vec(), terms)?;
    group.bench_function("meter and rate, with the usage of parts", |b| {
        b.iter(|| with_usage.rate(black_box(&lives), tariffs, &mut rated));
    });
    let by_line = RatingTerms { rounding: Rounding::RESELLER, ..rater.terms() };
    let by_line = Rater::new(rater.tariffs().to_vec(), by_line)?;
    group.bench_function("meter and rate, each line rounded", |b| {
        b.iter(|| by_line.rate(black_box(&lives), tariffs, &mut rated));
    });
    group.finish();
    Ok(())
}

/// Four spans each, as in `server-day, 3 changes`.
fn histories(c: &mut Criterion) -> Result<(), Fault> {
    const SPANS: usize = 4 * ROWS;
    let (day, hour) = (day()?, 3_600_000_000);
    let first = day.start().micros();
    let start: Vec<i64> = [first - hour, first + 3 * hour, first + 11 * hour, first + 18 * hour].repeat(ROWS);
    let end: Vec<i64> = [first + 3 * hour, first + 11 * hour, first + 18 * hour, OPEN].repeat(ROWS);
    let modes = [ChargeMode::PostPaid, ChargeMode::PostPaid, ChargeMode::PostPaid, ChargeMode::PrePaid];
    let mode: Vec<u8> = modes.map(ChargeMode::code).repeat(ROWS);
    let sizes = [[2, 4, 8, 8], [4, 8, 16, 16], [50, 100, 100, 100]].map(|sizes| sizes.repeat(ROWS));
    let [cpu, ram, disk] = &sizes;
    let column = |part, unit, values| QuantityColumn { part, unit, scale: 0, values, present: None };
    let quantities = vec![
        column(Part::BASE, Unit::Count, Numbers::All(1)),
        column(Part::CPU, Unit::Core, Numbers::Each(cpu)),
        column(Part::RAM, Unit::GiB, Numbers::Each(ram)),
        column(Part::DISK, Unit::GiB, Numbers::Each(disk)),
        column(Part::PUBLIC_IP, Unit::Count, Numbers::All(1)),
    ];
    let offsets: Vec<usize> = (0..=SPANS).step_by(4).collect();
    let spans = SpanColumns { start: &start, end: &end, mode: &mode, quantities };
    let lives = Lives::new(spans, Some(&offsets), Windows::One(day))?;
    let (rater, tariffs, mut rated) = (rater()?, vec![0; ROWS], RatedColumns::default());
    let mut group = c.benchmark_group("bulk");
    group.sample_size(20);
    group.throughput(Throughput::Elements(u64::try_from(ROWS)?));
    group.bench_function("meter and rate, 3 changes each", |b| {
        b.iter(|| rater.rate(black_box(&lives), &tariffs, &mut rated));
    });
    group.finish();
    Ok(())
}

/// What the same rows cost one by one, each with a history of its own.
fn one_by_one(c: &mut Criterion) -> Result<(), Fault> {
    let (day, card) = (day()?, portal_card()?);
    let tariff = card.tariff(&Kind::Server, day.start())?;
    let history = |cores: usize| {
        let spec = Spec::server(&cores.to_string(), "4", "50", true)?;
        Ok::<_, counterfoil::error::Error>(History::new([Span::post_paid(day.start(), None, spec)])?)
    };
    let histories = (1..=1_000).map(history).collect::<Result<Vec<_>, _>>()?;
    let mut group = c.benchmark_group("bulk");
    group.sample_size(20);
    group.throughput(Throughput::Elements(u64::try_from(histories.len())?));
    group.bench_function("the same by the single call", |b| {
        b.iter(|| {
            let mut sum = 0_i128;
            for history in black_box(&histories) {
                if let Some(usage) = history.usage_under(day, QuotaCharge::Free)? {
                    sum += tariff.rate(&usage, Rounding::PORTAL)?.payable().mantissa();
                }
            }
            Ok::<_, counterfoil::error::Error>(sum)
        });
    });
    group.finish();
    Ok(())
}

fn all(c: &mut Criterion) {
    for bench in [bulk, histories, one_by_one] {
        if let Err(error) = bench(c) {
            eprintln!("a bench could not run: {error}");
            std::process::exit(1);
        }
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
