use super::{
    Source, SourceKind,
    draw::{Part, sides},
};
use crate::{
    error::{MoneyError, WalletError, excerpt},
    exact::decimal::{self, Sum},
    money::{Currency, Money},
};
use std::{collections::BTreeSet, fmt, str::FromStr};

/// What a payment takes from what: legs that add up to the amount, exactly.
///
/// It prints as its own derivation. A fresh one borrows the ids of the coupons that it was made from;
/// [`into_owned`](Self::into_owned) keeps it.
///
/// # Examples
/// ```
/// use counterfoil::{money::{Money, CNY}, wallet::{Leg, Method, Plan, Source}};
///
/// let cny = |text| Money::parse(text, CNY);
/// let plan = Plan::new(cny("123.45")?, vec![
///     Leg::new(Source::Coupon("C1".into()), cny("100.00")?, cny("100.00")?)?,
///     Leg::new(Source::Balance, cny("23.45")?, cny("50.00")?)?,
/// ])?;
/// assert_eq!(plan.method(), Method::Mixed);
/// assert_eq!(
///     plan.to_string(),
///     "123.45 CNY = 100.00 of coupon `C1` (100.00 → 0.00) + 23.45 of the balance (50.00 → 26.55)",
/// );
/// let short = Plan::new(cny("123.46")?, plan.legs().to_vec());
/// assert_eq!(short.unwrap_err().code(), "money.not_conserved");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-W6, R-W8
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan<'a> {
    amount: Money,
    legs: Vec<Leg<'a>>,
    from_coupons: Money,
    from_account: Money,
}

/// What one source pays of a payment.
///
/// # Rule
/// R-W8
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg<'a> {
    source: Source<'a>,
    part: Part,
    /// Of all three amounts: it stands once, so that a payment of ten coupons stays small.
    currency: Currency,
}

/// How a payment is paid.
///
/// Cash coupons and bonuses were given, as coupons were: they count as `coupon`. Stored-value cards, credit and debt are
/// the account's, as the balance is: they count as `balance` ([`SourceKind::is_coupon`]).
///
/// # Rule
/// R-W8
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// By coupons and their like alone, or nothing was to be paid.
    Coupon,
    /// By the account alone.
    Balance,
    /// By both.
    Mixed,
}

impl<'a> Plan<'a> {
    /// A payment of this amount by these legs.
    ///
    /// [`Charge::deduct`](super::Charge::deduct) makes one; this is how a store reads one back.
    ///
    /// # Errors
    /// `wallet.source_twice`, `money.not_conserved` unless the legs add up to the amount,
    /// `money.currency_mismatch`, `money.overflow`.
    ///
    /// # Rule
    /// R-W6
    pub fn new(amount: Money, legs: Vec<Leg<'a>>) -> Result<Self, WalletError> {
        let mut seen = BTreeSet::new();
        if let Some(twice) = legs.iter().find(|leg| !seen.insert(&leg.source)) {
            return Err(WalletError::SourceTwice { origin: twice.source.to_string() });
        }
        Self::conserved(amount, legs)
    }

    /// The plan, if its legs, each of another source, add up.
    pub(super) fn conserved(amount: Money, legs: Vec<Leg<'a>>) -> Result<Self, WalletError> {
        let (from_coupons, from_account) = sides(amount, &legs)?;
        let money = |sum| Money::new(sum, amount.currency());
        Ok(Self { amount, legs, from_coupons: money(from_coupons), from_account: money(from_account) })
    }

    /// What is paid.
    pub const fn amount(&self) -> Money {
        self.amount
    }

    /// What each source pays, in the order in which it is taken; none pays nothing.
    pub fn legs(&self) -> &[Leg<'a>] {
        &self.legs
    }

    /// What the sources of a kind pay together.
    ///
    /// # Errors
    /// `money.overflow` where the exact sum does not fit.
    ///
    /// # Rule
    /// R-W9
    pub fn from_kind(&self, kind: SourceKind) -> Result<Money, MoneyError> {
        let of_kind = self.legs.iter().filter(|leg| leg.source.kind() == kind);
        let mut total = Sum::from(decimal::zero(self.amount.amount().scale()));
        of_kind.map(|leg| leg.part.amount).try_for_each(|amount| total.add(amount))?;
        Ok(Money::new(total.total()?, self.amount.currency()))
    }

    /// What coupons, cash coupons and bonuses pay together.
    pub const fn from_coupons(&self) -> Money {
        self.from_coupons
    }

