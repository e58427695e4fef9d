use crate::{StoreError, StoredPayment};
use async_trait::async_trait;
use counterfoil::{
    money::Money,
    time::Instant,
    wallet::{Charge, Lock, Owner},
};

/// A lock in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLock {
    /// What it is for, and what it holds.
    pub lock: Lock,
    /// When it was made.
    pub made_at: Instant,
    /// When it was captured, voided or found to have expired.
    pub ended_at: Option<Instant>,
}

/// What authorising or voiding came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked {
    /// The lock as it stands.
    pub lock: StoredLock,
    /// Whether nothing changed, because it stood so before.
    pub is_replay: bool,
}

/// What capturing a lock came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// The lock as it stands.
    pub lock: StoredLock,
    /// What paid the order.
    pub payment: StoredPayment,
    /// Whether it was captured before, by the same amount.
    pub is_replay: bool,
}

/// Money that is set aside for orders which are not paid yet.
///
/// What a lock holds stays on its source and is not there for anything else: charges and other locks see what is
/// left, until the lock is captured, voided, or its time is over, written down or not.
///
/// # Rule
/// R-W12
#[async_trait]
pub trait Locks: Send + Sync {
    /// Sets aside what a charge would take now, until an instant. One transaction.
    ///
    /// The same charge again answers with the first lock, whatever has become of it.
    ///
    /// # Errors
    /// `store.not_found` for the payer's account; what
    /// [`Charge::authorise`](counterfoil::wallet::Charge::authorise) refuses, `wallet.lock_conflict` and
    /// `wallet.order_paid` among it. Then nothing is changed.
    async fn authorise(&self, charge: &Charge, expires: Instant, now: Instant) -> Result<Locked, StoreError>;

    /// Pays an order with so much of its lock; the rest is free again. One transaction.
    ///
    /// The same amount again answers with the first payment.
    ///
    /// # Errors
    /// `store.not_found` for the lock or the account; what
    /// [`Lock::capture`](counterfoil::wallet::Lock::capture) refuses: `wallet.lock_transition` for one that is
    /// captured by another amount, or voided; `wallet.lock_expired`, `wallet.capture_above_lock`. Then nothing
    /// is changed.
    async fn capture(
        &self,
        application: &str,
        order: &str,
        amount: Money,
        now: Instant,
    ) -> Result<Captured, StoreError>;

    /// Gives a lock up: all of it is free again. One transaction. Again is nothing.
    ///
    /// # Errors
    /// `store.not_found`; `wallet.lock_transition`, `wallet.lock_expired`. Then nothing is changed.
    async fn void(&self, application: &str, order: &str, now: Instant) -> Result<Locked, StoreError>;

    /// Writes down which locks have expired, and gives them by expiration. One transaction.
    ///
    /// They hold nothing from their expiration on, whether this is called or not. Those that a charge or another lock of
    /// their payer found expired before are written down already, and are not given again.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn release_expired(&self, now: Instant) -> Result<Vec<StoredLock>, StoreError>;

    /// The lock of an order of an application.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn lock(&self, application: &str, order: &str) -> Result<Option<StoredLock>, StoreError>;

    /// The locks of a payer, from the first on, those that have ended too.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn locks(&self, payer: &Owner) -> Result<Vec<StoredLock>, StoreError>;
}
