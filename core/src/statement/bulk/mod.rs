//! Many readings stated at once: columns of what they cost, and the statements of each day (R-S1).
//!
//! ```text
//! ChargedColumns (owner, unit, kind, day; original, payable) ──→ DailySums::add ──→ Placed: the group of each row,
//!        batch after batch                                            │             and the faults, as (row, code)
//!                                                                     ▼
//!                     StatementColumns ←── DailySums::statements      sums of groups, nothing of the rows
//!                     LineLists        ←── DailySums::lines (of a batch whose Placed was kept)
//! ```
//!
//! The statements are those of [`daily`](super::daily), day after day, in its order and to its last digit:
//! both number groups, add lines and settle by the same routines. A [`DailySums`] keeps two sums for each
//! statement and one bit for each reading, so ten million rows go through it in batches; whoever wants
//! the lines of statements as well keeps the [`Placed`] of each batch.

mod charged;
mod daily;
mod lines;

pub use charged::ChargedColumns;
pub use daily::{DailySums, DailyTerms, NO_GROUP, Placed, StatementColumns};
pub use lines::LineLists;
