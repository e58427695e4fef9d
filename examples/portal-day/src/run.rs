//! A run from the command line to the report: read, meter and rate, load, state, charge, reconcile.

use crate::{
    args::{RunArgs, rounding},
    bill::bill,
    books::Books,
    events::Timeline,
    input::{Extent, Input, Settings, Source},
    ledger::Ledger,
    portfolio::{Portfolio, Terms},
    problem::{Fault, Problem, Unusable},
    progress::bar,
    reconcile::Reconciliation,
    report::{self, Run, Step},
    summary::Summary,
    trace::{Reading, Trace},
};
use anyhow::{Context, Result};
use counterfoil::{
    error::TimeError,
    metering::QuotaCharge,
    money::Rounding,
    statement::Month,
    time::{BillingDay, Instant, Zone, parse_date},
};
use counterfoil_store::SqlStore;
use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::Path,
    time::Instant as Clock,
};

/// How a run ended: what the process answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Everything is done and reconciles.
    Done,
    /// The command line names something that is not there.
    Usage,
    /// Some owners were left out.
    LeftOut,
    /// The books do not reconcile.
    NotReconciled,
    /// The input can not be used.
    Unusable,
    /// The store or the output folder can not be used.
    Failed,
    /// It was stopped with Ctrl-C.
    Cancelled,
}

impl Ending {
    /// The exit code.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::LeftOut => 1,
            Self::Usage => 2, // clap's own
            Self::NotReconciled => 3,
            Self::Unusable => 4,
            Self::Failed => 5,
            Self::Cancelled => 130, // as a shell has it for an interrupt
        }
    }
}

/// What was read, and how it is to be billed.
pub(crate) struct Job {
    pub(crate) portfolio: Portfolio,
    pub(crate) terms: Terms,
    pub(crate) problems: Vec<Problem>,
    /// What happens besides use, of a month.
    pub(crate) timeline: Timeline,
    /// Where it was read.
    pub(crate) source: String,
}

impl Job {
    /// Reads the input that the command line names: its days, or those of a month.
    pub(crate) fn read(args: &RunArgs, month: Option<Month>) -> Result<Self, Unusable> {
        let Some(folder) = &args.trace else {
            let source = args.input.clone().map_or(Source::Shipped, Source::Folder);
            let mut settings = Settings::read(&source)?;
            if let Some(month) = month {
                (settings.from, settings.to) = (Some(month.first().to_string()), Some(month.last().to_string()));
            }
            let terms = terms(args, &settings)?;
            let extent = if month.is_some() { Extent::Month(terms.zone) } else { Extent::Days };
            let Input { portfolio, timeline, problems } = Input::read(&source, extent)?;
            return Ok(Self { portfolio, terms, problems, timeline, source: source.to_string() });
        };
        let reading = Reading { start: args.trace_start, owners: args.trace_owners };
        let trace = Trace::read(folder, reading)?;
        let zone = args.zone.unwrap_or(Zone::UTC);
        // Without dates: from the day of second 0 to the one on which the last pod ended.
        let whole = Settings {
            from: Some(day_of(args.trace_start, zone)?),
            to: Some(day_of(trace.end.plus_micros(-1).unwrap_or(trace.end), zone)?),
            zone: Some(zone.to_string()),
            ..Settings::default()
        };
        let terms = terms(args, &whole)?;
        let source = format!("the cluster trace in {}", folder.display());
        let timeline = Timeline::default();
        Ok(Self { portfolio: trace.portfolio, terms, problems: trace.problems, timeline, source })
    }
}

fn day_of(at: Instant, zone: Zone) -> Result<String, Unusable> {
    let day = BillingDay::of(at, zone).map_err(|error| Unusable::from(Fault::from(error).at("pods.csv", 0)))?;
    Ok(day.date().to_string())
}

/// The command line's terms, and the folder's where it says nothing.
fn terms(args: &RunArgs, settings: &Settings) -> Result<Terms, Unusable> {
    let file = |fault: Fault| Unusable::from(fault.at("portal.toml", 0));
    let missing = |what: &str| {
        file(Fault::new(
            "input.no_days",
            format!("`{what}` is missing: name it there, or as --{what} on the command line"),
        ))
    };
    let of_time = |error: TimeError| file(error.into());
    let date = |argument: Option<chrono::NaiveDate>, setting: &Option<String>, what| match (argument, setting) {
        (Some(date), _) => Ok(date),
        (None, Some(text)) => parse_date(text).map_err(|error| file(Fault::from(error).about(what))),
        (None, None) => Err(missing(what)),
    };
    let zone = match (args.zone, &settings.zone) {
        (Some(zone), _) => zone,
        (None, Some(text)) => text.parse().map_err(of_time)?,
        (None, None) => return Err(missing("zone")),
    };
    let rounding = match (args.rounding, &settings.rounding) {
        (Some(rounding), _) => rounding,
        (None, Some(text)) => rounding(text).map_err(|message| file(Fault::new("input.bad_rounding", message)))?,
        (None, None) => Rounding::PORTAL,
    };
    let mut quota = BTreeMap::new();
    for (kind, policy) in &settings.quota {
        let kind = kind.parse().map_err(|error: counterfoil::error::UnitsError| file(error.into()))?;
        let policy: QuotaCharge =
            policy.parse().map_err(|error: counterfoil::error::MeteringError| file(error.into()))?;
        quota.insert(kind, policy);
    }
    let (from, to) = (date(args.from, &settings.from, "from")?, date(args.to, &settings.to, "to")?);
    let terms = Terms { from, to, zone, rounding, quota, now: args.now };
    terms.days().map_err(of_time)?;
    Ok(terms)
}

