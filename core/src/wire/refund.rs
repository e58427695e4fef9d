use super::{
    funding::FundIn,
    text::{Object, Show, Shown, Text, Word, all_of, money, optional},
    wallet::{CouponIn, PaymentIn, SourceName},
};
use crate::{
    error::Error,
    exact::decimal,
    money::Money,
    time::Instant,
    wallet::{
        CorrectionRefund, Coupon, Destination, Fund, GiveBack, ItemShare, ItemShares, OrderItem, Refund, RefundBooks,
        RefundEvent, RefundLeg, RefundOutcome, RefundRequest, RefundState, Refundable, Refunds, ReturnOrder, Standing,
        refund_of_correction,
    },
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestIn {
    id: String,
    application: String,
    order: String,
    amount: Text<Money>,
    fee: Option<Text<Money>>,
    step: Text<Decimal>,
    returned: Text<ReturnOrder>,
    give_back: GiveBackIn,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum GiveBackIn {
    SameCoupon,
    SameCouponUntil(Text<Instant>),
    BalanceIfExpired,
    Balance,
    RecordedOnly,
    NotCoupons,
}

impl GiveBackIn {
    fn read(&self) -> Result<GiveBack, Error> {
        Ok(match self {
            Self::SameCoupon => GiveBack::SameCoupon,
            Self::SameCouponUntil(until) => GiveBack::SameCouponUntil(until.read()?),
            Self::BalanceIfExpired => GiveBack::BalanceIfExpired,
            Self::Balance => GiveBack::Balance,
            Self::RecordedOnly => GiveBack::RecordedOnly,
            Self::NotCoupons => GiveBack::NotCoupons,
        })
    }
}

impl Object<RequestIn> {
    fn read(&self) -> Result<RefundRequest, Error> {
        let Self(request) = self;
        let amount = request.amount.read()?;
        let nothing = Money::new(decimal::zero(amount.amount().scale()), amount.currency());
        Ok(RefundRequest {
            id: request.id.clone(),
            application: request.application.clone(),
            order: request.order.clone(),
            amount,
            fee: optional(&request.fee)?.unwrap_or(nothing),
            step: request.step.read()?,
            returned: request.returned.read()?,
            give_back: request.give_back.read()?,
        })
    }
}

/// A refund that is kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundIn {
    request: Object<RequestIn>,
    legs: Vec<Object<RefundLegIn>>,
    state: Text<RefundState>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundLegIn {
    source: SourceName,
    amount: Text<Money>,
    to: DestinationIn,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum DestinationIn {
    Source,
    SourceUntil(Text<Instant>),
    Balance,
    Recorded,
}

impl Object<RefundLegIn> {
    fn read(&self) -> Result<RefundLeg, Error> {
        let to = match &self.0.to {
            DestinationIn::Source => Destination::Source,
            DestinationIn::SourceUntil(until) => Destination::SourceUntil(until.read()?),
            DestinationIn::Balance => Destination::Balance,
            DestinationIn::Recorded => Destination::Recorded,
        };
        Ok(RefundLeg::new(self.0.source.read(), self.0.amount.read()?, to)?)
    }
}

impl Object<RefundIn> {
    fn read(&self) -> Result<Refund, Error> {
        let Self(RefundIn { request, legs, state }) = self;
        Ok(Refund::new(request.read()?, all_of(legs, Object::<RefundLegIn>::read)?, state.read()?)?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefundCall {
    payment: Object<PaymentIn>,
    /// Those of the payment so far.
    refunds: Vec<Object<RefundIn>>,
    /// The refund of the same id on another payment, if there is one.
    elsewhere: Option<Object<RefundIn>>,
    /// The coupons that paid, where the policy asks whether they are expired.
    coupons: Option<Vec<Object<CouponIn>>>,
    /// The cash coupons and bonuses that paid, for the same.
    funds: Option<Vec<Object<FundIn>>>,
    request: Object<RequestIn>,
    now: Text<Instant>,
}

#[derive(Serialize)]
pub(super) struct RefundOut {
    outcome: RefundOutcomeOut,
    state: Word<RefundState>,
    amount: Shown<Money>,
    fee: Shown<Money>,
    net: Shown<Money>,
    legs: Vec<RefundLegOut>,
    /// Where each source stands with it.
    sources: Vec<StandingOut>,
    /// What can still be refunded after it.
    left: Shown<Money>,
    /// How it came about; only of a new one.
    text: Option<String>,
}

/// Whether it is new, was asked for before, or is tried again.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum RefundOutcomeOut {
    New,
    Retry,
    Replay,
}

#[derive(Serialize)]
struct RefundLegOut {
    source: SourceName,
    amount: Shown<Money>,
    to: DestinationOut,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum DestinationOut {
    Source,
    SourceUntil(Shown<Instant>),
    Balance,
    Recorded,
}

impl From<&RefundLeg> for RefundLegOut {
    fn from(leg: &RefundLeg) -> Self {
        Self {
            source: leg.source().into(),
            amount: money(leg.amount()),
            to: match leg.to() {
                Destination::Source => DestinationOut::Source,
                Destination::SourceUntil(until) => DestinationOut::SourceUntil(until.shown()),
                Destination::Balance => DestinationOut::Balance,
                Destination::Recorded => DestinationOut::Recorded,
            },
        }
    }
}

#[derive(Serialize)]
struct StandingOut {
    source: SourceName,
    paid: Shown<Money>,
    returned: Shown<Money>,
    left: Shown<Money>,
}

impl StandingOut {
    fn of(standing: &Standing) -> Result<Self, Error> {
        Ok(Self {
            source: standing.source().into(),
            paid: money(standing.paid()),
            returned: money(standing.returned()),
            left: money(standing.left()?),
        })
    }
}

pub(super) fn refund(input: RefundCall) -> Result<RefundOut, Error> {
    let refunds = Refunds::new(input.payment.read()?, all_of(&input.refunds, Object::<RefundIn>::read)?)?;
    let elsewhere = input.elsewhere.map(|elsewhere| elsewhere.read()).transpose()?;
    let coupons: Vec<Coupon> = all_of(input.coupons.as_deref().unwrap_or_default(), Object::<CouponIn>::read)?;
    let funds: Vec<Fund> = all_of(input.funds.as_deref().unwrap_or_default(), Object::<FundIn>::read)?;
    let (request, now) = (input.request.read()?, input.now.read()?);
    let books = RefundBooks { elsewhere: elsewhere.as_ref(), coupons: &coupons, funds: &funds, now };
    let outcome = refunds.plan(&request, &books)?;
    let refund = outcome.refund();
    let (outcome_out, after, text) = match &outcome {
        RefundOutcome::New(plan) => {
            (RefundOutcomeOut::New, refunds.clone().with(refund.clone())?, Some(plan.to_string()))
        }
        RefundOutcome::Retry(_) => (RefundOutcomeOut::Retry, refunds.clone(), None),
        RefundOutcome::Replay(_) => (RefundOutcomeOut::Replay, refunds.clone(), None),
    };
    Ok(RefundOut {
        outcome: outcome_out,
        state: Word(refund.state()),
        amount: money(refund.request().amount),
        fee: money(refund.request().fee),
        net: money(refund.request().net()?),
        legs: refund.legs().iter().map(RefundLegOut::from).collect(),
        sources: all_of(after.standings(), StandingOut::of)?,
        left: money(after.left()?),
        text,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TransitionCall {
    payment: Object<PaymentIn>,
    /// Those of the payment so far.
    refunds: Vec<Object<RefundIn>>,
    /// The id of the one that something happened to.
    id: String,
    event: Text<RefundEvent>,
}

#[derive(Serialize)]
pub(super) struct TransitionOut {
    state: Option<Word<RefundState>>,
    /// Where each source stands after it.
    sources: Vec<StandingOut>,
    /// What can still be refunded.
    left: Shown<Money>,
}

pub(super) fn transition(input: TransitionCall) -> Result<TransitionOut, Error> {
    let refunds = Refunds::new(input.payment.read()?, all_of(&input.refunds, Object::<RefundIn>::read)?)?;
    let after = refunds.after(&input.id, input.event.read()?)?;
    Ok(TransitionOut {
        state: after.refund(&input.id).map(|refund| Word(refund.state())),
        sources: all_of(after.standings(), StandingOut::of)?,
        left: money(after.left()?),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemsCall {
    paid: Text<Money>,
    items: Vec<Object<ItemIn>>,
    step: Text<Decimal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemIn {
    id: String,
    /// Its price, where they differ.
    weight: Option<Text<Decimal>>,
    delivered: bool,
}

impl Object<ItemIn> {
    fn read(&self) -> Result<OrderItem, Error> {
        let Self(ItemIn { id, weight, delivered }) = self;
        let weight = optional(weight)?.unwrap_or(Decimal::ONE);
        Ok(OrderItem { id: id.clone(), weight, delivered: *delivered })
    }
}

#[derive(Serialize)]
pub(super) struct ItemsOut {
    refund: Shown<Money>,
    items: Vec<ItemOut>,
    text: String,
}

#[derive(Serialize)]
struct ItemOut {
    id: String,
    amount: Shown<Money>,
    delivered: bool,
}

impl From<&ItemShare> for ItemOut {
    fn from(share: &ItemShare) -> Self {
        Self { id: share.id().to_owned(), amount: money(share.amount()), delivered: share.delivered() }
    }
}

pub(super) fn items(input: ItemsCall) -> Result<ItemsOut, Error> {
    let items = all_of(&input.items, Object::<ItemIn>::read)?;
    let shares = ItemShares::new(input.paid.read()?, &items, input.step.read()?)?;
    Ok(ItemsOut {
        refund: money(shares.undelivered()),
        items: shares.shares().iter().map(ItemOut::from).collect(),
        text: shares.to_string(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfCorrectionCall {
    /// What is to be given back, above zero: what the correction comes to, without its sign.
    amount: Text<Money>,
    payments: Vec<Object<RefundableIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundableIn {
    order: String,
    paid_at: Text<Instant>,
    left: Text<Money>,
}

impl Object<RefundableIn> {
    fn read(&self) -> Result<Refundable, Error> {
        let Self(RefundableIn { order, paid_at, left }) = self;
        Ok(Refundable { order: order.clone(), paid_at: paid_at.read()?, left: left.read()? })
    }
}

#[derive(Serialize)]
pub(super) struct OfCorrectionOut {
    refunds: Vec<OfPaymentOut>,
}

#[derive(Serialize)]
struct OfPaymentOut {
    order: String,
    amount: Shown<Money>,
}

impl From<&CorrectionRefund> for OfPaymentOut {
    fn from(refund: &CorrectionRefund) -> Self {
        Self { order: refund.order.clone(), amount: money(refund.amount) }
    }
}

pub(super) fn of_correction(input: OfCorrectionCall) -> Result<OfCorrectionOut, Error> {
    let payments = all_of(&input.payments, Object::<RefundableIn>::read)?;
    let refunds = refund_of_correction(input.amount.read()?, &payments)?;
    Ok(OfCorrectionOut { refunds: refunds.iter().map(OfPaymentOut::from).collect() })
}
