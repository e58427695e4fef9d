//! The input folder: a price list and its tables, read with every fault in its place.
//!
//! | file | a row is |
//! |---|---|
//! | `portal.toml` | not a row: the days, the zone, the rounding, the policy for quota resources |
//! | `rates.toml` | not a row: the price list, as `RateCard::from_toml` reads it |
//! | `units.csv` | a service unit, which is what gets paid |
//! | `accounts.csv` | an owner's account, with the balance before the first run |
//! | `coupons.csv` | a coupon |
//! | `resources.csv` | a resource, its owner, and how it is metered |
//! | `spans.csv` | a stretch of a resource's life in which nothing changed |
//! | `samples.csv` | a size that was seen at an instant |
//! | `scans.csv` | a task that was done once |
//!
//! A month has more, and each of these may be missing:
//!
//! | file | a row is |
//! |---|---|
//! | `topups.csv`, `codes.csv`, `redeems.csv` | money that comes in; the code of a coupon; who redeems one |
//! | `orders.csv`, `items.csv` | an order; one of the things that it is for |
//! | `locks.csv` | funds that are locked, captured or given up |
//! | `plans.csv` | what is paid ahead, cycle by cycle |
//! | `refunds.csv` | a part of a payment that is given back |
//! | `late.csv` | a stretch of a resource's life as it really was, and since when that is known |
//!
//! What is wrong in a row leaves out the owner that the row is of, and nobody else. A row that can not
//! be told whose it is leaves out nobody: it is reported, and once it is mended the next run states the
//! difference (R-S2).

mod lives;
mod month;
mod owners;
mod settings;
mod source;
mod table;

pub(crate) use settings::Settings;
pub(crate) use source::Source;

use crate::{
    events::Timeline,
    portfolio::Portfolio,
    problem::{Fault, Problem, Unusable},
};
use counterfoil::{pricing::RateCard, time::Zone, wallet::Owner};
use month::MonthTables;
use table::{Layout, Row, Table};

/// A price list, in the input folder.
pub(crate) const RATES: &str = "rates.toml";

const UNITS: Layout = Layout { file: "units.csv", columns: &["unit", "application", "category"], parts: false };
const ACCOUNTS: Layout =
    Layout { file: "accounts.csv", columns: &["owner_kind", "owner", "balance", "currency"], parts: false };
const COUPONS: Layout = Layout {
    file: "coupons.csv",
    columns: &[
        "coupon",
        "owner_kind",
        "owner",
        "unit",
        "order",
        "face_value",
        "balance",
        "currency",
        "status",
        "effective",
        "expiration",
        "created",
    ],
    parts: false,
};
const RESOURCES: Layout = Layout {
    file: "resources.csv",
    columns: &["resource", "kind", "owner_kind", "owner", "unit", "metered_by"],
    parts: false,
};
const SPANS: Layout = Layout { file: "spans.csv", columns: &["resource", "start", "end", "mode"], parts: true };
const SAMPLES: Layout = Layout { file: "samples.csv", columns: &["resource", "at", "size", "unit"], parts: false };
const SCANS: Layout = Layout { file: "scans.csv", columns: &["resource", "at"], parts: true };

/// What was read, and what was wrong with it.
#[derive(Debug)]
pub(crate) struct Input {
    /// What was read.
    pub(crate) portfolio: Portfolio,
    /// What happens besides use, where a month was asked for.
    pub(crate) timeline: Timeline,
    /// What was wrong, in the order of the files.
    pub(crate) problems: Vec<Problem>,
}

/// How much of a folder is read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Extent {
    /// What days are billed by.
    Days,
    /// And what happens in a month, its plans counted in a zone.
    Month(Zone),
}

/// The tables of a folder, each with a good header.
struct Tables {
    units: Table,
    accounts: Table,
    coupons: Table,
    resources: Table,
    spans: Table,
    samples: Table,
    scans: Table,
}

impl Input {
    /// Reads a folder.
    ///
    /// A file that is missing, has another header or is no CSV makes the whole folder unusable, and so
    /// does a price list with a fault: then all such faults are reported together.
    pub(crate) fn read(source: &Source, extent: Extent) -> Result<Self, Unusable> {
        let month = match extent {
            Extent::Days => Ok(None),
            Extent::Month(zone) => MonthTables::read(source).map(|tables| Some((tables, zone))),
        };
        let (card, tables, month) = match (card(source), Tables::read(source), month) {
            (Ok(card), Ok(tables), Ok(month)) => (card, tables, month),
            (card, tables, month) => {
                let problems = card.err().into_iter().chain(tables.err().into_iter().flatten());
                let problems = problems.chain(month.err().into_iter().flatten());
                return Err(Unusable(problems.collect()));
            }
        };
        let portfolio = Portfolio::new(card.0, card.1);
        let mut reading = Reading { portfolio, timeline: Timeline::default(), problems: Vec::new() };
        reading.units(&tables.units);
        reading.accounts(&tables.accounts);
        reading.coupons(&tables.coupons);
        reading.lives(&tables, month.as_ref().map(|(tables, _)| &tables.late));
        if let Some((tables, zone)) = &month {
            reading.month(tables, *zone);
        }
        let Reading { portfolio, timeline, problems } = reading;
        Ok(Self { portfolio, timeline, problems })
    }
}

/// Reads the price list, and keeps its text.
fn card(source: &Source) -> Result<(RateCard, String), Problem> {
    use counterfoil::error::PricingError::BadCard;
    let text = source.text(RATES)?;
    let card = RateCard::from_toml(&text).map_err(|error| {
        let line = if let BadCard { line, .. } = &error { u64::try_from(*line).unwrap_or(0) } else { 0 };
        Fault::from(error).at(RATES, line)
    })?;
    Ok((card, text))
}

impl Tables {
    fn read(source: &Source) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut table = |layout| Table::read(source, layout).map_err(|problem| problems.push(problem)).ok();
        let tables = (
            table(UNITS),
            table(ACCOUNTS),
            table(COUPONS),
            table(RESOURCES),
            table(SPANS),
            table(SAMPLES),
            table(SCANS),
        );
        match tables {
            (Some(units), Some(accounts), Some(coupons), Some(resources), Some(spans), Some(samples), Some(scans)) => {
                Ok(Self { units, accounts, coupons, resources, spans, samples, scans })
            }
            _ => Err(problems),
        }
    }
}

/// What is read so far.
struct Reading {
    portfolio: Portfolio,
    timeline: Timeline,
    problems: Vec<Problem>,
}

impl Reading {
    /// Notes what is wrong with a row; its owner, if it has one, is left out.
    fn note(&mut self, row: Row<'_>, owner: Option<&Owner>, fault: Fault) {
        self.note_problem(row.problem(fault), owner);
    }

    fn note_problem(&mut self, problem: Problem, owner: Option<&Owner>) {
        self.portfolio.left_out.extend(owner.cloned());
        self.problems.push(problem.of(owner));
    }
}
