//! Orders and their cycles: states, renewals, dunning, expiry, leases (R-O1 … R-O8).
//!
//! Everything here is a decision: facts and an instant in, the next state or a list of actions out.
//! Nothing reads a clock, and nothing changes what it was given.
//!
//! ```text
//! OrderStatus, TradingStatus, ItemStatus, PlanState ── tables of states: Machine::after
//! Order ──── what is paid of it, what is delivered ──► the indices that R-W17 gives back
//! PlanOrder ─ deadlines anchored at its start ──► Dunning::steps ──► renew, warn, end, wait
//! ```

mod dunning;
mod items;
mod machine;
mod plan;
mod status;
mod timeout;
mod words;

pub use dunning::{
    AccountFunds, AutoRenew, Dunning, DunningAction, DunningFacts, DunningReason, DunningStep, MOST_DUNNED,
};
pub use items::{DeliveryEvent, ItemStatus, MOST_ITEMS, Order, TradingEvent, TradingStatus};
pub use machine::{Machine, MachineName, Table, Transition};
pub use plan::{MOST_DEADLINES, PlanCycle, PlanEvent, PlanOrder, PlanState, Renewal};
pub use status::{OrderEvent, OrderStatus, OrderType, Refunded};
pub use timeout::PaymentWindow;
