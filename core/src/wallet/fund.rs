use super::{Coupon, Owner, Purpose, Scope, Source, SourceKind};
use crate::{
    error::{WalletError, excerpt},
    money::Money,
    time::Instant,
};
use std::{fmt, str::FromStr};

/// Something that a payer may draw on beside coupons and the balance: a cash coupon, a stored-value card,
/// a bonus, a credit line.
///
/// It is a value, as a [`Coupon`] is: what a [`Plan`](super::Plan) takes from it is for the caller to
/// write down.
///
/// # Examples
/// ```
/// use counterfoil::{money::{Money, CNY}, wallet::{CostBasis, Fund, FundKind, FundTerms, Owner, Source}};
///
/// let terms = FundTerms {
///     kind: FundKind::StoredCard,
///     id: "A".into(),
///     owner: Owner::User("zhang".into()),
///     balance: Money::parse("15.00", CNY)?,
///     priority: None,
///     effective: None,
///     expiration: Some("2024-12-31T00:00:00Z".parse()?),
///     created: "2024-01-01T00:00:00Z".parse()?,
///     basis: CostBasis::Paid,
///     units: vec![],
///     order: None,
///     most: None,
/// };
/// assert_eq!(Fund::new(terms.clone())?.source(), Source::StoredCard("A".into()));
///
/// let overdrawn = FundTerms { balance: Money::parse("-0.01", CNY)?, ..terms };
/// assert_eq!(Fund::new(overdrawn).unwrap_err().code(), "wallet.fund_balance");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-W9
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fund {
    terms: FundTerms,
}

/// What a fund is made of; [`Fund::new`] checks it.
///
/// # Rule
/// R-W9
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundTerms {
    /// What it is.
    pub kind: FundKind,
    /// Its id, one among all of its kind.
    pub id: String,
    /// Who may draw on it.
    pub owner: Owner,
    /// What is left of it; of a credit line, the credit that is left. Zero or more.
    pub balance: Money,
    /// The lower, the earlier; one without goes after all that have one.
    pub priority: Option<u32>,
    /// From when it pays; without one, always has.
    pub effective: Option<Instant>,
    /// Until when it pays; without one, it never expires.
    pub expiration: Option<Instant>,
    /// When it was issued.
    pub created: Instant,
    /// Whether it was given or paid for.
    pub basis: CostBasis,
    /// The settlement units that it pays for; none named is any.
    pub units: Vec<String>,
    /// The one order that it pays for, if it is for one. An empty id is no order's.
    pub order: Option<String>,
    /// The most that one payment takes from it, zero or more.
    pub most: Option<Money>,
}

/// What a [`Fund`] is.
///
/// # Rule
/// R-W9
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FundKind {
    /// A cash coupon.
    CashCoupon,
    /// A stored-value card, or a block of credits that was paid ahead.
    StoredCard,
    /// A bonus.
    Bonus,
    /// A credit line.
    Credit,
}

/// What the money of a fund cost its holder.
///
/// # Rule
/// R-W9
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CostBasis {
    /// Nothing: it was given.
    Free,
    /// It was paid for.
    Paid,
}

impl Fund {
    /// A fund of these terms.
    ///
    /// One that expires before it takes effect is no error, as of a coupon: it never pays.
    ///
    /// # Errors
    /// `wallet.empty_id` for the fund or one of its units; `wallet.fund_balance`;
    /// `money.currency_mismatch` between balance and cap; `wallet.fund_cap`.
    pub fn new(terms: FundTerms) -> Result<Self, WalletError> {
        if terms.id.is_empty() {
            return Err(WalletError::EmptyId { what: terms.kind.source_kind().name() });
        }
        if terms.units.iter().any(String::is_empty) {
            return Err(WalletError::EmptyId { what: "settlement unit" });
        }
        let fund = || terms.id.clone();
        if terms.balance.is_negative() {
            return Err(WalletError::FundBalance { fund: fund(), balance: terms.balance.amount() });
        }
        if let Some(most) = terms.most {
            most.currency().same_as(terms.balance.currency())?;
            if most.is_negative() {
                return Err(WalletError::FundCap { fund: fund(), cap: most.amount() });
            }
        }
        Ok(Self { terms })
    }

