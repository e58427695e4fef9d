//! How quantities are shown.

use super::{
    Format, LARGEST_EXPONENT, NANO, ResourceQuantity,
    text::{BINARY, DECIMAL, LONGEST},
};
use crate::exact::Integer;
use std::fmt;

/// The canonical form: no digits after a point, and the largest suffix that loses nothing.
///
/// As in Kubernetes, what is below 1024 or not whole has no suffix by 1024: `512` of `0.5Ki`, `10855529840640m` of
/// `10.11Gi`. The form is read back as the same value; the format only where a suffix tells it.
impl fmt::Display for ResourceQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.canonical())
    }
}

impl ResourceQuantity {
    /// Whether the canonical form is short enough to be read back.
    pub(super) fn is_readable(&self) -> bool {
        // 39 digits at most, a sign, and `e-9`.
        self.nano.narrow().is_some() || self.canonical().len() <= LONGEST
    }

    fn canonical(&self) -> String {
        if self.nano.is_zero() {
            return "0".to_owned();
        }
        match (self.format, self.whole()) {
            (Format::BinarySI, Some(whole)) if !is_below_1024(&whole) => binary(whole),
            (Format::BinarySI | Format::DecimalSI, _) => {
                let largest = DECIMAL.last().map_or(0, |(_, exponent)| *exponent);
                let (number, exponent) = decimal(&self.nano, largest);
                let suffix = DECIMAL.iter().find(|(_, power)| *power == exponent).map_or("", |(name, _)| name);
                format!("{number}{suffix}")
            }
            (Format::DecimalExponent, _) => match decimal(&self.nano, LARGEST_EXPONENT) {
                (number, 0) => number.to_string(),
                (number, exponent) => format!("{number}e{exponent}"),
            },
        }
    }

    /// The value, if it is whole.
    fn whole(&self) -> Option<Integer> {
        divided(&self.nano, 1_000_000_000)
    }
}

/// In the largest power of a thousand that divides it, up to `largest`.
fn decimal(nano: &Integer, largest: i32) -> (Integer, i32) {
    let (mut number, mut exponent) = (nano.clone(), NANO);
    while exponent < largest
        && let Some(shorter) = divided(&number, 1000)
    {
        (number, exponent) = (shorter, exponent.saturating_add(3));
    }
    (number, exponent)
}

fn binary(whole: Integer) -> String {
    let (mut number, mut suffix) = (whole, "");
    for (name, _) in BINARY {
        let Some(shorter) = divided(&number, 1024) else { break };
        (number, suffix) = (shorter, name);
    }
    format!("{number}{suffix}")
}

/// The quotient, if nothing remains.
fn divided(number: &Integer, divisor: i64) -> Option<Integer> {
    number.divide_exactly(&Integer::from(divisor)).ok().flatten()
}

fn is_below_1024(whole: &Integer) -> bool {
    whole.narrow().is_some_and(|whole| whole.unsigned_abs() < 1024)
}
