//! Coupons, balances, other funds, what a payment or a lock takes from them, and what comes back (R-W1 … R-W19).
//!
//! Everything here is a decision: a [`Charge`] against [`Funds`] at an instant gives a [`Plan`], and
//! the caller carries it out. Nothing reads a clock or a database, and nothing changes what it was
//! given.
//!
//! ```text
//! Charge ──┐
//! Books ───┼─→ Charge::plan ─→ Outcome::New(Plan) ─→ the caller writes the legs ─→ Payment
//! now ─────┘                   Outcome::Replay(&Plan): it is paid already
//! ```
//!
//! [`Charge::deduct`] is the middle of it alone: coupons first, the rest from the balance, or any other
//! [`FundingOrder`]. An order that is not paid yet locks what it will take:
//!
//! ```text
//! Charge::authorise ─→ Lock ─┬─→ Lock::capture ─→ Payment, and what was not captured is free again
//!                            ├─→ Lock::void    ─→ all of it is free again
//!                            └─→ it expires    ─→ all of it is free again
//! ```

pub mod bulk;

mod choice;
mod coupon;
mod deduction;
mod draw;
mod fund;
mod funding_order;
mod funds;
mod idempotency;
mod lock;
mod notices;
mod owner;
mod plan;
mod refund;
mod source;
mod sources;

pub use choice::Coupons;
pub use coupon::{Category, Coupon, CouponStatus, CouponTerms, Purpose, Redemption, Scope};
pub use deduction::{Charge, Funding};
pub use fund::{CostBasis, Fund, FundKind, FundTerms};
pub use funding_order::{FundingOrder, Shortfall, SortKey, Step};
pub use funds::{Available, Funds};
pub use idempotency::{Books, Outcome, Payment};
pub use lock::{Authorisation, Capture, Lock, LockEvent, LockState, LockStatus, LockTerms};
pub use notices::{NoticePolicy, Notices};
pub use owner::{Owner, OwnerKind};
pub use plan::{Leg, Method, Plan};
pub use refund::{
    CorrectionRefund, Destination, GiveBack, ItemShare, ItemShares, OrderItem, REFUND_TRANSITIONS, Refund, RefundBooks,
    RefundEvent, RefundLeg, RefundOutcome, RefundPlan, RefundRequest, RefundState, Refundable, Refunds, ReturnOrder,
    SourceClass, Standing, refund_of_correction,
};
pub use source::{Source, SourceKind};

/// What the tests of this room are about: the payer `a`, the unit [`UNIT`](testing::UNIT), seconds
/// around 100.
#[cfg(test)]
mod testing {
    use super::*;
    use crate::{
        money::{CNY, Money},
        time::{Instant, MICROS_PER_SECOND},
    };

    pub(super) const APPLICATION: &str = "portal";
    pub(super) const UNIT: &str = "vm";

    pub(super) fn cny(text: &str) -> Money {
        Money::parse(text, CNY).unwrap()
    }

    pub(super) fn usd(text: &str) -> Money {
        Money::parse(text, "USD".parse().unwrap()).unwrap()
    }

    pub(super) fn at(second: i64) -> Instant {
        Instant::from_micros(second * MICROS_PER_SECOND).unwrap()
    }

    pub(super) fn user(id: &str) -> Owner {
        Owner::User(id.into())
    }

    pub(super) fn group(id: &str) -> Owner {
        Owner::Group(id.into())
    }

    /// A coupon that `a` holds, that pays for anything of the unit between the seconds 1 and 1000.
    pub(super) fn terms(id: &str, balance: &str) -> CouponTerms {
        CouponTerms {
            id: id.into(),
            face_value: cny(balance),
            balance: cny(balance),
            status: CouponStatus::Available,
            effective: at(1),
            expiration: at(1_000),
            created: at(0),
            owner: Some(user("a")),
            unit: Some(UNIT.into()),
            scope: Scope::Unit,
            category: Category::Server,
        }
    }

    pub(super) fn coupon(terms: CouponTerms) -> Coupon {
        Coupon::new(terms).unwrap()
    }

    /// A stored-value card of `a` that pays for anything and never expires.
    pub(super) fn card(id: &str, balance: &str) -> FundTerms {
        FundTerms {
            kind: FundKind::StoredCard,
            id: id.into(),
            owner: user("a"),
            balance: cny(balance),
            priority: None,
            effective: None,
            expiration: None,
            created: at(0),
            basis: CostBasis::Paid,
            units: vec![],
            order: None,
            most: None,
        }
    }

    pub(super) fn fund(terms: FundTerms) -> Fund {
        Fund::new(terms).unwrap()
    }

    /// What `a` is to pay for the order `o1`.
    pub(super) fn charge(amount: &str) -> Charge {
        Charge {
            application: APPLICATION.into(),
            order: "o1".into(),
            unit: UNIT.into(),
            payer: user("a"),
            amount: cny(amount),
            coupons: Coupons::Automatic,
            funding: Funding::EnoughFunds,
        }
    }
}
