//! The tools that are not part of a Rust toolchain, and what happens where they are missing.

use crate::{
    steps::{Outcome, cargo, program},
    workspace::Workspace,
};
use anyhow::{Context, Result, bail};
use std::{
    env,
    process::{Command, Stdio},
};

/// Unit tests, properties and vectors, by nextest where it can be had.
///
/// # Errors
/// Where a test fails; under `CI=true` also where nextest can not be installed.
pub(crate) fn nextest(workspace: &Workspace) -> Result<Outcome> {
    match ensure(workspace, "nextest", "cargo-nextest") {
        Ok(()) => {
            cargo(workspace, &["nextest", "run", "--workspace", "--locked"], &[])?;
            Ok(Outcome::Passed)
        }
        Err(error) if under_ci() => Err(error),
        Err(error) => {
            println!("{error:#}; running the same tests by `cargo test` instead");
            cargo(workspace, &["test", "--workspace", "--locked", "--lib", "--bins", "--tests"], &[])?;
            Ok(Outcome::PassedWith("by `cargo test`: nextest could not be installed".to_owned()))
        }
    }
}

/// Licences, banned crates and sources of every dependency (`deny.toml`).
///
/// # Errors
/// Where a dependency is refused; under `CI=true` also where cargo-deny can not be installed.
pub(crate) fn deny(workspace: &Workspace) -> Result<Outcome> {
    match ensure(workspace, "deny", "cargo-deny") {
        Ok(()) => {
            cargo(workspace, &["deny", "--locked", "check", "licenses", "bans", "sources"], &[])?;
            Ok(Outcome::Passed)
        }
        Err(error) if under_ci() => Err(error),
        Err(error) => Ok(Outcome::Skipped(format!("{error:#}"))),
    }
}

/// Installs a subcommand of cargo where it is missing.
fn ensure(workspace: &Workspace, subcommand: &str, package: &str) -> Result<()> {
    let present = answers(Command::new(program()).args([subcommand, "--version"]).current_dir(workspace.root()));
    if present {
        return Ok(());
    }
    println!("`cargo {subcommand}` is missing; installing it");
    cargo(workspace, &["install", package, "--locked"], &[])
        .with_context(|| format!("`{package}` is missing and can not be installed"))
}

/// Installs valgrind by the system's packages where it is missing and this may be done.
///
/// # Errors
/// Where it is missing and can not be installed.
pub(crate) fn ensure_valgrind() -> Result<()> {
    let is_present = || answers(Command::new("valgrind").arg("--version"));
    if is_present() {
        return Ok(());
    }
    println!("`valgrind` is missing; installing it");
    let install = ["install", "--yes", "--no-install-recommends", "valgrind"];
    // A fresh machine does not know its packages yet.
    for arguments in [install.as_slice(), &["update"], &install] {
        let status = Command::new("apt-get")
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null())
            .status();
        if status.is_ok_and(|status| status.success()) && is_present() {
            return Ok(());
        }
    }
    bail!("`valgrind` is missing and could not be installed by `apt-get install valgrind`: install it by hand")
}

/// Whether a command can be run and succeeds; what it says is not shown.
fn answers(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Whether this run is CI's, where nothing is skipped.
pub(crate) fn under_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true")
}
