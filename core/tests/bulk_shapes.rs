//! Columns that do not belong together are refused before any row is read, by name.

#![allow(clippy::unwrap_used, reason = "tests")]

use counterfoil::{
    error::BulkError,
    metering::{
        Kind, Part, QuotaCharge,
        bulk::{Lives, Numbers, OPEN, QuantityColumn, SpanColumns, Windows},
    },
    money::{RoundAt, Rounding},
    pricing::{
        RateCard,
        bulk::{RatedColumns, Rater, RatingTerms, UsageDetail},
    },
    time::Period,
    units::Unit,
};

const CARD: &str = r#"
    revision = "test"
    currency = "CNY"
    rates = [{ kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" }]
"#;

fn day() -> Period {
    Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z").unwrap()
}

fn cores(values: Numbers<'_>) -> QuantityColumn<'_> {
    QuantityColumn { part: Part::CPU, unit: Unit::Core, scale: 0, values, present: None }
}

/// Two spans of the core counts 1 and 2, changed by a test.
fn spans<'a>(quantities: Vec<QuantityColumn<'a>>) -> SpanColumns<'a> {
    SpanColumns { start: &[0, 0], end: &[OPEN, OPEN], mode: &[0, 0], quantities }
}

fn refused(spans: SpanColumns<'_>, offsets: Option<&[usize]>, windows: Windows<'_>) -> BulkError {
    Lives::new(spans, offsets, windows).unwrap_err()
}

#[test]
fn columns_have_one_length() {
    let one = Windows::One(day());
    let good = || vec![cores(Numbers::Each(&[1, 2]))];
    assert!(Lives::new(spans(good()), None, one).is_ok());
    let name = |error: BulkError| match error {
        BulkError::ColumnLength { column, rows, expected } => (column, rows, expected),
        other => panic!("{other}"),
    };
    let short = |column: &str, rows| (column.to_owned(), rows, 2);
    assert_eq!(name(refused(SpanColumns { end: &[OPEN], ..spans(good()) }, None, one)), short("end", 1));
    assert_eq!(name(refused(SpanColumns { mode: &[0, 0, 0], ..spans(good()) }, None, one)), short("mode", 3));
    assert_eq!(name(refused(spans(vec![cores(Numbers::Each(&[1]))]), None, one)), short("cpu", 1));
    assert_eq!(name(refused(spans(vec![cores(Numbers::Wide(&[1]))]), None, one)), short("cpu", 1));
    let unsure = QuantityColumn { present: Some(&[true]), ..cores(Numbers::All(1)) };
    assert_eq!(name(refused(spans(vec![unsure]), None, one)), short("cpu", 1));
    let each = Windows::Each { start: &[0], end: &[0, 0] };
    assert_eq!(name(refused(spans(good()), None, each)), short("window start", 1));
    let each = Windows::Each { start: &[0, 0], end: &[0] };
    assert_eq!(name(refused(spans(good()), None, each)), short("window end", 1));

    let lives = Lives::new(spans(good()), None, one).unwrap();
    let rater = rater(Rounding::PORTAL).unwrap();
    assert_eq!(name(rater.rate(&lives, &[0], &mut RatedColumns::default()).unwrap_err()), short("tariff", 1));
}

#[test]
fn a_part_stands_once_and_its_digits_are_those_of_a_decimal() {
    let twice = vec![cores(Numbers::All(1)), cores(Numbers::All(2))];
    assert_eq!(refused(spans(twice), None, Windows::One(day())).code(), "bulk.repeated_column");
    let fine = QuantityColumn { scale: 29, ..cores(Numbers::All(1)) };
    assert_eq!(refused(spans(vec![fine]), None, Windows::One(day())).code(), "bulk.bad_scale");
    let finest = QuantityColumn { scale: 28, ..cores(Numbers::All(1)) };
    assert!(Lives::new(spans(vec![finest]), None, Windows::One(day())).is_ok());
}

#[test]
fn offsets_rise_from_nothing_to_all() {
    let refused = |offsets: &[usize]| match refused(spans(vec![]), Some(offsets), Windows::One(day())) {
        BulkError::BadOffsets { at, .. } => at,
        other => panic!("{other}"),
    };
    assert_eq!(refused(&[]), 0);
    assert_eq!(refused(&[1, 2]), 0);
    assert_eq!(refused(&[0, 1]), 1);
    assert_eq!(refused(&[0, 3]), 1);
    assert_eq!(refused(&[0, 2, 1, 2]), 2);
    for (good, rows) in [(&[0, 2][..], 1), (&[0, 1, 2], 2), (&[0, 0, 2, 2], 3)] {
        assert_eq!(Lives::new(spans(vec![]), Some(good), Windows::One(day())).unwrap().rows(), rows);
    }
}

#[test]
fn what_is_not_there_is_named() {
    let lives = Lives::new(spans(vec![cores(Numbers::All(1))]), None, Windows::One(day())).unwrap();
    assert_eq!(lives.history(2).unwrap_err().code(), "bulk.unknown_id");
    let rater = rater(Rounding::PORTAL).unwrap();
    let mut rated = RatedColumns::default();
    rater.rate(&lives, &[0, 1], &mut rated).unwrap();
    assert_eq!((rated.faults.len(), rated.faults.first().unwrap().code), (1, "bulk.unknown_id"));
    let told = rater.row(&lives, &[0, 1], 1).unwrap_err();
    assert_eq!(told.to_string(), "`tariff` is 1, and there are 1, counted from 0");
}

#[test]
fn exact_amounts_are_no_column() {
    assert_eq!(rater(Rounding::BSS_INTL).unwrap_err().code(), "pricing.rounds_elsewhere");
    assert!(rater(Rounding::PORTAL.rounding_at(RoundAt::Segment)).is_ok());
}

/// A batch of nothing is answered with nothing, and a batch without columns with zeros.
#[test]
fn nothing_is_a_batch_too() {
    let rater = rater(Rounding::PORTAL).unwrap();
    let mut rated = RatedColumns::default();
    let nothing = SpanColumns { start: &[], end: &[], mode: &[], quantities: vec![] };
    rater.rate(&Lives::new(nothing, None, Windows::One(day())).unwrap(), &[], &mut rated).unwrap();
    assert!(rated.state.is_empty() && rated.faults.is_empty());
    rater.rate(&Lives::new(spans(vec![]), None, Windows::One(day())).unwrap(), &[0, 0], &mut rated).unwrap();
    assert_eq!((&rated.original[..], &rated.payable[..]), (&[0, 0][..], &[0, 0][..]));
    assert_eq!(rated.micros, [86_400_000_000; 2]);
}

fn rater(rounding: Rounding) -> Result<Rater, counterfoil::error::PricingError> {
    let tariff = RateCard::from_toml(CARD).unwrap().tariff(&Kind::Server, day().start()).unwrap();
    Rater::new(vec![tariff], RatingTerms { rounding, quota: QuotaCharge::Free, usage: UsageDetail::None })
}
