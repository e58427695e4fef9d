//! # The project's own commands
//!
//! `cargo xtask --help` lists them. `cargo xtask ci` is what CI runs, and `cargo xtask test` is the
//! part of it that runs tests; both are lists of [steps](steps::Step), so what a later language or
//! database adds is one more entry in [`plan`].

mod errors;
mod examples;
mod plan;
mod steps;
mod tidy;
mod tools;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use workspace::Workspace;

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run every test: doctests, unit tests, properties and vectors
    ///
    /// Each step prints the command it runs; the first that fails ends the run, and a table of the
    /// steps with their seconds closes it. Installs `cargo-nextest` where it is missing; where that
    /// can not be done it says so and uses `cargo test`, except under `CI=true`, where it fails.
    Test,
    /// Check what the compiler does not: imports between rooms, versions, decisions, leftovers
    ///
    /// Every finding names a file and a line, what is wrong, and how to mend it. The rules of the
    /// rooms are those of `docs/ARCHITECTURE.md`.
    Tidy,
    /// Run all that CI runs: formatting, lints, docs, generated files, tidy, licences, tests
    Ci,
    /// Write `docs/errors.md` from the table of errors in `core`
    Errors {
        /// Write nothing; fail where the file is not what would be written
        #[arg(long)]
        check: bool,
    },
    /// Run the benches, with the arguments of criterion: `cargo xtask bench deduct`
    Bench {
        /// Passed on, as a filter or `--save-baseline NAME`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    match run(&Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\ncargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> anyhow::Result<()> {
    let workspace = Workspace::here()?;
    match command {
        Command::Test => steps::run(&workspace, &plan::test()),
        Command::Ci => steps::run(&workspace, &plan::ci()),
        Command::Tidy => tidy::run(&workspace),
        Command::Errors { check: false } => errors::write(&workspace),
        Command::Errors { check: true } => errors::check(&workspace),
        Command::Bench { arguments } => steps::cargo(&workspace, &plan::bench(arguments), &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
