use super::{Coupon, CouponStatus, Funds, Purpose, SourceKind, Step, lock::Held};
use crate::{
    error::{MoneyError, WalletError},
    money::{Currency, Money},
    time::Instant,
};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Which coupons pay.
///
/// The two ways differ at the edges, as in the portal: the automatic choice takes a coupon strictly
/// between its effective and its expiration instant, and passes over what does not fit; a list is taken
/// at its word, both instants included, and what does not fit is an error.
///
/// # Rule
/// R-W3, R-W4
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coupons {
    /// Every usable one of the payer, the next to expire first; equal ones by creation, then by id.
    ///
    /// # Rule
    /// R-W3
    Automatic,
    /// These, in this order. None named is none used. Each must be fit to pay.
    ///
    /// # Rule
    /// R-W4
    Named(Vec<String>),
}

/// The coupons that pay when none are named: never a fault, only fewer of them.
///
/// # Rule
/// R-W3
pub(super) fn automatic<'f, 'a>(
    funds: &'f Funds<'a>,
    purpose: &'f Purpose<'f>,
    now: Instant,
) -> impl Iterator<Item = &'a Coupon> + use<'f, 'a> {
    funds.coupons().filter(move |coupon| pays(coupon, purpose, now))
}

/// A coupon as the choice looks at it: one of a call, or a row of columns.
pub(super) trait Voucher {
    fn id(&self) -> &str;
    fn status(&self) -> CouponStatus;
    fn balance(&self) -> Money;
    fn effective(&self) -> Instant;
    fn expiration(&self) -> Instant;
    /// The one order that it pays for, if it is for one.
    fn only_order(&self) -> Option<&str>;

    fn currency(&self) -> Currency {
        self.balance().currency()
    }

    fn is_empty(&self) -> bool {
        self.balance().is_zero()
    }
}

/// What is paid with a voucher, beside who pays.
#[derive(Debug, Clone, Copy)]
pub(super) struct Aim<'p> {
    pub(super) order: Option<&'p str>,
    pub(super) currency: Currency,
    pub(super) now: Instant,
}

impl Aim<'_> {
    /// Why a voucher may not pay it, if so (R-W2).
    #[inline(always)]
    pub(super) fn obstacle(&self, voucher: &impl Voucher, is_of_unit: bool) -> Option<&'static str> {
        if !is_of_unit {
            return Some("it is for another settlement unit");
        }
        if voucher.currency() != self.currency {
            return Some("it is in another currency");
        }
        match voucher.only_order() {
            None => None,
            Some(order) if !order.is_empty() && self.order == Some(order) => None,
            Some(_) => Some("it is for another order"),
        }
    }

    /// Whether the automatic choice takes a voucher (R-W3).
    #[inline(always)]
    pub(super) fn takes<V: Voucher>(
        &self,
        voucher: &V,
        is_theirs: impl FnOnce() -> bool,
        is_of_unit: impl FnOnce() -> bool,
    ) -> bool {
        voucher.status() == CouponStatus::Available
            && !voucher.is_empty()
            && voucher.effective() < self.now
            && self.now < voucher.expiration()
            && is_theirs()
            && self.obstacle(voucher, is_of_unit()).is_none()
    }

    /// What is wrong with vouchers that were named, each once (R-W4): those that do not exist are errors of
    /// the iterator already.
    pub(super) fn admits<V: Voucher>(
        &self,
        named: impl Iterator<Item = Result<V, WalletError>> + Clone,
        is_of_unit: impl Fn(&V) -> bool,
        held: impl Fn(&V) -> Result<Option<Decimal>, MoneyError>,
    ) -> Result<(), WalletError> {
        for voucher in named.clone() {
            check_now(&voucher?, self.now)?;
        }
        for voucher in named.clone() {
            let voucher = voucher?;
            if let Some(reason) = self.obstacle(&voucher, is_of_unit(&voucher)) {
                return Err(WalletError::CouponNotApplicable { coupon: voucher.id().to_owned(), reason });
            }
        }
        for voucher in named {
            let voucher = voucher?;
            let balance = voucher.balance().amount();
            if balance.is_zero() {
                return Err(WalletError::CouponNoBalance { coupon: voucher.id().to_owned() });
            }
            if let Some(locked) = held(&voucher)?.filter(|locked| balance <= *locked) {
                return Err(WalletError::CouponLocked { coupon: voucher.id().to_owned(), balance, locked });
            }
        }
        Ok(())
    }
}

