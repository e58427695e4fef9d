use crate::{StoreError, StoredPayment, StoredRefund};
use async_trait::async_trait;
use chrono::NaiveDate;
use counterfoil::{
    money::Money,
    statement::{Statement, StatementKey, StatementStatus},
    time::{Instant, Zone},
    wallet::{Coupons, Funding, GiveBack, Owner, ReturnOrder},
};
use rust_decimal::Decimal;
use std::ops::{ControlFlow, RangeInclusive};

/// How statements are settled: who is paid, from what and when, and how corrections are given back.
///
/// # Rule
/// R-W7, R-W13, R-S2
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeTerms {
    /// The application that is paid; with the statement's id, what identifies the payment.
    pub application: String,
    /// Which coupons pay first.
    pub coupons: Coupons,
    /// What pays the rest.
    pub funding: Funding,
    /// How a correction below zero is given back.
    pub give_back: CorrectionTerms,
    /// When.
    pub now: Instant,
}

/// How a correction below zero is given back.
///
/// # Rule
/// R-S2, R-W15, R-W16, R-W18
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CorrectionTerms {
    /// What every part of a refund is a multiple of.
    pub step: Decimal,
    /// What is returned to first.
    pub returned: ReturnOrder,
    /// Where the part goes that coupons paid.
    pub coupons: GiveBack,
}

/// What settling a statement came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The statements of its group that were settled together, by sequence: the day's own, and corrections.
    pub statements: Vec<String>,
    /// What settled them.
    pub settled: Settled,
    /// Whether it was done before, and nothing changed.
    pub is_replay: bool,
}

/// What settles statements.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "nearly all are the large one, and none is kept")]
pub enum Settled {
    /// One payment of what they come to.
    Paid(StoredPayment),
    /// Refunds of what was paid for the group before, the latest payment first.
    Refunded(Vec<StoredRefund>),
    /// They come to nothing.
    Nothing,
}

/// A statement, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredStatement {
    /// The statement with its lines.
    pub statement: Statement,
    /// What paid it; it may have paid others with it.
    pub payment: Option<StoredPayment>,
    /// What was refunded to settle it; others may be settled with it.
    pub refunds: Vec<StoredRefund>,
    /// The statement that it was settled with, which has the payment or the refunds.
    pub settled_with: Option<String>,
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

/// How far the settling of many statements is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettleProgress {
    /// How many statements were looked at; all that could be settled of them is on disk.
    pub done: usize,
    /// Of how many.
    pub of: usize,
}

/// What settling many statements came to.
#[derive(Debug, Default)]
pub struct SettledBatch {
    /// How many were looked at.
    pub done: usize,
    /// Of these, how many were charged.
    pub paid: usize,
    /// How many were given back.
    pub refunded: usize,
    /// How many come to nothing.
    pub nothing: usize,
    /// How many were settled with another of their group, or by another call meanwhile.
    pub along: usize,
    /// Those that were refused, and stay as they were.
    pub refused: Vec<Refused>,
}

/// A statement that could not be settled.
#[derive(Debug)]
pub struct Refused {
    /// Its id.
    pub statement: String,
    /// Why.
    pub error: StoreError,
}

/// Statements, and how they are settled.
///
/// # Rule
/// R-S1, R-S2
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

    /// Settles a statement, with all that are open of its group: the day's own statement and its
    /// corrections. One transaction.
    ///
    /// What they come to is charged once, under the order id of the first that asks for something; so a
    /// correction of what nobody paid yet lowers what is paid. Below zero it is refunded of the group's
    /// payments, the latest first, under the id of the last open statement (of a second payment with `/2`
    /// after it, and so on). What comes to nothing is settled without either.
    ///
    /// Settled again on the same terms, it answers with the first payment or the refunds and changes nothing.
    ///
    /// # Errors
    /// `store.not_found` for the statement or the owner's account; `statement.already_paid` where another
    /// application was paid for it, `statement.cancelled`; what
    /// [`correct`](counterfoil::statement::correct) and [`Charge::plan`](counterfoil::wallet::Charge::plan)
    /// refuse; `wallet.refunds_not_enough` where too much of the group's payments was refunded otherwise, and
    /// what [`Refunds::plan`](counterfoil::wallet::Refunds::plan) refuses. Then nothing is changed.
    ///
    /// # Rule
    /// R-S1, R-S2, R-W7a, R-W13, R-W14
    async fn settle_statement(&self, id: &str, terms: &ChargeTerms) -> Result<Settlement, StoreError>;

    /// Settles the unpaid statements of a filter (of one with another status there are none), by date, zone, owner, unit, kind and sequence: to the same payments
    /// and refunds as [`settle_statement`](Statements::settle_statement) of each, several hundred in a transaction.
    ///
    /// One that is refused (its payer has too little, its unit is of another application) is told in the answer and
    /// stays unpaid; the others are settled. `watch` is told how far it is after each transaction, and may end it there.
    /// What was settled so far is done, whatever happens: to go on, call it again.
    ///
    /// # Errors
    /// Of the store itself, as `store.busy`, `store.unreachable`, `store.corrupt`.
    async fn settle_statements(
        &self,
        filter: &StatementFilter,
        terms: &ChargeTerms,
        watch: &mut (dyn FnMut(SettleProgress) -> ControlFlow<()> + Send),
    ) -> Result<SettledBatch, StoreError>;
}

impl ChargeTerms {
    /// The portal's terms for daily statements: any coupon that fits, then the balance, which may go
    /// below zero; corrections come back in proportion, to the cent, to the same coupons.
    ///
    /// # Rule
    /// R-S1, R-W7, R-W15, R-W16
    pub fn daily(application: impl Into<String>, now: Instant) -> Self {
        Self {
            application: application.into(),
            coupons: Coupons::Automatic,
            funding: Funding::Overdraft { limit: None },
            give_back: CorrectionTerms::PORTAL,
            now,
        }
    }
}

impl CorrectionTerms {
    /// In proportion to what each source paid, to the cent; coupons to the same coupons.
    pub const PORTAL: Self = Self {
        step: Decimal::from_parts(1, 0, 0, false, 2),
        returned: ReturnOrder::Proportional,
        coupons: GiveBack::SameCoupon,
    };
}

impl Settlement {
    /// The payment, new or not.
    pub const fn payment(&self) -> Option<&StoredPayment> {
        match &self.settled {
            Settled::Paid(payment) => Some(payment),
            Settled::Refunded(_) | Settled::Nothing => None,
        }
    }

    /// The refunds, new or not.
    pub fn refunds(&self) -> &[StoredRefund] {
        match &self.settled {
            Settled::Refunded(refunds) => refunds,
            Settled::Paid(_) | Settled::Nothing => &[],
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
