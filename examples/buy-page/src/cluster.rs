//! The clusters that a catalogue is judged on: a list of Kubernetes, a table of nodes, a trace at a second of it.

use anyhow::{Context, Result};
use counterfoil::placement::{Sharing, Snapshot};
use counterfoil_inventory::{
    Fault,
    kubernetes::{self, Policy},
    table,
};
use std::{fs, path::Path};

/// What is judged, and what of it could not be read.
pub(crate) struct Cluster {
    pub(crate) snapshot: Snapshot,
    pub(crate) title: String,
    pub(crate) about: String,
    pub(crate) faults: Vec<Fault>,
}

/// The small cluster that comes with this program.
pub(crate) fn sample() -> Result<Cluster> {
    let (nodes, pods) = (include_str!("../sample/nodes.json"), include_str!("../sample/pods.json"));
    kubernetes(nodes, pods, "the sample cluster")
}

/// A cluster from two files.
pub(crate) fn of_kubernetes(nodes: &Path, pods: &Path) -> Result<Cluster> {
    let title = nodes.display().to_string();
    kubernetes(&read(nodes)?, &read(pods)?, &title)
}

fn kubernetes(nodes: &str, pods: &str, title: &str) -> Result<Cluster> {
    let inventory = kubernetes::inventory(nodes, pods, &Policy::nvidia())?;
    let (count, running) = (inventory.nodes.len(), inventory.running.len());
    let snapshot = Snapshot::new(inventory.nodes, inventory.running, Sharing::BestFit)?;
    let about = format!("{count} nodes, {running} pods that hold something");
    Ok(Cluster { snapshot, title: title.to_owned(), about, faults: inventory.faults })
}

/// A table that says what is free.
pub(crate) fn of_table(file: &Path) -> Result<Cluster> {
    let rows = table::csv(read(file)?)?;
    let nodes = rows.nodes();
    let about = format!("{} nodes, with what is free on them", nodes.len());
    let snapshot = Snapshot::new(nodes, [], Sharing::Named)?;
    Ok(Cluster { snapshot, title: file.display().to_string(), about, faults: rows.faults })
}

pub(crate) fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("`{}` can not be read", file.display()))
}
