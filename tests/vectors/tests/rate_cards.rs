//! Card files in both formats, and the schema that editors read: what it lets pass is what the library reads.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

use counterfoil::{
    metering::{Kind, Model, Part},
    money::{Currency, Ratio},
    pricing::{Entry, Every, Limits, Percentage, Rate, RateCard, Shape, Tier, Validity, ZeroUsage},
    time::{Instant, MonthLength, Zone},
    units::{TimeUnit, Unit},
};
use counterfoil_vectors::workspace;
use jsonschema::Validator;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use std::{fs, sync::LazyLock};

static SCHEMA: LazyLock<(Value, Validator)> = LazyLock::new(|| {
    let text = fs::read_to_string(workspace().join("docs/rate-card.schema.json")).expect("the schema");
    let schema: Value = serde_json::from_str(&text).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    (schema, validator)
});

fn of_the_schema(card: &Value) -> bool {
    SCHEMA.1.is_valid(card)
}

/// A card of one rate.
fn card(rate: Value) -> Value {
    json!({ "revision": "1", "currency": "CNY", "rates": [rate] })
}

/// The rate of a disk, with other members and without those that are null.
fn rate(with: Value) -> Value {
    let mut rate = json!({ "kind": "disk", "part": "size", "per": "GiB", "every": "day", "price": "1" });
    for (name, value) in with.as_object().expect("members") {
        match value {
            Value::Null => rate.as_object_mut().expect("a rate").remove(name),
            value => rate.as_object_mut().expect("a rate").insert(name.clone(), value.clone()),
        };
    }
    rate
}

fn valid() -> Vec<Value> {
    let tiers = json!([{ "up_to": "5", "price": "1" }, { "price": "0.5", "flat": "2" }]);
    let mut cards: Vec<Value> = [
        json!({}),
        json!({ "sub_unit": "角", "free": "5", "minimum": "1", "maximum": "2", "zero_usage": "charged" }),
        json!({ "from": "2024-02-01T00:00:00Z", "to": "2024-03-01T08:00:00+08:00", "zero_usage": "free" }),
        json!({ "shape": "per_unit", "part": "gpu[A100]", "per": "卡", "every": "小时" }),
        json!({ "part": "gpu[A100]", "model": "STANDARD", "kind": "an own kind" }),
        json!({ "shape": "graduated", "tiers": tiers, "price": null }),
        json!({ "shape": "volume", "tiers": tiers, "price": null }),
        json!({ "shape": "stair_step", "tiers": [{ "up_to": "5", "flat": "1" }, { "flat": "2", "price": "0.00" }], "price": null }),
        json!({ "shape": "graduated", "tiers": [{ "percent": "1" }], "price": null, "per": "amount", "every": "once" }),
        json!({ "shape": "package", "package_size": "10" }),
        json!({ "shape": "percentage", "percent": "2.9", "per": "amount", "every": "month", "month": "fixed_30", "price": null }),
        json!({ "shape": "percentage", "percent": "2.9", "event_fee": "1", "event_minimum": "1", "event_maximum": "2", "per": "金额",
            "every": "once", "price": null }),
        json!({ "every": "month", "month": "fixed_30" }),
        json!({ "every": "月", "month": "to_month_end", "zone": "Asia/Shanghai" }),
        json!({ "every": "month", "month": "calendar", "anchor": "2024-01-31T00:00:00Z", "zone": "+08:00" }),
        json!({ "price": "-1.50", "minimum": "0" }),
        json!({ "price": "0000000000000000000000000000000000012.30", "free": "0.0" }),
        json!({ "from": "2024-02-29T23:59:59.123456000-03:30", "to": "2024-03-02t00:00:00z" }),
        json!({ "from": "2024-02-29 23:59:59.9Z" }),
        json!({ "shape": "package", "package_size": "0.10", "price": "-1" }),
        json!({ "shape": "percentage", "percent": "100.00", "per": "amount", "every": "once", "price": null }),
        json!({ "shape": "percentage", "percent": "0", "event_fee": "0", "per": "amount", "every": "once", "price": null }),
        json!({ "shape": "percentage", "percent": "099.5", "per": "amount", "every": "once", "price": null }),
        json!({ "shape": "graduated", "price": null, "tiers": [{ "up_to": "0.5", "price": "-1" }, { "flat": "-2" }] }),
    ]
    .map(|with| card(rate(with)))
    .into();
    cards.extend([
        json!({ "revision": "1", "currency": "XPT", "rates": [] }),
        json!({ "$schema": "x", "revision": "甲 \"乙\" \\", "currency": "CNY", "rates": [], "from": "2024-02-01T00:00:00Z",
            "to": "2024-03-01T00:00:00Z" }),
        json!({ "revision": "1", "currency": "CNY", "rates": [], "limits": { "an own kind": { "minimum": "1" }, "disk": {} } }),
    ]);
    cards
}

