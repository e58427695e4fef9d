use super::{
    inquiry::{MonthsIn, TermIn},
    metering::{SpanIn, history},
    text::{Object, PeriodOut, Show, Shown, Text, Word, all_of, money, null_as_default, optional},
};
use crate::{
    error::{Error, Language},
    exact::decimal,
    metering::{ChargeMode, Span},
    money::Money,
    order::{
        AccountFunds, AfterTerm, AutoRenew, Conversion, CycleLength, DeliveryEvent, Dunning, DunningAction,
        DunningFacts, DunningReason, DunningStep, Expiring, Expiry, ExpiryDays, ExpiryPolicy, ExpiryState, Extension,
        ItemStatus, Machine, MachineName, MayStart, Order, OrderEvent, OrderKind, OrderState, OrderStatus, OrderType,
        Paid, PaymentWindow, PlanOrder, PlanState, Refunded, Renewal, Scaled, StartGate, TradingStatus, Vendor,
        VendorWords, to_pre_paid,
    },
    pricing::inquiry::TermMonths,
    time::{Instant, Zone},
    units::Quantity,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableCall {
    table: Text<MachineName>,
}

#[derive(Serialize)]
pub(super) struct TableOut {
    states: Vec<&'static str>,
    last: Vec<&'static str>,
    transitions: Vec<TransitionOut>,
}

#[derive(Serialize)]
struct TransitionOut {
    from: &'static str,
    event: &'static str,
    to: &'static str,
}

pub(super) fn transitions(input: TableCall) -> Result<TableOut, Error> {
    let table = input.table.read()?.table();
    let rows = table.rows.iter().map(|row| TransitionOut { from: row.from, event: row.event, to: row.to });
    Ok(TableOut { transitions: rows.collect(), states: table.states, last: table.last })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveCall {
    table: Text<MachineName>,
    from: String,
    event: String,
}

#[derive(Serialize)]
pub(super) struct Moved {
    to: &'static str,
}

pub(super) fn moved(input: MoveCall) -> Result<Moved, Error> {
    Ok(Moved { to: input.table.read()?.after(&input.from, &input.event)? })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefundedIn {
    paid: Text<Money>,
    given_back: Text<Money>,
}

#[derive(Serialize)]
pub(super) struct RefundEnded {
    event: Word<OrderEvent>,
    status: Word<OrderStatus>,
}

pub(super) fn refund_ended(input: RefundedIn) -> Result<RefundEnded, Error> {
    let refunded = Refunded { paid: input.paid.read()?, given_back: input.given_back.read()? };
    let event = OrderEvent::refund_ended(refunded)?;
    Ok(RefundEnded { event: Word(event), status: Word(OrderStatus::Refunding.after(event)?) })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeliverCall {
    #[serde(rename = "type")]
    order_type: Text<OrderType>,
    status: Text<OrderStatus>,
    items: Vec<Text<ItemStatus>>,
    deliveries: Vec<Object<DeliveryIn>>,
    /// What was paid, to see what of it comes back.
    payment: Option<Object<PaymentIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaymentIn {
    paid: Text<Money>,
    weights: Vec<Text<Decimal>>,
    step: Text<Decimal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeliveryIn {
    item: usize,
    event: Text<DeliveryEvent>,
}

#[derive(Serialize)]
pub(super) struct Delivered {
    items: Vec<Word<ItemStatus>>,
    trading: Word<TradingStatus>,
    undelivered: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comes_back: Option<Shown<Money>>,
}

pub(super) fn deliver(input: DeliverCall) -> Result<Delivered, Error> {
    let items = all_of(&input.items, Text::read)?;
    let mut order = Order::stored(input.order_type.read()?, input.status.read()?, items)?;
    for Object(delivery) in &input.deliveries {
        order = order.deliver(delivery.item, delivery.event.read()?)?;
    }
    let comes_back = input.payment.as_ref().map(|Object(payment)| {
        let weights = all_of(&payment.weights, Text::read)?;
        let shares = order.shares(payment.paid.read()?, &weights, payment.step.read()?)?;
        Ok::<_, Error>(money(shares.undelivered()))
    });
    Ok(Delivered {
        comes_back: comes_back.transpose()?,
        items: order.items().iter().copied().map(Word).collect(),
        trading: Word(order.trading()),
        undelivered: order.undelivered(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TimeoutCall {
    status: Text<OrderStatus>,
    created: Text<Instant>,
    length_s: u32,
    now: Text<Instant>,
}

#[derive(Serialize)]
pub(super) struct Timed {
    status: Word<OrderStatus>,
    until: Shown<Instant>,
}

pub(super) fn timeout(input: TimeoutCall) -> Result<Timed, Error> {
    let status = input.status.read()?;
    let window = PaymentWindow::new(input.created.read()?, input.length_s)?;
    Ok(Timed { status: Word(window.status(status, input.now.read()?)), until: window.until().shown() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeadlinesCall {
    start: Text<Instant>,
    cycle: Text<CycleLength>,
    zone: Text<Zone>,
    count: u32,
}

#[derive(Serialize)]
pub(super) struct Deadlines {
    deadlines: Vec<Shown<Instant>>,
}

pub(super) fn plan_deadlines(input: DeadlinesCall) -> Result<Deadlines, Error> {
    let order = PlanOrder::new(input.start.read()?, input.cycle.read()?, input.zone.read()?)?;
    Ok(Deadlines { deadlines: order.deadlines(input.count)?.iter().map(Show::shown).collect() })
}

/// A plan order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanIn {
    start: Text<Instant>,
    cycle: Text<CycleLength>,
    zone: Text<Zone>,
    state: Text<PlanState>,
    renewals: u32,
}

impl Object<PlanIn> {
    fn read(&self) -> Result<PlanOrder, Error> {
        let Self(PlanIn { start, cycle, zone, state, renewals }) = self;
        Ok(PlanOrder::new(start.read()?, cycle.read()?, zone.read()?)?.stored(state.read()?, *renewals))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RenewCall {
    order: Object<PlanIn>,
    asked: u32,
}

#[derive(Serialize)]
pub(super) struct Renewed {
    renewed: bool,
    renewals: u32,
    deadline: Shown<Instant>,
}

pub(super) fn renew(input: RenewCall) -> Result<Renewed, Error> {
    let order = input.order.read()?;
    let (renewed, order) = match order.renew(input.asked)? {
        Renewal::Renewed(order) => (true, order),
        Renewal::Stale { .. } => (false, order),
    };
    Ok(Renewed { renewed, renewals: order.renewals(), deadline: order.deadline()?.shown() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DunningCall {
    policy: PolicyIn,
    orders: Vec<Object<FactsIn>>,
    accounts: Vec<Object<AccountIn>>,
    now: Text<Instant>,
}

/// `"usage"`, or its numbers.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum PolicyIn {
    Usage,
    Own { opens_days: u32, grace_days: u32, warn_every_hours: u32, most_retries: u32 },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactsIn {
    id: String,
    order: Object<PlanIn>,
    auto_renew: bool,
    price: Text<Money>,
    account: String,
    last_warned: Option<Text<Instant>>,
    #[serde(default, deserialize_with = "null_as_default")]
    retries: u32,
}

impl Object<FactsIn> {
    fn read(&self) -> Result<DunningFacts, Error> {
        let Self(facts) = self;
        Ok(DunningFacts {
            id: facts.id.clone(),
            order: facts.order.read()?,
            auto_renew: if facts.auto_renew { AutoRenew::On } else { AutoRenew::Off },
            price: facts.price.read()?,
            account: facts.account.clone(),
            last_warned: optional(&facts.last_warned)?,
            retries: facts.retries,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountIn {
    account: String,
    usable: Text<Money>,
}

#[derive(Serialize)]
pub(super) struct Steps {
    steps: Vec<StepOut>,
}

#[derive(Serialize)]
struct StepOut {
    id: String,
    action: Word<DunningAction>,
    reason: DunningReasonOut,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Shown<Money>>,
    renewals: u32,
    opens: Shown<Instant>,
    deadline: Shown<Instant>,
    ends: Shown<Instant>,
    look_again: Option<Shown<Instant>>,
    text: String,
    text_zh: String,
}

/// Why a step is due.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum DunningReasonOut {
    NotStarted,
    Over,
    NotOpen,
    Funded,
    FundsShort,
    AutoRenewOff,
    RetriesUsedUp,
}

impl From<DunningReason> for DunningReasonOut {
    fn from(reason: DunningReason) -> Self {
        match reason {
            DunningReason::NotStarted => Self::NotStarted,
            DunningReason::Over => Self::Over,
            DunningReason::NotOpen => Self::NotOpen,
            DunningReason::Funded { .. } => Self::Funded,
            DunningReason::FundsShort { .. } => Self::FundsShort,
            DunningReason::AutoRenewOff => Self::AutoRenewOff,
            DunningReason::RetriesUsedUp { .. } => Self::RetriesUsedUp,
        }
    }
}

impl From<&DunningStep> for StepOut {
    fn from(step: &DunningStep) -> Self {
        let missing = match step.reason() {
            DunningReason::FundsShort { missing, .. } => Some(money(missing)),
            _ => None,
        };
        Self {
            id: step.id().to_owned(),
            action: Word(step.action()),
            reason: step.reason().into(),
            missing,
            renewals: step.renewals(),
            opens: step.opens().shown(),
            deadline: step.deadline().shown(),
            ends: step.ends().shown(),
            look_again: step.look_again().map(|at| at.shown()),
            text: step.text(Language::English),
            text_zh: step.text(Language::Chinese),
        }
    }
}

pub(super) fn dunning(input: DunningCall) -> Result<Steps, Error> {
    let policy = match input.policy {
        PolicyIn::Usage => Dunning::USAGE,
        PolicyIn::Own { opens_days, grace_days, warn_every_hours, most_retries } => {
            Dunning { opens_days, grace_days, warn_every_hours, most_retries }
        }
    };
    let orders = all_of(&input.orders, Object::<FactsIn>::read)?;
    let accounts = all_of(&input.accounts, |Object(of)| {
        Ok(AccountFunds { account: of.account.clone(), usable: of.usable.read()? })
    })?;
    let steps = policy.steps(&orders, &accounts, input.now.read()?)?;
    Ok(Steps { steps: steps.iter().map(StepOut::from).collect() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpiryCall {
    policy: Object<ExpiryDaysIn>,
    things: Vec<Object<ExpiringIn>>,
    now: Text<Instant>,
    zone: Text<Zone>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpiryDaysIn {
    warn_before: u32,
    freeze_after: u32,
    release_after: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpiringIn {
    id: String,
    expiry: Text<Instant>,
}

#[derive(Serialize)]
pub(super) struct ExpiryList {
    list: Vec<ExpiryOut>,
}

#[derive(Serialize)]
struct ExpiryOut {
    id: String,
    state: Word<ExpiryState>,
    days_left: i64,
    warned: Shown<Instant>,
    expires: Shown<Instant>,
    frozen: Shown<Instant>,
    released: Shown<Instant>,
    next: Option<Shown<Instant>>,
}

impl From<Expiry> for ExpiryOut {
    fn from(of: Expiry) -> Self {
        Self {
            id: of.id,
            state: Word(of.state),
            days_left: of.days_left,
            warned: of.warned.shown(),
            expires: of.expires.shown(),
            frozen: of.frozen.shown(),
            released: of.released.shown(),
            next: of.next.map(|next| next.shown()),
        }
    }
}

pub(super) fn expiry(input: ExpiryCall) -> Result<ExpiryList, Error> {
    let Object(ExpiryDaysIn { warn_before, freeze_after, release_after }) = input.policy;
    let policy = ExpiryPolicy::new(ExpiryDays { warn_before, freeze_after, release_after })?;
    let things =
        all_of(&input.things, |Object(thing)| Ok(Expiring { id: thing.id.clone(), expiry: thing.expiry.read()? }))?;
    let list = policy.list(&things, input.now.read()?, input.zone.read()?)?;
    Ok(ExpiryList { list: list.into_iter().map(ExpiryOut::from).collect() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MayStartCall {
    standing: StartGateIn,
    now: Text<Instant>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum StartGateIn {
    PrePaid { expiry: Text<Instant> },
    PostPaid { balance: Text<Money>, coupons: Text<Money> },
}

#[derive(Serialize)]
pub(super) struct MayStartOut {
    may_start: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    expired_since: Option<Shown<Instant>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    debt: Option<Shown<Money>>,
}

pub(super) fn may_start(input: MayStartCall) -> Result<MayStartOut, Error> {
    let standing = match input.standing {
        StartGateIn::PrePaid { expiry } => StartGate::PrePaid { expiry: expiry.read()? },
        StartGateIn::PostPaid { balance, coupons } => {
            StartGate::PostPaid { balance: balance.read()?, coupons: coupons.read()? }
        }
    };
    let (may_start, expired_since, debt) = match standing.may_start(input.now.read()?)? {
        MayStart::Yes => (true, None, None),
        MayStart::Expired { since } => (false, Some(since.shown()), None),
        MayStart::InDebt { debt } => (false, None, Some(money(debt))),
    };
    Ok(MayStartOut { may_start, expired_since, debt })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConvertCall {
    spans: Vec<Object<SpanIn>>,
    at: Text<Instant>,
    term: Object<TermIn>,
    month: Option<MonthsIn>,
    arrears: Option<Text<Money>>,
    then: ThenIn,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ThenIn {
    PrePaid,
    PostPaid,
}

#[derive(Serialize)]
pub(super) struct ConvertedOut {
    spans: Vec<SpanOut>,
    paid_ahead: PeriodOut,
}

#[derive(Serialize)]
struct SpanOut {
    start: Shown<Instant>,
    end: Option<Shown<Instant>>,
    mode: Word<ChargeMode>,
    spec: BTreeMap<String, Shown<Quantity>>,
}

impl From<&Span> for SpanOut {
    fn from(span: &Span) -> Self {
        Self {
            start: span.start().shown(),
            end: span.end().map(|end| end.shown()),
            mode: Word(span.mode()),
            spec: span.spec().parts().map(|(part, quantity)| (part.to_string(), quantity.shown())).collect(),
        }
    }
}

pub(super) fn convert(input: ConvertCall) -> Result<ConvertedOut, Error> {
    let history = history(&input.spans)?;
    let conversion = Conversion {
        at: input.at.read()?,
        term: input.term.read()?,
        months: months(input.month.as_ref())?,
        arrears: optional(&input.arrears)?,
        then: match input.then {
            ThenIn::PrePaid => AfterTerm::PrePaid,
            ThenIn::PostPaid => AfterTerm::PostPaid,
        },
    };
    let converted = to_pre_paid(&history, &conversion)?;
    let spans = converted.history().spans().iter().map(SpanOut::from).collect();
    Ok(ConvertedOut { spans, paid_ahead: converted.paid_ahead().into() })
}

fn months(month: Option<&MonthsIn>) -> Result<TermMonths, Error> {
    month.map_or(Ok(TermMonths::Fixed30), MonthsIn::read)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtendCall {
    until: Text<Instant>,
    now: Text<Instant>,
    term: Object<TermIn>,
    month: Option<MonthsIn>,
}

#[derive(Serialize)]
pub(super) struct Extended {
    period: PeriodOut,
    lapsed: bool,
}

pub(super) fn extend(input: ExtendCall) -> Result<Extended, Error> {
    let paid = Paid { until: input.until.read()?, now: input.now.read()? };
    let extension = Extension::by(paid, input.term.read()?, months(input.month.as_ref())?)?;
    Ok(Extended { period: extension.period().into(), lapsed: extension.lapsed() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScaledCall {
    amount: Text<Decimal>,
}

/// Text, since some languages read a large number as a binary float.
#[derive(Serialize)]
pub(super) struct ScaledOut {
    stored: Shown<u128>,
}

pub(super) fn scaled(input: ScaledCall) -> Result<ScaledOut, Error> {
    Ok(ScaledOut { stored: Scaled::of(input.amount.read()?)?.stored().shown() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnscaledCall {
    stored: Text<Decimal>,
}

#[derive(Serialize)]
pub(super) struct UnscaledOut {
    amount: Shown<Decimal>,
}

pub(super) fn unscaled(input: UnscaledCall) -> Result<UnscaledOut, Error> {
    // What is stored is the number of ten-thousandths: as an amount it is that many × 0.0001.
    let amount = decimal::multiply(input.stored.read()?, Decimal::new(1, 4))?;
    Ok(UnscaledOut { amount: Scaled::of(amount)?.amount().shown() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VendorCall {
    vendor: VendorIn,
    kind: Option<String>,
    state: Option<String>,
}

/// A vendor that is known, or a table of one's own.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum VendorIn {
    Known(Text<Vendor>),
    Own { name: String, kinds: Vec<Object<KindWordIn>>, states: Vec<Object<StateWordIn>> },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindWordIn {
    word: String,
    means: Text<OrderKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StateWordIn {
    word: String,
    means: Text<OrderState>,
}

#[derive(Serialize)]
pub(super) struct Meant {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Word<OrderKind>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<Word<OrderState>>,
}

pub(super) fn vendor_word(input: VendorCall) -> Result<Meant, Error> {
    let words = match input.vendor {
        VendorIn::Known(vendor) => VendorWords::of(vendor.read()?),
        VendorIn::Own { name, kinds, states } => {
            let kinds = all_of(&kinds, |Object(row)| Ok((row.word.clone(), row.means.read()?)))?;
            let states = all_of(&states, |Object(row)| Ok((row.word.clone(), row.means.read()?)))?;
            VendorWords::new(name, kinds, states)?
        }
    };
    let kind = input.kind.map(|word| words.kind(&word)).transpose()?;
    let state = input.state.map(|word| words.state(&word)).transpose()?;
    Ok(Meant { kind: kind.map(Word), state: state.map(Word) })
}
