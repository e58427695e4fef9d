//! State and charge: carries out what was billed, in the store.
//!
//! Every call on the store is one transaction, and each does nothing where it was done before. So a run that
//! was killed anywhere is finished by the next one, and a run after that changes nothing.

use crate::{
    bill::{Billed, DayBill},
    portfolio::{Life, Portfolio, Terms},
    problem::{Fault, Problem, Unusable},
};
use anyhow::{Context, Result};
use counterfoil::{
    statement::StatementStatus,
    time::{BillingDay, Instant, Zone},
    units::Name,
    wallet::Owner,
};
use counterfoil_store::{
    Account, ChargeTerms, DayReading, DayRecord, Put, Puts, Recorded, Resource, StatementFilter, Store, StoreError,
};
use std::collections::BTreeSet;

/// What a run changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub(crate) struct Changes {
    /// Cards, units, accounts, coupons and resources that are new or other than before.
    pub(crate) loaded: usize,
    /// Readings that are new.
    pub(crate) readings: usize,
    /// Readings that came out otherwise than before.
    pub(crate) corrected: usize,
    /// Readings that stood and are no more.
    pub(crate) withdrawn: usize,
    /// Statements that are new.
    pub(crate) statements: usize,
    /// Payments that are new.
    pub(crate) payments: usize,
    /// Refunds that are new, of corrections.
    pub(crate) refunds: usize,
    /// Top-ups, orders, refunds and other things of a month that are new.
    pub(crate) events: usize,
    /// Plans that were renewed.
    pub(crate) renewals: usize,
}

impl Changes {
    /// Whether everything stood already.
    pub(crate) fn are_none(self) -> bool {
        self == Self::default()
    }

    fn load(&mut self, puts: Puts) {
        self.loaded += puts.inserted + puts.replaced;
    }

    fn put(&mut self, put: Put) {
        self.loaded += usize::from(put == Put::Inserted);
    }

    fn record(&mut self, recorded: &Recorded) {
        self.readings += recorded.inserted;
        self.corrected += recorded.corrected;
        self.withdrawn += recorded.withdrawn;
        self.statements += recorded.statements.len();
    }
}

/// The store, with what this run changed in it.
pub(crate) struct Ledger<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) portfolio: &'a mut Portfolio,
    terms: &'a Terms,
    pub(crate) changes: Changes,
    pub(crate) problems: Vec<Problem>,
}

impl<'a> Ledger<'a> {
    pub(crate) fn new(store: &'a dyn Store, portfolio: &'a mut Portfolio, terms: &'a Terms) -> Self {
        Self { store, portfolio, terms, changes: Changes::default(), problems: Vec::new() }
    }

    /// What was changed, and what went wrong.
    pub(crate) fn finish(self) -> (Changes, Vec<Problem>) {
        (self.changes, self.problems)
    }

    /// The error, where the days of this run are stated already by the calendar of another zone: the same
    /// hours would be charged twice.
    pub(crate) async fn check_zone(&self) -> Result<()> {
        let around = |date: chrono::NaiveDate, days: i64| date.checked_add_signed(chrono::TimeDelta::days(days));
        let (from, to) = (around(self.terms.from, -1), around(self.terms.to, 1));
        let dates = from.unwrap_or(self.terms.from)..=to.unwrap_or(self.terms.to);
        let stated = self.store.statements(&StatementFilter::dated(dates)).await?;
        let others: BTreeSet<String> = stated
            .iter()
            .map(|statement| statement.key.day.zone())
            .filter(|zone: &Zone| *zone != self.terms.zone)
            .map(|zone| zone.to_string())
            .collect();
        if let Some(zone) = others.first() {
            let message = format!(
                "these days are stated already as days of {zone}: the same hours would be charged twice; \
                 name another --store, or use --zone {zone}"
            );
            return Err(Unusable::from(Fault::new("input.other_zone", message).at("the store", 0)).into());
        }
        Ok(())
    }

    /// Loads prices, units, accounts, coupons and resources of the sound owners.
    pub(crate) async fn load(&mut self) -> Result<()> {
        let store = self.store;
        self.changes.put(store.put_rate_card(&self.portfolio.card_source).await.map_err(rates_fault)?);
        for (id, unit) in &self.portfolio.units {
            self.changes.put(store.put_unit(id.as_str(), &unit.application).await?);
        }
        self.changes.load(store.put_coupons(&self.portfolio.waiting).await?);
        let owners: Vec<Owner> = self.portfolio.sound().map(|(owner, _)| owner.clone()).collect();
        if !self.load_owners(&owners).await.map_or_else(refused, |()| Ok(true))? {
            // Somebody's rows contradict what the store holds: find out whose.
            for owner in &owners {
                if let Err(error) = self.load_owners(std::slice::from_ref(owner)).await {
                    self.leave_out(owner, "loaded", error)?;
                }
            }
        }
        Ok(())
    }

