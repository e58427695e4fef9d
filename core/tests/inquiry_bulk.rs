//! Inquiries in columns cost what the single call quotes, bit for bit (R-P5, R-P15), whatever the prices, the terms
//! and the faults of some rows.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use counterfoil::error::{BulkError, Error, RowFault};
use counterfoil::exact::{RoundingMode, decimal};
use counterfoil::metering::bulk::{Ids, Numbers, QuantityColumn};
use counterfoil::metering::{Dimension, Kind, Part, Spec};
use counterfoil::money::{CNY, Ratio, RoundAt, Rounding};
use counterfoil::pricing::discount::{Combine, DiscountFacts, DiscountRule, Discounts, Effect, Pick, Policy, Source};
use counterfoil::pricing::inquiry::bulk::{Counts, Inquirer, InquiryColumns, QuotedColumns, SpecColumns};
use counterfoil::pricing::inquiry::{Asked, Quote, Term, TermMonths};
use counterfoil::pricing::{Entry, Every, Limits, Rate, RateCard, Shape, Tariff, Terms, Tier, ZeroUsage};
use counterfoil::time::{Instant, MonthLength, Period, Zone};
use counterfoil::units::{Quantity, Unit};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn start() -> Instant {
    "2024-02-20T08:00:00Z".parse().unwrap()
}

fn windows() -> Vec<Period> {
    let of = |term: Term, months| term.period(start(), months).unwrap();
    vec![
        of(Term::hours(1).unwrap(), TermMonths::Fixed30),
        of(Term::days(3).unwrap(), TermMonths::Fixed30),
        of(Term::months(1), TermMonths::Calendar(Zone::UTC)),
        of(Term::months(8), TermMonths::Fixed30),
        Period::new(start(), start()).unwrap(),
        of(Term::seconds(1).unwrap(), TermMonths::Fixed30),
    ]
}

/// Parts with the unit that they are priced in, and that of the columns.
const PARTS: [(&str, Unit, Unit, u32); 4] = [
    ("cpu", Unit::Core, Unit::MilliCore, 0),
    ("ram", Unit::GiB, Unit::MiB, 0),
    ("disk", Unit::GiB, Unit::GiB, 2),
    ("gpu[A100]", Unit::Card, Unit::Card, 1),
];

fn part(place: usize) -> Part {
    PARTS[place].0.parse().unwrap()
}

fn price() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        8 => (0..1_000_000_i64, 0..6_u32).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale)),
        1 => (0..i64::MAX, 0..28_u32).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale)),
    ]
}

fn shape() -> impl Strategy<Value = Shape> {
    let tiers = |prices: Vec<Decimal>| {
        let last = prices.len() - 1;
        let tier = |(place, price): (usize, Decimal)| Tier {
            up_to: (place != last).then(|| Decimal::from(10 * (place as i64 + 1))),
            price,
            flat: Decimal::from(place as i64),
        };
        prices.into_iter().enumerate().map(tier).collect::<Vec<_>>()
    };
    let prices = || prop::collection::vec(price(), 1..4).prop_map(tiers);
    prop_oneof![
        6 => price().prop_map(Shape::per_unit),
        1 => prices().prop_map(|tiers| Shape::graduated(&tiers).unwrap()),
        1 => prices().prop_map(|tiers| Shape::volume(&tiers).unwrap()),
        1 => (1..50_i64, price()).prop_map(|(size, price)| Shape::package(size.into(), price).unwrap()),
    ]
}

fn every() -> impl Strategy<Value = Every> {
    let calendar = MonthLength::Calendar { anchor: start(), zone: Zone::UTC };
    prop_oneof![
        4 => Just(Every::Hour),
        1 => Just(Every::Second),
        2 => Just(Every::Day),
        2 => Just(Every::Once),
        1 => Just(Every::Month(MonthLength::Fixed30)),
        1 => Just(Every::Month(calendar)),
    ]
}

