use super::{Charge, Funds, LockState, Plan};
use crate::{
    error::{MoneyError, WalletError},
    time::Instant,
};

/// A payment that was made: what was asked, and the plan that was carried out.
///
/// It is identified by the application and the order of its charge.
///
/// # Examples
/// ```
/// use counterfoil::{money::{Money, CNY}, wallet::{Books, Charge, Coupons, Funding, Funds, Outcome, Owner, Payment}};
///
/// let cny = |text| Money::parse(text, CNY);
/// let charge = Charge {
///     application: "portal".into(),
///     order: "o1".into(),
///     unit: "vm".into(),
///     payer: Owner::User("zhang".into()),
///     amount: cny("5.00")?,
///     coupons: Coupons::Automatic,
///     funding: Funding::EnoughFunds,
/// };
/// let now = "2025-03-14T15:09:26Z".parse()?;
/// let funds = Funds::new(cny("9.00")?, &[])?;
/// let books = Books { unit_application: Some("portal"), earlier: None, funds: &funds };
/// let Outcome::New(plan) = charge.plan(&books, now)? else { panic!("nothing is paid yet") };
/// let payment = Payment::new(charge.clone(), plan)?;
///
/// // The same again: the first plan, though the account has moved on.
/// let later = Funds::new(cny("4.00")?, &[])?;
/// let books = Books { earlier: Some(&payment), funds: &later, ..books };
/// assert_eq!(charge.plan(&books, now)?, Outcome::Replay(payment.plan()));
///
/// // The same order with another amount.
/// let other = Charge { amount: cny("6.00")?, ..charge };
/// assert_eq!(other.plan(&books, now).unwrap_err().code(), "wallet.payment_conflict");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-W13
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    charge: Charge,
    plan: Plan<'static>,
}

/// What stands in the books when a charge comes in.
///
/// # Rule
/// R-W7a
#[derive(Debug, Clone, Copy)]
pub struct Books<'a> {
    /// The application that the charge's settlement unit belongs to, if there is such a unit.
    pub unit_application: Option<&'a str>,
    /// The payment of the charge's application and order, if there is one.
    pub earlier: Option<&'a Payment>,
    /// The payer's account and coupons.
    pub funds: &'a Funds<'a>,
}

/// What to do about a charge.
///
/// # Rule
/// R-W13
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// Carry out this plan.
    New(Plan<'a>),
    /// Nothing: it is paid already, by this plan.
    Replay(&'a Plan<'a>),
}

impl Charge {
    /// What is to be done about it, everything considered.
    ///
    /// # Errors
    /// In this order: what is wrong with the charge by itself (`wallet.empty_id`,
    /// `wallet.negative_amount`, `wallet.negative_limit`, `money.currency_mismatch`);
    /// `wallet.no_such_unit`, `wallet.foreign_unit`; `wallet.payment_conflict`; `wallet.order_locked`
    /// where a lock of the order is live or captured ([`Lock::capture`](super::Lock::capture) pays it; one that is void or
    /// expired is in nobody's way); what is wrong with the coupons and the funds, as
    /// [`deduct`](Self::deduct).
    ///
    /// # Rule
    /// R-W7a, R-W12, R-W13
    pub fn plan<'a>(&self, books: &Books<'a>, now: Instant) -> Result<Outcome<'a>, WalletError> {
        self.check()?;
        self.check_unit(books)?;
        if let Some(earlier) = books.earlier
            && let Some(plan) = earlier.replay(self)?
        {
            return Ok(Outcome::Replay(plan));
        }
        if let Some(lock) = self.lock_among(books.funds)
            && matches!(lock.state_at(now), LockState::Authorised | LockState::Captured)
        {
            return Err(WalletError::OrderLocked {
                application: self.application.clone(),
                order: self.order.clone(),
                state: lock.state_at(now).name(),
            });
        }
        Ok(Outcome::New(self.deduct(books.funds, now)?))
    }

    /// Whether the unit is the application's (R-W7a).
    pub(super) fn check_unit(&self, books: &Books<'_>) -> Result<(), WalletError> {
        match books.unit_application {
            None => Err(WalletError::NoSuchUnit { unit: self.unit.clone() }),
            Some(application) if application != self.application => {
                Err(WalletError::ForeignUnit { unit: self.unit.clone(), application: self.application.clone() })
            }
            Some(_) => Ok(()),
        }
    }

    /// The first fact in which another charge of the same order differs (R-W13).
    pub(super) fn differs_in(&self, other: &Self) -> Option<&'static str> {
        // Without `..`: a field that is added to the charge must be thought of here.
        let Self { application: _, order: _, unit, payer, amount, coupons, funding } = self;
        let facts = [
            ("payer", *payer == other.payer),
            ("settlement unit", *unit == other.unit),
            ("currency", amount.currency() == other.amount.currency()),
            ("amount", *amount == other.amount),
            ("choice of coupons", *coupons == other.coupons),
            ("funding", *funding == other.funding),
        ];
        facts.into_iter().find(|(_, same)| !same).map(|(fact, _)| fact)
    }
}

