//! An answer with types is the answer in JSON, for every vector.

#![allow(clippy::expect_used, reason = "a test: a fault must stop it")]

use counterfoil::wire::{Answer, answer, evaluate};
use counterfoil_vectors::{Vector, vectors};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn written_as_json_it_is_what_evaluate_says() {
    for Vector { id, op, input, .. } in vectors().expect("the vectors can be read") {
        let input = input.to_string();
        let said = evaluate(&op, &input);
        match answer(&op, &input) {
            Ok(answer) => {
                let written = serde_json::to_string(&answer).expect("an answer can be written");
                assert_eq!(format!(r#"{{"ok":{written}}}"#), said, "{id}");
            }
            Err(error) => assert!(said.starts_with(&format!(r#"{{"error":{{"code":"{}""#, error.code())), "{id}"),
        }
    }
}

#[test]
fn a_record_of_a_name_has_the_same_members_in_a_context() {
    let mut shapes: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for Vector { id, op, input, .. } in vectors().expect("the vectors can be read") {
        let Ok(answer) = answer(&op, &input.to_string()) else { continue };
        let context = op.split('.').next().expect("context.verb");
        each_record(&answer, &mut |name, members| {
            let members: Vec<&str> = members.iter().map(|(member, _)| *member).collect();
            let known = shapes.entry((context.to_owned(), name.clone())).or_insert_with(|| members.clone());
            assert_eq!(*known, members, "{id}: {name}");
        });
    }
    assert!(shapes.len() > 150, "only {} records", shapes.len());
}

#[test]
fn one_of_several_is_told_by_its_tag() {
    let mut told = BTreeSet::new();
    for Vector { op, input, .. } in vectors().expect("the vectors can be read") {
        let Ok(answer) = answer(&op, &input.to_string()) else { continue };
        each_record(&answer, &mut |name, _| {
            told.insert(name);
        });
    }
    for variant in ["Refusal cordoned", "Refusal insufficient", "Hint label", "JointCount between", "Lost dearer"] {
        assert!(told.contains(variant), "no `{variant}` in {told:?}");
    }
}

/// Visits each record with its name, behind which its variant stands where it is one of several.
fn each_record<'a>(answer: &'a Answer, visit: &mut impl FnMut(String, &'a [(&'static str, Answer)])) {
    match answer {
        Answer::List(list) => list.iter().for_each(|each| each_record(each, visit)),
        Answer::Record { name, members } => {
            visit((*name).to_owned(), members);
            members.iter().for_each(|(_, value)| each_record(value, visit));
        }
        Answer::Tagged { name, variant, members, .. } => {
            visit(format!("{name} {variant}"), members);
            members.iter().for_each(|(_, value)| each_record(value, visit));
        }
        Answer::Map(entries) => entries.iter().for_each(|(_, value)| each_record(value, visit)),
        Answer::Variant { value, .. } => each_record(value, visit),
        _ => {}
    }
}
