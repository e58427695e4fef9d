//! The summary for people, on the terminal.

use super::{Run, amount, counted, grouped, quantity};
use crate::{problem::Problem, summary::Sums};
use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use console::{Term, style};
use counterfoil::{error::MeteringError, exact::Exact, metering::Dimension};
use std::io::{self, Write};

/// How many owners the terminal shows; the report shows all.
const OWNERS: usize = 12;
/// A line under the header, and no other.
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));
/// How many problems it shows.
const PROBLEMS: usize = 40;

/// Prints the summary.
pub(crate) fn print(run: &Run<'_>, to: &mut impl Write) -> io::Result<()> {
    writeln!(to, "{}  {}", style(run.days()).bold(), style(&run.source).dim())?;
    writeln!(
        to,
        "{} in {}, at rate card {}, rounded {}",
        counted(run.summary.total.readings, "reading"),
        counted(run.summary.total.statements, "statement"),
        run.revision,
        run.terms.rounding,
    )?;
    for remark in run.remarks {
        writeln!(to, "{remark}")?;
    }
    writeln!(to, "\n{}\n", by_kind(run).trim_fmt())?;
    writeln!(to, "{}\n", by_owner(run).trim_fmt())?;
    if let Some(month) = run.month {
        super::month::print(month, to)?;
    }
    reconciliation(run, to)?;
    changes(run, to)?;
    steps(run, to)?;
    writeln!(to)?;
    for (what, path) in [
        ("report", run.path("report.html").display().to_string()),
        (
            "tables",
            format!("{} and {} more", run.path("readings.csv").display(), if run.month.is_some() { 12 } else { 4 }),
        ),
        ("store", run.store.clone()),
    ] {
        writeln!(to, "{:>8}  {path}", style(what).dim())?;
    }
    if !run.problems.is_empty() {
        problems(run, to)?;
    }
    Ok(())
}

fn by_kind(run: &Run<'_>) -> Table {
    let mut table = table(&["kind", "readings", "usage"]);
    for (kind, sums) in &run.summary.by_kind {
        row(&mut table, [kind.to_string(), grouped(&sums.readings.to_string()), usage(sums)], sums);
    }
    let total = &run.summary.total;
    row(&mut table, ["all".to_owned(), grouped(&total.readings.to_string()), String::new()], total);
    table
}

fn by_owner(run: &Run<'_>) -> Table {
    let mut table = table(&["owner", "balance now", "usage"]);
    let owners = run.summary.owners_by_payable();
    for (owner, sums) in owners.iter().take(OWNERS) {
        let balance = run.books.balances.get(*owner).map_or_else(String::new, |balance| amount(*balance));
        row(&mut table, [owner.to_string(), balance, usage_of_owner(sums)], sums);
    }
    let more = owners.len().saturating_sub(OWNERS);
    if more > 0 {
        table.add_row([format!("… {more} more"), "in report.html".to_owned()]);
    }
    table
}

