//! An inventory that is read once and asked again and again.

use super::{check, inventory::InventoryIn};
use crate::{
    error::{Error, WireError},
    placement::Snapshot,
    wire::{Answer, Form, LONGEST_INPUT, Reply, text::run},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// An inventory of nodes and what runs there, kept between calls, for callers without a typed interface.
///
/// Each question is an operation of [`evaluate`](crate::wire::evaluate) whose input has no `inventory`, with the same
/// answers and errors.
///
/// # Examples
/// ```
/// use counterfoil::wire::Inventory;
///
/// let json = |answer| serde_json::to_string(&answer).unwrap_or_default();
/// let mut inventory = Inventory::read(r#"{"nodes": [{"name": "w1", "resources": {"cpu": "4"}}]}"#)?;
/// let products = r#"{"products": [{"id": "2-core", "parts": [{"resource": "cpu", "amount": "2"}]}]}"#;
/// assert_eq!(json(inventory.check(products)?), r#"{"greyed":[],"products":[{"id":"2-core","nodes":1}]}"#);
/// assert_eq!(json(inventory.count(products)?), r#"[{"id":"2-core","count":2,"nodes":[{"node":"w1","count":2}]}]"#);
///
/// inventory.change(r#"{"changes": [{"remove_node": "w1"}]}"#)?;
/// assert_eq!(json(inventory.free()?), "[]");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-A3, R-A13
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inventory {
    snapshot: Snapshot,
}

impl Inventory {
    /// Reads `{"nodes": …, "running": …, "sharing": …}`.
    ///
    /// # Errors
    /// `wire.bad_input`, `wire.too_long`; those of the snapshot.
    pub fn read(json: &str) -> Result<Self, Error> {
        let mut read = None;
        ask(json, |input: InventoryIn| {
            read = Some(input.read()?);
            Ok(())
        })?;
        Ok(Self { snapshot: read.ok_or(WireError::NotWritten {})? })
    }

    /// The snapshot itself.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// `placement.check`: which products no node takes, and why.
    ///
    /// # Errors
    /// Those of the operation.
    pub fn check(&self, json: &str) -> Result<Answer, Error> {
        ask(json, |input| check::check_kept(&self.snapshot, input))
    }

    /// `placement.count`: how many of each product can still be sold alone.
    ///
    /// # Errors
    /// Those of the operation.
    pub fn count(&self, json: &str) -> Result<Answer, Error> {
        ask(json, |input| check::count_kept(&self.snapshot, input))
    }

    /// `placement.free`: what is free on each node.
    ///
    /// # Errors
    /// None; a fault of the library would be `wire.not_written`.
    pub fn free(&self) -> Result<Answer, Error> {
        ask("{}", |_: Nothing| Ok(check::free_kept(&self.snapshot)))
    }

    /// `placement.what_if`: what changes would make grey or sellable. They are undone before it answers.
    ///
    /// # Errors
    /// Those of the operation.
    pub fn what_if(&mut self, json: &str) -> Result<Answer, Error> {
        ask(json, |input| check::what_if_kept(&mut self.snapshot, input))
    }

    /// Makes the `changes` of `placement.what_if`, all of them or, where one is an error, none.
    ///
    /// # Errors
    /// Those of the operation.
    pub fn change(&mut self, json: &str) -> Result<(), Error> {
        let mut changed = self.snapshot.clone();
        ask(json, |input| check::change_kept(&mut changed, input))?;
        self.snapshot = changed;
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

fn ask<I: DeserializeOwned, O: Serialize>(
    json: &str,
    question: impl FnOnce(I) -> Result<O, Error>,
) -> Result<Answer, Error> {
    if json.len() > LONGEST_INPUT {
        return Err(WireError::TooLong { length: json.len(), limit: LONGEST_INPUT }.into());
    }
    match run(json, Form::Typed, question)? {
        Reply::Typed(answer) => Ok(answer),
        Reply::Json(_) => Err(WireError::NotWritten {}.into()),
    }
}