    /// Everything it is made of.
    pub const fn terms(&self) -> &FundTerms {
        &self.terms
    }

    /// Its id among its kind.
    pub fn id(&self) -> &str {
        &self.terms.id
    }

    /// What is left of it.
    pub const fn balance(&self) -> Money {
        self.terms.balance
    }

    /// What a leg calls it.
    pub fn source(&self) -> Source<'_> {
        let id = self.terms.id.as_str().into();
        match self.terms.kind {
            FundKind::CashCoupon => Source::CashCoupon(id),
            FundKind::StoredCard => Source::StoredCard(id),
            FundKind::Bonus => Source::Bonus(id),
            FundKind::Credit => Source::Credit(id),
        }
    }

    /// Whether it may pay for this: the payer holds it, it is of that currency, and for that unit and
    /// order, where it is for one.
    ///
    /// A fund that names no unit pays for any; a [`Coupon`] without one pays for nothing. Its time and
    /// its balance are questions of their own.
    ///
    /// # Rule
    /// R-W2, R-W9
    pub fn is_usable_for(&self, purpose: &Purpose<'_>) -> bool {
        let FundTerms { owner, balance, units, order, .. } = &self.terms;
        owner == purpose.payer
            && balance.currency() == purpose.currency
            && (units.is_empty() || units.iter().any(|unit| unit == purpose.unit))
            && order.as_deref().is_none_or(|order| !order.is_empty() && purpose.order == Some(order))
    }

    /// Whether it is in force: effective < now < expiration, both strictly, as for the automatic choice
    /// of coupons (R-W3).
    ///
    /// # Rule
    /// R-W9
    pub fn is_in_force(&self, now: Instant) -> bool {
        self.terms.effective.is_none_or(|effective| effective < now)
            && self.terms.expiration.is_none_or(|expiration| now < expiration)
    }
}

/// What the order of sources looks at.
pub(super) trait Ranked {
    fn priority(&self) -> Option<u32>;
    fn effective(&self) -> Option<Instant>;
    fn expiration(&self) -> Option<Instant>;
    fn created(&self) -> Instant;
    fn is_scoped(&self) -> bool;
    fn basis(&self) -> CostBasis;
    fn balance(&self) -> Money;
    fn id(&self) -> &str;
}

impl Ranked for Fund {
    fn priority(&self) -> Option<u32> {
        self.terms.priority
    }
    fn effective(&self) -> Option<Instant> {
        self.terms.effective
    }
    fn expiration(&self) -> Option<Instant> {
        self.terms.expiration
    }
    fn created(&self) -> Instant {
        self.terms.created
    }
    fn is_scoped(&self) -> bool {
        !self.terms.units.is_empty() || self.terms.order.is_some()
    }
    fn basis(&self) -> CostBasis {
        self.terms.basis
    }
    fn balance(&self) -> Money {
        self.terms.balance
    }
    fn id(&self) -> &str {
        &self.terms.id
    }
}

/// A coupon has no priority and was given; it is restricted where it is for one order (all of them are for one unit).
impl Ranked for Coupon {
    fn priority(&self) -> Option<u32> {
        None
    }
    fn effective(&self) -> Option<Instant> {
        Some(self.terms().effective)
    }
    fn expiration(&self) -> Option<Instant> {
        Some(self.terms().expiration)
    }
    fn created(&self) -> Instant {
        self.terms().created
    }
    fn is_scoped(&self) -> bool {
        matches!(self.terms().scope, Scope::Order(_))
    }
    fn basis(&self) -> CostBasis {
        CostBasis::Free
    }
    fn balance(&self) -> Money {
        self.terms().balance
    }
    fn id(&self) -> &str {
        &self.terms().id
    }
}

