use crate::StoreError;
use async_trait::async_trait;
use counterfoil::{
    metering::Reading,
    money::Money,
    statement::{ChargedReading, Statement},
    time::{BillingDay, Period},
    units::Name,
    wallet::Owner,
};
use std::collections::BTreeSet;

/// A reading, what it costs, and who pays for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayReading {
    /// What was used.
    pub reading: Reading,
    /// Who pays.
    pub owner: Owner,
    /// The service unit that is paid.
    pub unit: Name,
    /// What all that was used costs, rounded.
    pub original: Money,
    /// What is to be paid, rounded.
    pub payable: Money,
    /// The rate card that it was rated with.
    pub revision: Name,
}

/// A day of some owners, whole: every reading that they have of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayRecord {
    /// The day.
    pub day: BillingDay,
    /// Whose day it is. A reading of theirs that was stated before and is not here any more is taken back.
    pub owners: BTreeSet<Owner>,
    /// Their readings, in any order.
    pub readings: Vec<DayReading>,
}

/// What recording a day came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recorded {
    /// Readings that are new.
    pub inserted: usize,
    /// Readings that stand as they were.
    pub unchanged: usize,
    /// Readings that came out otherwise than before, each kept as a further version.
    pub corrected: usize,
    /// Readings that stood and are no more. For one that cost nothing there is no statement.
    pub withdrawn: usize,
    /// The statements that were added: the day's own, and corrections with the differences.
    pub statements: Vec<Statement>,
}

/// A reading in the store, in its latest version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReading {
    /// The reading with its amounts.
    pub reading: DayReading,
    /// 0, or how often it was corrected.
    pub version: u32,
    /// Whether it was taken back.
    pub withdrawn: bool,
}

/// Which readings to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingFilter {
    /// Those whose windows begin in this period.
    pub starting_in: Period,
    /// Those of one owner.
    pub owner: Option<Owner>,
    /// Those of one resource.
    pub resource: Option<Name>,
}

/// Readings and the statements that are made of them.
///
/// # Rule
/// R-U6, R-S1, R-S2
#[async_trait]
pub trait Days: Send + Sync {
    /// Keeps a day of some owners: its readings, and the statements that ask for them. One transaction.
    ///
    /// The same day again changes nothing. A reading that came out otherwise is kept as a further version
    /// and goes into a correction statement with the difference, and one that is gone is taken back: what
    /// the statements are is decided by [`restate`](counterfoil::statement::restate) against what the store
    /// holds, inside the transaction, so that two processes that record one day state it once.
    ///
    /// # Errors
    /// `store.other_owner` for a reading of an owner who is not among those of the day;
    /// `store.not_found` for a rate card that was not put in before; what `restate` refuses
    /// (`statement.other_day`, `statement.repeated_reading`, `money.currency_mismatch`, `money.overflow`).
    /// Then nothing is kept.
    async fn record_day(&self, record: &DayRecord) -> Result<Recorded, StoreError>;

    /// Readings by start, end and resource, each in its latest version.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn readings(&self, filter: &ReadingFilter) -> Result<Vec<StoredReading>, StoreError>;
}

impl DayReading {
    /// What a statement looks at.
    pub fn charged(&self) -> ChargedReading {
        ChargedReading {
            reading: self.reading.id(),
            owner: self.owner.clone(),
            unit: self.unit.clone(),
            kind: self.reading.kind().clone(),
            original: self.original,
            payable: self.payable,
        }
    }
}

impl ReadingFilter {
    /// All whose windows begin in a period.
    pub const fn starting_in(period: Period) -> Self {
        Self { starting_in: period, owner: None, resource: None }
    }
}
