//! What can go wrong, in one table.
//!
//! Every error of this library is a variant with typed facts, in the enum of its context
//! ([`MoneyError`], [`WalletError`], …), and has a **stable code** (`wallet.coupon_expired`), a
//! [`Category`], and a message in English and Chinese. Codes are never renamed or reused; messages
//! may get better. [`catalogue`] lists them all; `docs/errors.md` is generated from it.
//!
//! An answer is not an error: "not eligible" or "paid nothing" are results.
//!
//! ```
//! use counterfoil::error::{Category, Language, MoneyError};
//!
//! let error = MoneyError::CurrencyMismatch { left: "CNY".into(), right: "USD".into() };
//! assert_eq!(error.code(), "money.currency_mismatch");
//! assert_eq!(error.category(), Category::Conflict);
//! assert_eq!(error.to_string(), "`CNY` and `USD` do not add: convert one of them first");
//! assert_eq!(error.message(Language::Chinese), "`CNY` 与 `USD` 不能相加：请先换算其中一种货币");
//! assert_eq!(error.details(), [("left", "CNY".to_owned()), ("right", "USD".to_owned())]);
//! ```

mod table;

mod bulk;
mod ipam;
mod metering;
mod money;
mod order;
mod placement;
mod pricing;
mod statement;
mod time;
mod units;
mod wallet;
mod wire;

pub use bulk::{BulkError, RowFault};
pub use ipam::IpamError;
pub use metering::MeteringError;
pub use money::MoneyError;
pub use order::OrderError;
pub use placement::PlacementError;
pub use pricing::PricingError;
pub use statement::StatementError;
pub use table::{Category, Entry, Fact, Language, excerpt};
pub use time::TimeError;
pub use units::UnitsError;
pub use wallet::WalletError;
pub use wire::WireError;

/// Any error of the library: one variant for each context.
///
/// It reads through: [`code`](Self::code), [`details`](Self::details) and the messages are those of
/// the error inside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An amount, a rounding, an allocation or a currency.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// An instant, a period, a zone or a cycle.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// A quantity or a unit.
    #[error(transparent)]
    Units(#[from] UnitsError),
    /// A history, a reading, samples or events.
    #[error(transparent)]
    Metering(#[from] MeteringError),
    /// A rate card or a rating.
    #[error(transparent)]
    Pricing(#[from] PricingError),
    /// A coupon, a balance or a deduction.
    #[error(transparent)]
    Wallet(#[from] WalletError),
    /// A statement.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// An order, a renewal or a lease.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// An address, a range or a plan of ranges.
    #[error(transparent)]
    Ipam(#[from] IpamError),
    /// An inventory, a product, or where it fits.
    #[error(transparent)]
    Placement(#[from] PlacementError),
    /// Columns that do not belong together.
    #[error(transparent)]
    Bulk(#[from] BulkError),
    /// A call over the wire that was not understood.
    #[error(transparent)]
    Wire(#[from] WireError),
}

macro_rules! read_through {
    ($self:ident, $error:ident => $answer:expr) => {
        match $self {
            Self::Money($error) => $answer,
            Self::Time($error) => $answer,
            Self::Units($error) => $answer,
            Self::Metering($error) => $answer,
            Self::Pricing($error) => $answer,
            Self::Wallet($error) => $answer,
            Self::Statement($error) => $answer,
            Self::Order($error) => $answer,
            Self::Ipam($error) => $answer,
            Self::Placement($error) => $answer,
            Self::Bulk($error) => $answer,
            Self::Wire($error) => $answer,
        }
    };
}

impl Error {
    /// The stable code, `context.what_is_wrong`.
    pub fn code(&self) -> &'static str {
        read_through!(self, error => error.code())
    }

    /// What kind of fault it is: what a caller does about it.
    pub fn category(&self) -> Category {
        read_through!(self, error => error.category())
    }

    /// The facts by name, in the order of the message.
    pub fn details(&self) -> Vec<(&'static str, String)> {
        read_through!(self, error => error.details())
    }

    /// The message in a language.
    pub fn message(&self, language: Language) -> String {
        read_through!(self, error => error.message(language))
    }
}

/// Every error that the library can give, by context and in the order of the tables.
///
/// ```
/// let codes: Vec<_> = counterfoil::error::catalogue().map(|entry| entry.code).collect();
/// assert!(codes.contains(&"money.overflow"));
/// ```
pub fn catalogue() -> impl Iterator<Item = &'static Entry> {
    [
        MoneyError::ENTRIES,
        TimeError::ENTRIES,
        UnitsError::ENTRIES,
        MeteringError::ENTRIES,
        PricingError::ENTRIES,
        WalletError::ENTRIES,
        StatementError::ENTRIES,
        OrderError::ENTRIES,
        IpamError::ENTRIES,
        PlacementError::ENTRIES,
        BulkError::ENTRIES,
        WireError::ENTRIES,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_named_after_their_context() {
        let mut seen = BTreeSet::new();
        for entry in catalogue() {
            assert!(seen.insert(entry.code), "`{}` stands twice", entry.code);
            let (context, fault) = entry.code.split_once('.').expect("a code has two parts");
            assert!([context, fault].iter().all(|part| {
                !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            }));
        }
    }

    #[test]
    fn both_languages_name_the_same_facts() {
        for entry in catalogue() {
            let english: BTreeSet<_> = table::placeholders(entry.english).collect();
            let chinese: BTreeSet<_> = table::placeholders(entry.chinese).collect();
            let facts: BTreeSet<_> = entry.facts.iter().copied().collect();
            assert_eq!(english, chinese, "`{}`", entry.code);
            assert!(english.is_subset(&facts), "`{}` names a fact that it has not", entry.code);
        }
    }

    #[test]
    fn messages_are_written_as_the_house_writes() {
        for entry in catalogue() {
            assert!(!entry.english.ends_with('.'), "`{}` ends with a full stop", entry.code);
            assert!(!entry.chinese.ends_with('。'), "`{}` ends with a full stop", entry.code);
            assert!(!entry.english.is_empty() && !entry.chinese.is_empty());
        }
    }
}
