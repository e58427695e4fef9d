//! What a person or a program sees of a bulk run.

use super::{
    output::Check,
    settle::{OfCode, Tally},
    terms::Terms,
};
use crate::report::{counted, grouped};
use anyhow::Result;
use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use console::{Term, style};
use rust_decimal::Decimal;
use serde::Serialize;
use std::{collections::BTreeMap, fs, io::Write, path::Path};

/// A line under the header, and no other.
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));

/// What came of a run.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) phases: Vec<Phase>,
    /// From the first row to the last file.
    pub(super) seconds: f64,
    pub(super) tally: Tally,
    pub(super) statements: usize,
    pub(super) owners: usize,
    pub(super) codes: BTreeMap<String, OfCode>,
    /// How many rows `faults.csv` names.
    pub(super) listed: usize,
    pub(super) checks: Vec<Check>,
}

/// How long one thread was busy with one thing; phases go on at the same time.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Phase {
    pub(super) name: &'static str,
    pub(super) rows: u64,
    pub(super) seconds: f64,
}

/// How it was asked for.
pub(super) struct Asked<'a> {
    pub(super) source: &'a str,
    pub(super) terms: &'a Terms,
    pub(super) threads: usize,
    pub(super) row_group: usize,
    pub(super) out: &'a Path,
}

/// The summary as it is printed. Every amount is text, so that no reader makes a binary float of it.
#[derive(Serialize)]
struct Document<'a> {
    source: &'a str,
    month: String,
    zone: String,
    revision: String,
    rounding: String,
    currency: String,
    threads: usize,
    row_group: usize,
    rows: Tally,
    original: String,
    payable: String,
    statements: usize,
    owners: usize,
    faults: &'a BTreeMap<String, OfCode>,
    faults_listed: usize,
    checks: &'a [Check],
    reconciled: bool,
    phases: &'a [Phase],
    seconds: f64,
    peak_memory_bytes: Option<u64>,
    out: String,
}

/// Prints the summary for programs.
pub(super) fn json(asked: &Asked<'_>, outcome: &Outcome, to: &mut impl Write) -> Result<()> {
    let Asked { source, terms, threads, row_group, out } = *asked;
    let document = Document {
        source,
        month: terms.month.to_string(),
        zone: terms.zone.to_string(),
        revision: terms.card.revision().to_string(),
        rounding: terms.rounding.to_string(),
        currency: terms.currency().to_string(),
        threads,
        row_group,
        rows: outcome.tally,
        original: amount(outcome.tally.original, terms.scale()),
        payable: amount(outcome.tally.payable, terms.scale()),
        statements: outcome.statements,
        owners: outcome.owners,
        faults: &outcome.codes,
        faults_listed: outcome.listed,
        checks: &outcome.checks,
        reconciled: super::pipeline::holds(&outcome.checks),
        phases: &outcome.phases,
        seconds: outcome.seconds,
        peak_memory_bytes: peak_memory(),
        out: out.display().to_string(),
    };
    serde_json::to_writer_pretty(&mut *to, &document)?;
    Ok(writeln!(to)?)
}