impl Payment {
    /// The payment of a charge by a plan.
    ///
    /// # Errors
    /// `money.not_conserved` for a plan of another amount, `money.currency_mismatch`.
    pub fn new(charge: Charge, plan: Plan<'_>) -> Result<Self, WalletError> {
        if charge.amount.compare(plan.amount())?.is_ne() {
            let (whole, parts) = (charge.amount.amount(), plan.amount().amount());
            return Err(MoneyError::NotConserved { whole, parts }.into());
        }
        Ok(Self { charge, plan: plan.into_owned() })
    }

    /// What was asked.
    pub const fn charge(&self) -> &Charge {
        &self.charge
    }

    /// What was taken from what.
    pub const fn plan(&self) -> &Plan<'static> {
        &self.plan
    }

    /// The plan of this payment, if the charge is the same again; none if it is of another
    /// application or order.
    ///
    /// The facts are every field of the [`Charge`]: payer, settlement unit, amount and currency,
    /// the choice of coupons (a list with its order) and the funding. `5` and `5.00` are one amount.
    /// When it was asked, and what the coupons and the balance hold by now, are no facts of it.
    ///
    /// # Errors
    /// `wallet.payment_conflict`, naming the first fact that differs.
    ///
    /// # Rule
    /// R-W13
    pub fn replay(&self, again: &Charge) -> Result<Option<&Plan<'static>>, WalletError> {
        let Charge { application, order, .. } = &self.charge;
        if (application, order) != (&again.application, &again.order) {
            return Ok(None);
        }
        match self.charge.differs_in(again) {
            None => Ok(Some(&self.plan)),
            Some(fact) => {
                Err(WalletError::PaymentConflict { application: application.clone(), order: order.clone(), fact })
            }
        }
    }
}

