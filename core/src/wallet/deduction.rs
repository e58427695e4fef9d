use super::{
    Coupons, FundingOrder, Funds, Owner, Plan, Purpose, Shortfall, Step,
    choice::{check_step, named},
    draw::draw,
    funding_order::{COUPONS_ONLY, PORTAL},
    lock::Held,
    sources::Sources,
};
use crate::{error::WalletError, money::Money, time::Instant};

/// The legs that are made room for at first: ten coupons and the balance.
const USUAL_LEGS: usize = 11;

/// Something to be paid.
///
/// # Units
/// `amount` in the currency of the account.
///
/// # Examples
/// Coupons first, the next to expire before the others; the rest from the balance:
/// ```
/// # use counterfoil::wallet::{Category, Coupon, CouponStatus, CouponTerms, Scope};
/// use counterfoil::{money::{Money, CNY}, wallet::{Charge, Coupons, Funding, Funds, Owner}};
///
/// let cny = |text| Money::parse(text, CNY);
/// # let zhang = Owner::User("zhang".into());
/// # let coupon = |id: &str, balance, expiration: &str| Ok::<_, counterfoil::error::Error>(Coupon::new(CouponTerms {
/// #     id: id.into(), face_value: cny("100.00")?, balance, status: CouponStatus::Available,
/// #     effective: "2025-03-01T00:00:00Z".parse()?, expiration: expiration.parse()?,
/// #     created: "2025-02-20T08:00:00Z".parse()?, owner: Some(zhang.clone()),
/// #     unit: Some("vm".into()), scope: Scope::Unit, category: Category::Server,
/// # })?);
/// let charge = Charge {
///     application: "portal".into(),
///     order: "statement-20250313-zhang".into(),
///     unit: "vm".into(),
///     payer: Owner::User("zhang".into()),
///     amount: cny("123.45")?,
///     coupons: Coupons::Automatic,
///     funding: Funding::EnoughFunds,
/// };
/// let coupons = [
///     coupon("C1", cny("100.00")?, "2025-06-01T00:00:00Z")?,
///     coupon("C2", cny("20.00")?, "2025-04-01T00:00:00Z")?,
/// ];
/// let now = "2025-03-14T15:09:26Z".parse()?;
/// let plan = charge.deduct(&Funds::new(cny("50.00")?, &coupons)?, now)?;
/// assert_eq!(
///     plan.to_string(),
///     "123.45 CNY = 20.00 of coupon `C2` (20.00 → 0.00) + 100.00 of coupon `C1` (100.00 → 0.00) \
///      + 3.45 of the balance (50.00 → 46.55)",
/// );
///
/// let poor = charge.deduct(&Funds::new(cny("3.44")?, &coupons)?, now);
/// assert_eq!(poor.unwrap_err().code(), "wallet.funds_not_enough");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-W6, R-W7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The application that is paid; with the order, what identifies the payment (R-W13).
    pub application: String,
    /// The id of the order or statement that is paid.
    pub order: String,
    /// The settlement unit that is paid.
    pub unit: String,
    /// Who pays.
    pub payer: Owner,
    /// How much, zero or more.
    pub amount: Money,
    /// Which coupons pay first.
    pub coupons: Coupons,
    /// What pays the rest.
    pub funding: Funding,
}