/// Cards of another form: the schema refuses them as the library does.
fn bad() -> Vec<Value> {
    let tiers = json!([{ "price": "1" }]);
    let mut cards: Vec<Value> = [
        json!({ "minimum": "-2" }),
        json!({ "maximum": "-0.01" }),
        json!({ "price": 1.5 }),
        json!({ "price": 1 }),
        json!({ "price": "1e3" }),
        json!({ "price": "1,000" }),
        json!({ "price": "" }),
        json!({ "price": ["1"] }),
        json!({ "price": null }),
        json!({ "prize": "1" }),
        json!({ "kind": null }),
        json!({ "kind": "" }),
        json!({ "kind": " disk" }),
        json!({ "part": null }),
        json!({ "per": null }),
        json!({ "per": "furlong" }),
        json!({ "every": null }),
        json!({ "every": "fortnight" }),
        json!({ "shape": "tiered" }),
        json!({ "shape": "graduated" }),
        json!({ "shape": "graduated", "price": null }),
        json!({ "shape": "graduated", "price": null, "tiers": [] }),
        json!({ "shape": "graduated", "tiers": tiers }),
        json!({ "shape": "graduated", "price": null, "tiers": [["5", "1"]] }),
        json!({ "shape": "graduated", "price": null, "tiers": [{ "price": "1", "percent": "1" }] }),
        json!({ "shape": "graduated", "price": null, "tiers": [{ "from": "0", "price": "1" }] }),
        json!({ "shape": "volume", "price": null, "tiers": tiers, "package_size": "1" }),
        json!({ "shape": "stair_step", "price": null, "tiers": tiers }),
        json!({ "tiers": tiers }),
        json!({ "package_size": "1" }),
        json!({ "percent": "1" }),
        json!({ "event_fee": "1" }),
        json!({ "shape": "package" }),
        json!({ "shape": "package", "price": null, "package_size": "1" }),
        json!({ "shape": "percentage", "per": "amount", "every": "once" }),
        json!({ "shape": "percentage", "price": null, "per": "amount", "every": "once" }),
        json!({ "shape": "percentage", "price": null, "percent": "1" }),
        json!({ "shape": "percentage", "price": null, "percent": "1", "event_fee": "1", "per": "amount" }),
        json!({ "every": "month" }),
        json!({ "every": "month", "month": "long" }),
        json!({ "every": "month", "month": "calendar" }),
        json!({ "every": "month", "month": "fixed_30", "anchor": "2024-01-31T00:00:00Z" }),
        json!({ "month": "fixed_30" }),
        json!({ "zone": "UTC" }),
        json!({ "anchor": "2024-01-31T00:00:00Z" }),
        json!({ "zero_usage": true }),
        json!({ "sub_unit": 1 }),
        json!({ "from": 20240201 }),
        json!({ "price": "-0.00" }),
        json!({ "price": "+1" }),
        json!({ "price": ".5" }),
        json!({ "price": "5." }),
        json!({ "price": "1_000" }),
        json!({ "price": "１" }),
        json!({ "price": "1".repeat(65) }),
        json!({ "free": "-1" }),
        json!({ "minimum": "-0" }),
        json!({ "from": "2024-02-01" }),
        json!({ "from": "tomorrow" }),
        json!({ "from": "2024-02-01T00:00:00" }),
        json!({ "from": "2024-13-01T00:00:00Z" }),
        json!({ "from": "2024-02-01T24:00:00Z" }),
        json!({ "from": "2024-02-01T00:00:60Z" }),
        json!({ "from": "2024-02-01T00:00:00.0000001Z" }),
        json!({ "from": "2024-02-01T00:00:00.Z" }),
        json!({ "from": "2024-02-01T00:00:00+0800" }),
        json!({ "from": "2024-02-01T00:00:00+24:00" }),
        json!({ "shape": "package", "package_size": "0" }),
        json!({ "shape": "package", "package_size": "-1" }),
        json!({ "shape": "package", "package_size": "0.00" }),
        json!({ "shape": "graduated", "price": null, "tiers": [{ "up_to": "0", "price": "1" }, { "price": "1" }] }),
        json!({ "shape": "graduated", "price": null, "tiers": [{ "up_to": "-5", "price": "1" }, { "price": "1" }] }),
        json!({ "shape": "stair_step", "price": null, "tiers": [] }),
        json!({ "shape": "stair_step", "price": null, "tiers": [{ "price": "-0.0", "flat": "1" }] }),
        json!({ "shape": "percentage", "percent": "100.01", "per": "amount", "every": "once", "price": null }),
        json!({ "shape": "percentage", "percent": "101", "per": "amount", "every": "once", "price": null }),
        json!({ "shape": "percentage", "percent": "-1", "per": "amount", "every": "once", "price": null }),
        json!({ "shape": "percentage", "percent": "1", "event_fee": "-1", "per": "amount", "every": "once", "price": null }),
        json!({ "shape": "percentage", "percent": "1", "event_minimum": "-1", "per": "amount", "every": "once", "price": null }),
        json!({ "shape": "percentage", "percent": "1", "event_maximum": "-1", "per": "amount", "every": "once", "price": null }),
    ]
    .map(|with| card(rate(with)))
    .into();
    cards.extend([
        json!({ "currency": "CNY", "rates": [] }),
        json!({ "revision": "1", "rates": [] }),
        json!({ "revision": "1", "currency": "CNY" }),
        json!({ "revision": 1, "currency": "CNY", "rates": [] }),
        json!({ "revision": "", "currency": "CNY", "rates": [] }),
        json!({ "revision": "1", "currency": "cny", "rates": [] }),
        json!({ "revision": "1", "currency": "CNY", "rates": {} }),
        json!({ "revision": "1", "currency": "CNY", "rates": [[]] }),
        json!({ "revision": "1", "currency": "CNY", "rates": [], "rate": [] }),
        json!({ "revision": "1", "currency": "CNY", "rates": [], "limits": { "disk": { "least": "1" } } }),
        json!({ "revision": "1", "currency": "CNY", "rates": [], "limits": { "disk": { "minimum": 1 } } }),
        json!({ "revision": "1", "currency": "CNY", "rates": [], "limits": { " ": {} } }),
        json!({ "revision": "1", "currency": "CNY", "rates": [], "limits": [] }),
        json!({ "revision": "1", "currency": "CNY", "rates": [], "from": 1 }),
    ]);
    cards
}

