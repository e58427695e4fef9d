//! # Counterfoil's columns in Arrow
//!
//! Record batches of usage in, record batches of amounts out, by the bulk kernels of the core: without a copy of
//! what comes in, over a chosen number of threads, with a fault of a row beside the good rows.
//!
//! [`UsageColumns`] says which columns there are, [`UsageSchema`] checks a schema against it, and [`BatchRater`]
//! rates. [`LineColumns`] says which columns lines that are charged have, and [`BatchStatements`] groups them into
//! statements. What the columns are is in the documentation of these, column by column.

#![forbid(unsafe_code)]

/// The README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod error;
mod faults;
mod rating;
mod read;
mod run;
mod schema;
mod statement_batch;
mod statements;
mod write;

pub use error::BatchError;
pub use faults::faults;
pub use rating::BatchRater;
pub use run::{Cancel, Progress, Run};
pub use schema::{
    DaySource, LineColumns, ModeSource, MoneyType, QuantityField, QuantitySource, Scale, SpanLayout, StateSource,
    TariffSource, UsageColumns, UsageSchema, WindowSource, metadata,
};
pub use statement_batch::statement_batch;
pub use statements::{BatchStatements, LineCounts};
pub use write::Counts;
