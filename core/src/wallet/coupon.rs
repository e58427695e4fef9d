use super::{
    Owner, OwnerKind,
    choice::{Aim, Voucher},
};
use crate::{
    error::{WalletError, excerpt},
    money::{Currency, Money},
    time::Instant,
};
use std::{fmt, str::FromStr};

/// A coupon: money of one owner that pays for one settlement unit, for some time.
///
/// It is a value: [`redeem`](Self::redeem) gives a new one, and what a [`Plan`](super::Plan) takes
/// from it is for the caller to write down.
///
/// # Examples
/// ```
/// use counterfoil::{money::{Money, CNY}, wallet::{Category, Coupon, CouponStatus, CouponTerms, Owner, Scope}};
///
/// let terms = CouponTerms {
///     id: "C1".into(),
///     face_value: Money::parse("100.00", CNY)?,
///     balance: Money::parse("80.00", CNY)?,
///     status: CouponStatus::Available,
///     effective: "2025-03-01T00:00:00Z".parse()?,
///     expiration: "2025-06-01T00:00:00Z".parse()?,
///     created: "2025-02-20T08:00:00Z".parse()?,
///     owner: Some(Owner::User("zhang".into())),
///     unit: Some("vm".into()),
///     scope: Scope::Unit,
///     category: Category::Server,
/// };
/// let coupon = Coupon::new(terms.clone())?;
/// assert_eq!(coupon.balance().to_string(), "80.00");
///
/// let too_much = CouponTerms { balance: Money::parse("100.01", CNY)?, ..terms };
/// assert_eq!(Coupon::new(too_much).unwrap_err().code(), "wallet.coupon_balance");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-W1
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coupon {
    terms: CouponTerms,
}

/// What a coupon is made of; [`Coupon::new`] checks it.
///
/// # Rule
/// R-W1
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouponTerms {
    /// Its id, one among all coupons.
    pub id: String,
    /// What it was issued for.
    pub face_value: Money,
    /// What is left of that.
    pub balance: Money,
    /// Where it is in its life.
    pub status: CouponStatus,
    /// From when it pays.
    pub effective: Instant,
    /// Until when it pays.
    pub expiration: Instant,
    /// When it was issued: the second key of the automatic order (R-W3).
    pub created: Instant,
    /// Who holds it; nobody before it is redeemed.
    pub owner: Option<Owner>,
    /// The settlement unit that it pays for; without one it pays for nothing.
    pub unit: Option<String>,
    /// What of its unit it pays for.
    pub scope: Scope,
    /// The category of its unit.
    pub category: Category,
}

/// Where a coupon is in its life.
///
/// # Rule
/// R-W1
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CouponStatus {
    /// Issued, and not yet redeemed.
    Wait,
    /// Redeemed: it pays.
    Available,
    /// Withdrawn by the issuer.
    Cancelled,
    /// Thrown away by its owner.
    Deleted,
}

/// What of its settlement unit a coupon pays for.
///
/// # Rule
/// R-W1
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Anything of its unit: the portal's scope `service`.
    Unit,
    /// One order, by id; with an empty id it pays for nothing.
    Order(String),
}

/// The category of a settlement unit, as far as a rule looks at it.
///
/// # Rule
/// R-W5
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Category {
    /// Servers: what a group may hold coupons for.
    Server,
    /// Anything else.
    Other,
}

/// What a payment is for: what decides whether a coupon may pay it.
///
/// # Rule
/// R-W2
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purpose<'a> {
    /// Who pays.
    pub payer: &'a Owner,
    /// The settlement unit that is paid.
    pub unit: &'a str,
    /// The order that is paid, where there is one already.
    pub order: Option<&'a str>,
    /// The currency that it is paid in.
    pub currency: Currency,
}

/// A coupon's code, presented by somebody who wants to hold the coupon.
///
/// It has no `Debug`: a code is as good as money.
///
/// # Rule
/// R-W5
#[derive(Clone)]
pub struct Redemption<'a> {
    /// Who wants to hold it.
    pub by: Owner,
    /// The code that was typed in.
    pub presented: &'a str,
    /// The coupon's code.
    pub code: &'a str,
}

