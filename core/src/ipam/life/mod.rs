//! The life of a row (R-I12): what may be done to it, and the record that each change leaves.
//!
//! Nothing here keeps rows. A function takes the rows as they stand and gives the [`RangeRecord`] of the change,
//! with the rows before and after it; whoever keeps them carries it out and keeps the record.

mod action;
mod changes;
mod record;
mod remark;

pub use action::{LIFE, LifeStep, RowAction};
pub use changes::{NewRow, RowFacts};
pub use record::RangeRecord;
pub use remark::Remark;
