use crate::{StoreError, StoredPayment};
use async_trait::async_trait;
use chrono::NaiveDate;
use counterfoil::{
    money::Money,
    statement::{Statement, StatementKey, StatementStatus},
    time::{Instant, Zone},
    wallet::{Coupons, Funding, Owner},
};
use std::ops::RangeInclusive;

/// How statements are paid: by whom they are charged, from what, and when.
///
/// # Rule
/// R-W7, R-W13
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeTerms {
    /// The application that is paid; with the statement's id, what identifies the payment.
    pub application: String,
    /// Which coupons pay first.
    pub coupons: Coupons,
    /// What pays the rest.
    pub funding: Funding,
    /// When.
    pub now: Instant,
}

/// What charging a statement came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charged {
    /// It is paid now, by this payment.
    Paid(StoredPayment),
    /// It was paid before, by this payment; nothing changed.
    Replayed(StoredPayment),
    /// There was nothing to pay: it is settled without a payment.
    NothingToPay,
}

/// A statement, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredStatement {
    /// The statement with its lines.
    pub statement: Statement,
    /// What paid it.
    pub payment: Option<StoredPayment>,
}

/// A statement without its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementSummary {
    /// Its id, which is the order id of its payment.
    pub id: String,
    /// What identifies it.
    pub key: StatementKey,
    /// How many lines it has.
    pub lines: usize,
    /// The sum of the original amounts.
    pub original: Money,
    /// The sum of the payable amounts.
    pub payable: Money,
    /// Whether it is paid.
    pub status: StatementStatus,
    /// When it was paid; none where there was nothing to pay.
    pub paid_at: Option<Instant>,
}

/// Which statements to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementFilter {
    /// Those of these dates, the last one included.
    pub dates: RangeInclusive<NaiveDate>,
    /// Those whose dates are of one zone.
    pub zone: Option<Zone>,
    /// Those of one owner.
    pub owner: Option<Owner>,
    /// Those that stand so.
    pub status: Option<StatementStatus>,
}

/// Statements and their payment.
///
/// # Rule
/// R-S1
#[async_trait]
pub trait Statements: Send + Sync {
    /// A statement by id.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn statement(&self, id: &str) -> Result<Option<StoredStatement>, StoreError>;

    /// Statements by date, zone, owner, unit, kind and sequence.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn statements(&self, filter: &StatementFilter) -> Result<Vec<StatementSummary>, StoreError>;

    /// Pays a statement: plans in the core against the account and the coupons as they stand, and carries
    /// the plan out. One transaction.
    ///
    /// Charged again on the same terms, it answers with the first payment and changes nothing. One with
    /// nothing to pay is settled without a payment.
    ///
    /// # Errors
    /// `store.not_found` for the statement or the owner's account; `statement.already_paid` where another
    /// application was paid for it, `statement.cancelled`; what
    /// [`Charge::plan`](counterfoil::wallet::Charge::plan) refuses. A correction below zero is a refund and
    /// is not charged: `wallet.negative_amount`. Then nothing is changed.
    ///
    /// # Rule
    /// R-S1, R-W7a, R-W13
    async fn charge_statement(&self, id: &str, terms: &ChargeTerms) -> Result<Charged, StoreError>;
}

impl ChargeTerms {
    /// The portal's terms for daily statements: any coupon that fits, then the balance, which may go
    /// below zero.
    ///
    /// # Rule
    /// R-S1, R-W7
    pub fn daily(application: impl Into<String>, now: Instant) -> Self {
        Self {
            application: application.into(),
            coupons: Coupons::Automatic,
            funding: Funding::Overdraft { limit: None },
            now,
        }
    }
}

impl Charged {
    /// The payment, new or not.
    pub const fn payment(&self) -> Option<&StoredPayment> {
        match self {
            Self::Paid(payment) | Self::Replayed(payment) => Some(payment),
            Self::NothingToPay => None,
        }
    }
}

impl StatementFilter {
    /// All of some dates.
    pub const fn dated(dates: RangeInclusive<NaiveDate>) -> Self {
        Self { dates, zone: None, owner: None, status: None }
    }

    /// Of these, the ones that stand so.
    #[must_use]
    pub fn with_status(self, status: StatementStatus) -> Self {
        Self { status: Some(status), ..self }
    }

    /// Of these, the ones of an owner.
    #[must_use]
    pub fn with_owner(self, owner: Owner) -> Self {
        Self { owner: Some(owner), ..self }
    }
}
