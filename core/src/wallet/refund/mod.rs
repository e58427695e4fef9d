//! What comes back of a payment, and to whom (R-W14 … R-W19).
//!
//! ```text
//! Payment ─┐
//! [Refund] ┴→ Refunds ──┐
//! RefundRequest ────────┴→ Refunds::plan ─→ RefundOutcome::New(RefundPlan) ─→ the caller pays the legs back
//!                                           RefundOutcome::Retry(&Refund):  it failed; the same legs again
//!                                           RefundOutcome::Replay(&Refund): it is there already
//! ```
//!
//! [`ItemShares`] says how much the undelivered items of an order come to, and [`refund_of_correction`] which payments
//! a negative correction is drawn from; both only name amounts, which are then asked for one by one.

mod correction;
mod items;
mod plan;
mod record;
mod request;
mod split;
mod state;

pub use correction::{CorrectionRefund, Refundable, refund_of_correction};
pub use items::{ItemShare, ItemShares, OrderItem};
pub use plan::{RefundBooks, RefundOutcome, RefundPlan, Refunds, Standing};
pub use record::{Destination, Refund, RefundLeg};
pub use request::{GiveBack, RefundRequest, ReturnOrder};
pub use split::SourceClass;
pub(super) use split::{Asked, Share, Shares};
pub use state::{REFUND_TRANSITIONS, RefundEvent, RefundState};
