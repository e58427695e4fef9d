use crate::{
    input::{Answer, Fault, Members, all, choice, derivation, list, money, period, shape, text},
    metering,
    statement::statement,
    wallet::{money_shown, owner, owner_shown},
};
use counterfoil::{
    exact::Exact,
    metering::{Kind, Usage},
    money::{Currency, Money, Rounding},
    statement::{
        BillingDays, CorrectionAction, ExpectedCost, FigureChange, ForecastTerms, GroupStatement, Invoice,
        InvoiceEvent, InvoiceFrom, InvoiceLine, InvoiceOutcome, InvoiceRequest, InvoiceSource, InvoiceState,
        KindReport, Month, MonthlyReport, OwnerReport, PaidLeg, PaymentRow, RefundReason, RefundRow, ReportFigures,
        ReportRow, ReportTerms, StatementRow, StatementStatus, TopItem, TrendChange, TrendPoint, TrendRow, Turnover,
        UnitReport, compare_months, correct, trend,
    },
    time::{Period, Zone},
    units::Name,
    wallet::Owner,
};
use serde_json::{Value, json};

/// The members of a row that all kinds of rows have.
struct Place {
    owner: Owner,
    unit: Name,
    window: Period,
}

fn place(row: Members<'_>) -> Result<Place, Fault> {
    Ok(Place { owner: owner(row.value("owner")?)?, unit: row.parse("unit")?, window: row.period("window")? })
}

/// A list that may be left out.
fn rows<'a>(input: Members<'a>, key: &str) -> Result<&'a [Value], Fault> {
    input.optional(key).map_or(Ok(&[]), list)
}

pub(crate) fn monthly(input: Members<'_>) -> Answer {
    let zone: Zone = input.parse("zone")?;
    let days = match choice(input.value("days")?)? {
        ("month", month) => text(month)?.parse::<Month>()?.days(zone)?,
        ("dates", dates) => {
            let dates = Members::of(dates, &["first", "last"])?;
            BillingDays::new(dates.date("first")?..=dates.date("last")?, zone)?
        }
        (other, _) => return shape(format!("no days {other}")),
    };
    let (currency, top) = (input.parse::<Currency>("currency")?, input.number::<u32>("top")?);
    let mut report = MonthlyReport::new(ReportTerms { days, currency, top: top.try_into().expect("a count") });
    for created in rows(input, "owners")? {
        let created = Members::of(created, &["owner", "created"])?;
        report.owner(&owner(created.value("owner")?)?, created.parse("created")?)?;
    }
    for row in list(input.value("rows")?)? {
        let known = ["owner", "unit", "kind", "resource", "window", "usage", "lifetime_micros", "original", "payable"];
        let row = Members::of(row, &known)?;
        let place = place(row)?;
        let usage: Option<Usage> = row.optional("usage").map(metering::usage_of).transpose()?.flatten();
        let lifetime_micros = row.optional("lifetime_micros").map(|_| row.number("lifetime_micros")).transpose()?;
        report.read(&ReportRow {
            owner: &place.owner,
            unit: &place.unit,
            kind: &row.parse::<Kind>("kind")?,
            resource: &row.parse("resource")?,
            window: place.window,
            usage: usage.as_ref(),
            lifetime_micros,
            original: row.money("original")?,
            payable: row.money("payable")?,
        })?;
    }
    for row in rows(input, "statements")? {
        let row = Members::of(row, &["owner", "unit", "window", "payable", "status"])?;
        let Place { owner, unit, window } = &place(row)?;
        let (payable, status) = (row.money("payable")?, row.parse::<StatementStatus>("status")?);
        report.state(&StatementRow { owner, unit, window: *window, payable, status })?;
    }
    for row in rows(input, "payments")? {
        let row = Members::of(row, &["owner", "unit", "window", "legs"])?;
        let Place { owner, unit, window } = &place(row)?;
        let legs = all(row.list("legs")?, |leg| {
            let leg = Members::of(leg, &["by", "amount"])?;
            Ok(PaidLeg { by: leg.parse("by")?, amount: leg.money("amount")? })
        })?;
        report.pay(&PaymentRow { owner, unit, window: *window, legs: &legs })?;
    }
    for row in rows(input, "refunds")? {
        let row = Members::of(row, &["owner", "unit", "window", "amount", "because"])?;
        let Place { owner, unit, window } = &place(row)?;
        let because = row.text("because")?;
        let because = RefundReason::ALL.into_iter().find(|reason| reason.name() == because);
        let Some(because) = because else { return shape("no such reason") };
        report.refund(&RefundRow { owner, unit, window: *window, amount: row.money("amount")?, because })?;
    }
    let report = report.finish()?;
    let units = report.units.iter().map(|(unit, total)| Ok(json!({ "unit": unit.as_str(), "total": figured(total)? })));
    Ok(json!({
        "first": days.first().to_string(),
        "last": days.last().to_string(),
        "zone": days.zone().to_string(),
        "period": period(days.period()),
        "owners": report.owners.iter().map(of_owner).collect::<Result<Vec<_>, _>>()?,
        "units": units.collect::<Result<Vec<_>, Fault>>()?,
        "top": report.top.iter().map(item).collect::<Vec<_>>(),
        "total": figured(&report.total)?,
        "left_out": report.left_out,
    }))
}

