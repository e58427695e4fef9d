//! R-P1 … R-P6 and R-P15 against an obvious model: what a spec costs by any card, with discounts, within limits, by any
//! rounding; and what parts cost, bad ones among them, against a stock that they share.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

mod common;

use common::{MODES, fraction, of};
use counterfoil::{
    error::PricingError,
    exact::Exact,
    metering::{Kind, Part, Spec},
    money::{CNY, Ratio, RoundAt, Rounding},
    pricing::{
        Entry, Every, ExplainedLine, Limits, Percentage, Rate, RateCard, Shape, Tariff, Terms, Tier, ZeroUsage,
        discount::{Combine, DiscountFacts, DiscountRule, Discounts, Effect, Policy, Source},
        inquiry::{Asked, PartInquiry, PartRequest, Stock},
    },
    time::{Instant, MonthLength, Period},
    units::{Name, Quantity, Unit},
};
use counterfoil_reference::{
    Fraction, inquiry as model,
    number::{fits_at, read, whole},
    parts as model_parts, rating, tiers,
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};

const EVERY: [&str; 6] = ["second", "minute", "hour", "day", "month", "once"];

/// Families of units, from coarse to fine.
const FAMILIES: [&[Unit]; 4] = [
    &[Unit::Core, Unit::MilliCore],
    &[Unit::TiB, Unit::GiB, Unit::MiB, Unit::KiB],
    &[Unit::TB, Unit::GB, Unit::MB],
    &[Unit::Card, Unit::MilliCard],
];

fn every(name: &str) -> Every {
    match name {
        "second" => Every::Second,
        "minute" => Every::Minute,
        "hour" => Every::Hour,
        "day" => Every::Day,
        "month" => Every::Month(MonthLength::Fixed30),
        _ => Every::Once,
    }
}

fn start() -> Instant {
    "2024-02-20T08:00:00Z".parse().unwrap()
}

fn window(micros: i64) -> Period {
    Period::new(start(), start().plus_micros(micros).unwrap()).unwrap()
}

/// A rate of the library, and the same of the model.
#[derive(Debug, Clone)]
struct Priced {
    rate: Rate,
    model: model::Rate,
}

fn price() -> impl Strategy<Value = Decimal> {
    (0..1_000_000_000_i64, 0..9_u32).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
}

fn above_zero() -> impl Strategy<Value = Decimal> {
    (1..100_000_i64, 0..4_u32).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
}

/// Tiers whose bounds rise, in both.
fn tier_lists() -> impl Strategy<Value = (Vec<Tier>, Vec<tiers::Tier>)> {
    let flat = prop_oneof![2 => Just(Decimal::ZERO), 1 => price()];
    proptest::collection::vec((above_zero(), price(), flat), 1..5).prop_map(|mut rows| {
        rows.sort_by_key(|row| row.0);
        rows.dedup_by_key(|row| row.0);
        let last = rows.len() - 1;
        let bound = |index: usize, bound: Decimal| (index != last).then_some(bound);
        let rows = || rows.iter().enumerate();
        let library = rows().map(|(index, row)| Tier { up_to: bound(index, row.0), price: row.1, flat: row.2 });
        let model = rows().map(|(index, row)| tiers::Tier {
            up_to: bound(index, row.0).map(of),
            price: of(row.1),
            flat: of(row.2),
        });
        (library.collect(), model.collect())
    })
}

fn shapes() -> impl Strategy<Value = (Shape, model::Shape)> {
    prop_oneof![
        4 => price().prop_map(|price| (Shape::per_unit(price), model::Shape::PerUnit(of(price)))),
        1 => tier_lists().prop_map(|(here, there)| (Shape::graduated(&here).unwrap(), model::Shape::Graduated(there))),
        1 => tier_lists().prop_map(|(here, there)| (Shape::volume(&here).unwrap(), model::Shape::Volume(there))),
        1 => tier_lists().prop_map(|(here, there)| {
            let stairs: Vec<Tier> = here.into_iter().map(|tier| Tier { price: Decimal::ZERO, ..tier }).collect();
            let model = there.into_iter().map(|tier| tiers::Tier { price: whole(0), ..tier });
            (Shape::stair_step(&stairs).unwrap(), model::Shape::Volume(model.collect()))
        }),
        1 => (above_zero(), price()).prop_map(|(size, price)| {
            (Shape::package(size, price).unwrap(), model::Shape::Package { size: of(size), price: of(price) })
        }),
    ]
}

