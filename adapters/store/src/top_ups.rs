use crate::StoreError;
use async_trait::async_trait;
use counterfoil::{money::Money, time::Instant, wallet::Owner};

/// Money that is put on an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUp {
    /// Its id, one among all top-ups: the payment slip, the transaction of the bank.
    pub id: String,
    /// Whose account.
    pub owner: Owner,
    /// How much, zero or more.
    pub amount: Money,
}

/// A top-up in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTopUp {
    /// What was put on which account.
    pub top_up: TopUp,
    /// When.
    pub at: Instant,
}

/// What topping up came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToppedUp {
    /// The top-up.
    pub top_up: StoredTopUp,
    /// Whether it was made before.
    pub is_replay: bool,
}

/// Money that comes in.
#[async_trait]
pub trait TopUps: Send + Sync {
    /// Puts money on an account. One transaction.
    ///
    /// It raises the balance; a debt beside the balance stays as it is. The same top-up again answers with
    /// the first and changes nothing, whenever it is asked.
    ///
    /// # Errors
    /// In this order: `wallet.empty_id`, `wallet.negative_amount`; `store.conflict` where the id stands with
    /// another owner, currency or amount; `store.not_found` for the account; `money.currency_mismatch`,
    /// `money.overflow`. Then nothing is changed.
    async fn top_up(&self, top_up: &TopUp, now: Instant) -> Result<ToppedUp, StoreError>;

    /// The top-ups of an account, from the first on.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn top_ups(&self, owner: &Owner) -> Result<Vec<StoredTopUp>, StoreError>;
}