impl<'a> Outcome<'a> {
    /// The plan, new or not.
    pub const fn plan(&self) -> &Plan<'a> {
        match self {
            Self::New(plan) => plan,
            Self::Replay(plan) => plan,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Coupon, Coupons, Funding, testing::*},
        *,
    };
    use proptest::prelude::*;

    fn payment(charge: Charge) -> Payment {
        let funds = Funds::new(cny("100.00"), &[]).unwrap();
        let plan = charge.deduct(&funds, at(100)).unwrap();
        Payment::new(charge, plan).unwrap()
    }

    #[test]
    fn other_facts_are_a_conflict_that_names_the_first() {
        // R-W13
        let first = payment(charge("5.00"));
        let fact = |again: Charge| {
            let details = first.replay(&again).unwrap_err().details();
            assert_eq!(first.replay(&again).unwrap_err().code(), "wallet.payment_conflict");
            details.into_iter().find(|(name, _)| *name == "fact").unwrap().1
        };
        let mut again = Charge { payer: group("a"), unit: "disk".into(), amount: usd("6"), ..charge("5.00") };
        (again.coupons, again.funding) = (Coupons::Named(vec![]), Funding::CouponsOnly);
        assert_eq!(fact(again.clone()), "payer");
        again.payer = user("a");
        assert_eq!(fact(again.clone()), "settlement unit");
        again.unit = UNIT.into();
        assert_eq!(fact(again.clone()), "currency");
        again.amount = cny("6");
        assert_eq!(fact(again.clone()), "amount");
        again.amount = cny("5"); // 5 and 5.00 are one amount
        assert_eq!(fact(again.clone()), "choice of coupons");
        again.coupons = Coupons::Automatic;
        assert_eq!(fact(again.clone()), "funding");
        again.funding = Funding::EnoughFunds;
        assert_eq!(first.replay(&again).unwrap(), Some(first.plan()));
    }

    #[test]
    fn lists_differ_by_their_order() {
        let listed = |ids: [&str; 2]| Charge { coupons: Coupons::Named(ids.map(Into::into).into()), ..charge("5") };
        let coupons = [coupon(terms("C1", "9")), coupon(terms("C2", "9"))];
        let plan = listed(["C1", "C2"]).deduct(&Funds::new(cny("0"), &coupons).unwrap(), at(100)).unwrap();
        let first = Payment::new(listed(["C1", "C2"]), plan).unwrap();
        assert!(first.replay(&listed(["C1", "C2"])).unwrap().is_some());
        assert_eq!(first.replay(&listed(["C2", "C1"])).unwrap_err().code(), "wallet.payment_conflict");
    }

    #[test]
    fn another_order_or_application_is_another_payment() {
        let first = payment(charge("5"));
        assert_eq!(first.replay(&Charge { order: "o2".into(), ..charge("6") }).unwrap(), None);
        assert_eq!(first.replay(&Charge { application: "p2".into(), ..charge("6") }).unwrap(), None);
        let plan = first.plan().clone();
        assert_eq!(Payment::new(charge("6"), plan).unwrap_err().code(), "money.not_conserved");
    }

    #[test]
    fn checks_come_in_the_order_of_the_rule() {
        // R-W7a: the charge, the unit, the order, the coupons, the funds. Each line mends one fault.
        let first = payment(charge("5"));
        let coupons: Vec<Coupon> = vec![];
        let funds = Funds::new(cny("1"), &coupons).unwrap();
        let nowhere = Books { unit_application: None, earlier: Some(&first), funds: &funds };
        let foreign = Books { unit_application: Some("other"), ..nowhere };
        let paid = Books { unit_application: Some(APPLICATION), ..nowhere };
        let fresh = Books { earlier: None, ..paid };
        let code = |charge: &Charge, books: &Books<'_>| charge.plan(books, at(100)).unwrap_err().code();

        let mut charge = charge("-1");
        charge.coupons = Coupons::Named(vec!["gone".into(), "gone".into()]);
        assert_eq!(code(&charge, &nowhere), "wallet.negative_amount");
        charge.amount = cny("7");
        assert_eq!(code(&charge, &nowhere), "wallet.no_such_unit");
        assert_eq!(code(&charge, &foreign), "wallet.foreign_unit");
        assert_eq!(code(&charge, &paid), "wallet.payment_conflict");
        assert_eq!(code(&charge, &fresh), "wallet.coupon_named_twice");
        charge.coupons = Coupons::Named(vec!["gone".into()]);
        assert_eq!(code(&charge, &fresh), "wallet.no_such_coupon");
        charge.coupons = Coupons::Automatic;
        assert_eq!(code(&charge, &fresh), "wallet.funds_not_enough");
        charge.amount = cny("1");
        assert!(matches!(charge.plan(&fresh, at(100)).unwrap(), Outcome::New(_)));
    }

    proptest! {
        /// R-W13: asked any number of times, whatever has changed since, it is paid once.
        #[test]
        fn a_replay_is_idempotent(amount in 0..9_999_i64, balance in -5_000..5_000_i64, now in 0..1_000_i64) {
            let charge = Charge { amount: cny(&format!("{}.{:02}", amount / 100, amount % 100)), ..charge("0") };
            let first = payment(charge.clone());
            let funds = Funds::new(cny(&balance.to_string()), &[]).unwrap();
            let books = Books { unit_application: Some(APPLICATION), earlier: Some(&first), funds: &funds };
            let again = charge.plan(&books, at(now)).unwrap();
            prop_assert_eq!(&again, &Outcome::Replay(first.plan()));
            let second = Payment::new(charge.clone(), again.plan().clone()).unwrap();
            prop_assert_eq!(&second, &first);
        }
    }
}
