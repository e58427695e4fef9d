use super::{
    pricing::{CardIn, LineOut, Recomputed},
    text::{Object, PeriodOut, RoundedOut, SpecIn, Text, optional},
};
use crate::{
    error::{Error, Language, PricingError},
    metering::{Kind, Part},
    money::{Ratio, Rounding},
    pricing::{
        Tariff, Terms,
        inquiry::{
            Asked, BucketInquiry, PartInquiry, PartQuote, PartRequest, PayMode, Portal, PortalOrder, PortalRenewal,
            Quote, RenewBy, ResellerInquiry, Resource, Stock, Term, TermMonths, TermUnit, Widget,
        },
    },
    time::{Instant, Period, Zone},
    units::{Name, Quantity},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// For how long: `{"months": 8}`, `{"days": 2, "hours": 3}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermIn {
    years: Option<u32>,
    months: Option<u32>,
    weeks: Option<u32>,
    days: Option<u32>,
    hours: Option<u32>,
    seconds: Option<u32>,
}

impl Object<TermIn> {
    fn read(&self) -> Result<Term, Error> {
        let TermIn { years, months, weeks, days, hours, seconds } = self.0;
        let mut term = Term::months(months.unwrap_or(0));
        for more in [
            Term::years(years.unwrap_or(0))?,
            Term::weeks(weeks.unwrap_or(0))?,
            Term::days(days.unwrap_or(0))?,
            Term::hours(hours.unwrap_or(0))?,
            Term::seconds(seconds.unwrap_or(0))?,
        ] {
            term = term.and(more)?;
        }
        Ok(term)
    }
}

/// How long a month of a term is: `"fixed_30"`, or `{"calendar": "Asia/Shanghai"}`.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum MonthsIn {
    #[serde(rename = "fixed_30")]
    Fixed30,
    Calendar(Text<Zone>),
}

impl MonthsIn {
    fn read(&self) -> Result<TermMonths, Error> {
        Ok(match self {
            Self::Fixed30 => TermMonths::Fixed30,
            Self::Calendar(zone) => TermMonths::Calendar(zone.read()?),
        })
    }
}

/// For when: a window, or a term from a start on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ForIn {
    start: Text<Instant>,
    end: Option<Text<Instant>>,
    term: Option<Object<TermIn>>,
    month: Option<MonthsIn>,
}

impl Object<ForIn> {
    fn read(&self) -> Result<Period, Error> {
        let (start, months) = (self.0.start.read()?, self.0.month.as_ref().map(MonthsIn::read).transpose()?);
        match (&self.0.end, &self.0.term) {
            (Some(end), None) => Ok(Period::new(start, end.read()?)?),
            (None, Some(term)) => Ok(term.read()?.period(start, months.unwrap_or(TermMonths::Fixed30))?),
            _ => Err(PricingError::NoDuration {}.into()),
        }
    }
}

/// A quote, with its derivation.
#[derive(Serialize)]
pub(super) struct QuoteOut {
    revision: String,
    kind: String,
    at: String,
    window: PeriodOut,
    count: u32,
    currency: String,
    rounding: String,
    lines: Vec<LineOut>,
    /// The lines, rounded so that they add up to what is payable.
    subtotals: Vec<String>,
    /// What a limit adds to their sum.
    limit: String,
    original: RoundedOut,
    payable: RoundedOut,
    /// Both amounts again, from nothing but the lines.
    recomputed: Recomputed,
    text: String,
    text_zh: String,
}

impl QuoteOut {
    pub(super) fn of(quote: &Quote) -> Result<Self, Error> {
        let subtotals = quote.subtotals()?;
        let (original, payable) = quote.explain().recompute()?;
        Ok(Self {
            revision: quote.revision().to_string(),
            kind: quote.kind().to_string(),
            at: quote.at().to_string(),
            window: quote.window().into(),
            count: quote.count(),
            currency: quote.currency().to_string(),
            rounding: quote.rounding().to_string(),
            lines: quote.lines().iter().map(LineOut::from).collect(),
            subtotals: subtotals.lines.iter().map(Decimal::to_string).collect(),
            limit: subtotals.limit.to_string(),
            original: RoundedOut::of(quote.original_rounded())?,
            payable: RoundedOut::of(quote.payable_rounded())?,
            recomputed: Recomputed::of(original, payable),
            text: quote.text(Language::English),
            text_zh: quote.text(Language::Chinese),
        })
    }
}

/// The rates that are asked: of a kind, in force at an instant; where the window begins if it is left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InquireCall {
    card: CardIn,
    kind: Text<Kind>,
    at: Option<Text<Instant>>,
    spec: SpecIn,
    #[serde(rename = "for")]
    window: Object<ForIn>,
    count: Option<u32>,
    rounding: Text<Rounding>,
}