impl Coupon {
    /// A coupon of these terms.
    ///
    /// A balance is never below zero and never above the face value: a refund gives back at most what
    /// the coupon paid. One that expires before it takes effect is no error: such rows exist, and it
    /// never pays.
    ///
    /// # Errors
    /// `wallet.empty_id` for the coupon or its unit, `money.currency_mismatch` between balance and face
    /// value, `wallet.coupon_balance`, and `wallet.group_category` for a group with a coupon of another
    /// category than server (R-W5).
    ///
    /// # Rule
    /// R-W1, R-W5
    pub fn new(terms: CouponTerms) -> Result<Self, WalletError> {
        if terms.id.is_empty() {
            return Err(WalletError::EmptyId { what: "coupon" });
        }
        if terms.unit.as_deref() == Some("") {
            return Err(WalletError::EmptyId { what: "settlement unit" });
        }
        if terms.balance.is_negative() || terms.balance.compare(terms.face_value)?.is_gt() {
            return Err(WalletError::CouponBalance {
                coupon: terms.id.clone(),
                balance: terms.balance.amount(),
                face_value: terms.face_value.amount(),
            });
        }
        if terms.owner.as_ref().map(Owner::kind) == Some(OwnerKind::Group) && terms.category != Category::Server {
            return Err(WalletError::GroupCategory { coupon: terms.id.clone(), category: terms.category.name() });
        }
        Ok(Self { terms })
    }

    /// Everything it is made of.
    pub const fn terms(&self) -> &CouponTerms {
        &self.terms
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.terms.id
    }

    /// What is left of it.
    pub const fn balance(&self) -> Money {
        self.terms.balance
    }

    /// Where it is in its life.
    pub const fn status(&self) -> CouponStatus {
        self.terms.status
    }

    /// Who holds it.
    pub const fn owner(&self) -> Option<&Owner> {
        self.terms.owner.as_ref()
    }

    /// Whether it may pay for this: it is of that unit and currency, and its scope is the unit or
    /// exactly that order.
    ///
    /// Who holds it, its status, its time and its balance are questions of their own
    /// ([`Coupons`](super::Coupons)).
    ///
    /// # Examples
    /// ```
    /// # use counterfoil::{money::{Money, CNY}, wallet::{Category, Coupon, CouponStatus, CouponTerms, Owner, Scope}};
    /// use counterfoil::wallet::Purpose;
    ///
    /// # let payer = Owner::User("zhang".into());
    /// # let terms = CouponTerms {
    /// #     id: "C1".into(), face_value: Money::parse("100.00", CNY)?, balance: Money::parse("80.00", CNY)?,
    /// #     status: CouponStatus::Available, effective: "2025-03-01T00:00:00Z".parse()?,
    /// #     expiration: "2025-06-01T00:00:00Z".parse()?, created: "2025-02-20T08:00:00Z".parse()?,
    /// #     owner: Some(payer.clone()), unit: Some("vm".into()), scope: Scope::Unit, category: Category::Server,
    /// # };
    /// let for_one_order = Coupon::new(CouponTerms { scope: Scope::Order("o1".into()), ..terms })?;
    /// let of = |order| Purpose { payer: &payer, unit: "vm", order, currency: CNY };
    /// assert!(for_one_order.is_usable_for(&of(Some("o1"))));
    /// assert!(!for_one_order.is_usable_for(&of(Some("o2"))));
    /// assert!(!for_one_order.is_usable_for(&of(None)));
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-W2
    #[inline]
    pub fn is_usable_for(&self, purpose: &Purpose<'_>) -> bool {
        let aim = purpose.aim(self.terms.effective); // when is another question
        aim.obstacle(&self, self.is_of_unit(purpose.unit)).is_none()
    }

    /// The coupon in the hands of whoever knows its code.
    ///
    /// The code is looked at first: who does not know it learns nothing about the coupon. An empty code
    /// opens nothing.
    ///
    /// # Errors
    /// In this order: `wallet.wrong_code`, `wallet.not_waiting`, `wallet.already_owned`,
    /// `wallet.coupon_without_unit`, `wallet.group_category`.
    ///
    /// # Examples
    /// ```
    /// # use counterfoil::{money::{Money, CNY}, wallet::{Category, Coupon, CouponStatus, CouponTerms, Owner, Scope}};
    /// use counterfoil::wallet::Redemption;
    ///
    /// # let issued = Coupon::new(CouponTerms {
    /// #     id: "C1".into(), face_value: Money::parse("100.00", CNY)?, balance: Money::parse("100.00", CNY)?,
    /// #     status: CouponStatus::Wait, effective: "2025-03-01T00:00:00Z".parse()?,
    /// #     expiration: "2025-06-01T00:00:00Z".parse()?, created: "2025-02-20T08:00:00Z".parse()?,
    /// #     owner: None, unit: Some("vm".into()), scope: Scope::Unit, category: Category::Server,
    /// # })?;
    /// let by = Owner::User("zhang".into());
    /// let held = issued.redeem(Redemption { by: by.clone(), presented: "7GX2", code: "7GX2" })?;
    /// assert_eq!((held.status(), held.owner()), (CouponStatus::Available, Some(&by)));
    ///
    /// let again = held.redeem(Redemption { by, presented: "7GX2", code: "7GX2" });
    /// assert_eq!(again.unwrap_err().code(), "wallet.not_waiting");
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-W5
    pub fn redeem(&self, redemption: Redemption<'_>) -> Result<Self, WalletError> {
        let coupon = || self.terms.id.clone();
        if redemption.code.is_empty() || redemption.presented != redemption.code {
            return Err(WalletError::WrongCode { coupon: coupon() });
        }
        if self.terms.status != CouponStatus::Wait {
            return Err(WalletError::NotWaiting { coupon: coupon(), status: self.terms.status.name() });
        }
        if self.terms.owner.is_some() {
            return Err(WalletError::AlreadyOwned { coupon: coupon() });
        }
        if self.terms.unit.is_none() {
            return Err(WalletError::CouponWithoutUnit { coupon: coupon() });
        }
        Self::new(CouponTerms { status: CouponStatus::Available, owner: Some(redemption.by), ..self.terms.clone() })
    }

