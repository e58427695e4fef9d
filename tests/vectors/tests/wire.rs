//! Every vector through `wire`: the answer is compared exactly.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

use counterfoil::{error::catalogue, wire::evaluate};
use counterfoil_vectors::{Expect, Vector, vectors};
use serde_json::Value;

#[test]
fn every_vector_over_the_wire() {
    let vectors = vectors().expect("the vectors can be read");
    let faults: Vec<String> = vectors.iter().filter_map(|vector| run(vector).err()).collect();
    assert!(faults.is_empty(), "{} of {} vectors fail:\n{}", faults.len(), vectors.len(), faults.join("\n"));
    println!("{} vectors over the wire", vectors.len());
    assert!(!vectors.is_empty());
}

fn run(vector: &Vector) -> Result<(), String> {
    let Vector { id, op, input, .. } = vector;
    let text = evaluate(op, &input.to_string());
    if text != evaluate(op, &input.to_string()) {
        return Err(format!("{id}: two calls gave two answers"));
    }
    let answer: Value = serde_json::from_str(&text).map_err(|error| format!("{id}: {error} in {text}"))?;
    let as_expected = match &vector.expect {
        Expect::Ok(expected) => answer == serde_json::json!({ "ok": expected }),
        Expect::Error(expected) => {
            let entry = catalogue().find(|entry| entry.code == expected.code);
            let entry = entry.ok_or_else(|| format!("{id}: no error has the code `{}`", expected.code))?;
            let error = &answer["error"];
            let told = |message: &str| error[message].as_str().is_some_and(|message| !message.is_empty());
            error["code"] == expected.code.as_str()
                && error["category"] == entry.category.name()
                && error["details"].as_object() == Some(&expected.details)
                && told("message")
                && told("message_zh")
        }
    };
    if as_expected { Ok(()) } else { Err(format!("{id} ({op}): {text}")) }
}
