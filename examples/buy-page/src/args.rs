//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use counterfoil::error::Language;
use std::path::PathBuf;

/// What of a catalogue is sellable on a cluster now, how many, and why not; and where its free capacity is.
///
/// Without a command it judges the sample catalogue on a small sample cluster, and draws its free capacity.
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
A catalogue is CSV with a header: id,name,parts,tolerations. Parts are written `cpu=2 memory=4Gi gpu[T4]=1`, amounts as
Kubernetes writes them; tolerations `dedicated=physics:NoSchedule`, with blanks between them.

Exit codes: 0 done; 1 not possible or wrong input, with its code; 2 the command line was not understood.";

#[derive(Debug, Args)]
pub(crate) struct Output {
    /// The products to judge (a sample catalogue without it).
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) catalogue: Option<PathBuf>,
    /// Draw the free capacity of every node into this file (the sample draws `buy-page.svg` without being asked).
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// The language of reasons and hints.
    #[arg(long, global = true, value_enum, default_value_t = Lang::En)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Lang {
    En,
    Zh,
}

impl Lang {
    pub(crate) const fn language(self) -> Language {
        match self {
            Self::En => Language::English,
            Self::Zh => Language::Chinese,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// A Kubernetes cluster, from its lists of nodes and pods.
    Cluster {
        /// What `kubectl get nodes -o json` prints.
        #[arg(long, value_name = "FILE")]
        nodes: PathBuf,
        /// What `kubectl get pods -A -o json` prints.
        #[arg(long, value_name = "FILE")]
        pods: PathBuf,
    },
    /// A table of nodes and what is free on them, as a compute centre shows it: `1.60核`, `15.30Gi`.
    Nodes {
        /// The table, as CSV.
        file: PathBuf,
    },
    /// A trace of a GPU cluster (`nodes.csv`, `pods.csv`), at a second of it.
    Trace {
        /// The folder of both files.
        folder: PathBuf,
        /// The second to look at; the middle of the trace without it.
        #[arg(long, value_name = "SECOND")]
        at: Option<u64>,
        /// How its pods are placed, which the trace does not tell.
        #[arg(long, value_enum, default_value_t = By::BestFit)]
        by: By,
        /// Also tell what each rule leaves: tasks without a node, and free cards that nothing can use.
        #[arg(long)]
        compare: bool,
    },
}

/// A rule of placing.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum By {
    FirstFit,
    BestFit,
    DotProduct,
}