#[test]
fn what_is_of_the_schema_is_read_in_both_formats_and_nothing_else() {
    for value in valid() {
        assert!(of_the_schema(&value), "the schema refuses {value}");
        let of_json = RateCard::from_json(&value.to_string()).unwrap_or_else(|error| panic!("{error}: {value}"));
        let of_toml = RateCard::from_toml(&toml(&value)).unwrap_or_else(|error| panic!("{error}: {value}"));
        assert_eq!(of_json, of_toml, "{value}");
        assert_writes(&of_json);
    }
    for value in bad() {
        assert!(!of_the_schema(&value), "the schema lets {value} pass");
        for read in [RateCard::from_json(&value.to_string()), RateCard::from_toml(&toml(&value))] {
            assert_eq!(read.expect_err(&value.to_string()).code(), "pricing.bad_card", "{value}");
        }
    }
    assert_eq!((valid().len(), bad().len()), (27, 94));
}

/// In JSON, null is as good as nothing; TOML has no such thing.
#[test]
fn null_is_left_out() {
    let mut members = rate(json!({})).as_object().cloned().expect("members");
    for name in ["model", "tiers", "package_size", "percent", "event_fee", "sub_unit", "month", "zone", "free", "from"]
    {
        members.insert(name.to_owned(), Value::Null);
    }
    let with_nulls = card(Value::Object(members));
    assert!(of_the_schema(&with_nulls));
    assert_eq!(RateCard::from_json(&with_nulls.to_string()), RateCard::from_json(&card(rate(json!({}))).to_string()));
}