/// Prints the summary for people.
pub(super) fn terminal(asked: &Asked<'_>, outcome: &Outcome, to: &mut impl Write) -> Result<()> {
    let Asked { source, terms, threads, row_group, out } = *asked;
    let tally = outcome.tally;
    writeln!(to, "{}  {}", style(format!("{}, {}", terms.month, terms.zone)).bold(), style(source).dim())?;
    writeln!(
        to,
        "{} at rate card {}, rounded {}; {}, row groups of {}",
        rows(tally.rows),
        terms.card.revision(),
        terms.rounding,
        counted(threads, "thread"),
        grouped(&row_group.to_string()),
    )?;
    writeln!(to, "\n{}\n", phases(outcome).trim_fmt())?;
    writeln!(
        to,
        "{} rated, {} absent (did not live that day), {} faulty",
        grouped(&tally.rated.to_string()),
        grouped(&tally.absent.to_string()),
        grouped(&tally.faulty.to_string()),
    )?;
    let currency = terms.currency();
    let money = |number| grouped(&amount(number, terms.scale()));
    writeln!(
        to,
        "{} of {}: original {} {currency}, payable {} {currency}",
        counted(outcome.statements, "statement"),
        counted(outcome.owners, "owner"),
        money(tally.original),
        money(tally.payable),
    )?;
    match peak_memory() {
        Some(bytes) => writeln!(to, "peak memory {} MiB", grouped(&(bytes >> 20).to_string()))?,
        None => writeln!(to, "peak memory is not told by this system")?,
    }
    writeln!(to, "\n{}", style("Reconciliation").bold())?;
    for check in &outcome.checks {
        let mark = if check.ok { style("✓").green() } else { style("✗").red().bold() };
        let number = |number| grouped(&amount(number, check.scale));
        let sign = if check.ok { "=" } else { "≠" };
        writeln!(
            to,
            "  {mark} {} {} {sign} {} {}",
            check.left_of,
            number(check.left),
            check.right_of,
            number(check.right)
        )?;
    }
    writeln!(to)?;
    if !super::pipeline::holds(&outcome.checks) {
        writeln!(to, "no file was kept: this is a fault of the program, please report it with the input")?;
        return Ok(());
    }
    for (what, file) in [("rows", "rated.parquet"), ("sums", "statements.parquet"), ("faults", "faults.csv")] {
        writeln!(to, "{:>8}  {}", style(what).dim(), out.join(file).display())?;
    }
    if tally.faulty > 0 {
        faults(outcome, to)?;
    }
    writeln!(to, "\nWhy a row costs what it costs: the same command with `--explain ROW`, rows counted from 0.")?;
    Ok(())
}

fn phases(outcome: &Outcome) -> Table {
    let mut table = Table::new();
    table.load_style(RULED).set_header(["phase", "seconds", "rows/s"].iter().map(Cell::new));
    let all = Phase { name: "all, side by side", rows: outcome.tally.rows, seconds: outcome.seconds };
    for phase in outcome.phases.iter().chain([&all]) {
        let per_second = if phase.seconds > 0.0 { phase.rows as f64 / phase.seconds } else { 0.0 };
        table.add_row([phase.name.to_owned(), format!("{:.2}", phase.seconds), grouped(&format!("{per_second:.0}"))]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn faults(outcome: &Outcome, to: &mut impl Write) -> Result<()> {
    let faulty = outcome.tally.faulty;
    writeln!(to, "\n{}", style(format!("{} with a fault; all others are stated", rows(faulty))).red().bold())?;
    let mut table = Table::new();
    table.load_style(RULED).set_header(["code", "rows", "first row", "what is wrong with it, and what to do"]);
    // Folded where it would not fit; whole where a program reads it.
    if let Some((_, width)) = Term::stdout().size_checked() {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    for (code, of) in &outcome.codes {
        table.add_row([code.clone(), grouped(&of.rows.to_string()), of.first_row.to_string(), of.message.clone()]);
    }
    writeln!(to, "{}", table.trim_fmt())?;
    if u64::try_from(outcome.listed).unwrap_or(u64::MAX) < faulty {
        writeln!(to, "faults.csv names the first {}; --listed N names more", grouped(&outcome.listed.to_string()))?;
    }
    Ok(())
}

/// So many rows.
pub(super) fn rows(rows: u64) -> String {
    counted(usize::try_from(rows).unwrap_or(usize::MAX), "row")
}

fn amount(number: i128, scale: u32) -> String {
    Decimal::try_from_i128_with_scale(number, scale)
        .map_or_else(|_| format!("{number}e-{scale}"), |amount| amount.to_string())
}

/// The most memory that was resident at any time, where the system tells it.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}