fn rate(place: usize) -> impl Strategy<Value = Option<Rate>> {
    let rate = (shape(), every(), 0_u8..12, prop::option::of(price()), prop::bool::ANY).prop_map(
        move |(shape, every, plain, minimum, charged)| {
            let plain = plain > 2;
            Rate {
                shape: shape.clone(),
                per: PARTS[place].1,
                every,
                free: if plain { 0 } else { 5 }.into(),
                minimum: minimum.filter(|_| !plain),
                maximum: None,
                zero: if charged && !plain { ZeroUsage::Charged } else { ZeroUsage::Free },
            }
        },
    );
    prop_oneof![12 => rate.prop_map(Some), 1 => Just(None)]
}

fn plain(place: usize) -> impl Strategy<Value = Option<Rate>> {
    (price(), every()).prop_map(move |(price, every)| Some(Rate::per_unit(price, PARTS[place].1, every)))
}

fn tariff_of(rates: [Option<Rate>; 4], limits: Limits) -> Tariff {
    let entry = |(place, rate): (usize, Option<Rate>)| {
        Some(Entry { kind: Kind::Server, part: part(place), rate: rate?, from: None, to: None })
    };
    let entries = rates.into_iter().enumerate().filter_map(entry);
    let card = RateCard::new("r1".parse().unwrap(), CNY, entries).unwrap();
    let card = card.with_limits(Kind::Server, limits).unwrap();
    // A card without any rate of a kind is another fault.
    card.tariff(&Kind::Server, start()).unwrap_or_else(|_| {
        let rates = [0, 1, 2, 3].map(|place| Some(Rate::per_unit(Decimal::ONE, PARTS[place].1, Every::Hour)));
        tariff_of(rates, limits)
    })
}

fn tariff() -> impl Strategy<Value = Tariff> {
    let limits = prop_oneof![
        4 => Just(Limits::default()),
        1 => (0..500_i64, 500..100_000_i64)
            .prop_map(|(least, most)| Limits { minimum: Some(least.into()), maximum: Some(most.into()) }),
    ];
    let rates = prop_oneof![
        (rate(0), rate(1), rate(2), rate(3)).prop_map(|(a, b, c, d)| [a, b, c, d]),
        (plain(0), plain(1), plain(2), plain(3)).prop_map(|(a, b, c, d)| [a, b, c, d]),
    ];
    (rates, limits).prop_map(|(rates, limits)| tariff_of(rates, limits))
}

fn rounding() -> impl Strategy<Value = Rounding> {
    let modes = prop::sample::select(vec![RoundingMode::HalfEven, RoundingMode::HalfUp, RoundingMode::Down]);
    let at = prop::sample::select(vec![RoundAt::Total, RoundAt::Total, RoundAt::LineCarry, RoundAt::Line]);
    let steps = prop::sample::select(vec!["0.01", "0.05", "1", "0.0001"]);
    (modes, at, steps).prop_map(|(mode, at, step)| Rounding::new(mode, decimal::parse(step).unwrap(), at).unwrap())
}

fn discounts() -> impl Strategy<Value = Option<Discounts>> {
    let effect = prop_oneof![
        3 => (0..=100_i64).prop_map(|percent| Effect::Ratio(Ratio::percent(percent.into()).unwrap())),
        1 => (0..10_000_i64).prop_map(|off| Effect::Off(Decimal::new(off, 2))),
    ];
    let multiply = Combine::Multiply { in_group: Pick::First };
    let some = prop::collection::vec((effect, 0..3_usize), 0..3).prop_map(move |effects| {
        let rule = |(index, (effect, of))| {
            let rule = DiscountRule::new(format!("rule {index}").parse().unwrap(), Source::Agreement, effect);
            match of {
                0 => rule.of_part(Part::RAM),
                1 => rule.of_dimension(Dimension::Gpu),
                _ => rule,
            }
        };
        Discounts::new(effects.into_iter().enumerate().map(rule).collect(), Policy::new(multiply)).unwrap()
    });
    prop_oneof![3 => Just(None), 1 => some.prop_map(Some)]
}

/// A number of a column, and whether the part is there.
type Cell = (i128, bool);