fn of_owner(report: &OwnerReport) -> Answer {
    Ok(json!({
        "owner": owner_shown(&report.owner),
        "units": report.units.iter().map(of_unit).collect::<Result<Vec<_>, _>>()?,
        "top": report.top.iter().map(item).collect::<Vec<_>>(),
        "total": figured(&report.total)?,
    }))
}

fn of_unit(report: &UnitReport) -> Answer {
    let kind = |kind: &KindReport| {
        json!({
            "kind": kind.kind.as_str(),
            "usage": metering::shown(&kind.usage),
            "hours": kind.hours().to_string(),
            "original": money_shown(kind.original),
            "payable": money_shown(kind.payable),
            "readings": kind.readings,
            "resources": kind.resources,
        })
    };
    Ok(json!({
        "unit": report.unit.as_str(),
        "kinds": report.kinds.iter().map(kind).collect::<Vec<_>>(),
        "total": figured(&report.total)?,
    }))
}

fn item(item: &TopItem) -> Value {
    json!({
        "owner": owner_shown(&item.owner),
        "unit": item.unit.as_str(),
        "kind": item.kind.as_str(),
        "resource": item.resource.as_str(),
        "original": money_shown(item.original),
        "payable": money_shown(item.payable),
        "hours": item.hours().to_string(),
    })
}

fn figured(figures: &ReportFigures) -> Answer {
    let paid = figures.paid.iter().map(|(by, amount)| (by.to_string(), money_shown(*amount).into()));
    Ok(json!({
        "hours": figures.hours().to_string(),
        "original": money_shown(figures.original),
        "payable": money_shown(figures.payable),
        "paid": paid.collect::<serde_json::Map<String, Value>>(),
        "refunded": money_shown(figures.refunded),
        "corrected": money_shown(figures.corrected),
        "open": money_shown(figures.open),
        "unsettled": money_shown(figures.unsettled()?),
        "readings": figures.readings,
        "statements": figures.statements,
        "resources": figures.resources,
    }))
}

pub(crate) fn trend_of(input: Members<'_>) -> Answer {
    let points = all(input.list("points")?, |point| {
        let point = Members::of(point, &["subject", "month", "size"])?;
        let (subject, month) = (point.parse::<Name>("subject")?, point.parse("month")?);
        Ok(TrendPoint { subject, month, size: point.exact("size")? })
    })?;
    let rows = trend(input.parse("first")?..=input.parse("last")?, points)?;
    let shown = |row: &TrendRow<Name>| {
        let mut shown = json!({
            "subject": row.subject.as_str(),
            "month": row.month.to_string(),
            "size": row.size.as_ref().map(Exact::to_string),
            "change": row.change.name(),
            "before": null,
            "difference": null,
            "ratio": null,
        });
        match &row.change {
            TrendChange::Unknown | TrendChange::Came => {}
            TrendChange::Went { before } => shown["before"] = before.to_string().into(),
            TrendChange::Stayed { difference, ratio } => {
                shown["difference"] = difference.to_string().into();
                shown["ratio"] = ratio.as_ref().map(Exact::to_string).into();
            }
        }
        shown
    };
    Ok(json!({ "rows": rows.iter().map(shown).collect::<Vec<_>>() }))
}

pub(crate) fn correct_group(input: Members<'_>) -> Answer {
    let group = all(input.list("group")?, |member| {
        let member = Members::of(member, &["statement", "paid_as"])?;
        let paid_as = member.optional("paid_as").map(text).transpose()?.map(str::to_owned);
        Ok(GroupStatement { statement: statement(member)?, paid_as })
    })?;
    let correction = correct(&group)?;
    let (id, of) = match correction.action() {
        CorrectionAction::Charge { order } => (Some(order), &[][..]),
        CorrectionAction::Refund { refund, of } => (Some(refund), &of[..]),
        CorrectionAction::Nothing | CorrectionAction::Settle => (None, &[][..]),
    };
    let open = correction.open().iter().map(|open| json!({ "id": open.id, "payable": money_shown(open.payable) }));
    Ok(json!({
        "action": correction.action().name(),
        "amount": money_shown(correction.amount()),
        "id": id,
        "of": of,
        "open": open.collect::<Vec<_>>(),
        "text": correction.to_string(),
    }))
}

