use super::{Books, Charge, Coupon, Funds, Leg, Owner, Payment, Plan, Shortfall, Source, SourceKind, draw::Part};
use crate::{
    error::{MoneyError, WalletError, excerpt},
    exact::decimal::Sum,
    money::{Currency, Money},
    time::Instant,
};
use rust_decimal::Decimal;
use std::{collections::BTreeMap, fmt, str::FromStr};

/// Money that is set aside for an order which is not paid yet.
///
/// It holds what its plan would take, from each source, until it is captured, voided or expires: the
/// sources have that much less for everything else. A capture is final: what it does not take is free
/// again, as of a card.
///
/// # Examples
/// ```
/// use counterfoil::{money::{Money, CNY}, wallet::{Authorisation, Books, Charge, Coupons, Funding, Funds, LockState, Owner}};
///
/// let cny = |text| Money::parse(text, CNY);
/// let charge = Charge {
///     application: "portal".into(),
///     order: "o1".into(),
///     unit: "vm".into(),
///     payer: Owner::User("zhang".into()),
///     amount: cny("20.00")?,
///     coupons: Coupons::Automatic,
///     funding: Funding::EnoughFunds,
/// };
/// let (now, expires) = ("2025-03-14T15:00:00Z".parse()?, "2025-03-14T15:30:00Z".parse()?);
/// let funds = Funds::new(cny("100.00")?, &[])?;
/// let books = Books { unit_application: Some("portal"), earlier: None, funds: &funds };
/// let Authorisation::New(lock) = charge.authorise(&books, expires, now)? else { panic!("nothing is locked yet") };
///
/// // 80.00 are left for others, until it expires.
/// let locks = [lock];
/// let funds = Funds::new(cny("100.00")?, &[])?.with_locks(&locks)?;
/// let other = Charge { order: "o2".into(), ..charge };
/// assert_eq!(funds.usable(&other.purpose(), now)?, cny("80.00")?);
/// assert_eq!(funds.usable(&other.purpose(), "2025-03-14T15:30:01Z".parse()?)?, cny("100.00")?);
///
/// // 15.00 of it are captured: the rest is free.
/// let capture = locks[0].capture(cny("15.00")?, &funds, now)?;
/// assert_eq!(capture.payment.plan().to_string(), "15.00 CNY = 15.00 of the balance (100.00 → 85.00)");
/// assert_eq!(capture.lock.state_at(now), LockState::Captured);
/// assert_eq!(capture.lock.capture(cny("5.00")?, &funds, now).unwrap_err().code(), "wallet.lock_transition");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-W12
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    terms: LockTerms,
}

/// What a lock is made of; [`Lock::new`] checks it.
///
/// # Rule
/// R-W12
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockTerms {
    /// What is to be paid; its application and order identify the lock.
    pub charge: Charge,
    /// What it holds of each source, with what the source held when it was locked.
    pub plan: Plan<'static>,
    /// The last instant at which it holds.
    pub expires: Instant,
    /// What has become of it, as far as anybody wrote it down.
    pub status: LockStatus,
}

/// What has become of a lock, as it is kept.
///
/// # Rule
/// R-W12
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockStatus {
    /// It was made. Whether it is still live is a question of time.
    Authorised,
    /// It was captured.
    Captured {
        /// How much of it.
        amount: Money,
    },
    /// It was given up.
    Voided,
    /// It was found to have expired.
    Expired,
}

/// Where a lock is in its life.
///
/// # Rule
/// R-W12
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockState {
    /// It is live: it holds.
    Authorised,
    /// It was captured, in part or whole: the order is paid.
    Captured,
    /// It was given up.
    Voided,
    /// Its time is over.
    Expired,
}

/// What happens to a lock.
///
/// # Rule
/// R-W12
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockEvent {
    /// The order is paid.
    Capture,
    /// The order is given up.
    Void,
    /// Its time is over.
    Expire,
}

/// What came of asking for a lock.
///
/// # Rule
/// R-W12, R-W13
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "it is taken apart at once; nobody keeps many of them")]
pub enum Authorisation<'a> {
    /// A new lock: keep it.
    New(Lock),
    /// The lock that was made when it was asked first, as it is now.
    Replay(&'a Lock),
}

/// What comes of capturing a lock.
///
/// # Rule
/// R-W12
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// The lock, captured.
    pub lock: Lock,
    /// The payment of the order: the charge with the amount that was captured, and what to take.
    pub payment: Payment,
}

