//! Many resources at once, as columns: what lived, how long, and how much of each part (R-U1 … R-U5).
//!
//! A row is a resource in a window. Where nothing changes inside the window, each row has one span;
//! where it does, each has a list of them, cut out of the columns by offsets:
//!
//! ```text
//! offsets   0     1           4        row 0 has span 0, row 1 has spans 1, 2 and 3
//!           │     │           │
//! start     09:00 08:30 10:05 11:45
//! end       open  10:05 11:45 open
//! mode      0     0     0     1
//! cpu       2     4     8     8
//! ```
//!
//! [`pricing::bulk`](crate::pricing::bulk) rates them. What is wrong with the columns is a
//! [`BulkError`](crate::error::BulkError) before any row is looked at; what is wrong with a row costs
//! none of the others.

mod block;
mod columns;
mod ids;
mod lives;
mod row;

pub(crate) use block::{Life, MeteredBlock};
pub use columns::{Numbers, OPEN, QuantityColumn, SpanColumns, Windows};
pub use ids::Ids;
pub use lives::Lives;
pub(crate) use row::{MeteredRow, Metering};
