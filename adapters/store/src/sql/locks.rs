//! Locks: what the core sets aside, kept until it is captured, voided or expires.

use super::{
    SqlStore, charges, charging,
    engine::{Connection, Query, Row, Turn, sql},
    entries::{coupon_name, source_name},
    rows::{Fields, amount, insert_all},
};
use crate::{Act, Captured, Locked, Locks, StoreError, StoredLock, StoredPayment, texts};
use async_trait::async_trait;
use counterfoil::{
    error::WalletError,
    money::Money,
    time::Instant,
    wallet::{Authorisation, Charge, Leg, Lock, LockState, LockStatus, LockTerms, Owner, Plan},
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
#[async_trait]
impl Locks for SqlStore {
    async fn authorise(&self, charge: &Charge, expires: Instant, now: Instant) -> Result<Locked, StoreError> {
        texts::charge(charge)?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let locked = authorise(&mut transaction, charge, expires, now).await?;
            transaction.commit().await?;
            Ok(locked)
        })
        .await
    }

    async fn capture(
        &self,
        application: &str,
        order: &str,
        amount: Money,
        now: Instant,
    ) -> Result<Captured, StoreError> {
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let captured = capture(&mut transaction, (application, order), amount, now).await?;
            transaction.commit().await?;
            Ok(captured)
        })
        .await
    }

    async fn void(&self, application: &str, order: &str, now: Instant) -> Result<Locked, StoreError> {
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let known = existing(&mut transaction, (application, order)).await?;
            if known.stored.lock.terms().status == LockStatus::Voided {
                return Ok(Locked { lock: known.stored, is_replay: true });
            }
            let voided = known.stored.lock.void(now)?;
            end(&mut transaction, known.number, &voided, None, now).await?;
            transaction.commit().await?;
            let lock = StoredLock { lock: voided, ended_at: Some(now), ..known.stored };
            Ok(Locked { lock, is_replay: false })
        })
        .await
    }

    async fn release_expired(&self, now: Instant) -> Result<Vec<StoredLock>, StoreError> {
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let rows = sql(locks!("where k.status = 'authorised' and k.expires_us < ? order by k.expires_us, k.id"))
                .bind(now.micros())
                .fetch_all(&mut transaction)
                .await?;
            let mut released = Vec::new();
            for known in all_of(&mut transaction, rows).await? {
                if let Some(expired) = known.stored.lock.expire(now)? {
                    end(&mut transaction, known.number, &expired, None, now).await?;
                    released.push(StoredLock { lock: expired, ended_at: Some(now), ..known.stored });
                }
            }
            transaction.commit().await?;
            Ok(released)
        })
        .await
    }

    async fn lock(&self, application: &str, order: &str) -> Result<Option<StoredLock>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        Ok(find(&mut snapshot, (application, order)).await?.map(|known| known.stored))
    }

    async fn locks(&self, payer: &Owner) -> Result<Vec<StoredLock>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let rows =
            sql(locks!("where k.payer = ? order by k.id")).bind(payer.to_string()).fetch_all(&mut snapshot).await?;
        Ok(all_of(&mut snapshot, rows).await?.into_iter().map(|known| known.stored).collect())
    }
}

/// A query for the locks of payers that hold.
pub(super) const HOLDING_OF: &str = locks!("where k.status = 'authorised' and k.payer in");

/// Every lock, for the audit.
pub(super) const LOCKS: &str = locks!("order by k.id");

/// A lock with its number, and that of its payment.
pub(super) struct Known {
    pub(super) number: i64,
    pub(super) payment: Option<i64>,
    pub(super) stored: StoredLock,
}

