//! Instants: milliseconds of a `Date`, or text.

use super::Result;
use counterfoil::{
    error::TimeError,
    time::{Instant, Period},
};
use napi::Either;

const MICROS_PER_MILLISECOND: i64 = 1_000;

/// Reads an instant: the milliseconds of a `Date`, which are a whole number that `f64` has exactly, or text.
pub(crate) fn instant(moment: &Either<f64, String>) -> Result<Instant> {
    match moment {
        Either::A(milliseconds) => {
            // A `Date` is at most 8.64e15 milliseconds from 1970: they fit, and so do the microseconds of most.
            let micros = (*milliseconds as i64).checked_mul(MICROS_PER_MILLISECOND);
            let out_of_range = || TimeError::OutOfRange { text: format!("{milliseconds} ms") };
            Ok(Instant::from_micros(micros.ok_or_else(out_of_range)?)?)
        }
        Either::B(text) => Ok(text.parse()?),
    }
}

/// Reads a window from its two ends.
pub(crate) fn period(start: &Either<f64, String>, end: &Either<f64, String>) -> Result<Period> {
    Ok(Period::new(instant(start)?, instant(end)?)?)
}
