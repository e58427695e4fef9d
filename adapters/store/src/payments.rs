use crate::StoreError;
use async_trait::async_trait;
use counterfoil::{
    time::Instant,
    wallet::{Charge, Payment},
};

/// A payment in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPayment {
    /// What was asked, and the plan that was carried out.
    pub payment: Payment,
    /// When.
    pub paid_at: Instant,
}

/// Payments of orders.
///
/// # Rule
/// R-W13
#[async_trait]
pub trait Payments: Send + Sync {
    /// Pays an order: plans in the core against the account and the coupons as they stand, less what locks
    /// of other orders hold, and carries the plan out. One transaction.
    ///
    /// The same charge again answers with the first payment and changes nothing; whether it is a first one
    /// is in [`Paid::is_replay`].
    ///
    /// # Errors
    /// `store.not_found` for the payer's account; what
    /// [`Charge::plan`](counterfoil::wallet::Charge::plan) refuses. Then nothing is changed.
    async fn charge(&self, charge: &Charge, now: Instant) -> Result<Paid, StoreError>;

    /// The payment of an order of an application.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn payment(&self, application: &str, order: &str) -> Result<Option<StoredPayment>, StoreError>;
}

/// What charging an order came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// The payment.
    pub payment: StoredPayment,
    /// Whether it was made before.
    pub is_replay: bool,
}
