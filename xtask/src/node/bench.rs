//! What calls from Node cost, beside plain JavaScript with the libraries that people use for it.

use super::{
    addon,
    npm::{install, node},
};
use crate::{tools, workspace::Workspace};
use anyhow::Result;
use std::path::Path;

/// The package of the benches.
const BENCHES: &str = "benches/node";

/// Runs the benches of calls from Node, on a native module as it is released, and has their figures kept where Criterion keeps its own.
///
/// # Errors
/// Where the native module does not build, or the two ways of a pair answer differently.
pub(crate) fn bench(workspace: &Workspace, results: &Path, quick: bool) -> Result<()> {
    addon::release(workspace)?;
    install(workspace, BENCHES)?;
    let mut run = node(workspace, BENCHES)?;
    run.arg("run.mjs").arg("--results").arg(results);
    tools::run(run.args(quick.then_some("--quick")))
}