/// What must be there is not there where it is null.
#[test]
fn null_is_as_bad_as_nothing() {
    for (members, needed) in [
        (json!({}), "kind"),
        (json!({}), "part"),
        (json!({}), "per"),
        (json!({}), "every"),
        (json!({}), "price"),
        (json!({}), "shape"),
        (json!({}), "zero_usage"),
        (json!({ "shape": "graduated", "price": null }), "tiers"),
        (json!({ "shape": "volume", "price": null }), "tiers"),
        (json!({ "shape": "stair_step", "price": null }), "tiers"),
        (json!({ "shape": "package", "package_size": "1" }), "price"),
        (json!({ "shape": "package" }), "package_size"),
        (json!({ "shape": "percentage", "price": null, "per": "amount", "every": "once" }), "percent"),
        (json!({ "every": "month" }), "month"),
        (json!({ "every": "month", "month": "calendar" }), "anchor"),
    ] {
        let mut members = rate(members).as_object().cloned().expect("members");
        members.insert(needed.to_owned(), Value::Null);
        let with_null = card(Value::Object(members));
        assert!(!of_the_schema(&with_null), "the schema lets {with_null} pass");
        let error = RateCard::from_json(&with_null.to_string()).expect_err(needed);
        assert_eq!(error.code(), "pricing.bad_card", "{with_null}");
    }
    for (card, good) in [
        (json!({ "revision": "1", "currency": "CNY", "rates": null }), false),
        (json!({ "revision": null, "currency": "CNY", "rates": [] }), false),
        (json!({ "revision": "1", "currency": "CNY", "rates": [null] }), false),
        (json!({ "revision": "1", "currency": "CNY", "rates": [], "limits": { "disk": null } }), false),
        (
            json!({ "revision": "1", "currency": "CNY", "rates": [], "limits": null, "from": null, "$schema": null }),
            true,
        ),
    ] {
        assert_eq!(of_the_schema(&card), good, "{card}");
        assert_eq!(RateCard::from_json(&card.to_string()).is_ok(), good, "{card}");
    }
}

#[test]
fn the_schema_names_what_the_library_knows() {
    let named = |member: &str| {
        let names = SCHEMA.0["$defs"]["rate"]["properties"][member]["enum"].as_array().expect(member);
        names.iter().filter_map(Value::as_str).collect::<Vec<_>>()
    };
    let (units, times) = (named("per"), named("every"));
    assert!(units.iter().all(|unit| unit.parse::<Unit>().is_ok()));
    assert!(Unit::all().all(|unit| units.contains(&unit.name())));
    assert!(times.iter().all(|time| time.parse::<TimeUnit>().is_ok()));
    assert!(TimeUnit::ALL.iter().all(|time| times.contains(&time.name())));
}