pub(crate) fn figures(input: Members<'_>) -> Answer {
    let (paid, refunded, cost) = (input.money("paid")?, input.money("refunded")?, input.money("cost")?);
    let profit = Turnover { paid, refunded, cost }.profit()?;
    Ok(json!({
        "revenue": money_shown(profit.revenue()),
        "profit": money_shown(profit.profit()),
        "derivation": derivation(profit.derivation()),
    }))
}

pub(crate) fn compare(input: Members<'_>) -> Answer {
    let figures: Vec<(Month, Money)> = all(input.list("figures")?, |figure| {
        let figure = Members::of(figure, &["month", "amount"])?;
        Ok((figure.parse("month")?, figure.money("amount")?))
    })?;
    let compared = compare_months(figures, input.parse("month")?)?;
    let rounding: Rounding = input.parse("rounding")?;
    let shown = |change: Option<FigureChange>| -> Answer {
        let Some(change) = change else { return Ok(Value::Null) };
        Ok(json!({
            "base": money_shown(change.base()),
            "difference": money_shown(change.difference()),
            "ratio": change.ratio().map(Exact::to_string),
            "percent": change.percent(rounding)?.map(|percent| percent.to_string()),
        }))
    };
    Ok(json!({
        "month_on_month": shown(compared.month_on_month)?,
        "year_on_year": shown(compared.year_on_year)?,
    }))
}

pub(crate) fn forecast(input: Members<'_>) -> Answer {
    let expect = match choice(input.value("expect")?)? {
        ("average_so_far", cost) => ExpectedCost::AverageSoFar(money(cost)?),
        ("last_day", cost) => ExpectedCost::LastDay(money(cost)?),
        ("daily", cost) => ExpectedCost::Daily(money(cost)?),
        (other, _) => return shape(format!("no expectation {other}")),
    };
    let forecast = ForecastTerms { balance: input.money("balance")?, from: input.date("from")?, expect }.forecast()?;
    Ok(json!({
        "notice": forecast.is_notice_due(),
        "expected": forecast.expected().to_string(),
        "missing": forecast.missing().to_string(),
        "days_left": forecast.days_left(),
        "lasts_days": forecast.lasts_days().map(|days| days.to_string()),
        "derivation": derivation(forecast.derivation()),
    }))
}

fn sources(input: Members<'_>) -> Result<Vec<InvoiceSource>, Fault> {
    all(input.list("sources")?, |source| {
        let source = Members::of(source, &["id", "owner", "amount", "refunded"])?;
        Ok(InvoiceSource {
            id: source.text("id")?.to_owned(),
            owner: owner(source.value("owner")?)?,
            amount: source.money("amount")?,
            refunded: source.money("refunded")?,
        })
    })
}

fn invoice_in(value: &Value) -> Result<Invoice, Fault> {
    let invoice = Members::of(value, &["id", "owner", "lines", "state"])?;
    let lines = all(invoice.list("lines")?, |line| {
        let line = Members::of(line, &["source", "amount"])?;
        Ok(InvoiceLine { source: line.text("source")?.to_owned(), amount: line.money("amount")? })
    })?;
    let new = Invoice::new(invoice.text("id")?.to_owned(), owner(invoice.value("owner")?)?, lines)?;
    Ok(new.in_state(invoice.parse::<InvoiceState>("state")?))
}

fn invoice_shown(invoice: &Invoice) -> Value {
    let lines = invoice.lines().iter();
    let lines = lines.map(|line| json!({ "source": line.source, "amount": money_shown(line.amount) }));
    json!({
        "id": invoice.id(),
        "owner": owner_shown(invoice.owner()),
        "lines": lines.collect::<Vec<_>>(),
        "amount": money_shown(invoice.amount()),
        "state": invoice.state().name(),
        "text": invoice.to_string(),
    })
}

pub(crate) fn invoice(input: Members<'_>) -> Answer {
    let from = match input.value("from")? {
        Value::String(all) if all == "all" => InvoiceFrom::All,
        other => match choice(other)? {
            ("chosen", ids) => InvoiceFrom::Chosen(all(list(ids)?, |id| Ok(text(id)?.to_owned()))?),
            (other, _) => return shape(format!("from no {other}")),
        },
    };
    let request = InvoiceRequest { id: input.text("id")?.to_owned(), owner: owner(input.value("owner")?)?, from };
    let (sources, invoices) = (sources(input)?, all(input.list("invoices")?, invoice_in)?);
    Ok(match request.draw(&sources, &invoices)? {
        InvoiceOutcome::New(invoice) => json!({ "replay": false, "invoice": invoice_shown(&invoice) }),
        InvoiceOutcome::Replay(invoice) => json!({ "replay": true, "invoice": invoice_shown(invoice) }),
    })
}

pub(crate) fn invoice_move(input: Members<'_>) -> Answer {
    let (sources, invoice) = (sources(input)?, invoice_in(input.value("invoice")?)?);
    let moved = invoice.after(input.parse::<InvoiceEvent>("event")?, &sources)?;
    Ok(json!({ "invoice": invoice_shown(&moved) }))
}
