//! Whether a product still fits a cluster: an inventory that is read once and kept. What is asked of it is JSON, as of
//! the operations.

use crate::border::{Result, text_of};
use counterfoil::{
    error::{Error, WireError},
    wire::{Answer, Inventory},
};
use napi::bindgen_prelude::External;
use napi_derive::napi;

/// About how many bytes a node takes, or a thing that runs.
const BYTES: usize = 512;

/// Reads `{"nodes": …, "running": …, "sharing": …}`.
#[napi(catch_unwind)]
pub(crate) fn snapshot_read(json: String) -> Result<External<Inventory>> {
    Ok(kept(Inventory::read(&json)?))
}

/// The inventory after `{"changes": …}`, all of them or, where one is an error, none.
#[napi(catch_unwind)]
pub(crate) fn snapshot_changed(snapshot: &External<Inventory>, json: String) -> Result<External<Inventory>> {
    let mut changed = Inventory::clone(snapshot);
    changed.change(&json)?;
    Ok(kept(changed))
}

/// Which products no node takes, and why.
#[napi(catch_unwind)]
pub(crate) fn snapshot_check(snapshot: &External<Inventory>, json: String) -> Result<String> {
    told(snapshot.check(&json))
}

/// How many of each product can still be sold alone.
#[napi(catch_unwind)]
pub(crate) fn snapshot_count(snapshot: &External<Inventory>, json: String) -> Result<String> {
    told(snapshot.count(&json))
}

/// What is free on each node.
#[napi(catch_unwind)]
pub(crate) fn snapshot_free(snapshot: &External<Inventory>) -> Result<String> {
    told(snapshot.free())
}

/// What changes would make grey or sellable. They are undone before it answers.
#[napi(catch_unwind)]
pub(crate) fn snapshot_what_if(snapshot: &mut External<Inventory>, json: String) -> Result<String> {
    told(snapshot.what_if(&json))
}

/// The names of its nodes, in order.
#[napi(catch_unwind)]
pub(crate) fn snapshot_nodes(snapshot: &External<Inventory>) -> Vec<String> {
    snapshot.snapshot().nodes().map(|node| node.name.clone()).collect()
}

/// How many things run.
#[napi(catch_unwind)]
pub(crate) fn snapshot_running_count(snapshot: &External<Inventory>) -> u32 {
    u32::try_from(snapshot.snapshot().running_len()).unwrap_or(u32::MAX)
}

/// Whether the same nodes have the same running there.
#[napi(catch_unwind)]
pub(crate) fn snapshot_equals(one: &External<Inventory>, other: &External<Inventory>) -> bool {
    **one == **other
}

/// As JavaScript keeps it, which collects what it knows to be large.
fn kept(inventory: Inventory) -> External<Inventory> {
    let snapshot = inventory.snapshot();
    let count = snapshot.nodes().len().saturating_add(snapshot.running_len());
    External::new_with_size_hint(inventory, count.saturating_mul(BYTES))
}

fn told(answer: std::result::Result<Answer, Error>) -> Result<String> {
    Ok(text_of(&answer?).map_err(|_| WireError::NotWritten {})?)
}