/// What pays what the coupons do not.
///
/// The portal says it with two flags:
///
/// | `only_coupon` | `required_enough_balance` | here |
/// |---|---|---|
/// | true | any | `CouponsOnly` |
/// | false | true | `EnoughFunds` |
/// | false | false | `Overdraft { limit: None }`: its daily statements |
///
/// Any other order of sources is a [`FundingOrder`]; these are short for some of them:
///
/// | here | as an order |
/// |---|---|
/// | `CouponsOnly` | `coupon(expiry created id) > refuse` |
/// | `EnoughFunds` | `portal`: `coupon(expiry created id) > balance > refuse` |
/// | `Overdraft` | `coupon(expiry created id) > balance > overdraft` |
/// | `Debt` | `coupon(expiry created id) > balance > debt` |
///
/// # Rule
/// R-W7, R-W9, R-W10
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Funding {
    /// Nothing: coupons must cover all of it.
    CouponsOnly,
    /// The balance, which may not go below zero.
    EnoughFunds,
    /// The balance, which may go below zero.
    Overdraft {
        /// How far below zero, as zero or more; without one there is no end to it.
        limit: Option<Money>,
    },
    /// The balance as far as it is above zero, and beyond that a debt of its own: the balance never
    /// goes below zero.
    Debt,
    /// Every source in the order that is declared here, coupons too.
    Order(FundingOrder),
}

impl Charge {
    /// What it takes from these funds.
    ///
    /// Coupons go first, in their order, each to its end; the balance is not touched when they hold
    /// enough, even if it is below zero. With [`Funding::Order`] the sources go in its order; coupons
    /// that are named keep the order of their list within its step. What live locks of the payer hold is
    /// not there. [`plan`](Self::plan) also looks whether the unit may be paid and whether the order is
    /// paid already.
    ///
    /// # Errors
    /// In this order: `wallet.empty_id`, `wallet.negative_amount`, `wallet.negative_limit`,
    /// `money.currency_mismatch` for a balance or a limit in another currency; what is wrong with the
    /// coupons that were named ([`Coupons`]: `wallet.coupon_named_twice`, `wallet.no_such_coupon`,
    /// `wallet.coupon_not_available`, `wallet.coupon_not_effective`, `wallet.coupon_expired`,
    /// `wallet.coupon_not_applicable`, `wallet.coupon_no_balance` or `wallet.coupon_locked`);
    /// `wallet.coupons_not_enough`, `wallet.funds_not_enough` or `wallet.overdraft_exceeded`, and
    /// `wallet.sources_not_enough` where other sources than coupons and the balance are asked.
    /// `money.overflow` where an exact sum does not fit.
    ///
    /// # Rule
    /// R-W6, R-W7, R-W9, R-W10, R-W12
    pub fn deduct<'a>(&self, funds: &Funds<'a>, now: Instant) -> Result<Plan<'a>, WalletError> {
        let (_, shortfall) = self.funding.terms();
        self.draw(funds, shortfall, now)
    }

    /// What it takes, where a shortfall becomes that.
    pub(super) fn draw<'a>(
        &self,
        funds: &Funds<'a>,
        shortfall: Shortfall,
        now: Instant,
    ) -> Result<Plan<'a>, WalletError> {
        self.check()?;
        funds.balance().currency().same_as(self.amount.currency())?;
        let (purpose, (steps, _)) = (self.purpose(), self.funding.terms());
        let held = Held::of_payer(funds.locks(), &self.payer, self.amount.currency(), now)?;
        let named = match &self.coupons {
            Coupons::Automatic => None,
            Coupons::Named(ids) => Some(named(ids, funds, &purpose, &held, now)?),
        };
        check_step(steps, named.as_ref().and_then(|named| named.first()).map(|first| first.id()))?;
        let sources = Sources { steps, named: named.as_deref(), funds, held: &held, purpose: &purpose, now };
        let mut legs = Vec::with_capacity(USUAL_LEGS);
        draw(&sources, self.amount, shortfall, &mut legs)?;
        Plan::conserved(self.amount, legs) // promise 2: checked at run time too
    }

    /// What decides whether a coupon may pay it.
    pub fn purpose(&self) -> Purpose<'_> {
        Purpose { payer: &self.payer, unit: &self.unit, order: Some(&self.order), currency: self.amount.currency() }
    }

    /// What is wrong with it by itself.
    pub(super) fn check(&self) -> Result<(), WalletError> {
        self.funding.check(&self.application, &self.order, self.amount)
    }
}

