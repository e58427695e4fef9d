//! Many resources rated at once: columns in, columns out, one kernel with the single call (R-P2, R-P15).
//!
//! ```text
//! Lives (spans, quantities, windows) ─┐
//! tariff of each row ─────────────────┼─→ Rater::rate ─→ RatedColumns: time, usage, original, payable
//! Rater (tariffs, rounding, quota) ───┘                  and the faults, as (row, code)
//! ```
//!
//! A row that has a fault costs none of the others; [`Rater::row`] rates one alone and says what is
//! wrong with it, and [`Rater::explain`] why it costs what it costs. Nothing is allocated for a row
//! that has no fault and whose sums fit in 128 bits, and no thread is started: whoever has several cuts
//! the rows into chunks.

mod block;
mod columns;
mod rater;
mod run;

pub use columns::{RatedColumns, RowState, UsageColumn, UsageDetail};
pub use rater::{Rater, RatingTerms};