/// The locks that a charge has to look at: those of its payer that hold, and the one of its order.
pub(super) async fn concerning(connection: &mut Connection, charge: &Charge) -> Result<Vec<Known>, StoreError> {
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

/// Writes down which of some locks have expired, and gives all of them as they stand then.
///
/// Whoever plans against them at this instant may take what those held: a capture with an earlier clock, which comes
/// behind, must find that they are over.
pub(super) async fn ended(
    connection: &mut Connection,
    locks: Vec<Known>,
    now: Instant,
) -> Result<Vec<Lock>, StoreError> {
    let mut standing = Vec::with_capacity(locks.len());
    for Known { number, stored, .. } in locks {
        let lock = stored.lock;
        let expired = match lock.terms().status {
            LockStatus::Authorised => lock.expire(now)?,
            LockStatus::Captured { .. } | LockStatus::Voided | LockStatus::Expired => None,
        };
        if let Some(expired) = &expired {
            end(connection, number, expired, None, now).await?;
        }
        standing.push(expired.unwrap_or(lock));
    }
    Ok(standing)
}

async fn authorise(
    connection: &mut Connection,
    charge: &Charge,
    expires: Instant,
    now: Instant,
) -> Result<Locked, StoreError> {
    let held = charging::Held::of(connection, charge, now).await?;
    let funds = held.funds()?;
    match charge.authorise(&held.books(&funds), expires, now)? {
        Authorisation::Replay(_) => {
            let known = existing(connection, (&charge.application, &charge.order)).await?;
            Ok(Locked { lock: known.stored, is_replay: true })
        }
        Authorisation::New(lock) => {
            insert(connection, &lock, now).await?;
            Ok(Locked { lock: StoredLock { lock, made_at: now, ended_at: None }, is_replay: false })
        }
    }
}

async fn capture(
    connection: &mut Connection,
    identity: (&str, &str),
    amount: Money,
    now: Instant,
) -> Result<Captured, StoreError> {
    let mut known = existing(connection, identity).await?;
    let Charge { application, order, payer, .. } = known.stored.lock.charge();
    if connection.take(&[Turn::Owner(payer), Turn::Order(application, order)]).await? {
        known = existing(connection, identity).await?;
    }
    let Known { number, payment, stored } = known;
    if let Some(payment) = payment
        && stored.lock.captured() == Some(amount)
    {
        let payment = charging::payment_of_number(connection, payment).await?;
        return Ok(Captured { lock: stored, payment, is_replay: true });
    }
    let held = charging::Held::of(connection, stored.lock.charge(), now).await?;
    let capture = stored.lock.capture(amount, &held.funds()?, now)?;
    if held.earlier.is_some() {
        let Charge { application, order, .. } = stored.lock.charge().clone();
        return Err(WalletError::OrderPaid { application, order }.into());
    }
    let payment = StoredPayment { payment: capture.payment, paid_at: now };
    let paid = charging::pay(connection, &payment, &Act::of_the_store("capture", now)).await?;
    end(connection, number, &capture.lock, Some(paid), now).await?;
    let lock = StoredLock { lock: capture.lock, ended_at: Some(now), ..stored };
    Ok(Captured { lock, payment, is_replay: false })
}

async fn insert(connection: &mut Connection, lock: &Lock, now: Instant) -> Result<(), StoreError> {
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
async fn end(
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

async fn existing(connection: &mut Connection, (application, order): (&str, &str)) -> Result<Known, StoreError> {
    find(connection, (application, order))
        .await?
        .ok_or_else(|| StoreError::NotFound { what: "lock", id: format!("{order} of {application}") })
}

/// The lock of an application and an order.
async fn find(connection: &mut Connection, (application, order): (&str, &str)) -> Result<Option<Known>, StoreError> {
    let rows = sql(locks!("where k.application = ? and k.order_id = ?"))
        .bind(application.to_owned())
        .bind(order.to_owned())
        .fetch_all(connection)
        .await?;
    Ok(all_of(connection, rows).await?.pop())
}

pub(super) async fn all_of(connection: &mut Connection, rows: Vec<Row>) -> Result<Vec<Known>, StoreError> {
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
pub(super) fn lock_of(row: &Row, legs: Vec<Leg<'static>>) -> Result<Known, StoreError> {
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