fn cell() -> impl Strategy<Value = Cell> {
    let number = prop_oneof![
        24 => 0..100_000_i128,
        6 => Just(0),
        2 => any::<i64>().prop_map(|number| i128::from(number).abs()),
        1 => prop::sample::select(vec![-1, i128::MIN, i128::MAX, 1 << 96, (1 << 96) - 1, 1 << 64]),
    ];
    (number, prop::bool::weighted(0.9))
}

type Row = (u32, u32, u32, u32);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let count = prop_oneof![6 => Just(1_u32), 3 => 0..50_u32, 1 => Just(u32::MAX)];
    prop::collection::vec((0..9_u32, 0..4_u32, 0..7_u32, count), 1..24)
}

/// A row by the single call alone, from nothing but what the columns say.
fn quoted_alone(cells: &[[Cell; 4]], tariffs: &[Tariff], terms: Terms<'_>, row: Row) -> Result<Quote, Error> {
    let (spec, tariff, window, count) = row;
    let unknown = |column, id, known| BulkError::UnknownId { column, id, known };
    let cells = cells.get(spec as usize).ok_or(unknown("spec", spec, cells.len()))?;
    let tariff = tariffs.get(tariff as usize).ok_or(unknown("tariff", tariff, tariffs.len()))?;
    let window = *windows().get(window as usize).ok_or(unknown("window", window, windows().len()))?;
    let mut spec = Spec::default();
    let mut places: Vec<usize> = (0..4).collect();
    places.sort_by_key(|place| part(*place));
    for place in places {
        let (number, is_there) = cells[place];
        if is_there {
            let (_, _, unit, scale) = PARTS[place];
            let amount = Decimal::try_from_i128_with_scale(number, scale)
                .map_err(|_| counterfoil::error::MoneyError::TooManyDigits { text: number.to_string() })?;
            spec = spec.with(part(place), Quantity::new(amount, unit)?)?;
        }
    }
    Ok(tariff.inquire(&Asked::new(spec, window).times(count)?, terms)?)
}

/// An amount as a number with the digits of the step.
fn number(amount: Decimal, scale: u32) -> i128 {
    amount.mantissa() * 10_i128.pow(scale - amount.scale())
}

fn check(
    cells: &[[Cell; 4]],
    tariffs: Vec<Tariff>,
    rounding: Rounding,
    discounts: Option<&Discounts>,
    rows: &[Row],
) -> Result<usize, TestCaseError> {
    let facts = DiscountFacts::anybody(start());
    let terms = match discounts {
        Some(discounts) => Terms::discounted(discounts, &facts, rounding),
        None => Terms::list(rounding),
    };
    let numbers: [Vec<i128>; 4] = [0, 1, 2, 3].map(|place| cells.iter().map(|cells| cells[place].0).collect());
    let present: [Vec<bool>; 4] = [0, 1, 2, 3].map(|place| cells.iter().map(|cells| cells[place].1).collect());
    let column = |place: usize| {
        let (_, _, unit, scale) = PARTS[place];
        let (values, present) = (Numbers::Wide(&numbers[place]), Some(&present[place][..]));
        QuantityColumn { part: part(place), unit, scale, values, present }
    };
    let specs = SpecColumns::new(cells.len(), vec![column(3), column(0), column(2), column(1)]).unwrap();
    let ids = |of: fn(&Row) -> u32| rows.iter().map(of).collect::<Vec<u32>>();
    let (spec, tariff, window, count) = (ids(|row| row.0), ids(|row| row.1), ids(|row| row.2), ids(|row| row.3));
    let columns = InquiryColumns {
        spec: Ids::Each(&spec),
        tariff: Ids::Each(&tariff),
        window: Ids::Each(&window),
        count: Counts::Each(&count),
    };
    let windows = windows();
    let inquirer = Inquirer::new(tariffs.clone(), &windows, terms).unwrap();
    let mut quoted = QuotedColumns::default();
    inquirer.inquire(&specs, &columns, &mut quoted).unwrap();
    let again = quoted.clone();
    inquirer.inquire(&specs, &columns, &mut quoted).unwrap();
    prop_assert_eq!(&quoted, &again);

    let mut faults = Vec::new();
    for (row, of) in rows.iter().enumerate() {
        let alone = quoted_alone(cells, &tariffs, terms, *of);
        let told = inquirer.quote(&specs, &columns, row);
        match (&alone, &told) {
            (Ok(alone), Ok(told)) => prop_assert_eq!(alone, told),
            (Err(alone), Err(told)) => prop_assert_eq!(alone.code(), told.code()),
            _ => prop_assert!(false, "{alone:?} and {told:?}"),
        }
        let amounts = (quoted.is_quoted[row], quoted.original[row], quoted.payable[row]);
        match alone {
            Ok(alone) => {
                let number = |amount| number(amount, quoted.scale);
                prop_assert_eq!(amounts, (true, number(alone.original()), number(alone.payable())));
            }
            Err(error) => {
                faults.push(RowFault { row, code: error.code() });
                prop_assert_eq!(amounts, (false, 0, 0));
            }
        }
    }
    prop_assert_eq!(&quoted.faults, &faults);
    Ok(rows.len() - faults.len())
}

