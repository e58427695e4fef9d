//! Plans: renewed in cycles by the core's table, each cycle paid in the transaction that begins it.

pub(super) mod rows;
pub(super) mod terms;

use super::{
    SqlStore, charging,
    engine::{Connection, Turn},
    locks, wallets,
};
use crate::{Act, CycleOutcome, PaidCycle, PlanChange, PlanStep, PlanTerms, Plans, StoreError, StoredPlan, texts};
use async_trait::async_trait;
use counterfoil::{
    error::{Category, OrderError},
    money::Money,
    order::{AccountFunds, Dunning, DunningAction, DunningFacts, DunningStep, PlanState, Renewal},
    time::Instant,
    wallet::{Coupons, Funding, Funds, Purpose},
};
use std::collections::BTreeMap;

#[async_trait]
impl Plans for SqlStore {
    async fn create_plan(&self, terms: &PlanTerms, act: &Act) -> Result<PlanChange, StoreError> {
        texts::act(act)?;
        terms.check_texts()?;
        let plan = terms.check()?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            transaction.take(&[Turn::Owner(&terms.owner)]).await?;
            if let Some(known) = rows::find(&mut transaction, &terms.application, &terms.plan).await? {
                known.stored.terms.same_as(terms)?;
                return Ok(PlanChange { plan: known.stored, is_replay: true });
            }
            let stored = StoredPlan { terms: terms.clone(), plan, retries: 0, last_warned: None };
            rows::insert(&mut transaction, &stored, act).await?;
            transaction.commit().await?;
            Ok(PlanChange { plan: stored, is_replay: false })
        })
        .await
    }

    async fn start_plan(
        &self,
        application: &str,
        plan: &str,
        coupons: Coupons,
        funding: Funding,
        act: &Act,
    ) -> Result<PaidCycle, StoreError> {
        texts::coupons(&coupons)?;
        texts::act(act)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let known = rows::held(&mut transaction, application, plan).await?;
            let charge = known.stored.terms.charge(0, coupons.clone(), funding.clone());
            if known.stored.plan.state() != PlanState::Pending
                && let Some((_, payment)) = charging::find(&mut transaction, application, &charge.order).await?
                && payment.payment.replay(&charge)?.is_some()
            {
                return Ok(PaidCycle { plan: known.stored, outcome: CycleOutcome::Replayed(payment) });
            }
            let started = known.stored.plan.start()?;
            let (paid, number) = charging::carry_out(&mut transaction, &charge, act).await?;
            let after = StoredPlan { plan: started, ..known.stored.clone() };
            rows::write(&mut transaction, &known, &after, "start", Some(number), act).await?;
            transaction.commit().await?;
            Ok(PaidCycle { plan: after, outcome: CycleOutcome::Paid(paid.payment) })
        })
        .await
    }

    async fn renew_plan(
        &self,
        application: &str,
        plan: &str,
        asked: u32,
        coupons: Coupons,
        funding: Funding,
        act: &Act,
    ) -> Result<PaidCycle, StoreError> {
        texts::coupons(&coupons)?;
        texts::act(act)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let known = rows::held(&mut transaction, application, plan).await?;
            let charge = known.stored.terms.charge(asked.saturating_add(1), coupons.clone(), funding.clone());
            let renewed = match known.stored.plan.renew(asked)? {
                Renewal::Renewed(renewed) => renewed,
                Renewal::Stale { .. } => {
                    let found = charging::find(&mut transaction, application, &charge.order).await?;
                    let payment = found.map(|(_, payment)| payment);
                    let Some(payment) = payment else {
                        return Err(StoreError::NotFound { what: "payment", id: charge.order });
                    };
                    return Ok(PaidCycle { plan: known.stored, outcome: CycleOutcome::Replayed(payment) });
                }
            };
            let (after, outcome) = match charging::carry_out(&mut transaction, &charge, act).await {
                Ok((paid, number)) => {
                    let after = StoredPlan { plan: renewed, retries: 0, ..known.stored.clone() };
                    rows::write(&mut transaction, &known, &after, "renew", Some(number), act).await?;
                    (after, CycleOutcome::Paid(paid.payment))
                }
                // The core refused the charge: of it nothing is written but that locks are over that had expired.
                Err(StoreError::Core(error)) if error.category() == Category::Insufficient => {
                    let retries = known.stored.retries.saturating_add(1);
                    let after = StoredPlan { retries, ..known.stored.clone() };
                    rows::write(&mut transaction, &known, &after, "refuse", None, act).await?;
                    (after, CycleOutcome::Refused(error))
                }
                Err(error) => return Err(error),
            };
            transaction.commit().await?;
            Ok(PaidCycle { plan: after, outcome })
        })
        .await
    }

    async fn warn_plan(&self, application: &str, plan: &str, act: &Act) -> Result<PlanChange, StoreError> {
        texts::act(act)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let known = rows::held(&mut transaction, application, plan).await?;
            if known.stored.last_warned == Some(act.now) {
                return Ok(PlanChange { plan: known.stored, is_replay: true });
            }
            if known.stored.plan.state() != PlanState::Consuming {
                return Err(OrderError::NotConsuming { state: known.stored.plan.state().name() }.into());
            }
            let after = StoredPlan { last_warned: Some(act.now), ..known.stored.clone() };
            rows::write(&mut transaction, &known, &after, "warn", None, act).await?;
            transaction.commit().await?;
            Ok(PlanChange { plan: after, is_replay: false })
        })
        .await
    }

    async fn end_plan(&self, application: &str, plan: &str, asked: u32, act: &Act) -> Result<PlanChange, StoreError> {
        texts::act(act)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let known = rows::held(&mut transaction, application, plan).await?;
            wallets::unchanged(
                "plan",
                plan.to_owned(),
                &[("count of renewals", known.stored.plan.renewals() == asked)],
            )?;
            let after = StoredPlan { plan: known.stored.plan.end()?, ..known.stored.clone() };
            rows::write(&mut transaction, &known, &after, "end", None, act).await?;
            transaction.commit().await?;
            Ok(PlanChange { plan: after, is_replay: false })
        })
        .await
    }

    async fn due_plans(
        &self,
        application: &str,
        dunning: &Dunning,
        now: Instant,
    ) -> Result<Vec<DunningStep>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let consuming = rows::consuming(&mut snapshot, application).await?;
        let (mut facts, mut funds) = (Vec::with_capacity(consuming.len()), BTreeMap::new());
        for known in consuming {
            let StoredPlan { terms, plan, retries, last_warned } = known.stored;
            let account = format!("{} {}", terms.owner, terms.unit);
            if !funds.contains_key(&account) {
                let usable = usable(&mut snapshot, &terms, now).await?;
                funds.insert(account.clone(), AccountFunds { account: account.clone(), usable });
            }
            let (id, price, auto_renew) = (terms.plan, terms.price, terms.auto_renew);
            facts.push(DunningFacts { id, order: plan, auto_renew, price, account, last_warned, retries });
        }
        let funds: Vec<AccountFunds> = funds.into_values().collect();
        let steps = dunning.steps(&facts, &funds, now)?;
        let is_due = |step: &DunningStep| !matches!(step.action(), DunningAction::Nothing | DunningAction::Wait);
        Ok(steps.into_iter().filter(is_due).collect())
    }

    async fn plan(&self, application: &str, plan: &str) -> Result<Option<StoredPlan>, StoreError> {
        Ok(rows::find(&mut self.read().await?, application, plan).await?.map(|known| known.stored))
    }

    async fn plan_history(&self, application: &str, plan: &str) -> Result<Vec<PlanStep>, StoreError> {
        rows::history(&mut self.read().await?, application, plan).await
    }
}

/// What an owner can spend on a plan; nothing without an account.
async fn usable(connection: &mut Connection, terms: &PlanTerms, now: Instant) -> Result<Money, StoreError> {
    let currency = terms.price.currency();
    let Some(account) = wallets::account(connection, &terms.owner).await? else { return Ok(Money::zero(currency)) };
    let coupons = wallets::coupons(connection, &terms.owner).await?;
    let charge = terms.charge(0, Coupons::Automatic, Funding::EnoughFunds);
    let locks = locks::rows::concerning(connection, &charge).await?;
    let locks: Vec<_> = locks.into_iter().map(|known| known.stored.lock).collect();
    let funds = Funds::new(account.balance, &coupons)?.with_locks(&locks)?;
    let purpose = Purpose { payer: &terms.owner, unit: &terms.unit, order: None, currency };
    Ok(funds.usable(&purpose, now)?)
}
