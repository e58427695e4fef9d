use super::{
    Destination, GiveBack, Refund, RefundEvent, RefundLeg, RefundRequest, RefundState, SourceClass,
    split::{Share, Shares},
};
use crate::{
    error::{MoneyError, WalletError},
    exact::decimal,
    money::Money,
    time::Instant,
    wallet::{Coupon, Fund, Payment, Source},
};
use std::{collections::BTreeSet, fmt};

/// A payment with its refunds so far.
///
/// # Examples
/// ```
/// # use counterfoil::wallet::{Charge, Coupons, Funding, Leg, Owner, Plan, Source};
/// use counterfoil::money::{Money, CNY};
/// use counterfoil::wallet::{GiveBack, Payment, RefundBooks, RefundOutcome, RefundRequest, Refunds, ReturnOrder};
///
/// let cny = |text| Money::parse(text, CNY);
/// # let charge = Charge {
/// #     application: "portal".into(), order: "o1".into(), unit: "vm".into(), payer: Owner::User("zhang".into()),
/// #     amount: cny("333.30")?, coupons: Coupons::Automatic, funding: Funding::EnoughFunds,
/// # };
/// # let legs = vec![
/// #     Leg::new(Source::Coupon("C1".into()), cny("10.00")?, cny("10.00")?)?,
/// #     Leg::new(Source::Coupon("C2".into()), cny("20.00")?, cny("20.00")?)?,
/// #     Leg::new(Source::Balance, cny("303.30")?, cny("400.00")?)?,
/// # ];
/// # let payment = Payment::new(charge, Plan::new(cny("333.30")?, legs)?)?;
/// // 333.30 was paid: 10.00 and 20.00 by coupons, 303.30 from the balance.
/// let refunds = Refunds::new(payment, vec![])?;
/// let request = RefundRequest {
///     id: "r1".into(),
///     application: "portal".into(),
///     order: "o1".into(),
///     amount: cny("222.20")?,
///     fee: cny("0.00")?,
///     step: "0.01".parse()?,
///     returned: ReturnOrder::Proportional,
///     give_back: GiveBack::SameCoupon,
/// };
/// let books = RefundBooks { elsewhere: None, coupons: &[], funds: &[], now: "2025-03-14T15:09:26Z".parse()? };
/// let RefundOutcome::New(plan) = refunds.plan(&request, &books)? else { panic!("nothing is refunded yet") };
/// assert_eq!(
///     plan.to_string(),
///     "222.20 CNY of 333.30 = 202.20 to the balance (0.00 → 202.20 of 303.30) \
///      + 6.67 to coupon `C1` (0.00 → 6.67 of 10.00) + 13.33 to coupon `C2` (0.00 → 13.33 of 20.00)",
/// );
/// let refunds = refunds.with(plan.into_refund())?;
/// assert!(matches!(refunds.plan(&request, &books)?, RefundOutcome::Replay(_)));
///
/// let more = RefundRequest { id: "r2".into(), amount: cny("111.11")?, ..request };
/// let error = refunds.plan(&more, &books).unwrap_err();
/// assert_eq!(error.code(), "wallet.refund_above_rest");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Rule
/// R-W14, R-W15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refunds {
    payment: Payment,
    refunds: Vec<Refund>,
    standings: Vec<Standing>,
    /// The places of the standings by their sources: a refund of many legs finds each at once.
    by_source: Vec<usize>,
    refunded: Money,
    fees: Money,
}

/// What a source paid of a payment, and what came back of it.
///
/// # Rule
/// R-W15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    source: Source<'static>,
    paid: Money,
    returned: Money,
}

/// What stands in the books when a refund is asked for.
///
/// # Rule
/// R-W16, R-W19
#[derive(Debug, Clone, Copy)]
pub struct RefundBooks<'a> {
    /// The refund of this id on another payment of the application, if there is one.
    pub elsewhere: Option<&'a Refund>,
    /// The coupons that paid, as they stand: only [`GiveBack::BalanceIfExpired`] looks at them.
    pub coupons: &'a [Coupon],
    /// The cash coupons and bonuses that paid, for the same.
    pub funds: &'a [Fund],
    /// When it is asked.
    pub now: Instant,
}

/// What to do about a request.
///
/// # Rule
/// R-W19
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "it is matched at once and never kept")]
pub enum RefundOutcome<'a> {
    /// Carry out this plan.
    New(RefundPlan),
    /// Try the legs of this refund again: it failed before.
    Retry(&'a Refund),
    /// Nothing: it is there already, in whatever state.
    Replay(&'a Refund),
}

/// What goes where of a refund: a new [`Refund`], and where its sources stood before.
///
/// It prints as its own derivation.
///
/// # Rule
/// R-W15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundPlan {
    refund: Refund,
    before: Vec<Standing>,
    paid: Money,
    left: Money,
}