    /// What the account pays: from cards, its balance and credit, and as debt.
    pub const fn from_account(&self) -> Money {
        self.from_account
    }

    /// The same plan with ids of its own: to keep it when the coupons are gone.
    pub fn into_owned(self) -> Plan<'static> {
        Plan {
            amount: self.amount,
            legs: self.legs.into_iter().map(Leg::into_owned).collect(),
            from_coupons: self.from_coupons,
            from_account: self.from_account,
        }
    }

    /// How it is paid.
    ///
    /// # Rule
    /// R-W8
    pub fn method(&self) -> Method {
        match (self.from_coupons.is_zero(), self.from_account.is_zero()) {
            (_, true) => Method::Coupon,
            (true, false) => Method::Balance,
            (false, false) => Method::Mixed,
        }
    }
}

impl fmt::Display for Plan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#} = ", self.amount)?;
        if self.legs.is_empty() {
            return f.write_str("nothing to take");
        }
        for (index, leg) in self.legs.iter().enumerate() {
            let plus = if index == 0 { "" } else { " + " };
            write!(f, "{plus}{leg}")?;
        }
        Ok(())
    }
}

impl<'a> Leg<'a> {
    /// So much from a source that stood at `before`.
    ///
    /// # Errors
    /// `wallet.leg_out_of_range` unless the amount is above zero and at most what the source held; a
    /// balance may be overdrawn, a debt grows. `money.currency_mismatch`, `money.overflow`.
    ///
    /// # Rule
    /// R-W6
    pub fn new(source: Source<'a>, amount: Money, before: Money) -> Result<Self, WalletError> {
        let after = match source {
            Source::Debt => before.plus(amount)?,
            _ => before.minus(amount)?,
        };
        let held = match source {
            Source::Balance => true,
            Source::Debt => !before.is_negative(),
            _ => !after.is_negative(),
        };
        if !held || amount.is_zero() || amount.is_negative() {
            return Err(WalletError::LegOutOfRange {
                origin: source.to_string(),
                amount: amount.amount(),
                before: before.amount(),
            });
        }
        let part = Part { amount: amount.amount(), before: before.amount(), after: after.amount() };
        Ok(Self { source, part, currency: before.currency() })
    }

    /// A leg that was drawn.
    #[inline]
    pub(super) const fn of(source: Source<'a>, part: Part, currency: Currency) -> Self {
        Self { source, part, currency }
    }

    #[inline]
    pub(super) const fn as_part(&self) -> &Part {
        &self.part
    }

    /// The same leg with an id of its own.
    pub fn into_owned(self) -> Leg<'static> {
        Leg { source: self.source.into_owned(), part: self.part, currency: self.currency }
    }

    /// Where it comes from.
    pub const fn source(&self) -> &Source<'a> {
        &self.source
    }

    /// How much.
    pub const fn amount(&self) -> Money {
        Money::new(self.part.amount, self.currency)
    }

    /// What the source held before; of a credit line, the credit that was left; of a debt, what was owed.
    pub const fn before(&self) -> Money {
        Money::new(self.part.before, self.currency)
    }

    /// What it holds after; of a credit line, the credit that is left; of a debt, what is owed.
    pub const fn after(&self) -> Money {
        Money::new(self.part.after, self.currency)
    }
}