#[test]
fn the_card_of_the_page_is_one_card_in_both_formats() {
    let page = fs::read_to_string(workspace().join("docs/rate-cards.md")).expect("the page");
    let block = |language: &str| {
        let (_, from) = page.split_once(&format!("```{language}\n")).expect(language);
        from.split_once("```").expect("an end").0
    };
    let (of_toml, of_json) = (RateCard::from_toml(block("toml")), RateCard::from_json(block("json")));
    let card = of_toml.expect("the card in TOML");
    assert_eq!(Ok(&card), of_json.as_ref());
    assert!(of_the_schema(&serde_json::from_str(block("json")).expect("JSON")));
    assert_eq!(card.entries().len(), 4);
    assert_writes(&card);
    // Every member that the schema knows is on the page.
    for of in [&SCHEMA.0, &SCHEMA.0["$defs"]["rate"], &SCHEMA.0["$defs"]["tier"], &SCHEMA.0["$defs"]["limits"]] {
        for name in of["properties"].as_object().expect("members").keys() {
            assert!(page.contains(&format!("`{name}`")), "the page says nothing of `{name}`");
        }
    }
}

/// What is written is read back, in the form of the schema, and written again as the same text.
fn assert_writes(card: &RateCard) {
    let (as_toml, as_json) = (card.to_toml(), card.to_json());
    let of_toml = RateCard::from_toml(&as_toml).unwrap_or_else(|error| panic!("{error}\n{as_toml}"));
    let of_json = RateCard::from_json(&as_json).unwrap_or_else(|error| panic!("{error}\n{as_json}"));
    assert_eq!((&of_toml, &of_json), (card, card));
    assert_eq!((of_json.to_toml(), of_toml.to_json()), (as_toml, as_json.clone()));
    assert!(of_the_schema(&serde_json::from_str(&as_json).expect("JSON")), "{as_json}");
}

/// The same value in TOML, on one line each.
fn toml(value: &Value) -> String {
    fn inline(value: &Value) -> String {
        match value {
            Value::Array(values) => format!("[{}]", values.iter().map(inline).collect::<Vec<_>>().join(", ")),
            Value::Object(members) => {
                let members =
                    members.iter().map(|(key, value)| format!("{} = {}", Value::from(key.as_str()), inline(value)));
                format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
            }
            plain => plain.to_string(),
        }
    }
    let members: &Map<String, Value> = value.as_object().expect("a card");
    members.iter().map(|(key, value)| format!("{} = {}\n", Value::from(key.as_str()), inline(value))).collect()
}

fn decimals() -> impl Strategy<Value = Decimal> {
    (0_i64..=i64::MAX, 0_u32..=12).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,8}", r#"[a-z"\\\[\].='#é甲]{1,8}"#].prop_map(|name| name.trim().to_owned())
}

fn instants() -> impl Strategy<Value = Instant> {
    (Instant::MIN.micros()..=Instant::MAX.micros()).prop_map(|micros| Instant::from_micros(micros).expect("in range"))
}

fn zones() -> impl Strategy<Value = Zone> {
    prop::sample::select(vec!["UTC", "+08:00", "-03:30", "Asia/Shanghai", "Europe/Berlin"])
        .prop_map(|zone| zone.parse().expect("a zone"))
}

fn everies() -> impl Strategy<Value = Every> {
    prop_oneof![
        prop::sample::select(vec![Every::Second, Every::Minute, Every::Hour, Every::Day, Every::Once]),
        Just(Every::Month(MonthLength::Fixed30)),
        zones().prop_map(|zone| Every::Month(MonthLength::ToMonthEnd { zone })),
        (instants(), zones()).prop_map(|(anchor, zone)| Every::Month(MonthLength::Calendar { anchor, zone })),
    ]
}