/// The error for coupons that are named where no step takes any.
pub(super) fn check_step(steps: &[Step], first_named: Option<&str>) -> Result<(), WalletError> {
    match first_named {
        Some(coupon) if steps.iter().all(|step| step.kind != SourceKind::Coupon) => {
            let reason = "the funding order takes no coupons";
            Err(WalletError::CouponNotApplicable { coupon: coupon.to_owned(), reason })
        }
        _ => Ok(()),
    }
}

/// Whether the automatic choice takes a coupon.
#[inline(always)]
pub(super) fn pays(coupon: &Coupon, purpose: &Purpose<'_>, now: Instant) -> bool {
    let (is_theirs, is_of_unit) = (|| coupon.owner() == Some(purpose.payer), || coupon.is_of_unit(purpose.unit));
    purpose.aim(now).takes(&coupon, is_theirs, is_of_unit)
}

/// The coupons that pay when these are named, in this order.
///
/// # Errors
/// In this order: `wallet.coupon_named_twice`; for each in the order of the list
/// `wallet.no_such_coupon`, `wallet.coupon_not_available`, `wallet.coupon_not_effective`,
/// `wallet.coupon_expired`; then `wallet.coupon_not_applicable`; then `wallet.coupon_no_balance`, or `wallet.coupon_locked` where a
/// lock holds all of its balance.
///
/// # Rule
/// R-W4, R-W12
pub(super) fn named<'a>(
    ids: &[String],
    funds: &Funds<'a>,
    purpose: &Purpose<'_>,
    held: &Held<'_>,
    now: Instant,
) -> Result<Vec<&'a Coupon>, WalletError> {
    let mut seen = BTreeSet::new();
    if let Some(twice) = ids.iter().find(|id| !seen.insert(*id)) {
        return Err(WalletError::CouponNamedTwice { coupon: twice.clone() });
    }
    // A coupon of another owner does not exist for this payer.
    let theirs = funds.coupons().filter(|coupon| coupon.owner() == Some(purpose.payer));
    let theirs: BTreeMap<&str, &Coupon> = theirs.map(|coupon| (coupon.id(), coupon)).collect();
    let find = |id: &String| {
        let coupon = theirs.get(id.as_str()).copied();
        coupon.ok_or_else(|| WalletError::NoSuchCoupon { coupon: id.clone() })
    };
    let named = ids.iter().map(find);
    let is_of_unit = |coupon: &&Coupon| coupon.is_of_unit(purpose.unit);
    purpose.aim(now).admits(named.clone(), is_of_unit, |coupon| held.of_coupon(coupon))?;
    named.collect()
}

