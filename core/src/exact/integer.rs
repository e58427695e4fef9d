use super::{POWERS_OF_TEN, Whole};
use crate::error::MoneyError;
use num_bigint::{BigInt, Sign};
use std::{cmp::Ordering, fmt};

/// A checked integer: an `i128` for the usual figures, a wide integer behind it.
///
/// Invariant: `Wide` holds only what does not fit in an `i128`, so equal values are equal variants;
/// and at most [`WIDEST`] bits, so no input can make a sum grow without bound.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Integer {
    Narrow(i128),
    Wide(Box<BigInt>),
}

/// The width of the wide path in bits.
///
/// A 28-digit price times a 28-digit quantity times ten thousand years of microseconds needs 255
/// bits over a denominator of 10^56 × 2^60 × a month, some 300; added up over a common denominator
/// that is under 600. What needs more than this is `money.overflow`.
const WIDEST: u64 = 2048;

impl Integer {
    pub(crate) const ZERO: Self = Self::Narrow(0);
    pub(crate) const ONE: Self = Self::Narrow(1);

    /// 10^exponent.
    pub(crate) fn power_of_ten(exponent: u32) -> Result<Self, MoneyError> {
        let narrow = usize::try_from(exponent).ok().and_then(|index| POWERS_OF_TEN.get(index));
        match narrow {
            Some(power) => Ok(Self::Narrow(*power)),
            None if exponent > 600 => Err(overflow("a power of ten")),
            None => Self::settle(BigInt::from(10).pow(exponent), "a power of ten"),
        }
    }

    pub(crate) fn is_zero(&self) -> bool {
        matches!(self, Self::Narrow(0))
    }

    pub(crate) fn is_one(&self) -> bool {
        matches!(self, Self::Narrow(1))
    }

    pub(crate) fn is_negative(&self) -> bool {
        match self {
            Self::Narrow(value) => *value < 0,
            Self::Wide(value) => value.sign() == Sign::Minus,
        }
    }

    /// The value, if it fits.
    pub(crate) fn narrow(&self) -> Option<i128> {
        match self {
            Self::Narrow(value) => Some(*value),
            Self::Wide(_) => None,
        }
    }

    #[inline]
    pub(crate) fn plus(&self, other: &Self) -> Result<Self, MoneyError> {
        if let (Self::Narrow(a), Self::Narrow(b)) = (self, other)
            && let Some(sum) = a.checked_add(*b)
        {
            return Ok(Self::Narrow(sum));
        }
        Self::settle(self.widened().checked_add(&other.widened()), "a sum")
    }

    /// Adds to a running sum, in place.
    #[inline]
    pub(crate) fn add(&mut self, term: &Self) -> Result<(), MoneyError> {
        if let (Self::Narrow(sum), Self::Narrow(term)) = (&mut *self, term)
            && let Some(both) = sum.checked_add(*term)
        {
            *sum = both;
            return Ok(());
        }
        *self = self.plus(term)?;
        Ok(())
    }

    #[inline]
    pub(crate) fn minus(&self, other: &Self) -> Result<Self, MoneyError> {
        if let (Self::Narrow(a), Self::Narrow(b)) = (self, other)
            && let Some(difference) = a.checked_sub(*b)
        {
            return Ok(Self::Narrow(difference));
        }
        Self::settle(self.widened().checked_sub(&other.widened()), "a difference")
    }

    #[inline]
    pub(crate) fn times(&self, other: &Self) -> Result<Self, MoneyError> {
        if let (Self::Narrow(a), Self::Narrow(b)) = (self, other)
            && let Some(product) = Whole::times(a, b)
        {
            return Ok(Self::Narrow(product));
        }
        Self::settle(self.widened().checked_mul(&other.widened()), "a product")
    }

    pub(crate) fn negated(&self) -> Result<Self, MoneyError> {
        Self::ZERO.minus(self)
    }

