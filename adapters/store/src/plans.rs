use crate::{Act, StoreError, StoredPayment};
use async_trait::async_trait;
use counterfoil::{
    error::Error,
    money::Money,
    order::{AutoRenew, CycleLength, Dunning, DunningStep, PlanOrder},
    time::{Instant, Zone},
    wallet::{Coupons, Funding, Owner},
};

/// What a plan is: what is consumed in cycles, each paid before it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanTerms {
    /// The application that sells; with the plan, what identifies it.
    pub application: String,
    /// Its id. Its cycles are paid under the order ids `{plan}/0`, `{plan}/1` and so on.
    pub plan: String,
    /// Who pays.
    pub owner: Owner,
    /// The settlement unit that is paid.
    pub unit: String,
    /// What a cycle costs, zero or more.
    pub price: Money,
    /// How long a cycle is.
    pub cycle: CycleLength,
    /// In which zone its months are counted.
    pub zone: Zone,
    /// When the first cycle begins.
    pub start: Instant,
    /// Whether it is renewed by itself.
    pub auto_renew: AutoRenew,
}

/// A plan in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPlan {
    /// What it is.
    pub terms: PlanTerms,
    /// How it stands: its state, and how often it was renewed.
    pub plan: PlanOrder,
    /// How often the next renewal was refused.
    pub retries: u32,
    /// When its owner was last warned.
    pub last_warned: Option<Instant>,
}

/// What an operation on a plan came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanChange {
    /// The plan as it stands.
    pub plan: StoredPlan,
    /// Whether nothing changed, because it stood so before.
    pub is_replay: bool,
}

/// What starting or renewing a plan came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidCycle {
    /// The plan as it stands.
    pub plan: StoredPlan,
    /// What came of paying the cycle.
    pub outcome: CycleOutcome,
}

/// What came of paying a cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CycleOutcome {
    /// It is paid now.
    Paid(StoredPayment),
    /// It was paid before, and nothing changed.
    Replayed(StoredPayment),
    /// The funds do not cover it: no money moved, and the retry is counted.
    Refused(Error),
}

/// A row of the history of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanStep {
    /// Who did it, why and when.
    pub act: Act,
    /// What happened: `start`, `renew`, `refuse`, `warn`, `end`; none for the first row.
    pub event: Option<String>,
    /// The state before.
    pub from: Option<String>,
    /// The state after.
    pub to: String,
    /// How often it was renewed after it.
    pub renewals: u32,
}

/// Plans: orders that are consumed in cycles, renewed, warned about, ended.
///
/// # Rule
/// R-O2, R-O3
#[async_trait]
pub trait Plans: Send + Sync {
    /// Keeps a plan that has not started. One transaction. The same again changes nothing.
    ///
    /// # Errors
    /// `wallet.empty_id`, `wallet.negative_amount`; what
    /// [`PlanOrder::new`](counterfoil::order::PlanOrder::new) refuses; `store.conflict`.
    async fn create_plan(&self, terms: &PlanTerms, act: &Act) -> Result<PlanChange, StoreError>;

    /// Pays the first cycle and starts the plan. One transaction. Again is the first payment.
    ///
    /// # Errors
    /// `store.not_found` for the plan or the account; what [`Payments::charge`](crate::Payments::charge)
    /// refuses, funds among it; `order.illegal_transition`. Then nothing is changed.
    async fn start_plan(
        &self,
        application: &str,
        plan: &str,
        coupons: Coupons,
        funding: Funding,
        act: &Act,
    ) -> Result<PaidCycle, StoreError>;

    /// Pays the next cycle and moves the deadline on, by a renewal that was decided when the plan had been
    /// renewed `asked` times. One transaction.
    ///
    /// A renewal for an old count answers with its payment and changes nothing. Where the funds do not cover
    /// it, that is an answer too: it is counted as a retry.
    ///
    /// # Errors
    /// `store.not_found`; `order.future_renewal`, `order.not_consuming`; what
    /// [`Payments::charge`](crate::Payments::charge) refuses besides a lack of funds. Then nothing is changed.
    ///
    /// # Rule
    /// R-O2, R-O3
    async fn renew_plan(
        &self,
        application: &str,
        plan: &str,
        asked: u32,
        coupons: Coupons,
        funding: Funding,
        act: &Act,
    ) -> Result<PaidCycle, StoreError>;

    /// Notes that the owner was warned. One transaction. The same instant again is nothing.
    ///
    /// # Errors
    /// `store.not_found`; `order.not_consuming`.
    ///
    /// # Rule
    /// R-O3
    async fn warn_plan(&self, application: &str, plan: &str, act: &Act) -> Result<PlanChange, StoreError>;

    /// Ends a plan, as was decided when it had been renewed `asked` times. One transaction.
    ///
    /// One that was renewed since is paid for, and does not end by what was decided before.
    ///
    /// # Errors
    /// `store.not_found`; `store.conflict` for another count; `order.illegal_transition`: ending twice is one.
    async fn end_plan(&self, application: &str, plan: &str, asked: u32, act: &Act) -> Result<PlanChange, StoreError>;

    /// What is to be done at an instant about the plans of an application: those to renew, to warn about and
    /// to end, by deadline and then by id.
    ///
    /// The usable funds of an owner are those for the plan's settlement unit (R-W11), less what locks hold;
    /// plans of one owner and unit share them.
    ///
    /// # Errors
    /// What [`Dunning::steps`] refuses; `store.corrupt`.
    ///
    /// # Rule
    /// R-O3
    async fn due_plans(
        &self,
        application: &str,
        dunning: &Dunning,
        now: Instant,
    ) -> Result<Vec<DunningStep>, StoreError>;

    /// A plan by its id.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn plan(&self, application: &str, plan: &str) -> Result<Option<StoredPlan>, StoreError>;

    /// Who did what to a plan, when and why.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn plan_history(&self, application: &str, plan: &str) -> Result<Vec<PlanStep>, StoreError>;
}

impl PaidCycle {
    /// The payment, new or not.
    pub const fn payment(&self) -> Option<&StoredPayment> {
        match &self.outcome {
            CycleOutcome::Paid(payment) | CycleOutcome::Replayed(payment) => Some(payment),
            CycleOutcome::Refused(_) => None,
        }
    }
}
