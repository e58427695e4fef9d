//! The native module, put where the package looks for it.

use super::PACKAGE;
use crate::{
    steps::{Outcome, cargo},
    workspace::Workspace,
};
use anyhow::{Context, Result};
use std::{
    env::consts::{ARCH, DLL_PREFIX, DLL_SUFFIX, OS},
    fs,
};

/// The library that cargo makes.
const LIBRARY: &str = "counterfoil_node";

/// Builds the native module, with the features that it is released with: those of the workspace's tests read floats otherwise.
///
/// # Errors
/// Where it does not build.
pub(crate) fn build(workspace: &Workspace) -> Result<Outcome> {
    cargo(workspace, &["build", "--package", "counterfoil-node", "--locked"], &[])?;
    put(workspace, "debug").map(|()| Outcome::Passed)
}

/// Builds the native module as it is released.
///
/// # Errors
/// Where it does not build.
pub(super) fn release(workspace: &Workspace) -> Result<()> {
    cargo(workspace, &["build", "--package", "counterfoil-node", "--release", "--locked"], &[])?;
    put(workspace, "release")
}

/// Copies what cargo made of a profile into the package.
fn put(workspace: &Workspace, profile: &str) -> Result<()> {
    let made = workspace.target()?.join(profile).join(format!("{DLL_PREFIX}{LIBRARY}{DLL_SUFFIX}"));
    let place = workspace.root().join(PACKAGE).join(format!("counterfoil.{}.node", platform()));
    // A process may have the old one open: it keeps it, and the new one is another file.
    let fresh = place.with_extension("fresh");
    fs::copy(&made, &fresh).with_context(|| format!("`{}` can not be copied", made.display()))?;
    fs::rename(&fresh, &place).with_context(|| format!("`{}` can not be written", place.display()))
}

/// This platform as Node calls it, and the C library where there are several.
fn platform() -> String {
    let system = match OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let processor = match ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    let library = match (OS, cfg!(target_env = "musl")) {
        ("linux", true) => "-musl",
        ("linux", false) => "-gnu",
        ("windows", _) => "-msvc",
        _ => "",
    };
    format!("{system}-{processor}{library}")
}
