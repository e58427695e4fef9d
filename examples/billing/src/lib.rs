//! One small program for each step of the money: `cargo run -p billing --example <name>`.
//!
//! | example | what it shows | rule |
//! |---|---|---|
//! | `deduction` | a payment from coupons and the balance | R-W6, R-W7 |
//! | `funding_order` | a payment from sources of many kinds in a declared order | R-W9, R-W10 |
//! | `locks` | money that an unpaid order sets aside | R-W12 |
//! | `refund` | a payment refunded in three parts, as a table of its sources | R-W14, R-W15 |
//! | `partial_delivery` | one of three items was never delivered: what comes back | R-W17 |