pub(super) fn inquire(input: InquireCall) -> Result<QuoteOut, Error> {
    let window = input.window.read()?;
    let tariff = tariff(&input.card, &input.kind, &input.at, window)?;
    let asked = Asked::new(input.spec.read()?, window).times(input.count.unwrap_or(1))?;
    QuoteOut::of(&tariff.inquire(&asked, Terms::list(input.rounding.read()?))?)
}

fn tariff(card: &CardIn, kind: &Text<Kind>, at: &Option<Text<Instant>>, window: Period) -> Result<Tariff, Error> {
    Ok(card.read()?.tariff(&kind.read()?, optional(at)?.unwrap_or(window.start()))?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartsCall {
    card: CardIn,
    kind: Text<Kind>,
    at: Option<Text<Instant>>,
    parts: Vec<Object<PartIn>>,
    #[serde(rename = "for")]
    window: Object<ForIn>,
    stock: Option<Vec<Object<StockIn>>>,
    cluster: Option<Text<Name>>,
    rounding: Text<Rounding>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartIn {
    part: Text<Part>,
    amount: Text<Quantity>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StockIn {
    part: Text<Part>,
    cluster: Text<Name>,
    amount: Text<Quantity>,
}

/// A quote of parts, line by line.
#[derive(Serialize)]
pub(super) struct PartsOut {
    /// Whether all lines are good.
    status: bool,
    message: Option<String>,
    message_zh: Option<String>,
    parts: Vec<PartOut>,
    quote: QuoteOut,
}

#[derive(Serialize)]
struct PartOut {
    part: String,
    amount: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtotal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<LineFault>,
}

/// What is wrong with a line.
#[derive(Serialize)]
struct LineFault {
    code: &'static str,
    message: String,
    message_zh: String,
}

impl From<&PricingError> for LineFault {
    fn from(fault: &PricingError) -> Self {
        Self {
            code: fault.code(),
            message: fault.message(Language::English),
            message_zh: fault.message(Language::Chinese),
        }
    }
}

impl PartsOut {
    fn of(quote: &PartQuote) -> Result<Self, Error> {
        let message = |language| quote.fault().map(|fault| fault.message(language));
        let parts = quote.lines().iter().map(|line| PartOut {
            part: line.request.part.to_string(),
            amount: line.request.amount.to_string(),
            subtotal: line.subtotal.as_ref().ok().map(Decimal::to_string),
            error: line.subtotal.as_ref().err().map(LineFault::from),
        });
        Ok(Self {
            status: quote.fault().is_none(),
            message: message(Language::English),
            message_zh: message(Language::Chinese),
            parts: parts.collect(),
            quote: QuoteOut::of(quote.quote())?,
        })
    }
}

pub(super) fn inquire_parts(input: PartsCall) -> Result<PartsOut, Error> {
    let window = input.window.read()?;
    let tariff = tariff(&input.card, &input.kind, &input.at, window)?;
    let request = |part: &Object<PartIn>| Ok(PartRequest { part: part.0.part.read()?, amount: part.0.amount.read()? });
    let requests = input.parts.iter().map(request).collect::<Result<Vec<_>, Error>>()?;
    let stocked = |row: &Object<StockIn>| Ok((row.0.part.read()?, row.0.cluster.read()?, row.0.amount.read()?));
    let stock = match &input.stock {
        Some(rows) => Some(Stock::new(rows.iter().map(stocked).collect::<Result<Vec<_>, Error>>()?)?),
        None => None,
    };
    let cluster = optional(&input.cluster)?;
    let mut inquiry = PartInquiry::new(&requests, window);
    if let Some(stock) = &stock {
        inquiry = inquiry.against(stock, cluster.as_ref());
    }
    PartsOut::of(&tariff.inquire_parts(&inquiry, Terms::list(input.rounding.read()?))?)
}

/// An inquiry as the reseller's portal sends it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResellerCall {
    widgets: Vec<Object<WidgetIn>>,
    resources: Vec<Object<ResourceIn>>,
    duration: u32,
    duration_unit: Text<TermUnit>,
    month: Option<MonthsIn>,
    start: Text<Instant>,
    stock: Option<Vec<Object<ShelfIn>>>,
}

/// A part of the centre and its price.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WidgetIn {
    #[serde(rename = "type")]
    part_type: String,
    model: Option<String>,
    unit_price: Text<Decimal>,
    price_unit: String,
    charge_unit: String,
    account_unit: String,
}

/// So much of a part.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceIn {
    #[serde(rename = "type")]
    part_type: String,
    model: Option<String>,
    amount: u64,
    unit: String,
}

/// So much of a part in stock.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShelfIn {
    part: Text<Part>,
    amount: u64,
}

