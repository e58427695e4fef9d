//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Plans of IPv4 and IPv6 ranges, as tables and as maps.
///
/// Without a command it shows the sample: a campus network with its rows by status, what of it is used, where
/// the next networks would go, and a map in SVG.
///
/// Ranges are written `10.0.0.0/24`, or `10.0.0.1-10.0.0.200/24` where they are a clipped part of their network.
#[derive(Debug, Parser)]
#[command(version, after_help = EXIT_CODES, after_long_help = FILES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) output: Output,
}

const EXIT_CODES: &str =
    "Exit codes: 0 done; 1 not possible or wrong input, with its code; 2 the command line was not understood.";

const FILES: &str = "\
Rows are CSV with a header: id,range,status,asn,owner (status: wait, reserved, assigned; asn and owner may be
empty; lines that begin with # are skipped). Prefix lists have one prefix a line.

Exit codes: 0 done; 1 not possible or wrong input, with its code; 2 the command line was not understood.";

#[derive(Debug, Args)]
pub(crate) struct Output {
    /// Draw a map into this file (the sample draws `ip-plan.svg` without being asked).
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// The length of the network that a line of the map stands for.
    #[arg(long, global = true, value_name = "LENGTH")]
    pub(crate) line: Option<u8>,
    /// How many lines a table has at most.
    #[arg(long, global = true, value_name = "LINES", default_value_t = 40)]
    pub(crate) show: usize,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Cut a range into pieces of one length.
    Split {
        /// The range.
        range: String,
        /// The length of the pieces.
        #[arg(long, value_name = "LENGTH")]
        into: u8,
    },
    /// The fewest pieces that hold the networks that are wanted.
    Plan {
        /// The range.
        range: String,
        /// What is wanted: `24`, or `24:8` for eight of them. May stand more than once.
        #[arg(long, required = true, value_name = "LENGTH[:COUNT]")]
        want: Vec<String>,
    },
    /// The portal's own small split: halve the first piece, and cut it flat.
    MiniSplit {
        /// The range.
        range: String,
        /// The length that is wanted.
        #[arg(long, value_name = "LENGTH")]
        into: u8,
        /// How many bits above it the halving ends: it gives 2^DIFF pieces of that length.
        #[arg(long, default_value_t = 3)]
        diff: u8,
    },
    /// Where the next networks would go, beside the rows that are there.
    Allocate {
        /// The network to take them from.
        network: String,
        #[command(flatten)]
        rows: Rows,
        /// What is wanted: `24`, or `24:8` for eight of them. May stand more than once.
        #[arg(long, required = true, value_name = "LENGTH[:COUNT]")]
        want: Vec<String>,
        /// Where to look first.
        #[arg(long, value_enum, default_value_t = Policy::BestFit)]
        policy: Policy,
    },
    /// What of a network is assigned, reserved, waiting and free.
    Usage {
        /// The network.
        network: String,
        #[command(flatten)]
        rows: Rows,
    },
    /// What to create, delete and keep to come from one file of rows to another.
    Diff {
        /// The rows as they are.
        old: PathBuf,
        /// The rows as they should be.
        new: PathBuf,
    },
    /// Real prefix lists: what they hold, how far they aggregate, which overlap.
    Lists {
        /// The folder of `*.txt` files, or single files.
        #[arg(default_value = "../shared/data/prefixes")]
        paths: Vec<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Rows {
    /// The rows that are there; without it, none.
    #[arg(long, value_name = "FILE")]
    pub(crate) rows: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Policy {
    /// The first that is free.
    Leftmost,
    /// The last that is free.
    Rightmost,
    /// Out of the smallest free block that holds it.
    BestFit,
    /// In the middle of the largest gap, so that everything may grow.
    Sparse,
    /// By RFC 3531, from the left: the same idea, with numbers that do not depend on what is there.
    Rfc3531,
}
