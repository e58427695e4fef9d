//! Locks and their legs in rows of SQL.

use super::super::{
    charges, charging,
    engine::{Connection, Query, Row, sql},
    entries::{coupon_name, source_name},
    rows::{Fields, amount, insert_all},
};
use crate::{StoreError, StoredLock};
use counterfoil::{
    time::Instant,
    wallet::{Charge, Leg, Lock, LockState, LockStatus, LockTerms, Owner, Plan},
};

/// A query for locks, with what was captured of them.
macro_rules! locks {
    ($rest:literal) => {
        concat!(
            "select k.id, k.application, k.order_id, k.unit, k.payer, k.currency, k.amount, k.coupons, k.funding, ",
            "k.overdraft, k.made_us, k.expires_us, k.status, k.ended_us, k.payment, p.amount as captured ",
            "from locks k left join payments p on p.id = k.payment ",
            $rest
        )
    };
}

/// A query for the locks of payers that hold.
pub(in super::super) const HOLDING_OF: &str = locks!("where k.status = 'authorised' and k.payer in");

/// Every lock, for the audit.
pub(in super::super) const LOCKS: &str = locks!("order by k.id");

/// A lock with its number, and that of its payment.
pub(in super::super) struct Known {
    pub(in super::super) number: i64,
    pub(in super::super) payment: Option<i64>,
    pub(in super::super) stored: StoredLock,
}

/// The locks that a charge has to look at: those of its payer that hold, and the one of its order.
pub(in super::super) async fn concerning(
    connection: &mut Connection,
    charge: &Charge,
) -> Result<Vec<Known>, StoreError> {
    let rows = sql(locks!(
        "where k.payer = ?1 and k.status = 'authorised' or k.application = ?2 and k.order_id = ?3 order by k.id"
    ))
    .bind(charge.payer.to_string())
    .bind(charge.application.clone())
    .bind(charge.order.clone())
    .fetch_all(connection)
    .await?;
    all_of(connection, rows).await
}

