use super::Unit;
use crate::{
    error::UnitsError,
    exact::{Exact, decimal},
};
use rust_decimal::Decimal;
use std::fmt;

/// An exact amount of a unit, zero or more.
///
/// # Rule
/// R-U2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quantity {
    amount: Decimal,
    unit: Unit,
}

impl Quantity {
    /// So many of a unit.
    ///
    /// # Errors
    /// `units.negative`.
    pub fn new(amount: Decimal, unit: Unit) -> Result<Self, UnitsError> {
        if amount.is_sign_negative() && !amount.is_zero() {
            return Err(UnitsError::Negative { amount });
        }
        Ok(Self { amount, unit })
    }

    /// So many whole ones of a unit.
    pub fn whole(amount: u64, unit: Unit) -> Self {
        Self { amount: Decimal::from(amount), unit }
    }

    /// An amount written as [`decimal::parse`] reads it.
    ///
    /// # Errors
    /// As [`decimal::parse`], and `units.negative`.
    pub fn parse(text: &str, unit: Unit) -> Result<Self, UnitsError> {
        Self::new(decimal::parse(text)?, unit)
    }

    /// How many.
    pub const fn amount(self) -> Decimal {
        self.amount
    }

    /// Of what.
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// The same in another unit of the family.
    ///
    /// # Errors
    /// `units.incompatible`; `units.inexact` where the result is no decimal of 28 digits.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::units::{Quantity, Unit};
    ///
    /// assert_eq!(Quantity::whole(8, Unit::GiB).to(Unit::MiB)?.amount().to_string(), "8192");
    /// assert_eq!(Quantity::whole(460, Unit::MilliCard).to(Unit::Card)?.amount().to_string(), "0.46");
    /// assert_eq!(Quantity::whole(1, Unit::Byte).to(Unit::PiB).unwrap_err().code(), "units.inexact");
    /// # Ok::<(), counterfoil::error::UnitsError>(())
    /// ```
    ///
    /// # Rule
    /// R-U2
    pub fn to(self, unit: Unit) -> Result<Self, UnitsError> {
        let inexact = || UnitsError::Inexact { amount: self.amount, from: self.unit.name(), to: unit.name() };
        let amount = self.exact_in(unit)?.to_decimal().ok_or_else(inexact)?;
        Ok(Self { amount, unit })
    }

    /// The exact number of another unit of the family, which need not be a decimal.
    ///
    /// # Errors
    /// `units.incompatible`.
    #[inline]
    pub fn exact_in(self, unit: Unit) -> Result<Exact, UnitsError> {
        if unit == self.unit {
            return Ok(Exact::from(self.amount));
        }
        let (numerator, denominator) = self.unit.per(unit)?;
        let factor = Exact::ratio(numerator, denominator)?;
        Ok(Exact::from(self.amount).times(&factor)?)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.unit)
    }
}
