//! Laws of the export and of bills: rows made of any rated usage pass every rule and add up to what is payable, a
//! row changed in any one amount is found, and identities hold for every split of a payment (R-S4, R-S5).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

use counterfoil::{
    exact::{Exact, RoundingMode, decimal},
    metering::{ChargeMode, History, Kind, Span, Spec},
    money::{CNY, Money, Ratio, RoundAt, Rounding, allocate},
    pricing::{
        Entry, Every, Limits, Rate, RateCard, Shape, Tariff, Terms, Tier,
        discount::{Combine, DiscountFacts, DiscountRule, Discounts, Effect, Pick, Policy, Source},
    },
    statement::{
        BillFacts, BillSource, BillSources, check_bills,
        focus::{
            FocusAccount, FocusBilling, FocusCharge, FocusColumn, FocusFile, FocusInvoice, FocusResource, FocusRow,
            check, read, validate,
        },
    },
    time::{Instant, MICROS_PER_DAY, MonthLength, Period},
    units::{Quantity, Unit},
};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn start() -> Instant {
    "2024-02-20T00:00:00Z".parse().unwrap()
}

fn price() -> impl Strategy<Value = Decimal> {
    (0..1_000_000_i64, 0..6_u32).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
}

fn rate(per: Unit) -> impl Strategy<Value = Rate> {
    let every = prop_oneof![
        3 => Just(Every::Hour),
        1 => Just(Every::Second),
        1 => Just(Every::Day),
        1 => Just(Every::Month(MonthLength::Fixed30)),
    ];
    let tiers = (1..500_i64, price(), price()).prop_map(|(bound, first, rest)| {
        let up_to = Tier { up_to: Some(bound.into()), price: first, flat: Decimal::ZERO };
        Shape::graduated(&[up_to, Tier { up_to: None, price: rest, flat: Decimal::ONE }]).unwrap()
    });
    let shape = prop_oneof![4 => price().prop_map(Shape::per_unit), 1 => tiers];
    (shape, every).prop_map(move |(shape, every)| Rate::shaped(shape, per, every))
}

fn tariff() -> impl Strategy<Value = Tariff> {
    let limits = (proptest::option::of(0..500_i64), proptest::option::of(500..100_000_i64))
        .prop_map(|(least, most)| Limits { minimum: least.map(Decimal::from), maximum: most.map(Decimal::from) });
    (rate(Unit::Core), rate(Unit::GiB), limits).prop_map(|(cpu, ram, limits)| {
        let entry = |(part, rate): (&str, Rate)| Entry {
            kind: Kind::Server,
            part: part.parse().unwrap(),
            rate,
            from: None,
            to: None,
        };
        let card = RateCard::new("r1".parse().unwrap(), CNY, [("cpu", cpu), ("ram", ram)].map(entry)).unwrap();
        card.with_limits(Kind::Server, limits).unwrap().tariff(&Kind::Server, start()).unwrap()
    })
}

fn rounding() -> impl Strategy<Value = Rounding> {
    let mode = prop::sample::select(RoundingMode::ALL.to_vec());
    let step = prop::sample::select(vec!["0.01", "0.05", "0.0001", "1", "0.3"]);
    let at = prop::sample::select(vec![RoundAt::Line, RoundAt::LineCarry, RoundAt::Total]);
    (mode, step, at).prop_map(|(mode, step, at)| Rounding::new(mode, decimal::parse(step).unwrap(), at).unwrap())
}

/// Spans of a day: how long, how many cores, how much memory in MiB, and whether it is prepaid.
fn spans() -> impl Strategy<Value = Vec<(i64, i64, i64, bool)>> {
    proptest::collection::vec((1..MICROS_PER_DAY / 4, 0..64_i64, 0..5_000_i64, prop::bool::ANY), 1..5)
}

