use super::{Coupon, CouponStatus};
use crate::{error::WalletError, money::Money, time::Instant};

/// When the holder of a coupon is told about it.
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
    /// The balance below which a coupon runs low (the portal: 100).
    pub balance_below: Money,
    /// How long before its expiration a coupon is about to expire.
    pub expires_within_micros: i64,
}

/// Notices about one coupon: those that are due, or those that were sent.
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
        let low = coupon.balance().compare(self.balance_below)?.is_lt();
        let expiration = coupon.terms().expiration;
        let told = coupon.status() == CouponStatus::Available && coupon.owner().is_some() && now <= expiration;
        let soon = expiration.micros_since(now) <= self.expires_within_micros && !coupon.balance().is_zero();
        Ok(Notices { low_balance: told && low && !sent.low_balance, expiring: told && soon && !sent.expiring })
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