impl Refunds {
    /// A payment, and its refunds as they were kept.
    ///
    /// # Errors
    /// `wallet.refund_of_other_payment`, `wallet.refund_twice`, `wallet.refund_foreign_source`,
    /// `wallet.refund_above_paid` where a source got back more than it paid;
    /// `wallet.refund_above_rest` where all together are above what was paid;
    /// `money.currency_mismatch`, `money.overflow`. A refund that is closed returns nothing and is
    /// not counted.
    ///
    /// # Rule
    /// R-W14, R-W15
    pub fn new(payment: Payment, refunds: Vec<Refund>) -> Result<Self, WalletError> {
        let paid = payment.plan().amount();
        let nothing = Money::new(decimal::zero(paid.amount().scale()), paid.currency());
        let standings = payment.plan().legs().iter().map(|leg| Standing {
            source: leg.source().clone(),
            paid: leg.amount(),
            returned: Money::new(decimal::zero(leg.amount().amount().scale()), paid.currency()),
        });
        let standings: Vec<Standing> = standings.collect();
        let mut by_source: Vec<usize> = (0..standings.len()).collect();
        by_source.sort_unstable_by_key(|place| standings.get(*place).map(Standing::source));
        let mut all = Self {
            standings,
            by_source,
            payment,
            refunds: Vec::with_capacity(refunds.len()),
            refunded: nothing,
            fees: nothing,
        };
        let mut seen = BTreeSet::new();
        for refund in refunds {
            if !seen.insert(refund.id().to_owned()) {
                return Err(WalletError::RefundTwice { refund: refund.id().to_owned() });
            }
            all.count(refund)?;
        }
        Ok(all)
    }

