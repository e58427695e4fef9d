//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use counterfoil::{
    error::Language,
    metering::QuotaCharge,
    money::{RoundAt, Rounding},
    statement::Month,
    time::{Instant, Zone, parse_date},
    units::Name,
};
use std::{num::NonZeroUsize, path::PathBuf};

/// A portal's day from rows to money: read, meter, rate, state, charge, reconcile.
///
/// Without arguments it runs on a sample that is built in: 400 resources of 60 owners over three days,
/// one of which has 23 hours. It writes a store, a report and tables into `portal-day-out`, and a
/// second run finds that nothing is left to do.
#[derive(Debug, Parser)]
#[command(version, after_long_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

const MONTH: &str = "\
Each day in order: due plans are renewed, warned about or ended; what happens is carried out by its instant;
then the day is metered, rated, stated and charged, and what was known too late of earlier days is corrected.

Exit codes: as without a command. 1 also where something that happens was refused: no funds, a wrong code, a
refund above what is left. What a day refused stays refused; to try it again, give it a later instant.

Input folder: as without a command, and these, each of which may be missing:
  topups.csv     topup,at,owner_kind,owner,amount,currency
  codes.csv      coupon,code
  redeems.csv    at,owner_kind,owner,coupon,code
  orders.csv     order,at,owner_kind,owner,unit,type,settled   (type: new, renewal, upgrade, downgrade, post2pre)
  items.csv      order,item,price,currency,delivered
  locks.csv      order,at,owner_kind,owner,event,unit,amount,currency,expires   (event: authorise, capture, void)
  plans.csv      plan,start,owner_kind,owner,unit,cycle,renewals,auto_renew,price,currency
                 (cycle: monthly, quarterly, yearly; auto_renew: on, off; renewals: how many there were before)
  refunds.csv    refund,at,owner_kind,owner,order,amount,currency
  late.csv       known,resource,start,end,mode, then columns as in spans.csv: the life as it really was

Output folder: the files of a run of days, and topups.csv, orders.csv, refunds.csv, refund_legs.csv, dunning.csv,
report.csv, trends.csv, focus.csv.";

const BULK: &str = "\
Columns, in Parquet or CSV; a row is a resource on one day:
  resource                 uint32, its number                             one reading of a day each
  owner                    text: user:ada, group:physics                  dictionaries of text are looked up once
  unit, kind               text: the service unit, the kind in the price list
  mode                     text: post_paid, pre_paid, quota
  window_start, window_end timestamp in microseconds with a zone          a day of --month in --zone
  start, end               likewise; no end means that it lives           in CSV all of them like 2024-02-01T00:00:00Z
  part:unit, …             whole numbers or decimals, like cpu:core; empty where it has no such part

Output folder; each file is whole, or not there:
  rated.parquet            the rows in their order: state (rated, absent, faulty), micros, original, payable, code
  statements.parquet       the sums of each day, owner, unit and kind
  faults.csv               row (from 0), resource, code, message: the first --listed of them

Exit codes: 0 all rows are rated or absent, 1 some are faulty and all others are stated, 2 there is no such row,
3 the sums do not reconcile and nothing is kept, 4 the input can not be used, 5 the output folder can not be used,
130 cancelled with Ctrl-C and nothing is kept.";

const EXIT_CODES: &str = "\
Exit codes:
  0  everything was stated and charged, and every cent is accounted for
  1  some rows were wrong: their owners were left out, the others are done and reconcile
  2  the command line was not understood, or names a resource that is not there
  3  the books do not reconcile
  4  the input can not be used at all (a missing file, a wrong header, a faulty price list): nothing was written
  5  the store or the output folder can not be used

