use crate::StoreError;
use async_trait::async_trait;
use counterfoil::{
    time::Instant,
    wallet::{Refund, RefundEvent, RefundRequest},
};

/// A refund in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRefund {
    /// What was asked, what goes where, and what became of it.
    pub refund: Refund,
    /// When it was asked for.
    pub asked_at: Instant,
    /// When it came to the state that it is in.
    pub changed_at: Instant,
    /// The correction statement that it settles, if it is of one.
    pub correction: Option<String>,
}

/// What a refund came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refunded {
    /// The refund as it stands.
    pub refund: StoredRefund,
    /// Whether nothing changed, because it stood so before.
    pub is_replay: bool,
}

/// Refunds of payments.
///
/// A store that holds the accounts carries a refund out when it is asked for: [`refund`](Self::refund). Where
/// money goes back by another way first, [`plan_refund`](Self::plan_refund) keeps its amount aside, and
/// [`refund_event`](Self::refund_event) says what became of it.
///
/// # Rule
/// R-W14 … R-W19
#[async_trait]
pub trait Refunding: Send + Sync {
    /// Refunds a payment: plans in the core against what was refunded before, and gives back. One transaction.
    ///
    /// The same request again answers with the first refund and changes nothing, whatever state it is in;
    /// one that failed ([`RefundEvent::Fail`]) is tried again, by the same legs. A coupon that must last longer
    /// by the policy is extended.
    ///
    /// # Errors
    /// `store.not_found` for a payment of that application and order, or its account; what
    /// [`Refunds::plan`](counterfoil::wallet::Refunds::plan) refuses, `wallet.refund_above_rest` and
    /// `wallet.refund_conflict` among it. Then nothing is changed.
    ///
    /// # Rule
    /// R-W14, R-W15, R-W16, R-W18, R-W19
    async fn refund(&self, request: &RefundRequest, now: Instant) -> Result<Refunded, StoreError>;

    /// Plans a refund, which then waits: its amount is out of what can still be refunded. One transaction.
    ///
    /// # Errors
    /// As [`refund`](Self::refund).
    async fn plan_refund(&self, request: &RefundRequest, now: Instant) -> Result<Refunded, StoreError>;

    /// Says what happened to a refund of an application. One transaction.
    ///
    /// [`RefundEvent::Succeed`] gives back what is planned. What brought it to the state that it is in changes
    /// nothing when it is said again.
    ///
    /// # Errors
    /// `store.not_found`; `wallet.refund_transition`. Then nothing is changed.
    ///
    /// # Rule
    /// R-W19
    async fn refund_event(
        &self,
        application: &str,
        refund: &str,
        event: RefundEvent,
        now: Instant,
    ) -> Result<Refunded, StoreError>;

    /// A refund of an application by its id.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn refund_of(&self, application: &str, refund: &str) -> Result<Option<StoredRefund>, StoreError>;

    /// The refunds of a payment, from the first on.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn refunds(&self, application: &str, order: &str) -> Result<Vec<StoredRefund>, StoreError>;
}