impl Charge {
    /// A lock for it, until an instant.
    ///
    /// It holds what [`deduct`](Self::deduct) would take now, of what is there: an overdraft and a debt
    /// come of paying, so every funding but [`Funding::CouponsOnly`](super::Funding::CouponsOnly) is refused where the sources, credit
    /// lines too, do not hold enough.
    ///
    /// Asked again with the same facts (R-W13; when it expires is none, since a retry comes later), it is
    /// the first lock, whatever has become of it: an order is locked once.
    ///
    /// # Errors
    /// In this order: what is wrong with the charge by itself, and with its unit, as
    /// [`plan`](Self::plan); `wallet.lock_conflict`; `wallet.order_paid`; `wallet.lock_too_short` unless
    /// it expires after now; what is wrong with the coupons and the funds, as [`deduct`](Self::deduct).
    ///
    /// # Rule
    /// R-W12, R-W13
    pub fn authorise<'a>(
        &self,
        books: &Books<'a>,
        expires: Instant,
        now: Instant,
    ) -> Result<Authorisation<'a>, WalletError> {
        self.check()?;
        self.check_unit(books)?;
        let identity = || (self.application.clone(), self.order.clone());
        if let Some(lock) = self.lock_among(books.funds) {
            return match lock.charge().differs_in(self) {
                None => Ok(Authorisation::Replay(lock)),
                Some(fact) => {
                    let (application, order) = identity();
                    Err(WalletError::LockConflict { application, order, fact })
                }
            };
        }
        let paid = books.earlier.map(Payment::charge);
        if paid.is_some_and(|paid| (&paid.application, &paid.order) == (&self.application, &self.order)) {
            let (application, order) = identity();
            return Err(WalletError::OrderPaid { application, order });
        }
        if expires <= now {
            return Err(WalletError::LockTooShort { expires: expires.to_chrono(), now: now.to_chrono() });
        }
        let plan = self.draw(books.funds, Shortfall::Refuse, now)?.into_owned();
        let terms = LockTerms { charge: self.clone(), plan, expires, status: LockStatus::Authorised };
        Ok(Authorisation::New(Lock::new(terms)?))
    }

    /// The lock of this application and order.
    pub(super) fn lock_among<'a>(&self, funds: &Funds<'a>) -> Option<&'a Lock> {
        funds.locks().iter().find(|lock| lock.identity() == (self.application.as_str(), self.order.as_str()))
    }
}

impl Lock {
    /// What may happen to a lock: from, by, to. Nothing else may.
    pub const TRANSITIONS: [(LockState, LockEvent, LockState); 3] = [
        (LockState::Authorised, LockEvent::Capture, LockState::Captured),
        (LockState::Authorised, LockEvent::Void, LockState::Voided),
        (LockState::Authorised, LockEvent::Expire, LockState::Expired),
    ];

    /// A lock of these terms.
    ///
    /// [`Charge::authorise`] makes one; this is how a store reads one back.
    ///
    /// # Errors
    /// What is wrong with the charge by itself; `money.not_conserved` for a plan of another amount;
    /// `wallet.lock_of_debt` for a leg of debt, or of a balance that would be below zero;
    /// `wallet.negative_amount`, `wallet.capture_above_lock` for what was captured;
    /// `money.currency_mismatch`.
    pub fn new(terms: LockTerms) -> Result<Self, WalletError> {
        terms.charge.check()?;
        let (whole, parts) = (terms.charge.amount, terms.plan.amount());
        if whole.compare(parts)?.is_ne() {
            return Err(MoneyError::NotConserved { whole: whole.amount(), parts: parts.amount() }.into());
        }
        let beyond = |leg: &&Leg<'_>| leg.source().kind() == SourceKind::Debt || leg.after().is_negative();
        if let Some(leg) = terms.plan.legs().iter().find(beyond) {
            return Err(WalletError::LockOfDebt { origin: leg.source().to_string() });
        }
        let lock = Self { terms };
        if let LockStatus::Captured { amount } = lock.terms.status {
            lock.check_amount(amount)?;
            lock.check_above(amount)?;
        }
        Ok(lock)
    }

    /// Everything it is made of.
    pub const fn terms(&self) -> &LockTerms {
        &self.terms
    }

    /// What is to be paid.
    pub const fn charge(&self) -> &Charge {
        &self.terms.charge
    }

