//! One small program for each step of the money: `cargo run -p billing --example <name>`.
//!
//! | example | what it shows | rule |
//! |---|---|---|
//! | `statement` | a day's statement, its correction, and what settles both | R-S1, R-S2 |
//! | `monthly_report` | a month by owner and service, a bucket's trend, and whether a balance lasts | R-S3, R-S7 |
//! | `invoice` | an invoice of top-ups: once, rejected, and after a refund | R-S8 |
