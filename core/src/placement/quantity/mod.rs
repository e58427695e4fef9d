//! Quantities as Kubernetes writes them.

mod amount;
mod canonical;
mod display;
mod text;

pub use amount::Amount;

use super::words::words;
use crate::{
    error::{MoneyError, PlacementError},
    exact::{Exact, Integer, RoundingMode},
};
use std::{
    cmp::Ordering,
    hash::{Hash, Hasher},
};

/// The powers of ten that a quantity is read and counted in reach from −30 to 30.
const LARGEST_EXPONENT: i32 = 30;
/// Quantities are whole numbers of 10⁻⁹.
const NANO: i32 = -9;

/// An exact quantity of a resource, as Kubernetes writes it: `500m`, `8192Mi`, `1.5Gi`, `2k`, `1e3`, `0.1`.
///
/// Text is a sign, digits with at most one point, and a suffix: none, `n` `u` `m` `k` `M` `G` `T` `P` `E` (powers of 1000),
/// `Ki` `Mi` `Gi` `Ti` `Pi` `Ei` (powers of 1024), or `e3` `E-3` (powers of ten). As there, digits may be missing on one
/// side of the point or on both (`.5`, `5.`, and `E`, which is 0).
///
/// Equality and order are those of the value: `1000m` equals `1`, whatever their formats.
///
/// # Units
/// Whole numbers of 10⁻⁹ (nano).
///
/// # Rounding
/// What is finer than nano is rounded **away from zero** while it is read, as in Kubernetes: some of a resource never
/// becomes none.
///
/// # Examples
/// ```
/// use counterfoil::placement::{Format, ResourceQuantity};
///
/// let memory: ResourceQuantity = "1024Mi".parse()?;
/// assert_eq!(memory.to_string(), "1Gi");
/// assert_eq!((memory.format(), memory.value()?), (Format::BinarySI, 1_073_741_824));
///
/// let cpu: ResourceQuantity = "3.15".parse()?;
/// assert_eq!((cpu.to_string().as_str(), cpu.milli()?, cpu.value()?), ("3150m", 3150, 4));
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// Exact where Kubernetes caps and wraps: there `9Ei` is 2⁶³ − 1, and −1000 in thousandths.
/// ```
/// use counterfoil::placement::ResourceQuantity;
///
/// let large: ResourceQuantity = "9Ei".parse()?;
/// assert_eq!(large.exact().to_string(), "10376293541461622784");
/// assert_eq!(large.milli().unwrap_err().code(), "placement.quantity_overflow");
/// assert_eq!("1e2147483648".parse::<ResourceQuantity>().unwrap_err().code(), "placement.quantity_exponent");
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A5
#[derive(Debug, Clone)]
pub struct ResourceQuantity {
    /// Invariant: the canonical form is no longer than what is read, so that it is read back.
    nano: Integer,
    format: Format,
}

/// The family of suffixes that a quantity was written in, and is shown in.
///
/// # Rule
/// R-A5
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Powers of 1024: `8192Mi`.
    BinarySI,
    /// Powers of 1000: `500m`, `2k`, and what has no suffix.
    DecimalSI,
    /// Powers of ten in digits: `1e3`.
    DecimalExponent,
}

words!(
    Format, "format of a quantity",
    "BinarySI" => BinarySI,
    "DecimalSI" => DecimalSI,
    "DecimalExponent" => DecimalExponent,
);

impl ResourceQuantity {
    /// So many whole ones.
    pub fn from_int(value: i64, format: Format) -> Self {
        Self::of_nano(i128::from(value), 1_000_000_000, format)
    }

    /// So many thousandths.
    pub fn from_milli(value: i64, format: Format) -> Self {
        Self::of_nano(i128::from(value), 1_000_000, format)
    }

    /// A number of 64 bits or one bit more times a power of ten below 2³⁰, which fits in 128 bits.
    fn of_nano(value: i128, factor: i128, format: Format) -> Self {
        Self { nano: Integer::from(value.saturating_mul(factor)), format }
    }

    /// A value that keeps the invariant, or an error.
    fn checked(nano: Integer, format: Format, text: impl FnOnce() -> String) -> Result<Self, PlacementError> {
        let quantity = Self { nano, format };
        match quantity.is_readable() {
            true => Ok(quantity),
            false => Err(PlacementError::QuantityTooLarge { text: text(), limit: text::LONGEST }),
        }
    }