    /// What it holds of each source while it is live.
    pub fn legs(&self) -> &[Leg<'static>] {
        self.terms.plan.legs()
    }

    /// The last instant at which it holds.
    pub const fn expires(&self) -> Instant {
        self.terms.expires
    }

    /// What was captured of it; none unless it is captured.
    pub const fn captured(&self) -> Option<Money> {
        match self.terms.status {
            LockStatus::Captured { amount } => Some(amount),
            _ => None,
        }
    }

    /// Where it is in its life at an instant. At its expiration it is still live, as a coupon that is named
    /// (R-W4): one that can be captured is one that holds.
    ///
    /// # Rule
    /// R-W12
    pub fn state_at(&self, now: Instant) -> LockState {
        match self.terms.status {
            LockStatus::Authorised if self.terms.expires < now => LockState::Expired,
            LockStatus::Authorised => LockState::Authorised,
            LockStatus::Captured { .. } => LockState::Captured,
            LockStatus::Voided => LockState::Voided,
            LockStatus::Expired => LockState::Expired,
        }
    }

    /// The order, paid with so much of what is locked: from the legs in their order, each to what it
    /// holds. Once: what is not captured is free again.
    ///
    /// It takes what was locked even if a coupon or a card has expired, or was withdrawn, since: it was there
    /// in time. A balance that was overdrawn since goes further below zero. Whether the order was paid in
    /// another way since is not seen here: a lock holds an order back only as long as it is live
    /// ([`Charge::plan`]), so whoever captures by a clock that is behind looks for a payment first.
    ///
    /// # Errors
    /// In this order: `wallet.negative_amount`, `money.currency_mismatch`; `wallet.lock_transition` where
    /// it was captured or voided, `wallet.lock_expired`; `wallet.capture_above_lock`;
    /// `wallet.no_such_source`, `wallet.leg_out_of_range` where the payer's funds lack a source or what it
    /// must hold; `money.overflow`.
    ///
    /// # Rule
    /// R-W12
    pub fn capture(&self, amount: Money, funds: &Funds<'_>, now: Instant) -> Result<Capture, WalletError> {
        self.check_amount(amount)?;
        self.check_transition(LockEvent::Capture, now)?;
        self.check_above(amount)?;
        let (mut legs, mut rest) = (Vec::new(), Sum::from(amount.amount()));
        for held in self.legs() {
            if rest.is_zero() {
                break;
            }
            let source = held.source().clone();
            let Some(holds) = funds.holds(&source) else {
                return Err(WalletError::NoSuchSource { origin: source.to_string() });
            };
            // It keeps what the lock does not hold; a balance that was overdrawn keeps less than nothing.
            let kept = holds.minus(held.amount())?;
            if kept.is_negative() && source != Source::Balance {
                let (origin, amount, before) = (source.to_string(), held.amount().amount(), holds.amount());
                return Err(WalletError::LegOutOfRange { origin, amount, before });
            }
            let part = Part::drawn(holds.amount(), Some(kept.amount()), &mut rest)?;
            legs.push(Leg::of(source, part, holds.currency()));
        }
        let plan = Plan::conserved(amount, legs)?;
        let status = LockStatus::Captured { amount };
        Ok(Capture {
            lock: self.with_status(status),
            payment: Payment::new(Charge { amount, ..self.charge().clone() }, plan)?,
        })
    }

    /// The lock, given up: all of it is free again.
    ///
    /// # Errors
    /// `wallet.lock_transition`, `wallet.lock_expired`.
    ///
    /// # Rule
    /// R-W12
    pub fn void(&self, now: Instant) -> Result<Self, WalletError> {
        self.check_transition(LockEvent::Void, now)?;
        Ok(self.with_status(LockStatus::Voided))
    }

    /// The lock, written down as expired; none while it is live. It holds nothing after its expiration,
    /// written down or not.
    ///
    /// # Errors
    /// `wallet.lock_transition` where it was captured or voided.
    ///
    /// # Rule
    /// R-W12
    pub fn expire(&self, now: Instant) -> Result<Option<Self>, WalletError> {
        match self.state_at(now) {
            LockState::Authorised => Ok(None),
            LockState::Expired => Ok(Some(self.with_status(LockStatus::Expired))),
            LockState::Captured | LockState::Voided => {
                self.check_transition(LockEvent::Expire, now)?;
                Ok(None)
            }
        }
    }

