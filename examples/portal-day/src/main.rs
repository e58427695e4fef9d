//! A portal's day from rows to money.
//!
//! ```text
//! input ─→ bill ─→ ledger ─→ books ─→ summary, reconcile ─→ report
//! files    meter   state     what     what it comes to,     terminal, JSON,
//! with     and     and       stands   whether it adds up    report.html, CSV
//! faults   rate    charge    there
//! ```
//!
//! `input` and `bill` decide and touch nothing; `ledger` carries it out in the store, and everything that is
//! shown is read back from there.
//!
//! A month is that for each of its days, with what happens besides:
//!
//! ```text
//! input::month ─→ events ─→ month::carry ─→ month::books ─→ month::{figures, focus, reconcile} ─→ report::month
//! top-ups,        in the    each morning    what stands     the monthly report, the FOCUS        terminal, JSON,
//! orders,         order of  month::dunning, besides         file, and whether it                 report.html, CSV
//! plans, …        instants  then the day                    adds up
//! ```

mod args;
mod bill;
mod books;
mod bulk;
mod events;
mod explain;
mod input;
mod ledger;
mod month;
mod portfolio;
mod problem;
mod progress;
mod reconcile;
mod report;
mod run;
mod sample;
mod summary;
mod trace;

use anyhow::Result;
use args::{Cli, Command};
use clap::Parser;
use counterfoil::time::BillingDay;
use problem::Unusable;
use run::{Ending, Job};
use std::{
    io::{self, ErrorKind},
    process::ExitCode,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let ending = match perform(&Cli::parse()).await {
        Ok(ending) => ending,
        // Whoever read the output has seen enough, as `head` does.
        Err(error) if is_broken_pipe(&error) => Ending::Done,
        Err(error) => {
            eprintln!("portal-day: {error:#}");
            if error.is::<Unusable>() { Ending::Unusable } else { Ending::Failed }
        }
    };
    ExitCode::from(ending.code())
}

async fn perform(cli: &Cli) -> Result<Ending> {
    match &cli.command {
        None => run::run(&cli.run).await,
        Some(Command::Bulk(args)) => bulk::run(&cli.run, args).await,
        Some(Command::Month(args)) => {
            if let Some(argument) = cli.run.not_of_a_month() {
                eprintln!("portal-day: `{argument}` is not for a month: it has its own days and instants");
                return Ok(Ending::Usage);
            }
            month::run(&cli.run, args.month).await
        }
        Some(Command::Explain(args)) => {
            let job = Job::read(&cli.run, None)?;
            let day = BillingDay::new(args.day, job.terms.zone)?;
            let Some((owner, resource)) = job.portfolio.resource(&args.resource) else {
                eprintln!("portal-day: there is no resource `{}`, or its rows are wrong", args.resource);
                job.problems.iter().for_each(|problem| eprintln!("  {problem}"));
                return Ok(Ending::Usage);
            };
            let asked = explain::Asked { id: &args.resource, owner, resource, day, language: args.lang.into() };
            asked.print(&job.portfolio, &job.terms, &mut io::stdout().lock())?;
            Ok(Ending::Done)
        }
        Some(Command::Sample(args)) => {
            sample::write(args.seed, &cli.run.out("portal-day-out"))?;
            Ok(Ending::Done)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
