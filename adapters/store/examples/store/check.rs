//! What a store says of itself.

use anyhow::Result;
use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};
use counterfoil::time::Instant;
use counterfoil_store::{Act, Audit, Finding, Reports, SqlStore};
use std::{
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

/// A line under the header, and no other.
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));

/// Proves the books; 1 if they are wrong.
pub(crate) async fn verify(store: &SqlStore) -> Result<ExitCode> {
    let audit = store.verify().await?;
    println!("{}", sums(&audit));
    if audit.is_sound() {
        println!("the books add up");
        return Ok(ExitCode::SUCCESS);
    }
    for finding in &audit.findings {
        println!("- {finding}");
    }
    println!("{} findings; `store repair --dry-run` says what can be mended", audit.findings.len());
    Ok(ExitCode::FAILURE)
}

/// Mends what can be proved; 1 if something is left.
pub(crate) async fn repair(store: &SqlStore, dry_run: bool, by: &str, reason: &str) -> Result<ExitCode> {
    let audit = store.verify().await?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let now = Instant::from_micros(i64::try_from(now.as_micros())?)?;
    let act = Act { by: by.to_owned(), reason: reason.to_owned(), now };
    for repair in &audit.repairs {
        if dry_run {
            println!("would mend {repair}");
        } else {
            store.repair(repair, &act).await?;
            println!("mended {repair}");
        }
    }
    let left = if dry_run { left(&audit) } else { store.verify().await?.findings };
    for finding in &left {
        println!("left to people: {finding}");
    }
    if !left.is_empty() {
        println!("nothing in the journal proves what these must be: compare with a backup, and put in a correction");
        return Ok(ExitCode::FAILURE);
    }
    println!("{}", if dry_run { "nothing was changed" } else { "the books add up" });
    Ok(ExitCode::SUCCESS)
}

/// What a store would say after its repairs. A row that is wrong puts sums out too: where all such rows are mended, so
/// are those.
fn left(audit: &Audit) -> Vec<Finding> {
    let is_mended = |finding: &Finding| {
        audit.repairs.iter().any(|repair| (repair.table, &repair.row) == (finding.table, &finding.row))
    };
    let left: Vec<_> = audit.findings.iter().filter(|finding| !is_mended(finding)).cloned().collect();
    if !audit.repairs.is_empty() && left.iter().all(|finding| finding.table == "sums") {
        return Vec::new();
    }
    left
}

/// The sums by currency.
fn sums(audit: &Audit) -> Table {
    let mut table = Table::new();
    table.load_style(RULED).set_header(["", "put in", "held", "paid", "given back", "statements", "unpaid"]);
    for sums in &audit.sums {
        let given_back = [&sums.to_coupons, &sums.to_balance, &sums.to_debt];
        let given_back = counterfoil::exact::Exact::sum(given_back).map(|sum| sum.to_string());
        table.add_row([
            sums.currency.to_string(),
            sums.put_in.to_string(),
            sums.held.to_string(),
            sums.payments.to_string(),
            given_back.unwrap_or_else(|error| error.to_string()),
            sums.statements.to_string(),
            sums.statements_unpaid.to_string(),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
