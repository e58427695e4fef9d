//! Orders and their cycles: states, renewals, dunning, expiry, leases (R-O1 … R-O8).
//!
//! Everything here is a decision: facts and an instant in, the next state or a list of actions out.
//! Nothing reads a clock, and nothing changes what it was given.
//!
//! ```text
//! OrderStatus, TradingStatus, ItemStatus, PlanState ── tables of states: Machine::after
//! Order ──── what is paid of it, what is delivered ──► the indices that R-W17 gives back
//! PlanOrder ─ deadlines anchored at its start ──► Dunning::steps ──► renew, warn, end, wait
//! ExpiryPolicy ──► warned, expired, frozen, released; to_pre_paid ──► a history to meter
//! LeaseBook ─ who has which device on which dates ──► how many are free on all of some dates
//! VendorWords ─ other vendors' kinds and states in ours; Scaled ─ amounts in ten-thousandths
//! ```

mod conversion;
mod dunning;
mod expiry;
mod items;
mod lease;
mod lease_book;
mod machine;
mod plan;
mod scaled;
mod status;
mod timeout;
mod vendor;
mod words;

pub use conversion::{AfterTerm, Conversion, Converted, Extension, Paid, to_pre_paid};
pub use dunning::{
    AccountFunds, AutoRenew, Dunning, DunningAction, DunningFacts, DunningReason, DunningStep, MOST_DUNNED,
};
pub use expiry::{Expiring, Expiry, ExpiryDays, ExpiryPolicy, ExpiryState, MayStart, StartGate};
pub use items::{DeliveryEvent, ItemStatus, MOST_ITEMS, Order, TradingEvent, TradingStatus};
pub use lease::{CountLock, Dates, DeviceLease, Trial};
pub use lease_book::{LeaseBook, LeaseDay, MOST_LEASES, Release, Released, Vacancy};
pub use machine::{Machine, MachineName, Table, Transition};
pub use plan::{CycleLength, MOST_DEADLINES, PlanEvent, PlanOrder, PlanState, Renewal};
pub use scaled::Scaled;
pub use status::{OrderEvent, OrderStatus, OrderType, Refunded};
pub use timeout::PaymentWindow;
pub use vendor::{OrderKind, OrderState, Vendor, VendorWords};
pub use words::Word;