    /// The same payment with one refund more.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with(mut self, refund: Refund) -> Result<Self, WalletError> {
        if self.refund(refund.id()).is_some() {
            return Err(WalletError::RefundTwice { refund: refund.id().to_owned() });
        }
        self.count(refund)?;
        Ok(self)
    }

    /// The same payment after something happened to one of its refunds.
    ///
    /// # Errors
    /// `wallet.no_such_refund`, `wallet.refund_transition`.
    ///
    /// # Rule
    /// R-W19
    pub fn after(&self, id: &str, event: RefundEvent) -> Result<Self, WalletError> {
        if self.refund(id).is_none() {
            return Err(WalletError::NoSuchRefund {
                refund: id.to_owned(),
                order: self.payment.charge().order.clone(),
            });
        }
        let refunds = self.refunds.iter().cloned();
        let refunds = refunds.map(|refund| if refund.id() == id { refund.after(event) } else { Ok(refund) });
        Self::new(self.payment.clone(), refunds.collect::<Result<_, _>>()?)
    }

    /// What is to be done about a request, everything considered.
    ///
    /// # Rounding
    /// What comes back to each source all in all is its share by R-M4, to the step; a refund gets the
    /// difference to what came back before.
    ///
    /// # Errors
    /// In this order: what is wrong with the request by itself (`wallet.empty_id`,
    /// `wallet.negative_amount`, `wallet.fee_above_refund`, `money.bad_step`, `money.not_a_multiple`);
    /// `wallet.refund_of_other_payment`; `wallet.refund_conflict`, or `wallet.refund_twice` where the one that
    /// stands [`elsewhere`](RefundBooks::elsewhere) is of this payment and not among its refunds; `money.currency_mismatch`;
    /// `money.not_a_multiple` where what a source paid, or got back, is no multiple of the step;
    /// `wallet.refund_above_rest`; `wallet.no_such_coupon` or `wallet.no_such_source` where the
    /// policy must know whether it is expired; `money.overflow`.
    ///
    /// # Rule
    /// R-W14, R-W15, R-W16, R-W18, R-W19
    pub fn plan(&self, request: &RefundRequest, books: &RefundBooks<'_>) -> Result<RefundOutcome<'_>, WalletError> {
        request.check()?;
        self.check_payment(request)?;
        if let Some(refund) = self.refund(&request.id) {
            conflict(refund.request(), request)?;
            return Ok(match refund.state() {
                RefundState::Error => RefundOutcome::Retry(refund),
                RefundState::Wait | RefundState::Success | RefundState::Closed => RefundOutcome::Replay(refund),
            });
        }
        if let Some(elsewhere) = books.elsewhere.filter(|elsewhere| elsewhere.id() == request.id) {
            conflict(elsewhere.request(), request)?;
            // It is of this payment, whose refunds were read without it: paid out once more it would count twice.
            return Err(WalletError::RefundTwice { refund: request.id.clone() });
        }
        Ok(RefundOutcome::New(self.new_plan(request, books)?))
    }

    fn new_plan(&self, request: &RefundRequest, books: &RefundBooks<'_>) -> Result<RefundPlan, WalletError> {
        request.amount.currency().same_as(self.paid().currency())?;
        let (shares, mut parts) = (self.shares(), Vec::with_capacity(self.standings.len()));
        self.shares_of(&shares).split(&request.asked(), &mut parts)?;
        let (mut legs, mut before) = (Vec::new(), Vec::new());
        for (place, part) in parts {
            if let Some(standing) = self.standings.get(place)
                && !part.is_zero()
            {
                let amount = Money::new(part, request.amount.currency());
                let to = standing.destination(request.give_back, books)?;
                legs.push(RefundLeg::new(standing.source.clone(), amount, to)?);
                before.push(standing.clone());
            }
        }
        // Nothing is to be carried out: it is settled at once.
        let state = if legs.is_empty() { RefundState::Success } else { RefundState::Wait };
        let refund = Refund::new(request.clone(), legs, state)?; // promise 2: checked at run time too
        let left = self.left()?.minus(request.amount)?;
        Ok(RefundPlan { refund, before, paid: self.paid(), left })
    }

    /// The payment.
    pub const fn payment(&self) -> &Payment {
        &self.payment
    }

    /// Its refunds, in the order in which they were given.
    pub fn refunds(&self) -> &[Refund] {
        &self.refunds
    }

    /// The refund of an id, if it is one of them.
    pub fn refund(&self, id: &str) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.id() == id)
    }

    /// Where each source stands, in the order of deduction.
    pub fn standings(&self) -> &[Standing] {
        &self.standings
    }

    /// What was paid.
    pub const fn paid(&self) -> Money {
        self.payment.plan().amount()
    }

    /// What was refunded of it so far, with fees.
    pub const fn refunded(&self) -> Money {
        self.refunded
    }

    /// What was kept of that as fees.
    pub const fn fees(&self) -> Money {
        self.fees
    }

    /// What can still be refunded.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn left(&self) -> Result<Money, WalletError> {
        Ok(self.paid().minus(self.refunded)?)
    }

    /// What can still be refunded under a policy: without coupons, what the account paid and did not
    /// get back, less the fees.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-W14, R-W16
    pub fn left_under(&self, give_back: GiveBack) -> Result<Money, WalletError> {
        let left = self.shares_of(&self.shares()).left_under(give_back)?;
        Ok(Money::new(left, self.paid().currency()))
    }

    fn shares(&self) -> Vec<Share> {
        let share = |standing: &Standing| Share {
            class: standing.class(),
            paid: standing.paid.amount(),
            returned: standing.returned.amount(),
        };
        self.standings.iter().map(share).collect()
    }

    fn shares_of<'s>(&self, of_sources: &'s [Share]) -> Shares<'s> {
        let (refunded, fees) = (self.refunded.amount(), self.fees.amount());
        Shares { of_sources, paid: self.paid().amount(), refunded, fees }
    }

    /// Takes a refund among those that stand.
    fn count(&mut self, refund: Refund) -> Result<(), WalletError> {
        self.check_payment(refund.request())?;
        refund.request().amount.currency().same_as(self.paid().currency())?;
        for leg in refund.legs() {
            let Some(standing) = self.standing_of(leg.source()) else {
                return Err(WalletError::RefundForeignSource {
                    refund: refund.id().to_owned(),
                    origin: leg.source().to_string(),
                });
            };
            if refund.state().counts() {
                standing.returned = standing.returned.plus(leg.amount())?;
                if standing.returned.compare(standing.paid)?.is_gt() {
                    return Err(WalletError::RefundAbovePaid {
                        origin: leg.source().to_string(),
                        paid: standing.paid.amount(),
                        returned: standing.returned.amount(),
                    });
                }
            }
        }
        if refund.state().counts() {
            let request = refund.request();
            if request.amount.compare(self.left()?)?.is_gt() {
                return Err(self.above_rest(request.amount, self.left()?));
            }
            self.refunded = self.refunded.plus(request.amount)?;
            self.fees = self.fees.plus(request.fee)?;
        }
        self.refunds.push(refund);
        Ok(())
    }

    fn standing_of(&mut self, source: &Source<'static>) -> Option<&mut Standing> {
        let standing = |place: &usize| self.standings.get(*place).map(Standing::source);
        let found = self.by_source.binary_search_by(|place| standing(place).cmp(&Some(source))).ok()?;
        let place = *self.by_source.get(found)?;
        self.standings.get_mut(place)
    }

    fn check_payment(&self, request: &RefundRequest) -> Result<(), WalletError> {
        let charge = self.payment.charge();
        if (&request.application, &request.order) == (&charge.application, &charge.order) {
            return Ok(());
        }
        Err(WalletError::RefundOfOtherPayment {
            refund: request.id.clone(),
            asked: format!("{}/{}", request.application, request.order),
            payment: format!("{}/{}", charge.application, charge.order),
        })
    }

    fn above_rest(&self, amount: Money, left: Money) -> WalletError {
        WalletError::RefundAboveRest {
            amount: amount.amount(),
            paid: self.paid().amount(),
            refunded: self.refunded.amount(),
            left: left.amount(),
        }
    }
}

