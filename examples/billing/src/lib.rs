//! One small program for each step of the money: `cargo run -p billing --example <name>`.
//!
//! | example | what it shows | rule |
//! |---|---|---|
//! | `statement` | a day's statement, its correction, and what settles both | R-S1, R-S2 |
//! | `monthly_report` | a month by owner and service, a bucket's trend, and whether a balance lasts | R-S3, R-S7 |
//! | `invoice` | an invoice of top-ups: once, rejected, and after a refund | R-S8 |
//! | `bill_identities` | rows of a bill, each checked by its identities | R-S4 |
//! | `focus_export` | a statement as a file in the FOCUS format, proved | R-S5 |
//! | `settlement` | what a reseller settles with a provider, once | R-S6 |