/// A quote in the shape of the reseller's portal.
#[derive(Serialize)]
pub(super) struct ResellerOut {
    status: bool,
    message: String,
    total: String,
    currency: String,
    subtotals: Vec<String>,
    line_errors: BTreeMap<usize, String>,
}

pub(super) fn reseller(input: ResellerCall) -> Result<ResellerOut, Error> {
    let widget = |Object(widget): &Object<WidgetIn>| {
        let WidgetIn { part_type, model, unit_price, price_unit, charge_unit, account_unit } = widget;
        Widget::new(part_type, model.as_deref(), unit_price.read()?, price_unit, charge_unit, account_unit)
    };
    let resource = |Object(resource): &Object<ResourceIn>| {
        Resource::new(&resource.part_type, resource.model.as_deref(), resource.amount, &resource.unit)
    };
    let shelf = |Object(shelf): &Object<ShelfIn>| Ok((shelf.part.read()?, shelf.amount));
    let stock = input.stock.as_ref().map(|rows| rows.iter().map(shelf).collect::<Result<_, Error>>()).transpose()?;
    let inquiry = ResellerInquiry {
        widgets: input.widgets.iter().map(widget).collect::<Result<_, _>>()?,
        resources: input.resources.iter().map(resource).collect::<Result<_, _>>()?,
        duration: input.duration,
        duration_unit: input.duration_unit.read()?,
        months: input.month.as_ref().map_or(Ok(TermMonths::Fixed30), MonthsIn::read)?,
        start: input.start.read()?,
        stock,
    };
    let answer = inquiry.answer()?;
    Ok(ResellerOut {
        status: answer.status,
        message: answer.message,
        total: answer.total.to_string(),
        currency: answer.currency,
        subtotals: answer.subtotals.iter().map(Decimal::to_string).collect(),
        line_errors: answer.line_errors,
    })
}

/// An inquiry of the Django portal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderCall {
    card: CardIn,
    kind: Text<Kind>,
    spec: SpecIn,
    /// What is paid of the original amount, in percent, where it is paid ahead.
    prepaid_percent: Text<Decimal>,
    bucket: Option<BucketIn>,
    term: Option<Object<TermIn>>,
    count: Option<u32>,
    pay: PayIn,
    now: Text<Instant>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum PayIn {
    PrePaid,
    PostPaid,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum BucketIn {
    SameRate,
    Legacy,
}

/// The portal of a card, handed to a reader.
fn portal<O>(
    card: &CardIn,
    percent: &Text<Decimal>,
    bucket: &Option<BucketIn>,
    ask: impl FnOnce(&Portal<'_>) -> Result<O, Error>,
) -> Result<O, Error> {
    let card = card.read()?;
    let portal = Portal::new(&card, Ratio::percent(percent.read()?)?)?;
    ask(&portal.asking_buckets(match bucket {
        Some(BucketIn::Legacy) => BucketInquiry::Legacy,
        Some(BucketIn::SameRate) | None => BucketInquiry::SameRate,
    }))
}

pub(super) fn portal_order(input: OrderCall) -> Result<QuoteOut, Error> {
    let order = PortalOrder {
        term: input.term.as_ref().map(Object::<TermIn>::read).transpose()?,
        count: input.count.unwrap_or(1),
        pay: match input.pay {
            PayIn::PrePaid => PayMode::PrePaid,
            PayIn::PostPaid => PayMode::PostPaid,
        },
    };
    portal(&input.card, &input.prepaid_percent, &input.bucket, |portal| {
        QuoteOut::of(&portal.order(&input.kind.read()?, input.spec.read()?, order, input.now.read()?)?)
    })
}

/// A renewal of the Django portal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RenewalCall {
    card: CardIn,
    kind: Text<Kind>,
    spec: SpecIn,
    prepaid_percent: Text<Decimal>,
    bucket: Option<BucketIn>,
    expiry: Text<Instant>,
    term: Option<Object<TermIn>>,
    until: Option<Text<Instant>>,
    now: Text<Instant>,
}

pub(super) fn portal_renewal(input: RenewalCall) -> Result<QuoteOut, Error> {
    let term = input.term.as_ref().map(Object::<TermIn>::read).transpose()?;
    let by = RenewBy::from_fields(term, optional(&input.until)?)?;
    let renewal = PortalRenewal { expiry: input.expiry.read()?, by };
    portal(&input.card, &input.prepaid_percent, &input.bucket, |portal| {
        QuoteOut::of(&portal.renew(&input.kind.read()?, input.spec.read()?, renewal, input.now.read()?)?)
    })
}
