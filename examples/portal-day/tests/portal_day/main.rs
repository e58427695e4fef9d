//! The program as a user runs it: every test starts the binary, and reads what it left behind.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

mod bad_input;
mod bulk;
mod explain;
mod figures;
mod killed;
mod month;
mod portal;
mod sample;
mod trace;