    /// The application and the order that it is for.
    pub(super) fn identity(&self) -> (&str, &str) {
        (&self.terms.charge.application, &self.terms.charge.order)
    }

    fn with_status(&self, status: LockStatus) -> Self {
        Self { terms: LockTerms { status, ..self.terms.clone() } }
    }

    fn check_transition(&self, event: LockEvent, now: Instant) -> Result<LockState, WalletError> {
        let from = self.state_at(now);
        let allowed = Self::TRANSITIONS.into_iter().find(|(start, by, _)| (*start, *by) == (from, event));
        if let Some((_, _, to)) = allowed {
            return Ok(to);
        }
        let (application, order) = self.identity();
        let (application, order, to) = (application.to_owned(), order.to_owned(), event.target().name());
        Err(if from == LockState::Expired {
            WalletError::LockExpired { application, order, expires: self.terms.expires.to_chrono(), to }
        } else {
            WalletError::LockTransition { application, order, from: from.name(), to }
        })
    }

    fn check_amount(&self, amount: Money) -> Result<(), WalletError> {
        if amount.is_negative() {
            return Err(WalletError::NegativeAmount { amount: amount.amount() });
        }
        Ok(amount.currency().same_as(self.charge().amount.currency())?)
    }

    fn check_above(&self, amount: Money) -> Result<(), WalletError> {
        let locked = self.charge().amount;
        if amount.compare(locked)?.is_gt() {
            let (application, order) = self.identity();
            return Err(WalletError::CaptureAboveLock {
                application: application.to_owned(),
                order: order.to_owned(),
                amount: amount.amount(),
                locked: locked.amount(),
            });
        }
        Ok(())
    }
}

impl<'a> Authorisation<'a> {
    /// The lock, new or not.
    pub const fn lock(&self) -> &Lock {
        match self {
            Self::New(lock) => lock,
            Self::Replay(lock) => lock,
        }
    }
}

/// What live locks hold of the sources of one payer.
pub(super) struct Held<'l> {
    sources: BTreeMap<Source<'l>, Sum>,
}

impl<'l> Held<'l> {
    /// Nothing is locked.
    #[cfg(test)]
    pub(super) const NONE: Self = Self { sources: BTreeMap::new() };

    pub(super) fn of_payer(
        locks: &'l [Lock],
        payer: &Owner,
        currency: Currency,
        now: Instant,
    ) -> Result<Self, WalletError> {
        let mut sources: BTreeMap<Source<'l>, Sum> = BTreeMap::new();
        let live = locks.iter().filter(|lock| lock.state_at(now) == LockState::Authorised);
        let theirs = live.filter(|lock| lock.charge().payer == *payer && lock.charge().amount.currency() == currency);
        for leg in theirs.flat_map(Lock::legs) {
            let sum = sources.entry(leg.source().borrowed()).or_insert_with(|| Sum::from(Decimal::ZERO));
            sum.add(leg.amount().amount())?;
        }
        Ok(Self { sources })
    }

    /// What is locked of a coupon, if anything.
    pub(super) fn of_coupon(&self, coupon: &Coupon) -> Result<Option<Decimal>, MoneyError> {
        self.of(&Source::Coupon(coupon.id().into()))
    }

    /// Whether nothing is locked.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// What is locked of a source, if anything.
    #[inline]
    pub(super) fn of(&self, source: &Source<'_>) -> Result<Option<Decimal>, MoneyError> {
        if self.sources.is_empty() {
            return Ok(None);
        }
        self.sources.get(source).map(|sum| sum.total()).transpose()
    }
}

impl LockState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Authorised, Self::Captured, Self::Voided, Self::Expired];

    /// The name, as `authorised`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authorised => "authorised",
            Self::Captured => "captured",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for LockState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for LockState {
    type Err = WalletError;

    fn from_str(text: &str) -> Result<Self, WalletError> {
        Self::ALL.into_iter().find(|state| state.name() == text).ok_or_else(|| WalletError::UnknownWord {
            what: "state of a lock",
            text: excerpt(text),
            known: "authorised, captured, voided, expired",
        })
    }
}

impl LockEvent {
    /// Every event.
    pub const ALL: [Self; 3] = [Self::Capture, Self::Void, Self::Expire];

    /// The state that it leads to.
    pub const fn target(self) -> LockState {
        match self {
            Self::Capture => LockState::Captured,
            Self::Void => LockState::Voided,
            Self::Expire => LockState::Expired,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Coupon, CouponStatus, CouponTerms, Coupons, Funding, FundingOrder, testing::*},
        *,
    };

