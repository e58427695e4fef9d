//! The command line.

use crate::world::World;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// The bank test of the store: clients that are made to be killed, and a judge.
///
/// What a writer asks in a round is decided by the seed, its client, its number and the round, and by nothing else: the
/// same seed asks the same again. In which order the calls of several writers come to the server is not repeated.
///
/// `cargo xtask bank` runs all of it.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Put the wallets and their coupons into a store
    Open(#[command(flatten)] Bank),
    /// Be one client: ask for some seconds, and write into a diary what was asked and what was answered
    ///
    /// Where there is a diary already, what it has asked and not seen done is asked again first, and the rounds go on
    /// where they ended. Fails at the first answer that nobody should get.
    Work {
        #[command(flatten)]
        bank: Bank,
        /// Which client it is, from 0
        #[arg(long)]
        client: u32,
        #[arg(long, default_value_t = 10.0)]
        seconds: f64,
        /// How many rounds each writer has at most
        #[arg(long, default_value_t = u32::MAX)]
        rounds: u32,
    },
    /// Count: compare the store with the diaries of all clients
    Judge {
        #[command(flatten)]
        bank: Bank,
        /// How long the clients worked, for the figures
        #[arg(long, default_value_t = 10.0)]
        seconds: f64,
    },
}

/// What all commands must be told alike.
#[derive(Debug, Clone, Args)]
pub(crate) struct Bank {
    /// The store: a path, `postgres://…` or `mysql://…`
    #[arg(long)]
    pub(crate) url: String,
    #[arg(long)]
    pub(crate) seed: u64,
    /// How many clients there are
    #[arg(long, default_value_t = 4)]
    pub(crate) clients: u32,
    /// How many writers each client has
    #[arg(long, default_value_t = 4)]
    pub(crate) writers: u32,
    /// How many wallets there are; a fifth of them gets four of five operations
    #[arg(long, default_value_t = 50)]
    pub(crate) wallets: u32,
    /// The folder of the diaries
    #[arg(long)]
    pub(crate) folder: PathBuf,
}

impl Bank {
    pub(crate) fn world(&self) -> World {
        World {
            seed: self.seed,
            clients: self.clients.max(1),
            writers: self.writers.max(1),
            wallets: self.wallets.max(1),
        }
    }

    /// The file that a client writes.
    pub(crate) fn diary(&self, client: u32) -> PathBuf {
        self.folder.join(format!("client-{client}.jsonl"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
