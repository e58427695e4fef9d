use super::{Coupon, CouponStatus, Fund};
use crate::{error::WalletError, money::Money, time::Instant};

/// When the holder of a coupon, a card or an account is told about it.
///
/// # Examples
/// ```
/// # use counterfoil::{money::{Money, CNY}, wallet::{Category, Coupon, CouponStatus, CouponTerms, Owner, Scope}};
/// use counterfoil::{time::MICROS_PER_DAY, wallet::{Notices, NoticePolicy}};
///
/// # let coupon = Coupon::new(CouponTerms {
/// #     id: "C1".into(), face_value: Money::parse("100.00", CNY)?, balance: Money::parse("80.00", CNY)?,
/// #     status: CouponStatus::Available, effective: "2025-03-01T00:00:00Z".parse()?,
/// #     expiration: "2025-06-01T00:00:00Z".parse()?, created: "2025-02-20T08:00:00Z".parse()?,
/// #     owner: Some(Owner::User("zhang".into())), unit: Some("vm".into()), scope: Scope::Unit, category: Category::Server,
/// # })?;
/// let policy =
///     NoticePolicy { balance_below: Money::parse("100", CNY)?, expires_within_micros: 7 * MICROS_PER_DAY };
/// let due = policy.due(&coupon, Notices::NONE, "2025-03-14T00:00:00Z".parse()?)?; // it holds 80.00 until June
/// assert_eq!(due, Notices { low_balance: true, expiring: false });
///
/// let later = policy.due(&coupon, due, "2025-05-31T00:00:00Z".parse()?)?; // each notice once
/// assert_eq!(later, Notices { low_balance: false, expiring: true });
/// assert_eq!(policy.due(&coupon, due.and(later), "2025-05-31T12:00:00Z".parse()?)?, Notices::NONE);
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Units
/// Microseconds.
///
/// # Rule
/// Notices, after R-W5
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticePolicy {
    /// The balance below which it runs low (the portal: 100).
    pub balance_below: Money,
    /// How long before its expiration it is about to expire.
    pub expires_within_micros: i64,
}

/// Notices about one coupon, card or account: those that are due, or those that were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Notices {
    /// Its balance is low.
    pub low_balance: bool,
    /// It is about to expire.
    pub expiring: bool,
}

impl NoticePolicy {
    /// The notices that are due now and were not sent yet.
    ///
    /// Only the holder of an available coupon that has not expired is told. A balance of exactly the
    /// threshold is not low; a coupon that expires exactly at the end of the stretch is about to; one
    /// that is used up has nothing left to lose by expiring.
    ///
    /// # Errors
    /// `money.currency_mismatch` for a threshold in another currency.
    pub fn due(&self, coupon: &Coupon, sent: Notices, now: Instant) -> Result<Notices, WalletError> {
        let is_told = coupon.status() == CouponStatus::Available && coupon.owner().is_some();
        let due = self.of(coupon.balance(), Some(coupon.terms().expiration), sent, now)?;
        Ok(if is_told { due } else { Notices::NONE })
    }

    /// The same of a cash coupon, a card, a bonus or a credit line; one that never expires is never about
    /// to.
    ///
    /// # Errors
    /// `money.currency_mismatch` for a threshold in another currency.
    pub fn due_of_fund(&self, fund: &Fund, sent: Notices, now: Instant) -> Result<Notices, WalletError> {
        self.of(fund.balance(), fund.terms().expiration, sent, now)
    }

    /// The same of the balance of an account, which does not expire; below zero it is low too.
    ///
    /// # Errors
    /// `money.currency_mismatch` for a threshold in another currency.
    pub fn due_of_balance(&self, balance: Money, sent: Notices) -> Result<Notices, WalletError> {
        let low = self.is_low(balance)?;
        Ok(Notices { low_balance: low && !sent.low_balance, expiring: false })
    }

    /// What is still to be counted as sent, when the balance is that again: a notice of a low balance is
    /// about one fall below the threshold, so a top-up to it or above makes room for the next.
    ///
    /// # Errors
    /// `money.currency_mismatch` for a threshold in another currency.
    pub fn still_sent(&self, balance: Money, sent: Notices) -> Result<Notices, WalletError> {
        Ok(Notices { low_balance: sent.low_balance && self.is_low(balance)?, ..sent })
    }

    fn is_low(&self, balance: Money) -> Result<bool, WalletError> {
        Ok(balance.compare(self.balance_below)?.is_lt())
    }