/// Times the steps of a run; how long one took is shown, and decides nothing.
pub(crate) struct Stopwatch {
    since: Clock,
    pub(crate) steps: Vec<Step>,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self { since: Clock::now(), steps: Vec::new() }
    }

    pub(crate) fn step(&mut self, name: &'static str, rows: usize) {
        self.steps.push(Step { name, rows, seconds: self.since.elapsed().as_secs_f64() });
        self.since = Self::start().since;
    }
}

/// Bills the days and reports.
pub(crate) async fn run(args: &RunArgs) -> Result<Ending> {
    let mut watch = Stopwatch::start();
    let Job { mut portfolio, terms, mut problems, source, .. } = Job::read(args, None)?;
    let days = terms.days()?;
    let resources = portfolio.owners.values().map(|holding| holding.resources.len()).sum();
    watch.step("read", resources);

    let rating = bar("Rating", portfolio.sound().count());
    let (bills, unrated) = bill(&mut portfolio, &terms, &days, || rating.inc(1)).map_err(Unusable::from)?;
    rating.finish_and_clear();
    problems.extend(unrated);
    let readings = bills.iter().flat_map(|bill| bill.owners.values()).map(Vec::len).sum();
    watch.step("meter and rate", readings);

    let out = args.out("portal-day-out");
    let (store, address) = open(args, &out).await?;
    let mut ledger = Ledger::new(&store, &mut portfolio, &terms);
    ledger.check_zone().await?;
    ledger.load().await?;
    watch.step("load", resources);
    let stating = bar("Stating", bills.len());
    for bill in &bills {
        stating.set_message(bill.day.date().to_string());
        ledger.state(bill).await?;
        stating.inc(1);
    }
    stating.finish_and_clear();
    watch.step("state", readings);
    let charging = bar("Charging", bills.len());
    for bill in &bills {
        charging.set_message(bill.day.date().to_string());
        ledger.charge(bill.day).await?;
        charging.inc(1);
    }
    charging.finish_and_clear();
    let (changes, refused) = ledger.finish();
    problems.extend(refused);
    watch.step("charge", changes.payments);

    let books = Books::read(&store, &terms, &days, portfolio.currency()).await?;
    let summary = Summary::of(&books)?;
    let reconciliation = Reconciliation::of(&books, &[])?;
    store.close().await;
    watch.step("reconcile", books.readings.len());
    problems.sort();

    let run = Run {
        terms: &terms,
        source,
        revision: portfolio.card.revision().to_string(),
        store: address,
        out,
        remarks: &portfolio.remarks,
        books: &books,
        summary: &summary,
        reconciliation: &reconciliation,
        changes,
        problems: &problems,
        left_out: portfolio.left_out.len(),
        steps: &watch.steps,
        month: None,
    };
    show(&run, args)
}

/// Opens the store in the output folder, or where the command line says.
pub(crate) async fn open(args: &RunArgs, out: &Path) -> Result<(SqlStore, String)> {
    report::folder(out)?;
    let address = args.store.clone().unwrap_or_else(|| out.join("portal.sqlite").display().to_string());
    let store = SqlStore::open(&address).await.with_context(|| format!("the store {address} can not be opened"))?;
    Ok((store, address))
}

/// Writes the files, prints the summary, and says how the run ended.
pub(crate) fn show(run: &Run<'_>, args: &RunArgs) -> Result<Ending> {
    report::tables::write(run)?;
    report::html::write(run)?;
    let mut out = io::stdout().lock();
    if args.json {
        // Standard output is for the program that reads it.
        run.problems.iter().for_each(|problem| eprintln!("{problem}"));
    }
    if args.json {
        report::json::print(run, &mut out)?
    } else {
        report::terminal::print(run, &mut out)?
    }
    out.flush()?;

    Ok(match (run.reconciliation.holds(), run.problems.is_empty()) {
        (false, _) => Ending::NotReconciled,
        (true, false) => Ending::LeftOut,
        (true, true) => Ending::Done,
    })
}
