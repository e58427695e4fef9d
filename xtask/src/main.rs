//! # The project's own commands
//!
//! `cargo xtask --help` lists them. `cargo xtask ci` is what CI runs, and `cargo xtask test` is the
//! part of it that runs tests; both are lists of [steps](steps::Step), so what a later language or
//! database adds is one more entry in [`plan`].

mod bank;
mod bench;
mod conformance;
mod errors;
mod examples;
mod generated;
mod instructions;
mod machine;
mod node;
mod plan;
mod python;
mod random;
mod servers;
mod steps;
mod store;
mod surface;
mod table;
mod tidy;
mod tools;
mod vectors;
mod workspace;

use clap::{Parser, Subcommand};
use instructions::Mode;
use std::process::ExitCode;
use steps::Outcome;
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
    /// Run every test: doctests, unit tests, properties and vectors; the store on servers; the packages of Python and Node and their examples; conformance
    ///
    /// Each step prints the command it runs; the first that fails ends the run, and a table of the
    /// steps with their seconds closes it. Installs `cargo-nextest` where it is missing; where that
    /// can not be done it says so and uses `cargo test`, except under `CI=true`, where it fails.
    ///
    /// Python's part needs Python 3.11 or later; all else that it needs is put into the target folder. Node's part needs Node 20 or later, and
    /// puts its packages into `node_modules`. PostgreSQL, MariaDB, Java and Chromium are installed by `apt-get` where they are missing; where that can not be
    /// done what needs them is skipped, except under `CI=true`.
    Test {
        /// Only these steps, as the table calls them: `cargo xtask test wheel pytest`
        steps: Vec<String>,
    },
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
    /// Write the operations of `core/src/wire` as Python: `a module of `bindings-python/python/counterfoil` for each context`
    Python {
        /// Write nothing; fail where a file is not what would be written
        #[arg(long)]
        check: bool,
    },
    /// Write the operations of `core/src/wire` as JavaScript and its types: two files of `bindings-node/lib/operations` for each context
    Node {
        /// Write nothing; fail where a file is not what would be written
        #[arg(long)]
        check: bool,
    },
    /// Send every vector and 100,000 cases made of them through Rust, Python and Node, and compare the bytes
    ///
    /// Builds both packages first. Cases are vectors with other values of their own kind, moved instants
    /// and addresses, shaken lists, and some that no caller should send; a seed decides them. Each case also goes through the
    /// typed function of its operation, which must give the same value or the same error; what such a function can not be
    /// given, as a float, is counted by its reason.
    ///
    /// Cases and answers stay in `conformance` of the target folder; differences are printed, and fail the run.
    Conformance(conformance::Options),
    /// Let clients charge, refund, settle and cut ranges in one store, kill them and its server, and count: `cargo xtask bank --all`
    ///
    /// Checks that the journal balances, that nothing was charged twice, that nothing that was acknowledged is lost, and that no source came
    /// below what it may. A seed decides what each writer asks in each round, and who is killed when; given again it asks and kills
    /// the same, while in which order the calls of several writers come to the server is never twice the same.
    ///
    /// A run that fails keeps its diaries and its database, and says how to run it again.
    Bank(bank::Options),
    /// Run the benches and hold them to the bars of `benches/bars.toml`: `cargo xtask bench deduct`
    ///
    /// Prints a table of the bars: ours beside the peer, the ratio, passed or by how much missed. A whole run is saved as
    /// `docs/performance.json`, and `docs/performance.md` is written from that; a run of a filter or a quick one is only shown.
    /// A bar that is missed is no failure: medians depend on the machine. The gate is `cargo xtask instructions`.
    ///
    /// Its own options come first, then what is passed on.
    Bench(bench::Options),
    /// Count the instructions of the hot kernels by callgrind, and compare with `benches/instructions.toml`
    ///
    /// Fails where a kernel costs more than 1.05 times its committed figure; another compiler than that of the
    /// figures widens the margin to 1.25 and is told. Installs valgrind by `apt-get` where it is missing; where that can not be done
    /// it says so and counts nothing, except under `CI=true`, where it fails.
    Instructions {
        /// Write the counts as the new figures: commit them with the reason
        #[arg(long)]
        accept: bool,
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
        Command::Test { steps } => steps::run(&workspace, &steps::named(plan::test(), steps)?),
        Command::Ci => steps::run(&workspace, &plan::ci()),
        Command::Tidy => tidy::run(&workspace),
        Command::Errors { check: false } => errors::page().write(&workspace),
        Command::Errors { check: true } => errors::page().check(&workspace),
        Command::Python { check: false } => surface::python(&workspace)?.iter().try_for_each(|of| of.write(&workspace)),
        Command::Python { check: true } => surface::python(&workspace)?.iter().try_for_each(|of| of.check(&workspace)),
        Command::Node { check: false } => surface::node(&workspace)?.iter().try_for_each(|of| of.write(&workspace)),
        Command::Node { check: true } => surface::node(&workspace)?.iter().try_for_each(|of| of.check(&workspace)),
        Command::Conformance(options) => conformance::run(&workspace, options),
        Command::Bank(options) => bank::run(&workspace, options),
        Command::Bench(options) => bench::run(&workspace, options),
        Command::Instructions { accept: true } => instructions::run(&workspace, Mode::Accept).map(|how| say(&how)),
        Command::Instructions { accept: false } => instructions::run(&workspace, Mode::Compare).map(|how| say(&how)),
    }
}

/// What a step that runs alone has to say.
fn say(outcome: &Outcome) {
    match outcome {
        Outcome::Passed => println!("passed"),
        Outcome::PassedWith(how) => println!("passed, {how}"),
        Outcome::Skipped(why) => println!("SKIPPED: {why}"),
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