proptest! {
    #[test]
    fn inquiries_in_columns_are_those_of_the_single_call(
        cells in prop::collection::vec((cell(), cell(), cell(), cell()), 1..9),
        tariffs in prop::collection::vec(tariff(), 1..4),
        rounding in rounding(),
        discounts in discounts(),
        rows in rows(),
    ) {
        let cells: Vec<[Cell; 4]> = cells.into_iter().map(|(a, b, c, d)| [a, b, c, d]).collect();
        check(&cells, tariffs, rounding, discounts.as_ref(), &rows)?;
    }

    /// Plain prices of good rows: what a buy page asks for.
    #[test]
    fn a_buy_page_is_quoted_whole(
        cells in prop::collection::vec([0..9_999_i128, 0..9_999_i128, 0..9_999_i128, 0..99_i128], 1..6),
        prices in [(0..99_999_i64, 0..5_u32), (0..99_999_i64, 0..5_u32), (0..99_999_i64, 0..5_u32), (0..99_999_i64, 0..5_u32)],
        every in [prop::sample::select(vec![Every::Hour, Every::Day, Every::Once]), prop::sample::select(vec![Every::Hour, Every::Month(MonthLength::Fixed30), Every::Once])],
        count in 1..9_u32,
    ) {
        let cells: Vec<[Cell; 4]> = cells.into_iter().map(|cells| cells.map(|number| (number, true))).collect();
        let rate = |place: usize| {
            let (mantissa, scale) = prices[place];
            Some(Rate::per_unit(Decimal::new(mantissa, scale), PARTS[place].1, every[place % 2].clone()))
        };
        let tariff = tariff_of([0, 1, 2, 3].map(rate), Limits::default());
        let of_spec = |spec| [0, 1, 2, 3, 5].map(|window| (spec, 0, window, count));
        let rows: Vec<Row> = (0..cells.len() as u32).flat_map(of_spec).collect();
        let quoted = check(&cells, vec![tariff], Rounding::PORTAL, None, &rows)?;
        prop_assert_eq!(quoted, rows.len());
    }
}

fn hourly(price: &str) -> Tariff {
    let rate = |place: usize| Some(Rate::per_unit(decimal::parse(price).unwrap(), PARTS[place].1, Every::Hour));
    tariff_of([0, 1, 2, 3].map(rate), Limits::default())
}

