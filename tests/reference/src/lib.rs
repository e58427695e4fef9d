//! Slow, obvious models of the rules, to test Counterfoil against.
//!
//! Everything here is written from the rules alone and shares no line, no type and no idea with the
//! library: numbers are fractions of big integers, time is counted on a line that is cut wherever
//! anything begins or ends, rounding looks at both neighbours, and an allocation hands out one step
//! after the other. Nothing is fast and nothing is clever; where the two disagree, one of them has
//! misread the rules.
//!
//! A model panics on input that makes no sense: it is given good input, or the library's own verdict
//! is what is tested.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a model in a test: a fault must stop it"
)]
#![allow(clippy::result_large_err, reason = "a model is slow anyway")]

pub mod allocation;
pub mod calendar;
pub mod change;
pub mod deduction;
pub mod inquiry;
pub mod metering;
pub mod number;
pub mod parts;
pub mod percentage;
pub mod portal;
pub mod rating;
pub mod refund;
pub mod rounding;
pub mod tiers;

pub use num_bigint::BigInt;
pub use number::Fraction;