fn tiers(priced: bool) -> impl Strategy<Value = Vec<Tier>> {
    let bounds = prop::collection::btree_set(1_i64..1_000_000, 0..4);
    (bounds, prop::collection::vec((decimals(), decimals()), 5), 0_u32..3).prop_map(move |(bounds, amounts, scale)| {
        let bounds = bounds.into_iter().map(|bound| Some(Decimal::new(bound, scale))).chain([None]);
        let price = |price: Decimal| if priced { price } else { Decimal::ZERO };
        let tier = |(up_to, (of_unit, flat)): (Option<Decimal>, (Decimal, Decimal))| Tier {
            up_to,
            price: price(of_unit),
            flat,
        };
        bounds.zip(amounts).map(tier).collect()
    })
}

fn rates() -> impl Strategy<Value = Rate> {
    let percentage = (0_i64..=10_000, 4_u32..=6, decimals(), proptest::option::of(decimals())).prop_map(
        |(ratio, scale, fee, maximum)| {
            let ratio = Ratio::new(Decimal::new(ratio, scale)).expect("a ratio");
            let shape = Shape::percentage(Percentage { fee, maximum, ..Percentage::of(ratio) }).expect("a percentage");
            Rate::shaped(shape, Unit::Amount, Every::Once)
        },
    );
    let shapes = prop_oneof![
        decimals().prop_map(Shape::per_unit),
        (decimals(), decimals()).prop_map(|(size, price)| Shape::package(size + Decimal::ONE, price).expect("a size")),
        tiers(true).prop_map(|tiers| Shape::graduated(&tiers).expect("tiers")),
        tiers(true).prop_map(|tiers| Shape::volume(&tiers).expect("tiers")),
        tiers(false).prop_map(|tiers| Shape::stair_step(&tiers).expect("tiers")),
    ];
    let units = prop::sample::select(Unit::all().collect::<Vec<_>>());
    let shaped = (shapes, units, everies()).prop_map(|(shape, per, every)| Rate::shaped(shape, per, every));
    (prop_oneof![4 => shaped, 1 => percentage], decimals(), proptest::option::of(decimals()), any::<bool>()).prop_map(
        |(rate, free, minimum, charged)| Rate {
            free: if charged { free } else { Decimal::ZERO },
            maximum: minimum.map(|minimum| minimum + Decimal::TEN),
            minimum,
            zero: if charged { ZeroUsage::Charged } else { ZeroUsage::Free },
            ..rate
        },
    )
}

prop_compose! {
    fn cards()(
        revision in names(),
        entries in prop::collection::btree_map((names(), names(), proptest::option::of(names())), rates(), 0..5),
        limits in prop::collection::btree_map(names(), (decimals(), any::<bool>()), 0..3),
        at in instants(),
        bounded in any::<(bool, bool)>(),
    ) -> RateCard {
        let bound = |on: bool, by: i64| on.then(|| at.plus_micros(by).ok()).flatten();
        let validity = Validity { from: bound(bounded.0, 0), to: bound(bounded.1, 1) };
        let entries = entries.into_iter().map(|((kind, dimension, model), rate)| Entry {
            kind: kind.parse::<Kind>().expect("a kind"),
            part: Part {
                dimension: dimension.parse().expect("a dimension"),
                model: model.map_or(Model::Standard, |model| model.parse().expect("a model")),
            },
            rate,
            from: validity.from,
            to: validity.to,
        });
        let currency: Currency = "CNY".parse().expect("a currency");
        let mut card = RateCard::new(revision.parse().expect("a name"), currency, entries).expect("a card");
        for (kind, (minimum, on)) in limits {
            let minimum = on.then_some(minimum);
            card = card.with_limits(kind.parse().expect("a kind"), Limits { minimum, maximum: None }).expect("limits");
        }
        card.with_validity(validity).expect("a validity")
    }
}

proptest! {
    /// read(write(card)) == card, whatever the names and the numbers.
    #[test]
    fn a_card_that_is_written_is_read_back(card in cards()) {
        assert_writes(&card);
    }
}
