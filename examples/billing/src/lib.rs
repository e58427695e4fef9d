//! One small program for each step of the money: `cargo run -p billing --example <name>`.
//!
//! | example | what it shows | rule |
//! |---|---|---|
//! | `refund` | a payment refunded in three parts, as a table of its sources | R-W14, R-W15 |
//! | `partial_delivery` | one of three items was never delivered: what comes back | R-W17 |
