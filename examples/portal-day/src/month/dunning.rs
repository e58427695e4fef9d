//! What is due: each morning every plan is looked at, and renewed, warned about or ended (R-O2, R-O3).
//!
//! A renewal is a payment of its own, named after the plan and its number, so it is made once (R-W13). On a
//! morning that is over only what was paid then was renewed: nothing is decided again with the funds of today.

use super::standing::Standing;
use crate::{
    events::{Plan, Timeline},
    ledger::{Ledger, is_refusal},
    problem::Fault,
};
use anyhow::Result;
use counterfoil::{
    money::Money,
    order::{AccountFunds, Dunning, DunningAction, DunningFacts, DunningStep, PlanOrder, Renewal},
    time::{BillingDay, Instant},
    wallet::{Funds, Lock, Owner, Purpose},
};
use counterfoil_store::StoreError;
use std::collections::BTreeMap;

/// How plans are dunned: 7 days before the deadline, 7 after it, a warning a day, 100 retries.
const DUNNING: Dunning = Dunning::USAGE;

/// Plans as a run goes through its mornings.
#[derive(Debug, Default)]
pub(crate) struct Dunned {
    states: BTreeMap<String, State>,
    /// What was done, in order.
    pub(crate) log: Vec<Entry>,
}

/// Where a plan stands.
#[derive(Debug)]
struct State {
    order: PlanOrder,
    last_warned: Option<Instant>,
    retries: u32,
}

/// What was done about a plan on a morning.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The morning.
    pub(crate) at: Instant,
    /// The plan.
    pub(crate) plan: String,
    /// Whose.
    pub(crate) owner: Owner,
    /// Renewed, warned about, or ended.
    pub(crate) action: DunningAction,
    /// Why.
    pub(crate) reason: &'static str,
    /// What a cycle costs.
    pub(crate) price: Money,
    /// Until when it was paid.
    pub(crate) deadline: Instant,
    /// Until when it is, where it was renewed.
    pub(crate) renewed_to: Option<Instant>,
}

impl Dunned {
    /// How often a plan was renewed by now.
    pub(crate) fn renewals(&self, plan: &Plan) -> u32 {
        self.states.get(&plan.id).map_or(plan.order.renewals(), |state| state.order.renewals())
    }
}

/// The order id of a plan's renewal, by its number from 1.
pub(crate) fn renewal_of(plan: &str, number: u32) -> String {
    format!("{plan}/renewal/{number}")
}

impl Ledger<'_> {
    /// Looks at every plan of sound owners at the first instant of a day.
    pub(crate) async fn morning(
        &mut self,
        timeline: &Timeline,
        standing: &Standing,
        day: BillingDay,
        dunned: &mut Dunned,
    ) -> Result<()> {
        let now = day.period().start();
        let mut queue = Vec::new();
        for plan in timeline.plans.iter().filter(|plan| !self.portfolio.left_out.contains(&plan.owner)) {
            let order = dunned.states.get(&plan.id).map_or(plan.order, |state| state.order);
            queue.push((order.deadline()?, plan));
        }
        queue.sort_by(|(one, a), (other, b)| (one, &a.id).cmp(&(other, &b.id)));
        for (_, plan) in queue {
            let is_over = standing.is_done(&plan.owner, day);
            let state = dunned.states.entry(plan.id.clone()).or_insert(State {
                order: plan.order,
                last_warned: None,
                retries: 0,
            });
            let step = self.look_at(plan, state, is_over, now).await?;
            let entry = match step.action() {
                DunningAction::Renew => self.renew(plan, state, &step, now).await?,
                DunningAction::Warn => {
                    state.last_warned = Some(now);
                    Some(None)
                }
                DunningAction::End => {
                    state.order = state.order.end()?;
                    Some(None)
                }
                DunningAction::Nothing | DunningAction::Wait => None,
            };
            if let Some(renewed_to) = entry {
                dunned.log.push(Entry {
                    at: now,
                    plan: plan.id.clone(),
                    owner: plan.owner.clone(),
                    action: step.action(),
                    reason: step.reason().name(),
                    price: plan.price,
                    deadline: step.deadline(),
                    renewed_to,
                });
            }
        }
        Ok(())
    }

    /// What is to be done about a plan.
    async fn look_at(&self, plan: &Plan, state: &State, is_over: bool, now: Instant) -> Result<DunningStep> {
        let next = renewal_of(&plan.id, state.order.renewals().saturating_add(1));
        let renewed_now = match self.paid(&next).await {
            Ok(payment) => payment.paid_at == now,
            Err(StoreError::NotFound { .. }) => false,
            Err(error) => return Err(error.into()),
        };
        let usable = match (renewed_now, is_over) {
            (true, _) => plan.price,
            (false, true) => Money::zero(plan.price.currency()),
            (false, false) => self.usable(plan, &next, now).await?,
        };
        let account = plan.owner.to_string();
        let facts = DunningFacts {
            id: plan.id.clone(),
            order: state.order,
            auto_renew: plan.auto_renew,
            price: plan.price,
            account: account.clone(),
            last_warned: state.last_warned,
            retries: state.retries,
        };
        let mut steps = DUNNING.steps(&[facts], &[AccountFunds { account, usable }], now)?.into_iter();
        steps.next().ok_or_else(|| anyhow::anyhow!("`{}` got no step: this is a fault of the library", plan.id))
    }

    /// What an owner can spend on a plan (R-W11).
    async fn usable(&self, plan: &Plan, order: &str, now: Instant) -> Result<Money> {
        let nothing = Money::zero(plan.price.currency());
        let Some(account) = self.store.account(&plan.owner).await? else { return Ok(nothing) };
        let coupons = self.store.coupons(&plan.owner).await?;
        let locks = self.store.locks(&plan.owner).await?;
        let locks: Vec<Lock> = locks.into_iter().map(|stored| stored.lock).collect();
        let funds = Funds::new(account.balance, &coupons)?.with_locks(&locks)?;
        let currency = plan.price.currency();
        let purpose = Purpose { payer: &plan.owner, unit: plan.unit.as_str(), order: Some(order), currency };
        Ok(funds.usable(&purpose, now)?)
    }

    /// Takes the price and moves the deadline; nothing where it was refused, so that it is tried again.
    async fn renew(
        &mut self,
        plan: &Plan,
        state: &mut State,
        step: &DunningStep,
        now: Instant,
    ) -> Result<Option<Option<Instant>>> {
        let order = renewal_of(&plan.id, step.renewals().saturating_add(1));
        match self.store.charge(&self.charge_of(&order, &plan.owner, &plan.unit, plan.price), now).await {
            Ok(paid) => self.changes.renewals += usize::from(!paid.is_replay),
            Err(error) if is_refusal(&error) => {
                state.retries = state.retries.saturating_add(1);
                let fault =
                    Fault { code: error.code(), message: format!("plan `{}` was not renewed: {error}", plan.id) };
                self.problems.push(fault.at(plan.origin.file, plan.origin.line));
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        }
        if let Renewal::Renewed(renewed) = state.order.renew(step.renewals())? {
            state.order = renewed;
            state.last_warned = None;
        }
        Ok(Some(Some(state.order.deadline()?)))
    }
}