fn history(spans: &[(i64, i64, i64, bool)]) -> History {
    let mut at = start();
    let spans = spans.iter().map(|(length, cores, ram, prepaid)| {
        let end = at.plus_micros(*length).unwrap();
        let parts = [("cpu", *cores, Unit::Core), ("ram", *ram, Unit::MiB)];
        let spec = parts
            .map(|(part, amount, unit)| (part.parse().unwrap(), Quantity::new(Decimal::from(amount), unit).unwrap()));
        let mode = if *prepaid { ChargeMode::PrePaid } else { ChargeMode::PostPaid };
        let span = Span::new(at, Some(end), Spec::new(spec).unwrap(), mode);
        at = end;
        span
    });
    History::new(spans.collect::<Vec<_>>()).unwrap()
}

fn discounts() -> impl Strategy<Value = Discounts> {
    let effect = prop_oneof![
        3 => (0..=100_i64).prop_map(|percent| Effect::Ratio(Ratio::percent(percent.into()).unwrap())),
        1 => (0..10_000_i64).prop_map(|off| Effect::Off(Decimal::new(off, 2))),
        1 => price().prop_map(Effect::Price),
    ];
    let combine =
        prop::sample::select(vec![Combine::First, Combine::Best, Combine::Multiply { in_group: Pick::First }]);
    (proptest::collection::vec(effect, 0..3), combine).prop_map(|(effects, combine)| {
        let rule =
            |(index, effect)| DiscountRule::new(format!("rule {index}").parse().unwrap(), Source::Agreement, effect);
        Discounts::new(effects.into_iter().enumerate().map(rule).collect(), Policy::new(combine)).unwrap()
    })
}

fn day() -> Period {
    Period::new(start(), start().plus_micros(MICROS_PER_DAY).unwrap()).unwrap()
}

fn billing(invoice: &str) -> FocusBilling {
    FocusBilling {
        provider: "Portal".into(),
        publisher: "Portal".into(),
        issuer: "Portal".into(),
        account: FocusAccount { id: "user:ada".into(), name: "Ada".into(), kind: "user".into() },
        sub_account: None,
        currency: CNY,
        period: Period::parse("2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z").unwrap(),
        invoice: Some(invoice.to_owned()),
    }
}

fn charge() -> FocusCharge {
    FocusCharge {
        service: "vm".into(),
        subcategory: "Virtual Machines".parse().unwrap(),
        resource: Some(FocusResource {
            id: "s-1".into(),
            name: None,
            kind: "server".into(),
            region: None,
            zone: None,
            tags: None,
        }),
        period: day(),
        description: "server s-1".into(),
    }
}

/// The column of an amount in a row.
type Column = fn(&mut FocusRow) -> Option<&mut Decimal>;

/// The amounts of a row, each of which some rule ties to others.
const AMOUNTS: [(&str, Column); 7] = [
    ("BilledCost", |row| Some(&mut row.billed_cost)),
    ("EffectiveCost", |row| Some(&mut row.effective_cost)),
    ("ListCost", |row| Some(&mut row.list_cost)),
    ("ContractedCost", |row| Some(&mut row.contracted_cost)),
    ("ListUnitPrice", |row| row.list_unit_price.as_mut()),
    ("ContractedUnitPrice", |row| row.contracted_unit_price.as_mut()),
    ("PricingQuantity", |row| row.pricing_quantity.as_mut()),
];