/// A table with the amounts after its own columns.
fn table(columns: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(RULED);
    let amounts = ["original", "payable", "by coupon", "by balance", "arrears"];
    table.set_header(columns.iter().chain(&amounts).map(Cell::new));
    for (index, column) in table.column_iter_mut().enumerate() {
        if index != 0 && index != 2 {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// A table of the figures of a monthly report, by whatever the first column names.
pub(super) fn figures_table(first: &str) -> Table {
    let mut table = Table::new();
    table.load_style(RULED);
    let columns =
        [first, "readings", "original", "payable", "by coupon", "by balance", "refunded", "corrected", "open"];
    table.set_header(columns.iter().map(Cell::new));
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn row<const N: usize>(table: &mut Table, cells: [String; N], sums: &Sums) {
    let amounts = [sums.original, sums.payable, sums.coupon, sums.balance, sums.arrears].map(amount);
    table.add_row(cells.into_iter().chain(amounts));
}

/// What was used of each part, one to a line; fees by the piece are left out.
pub(crate) fn usage(sums: &Sums) -> String {
    let parts: Vec<String> = sums
        .usage
        .iter()
        .filter(|(part, _)| part.dimension != Dimension::Base || sums.usage.len() == 1)
        .map(|(part, sum)| {
            let shown = sum.shown().map_or_else(|_| String::new(), |shown| quantity(&shown, 1));
            format!("{part} {shown} {}", sum.unit()).trim_end().to_owned()
        })
        .collect();
    parts.join("\n")
}

/// What was used, in short: cores, cards, and what is stored.
pub(crate) fn usage_of_owner(sums: &Sums) -> String {
    let used = |dimension: &Dimension| -> Result<Exact, MeteringError> {
        let parts = sums.usage.iter().filter(|(part, _)| part.dimension == *dimension);
        let shown: Vec<Exact> = parts.map(|(_, sum)| sum.shown()).collect::<Result<_, _>>()?;
        Ok(Exact::sum(&shown)?)
    };
    let texts = [(Dimension::Cpu, "core·h"), (Dimension::Gpu, "card·h"), (Dimension::Size, "GiB·h")].iter();
    let texts = texts.filter_map(|(dimension, unit)| {
        let used = used(dimension).ok().filter(|used| !used.is_zero())?;
        Some(format!("{} {unit}", quantity(&used, 0)))
    });
    texts.collect::<Vec<_>>().join(", ")
}

fn reconciliation(run: &Run<'_>, to: &mut impl Write) -> io::Result<()> {
    writeln!(to, "{}", style("Reconciliation").bold())?;
    for check in &run.reconciliation.whole {
        let mark = if check.ok { style("✓").green() } else { style("✗").red().bold() };
        let scope = if check.scope == "store" { "whole store: " } else { "" };
        write!(to, "  {mark} {scope}Σ {} {}", check.left_of, grouped(&check.left))?;
        writeln!(to, " {} Σ {} {}", if check.ok { "=" } else { "≠" }, check.right_of, grouped(&check.right))?;
    }
    let off: Vec<_> = run.reconciliation.owners.iter().filter(|check| !check.ok).collect();
    let mark = if off.is_empty() { style("✓").green() } else { style("✗").red().bold() };
    writeln!(
        to,
        "  {mark} the same for each owner: {} of {} sums are off",
        off.len(),
        run.reconciliation.owners.len()
    )?;
    for check in off {
        writeln!(to, "    {}: Σ {} {} ≠ Σ {} {}", check.scope, check.left_of, check.left, check.right_of, check.right)?;
    }
    let findings = &run.reconciliation.findings;
    let mark = if findings.is_empty() { style("✓").green() } else { style("✗").red().bold() };
    writeln!(to, "  {mark} the store's own audit: {} findings", findings.len())?;
    findings.iter().try_for_each(|finding| writeln!(to, "    {finding}"))
}

fn changes(run: &Run<'_>, to: &mut impl Write) -> io::Result<()> {
    let changes = run.changes;
    if changes.are_none() {
        return writeln!(
            to,
            "\n{}: every reading stands as it was, every statement is settled",
            style("Nothing changed").green().bold()
        );
    }
    let changed = [
        (changes.readings, "reading"),
        (changes.corrected, "corrected reading"),
        (changes.withdrawn, "withdrawn reading"),
        (changes.statements, "statement"),
        (changes.payments, "payment"),
        (changes.refunds, "correction refund"),
        (changes.events, "event"),
        (changes.renewals, "renewal"),
    ];
    let changed = changed.iter().filter(|(count, _)| *count > 0);
    let texts: Vec<String> = changed.map(|(count, what)| counted(*count, what)).collect();
    let texts = if texts.is_empty() { "inventory only".to_owned() } else { texts.join(", ") };
    writeln!(to, "\n{} {texts}", style("Written:").green().bold())
}

fn steps(run: &Run<'_>, to: &mut impl Write) -> io::Result<()> {
    let shown = |step: &super::Step| {
        let per_second = if step.seconds > 0.0 { step.rows as f64 / step.seconds } else { 0.0 };
        format!("{} {:.2} s ({} rows/s)", step.name, step.seconds, grouped(&format!("{per_second:.0}")))
    };
    let steps: Vec<String> = run.steps.iter().map(shown).collect();
    writeln!(to, "{}", style(steps.join(" · ")).dim())
}

fn problems(run: &Run<'_>, to: &mut impl Write) -> io::Result<()> {
    writeln!(
        to,
        "\n{}",
        style(format!("{}, {} left out", counted(run.problems.len(), "problem"), counted(run.left_out, "owner")))
            .red()
            .bold()
    )?;
    let mut table = Table::new();
    table.load_style(RULED).set_header(["where", "left out", "what", "code"]);
    // Folded where it would not fit; whole where a program reads it.
    if let Some((_, width)) = Term::stdout().size_checked() {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    for problem in run.problems.iter().take(PROBLEMS) {
        table.add_row(problem_row(problem));
    }
    writeln!(to, "{}", table.trim_fmt())?;
    let more = run.problems.len().saturating_sub(PROBLEMS);
    if more > 0 {
        writeln!(to, "… {more} more in report.html")?;
    }
    writeln!(to, "Mend these rows and run again: what was left out is then stated and charged.")
}

/// Where, who, what, code.
pub(crate) fn problem_row(problem: &Problem) -> [String; 4] {
    let owner = problem.owner.as_ref().map_or_else(|| "nobody".to_owned(), ToString::to_string);
    [problem.place(), owner, problem.fault.message.clone(), problem.fault.code.to_owned()]
}
