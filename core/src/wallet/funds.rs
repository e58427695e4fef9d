use super::{
    Coupon, Fund, FundingOrder, Lock, Purpose, Source, Step,
    draw::{Purse, Visitor},
    funding_order::{BY_EXPIRY, PORTAL, sort},
    lock::Held,
    sources::{At, Sources},
};
use crate::{
    error::WalletError,
    exact::decimal::{self, Sum},
    money::Money,
    time::Instant,
};
use rust_decimal::Decimal;
use std::ops::ControlFlow;

/// What a payment may draw on: the balance of an account, the coupons and other funds beside it, and the
/// locks on all of them.
///
/// Coupons, funds and locks may be any rows that the caller holds, of other owners and units too: what
/// does not fit a payment is not used for it.
///
/// # Rule
/// R-W6, R-W9, R-W11, R-W12
#[derive(Debug, Clone)]
pub struct Funds<'a> {
    balance: Money,
    debt: Money,
    /// In the order in which the automatic choice takes them (R-W3), each id once: so the caller's
    /// order means nothing, and no balance counts twice.
    coupons: Vec<&'a Coupon>,
    others: &'a [Fund],
    locks: &'a [Lock],
}

/// What one source has for a payment.
///
/// # Rule
/// R-W11, R-W12
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Available<'a> {
    /// The source.
    pub source: Source<'a>,
    /// What it holds; of a credit line, the credit that is left.
    pub holds: Money,
    /// What of that is locked, or above what one payment may take.
    pub kept: Money,
    /// What it can pay.
    pub available: Money,
}

impl<'a> Funds<'a> {
    /// The balance of the payer's account, below zero when it is overdrawn, and coupons.
    ///
    /// # Errors
    /// `wallet.coupon_held_twice`.
    pub fn new(balance: Money, coupons: &'a [Coupon]) -> Result<Self, WalletError> {
        let mut rows: Vec<&Coupon> = coupons.iter().collect();
        rows.sort_unstable_by_key(|row| row.id());
        let mut neighbours = rows.iter().zip(rows.iter().skip(1));
        if let Some((twice, _)) = neighbours.find(|(a, b)| a.id() == b.id()) {
            return Err(WalletError::CouponHeldTwice { coupon: twice.id().to_owned() });
        }
        sort(&mut rows, &BY_EXPIRY);
        Ok(Self { balance, debt: Money::zero(balance.currency()), coupons: rows, others: &[], locks: &[] })
    }

    /// The same funds with cash coupons, cards, bonuses and credit lines, which a
    /// [`Funding::Order`](super::Funding::Order) draws on.
    ///
    /// # Errors
    /// `wallet.fund_held_twice`.
    ///
    /// # Rule
    /// R-W9
    pub fn with(self, others: &'a [Fund]) -> Result<Self, WalletError> {
        let mut sources: Vec<Source<'_>> = others.iter().map(Fund::source).collect();
        sources.sort_unstable();
        let mut neighbours = sources.iter().zip(sources.iter().skip(1));
        match neighbours.find(|(a, b)| a == b) {
            Some((twice, _)) => Err(WalletError::FundHeldTwice { origin: twice.to_string() }),
            None => Ok(Self { others, ..self }),
        }
    }

    /// The same funds, where these locks hold what they hold of the payer's sources as long as they are
    /// live. They may be of any state: one that has ended holds nothing.
    ///
    /// # Errors
    /// `wallet.lock_held_twice` for two locks of one application and order.
    ///
    /// # Rule
    /// R-W12
    pub fn with_locks(self, locks: &'a [Lock]) -> Result<Self, WalletError> {
        let mut orders: Vec<(&str, &str)> = locks.iter().map(Lock::identity).collect();
        orders.sort_unstable();
        let mut neighbours = orders.iter().zip(orders.iter().skip(1));
        match neighbours.find(|(a, b)| a == b) {
            Some(((application, order), _)) => {
                Err(WalletError::LockHeldTwice { application: (*application).into(), order: (*order).into() })
            }
            None => Ok(Self { locks, ..self }),
        }
    }