    /// Those of something that holds so much until then.
    fn of(
        &self,
        balance: Money,
        expiration: Option<Instant>,
        sent: Notices,
        now: Instant,
    ) -> Result<Notices, WalletError> {
        let low = self.is_low(balance)?;
        let is_live = expiration.is_none_or(|expiration| now <= expiration);
        let soon = expiration.is_some_and(|expiration| expiration.micros_since(now) <= self.expires_within_micros);
        let soon = soon && !balance.is_zero();
        Ok(Notices { low_balance: is_live && low && !sent.low_balance, expiring: is_live && soon && !sent.expiring })
    }
}

impl Notices {
    /// No notice.
    pub const NONE: Self = Self { low_balance: false, expiring: false };

    /// These and those: what was sent before, and what is sent now.
    pub const fn and(self, other: Self) -> Self {
        Self { low_balance: self.low_balance || other.low_balance, expiring: self.expiring || other.expiring }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{CouponTerms, testing::*},
        *,
    };

    const POLICY: fn() -> NoticePolicy =
        || NoticePolicy { balance_below: cny("100"), expires_within_micros: 10_000_000 };

    fn due(terms: CouponTerms, now: i64) -> (bool, bool) {
        let due = POLICY().due(&coupon(terms), Notices::NONE, at(now)).unwrap();
        (due.low_balance, due.expiring)
    }

    #[test]
    fn a_low_balance_is_below_the_threshold() {
        let low = |balance| due(terms("C1", balance), 100).0;
        assert!(low("99.99") && low("0"));
        assert!(!low("100.00") && !low("100.01"));
    }

    #[test]
    fn about_to_expire_includes_both_ends() {
        let expiring = |balance, now| due(CouponTerms { expiration: at(50), ..terms("C1", balance) }, now).1;
        assert!(!expiring("500", 39) && expiring("500", 40) && expiring("500", 50) && !expiring("500", 51));
        assert!(!expiring("0", 45));
    }

    #[test]
    fn only_the_holder_of_a_live_coupon_is_told() {
        let ending = CouponTerms { expiration: at(50), ..terms("C1", "5") };
        assert_eq!(due(ending.clone(), 45), (true, true));
        assert_eq!(due(ending.clone(), 51), (false, false));
        assert_eq!(due(CouponTerms { owner: None, ..ending.clone() }, 45), (false, false));
        for status in [CouponStatus::Wait, CouponStatus::Cancelled, CouponStatus::Deleted] {
            assert_eq!(due(CouponTerms { status, ..ending.clone() }, 45), (false, false));
        }
    }

    #[test]
    fn cards_and_accounts_run_low_too() {
        use super::super::FundTerms;
        let of = |balance, expiration: Option<i64>, now| {
            let card = fund(FundTerms { expiration: expiration.map(at), ..card("A", balance) });
            let due = POLICY().due_of_fund(&card, Notices::NONE, at(now)).unwrap();
            (due.low_balance, due.expiring)
        };
        assert_eq!(of("99.99", None, 45), (true, false));
        assert_eq!(of("100", Some(50), 39), (false, false));
        assert_eq!(of("100", Some(50), 40), (false, true));
        assert_eq!(of("5", Some(50), 51), (false, false));

        let (policy, low) = (POLICY(), Notices { low_balance: true, expiring: false });
        let due = |balance, sent| policy.due_of_balance(cny(balance), sent).unwrap();
        assert_eq!((due("99.99", Notices::NONE), due("-5", Notices::NONE)), (low, low));
        assert_eq!((due("100", Notices::NONE), due("99", low)), (Notices::NONE, Notices::NONE));
        // Topped up, it may fall again.
        assert_eq!(policy.still_sent(cny("99.99"), low).unwrap(), low);
        assert_eq!(policy.still_sent(cny("100"), low).unwrap(), Notices::NONE);
        assert_eq!(policy.due_of_balance(usd("1"), low).unwrap_err().code(), "money.currency_mismatch");
    }

    #[test]
    fn each_notice_is_sent_once() {
        let ending = coupon(CouponTerms { expiration: at(50), ..terms("C1", "5") });
        for sent in [(false, false), (true, false), (false, true), (true, true)] {
            let sent = Notices { low_balance: sent.0, expiring: sent.1 };
            let due = POLICY().due(&ending, sent, at(45)).unwrap();
            assert_eq!((due.low_balance, due.expiring), (!sent.low_balance, !sent.expiring));
            assert_eq!(POLICY().due(&ending, sent.and(due), at(46)).unwrap(), Notices::NONE);
        }
        let dollars = NoticePolicy { balance_below: usd("100"), ..POLICY() };
        assert_eq!(dollars.due(&ending, Notices::NONE, at(45)).unwrap_err().code(), "money.currency_mismatch");
    }
}
