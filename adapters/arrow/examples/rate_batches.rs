//! A day of a small cloud, region by region: histories in lists, kinds as a dictionary, two threads, and one row with
//! a fault that costs no other.
//!
//! `cargo run -p counterfoil-arrow --example rate_batches`

use anyhow::Context as _;
use arrow_array::{
    Array as _, ArrayRef, Decimal128Array, DictionaryArray, Int64Array, ListArray, RecordBatch, StringArray,
    StructArray, TimestampMicrosecondArray,
    cast::AsArray as _,
    types::{Decimal128Type, Int8Type, Int16Type, Int32Type},
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::Field;
use counterfoil::{
    metering::{Kind, Part, QuotaCharge},
    money::Rounding,
    pricing::{
        RateCard,
        bulk::{Rater, RatingTerms, UsageDetail},
    },
    time::Period,
    units::Unit,
};
use counterfoil_arrow::{
    BatchRater, ModeSource, MoneyType, Progress, QuantityField, Run, SpanLayout, TariffSource, UsageColumns,
    UsageSchema, WindowSource,
};
use std::{num::NonZeroUsize, ops::ControlFlow, sync::Arc};

const CARD: &str = r#"
    revision = "2024-02"
    currency = "CNY"
    rates = [
        { kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" },
        { kind = "server", part = "ram", price = "0.012", per = "GiB", every = "hour" },
        { kind = "disk", part = "size", price = "0.3", per = "GiB", every = "day" },
    ]
"#;

fn main() -> anyhow::Result<()> {
    let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?;
    let rater = rater(day)?;
    let regions = [region(day, &["i-1", "d-1", "i-2"])?, region(day, &["i-3", "d-2", "i-4"])?];

    let mut progress = |progress: Progress| {
        println!("{} rows are done", progress.rows);
        ControlFlow::Continue(())
    };
    let run = Run::on_threads(NonZeroUsize::MIN.saturating_add(1)).watched_by(&mut progress);
    let counts = rater.rate_batches(regions.iter().cloned().map(Ok), |rated| print(&rated), run)?;
    println!("{} rated, {} absent, {} faulty", counts.rated, counts.absent, counts.faulty);

    let [first, _] = &regions;
    if let Err(error) = rater.row(first, 2) {
        println!("i-2: {}: {error}", error.code());
    }
    let why = rater.explain(first, 0)?.context("it lived that day")?;
    println!("{why}");
    Ok(())
}

fn rater(day: Period) -> anyhow::Result<BatchRater> {
    let card = RateCard::from_toml(CARD)?;
    let tariffs = vec![card.tariff(&Kind::Server, day.start())?, card.tariff(&Kind::Disk, day.start())?];
    let terms = RatingTerms { rounding: Rounding::PORTAL, quota: QuotaCharge::Free, usage: UsageDetail::None };
    let schema = UsageSchema::new(UsageColumns {
        spans: SpanLayout::Lists,
        mode: ModeSource::Column,
        quantities: vec![
            QuantityField::column("cpu", Part::CPU, Unit::Core),
            QuantityField::scaled("ram", Part::RAM, Unit::GiB, 2),
            QuantityField::column("size", Part::SIZE, Unit::GiB),
        ],
        window: WindowSource::All(day),
        tariff: TariffSource::ByKind([("server".to_owned(), 0), ("disk".to_owned(), 1)].into()),
        passed: vec!["resource".to_owned()],
    })?;
    Ok(BatchRater::new(schema, Rater::new(tariffs, terms)?, MoneyType::Decimal)?)
}

/// A server that grew at noon, a disk, and a server that nobody gave a history.
fn region(day: Period, names: &[&str]) -> anyhow::Result<RecordBatch> {
    let noon = day.start().micros() + day.micros() / 2;
    let modes = DictionaryArray::<Int8Type>::from_iter(["post_paid", "post_paid", "post_paid"]);
    let spans: Vec<(&str, ArrayRef)> = vec![
        ("start", Arc::new(TimestampMicrosecondArray::from(vec![0, noon, 0]).with_timezone("UTC"))),
        ("end", Arc::new(TimestampMicrosecondArray::from(vec![Some(noon), None, None]).with_timezone("UTC"))),
        ("mode", Arc::new(modes)),
        ("cpu", Arc::new(Int64Array::from(vec![Some(2), Some(4), None]))),
        ("ram", Arc::new(Int64Array::from(vec![Some(4_00), Some(7_50), None]))),
        ("size", Arc::new(Decimal128Array::from(vec![None, None, Some(100)]).with_precision_and_scale(9, 0)?)),
    ];
    let fields = spans.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), true)).collect();
    let spans = StructArray::try_new(fields, spans.into_iter().map(|(_, column)| column).collect(), None)?;
    let item = Arc::new(Field::new("item", spans.data_type().clone(), false));
    let history = ListArray::try_new(item, OffsetBuffer::from_lengths([2, 1, 0]), Arc::new(spans), None)?;
    Ok(RecordBatch::try_from_iter([
        ("resource", Arc::new(StringArray::from(names.to_vec())) as ArrayRef),
        ("kind", Arc::new(DictionaryArray::<Int32Type>::from_iter(["server", "disk", "server"]))),
        ("history", Arc::new(history)),
    ])?)
}

fn print(rated: &RecordBatch) -> anyhow::Result<()> {
    let column = |name: &str| rated.column_by_name(name).with_context(|| format!("there is no `{name}`"));
    let resources = column("resource")?.as_string::<i32>();
    let payable = column("payable")?.as_primitive::<Decimal128Type>();
    let codes = column("code")?.as_dictionary::<Int16Type>();
    let codes = codes.downcast_dict::<StringArray>().context("codes are text")?;
    for ((resource, amount), code) in resources.iter().flatten().zip(payable.iter()).zip(codes) {
        match (amount, code) {
            (Some(cents), _) => println!("{resource} pays {}.{:02}", cents / 100, cents % 100),
            (None, Some(code)) => println!("{resource} has a fault: {code}"),
            (None, None) => println!("{resource} was not there"),
        }
    }
    Ok(())
}
