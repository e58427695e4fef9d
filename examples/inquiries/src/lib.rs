//! One small program for each kind of inquiry: `cargo run -p inquiries --example <name>`.
//!
//! | example | what it asks | rule |
//! |---|---|---|
//! | `change_specification` | more or less in the middle of a month | R-P8 |
//! | `switch_plan` | what a plan is worth, and another one costs | R-P9 |
//! | `unsubscribe` | what is refunded of an order | R-P10 |
//! | `month_end` | what is paid to the end of the month | R-P11 |
