//! The steps of the npm package: its native module built once, and all that is tested with it.

mod addon;
mod bench;
mod checks;
mod examples;
mod npm;
mod package;

pub(crate) use addon::build;
pub(crate) use bench::bench;
pub(crate) use checks::{conformance, test, types};
pub(crate) use examples::bff;
pub(crate) use package::packed;

/// The package's folder.
const PACKAGE: &str = "bindings-node";
/// The folder in the target folder of what Node's steps make.
const FOLDER: &str = "node";
