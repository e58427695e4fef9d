//! A whole month: every day as [`run`](crate::run) does it, with what happens besides use.

mod bills;
mod books;
mod carry;
mod dunning;
mod figures;
mod focus;
mod reconcile;
mod standing;

pub(crate) use books::{MonthBooks, MonthRefund, OrderKind};
pub(crate) use dunning::Entry as DunningEntry;
pub(crate) use focus::Focus;

use crate::{
    args::RunArgs,
    books::Books,
    ledger::Ledger,
    problem::Unusable,
    progress::bar,
    reconcile::Reconciliation,
    report::{self, Run},
    run::{Ending, Job, Stopwatch, open},
    summary::Summary,
};
use anyhow::Result;
use bills::MonthBills;
use counterfoil::{
    statement::{Month, Report, TrendRow},
    units::Name,
};
use dunning::Dunned;

/// What a month has besides its days.
#[derive(Debug)]
pub(crate) struct Monthly {
    /// The month.
    pub(crate) month: Month,
    /// What stands in the store besides readings and statements.
    pub(crate) books: MonthBooks,
    /// By owner and service.
    pub(crate) report: Report,
    /// How buckets grew.
    pub(crate) trends: Vec<TrendRow<Name>>,
    /// What became of plans, morning by morning.
    pub(crate) dunning: Vec<DunningEntry>,
    /// The FOCUS file.
    pub(crate) focus: Focus,
}

/// Runs a month and reports.
pub(crate) async fn run(args: &RunArgs, of: Month) -> Result<Ending> {
    let mut watch = Stopwatch::start();
    let Job { mut portfolio, terms, mut problems, timeline, source } = Job::read(args, Some(of))?;
    let days = terms.days()?;
    watch.step("read", timeline.events.len());

    let rating = bar("Rating", portfolio.sound().count());
    let rated = MonthBills::of(&mut portfolio, &timeline, &terms, &days, || rating.inc(1));
    let (bills, unrated) = rated.map_err(Unusable::from)?;
    rating.finish_and_clear();
    problems.extend(unrated);
    watch.step("meter and rate", bills.readings());

    let out = args.out("portal-month-out");
    let (store, address) = open(args, &out).await?;
    let mut ledger = Ledger::new(&store, &mut portfolio, &terms);
    ledger.check_zone().await?;
    ledger.load().await?;
    ledger.issue(&timeline).await?;
    watch.step("load", 0);
    let carrying = bar("Days", days.len());
    let mut dunned = Dunned::default();
    ledger
        .month(&timeline, &bills, &mut dunned, |day| {
            carrying.set_message(day.date().to_string());
            carrying.inc(1);
        })
        .await?;
    carrying.finish_and_clear();
    watch.step("carry out", bills.readings());

    let books = Books::read(&store, &terms, &days, ledger.portfolio.currency()).await?;
    let month_books = MonthBooks::read(&ledger, &timeline, &dunned, &books).await?;
    let (changes, refused) = ledger.finish();
    problems.extend(refused);
    let summary = Summary::of(&books)?;
    let monthly = Monthly {
        month: of,
        report: figures::report(&books, &month_books, of, &terms)?,
        trends: figures::trends(&portfolio, of, &terms)?,
        dunning: dunned.log,
        focus: focus::focus(&portfolio, &books, &month_books, of, &terms)?,
        books: month_books,
    };
    let mut reconciliation = Reconciliation::of(&books, &monthly.books.refunds)?;
    reconcile::extend(&mut reconciliation, &portfolio, &books, &monthly)?;
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
        month: Some(&monthly),
    };
    report::month::write(&run, &monthly)?;
    crate::run::show(&run, args)
}
