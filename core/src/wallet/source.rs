use crate::error::{WalletError, excerpt};
use std::{borrow::Cow, fmt, str::FromStr};

/// Where money comes from.
///
/// # Rule
/// R-W8, R-W9
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Source<'a> {
    /// A coupon, by its id.
    Coupon(Cow<'a, str>),
    /// A cash coupon, by its id.
    CashCoupon(Cow<'a, str>),
    /// A stored-value card or a block of credits that was paid ahead, by its id.
    StoredCard(Cow<'a, str>),
    /// A bonus, by its id.
    Bonus(Cow<'a, str>),
    /// The account's balance.
    Balance,
    /// A credit line, by its id: what it holds is the credit that is left.
    Credit(Cow<'a, str>),
    /// What the payer comes to owe beside the balance.
    ///
    /// # Rule
    /// R-W10
    Debt,
}

/// The kinds of sources, as the identity of a bill knows them (R-S4).
///
/// # Rule
/// R-W9
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SourceKind {
    /// Coupons, which other vendors call vouchers.
    Coupon,
    /// Cash coupons.
    CashCoupon,
    /// Stored-value cards, and blocks of credits that were paid ahead.
    StoredCard,
    /// Bonuses.
    Bonus,
    /// The balance: cash.
    Balance,
    /// Credit lines.
    Credit,
    /// Debt.
    Debt,
}

impl<'a> Source<'a> {
    /// What kind of source it is.
    pub const fn kind(&self) -> SourceKind {
        match self {
            Self::Coupon(_) => SourceKind::Coupon,
            Self::CashCoupon(_) => SourceKind::CashCoupon,
            Self::StoredCard(_) => SourceKind::StoredCard,
            Self::Bonus(_) => SourceKind::Bonus,
            Self::Balance => SourceKind::Balance,
            Self::Credit(_) => SourceKind::Credit,
            Self::Debt => SourceKind::Debt,
        }
    }

    /// Its id, where a payer may have several of its kind.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Coupon(id) | Self::CashCoupon(id) | Self::StoredCard(id) | Self::Bonus(id) | Self::Credit(id) => {
                Some(id)
            }
            Self::Balance | Self::Debt => None,
        }
    }

    /// The source of a kind and an id; an account has one balance and one debt, without ids.
    ///
    /// # Errors
    /// `wallet.source_id` for a balance or a debt with an id, and for another kind without.
    pub fn of(kind: SourceKind, id: Option<impl Into<Cow<'a, str>>>) -> Result<Self, WalletError> {
        match (kind, id.map(Into::into)) {
            (SourceKind::Coupon, Some(id)) => Ok(Self::Coupon(id)),
            (SourceKind::CashCoupon, Some(id)) => Ok(Self::CashCoupon(id)),
            (SourceKind::StoredCard, Some(id)) => Ok(Self::StoredCard(id)),
            (SourceKind::Bonus, Some(id)) => Ok(Self::Bonus(id)),
            (SourceKind::Credit, Some(id)) => Ok(Self::Credit(id)),
            (SourceKind::Balance, None) => Ok(Self::Balance),
            (SourceKind::Debt, None) => Ok(Self::Debt),
            (kind, _) => Err(WalletError::SourceId { kind: kind.name() }),
        }
    }

    /// The same source, with the id of this one.
    pub fn borrowed(&self) -> Source<'_> {
        match self {
            Self::Coupon(id) => Source::Coupon(Cow::Borrowed(id)),
            Self::CashCoupon(id) => Source::CashCoupon(Cow::Borrowed(id)),
            Self::StoredCard(id) => Source::StoredCard(Cow::Borrowed(id)),
            Self::Bonus(id) => Source::Bonus(Cow::Borrowed(id)),
            Self::Balance => Source::Balance,
            Self::Credit(id) => Source::Credit(Cow::Borrowed(id)),
            Self::Debt => Source::Debt,
        }
    }

    /// The same source with an id of its own.
    pub fn into_owned(self) -> Source<'static> {
        let owned = |id: Cow<'a, str>| Cow::Owned(id.into_owned());
        match self {
            Self::Coupon(id) => Source::Coupon(owned(id)),
            Self::CashCoupon(id) => Source::CashCoupon(owned(id)),
            Self::StoredCard(id) => Source::StoredCard(owned(id)),
            Self::Bonus(id) => Source::Bonus(owned(id)),
            Self::Balance => Source::Balance,
            Self::Credit(id) => Source::Credit(owned(id)),
            Self::Debt => Source::Debt,
        }
    }
}

impl fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Coupon(id) => write!(f, "coupon `{id}`"),
            Self::CashCoupon(id) => write!(f, "cash coupon `{id}`"),
            Self::StoredCard(id) => write!(f, "stored-value card `{id}`"),
            Self::Bonus(id) => write!(f, "bonus `{id}`"),
            Self::Balance => f.write_str("the balance"),
            Self::Credit(id) => write!(f, "credit line `{id}`"),
            Self::Debt => f.write_str("debt"),
        }
    }
}

impl SourceKind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Coupon, Self::CashCoupon, Self::StoredCard, Self::Bonus, Self::Balance, Self::Credit, Self::Debt];

    /// The name, as `stored_card`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Coupon => "coupon",
            Self::CashCoupon => "cash_coupon",
            Self::StoredCard => "stored_card",
            Self::Bonus => "bonus",
            Self::Balance => "balance",
            Self::Credit => "credit",
            Self::Debt => "debt",
        }
    }

    /// Whether it counts as coupons in a [`Method`](super::Method): what was given to the payer. Cards,
    /// cash, credit and debt are the account's: money that the payer brought, or is to bring.
    ///
    /// # Rule
    /// R-W8
    pub const fn is_coupon(self) -> bool {
        matches!(self, Self::Coupon | Self::CashCoupon | Self::Bonus)
    }
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SourceKind {
    type Err = WalletError;

    fn from_str(text: &str) -> Result<Self, WalletError> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| WalletError::UnknownWord {
            what: "kind of source",
            text: excerpt(text),
            known: "coupon, cash_coupon, stored_card, bonus, balance, credit, debt",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_its_kind_and_its_id() {
        for kind in SourceKind::ALL {
            assert_eq!(kind.name().parse::<SourceKind>().unwrap(), kind);
            let alone = matches!(kind, SourceKind::Balance | SourceKind::Debt);
            let (with, without) = (Source::of(kind, Some("A")), Source::of(kind, None::<&str>));
            assert_eq!((with.is_err(), without.is_err()), (alone, !alone), "{kind}");
            let source = with.or(without).unwrap();
            assert_eq!((source.kind(), source.id().is_none()), (kind, alone));
            assert_eq!(source.clone().into_owned(), source);
        }
        assert_eq!(Source::of(SourceKind::Debt, Some("A")).unwrap_err().code(), "wallet.source_id");
        assert_eq!("cash".parse::<SourceKind>().unwrap_err().code(), "wallet.unknown_word");
    }
}
