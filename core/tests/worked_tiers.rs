//! Every case of tiers, volume, graduated amounts, packages and percentages of the shared worked cases, each in the
//! convention in which its system writes it (R-P3). Where a convention is refused, the reason stands here.
//!
//! The folder is not part of the project: without it these tests say that they skip.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test: a fault must stop it, and it reads files"
)]

mod shared;

use counterfoil::{
    error::PricingError,
    exact::{Exact, decimal},
    money::Ratio,
    pricing::{Every, LowerBounds, Percentage, Rate, Shape, Tier, TierBlock, TierSpan, TierStart, ZeroUsage},
    units::Unit,
};
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::BTreeMap;

/// What is of other rules: proration, allocation, credits, anchors.
const OF_OTHER_RULES: [&str; 27] = [
    "lago-trueup-25of28",
    "lago-wallet-scope",
    "lago-anchor-27",
    "lago-period-tz",
    "om-alloc-3",
    "kb-prorate-2023-06-23",
    "kb-prorate30-2023-05-23",
    "kb-prorate30-2023-02-23",
    "kb-prorate30-2023-05-15",
    "kb-double-proration",
    "mt-alloc-over",
    "fp-upgrade",
    "fp-seats",
    "ns-alloc-15",
    "ns-source-alloc",
    "ns-mixed-77-src",
    "ns-mixed-77-dst",
    "ns-cascade",
    "ns-cap",
    "ns-overdraft-bound",
    "dj-1003",
    "dj-mga-5-1-3",
    "dj-892",
    "php-alloc-order",
    "autumn-3407",
    "kb-0.35",
    "ck-hashmap-2",
];