    const NOW: i64 = 100;
    const EXPIRES: i64 = 200;

    fn books<'a>(funds: &'a Funds<'a>) -> Books<'a> {
        Books { unit_application: Some(APPLICATION), earlier: None, funds }
    }

    fn lock(charge: &Charge, funds: &Funds<'_>) -> Lock {
        match charge.authorise(&books(funds), at(EXPIRES), at(NOW)).unwrap() {
            Authorisation::New(lock) => lock,
            Authorisation::Replay(_) => panic!("it is the first"),
        }
    }

    fn for_order(order: &str, amount: &str) -> Charge {
        Charge { order: order.into(), ..charge(amount) }
    }

    fn legs(plan: &Plan<'_>) -> Vec<String> {
        plan.legs().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_coupon_of_100_with_20_locked_has_80() {
        // R-W12
        let coupons = [coupon(terms("C1", "100"))];
        let funds = Funds::new(cny("5"), &coupons).unwrap();
        let locks = [lock(&for_order("o1", "20"), &funds)];
        let funds = funds.with_locks(&locks).unwrap();
        let other = for_order("o2", "80");
        let usable = |now| funds.usable(&other.purpose(), at(now)).unwrap();
        assert_eq!(usable(NOW), cny("85"));
        let available = funds.available(&FundingOrder::PORTAL, &other.purpose(), at(NOW)).unwrap();
        assert_eq!((available[0].holds, available[0].kept, available[0].available), (cny("100"), cny("20"), cny("80")));
        assert_eq!(legs(&other.deduct(&funds, at(NOW)).unwrap()), ["80 of coupon `C1` (100 → 20)"]);
        assert!(funds.has_enough(cny("85"), &other.purpose(), at(NOW)).unwrap());
        assert!(!funds.has_enough(cny("85.01"), &other.purpose(), at(NOW)).unwrap());
        let over = for_order("o2", "85.01").deduct(&funds, at(NOW)).unwrap_err();
        assert_eq!(over.details().pop().unwrap(), ("missing", "0.01".into()));
        let only = Charge { funding: Funding::CouponsOnly, ..for_order("o2", "80.01") };
        assert_eq!(only.deduct(&funds, at(NOW)).unwrap_err().details()[1], ("coupons", "80.00".into()));
    }

    #[test]
    fn it_holds_through_its_last_instant_and_then_frees_itself() {
        // R-W12: as the bounds of a coupon that is named (R-W4)
        let funds = Funds::new(cny("50"), &[]).unwrap();
        let locks = [lock(&for_order("o1", "20"), &funds)];
        let funds = funds.with_locks(&locks).unwrap();
        let (lock, other) = (&locks[0], for_order("o2", "1"));
        let usable = |now| funds.usable(&other.purpose(), at(now)).unwrap();
        assert_eq!((usable(EXPIRES), lock.state_at(at(EXPIRES))), (cny("30"), LockState::Authorised));
        assert_eq!((usable(EXPIRES + 1), lock.state_at(at(EXPIRES + 1))), (cny("50"), LockState::Expired));
        assert!(lock.capture(cny("20"), &funds, at(EXPIRES)).is_ok() && lock.void(at(EXPIRES)).is_ok());
        assert_eq!(lock.expire(at(EXPIRES)).unwrap(), None);
        let late = lock.capture(cny("20"), &funds, at(EXPIRES + 1)).unwrap_err();
        assert_eq!((late.code(), late.details()[3].clone()), ("wallet.lock_expired", ("to", "captured".into())));
        assert_eq!(lock.void(at(EXPIRES + 1)).unwrap_err().code(), "wallet.lock_expired");
        let swept = lock.expire(at(EXPIRES + 1)).unwrap().unwrap();
        assert_eq!((swept.state_at(at(NOW)), swept.terms().status), (LockState::Expired, LockStatus::Expired));
        // A microsecond before the end of it is refused, the end itself too.
        let fresh = Funds::new(cny("50"), &[]).unwrap();
        let until = |expires| charge("1").authorise(&books(&fresh), at(expires), at(NOW)).map(|_| ());
        assert_eq!(until(NOW).unwrap_err().code(), "wallet.lock_too_short");
        assert!(until(NOW + 1).is_ok());
    }

    #[test]
    fn a_capture_takes_from_the_legs_in_order_and_is_final() {
        // R-W12
        let coupons = [coupon(terms("C1", "10.00")), coupon(terms("C2", "10.00"))];
        let funds = Funds::new(cny("10.00"), &coupons).unwrap();
        let lock = lock(&for_order("o1", "25.00"), &funds);
        assert_eq!(lock.legs().len(), 3);
        let captured = |amount: &str| lock.capture(cny(amount), &funds, at(NOW)).unwrap();
        let part = captured("15.00");
        let expected = ["10.00 of coupon `C1` (10.00 → 0.00)", "5.00 of coupon `C2` (10.00 → 5.00)"];
        assert_eq!(legs(part.payment.plan()), expected);
        assert_eq!((part.lock.captured(), part.payment.charge().amount), (Some(cny("15")), cny("15")));
        assert_eq!(captured("25.00").payment.plan(), &for_order("o1", "25.00").deduct(&funds, at(NOW)).unwrap());
        assert!(captured("0").payment.plan().legs().is_empty());

        let code = |amount| lock.capture(amount, &funds, at(NOW)).unwrap_err().code();
        assert_eq!(code(cny("25.01")), "wallet.capture_above_lock");
        assert_eq!(code(cny("-0.01")), "wallet.negative_amount");
        assert_eq!(code(usd("1")), "money.currency_mismatch");

        // What was captured holds nothing: the sources have what they are written down with.
        let (locks, rest) = ([part.lock], [coupon(terms("C1", "0")), coupon(terms("C2", "5.00"))]);
        let after = Funds::new(cny("10.00"), &rest).unwrap().with_locks(&locks).unwrap();
        assert_eq!(after.usable(&for_order("o2", "1").purpose(), at(NOW)).unwrap(), cny("15.00"));
    }

    #[test]
    fn every_illegal_transition_names_both_states() {
        // R-W12
        let funds = Funds::new(cny("50"), &[]).unwrap();
        let open = lock(&for_order("o1", "20"), &funds);
        let amount = cny("20");
        let captured = open.capture(amount, &funds, at(NOW)).unwrap().lock;
        let voided = open.void(at(NOW)).unwrap();
        let expired = open.expire(at(EXPIRES + 1)).unwrap().unwrap();
        for ended in [captured, voided, expired] {
            let from = ended.state_at(at(NOW));
            let before = ended.clone();
            let faults = [
                (ended.capture(amount, &funds, at(NOW)).map(drop), LockState::Captured),
                (ended.void(at(NOW)).map(drop), LockState::Voided),
            ];
            for (fault, to) in faults {
                let error = fault.unwrap_err();
                let code = if from == LockState::Expired { "wallet.lock_expired" } else { "wallet.lock_transition" };
                assert_eq!(error.code(), code);
                let text = error.to_string();
                assert!(text.contains(&format!("`{from}`")) && text.contains(&format!("`{to}`")), "{text}");
            }
            if from != LockState::Expired {
                assert_eq!(ended.expire(at(EXPIRES + 1)).unwrap_err().code(), "wallet.lock_transition");
            }
            assert_eq!(ended, before);
        }
        // The state outranks the amount, and what is wrong with the amount by itself outranks the state.
        let voided = open.void(at(NOW)).unwrap();
        let code = |amount| voided.capture(amount, &funds, at(NOW)).unwrap_err().code();
        assert_eq!(code(cny("99")), "wallet.lock_transition");
        assert_eq!(code(cny("-1")), "wallet.negative_amount");
        for state in LockState::ALL {
            assert_eq!(state.name().parse::<LockState>().unwrap(), state);
        }
        assert_eq!("open".parse::<LockState>().unwrap_err().code(), "wallet.unknown_word");
    }

    #[test]
    fn asked_again_it_is_the_first_lock() {
        // R-W13
        let funds = Funds::new(cny("20"), &[]).unwrap();
        let first = lock(&for_order("o1", "20"), &funds);
        for locks in [[first.clone()], [first.void(at(NOW)).unwrap()]] {
            let funds = funds.clone().with_locks(&locks).unwrap();
            let ask = |charge: Charge, expires| {
                charge.authorise(&books(&funds), at(expires), at(150)).map(|it| it.lock().clone())
            };
            // The funds are all locked, and it expires at another time: it is the same request.
            assert_eq!(ask(for_order("o1", "20.00"), 300).unwrap(), locks[0]);
            let conflict = ask(for_order("o1", "19"), 300).unwrap_err();
            assert_eq!(conflict.details().pop().unwrap(), ("fact", "amount".into()));
            assert_eq!(conflict.code(), "wallet.lock_conflict");
        }
        let locks = [first.clone(), first];
        assert_eq!(funds.with_locks(&locks).unwrap_err().code(), "wallet.lock_held_twice");
    }

    #[test]
    fn a_lock_and_a_payment_of_one_order_do_not_pay_twice() {
        // R-W12, R-W13
        let funds = Funds::new(cny("50"), &[]).unwrap();
        let open = lock(&for_order("o1", "20"), &funds);
        let capture = open.capture(cny("20"), &funds, at(NOW)).unwrap();
        let pay = |lock: &Lock, now| {
            let locks = [lock.clone()];
            let funds = funds.clone().with_locks(&locks).unwrap();
            let paid = for_order("o1", "20").plan(&books(&funds), at(now)).map(drop);
            paid.map_err(|error| (error.code(), error.details().pop().unwrap().1))
        };
        assert_eq!(pay(&open, NOW), Err(("wallet.order_locked", "authorised".into())));
        assert_eq!(pay(&capture.lock, NOW), Err(("wallet.order_locked", "captured".into())));
        assert_eq!(pay(&open.void(at(NOW)).unwrap(), NOW), Ok(()));
        assert_eq!(pay(&open, EXPIRES + 1), Ok(()));
        // The payment of a capture is what a charge of that amount replays.
        assert!(capture.payment.replay(&for_order("o1", "20")).unwrap().is_some());
        let paid = Books { earlier: Some(&capture.payment), ..books(&funds) };
        let again = for_order("o1", "20").authorise(&paid, at(EXPIRES), at(NOW));
        assert_eq!(again.unwrap_err().code(), "wallet.order_paid");
    }

    #[test]
    fn checks_come_in_order() {
        // R-W7a for a lock. Each line mends one fault.
        let funds = Funds::new(cny("50"), &[]).unwrap();
        let locks = [lock(&for_order("o1", "20"), &funds)];
        let funds = Funds::new(cny("1"), &[]).unwrap().with_locks(&locks).unwrap();
        let payment = Payment::new(for_order("o2", "0"), Plan::new(cny("0"), vec![]).unwrap()).unwrap();
        let nowhere = Books { unit_application: None, earlier: Some(&payment), funds: &funds };
        let here = Books { unit_application: Some(APPLICATION), ..nowhere };
        let code = |charge: &Charge, books: &Books<'_>, expires| {
            charge.authorise(books, at(expires), at(NOW)).unwrap_err().code()
        };
        let mut charge = Charge { coupons: Coupons::Named(vec!["gone".into()]), ..for_order("o1", "-1") };
        assert_eq!(code(&charge, &nowhere, NOW), "wallet.negative_amount");
        charge.amount = cny("30");
        assert_eq!(code(&charge, &nowhere, NOW), "wallet.no_such_unit");
        assert_eq!(code(&charge, &here, NOW), "wallet.lock_conflict");
        charge.order = "o2".into();
        assert_eq!(code(&charge, &here, NOW), "wallet.order_paid");
        charge.order = "o3".into();
        assert_eq!(code(&charge, &here, NOW), "wallet.lock_too_short");
        assert_eq!(code(&charge, &here, EXPIRES), "wallet.no_such_coupon");
        charge.coupons = Coupons::Automatic;
        assert_eq!(code(&charge, &here, EXPIRES), "wallet.funds_not_enough");
    }

