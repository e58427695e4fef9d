//! One small program for each step of the money: `cargo run -p billing --example <name>`.
//!
//! | example | what it shows | rule |
//! |---|---|---|
//! | `bill_identities` | rows of a bill, each checked by its identities | R-S4 |
//! | `focus_export` | a statement as a file in the FOCUS format, proved | R-S5 |
//! | `settlement` | what a reseller settles with a provider, once | R-S6 |