#[test]
fn every_fault_of_a_row_has_its_code_and_costs_none_of_the_others() {
    let one = (1, true);
    let none = (0, false);
    let cells =
        [[(1000, true), one, one, one], [(-1, true), one, one, one], [(1 << 96, true), one, one, one], [none; 4]];
    let no_gpu = tariff_of(
        [0, 1, 2, 3].map(|place| (place < 3).then(|| Rate::per_unit(Decimal::ONE, PARTS[place].1, Every::Hour))),
        Limits::default(),
    );
    let tariffs = vec![hourly("0.066"), no_gpu, hourly("7922816251426433759354395033.5")];
    let rows = [
        (0, 0, 0, 1),
        (4, 0, 0, 1),
        (0, 3, 0, 1),
        (0, 0, 6, 1),
        (1, 0, 0, 1),
        (2, 0, 0, 1),
        (0, 0, 0, 0),
        (0, 0, 4, 1),
        (0, 1, 0, 1),
        (0, 2, 3, u32::MAX),
        (3, 0, 0, 7),
    ];
    let codes = [
        "bulk.unknown_id",
        "bulk.unknown_id",
        "bulk.unknown_id",
        "units.negative",
        "money.too_many_digits",
        "pricing.no_items",
        "pricing.no_duration",
        "pricing.no_rate",
        "money.overflow",
    ];
    let terms = Terms::list(Rounding::PORTAL);
    let told = rows.map(|row| quoted_alone(&cells, &tariffs, terms, row).err().map(|error| error.code()));
    assert_eq!(told.iter().flatten().copied().collect::<Vec<_>>(), codes);
    assert_eq!((told[0], told[10]), (None, None));
    for rounding in [Rounding::PORTAL, Rounding::RESELLER] {
        assert_eq!(check(&cells, tariffs.clone(), rounding, None, &rows).unwrap(), 2);
    }
}

#[test]
fn what_is_wrong_with_the_columns_is_said_before_any_row_is_read() {
    let column = |part: &str, values, scale| QuantityColumn {
        part: part.parse().unwrap(),
        unit: Unit::Core,
        scale,
        values,
        present: None,
    };
    let code = |specs, columns| SpecColumns::new(specs, columns).unwrap_err().code();
    assert_eq!(code(2, vec![column("cpu", Numbers::Each(&[1]), 0)]), "bulk.column_length");
    assert_eq!(code(1, vec![column("cpu", Numbers::Each(&[1]), 29)]), "bulk.bad_scale");
    let twice =
        vec![column("cpu", Numbers::All(1), 0), column("ram", Numbers::All(1), 0), column("cpu", Numbers::All(1), 0)];
    assert_eq!(code(1, twice), "bulk.repeated_column");

    let specs = SpecColumns::new(1, vec![column("cpu", Numbers::All(2), 0)]).unwrap();
    let windows = windows();
    let inquirer = Inquirer::new(vec![hourly("0.066")], &windows, Terms::list(Rounding::PORTAL)).unwrap();
    let all = InquiryColumns { spec: Ids::All(0), tariff: Ids::All(0), window: Ids::All(0), count: Counts::All(1) };
    let mut quoted = QuotedColumns::default();
    inquirer.inquire(&specs, &all, &mut quoted).unwrap();
    assert_eq!((&quoted.payable[..], quoted.faults.len()), (&[13][..], 0)); // 2 × 0.066 = 0.132
    let short = [
        InquiryColumns { spec: Ids::Each(&[0, 0]), window: Ids::Each(&[0]), ..all },
        InquiryColumns { tariff: Ids::Each(&[0, 0]), count: Counts::Each(&[1]), ..all },
    ];
    for (columns, name) in short.iter().zip(["window", "count"]) {
        let error = inquirer.inquire(&specs, columns, &mut quoted).unwrap_err();
        assert_eq!(error, BulkError::ColumnLength { column: name.to_owned(), rows: 1, expected: 2 });
    }
    let empty = InquiryColumns { spec: Ids::Each(&[]), ..all };
    inquirer.inquire(&specs, &empty, &mut quoted).unwrap();
    assert_eq!(quoted, QuotedColumns { scale: 2, ..QuotedColumns::default() });

    for at in [RoundAt::Segment, RoundAt::Month] {
        let terms = Terms::list(Rounding::PORTAL.rounding_at(at));
        assert_eq!(Inquirer::new(vec![], &windows, terms).unwrap_err().code(), "pricing.rounds_elsewhere");
    }
    let dollars = RateCard::from_toml(
        "revision = \"r\"\ncurrency = \"USD\"\nrates = [{ kind = \"server\", part = \"cpu\", price = \"1\", per = \"core\", every = \"hour\" }]",
    );
    let dollars = dollars.unwrap().tariff(&Kind::Server, start()).unwrap();
    let mixed = Inquirer::new(vec![hourly("1"), dollars], &windows, Terms::list(Rounding::PORTAL));
    assert_eq!(mixed.unwrap_err().code(), "money.currency_mismatch");
}