    #[test]
    fn a_lock_holds_neither_an_overdraft_nor_a_debt() {
        // R-W10, R-W12
        let funds = Funds::new(cny("10"), &[]).unwrap();
        for funding in [Funding::EnoughFunds, Funding::Overdraft { limit: None }, Funding::Debt] {
            let charge = Charge { funding, ..charge("10.01") };
            let refused = charge.authorise(&books(&funds), at(EXPIRES), at(NOW)).unwrap_err();
            assert_eq!(refused.code(), "wallet.funds_not_enough");
        }
        let terms = |leg| LockTerms {
            charge: charge("5"),
            plan: Plan::new(cny("5"), vec![leg]).unwrap(),
            expires: at(EXPIRES),
            status: LockStatus::Authorised,
        };
        let leg = |source, before| Leg::new(source, cny("5"), cny(before)).unwrap();
        assert!(Lock::new(terms(leg(Source::Balance, "5"))).is_ok());
        assert_eq!(Lock::new(terms(leg(Source::Balance, "4.99"))).unwrap_err().code(), "wallet.lock_of_debt");
        assert_eq!(Lock::new(terms(leg(Source::Debt, "0"))).unwrap_err().code(), "wallet.lock_of_debt");
        let other = LockTerms { charge: charge("6"), ..terms(leg(Source::Balance, "5")) };
        assert_eq!(Lock::new(other).unwrap_err().code(), "money.not_conserved");
        let status = LockStatus::Captured { amount: cny("5.01") };
        let above = LockTerms { status, ..terms(leg(Source::Balance, "5")) };
        assert_eq!(Lock::new(above).unwrap_err().code(), "wallet.capture_above_lock");
    }

