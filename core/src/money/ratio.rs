use crate::{
    error::MoneyError,
    exact::{Exact, decimal},
};
use rust_decimal::Decimal;
use std::fmt;

/// A share of an amount, from 0 to 1: a discount of 0.9 leaves nine tenths.
///
/// # Examples
/// ```
/// use counterfoil::money::Ratio;
///
/// assert_eq!(Ratio::parse("0.9")?, Ratio::percent("90".parse().unwrap())?);
/// assert_eq!(Ratio::parse("1.01").unwrap_err().code(), "money.ratio_out_of_range");
/// # Ok::<(), counterfoil::error::MoneyError>(())
/// ```
///
/// # Rule
/// R-P6
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ratio(Decimal);

impl Ratio {
    /// All of it.
    pub const ONE: Self = Self(Decimal::ONE);
    /// Nothing of it.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// A ratio.
    ///
    /// # Errors
    /// `money.ratio_out_of_range` below 0 and above 1.
    pub fn new(value: Decimal) -> Result<Self, MoneyError> {
        if value < Decimal::ZERO || value > Decimal::ONE {
            return Err(MoneyError::RatioOutOfRange { ratio: value });
        }
        Ok(Self(value))
    }

    /// A ratio written as [`decimal::parse`] reads it.
    ///
    /// # Errors
    /// As [`decimal::parse`] and [`new`](Self::new).
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        Self::new(decimal::parse(text)?)
    }

    /// So many of a hundred: 66 is 0.66.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn percent(percent: Decimal) -> Result<Self, MoneyError> {
        Self::new(decimal::multiply(percent, PERCENT)?)
    }

    /// So many of a hundred, written in the code; more is all of it.
    pub(crate) const fn of_hundred(percent: u8) -> Self {
        let lo = if percent > 100 { 100 } else { percent };
        Self(Decimal::from_parts(lo as u32, 0, 0, false, 2))
    }

    /// The number.
    pub const fn value(self) -> Decimal {
        self.0
    }

    /// The number, for exact arithmetic.
    pub fn exact(self) -> Exact {
        Exact::from(self.0)
    }
}

/// A hundredth.
const PERCENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
