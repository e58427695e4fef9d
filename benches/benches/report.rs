//! The month report of a million readings: 30 days of 33,334 servers of 1,000 owners, day by day.

use counterfoil::error::Error;
use counterfoil_benches::report::ReportDays;
use criterion::{Criterion, criterion_group, criterion_main};

const SERVERS: usize = 33_334;
const OWNERS: usize = 1_000;

fn month_report(c: &mut Criterion) -> Result<(), Error> {
    let (grouped, mixed) = (ReportDays::new(SERVERS, OWNERS)?, ReportDays::new(SERVERS, OWNERS)?.in_no_order());
    let all = grouped.rows();
    assert_eq!(grouped.report(all, true)?.total.readings, all);
    let mut group = c.benchmark_group("month report of 1 M readings");
    group.sample_size(10);
    group.bench_function("day by day, with the hours of parts", |b| b.iter(|| grouped.report(all, true)));
    group.bench_function("day by day, amounts only", |b| b.iter(|| grouped.report(all, false)));
    group.bench_function("in no order, with the hours of parts", |b| b.iter(|| mixed.report(all, true)));
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