    #[test]
    fn an_overdraft_leaves_what_is_locked() {
        // R-W10, R-W12: with 30 of 100 locked and a bound of 20, 90 can be paid.
        let funds = Funds::new(cny("100"), &[]).unwrap();
        let locks = [lock(&for_order("o1", "30"), &funds)];
        let funds = funds.with_locks(&locks).unwrap();
        let pay = |amount| {
            let charge = Charge { funding: Funding::Overdraft { limit: Some(cny("20")) }, ..for_order("o2", amount) };
            charge.deduct(&funds, at(NOW)).map(|plan| plan.legs()[0].after())
        };
        assert_eq!(pay("90").unwrap(), cny("10"));
        let over = pay("90.01").unwrap_err();
        assert_eq!(over.code(), "wallet.overdraft_exceeded");
        assert_eq!(over.details().pop().unwrap(), ("missing", "0.01".into()));
        // Captured after all, the balance ends at its bound.
        let overdrawn = Funds::new(cny("10"), &[]).unwrap();
        let capture = locks[0].capture(cny("30"), &overdrawn, at(NOW)).unwrap();
        assert_eq!(capture.payment.plan().legs()[0].after(), cny("-20"));
    }

    #[test]
    fn what_was_locked_in_time_is_taken_and_what_is_gone_is_an_error() {
        let ending = CouponTerms { expiration: at(NOW + 1), ..terms("C1", "20") };
        let coupons = [coupon(ending.clone())];
        let funds = Funds::new(cny("0"), &coupons).unwrap();
        let lock = lock(&for_order("o1", "20"), &funds);
        assert!(lock.capture(cny("20"), &funds, at(NOW + 50)).is_ok());
        let withdrawn = [coupon(CouponTerms { status: CouponStatus::Cancelled, ..ending.clone() })];
        assert!(lock.capture(cny("20"), &Funds::new(cny("0"), &withdrawn).unwrap(), at(NOW)).is_ok());
        let code = |coupons: &[Coupon]| {
            let funds = Funds::new(cny("0"), coupons).unwrap();
            lock.capture(cny("1"), &funds, at(NOW)).unwrap_err().code()
        };
        assert_eq!(code(&[]), "wallet.no_such_source");
        assert_eq!(code(&[coupon(CouponTerms { balance: cny("19.99"), ..ending })]), "wallet.leg_out_of_range");
    }

    #[test]
    fn a_named_coupon_that_is_all_locked_is_an_error_and_others_pass_over_it() {
        let coupons = [coupon(terms("C1", "5")), coupon(terms("C2", "5"))];
        let funds = Funds::new(cny("5"), &coupons).unwrap();
        let locks = [lock(&for_order("o1", "5"), &funds)];
        let funds = funds.with_locks(&locks).unwrap();
        let plan = for_order("o2", "6").deduct(&funds, at(NOW)).unwrap();
        assert_eq!(legs(&plan), ["5 of coupon `C2` (5 → 0)", "1 of the balance (5 → 4)"]);
        let named = Charge { coupons: Coupons::Named(vec!["C2".into(), "C1".into()]), ..for_order("o2", "6") };
        let error = named.deduct(&funds, at(NOW)).unwrap_err();
        assert_eq!((error.code(), error.details()[0].1.as_str()), ("wallet.coupon_locked", "C1"));
        // A lock of another payer is none of theirs.
        let other = Charge { payer: group("a"), ..for_order("o3", "5") };
        assert_eq!(funds.usable(&other.purpose(), at(NOW)).unwrap(), cny("5"));
    }
}
