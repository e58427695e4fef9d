use crate::{Paid, Refunded, StoreError};
use async_trait::async_trait;
use counterfoil::{
    error::OrderError,
    money::Money,
    order::{DeliveryEvent, Order, OrderType, PaymentWindow},
    time::Instant,
    wallet::{Coupons, Funding, GiveBack, Owner, ReturnOrder},
};
use rust_decimal::Decimal;

/// Who does something, why, and when: what a history keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Who: a user, an operator, a job.
    pub by: String,
    /// Why, in words for people; may be empty.
    pub reason: String,
    /// When.
    pub now: Instant,
}

/// What an order is: what is bought by whom, and for how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderTerms {
    /// The application that sells; with the order, what identifies it and its payment.
    pub application: String,
    /// Its id.
    pub order: String,
    /// What it is for.
    pub order_type: OrderType,
    /// Who pays.
    pub owner: Owner,
    /// The settlement unit that is paid.
    pub unit: String,
    /// How much, zero or more.
    pub amount: Money,
    /// What is bought, at least one thing.
    pub items: Vec<OrderedItem>,
    /// What the parts of the items are multiples of, as `0.01`.
    pub step: Decimal,
    /// Within how many seconds it is to be paid; none for no end to it.
    pub pay_within_s: Option<u32>,
}

/// One thing of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderedItem {
    /// Its id within the order.
    pub id: String,
    /// Its part of the amount, in proportion to the others.
    ///
    /// # Rule
    /// R-W17, R-M4
    pub weight: Decimal,
}

/// An order in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOrder {
    /// What it is.
    pub terms: OrderTerms,
    /// When it was created.
    pub created_at: Instant,
    /// How it stands: its status, and that of each item.
    pub order: Order,
}

/// What an operation on an order came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderChange {
    /// The order as it stands.
    pub order: StoredOrder,
    /// Whether nothing changed, because it stood so before.
    pub is_replay: bool,
}

/// What paying an order came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidOrder {
    /// The order as it stands.
    pub order: StoredOrder,
    /// Its payment.
    pub paid: Paid,
}

/// How what was not delivered is given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndeliveredTerms {
    /// The id of the refund.
    pub refund: String,
    /// What is returned to first.
    pub returned: ReturnOrder,
    /// Where the part goes that coupons paid.
    pub give_back: GiveBack,
}

/// What refunding an order came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundedOrder {
    /// The order as it stands.
    pub order: StoredOrder,
    /// The refund.
    pub refunded: Refunded,
}

/// A row of the history of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderStep {
    /// The item that it is about; none for the order itself.
    pub item: Option<String>,
    /// Who did it, why and when.
    pub act: Act,
    /// What happened; none for the first row.
    pub event: Option<String>,
    /// The state before.
    pub from: Option<String>,
    /// The state after.
    pub to: String,
}

/// Orders: what is bought, paid, delivered and given back.
///
/// The states move by the tables of the core, and with the money: whatever pays an order that is kept here – a charge,
/// a capture of its lock – makes it `paid` in the same transaction, and every refund of its payment takes it through
/// `refunding`. What the table does not allow is `order.illegal_transition`, and then no money moves either.
///
/// # Rule
/// R-O1
#[async_trait]
pub trait Orders: Send + Sync {
    /// Keeps an order, unpaid. One transaction. The same again changes nothing.
    ///
    /// # Errors
    /// `wallet.empty_id`, `order.bad_item_count`, `order.no_time_to_pay`; what
    /// [`ItemShares::new`](counterfoil::wallet::ItemShares::new) refuses of amount, items and step;
    /// `store.conflict` where the id stands with other facts, or was paid before it was kept.
    async fn create_order(&self, terms: &OrderTerms, act: &Act) -> Result<OrderChange, StoreError>;

    /// Pays an order: the charge and the transition. One transaction.
    ///
    /// # Errors
    /// `store.not_found` for the order or the account; what [`Payments::charge`](crate::Payments::charge)
    /// refuses; `order.illegal_transition` for one that is cancelled, or whose time to pay is over. Then
    /// nothing is changed.
    async fn pay_order(
        &self,
        application: &str,
        order: &str,
        coupons: Coupons,
        funding: Funding,
        act: &Act,
    ) -> Result<PaidOrder, StoreError>;

    /// Withdraws an order that is not paid. One transaction. Again is nothing.
    ///
    /// # Errors
    /// `store.not_found`; `order.illegal_transition`.
    async fn cancel_order(&self, application: &str, order: &str, act: &Act) -> Result<OrderChange, StoreError>;

    /// Cancels the orders whose time to pay is over, and gives them, from the first created on. One transaction.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn time_out_orders(&self, act: &Act) -> Result<Vec<StoredOrder>, StoreError>;

    /// Says that an item was delivered, or can not be. One transaction. Again is nothing.
    ///
    /// # Errors
    /// `store.not_found` for the order or the item; `order.not_paid`, `order.illegal_transition`.
    async fn deliver(
        &self,
        application: &str,
        order: &str,
        item: &str,
        event: DeliveryEvent,
        act: &Act,
    ) -> Result<OrderChange, StoreError>;

    /// Gives back the parts of what was not delivered and will not be: the refund and the transitions. One
    /// transaction.
    ///
    /// Each item is given back once: another refund takes those that failed since. The same refund again
    /// answers with the first.
    ///
    /// # Errors
    /// `store.not_found` for the order or its payment; `order.illegal_transition` unless it is paid, or
    /// refunded in part; what [`Refunding::refund`](crate::Refunding::refund) refuses. Then nothing is changed.
    ///
    /// # Rule
    /// R-W17
    async fn refund_undelivered(
        &self,
        application: &str,
        order: &str,
        terms: &UndeliveredTerms,
        act: &Act,
    ) -> Result<RefundedOrder, StoreError>;

    /// An order by its id.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn order(&self, application: &str, order: &str) -> Result<Option<StoredOrder>, StoreError>;

    /// The orders of an owner, from the first on.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn orders(&self, owner: &Owner) -> Result<Vec<StoredOrder>, StoreError>;

    /// Who did what to an order, when and why.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn order_history(&self, application: &str, order: &str) -> Result<Vec<OrderStep>, StoreError>;
}

impl Act {
    /// What the store does as part of something else.
    pub(crate) fn of_the_store(reason: &str, now: Instant) -> Self {
        Self { by: "store".to_owned(), reason: reason.to_owned(), now }
    }
}

impl StoredOrder {
    /// The time in which it may be paid.
    ///
    /// # Errors
    /// `time.out_of_range`.
    pub fn window(&self) -> Result<Option<PaymentWindow>, OrderError> {
        self.terms.pay_within_s.map(|length_s| PaymentWindow::new(self.created_at, length_s)).transpose()
    }
}