fn conflict(first: &RefundRequest, again: &RefundRequest) -> Result<(), WalletError> {
    match first.differs(again) {
        None => Ok(()),
        Some(fact) => Err(WalletError::RefundConflict { refund: first.id.clone(), fact }),
    }
}

impl Standing {
    /// Who paid.
    pub const fn source(&self) -> &Source<'static> {
        &self.source
    }

    /// What kind of money it is.
    pub const fn class(&self) -> SourceClass {
        SourceClass::of(&self.source)
    }

    /// What it paid.
    pub const fn paid(&self) -> Money {
        self.paid
    }

    /// What came back of it.
    pub const fn returned(&self) -> Money {
        self.returned
    }

    /// What can still come back.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn left(&self) -> Result<Money, MoneyError> {
        self.paid.minus(self.returned)
    }

    /// Where its part goes (R-W16).
    fn destination(&self, give_back: GiveBack, books: &RefundBooks<'_>) -> Result<Destination, WalletError> {
        if self.class() != SourceClass::Free {
            return Ok(Destination::Source);
        }
        Ok(match give_back {
            GiveBack::SameCoupon | GiveBack::NotCoupons => Destination::Source,
            GiveBack::SameCouponUntil(until) => Destination::SourceUntil(until),
            GiveBack::Balance => Destination::Balance,
            GiveBack::RecordedOnly => Destination::Recorded,
            GiveBack::BalanceIfExpired if self.is_expired(books)? => Destination::Balance,
            GiveBack::BalanceIfExpired => Destination::Source,
        })
    }

    /// As of an explicit choice, at its expiration it is not yet (R-W4).
    fn is_expired(&self, books: &RefundBooks<'_>) -> Result<bool, WalletError> {
        let expiration = if let Source::Coupon(id) = &self.source {
            let coupon = books.coupons.iter().find(|coupon| coupon.id() == id);
            let coupon = coupon.ok_or_else(|| WalletError::NoSuchCoupon { coupon: id.to_string() })?;
            Some(coupon.terms().expiration)
        } else {
            let fund = books.funds.iter().find(|fund| fund.source() == self.source);
            let fund = fund.ok_or_else(|| WalletError::NoSuchSource { origin: self.source.to_string() })?;
            fund.terms().expiration
        };
        Ok(expiration.is_some_and(|expiration| expiration < books.now))
    }
}

impl<'a> RefundOutcome<'a> {
    /// The refund, new or not.
    pub const fn refund(&'a self) -> &'a Refund {
        match self {
            Self::New(plan) => &plan.refund,
            Self::Retry(refund) | Self::Replay(refund) => refund,
        }
    }
}

impl RefundPlan {
    /// The refund that is to be kept: `wait`, or `success` where there is nothing to carry out.
    pub const fn refund(&self) -> &Refund {
        &self.refund
    }

    /// The refund, to keep it.
    pub fn into_refund(self) -> Refund {
        self.refund
    }

    /// Where the sources of its legs stood before, leg by leg.
    pub fn before(&self) -> &[Standing] {
        &self.before
    }

    /// What can still be refunded after it.
    pub const fn left(&self) -> Money {
        self.left
    }
}

impl fmt::Display for RefundPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = self.refund.request();
        write!(f, "{:#} of {} = ", request.amount, self.paid)?;
        let mut plus = "";
        if !request.fee.is_zero() {
            write!(f, "{} as a fee", request.fee)?;
            plus = " + ";
        }
        for (leg, standing) in self.refund.legs().iter().zip(&self.before) {
            write!(f, "{plus}{leg} ({} → ", standing.returned)?;
            match standing.returned.plus(leg.amount()) {
                Ok(after) => write!(f, "{after} of {})", standing.paid)?,
                Err(_) => write!(f, "… of {})", standing.paid)?, // it was added before, so it fits
            }
            plus = " + ";
        }
        if plus.is_empty() { f.write_str("nothing to return") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wallet::{Charge, Coupon, CouponTerms, Leg, Plan, testing::*};

    /// A payment of the order `o1`, by what each source paid: `balance`, `debt`, or a coupon's id.
    fn payment(sources: &[(&str, &str)]) -> Payment {
        let legs: Vec<Leg<'_>> = sources
            .iter()
            .map(|(source, amount)| Leg::new(read(source), cny(amount), cny("100000")).unwrap())
            .collect();
        let amount = Money::sum(legs.iter().map(Leg::amount), crate::money::CNY).unwrap();
        let charge = Charge { amount, ..charge("0") };
        Payment::new(charge, Plan::new(amount, legs).unwrap()).unwrap()
    }

    fn read(source: &str) -> Source<'static> {
        match source {
            "balance" => Source::Balance,
            "debt" => Source::Debt,
            id => Source::Coupon(id.to_owned().into()),
        }
    }