Input folder (`portal-day sample --out DIR` writes one):
  portal.toml    from, to, zone, rounding, and which quota resources are charged
  rates.toml     the price list
  units.csv      unit,application,category
  accounts.csv   owner_kind,owner,balance,currency
  coupons.csv    coupon,owner_kind,owner,unit,order,face_value,balance,currency,status,effective,expiration,created
  resources.csv  resource,kind,owner_kind,owner,unit,metered_by
  spans.csv      resource,start,end,mode, then a column for each part and its unit: cpu:core,ram:GiB,…
  samples.csv    resource,at,size,unit
  scans.csv      resource,at, then columns for parts: web:count,host:count";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a whole month: money in, orders, locks, renewals, refunds and corrections, day by day beside the use
    #[command(after_long_help = MONTH)]
    Month(MonthArgs),
    /// Rate a month of resource-days in bulk: Parquet, CSV or generated rows in, Parquet out (also `--bulk`)
    #[command(long_flag = "bulk", after_long_help = BULK)]
    Bulk(BulkArgs),
    /// Print why an amount is what it is: the spans of a day, the lines, the exact sum, the rounding
    Explain(ExplainArgs),
    /// Write an input folder like the one that is built in
    Sample(SampleArgs),
}

/// What to bill, and where to.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The input folder; without it the sample that is built in
    #[arg(long, value_name = "DIR", global = true, help_heading = "Input")]
    pub(crate) input: Option<PathBuf>,
    /// Bill a cluster trace instead: a folder with pods.csv and pods_gpuspec33.csv of openb (Alibaba, gpu-v2023)
    #[arg(long, value_name = "DIR", global = true, conflicts_with = "input", help_heading = "Input")]
    pub(crate) trace: Option<PathBuf>,
    /// The instant that second 0 of the trace stands for
    #[arg(long, value_name = "INSTANT", global = true, default_value = "2023-01-01T00:00:00Z", help_heading = "Input")]
    pub(crate) trace_start: Instant,
    /// How many owners the pods of the trace are dealt to, by a hash of their names
    #[arg(long, value_name = "N", global = true, default_value_t = 40, help_heading = "Input",
          value_parser = clap::value_parser!(u32).range(1..=9999))]
    pub(crate) trace_owners: u32,
    /// The first day
    #[arg(long, value_name = "DATE", global = true, value_parser = date, help_heading = "Days")]
    pub(crate) from: Option<chrono::NaiveDate>,
    /// The last day
    #[arg(long, value_name = "DATE", global = true, value_parser = date, help_heading = "Days")]
    pub(crate) to: Option<chrono::NaiveDate>,
    /// Whose days they are: an IANA name, UTC, or an offset like +08:00
    #[arg(long, value_name = "ZONE", global = true, help_heading = "Days")]
    pub(crate) zone: Option<Zone>,
    /// When statements are charged, for what expires; without it each at the end of its day. Never the clock
    #[arg(long, value_name = "INSTANT", global = true, help_heading = "Days")]
    pub(crate) now: Option<Instant>,
    /// How amounts are rounded: a preset (portal, bss, usage, reseller) or `mode step at`, as `half_even 0.01 total`
    #[arg(long, value_name = "ROUNDING", global = true, value_parser = rounding, help_heading = "Days")]
    pub(crate) rounding: Option<Rounding>,
    /// The store; without it `portal.sqlite` in the output folder
    #[arg(long, value_name = "URL", global = true, help_heading = "Output")]
    pub(crate) store: Option<String>,
    /// The output folder: report.html, the tables, and the store unless it is elsewhere. Without it
    /// `portal-day-out`, or `portal-month-out` for a month
    #[arg(long, value_name = "DIR", global = true, help_heading = "Output")]
    out: Option<PathBuf>,
    /// Print the summary as JSON, and nothing else, on standard output
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) json: bool,
}

impl RunArgs {
    /// What was asked for that a month can not do.
    pub(crate) fn not_of_a_month(&self) -> Option<&'static str> {
        let given = [
            (self.trace.is_some(), "--trace"),
            (self.from.is_some(), "--from"),
            (self.to.is_some(), "--to"),
            (self.now.is_some(), "--now"),
        ];
        given.into_iter().find(|(is_given, _)| *is_given).map(|(_, argument)| argument)
    }

    /// The output folder, where none is named a given one.
    pub(crate) fn out(&self, default: &str) -> PathBuf {
        self.out.clone().unwrap_or_else(|| PathBuf::from(default))
    }
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The resource
    pub(crate) resource: Name,
    /// The day
    #[arg(value_parser = date)]
    pub(crate) day: chrono::NaiveDate,
    /// The language of the derivation
    #[arg(long, value_enum, default_value_t = Tongue::En)]
    pub(crate) lang: Tongue,
}

