//! The vectors as a whole: their form, what they cite, and what they cover.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

use counterfoil::{error::catalogue, wire::operations};
use counterfoil_vectors::{Expect, File, Vector, files, schema, vectors, workspace};
use serde_json::Value;
use std::{collections::BTreeSet, fs};

/// Codes that no call over the wire can raise, and why.
const OUT_OF_REACH: &[(&str, &str)] = &[
    ("pricing.units_not_conserved", "a fault of the library, caught before it is charged"),
    ("pricing.bad_validity", "in a card it is the cause of a pricing.bad_card; tested in core/src/pricing/file"),
    ("pricing.bad_table_file", "a call has its table in JSON; tested in core/src/pricing/table"),
    ("wallet.source_id", "a call writes a source with its id or without; tested in core/src/wallet"),
    ("order.too_many_orders", "a call of more than 100,000 orders; tested in core/src/order"),
    ("order.too_many_leases", "a call of more than 100,000 devices; tested in core/src/order"),
    (
        "ipam.pieces_not_conserved",
        "a fault of the library, caught before it is an answer; tested in core/src/ipam/plan",
    ),
    ("ipam.space_not_conserved", "a fault of the library, caught before it is an answer"),
    ("bulk.column_length", "a call has no columns; tested in core/tests/bulk_shapes.rs"),
    ("bulk.repeated_column", "a call has no columns; tested in core/tests/bulk_shapes.rs"),
    ("bulk.bad_offsets", "a call has no columns; tested in core/tests/bulk_shapes.rs"),
    ("bulk.bad_scale", "a call has no columns; tested in core/tests/bulk_shapes.rs"),
    ("bulk.unknown_id", "a call has no columns; tested in core/tests/bulk_shapes.rs"),
    ("ipam.column_lengths", "a call has no columns; tested in core/tests/ip_text_laws.rs"),
    ("ipam.not_shorter", "a call names a range and no supernet of it; tested in core/tests/ip_peers_plan.rs"),
    ("ipam.size_below_zero", "no call subtracts sizes; tested in core/src/ipam/size.rs"),
    ("placement.explanation_not_conserved", "a fault of the library, caught before it is an answer"),
    ("wire.too_much_work", "more than 50,000,000 comparisons; tested in core/src/wire/placement"),
    ("placement.too_many_resources", "a product of more than 1,000 resources; tested in core/tests/placement_paths.rs"),
    ("placement.undo_out_of_order", "a call undoes what it changed; tested in core/tests/placement_whatif.rs"),
    ("placement.answer_not_verified", "a fault of the library, caught before it is an answer"),
    ("placement.too_much_to_read", "a call has no stream; tested in core/tests/placement_place_laws.rs"),
    ("placement.unknown_kind", "a call has no stream; tested in core/tests/placement_place_laws.rs"),
    ("wire.not_written", "a fault of the library, caught before it is an answer"),
    ("wire.too_long", "an input of more than 4 MiB; tested in core/src/wire"),
    ("wire.answer_too_long", "16 MiB of names said again; tested in core/src/wire"),
    ("wire.too_many_steps", "more than 10,000 steps; tested in core/src/wire"),
    ("wire.too_many", "a table of more than 100,000 cells; tested in core/src/wire"),
    ("wire.unknown_operation", "a vector names an operation that there is; tested in core/src/wire"),
];

#[test]
fn every_file_is_of_the_schema() {
    let validator = jsonschema::validator_for(&schema().expect("the schema can be read")).expect("it is a schema");
    for File { path, content, .. } in files().expect("the vectors can be read") {
        let faults: Vec<String> =
            validator.iter_errors(&content).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(faults.is_empty(), "{path}: {}", faults.join("\n"));
    }
}

/// Runners of other languages hold the same file, so that none of them runs fewer.
#[test]
fn there_are_as_many_as_are_counted() {
    let counted = include_str!("../count").trim();
    let vectors = vectors().expect("the vectors can be read");
    assert_eq!(vectors.len().to_string(), counted, "tests/vectors/count: write down how many there are now");
}

#[test]
fn ids_are_unique_and_named_after_their_context() {
    let mut ids = BTreeSet::new();
    for File { path, vectors, .. } in files().expect("the vectors can be read") {
        let (context, _) = path.split_once('/').expect("a file lies in the folder of its context");
        for Vector { id, op, .. } in vectors {
            assert!(id.starts_with(&format!("{context}-")), "{path}: {id}");
            assert!(op.starts_with(&format!("{context}.")), "{path}: {id} is of {op}");
            assert!(ids.insert(id.clone()), "{path}: {id} stands twice");
        }
    }
}

