//! What of a catalogue can be sold on a cluster now, how many, and why not; and where its free capacity is.
//!
//! ```text
//! args ─→ main ─→ cluster, replay, catalogue ─→ placement::Centre ─→ show ─→ a table with reasons
//!                 read with counterfoil-inventory                    heat ─→ a picture in SVG
//! ```

mod args;
mod catalogue;
mod cluster;
mod heat;
mod replay;
mod show;

use anyhow::{Context, Result};
use args::{By, Cli, Command};
use clap::Parser;
use cluster::Cluster;
use counterfoil::{
    error::{Error, PlacementError},
    placement::{Centre, Heuristic, Rules, Telling},
};
use counterfoil_inventory::InventoryError;
use replay::Trace;
use std::{
    fs,
    io::{self, ErrorKind, IsTerminal, Write},
    path::Path,
    process::ExitCode,
};

fn main() -> ExitCode {
    match perform(&Cli::parse(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has seen enough, as `head` does.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            match code(&error) {
                Some(code) => eprintln!("buy-page: {error:#} ({code})"),
                None => eprintln!("buy-page: {error:#}"),
            }
            ExitCode::FAILURE
        }
    }
}

fn perform(cli: &Cli, to: &mut impl Write) -> Result<()> {
    match &cli.command {
        None => page(&cluster::sample()?, SAMPLE, cli, Some(Path::new("buy-page.svg")), to),
        Some(Command::Cluster { nodes, pods }) => page(&cluster::of_kubernetes(nodes, pods)?, SAMPLE, cli, None, to),
        Some(Command::Nodes { file }) => page(&cluster::of_table(file)?, SAMPLE, cli, None, to),
        Some(Command::Trace { folder, at, by, compare }) => {
            let trace = Trace::read(folder)?;
            let (second, by) = (at.unwrap_or_else(|| trace.middle()), by.heuristic());
            let progress = io::stderr().is_terminal();
            let moment = trace.at(second, by, progress)?;
            let compared = if *compare { compared(&trace, second, progress)? } else { String::new() };
            page(&trace.cluster(moment, second, by)?, TRACE, cli, None, to)?;
            write!(to, "{compared}")?;
            Ok(())
        }
    }
}

/// The catalogues that come with this program.
const SAMPLE: &str = include_str!("../sample/catalogue.csv");
const TRACE: &str = include_str!("../sample/trace.csv");

/// Judges a catalogue on a cluster, and draws it where that is asked for.
fn page(cluster: &Cluster, catalogue: &str, cli: &Cli, drawn: Option<&Path>, to: &mut impl Write) -> Result<()> {
    let output = &cli.output;
    let offers = match &output.catalogue {
        Some(file) => catalogue::read(&cluster::read(file)?)?,
        None => catalogue::read(catalogue)?,
    };
    let language = output.lang.language();
    for fault in &cluster.faults {
        eprintln!("buy-page: {} ({})", fault.message(language), fault.code());
    }
    let rules = Rules::strict();
    // As the scheduler of Kubernetes tells it: a node with a taint is not asked what is free on it.
    let centre = Centre::new(&cluster.snapshot, &rules).with_telling(Telling::FirstCheck);
    let judged = show::judge(&centre, &offers, language)?;
    writeln!(to, "{}: {}\n\n{judged}", cluster.title, cluster.about)?;
    if let Some(file) = output.svg.as_deref().or(drawn) {
        let picture = heat::draw(&cluster.snapshot, &format!("Free capacity: {}", cluster.title), &cluster.about)?;
        fs::write(file, picture).with_context(|| format!("`{}` can not be written", file.display()))?;
        writeln!(to, "\npicture: {}", file.display())?;
    }
    Ok(())
}

/// What each rule of placing leaves at a second.
fn compared(trace: &Trace, second: u64, progress: bool) -> Result<String> {
    let moment = |by: By| Ok((by.heuristic(), trace.at(second, by.heuristic(), progress)?));
    let moments = [By::FirstFit, By::BestFit, By::DotProduct].map(moment).into_iter().collect::<Result<Vec<_>>>()?;
    Ok(format!("\n{}", show::rules(&moments)))
}

impl By {
    const fn heuristic(self) -> Heuristic {
        match self {
            Self::FirstFit => Heuristic::FirstFit,
            Self::BestFit => Heuristic::BestFit,
            Self::DotProduct => Heuristic::DotProduct,
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

/// The stable code of what the library refused.
fn code(error: &anyhow::Error) -> Option<&'static str> {
    error.chain().find_map(|cause| {
        let by_library = cause.downcast_ref::<Error>().map(Error::code);
        let by_room = || cause.downcast_ref::<PlacementError>().map(PlacementError::code);
        by_library.or_else(by_room).or_else(|| cause.downcast_ref::<InventoryError>().map(InventoryError::code))
    })
}
