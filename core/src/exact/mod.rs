//! Exact numbers: what sums of price × quantity × time are made of (R-M1).
//!
//! [`Decimal`](rust_decimal::Decimal) is the type **at the door**; it rounds silently at 28 digits,
//! so nothing here is ever added up in it. [`Exact`] is the type **inside**: an integer over an
//! integer, in a checked `i128` for the usual figures and in a wide integer behind it for the
//! unusual ones. It never rounds; [`Exact::round_to`] is the one place where a digit can be lost,
//! and the caller names how.
//!
//! ```
//! use counterfoil::exact::{decimal, Exact, RoundingMode};
//!
//! let third = Exact::ratio(1, 3)?;
//! assert_eq!(third.times(&Exact::from(3))?, Exact::from(1)); // `Decimal` says 0.9999999999999999999999999999
//!
//! let hours = Exact::ratio(18, 60)?;
//! let rate = Exact::from(decimal::parse("6.85")?);
//! let amount = rate.times(&hours)?;
//! assert_eq!(amount.to_string(), "2.055");
//! let cents = amount.round_to(decimal::parse("0.01")?, RoundingMode::HalfEven)?;
//! assert_eq!(cents.to_string(), "2.06");
//! # Ok::<(), counterfoil::error::Error>(())
//! ```

mod cells;
pub mod decimal;
mod fraction;
mod integer;
mod number;
mod rounding_mode;

pub(crate) use cells::{Factors, Row, Sums, SumsView};
pub use fraction::Exact;
pub(crate) use fraction::Rounder;
pub(crate) use integer::Integer;
pub(crate) use number::{Number, Whole, any_width};
pub use rounding_mode::RoundingMode;

/// The powers of ten that fit in an `i128`.
pub(crate) const POWERS_OF_TEN: [i128; 39] = {
    let mut powers = [1_i128; 39];
    let mut i = 1;
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler: a fault would not build")]
    while i < 39 {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};
