use crate::{
    error::MoneyError,
    exact::{Exact, RoundingMode, decimal},
};
use rust_decimal::Decimal;
use std::fmt;

/// An amount as the usage service stores it: an integer of ten-thousandths.
///
/// # Units
/// 0.0001 of the currency.
///
/// # Examples
/// ```
/// use counterfoil::{exact::decimal, order::Scaled};
///
/// let stored = |text| Ok::<_, counterfoil::error::MoneyError>(Scaled::of(decimal::parse(text)?)?.stored());
/// assert_eq!(stored("0.39")?, 3_900); // a binary float of 32 bits makes 3899 of it
/// assert_eq!(stored("0.57")?, 5_700); // and one of 64 bits 5699 of this
/// assert_eq!(stored("12.3")?, 123_000);
/// assert_eq!(stored("9999.99")?, 99_999_900);
/// assert_eq!(stored("0.00001").unwrap_err().code(), "money.not_a_multiple");
/// assert_eq!(Scaled::from_stored(3_900).amount().to_string(), "0.3900");
/// # Ok::<(), counterfoil::error::MoneyError>(())
/// ```
///
/// # Rule
/// R-O7
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scaled(i64);

/// Digits after the point.
const DIGITS: u32 = 4;

impl Scaled {
    /// The amount, exactly.
    ///
    /// # Rounding
    /// None: an amount with more than four digits after the point is refused.
    ///
    /// # Errors
    /// `money.not_a_multiple` of 0.0001; `money.overflow` for what does not fit in 64 bits.
    pub fn of(amount: Decimal) -> Result<Self, MoneyError> {
        let scaled = decimal::multiply(amount, Decimal::from(10_000_u32))?;
        let whole = Exact::from(scaled).round_digits(0, RoundingMode::Down)?;
        if whole != scaled {
            return Err(MoneyError::NotAMultiple { amount, step: Decimal::new(1, DIGITS) });
        }
        let stored = i64::try_from(whole).map_err(|_| MoneyError::Overflow { operation: "ten-thousandths" })?;
        Ok(Self(stored))
    }

    /// What is stored.
    pub const fn from_stored(stored: i64) -> Self {
        Self(stored)
    }

    /// The integer to store.
    pub const fn stored(self) -> i64 {
        self.0
    }

    /// The amount, with four digits after the point.
    pub fn amount(self) -> Decimal {
        Decimal::new(self.0, DIGITS)
    }
}

impl fmt::Display for Scaled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.amount(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_does_not_fit_is_refused() {
        let code = |text| Scaled::of(decimal::parse(text).unwrap()).map(Scaled::stored).map_err(|error| error.code());
        assert_eq!(code("922337203685477.5807"), Ok(i64::MAX));
        assert_eq!(code("-922337203685477.5808"), Ok(i64::MIN));
        assert_eq!(code("922337203685477.5808"), Err("money.overflow"));
        assert_eq!(code("79228162514264337593543950335"), Err("money.overflow"));
        assert_eq!(code("0.00010"), Ok(1));
        assert_eq!(code("-0.00015"), Err("money.not_a_multiple"));
        assert_eq!(code("0.0000000000000000000000000001"), Err("money.not_a_multiple"));
    }

    proptest! {
        /// R-O7: there and back.
        #[test]
        fn there_and_back(stored: i64) {
            let scaled = Scaled::from_stored(stored);
            prop_assert_eq!(Scaled::of(scaled.amount()).unwrap(), scaled);
        }
    }
}