    fn of_the_rule() -> Refunds {
        Refunds::new(payment(&[("C1", "10.00"), ("C2", "20.00"), ("balance", "303.30")]), vec![]).unwrap()
    }

    fn request(id: &str, amount: &str) -> RefundRequest {
        RefundRequest {
            id: id.into(),
            application: APPLICATION.into(),
            order: "o1".into(),
            amount: cny(amount),
            fee: cny("0.00"),
            step: "0.01".parse().unwrap(),
            returned: super::super::ReturnOrder::Proportional,
            give_back: GiveBack::SameCoupon,
        }
    }

    fn books() -> RefundBooks<'static> {
        RefundBooks { elsewhere: None, coupons: &[], funds: &[], now: at(100) }
    }

    fn planned(refunds: &Refunds, request: &RefundRequest) -> Refund {
        match refunds.plan(request, &books()).unwrap() {
            RefundOutcome::New(plan) => plan.into_refund(),
            other => panic!("{other:?}"),
        }
    }

    fn code(refunds: &Refunds, request: &RefundRequest) -> &'static str {
        refunds.plan(request, &books()).unwrap_err().code()
    }

    fn shown(refund: &Refund) -> Vec<String> {
        refund.legs().iter().map(ToString::to_string).collect()
    }

    fn legs(refunds: &Refunds, request: &RefundRequest) -> Vec<String> {
        shown(&planned(refunds, request))
    }

    #[test]
    fn the_figure_of_the_rule() {
        // R-W15, portal-ref-03
        let refunds = of_the_rule();
        let expected = ["202.20 to the balance", "6.67 to coupon `C1`", "13.33 to coupon `C2`"];
        assert_eq!(legs(&refunds, &request("r1", "222.20")), expected);

        // And what is left of it restores every source.
        let refunds = refunds.with(planned(&of_the_rule(), &request("r1", "222.20"))).unwrap();
        let expected = ["101.10 to the balance", "3.33 to coupon `C1`", "6.67 to coupon `C2`"];
        assert_eq!(legs(&refunds, &request("r2", "111.10")), expected);
    }

    #[test]
    fn largest_remainder_over_many_would_take_back() {
        // R-W15: paid 0.01 : 0.03 : 0.03; no cent that came back at 0.03 is taken at 0.04.
        let mut refunds = Refunds::new(payment(&[("A", "0.01"), ("B", "0.03"), ("C", "0.03")]), vec![]).unwrap();
        for cent in 1..=7 {
            let refund = planned(&refunds, &request(&format!("r{cent}"), "0.01"));
            assert_eq!(refund.legs().len(), 1);
            refunds = refunds.with(refund).unwrap();
        }
        assert!(refunds.standings().iter().all(|standing| standing.left().unwrap().is_zero()));
    }

    #[test]
    fn no_more_than_was_paid() {
        // R-W14, portal-ref-05: paid 100, refunded 80; 20.00 is the rest, 20.01 is above it.
        let refunds = Refunds::new(payment(&[("balance", "100")]), vec![]).unwrap();
        let refunds = refunds.clone().with(planned(&refunds, &request("r1", "80"))).unwrap();
        let error = refunds.plan(&request("r2", "20.01"), &books()).unwrap_err();
        assert_eq!(error.code(), "wallet.refund_above_rest");
        let facts: Vec<String> = error.details().into_iter().map(|(_, value)| value).collect();
        assert_eq!(facts, ["20.01", "100", "80", "20"]);
        let RefundOutcome::New(plan) = refunds.plan(&request("r2", "20.00"), &books()).unwrap() else { panic!() };
        assert!(plan.left().is_zero());

        // Zero is accepted and changes nothing, also when nothing is left.
        let all = refunds.with(plan.into_refund()).unwrap();
        let nothing = planned(&all, &request("r3", "0.00"));
        assert!(nothing.legs().is_empty());
        assert_eq!(nothing.state(), RefundState::Success);
        assert_eq!(code(&all, &request("r3", "0.01")), "wallet.refund_above_rest");
    }

    #[test]
    fn faults_come_in_order() {
        // Each line mends one fault.
        let refunds = of_the_rule();
        let mut bad = RefundRequest { fee: cny("-1"), order: "o2".into(), ..request("", "-1.005") };
        assert_eq!(code(&refunds, &bad), "wallet.empty_id");
        bad.id = "r1".into();
        assert_eq!(code(&refunds, &bad), "wallet.negative_amount");
        bad.amount = cny("400.005");
        assert_eq!(code(&refunds, &bad), "wallet.negative_amount");
        bad.fee = cny("401");
        assert_eq!(code(&refunds, &bad), "wallet.fee_above_refund");
        (bad.fee, bad.step) = (cny("1"), "0".parse().unwrap());
        assert_eq!(code(&refunds, &bad), "money.bad_step");
        bad.step = "0.01".parse().unwrap();
        assert_eq!(code(&refunds, &bad), "money.not_a_multiple");
        bad.amount = cny("400.00");
        assert_eq!(code(&refunds, &bad), "wallet.refund_of_other_payment");
        bad.order = "o1".into();
        let first = refunds.clone().with(planned(&refunds, &request("r1", "1"))).unwrap();
        assert_eq!(code(&first, &bad), "wallet.refund_conflict");
        bad.step = "0.5".parse().unwrap();
        assert_eq!(code(&refunds, &bad), "money.not_a_multiple"); // 303.30 is none of it
        bad.step = "0.01".parse().unwrap();
        assert_eq!(code(&refunds, &bad), "wallet.refund_above_rest");
        (bad.amount, bad.fee) = (usd("3"), usd("1"));
        assert_eq!(code(&refunds, &bad), "money.currency_mismatch");
        bad.step = "0.5".parse().unwrap(); // another currency comes before the step of its own
        assert_eq!(code(&refunds, &bad), "money.currency_mismatch");
    }

    /// A payment and a refund of 30,000 legs each: leg by leg it would be 450,000,000 comparisons.
    #[test]
    fn many_legs_are_found_at_once() {
        let ids: Vec<String> = (0..30_000).map(|number| number.to_string()).collect();
        let sources: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), "0.01")).collect();
        let refunds = Refunds::new(payment(&sources), vec![]).unwrap();
        let refunds = refunds.clone().with(planned(&refunds, &request("r1", "300.00"))).unwrap();
        assert!(refunds.standings().iter().all(|standing| standing.left().unwrap().is_zero()));
    }

    /// R-W19: the refunds were read before a retry at the same time wrote this one, the other reading came after.
    #[test]
    fn a_refund_that_the_list_lacks_is_not_paid_twice() {
        let refunds = of_the_rule();
        let first = planned(&refunds, &request("r1", "100.00"));
        let found = RefundBooks { elsewhere: Some(&first), ..books() };
        let error = refunds.plan(&request("r1", "100"), &found).unwrap_err();
        assert_eq!(error, WalletError::RefundTwice { refund: "r1".into() });
        let other = refunds.plan(&request("r1", "100.01"), &found).unwrap_err();
        assert_eq!(other.code(), "wallet.refund_conflict");
        assert!(matches!(refunds.plan(&request("r2", "100"), &found).unwrap(), RefundOutcome::New(_)));
        let refunds = refunds.with(first.clone()).unwrap();
        assert!(matches!(refunds.plan(&request("r1", "100"), &found).unwrap(), RefundOutcome::Replay(_)));
    }

    #[test]
    fn the_same_request_again() {
        // R-W19
        let first = planned(&of_the_rule(), &request("r1", "300.00"));
        let refunds = of_the_rule().with(first.clone()).unwrap();
        let again = |refunds: &Refunds| match refunds.plan(&request("r1", "300"), &books()).unwrap() {
            RefundOutcome::New(_) => "new",
            RefundOutcome::Retry(refund) => {
                assert_eq!(refund.legs(), first.legs());
                "retry"
            }
            RefundOutcome::Replay(refund) => {
                assert_eq!(refund.legs(), first.legs());
                "replay"
            }
        };
        assert_eq!(again(&of_the_rule()), "new");
        assert_eq!(again(&refunds), "replay");
        assert_eq!(again(&refunds.after("r1", RefundEvent::Succeed).unwrap()), "replay");
        let failed = refunds.after("r1", RefundEvent::Fail).unwrap();
        assert_eq!(again(&failed), "retry");
        assert_eq!(again(&failed.after("r1", RefundEvent::Retry).unwrap()), "replay");
        assert_eq!(again(&failed.after("r1", RefundEvent::Close).unwrap()), "replay");
        assert_eq!(failed.after("r1", RefundEvent::Succeed).unwrap_err().code(), "wallet.refund_transition");
        assert_eq!(refunds.after("r2", RefundEvent::Fail).unwrap_err().code(), "wallet.no_such_refund");

        // One that failed keeps its amount, one that is closed does not.
        assert_eq!(code(&failed, &request("r2", "33.31")), "wallet.refund_above_rest");
        let closed = failed.after("r1", RefundEvent::Close).unwrap();
        assert!(closed.refunded().is_zero());
        assert_eq!(legs(&closed, &request("r2", "333.30")).len(), 3);
    }

    #[test]
    fn another_fact_is_a_conflict_that_names_it() {
        // R-W19
        let refunds = of_the_rule().with(planned(&of_the_rule(), &request("r1", "5"))).unwrap();
        let fact = |again: &RefundRequest| refunds.plan(again, &books()).unwrap_err().details()[1].1.clone();
        let same = request("r1", "5.00");
        assert_eq!(fact(&RefundRequest { amount: cny("6"), ..same.clone() }), "amount");
        assert_eq!(fact(&RefundRequest { amount: usd("5"), fee: usd("0"), ..same.clone() }), "amount");
        assert_eq!(fact(&RefundRequest { fee: cny("1"), ..same.clone() }), "fee");
        assert_eq!(fact(&RefundRequest { step: "0.1".parse().unwrap(), ..same.clone() }), "step");
        let free_first = super::super::ReturnOrder::FreeFirst;
        assert_eq!(fact(&RefundRequest { returned: free_first, ..same.clone() }), "return order");
        assert_eq!(fact(&RefundRequest { give_back: GiveBack::Balance, ..same.clone() }), "give-back policy");

        // The id on another payment.
        let charge = Charge { order: "o2".into(), amount: cny("9"), ..charge("0") };
        let leg = Leg::new(Source::Balance, cny("9"), cny("9")).unwrap();
        let other = Payment::new(charge, Plan::new(cny("9"), vec![leg]).unwrap()).unwrap();
        let other = Refunds::new(other, vec![]).unwrap();
        let books = RefundBooks { elsewhere: refunds.refund("r1"), ..books() };
        let again = RefundRequest { order: "o2".into(), ..same };
        let error = other.plan(&again, &books).unwrap_err();
        assert_eq!(error.code(), "wallet.refund_conflict");
        assert_eq!(error.details()[1].1, "payment");
        let another_id = RefundRequest { id: "r2".into(), ..again };
        assert!(matches!(other.plan(&another_id, &books).unwrap(), RefundOutcome::New(_)));
    }

    #[test]
    fn where_coupons_get_it() {
        // R-W16
        let with = |give_back| legs(&of_the_rule(), &RefundRequest { give_back, ..request("r1", "222.20") });
        assert_eq!(with(GiveBack::SameCouponUntil(at(2_000)))[1], format!("6.67 to coupon `C1` until {}", at(2_000)));
        assert_eq!(with(GiveBack::Balance)[2], "13.33 of coupon `C2` to the balance");
        assert_eq!(with(GiveBack::RecordedOnly)[2], "13.33 of coupon `C2`, recorded only");
        assert_eq!(with(GiveBack::NotCoupons), ["222.20 to the balance"]);

        // Coupons take no part: what the account paid is all there is.
        let not_coupons = |amount| RefundRequest { give_back: GiveBack::NotCoupons, ..request("r1", amount) };
        assert_eq!(legs(&of_the_rule(), &not_coupons("303.30")), ["303.30 to the balance"]);
        let error = of_the_rule().plan(&not_coupons("303.31"), &books()).unwrap_err();
        assert_eq!(error.details()[3], ("left", "303.30".to_owned()));

        // To the balance if expired; exactly at the expiration it is not (R-W4).
        let coupons = [("C1", 99), ("C2", 100)]
            .map(|(id, second)| coupon(CouponTerms { expiration: at(second), ..terms(id, "1") }));
        let expired = RefundRequest { give_back: GiveBack::BalanceIfExpired, ..request("r1", "222.20") };
        let plan = |coupons: &[Coupon]| {
            let refunds = of_the_rule();
            let outcome = refunds.plan(&expired, &RefundBooks { coupons, ..books() })?;
            Ok::<_, WalletError>(shown(outcome.refund()))
        };
        let expected = ["202.20 to the balance", "6.67 of coupon `C1` to the balance", "13.33 to coupon `C2`"];
        assert_eq!(plan(&coupons).unwrap(), expected);
        assert_eq!(plan(&coupons[..1]).unwrap_err().code(), "wallet.no_such_coupon");
    }

    #[test]
    fn the_fee_comes_first() {
        // R-W18, R-P10: 100 asked, 10 of it kept; both count against what was paid.
        let refunds = Refunds::new(payment(&[("C1", "50.00"), ("balance", "50.00")]), vec![]).unwrap();
        let with_fee = RefundRequest { fee: cny("10.00"), ..request("r1", "60.00") };
        let RefundOutcome::New(plan) = refunds.plan(&with_fee, &books()).unwrap() else { panic!() };
        assert_eq!(
            plan.to_string(),
            "60.00 CNY of 100.00 = 10.00 as a fee + 25.00 to the balance (0.00 → 25.00 of 50.00) \
             + 25.00 to coupon `C1` (0.00 → 25.00 of 50.00)",
        );
        let refunds = refunds.with(plan.into_refund()).unwrap();
        assert_eq!((refunds.refunded(), refunds.fees()), (cny("60"), cny("10")));
        assert_eq!(code(&refunds, &request("r2", "40.01")), "wallet.refund_above_rest");
        assert_eq!(legs(&refunds, &request("r2", "40.00")), ["20.00 to the balance", "20.00 to coupon `C1`"]);

        // All of it may be a fee.
        let all = RefundRequest { fee: cny("40.00"), ..request("r2", "40.00") };
        assert!(legs(&refunds, &all).is_empty());
    }

    #[test]
    fn the_orders() {
        // R-W18: 5 + 5 by coupons, 6 from the balance, 4 as debt; 7 comes back.
        use super::super::ReturnOrder::*;
        let refunds = || {
            let sources = [("A", "5.00"), ("B", "5.00"), ("balance", "6.00"), ("debt", "4.00")];
            Refunds::new(payment(&sources), vec![]).unwrap()
        };
        let by = |returned| legs(&refunds(), &RefundRequest { returned, ..request("r1", "7.00") }).join(", ");
        // What is owed comes before what was held.
        assert_eq!(by(Proportional), "3.50 off debt, 1.75 to coupon `A`, 1.75 to coupon `B`");
        assert_eq!(by(ReverseDeduction), "4.00 off debt, 3.00 to the balance");
        assert_eq!(by(PaidFirst), "4.00 off debt, 3.00 to the balance");
        assert_eq!(by(FreeFirst), "3.50 to coupon `A`, 3.50 to coupon `B`");
    }

    #[test]
    fn what_a_store_kept_is_checked() {
        // Legs that were tampered with.
        let good = planned(&of_the_rule(), &request("r1", "222.20"));
        let with = |legs: Vec<RefundLeg>| Refund::new(request("r1", "222.20"), legs, RefundState::Wait);
        assert_eq!(with(good.legs().to_vec()).unwrap(), good);
        assert_eq!(with(good.legs()[1..].to_vec()).unwrap_err().code(), "money.not_conserved");
        let leg = |source, amount, to| RefundLeg::new(read(source), cny(amount), to);
        let twice = vec![leg("balance", "202.20", Destination::Source).unwrap(); 2];
        assert_eq!(with(twice).unwrap_err().code(), "wallet.refund_source_twice");
        assert_eq!(leg("balance", "0", Destination::Source).unwrap_err().code(), "wallet.empty_refund_leg");
        assert_eq!(leg("debt", "1", Destination::Balance).unwrap_err().code(), "wallet.refund_destination");
        let elsewhere = leg("C1", "222.20", Destination::Balance).unwrap();
        assert_eq!(with(vec![elsewhere]).unwrap_err().code(), "wallet.refund_destination");

        // Refunds that are not those of the payment.
        let refunds = |legs: Vec<RefundLeg>| Refunds::new(of_the_rule().payment().clone(), vec![with(legs)?]);
        let error = refunds(vec![leg("C1", "222.20", Destination::Source).unwrap()]).unwrap_err();
        assert_eq!(error.code(), "wallet.refund_above_paid");
        let error = refunds(vec![leg("C3", "222.20", Destination::Source).unwrap()]).unwrap_err();
        assert_eq!(error.code(), "wallet.refund_foreign_source");
        let twice = Refunds::new(of_the_rule().payment().clone(), vec![good.clone(), good.clone()]);
        assert_eq!(twice.unwrap_err().code(), "wallet.refund_twice");
        assert_eq!(of_the_rule().with(good.clone()).unwrap().with(good).unwrap_err().code(), "wallet.refund_twice");
        let two =
            ["r1", "r2"].map(|id| planned(&of_the_rule(), &RefundRequest { fee: cny("150"), ..request(id, "200") }));
        let two = Refunds::new(of_the_rule().payment().clone(), two.into());
        assert_eq!(two.unwrap_err().code(), "wallet.refund_above_rest");
    }
}
