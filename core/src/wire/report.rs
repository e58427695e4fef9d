use super::{
    metering::{UsageCall, UsageOut},
    statement::StatementIn,
    text::{DerivationOut, Object, PeriodIn, PeriodOut, Show, Shown, Text, Word, all_of, money, null_as_default},
    wallet::{OwnerIn, OwnerOut},
};
use crate::{
    error::Error,
    exact::Exact,
    metering::Kind,
    money::{Currency, Money, Rounding},
    statement::{
        BillingDays, CorrectionAction, ExpectedCost, FigureChange, ForecastTerms, GroupStatement, Invoice,
        InvoiceEvent, InvoiceFrom, InvoiceLine, InvoiceOutcome, InvoiceRequest, InvoiceSource, InvoiceState,
        KindReport, Month, MonthlyReport, OpenStatement, OwnerReport, PaidLeg, PaymentRow, RefundReason, RefundRow,
        ReportFigures, ReportRow, ReportTerms, StatementRow, StatementStatus, TopItem, TrendChange, TrendPoint,
        TrendRow, Turnover, UnitReport, compare_months, correct as settle_group, trend as trend_of,
    },
    time::{Instant, Zone},
    units::Name,
    wallet::SourceKind,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The days of a report.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum DaysIn {
    Month(Text<Month>),
    Dates(Object<DatesIn>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatesIn {
    first: Text<NaiveDate>,
    last: Text<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CreatedIn {
    owner: Object<OwnerIn>,
    created: Text<Instant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowIn {
    owner: Object<OwnerIn>,
    unit: Text<Name>,
    kind: Text<Kind>,
    resource: Text<Name>,
    window: Object<PeriodIn>,
    usage: Option<Object<UsageCall>>,
    lifetime_micros: Option<i64>,
    original: Text<Money>,
    payable: Text<Money>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatedIn {
    owner: Object<OwnerIn>,
    unit: Text<Name>,
    window: Object<PeriodIn>,
    payable: Text<Money>,
    status: Text<StatementStatus>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaymentIn {
    owner: Object<OwnerIn>,
    unit: Text<Name>,
    window: Object<PeriodIn>,
    legs: Vec<Object<LegIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LegIn {
    by: Text<SourceKind>,
    amount: Text<Money>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundIn {
    owner: Object<OwnerIn>,
    unit: Text<Name>,
    window: Object<PeriodIn>,
    amount: Text<Money>,
    because: ReasonIn,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum ReasonIn {
    Correction,
    Other,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Monthly {
    days: DaysIn,
    zone: Text<Zone>,
    currency: Text<Currency>,
    /// How many of the most expensive resources are listed.
    top: u32,
    #[serde(default, deserialize_with = "null_as_default")]
    owners: Vec<Object<CreatedIn>>,
    rows: Vec<Object<RowIn>>,
    #[serde(default, deserialize_with = "null_as_default")]
    statements: Vec<Object<StatedIn>>,
    #[serde(default, deserialize_with = "null_as_default")]
    payments: Vec<Object<PaymentIn>>,
    #[serde(default, deserialize_with = "null_as_default")]
    refunds: Vec<Object<RefundIn>>,
}

#[derive(Serialize)]
pub(super) struct ReportOut {
    first: Shown<NaiveDate>,
    last: Shown<NaiveDate>,
    zone: String,
    period: PeriodOut,
    owners: Vec<OwnerReportOut>,
    units: Vec<UnitFiguresOut>,
    top: Vec<ItemOut>,
    total: FiguresOut,
    left_out: usize,
}

#[derive(Serialize)]
struct OwnerReportOut {
    owner: OwnerOut,
    units: Vec<UnitReportOut>,
    top: Vec<ItemOut>,
    total: FiguresOut,
}

#[derive(Serialize)]
struct UnitReportOut {
    unit: String,
    kinds: Vec<KindOut>,
    total: FiguresOut,
}

#[derive(Serialize)]
struct UnitFiguresOut {
    unit: String,
    total: FiguresOut,
}

#[derive(Serialize)]
struct KindOut {
    kind: String,
    usage: UsageOut,
    hours: Shown<Exact>,
    original: Shown<Money>,
    payable: Shown<Money>,
    readings: u64,
    resources: u64,
}

#[derive(Serialize)]
struct ItemOut {
    owner: OwnerOut,
    unit: String,
    kind: String,
    resource: String,
    original: Shown<Money>,
    payable: Shown<Money>,
    hours: Shown<Exact>,
}

#[derive(Serialize)]
struct FiguresOut {
    hours: Shown<Exact>,
    original: Shown<Money>,
    payable: Shown<Money>,
    paid: BTreeMap<String, Shown<Money>>,
    refunded: Shown<Money>,
    corrected: Shown<Money>,
    open: Shown<Money>,
    unsettled: Shown<Money>,
    readings: u64,
    statements: u64,
    resources: u64,
}

pub(super) fn monthly(input: Monthly) -> Result<ReportOut, Error> {
    let zone = input.zone.read()?;
    let days = match &input.days {
        DaysIn::Month(month) => month.read()?.days(zone)?,
        DaysIn::Dates(Object(dates)) => BillingDays::new(dates.first.read()?..=dates.last.read()?, zone)?,
    };
    let top = usize::try_from(input.top).unwrap_or(usize::MAX);
    let mut report = MonthlyReport::new(ReportTerms { days, currency: input.currency.read()?, top });
    for Object(created) in &input.owners {
        report.owner(&created.owner.read()?, created.created.read()?)?;
    }
    for Object(row) in &input.rows {
        let usage = row.usage.as_ref().map(|usage| usage.0.read()).transpose()?.flatten();
        report.read(&ReportRow {
            owner: &row.owner.read()?,
            unit: &row.unit.read()?,
            kind: &row.kind.read()?,
            resource: &row.resource.read()?,
            window: row.window.read()?,
            usage: usage.as_ref(),
            lifetime_micros: row.lifetime_micros,
            original: row.original.read()?,
            payable: row.payable.read()?,
        })?;
    }
    for Object(row) in &input.statements {
        report.state(&StatementRow {
            owner: &row.owner.read()?,
            unit: &row.unit.read()?,
            window: row.window.read()?,
            payable: row.payable.read()?,
            status: row.status.read()?,
        })?;
    }
    for Object(row) in &input.payments {
        let leg = |leg: &Object<LegIn>| Ok::<_, Error>(PaidLeg { by: leg.0.by.read()?, amount: leg.0.amount.read()? });
        report.pay(&PaymentRow {
            owner: &row.owner.read()?,
            unit: &row.unit.read()?,
            window: row.window.read()?,
            legs: &all_of(&row.legs, leg)?,
        })?;
    }
    for Object(row) in &input.refunds {
        report.refund(&RefundRow {
            owner: &row.owner.read()?,
            unit: &row.unit.read()?,
            window: row.window.read()?,
            amount: row.amount.read()?,
            because: match row.because {
                ReasonIn::Correction => RefundReason::Correction,
                ReasonIn::Other => RefundReason::Other,
            },
        })?;
    }
    let report = report.finish()?;
    let unit = |(unit, total): &(Name, ReportFigures)| {
        Ok::<_, Error>(UnitFiguresOut { unit: unit.to_string(), total: FiguresOut::of(total)? })
    };
    Ok(ReportOut {
        first: days.first().shown(),
        last: days.last().shown(),
        zone: days.zone().to_string(),
        period: days.period().into(),
        owners: all_of(&report.owners, OwnerReportOut::of)?,
        units: all_of(&report.units, unit)?,
        top: report.top.iter().map(ItemOut::from).collect(),
        total: FiguresOut::of(&report.total)?,
        left_out: report.left_out,
    })
}

impl OwnerReportOut {
    fn of(report: &OwnerReport) -> Result<Self, Error> {
        Ok(Self {
            owner: (&report.owner).into(),
            units: all_of(&report.units, UnitReportOut::of)?,
            top: report.top.iter().map(ItemOut::from).collect(),
            total: FiguresOut::of(&report.total)?,
        })
    }
}

impl UnitReportOut {
    fn of(report: &UnitReport) -> Result<Self, Error> {
        Ok(Self {
            unit: report.unit.to_string(),
            kinds: all_of(&report.kinds, KindOut::of)?,
            total: FiguresOut::of(&report.total)?,
        })
    }
}

impl KindOut {
    fn of(report: &KindReport) -> Result<Self, Error> {
        Ok(Self {
            kind: report.kind.to_string(),
            usage: UsageOut::of(&report.usage)?,
            hours: report.hours().shown(),
            original: money(report.original),
            payable: money(report.payable),
            readings: report.readings,
            resources: report.resources,
        })
    }
}

impl From<&TopItem> for ItemOut {
    fn from(item: &TopItem) -> Self {
        Self {
            owner: (&item.owner).into(),
            unit: item.unit.to_string(),
            kind: item.kind.to_string(),
            resource: item.resource.to_string(),
            original: money(item.original),
            payable: money(item.payable),
            hours: item.hours().shown(),
        }
    }
}

impl FiguresOut {
    fn of(figures: &ReportFigures) -> Result<Self, Error> {
        Ok(Self {
            hours: figures.hours().shown(),
            original: money(figures.original),
            payable: money(figures.payable),
            paid: figures.paid.iter().map(|(by, amount)| (by.to_string(), money(*amount))).collect(),
            refunded: money(figures.refunded),
            corrected: money(figures.corrected),
            open: money(figures.open),
            unsettled: money(figures.unsettled()?),
            readings: figures.readings,
            statements: figures.statements,
            resources: figures.resources,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trend {
    first: Text<Month>,
    last: Text<Month>,
    points: Vec<Object<PointIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PointIn {
    subject: Text<Name>,
    month: Text<Month>,
    size: Text<Exact>,
}

#[derive(Serialize)]
pub(super) struct Trends {
    rows: Vec<TrendOut>,
}

#[derive(Serialize)]
struct TrendOut {
    subject: String,
    month: String,
    size: Option<Shown<Exact>>,
    change: TrendChangeOut,
    /// What there was before it went.
    before: Option<Shown<Exact>>,
    difference: Option<Shown<Exact>>,
    ratio: Option<Shown<Exact>>,
}

impl From<&TrendRow<Name>> for TrendOut {
    fn from(row: &TrendRow<Name>) -> Self {
        let (before, difference, ratio) = match &row.change {
            TrendChange::Unknown | TrendChange::Came => (None, None, None),
            TrendChange::Went { before } => (Some(before), None, None),
            TrendChange::Stayed { difference, ratio } => (None, Some(difference), ratio.as_ref()),
        };
        let text = |value: Option<&Exact>| value.map(Show::shown);
        Self {
            subject: row.subject.to_string(),
            month: row.month.to_string(),
            size: text(row.size.as_ref()),
            change: (&row.change).into(),
            before: text(before),
            difference: text(difference),
            ratio: text(ratio),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum TrendChangeOut {
    Unknown,
    Came,
    Went,
    Stayed,
}

impl From<&TrendChange> for TrendChangeOut {
    fn from(change: &TrendChange) -> Self {
        match change {
            TrendChange::Unknown => Self::Unknown,
            TrendChange::Came => Self::Came,
            TrendChange::Went { .. } => Self::Went,
            TrendChange::Stayed { .. } => Self::Stayed,
        }
    }
}

pub(super) fn trend(input: Trend) -> Result<Trends, Error> {
    let point = |Object(point): &Object<PointIn>| {
        let (subject, month) = (point.subject.read()?, point.month.read()?);
        Ok::<_, Error>(TrendPoint { subject, month, size: point.size.read()? })
    };
    let rows = trend_of(input.first.read()?..=input.last.read()?, all_of(&input.points, point)?)?;
    Ok(Trends { rows: rows.iter().map(TrendOut::from).collect() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Correct {
    group: Vec<Object<GroupIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupIn {
    statement: Object<StatementIn>,
    paid_as: Option<String>,
}

#[derive(Serialize)]
pub(super) struct CorrectionOut {
    action: CorrectionActionOut,
    amount: Shown<Money>,
    /// The id of the payment, or of the refund.
    id: Option<String>,
    /// The orders that are refunded.
    of: Vec<String>,
    open: Vec<OpenOut>,
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum CorrectionActionOut {
    Nothing,
    Settle,
    Charge,
    Refund,
}

impl From<&CorrectionAction> for CorrectionActionOut {
    fn from(action: &CorrectionAction) -> Self {
        match action {
            CorrectionAction::Nothing => Self::Nothing,
            CorrectionAction::Settle => Self::Settle,
            CorrectionAction::Charge { .. } => Self::Charge,
            CorrectionAction::Refund { .. } => Self::Refund,
        }
    }
}

#[derive(Serialize)]
struct OpenOut {
    id: String,
    payable: Shown<Money>,
}

impl From<&OpenStatement> for OpenOut {
    fn from(open: &OpenStatement) -> Self {
        Self { id: open.id.clone(), payable: money(open.payable) }
    }
}

pub(super) fn correct(input: Correct) -> Result<CorrectionOut, Error> {
    let member = |Object(member): &Object<GroupIn>| {
        Ok::<_, Error>(GroupStatement { statement: member.statement.read()?, paid_as: member.paid_as.clone() })
    };
    let correction = settle_group(&all_of(&input.group, member)?)?;
    let (id, of) = match correction.action() {
        CorrectionAction::Nothing | CorrectionAction::Settle => (None, Vec::new()),
        CorrectionAction::Charge { order } => (Some(order.clone()), Vec::new()),
        CorrectionAction::Refund { refund, of } => (Some(refund.clone()), of.clone()),
    };
    Ok(CorrectionOut {
        action: correction.action().into(),
        amount: money(correction.amount()),
        id,
        of,
        open: correction.open().iter().map(OpenOut::from).collect(),
        text: correction.to_string(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Figures {
    paid: Text<Money>,
    refunded: Text<Money>,
    cost: Text<Money>,
}

#[derive(Serialize)]
pub(super) struct ProfitOut {
    revenue: Shown<Money>,
    profit: Shown<Money>,
    derivation: DerivationOut,
}

pub(super) fn figures(input: Figures) -> Result<ProfitOut, Error> {
    let Figures { paid, refunded, cost } = input;
    let turnover = Turnover { paid: paid.read()?, refunded: refunded.read()?, cost: cost.read()? };
    let profit = turnover.profit()?;
    Ok(ProfitOut {
        revenue: money(profit.revenue()),
        profit: money(profit.profit()),
        derivation: profit.derivation().into(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Compare {
    figures: Vec<Object<FigureIn>>,
    month: Text<Month>,
    /// Of the percentages.
    rounding: Text<Rounding>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FigureIn {
    month: Text<Month>,
    amount: Text<Money>,
}

#[derive(Serialize)]
pub(super) struct Comparison {
    month_on_month: Option<ChangeOut>,
    year_on_year: Option<ChangeOut>,
}

#[derive(Serialize)]
struct ChangeOut {
    base: Shown<Money>,
    difference: Shown<Money>,
    ratio: Option<Shown<Exact>>,
    percent: Option<Shown<Decimal>>,
}

impl ChangeOut {
    fn of(change: &FigureChange, rounding: Rounding) -> Result<Self, Error> {
        Ok(Self {
            base: money(change.base()),
            difference: money(change.difference()),
            ratio: change.ratio().map(Show::shown),
            percent: change.percent(rounding)?.map(|percent| percent.shown()),
        })
    }
}

pub(super) fn compare(input: Compare) -> Result<Comparison, Error> {
    let figure = |Object(figure): &Object<FigureIn>| Ok::<_, Error>((figure.month.read()?, figure.amount.read()?));
    let compared = compare_months(all_of(&input.figures, figure)?, input.month.read()?)?;
    let rounding = input.rounding.read()?;
    let shown = |change: Option<&FigureChange>| change.map(|change| ChangeOut::of(change, rounding)).transpose();
    Ok(Comparison {
        month_on_month: shown(compared.month_on_month.as_ref())?,
        year_on_year: shown(compared.year_on_year.as_ref())?,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Forecast {
    balance: Text<Money>,
    /// The first date that is not charged yet.
    from: Text<NaiveDate>,
    expect: ExpectIn,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ExpectIn {
    AverageSoFar(Text<Money>),
    LastDay(Text<Money>),
    Daily(Text<Money>),
}

#[derive(Serialize)]
pub(super) struct ForecastOut {
    notice: bool,
    expected: Shown<Exact>,
    missing: Shown<Exact>,
    days_left: u32,
    lasts_days: Option<Shown<Decimal>>,
    derivation: DerivationOut,
}

pub(super) fn forecast(input: Forecast) -> Result<ForecastOut, Error> {
    let expect = match &input.expect {
        ExpectIn::AverageSoFar(cost) => ExpectedCost::AverageSoFar(cost.read()?),
        ExpectIn::LastDay(cost) => ExpectedCost::LastDay(cost.read()?),
        ExpectIn::Daily(cost) => ExpectedCost::Daily(cost.read()?),
    };
    let terms = ForecastTerms { balance: input.balance.read()?, from: input.from.read()?, expect };
    let forecast = terms.forecast()?;
    Ok(ForecastOut {
        notice: forecast.is_notice_due(),
        expected: forecast.expected().shown(),
        missing: forecast.missing().shown(),
        days_left: forecast.days_left(),
        lasts_days: forecast.lasts_days().map(|days| days.shown()),
        derivation: forecast.derivation().into(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InvoiceCall {
    id: String,
    owner: Object<OwnerIn>,
    from: FromIn,
    sources: Vec<Object<SourceIn>>,
    invoices: Vec<Object<InvoiceIn>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum FromIn {
    All,
    Chosen(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceIn {
    id: String,
    owner: Object<OwnerIn>,
    amount: Text<Money>,
    refunded: Text<Money>,
}

impl Object<SourceIn> {
    fn read(&self) -> Result<InvoiceSource, Error> {
        let Self(SourceIn { id, owner, amount, refunded }) = self;
        let (owner, amount, refunded) = (owner.read()?, amount.read()?, refunded.read()?);
        Ok(InvoiceSource { id: id.clone(), owner, amount, refunded })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InvoiceIn {
    id: String,
    owner: Object<OwnerIn>,
    lines: Vec<Object<InvoiceLineIn>>,
    state: Text<InvoiceState>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InvoiceLineIn {
    source: String,
    amount: Text<Money>,
}

impl Object<InvoiceIn> {
    fn read(&self) -> Result<Invoice, Error> {
        let Self(InvoiceIn { id, owner, lines, state }) = self;
        let line = |Object(line): &Object<InvoiceLineIn>| {
            Ok::<_, Error>(InvoiceLine { source: line.source.clone(), amount: line.amount.read()? })
        };
        Ok(Invoice::new(id.clone(), owner.read()?, all_of(lines, line)?)?.in_state(state.read()?))
    }
}

#[derive(Serialize)]
pub(super) struct Drawn {
    /// Whether it is the invoice of an earlier request.
    replay: bool,
    invoice: InvoiceOut,
}

#[derive(Serialize)]
struct InvoiceOut {
    id: String,
    owner: OwnerOut,
    lines: Vec<InvoiceLineOut>,
    amount: Shown<Money>,
    state: Word<InvoiceState>,
    text: String,
}

#[derive(Serialize)]
struct InvoiceLineOut {
    source: String,
    amount: Shown<Money>,
}

impl From<&InvoiceLine> for InvoiceLineOut {
    fn from(line: &InvoiceLine) -> Self {
        Self { source: line.source.clone(), amount: money(line.amount) }
    }
}

impl From<&Invoice> for InvoiceOut {
    fn from(invoice: &Invoice) -> Self {
        Self {
            id: invoice.id().to_owned(),
            owner: invoice.owner().into(),
            lines: invoice.lines().iter().map(InvoiceLineOut::from).collect(),
            amount: money(invoice.amount()),
            state: Word(invoice.state()),
            text: invoice.to_string(),
        }
    }
}

pub(super) fn invoice(input: InvoiceCall) -> Result<Drawn, Error> {
    let from = match input.from {
        FromIn::All => InvoiceFrom::All,
        FromIn::Chosen(ids) => InvoiceFrom::Chosen(ids),
    };
    let request = InvoiceRequest { id: input.id, owner: input.owner.read()?, from };
    let sources = all_of(&input.sources, Object::<SourceIn>::read)?;
    let invoices = all_of(&input.invoices, Object::<InvoiceIn>::read)?;
    Ok(match request.draw(&sources, &invoices)? {
        InvoiceOutcome::New(invoice) => Drawn { replay: false, invoice: (&invoice).into() },
        InvoiceOutcome::Replay(invoice) => Drawn { replay: true, invoice: invoice.into() },
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InvoiceMove {
    invoice: Object<InvoiceIn>,
    event: Text<InvoiceEvent>,
    /// The sources as they are now: compared when it is issued.
    sources: Vec<Object<SourceIn>>,
}

#[derive(Serialize)]
pub(super) struct Moved {
    invoice: InvoiceOut,
}

pub(super) fn invoice_move(input: InvoiceMove) -> Result<Moved, Error> {
    let sources = all_of(&input.sources, Object::<SourceIn>::read)?;
    let moved = input.invoice.read()?.after(input.event.read()?, &sources)?;
    Ok(Moved { invoice: (&moved).into() })
}
