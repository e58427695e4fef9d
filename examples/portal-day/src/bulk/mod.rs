//! A month of resource-days in bulk: columns in, columns out, with memory bounded.
//!
//! ```text
//! source ──→ prepare ──→ BatchRater ──→ settle ──→ output
//! Parquet,   names by    chunks over    readings   rated.parquet,
//! CSV,       place, the  threads, in    to their   statements.parquet,
//! generate   tariff      order          groups     faults.csv
//! ```
//!
//! Between any two of them a few batches wait, and no more; what is kept is the sums of statements, the names, and one
//! bit for each reading.

mod columns;
mod csv;
mod explain;
mod generate;
mod output;
mod pipeline;
mod prepare;
mod report;
mod settle;
mod source;
mod terms;

use crate::{
    args::{BulkArgs, RunArgs},
    problem::{Fault, Unusable},
    run::Ending,
};
use anyhow::{Context, Result};
use counterfoil::{money::Rounding, time::Zone};
use counterfoil_arrow::{BatchError, Cancel};
use generate::Generator;
use indicatif::{ProgressBar, ProgressStyle};
use source::Source;
use std::{
    io::{self, Write},
    num::NonZeroUsize,
    path::PathBuf,
    sync::Arc,
    thread,
};
use terms::Terms;

/// What was asked for, by itself, so that it can go to another thread.
struct Job {
    source: Source,
    name: String,
    terms: Terms,
    plan: pipeline::Plan,
    generate: Option<PathBuf>,
    explain: Option<(u64, counterfoil::error::Language)>,
    out: PathBuf,
    json: bool,
}

/// Rates in bulk; Ctrl-C stops it, and then nothing is there.
pub(crate) async fn run(run: &RunArgs, args: &BulkArgs) -> Result<Ending> {
    let job = Job::new(run, args)?;
    let cancel = Arc::new(Cancel::new());
    let heard = cancel.clone();
    let mut work = tokio::task::spawn_blocking(move || job.perform(&heard));
    let done = loop {
        tokio::select! {
            done = &mut work => break done,
            Ok(()) = tokio::signal::ctrl_c() => cancel.cancel(),
        }
    };
    match done.context("the run failed")? {
        Err(error) if matches!(error.downcast_ref(), Some(BatchError::Cancelled { .. })) => {
            eprintln!("portal-day: cancelled, and nothing was written");
            Ok(Ending::Cancelled)
        }
        ended => ended,
    }
}

impl Job {
    fn new(run: &RunArgs, args: &BulkArgs) -> Result<Self> {
        let zone = run.zone.unwrap_or(Zone::UTC);
        let terms =
            Terms::new(args.month, zone, run.rounding.unwrap_or(Rounding::PORTAL), args.quota, args.rates.as_deref())?;
        let file = args.file.as_ref().or(run.input.as_ref()).filter(|file| file.as_os_str() != "generated");
        let source = match file {
            Some(file) => Source::open(file)?,
            None => Source::Generated(Generator::new(args.seed, args.rows, &terms.days, args.faults)),
        };
        let name = match file {
            Some(file) => file.display().to_string(),
            None => format!("generated with seed {}", args.seed),
        };
        let threads = args.threads.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
        let plan =
            pipeline::Plan { threads, row_group: args.row_group.get(), resources: args.resources, listed: args.listed };
        let explain = args.explain.map(|row| (row, args.lang.into()));
        let out = run.out("portal-bulk-out");
        Ok(Self { source, name, terms, plan, generate: args.generate.clone(), explain, out, json: run.json })
    }

    fn perform(&self, cancel: &Cancel) -> Result<Ending> {
        let mut to = io::stdout().lock();
        if let Some((row, language)) = self.explain {
            return explain::print((&self.source, &self.name), &self.terms, row, language, &mut to);
        }
        if let Some(path) = &self.generate {
            if !["csv", "parquet"].iter().any(|known| path.extension().is_some_and(|extension| extension == *known)) {
                let message = "its name must end with .parquet or .csv, which says what it becomes";
                return Err(Unusable::from(
                    Fault::new("input.unknown_format", message).at(&path.display().to_string(), 0),
                )
                .into());
            }
            let bar = self.bar("Generating");
            let rows = pipeline::write_source(&self.source, path, self.plan.row_group, (&bar, cancel))?;
            bar.finish_and_clear();
            writeln!(to, "{} in {}", report::rows(rows), path.display())?;
            return Ok(Ending::Done);
        }
        let bar = self.bar("Rating");
        let outcome = pipeline::run(&self.source, (&self.name, &self.out), &self.terms, self.plan, (&bar, cancel));
        bar.finish_and_clear();
        let outcome = outcome?;
        let asked = report::Asked {
            source: &self.name,
            terms: &self.terms,
            threads: self.plan.threads.get(),
            row_group: self.plan.row_group,
            out: &self.out,
        };
        match self.json {
            true => report::json(&asked, &outcome, &mut to)?,
            false => report::terminal(&asked, &outcome, &mut to)?,
        }
        to.flush()?;
        Ok(match (pipeline::holds(&outcome.checks), outcome.tally.faulty) {
            (false, _) => Ending::NotReconciled,
            (true, 0) => Ending::Done,
            (true, _) => Ending::LeftOut,
        })
    }

    /// The bar of all rows; how many there are is not known of CSV.
    fn bar(&self, step: &'static str) -> ProgressBar {
        let (bar, template) = match self.source.rows() {
            Some(rows) => {
                let template =
                    "{prefix:>10.cyan.bold} [{bar:32.cyan/blue}] {human_pos}/{human_len} rows, {per_sec}, {eta} left";
                (ProgressBar::new(rows), template)
            }
            None => (ProgressBar::new_spinner(), "{prefix:>10.cyan.bold} {spinner} {human_pos} rows, {per_sec}"),
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━━─"));
        }
        bar.with_prefix(step)
    }
}
