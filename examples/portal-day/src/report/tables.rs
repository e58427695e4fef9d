//! The tables: `readings.csv`, `statements.csv`, `payments.csv`, `legs.csv`, `reconciliation.csv`.

use super::Run;
use anyhow::{Context, Result};
use counterfoil::{
    metering::{Measure, Usage},
    wallet::Source,
};
use csv::Writer;
use std::fs::File;

/// Writes them all.
pub(crate) fn write(run: &Run<'_>) -> Result<()> {
    readings(run)?;
    statements(run)?;
    payments(run)?;
    legs(run)?;
    reconciliation(run)
}

fn readings(run: &Run<'_>) -> Result<()> {
    let mut table = table(run, "readings.csv")?;
    table.write_record([
        "resource",
        "kind",
        "owner_kind",
        "owner",
        "unit",
        "start",
        "end",
        "usage",
        "currency",
        "original",
        "payable",
        "revision",
        "version",
        "statement",
    ])?;
    let statement_of = run.books.statement_of();
    for stored in &run.books.readings {
        let reading = &stored.reading;
        let window = reading.reading.usage().window();
        let statement = statement_of.get(&reading.reading.id().to_string());
        table.write_record([
            reading.reading.resource().as_str(),
            reading.reading.kind().as_str(),
            reading.owner.kind().name(),
            reading.owner.id(),
            reading.unit.as_str(),
            &window.start().to_string(),
            &window.end().to_string(),
            &usage_text(reading.reading.usage()),
            reading.payable.currency().code(),
            &reading.original.to_string(),
            &reading.payable.to_string(),
            reading.revision.as_str(),
            &stored.version.to_string(),
            statement.map_or("", String::as_str),
        ])?;
    }
    Ok(table.flush()?)
}

/// Each part with what was used of it, exactly, as `cpu=96 core·h;ram=192 GiB·h`.
fn usage_text(usage: &Usage) -> String {
    let parts = usage.parts().filter_map(|part| {
        let used = usage.used(part)?;
        Some(match used.measure() {
            Measure::Timed => format!("{part}={} {}·h", used.hours(), used.unit()),
            Measure::Counted => format!("{part}={} {}", used.value(), used.unit()),
        })
    });
    parts.collect::<Vec<_>>().join(";")
}

fn statements(run: &Run<'_>) -> Result<()> {
    let mut table = table(run, "statements.csv")?;
    table.write_record([
        "statement",
        "date",
        "zone",
        "owner_kind",
        "owner",
        "unit",
        "kind",
        "sequence",
        "lines",
        "currency",
        "original",
        "payable",
        "status",
    ])?;
    for stored in &run.books.statements {
        let statement = &stored.statement;
        let key = statement.key();
        table.write_record([
            &statement.id(),
            &key.date().to_string(),
            &key.day.zone().to_string(),
            key.owner.kind().name(),
            key.owner.id(),
            key.unit.as_str(),
            key.kind.as_str(),
            &key.sequence.to_string(),
            &statement.lines().len().to_string(),
            statement.payable().currency().code(),
            &statement.original().to_string(),
            &statement.payable().to_string(),
            statement.status().name(),
        ])?;
    }
    Ok(table.flush()?)
}

fn payments(run: &Run<'_>) -> Result<()> {
    let mut table = table(run, "payments.csv")?;
    table.write_record([
        "application",
        "order",
        "unit",
        "payer_kind",
        "payer",
        "paid_at",
        "currency",
        "amount",
        "method",
        "by_coupon",
        "by_account",
    ])?;
    for payment in run.payments() {
        let (charge, plan) = (payment.payment.charge(), payment.payment.plan());
        table.write_record([
            charge.application.as_str(),
            &charge.order,
            &charge.unit,
            charge.payer.kind().name(),
            charge.payer.id(),
            &payment.paid_at.to_string(),
            plan.amount().currency().code(),
            &plan.amount().to_string(),
            plan.method().name(),
            &plan.from_coupons().to_string(),
            &plan.from_account().to_string(),
        ])?;
    }
    Ok(table.flush()?)
}

fn legs(run: &Run<'_>) -> Result<()> {
    let mut table = table(run, "legs.csv")?;
    table.write_record(["order", "position", "source", "coupon", "currency", "amount", "before", "after"])?;
    for payment in run.payments() {
        for (position, leg) in payment.payment.plan().legs().iter().enumerate() {
            let (source, coupon) = match leg.source() {
                Source::Coupon(id) => ("coupon", id.as_ref()),
                Source::Balance => ("balance", ""),
                _ => ("debt", ""),
            };
            table.write_record([
                payment.payment.charge().order.as_str(),
                &position.to_string(),
                source,
                coupon,
                leg.amount().currency().code(),
                &leg.amount().to_string(),
                &leg.before().to_string(),
                &leg.after().to_string(),
            ])?;
        }
    }
    Ok(table.flush()?)
}

fn reconciliation(run: &Run<'_>) -> Result<()> {
    let mut table = table(run, "reconciliation.csv")?;
    table.write_record(["scope", "sum_of", "sum", "must_equal_sum_of", "other_sum", "difference", "ok"])?;
    for check in run.reconciliation.checks() {
        table.write_record([
            check.scope.as_str(),
            check.left_of,
            &check.left,
            check.right_of,
            &check.right,
            &check.difference,
            if check.ok { "yes" } else { "no" },
        ])?;
    }
    Ok(table.flush()?)
}

pub(super) fn table(run: &Run<'_>, file: &str) -> Result<Writer<File>> {
    let path = run.path(file);
    let table = File::create(&path).with_context(|| format!("can not write {}", path.display()))?;
    Ok(Writer::from_writer(table))
}
