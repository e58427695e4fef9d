//! What a run of a month shows besides its days: tables, and what the other writers ask it for.

use super::{Run, amount, counted, grouped, quantity, tables::table};
use crate::month::{DunningEntry, MonthRefund, Monthly};
use anyhow::{Context, Result};
use comfy_table::Table;
use console::style;
use counterfoil::{
    exact::{Exact, RoundingMode},
    money::Money,
    order::DunningAction,
    statement::{ReportFigures, TrendChange, TrendRow},
    units::Name,
    wallet::{Destination, LockStatus, Source},
};
use rust_decimal::Decimal;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// How many owners, buckets and entries the terminal shows.
const SHOWN: usize = 8;

/// Writes `topups.csv`, `orders.csv`, `refunds.csv`, `refund_legs.csv`, `dunning.csv`, `report.csv`, `trends.csv` and
/// `focus.csv`.
pub(crate) fn write(run: &Run<'_>, month: &Monthly) -> Result<()> {
    top_ups(run, month)?;
    orders(run, month)?;
    refunds(run, month)?;
    dunning(run, month)?;
    report(run, month)?;
    trends(run, month)?;
    let path = run.path("focus.csv");
    std::fs::write(&path, month.focus.file.csv()).with_context(|| format!("can not write {}", path.display()))
}

fn top_ups(run: &Run<'_>, month: &Monthly) -> Result<()> {
    let mut table = table(run, "topups.csv")?;
    table.write_record(["topup", "at", "owner_kind", "owner", "currency", "amount"])?;
    for stored in &month.books.top_ups {
        let top_up = &stored.top_up;
        table.write_record([
            top_up.id.as_str(),
            &stored.at.to_string(),
            top_up.owner.kind().name(),
            top_up.owner.id(),
            top_up.amount.currency().code(),
            &top_up.amount.to_string(),
        ])?;
    }
    Ok(table.flush()?)
}

fn orders(run: &Run<'_>, month: &Monthly) -> Result<()> {
    let mut table = table(run, "orders.csv")?;
    table.write_record([
        "application",
        "order",
        "type",
        "created",
        "owner_kind",
        "owner",
        "unit",
        "status",
        "trading",
        "items",
        "undelivered",
        "currency",
        "amount",
    ])?;
    for stored in &month.books.orders {
        let (terms, order) = (&stored.terms, &stored.order);
        table.write_record([
            terms.application.as_str(),
            &terms.order,
            terms.order_type.name(),
            &stored.created_at.to_string(),
            terms.owner.kind().name(),
            terms.owner.id(),
            &terms.unit,
            order.status().name(),
            order.trading().name(),
            &terms.items.len().to_string(),
            &order.undelivered().len().to_string(),
            terms.amount.currency().code(),
            &terms.amount.to_string(),
        ])?;
    }
    Ok(table.flush()?)
}

fn refunds(run: &Run<'_>, month: &Monthly) -> Result<()> {
    let mut refunds = table(run, "refunds.csv")?;
    refunds.write_record([
        "refund",
        "order",
        "at",
        "owner_kind",
        "owner",
        "unit",
        "of",
        "currency",
        "amount",
        "state",
        "correction",
    ])?;
    let mut legs = table(run, "refund_legs.csv")?;
    legs.write_record(["refund", "order", "position", "source", "coupon", "to", "currency", "amount"])?;
    for refund in &month.books.refunds {
        let (stored, request) = (&refund.stored, refund.stored.refund.request());
        refunds.write_record([
            stored.refund.id(),
            &request.order,
            &stored.asked_at.to_string(),
            refund.owner.kind().name(),
            refund.owner.id(),
            refund.unit.as_str(),
            kind(refund),
            request.amount.currency().code(),
            &request.amount.to_string(),
            stored.refund.state().name(),
            stored.correction.as_deref().unwrap_or_default(),
        ])?;
        for (position, leg) in stored.refund.legs().iter().enumerate() {
            let (source, coupon) = match leg.source() {
                Source::Coupon(id) => ("coupon", id.as_ref()),
                source => (source.kind().name(), ""),
            };
            let to = match leg.to() {
                Destination::Balance => "balance",
                Destination::Recorded => "nobody",
                Destination::Source | Destination::SourceUntil(_) => "source",
            };
            legs.write_record([
                stored.refund.id(),
                &request.order,
                &position.to_string(),
                source,
                coupon,
                to,
                leg.amount().currency().code(),
                &leg.amount().to_string(),
            ])?;
        }
    }
    refunds.flush()?;
    Ok(legs.flush()?)
}

