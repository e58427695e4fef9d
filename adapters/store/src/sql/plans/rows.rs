//! Plans and their steps in rows of SQL.

use super::super::{
    engine::{Connection, Row, Turn, sql},
    rows::{Fields, amount},
};
use crate::{Act, PlanStep, PlanTerms, StoreError, StoredPlan};
use counterfoil::{money::Money, order::AutoRenew, time::Instant};

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

/// Every plan, for the audit.
pub(in super::super) const PLANS: &str = plans!("order by n.id");

/// A plan with its number.
pub(in super::super) struct Known {
    pub(in super::super) number: i64,
    pub(in super::super) stored: StoredPlan,
}

pub(super) async fn insert(connection: &mut Connection, stored: &StoredPlan, act: &Act) -> Result<(), StoreError> {
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
pub(super) async fn write(
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
pub(super) async fn held(connection: &mut Connection, application: &str, plan: &str) -> Result<Known, StoreError> {
    let known = existing(connection, application, plan).await?;
    if connection.take(&[Turn::Owner(&known.stored.terms.owner)]).await? {
        return existing(connection, application, plan).await;
    }
    Ok(known)
}

pub(super) async fn find(
    connection: &mut Connection,
    application: &str,
    plan: &str,
) -> Result<Option<Known>, StoreError> {
    let row = sql(plans!("where n.application = ? and n.plan = ?"))
        .bind(application.to_owned())
        .bind(plan.to_owned())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(plan_of).transpose()
}

/// Those of an application that run, from the first that was made on.
pub(super) async fn consuming(connection: &mut Connection, application: &str) -> Result<Vec<Known>, StoreError> {
    let rows = sql(plans!("where n.application = ? and n.state = 'consuming' order by n.id"))
        .bind(application.to_owned())
        .fetch_all(connection)
        .await?;
    rows.iter().map(plan_of).collect()
}

/// The steps of a plan, in their order.
pub(super) async fn history(
    connection: &mut Connection,
    application: &str,
    plan: &str,
) -> Result<Vec<PlanStep>, StoreError> {
    let rows =
        sql("select h.id, h.at_us, h.actor, h.reason, h.event, h.state_before, h.state_after, h.renewals_after \
         from plan_steps h join plans n on n.id = h.plan where n.application = ? and n.plan = ? order by h.id")
        .bind(application.to_owned())
        .bind(plan.to_owned())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| step_of(Fields::of("plan_steps", "id", row))).collect()
}

pub(in super::super) fn plan_of(row: &Row) -> Result<Known, StoreError> {
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
