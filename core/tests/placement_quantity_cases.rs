//! The worked cases of Kubernetes quantities, and those of the reseller's units.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test: a fault must stop it, and it reads files"
)]

mod shared;

use counterfoil::{
    error::PlacementError,
    exact::{Exact, RoundingMode},
    placement::{Format, Resource, ResourceQuantity},
    units::{Quantity, Unit},
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Cases that are answered otherwise here, with what is required here and why.
fn exception(id: &str) -> Option<(Value, &'static str)> {
    Some(match id {
        "parse-472" => (json!("placement.quantity_exponent"), "R-A5 reads powers of ten up to 30"),
        "parse-473" => (json!("placement.quantity_exponent"), "R-A5 reads powers of ten from -30"),
        "parse-dos-1" => (json!("placement.quantity_exponent"), "the file leaves open which error it is"),
        "parse-474" => (
            json!({"canonical": "8Ei", "format": "BinarySI", "exact": "9223372036854775808", "value": null, "milli": null}),
            "D-A1: 8Ei is 2^63, and not capped to 2^63 - 1",
        ),
        "add-648" => (
            json!({"canonical": "10376293541461622785", "format": "BinarySI", "exact": "10376293541461622785"}),
            "D-A1: 9Ei is 9 * 2^60, and not capped to 2^63 - 1",
        ),
        "sub-649" => (
            json!({"canonical": "10376293541461622783", "format": "BinarySI", "exact": "10376293541461622783"}),
            "D-A1: 9Ei is 9 * 2^60, and not capped to 2^63 - 1",
        ),
        _ => return None,
    })
}

#[test]
fn every_case_of_kubernetes() {
    let Some(cases) = shared::cases("quantity.json", "cases", 143) else { return };
    let mut exceptions = 0;
    for mut case in cases {
        let id = case["id"].as_str().unwrap().to_owned();
        if let Some((required, reason)) = exception(&id) {
            exceptions += 1;
            println!("{id}: {reason}");
            assert_ne!(case["expect"], required, "{id} is no exception");
            let field = if required.is_string() { "error" } else { "expect" };
            case.as_object_mut().unwrap().remove("expect");
            case[field] = required;
        }
        check(&id, &case);
    }
    assert_eq!(exceptions, 6);
}

fn check(id: &str, case: &Value) {
    let text = |name: &str| case[name].as_str().unwrap_or_else(|| panic!("{id}: no {name}"));
    let read = |name: &str| text(name).parse::<ResourceQuantity>().unwrap_or_else(|error| panic!("{id}: {error}"));
    let scale = || i32::try_from(case["scale"].as_i64().unwrap()).unwrap();
    let expect = &case["expect"];
    match case["op"].as_str().unwrap() {
        "parse" => match case.get("error") {
            Some(error) => is_refused(id, text("input"), error.as_str().unwrap()),
            None => {
                let quantity = read("input");
                is_as_expected(id, &quantity, expect);
                is_or_overflows(id, quantity.value(), &expect["value"]);
                is_or_overflows(id, quantity.milli(), &expect["milli"]);
            }
        },
        "round_up" => {
            let (quantity, rounded) = (read("input"), read("input").round_up(scale()).unwrap());
            is_as_expected(id, &rounded, expect);
            assert_eq!(rounded == quantity, expect["exact_input_kept"], "{id}");
            assert_eq!(rounded.format(), quantity.format(), "{id}");
        }
        "cmp" => {
            let order = match read("a").cmp(&read("b")) {
                std::cmp::Ordering::Less => -1,
                std::cmp::Ordering::Equal => 0,
                std::cmp::Ordering::Greater => 1,
            };
            assert_eq!(order, *expect, "{id}");
            assert_eq!(read("a") == read("b"), *expect == 0, "{id}");
        }
        "add" => is_as_expected(id, &read("a").plus(&read("b")).unwrap(), expect),
        "sub" => is_as_expected(id, &read("a").minus(&read("b")).unwrap(), expect),
        "neg" => is_as_expected(id, &read("a").negated().unwrap(), expect),
        "scaled_value" => assert_eq!(read("a").scaled_value(scale()).unwrap(), *expect, "{id}"),
        "from_milli" => {
            let made = ResourceQuantity::from_milli(case["value"].as_i64().unwrap(), format(text("format")));
            is_as_expected(id, &made, expect);
        }
        "from_int" => {
            let made = ResourceQuantity::from_int(case["value"].as_i64().unwrap(), format(text("format")));
            is_as_expected(id, &made, expect);
        }
        other => panic!("{id}: nobody knows {other}"),
    }
}

fn is_as_expected(id: &str, quantity: &ResourceQuantity, expect: &Value) {
    assert_eq!(quantity.to_string(), expect["canonical"], "{id}");
    if let Some(exact) = expect["exact"].as_str() {
        assert_eq!(quantity.exact(), exact.parse::<Exact>().unwrap(), "{id}");
    }
    if let Some(name) = expect["format"].as_str() {
        assert_eq!(quantity.format(), format(name), "{id}");
    }
}

fn is_or_overflows(id: &str, value: Result<i64, PlacementError>, expect: &Value) {
    match value {
        Ok(value) => assert_eq!(value, *expect, "{id}"),
        Err(error) => {
            assert!(expect.is_null(), "{id}: {error}");
            assert_eq!(error.code(), "placement.quantity_overflow", "{id}");
        }
    }
}

fn is_refused(id: &str, text: &str, kind: &str) {
    let code = match kind {
        "format" => "placement.not_a_quantity",
        "suffix" => "placement.unknown_suffix",
        code => code,
    };
    let begun = Instant::now();
    let error = text.parse::<ResourceQuantity>().unwrap_err();
    assert!(begun.elapsed() < Duration::from_millis(500), "{id} took {:?}", begun.elapsed());
    assert_eq!(error.code(), code, "{id}");
}

fn format(name: &str) -> Format {
    let all = [Format::BinarySI, Format::DecimalSI, Format::DecimalExponent];
    all.into_iter().find(|format| format.name() == name).unwrap_or_else(|| panic!("no format {name}"))
}

#[test]
fn what_the_reseller_prints() {
    let Some(examples) = shared::examples("worked_examples.json", "id", &["reseller-unit-02"], 1) else { return };
    let texts = examples[0]["inputs"]["values"].as_array().unwrap();
    let expected = examples[0]["expected"]["cpu_milli_or_bytes"].as_array().unwrap();
    assert_eq!((texts.len(), expected.len()), (8, 8));
    for (text, expected) in texts.iter().map(|text| text.as_str().unwrap()).zip(expected) {
        // Figures of memory have a suffix by 1024, those of cpu have none.
        let of = if text.ends_with('i') { Resource::Memory } else { Resource::Cpu };
        let quantity = ResourceQuantity::parse_display(text, &of).unwrap();
        assert_eq!(of.amount(&quantity, RoundingMode::Floor).unwrap(), *expected, "{text}");
    }
}

/// `GB` is no suffix of a quantity: that the reseller's `8GB` are `8192Mi` is a conversion of units.
#[test]
fn the_resellers_gb() {
    let Some(examples) = shared::examples("worked_examples.json", "id", &["reseller-unit-01"], 1) else { return };
    let text = |name: &str| examples[0]["inputs"][name].as_str().unwrap();
    assert_eq!((text("value"), text("from"), text("to")), ("8", "GB", "Mi"));
    let mebibytes = Quantity::parse(text("value"), Unit::GiB).unwrap().to(text("to").parse().unwrap()).unwrap();
    assert_eq!(mebibytes.amount().to_string(), examples[0]["expected"]["value"].as_str().unwrap());
    assert_eq!(format!("{}Mi", mebibytes.amount()).parse(), "8Gi".parse::<ResourceQuantity>());
    assert_eq!("8GB".parse::<ResourceQuantity>().unwrap_err().code(), "placement.not_a_quantity");
}
