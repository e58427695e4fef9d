//! The monthly report of owners and services, and how buckets grew (R-S3).

use super::books::MonthBooks;
use crate::{
    books::Books,
    portfolio::{Life, Portfolio, Terms},
};
use anyhow::Result;
use counterfoil::{
    statement::{
        Month, MonthlyReport, PaidLeg, PaymentRow, RefundReason, RefundRow, Report, ReportRow, ReportTerms,
        StatementRow, TrendPoint, TrendRow, trend,
    },
    units::Name,
};
use std::collections::BTreeMap;

/// How many resources stand among the most expensive.
const TOP: usize = 10;

/// What the days of a month came to.
pub(crate) fn report(books: &Books, month: &MonthBooks, of: Month, terms: &Terms) -> Result<Report> {
    let days = of.days(terms.zone)?;
    let mut report = MonthlyReport::new(ReportTerms { days, currency: books.currency, top: TOP });
    for stored in &books.readings {
        let reading = &stored.reading;
        report.read(&ReportRow {
            owner: &reading.owner,
            unit: &reading.unit,
            kind: reading.reading.kind(),
            resource: reading.reading.resource(),
            window: reading.reading.usage().window(),
            usage: Some(reading.reading.usage()),
            lifetime_micros: None,
            original: reading.original,
            payable: reading.payable,
        })?;
    }
    let mut windows = BTreeMap::new();
    for stored in &books.statements {
        let (statement, key) = (&stored.statement, stored.statement.key());
        let window = key.day.period();
        report.state(&StatementRow {
            owner: &key.owner,
            unit: &key.unit,
            window,
            payable: statement.payable(),
            status: statement.status(),
        })?;
        if let Some(payment) = &stored.payment {
            windows.insert(payment.payment.charge().order.clone(), window);
            let legs = payment.payment.plan().legs().iter();
            let legs: Vec<PaidLeg> =
                legs.map(|leg| PaidLeg { by: leg.source().kind(), amount: leg.amount() }).collect();
            report.pay(&PaymentRow { owner: &key.owner, unit: &key.unit, window, legs: &legs })?;
        }
    }
    for refund in month.refunds.iter().filter(|refund| refund.kind.is_none()) {
        let Some(window) = windows.get(&refund.stored.refund.request().order) else { continue };
        let because = if refund.is_correction() { RefundReason::Correction } else { RefundReason::Other };
        let (owner, unit, amount) = (&refund.owner, &refund.unit, refund.amount());
        report.refund(&RefundRow { owner, unit, window: *window, amount, because })?;
    }
    Ok(report.finish()?)
}

/// The sizes of buckets in bytes at the end of the month, against the end of the month before.
pub(crate) fn trends(portfolio: &Portfolio, of: Month, terms: &Terms) -> Result<Vec<TrendRow<Name>>> {
    let before = of.plus(-1)?;
    let mut points = Vec::new();
    for month in [before, of] {
        let end = month.days(terms.zone)?.period().end();
        for (id, resource) in portfolio.sound().flat_map(|(_, holding)| &holding.resources) {
            let Life::Sampled { spans, samples, .. } = &resource.life else { continue };
            let lives =
                |span: &counterfoil::metering::Span| span.start() < end && span.end().is_none_or(|to| to >= end);
            if let (true, Some(size)) = (spans.iter().any(lives), samples.at(end)) {
                let size = size.exact_in(counterfoil::units::Unit::Byte)?;
                points.push(TrendPoint { subject: id.clone(), month, size });
            }
        }
    }
    let rows = trend(before..=of, points)?;
    Ok(rows.into_iter().filter(|row| row.month == of).collect())
}
