//! The vectors as what cases are made of.

use super::json::Json;
use crate::vectors::Vector;
use anyhow::{Context, Result};
use counterfoil::wire::evaluate;
use std::collections::{BTreeMap, BTreeSet};

/// The longest value that is lent: longer ones would fill most of the cases.
const LONGEST: usize = 2_000;

/// The operations, and what members are in any of their vectors.
pub(super) struct Pool {
    pub(super) operations: Vec<Operation>,
    pub(super) values: Values,
}

/// An operation, and the inputs that vectors have for it.
pub(super) struct Operation {
    pub(super) name: String,
    pub(super) inputs: Vec<Json>,
    /// Those of them that are answered without an error.
    pub(super) answered: Vec<Json>,
    /// What members are in these.
    pub(super) values: Values,
}

/// The values that members have, by their name.
#[derive(Default)]
pub(super) struct Values(BTreeMap<String, Vec<Json>>);

impl Pool {
    /// Takes vectors in.
    ///
    /// # Errors
    /// Where an input is no JSON.
    pub(super) fn new(vectors: &[Vector]) -> Result<Self> {
        let mut inputs: BTreeMap<&str, Vec<Json>> = BTreeMap::new();
        for vector in vectors {
            let input = Json::read(&vector.input).with_context(|| format!("an input of `{}`", vector.op))?;
            inputs.entry(&vector.op).or_default().push(input);
        }
        let values = Values::of(inputs.values().flatten());
        let operations = inputs.into_iter().map(|(name, inputs)| Operation::new(name, inputs)).collect();
        Ok(Self { operations, values })
    }
}

impl Operation {
    fn new(name: &str, inputs: Vec<Json>) -> Self {
        let is_answered = |input: &&Json| evaluate(name, &input.to_string()).starts_with(r#"{"ok":"#);
        let answered: Vec<Json> = inputs.iter().filter(is_answered).cloned().collect();
        Self { name: name.to_owned(), values: Values::of(&answered), inputs, answered }
    }
}

impl Values {
    /// What is in inputs, each once.
    fn of<'j>(inputs: impl IntoIterator<Item = &'j Json>) -> Self {
        let mut met = BTreeSet::new();
        let mut values: BTreeMap<String, Vec<Json>> = BTreeMap::new();
        for input in inputs {
            input.visit("", &mut |name, value| {
                let text = value.to_string();
                if text.len() <= LONGEST && met.insert((name, text)) {
                    values.entry(name.to_owned()).or_default().push(value.clone());
                }
            });
        }
        Self(values)
    }

    /// What members of a name are.
    pub(super) fn named(&self, name: &str) -> &[Json] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}
