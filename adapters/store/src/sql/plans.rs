//! Plans: renewed in cycles by the core's table, each cycle paid in the transaction that begins it.

use super::{
    SqlStore, charging,
    engine::{Connection, Row, Turn, sql},
    locks,
    rows::{Fields, amount},
    wallets,
};
use crate::{Act, CycleOutcome, PaidCycle, PlanChange, PlanStep, PlanTerms, Plans, StoreError, StoredPlan, texts};
use async_trait::async_trait;
use counterfoil::{
    error::{Category, OrderError, WalletError},
    money::Money,
    order::{
        AccountFunds, AutoRenew, Dunning, DunningAction, DunningFacts, DunningStep, PlanOrder, PlanState, Renewal,
    },
    time::Instant,
    wallet::{Charge, Coupons, Funding, Funds, Purpose},
};
use std::collections::BTreeMap;

/// A query for plans.
macro_rules! plans {
    ($rest:literal) => {
        concat!(
            "select n.id, n.application, n.plan, n.owner, n.unit, n.currency, n.price, n.cycle, n.zone, n.start_us, ",
            "n.auto_renew, n.state, n.renewals, n.retries, n.warned_us from plans n ",
            $rest
        )
    };
}

#[async_trait]
impl Plans for SqlStore {
    async fn create_plan(&self, terms: &PlanTerms, act: &Act) -> Result<PlanChange, StoreError> {
        texts::act(act)?;
        terms.check_texts()?;
        let plan = terms.check()?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            transaction.take(&[Turn::Owner(&terms.owner)]).await?;
            if let Some(known) = find(&mut transaction, &terms.application, &terms.plan).await? {
                known.stored.terms.same_as(terms)?;
                return Ok(PlanChange { plan: known.stored, is_replay: true });
            }
            let stored = StoredPlan { terms: terms.clone(), plan, retries: 0, last_warned: None };
            insert(&mut transaction, &stored, act).await?;
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
            let known = held(&mut transaction, application, plan).await?;
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
            write(&mut transaction, &known, &after, "start", Some(number), act).await?;
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
            let known = held(&mut transaction, application, plan).await?;
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
                    write(&mut transaction, &known, &after, "renew", Some(number), act).await?;
                    (after, CycleOutcome::Paid(paid.payment))
                }
                // The core refused it before anything was written.
                Err(StoreError::Core(error)) if error.category() == Category::Insufficient => {
                    let retries = known.stored.retries.saturating_add(1);
                    let after = StoredPlan { retries, ..known.stored.clone() };
                    write(&mut transaction, &known, &after, "refuse", None, act).await?;
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
            let known = held(&mut transaction, application, plan).await?;
            if known.stored.last_warned == Some(act.now) {
                return Ok(PlanChange { plan: known.stored, is_replay: true });
            }
            if known.stored.plan.state() != PlanState::Consuming {
                return Err(OrderError::NotConsuming { state: known.stored.plan.state().name() }.into());
            }
            let after = StoredPlan { last_warned: Some(act.now), ..known.stored.clone() };
            write(&mut transaction, &known, &after, "warn", None, act).await?;
            transaction.commit().await?;
            Ok(PlanChange { plan: after, is_replay: false })
        })
        .await
    }

    async fn end_plan(&self, application: &str, plan: &str, asked: u32, act: &Act) -> Result<PlanChange, StoreError> {
        texts::act(act)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let known = held(&mut transaction, application, plan).await?;
            wallets::unchanged(
                "plan",
                plan.to_owned(),
                &[("count of renewals", known.stored.plan.renewals() == asked)],
            )?;
            let after = StoredPlan { plan: known.stored.plan.end()?, ..known.stored.clone() };
            write(&mut transaction, &known, &after, "end", None, act).await?;
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
        let rows = sql(plans!("where n.application = ? and n.state = 'consuming' order by n.id"))
            .bind(application.to_owned())
            .fetch_all(&mut snapshot)
            .await?;
        let (mut facts, mut funds) = (Vec::with_capacity(rows.len()), BTreeMap::new());
        for row in &rows {
            let StoredPlan { terms, plan, retries, last_warned } = plan_of(row)?.stored;
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
        Ok(find(&mut self.read().await?, application, plan).await?.map(|known| known.stored))
    }

    async fn plan_history(&self, application: &str, plan: &str) -> Result<Vec<PlanStep>, StoreError> {
        let rows =
            sql("select h.id, h.at_us, h.actor, h.reason, h.event, h.state_before, h.state_after, h.renewals_after \
             from plan_steps h join plans n on n.id = h.plan where n.application = ? and n.plan = ? order by h.id")
            .bind(application.to_owned())
            .bind(plan.to_owned())
            .fetch_all(&mut self.read().await?)
            .await?;
        rows.iter().map(|row| step_of(Fields::of("plan_steps", "id", row))).collect()
    }
}

