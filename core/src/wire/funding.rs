use super::{
    text::{Object, Show, Shown, Text, Word, all_of, money, optional},
    wallet::{
        ChargeIn, ChargeOut, FundsIn, LegIn, LegOut, NoticesIn, NoticesOut, OutcomeOut, OwnerIn, PaymentIn, PolicyIn,
        PurposeIn, SourceName, with_funds,
    },
};
use crate::{
    error::Error,
    money::Money,
    time::Instant,
    wallet::{
        Authorisation, Books, CostBasis, Fund, FundKind, FundTerms, FundingOrder, Leg, Lock, LockState, LockStatus,
        LockTerms, Method, Plan, SortKey, SourceKind,
    },
};
use serde::{Deserialize, Serialize};

/// A cash coupon, a card, a bonus or a credit line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FundIn {
    kind: Text<FundKind>,
    id: String,
    owner: Object<OwnerIn>,
    balance: Text<Money>,
    priority: Option<u32>,
    effective: Option<Text<Instant>>,
    expiration: Option<Text<Instant>>,
    created: Text<Instant>,
    basis: Text<CostBasis>,
    /// None named is any.
    units: Option<Vec<String>>,
    order: Option<String>,
    /// The most that one payment takes.
    most: Option<Text<Money>>,
}

impl Object<FundIn> {
    pub(super) fn read(&self) -> Result<Fund, Error> {
        let fund = &self.0;
        Ok(Fund::new(FundTerms {
            kind: fund.kind.read()?,
            id: fund.id.clone(),
            owner: fund.owner.read()?,
            balance: fund.balance.read()?,
            priority: fund.priority,
            effective: optional(&fund.effective)?,
            expiration: optional(&fund.expiration)?,
            created: fund.created.read()?,
            basis: fund.basis.read()?,
            units: fund.units.clone().unwrap_or_default(),
            order: fund.order.clone(),
            most: optional(&fund.most)?,
        })?)
    }
}

/// A lock, as it is kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LockIn {
    charge: Object<ChargeIn>,
    legs: Vec<Object<LegIn>>,
    expires: Text<Instant>,
    status: StatusIn,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum StatusIn {
    Authorised,
    Captured(Text<Money>),
    Voided,
    Expired,
}

impl Object<LockIn> {
    pub(super) fn read(&self) -> Result<Lock, Error> {
        let charge = self.0.charge.read()?;
        let plan = Plan::new(charge.amount, all_of(&self.0.legs, Object::<LegIn>::read)?)?;
        let status = match &self.0.status {
            StatusIn::Authorised => LockStatus::Authorised,
            StatusIn::Captured(amount) => LockStatus::Captured { amount: amount.read()? },
            StatusIn::Voided => LockStatus::Voided,
            StatusIn::Expired => LockStatus::Expired,
        };
        Ok(Lock::new(LockTerms { charge, plan, expires: self.0.expires.read()?, status })?)
    }
}

/// A lock, written as it is read.
#[derive(Serialize)]
pub(super) struct LockOut {
    charge: ChargeOut,
    legs: Vec<HeldOut>,
    expires: Shown<Instant>,
    status: StatusOut,
}

