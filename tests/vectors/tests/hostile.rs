//! Whatever comes in, an answer comes out: vectors are bent out of shape, as values and as text.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

use counterfoil::{error::catalogue, wire::evaluate, wire::operations};
use counterfoil_vectors::{Vector, vectors};
use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::LazyLock};

static VECTORS: LazyLock<Vec<Vector>> = LazyLock::new(|| vectors().expect("the vectors can be read"));
static CODES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| catalogue().map(|entry| entry.code).collect());

/// An answer is JSON, is the same every time, and is `ok` or an error of the catalogue.
fn check(operation: &str, input: &str) -> Result<(), TestCaseError> {
    let text = evaluate(operation, input);
    prop_assert_eq!(&text, &evaluate(operation, input));
    let answer: Value = serde_json::from_str(&text).map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
    let members: Vec<&String> = answer.as_object().expect("an answer is an object").keys().collect();
    if members == ["ok"] {
        return Ok(());
    }
    prop_assert_eq!(members, ["error"]);
    let error = &answer["error"];
    prop_assert!(error["code"].as_str().is_some_and(|code| CODES.contains(code)), "{}", text);
    prop_assert!(error["details"].as_object().is_some_and(|facts| facts.values().all(Value::is_string)));
    prop_assert!(text.len() < 10_000, "an error stays readable: {} bytes", text.len());
    Ok(())
}

fn hostile_value() -> impl Strategy<Value = Value> {
    let texts = prop_oneof![
        Just("NaN".to_owned()),
        Just("-0.00".to_owned()),
        Just("1/0".to_owned()),
        Just("-1/3".to_owned()),
        Just(format!("{}/{}", "9".repeat(600), "7".repeat(600))),
        Just("79228162514264337593543950335".to_owned()),
        Just("-79228162514264337593543950335 CNY".to_owned()),
        Just("0.0000000000000000000000000001 GiB".to_owned()),
        Just("79228162514264337593543950335 EiB".to_owned()),
        Just("1 milli_core".to_owned()),
        Just("0001-01-01T00:00:00Z".to_owned()),
        Just("9999-12-31T23:59:59.999999Z".to_owned()),
        Just("0001-01-01".to_owned()),
        Just("9999-12-31".to_owned()),
        Just("Pacific/Apia".to_owned()),
        Just("up 0.0000000000000000000000000001 line_carry".to_owned()),
        ".{0,40}",
        "-?[0-9]{1,29}(\\.[0-9]{1,28})?( CNY)?",
    ];
    prop_oneof![
        4 => texts.prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => Just(json!(1.5)),
        1 => Just(json!([])),
        1 => Just(json!({})),
        1 => Just(json!([[["1"]]])),
    ]
}

/// How many values are in a value, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(values) => values.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// Puts another value in the place of one, by its number.
fn replace(value: &mut Value, place: &mut usize, by: &Value) {
    if *place == 0 {
        *value = by.clone();
    }
    *place = place.wrapping_sub(1);
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| replace(value, place, by)),
        Value::Object(members) => members.values_mut().for_each(|value| replace(value, place, by)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_text_to_any_operation(place in any::<Index>(), name in ".{0,20}", known in any::<bool>(), input in ".{0,200}") {
        let operation = if known { place.get(operations()).name } else { &name };
        check(operation, &input)?;
    }

    #[test]
    fn a_vector_of_another_operation(vector in any::<Index>(), operation in any::<Index>()) {
        check(operation.get(operations()).name, &vector.get(&VECTORS).input.to_string())?;
    }

    #[test]
    fn a_vector_with_other_values(
        vector in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), hostile_value()), 1..4),
    ) {
        let Vector { op, input, .. } = vector.get(&VECTORS);
        let mut input = input.clone();
        for (place, by) in changes {
            let mut place = place.index(count(&input));
            replace(&mut input, &mut place, &by);
        }
        check(op, &input.to_string())?;
    }

    #[test]
    fn a_vector_with_other_text(
        vector in any::<Index>(),
        edits in prop::collection::vec((any::<Index>(), any::<Index>(), ".{0,3}"), 1..4),
    ) {
        let Vector { op, input, .. } = vector.get(&VECTORS);
        let mut text: Vec<char> = input.to_string().chars().collect();
        for (from, length, by) in edits {
            let from = from.index(text.len() + 1);
            let to = from + length.index(text.len() - from + 1).min(4);
            text.splice(from..to, by.chars());
        }
        check(op, &text.into_iter().collect::<String>())?;
    }
}