/// The page says where each column comes from, and names no other.
#[test]
fn the_page_names_every_column() {
    let page = include_str!("../../docs/focus.md");
    let table = page.split_once("## Columns").unwrap().1.split_once("Not written").unwrap().0;
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | ")).map(|(names, _)| names);
    let mut named: Vec<&str> = rows.flat_map(|names| names.split(", ")).filter(|name| *name != "column").collect();
    named.sort_unstable();
    let columns: Vec<&str> = FocusColumn::ALL.iter().map(|column| column.name()).collect();
    assert_eq!(named, columns);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// R-S5: whatever the rates, the limits, the rounding, what is prepaid and the discounts.
    #[test]
    fn rows_of_any_rated_usage_pass_and_add_up(
        tariff in tariff(), spans in spans(), rounding in rounding(), discounts in discounts(),
        which in 0..AMOUNTS.len(), row in 0..8_usize,
    ) {
        let Some(usage) = history(&spans).usage(day()).unwrap() else { return Ok(()) };
        let facts = DiscountFacts::anybody(start());
        let bill = tariff.bill(&usage, Terms::discounted(&discounts, &facts, rounding)).unwrap();
        let rows = billing("i").usage(&charge(), bill.explain()).unwrap();
        let payable = Money::new(bill.payable(), CNY);
        let invoices = [FocusInvoice::payable("i", payable)];
        prop_assert_eq!(validate(&rows, &invoices), []);
        for row in rows.iter().filter(|row| row.list_unit_price.is_some()) {
            let (price, quantity) = (Exact::from(row.list_unit_price.unwrap()), Exact::from(row.pricing_quantity.unwrap()));
            prop_assert_eq!(price.times(&quantity).unwrap(), Exact::from(row.list_cost));
        }
        let text = FocusFile::new(rows.clone(), &invoices).unwrap().csv();
        prop_assert_eq!(check(&text, &invoices).unwrap(), []);
        let back: Vec<FocusRow> = read(&text).unwrap().rows.into_iter().map(|(_, row)| row).collect();
        prop_assert_eq!(&back, &rows);

        // A row changed in any one amount is found.
        if rows.is_empty() { return Ok(()) }
        let mut changed = rows.clone();
        let index = row % rows.len();
        let (name, amount) = AMOUNTS[which];
        if let Some(amount) = amount(&mut changed[index]) {
            *amount = decimal::add(*amount, Decimal::new(1, 2)).unwrap();
            // A unit price of no quantity, and a quantity at no price, are part of no product.
            let free = match name {
                "ListUnitPrice" | "ContractedUnitPrice" => rows[index].pricing_quantity.unwrap().is_zero(),
                "PricingQuantity" => {
                    rows[index].list_unit_price.unwrap().is_zero() && rows[index].contracted_unit_price.unwrap().is_zero()
                }
                _ => false,
            };
            prop_assert!(free || !validate(&changed, &invoices).is_empty(), "{} of row {}", name, index);
        }
    }

    /// R-S4: however a payment is split over kinds of sources, its row is good; and one cent off is found.
    #[test]
    fn identities_hold_for_every_split_and_a_cent_off_is_found(
        cents in -1_000_000..1_000_000_i64, weights in proptest::array::uniform8(0..100_i64),
        fine in 0..1_000_000_i64, discount in 0..100_000_i64, off in 0..8_usize,
    ) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let amount = Decimal::new(cents, 2);
        let weights: Vec<Decimal> = weights.iter().map(|weight| Decimal::from(*weight)).collect();
        let parts = allocate(amount, &weights, Decimal::new(1, 2)).unwrap();
        let sources = BillSources::of(BillSource::ALL.into_iter().zip(parts.iter().copied())).unwrap();
        let (discount, truncated) = (Decimal::new(discount, 2), Decimal::new(fine, 8));
        let official = decimal::add(decimal::add(amount, discount).unwrap(), truncated).unwrap();
        let row = |sources| BillFacts {
            id: "b".into(),
            type_number: 3,
            currency: CNY,
            official,
            discount,
            truncated,
            consumed: amount,
            amount,
            sources,
        };
        let checked = check_bills([row(sources)]).unwrap();
        prop_assert_eq!(checked.faulty, []);
        prop_assert_eq!(checked.good.len(), 1);
        let cent = [(BillSource::ALL[off], Decimal::new(1, 2))];
        let legs = BillSource::ALL.into_iter().zip(parts).chain(cent);
        let checked = check_bills([row(BillSources::of(legs).unwrap())]).unwrap();
        prop_assert_eq!(checked.faulty[0].faults[0].code(), "statement.amount_identity");
    }
}