impl Funding {
    /// The order that it is short for: its steps, and what becomes of a shortfall.
    pub(super) fn terms(&self) -> (&[Step], Shortfall) {
        match self {
            Self::CouponsOnly => (&COUPONS_ONLY, Shortfall::Refuse),
            Self::EnoughFunds => (&PORTAL, Shortfall::Refuse),
            Self::Overdraft { limit } => (&PORTAL, Shortfall::Overdraft { limit: *limit }),
            Self::Debt => (&PORTAL, Shortfall::Debt { overdraft: None }),
            Self::Order(order) => (order.steps(), order.shortfall()),
        }
    }

    /// What is wrong with a charge by itself that is funded by it.
    pub(super) fn check(&self, application: &str, order: &str, amount: Money) -> Result<(), WalletError> {
        if application.is_empty() {
            return Err(WalletError::EmptyId { what: "application" });
        }
        if order.is_empty() {
            return Err(WalletError::EmptyId { what: "order" });
        }
        if amount.is_negative() {
            return Err(WalletError::NegativeAmount { amount: amount.amount() });
        }
        if let Some(limit) = self.terms().1.limit() {
            if limit.is_negative() {
                return Err(WalletError::NegativeLimit { limit: limit.amount() });
            }
            limit.currency().same_as(amount.currency())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Coupon, CouponTerms, Leg, Method, Source, testing::*},
        *,
    };
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    const NO_LIMIT: Funding = Funding::Overdraft { limit: None };