/// Whether a coupon that was named pays at all now.
fn check_now(voucher: &impl Voucher, now: Instant) -> Result<(), WalletError> {
    let id = || voucher.id().to_owned();
    if voucher.status() != CouponStatus::Available {
        Err(WalletError::CouponNotAvailable { coupon: id(), status: voucher.status().name() })
    } else if now < voucher.effective() {
        Err(WalletError::CouponNotEffective { coupon: id(), effective: voucher.effective().to_chrono() })
    } else if voucher.expiration() < now {
        Err(WalletError::CouponExpired { coupon: id(), expiration: voucher.expiration().to_chrono() })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{CouponTerms, Scope, testing::*},
        *,
    };
    use crate::money::CNY;
    use proptest::prelude::*;

    const NOW: i64 = 100;

    fn chosen(choice: &Coupons, coupons: &[Coupon]) -> Result<Vec<String>, WalletError> {
        let payer = user("a");
        let purpose = Purpose { payer: &payer, unit: UNIT, order: Some("o1"), currency: CNY };
        let funds = Funds::new(cny("0"), coupons).unwrap();
        let chosen = match choice {
            Coupons::Automatic => automatic(&funds, &purpose, at(NOW)).collect(),
            Coupons::Named(ids) => named(ids, &funds, &purpose, &Held::NONE, at(NOW))?,
        };
        Ok(chosen.iter().map(|coupon| coupon.id().to_owned()).collect())
    }

    fn all_automatic(coupons: &[CouponTerms]) -> Vec<String> {
        let coupons: Vec<Coupon> = coupons.iter().cloned().map(coupon).collect();
        chosen(&Coupons::Automatic, &coupons).unwrap()
    }

    fn fault(ids: &[&str], coupons: &[CouponTerms]) -> (&'static str, String) {
        let coupons: Vec<Coupon> = coupons.iter().cloned().map(coupon).collect();
        let named = Coupons::Named(ids.iter().map(|id| (*id).to_owned()).collect());
        let error = chosen(&named, &coupons).unwrap_err();
        let (name, id) = error.details().swap_remove(0);
        assert_eq!(name, "coupon");
        (error.code(), id)
    }

    #[test]
    fn the_automatic_choice_passes_over_what_does_not_fit() {
        // R-W3
        let good = terms("good", "5");
        let others = [
            CouponTerms { id: "waiting".into(), status: CouponStatus::Wait, ..good.clone() },
            CouponTerms { id: "cancelled".into(), status: CouponStatus::Cancelled, ..good.clone() },
            CouponTerms { id: "deleted".into(), status: CouponStatus::Deleted, ..good.clone() },
            CouponTerms { id: "empty".into(), balance: cny("0.00"), ..good.clone() },
            CouponTerms { id: "of nobody".into(), owner: None, ..good.clone() },
            CouponTerms { id: "of another".into(), owner: Some(user("b")), ..good.clone() },
            CouponTerms { id: "of a group".into(), owner: Some(group("a")), ..good.clone() },
            CouponTerms { id: "no unit".into(), unit: None, ..good.clone() },
            CouponTerms { id: "other unit".into(), unit: Some("disk".into()), ..good.clone() },
            CouponTerms { id: "other order".into(), scope: Scope::Order("o2".into()), ..good.clone() },
            CouponTerms { id: "empty order".into(), scope: Scope::Order(String::new()), ..good.clone() },
            CouponTerms { id: "dollars".into(), balance: usd("5"), face_value: usd("5"), ..good.clone() },
            good,
        ];
        assert_eq!(all_automatic(&others), ["good"]);
    }

    #[test]
    fn the_automatic_bounds_are_strict_and_those_of_a_list_are_not() {
        // R-W3, R-W4
        for (effective, expiration, automatic, listed) in [
            (NOW - 1, NOW + 1, true, Ok(())),
            (NOW, NOW + 1, false, Ok(())),
            (NOW - 1, NOW, false, Ok(())),
            (NOW, NOW, false, Ok(())),
            (NOW + 1, NOW + 2, false, Err("wallet.coupon_not_effective")),
            (NOW - 2, NOW - 1, false, Err("wallet.coupon_expired")),
            // It expires before it takes effect: it never pays.
            (NOW + 1, NOW - 1, false, Err("wallet.coupon_not_effective")),
            (NOW, NOW - 1, false, Err("wallet.coupon_expired")),
        ] {
            let coupon =
                coupon(CouponTerms { effective: at(effective), expiration: at(expiration), ..terms("C", "5") });
            let one = std::slice::from_ref(&coupon);
            assert_eq!(!chosen(&Coupons::Automatic, one).unwrap().is_empty(), automatic);
            let named = chosen(&Coupons::Named(vec!["C".into()]), one);
            assert_eq!(named.map(drop).map_err(|error| error.code()), listed, "{effective}..{expiration}");
        }
    }

    #[test]
    fn the_next_to_expire_goes_first_and_ties_have_an_order() {
        // R-W3
        let of = |id: &str, expiration, created| CouponTerms {
            expiration: at(expiration),
            created: at(created),
            ..terms(id, "5")
        };
        let coupons =
            [of("d", 300, 2), of("c", 300, 2), of("e", 300, 1), of("a", 400, 0), of("f", 200, 9), of("b", 300, 3)];
        assert_eq!(all_automatic(&coupons), ["f", "e", "c", "d", "b", "a"]);
    }

    #[test]
    fn a_list_keeps_its_order_and_an_empty_one_is_none() {
        // R-W4
        let coupons: Vec<Coupon> = ["a", "b", "c"].map(|id| coupon(terms(id, "5"))).into();
        let named = |ids: &[&str]| Coupons::Named(ids.iter().map(|id| (*id).to_owned()).collect());
        assert_eq!(chosen(&named(&["c", "a"]), &coupons).unwrap(), ["c", "a"]);
        assert!(chosen(&named(&[]), &coupons).unwrap().is_empty());
    }

    #[test]
    fn the_faults_of_a_list_come_in_the_order_of_the_rule() {
        // R-W4, D-W2, D-W3. Each coupon has one fault; the list meets them in every order.
        let good = terms("good", "5");
        let coupons = [
            good.clone(),
            CouponTerms { id: "waiting".into(), status: CouponStatus::Wait, ..good.clone() },
            CouponTerms { id: "early".into(), effective: at(NOW + 1), ..good.clone() },
            CouponTerms { id: "late".into(), effective: at(0), expiration: at(NOW - 1), ..good.clone() },
            CouponTerms { id: "foreign".into(), unit: Some("disk".into()), ..good.clone() },
            CouponTerms { id: "empty".into(), balance: cny("0.00"), ..good.clone() },
            CouponTerms { id: "of another".into(), owner: Some(user("b")), ..good.clone() },
        ];
        let fault = |ids: &[&str]| fault(ids, &coupons);
        let is = |code: &'static str, id: &str| (code, id.to_owned());

        // The id that repeats, before anything else, whatever is wrong with it.
        assert_eq!(fault(&["gone", "good", "early", "good", "early"]), is("wallet.coupon_named_twice", "good"));
        assert_eq!(fault(&["gone", "gone"]), is("wallet.coupon_named_twice", "gone"));
        // Then the first of the list with a fault of its own: these four do not outrank each other.
        assert_eq!(fault(&["good", "late", "early", "waiting", "gone"]), is("wallet.coupon_expired", "late"));
        assert_eq!(fault(&["good", "early", "waiting", "gone", "late"]), is("wallet.coupon_not_effective", "early"));
        assert_eq!(fault(&["waiting", "gone"]), is("wallet.coupon_not_available", "waiting"));
        assert_eq!(fault(&["gone", "waiting"]), is("wallet.no_such_coupon", "gone"));
        assert_eq!(fault(&["of another", "waiting"]), is("wallet.no_such_coupon", "of another"));
        // Then applicability, then balance, each over the whole list.
        assert_eq!(fault(&["empty", "foreign", "late"]), is("wallet.coupon_expired", "late"));
        assert_eq!(fault(&["empty", "good", "foreign"]), is("wallet.coupon_not_applicable", "foreign"));
        assert_eq!(fault(&["good", "empty"]), is("wallet.coupon_no_balance", "empty")); // D-W2: not the first one
    }

    #[test]
    fn one_coupon_with_every_fault_shows_them_in_order() {
        // R-W4
        let mut coupon = CouponTerms {
            owner: Some(user("b")),
            status: CouponStatus::Cancelled,
            effective: at(NOW + 1),
            expiration: at(NOW + 1),
            unit: None,
            balance: cny("0"),
            ..terms("C", "5")
        };
        let code = |coupon: &CouponTerms| fault(&["C"], std::slice::from_ref(coupon)).0;
        assert_eq!(code(&coupon), "wallet.no_such_coupon");
        coupon.owner = Some(user("a"));
        assert_eq!(code(&coupon), "wallet.coupon_not_available");
        coupon.status = CouponStatus::Available;
        assert_eq!(code(&coupon), "wallet.coupon_not_effective");
        (coupon.effective, coupon.expiration) = (at(NOW - 2), at(NOW - 1));
        assert_eq!(code(&coupon), "wallet.coupon_expired");
        coupon.expiration = at(NOW);
        assert_eq!(code(&coupon), "wallet.coupon_not_applicable");
        coupon.unit = Some(UNIT.into());
        assert_eq!(code(&coupon), "wallet.coupon_no_balance");
    }

    proptest! {
        /// R-W3: the order of the rows that the caller read means nothing.
        #[test]
        fn any_order_of_the_coupons_gives_the_same_choice(
            mut keys in proptest::collection::vec((0..3_i64, 0..3_i64), 0..24),
            seed in any::<prop::sample::Index>(),
        ) {
            let build = |keys: &[(usize, (i64, i64))]| -> Vec<Coupon> {
                keys.iter().map(|(id, (expiration, created))| coupon(CouponTerms {
                    expiration: at(NOW + 1 + expiration),
                    created: at(*created),
                    ..terms(&format!("C{id}"), "5")
                })).collect()
            };
            keys.truncate(24);
            let mut numbered: Vec<_> = keys.into_iter().enumerate().collect();
            let straight = chosen(&Coupons::Automatic, &build(&numbered)).unwrap();
            prop_assert_eq!(straight.len(), numbered.len());
            if !numbered.is_empty() {
                let middle = seed.index(numbered.len());
                numbered.rotate_left(middle);
                numbered[..middle].reverse();
            }
            prop_assert_eq!(straight, chosen(&Coupons::Automatic, &build(&numbered)).unwrap());
        }
    }
}
