//! `report.html`: one file that needs no network.

use super::{
    Run, amount,
    charts::Charts,
    counted, grouped, month as monthly,
    terminal::{problem_row, usage, usage_of_owner},
};
use crate::{month::Monthly, summary::Sums};
use anyhow::{Context, Result};
use askama::Template;
use counterfoil::time::MICROS_PER_HOUR;

/// The page.
#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    days: String,
    source: &'a str,
    revision: &'a str,
    rounding: String,
    currency: String,
    tiles: Vec<Tile>,
    charts: Charts,
    kinds: Vec<Row>,
    owners: Vec<Row>,
    by_day: Vec<Row>,
    total: Row,
    checks: Vec<Check>,
    owner_checks: usize,
    owner_checks_off: usize,
    findings: &'a [String],
    holds: bool,
    problems: Vec<[String; 4]>,
    trouble: String,
    remarks: &'a [String],
    month: Option<MonthPage>,
    zone_database: &'static str,
    version: &'static str,
}

/// A figure at the top of the page.
struct Tile {
    what: String,
    figure: String,
    class: &'static str,
}

/// What a month has besides.
struct MonthPage {
    month: String,
    happened: Vec<(&'static str, String, String)>,
    plans: Vec<String>,
    dunning: Vec<[String; 5]>,
    refunds: Vec<[String; 6]>,
    services: Vec<Vec<String>>,
    owners: Vec<Vec<String>>,
    total: Vec<String>,
    buckets: Vec<[String; 4]>,
    focus: String,
}

/// A row of a table of sums.
struct Row {
    name: String,
    note: String,
    readings: String,
    usage: String,
    original: String,
    payable: String,
    coupon: String,
    balance: String,
    arrears: String,
    is_in_arrears: bool,
}

/// Two sums that must be equal.
struct Check {
    scope: &'static str,
    left_of: &'static str,
    left: String,
    right_of: &'static str,
    right: String,
    ok: bool,
}

/// Writes the page.
pub(crate) fn write(run: &Run<'_>) -> Result<()> {
    let path = run.path("report.html");
    let page = Page::of(run)?.render()?;
    std::fs::write(&path, page).with_context(|| format!("can not write {}", path.display()))
}

impl<'a> Page<'a> {
    fn of(run: &'a Run<'_>) -> Result<Self> {
        let (summary, total) = (run.summary, &run.summary.total);
        let tile = |what: String, figure, class| Tile { what, figure, class };
        let day_row = |day: &counterfoil::time::BillingDay, sums: &Sums| {
            // Only a day that a change of the clocks made longer or shorter is worth a word.
            let hours = day.period().micros() / MICROS_PER_HOUR;
            let note = if hours == 24 { String::new() } else { format!("{hours} h") };
            Row::of(day.date().format("%a %d %b %Y").to_string(), note, usage_of_owner(sums), sums)
        };
        let of_day = |day: &counterfoil::time::BillingDay| Some(day_row(day, summary.by_day.get(&day.date())?));
        Ok(Self {
            days: run.days(),
            source: &run.source,
            revision: &run.revision,
            rounding: run.terms.rounding.to_string(),
            currency: run.books.currency.to_string(),
            tiles: vec![
                tile("original".to_owned(), amount(total.original), ""),
                tile("payable".to_owned(), amount(total.payable), ""),
                tile("paid by coupons".to_owned(), amount(total.coupon), "coupon"),
                tile("paid by balances".to_owned(), amount(total.balance), "balance"),
                tile("of that in arrears".to_owned(), amount(total.arrears), "arrears"),
                tile(
                    format!("readings in {}", counted(total.statements, "statement")),
                    grouped(&total.readings.to_string()),
                    "",
                ),
            ],
            charts: Charts::of(summary)?,
            kinds: summary
                .by_kind
                .iter()
                .map(|(kind, sums)| Row::of(kind.to_string(), String::new(), usage(sums), sums))
                .collect(),
            owners: summary
                .owners_by_payable()
                .into_iter()
                .map(|(owner, sums)| {
                    let now = run.books.balances.get(owner).map_or_else(String::new, |now| amount(*now));
                    Row::of(owner.to_string(), now, usage_of_owner(sums), sums)
                })
                .collect(),
            by_day: run.books.days.iter().filter_map(of_day).collect(),
            total: Row::of("all".to_owned(), String::new(), String::new(), total),
            checks: run
                .reconciliation
                .whole
                .iter()
                .map(|check| Check {
                    scope: match check.scope.as_str() {
                        "store" => "the whole store",
                        "month" => "the month",
                        _ => "these days",
                    },
                    left_of: check.left_of,
                    left: grouped(&check.left),
                    right_of: check.right_of,
                    right: grouped(&check.right),
                    ok: check.ok,
                })
                .collect(),
            owner_checks: run.reconciliation.owners.len(),
            owner_checks_off: run.reconciliation.owners.iter().filter(|check| !check.ok).count(),
            findings: &run.reconciliation.findings,
            holds: run.reconciliation.holds(),
            problems: run.problems.iter().map(problem_row).collect(),
            trouble: format!("{}, {} left out", counted(run.problems.len(), "problem"), counted(run.left_out, "owner")),
            remarks: run.remarks,
            month: run.month.map(MonthPage::of),
            zone_database: counterfoil::time::Zone::DATABASE,
            version: env!("CARGO_PKG_VERSION"),
        })
    }
}

impl MonthPage {
    fn of(month: &Monthly) -> Self {
        let happened = monthly::happened(month).into_iter();
        let owners = monthly::by_payable(month).into_iter();
        Self {
            month: month.month.to_string(),
            happened: happened.map(|(what, count, sum)| (what, count.to_string(), grouped(&sum))).collect(),
            plans: monthly::plans(month),
            dunning: month
                .dunning
                .iter()
                .map(|entry| {
                    let action = entry.action.name().to_owned();
                    [entry.at.to_string(), entry.plan.clone(), entry.owner.to_string(), action, entry.reason.to_owned()]
                })
                .collect(),
            refunds: month
                .books
                .refunds
                .iter()
                .map(|refund| {
                    let request = refund.stored.refund.request();
                    [
                        refund.stored.asked_at.to_string(),
                        refund.stored.refund.id().to_owned(),
                        refund.owner.to_string(),
                        request.order.clone(),
                        amount(refund.amount()),
                        if refund.is_correction() { "correction".to_owned() } else { "refund".to_owned() },
                    ]
                })
                .collect(),
            services: month
                .report
                .units
                .iter()
                .map(|(unit, figures)| monthly::figures_row(unit.to_string(), figures))
                .collect(),
            owners: owners.map(|owner| monthly::figures_row(owner.owner.to_string(), &owner.total)).collect(),
            total: monthly::figures_row("all".to_owned(), &month.report.total),
            buckets: monthly::grown(month),
            focus: format!(
                "{} in focus.csv, {} of it invoiced to {}",
                counted(month.focus.file.rows().len(), "row"),
                amount(month.focus.billed),
                counted(month.focus.invoices.len(), "owner"),
            ),
        }
    }
}

impl Row {
    fn of(name: String, note: String, usage: String, sums: &Sums) -> Self {
        Self {
            name,
            note,
            readings: grouped(&sums.readings.to_string()),
            usage,
            original: amount(sums.original),
            payable: amount(sums.payable),
            coupon: amount(sums.coupon),
            balance: amount(sums.balance),
            arrears: amount(sums.arrears),
            is_in_arrears: !sums.arrears.is_zero(),
        }
    }
}
