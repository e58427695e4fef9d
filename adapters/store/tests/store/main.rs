//! The store, from outside: one suite for three engines.
//!
//! On SQLite as it is; on a server, each test in a database of its own (`database.rs`), by another selection of tests
//! (`.config/nextest.toml`):
//!
//! ```sh
//! COUNTERFOIL_STORE_TEST_URL=postgres://… cargo nextest run --profile server --workspace
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

mod abandoned;
mod append_only;
mod auditing;
mod books;
mod charging;
mod clock;
mod database;
mod days;
mod limits;
mod locking;
mod locking_by_clocks;
mod meeting;
mod money_in;
mod opening;
mod ordering;
mod ordering_refunds;
mod planning;
mod putting;
mod ranging;
mod ranging_at_one_time;
mod ranging_model;
mod ranging_refusals;
mod rate_cards;
mod refunding;
mod repairing;
mod schema;
mod server;
mod settling;
mod settling_batch;
mod sqlite;
mod support;
mod texts;