fn rates(per: Unit) -> impl Strategy<Value = Priced> {
    let free = prop_oneof![2 => Just(Decimal::ZERO), 1 => above_zero()];
    let limits = (proptest::option::weighted(0.3, price()), proptest::option::weighted(0.3, price()));
    (shapes(), 0..EVERY.len(), free, limits, any::<bool>()).prop_map(
        move |((shape, model), time, free, limits, zero)| {
            let (minimum, maximum) = match limits {
                (Some(least), Some(most)) if most < least => (Some(most), Some(least)),
                limits => limits,
            };
            let zero_usage = if zero { ZeroUsage::Charged } else { ZeroUsage::Free };
            Priced {
                rate: Rate { shape, per, every: every(EVERY[time]), free, minimum, maximum, zero: zero_usage },
                model: model::Rate {
                    shape: model,
                    per: per.name().to_owned(),
                    every: EVERY[time].to_owned(),
                    free: of(free),
                    least: minimum.map(of),
                    most: maximum.map(of),
                    zero_is_charged: zero,
                },
            }
        },
    )
}

/// A percentage is a rate of an amount of money.
fn percentages() -> impl Strategy<Value = Priced> {
    (0..=10_000_i64).prop_map(|ratio| {
        let ratio = Decimal::new(ratio, 4);
        let shape = Shape::percentage(Percentage::of(Ratio::new(ratio).unwrap())).unwrap();
        let rate = Rate::shaped(shape, Unit::Amount, Every::Once);
        let model = model::Rate {
            shape: model::Shape::PerUnit(of(ratio)),
            per: Unit::Amount.name().to_owned(),
            every: "once".to_owned(),
            free: whole(0),
            least: None,
            most: None,
            zero_is_charged: false,
        };
        Priced { rate, model }
    })
}

fn quantities() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        1 => Just(Decimal::ZERO),
        3 => (0..100_i64).prop_map(Decimal::from),
        3 => (0..1_000_000_i64, 0..4_u32).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale)),
    ]
}

