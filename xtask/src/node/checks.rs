//! What is checked of the package: it runs as its documentation says, and its types are what they say.

use super::{
    PACKAGE,
    npm::{install, node},
};
use crate::{steps::Outcome, tools, workspace::Workspace};
use anyhow::Result;
use std::process::Command;

/// The tests of the package, vectors and examples among them.
///
/// # Errors
/// Where a test fails.
pub(crate) fn test(workspace: &Workspace) -> Result<Outcome> {
    install(workspace, PACKAGE)?;
    tools::run(node(workspace, PACKAGE)?.args(["--test", "--test-reporter", "dot", "test/"]))?;
    Ok(Outcome::Passed)
}

/// The program that answers the cases of `cargo xtask conformance`.
///
/// # Errors
/// Where there is no Node.
pub(crate) fn conformance(workspace: &Workspace) -> Result<Command> {
    let mut program = node(workspace, PACKAGE)?;
    program.arg("test/conformance.js");
    Ok(program)
}

/// The types of the package's own files and of the file that uses all of them, by `tsc --strict`.
///
/// # Errors
/// Where it finds something.
pub(crate) fn types(workspace: &Workspace) -> Result<Outcome> {
    install(workspace, PACKAGE)?;
    tools::run(node(workspace, PACKAGE)?.args(["node_modules/typescript/bin/tsc", "--project", "."]))?;
    Ok(Outcome::Passed)
}