impl fmt::Display for Leg<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, part: Part { amount, before, after }, .. } = self;
        let of = if *source == Source::Debt { "as" } else { "of" };
        write!(f, "{amount} {of} {source} ({before} → {after})")
    }
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 3] = [Self::Coupon, Self::Balance, Self::Mixed];

    /// The name, as `coupon`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Coupon => "coupon",
            Self::Balance => "balance",
            Self::Mixed => "mixed",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Method {
    type Err = WalletError;

    fn from_str(text: &str) -> Result<Self, WalletError> {
        Self::ALL.into_iter().find(|method| method.name() == text).ok_or_else(|| WalletError::UnknownWord {
            what: "payment method",
            text: excerpt(text),
            known: "coupon, balance, mixed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::*, *};

    fn from_coupon() -> Source<'static> {
        Source::Coupon("C1".into())
    }

    #[test]
    fn a_leg_takes_something_and_no_more_than_there_is() {
        // R-W6
        let code = |source, amount, before| Leg::new(source, cny(amount), cny(before)).map_err(|error| error.code());
        let refused = Err("wallet.leg_out_of_range");
        assert_eq!(code(from_coupon(), "5.00", "5").unwrap().after(), cny("0"));
        assert_eq!(code(Source::Balance, "5", "-1").unwrap().after(), cny("-6"));
        assert_eq!(code(Source::Debt, "5", "1").unwrap().after(), cny("6"));
        assert_eq!(code(from_coupon(), "5.01", "5"), refused);
        assert_eq!(code(from_coupon(), "0", "5"), refused);
        assert_eq!(code(from_coupon(), "-1", "5"), refused);
        assert_eq!(code(Source::Balance, "0", "5"), refused);
        assert_eq!(code(Source::Balance, "-1", "5"), refused);
        assert_eq!(code(Source::Debt, "1", "-1"), refused);
        let mixed = Leg::new(Source::Balance, cny("1"), usd("5"));
        assert_eq!(mixed.unwrap_err().code(), "money.currency_mismatch");
    }

    #[test]
    fn the_method_is_who_paid() {
        // R-W8
        let method = |amount, sources: &[Source<'static>]| {
            let legs = sources.iter().map(|source| Leg::new(source.clone(), cny("1"), cny("9")).unwrap());
            Plan::new(cny(amount), legs.collect()).unwrap().method().name()
        };
        assert_eq!(method("0", &[]), "coupon");
        assert_eq!(method("1", &[from_coupon()]), "coupon");
        assert_eq!(method("1", &[Source::Balance]), "balance");
        assert_eq!(method("1", &[Source::Debt]), "balance");
        assert_eq!(method("2", &[from_coupon(), Source::Balance]), "mixed");
        assert_eq!(method("3", &[from_coupon(), Source::Balance, Source::Debt]), "mixed");
        for known in Method::ALL {
            assert_eq!(known.name().parse::<Method>().unwrap(), known);
        }
        assert_eq!("balance+coupon".parse::<Method>().unwrap_err().code(), "wallet.unknown_word");
    }

    #[test]
    fn every_other_kind_is_on_one_side() {
        // R-W8, R-W9
        let legs = SourceKind::ALL.map(|kind| {
            let source = Source::of(kind, Some("A")).or(Source::of(kind, None::<&str>)).unwrap();
            Leg::new(source, cny("1.00"), cny("9")).unwrap()
        });
        let plan = Plan::new(cny("7"), legs.into()).unwrap();
        assert_eq!((plan.from_coupons(), plan.from_account()), (cny("3"), cny("4")));
        for kind in SourceKind::ALL {
            assert_eq!(plan.from_kind(kind).unwrap(), cny("1"), "{kind}");
        }
        assert_eq!(Plan::new(cny("0.00"), vec![]).unwrap().from_kind(SourceKind::Bonus).unwrap().to_string(), "0.00");
        let over = Leg::new(Source::Credit("L".into()), cny("9.01"), cny("9"));
        assert_eq!(over.unwrap_err().code(), "wallet.leg_out_of_range");
    }

    #[test]
    fn a_plan_reads_as_its_derivation() {
        let plan = |amount, legs| Plan::new(cny(amount), legs).unwrap();
        assert_eq!(plan("0.00", vec![]).to_string(), "0.00 CNY = nothing to take");
        let leg = |source, amount, before| Leg::new(source, cny(amount), cny(before)).unwrap();
        let legs = vec![leg(Source::Balance, "3.00", "3"), leg(Source::Debt, "1.50", "0")];
        assert_eq!(
            plan("4.50", legs).to_string(),
            "4.50 CNY = 3.00 of the balance (3 → 0.00) + 1.50 as debt (0 → 1.50)"
        );
        assert_eq!(plan("1.00", vec![leg(Source::Balance, "1", "3")]).from_coupons().to_string(), "0.00");
    }

    #[test]
    fn legs_that_do_not_add_up_are_no_plan() {
        // R-W6: read back from a store, they are checked again.
        let leg = || Leg::new(Source::Balance, cny("1.00"), cny("9")).unwrap();
        for (amount, legs) in [("1.01", vec![leg()]), ("0", vec![leg()]), ("1", vec![])] {
            assert_eq!(Plan::new(cny(amount), legs).unwrap_err().code(), "money.not_conserved");
        }
        assert_eq!(Plan::new(cny("2.00"), vec![leg(), leg()]).unwrap_err().code(), "wallet.source_twice");
        assert_eq!(Plan::new(usd("1"), vec![leg()]).unwrap_err().code(), "money.currency_mismatch");
    }
}
