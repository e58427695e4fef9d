//! A store from the command line: `cargo run -p counterfoil-store --features postgres,mysql --example store -- --help`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

mod backup;
mod check;
mod export;
mod import;
mod open;
mod rows;
mod table;

use clap::{Parser, Subcommand};
use counterfoil_store::SqlStore;
use std::{path::PathBuf, process::ExitCode};

/// Look after a store of counterfoil: bring it up to date, prove it, mend it, fill it, take it elsewhere
///
/// A store is a SQLite file (`portal.sqlite`), `postgres://…`, or `mysql://…`; servers need a program that is built with
/// the feature of their name.
#[derive(Parser)]
#[command(name = "store", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the schema, or bring an older one up to date
    Migrate {
        /// The store
        store: String,
    },
    /// Read everything and name what does not agree; ends with 1 if there is something
    Verify {
        /// The store
        store: String,
    },
    /// Mend what the journal proves, and explain what it does not
    Repair {
        /// The store
        store: String,
        /// Change nothing: only say what would be done, and why
        #[arg(long)]
        dry_run: bool,
        /// Who mends
        #[arg(long, default_value = "store repair")]
        by: String,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Put in what a CSV or Parquet file lists: all of it, or nothing more than the rows before a fault
    Import(import::Import),
    /// Write a table as CSV or Parquet
    Export(export::Export),
    /// Copy a SQLite store, while it is used, and prove the copy
    BackUp {
        /// The store
        store: PathBuf,
        /// The copy, which must not exist
        to: PathBuf,
    },
    /// Put a copy back where a SQLite store was, after proving it
    Restore {
        /// The copy
        from: PathBuf,
        /// The store; what is there is kept beside it as `….before-restore`
        store: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse().command).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("store: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Migrate { store } => {
            SqlStore::open(&store).await?.close().await;
            println!("the schema is up to date");
        }
        Command::Verify { store } => return open::with(&store, check::verify).await,
        Command::Repair { store, dry_run, by, reason } => {
            return open::with(&store, async |store| check::repair(store, dry_run, &by, &reason).await).await;
        }
        Command::Import(import) => import.run().await?,
        Command::Export(export) => export.run().await?,
        Command::BackUp { store, to } => backup::back_up(&store, &to).await?,
        Command::Restore { from, store } => backup::restore(&from, &store).await?,
    }
    Ok(ExitCode::SUCCESS)
}
