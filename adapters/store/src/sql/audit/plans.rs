//! Plans: what they are follows from their history, and each cycle is paid.

use super::{
    super::{
        engine::{Connection, sql},
        plans::{
            rows::{PLANS, plan_of},
            terms::cycle_order,
        },
        rows::Fields,
    },
    Auditor,
};
use crate::StoreError;
use counterfoil::{
    order::{Machine, PlanEvent, PlanState},
    time::Instant,
};
use std::collections::BTreeMap;

/// What a history leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reached {
    state: PlanState,
    renewals: u32,
    retries: u32,
    warned: Option<Instant>,
}

impl Auditor {
    pub(super) async fn plans(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let reached = self.plan_steps(connection).await?;
        let mut rows = sql(PLANS).stream(connection)?;
        while let Some(row) = rows.try_next().await? {
            let Some(known) = self.sound(plan_of(&row))? else { continue };
            let plan = &known.stored;
            let stands = Reached {
                state: plan.plan.state(),
                renewals: plan.plan.renewals(),
                retries: plan.retries,
                warned: plan.last_warned,
            };
            if reached.get(&known.number) != Some(&stands) {
                self.find("plans", &*plan.terms.plan, "its history does not lead to how it stands");
            }
        }
        Ok(())
    }

    async fn plan_steps(&mut self, connection: &mut Connection) -> Result<BTreeMap<i64, Reached>, StoreError> {
        let mut rows = sql(
            "select h.plan as number, n.plan, h.at_us, h.event, h.state_before, h.state_after, h.renewals_after, \
             p.order_id, p.amount, n.price, n.currency, \
             p.application = n.application and p.payer = n.owner and p.unit = n.unit and p.currency = n.currency as same \
             from plan_steps h join plans n on n.id = h.plan left join payments p on p.id = h.payment order by h.id",
        )
        .stream(connection)?;
        let mut all: BTreeMap<i64, Reached> = BTreeMap::new();
        while let Some(row) = rows.try_next().await? {
            let row = Fields::of("plan_steps", "plan", &row);
            let number = row.integer("number")?;
            let before = all.get(&number).copied();
            let Some((after, legal)) = self.sound(follow(row, before))? else { continue };
            all.insert(number, after);
            if !legal {
                self.find("plan_steps", row.name(), "it does not follow from the step before it");
            }
            if matches!(row.optional_text("event")?, Some("start" | "renew")) {
                let paid = row.optional_integer("same")? == Some(1)
                    && row.optional_text("order_id")? == Some(&*cycle_order(&row.name(), after.renewals))
                    && matches!((row.money("price"), row.money("amount")), (Ok(price), Ok(paid)) if price == paid);
                if !paid {
                    self.find("plan_steps", row.name(), "its payment does not pay its cycle");
                }
            }
        }
        Ok(all)
    }
}

/// What a step leads to, and whether it may.
fn follow(row: Fields<'_>, before: Option<Reached>) -> Result<(Reached, bool), StoreError> {
    let now = row.instant("at_us")?;
    let (state, renewals): (PlanState, u32) = (row.parse("state_after")?, row.count("renewals_after")?);
    let Some(before) = before else {
        let first = Reached { state, renewals, retries: 0, warned: None };
        let legal = row.optional_text("event")?.is_none() && state == PlanState::Pending && renewals == 0;
        return Ok((first, legal));
    };
    let after = Reached { state, renewals, ..before };
    let moved = |by: PlanEvent| before.state.after(by).is_ok_and(|to| to == state) && renewals == before.renewals;
    let stays = state == PlanState::Consuming && before.state == state;
    let (after, legal) = match row.optional_text("event")? {
        Some("start") => (after, moved(PlanEvent::Start)),
        Some("end") => (after, moved(PlanEvent::End)),
        Some("warn") => (Reached { warned: Some(now), ..after }, stays && renewals == before.renewals),
        Some("refuse") => {
            let retries = before.retries.saturating_add(1);
            (Reached { retries, ..after }, stays && renewals == before.renewals)
        }
        Some("renew") => (Reached { retries: 0, ..after }, stays && Some(renewals) == before.renewals.checked_add(1)),
        _ => (after, false),
    };
    Ok((after, legal && row.optional_text("state_before")? == Some(before.state.name())))
}
