//! The store, from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

mod auditing;
mod charging;
mod days;
mod faults;
mod locking;
mod migrating;
mod money_in;
mod opening;
mod ordering;
mod planning;
mod putting;
mod ranging;
mod ranging_model;
mod rate_cards;
mod refunding;
mod settling;
mod settling_batch;
mod sqlite_repairing;
mod support;