fn kind(refund: &MonthRefund) -> &'static str {
    refund.kind.map_or("statement", crate::month::OrderKind::name)
}

fn dunning(run: &Run<'_>, month: &Monthly) -> Result<()> {
    let mut table = table(run, "dunning.csv")?;
    table.write_record([
        "at",
        "plan",
        "owner_kind",
        "owner",
        "action",
        "reason",
        "currency",
        "price",
        "deadline",
        "renewed_to",
    ])?;
    for entry in &month.dunning {
        table.write_record([
            entry.at.to_string().as_str(),
            &entry.plan,
            entry.owner.kind().name(),
            entry.owner.id(),
            entry.action.name(),
            entry.reason,
            entry.price.currency().code(),
            &entry.price.to_string(),
            &entry.deadline.to_string(),
            &entry.renewed_to.map(|at| at.to_string()).unwrap_or_default(),
        ])?;
    }
    Ok(table.flush()?)
}

fn report(run: &Run<'_>, month: &Monthly) -> Result<()> {
    let mut table = table(run, "report.csv")?;
    table.write_record([
        "owner_kind",
        "owner",
        "unit",
        "readings",
        "resources",
        "statements",
        "currency",
        "original",
        "payable",
        "paid_by_coupon",
        "paid_by_balance",
        "refunded",
        "corrected",
        "open",
    ])?;
    let mut row = |owner: [&str; 3], figures: &ReportFigures| {
        let counts = [figures.readings, figures.resources, figures.statements].map(|count| count.to_string());
        let amounts = amounts(figures).map(|amount| amount.to_string());
        let cells = owner.into_iter().chain(counts.iter().map(String::as_str));
        let currency = figures.payable.currency();
        let cells = cells.chain([currency.code()]).chain(amounts.iter().map(String::as_str));
        table.write_record(cells)
    };
    for owner in &month.report.owners {
        let (kind, id) = (owner.owner.kind().name(), owner.owner.id());
        for unit in &owner.units {
            row([kind, id, unit.unit.as_str()], &unit.total)?;
        }
        row([kind, id, ""], &owner.total)?;
    }
    for (unit, figures) in &month.report.units {
        row(["", "", unit.as_str()], figures)?;
    }
    row(["", "", ""], &month.report.total)?;
    Ok(table.flush()?)
}

fn amounts(figures: &ReportFigures) -> [Money; 7] {
    let ReportFigures { original, payable, refunded, corrected, open, .. } = figures;
    let amounts = [*original, *payable, figures.by_coupon(), figures.by_balance(), *refunded, *corrected, *open];
    // A sum of no row has no digits after the point.
    let cents = |amount: Money| amount.plus(Money::new(Decimal::new(0, 2), amount.currency())).unwrap_or(amount);
    amounts.map(cents)
}

fn trends(run: &Run<'_>, month: &Monthly) -> Result<()> {
    let mut table = table(run, "trends.csv")?;
    table.write_record(["bucket", "month", "size_bytes", "change", "difference_bytes", "ratio"])?;
    for row in &month.trends {
        let exact = |exact: Option<&Exact>| exact.map(ToString::to_string).unwrap_or_default();
        let (difference, ratio) = match &row.change {
            TrendChange::Stayed { difference, ratio } => (Some(difference), ratio.as_ref()),
            _ => (None, None),
        };
        table.write_record([
            row.subject.as_str(),
            &row.month.to_string(),
            &exact(row.size.as_ref()),
            row.change.name(),
            &exact(difference),
            &ratio.map(|ratio| quantity(ratio, 6)).unwrap_or_default(),
        ])?;
    }
    Ok(table.flush()?)
}

