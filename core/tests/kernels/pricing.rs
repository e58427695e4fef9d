use super::{round, second_run};
use counterfoil::{
    exact::{RoundingMode, decimal},
    metering::{
        ChargeMode, Kind, Part, QuotaCharge,
        bulk::{Ids, Lives, Numbers, OPEN, QuantityColumn, SpanColumns, Windows},
    },
    money::{RoundAt, Rounding},
    pricing::{
        RateCard, Tariff, Terms,
        bulk::{RatedColumns, Rater, RatingTerms, RowState, UsageDetail},
        inquiry::{
            Term, TermMonths,
            bulk::{Counts, Inquirer, InquiryColumns, QuotedColumns, SpecColumns},
        },
    },
    time::Period,
    units::Unit,
};

const HOUR: i64 = 3_600_000_000;

/// For a day it leaves 64 bits, and stays in 128.
const WIDE: i128 = 1_000_000_000_000_000;

/// For a day it leaves 128 bits, and what it costs is still an amount.
const WIDER: i128 = 100_000_000_000_000_000_000_000_000;

/// Rows to be rated.
#[derive(Clone, Copy)]
struct Rating {
    /// How often each changed in its day.
    changes: usize,
    /// How many GiB of memory each has.
    ram: i128,
    /// Whether each has a window of its own.
    own_windows: bool,
    /// When each began, from the start of the day.
    began: i64,
    rounding: Rounding,
    usage: UsageDetail,
    state: RowState,
}

const PLAIN: Rating = Rating {
    changes: 0,
    ram: 4,
    own_windows: false,
    began: -HOUR,
    rounding: Rounding::PORTAL,
    usage: UsageDetail::None,
    state: RowState::Rated,
};

pub(crate) fn narrow(rows: usize) -> u64 {
    rate(rows, PLAIN)
}

pub(crate) fn histories(rows: usize) -> u64 {
    rate(rows, Rating { changes: 3, ..PLAIN })
}

pub(crate) fn wide(rows: usize) -> u64 {
    rate(rows, Rating { ram: WIDE, ..PLAIN })
}

pub(crate) fn wide_histories(rows: usize) -> u64 {
    rate(rows, Rating { ram: WIDE, changes: 3, ..PLAIN })
}

pub(crate) fn windows(rows: usize) -> u64 {
    rate(rows, Rating { own_windows: true, ..PLAIN })
}

pub(crate) fn usage(rows: usize) -> u64 {
    rate(rows, Rating { usage: UsageDetail::Parts, ram: WIDE, changes: 3, ..PLAIN })
}

pub(crate) fn by_line(rows: usize) -> u64 {
    rate(rows, Rating { rounding: Rounding::RESELLER, ..PLAIN })
}

pub(crate) fn wide_by_line(rows: usize) -> u64 {
    let micro = decimal::parse("0.000001").unwrap();
    let rounding = Rounding::new(RoundingMode::HalfUp, micro, RoundAt::Line).unwrap();
    rate(rows, Rating { rounding, ram: WIDE, ..PLAIN })
}

pub(crate) fn by_segment(rows: usize) -> u64 {
    rate(rows, Rating { rounding: Rounding::PORTAL.rounding_at(RoundAt::Segment), changes: 3, ..PLAIN })
}

pub(crate) fn absent(rows: usize) -> u64 {
    rate(rows, Rating { began: 25 * HOUR, state: RowState::Absent, ..PLAIN })
}

pub(crate) fn beyond_128_bits(rows: usize) -> u64 {
    rate(rows, Rating { ram: WIDER, ..PLAIN })
}

pub(crate) fn faulty(rows: usize) -> u64 {
    rate(rows, Rating { ram: -1, state: RowState::Faulty, ..PLAIN })
}