    /// The same funds, where the payer owes this much already beside the balance.
    ///
    /// It is only where a new debt is put on top ([`Funding::Debt`](super::Funding::Debt)): nothing is
    /// netted against it.
    ///
    /// # Errors
    /// `wallet.negative_debt`, `money.currency_mismatch`.
    ///
    /// # Rule
    /// R-W10
    pub fn owing(self, debt: Money) -> Result<Self, WalletError> {
        debt.currency().same_as(self.balance.currency())?;
        if debt.is_negative() {
            return Err(WalletError::NegativeDebt { debt: debt.amount() });
        }
        Ok(Self { debt, ..self })
    }

    /// What the account holds, below zero when it is overdrawn.
    pub const fn balance(&self) -> Money {
        self.balance
    }

    /// What is owed beside the balance.
    pub const fn debt(&self) -> Money {
        self.debt
    }

    /// The coupons, the next to expire first; equal ones by creation, then by id.
    pub fn coupons(&self) -> impl Iterator<Item = &'a Coupon> {
        self.coupons.iter().copied()
    }

    /// The same, where they stand.
    pub(super) fn in_order(&self) -> &[&'a Coupon] {
        &self.coupons
    }

    /// The cash coupons, cards, bonuses and credit lines.
    pub const fn others(&self) -> &'a [Fund] {
        self.others
    }

    /// The locks, those that have ended too.
    pub const fn locks(&self) -> &'a [Lock] {
        self.locks
    }

    /// What a source holds, locked or not; none if it is not here.
    pub(super) fn holds(&self, source: &Source<'_>) -> Option<Money> {
        match source {
            Source::Balance => Some(self.balance),
            Source::Debt => Some(self.debt),
            Source::Coupon(id) => self.coupons().find(|coupon| coupon.id() == id).map(Coupon::balance),
            source => self.others.iter().find(|fund| fund.source() == *source).map(Fund::balance),
        }
    }

    /// What each source has for this, in an order: those that have anything. Coupons are those of the
    /// automatic choice (R-W3).
    ///
    /// # Errors
    /// `money.currency_mismatch` for a purpose in another currency than the balance, `money.overflow`.
    ///
    /// # Rule
    /// R-W9, R-W11, R-W12
    pub fn available(
        &self,
        order: &FundingOrder,
        purpose: &Purpose<'_>,
        now: Instant,
    ) -> Result<Vec<Available<'a>>, WalletError> {
        let mut all = Vec::new();
        self.each(order.steps(), purpose, now, |source, holds, kept| {
            all.push(Available { source, holds, kept, available: holds.minus(kept)? });
            Ok(())
        })?;
        Ok(all)
    }

    /// What can be spent on this: the coupons that the automatic choice would take, and the balance as
    /// far as it is above zero; of both, what no lock holds.
    ///
    /// An overdrawn balance is not netted against coupons: with coupons of 45 and a balance of −50, 45
    /// can be spent.
    ///
    /// # Errors
    /// `money.currency_mismatch` for a purpose in another currency than the balance, `money.overflow`.
    ///
    /// # Rule
    /// R-W11
    pub fn usable(&self, purpose: &Purpose<'_>, now: Instant) -> Result<Money, WalletError> {
        let mut total = Sum::from(decimal::zero(self.balance.amount().scale()));
        self.each(&PORTAL, purpose, now, |_, holds, kept| {
            total.add(holds.amount())?;
            Ok(total.subtract(kept.amount())?)
        })?;
        Ok(Money::new(total.total()?, purpose.currency))
    }

    /// Visits what each source holds, and has to keep.
    fn each(
        &self,
        steps: &[Step],
        purpose: &Purpose<'_>,
        now: Instant,
        mut visit: impl FnMut(Source<'a>, Money, Money) -> Result<(), WalletError>,
    ) -> Result<(), WalletError> {
        self.balance.currency().same_as(purpose.currency)?;
        let held = Held::of_payer(self.locks, purpose.payer, purpose.currency, now)?;
        let sources = Sources { steps, named: None, funds: self, held: &held, purpose, now };
        let mut asking = Asking { visit: &mut visit, outcome: Ok(()) };
        sources.each(&mut asking)?;
        asking.outcome
    }

    /// Whether so much can be spent on this: `needed ≤` [`usable`](Self::usable).
    ///
    /// # Errors
    /// `wallet.negative_amount` (the portal answers yes: D-W4), `money.currency_mismatch`,
    /// `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::{money::{Money, CNY}, wallet::{Funds, Owner, Purpose}};
    ///
    /// let payer = Owner::User("zhang".into());
    /// let purpose = Purpose { payer: &payer, unit: "vm", order: None, currency: CNY };
    /// let funds = Funds::new(Money::parse("12.00", CNY)?, &[])?;
    /// let now = "2025-03-14T15:09:26Z".parse()?;
    /// assert!(funds.has_enough(Money::parse("12", CNY)?, &purpose, now)?);
    /// assert!(!funds.has_enough(Money::parse("12.01", CNY)?, &purpose, now)?);
    /// let negative = funds.has_enough(Money::parse("-1", CNY)?, &purpose, now);
    /// assert_eq!(negative.unwrap_err().code(), "wallet.negative_amount");
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-W11, D-W4
    pub fn has_enough(&self, needed: Money, purpose: &Purpose<'_>, now: Instant) -> Result<bool, WalletError> {
        if needed.is_negative() {
            return Err(WalletError::NegativeAmount { amount: needed.amount() });
        }
        Ok(needed.compare(self.usable(purpose, now)?)?.is_le())
    }
}

