//! # Counterfoil's store

#![forbid(unsafe_code)]

mod days;
mod error;
mod payments;
mod rate_cards;
mod reports;
mod resources;
mod sqlite;
mod statements;
mod wallets;

pub use days::{DayReading, DayRecord, Days, ReadingFilter, Recorded, StoredReading};
pub use error::StoreError;
pub use payments::{Paid, Payments, StoredPayment};
pub use rate_cards::RateCards;
pub use reports::{Audit, Finding, Reports, Sums, Total};
pub use resources::{Resource, Resources};
pub use sqlite::SqliteStore;
pub use statements::{ChargeTerms, Charged, StatementFilter, StatementSummary, Statements, StoredStatement};
pub use wallets::{Account, AccountEntry, Book, Wallets};

use std::sync::Arc;

/// A whole store: every aggregate behind one object.
///
/// A portal that keeps some of it elsewhere implements the traits that it needs itself.
pub trait Store: RateCards + Resources + Wallets + Days + Statements + Payments + Reports {}

impl<S: RateCards + Resources + Wallets + Days + Statements + Payments + Reports> Store for S {}

/// Opens the store behind an address, and creates it where there is none.
///
/// A path, or `sqlite:` and a path, is a SQLite file; `sqlite::memory:` is one that is gone when it is
/// closed.
///
/// # Errors
/// As [`SqliteStore::open`].
pub async fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(SqliteStore::open(url).await?))
}

/// What putting one thing in came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Put {
    /// It was not there.
    Inserted,
    /// It was there, and is the same.
    Unchanged,
}

/// What putting many things in came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Puts {
    /// How many were not there.
    pub inserted: usize,
    /// How many were there and are the same.
    pub unchanged: usize,
    /// How many were there and are now as they were put.
    pub replaced: usize,
}
