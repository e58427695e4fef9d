//! What a change in the middle of a period costs, or gives back (R-P8 … R-P11).
//!
//! | change | here | rule |
//! |---|---|---|
//! | another specification, more seats, more gigabytes | [`Change::cost`] | R-P8 |
//! | another plan | [`PaidPlan::switch`] | R-P9 |
//! | an end before its time | [`Subscription::refund`], [`PaidPlan::cancel`] | R-P10, R-P9 |
//! | a start in the middle of a month | [`to_month_end`] | R-P11 |
//!
//! Every result rounds once, by a [`Rounding`](crate::money::Rounding) with a name, and carries its
//! [`Derivation`](crate::money::Derivation).
//!
//! ```
//! use counterfoil::pricing::change::{Change, ChangeTerms, Months, Remaining};
//! use counterfoil::time::Period;
//!
//! // From 0 to 39 a month, asked for at 13:40 on 25 May; it is paid until the end of June.
//! let order = Period::parse("2026-05-01T00:00:00+08:00", "2026-06-30T23:59:59+08:00")?;
//! let remaining =
//!     Remaining::of_order(order, "2026-05-25T13:40:00+08:00".parse()?, Months::Natural, "Asia/Shanghai".parse()?)?;
//! let cost = Change::Price { old: "0".parse()?, new: "39".parse()? }.cost(&remaining, ChangeTerms::BSS)?;
//! assert_eq!(cost.payable().to_string(), "47.07"); // 6 days 10 hours of 31, and a month
//! println!("{}", cost.derivation());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod fee;
mod month_end;
mod plan;
mod remaining;
mod specification;
mod unsubscribe;

pub use fee::{FeeTable, HandlingFee, OrderTerm};
pub use month_end::{MonthEnd, to_month_end};
pub use plan::{PaidPlan, PlanCycle, PlanSwitch, PlanValue};
pub use remaining::{Months, PartOfMonth, Remaining};
pub use specification::{Change, ChangeCost, ChangeTerms, Downgrade, Due, Legs};
pub use unsubscribe::{Basis, Counts, CountsBy, Fee, Paid, Refund, RefundPolicy, Subscription};

use super::check_not_below_zero;
use crate::{error::PricingError, exact::Exact};
use rust_decimal::Decimal;

/// What is given, unless it is below zero.
fn not_below_zero(what: &'static str, value: Decimal) -> Result<Exact, PricingError> {
    let value = Exact::from(value);
    check_not_below_zero(what, &value).map(|()| value)
}
