//! One small program for each kind of inquiry: `cargo run -p inquiries --example <name>`.
//!
//! | example | what it asks | rule |
//! |---|---|---|
//! | `discounts` | which discounts apply to a line, and why the others do not | R-P6, R-P7 |
//! | `reseller_modes` | who pays what for a reseller's sale | R-P6 |