    /// Whether it is for that settlement unit.
    #[inline(always)]
    pub(super) fn is_of_unit(&self, unit: &str) -> bool {
        self.terms.unit.as_deref() == Some(unit)
    }
}

impl Purpose<'_> {
    /// What it is, beside who pays for which unit.
    #[inline(always)]
    pub(super) const fn aim(&self, now: Instant) -> Aim<'_> {
        Aim { order: self.order, currency: self.currency, now }
    }
}

impl Voucher for &Coupon {
    fn id(&self) -> &str {
        &self.terms.id
    }
    #[inline(always)]
    fn status(&self) -> CouponStatus {
        self.terms.status
    }
    #[inline(always)]
    fn balance(&self) -> Money {
        self.terms.balance
    }
    #[inline(always)]
    fn effective(&self) -> Instant {
        self.terms.effective
    }
    #[inline(always)]
    fn expiration(&self) -> Instant {
        self.terms.expiration
    }
    #[inline(always)]
    fn only_order(&self) -> Option<&str> {
        match &self.terms.scope {
            Scope::Unit => None,
            Scope::Order(order) => Some(order),
        }
    }
}

impl CouponStatus {
    /// Every status, in the order of a coupon's life.
    pub const ALL: [Self; 4] = [Self::Wait, Self::Available, Self::Cancelled, Self::Deleted];

    /// The name, as `wait`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Available => "available",
            Self::Cancelled => "cancelled",
            Self::Deleted => "deleted",
        }
    }
}

impl fmt::Display for CouponStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for CouponStatus {
    type Err = WalletError;