#[derive(Debug, Args)]
pub(crate) struct BulkArgs {
    /// What to rate: a .parquet or .csv file, or `generated`, which it is without one. `--input FILE` says the same
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// How many rows are generated
    #[arg(long, value_name = "N", default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(0..=4_000_000_000))]
    pub(crate) rows: u64,
    /// How many of a million generated rows have a fault
    #[arg(long, value_name = "PPM", default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub(crate) faults: u32,
    /// Another seed generates other rows of the same kind
    #[arg(long, default_value_t = crate::sample::SEED)]
    pub(crate) seed: u64,
    /// Write the rows into this .parquet or .csv file, and do nothing else
    #[arg(long, value_name = "FILE", conflicts_with = "explain")]
    pub(crate) generate: Option<PathBuf>,
    /// The month whose days the rows are of
    #[arg(long, value_name = "MONTH", value_parser = month, default_value = "2024-03")]
    pub(crate) month: Month,
    /// The price list; without it the one of the sample
    #[arg(long, value_name = "FILE")]
    pub(crate) rates: Option<PathBuf>,
    /// Whether quota resources are charged: free, like_post_paid
    #[arg(long, value_name = "POLICY", default_value = "free", value_parser = quota)]
    pub(crate) quota: QuotaCharge,
    /// How many threads rate; without it as many as the machine has. It changes no byte of the files
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// How many rows a row group has that is written
    #[arg(long, value_name = "N", default_value = "131072")]
    pub(crate) row_group: NonZeroUsize,
    /// Resources are numbered below this; one bit of each is kept for each day, which finds a reading that comes twice
    #[arg(long, value_name = "N", default_value_t = 1 << 24)]
    pub(crate) resources: u32,
    /// How many rows with a fault are listed; all of them are counted
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) listed: usize,
    /// Print why one row costs what it costs, and do nothing else; rows are counted from 0
    #[arg(long, value_name = "ROW")]
    pub(crate) explain: Option<u64>,
    /// The language of that
    #[arg(long, value_enum, default_value_t = Tongue::En)]
    pub(crate) lang: Tongue,
}

#[derive(Debug, Args)]
pub(crate) struct MonthArgs {
    /// The month
    #[arg(long, value_name = "MONTH", value_parser = month, default_value = "2024-03")]
    pub(crate) month: Month,
}

#[derive(Debug, Args)]
pub(crate) struct SampleArgs {
    /// Another seed gives another sample of the same kind
    #[arg(long, default_value_t = crate::sample::SEED)]
    pub(crate) seed: u64,
}

/// A language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tongue {
    /// English
    En,
    /// Chinese
    Zh,
}

impl From<Tongue> for Language {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::En => Self::English,
            Tongue::Zh => Self::Chinese,
        }
    }
}

fn date(text: &str) -> Result<chrono::NaiveDate, String> {
    parse_date(text).map_err(|error| error.to_string())
}

fn month(text: &str) -> Result<Month, String> {
    text.parse().map_err(|error: counterfoil::error::StatementError| error.to_string())
}

fn quota(text: &str) -> Result<QuotaCharge, String> {
    text.parse().map_err(|error: counterfoil::error::MeteringError| error.to_string())
}

/// A rounding that a day's readings can be stated with.
pub(crate) fn rounding(text: &str) -> Result<Rounding, String> {
    let rounding: Rounding = text.parse().map_err(|error: counterfoil::error::MoneyError| error.to_string())?;
    match rounding.at() {
        RoundAt::Line | RoundAt::LineCarry | RoundAt::Total => Ok(rounding),
        RoundAt::Segment | RoundAt::Month => {
            Err("a daily statement rounds each reading: at line, line_carry or total".to_owned())
        }
    }
}
