//! Many inquiries at once: every product of a catalogue for several terms, or one spec by many rate cards (R-P5).
//!
//! ```text
//! SpecColumns (quantities of each part) ─┐
//! spec, tariff, window, count of a row ──┼─→ Inquirer::inquire ─→ QuotedColumns: original, payable
//! Inquirer (tariffs, windows, terms) ────┘                        and the faults, as (row, code)
//! ```
//!
//! A row costs what [`Tariff::inquire`](crate::pricing::Tariff::inquire) quotes, to the last digit: plain prices
//! go through the weights that rate a usage, and all others through the routine that explains a quote,
//! which then keeps no line. [`Inquirer::quote`] explains one row, and says what is wrong with one that has a
//! fault.

mod columns;
mod inquirer;
mod plain;

pub use columns::{Counts, InquiryColumns, QuotedColumns, SpecColumns};
pub use inquirer::Inquirer;
