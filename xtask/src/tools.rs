//! The tools that are not part of a Rust toolchain, and what happens where they are missing.

use crate::{
    steps::{Outcome, cargo, program},
    workspace::Workspace,
};
use anyhow::{Context, Result, bail};
use std::{
    env, iter,
    process::{Command, Stdio},
};

/// Unit tests, properties and vectors, by nextest where it can be had.
///
/// # Errors
/// Where a test fails; under `CI=true` also where nextest can not be installed.
pub(crate) fn nextest(workspace: &Workspace) -> Result<Outcome> {
    match ensure_nextest(workspace) {
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

/// Installs nextest where it is missing.
///
/// # Errors
/// Where it is missing and can not be installed.
pub(crate) fn ensure_nextest(workspace: &Workspace) -> Result<()> {
    ensure(workspace, "nextest", "cargo-nextest")
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
    ensure_packages("valgrind", &["valgrind"], || answers(Command::new("valgrind").arg("--version")))
}

/// Installs packages of the system where what they bring is missing and this may be done.
///
/// # Errors
/// Where it is missing and can not be installed.
pub(crate) fn ensure_packages(what: &str, packages: &[&str], is_present: impl Fn() -> bool) -> Result<()> {
    if is_present() {
        return Ok(());
    }
    println!("`{what}` is missing; installing it");
    let install: Vec<_> = ["install", "--yes", "--no-install-recommends"].iter().chain(packages).copied().collect();
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
    let packages = packages.join(" ");
    bail!("`{what}` is missing and could not be installed by `apt-get install {packages}`: install it by hand")
}

/// Runs a command with its output as it comes.
///
/// # Errors
/// Where it can not be run or fails; the message holds the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", show(command));
    let status =
        command.stdin(Stdio::null()).status().with_context(|| format!("`{}` can not be run", show(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", show(command));
    }
    Ok(())
}

/// What a command writes to its standard output; what it says besides is part of the error.
///
/// # Errors
/// Where it can not be run or fails, or writes what is no text.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("`{}` can not be run", show(command)))?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        bail!("`{}` ended with {}: {}", show(command), output.status, said.trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{}` wrote what is no text", show(command)))
}

/// A command as one would type it.
fn show(command: &Command) -> String {
    let words = iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Whether a command can be run and succeeds; what it says is not shown.
pub(crate) fn answers(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Whether this run is CI's, where nothing is skipped.
pub(crate) fn under_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true")
}