    fn from_str(text: &str) -> Result<Self, WalletError> {
        Self::ALL.into_iter().find(|status| status.name() == text).ok_or_else(|| WalletError::UnknownWord {
            what: "coupon status",
            text: excerpt(text),
            known: "wait, available, cancelled, deleted",
        })
    }
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 2] = [Self::Server, Self::Other];

    /// The name, as `server`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Category {
    type Err = WalletError;

    fn from_str(text: &str) -> Result<Self, WalletError> {
        Self::ALL.into_iter().find(|category| category.name() == text).ok_or_else(|| WalletError::UnknownWord {
            what: "coupon category",
            text: excerpt(text),
            known: "server, other",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::*, *};

    #[test]
    fn a_coupon_holds_between_nothing_and_its_face_value() {
        // R-W1
        let holding = |balance: &str, face: &str| {
            Coupon::new(CouponTerms { balance: cny(balance), face_value: cny(face), ..terms("C1", "0") })
        };
        for (balance, face) in [("0", "0"), ("0", "5"), ("5.00", "5"), ("4.99", "5.00")] {
            assert!(holding(balance, face).is_ok(), "{balance} of {face}");
        }
        for (balance, face) in [("-0.01", "5"), ("5.01", "5"), ("0", "-1"), ("-2", "-1")] {
            assert_eq!(holding(balance, face).unwrap_err().code(), "wallet.coupon_balance", "{balance} of {face}");
        }
        let foreign = CouponTerms { face_value: usd("5"), ..terms("C1", "5") };
        assert_eq!(Coupon::new(foreign).unwrap_err().code(), "money.currency_mismatch");
    }

    #[test]
    fn a_coupon_and_its_unit_have_ids() {
        assert_eq!(Coupon::new(terms("", "5")).unwrap_err().code(), "wallet.empty_id");
        let unit = CouponTerms { unit: Some(String::new()), ..terms("C1", "5") };
        assert_eq!(Coupon::new(unit).unwrap_err().code(), "wallet.empty_id");
    }

    #[test]
    fn a_group_holds_server_coupons_only() {
        // R-W5
        let of = |owner, category| Coupon::new(CouponTerms { owner, category, ..terms("C1", "5") });
        let (user, group) = (Some(user("a")), Some(group("a")));
        assert!(of(user.clone(), Category::Server).is_ok() && of(user, Category::Other).is_ok());
        assert!(of(group.clone(), Category::Server).is_ok() && of(None, Category::Other).is_ok());
        assert_eq!(of(group, Category::Other).unwrap_err().code(), "wallet.group_category");
    }

    #[test]
    fn usable_is_unit_and_scope() {
        // R-W2
        let payer = user("a");
        let usable = |unit: Option<&str>, scope, order| {
            let coupon = coupon(CouponTerms { unit: unit.map(str::to_owned), scope, ..terms("C1", "5") });
            coupon.is_usable_for(&Purpose { payer: &payer, unit: UNIT, order, currency: crate::money::CNY })
        };
        let order = |id: &str| Scope::Order(id.to_owned());
        assert!(usable(Some(UNIT), Scope::Unit, None));
        assert!(usable(Some(UNIT), Scope::Unit, Some("o1")));
        assert!(usable(Some(UNIT), order("o1"), Some("o1")));
        assert!(!usable(Some(UNIT), order("o2"), Some("o1")));
        assert!(!usable(Some(UNIT), order("o1"), None));
        assert!(!usable(Some(UNIT), order(""), Some(""))); // an empty id equals nothing
        assert!(!usable(Some(UNIT), order(""), None));
        assert!(!usable(Some("other"), Scope::Unit, None));
        assert!(!usable(Some("other"), order("o1"), Some("o1")));
        assert!(!usable(None, Scope::Unit, None));
        let dollars = coupon(CouponTerms { balance: usd("5"), face_value: usd("5"), ..terms("C1", "5") });
        assert!(!dollars.is_usable_for(&Purpose {
            payer: &payer,
            unit: UNIT,
            order: None,
            currency: crate::money::CNY
        }));
    }

    #[test]
    fn redeeming_checks_in_order() {
        // R-W5
        let issued = CouponTerms { status: CouponStatus::Wait, owner: None, ..terms("C1", "5") };
        let redeem = |terms: CouponTerms, by: Owner, presented: &str, code: &str| {
            coupon(terms).redeem(Redemption { by, presented, code }).map_err(|error| error.code())
        };
        let held = redeem(issued.clone(), group("g"), "k", "k").unwrap();
        assert_eq!(held.owner(), Some(&group("g")));
        assert_eq!(held.status(), CouponStatus::Available);
        assert_eq!(held.balance(), cny("5"));

        // Each line mends the first fault of the one before.
        let other = Category::Other;
        let worst = CouponTerms {
            status: CouponStatus::Cancelled,
            owner: Some(user("b")),
            unit: None,
            category: other,
            ..issued.clone()
        };
        assert_eq!(redeem(worst.clone(), group("g"), "x", "k"), Err("wallet.wrong_code"));
        assert_eq!(redeem(worst.clone(), group("g"), "k", "k"), Err("wallet.not_waiting"));
        let waiting = CouponTerms { status: CouponStatus::Wait, ..worst };
        assert_eq!(redeem(waiting.clone(), group("g"), "k", "k"), Err("wallet.already_owned"));
        let free = CouponTerms { owner: None, ..waiting };
        assert_eq!(redeem(free.clone(), group("g"), "k", "k"), Err("wallet.coupon_without_unit"));
        let of_unit = CouponTerms { unit: Some(UNIT.into()), ..free };
        assert_eq!(redeem(of_unit.clone(), group("g"), "k", "k"), Err("wallet.group_category"));
        assert!(redeem(of_unit, user("g"), "k", "k").is_ok());

        for status in [CouponStatus::Available, CouponStatus::Cancelled, CouponStatus::Deleted] {
            let terms = CouponTerms { status, ..issued.clone() };
            assert_eq!(redeem(terms, user("a"), "k", "k"), Err("wallet.not_waiting"));
        }
        assert_eq!(redeem(issued.clone(), user("a"), "", ""), Err("wallet.wrong_code"));
        assert_eq!(redeem(issued, user("a"), "K", "k"), Err("wallet.wrong_code"));
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for status in CouponStatus::ALL {
            assert_eq!(status.name().parse::<CouponStatus>().unwrap(), status);
        }
        for category in Category::ALL {
            assert_eq!(category.name().parse::<Category>().unwrap(), category);
        }
        assert_eq!("Wait".parse::<CouponStatus>().unwrap_err().code(), "wallet.unknown_word");
        assert_eq!("".parse::<Category>().unwrap_err().code(), "wallet.unknown_word");
    }
}