fn rate(rows: usize, of: Rating) -> u64 {
    let day = day();
    let (spans, first) = (of.changes + 1, day.start().micros());
    let at = |span: usize| first + of.began + i64::try_from(span).unwrap() * 4 * HOUR;
    let start: Vec<i64> = (0..spans).map(at).collect::<Vec<_>>().repeat(rows);
    let ends = (1..spans).map(at).chain([OPEN]);
    let end: Vec<i64> = ends.collect::<Vec<_>>().repeat(rows);
    let mode = vec![ChargeMode::PostPaid.code(); spans * rows];
    let cpu = round(spans * rows, |row| 1 + row % 64);
    let ram = round(spans * rows, |row| of.ram + i128::from(row % 7) * of.ram.signum());
    let quantities = vec![
        column(Part::BASE, Unit::Count, Numbers::All(1)),
        column(Part::CPU, Unit::Core, Numbers::Each(&cpu)),
        column(Part::RAM, Unit::GiB, Numbers::Wide(&ram)),
    ];
    let offsets: Vec<usize> = (0..=spans * rows).step_by(spans).collect();
    let window_start = vec![first; rows];
    let window_end = round(rows, |row| day.end().micros() + row % 3);
    let windows = match of.own_windows {
        true => Windows::Each { start: &window_start, end: &window_end },
        false => Windows::One(day),
    };
    let columns = SpanColumns { start: &start, end: &end, mode: &mode, quantities };
    let lives = Lives::new(columns, (spans > 1).then_some(&offsets[..]), windows).unwrap();
    let terms = RatingTerms { rounding: of.rounding, quota: QuotaCharge::Free, usage: of.usage };
    let (rater, tariffs) = (Rater::new(vec![tariff()], terms).unwrap(), vec![0; rows]);
    let mut rated = RatedColumns::default();
    let allocations = second_run(|| rater.rate(&lives, &tariffs, &mut rated).unwrap());
    assert!(rated.state.iter().all(|state| *state == of.state), "{:?}", rated.faults.first());
    allocations
}

pub(crate) fn inquiries(rows: usize) -> u64 {
    inquire(rows, Rounding::PORTAL, 1)
}

pub(crate) fn inquiries_by_line(rows: usize) -> u64 {
    inquire(rows, Rounding::RESELLER, 1)
}

pub(crate) fn faulty_inquiries(rows: usize) -> u64 {
    inquire(rows, Rounding::PORTAL, -1)
}

/// As many products as rows, for three terms.
fn inquire(rows: usize, rounding: Rounding, cores: i64) -> u64 {
    let now = day().start();
    let terms = [Term::hours(1).unwrap(), Term::days(1).unwrap(), Term::months(8)];
    let windows = terms.map(|term| term.period(now, TermMonths::Fixed30).unwrap());
    let (cpu, ram) = (round(rows, |row| cores * (1 + row % 64)), round(rows, |row| 512 * (1 + row % 9)));
    let specs = SpecColumns::new(
        rows,
        vec![column(Part::CPU, Unit::Core, Numbers::Each(&cpu)), column(Part::RAM, Unit::MiB, Numbers::Each(&ram))],
    );
    let specs = specs.unwrap();
    let place = |row: i64| u32::try_from(row).unwrap();
    let (spec, window) = (round(rows, place), round(rows, |row| place(row % 3)));
    let columns = InquiryColumns {
        spec: Ids::Each(&spec),
        tariff: Ids::All(0),
        window: Ids::Each(&window),
        count: Counts::All(2),
    };
    let inquirer = Inquirer::new(vec![tariff()], &windows, Terms::list(rounding)).unwrap();
    let mut quoted = QuotedColumns::default();
    let allocations = second_run(|| inquirer.inquire(&specs, &columns, &mut quoted).unwrap());
    assert_eq!(quoted.faults.len(), if cores > 0 { 0 } else { rows });
    allocations
}

fn column(part: Part, unit: Unit, values: Numbers<'_>) -> QuantityColumn<'_> {
    QuantityColumn { part, unit, scale: 0, values, present: None }
}

fn day() -> Period {
    Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z").unwrap()
}

fn tariff() -> Tariff {
    let card = RateCard::from_toml(
        r#"
        revision = "test"
        currency = "CNY"
        rates = [
            { kind = "server", part = "base", price = "0", per = "count", every = "hour" },
            { kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" },
            { kind = "server", part = "ram", price = "0.012", per = "GiB", every = "hour" },
        ]
        "#,
    );
    card.unwrap().tariff(&Kind::Server, day().start()).unwrap()
}