/// Every plan, for the audit.
pub(super) const PLANS: &str = plans!("order by n.id");

/// A plan with its number.
pub(super) struct Known {
    pub(super) number: i64,
    pub(super) stored: StoredPlan,
}

/// What an owner can spend on a plan; nothing without an account.
async fn usable(connection: &mut Connection, terms: &PlanTerms, now: Instant) -> Result<Money, StoreError> {
    let currency = terms.price.currency();
    let Some(account) = wallets::account(connection, &terms.owner).await? else { return Ok(Money::zero(currency)) };
    let coupons = wallets::coupons(connection, &terms.owner).await?;
    let charge = terms.charge(0, Coupons::Automatic, Funding::EnoughFunds);
    let locks = locks::concerning(connection, &charge).await?;
    let locks: Vec<_> = locks.into_iter().map(|known| known.stored.lock).collect();
    let funds = Funds::new(account.balance, &coupons)?.with_locks(&locks)?;
    let purpose = Purpose { payer: &terms.owner, unit: &terms.unit, order: None, currency };
    Ok(funds.usable(&purpose, now)?)
}

impl PlanTerms {
    fn check_texts(&self) -> Result<(), StoreError> {
        texts::name("application", &self.application)?;
        texts::name("plan", &self.plan)?;
        texts::name("settlement unit", &self.unit)?;
        texts::owner(&self.owner)
    }

    /// The plan, not started, if it makes sense.
    fn check(&self) -> Result<PlanOrder, StoreError> {
        let ids = [("application", &self.application), ("plan", &self.plan), ("settlement unit", &self.unit)];
        if let Some((what, _)) = ids.into_iter().find(|(_, id)| id.is_empty()) {
            return Err(WalletError::EmptyId { what }.into());
        }
        if self.price.is_negative() {
            return Err(WalletError::NegativeAmount { amount: self.price.amount() }.into());
        }
        Ok(PlanOrder::new(self.start, self.cycle, self.zone)?)
    }

    fn same_as(&self, again: &Self) -> Result<(), StoreError> {
        // Without `..`: a field that is added must be thought of here.
        let Self { application: _, plan, owner, unit, price, cycle, zone, start, auto_renew } = self;
        let facts = [
            ("owner", *owner == again.owner),
            ("settlement unit", *unit == again.unit),
            ("currency", price.currency() == again.price.currency()),
            ("price", *price == again.price),
            ("cycle", *cycle == again.cycle),
            ("zone", *zone == again.zone),
            ("start", *start == again.start),
            ("renewal by itself", *auto_renew == again.auto_renew),
        ];
        wallets::unchanged("plan", plan.clone(), &facts)?;
        Ok(())
    }

    /// What a cycle costs, from 0 on.
    fn charge(&self, cycle: u32, coupons: Coupons, funding: Funding) -> Charge {
        Charge {
            application: self.application.clone(),
            order: cycle_order(&self.plan, cycle),
            unit: self.unit.clone(),
            payer: self.owner.clone(),
            amount: self.price,
            coupons,
            funding,
        }
    }
}

/// The order id that a cycle is paid under.
pub(super) fn cycle_order(plan: &str, cycle: u32) -> String {
    format!("{plan}/{cycle}")
}

async fn insert(connection: &mut Connection, stored: &StoredPlan, act: &Act) -> Result<(), StoreError> {
    let StoredPlan { terms, plan, .. } = stored;
    let number = sql(
        "insert into plans (application, plan, owner, unit, currency, price, cycle, zone, start_us, auto_renew, state, \
         renewals, retries) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
    )
    .bind(terms.application.clone())
    .bind(terms.plan.clone())
    .bind(terms.owner.to_string())
    .bind(terms.unit.clone())
    .bind(terms.price.currency().code())
    .bind(amount(terms.price))
    .bind(terms.cycle.name())
    .bind(terms.zone.to_string())
    .bind(terms.start.micros())
    .bind(i64::from(terms.auto_renew == AutoRenew::On))
    .bind(plan.state().name())
    .insert(connection)
    .await?;
    write_step(connection, number, None, stored, None, act).await
}