#[derive(Serialize)]
struct HeldOut {
    source: SourceName,
    amount: Shown<Money>,
    before: Shown<Money>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum StatusOut {
    Authorised,
    Captured(Shown<Money>),
    Voided,
    Expired,
}

impl From<&Lock> for LockOut {
    fn from(lock: &Lock) -> Self {
        let leg = |leg: &Leg<'_>| HeldOut {
            source: leg.source().into(),
            amount: money(leg.amount()),
            before: money(leg.before()),
        };
        Self {
            charge: lock.charge().into(),
            legs: lock.legs().iter().map(leg).collect(),
            expires: lock.expires().shown(),
            status: match lock.terms().status {
                LockStatus::Authorised => StatusOut::Authorised,
                LockStatus::Captured { amount } => StatusOut::Captured(money(amount)),
                LockStatus::Voided => StatusOut::Voided,
                LockStatus::Expired => StatusOut::Expired,
            },
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PresetsCall {}

#[derive(Serialize)]
pub(super) struct Preset {
    name: &'static str,
    order: String,
}

pub(super) fn presets(_: PresetsCall) -> Result<Vec<Preset>, Error> {
    let preset = |(name, order): (&'static str, FundingOrder)| Preset { name, order: order.to_string() };
    Ok(FundingOrder::PRESETS.into_iter().map(preset).collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderCall {
    order: Text<FundingOrder>,
}

#[derive(Serialize)]
pub(super) struct OrderOut {
    order: String,
    steps: Vec<StepOut>,
    shortfall: String,
}

#[derive(Serialize)]
struct StepOut {
    kind: Word<SourceKind>,
    keys: Vec<Word<SortKey>>,
}

pub(super) fn order(input: OrderCall) -> Result<OrderOut, Error> {
    let order = input.order.read()?;
    let steps = order.steps().iter();
    let step = |step: &crate::wallet::Step| StepOut {
        kind: Word(step.kind),
        keys: step.keys.iter().copied().map(Word).collect(),
    };
    Ok(OrderOut {
        order: order.to_string(),
        steps: steps.map(step).collect(),
        shortfall: order.shortfall().to_string(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AvailableCall {
    order: Text<FundingOrder>,
    purpose: Object<PurposeIn>,
    funds: Object<FundsIn>,
    now: Text<Instant>,
}

#[derive(Serialize)]
pub(super) struct AvailableOut {
    source: SourceName,
    holds: Shown<Money>,
    kept: Shown<Money>,
    available: Shown<Money>,
}

pub(super) fn available(input: AvailableCall) -> Result<Vec<AvailableOut>, Error> {
    let (order, payer, now) = (input.order.read()?, input.purpose.0.payer.read()?, input.now.read()?);
    let purpose = input.purpose.of(&payer)?;
    with_funds(&input.funds, |funds| {
        let all = funds.available(&order, &purpose, now)?;
        let row = |row: &crate::wallet::Available<'_>| AvailableOut {
            source: (&row.source).into(),
            holds: money(row.holds),
            kept: money(row.kept),
            available: money(row.available),
        };
        Ok(all.iter().map(row).collect())
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthoriseCall {
    charge: Object<ChargeIn>,
    /// The application that the settlement unit belongs to.
    unit_application: Option<String>,
    /// The payment of the same order, if there is one.
    earlier: Option<Object<PaymentIn>>,
    /// With the lock of the same order among its locks, if there is one.
    funds: Object<FundsIn>,
    expires: Text<Instant>,
    now: Text<Instant>,
}

#[derive(Serialize)]
pub(super) struct Authorised {
    outcome: OutcomeOut,
    /// The state of the lock now.
    state: Word<LockState>,
    lock: LockOut,
}

pub(super) fn authorise(input: AuthoriseCall) -> Result<Authorised, Error> {
    let (charge, expires, now) = (input.charge.read()?, input.expires.read()?, input.now.read()?);
    let earlier = input.earlier.map(|earlier| earlier.read()).transpose()?;
    with_funds(&input.funds, |funds| {
        let unit_application = input.unit_application.as_deref();
        let books = Books { unit_application, earlier: earlier.as_ref(), funds };
        let authorisation = charge.authorise(&books, expires, now)?;
        let lock = authorisation.lock();
        Ok(Authorised {
            outcome: match &authorisation {
                Authorisation::New(_) => OutcomeOut::New,
                Authorisation::Replay(_) => OutcomeOut::Replay,
            },
            state: Word(lock.state_at(now)),
            lock: lock.into(),
        })
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaptureCall {
    lock: Object<LockIn>,
    amount: Text<Money>,
    funds: Object<FundsIn>,
    now: Text<Instant>,
}

#[derive(Serialize)]
pub(super) struct Captured {
    lock: LockOut,
    /// What was paid: the charge with the amount that was captured.
    charge: ChargeOut,
    method: Word<Method>,
    legs: Vec<LegOut>,
}

pub(super) fn capture(input: CaptureCall) -> Result<Captured, Error> {
    let (lock, amount, now) = (input.lock.read()?, input.amount.read()?, input.now.read()?);
    with_funds(&input.funds, |funds| {
        let capture = lock.capture(amount, funds, now)?;
        let plan = capture.payment.plan();
        Ok(Captured {
            lock: (&capture.lock).into(),
            charge: capture.payment.charge().into(),
            method: Word(plan.method()),
            legs: plan.legs().iter().map(LegOut::from).collect(),
        })
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LockCall {
    lock: Object<LockIn>,
    now: Text<Instant>,
}

pub(super) fn void(input: LockCall) -> Result<LockOut, Error> {
    Ok((&input.lock.read()?.void(input.now.read()?)?).into())
}

/// Null while it is live.
pub(super) fn expire(input: LockCall) -> Result<Option<LockOut>, Error> {
    let expired = input.lock.read()?.expire(input.now.read()?)?;
    Ok(expired.as_ref().map(LockOut::from))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FundNoticesCall {
    fund: Object<FundIn>,
    policy: Object<PolicyIn>,
    /// Those that were sent already.
    sent: Object<NoticesIn>,
    now: Text<Instant>,
}

pub(super) fn fund_notices(input: FundNoticesCall) -> Result<NoticesOut, Error> {
    let (policy, sent) = (input.policy.read()?, input.sent.read());
    Ok(policy.due_of_fund(&input.fund.read()?, sent, input.now.read()?)?.into())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BalanceNoticesCall {
    balance: Text<Money>,
    policy: Object<PolicyIn>,
    /// Those that were sent already.
    sent: Object<NoticesIn>,
}

#[derive(Serialize)]
pub(super) struct BalanceNotices {
    due: NoticesOut,
    /// What still counts as sent at this balance.
    sent: NoticesOut,
}

pub(super) fn balance_notices(input: BalanceNoticesCall) -> Result<BalanceNotices, Error> {
    let (balance, policy, sent) = (input.balance.read()?, input.policy.read()?, input.sent.read());
    let due = policy.due_of_balance(balance, sent)?;
    Ok(BalanceNotices { due: due.into(), sent: policy.still_sent(balance, sent)?.into() })
}
