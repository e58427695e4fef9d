//! Locks: what the core sets aside, kept until it is captured, voided or expires.

pub(super) mod rows;

use super::{
    SqlStore, charging,
    engine::{Connection, Turn},
};
use crate::{Act, Captured, Locked, Locks, StoreError, StoredLock, StoredPayment, texts};
use async_trait::async_trait;
use counterfoil::{
    error::WalletError,
    money::Money,
    time::Instant,
    wallet::{Authorisation, Charge, Lock, LockStatus, Owner},
};
use rows::Known;

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
            let known = rows::existing(&mut transaction, (application, order)).await?;
            if known.stored.lock.terms().status == LockStatus::Voided {
                return Ok(Locked { lock: known.stored, is_replay: true });
            }
            let voided = known.stored.lock.void(now)?;
            rows::end(&mut transaction, known.number, &voided, None, now).await?;
            transaction.commit().await?;
            let lock = StoredLock { lock: voided, ended_at: Some(now), ..known.stored };
            Ok(Locked { lock, is_replay: false })
        })
        .await
    }

    async fn release_expired(&self, now: Instant) -> Result<Vec<StoredLock>, StoreError> {
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let mut released = Vec::new();
            for known in rows::expired(&mut transaction, now).await? {
                if let Some(expired) = known.stored.lock.expire(now)? {
                    rows::end(&mut transaction, known.number, &expired, None, now).await?;
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
        Ok(rows::find(&mut snapshot, (application, order)).await?.map(|known| known.stored))
    }

    async fn locks(&self, payer: &Owner) -> Result<Vec<StoredLock>, StoreError> {
        let locks = rows::of_payer(&mut self.snapshot().await?, payer).await?;
        Ok(locks.into_iter().map(|known| known.stored).collect())
    }
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
            rows::end(connection, number, expired, None, now).await?;
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
            let known = rows::existing(connection, (&charge.application, &charge.order)).await?;
            Ok(Locked { lock: known.stored, is_replay: true })
        }
        Authorisation::New(lock) => {
            rows::insert(connection, &lock, now).await?;
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
    let mut known = rows::existing(connection, identity).await?;
    let Charge { application, order, payer, .. } = known.stored.lock.charge();
    if connection.take(&[Turn::Owner(payer), Turn::Order(application, order)]).await? {
        known = rows::existing(connection, identity).await?;
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
    rows::end(connection, number, &capture.lock, Some(paid), now).await?;
    let lock = StoredLock { lock: capture.lock, ended_at: Some(now), ..stored };
    Ok(Captured { lock, payment, is_replay: false })
}