/// Writes how a plan stands, and what brought it there.
async fn write(
    connection: &mut Connection,
    before: &Known,
    after: &StoredPlan,
    event: &'static str,
    payment: Option<i64>,
    act: &Act,
) -> Result<(), StoreError> {
    sql("update plans set state = ?, renewals = ?, retries = ?, warned_us = ? where id = ? and state = ? and renewals = ?")
        .bind(after.plan.state().name())
        .bind(i64::from(after.plan.renewals()))
        .bind(i64::from(after.retries))
        .bind(after.last_warned.map(Instant::micros))
        .bind(before.number)
        .bind(before.stored.plan.state().name())
        .bind(i64::from(before.stored.plan.renewals()))
        .change_one(connection)
        .await?;
    let by = Some((before.stored.plan.state().name(), event));
    write_step(connection, before.number, by, after, payment, act).await
}

async fn write_step(
    connection: &mut Connection,
    plan: i64,
    by: Option<(&'static str, &'static str)>,
    after: &StoredPlan,
    payment: Option<i64>,
    act: &Act,
) -> Result<(), StoreError> {
    sql(
        "insert into plan_steps (plan, at_us, actor, reason, event, state_before, state_after, renewals_after, payment) \
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(plan)
    .bind(act.now.micros())
    .bind(act.by.clone())
    .bind(act.reason.clone())
    .bind(by.map(|(_, event)| event))
    .bind(by.map(|(before, _)| before))
    .bind(after.plan.state().name())
    .bind(i64::from(after.plan.renewals()))
    .bind(payment)
    .execute(connection)
    .await?;
    Ok(())
}

async fn existing(connection: &mut Connection, application: &str, plan: &str) -> Result<Known, StoreError> {
    find(connection, application, plan)
        .await?
        .ok_or_else(|| StoreError::NotFound { what: "plan", id: format!("{plan} of {application}") })
}

/// A plan whose owner's turn this transaction holds: nobody else changes it.
async fn held(connection: &mut Connection, application: &str, plan: &str) -> Result<Known, StoreError> {
    let known = existing(connection, application, plan).await?;
    if connection.take(&[Turn::Owner(&known.stored.terms.owner)]).await? {
        return existing(connection, application, plan).await;
    }
    Ok(known)
}

async fn find(connection: &mut Connection, application: &str, plan: &str) -> Result<Option<Known>, StoreError> {
    let row = sql(plans!("where n.application = ? and n.plan = ?"))
        .bind(application.to_owned())
        .bind(plan.to_owned())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(plan_of).transpose()
}

pub(super) fn plan_of(row: &Row) -> Result<Known, StoreError> {
    let row = Fields::of("plans", "plan", row);
    let price: Money = row.money("price")?;
    let terms = PlanTerms {
        application: row.text("application")?.to_owned(),
        plan: row.text("plan")?.to_owned(),
        owner: row.owner("owner")?,
        unit: row.text("unit")?.to_owned(),
        price,
        cycle: row.parse("cycle")?,
        zone: row.parse("zone")?,
        start: row.instant("start_us")?,
        auto_renew: if row.integer("auto_renew")? == 0 { AutoRenew::Off } else { AutoRenew::On },
    };
    let plan = row.checked("start_us", terms.check())?.stored(row.parse("state")?, row.count("renewals")?);
    let (retries, last_warned) = (row.count("retries")?, row.optional_instant("warned_us")?);
    Ok(Known { number: row.integer("id")?, stored: StoredPlan { terms, plan, retries, last_warned } })
}

fn step_of(row: Fields<'_>) -> Result<PlanStep, StoreError> {
    let text = |column| Ok::<_, StoreError>(row.optional_text(column)?.map(str::to_owned));
    Ok(PlanStep {
        act: Act {
            by: row.text("actor")?.to_owned(),
            reason: row.text("reason")?.to_owned(),
            now: row.instant("at_us")?,
        },
        event: text("event")?,
        from: text("state_before")?,
        to: row.text("state_after")?.to_owned(),
        renewals: row.count("renewals_after")?,
    })
}