    /// Quotient towards zero, and the remainder with the sign of `self`.
    pub(crate) fn divide(&self, divisor: &Self) -> Result<(Self, Self), MoneyError> {
        if divisor.is_zero() {
            return Err(MoneyError::DivisionByZero {});
        }
        if let (Self::Narrow(a), Self::Narrow(b)) = (self, divisor)
            && let Some((quotient, remainder)) = a.divide(b)
        {
            return Ok((Self::Narrow(quotient), Self::Narrow(remainder)));
        }
        let (a, b) = (self.widened(), divisor.widened());
        let quotient = a.checked_div(&b);
        let remainder = quotient.as_ref().and_then(|q| q.checked_mul(&b)).and_then(|whole| a.checked_sub(&whole));
        Ok((Self::settle(quotient, "a quotient")?, Self::settle(remainder, "a remainder")?))
    }

    /// The exact quotient, or none when something would remain.
    pub(crate) fn divide_exactly(&self, divisor: &Self) -> Result<Option<Self>, MoneyError> {
        let (quotient, remainder) = self.divide(divisor)?;
        Ok(remainder.is_zero().then_some(quotient))
    }

    /// The greatest common divisor, above zero unless both are zero.
    pub(crate) fn greatest_common_divisor(&self, other: &Self) -> Result<Self, MoneyError> {
        let (mut a, mut b) = (self.absolute()?, other.absolute()?);
        while !b.is_zero() {
            let (_, remainder) = a.divide(&b)?;
            (a, b) = (b, remainder);
        }
        Ok(a)
    }

    /// The least common multiple of two that are above zero.
    pub(crate) fn least_common_multiple(&self, other: &Self) -> Result<Self, MoneyError> {
        if self == other || other.is_one() {
            return Ok(self.clone());
        }
        if self.is_one() {
            return Ok(other.clone());
        }
        let (part, _) = self.divide(&self.greatest_common_divisor(other)?)?;
        part.times(other)
    }

    pub(crate) fn absolute(&self) -> Result<Self, MoneyError> {
        if self.is_negative() { self.negated() } else { Ok(self.clone()) }
    }

    pub(super) fn is_odd(&self) -> bool {
        match self {
            Self::Narrow(value) => value & 1 == 1,
            Self::Wide(value) => value.bit(0),
        }
    }

    fn widened(&self) -> BigInt {
        match self {
            Self::Narrow(value) => BigInt::from(*value),
            Self::Wide(value) => BigInt::clone(value),
        }
    }

    /// Back to the narrowest form, within the width of the wide path.
    fn settle(value: impl Into<Option<BigInt>>, operation: &'static str) -> Result<Self, MoneyError> {
        let value = value.into().ok_or_else(|| overflow(operation))?;
        match i128::try_from(&value) {
            Ok(narrow) => Ok(Self::Narrow(narrow)),
            Err(_) if value.bits() <= WIDEST => Ok(Self::Wide(Box::new(value))),
            Err(_) => Err(overflow(operation)),
        }
    }

    /// Reads decimal digits with an optional sign.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = !digits.is_empty() && digits.len() <= 620 && digits.bytes().all(|b| b.is_ascii_digit());
        if !plain {
            return None;
        }
        match text.parse::<i128>() {
            Ok(narrow) => Some(Self::Narrow(narrow)),
            Err(_) => Self::settle(text.parse::<BigInt>().ok(), "a number").ok(),
        }
    }
}

fn overflow(operation: &'static str) -> MoneyError {
    MoneyError::Overflow { operation }
}

impl From<i128> for Integer {
    fn from(value: i128) -> Self {
        Self::Narrow(value)
    }
}

impl From<i64> for Integer {
    fn from(value: i64) -> Self {
        Self::Narrow(value.into())
    }
}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Narrow(a), Self::Narrow(b)) => a.cmp(b),
            _ => self.widened().cmp(&other.widened()),
        }
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Narrow(value) => value.fmt(f),
            Self::Wide(value) => value.fmt(f),
        }
    }
}
