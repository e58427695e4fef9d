use super::{
    funding::{FundIn, LockIn},
    text::{Object, Show, Shown, Text, Word, all_of, money, optional},
};
use crate::{
    error::Error,
    money::{Currency, Money},
    time::Instant,
    wallet::{
        Books, Category, Charge, Coupon, CouponStatus, CouponTerms, Coupons, Funding, FundingOrder, Funds, Leg, Method,
        NoticePolicy, Notices, Outcome, Owner, OwnerKind, Payment, Plan, Purpose, Redemption, Scope, Source,
    },
};
use serde::{Deserialize, Serialize};

/// Who pays, or holds a coupon.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnerIn {
    kind: Text<OwnerKind>,
    id: String,
}

impl Object<OwnerIn> {
    pub(super) fn read(&self) -> Result<Owner, Error> {
        Ok(Owner::new(self.0.kind.read()?, self.0.id.clone()))
    }
}

/// Who pays, written.
#[derive(Serialize)]
pub(super) struct OwnerOut {
    kind: Word<OwnerKind>,
    id: String,
}

impl From<&Owner> for OwnerOut {
    fn from(owner: &Owner) -> Self {
        Self { kind: Word(owner.kind()), id: owner.id().to_owned() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CouponIn {
    id: String,
    face_value: Text<Money>,
    balance: Text<Money>,
    status: Text<CouponStatus>,
    effective: Text<Instant>,
    expiration: Text<Instant>,
    created: Text<Instant>,
    owner: Option<Object<OwnerIn>>,
    unit: Option<String>,
    scope: ScopeIn,
    category: Text<Category>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ScopeIn {
    Unit,
    Order(String),
}

impl Object<CouponIn> {
    pub(super) fn read(&self) -> Result<Coupon, Error> {
        let coupon = &self.0;
        Ok(Coupon::new(CouponTerms {
            id: coupon.id.clone(),
            face_value: coupon.face_value.read()?,
            balance: coupon.balance.read()?,
            status: coupon.status.read()?,
            effective: coupon.effective.read()?,
            expiration: coupon.expiration.read()?,
            created: coupon.created.read()?,
            owner: coupon.owner.as_ref().map(Object::<OwnerIn>::read).transpose()?,
            unit: coupon.unit.clone(),
            scope: match &coupon.scope {
                ScopeIn::Unit => Scope::Unit,
                ScopeIn::Order(order) => Scope::Order(order.clone()),
            },
            category: coupon.category.read()?,
        })?)
    }
}

#[derive(Serialize)]
pub(super) struct CouponOut {
    id: String,
    face_value: Shown<Money>,
    balance: Shown<Money>,
    status: Word<CouponStatus>,
    effective: Shown<Instant>,
    expiration: Shown<Instant>,
    created: Shown<Instant>,
    owner: Option<OwnerOut>,
    unit: Option<String>,
    scope: ScopeOut,
    category: Word<Category>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ScopeOut {
    Unit,
    Order(String),
}

impl From<&Coupon> for CouponOut {
    fn from(coupon: &Coupon) -> Self {
        let terms = coupon.terms();
        Self {
            id: terms.id.clone(),
            face_value: money(terms.face_value),
            balance: money(terms.balance),
            status: Word(terms.status),
            effective: terms.effective.shown(),
            expiration: terms.expiration.shown(),
            created: terms.created.shown(),
            owner: terms.owner.as_ref().map(OwnerOut::from),
            unit: terms.unit.clone(),
            scope: match &terms.scope {
                Scope::Unit => ScopeOut::Unit,
                Scope::Order(order) => ScopeOut::Order(order.clone()),
            },
            category: Word(terms.category),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChargeIn {
    application: String,
    order: String,
    unit: String,
    payer: Object<OwnerIn>,
    amount: Text<Money>,
    coupons: CouponsIn,
    funding: FundingIn,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum CouponsIn {
    Automatic,
    Named(Vec<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum FundingIn {
    CouponsOnly,
    EnoughFunds,
    Overdraft {
        limit: Option<Text<Money>>,
    },
    Debt,
    /// As text, or the name of a preset.
    Order(Text<FundingOrder>),
}

impl Object<ChargeIn> {
    pub(super) fn read(&self) -> Result<Charge, Error> {
        let charge = &self.0;
        Ok(Charge {
            application: charge.application.clone(),
            order: charge.order.clone(),
            unit: charge.unit.clone(),
            payer: charge.payer.read()?,
            amount: charge.amount.read()?,
            coupons: match &charge.coupons {
                CouponsIn::Automatic => Coupons::Automatic,
                CouponsIn::Named(ids) => Coupons::Named(ids.clone()),
            },
            funding: match &charge.funding {
                FundingIn::CouponsOnly => Funding::CouponsOnly,
                FundingIn::EnoughFunds => Funding::EnoughFunds,
                FundingIn::Overdraft { limit } => Funding::Overdraft { limit: optional(limit)? },
                FundingIn::Debt => Funding::Debt,
                FundingIn::Order(order) => Funding::Order(order.read()?),
            },
        })
    }
}

/// A charge, written as it is read.
#[derive(Serialize)]
pub(super) struct ChargeOut {
    application: String,
    order: String,
    unit: String,
    payer: OwnerOut,
    amount: Shown<Money>,
    coupons: CouponsOut,
    funding: FundingOut,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum CouponsOut {
    Automatic,
    Named(Vec<String>),
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum FundingOut {
    CouponsOnly,
    EnoughFunds,
    Overdraft(OverdraftOut),
    Debt,
    Order(String),
}

#[derive(Serialize)]
struct OverdraftOut {
    limit: Option<Shown<Money>>,
}

impl From<&Charge> for ChargeOut {
    fn from(charge: &Charge) -> Self {
        Self {
            application: charge.application.clone(),
            order: charge.order.clone(),
            unit: charge.unit.clone(),
            payer: (&charge.payer).into(),
            amount: money(charge.amount),
            coupons: match &charge.coupons {
                Coupons::Automatic => CouponsOut::Automatic,
                Coupons::Named(ids) => CouponsOut::Named(ids.clone()),
            },
            funding: match &charge.funding {
                Funding::CouponsOnly => FundingOut::CouponsOnly,
                Funding::EnoughFunds => FundingOut::EnoughFunds,
                Funding::Overdraft { limit } => FundingOut::Overdraft(OverdraftOut { limit: limit.map(money) }),
                Funding::Debt => FundingOut::Debt,
                Funding::Order(order) => FundingOut::Order(order.to_string()),
            },
        }
    }
}

/// What a payer has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FundsIn {
    balance: Text<Money>,
    debt: Option<Text<Money>>,
    coupons: Vec<Object<CouponIn>>,
    /// Cash coupons, cards, bonuses, credit lines.
    others: Option<Vec<Object<FundIn>>>,
    locks: Option<Vec<Object<LockIn>>>,
}

/// Hands the funds to a reader.
pub(super) fn with_funds<O>(
    funds: &Object<FundsIn>,
    answer: impl Fn(&Funds<'_>) -> Result<O, Error>,
) -> Result<O, Error> {
    let Object(FundsIn { balance, debt, coupons, others, locks }) = funds;
    let (balance, debt) = (balance.read()?, optional(debt)?);
    let coupons = all_of(coupons, Object::<CouponIn>::read)?;
    let others = all_of(others.as_deref().unwrap_or_default(), Object::<FundIn>::read)?;
    let locks = all_of(locks.as_deref().unwrap_or_default(), Object::<LockIn>::read)?;
    let funds = Funds::new(balance, &coupons)?.with(&others)?.with_locks(&locks)?;
    match debt {
        Some(debt) => answer(&funds.owing(debt)?),
        None => answer(&funds),
    }
}

/// A payment that was made before.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PaymentIn {
    charge: Object<ChargeIn>,
    legs: Vec<Object<LegIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LegIn {
    source: SourceName,
    amount: Text<Money>,
    before: Text<Money>,
}

/// What a leg takes from.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SourceName {
    Coupon(String),
    CashCoupon(String),
    StoredCard(String),
    Bonus(String),
    Balance,
    Credit(String),
    Debt,
}

impl SourceName {
    pub(super) fn read(&self) -> Source<'static> {
        match self {
            Self::Coupon(id) => Source::Coupon(id.clone().into()),
            Self::CashCoupon(id) => Source::CashCoupon(id.clone().into()),
            Self::StoredCard(id) => Source::StoredCard(id.clone().into()),
            Self::Bonus(id) => Source::Bonus(id.clone().into()),
            Self::Balance => Source::Balance,
            Self::Credit(id) => Source::Credit(id.clone().into()),
            Self::Debt => Source::Debt,
        }
    }
}

impl From<&Source<'_>> for SourceName {
    fn from(source: &Source<'_>) -> Self {
        match source {
            Source::Coupon(id) => Self::Coupon(id.to_string()),
            Source::CashCoupon(id) => Self::CashCoupon(id.to_string()),
            Source::StoredCard(id) => Self::StoredCard(id.to_string()),
            Source::Bonus(id) => Self::Bonus(id.to_string()),
            Source::Balance => Self::Balance,
            Source::Credit(id) => Self::Credit(id.to_string()),
            Source::Debt => Self::Debt,
        }
    }
}

impl Object<LegIn> {
    pub(super) fn read(&self) -> Result<Leg<'static>, Error> {
        Ok(Leg::new(self.0.source.read(), self.0.amount.read()?, self.0.before.read()?)?)
    }
}

impl Object<PaymentIn> {
    pub(super) fn read(&self) -> Result<Payment, Error> {
        let charge = self.0.charge.read()?;
        let plan = Plan::new(charge.amount, all_of(&self.0.legs, Object::<LegIn>::read)?)?;
        Ok(Payment::new(charge, plan)?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanCall {
    charge: Object<ChargeIn>,
    /// The application that the settlement unit belongs to.
    unit_application: Option<String>,
    /// The payment of the same order, if there is one.
    earlier: Option<Object<PaymentIn>>,
    funds: Object<FundsIn>,
    now: Text<Instant>,
}

#[derive(Serialize)]
pub(super) struct Planned {
    outcome: OutcomeOut,
    amount: Shown<Money>,
    method: Word<Method>,
    from_coupons: Shown<Money>,
    from_account: Shown<Money>,
    legs: Vec<LegOut>,
}

/// Whether it is new, or that of an earlier call.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OutcomeOut {
    New,
    Replay,
}

#[derive(Serialize)]
pub(super) struct LegOut {
    source: SourceName,
    amount: Shown<Money>,
    before: Shown<Money>,
    after: Shown<Money>,
}

impl From<&Leg<'_>> for LegOut {
    fn from(leg: &Leg<'_>) -> Self {
        Self {
            source: leg.source().into(),
            amount: money(leg.amount()),
            before: money(leg.before()),
            after: money(leg.after()),
        }
    }
}

pub(super) fn plan(input: PlanCall) -> Result<Planned, Error> {
    let (charge, now) = (input.charge.read()?, input.now.read()?);
    let earlier = input.earlier.map(|earlier| earlier.read()).transpose()?;
    with_funds(&input.funds, |funds| {
        let unit_application = input.unit_application.as_deref();
        let outcome = charge.plan(&Books { unit_application, earlier: earlier.as_ref(), funds }, now)?;
        let plan = outcome.plan();
        Ok(Planned {
            outcome: match &outcome {
                Outcome::New(_) => OutcomeOut::New,
                Outcome::Replay(_) => OutcomeOut::Replay,
            },
            amount: money(plan.amount()),
            method: Word(plan.method()),
            from_coupons: money(plan.from_coupons()),
            from_account: money(plan.from_account()),
            legs: plan.legs().iter().map(LegOut::from).collect(),
        })
    })
}

/// What is to be paid for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PurposeIn {
    pub(super) payer: Object<OwnerIn>,
    unit: String,
    order: Option<String>,
    currency: Text<Currency>,
}

impl Object<PurposeIn> {
    pub(super) fn of<'a>(&'a self, payer: &'a Owner) -> Result<Purpose<'a>, Error> {
        let Self(PurposeIn { payer: _, unit, order, currency }) = self;
        Ok(Purpose { payer, unit, order: order.as_deref(), currency: currency.read()? })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UsableFunds {
    purpose: Object<PurposeIn>,
    funds: Object<FundsIn>,
    now: Text<Instant>,
}

#[derive(Serialize)]
pub(super) struct Usable {
    usable: Shown<Money>,
}

pub(super) fn usable_funds(input: UsableFunds) -> Result<Usable, Error> {
    let (payer, now) = (input.purpose.0.payer.read()?, input.now.read()?);
    let purpose = input.purpose.of(&payer)?;
    with_funds(&input.funds, |funds| Ok(Usable { usable: money(funds.usable(&purpose, now)?) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HasEnough {
    needed: Text<Money>,
    purpose: Object<PurposeIn>,
    funds: Object<FundsIn>,
    now: Text<Instant>,
}

#[derive(Serialize)]
pub(super) struct Enough {
    enough: bool,
}

pub(super) fn has_enough(input: HasEnough) -> Result<Enough, Error> {
    let (needed, payer, now) = (input.needed.read()?, input.purpose.0.payer.read()?, input.now.read()?);
    let purpose = input.purpose.of(&payer)?;
    with_funds(&input.funds, |funds| Ok(Enough { enough: funds.has_enough(needed, &purpose, now)? }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Redeem {
    coupon: Object<CouponIn>,
    by: Object<OwnerIn>,
    /// The code that was typed in.
    presented: String,
    /// The code that the coupon has.
    code: String,
}

#[derive(Serialize)]
pub(super) struct Redeemed {
    coupon: CouponOut,
}

pub(super) fn redeem(input: Redeem) -> Result<Redeemed, Error> {
    let (coupon, by) = (input.coupon.read()?, input.by.read()?);
    let coupon = coupon.redeem(Redemption { by, presented: &input.presented, code: &input.code })?;
    Ok(Redeemed { coupon: (&coupon).into() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoticesCall {
    coupon: Object<CouponIn>,
    policy: Object<PolicyIn>,
    /// Those that were sent already.
    sent: Object<NoticesIn>,
    now: Text<Instant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyIn {
    balance_below: Text<Money>,
    expires_within_micros: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoticesIn {
    low_balance: bool,
    expiring: bool,
}

#[derive(Serialize)]
pub(super) struct NoticesOut {
    low_balance: bool,
    expiring: bool,
}

pub(super) fn notices(input: NoticesCall) -> Result<NoticesOut, Error> {
    let (policy, sent) = (input.policy.read()?, input.sent.read());
    Ok(policy.due(&input.coupon.read()?, sent, input.now.read()?)?.into())
}

impl Object<PolicyIn> {
    pub(super) fn read(&self) -> Result<NoticePolicy, Error> {
        let Self(PolicyIn { balance_below, expires_within_micros }) = self;
        Ok(NoticePolicy { balance_below: balance_below.read()?, expires_within_micros: *expires_within_micros })
    }
}

impl Object<NoticesIn> {
    pub(super) fn read(&self) -> Notices {
        Notices { low_balance: self.0.low_balance, expiring: self.0.expiring }
    }
}

impl From<Notices> for NoticesOut {
    fn from(due: Notices) -> Self {
        Self { low_balance: due.low_balance, expiring: due.expiring }
    }
}
