//! Rating in columns is rating row by row: bit for bit, faults included, whatever stands beside a row.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use counterfoil::{
    error::{Error, RowFault},
    exact::decimal,
    metering::{
        ChargeMode, History, Kind, Part, QuotaCharge, Span, Spec,
        bulk::{Lives, Numbers, OPEN, QuantityColumn, SpanColumns, Windows},
    },
    money::{RoundAt, Rounding},
    pricing::{
        RateCard, Tariff,
        bulk::{RatedColumns, Rater, RatingTerms, RowState, UsageDetail},
    },
    time::{Instant, Period},
    units::{Quantity, Unit},
};
use proptest::prelude::*;
use rust_decimal::Decimal;

const DAY: i64 = 86_400_000_000;
/// 2024-02-20T00:00:00Z.
const START: i64 = 1_708_387_200_000_000;

/// Plain prices; tiers, limits and free units; a price by the month; units that need converting.
const CARD: &str = r#"
    revision = "test"
    currency = "CNY"
    rates = [
        { kind = "server", part = "base", price = "0.07", per = "count", every = "hour" },
        { kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" },
        { kind = "server", part = "ram", price = "0", per = "GiB", every = "hour" },
        { kind = "server", part = "size", price = "0.000003", per = "GiB", every = "minute" },
        { kind = "disk", part = "cpu", price = "123456789.123456", per = "core", every = "second" },
        { kind = "disk", part = "size", price = "1.234567", per = "TiB", every = "day" },
        { kind = "bucket", part = "base", price = "0.5", per = "count", every = "day", zero_usage = "charged", minimum = "0.25" },
        { kind = "bucket", part = "size", per = "GiB", every = "hour", free = "10", shape = "graduated", tiers = [
            { up_to = "100", price = "0.01" }, { up_to = "1000", price = "0.005", flat = "0.1" }, { price = "0.001" },
        ] },
        { kind = "site", part = "base", price = "31.5", per = "count", every = "month", month = "to_month_end" },
        { kind = "site", part = "cpu", price = "0.1", per = "GiB", every = "hour" },
        { kind = "scan", part = "base", price = "3", per = "count", every = "once" },
        { kind = "snapshot", part = "base", price = "0.3", per = "count", every = "hour" },
        { kind = "snapshot", part = "cpu", price = "0.4", per = "core", every = "hour" },
        { kind = "snapshot", part = "ram", price = "0.5", per = "GiB", every = "hour" },
        { kind = "snapshot", part = "size", price = "0.6", per = "byte", every = "hour" },
    ]
    [limits.snapshot]
    minimum = "1.00"
    maximum = "99.99"
"#;
const KINDS: [Kind; 6] = [Kind::Server, Kind::Disk, Kind::Bucket, Kind::Site, Kind::Scan, Kind::Snapshot];

/// The parts, their units and the scales of their columns: as the rates have them, so that figures stay in 64 bits, or
/// others.
fn parts(as_priced: bool) -> [(Part, Unit, u32); 4] {
    let (size, size_scale, ram_scale) = if as_priced { (Unit::GiB, 0, 0) } else { (Unit::MiB, 3, 2) };
    [
        (Part::SIZE, size, size_scale),
        (Part::CPU, Unit::Core, 0),
        (Part::BASE, Unit::Count, 0),
        (Part::RAM, Unit::GiB, ram_scale),
    ]
}

/// One span as a table has it, good or bad.
#[derive(Debug, Clone)]
struct Cell {
    start: i64,
    end: i64,
    mode: u8,
    quantities: [Option<i128>; 4],
}

#[derive(Debug, Clone)]
struct Model {
    rows: Vec<Vec<Cell>>,
    tariffs: Vec<u32>,
    windows: Option<Vec<(i64, i64)>>,
    terms: RatingTerms,
    as_priced: bool,
    /// Whether all rows have the first tariff, and there is no other.
    one_tariff: bool,
}

fn quantity() -> impl Strategy<Value = Option<i128>> {
    prop_oneof![
        12 => (0_i128..2_000).prop_map(Some),
        12 => (0_i128..16).prop_map(Some),
        // Around what fits in 64 bits once it is multiplied by a weight and by a day.
        2 => (0_u32..63, 0_i128..4).prop_map(|(bits, more)| Some((1 << bits) + more)),
        4 => Just(Some(0)),
        3 => Just(None),
        1 => (i128::from(i64::MAX) - 3..=i128::from(i64::MAX) + 3).prop_map(Some),
        1 => (0_i128..1 << 95).prop_map(Some),
        1 => prop_oneof![Just(-1_i128), Just(i128::MAX), Just(i128::MIN)].prop_map(Some),
    ]
}

/// Spans of one row: mostly in order, around the day, sometimes with a fault.
fn cells(longest: usize) -> impl Strategy<Value = Vec<Cell>> {
    let cell = (0..DAY, 0..DAY, prop_oneof![20 => 0_u8..3, 1 => 3_u8..=255], prop::array::uniform4(quantity()));
    let fault = prop_oneof![
        14 => Just(0_u8), // none
        1 => 1_u8..8,
    ];
    (prop::collection::vec(cell, 0..=longest), -2 * DAY..DAY, any::<bool>(), fault).prop_map(
        |(cells, first, open, fault)| {
            let mut at = START + first;
            let mut spans: Vec<Cell> = cells
                .into_iter()
                .map(|(gap, length, mode, quantities)| {
                    let start = at + gap / 4;
                    at = start + length;
                    Cell { start, end: at, mode, quantities }
                })
                .collect();
            let count = spans.len();
            if let Some(last) = spans.last_mut() {
                if open {
                    last.end = OPEN;
                }
                match fault {
                    1 => last.end = last.start - 1,
                    2 => last.start = i64::MAX - 5,
                    3 => last.end = i64::MAX - 1,
                    4 => last.start = i64::MIN,
                    5 => last.end = last.start,
                    _ => {}
                }
            }
            if count > 1 {
                match fault {
                    6 => spans[0].end = OPEN,
                    7 => spans[1].start = spans[0].start - 1,
                    _ => {}
                }
            }
            spans
        },
    )
}

fn terms() -> impl Strategy<Value = RatingTerms> {
    let at = prop_oneof![Just(RoundAt::Total), Just(RoundAt::Line), Just(RoundAt::LineCarry), Just(RoundAt::Segment)];
    let preset = prop_oneof![Just(Rounding::PORTAL), Just(Rounding::USAGE), Just(Rounding::RESELLER)];
    let quota = prop_oneof![Just(QuotaCharge::Free), Just(QuotaCharge::LikePostPaid)];
    let usage = prop_oneof![Just(UsageDetail::None), Just(UsageDetail::Parts)];
    (at, preset, quota, usage).prop_map(|(at, preset, quota, usage)| RatingTerms {
        rounding: preset.rounding_at(at),
        quota,
        usage,
    })
}

fn model() -> impl Strategy<Value = Model> {
    let lists = any::<bool>();
    (1_usize..12, lists).prop_flat_map(|(rows, lists)| {
        let cells = if lists { cells(4).boxed() } else { cells(1).prop_filter("one span", |c| c.len() == 1).boxed() };
        let window = prop_oneof![
            8 => Just((START, START + DAY)),
            4 => (0..DAY, 0..DAY).prop_map(|(from, length)| (START + from, START + from + length)),
            1 => Just((START, START - 1)),
            1 => Just((i64::MIN, START)),
            1 => Just((START, START + 40 * DAY)),
        ];
        (
            prop::collection::vec(cells, rows),
            prop::collection::vec(prop_oneof![12 => 0_u32..6, 1 => 6_u32..9], rows),
            prop::option::of(prop::collection::vec(window, rows)),
            terms(),
            any::<[bool; 2]>(),
        )
            .prop_map(|(rows, tariffs, windows, terms, [as_priced, one_tariff])| Model {
                tariffs: if one_tariff { tariffs.into_iter().map(|tariff| tariff / 8).collect() } else { tariffs },
                rows,
                windows,
                terms,
                as_priced,
                one_tariff,
            })
    })
}

fn tariffs() -> Vec<Tariff> {
    let card = RateCard::from_toml(CARD).unwrap();
    KINDS.iter().map(|kind| card.tariff(kind, Instant::from_micros(START).unwrap()).unwrap()).collect()
}

/// Original, payable, and what of each part was used and is payable, if that was asked for.
type Rated = (Decimal, Decimal, Vec<[i128; 2]>);

/// A row by the typed interface alone.
fn alone(model: &Model, row: usize, tariffs: &[Tariff]) -> Result<Option<Rated>, Error> {
    let Some(tariff) = tariffs.get(model.tariffs[row] as usize) else {
        return Err(counterfoil::error::BulkError::UnknownId {
            column: "tariff",
            id: model.tariffs[row],
            known: tariffs.len(),
        }
        .into());
    };
    let mut spans = Vec::new();
    for cell in &model.rows[row] {
        let start = Instant::from_micros(cell.start)?;
        let end = if cell.end == OPEN { None } else { Some(Instant::from_micros(cell.end)?) };
        let mode = ChargeMode::from_code(cell.mode)?;
        let mut spec = Vec::new();
        let mut of_parts: Vec<_> = parts(model.as_priced).into_iter().zip(cell.quantities).collect();
        of_parts.sort_by(|a, b| a.0.0.cmp(&b.0.0));
        for ((part, unit, scale), value) in of_parts {
            if let Some(value) = value {
                let amount = Decimal::try_from_i128_with_scale(value, scale);
                let amount = amount.map_err(|_| too_many())?;
                spec.push((part, Quantity::new(amount, unit)?));
            }
        }
        spans.push(Span::new(start, end, Spec::new(spec)?, mode));
    }
    let history = History::new(spans)?;
    let (from, to) = model.windows.as_ref().map_or((START, START + DAY), |windows| windows[row]);
    let window = Period::new(Instant::from_micros(from)?, Instant::from_micros(to)?)?;
    let Some(usage) = history.usage_under(window, model.terms.quota)? else { return Ok(None) };
    let (original, payable) = if model.terms.rounding.at() == RoundAt::Segment {
        let segments = history.segments(window, model.terms.quota)?;
        let rated = tariff.rate_segments(&segments, model.terms.rounding)?;
        (rated.original(), rated.payable())
    } else {
        let rated = tariff.rate(&usage, model.terms.rounding)?;
        // The derivation goes line by line, which no short cut of plain prices may differ from.
        let explained = rated.explain().unwrap();
        assert_eq!((explained.original(), explained.payable()), (rated.original_rounded(), rated.payable_rounded()));
        (rated.original(), rated.payable())
    };
    let mut sums = Vec::new();
    if model.terms.usage == UsageDetail::Parts {
        for (part, _, scale) in parts(model.as_priced) {
            let mut both = [0; 2];
            for (sum, of) in both.iter_mut().zip([usage.used(&part), usage.payable(&part)]) {
                let Some(of) = of else { continue };
                let scaled = of.value().times(&format!("1{}", "0".repeat(scale as usize)).parse().unwrap())?;
                *sum = scaled.to_string().parse().map_err(|_| overflow())?;
            }
            sums.push(both);
        }
    }
    Ok(Some((original, payable, sums)))
}

fn too_many() -> Error {
    decimal::parse("123456789012345678901234567890").unwrap_err().into()
}

fn overflow() -> Error {
    counterfoil::error::MoneyError::Overflow { operation: "a usage" }.into()
}

/// An amount as a number of its column; it may have shed zeros to be a decimal.
fn number(amount: Decimal, scale: u32) -> i128 {
    amount.mantissa() * 10_i128.pow(scale - amount.scale())
}

#[test]
fn a_part_that_one_segment_lacks_is_one_that_it_used_nothing_of() {
    let card = RateCard::from_toml(
        r#"
        revision = "test"
        currency = "CNY"
        rates = [
            { kind = "bucket", part = "base", price = "1", per = "count", every = "day", zero_usage = "charged", minimum = "0.25" },
        ]
        "#,
    )
    .unwrap();
    let day = Period::new(Instant::from_micros(START).unwrap(), Instant::from_micros(START + DAY).unwrap()).unwrap();
    let noon = START + DAY / 2;
    let base = QuantityColumn {
        part: Part::BASE,
        unit: Unit::Count,
        scale: 0,
        values: Numbers::Each(&[0, 7, 7, 7]),
        present: Some(&[true, false, false, false]),
    };
    let spans = SpanColumns {
        start: &[START, noon, START, noon],
        end: &[noon, OPEN, noon, OPEN],
        mode: &[0; 4],
        quantities: vec![base],
    };
    let lives = Lives::new(spans, Some(&[0, 2, 4]), Windows::One(day)).unwrap();
    let rounding: Rounding = "half_even 0.01 segment".parse().unwrap();
    let terms = RatingTerms { rounding, quota: QuotaCharge::Free, usage: UsageDetail::None };
    let tariff = card.tariff(&Kind::Bucket, day.start()).unwrap();
    let (rater, mut rated) = (Rater::new(vec![tariff], terms).unwrap(), RatedColumns::default());
    rater.rate(&lives, &[0, 0], &mut rated).unwrap();
    let single = |row| number(rater.row(&lives, &[0, 0], row).unwrap().unwrap().1, 2);
    // Its second half lacks what its first half has; the other row never has it.
    assert_eq!((rated.payable[0], rated.payable[1]), (50, 0));
    assert_eq!((single(0), single(1)), (50, 0));
}

#[test]
fn a_sum_of_lines_that_sheds_zeros_is_still_at_the_scale_of_its_column() {
    let card = RateCard::from_toml(
        r#"
        revision = "test"
        currency = "CNY"
        rates = [
            { kind = "server", part = "cpu", price = "1", per = "core", every = "hour" },
            { kind = "server", part = "ram", price = "1", per = "GiB", every = "hour" },
            { kind = "disk", part = "cpu", per = "core", every = "hour", shape = "volume", tiers = [{ price = "1" }] },
            { kind = "disk", part = "ram", price = "1", per = "GiB", every = "hour" },
        ]
        "#,
    )
    .unwrap();
    let (start, rows) = (Instant::from_micros(START).unwrap(), [5 * 10_i128.pow(26); 2]);
    let tariffs = [Kind::Server, Kind::Disk].map(|kind| card.tariff(&kind, start).unwrap()).to_vec();
    let column = |part, unit| QuantityColumn { part, unit, scale: 0, values: Numbers::Wide(&rows), present: None };
    let quantities = vec![column(Part::CPU, Unit::Core), column(Part::RAM, Unit::GiB)];
    let spans = SpanColumns { start: &[START; 2], end: &[OPEN; 2], mode: &[0; 2], quantities };
    let hour = Period::new(start, Instant::from_micros(START + DAY / 24).unwrap()).unwrap();
    let lives = Lives::new(spans, None, Windows::One(hour)).unwrap();
    // Each line is a decimal with two digits after the point; their sum is one with no more than one.
    let terms = RatingTerms { rounding: Rounding::RESELLER, quota: QuotaCharge::Free, usage: UsageDetail::None };
    let (rater, mut rated) = (Rater::new(tariffs, terms).unwrap(), RatedColumns::default());
    rater.rate(&lives, &[0, 1], &mut rated).unwrap();
    for row in 0..2 {
        let (original, _) = rater.row(&lives, &[0, 1], row).unwrap().unwrap();
        assert_eq!(original.scale(), 1, "row {row}");
        assert_eq!((rated.scale, rated.original[row]), (2, number(original, 2)), "row {row}");
    }
    assert_eq!(rated.payable, [10_i128.pow(29); 2]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    /// DESIGN, promise 6: one kernel serves the single call and the columnar call.
    #[test]
    fn columns_and_single_calls_agree(model in model()) {
        let mut tariffs = tariffs();
        tariffs.truncate(if model.one_tariff { 1 } else { tariffs.len() });
        let rater = Rater::new(tariffs.clone(), model.terms).unwrap();
        let flat: Vec<&Cell> = model.rows.iter().flatten().collect();
        let mut offsets = vec![0];
        for row in &model.rows {
            offsets.push(offsets.last().unwrap() + row.len());
        }
        let (start, end, mode): (Vec<i64>, Vec<i64>, Vec<u8>) = (
            flat.iter().map(|cell| cell.start).collect(),
            flat.iter().map(|cell| cell.end).collect(),
            flat.iter().map(|cell| cell.mode).collect(),
        );
        let wide: Vec<Vec<i128>> =
            (0..4).map(|part| flat.iter().map(|cell| cell.quantities[part].unwrap_or(77)).collect()).collect();
        let narrow: Vec<Option<Vec<i64>>> =
            wide.iter().map(|wide| wide.iter().map(|value| i64::try_from(*value).ok()).collect()).collect();
        let present: Vec<Vec<bool>> =
            (0..4).map(|part| flat.iter().map(|cell| cell.quantities[part].is_some()).collect()).collect();
        let quantities = parts(model.as_priced).into_iter().enumerate().map(|(at, (part, unit, scale))| {
            let values = narrow[at].as_deref().map_or(Numbers::Wide(&wide[at]), Numbers::Each);
            let present = present[at].contains(&false).then_some(&present[at][..]);
            QuantityColumn { part, unit, scale, values, present }
        });
        let one_each = model.rows.iter().all(|row| row.len() == 1);
        let (from, to): (Vec<i64>, Vec<i64>) = model.windows.clone().unwrap_or_default().into_iter().unzip();
        let day = Period::new(Instant::from_micros(START).unwrap(), Instant::from_micros(START + DAY).unwrap()).unwrap();
        let windows = if model.windows.is_some() { Windows::Each { start: &from, end: &to } } else { Windows::One(day) };
        let spans = SpanColumns { start: &start, end: &end, mode: &mode, quantities: quantities.collect() };
        let lives = Lives::new(spans, (!one_each).then_some(&offsets[..]), windows).unwrap();

        let mut rated = RatedColumns::default();
        rater.rate(&lives, &model.tariffs, &mut rated).unwrap();
        prop_assert_eq!(rated.scale, model.terms.rounding.step().scale());
        let mut faults = Vec::new();
        for row in 0..model.rows.len() {
            let single = alone(&model, row, &tariffs);
            let expected = match &single {
                Ok(Some((original, payable, _))) => {
                    (RowState::Rated, number(*original, rated.scale), number(*payable, rated.scale))
                }
                Ok(None) => (RowState::Absent, 0, 0),
                Err(error) => {
                    faults.push(RowFault { row, code: error.code() });
                    (RowState::Faulty, 0, 0)
                }
            };
            prop_assert_eq!((rated.state[row], rated.original[row], rated.payable[row]), expected, "row {}", row);
            if let Ok(Some((_, _, sums))) = &single {
                for (column, [used, payable]) in rated.usage.iter().zip(sums) {
                    prop_assert_eq!((column.used[row], column.payable[row]), (*used, *payable));
                }
            }
            if rated.state[row] != RowState::Rated {
                prop_assert_eq!((rated.micros[row], rated.payable_micros[row]), (0, 0));
            }
            let told = rater.row(&lives, &model.tariffs, row);
            if model.terms.usage == UsageDetail::None {
                let told = told.map_err(|error| error.code());
                let single = single.map(|of| of.map(|(original, payable, _)| (original, payable)));
                prop_assert_eq!(told, single.map_err(|error| error.code()));
            }
        }
        prop_assert_eq!(&rated.faults, &faults);

        // What a buffer held before changes nothing, nor do the neighbours of a row.
        let before = rated.clone();
        rater.rate(&lives, &model.tariffs, &mut rated).unwrap();
        prop_assert_eq!(before, rated);
    }
}