    /// Keeps one day: its readings and statements in one transaction, where nothing is wrong with anybody's.
    pub(crate) async fn state(&mut self, bill: &DayBill) -> Result<()> {
        let owners: BTreeSet<Owner> =
            bill.owners.keys().filter(|owner| !self.portfolio.left_out.contains(*owner)).cloned().collect();
        match self.store.record_day(&self.record(bill, owners.clone())).await {
            Ok(recorded) => self.changes.record(&recorded),
            Err(error) => {
                refused(error)?;
                for owner in owners {
                    match self.store.record_day(&self.record(bill, BTreeSet::from([owner.clone()]))).await {
                        Ok(recorded) => self.changes.record(&recorded),
                        Err(error) => self.leave_out(&owner, &format!("stated on {}", bill.day), error)?,
                    }
                }
            }
        }
        Ok(())
    }

    /// Charges what is unpaid of a day, in the order of the statements, each in a transaction of its own.
    ///
    /// A correction below zero stays open: it is a refund, not a charge.
    pub(crate) async fn charge(&mut self, day: BillingDay) -> Result<()> {
        let filter = StatementFilter { zone: Some(day.zone()), ..StatementFilter::dated(day.date()..=day.date()) };
        for statement in self.store.statements(&filter.with_status(StatementStatus::Unpaid)).await? {
            let owner = &statement.key.owner;
            if self.portfolio.left_out.contains(owner) || statement.payable.is_negative() {
                continue;
            }
            self.settle_one(&statement.id, owner, &statement.key.unit, self.terms.charged_at(day)).await?;
        }
        Ok(())
    }

    /// Settles a statement with those that are open of its group.
    pub(crate) async fn settle_one(&mut self, id: &str, owner: &Owner, unit: &Name, now: Instant) -> Result<()> {
        if self.portfolio.left_out.contains(owner) {
            return Ok(());
        }
        let Some(unit) = self.portfolio.units.get(unit) else { return Ok(()) };
        let terms = ChargeTerms::daily(unit.application.clone(), now);
        match self.store.settle_statement(id, &terms).await {
            Ok(settled) if settled.is_replay => {}
            Ok(settled) => {
                self.changes.payments += usize::from(settled.payment().is_some());
                self.changes.refunds += settled.refunds().len();
            }
            Err(error) => self.leave_out(owner, &format!("charged for `{id}`"), error)?,
        }
        Ok(())
    }

    async fn load_owners(&mut self, owners: &[Owner]) -> Result<(), StoreError> {
        let (mut accounts, mut coupons, mut resources) = (Vec::new(), Vec::new(), Vec::new());
        for owner in owners {
            let Some(holding) = self.portfolio.owners.get(owner) else { continue };
            accounts.extend(holding.balance.map(|balance| Account::new(owner.clone(), balance)));
            coupons.extend(holding.coupons.iter().cloned());
            resources.extend(holding.resources.iter().map(|(id, resource)| Resource {
                id: id.clone(),
                kind: resource.kind.clone(),
                owner: owner.clone(),
                unit: resource.unit.clone(),
                spans: match &resource.life {
                    Life::Spans { history, .. } => history.spans().to_vec(),
                    Life::Sampled { spans, .. } => spans.clone(),
                    Life::Task { .. } => Vec::new(),
                },
            }));
        }
        self.changes.load(self.store.put_accounts(&accounts).await?);
        self.changes.load(self.store.put_coupons(&coupons).await?);
        self.changes.load(self.store.put_resources(&resources).await?);
        Ok(())
    }

    fn record(&self, bill: &DayBill, owners: BTreeSet<Owner>) -> DayRecord {
        let revision = self.portfolio.card.revision();
        let readings = owners.iter().filter_map(|owner| bill.owners.get(owner)).flatten();
        let readings = readings
            .map(|Billed { reading, owner, unit, original, payable }| DayReading {
                reading: reading.clone(),
                owner: owner.clone(),
                unit: unit.clone(),
                original: *original,
                payable: *payable,
                revision: revision.clone(),
            })
            .collect();
        DayRecord { day: bill.day, owners, readings }
    }

    /// Leaves an owner out whom the library refused; any other error of the store ends the run.
    fn leave_out(&mut self, owner: &Owner, doing: &str, error: StoreError) -> Result<()> {
        let fault = Fault { code: error.code(), message: format!("{owner} could not be {doing}: {error}") };
        refused(error)?;
        self.portfolio.left_out.insert(owner.clone());
        self.problems.push(fault.at("the store", 0).of(Some(owner)));
        Ok(())
    }
}

/// Whether it is about the facts, and so about an owner; an error of the store itself otherwise.
fn refused(error: StoreError) -> Result<bool> {
    match error {
        StoreError::Core(_) | StoreError::Conflict { .. } => Ok(false),
        error => Err(error).context("the store can not be used"),
    }
}

/// Whether the store refused what was asked, and works.
pub(crate) const fn is_refusal(error: &StoreError) -> bool {
    matches!(error, StoreError::Core(_) | StoreError::Conflict { .. } | StoreError::NotFound { .. })
}

/// A price list that differs from the one that was kept under its revision makes the run unusable.
fn rates_fault(error: StoreError) -> anyhow::Error {
    match error {
        StoreError::Conflict { .. } => {
            let message =
                "the store has another price list of this revision: a card is never edited, name a new revision";
            Unusable::from(Fault::new("store.conflict", message).at(crate::input::RATES, 0)).into()
        }
        error => error.into(),
    }
}