/// The month for people, on the terminal.
pub(crate) fn print(month: &Monthly, to: &mut impl Write) -> io::Result<()> {
    writeln!(to, "{}", style(format!("Report of {}", month.month)).bold())?;
    writeln!(to, "{}\n", services(month).trim_fmt())?;
    writeln!(to, "{}\n", owners(month).trim_fmt())?;
    writeln!(to, "{}", style("What happened").bold())?;
    for (what, count, sum) in happened(month) {
        writeln!(to, "  {count:>5}  {what:<24} {:>14}", grouped(&sum))?;
    }
    writeln!(to, "\n{}", style("Plans").bold())?;
    for line in plans(month) {
        writeln!(to, "  {line}")?;
    }
    let grown = grown(month);
    if !grown.is_empty() {
        writeln!(to, "\n{}", style("Buckets that changed the most").bold())?;
        grown.iter().take(SHOWN).try_for_each(|row| writeln!(to, "  {}", row.join("  ")))?;
    }
    writeln!(
        to,
        "\n{} in focus.csv, {} of it invoiced to {}\n",
        counted(month.focus.file.rows().len(), "row"),
        amount(month.focus.billed),
        counted(month.focus.invoices.len(), "owner"),
    )
}

fn services(month: &Monthly) -> Table {
    let mut table = super::terminal::figures_table("service");
    for (unit, figures) in &month.report.units {
        table.add_row(figures_row(unit.to_string(), figures));
    }
    table.add_row(figures_row("all".to_owned(), &month.report.total));
    table
}

fn owners(month: &Monthly) -> Table {
    let mut table = super::terminal::figures_table("owner");
    for owner in by_payable(month).into_iter().take(SHOWN) {
        table.add_row(figures_row(owner.owner.to_string(), &owner.total));
    }
    let more = month.report.owners.len().saturating_sub(SHOWN);
    if more > 0 {
        table.add_row([format!("… {more} more")]);
    }
    table
}

/// Owners by what they have to pay, the most first.
pub(crate) fn by_payable(month: &Monthly) -> Vec<&counterfoil::statement::OwnerReport> {
    let mut owners: Vec<_> = month.report.owners.iter().collect();
    owners.sort_by(|a, b| b.total.payable.amount().cmp(&a.total.payable.amount()).then_with(|| a.owner.cmp(&b.owner)));
    owners
}

/// The cells of a row of figures, for people.
pub(crate) fn figures_row(name: String, figures: &ReportFigures) -> Vec<String> {
    let readings = grouped(&figures.readings.to_string());
    [name, readings].into_iter().chain(amounts(figures).map(amount)).collect()
}

/// What happened how often, and what it came to.
pub(crate) fn happened(month: &Monthly) -> Vec<(&'static str, usize, String)> {
    let mut rows = Vec::new();
    let mut add = |what, amounts: Vec<Money>| {
        if let Some(first) = amounts.first() {
            let sum = Money::sum(amounts.iter().copied(), first.currency());
            rows.push((what, amounts.len(), sum.map_or_else(|error| error.to_string(), |sum| sum.to_string())));
        }
    };
    add("top-ups", month.books.top_ups.iter().map(|stored| stored.top_up.amount).collect());
    for (kind, what) in [
        (crate::month::OrderKind::Order, "orders paid"),
        (crate::month::OrderKind::Lock, "locks captured"),
        (crate::month::OrderKind::Renewal, "plans renewed"),
    ] {
        let of_kind = month.books.payments.iter().filter(|(of, _)| *of == kind);
        add(what, of_kind.map(|(_, payment)| payment.payment.charge().amount).collect());
    }
    for (status, what) in [(LockStatus::Voided, "locks given up"), (LockStatus::Expired, "locks expired")] {
        let ended = month.books.locks.iter().filter(|stored| stored.lock.terms().status == status);
        add(what, ended.map(|stored| stored.lock.charge().amount).collect());
    }
    let refunds = |correction| {
        let refunds = month.books.refunds.iter().filter(move |refund| refund.is_correction() == correction);
        refunds.map(MonthRefund::amount).collect()
    };
    add("refunds of orders", refunds(false));
    add("refunds of corrections", refunds(true));
    rows
}