impl FundKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::CashCoupon, Self::StoredCard, Self::Bonus, Self::Credit];

    /// The kind of source that it is.
    pub const fn source_kind(self) -> SourceKind {
        match self {
            Self::CashCoupon => SourceKind::CashCoupon,
            Self::StoredCard => SourceKind::StoredCard,
            Self::Bonus => SourceKind::Bonus,
            Self::Credit => SourceKind::Credit,
        }
    }

    /// The name, as `stored_card`.
    pub const fn name(self) -> &'static str {
        self.source_kind().name()
    }
}

impl fmt::Display for FundKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for FundKind {
    type Err = WalletError;

    fn from_str(text: &str) -> Result<Self, WalletError> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| WalletError::UnknownWord {
            what: "kind of fund",
            text: excerpt(text),
            known: "cash_coupon, stored_card, bonus, credit",
        })
    }
}

impl CostBasis {
    /// The name, as `free`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Paid => "paid",
        }
    }
}

impl fmt::Display for CostBasis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for CostBasis {
    type Err = WalletError;

    fn from_str(text: &str) -> Result<Self, WalletError> {
        match text {
            "free" => Ok(Self::Free),
            "paid" => Ok(Self::Paid),
            _ => Err(WalletError::UnknownWord { what: "cost basis", text: excerpt(text), known: "free, paid" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::*, *};
    use crate::money::CNY;

    #[test]
    fn a_fund_is_for_its_owner_its_units_and_its_order() {
        // R-W2, R-W9
        let payer = user("a");
        let purpose = Purpose { payer: &payer, unit: UNIT, order: Some("o1"), currency: CNY };
        let usable = |terms: FundTerms| fund(terms).is_usable_for(&purpose);
        let any = card("A", "5");
        assert!(usable(any.clone()));
        assert!(usable(FundTerms { units: vec!["disk".into(), UNIT.into()], ..any.clone() }));
        assert!(usable(FundTerms { order: Some("o1".into()), ..any.clone() }));
        assert!(!usable(FundTerms { units: vec!["disk".into()], ..any.clone() }));
        assert!(!usable(FundTerms { order: Some("o2".into()), ..any.clone() }));
        assert!(!usable(FundTerms { order: Some(String::new()), ..any.clone() }));
        assert!(!usable(FundTerms { owner: group("a"), ..any.clone() }));
        assert!(!usable(FundTerms { balance: usd("5"), ..any }));
    }

    #[test]
    fn a_fund_pays_strictly_between_its_instants() {
        let between = |effective, expiration| FundTerms { effective, expiration, ..card("A", "5") };
        let at_100 = |terms| fund(terms).is_in_force(at(100));
        assert!(at_100(between(None, None)) && at_100(between(Some(at(99)), Some(at(101)))));
        assert!(!at_100(between(Some(at(100)), None)) && !at_100(between(None, Some(at(100)))));
    }

    #[test]
    fn a_fund_that_makes_no_sense_is_refused() {
        let code = |terms| Fund::new(terms).unwrap_err().code();
        let good = card("A", "5");
        assert_eq!(code(FundTerms { id: String::new(), ..good.clone() }), "wallet.empty_id");
        assert_eq!(code(FundTerms { units: vec![String::new()], ..good.clone() }), "wallet.empty_id");
        assert_eq!(code(FundTerms { balance: cny("-0.01"), ..good.clone() }), "wallet.fund_balance");
        assert_eq!(code(FundTerms { most: Some(cny("-0.01")), ..good.clone() }), "wallet.fund_cap");
        assert_eq!(code(FundTerms { most: Some(usd("1")), ..good }), "money.currency_mismatch");
        for kind in FundKind::ALL {
            assert_eq!(kind.name().parse::<FundKind>().unwrap(), kind);
        }
        assert_eq!("debt".parse::<FundKind>().unwrap_err().code(), "wallet.unknown_word");
        assert_eq!("gift".parse::<CostBasis>().unwrap_err().code(), "wallet.unknown_word");
    }
}