/// A part of a spec: so much, in a unit of the family that its rate is in.
fn parts_of_spec() -> impl Strategy<Value = (Priced, Decimal, Unit)> {
    let unit = (0..FAMILIES.len(), any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let usual = unit.prop_flat_map(|(family, per, unit)| {
        let (per, unit) = (*per.get(FAMILIES[family]), *unit.get(FAMILIES[family]));
        (rates(per), quantities(), Just(unit))
    });
    prop_oneof![9 => usual, 1 => (percentages(), quantities(), Just(Unit::Amount))]
}

fn durations() -> impl Strategy<Value = i64> {
    const HOUR: i64 = 3_600_000_000;
    prop_oneof![1..1_000_000_i64, 1..400 * 24 * HOUR, (1..9_000_i64).prop_map(|hours| hours * HOUR)]
}

fn rounding() -> impl Strategy<Value = (Rounding, model::Rounding)> {
    let step = prop::sample::select(vec!["0.01", "0.05", "0.0001", "1", "0.3"]);
    let at = prop::sample::select(vec!["line", "line_carry", "total"]);
    (prop::sample::select(MODES.to_vec()), step, at).prop_map(|(mode, step, at)| {
        let model = model::Rounding { at: at.to_owned(), step: read(step), mode: mode.to_owned() };
        (format!("{mode} {step} {at}").parse().unwrap(), model)
    })
}

fn limits() -> impl Strategy<Value = (Limits, model::Limits)> {
    let limit = || proptest::option::weighted(0.3, price());
    (limit(), limit()).prop_map(|(least, most)| {
        let (minimum, maximum) = match (least, most) {
            (Some(least), Some(most)) if most < least => (Some(most), Some(least)),
            limits => limits,
        };
        (Limits { minimum, maximum }, model::Limits { least: minimum.map(of), most: maximum.map(of) })
    })
}

fn part_name(place: usize) -> String {
    format!("part{place}")
}

/// Rules: what they do, and of which part.
fn rules() -> impl Strategy<Value = Vec<(Effect, Option<usize>)>> {
    let effect = prop_oneof![
        3 => (0..=1_000_i64).prop_map(|ratio| Effect::Ratio(Ratio::new(Decimal::new(ratio, 3)).unwrap())),
        3 => price().prop_map(Effect::Off),
        1 => price().prop_map(Effect::Price),
    ];
    proptest::collection::vec((effect, proptest::option::weighted(0.3, 0..4_usize)), 0..5)
}

fn discounts(rules: &[(Effect, Option<usize>)], combine: Combine) -> Discounts {
    let rule = |(index, (effect, only)): (usize, &(Effect, Option<usize>))| {
        let rule = DiscountRule::new(format!("r{index}").parse().unwrap(), Source::Voucher, *effect);
        match only {
            Some(place) => rule.of_part(part_name(*place).parse().unwrap()),
            None => rule,
        }
    };
    Discounts::new(rules.iter().enumerate().map(rule).collect(), Policy::new(combine)).unwrap()
}

fn model_rules(rules: &[(Effect, Option<usize>)]) -> Vec<model::Rule> {
    let effect = |effect: &Effect| match effect {
        Effect::Ratio(ratio) => model::Effect::Ratio(of(ratio.value())),
        Effect::Price(price) => model::Effect::Price(of(*price)),
        Effect::Off(off) => model::Effect::Off(of(*off)),
        other => panic!("no rule of these worlds: {other}"),
    };
    rules.iter().map(|(does, only)| model::Rule { effect: effect(does), only: only.map(part_name) }).collect()
}

fn tariff(rates: impl IntoIterator<Item = (Part, Rate)>, limits: Limits) -> Tariff {
    let entries = rates.into_iter().map(|(part, rate)| Entry { kind: Kind::Server, part, rate, from: None, to: None });
    let card = RateCard::new("1".parse().unwrap(), CNY, entries).unwrap();
    card.with_limits(Kind::Server, limits).unwrap().tariff(&Kind::Server, start()).unwrap()
}

proptest! {
    #![proptest_config(common::cases(1_500))]

    /// R-P1, R-P2, R-P3, R-P5, R-P6, R-M2, R-M3, R-P15: spec × duration × count × rates × discounts × limits ×
    /// rounding, line by line and in all.
    #[test]
    fn r_p5_an_inquiry_costs_what_the_model_says(
        parts in proptest::collection::vec(parts_of_spec(), 1..5),
        (micros, count) in (durations(), prop_oneof![Just(1_u32), 1..20_u32]),
        (rules, best) in (rules(), any::<bool>()),
        (limits, model_limits) in limits(),
        (rounding, model_rounding) in rounding(),
    ) {
        let named = || parts.iter().enumerate().map(|(place, part)| (part_name(place).parse::<Part>().unwrap(), part));
        let tariff = tariff(named().map(|(name, (priced, ..))| (name, priced.rate.clone())), limits);
        let spec = named().map(|(name, (_, amount, unit))| (name, Quantity::new(*amount, *unit).unwrap()));
        let asked = Asked::new(Spec::new(spec).unwrap(), window(micros)).times(count).unwrap();
        let discounts = discounts(&rules, if best { Combine::Best } else { Combine::First });
        let facts = DiscountFacts::anybody(start());
        let model_parts: Vec<model::Part> = named().map(|(name, (priced, amount, unit))| model::Part {
            name: name.to_string(), amount: of(*amount), unit: unit.name().to_owned(), rate: priced.model.clone(),
        }).collect();
        let policy = if best { model::Policy::Best } else { model::Policy::First };
        let lines = model::lines(&model_parts, micros, count, &model_rules(&rules), policy);
        let (original, payable): (Vec<Fraction>, Vec<Fraction>) =
            lines.into_iter().map(|line| (line.original, line.payable)).unzip();
        let totals = [&original, &payable].map(|lines| model::total(lines, count, &model_limits, &model_rounding));

        let quote = match tariff.inquire(&asked, Terms::discounted(&discounts, &facts, rounding)) {
            Ok(quote) => quote,
            Err(error) => {
                prop_assert_eq!(error.code(), "money.overflow");
                // Also where a limit would take the place of lines that no decimal holds.
                let no_limits = model::Limits::default();
                let sums = [&original, &payable].map(|lines| model::total(lines, count, &no_limits, &model_rounding));
                let fits = |total: &Fraction| fits_at(total, rounding.step().scale());
                prop_assert!(!totals.iter().all(fits) || rounding.at() == RoundAt::Line && !sums.iter().all(fits));
                return Ok(());
            }
        };
        let exact = |of: fn(&ExplainedLine) -> &Exact| quote.lines().iter().map(|line| fraction(of(line))).collect::<Vec<_>>();
        prop_assert_eq!(exact(|line| &line.original), original, "{}", quote);
        prop_assert_eq!(exact(|line| &line.payable), payable.clone(), "{}", quote);
        prop_assert_eq!([of(quote.original()), of(quote.payable())], totals, "{}", quote);
        match quote.subtotals() {
            Ok(subtotals) => {
                let shown: Vec<Fraction> = subtotals.lines.into_iter().map(of).collect();
                prop_assert_eq!(shown, model::subtotals(&payable, &model_rounding));
            }
            // The sum may be too large where a limit stands in its place.
            Err(error) => {
                prop_assert_eq!(error.code(), "money.overflow");
                let sum = model::total(&payable, count, &model::Limits::default(), &model_rounding);
                prop_assert!(!fits_at(&sum, rounding.step().scale()));
            }
        }
        prop_assert_eq!(quote.explain().recompute().unwrap(), (quote.original(), quote.payable()));
    }
}

// Parts of a centre.

/// What a centre has prices for, and what else may be asked for.
const PARTS: [(&str, &str, usize); 6] = [
    ("cpu", "STANDARD", 0),
    ("ram", "STANDARD", 1),
    ("gpu", "A100", 3),
    ("gpu", "T4", 3),
    ("gpu", "H100", 3),    // no such model
    ("ip", "STANDARD", 0), // no part of this type
];
const PRICED: usize = 4;
const CLUSTERS: [&str; 3] = ["X", "N", "empty"];

#[derive(Debug, Clone)]
struct Row {
    part: usize,
    amount: Decimal,
    unit: Unit,
}

impl Row {
    fn part(&self) -> Part {
        let (part_type, model, _) = PARTS[self.part];
        let text = if model == "STANDARD" { part_type.to_owned() } else { format!("{part_type}[{model}]") };
        text.parse().unwrap()
    }

    fn quantity(&self) -> Quantity {
        Quantity::new(self.amount, self.unit).unwrap()
    }

    fn model(&self) -> model_parts::Amount {
        let (part_type, model, _) = PARTS[self.part];
        model_parts::Amount {
            part_type: part_type.to_owned(),
            model: model.to_owned(),
            amount: of(self.amount),
            unit: self.unit.name().to_owned(),
        }
    }

    /// The same in a finer unit, where there is one.
    fn respelled(&self) -> Self {
        let family = FAMILIES.iter().find(|family| family.contains(&self.unit)).unwrap();
        let finer = family[(family.iter().position(|unit| *unit == self.unit).unwrap() + 1).min(family.len() - 1)];
        let same = self.quantity().to(finer).unwrap();
        Self { amount: same.amount(), unit: same.unit(), ..self.clone() }
    }
}

/// So much of a part, mostly in a unit of its family.
fn rows(parts: usize, strange_units: bool) -> impl Strategy<Value = Row> {
    let amount = prop_oneof![(0..40_i64).prop_map(Decimal::from), (0..40_000_i64).prop_map(|m| Decimal::new(m, 2))];
    let strange = prop::bool::weighted(if strange_units { 0.1 } else { 0.0 });
    (0..parts, amount, any::<prop::sample::Index>(), strange).prop_map(|(part, amount, unit, strange)| {
        let family = if strange { 2 } else { PARTS[part].2 };
        // Amounts are of the same size whatever the unit, so that a stock is often nearly enough.
        let unit = *unit.get(&FAMILIES[family][..2]);
        Row { part, amount, unit }
    })
}

fn stocks() -> impl Strategy<Value = Vec<(&'static str, Row)>> {
    let row = (0..2_usize, rows(PRICED, false)).prop_map(|(cluster, row)| (CLUSTERS[cluster], row));
    proptest::collection::vec(row, 0..8).prop_map(|mut rows| {
        rows.sort_by_key(|(cluster, row)| (*cluster, row.part));
        rows.dedup_by_key(|(cluster, row)| (*cluster, row.part));
        rows
    })
}

/// The fault of the library as one of the model.
fn fault(error: &PricingError) -> model_parts::Fault {
    match error {
        PricingError::NotEnoughStock { stock, requested, .. } => {
            model_parts::Fault::NotEnough { left: read(stock), asked: read(requested) }
        }
        error => match error.code() {
            "pricing.no_part_type" => model_parts::Fault::NoType,
            "pricing.no_part_model" => model_parts::Fault::NoModel,
            "units.incompatible" => model_parts::Fault::OtherUnit,
            other => panic!("no fault of R-P4: {other}"),
        },
    }
}

fn centre_rates() -> impl Strategy<Value = Vec<Priced>> {
    let of_family = |place: usize| rates(FAMILIES[PARTS[place].2][0]);
    (of_family(0), of_family(1), of_family(2), of_family(3)).prop_map(|(a, b, c, d)| vec![a, b, c, d])
}

fn part_of(place: usize) -> Part {
    Row { part: place, amount: Decimal::ZERO, unit: Unit::Core }.part()
}

proptest! {
    #![proptest_config(common::cases(1_000))]

    /// R-P4: bad lines carry their error and good ones are summed; lines and clusters share a stock.
    #[test]
    fn r_p4_parts_are_answered_one_by_one(
        rates in centre_rates(),
        requests in proptest::collection::vec(rows(PARTS.len(), true), 1..9),
        (stock, counted, cluster) in (stocks(), any::<bool>(), proptest::option::of(0..CLUSTERS.len())),
        micros in durations(),
        (limits, model_limits) in limits(),
        (rounding, model_rounding) in rounding(),
    ) {
        let goods = rates.iter().enumerate();
        let tariff = tariff(goods.clone().map(|(place, priced)| (part_of(place), priced.rate.clone())), limits);
        let asked: Vec<PartRequest> =
            requests.iter().map(|row| PartRequest { part: row.part(), amount: row.quantity() }).collect();
        let shelves = Stock::new(
            stock.iter().map(|(cluster, row)| (row.part(), cluster.parse().unwrap(), row.quantity())),
        ).unwrap();
        let cluster_name: Option<Name> = cluster.map(|cluster| CLUSTERS[cluster].parse().unwrap());
        let inquiry = PartInquiry::new(&asked, window(micros));
        let inquiry = if counted { inquiry.against(&shelves, cluster_name.as_ref()) } else { inquiry };
        let quote = tariff.inquire_parts(&inquiry, Terms::list(rounding));

        let goods: Vec<model_parts::Good> = goods.map(|(place, priced)| model_parts::Good {
            part_type: PARTS[place].0.to_owned(), model: PARTS[place].1.to_owned(), rate: priced.model.clone(),
        }).collect();
        let wanted: Vec<model_parts::Amount> = requests.iter().map(Row::model).collect();
        let clusters: Vec<(String, model_parts::Amount)> =
            stock.iter().map(|(cluster, row)| ((*cluster).to_owned(), row.model())).collect();
        let stock = counted.then_some((clusters.as_slice(), cluster.map(|cluster| CLUSTERS[cluster])));
        let answers = model_parts::answers(&goods, &wanted, micros, stock);

        let good: Vec<Fraction> = answers.iter().filter_map(|answer| answer.as_ref().ok().cloned()).collect();
        let total = model::total(&good, 1, &model_limits, &model_rounding);
        let quote = match quote {
            Ok(quote) => quote,
            Err(error) => {
                prop_assert_eq!(error.code(), "money.overflow");
                let sum = model::total(&good, 1, &model::Limits::default(), &model_rounding);
                prop_assert!([total, sum].iter().any(|total| !fits_at(total, rounding.step().scale())));
                return Ok(());
            }
        };
        let mut subtotals = model::subtotals(&good, &model_rounding).into_iter();
        for (line, answer) in quote.lines().iter().zip(&answers) {
            match (&line.subtotal, answer) {
                (Ok(subtotal), Ok(_)) => prop_assert_eq!(Some(of(*subtotal)), subtotals.next()),
                (Err(error), Err(wanted)) => prop_assert_eq!(&fault(error), wanted),
                (line, wanted) => prop_assert!(false, "{:?}, and not {:?}", line, wanted),
            }
        }
        prop_assert_eq!(quote.lines().len(), answers.len());
        let exact: Vec<Fraction> = quote.explained().iter().map(|line| fraction(&line.payable)).collect();
        prop_assert_eq!(&exact, &good);
        prop_assert_eq!(of(quote.quote().payable()), total);
        prop_assert_eq!(quote.fault().map(fault), answers.into_iter().find_map(Result::err));
    }

}

proptest! {
    #![proptest_config(common::cases(300))]

    /// R-P4, R-P1: `pricing.inquire_parts` in units respelled is answered the same, line by line; what is left of a
    /// stock is the same amount.
    #[test]
    fn r_p4_parts_respelled_are_the_same_parts(
        prices in proptest::array::uniform4(0..1_000_000_i64),
        requests in proptest::collection::vec((rows(PARTS.len(), true), any::<bool>()), 1..9),
        (stock, respell_stock, cluster) in (stocks(), any::<bool>(), proptest::option::of(0..CLUSTERS.len())),
        hours in 1..2_000_i64,
        (rounding, _) in rounding(),
    ) {
        let rate = |(place, price): (usize, &i64)| json!({
            "kind": "container", "part": part_of(place).to_string(), "price": Decimal::new(*price, 4).to_string(),
            "per": FAMILIES[PARTS[place].2][0].name(), "every": "hour",
        });
        let rates: Vec<Value> = prices.iter().enumerate().map(rate).collect();
        let ask = |requests: &[Row], stock: &[(&str, Row)]| {
            let parts: Vec<Value> = requests
                .iter()
                .map(|row| json!({ "part": row.part().to_string(), "amount": row.quantity().to_string() }))
                .collect();
            let shelves: Vec<Value> = stock
                .iter()
                .map(|(cluster, row)| json!({
                    "part": row.part().to_string(), "cluster": cluster, "amount": row.quantity().to_string(),
                }))
                .collect();
            let mut input = json!({
                "card": { "revision": "r", "currency": "CNY", "rates": rates },
                "kind": "container",
                "parts": parts,
                "for": { "start": "2024-02-20T08:00:00Z", "end": window(hours * 3_600_000_000).end().to_string() },
                "stock": shelves,
                "rounding": rounding.to_string(),
            });
            if let Some(cluster) = cluster {
                input["cluster"] = CLUSTERS[cluster].into();
            }
            let answer = counterfoil::wire::evaluate("pricing.inquire_parts", &input.to_string());
            serde_json::from_str::<Value>(&answer).unwrap()
        };
        let plain: Vec<Row> = requests.iter().map(|(row, _)| row.clone()).collect();
        let respelled: Vec<Row> =
            requests.iter().map(|(row, respell)| if *respell { row.respelled() } else { row.clone() }).collect();
        let respelled_stock: Vec<(&str, Row)> = stock
            .iter()
            .map(|(cluster, row)| (*cluster, if respell_stock { row.respelled() } else { row.clone() }))
            .collect();
        let (here, there) = (ask(&plain, &stock), ask(&respelled, &respelled_stock));
        prop_assert!(here["ok"].is_object(), "{}", here);
        for fact in ["original", "payable", "subtotals", "limit"] {
            prop_assert_eq!(&here["ok"]["quote"][fact], &there["ok"]["quote"][fact]);
        }
        prop_assert_eq!(&here["ok"]["status"], &there["ok"]["status"]);
        for place in 0..plain.len() {
            let (one, other) = (&here["ok"]["parts"][place], &there["ok"]["parts"][place]);
            prop_assert_eq!(&one["subtotal"], &other["subtotal"]);
            prop_assert_eq!(&one["error"]["code"], &other["error"]["code"]);
            prop_assert!(one["subtotal"].is_string() != one["error"]["code"].is_string());
        }
        // A unit of the other spelling is so many of it.
        for (row, same) in plain.iter().zip(&respelled) {
            let factor = rating::conversion(row.unit.name(), same.unit.name()).unwrap();
            prop_assert_eq!(of(row.amount) * factor, of(same.amount));
        }
    }
}