/// What a case comes to here.
enum Outcome {
    /// It holds, in its own convention.
    Holds,
    /// Its convention is refused as it is: with the code, what is said, and what holds instead.
    Refused { code: &'static str, says: &'static str, instead: &'static str },
}
use Outcome::{Holds, Refused};

type Case = (&'static str, fn(&Value, &Value) -> Outcome);

const CASES: [Case; 20] = [
    ("lago-volume-100.5", |inputs, expected| {
        let shape = Shape::volume(&Tier::from_inclusive(&spans(inputs)).unwrap()).unwrap();
        same(&amount(shape, inputs), &expected["amount"])
    }),
    ("lago-package-free0", package),
    ("lago-package-free10", package),
    ("lago-gradpct-0", graduated_percentage),
    ("lago-gradpct-11", graduated_percentage),
    ("om-graduated-max", |inputs, expected| {
        // A usage is billed as the difference of two totals; the maximum is of the whole.
        let rate = Rate { maximum: Some(number(&inputs["maximum"])), ..rate(graduated(up_to(inputs))) };
        let shape = rate.shape.clone();
        let whole = |units: i64| rate.amount(&units.into()).unwrap();
        let before = whole(12);
        same(&before, &inputs["already_billed"]);
        let line = |from: i64, to: i64| {
            let of = |units: i64| shape.amount(&units.into(), ZeroUsage::Free).unwrap();
            of(to).minus(&of(from)).unwrap()
        };
        same(&line(12, 15), &expected["line_tier3"]);
        same(&line(15, 22), &expected["line_tier4"]);
        let discounts = exact(&expected["discount_tier3"]).plus(&exact(&expected["discount_tier4"])).unwrap();
        let lines = line(12, 15).plus(&line(15, 22)).unwrap();
        assert_eq!(lines.minus(&discounts).unwrap(), exact(&expected["billed"]));
        same(&whole(22).minus(&before).unwrap(), &expected["billed"])
    }),
    ("om-volume-5", volume_up_to),
    ("om-volume-15", volume_up_to),
    ("om-package-min", |inputs, expected| {
        let least =
            Rate { minimum: Some(number(&inputs["minimum"])), zero: ZeroUsage::Charged, ..rate(package_of(inputs)) };
        // The package of a usage of nothing has no started block; the minimum is due all the same.
        same(&least.amount(&exact(&inputs["units"])).unwrap(), &expected["minimum_line"])
    }),
    ("kb-toptier-blocks-300000", |inputs, expected| {
        let blocks: Vec<TierBlock> = list(&inputs["tiers_blocks"])
            .map(|tier| TierBlock { size: number(&tier["block"]), price: number(&tier["price"]) })
            .collect();
        let refused = Shape::from_blocks(&blocks).unwrap_err();
        assert_eq!(refused.code(), "pricing.unsupported_tiers");
        // 300,000 units are above all three tiers, and all of them have the price of the top one.
        let top = Shape::from_blocks(&blocks[2..]).unwrap();
        same(&amount(top, inputs), &expected["amount"]);
        Refused {
            code: refused.code(),
            says: "blocks",
            instead: "the top tier by itself is a package, and gives the amount",
        }
    }),
    ("kb-late-usage-delta", |inputs, expected| {
        let rate = rate(Shape::package(number(&inputs["block"]), number(&inputs["price"])).unwrap());
        let points: Vec<Exact> = list(&inputs["usage_points"]).map(exact).collect();
        let total = rate.amount_of_events(&points).unwrap();
        same(&total, &expected["amount_total"]);
        same(&total.minus(&exact(&inputs["already_billed"])).unwrap(), &expected["to_bill_now"])
    }),
    ("kb-719", |inputs, expected| {
        let tiers = up_to(inputs);
        let refused = Shape::graduated(&tiers).unwrap_err();
        assert!(matches!(refused, PricingError::BadTiers { tier: 2, .. }), "{refused}");
        let open = last_open(tiers);
        same(&amount(Shape::graduated(&open).unwrap(), inputs), &expected["graduated"]);
        same(&amount(Shape::volume(&open).unwrap(), inputs), &expected["volume"]);
        Refused {
            code: refused.code(),
            says: "take all the rest",
            instead: "the last bound is where the table stops printing prices: left out, both amounts hold",
        }
    }),
    ("mt-graduated-150", |inputs, expected| {
        same(&amount(lower_bounds(inputs).graduated().unwrap(), inputs), &expected["amount"])
    }),
    ("mt-volume-gap-99.5", |inputs, expected| {
        let tiers = lower_bounds(inputs);
        let refused = tiers.volume().unwrap_err();
        let volume = Shape::volume(tiers.with_bounds_in_lower_tiers()).unwrap();
        same(&amount(volume, inputs), &expected["continuous_rule_gives"]);
        assert_eq!(expected["peer_rule_gives"], "0"); // a gap, which R-P3 does not have
        Refused {
            code: refused.code(),
            says: "at a bound",
            instead: "with each bound in its lower tier, said aloud, 99.5 units cost what they should",
        }
    }),
    ("mt-flat-fee", |inputs, expected| {
        same(&amount(lower_bounds(inputs).graduated().unwrap(), inputs), &expected["amount"])
    }),
    ("mt-package-45", package),
    ("stripe-volume-1", volume_up_to),
    ("stripe-volume-6", volume_up_to),
    ("stripe-package-1", package),
    ("stripe-150min", |inputs, expected| {
        assert_eq!(inputs["round"], "up");
        let hour = Shape::package(60.into(), number(&inputs["per_hour"])).unwrap();
        same(&rate(hour).amount(&inputs["minutes"].as_i64().unwrap().into()).unwrap(), &expected["amount"])
    }),
];

#[test]
fn every_peer_case_of_a_shape_holds_or_is_refused_with_a_reason() {
    let Some(examples) = shared::cases("billing_peers.json", "examples", 48) else { return };
    let examples: BTreeMap<&str, &Value> = examples.iter().map(|case| (text(&case["id"]), case)).collect();
    let mut refused = Vec::new();
    for (id, check) in CASES {
        let case = examples[id];
        if let Refused { code, says, instead } = check(&case["inputs"], &case["expected"]) {
            refused.push((id, code));
            println!("{id}: {code} ({says}); {instead}");
        }
    }
    assert_eq!(
        refused,
        [
            ("kb-toptier-blocks-300000", "pricing.unsupported_tiers"),
            ("kb-719", "pricing.bad_tiers"),
            ("mt-volume-gap-99.5", "pricing.unsupported_tiers"),
        ]
    );
    // R-P3 has a percentage of each event, with a maximum: ten per cent of 500, at most 10.
    let fee = &examples["ns-fee-cap"];
    let capped = Percentage {
        maximum: Some(fee["inputs"]["cap"].as_i64().unwrap().into()),
        ..Percentage::of(Ratio::percent(10.into()).unwrap())
    };
    let rate = Rate::shaped(Shape::percentage(capped).unwrap(), Unit::Amount, Every::Once);
    let amount: Exact = fee["inputs"]["amount"].as_i64().unwrap().into();
    let charged = rate.amount_of_events(std::slice::from_ref(&amount)).unwrap();
    assert_eq!(charged, fee["expected"]["fee"].as_i64().unwrap().into());
    assert_eq!(amount.minus(&charged).unwrap(), fee["expected"]["rest"].as_i64().unwrap().into());
    // Every other case is of another rule, by name: a new one has to be placed.
    for id in examples.keys() {
        let known = CASES.iter().any(|(known, _)| known == id) || OF_OTHER_RULES.contains(id) || *id == "ns-fee-cap";
        assert!(known, "{id} is placed nowhere");
    }
}

#[test]
fn the_tiered_prices_of_the_worked_examples() {
    let Some(examples) = shared::cases("worked_examples.json", "examples", 86) else { return };
    let tiered: Vec<&Value> = examples.iter().filter(|case| case["op"] == "tiered_price").collect();
    for case in &tiered {
        let inputs = &case["inputs"];
        let tiers: Vec<Tier> =
            list(&inputs["tiers"]).map(|tier| Tier::up_to(text(&tier[0]), text(&tier[1])).unwrap()).collect();
        let of = |tiers: &[Tier]| match text(&inputs["mode"]) {
            "graduated" => Shape::graduated(tiers),
            "volume" => Shape::volume(tiers),
            other => panic!("tiers of `{other}`"),
        };
        // Refused as printed: nothing says what the units above the last bound cost.
        assert_eq!(of(&tiers).unwrap_err().code(), "pricing.bad_tiers");
        let shape = of(&last_open(tiers)).unwrap();
        let amount = shape.amount(&exact(&inputs["quantity"]), ZeroUsage::Free).unwrap();
        same(&amount, &case["expected"]["amount"]);
    }
    assert_eq!(tiered.len(), 2);
}

fn graduated_percentage(inputs: &Value, expected: &Value) -> Outcome {
    let tiers = Tier::from_inclusive(&spans(inputs)).unwrap();
    let rate = Rate { zero: ZeroUsage::Charged, ..Rate::shaped(graduated(tiers), Unit::Amount, Every::Once) };
    same(&rate.amount(&exact(&inputs["units"])).unwrap(), &expected["amount"])
}

fn volume_up_to(inputs: &Value, expected: &Value) -> Outcome {
    same(&amount(Shape::volume(&up_to(inputs)).unwrap(), inputs), &expected["amount"])
}

fn package(inputs: &Value, expected: &Value) -> Outcome {
    let free = inputs.get("free_units").map(number).unwrap_or_default();
    let rate = Rate { free, ..rate(package_of(inputs)) };
    same(&rate.amount(&exact(&inputs["units"])).unwrap(), &expected["amount"])
}

fn package_of(inputs: &Value) -> Shape {
    Shape::package(number(&inputs["package_size"]), number(&inputs["package_price"])).unwrap()
}

fn graduated(tiers: Vec<Tier>) -> Shape {
    Shape::graduated(&tiers).unwrap()
}

fn rate(shape: Shape) -> Rate {
    Rate::shaped(shape, Unit::Count, Every::Once)
}

fn amount(shape: Shape, inputs: &Value) -> Exact {
    rate(shape).amount(&exact(&inputs["units"])).unwrap()
}

/// `from … to`, with a price or so many of a hundred.
fn spans(inputs: &Value) -> Vec<TierSpan> {
    let span = |tier: &Value| TierSpan {
        from: number(&tier["from"]),
        to: (!tier["to"].is_null()).then(|| number(&tier["to"])),
        price: match tier.get("unit") {
            Some(price) => number(price),
            None => Tier::percent_rest(text(&tier["rate_percent"])).unwrap().price,
        },
        flat: number(&tier["flat"]),
    };
    list(&inputs["tiers_inclusive"]).map(span).collect()
}

fn up_to(inputs: &Value) -> Vec<Tier> {
    let tier = |tier: &Value| Tier {
        up_to: (!tier["up_to"].is_null()).then(|| number(&tier["up_to"])),
        price: number(&tier["unit"]),
        flat: tier.get("flat").map(number).unwrap_or_default(),
    };
    list(&inputs["tiers_up_to"]).map(tier).collect()
}

fn lower_bounds(inputs: &Value) -> LowerBounds {
    let start = |tier: &Value| TierStart {
        from: number(&tier["from"]),
        price: number(&tier["unit"]),
        flat: tier.get("flat").map(number).unwrap_or_default(),
    };
    LowerBounds::new(&list(&inputs["tiers_from"]).map(start).collect::<Vec<_>>()).unwrap()
}

fn last_open(mut tiers: Vec<Tier>) -> Vec<Tier> {
    tiers.last_mut().unwrap().up_to = None;
    tiers
}

fn same(amount: &Exact, wanted: &Value) -> Outcome {
    assert_eq!(*amount, exact(wanted));
    Holds
}

fn exact(value: &Value) -> Exact {
    text(value).parse().unwrap()
}

fn number(value: &Value) -> Decimal {
    decimal::parse(text(value)).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}