#[test]
fn every_rule_that_is_cited_exists() {
    let mut rules = BTreeSet::new();
    for page in fs::read_dir(workspace().join("docs/rules")).expect("the rules are there") {
        let text = fs::read_to_string(page.expect("a page").path()).expect("a page can be read");
        let headings = text.lines().filter_map(|line| line.strip_prefix("## ")?.split(' ').next());
        let divergences = text.lines().filter_map(|line| line.strip_prefix("| **")?.split("**").next());
        rules.extend(headings.chain(divergences).map(str::to_owned));
    }
    let vectors = vectors().expect("the vectors can be read");
    let by_vectors = vectors.iter().map(|vector| (vector.id.as_str(), vector.rule.as_str()));
    let by_operations = operations().iter().map(|operation| (operation.name, operation.rule));
    for (citing, cited) in by_vectors.chain(by_operations) {
        for rule in cited.split(", ") {
            assert!(rules.contains(rule), "{citing} cites {rule}, which no page of docs/rules has");
        }
    }
}

#[test]
fn every_rule_of_these_pages_has_a_vector() {
    let vectors = vectors().expect("the vectors can be read");
    let cited: BTreeSet<&str> = vectors.iter().flat_map(|vector| vector.rule.split(", ")).collect();
    let numbered = |prefix: &str, numbers: &[u32]| -> Vec<String> {
        numbers.iter().map(|number| format!("{prefix}{number}")).collect()
    };
    let rules = [
        numbered("R-M", &[1, 2, 3, 4, 5, 6]),
        numbered("R-T", &[1, 2, 3, 4, 5, 6]),
        numbered("R-U", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        numbered("R-P", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]),
        numbered("R-W", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]),
        numbered("R-S", &[1, 2, 3, 4, 5, 6, 7, 8]),
        numbered("R-O", &[1, 2, 3, 4, 5, 6, 7, 8]),
        numbered("R-I", &[3, 4, 5, 8, 9]),
        numbered("D-I", &[1, 2, 3, 4, 5]),
        numbered("R-I", &[6, 7]),
        numbered("R-I", &[1, 11, 12]),
        numbered("R-I", &[2]),
        numbered("R-I", &[10]),
        numbered("D-U", &[1, 2, 3, 4, 5]),
        numbered("D-P", &[1, 2]),
        numbered("D-W", &[1, 2, 3, 4]),
        numbered("R-A", &[5]),
        numbered("D-A", &[1]),
    ];
    for rule in rules.into_iter().flatten() {
        assert!(cited.contains(rule.as_str()), "no vector shows {rule}");
    }
}

#[test]
fn every_operation_has_an_answer_and_an_error() {
    let vectors = vectors().expect("the vectors can be read");
    for operation in operations() {
        let of_it = || vectors.iter().filter(|vector| vector.op == operation.name);
        assert!(of_it().any(|vector| matches!(vector.expect, Expect::Ok(_))), "no answer of {}", operation.name);
        assert!(of_it().any(|vector| matches!(vector.expect, Expect::Error(_))), "no error of {}", operation.name);
    }
}

#[test]
fn every_error_within_reach_is_raised() {
    let vectors = vectors().expect("the vectors can be read");
    let mut raised: BTreeSet<&str> = BTreeSet::new();
    for vector in &vectors {
        match &vector.expect {
            Expect::Error(error) => raised.extend([error.code.as_str()]),
            Expect::Ok(answer) => codes_of_lines(answer, &mut raised),
        }
    }
    let known: BTreeSet<&str> = catalogue().map(|entry| entry.code).collect();
    let missing: BTreeSet<&str> = known.difference(&raised).copied().collect();
    println!("codes that no vector raises: {missing:?}");
    let out_of_reach: BTreeSet<&str> = OUT_OF_REACH.iter().map(|(code, _)| *code).collect();
    assert_eq!(missing, out_of_reach);
    assert!(raised.is_subset(&known));
}

/// The codes of errors that an answer carries in its lines.
fn codes_of_lines<'a>(answer: &'a Value, codes: &mut BTreeSet<&'a str>) {
    match answer {
        Value::Array(values) => values.iter().for_each(|value| codes_of_lines(value, codes)),
        Value::Object(members) => {
            codes.extend(members.get("error").and_then(|error| error.get("code")?.as_str()));
            members.values().for_each(|value| codes_of_lines(value, codes));
        }
        _ => {}
    }
}
