//! `counterfoil.bulk`: Arrow tables in, Arrow tables out, over `counterfoil-arrow`.
//!
//! ```text
//! any table ──→ capsule ──→ Source ──→ Rater, Statements (detached from Python) ──→ Batches ──→ capsule ──→ any reader
//! ```
//!
//! Invariant: `capsule` is the one room with `unsafe`; what comes out of it is plain record batches.

mod arguments;
mod batches;
mod capsule;
mod explanation;
mod preview;
mod rater;
mod schema;
mod statements;
mod stream;
mod watch;

pub(crate) use batches::{Batches, faults};
pub(crate) use explanation::Explanation;
pub(crate) use rater::{Rater, quantities};
pub(crate) use schema::Schema;
pub(crate) use statements::Statements;
pub(crate) use stream::BatchStream;