/// What became of each plan, in a line.
pub(crate) fn plans(month: &Monthly) -> Vec<String> {
    let mut by_plan: BTreeMap<&str, Vec<&DunningEntry>> = BTreeMap::new();
    for entry in &month.dunning {
        by_plan.entry(&entry.plan).or_default().push(entry);
    }
    let line = |(plan, entries): (&str, Vec<&DunningEntry>)| {
        let warned = entries.iter().filter(|entry| entry.action == DunningAction::Warn).count();
        let last = entries.iter().find(|entry| entry.action != DunningAction::Warn);
        let outcome = match last {
            Some(DunningEntry { renewed_to: Some(to), at, .. }) => format!("renewed on {at} to {to}"),
            Some(entry) => format!("ended on {} ({})", entry.at, entry.reason),
            None => "still waits".to_owned(),
        };
        let first = entries.first().map(|entry| (entry.owner.to_string(), amount(entry.price)));
        let (owner, price) = first.unwrap_or_default();
        let warnings = if warned == 0 { String::new() } else { format!(", after {}", counted(warned, "warning")) };
        format!("{plan} of {owner}, {price}: {outcome}{warnings}")
    };
    by_plan.into_iter().map(line).collect()
}

/// Buckets by how much they changed, the most first: name, size, difference, share.
pub(crate) fn grown(month: &Monthly) -> Vec<[String; 4]> {
    let gib = |bytes: &Exact| {
        let gib = bytes.divided_by(&Exact::from(1_i64 << 30));
        gib.map_or_else(|_| bytes.to_string(), |gib| format!("{} GiB", quantity(&gib, 1)))
    };
    let cells = |row: &TrendRow<Name>| match (&row.change, &row.size) {
        (TrendChange::Stayed { difference, ratio }, Some(size)) => {
            let share = ratio.as_ref().and_then(|ratio| ratio.times(&100.into()).ok());
            let share = share.map_or_else(String::new, |share| format!("{} %", quantity(&share, 1)));
            let by = difference.round_digits(0, RoundingMode::HalfEven).ok()?.abs();
            Some((by, [row.subject.to_string(), gib(size), gib(difference), share]))
        }
        _ => None,
    };
    let mut rows: Vec<_> = month.trends.iter().filter_map(cells).collect();
    rows.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.cmp(y)));
    rows.into_iter().map(|(_, cells)| cells).collect()
}

/// The month for programs.
#[derive(Serialize)]
pub(crate) struct Document {
    month: String,
    happened: BTreeMap<&'static str, Happened>,
    report: Figures,
    by_service: BTreeMap<String, Figures>,
    by_owner: BTreeMap<String, Figures>,
    dunning: Vec<Dunned>,
    focus_rows: usize,
    focus_billed: String,
}

#[derive(Serialize)]
struct Happened {
    count: usize,
    amount: String,
}

#[derive(Serialize)]
struct Figures {
    readings: u64,
    resources: u64,
    statements: u64,
    original: String,
    payable: String,
    paid_by_coupon: String,
    paid_by_balance: String,
    refunded: String,
    corrected: String,
    open: String,
}

#[derive(Serialize)]
struct Dunned {
    at: String,
    plan: String,
    action: &'static str,
    reason: &'static str,
}

impl Document {
    pub(crate) fn of(month: &Monthly) -> Self {
        let report = &month.report;
        Self {
            month: month.month.to_string(),
            happened: happened(month)
                .into_iter()
                .map(|(what, count, amount)| (what, Happened { count, amount }))
                .collect(),
            report: Figures::of(&report.total),
            by_service: report.units.iter().map(|(unit, of)| (unit.to_string(), Figures::of(of))).collect(),
            by_owner: report.owners.iter().map(|of| (of.owner.to_string(), Figures::of(&of.total))).collect(),
            dunning: month
                .dunning
                .iter()
                .map(|entry| Dunned {
                    at: entry.at.to_string(),
                    plan: entry.plan.clone(),
                    action: entry.action.name(),
                    reason: entry.reason,
                })
                .collect(),
            focus_rows: month.focus.file.rows().len(),
            focus_billed: month.focus.billed.to_string(),
        }
    }
}

impl Figures {
    fn of(figures: &ReportFigures) -> Self {
        let [original, payable, paid_by_coupon, paid_by_balance, refunded, corrected, open] =
            amounts(figures).map(|amount| amount.to_string());
        Self {
            readings: figures.readings,
            resources: figures.resources,
            statements: figures.statements,
            original,
            payable,
            paid_by_coupon,
            paid_by_balance,
            refunded,
            corrected,
            open,
        }
    }
}
