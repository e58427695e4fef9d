//! The summary for programs. Every amount is text, so that no reader makes a binary float of it.

use super::{Run, Step};
use crate::{ledger::Changes, reconcile::Check, summary::Sums};
use serde::Serialize;
use std::{collections::BTreeMap, io::Write};

/// The summary as it is printed.
#[derive(Serialize)]
struct Document<'a> {
    source: &'a str,
    from: String,
    to: String,
    zone: String,
    revision: &'a str,
    rounding: String,
    currency: &'a str,
    store: &'a str,
    out: String,
    changes: Changes,
    unchanged: bool,
    reconciled: bool,
    checks: &'a [Check],
    findings: &'a [String],
    total: Amounts,
    by_kind: BTreeMap<String, Amounts>,
    by_unit: BTreeMap<String, Amounts>,
    by_owner: BTreeMap<String, Amounts>,
    by_day: BTreeMap<String, Amounts>,
    problems: Vec<Fault<'a>>,
    owners_left_out: usize,
    remarks: &'a [String],
    steps: &'a [Step],
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<super::month::Document>,
}

/// The sums of a row.
#[derive(Serialize)]
struct Amounts {
    readings: usize,
    statements: usize,
    usage: BTreeMap<String, Used>,
    original: String,
    payable: String,
    paid_by_coupon: String,
    paid_by_balance: String,
    arrears: String,
    open: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    balance: Option<String>,
}

/// What was used of a part.
#[derive(Serialize)]
struct Used {
    amount: String,
    unit: String,
}

/// A problem.
#[derive(Serialize)]
struct Fault<'a> {
    file: &'a str,
    line: u64,
    code: &'a str,
    message: &'a str,
    owner: Option<String>,
}

/// Prints the summary.
pub(crate) fn print(run: &Run<'_>, to: &mut impl Write) -> anyhow::Result<()> {
    let keyed = |key: String, sums: &Sums| (key, Amounts::of(sums));
    let document = Document {
        source: &run.source,
        from: run.terms.from.to_string(),
        to: run.terms.to.to_string(),
        zone: run.terms.zone.to_string(),
        revision: &run.revision,
        rounding: run.terms.rounding.to_string(),
        currency: run.books.currency.code(),
        store: &run.store,
        out: run.out.display().to_string(),
        changes: run.changes,
        unchanged: run.changes.are_none(),
        reconciled: run.reconciliation.holds(),
        checks: &run.reconciliation.whole,
        findings: &run.reconciliation.findings,
        total: Amounts::of(&run.summary.total),
        by_kind: run.summary.by_kind.iter().map(|(kind, sums)| keyed(kind.to_string(), sums)).collect(),
        by_unit: run.summary.by_unit.iter().map(|(unit, sums)| keyed(unit.to_string(), sums)).collect(),
        by_owner: run
            .summary
            .by_owner
            .iter()
            .map(|(owner, sums)| {
                let balance = run.books.balances.get(owner).map(ToString::to_string);
                (owner.to_string(), Amounts { balance, ..Amounts::of(sums) })
            })
            .collect(),
        by_day: run.summary.by_day.iter().map(|(day, sums)| keyed(day.to_string(), sums)).collect(),
        problems: run
            .problems
            .iter()
            .map(|problem| Fault {
                file: &problem.file,
                line: problem.line,
                code: problem.fault.code,
                message: &problem.fault.message,
                owner: problem.owner.as_ref().map(ToString::to_string),
            })
            .collect(),
        owners_left_out: run.left_out,
        remarks: run.remarks,
        steps: run.steps,
        month: run.month.map(super::month::Document::of),
    };
    serde_json::to_writer_pretty(&mut *to, &document)?;
    Ok(writeln!(to)?)
}

impl Amounts {
    fn of(sums: &Sums) -> Self {
        let used = |(part, sum): (&counterfoil::metering::Part, &crate::summary::UsedSum)| {
            let amount = sum.shown().map_or_else(|_| String::new(), |shown| shown.to_string());
            (part.to_string(), Used { amount, unit: sum.unit() })
        };
        Self {
            readings: sums.readings,
            statements: sums.statements,
            usage: sums.usage.iter().map(used).collect(),
            original: sums.original.to_string(),
            payable: sums.payable.to_string(),
            paid_by_coupon: sums.coupon.to_string(),
            paid_by_balance: sums.balance.to_string(),
            arrears: sums.arrears.to_string(),
            open: sums.open.to_string(),
            balance: None,
        }
    }
}
