use super::{
    discount::{DiscountsIn, FactsIn, TraceLineOut},
    metering::Of,
    pricing::{CardIn, LineOut, Recomputed},
    text::{Object, PeriodIn, PeriodOut, RoundedOut, Show, Shown, SpecIn, Text, optional},
};
use crate::{
    error::{Error, Language, MeteringError, PricingError, WireError},
    exact::Exact,
    metering::{Kind, Part, QuotaCharge},
    money::{Ratio, Rounding},
    pricing::{
        ExplainedLine, Tariff, Terms,
        discount::{DiscountFacts, Discounts},
        inquiry::{
            Asked, BucketInquiry, OptionalQuote, PartInquiry, PartQuote, PartRequest, PayMode, PeriodInquiry, Portal,
            PortalOrder, PortalRenewal, Quote, RenewBy, ResellerInquiry, Resource, Stock, Term, TermMonths, TermUnit,
            Widget,
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
pub(super) struct TermIn {
    years: Option<u32>,
    months: Option<u32>,
    weeks: Option<u32>,
    days: Option<u32>,
    hours: Option<u32>,
    seconds: Option<u32>,
}

impl Object<TermIn> {
    pub(super) fn read(&self) -> Result<Term, Error> {
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
pub(super) enum MonthsIn {
    #[serde(rename = "fixed_30")]
    Fixed30,
    Calendar(Text<Zone>),
}

impl MonthsIn {
    pub(super) fn read(&self) -> Result<TermMonths, Error> {
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
        let twice = |fault: &str| Err(WireError::BadInput { at: "for".to_owned(), fault: fault.to_owned() }.into());
        match (&self.0.end, &self.0.term) {
            (Some(_), Some(_)) => twice("it has an `end` and a `term`: leave one of them out"),
            (Some(_), None) if months.is_some() => twice("`month` is of a `term`, and it has an `end`: leave it out"),
            (Some(end), None) => Ok(Period::new(start, end.read()?)?),
            (None, Some(term)) => Ok(term.read()?.period(start, months.unwrap_or(TermMonths::Fixed30))?),
            (None, None) => Err(PricingError::NoDuration {}.into()),
        }
    }
}

/// The discounts that are asked, and for whom.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DiscountedIn {
    discounts: DiscountsIn,
    facts: Object<FactsIn>,
}

/// On which terms a quote is made.
struct Agreed {
    rounding: Rounding,
    discounted: Option<(Discounts, DiscountFacts)>,
}

impl Agreed {
    fn read(rounding: &Text<Rounding>, discounted: &Option<Object<DiscountedIn>>) -> Result<Self, Error> {
        let read =
            |Object(given): &Object<DiscountedIn>| Ok::<_, Error>((given.discounts.read()?, given.facts.read()?));
        Ok(Self { rounding: rounding.read()?, discounted: discounted.as_ref().map(read).transpose()? })
    }

    fn terms(&self) -> Terms<'_> {
        match &self.discounted {
            Some((discounts, facts)) => Terms::discounted(discounts, facts, self.rounding),
            None => Terms::list(self.rounding),
        }
    }
}

/// A quote, with its derivation.
#[derive(Serialize)]
pub(super) struct QuoteOut {
    revision: String,
    kind: String,
    at: Shown<Instant>,
    window: PeriodOut,
    count: u32,
    currency: String,
    rounding: String,
    lines: Vec<QuoteLineOut>,
    /// What a limit adds to the subtotals of the lines.
    limit: Shown<Decimal>,
    original: RoundedOut,
    payable: RoundedOut,
    /// Both amounts again, from nothing but the lines.
    recomputed: Recomputed,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_zh: Option<String>,
}

#[derive(Serialize)]
struct QuoteLineOut {
    segment: usize,
    window: PeriodOut,
    part: String,
    unit: String,
    used: Shown<Exact>,
    payable_units: Shown<Exact>,
    price: String,
    price_zh: String,
    original: Shown<Exact>,
    payable: Shown<Exact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    discounts: Option<Vec<TraceLineOut>>,
    /// What is payable, rounded so that the lines add up.
    subtotal: Shown<Decimal>,
}

/// Whether the derivation is wanted as text, too.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum ExplainIn {
    Data,
    Text,
}

impl QuoteOut {
    fn of(quote: &Quote, explain: Option<ExplainIn>) -> Result<Self, Error> {
        let subtotals = quote.subtotals()?;
        let (original, payable) = quote.explain().recompute()?;
        let line = |(line, subtotal): (&ExplainedLine, &Decimal)| {
            let LineOut { segment, window, part, unit, used, payable_units, price, price_zh, original, payable } =
                line.into();
            QuoteLineOut {
                segment,
                window,
                part,
                unit,
                used,
                payable_units,
                price,
                price_zh,
                original,
                payable,
                discounts: line.discount.as_ref().map(|of| of.trace().lines().iter().map(TraceLineOut::from).collect()),
                subtotal: subtotal.shown(),
            }
        };
        let text = |language| (explain == Some(ExplainIn::Text)).then(|| quote.text(language));
        Ok(Self {
            revision: quote.revision().to_string(),
            kind: quote.kind().to_string(),
            at: quote.at().shown(),
            window: quote.window().into(),
            count: quote.count(),
            currency: quote.currency().to_string(),
            rounding: quote.rounding().to_string(),
            lines: quote.lines().iter().zip(&subtotals.lines).map(line).collect(),
            limit: subtotals.limit.shown(),
            original: RoundedOut::of(quote.original_rounded())?,
            payable: RoundedOut::of(quote.payable_rounded())?,
            recomputed: Recomputed::of(original, payable),
            text: text(Language::English),
            text_zh: text(Language::Chinese),
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
    discounted: Option<Object<DiscountedIn>>,
    rounding: Text<Rounding>,
    explain: Option<ExplainIn>,
}

pub(super) fn inquire(input: InquireCall) -> Result<QuoteOut, Error> {
    let window = input.window.read()?;
    let tariff = tariff(&input.card, &input.kind, &input.at, window)?;
    let asked = Asked::new(input.spec.read()?, window).times(input.count.unwrap_or(1))?;
    let agreed = Agreed::read(&input.rounding, &input.discounted)?;
    QuoteOut::of(&tariff.inquire(&asked, agreed.terms())?, input.explain)
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
    discounted: Option<Object<DiscountedIn>>,
    rounding: Text<Rounding>,
    explain: Option<ExplainIn>,
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
    amount: Shown<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtotal: Option<Shown<Decimal>>,
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
    fn of(quote: &PartQuote, explain: Option<ExplainIn>) -> Result<Self, Error> {
        let message = |language| quote.fault().map(|fault| fault.message(language));
        let parts = quote.lines().iter().map(|line| PartOut {
            part: line.request.part.to_string(),
            amount: line.request.amount.shown(),
            subtotal: line.subtotal.as_ref().ok().map(Show::shown),
            error: line.subtotal.as_ref().err().map(LineFault::from),
        });
        Ok(Self {
            status: quote.fault().is_none(),
            message: message(Language::English),
            message_zh: message(Language::Chinese),
            parts: parts.collect(),
            quote: QuoteOut::of(quote.quote(), explain)?,
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
    let agreed = Agreed::read(&input.rounding, &input.discounted)?;
    PartsOut::of(&tariff.inquire_parts(&inquiry, agreed.terms())?, input.explain)
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
#[serde(rename = "ResellerQuote")]
pub(super) struct ResellerOut {
    status: bool,
    message: String,
    total: Shown<Decimal>,
    currency: String,
    subtotals: Vec<Shown<Decimal>>,
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
    let stock = input.stock.as_deref().map(shelves).transpose()?;
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
        total: answer.total.shown(),
        currency: answer.currency,
        subtotals: answer.subtotals.iter().map(Show::shown).collect(),
        line_errors: answer.line_errors,
    })
}

/// How much there is of each part, each once.
fn shelves(rows: &[Object<ShelfIn>]) -> Result<BTreeMap<Part, u64>, Error> {
    let mut stock = BTreeMap::new();
    for Object(ShelfIn { part, amount }) in rows {
        let part = part.read()?;
        let named = part.to_string();
        if stock.insert(part, *amount).is_some() {
            return Err(MeteringError::RepeatedPart { part: named }.into());
        }
    }
    Ok(stock)
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
    explain: Option<ExplainIn>,
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
        let quote = portal.order(&input.kind.read()?, input.spec.read()?, order, input.now.read()?)?;
        QuoteOut::of(&quote, input.explain)
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
    explain: Option<ExplainIn>,
}

pub(super) fn portal_renewal(input: RenewalCall) -> Result<QuoteOut, Error> {
    let term = input.term.as_ref().map(Object::<TermIn>::read).transpose()?;
    let by = RenewBy::from_fields(term, optional(&input.until)?)?;
    let renewal = PortalRenewal { expiry: input.expiry.read()?, by };
    portal(&input.card, &input.prepaid_percent, &input.bucket, |portal| {
        let quote = portal.renew(&input.kind.read()?, input.spec.read()?, renewal, input.now.read()?)?;
        QuoteOut::of(&quote, input.explain)
    })
}

/// A bill of a usage that was metered, on the terms of a quote.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BillCall {
    card: CardIn,
    kind: Text<Kind>,
    at: Option<Text<Instant>>,
    of: Of,
    window: Object<PeriodIn>,
    quota: Option<Text<QuotaCharge>>,
    discounted: Option<Object<DiscountedIn>>,
    rounding: Text<Rounding>,
    explain: Option<ExplainIn>,
}

pub(super) fn bill(input: BillCall) -> Result<Option<QuoteOut>, Error> {
    let window = input.window.read()?;
    let tariff = tariff(&input.card, &input.kind, &input.at, window)?;
    let agreed = Agreed::read(&input.rounding, &input.discounted)?;
    match input.of.usage(window, optional(&input.quota)?.unwrap_or_default())? {
        Some(usage) => Ok(Some(QuoteOut::of(&tariff.bill(&usage, agreed.terms())?, input.explain)?)),
        None => Ok(None),
    }
}

/// An inquiry of a public cloud.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeriodCall {
    card: CardIn,
    kind: Text<Kind>,
    at: Option<Text<Instant>>,
    spec: SpecIn,
    start: Text<Instant>,
    term: Object<TermIn>,
    month: Option<MonthsIn>,
    number: Option<u32>,
    subscriptions: Option<u32>,
    discounted: Option<Object<DiscountedIn>>,
    optional_discounts: Option<DiscountsIn>,
    rounding: Text<Rounding>,
    explain: Option<ExplainIn>,
}

#[derive(Serialize)]
pub(super) struct PeriodQuoteOut {
    official_amount: Shown<Decimal>,
    discount_amount: Shown<Decimal>,
    amount: Shown<Decimal>,
    /// The quote with each optional discount, and no other.
    optional: Vec<OptionalOut>,
    best_offer: Option<String>,
    quote: QuoteOut,
}

#[derive(Serialize)]
#[serde(rename = "PeriodOptional")]
struct OptionalOut {
    rule: String,
    discount_amount: Shown<Decimal>,
    amount: Shown<Decimal>,
}

pub(super) fn inquire_period(input: PeriodCall) -> Result<PeriodQuoteOut, Error> {
    let start = input.start.read()?;
    let tariff = input.card.read()?.tariff(&input.kind.read()?, optional(&input.at)?.unwrap_or(start))?;
    let inquiry = PeriodInquiry {
        term: input.term.read()?,
        months: input.month.as_ref().map_or(Ok(TermMonths::Fixed30), MonthsIn::read)?,
        number: input.number.unwrap_or(1),
        subscriptions: input.subscriptions.unwrap_or(1),
        start,
    };
    let agreed = Agreed::read(&input.rounding, &input.discounted)?;
    let optional = input.optional_discounts.as_ref().map_or(Ok(Discounts::NONE), DiscountsIn::read)?;
    let quote = tariff.inquire_period(&input.spec.read()?, &inquiry, agreed.terms(), &optional)?;
    let option = |offer: &OptionalQuote| OptionalOut {
        rule: offer.rule.to_string(),
        discount_amount: offer.discount.shown(),
        amount: offer.quote.payable().shown(),
    };
    Ok(PeriodQuoteOut {
        official_amount: quote.official().shown(),
        discount_amount: quote.discount().shown(),
        amount: quote.amount().shown(),
        optional: quote.optional().iter().map(option).collect(),
        best_offer: quote.best_offer().map(|offer| offer.rule.to_string()),
        quote: QuoteOut::of(quote.quote(), input.explain)?,
    })
}