/// Asks each source, until one fails.
struct Asking<'v, F> {
    visit: &'v mut F,
    outcome: Result<(), WalletError>,
}

impl<'a, F: FnMut(Source<'a>, Money, Money) -> Result<(), WalletError>> Visitor<At<'a>> for Asking<'_, F> {
    fn able(&mut self, at: At<'a>, holds: &Money, kept: Option<&Decimal>) -> ControlFlow<()> {
        let kept = kept.copied().unwrap_or_else(|| decimal::zero(holds.amount().scale()));
        self.outcome = (self.visit)(at.source(), *holds, Money::new(kept, holds.currency()));
        if self.outcome.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{CouponTerms, Scope, testing::*},
        *,
    };
    use crate::money::CNY;

    #[test]
    fn debt_is_not_netted_against_coupons() {
        // R-W11
        let payer = user("a");
        let purpose = Purpose { payer: &payer, unit: UNIT, order: None, currency: CNY };
        let coupons = [
            coupon(terms("C1", "25.00")),
            coupon(terms("C2", "20.00")),
            coupon(CouponTerms { scope: Scope::Order("o1".into()), ..terms("C3", "7") }),
            coupon(CouponTerms { expiration: at(100), ..terms("C4", "7") }),
        ];
        let usable = |balance: &str| {
            let funds = Funds::new(cny(balance), &coupons).unwrap().owing(cny("1000")).unwrap();
            funds.usable(&purpose, at(100)).unwrap().to_string()
        };
        assert_eq!(usable("-50"), "45.00");
        assert_eq!(usable("0"), "45.00");
        assert_eq!(usable("0.01"), "45.01");

        let of_the_order = Purpose { order: Some("o1"), ..purpose };
        let funds = Funds::new(cny("-50"), &coupons).unwrap();
        assert_eq!(funds.usable(&of_the_order, at(100)).unwrap(), cny("52"));
        assert!(funds.has_enough(cny("45"), &purpose, at(100)).unwrap());
        assert!(!funds.has_enough(cny("45.01"), &purpose, at(100)).unwrap());
        assert!(funds.has_enough(cny("0"), &purpose, at(100)).unwrap());
    }

    #[test]
    fn what_makes_no_sense_is_an_error() {
        let payer = user("a");
        let purpose = Purpose { payer: &payer, unit: UNIT, order: None, currency: CNY };
        let funds = Funds::new(cny("5"), &[]).unwrap();
        // D-W4
        let ask = |needed| funds.has_enough(needed, &purpose, at(1)).unwrap_err().code();
        assert_eq!(ask(cny("-0.01")), "wallet.negative_amount");
        assert_eq!(ask(usd("1")), "money.currency_mismatch");
        let dollars = Purpose { currency: "USD".parse().unwrap(), ..purpose };
        assert_eq!(funds.usable(&dollars, at(1)).unwrap_err().code(), "money.currency_mismatch");
        assert_eq!(funds.clone().owing(cny("-1")).unwrap_err().code(), "wallet.negative_debt");
        assert_eq!(funds.owing(usd("1")).unwrap_err().code(), "money.currency_mismatch");

        let twice = [terms("C2", "5"), terms("C1", "1"), terms("C2", "6")].map(coupon);
        assert_eq!(Funds::new(cny("5"), &twice).unwrap_err().code(), "wallet.coupon_held_twice");
    }
}
