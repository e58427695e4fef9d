//! What the clients asked and were told.

use crate::{
    answers::Answer,
    args::Bank,
    days,
    diary::{Done, Past},
    operations::{Operation, Place, cycle},
};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};

/// The diaries of all clients.
#[derive(Debug, Default)]
pub(crate) struct Told {
    past: Past,
    /// The orders that were to be charged or locked.
    pub(super) orders: BTreeSet<String>,
    pub(super) refunds: BTreeSet<String>,
    pub(super) top_ups: BTreeSet<String>,
    /// The row that each change of ranges was asked for, by request.
    pub(super) range_changes: BTreeMap<String, String>,
    /// Who pays a plan, and what a cycle of it costs.
    pub(super) plans: BTreeMap<String, (u32, i64)>,
    /// The orders that the cycles of plans were to be paid by.
    pub(super) cycles: BTreeSet<String>,
    /// What the servers of a wallet and a day may have run, by their group of statements.
    pub(super) recorded: BTreeMap<String, Vec<Recorded>>,
    /// The groups of statements that were to be settled.
    settled: BTreeSet<String>,
}

/// A day of a wallet, as somebody told it.
#[derive(Debug)]
pub(super) struct Recorded {
    pub(super) wallet: u32,
    pub(super) hours: Vec<u32>,
}

impl Told {
    pub(super) fn read(bank: &Bank) -> Result<Self> {
        let mut told = Self::default();
        for client in 0..bank.clients {
            let past = Past::read(&bank.diary(client))?;
            told.past.lives += past.lives;
            told.past.asked.extend(past.asked);
            told.past.done.extend(past.done);
            for (code, count) in past.again {
                *told.past.again.entry(code).or_default() += count;
            }
        }
        for operation in told.past.asked.values() {
            match operation {
                Operation::Charge { order, .. } | Operation::Authorise { order, .. } => {
                    told.orders.insert(order.clone());
                }
                Operation::Refund { id, .. } => _ = told.refunds.insert(id.clone()),
                Operation::TopUp { id, .. } => _ = told.top_ups.insert(id.clone()),
                Operation::RecordDay { wallet, day, hours } | Operation::CorrectDay { wallet, day, hours } => {
                    let recorded = Recorded { wallet: *wallet, hours: hours.clone() };
                    told.recorded.entry(days::group(*wallet, *day)?).or_default().push(recorded);
                }
                Operation::ChangeRange(change) => {
                    told.range_changes.insert(change.request.clone(), change.row.clone());
                }
                Operation::StartPlan { plan, wallet, cents } => {
                    told.plans.insert(plan.clone(), (*wallet, *cents));
                    told.cycles.insert(cycle(plan, 0));
                }
                Operation::RenewPlan { plan, asked } => _ = told.cycles.insert(cycle(plan, asked + 1)),
                Operation::SettleStatement { wallet, day, .. } => _ = told.settled.insert(days::group(*wallet, *day)?),
                Operation::SettleDay { day } => {
                    for wallet in 0..bank.wallets {
                        told.settled.insert(days::group(wallet, *day)?);
                    }
                }
                _ => {}
            }
        }
        Ok(told)
    }

    /// Whether a payment of an order was asked for: as a charge, for a cycle of a plan, or for a statement.
    pub(super) fn is_order(&self, order: &str) -> bool {
        self.orders.contains(order) || self.cycles.contains(order) || self.is_to_settle(order)
    }

    /// Whether a refund was asked for, or a statement that it settles.
    pub(super) fn is_refund(&self, id: &str) -> bool {
        self.refunds.contains(id) || self.is_to_settle(id)
    }

    fn is_to_settle(&self, id: &str) -> bool {
        days::group_of(id).is_some_and(|group| self.settled.contains(group))
    }

    pub(super) fn asked(&self) -> &BTreeMap<Place, Operation> {
        &self.past.asked
    }

    /// What was answered, with what was asked.
    pub(super) fn answers(&self) -> impl Iterator<Item = (&Place, &Operation, &Answer)> {
        self.done().map(|(place, operation, done)| (place, operation, &done.answer))
    }

    pub(super) fn done(&self) -> impl Iterator<Item = (&Place, &Operation, &Done)> {
        let asked = |place: &Place| self.past.asked.get(place);
        self.past.done.iter().filter_map(move |(place, done)| Some((place, asked(place)?, done)))
    }

    /// How often clients were started.
    pub(super) fn lives(&self) -> usize {
        self.past.lives
    }

    /// How often each code asked for another try.
    pub(super) fn again(&self) -> &BTreeMap<String, usize> {
        &self.past.again
    }
}
