//! How quantities are read.

use super::{Format, LARGEST_EXPONENT, NANO, ResourceQuantity, exponent_fault, rescaled};
use crate::{
    error::{PlacementError, excerpt},
    exact::{Integer, RoundingMode},
};
use std::str::FromStr;

/// The longest text that is read, in bytes.
pub(super) const LONGEST: usize = 64;

/// Suffixes by 1000, and their powers of ten.
pub(super) const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
/// Suffixes by 1024, and how many bytes they are.
pub(super) const BINARY: [(&str, i64); 6] =
    [("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", 1 << 40), ("Pi", 1 << 50), ("Ei", 1 << 60)];

impl FromStr for ResourceQuantity {
    type Err = PlacementError;

    /// Reads what Kubernetes reads, within 64 bytes and powers of ten from −30 to 30.
    ///
    /// # Errors
    /// In this order: `placement.quantity_too_long`, `placement.not_a_quantity`, `placement.unknown_suffix`,
    /// `placement.quantity_exponent`, `placement.quantity_too_large` for what has no canonical form of 64 bytes.
    fn from_str(text: &str) -> Result<Self, PlacementError> {
        within_limit(text)?;
        let written = Written::split(text)?;
        let suffix = Suffix::parse(text, written.suffix)?;
        let digits = Integer::parse(&format!("0{}{}", written.whole, written.fraction))
            .ok_or_else(|| fault(text, "it is no number"))?;
        let digits = if written.is_negative { digits.negated()? } else { digits };
        let finest = i32::try_from(written.fraction.len()).unwrap_or(i32::MAX).saturating_neg();
        let (number, scale, format) = match suffix {
            Suffix::Binary(size) => (digits.times(&Integer::from(size))?, finest, Format::BinarySI),
            Suffix::Decimal(exponent) => (digits, finest.saturating_add(exponent), Format::DecimalSI),
            Suffix::Exponent(exponent) => (digits, finest.saturating_add(exponent), Format::DecimalExponent),
        };
        let nano = rescaled(&number, scale, NANO, RoundingMode::Up)?;
        let is_part_of_one = !nano.is_zero() && nano.absolute()? < Integer::from(1_000_000_000_i64);
        let format = match format {
            // Less than one has no suffix by 1024, and none is made up for it.
            Format::BinarySI if is_part_of_one => Format::DecimalSI,
            format => format,
        };
        Self::checked(nano, format, || excerpt(text))
    }
}

/// The parts of a text.
struct Written<'t> {
    is_negative: bool,
    whole: &'t str,
    fraction: &'t str,
    suffix: &'t str,
}

impl<'t> Written<'t> {
    fn split(text: &'t str) -> Result<Self, PlacementError> {
        if text.is_empty() {
            return Err(fault(text, "it is empty"));
        }
        let (is_negative, unsigned) = match (text.strip_prefix('-'), text.strip_prefix('+')) {
            (Some(rest), _) => (true, rest),
            (None, rest) => (false, rest.unwrap_or(text)),
        };
        let (whole, rest) = digits(unsigned);
        let (fraction, suffix) = rest.strip_prefix('.').map_or(("", rest), digits);
        // Letters of suffixes, a sign, digits: what is none of them is no suffix at all.
        let rest = suffix.trim_start_matches(['e', 'E', 'i', 'n', 'u', 'm', 'k', 'K', 'M', 'G', 'T', 'P']);
        let rest = rest.strip_prefix(['-', '+']).unwrap_or(rest);
        match digits(rest) {
            (_, "") => Ok(Self { is_negative, whole, fraction, suffix }),
            _ => Err(fault(text, "there is something else than a sign, digits with a point, and a suffix")),
        }
    }
}

/// The digits at the beginning, and the rest.
fn digits(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

enum Suffix {
    Binary(i64),
    Decimal(i32),
    Exponent(i32),
}

impl Suffix {
    fn parse(text: &str, suffix: &str) -> Result<Self, PlacementError> {
        if let Some((_, size)) = BINARY.iter().find(|(name, _)| *name == suffix) {
            return Ok(Self::Binary(*size));
        }
        if let Some((_, exponent)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
            return Ok(Self::Decimal(*exponent));
        }
        let exponent = suffix.strip_prefix(['e', 'E']).filter(|exponent| {
            let unsigned = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit())
        });
        let Some(exponent) = exponent else {
            return Err(PlacementError::UnknownSuffix { text: excerpt(text), suffix: excerpt(suffix) });
        };
        let read =
            exponent.parse().ok().filter(|exponent: &i32| exponent.unsigned_abs() <= LARGEST_EXPONENT.unsigned_abs());
        read.map(Self::Exponent).ok_or_else(|| exponent_fault(exponent))
    }
}

pub(super) fn within_limit(text: &str) -> Result<(), PlacementError> {
    match text.len() <= LONGEST {
        true => Ok(()),
        false => Err(PlacementError::QuantityTooLong { length: text.len(), limit: LONGEST }),
    }
}

pub(super) fn fault(text: &str, fault: &'static str) -> PlacementError {
    PlacementError::NotAQuantity { text: excerpt(text), fault }
}
