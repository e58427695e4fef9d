//! What the store holds of the days of a run, read back: all that is shown comes from here, and nothing
//! from what the run believes that it wrote.

use crate::portfolio::Terms;
use anyhow::Result;
use counterfoil::{
    money::{Currency, Money},
    time::{BillingDay, Instant, Period},
    wallet::Owner,
};
use counterfoil_store::{
    AccountEntry, Audit, Book, ReadingFilter, StatementFilter, Store, StoredReading, StoredStatement,
};
use std::collections::BTreeMap;

/// The days of a run, as they stand in the store.
#[derive(Debug)]
pub(crate) struct Books {
    /// In what everything is stated.
    pub(crate) currency: Currency,
    /// The days.
    pub(crate) days: Vec<BillingDay>,
    /// The readings of the days, each in its latest version, without those that were taken back.
    pub(crate) readings: Vec<StoredReading>,
    /// The statements of the days, with lines and payments.
    pub(crate) statements: Vec<StoredStatement>,
    /// The balances as they stand, by owner.
    pub(crate) balances: BTreeMap<Owner, Money>,
    /// What payments of these statements changed the balances by.
    pub(crate) entries: Vec<AccountEntry>,
    /// What the store says about itself, all of it.
    pub(crate) audit: Audit,
}

impl Books {
    /// Reads them.
    pub(crate) async fn read(
        store: &dyn Store,
        terms: &Terms,
        days: &[BillingDay],
        currency: Currency,
    ) -> Result<Self> {
        let mut statements = Vec::new();
        let filter = StatementFilter { zone: Some(terms.zone), ..StatementFilter::dated(terms.from..=terms.to) };
        for summary in store.statements(&filter).await? {
            statements.extend(store.statement(&summary.id).await?);
        }
        let mut balances = BTreeMap::new();
        let mut entries = Vec::new();
        let orders: BTreeMap<String, ()> =
            statements.iter().map(|stored: &StoredStatement| (stored.statement.id(), ())).collect();
        for account in store.accounts().await? {
            let of_owner = store.account_entries(&account.owner).await?;
            let of_days = of_owner.into_iter().filter(|entry| entry.book == Book::Balance);
            entries.extend(of_days.filter(|entry| entry.cause.order().is_some_and(|order| orders.contains_key(order))));
            balances.insert(account.owner, account.balance);
        }
        Ok(Self {
            currency,
            days: days.to_vec(),
            readings: readings(store, days).await?,
            statements,
            balances,
            entries,
            audit: store.verify().await?,
        })
    }

    /// Whether an instant is of the days.
    pub(crate) fn is_within(&self, at: Instant) -> bool {
        self.days.iter().any(|day| day.period().contains(at))
    }

    /// The statement that a reading was first stated in, by its lines.
    pub(crate) fn statement_of(&self) -> BTreeMap<String, String> {
        let lines = self.statements.iter().flat_map(|stored| {
            stored.statement.lines().iter().map(|line| (line.reading.to_string(), stored.statement.id()))
        });
        lines.collect()
    }
}

async fn readings(store: &dyn Store, days: &[BillingDay]) -> Result<Vec<StoredReading>> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(Vec::new()) };
    let whole = Period::new(first.period().start(), last.period().end())?;
    let mut readings = store.readings(&ReadingFilter::starting_in(whole)).await?;
    readings.retain(|stored| {
        !stored.withdrawn && days.iter().any(|day| day.period() == stored.reading.reading.usage().window())
    });
    Ok(readings)
}