pub(super) async fn insert(connection: &mut Connection, lock: &Lock, now: Instant) -> Result<(), StoreError> {
    let charge = lock.charge();
    let (funding, overdraft) = charges::funding_to_text(&charge.funding)?;
    let number = sql(
        "insert into locks (application, order_id, unit, payer, currency, amount, coupons, funding, overdraft, made_us, \
         expires_us, status) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(charge.application.clone())
    .bind(charge.order.clone())
    .bind(charge.unit.clone())
    .bind(charge.payer.to_string())
    .bind(charge.amount.currency().code())
    .bind(amount(charge.amount))
    .bind(charges::coupons_to_text(&charge.coupons))
    .bind(funding)
    .bind(overdraft)
    .bind(now.micros())
    .bind(lock.expires().micros())
    .bind(status_name(lock.terms().status))
    .insert(connection)
    .await?;
    let sources = lock.legs().iter().map(|leg| source_name(leg.source())).collect::<Result<Vec<_>, _>>()?;
    let legs: Vec<(i64, &'static str, &Leg<'_>)> =
        (0..).zip(sources).zip(lock.legs()).map(|((position, source), leg)| (position, source, leg)).collect();
    let bind = |sql: Query, (position, source, leg): &(i64, &'static str, &Leg<'_>)| {
        sql.bind(number)
            .bind(*position)
            .bind(*source)
            .bind(coupon_name(leg.source()))
            .bind(amount(leg.amount()))
            .bind(amount(leg.before()))
            .bind(amount(leg.after()))
    };
    let insert = "insert into lock_legs (\"lock\", position, source, coupon, amount, held_before, held_after) values";
    insert_all(connection, insert, 7, &legs, bind).await
}

/// Writes down what has become of a lock.
pub(super) async fn end(
    connection: &mut Connection,
    number: i64,
    lock: &Lock,
    payment: Option<i64>,
    now: Instant,
) -> Result<(), StoreError> {
    sql("update locks set status = ?, ended_us = ?, payment = ? where id = ? and status = 'authorised'")
        .bind(status_name(lock.terms().status))
        .bind(now.micros())
        .bind(payment)
        .bind(number)
        .change_one(connection)
        .await
}

pub(super) async fn existing(
    connection: &mut Connection,
    (application, order): (&str, &str),
) -> Result<Known, StoreError> {
    find(connection, (application, order))
        .await?
        .ok_or_else(|| StoreError::NotFound { what: "lock", id: format!("{order} of {application}") })
}

/// The lock of an application and an order.
pub(super) async fn find(
    connection: &mut Connection,
    (application, order): (&str, &str),
) -> Result<Option<Known>, StoreError> {
    let rows = sql(locks!("where k.application = ? and k.order_id = ?"))
        .bind(application.to_owned())
        .bind(order.to_owned())
        .fetch_all(connection)
        .await?;
    Ok(all_of(connection, rows).await?.pop())
}

/// Those that hold, and whose time is over, from the first that ended on.
pub(super) async fn expired(connection: &mut Connection, now: Instant) -> Result<Vec<Known>, StoreError> {
    let rows = sql(locks!("where k.status = 'authorised' and k.expires_us < ? order by k.expires_us, k.id"))
        .bind(now.micros())
        .fetch_all(connection)
        .await?;
    all_of(connection, rows).await
}

pub(super) async fn of_payer(connection: &mut Connection, payer: &Owner) -> Result<Vec<Known>, StoreError> {
    let rows = sql(locks!("where k.payer = ? order by k.id")).bind(payer.to_string()).fetch_all(connection).await?;
    all_of(connection, rows).await
}

pub(in super::super) async fn all_of(connection: &mut Connection, rows: Vec<Row>) -> Result<Vec<Known>, StoreError> {
    let mut locks = Vec::with_capacity(rows.len());
    for row in rows {
        let number = Fields::of("locks", "order_id", &row).integer("id")?;
        let legs =
            sql("select l.lock as payment, l.source, l.coupon, l.amount, l.held_before, l.held_after, k.currency \
             from lock_legs l join locks k on k.id = l.lock where l.lock = ? order by l.position")
            .bind(number)
            .fetch_all(connection)
            .await?;
        let legs = legs.iter().map(|row| charging::leg_of(row, "amount")).collect::<Result<_, _>>()?;
        locks.push(lock_of(&row, legs)?);
    }
    Ok(locks)
}

/// A lock of a row of the query, with its legs.
pub(in super::super) fn lock_of(row: &Row, legs: Vec<Leg<'static>>) -> Result<Known, StoreError> {
    let row = Fields::of("locks", "order_id", row);
    let charge = charges::charge_of(row)?;
    let status = match (row.text("status")?, row.optional_text("captured")?) {
        ("authorised", None) => LockStatus::Authorised,
        ("captured", Some(_)) => LockStatus::Captured { amount: row.money("captured")? },
        ("voided", None) => LockStatus::Voided,
        ("expired", None) => LockStatus::Expired,
        (other, _) => return Err(row.corrupt("status", &format!("`{other}` does not fit its payment"))),
    };
    let plan = row.checked("amount", Plan::new(charge.amount, legs))?;
    let terms = LockTerms { charge, plan, expires: row.instant("expires_us")?, status };
    let lock = row.checked("amount", Lock::new(terms))?;
    let stored = StoredLock { lock, made_at: row.instant("made_us")?, ended_at: row.optional_instant("ended_us")? };
    Ok(Known { number: row.integer("id")?, payment: row.optional_integer("payment")?, stored })
}

fn status_name(status: LockStatus) -> &'static str {
    match status {
        LockStatus::Authorised => LockState::Authorised.name(),
        LockStatus::Captured { .. } => LockState::Captured.name(),
        LockStatus::Voided => LockState::Voided.name(),
        LockStatus::Expired => LockState::Expired.name(),
    }
}