    fn deduct<'a>(charge: &Charge, balance: Money, coupons: &'a [Coupon]) -> Result<Plan<'a>, WalletError> {
        charge.deduct(&Funds::new(balance, coupons).unwrap(), at(100))
    }

    fn coupons(balances: &[&str]) -> Vec<Coupon> {
        let numbered = balances.iter().enumerate();
        numbered.map(|(index, balance)| coupon(terms(&format!("C{index}"), balance))).collect()
    }

    /// The legs as text, or the code of the error.
    fn outcome(amount: &str, balance: &str, held: &[&str], funding: Funding) -> Result<String, &'static str> {
        let charge = Charge { funding, ..charge(amount) };
        let rows = coupons(held);
        let plan = deduct(&charge, cny(balance), &rows).map_err(|error| error.code())?;
        let legs = plan.legs().iter().map(|leg| match leg.source() {
            Source::Coupon(id) => format!("{id} {}→{}", leg.before(), leg.after()),
            Source::Balance => format!("balance {}→{}", leg.before(), leg.after()),
            source => format!("{source} {}→{}", leg.before(), leg.after()),
        });
        Ok(format!("{}: {}", plan.method(), legs.collect::<Vec<_>>().join(", ")))
    }

    fn ok(text: &str) -> Result<String, &'static str> {
        Ok(text.to_owned())
    }

    #[test]
    fn coupons_only() {
        // R-W7
        let pay = |amount, balance, held: &[&str]| outcome(amount, balance, held, Funding::CouponsOnly);
        assert_eq!(pay("5.00", "99", &["2.00", "3.00"]), ok("coupon: C0 2.00→0.00, C1 3.00→0.00"));
        assert_eq!(pay("5.01", "99", &["2.00", "3.00"]), Err("wallet.coupons_not_enough"));
        assert_eq!(pay("0", "-1", &[]), ok("coupon: "));
        assert_eq!(pay("0.01", "99", &[]), Err("wallet.coupons_not_enough"));
    }

    #[test]
    fn enough_funds() {
        // R-W7
        let pay = |amount, balance, held: &[&str]| outcome(amount, balance, held, Funding::EnoughFunds);
        assert_eq!(pay("5.00", "0", &["2.00", "9.00"]), ok("coupon: C0 2.00→0.00, C1 9.00→6.00"));
        assert_eq!(pay("5.00", "-7", &["5.00"]), ok("coupon: C0 5.00→0.00")); // untouched, though below zero
        assert_eq!(pay("5.00", "3.00", &["2.00"]), ok("mixed: C0 2.00→0.00, balance 3.00→0.00"));
        assert_eq!(pay("5.01", "3.00", &["2.00"]), Err("wallet.funds_not_enough"));
        assert_eq!(pay("5.00", "5.00", &[]), ok("balance: balance 5.00→0.00"));
        assert_eq!(pay("5.00", "-0.01", &["4.99"]), Err("wallet.funds_not_enough")); // it lowers what there is
        assert_eq!(pay("0.00", "-7", &["2.00"]), ok("coupon: "));
    }

    #[test]
    fn overdraft() {
        // R-W7, R-W10: funds not required; portal-pay-02 is a daily statement.
        let pay = |amount, balance, held: &[&str]| outcome(amount, balance, held, NO_LIMIT);
        assert_eq!(pay("288.88", "145", &[]), ok("balance: balance 145→-143.88"));
        assert_eq!(pay("5.00", "-7.00", &["2.00"]), ok("mixed: C0 2.00→0.00, balance -7.00→-10.00"));
        let pay = |amount, balance, held: &[&str]| {
            outcome(amount, balance, held, Funding::Overdraft { limit: Some(cny("10")) })
        };
        assert_eq!(pay("5.00", "-7.00", &["2.00"]), ok("mixed: C0 2.00→0.00, balance -7.00→-10.00"));
        assert_eq!(pay("5.01", "-7.00", &["2.00"]), Err("wallet.overdraft_exceeded"));
        assert_eq!(pay("0.01", "-11", &[]), Err("wallet.overdraft_exceeded"));
        assert_eq!(pay("2.00", "-11", &["2.00"]), ok("coupon: C0 2.00→0.00"));
    }

    #[test]
    fn debt_is_a_source_of_its_own() {
        // R-W10
        let pay = |amount, balance, held: &[&str]| outcome(amount, balance, held, Funding::Debt);
        assert_eq!(pay("5.00", "9.00", &[]), ok("balance: balance 9.00→4.00"));
        assert_eq!(pay("5.00", "3.00", &["1.00"]), ok("mixed: C0 1.00→0.00, balance 3.00→0.00, debt 0→1.00"));
        assert_eq!(pay("5.00", "-3.00", &[]), ok("balance: debt 0→5.00"));
        let owing = Charge { funding: Funding::Debt, ..charge("5.00") };
        let funds = Funds::new(cny("0"), &[]).unwrap().owing(cny("2.50")).unwrap();
        let plan = owing.deduct(&funds, at(100)).unwrap();
        assert_eq!(plan.to_string(), "5.00 CNY = 5.00 as debt (2.50 → 7.50)");
    }

    #[test]
    fn an_error_says_what_is_missing() {
        let missing = |funding, expected: &str| {
            let charge = Charge { funding, ..charge("10.00") };
            let error = deduct(&charge, cny("-1.00"), &coupons(&["2.00", "0.50"])).unwrap_err();
            assert_eq!(error.details().pop().unwrap(), ("missing", expected.to_owned()), "{error}");
        };
        missing(Funding::CouponsOnly, "7.50");
        missing(Funding::EnoughFunds, "8.50");
        missing(Funding::Overdraft { limit: Some(cny("3")) }, "5.50");
    }

    #[test]
    fn a_charge_that_makes_no_sense_is_refused_first() {
        let refused = |charge: Charge| deduct(&charge, cny("5"), &[]).unwrap_err().code();
        let limit = |limit| Funding::Overdraft { limit: Some(limit) };
        assert_eq!(refused(Charge { application: String::new(), ..charge("1") }), "wallet.empty_id");
        assert_eq!(refused(Charge { order: String::new(), ..charge("1") }), "wallet.empty_id");
        assert_eq!(refused(charge("-0.01")), "wallet.negative_amount");
        assert_eq!(refused(Charge { funding: limit(cny("-1")), ..charge("1") }), "wallet.negative_limit");
        assert_eq!(refused(Charge { funding: limit(usd("1")), ..charge("1") }), "money.currency_mismatch");
        // The account is in another currency, even where coupons would pay it all.
        assert_eq!(deduct(&charge("1"), usd("5"), &coupons(&["9"])).unwrap_err().code(), "money.currency_mismatch");
        // A fault of a coupon outranks one of the funds.
        let named = Coupons::Named(vec!["C9".into()]);
        assert_eq!(refused(Charge { coupons: named, ..charge("99") }), "wallet.no_such_coupon");
    }

    #[test]
    fn extremes_are_errors_or_right() {
        let huge = Money::new(Decimal::MAX, crate::money::CNY);
        let of = |amount| Charge { amount, funding: NO_LIMIT, ..charge("0") };
        let plan = deduct(&of(huge), cny("0"), &[]).unwrap();
        assert_eq!(plan.legs()[0].after(), huge.negated());
        assert_eq!(deduct(&of(huge), cny("-1"), &[]).unwrap_err().code(), "money.overflow");
        assert_eq!(deduct(&of(huge), cny("0.1"), &[]).unwrap_err().code(), "money.overflow");
        let atom = Money::new(Decimal::new(1, 28), crate::money::CNY);
        assert_eq!(deduct(&of(atom), cny("0"), &[]).unwrap().legs()[0].after(), atom.negated());
        let rich: Vec<Coupon> =
            ["A", "B"].map(|id| coupon(CouponTerms { balance: huge, face_value: huge, ..terms(id, "0") })).into();
        let plan = deduct(&of(huge), cny("0"), &rich).unwrap();
        assert_eq!((plan.legs().len(), plan.from_coupons()), (1, huge));
    }

    /// R-W7 as it is written, in whole cents: what each coupon and the account pay.
    fn model(amount: i64, held: &[i64], balance: i64, funding: &Funding) -> Result<(Vec<i64>, i64), &'static str> {
        let total: i64 = held.iter().sum();
        if *funding == Funding::CouponsOnly {
            if amount > total {
                return Err("wallet.coupons_not_enough");
            }
        } else if *funding == Funding::EnoughFunds && amount > total && amount > total + balance {
            return Err("wallet.funds_not_enough");
        }
        if total >= amount {
            let mut left = amount;
            let parts = held.iter().map(|coupon| {
                let part = (*coupon).min(left);
                left -= part;
                part
            });
            return Ok((parts.collect(), 0));
        }
        if total == 0 {
            return Ok((vec![0; held.len()], amount));
        }
        Ok((held.to_vec(), amount - total))
    }

    fn cents(cents: i64) -> Money {
        Money::new(Decimal::new(cents, 2), crate::money::CNY)
    }

    /// Every amount up to 12 cents, from every three coupons of up to 4, over every balance from −3 to 4.
    #[test]
    fn a_small_world_in_full() {
        // R-W6, R-W7, R-W8
        let mut holdings: Vec<Vec<i64>> = vec![vec![]];
        for length in 0..3 {
            let longer = holdings
                .iter()
                .filter(|held| held.len() == length)
                .flat_map(|held| (0..=4).map(|last| held.iter().copied().chain([last]).collect::<Vec<i64>>()));
            holdings.extend(longer.collect::<Vec<_>>());
        }
        assert_eq!(holdings.len(), 1 + 5 + 25 + 125);
        let mut plans = 0;
        for held in &holdings {
            let rows: Vec<Coupon> = held
                .iter()
                .enumerate()
                .map(|(id, held)| {
                    let (balance, face_value) = (cents(*held), cents(4));
                    coupon(CouponTerms { balance, face_value, ..terms(&format!("C{id}"), "0") })
                })
                .collect();
            let full: Vec<String> = rows.iter().map(|row| row.id().to_owned()).collect();
            for balance in -3..=4 {
                let funds = Funds::new(cents(balance), &rows).unwrap();
                for amount in 0..=12 {
                    for funding in [Funding::CouponsOnly, Funding::EnoughFunds, NO_LIMIT] {
                        let expected = model(amount, held, balance, &funding);
                        let mut charge = Charge { amount: cents(amount), funding, ..charge("0") };
                        let planned = charge.deduct(&funds, at(100));
                        compare(&planned, &expected, balance, &full);
                        plans += i32::from(planned.is_ok());

                        // R-W4: a list of the same coupons says the same, unless one of them is empty.
                        charge.coupons = Coupons::Named(full.clone());
                        let listed = charge.deduct(&funds, at(100));
                        if held.contains(&0) {
                            assert_eq!(listed.unwrap_err().code(), "wallet.coupon_no_balance");
                        } else {
                            assert_eq!(listed, planned);
                        }
                    }
                }
            }
        }
        assert!(plans > 20_000, "{plans}");
    }

    fn compare(
        planned: &Result<Plan<'_>, WalletError>,
        expected: &Result<(Vec<i64>, i64), &'static str>,
        balance: i64,
        ids: &[String],
    ) {
        let (plan, (parts, account)) = match (planned, expected) {
            (Ok(plan), Ok(expected)) => (plan, expected),
            (planned, expected) => {
                let code = planned.as_ref().map(drop).map_err(WalletError::code);
                return assert_eq!(code, expected.as_ref().map(drop).map_err(|code| *code));
            }
        };
        let mut legs = plan.legs().iter();
        for (id, part) in ids.iter().zip(parts).filter(|(_, part)| **part > 0) {
            let leg = legs.next().expect("a leg for each coupon that pays");
            assert_eq!((leg.source(), leg.amount()), (&Source::Coupon(id.into()), cents(*part)));
        }
        if *account > 0 {
            let leg = legs.next().expect("a leg for the balance");
            assert_eq!(*leg.source(), Source::Balance);
            assert_eq!((leg.amount(), leg.before()), (cents(*account), cents(balance)));
            assert_eq!(leg.after(), cents(balance - account));
        }
        assert!(legs.next().is_none());
        let method = match (parts.iter().sum::<i64>(), account) {
            (_, 0) => Method::Coupon,
            (0, _) => Method::Balance,
            _ => Method::Mixed,
        };
        assert_eq!(plan.method(), method);
    }

    fn fundings() -> impl Strategy<Value = Funding> {
        prop_oneof![
            Just(Funding::CouponsOnly),
            Just(Funding::EnoughFunds),
            Just(NO_LIMIT),
            (0..1_000_i64).prop_map(|limit| Funding::Overdraft { limit: Some(cents(limit)) }),
            Just(Funding::Debt),
        ]
    }

    fn holdings() -> impl Strategy<Value = Vec<(i64, u32, i64)>> {
        // mantissa, scale, expiration
        proptest::collection::vec((0..100_000_i64, 0..6_u32, 0..5_i64), 0..20)
    }

    fn rows(held: &[(i64, u32, i64)]) -> Vec<Coupon> {
        let row = |(id, (mantissa, scale, expiration)): (usize, &(i64, u32, i64))| {
            let balance = Money::new(Decimal::new(*mantissa, *scale), crate::money::CNY);
            coupon(CouponTerms {
                balance,
                face_value: balance,
                expiration: at(100 + expiration),
                ..terms(&format!("C{id}"), "0")
            })
        };
        held.iter().enumerate().map(row).collect()
    }

    proptest! {
        /// R-W6: the legs add up, none is negative, none takes more than there was.
        #[test]
        fn a_plan_conserves(
            held in holdings(), amount in (0..10_000_000_i64, 0..6_u32), balance in -100_000..100_000_i64,
            funding in fundings(),
        ) {
            let rows = rows(&held);
            let amount = Money::new(Decimal::new(amount.0, amount.1), crate::money::CNY);
            let charge = Charge { amount, funding: funding.clone(), ..charge("0") };
            let Ok(plan) = deduct(&charge, cents(balance), &rows) else { return Ok(()) };
            let total = plan.legs().iter().map(Leg::amount).try_fold(cents(0), Money::plus).unwrap();
            prop_assert_eq!(total, amount);
            prop_assert_eq!(plan.from_coupons().plus(plan.from_account()).unwrap(), amount);
            for (index, leg) in plan.legs().iter().enumerate() {
                prop_assert!(!leg.amount().is_negative() && !leg.amount().is_zero());
                let earlier = &plan.legs()[..index];
                prop_assert!(earlier.iter().all(|other| other.source() != leg.source()));
                match leg.source() {
                    Source::Coupon(id) => {
                        let row = rows.iter().find(|row| row.id() == id).unwrap();
                        prop_assert_eq!(leg.before(), row.balance());
                        prop_assert_eq!(leg.before().minus(leg.amount()).unwrap(), leg.after());
                        prop_assert!(!leg.after().is_negative());
                        // Only the last coupon of all keeps anything, and then nothing else pays.
                        prop_assert!(leg.after().is_zero() || index + 1 == plan.legs().len());
                    }
                    Source::Balance => {
                        prop_assert_eq!(leg.before(), cents(balance));
                        prop_assert_eq!(leg.before().minus(leg.amount()).unwrap(), leg.after());
                        let floor = match &funding {
                            Funding::Overdraft { limit: None } => None,
                            Funding::Overdraft { limit: Some(limit) } => Some(limit.negated()),
                            _ => Some(cents(0)),
                        };
                        let above = |floor| leg.after().compare(floor).unwrap().is_ge();
                        prop_assert!(floor.is_none_or(above));
                        prop_assert!(funding != Funding::CouponsOnly);
                    }
                    source => {
                        prop_assert_eq!(source, &Source::Debt);
                        prop_assert_eq!(&funding, &Funding::Debt);
                    }
                }
            }
        }

        /// R-W3: the order of the rows means nothing.
        #[test]
        fn the_order_of_the_rows_means_nothing(
            held in holdings(), amount in 0..1_000_000_i64, seed in any::<prop::sample::Index>(), funding in fundings(),
        ) {
            let rows = rows(&held);
            let mut other = rows.clone();
            if !other.is_empty() {
                let middle = seed.index(other.len());
                other.rotate_left(middle);
                other[..middle].reverse();
            }
            let charge = Charge { amount: cents(amount), funding, ..charge("0") };
            prop_assert_eq!(deduct(&charge, cents(500), &rows), deduct(&charge, cents(500), &other));
        }

        /// A larger amount takes at least as much from every source, and never fits where a smaller did not.
        #[test]
        fn more_takes_more_of_each(
            held in holdings(), small in 0..100_000_i64, more in 0..10_000_i64, funding in fundings(),
        ) {
            let rows = rows(&held);
            let of = |amount| Charge { amount: cents(amount), funding: funding.clone(), ..charge("0") };
            let Ok(large) = deduct(&of(small + more), cents(500), &rows) else { return Ok(()) };
            let small = deduct(&of(small), cents(500), &rows);
            prop_assert!(small.is_ok());
            for leg in small.unwrap().legs() {
                let other = large.legs().iter().find(|other| other.source() == leg.source()).unwrap();
                prop_assert!(leg.amount().compare(other.amount()).unwrap().is_le());
            }
        }

        /// R-W11 and R-W7 agree: what can be spent is what may be charged.
        #[test]
        fn usable_funds_are_what_may_be_charged(held in holdings(), balance in 0..100_000_i64, amount in 0..200_000_i64) {
            let rows = rows(&held);
            let funds = Funds::new(cents(balance), &rows).unwrap();
            let charge = Charge { amount: cents(amount), funding: Funding::EnoughFunds, ..charge("0") };
            let enough = funds.has_enough(charge.amount, &charge.purpose(), at(100)).unwrap();
            prop_assert_eq!(charge.deduct(&funds, at(100)).is_ok(), enough);
        }
    }
}
