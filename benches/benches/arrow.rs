//! What record batches of Arrow cost beside the columns that they are read as: a million rows on one thread.
//!
//! The servers are those of `bulk/meter and rate, one core`, so a row here less a row there is what the adapter costs.

use arrow_array::{
    ArrayRef, Decimal128Array, DictionaryArray, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray, UInt8Array, UInt32Array,
};
use counterfoil::{
    metering::{Part, bulk::OPEN},
    money::CNY,
    statement::bulk::DailyTerms,
    time::{BillingDay, Zone, parse_date},
    units::Unit,
};
use counterfoil_arrow::{
    BatchError, BatchRater, BatchStatements, DaySource, LineColumns, ModeSource, MoneyType, QuantityField, Run,
    SpanLayout, StateSource, TariffSource, UsageColumns, UsageSchema, WindowSource, faults,
};
use counterfoil_benches::{
    columns::{Servers, rater},
    day,
    kernels::Fault,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::{hint::black_box, sync::Arc};

const ROWS: usize = 1_000_000;
const OWNERS: i32 = 10_000;

/// As what the quantities of usage come in.
#[derive(Clone, Copy)]
enum Quantities {
    Int64,
    Decimal128,
}

fn rating(c: &mut Criterion) -> Result<(), Fault> {
    let servers = Servers::new(ROWS)?;
    let (whole, decimal) = (usage(&servers, Quantities::Int64)?, usage(&servers, Quantities::Decimal128)?);
    let mut group = c.benchmark_group("arrow");
    group.sample_size(20);
    group.throughput(Throughput::Elements(u64::try_from(ROWS)?));
    for (name, batch, money) in [
        ("meter and rate, int64 money", &whole, MoneyType::Scaled),
        ("meter and rate, decimal128 money", &whole, MoneyType::Decimal),
        ("meter and rate, decimal128 quantities and money", &decimal, MoneyType::Decimal),
    ] {
        let rater = BatchRater::new(schema()?, rater()?, money)?;
        if faults(&rater.rate_batch(batch, Run::here())?, 0)?.num_rows() > 0 {
            return Err("a row has a fault".into());
        }
        group.bench_function(name, |b| b.iter(|| rater.rate_batch(black_box(batch), Run::here())));
    }
    group.finish();
    Ok(())
}

fn schema() -> Result<UsageSchema, Fault> {
    Ok(UsageSchema::new(UsageColumns {
        spans: SpanLayout::Flat,
        mode: ModeSource::Column,
        quantities: vec![
            QuantityField::all(Part::BASE, Unit::Count, 1),
            QuantityField::column("cpu", Part::CPU, Unit::Core),
            QuantityField::column("ram", Part::RAM, Unit::GiB),
            QuantityField::column("disk", Part::DISK, Unit::GiB),
            QuantityField::column("public_ip", Part::PUBLIC_IP, Unit::Count),
        ],
        window: WindowSource::All(day()?),
        tariff: TariffSource::All(0),
        passed: vec![],
    })?)
}

fn usage(servers: &Servers, quantities: Quantities) -> Result<RecordBatch, Fault> {
    let mut columns: Vec<(&str, ArrayRef)> = vec![("mode", Arc::new(UInt8Array::from(servers.modes().to_vec())))];
    for (name, numbers) in servers.numbers() {
        let column: ArrayRef = match (name, quantities) {
            ("start" | "end", _) => {
                let instants = numbers.iter().map(|instant| Some(*instant).filter(|instant| *instant != OPEN));
                Arc::new(instants.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
            }
            (_, Quantities::Int64) => Arc::new(Int64Array::from(numbers.to_vec())),
            (_, Quantities::Decimal128) => {
                let numbers = numbers.iter().copied().map(i128::from);
                Arc::new(Decimal128Array::from_iter_values(numbers).with_precision_and_scale(38, 0)?)
            }
        };
        columns.push((name, column));
    }
    Ok(RecordBatch::try_from_iter(columns)?)
}

fn statements(c: &mut Criterion) -> Result<(), Fault> {
    let terms = DailyTerms {
        days: vec![BillingDay::new(parse_date("2024-02-20")?, Zone::UTC)?],
        currency: CNY,
        scale: 2,
        resources: ROWS,
    };
    let rows = i32::try_from(ROWS)?;
    let words = |keys: &dyn Fn(i32) -> i32, words: Vec<String>| -> Result<ArrayRef, Fault> {
        let keys: Int32Array = (0..rows).map(keys).map(Some).collect();
        Ok(Arc::new(DictionaryArray::try_new(keys, Arc::new(StringArray::from(words)))?))
    };
    let amounts = || Arc::new((0..rows).map(|row| Some(i64::from(row % 9_973))).collect::<Int64Array>()) as ArrayRef;
    let owners = (0..OWNERS).map(|number| format!("user:owner-{number:05}")).collect();
    let batch = RecordBatch::try_from_iter([
        ("owner", words(&|row| (i64::from(row) * 7_919 % i64::from(OWNERS)) as i32, owners)?),
        ("unit", words(&|row| row / 3 % 2, ["vm", "web"].map(str::to_owned).to_vec())?),
        ("kind", words(&|row| row / 7 % 2, ["server", "disk"].map(str::to_owned).to_vec())?),
        ("resource", Arc::new(UInt32Array::from_iter_values((0_u32..).take(ROWS)))),
        ("original", amounts()),
        ("payable", amounts()),
    ])?;
    let columns = LineColumns { day: DaySource::All(0), state: StateSource::All };
    let mut statements = BatchStatements::new(columns, terms.clone())?;
    if faults(&statements.add(&batch)?, 0)?.num_rows() > 0 {
        return Err("a line has a fault".into());
    }
    let mut group = c.benchmark_group("arrow");
    group.sample_size(10);
    group.throughput(Throughput::Elements(u64::try_from(ROWS)?));
    group.bench_function("lines of 10,000 owners into statements", |b| {
        b.iter(|| {
            let mut statements = BatchStatements::new(columns, terms.clone())?;
            statements.add_batches::<BatchError>([Ok(black_box(&batch).clone())], |_| Ok(()), Run::here())?;
            statements.statements(MoneyType::Decimal)
        });
    });
    group.finish();
    Ok(())
}

fn all(c: &mut Criterion) {
    for bench in [rating, statements] {
        if let Err(error) = bench(c) {
            eprintln!("a bench could not run: {error}");
            std::process::exit(1);
        }
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
