//! The calls that every language answers: all vectors, and vectors bent out of shape.
//!
//! A seed decides them all. Most changes leave a call that still has an answer, so that about half of the cases have one.

mod json;
mod pool;
mod shapes;
mod values;
mod words;

use crate::{random::Random, vectors::Vector};
use anyhow::{Result, bail};
use json::Json;
use pool::{Operation, Pool, Values};
use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

/// How often a case is made anew that is there already, before this is a fault.
const MOST_TRIES: usize = 1_000;

/// A call.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Case {
    pub(crate) operation: String,
    /// Text that is JSON, or should be.
    pub(crate) input: String,
}

/// A change of the JSON of a call.
type Change = fn(&mut Json, &Values, &mut Random);

/// The changes that leave a plausible call, each with how often it happens.
const GENTLE: &[(usize, Change)] = &[
    (6, values::lend),
    (5, values::digits),
    (3, values::boundary),
    (6, values::time),
    (6, values::address),
    (2, values::escape),
    (8, shapes::items),
    (5, shapes::reorder),
    (1, shapes::nullify),
];

/// The changes that are to be refused.
const HOSTILE: &[(usize, Change)] = &[
    (2, shapes::remove),
    (2, shapes::add),
    (1, shapes::repeat),
    (2, values::other_type),
    (3, values::hostile_number),
    (5, values::hostile_text),
    (1, values::nest),
];

/// All vectors, and so many cases that are made of them, of which no two are equal.
///
/// # Errors
/// Where a vector has no JSON, or an operation has not enough cases.
pub(crate) fn cases(vectors: &[Vector], generated: usize, seed: u64) -> Result<Vec<Case>> {
    let pool = Pool::new(vectors)?;
    let mut cases = Vec::with_capacity(vectors.len() + generated);
    for vector in vectors {
        let input = Json::read(&vector.input)?.to_string();
        cases.push(Case { operation: vector.op.clone(), input });
    }
    let mut met: HashSet<u64> = cases.iter().map(hash).collect();
    let mut random = Random::new(seed);
    for operation in pool.operations.iter().cycle().take(generated) {
        let fresh = (0..MOST_TRIES).map(|_| case(operation, &pool, &mut random)).find(|case| met.insert(hash(case)));
        match fresh {
            Some(case) => cases.push(case),
            None => bail!("there are no more cases of `{}`: take fewer", operation.name),
        }
    }
    Ok(cases)
}

/// A vector of an operation, changed.
fn case(operation: &Operation, pool: &Pool, random: &mut Random) -> Case {
    let inputs = if random.one_in(12) { &operation.inputs } else { &operation.answered };
    let mut input = random.pick(inputs).cloned().unwrap_or(Json::Object(Vec::new()));
    let values = if random.one_in(12) { &pool.values } else { &operation.values };
    // One change, seldom more.
    let changes = 1 + usize::from(random.one_in(3)) + usize::from(random.one_in(9));
    for _ in 0..changes {
        match random.below(12) {
            0 => shapes::cross(&mut input, inputs, random),
            1 => change(HOSTILE, random)(&mut input, values, random),
            _ => change(GENTLE, random)(&mut input, values, random),
        }
    }
    let mut text = input.to_string();
    match random.below(20_000) {
        0 => shapes::longest(&mut text, random),
        1..500 => shapes::text(&mut text, random),
        500..1_000 => shapes::spaces(&mut text, random),
        _ => {}
    }
    let name = match random.below(200) {
        0 => random.pick(&pool.operations).map_or("", |other| &other.name),
        1 => random.word(words::OPERATIONS),
        _ => &operation.name,
    };
    Case { operation: name.to_owned(), input: text }
}

/// One of the changes, by how often each happens.
fn change(changes: &[(usize, Change)], random: &mut Random) -> Change {
    let mut at = random.below(changes.iter().map(|(often, _)| often).sum());
    for &(often, change) in changes {
        match at.checked_sub(often) {
            Some(rest) => at = rest,
            None => return change,
        }
    }
    shapes::reorder
}

fn hash(case: &Case) -> u64 {
    let mut hasher = DefaultHasher::new();
    case.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{vectors::vectors, workspace::Workspace};
    use counterfoil::wire::{evaluate, operations};
    use std::collections::BTreeMap;

    const GENERATED: usize = 3_000;

    fn all() -> Vec<Vector> {
        vectors(&Workspace::here().unwrap()).unwrap()
    }

    #[test]
    fn a_seed_decides_all_cases() {
        let vectors = all();
        let made = |seed| cases(&vectors, GENERATED, seed).unwrap();
        assert_eq!(made(1), made(1));
        let (one, other) = (made(1), made(2));
        assert_eq!(one.len(), vectors.len() + GENERATED);
        assert_eq!(one[..vectors.len()], other[..vectors.len()]);
        let same = one.iter().zip(&other).skip(vectors.len()).filter(|(one, other)| one == other).count();
        assert!(same < GENERATED / 100, "{same} cases do not depend on the seed");
    }

    #[test]
    fn the_vectors_come_first_and_no_case_is_one_of_them_or_comes_twice() {
        let vectors = all();
        let cases = cases(&vectors, GENERATED, 1).unwrap();
        let (written, made) = cases.split_at(vectors.len());
        for (vector, case) in vectors.iter().zip(written) {
            let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
            assert_eq!((&vector.op, read(vector.input.get())), (&case.operation, read(&case.input)));
        }
        let written: HashSet<&Case> = written.iter().collect();
        let distinct: HashSet<&Case> = made.iter().collect();
        assert_eq!(distinct.len(), made.len());
        assert!(distinct.is_disjoint(&written));
    }

    #[test]
    fn every_operation_has_its_share_and_about_half_of_the_cases_an_answer() {
        let vectors = all();
        let cases = cases(&vectors, GENERATED, 1).unwrap();
        let made = &cases[vectors.len()..];
        let mut counts: BTreeMap<&str, usize> = operations().iter().map(|operation| (operation.name, 0)).collect();
        for case in made {
            *counts.entry(&case.operation).or_default() += 1;
        }
        let share = GENERATED / operations().len();
        for operation in operations() {
            let count = counts[operation.name];
            assert!(count.abs_diff(share) <= share / 3, "{count} cases of `{}`, not {share}", operation.name);
        }
        let answers =
            made.iter().filter(|case| evaluate(&case.operation, &case.input).starts_with(r#"{"ok":"#)).count();
        assert!((40..=60).contains(&(100 * answers / GENERATED)), "{answers} of {GENERATED} cases have an answer");
    }
}
