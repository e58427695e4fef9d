//! What stood in the store when the run began: which days of whom are done, and what a reading came to.
//!
//! A day is stated in one transaction, after everything that happens on it. So where a day of an owner is
//! stated, all that happened on it was done or refused, and is not tried again with what they have today.

use crate::bill::{Billed, DayBill};
use anyhow::Result;
use counterfoil::{
    time::{BillingDay, Instant, Period},
    units::Name,
    wallet::Owner,
};
use counterfoil_store::{DayReading, ReadingFilter, Store};
use std::collections::BTreeMap;

/// The readings of a month, as they stand.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    /// By the start of the day, by owner, by resource; what was taken back is nothing.
    days: BTreeMap<Instant, BTreeMap<Owner, BTreeMap<Name, Option<DayReading>>>>,
    /// The start of the last day of each owner.
    last: BTreeMap<Owner, Instant>,
}

impl Standing {
    /// Reads it.
    pub(crate) async fn read(store: &dyn Store, days: &[BillingDay]) -> Result<Self> {
        let mut standing = Self::default();
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(standing) };
        let whole = Period::new(first.period().start(), last.period().end())?;
        for stored in store.readings(&ReadingFilter::starting_in(whole)).await? {
            let (reading, withdrawn) = (stored.reading, stored.withdrawn);
            let start = reading.reading.usage().window().start();
            let last = standing.last.entry(reading.owner.clone()).or_insert(start);
            *last = start.max(*last);
            let of_owner = standing.days.entry(start).or_default().entry(reading.owner.clone()).or_default();
            of_owner.insert(reading.reading.resource().clone(), (!withdrawn).then_some(reading));
        }
        Ok(standing)
    }

    /// Whether a day of an owner, or a later one, is stated.
    pub(crate) fn is_done(&self, owner: &Owner, day: BillingDay) -> bool {
        self.last.get(owner).is_some_and(|last| *last >= day.period().start())
    }

    /// Whether a day of an owner itself is stated.
    pub(crate) fn is_stated(&self, owner: &Owner, day: BillingDay) -> bool {
        self.days.get(&day.period().start()).is_some_and(|owners| owners.contains_key(owner))
    }

    /// Whether a resource's reading of a stated day is this one, or is gone if there is none.
    pub(crate) fn holds(&self, owner: &Owner, day: BillingDay, id: &Name, billed: Option<&Billed>) -> bool {
        let stated = self.days.get(&day.period().start()).and_then(|owners| owners.get(owner));
        let reading = stated.and_then(|of_owner| of_owner.get(id)).and_then(Option::as_ref);
        stated.is_some() && same(reading, billed)
    }

    /// The owners whose day is otherwise than in the store.
    pub(crate) fn differing(&self, bill: DayBill) -> DayBill {
        let nothing = BTreeMap::new();
        let stated = self.days.get(&bill.day.period().start());
        let differs = |owner: &Owner, billed: &Vec<Billed>| {
            let stated = stated.and_then(|owners| owners.get(owner)).unwrap_or(&nothing);
            let alive = stated.values().filter(|reading| reading.is_some()).count();
            alive != billed.len()
                || billed.iter().any(|billed| {
                    let reading = stated.get(billed.reading.resource()).and_then(Option::as_ref);
                    !same(reading, Some(billed))
                })
        };
        let owners = bill.owners.into_iter().filter(|(owner, billed)| differs(owner, billed)).collect();
        DayBill { day: bill.day, owners }
    }
}

fn same(stated: Option<&DayReading>, billed: Option<&Billed>) -> bool {
    match (stated, billed) {
        (Some(stated), Some(billed)) => {
            (&stated.reading, stated.original, stated.payable) == (&billed.reading, billed.original, billed.payable)
        }
        (None, None) => true,
        _ => false,
    }
}
