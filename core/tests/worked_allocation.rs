//! Every case of allocation of the shared worked cases (R-M4). Where a convention is refused, the reason stands here.
//!
//! The folder is not part of the project: without it this test says that it skips.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test: a fault must stop it, and it reads files"
)]

mod shared;

use counterfoil::{exact::decimal, money::allocate};
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::BTreeSet;

/// A case, its amount, weights and step, what R-M4 says, and whether the other system says so too.
struct Case {
    id: &'static str,
    amount: &'static str,
    weights: &'static [&'static str],
    step: &'static str,
    parts: &'static [&'static str],
    agrees: bool,
}

const CASES: [Case; 11] = [
    Case {
        id: "om-alloc-3",
        amount: "0.01",
        weights: &["100", "1"],
        step: "0.01",
        parts: &["0.01", "0.00"],
        agrees: true,
    },
    // A discount of 4000 on lines of 1000 and 2000: no more than the lines, and then all of each.
    Case {
        id: "mt-alloc-over",
        amount: "3000",
        weights: &["1000", "2000"],
        step: "1",
        parts: &["1000", "2000"],
        agrees: true,
    },
    Case {
        id: "dj-892",
        amount: "3",
        weights: &["3002399751580333", "1000000000000000", "501199875790167"],
        step: "1",
        parts: &["2", "1", "0"],
        agrees: true,
    },
    // The first takes the rest: refused, because who stands first is not who is owed most.
    Case {
        id: "ns-alloc-15",
        amount: "15",
        weights: &["80", "8", "12"],
        step: "1",
        parts: &["12", "1", "2"],
        agrees: false,
    },
    Case {
        id: "ns-source-alloc",
        amount: "100",
        weights: &["60", "35.5", "4.5"],
        step: "1",
        parts: &["60", "36", "4"],
        agrees: false,
    },
    Case {
        id: "ns-mixed-77-src",
        amount: "77",
        weights: &["10", "20", "70"],
        step: "1",
        parts: &["8", "15", "54"],
        agrees: false,
    },
    // Of equal remainders the first takes the rest here too.
    Case { id: "ns-mixed-77-dst", amount: "77", weights: &["1", "1"], step: "1", parts: &["39", "38"], agrees: true },
    Case { id: "php-alloc-order", amount: "5", weights: &["3", "7"], step: "1", parts: &["2", "3"], agrees: true },
    Case { id: "php-alloc-order", amount: "5", weights: &["7", "3"], step: "1", parts: &["4", "1"], agrees: true },
    // The largest ratio takes the rest: refused as a rule, and in these cases it is the largest remainder too.
    Case { id: "dj-1003", amount: "1003", weights: &["50", "50"], step: "1", parts: &["502", "501"], agrees: true },
    Case { id: "dj-mga-5-1-3", amount: "5", weights: &["1", "3"], step: "1", parts: &["1", "4"], agrees: true },
];

#[test]
fn every_allocation_of_the_worked_cases() {
    let Some(file) = shared::file("billing_peers.json") else { return };
    let examples = file["examples"].as_array().unwrap();
    let topics: BTreeSet<&str> = examples
        .iter()
        .filter(|example| example["topic"].as_str().unwrap().starts_with("allocation"))
        .map(|example| example["id"].as_str().unwrap())
        .collect();
    assert_eq!(topics, CASES.iter().map(|case| case.id).collect(), "each is named above");

    for case in &CASES {
        let example = examples.iter().find(|example| example["id"] == case.id).expect(case.id);
        let parts = allocated(case.amount, case.weights, case.step);
        assert_eq!(parts, numbers(case.parts), "{}", case.id);
        check_inputs(case, &example["inputs"]);

        let theirs = theirs(case, &example["expected"]);
        assert_eq!(theirs == parts, case.agrees, "{}: {theirs:?} there, {parts:?} here", case.id);
        if let Some(exact) = example["exact"].as_object() {
            let exact: Vec<Decimal> = exact.values().flat_map(|parts| parts.as_array().unwrap()).map(number).collect();
            assert_eq!(exact, parts, "{}", case.id);
        }
    }
}

/// What is left goes to the largest remainder, not to the largest weight: 4 by 6 : 1 : 1 is 3, 0.5 and 0.5.
#[test]
fn the_largest_weight_is_not_the_largest_remainder() {
    assert_eq!(allocated("4", &["6", "1", "1"], "1"), numbers(&["3", "1", "0"])); // and not 4, 0, 0
}

fn allocated(amount: &str, weights: &[&str], step: &str) -> Vec<Decimal> {
    allocate(decimal::parse(amount).unwrap(), &numbers(weights), decimal::parse(step).unwrap()).unwrap()
}

fn numbers(texts: &[&str]) -> Vec<Decimal> {
    texts.iter().map(|text| decimal::parse(text).unwrap()).collect()
}

fn number(value: &Value) -> Decimal {
    decimal::parse(value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str()).unwrap()
}

/// The table above has the case's own inputs, in whole weights.
fn check_inputs(case: &Case, inputs: &Value) {
    if case.id == "mt-alloc-over" {
        assert_eq!((&inputs["discount"], &inputs["lines"]), (&4000.into(), &serde_json::json!([1000, 2000])));
        return;
    }
    assert_eq!(number(&inputs["amount"]), decimal::parse(case.amount).unwrap(), "{}", case.id);
    let given = ["weights", "ratios"].iter().find_map(|name| inputs[*name].as_array());
    if let Some(given) = given.filter(|_| case.id != "php-alloc-order") {
        assert_eq!(given.iter().map(number).collect::<Vec<_>>(), numbers(case.weights), "{}", case.id);
    }
}

/// What the other system says.
fn theirs(case: &Case, expected: &Value) -> Vec<Decimal> {
    let list = |value: &Value| value.as_array().unwrap().iter().map(number).collect::<Vec<_>>();
    match case.id {
        "mt-alloc-over" => {
            let left = list(&expected["lines_after"]);
            let lines = numbers(case.weights);
            lines.into_iter().zip(left).map(|(line, left)| decimal::subtract(line, left).unwrap()).collect()
        }
        "dj-892" => list(&expected["exact_gives"]),
        "php-alloc-order" => list(&expected["parts"][usize::from(case.weights[0] == "7")]),
        _ => list(&expected["parts"]),
    }
}