    /// How it was written, and is shown.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// The exact value.
    pub fn exact(&self) -> Exact {
        Exact::above_zero(self.nano.clone(), Integer::from(1_000_000_000_i64))
    }

    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        self.nano.is_zero()
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.nano.is_negative()
    }

    /// In whole ones.
    ///
    /// # Rounding
    /// Away from zero, as Kubernetes documents its `Value`.
    ///
    /// # Errors
    /// `placement.quantity_overflow` beyond 64 bits.
    pub fn value(&self) -> Result<i64, PlacementError> {
        self.scaled_value(0)
    }

    /// In thousandths.
    ///
    /// # Rounding
    /// Away from zero, as Kubernetes documents its `MilliValue`.
    ///
    /// # Errors
    /// `placement.quantity_overflow` beyond 64 bits.
    pub fn milli(&self) -> Result<i64, PlacementError> {
        self.scaled_value(-3)
    }

    /// In units of 10 to the power of `scale`.
    ///
    /// # Rounding
    /// Away from zero.
    ///
    /// # Errors
    /// As [`in_units`](Self::in_units).
    pub fn scaled_value(&self, scale: i32) -> Result<i64, PlacementError> {
        self.in_units(scale, RoundingMode::Up)
    }

    /// In units of 10 to the power of `scale`: 0 for whole ones, −3 for thousandths.
    ///
    /// What there is, is rounded down, and what is asked for, up: then nothing is sold that is not there.
    ///
    /// # Errors
    /// `placement.quantity_overflow` beyond 64 bits; `placement.quantity_exponent` for a scale beyond ±30.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::{exact::RoundingMode, placement::ResourceQuantity};
    ///
    /// let memory: ResourceQuantity = "15.30Gi".parse()?;
    /// assert_eq!(memory.in_units(0, RoundingMode::Floor)?, 16_428_249_907);
    /// assert_eq!(memory.in_units(0, RoundingMode::Ceiling)?, 16_428_249_908);
    /// # Ok::<(), counterfoil::error::PlacementError>(())
    /// ```
    ///
    /// # Rule
    /// R-A5
    pub fn in_units(&self, scale: i32, mode: RoundingMode) -> Result<i64, PlacementError> {
        let units = rescaled(&self.nano, NANO, checked_scale(scale)?, mode)?;
        let units = units.narrow().and_then(|units| i64::try_from(units).ok());
        units.ok_or_else(|| PlacementError::QuantityOverflow { quantity: self.to_string(), scale: scale.into() })
    }

    /// Rounded away from zero to whole units of 10 to the power of `scale`; it equals itself where nothing was lost.
    ///
    /// # Errors
    /// `placement.quantity_exponent` for a scale beyond ±30; `placement.quantity_too_large`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::placement::ResourceQuantity;
    ///
    /// let cpu: ResourceQuantity = "9.01".parse()?;
    /// assert_eq!(cpu.round_up(-1)?.to_string(), "9100m");
    /// assert_eq!(cpu.round_up(-2)?, cpu);
    /// # Ok::<(), counterfoil::error::PlacementError>(())
    /// ```
    pub fn round_up(&self, scale: i32) -> Result<Self, PlacementError> {
        if checked_scale(scale)? <= NANO {
            return Ok(self.clone());
        }
        let units = rescaled(&self.nano, NANO, scale, RoundingMode::Up)?;
        let nano = rescaled(&units, scale, NANO, RoundingMode::Up)?;
        Self::checked(nano, self.format, || format!("{self} rounded"))
    }

    /// Both together, in the format of the first that is not nothing.
    ///
    /// # Errors
    /// `placement.quantity_too_large`.
    pub fn plus(&self, other: &Self) -> Result<Self, PlacementError> {
        Self::checked(self.nano.plus(&other.nano)?, self.format_with(other), || format!("{self} + {other}"))
    }

    /// The difference, in the format of the first that is not nothing.
    ///
    /// # Errors
    /// `placement.quantity_too_large`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::placement::ResourceQuantity;
    ///
    /// let (gi, g): (ResourceQuantity, ResourceQuantity) = ("1Gi".parse()?, "1G".parse()?);
    /// assert_eq!(gi.minus(&g)?.to_string(), "73741824");
    /// # Ok::<(), counterfoil::error::PlacementError>(())
    /// ```
    pub fn minus(&self, other: &Self) -> Result<Self, PlacementError> {
        Self::checked(self.nano.minus(&other.nano)?, self.format_with(other), || format!("{self} - {other}"))
    }

    /// The same below zero, or above.
    ///
    /// # Errors
    /// `placement.quantity_too_large` where the sign makes it too long to be read back.
    pub fn negated(&self) -> Result<Self, PlacementError> {
        Self::checked(self.nano.negated()?, self.format, || format!("-{self}"))
    }

    fn format_with(&self, other: &Self) -> Format {
        if self.is_zero() { other.format } else { self.format }
    }
}

impl PartialEq for ResourceQuantity {
    fn eq(&self, other: &Self) -> bool {
        self.nano == other.nano
    }
}

impl Eq for ResourceQuantity {}

impl PartialOrd for ResourceQuantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ResourceQuantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nano.cmp(&other.nano)
    }
}

impl Hash for ResourceQuantity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.nano.hash(state);
    }
}

fn checked_scale(scale: i32) -> Result<i32, PlacementError> {
    match scale.unsigned_abs() <= LARGEST_EXPONENT.unsigned_abs() {
        true => Ok(scale),
        false => Err(exponent_fault(&scale.to_string())),
    }
}

fn exponent_fault(exponent: &str) -> PlacementError {
    PlacementError::QuantityExponent { exponent: exponent.to_owned(), limit: LARGEST_EXPONENT.into() }
}

/// So many of 10^`from` in units of 10^`to`.
fn rescaled(number: &Integer, from: i32, to: i32, mode: RoundingMode) -> Result<Integer, MoneyError> {
    let factor = Integer::power_of_ten(from.abs_diff(to))?;
    match from >= to {
        true => number.times(&factor),
        false => mode.divide(number, &factor),
    }
}
