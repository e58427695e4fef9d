use super::{Integer, POWERS_OF_TEN, RoundingMode, Whole, any_width, decimal};
use crate::error::{MoneyError, excerpt};
use rust_decimal::Decimal;
use std::{cmp::Ordering, fmt, str::FromStr};

/// An exact number: an integer over an integer above zero. It never rounds by itself.
///
/// The usual figures stay in two `i128`; larger ones move to a wide path of 2,048 bits, and what
/// does not fit there is `money.overflow`. Equal numbers are equal whatever they were made of.
///
/// Text is a plain decimal where the number has one (`2.055`), else a fraction in lowest terms
/// (`20/31`); both are read back.
///
/// # Rule
/// R-M1
#[derive(Clone)]
pub struct Exact {
    numerator: Integer,
    denominator: Integer,
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self { numerator: Integer::ZERO, denominator: Integer::ONE };

    /// One.
    pub const ONE: Self = Self { numerator: Integer::ONE, denominator: Integer::ONE };

    /// `numerator ÷ denominator`.
    ///
    /// # Errors
    /// `money.division_by_zero`.
    pub fn ratio(numerator: i64, denominator: i64) -> Result<Self, MoneyError> {
        Self::over(Integer::from(numerator), Integer::from(denominator))
    }

    /// `numerator ÷ denominator` of any size.
    pub(crate) fn over(numerator: Integer, denominator: Integer) -> Result<Self, MoneyError> {
        if denominator.is_zero() {
            return Err(MoneyError::DivisionByZero {});
        }
        if denominator.is_negative() {
            return Ok(Self { numerator: numerator.negated()?, denominator: denominator.negated()? });
        }
        Ok(Self { numerator, denominator })
    }

    /// `numerator ÷ denominator`, which the caller knows to be above zero.
    #[inline]
    pub(crate) fn above_zero<W: Whole>(numerator: W, denominator: W) -> Self {
        Self { numerator: numerator.into_integer(), denominator: denominator.into_integer() }
    }

    pub(crate) fn numerator(&self) -> &Integer {
        &self.numerator
    }

    pub(crate) fn denominator(&self) -> &Integer {
        &self.denominator
    }

    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        self.numerator.is_zero()
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.numerator.is_negative()
    }

    /// `self + other`.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn plus(&self, other: &Self) -> Result<Self, MoneyError> {
        any_width!("a sum", W => self.plus_at_width::<W>(other))
    }

    #[inline]
    fn plus_at_width<W: Whole>(&self, other: &Self) -> Option<Self> {
        let ((a, over_a), (b, over_b)) = (self.parts::<W>()?, other.parts::<W>()?);
        Some(if over_a == over_b {
            Self::above_zero(a.plus(&b)?, over_a)
        } else if a == W::ZERO {
            other.clone()
        } else if b == W::ZERO {
            self.clone()
        } else {
            let common = over_a.least_common_multiple(&over_b)?;
            let sum = a.times(&common.divided_by(&over_a)?)?.plus_product(&b, &common.divided_by(&over_b)?)?;
            Self::above_zero(sum, common)
        })
    }

    /// Adds to a running sum, in place where both are over one denominator, as lines of a tariff are.
    #[inline]
    pub(crate) fn add(&mut self, term: &Self) -> Result<(), MoneyError> {
        if self.denominator == term.denominator {
            return self.numerator.add(&term.numerator);
        }
        *self = if self.is_zero() { term.clone() } else { self.plus(term)? };
        Ok(())
    }

    /// `self − other`.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn minus(&self, other: &Self) -> Result<Self, MoneyError> {
        self.plus(&other.negated()?)
    }

    /// `self × other`.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn times(&self, other: &Self) -> Result<Self, MoneyError> {
        any_width!("a product", W => self.times_at_width::<W>(other))
    }

    #[inline]
    fn times_at_width<W: Whole>(&self, other: &Self) -> Option<Self> {
        let ((a, over_a), (b, over_b)) = (self.parts::<W>()?, other.parts::<W>()?);
        Some(Self::above_zero(a.times(&b)?, over_a.times(&over_b)?))
    }

    /// `self ÷ other`.
    ///
    /// # Errors
    /// `money.division_by_zero`, `money.overflow`.
    pub fn divided_by(&self, other: &Self) -> Result<Self, MoneyError> {
        let numerator = self.numerator.times(&other.denominator)?;
        let denominator = self.denominator.times(&other.numerator)?;
        Self::over(numerator, denominator)
    }

    /// `−self`.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn negated(&self) -> Result<Self, MoneyError> {
        Ok(Self { numerator: self.numerator.negated()?, denominator: self.denominator.clone() })
    }

    /// The sum of many.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn sum<'a>(terms: impl IntoIterator<Item = &'a Self>) -> Result<Self, MoneyError> {
        let mut sum = Self::ZERO;
        terms.into_iter().try_for_each(|term| sum.add(term))?;
        Ok(sum)
    }

    /// The same number in lowest terms.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn reduced(&self) -> Result<Self, MoneyError> {
        let divisor = self.numerator.greatest_common_divisor(&self.denominator)?;
        let (numerator, _) = self.numerator.divide(&divisor)?;
        let (denominator, _) = self.denominator.divide(&divisor)?;
        Ok(Self { numerator, denominator })
    }

    /// Rounds to a multiple of `step`, which prints with the digits of the step.
    ///
    /// This is the only place of the library where a digit can be lost.
    ///
    /// # Rounding
    /// As `mode` says, once, from the exact value.
    ///
    /// # Errors
    /// `money.bad_step` unless the step is above zero, `money.overflow` where the result has more
    /// than 28 digits.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::exact::{decimal, Exact, RoundingMode};
    ///
    /// let exact: Exact = "48.875".parse()?;
    /// assert_eq!(exact.round_to(decimal::parse("0.01")?, RoundingMode::HalfEven)?.to_string(), "48.88");
    /// assert_eq!(exact.round_to(decimal::parse("0.05")?, RoundingMode::Down)?.to_string(), "48.85");
    /// assert_eq!(exact.round_to(decimal::parse("1")?, RoundingMode::Up)?.to_string(), "49");
    /// # Ok::<(), counterfoil::error::MoneyError>(())
    /// ```
    ///
    /// # Rule
    /// R-M2
    pub fn round_to(&self, step: Decimal, mode: RoundingMode) -> Result<Decimal, MoneyError> {
        let (unit, scale) = (step.mantissa(), step.scale());
        if unit <= 0 {
            return Err(MoneyError::BadStep { step });
        }
        let mantissa = any_width!("a rounded amount", W => {
            self.parts::<W>().and_then(|(numerator, denominator)| {
                Rounder::<W>::new(unit, scale, mode, &denominator)?.round(&numerator)
            })
        })?;
        decimal::from_parts(mantissa, scale).ok_or(MoneyError::Overflow { operation: "a rounded amount" })
    }

    /// Rounds to so many digits after the point.
    ///
    /// # Errors
    /// `money.overflow` where the result has more than 28 digits.
    ///
    /// # Rule
    /// R-M2
    pub fn round_digits(&self, digits: u32, mode: RoundingMode) -> Result<Decimal, MoneyError> {
        let step = decimal::from_parts(1, digits).ok_or(MoneyError::Overflow { operation: "a rounding step" })?;
        self.round_to(step, mode)
    }

    /// The number as a decimal, if it has one of at most 28 digits.
    pub fn to_decimal(&self) -> Option<Decimal> {
        let reduced = self.reduced().ok()?;
        let scale = reduced.terminating_digits()?;
        let numerator = reduced.numerator.times(&Integer::power_of_ten(scale).ok()?).ok()?;
        let mantissa = numerator.divide_exactly(&reduced.denominator).ok()??;
        decimal::fitted(&mantissa, scale)
    }

    /// How many digits after the point a number in lowest terms has, if they end.
    fn terminating_digits(&self) -> Option<u32> {
        let (mut rest, mut digits) = (self.denominator.clone(), 0_u32);
        // Each digit takes one 2 and one 5 out of the denominator, as far as there are any.
        while !rest.is_one() {
            let without = |n: &Integer, prime: i128| n.divide_exactly(&Integer::Narrow(prime)).ok().flatten();
            rest = match (without(&rest, 10), without(&rest, 5), without(&rest, 2)) {
                (Some(rest), _, _) | (None, Some(rest), _) | (None, None, Some(rest)) => rest,
                (None, None, None) => return None,
            };
            digits = digits.checked_add(1)?;
        }
        Some(digits)
    }

    /// Both at a width; none if they do not fit.
    #[inline]
    fn parts<W: Whole>(&self) -> Option<(W, W)> {
        Some((W::of(&self.numerator)?, W::of(&self.denominator)?))
    }
}

/// Rounds fractions over one denominator to multiples of one step: the routine behind
/// [`Exact::round_to`], which a column of amounts calls with nothing but their numerators.
#[derive(Debug, Clone)]
pub(crate) struct Rounder<W> {
    /// The mantissa of the step.
    unit: W,
    /// 10 to the digits of the step.
    power: W,
    /// What of a numerator times `power` makes one step.
    divisor: W,
    mode: RoundingMode,
}

impl<W: Whole> Rounder<W> {
    /// To multiples of `unit × 10^−scale`; all above zero. None where something does not fit.
    #[inline]
    pub(crate) fn new(unit: i128, scale: u32, mode: RoundingMode, denominator: &W) -> Option<Self> {
        let unit = W::of_narrow(unit)?;
        Some(Self { divisor: denominator.times(&unit)?, unit, power: W::power_of_ten(scale)?, mode })
    }

    /// The mantissa of the multiple that a numerator is rounded to; none where it does not fit.
    #[inline]
    pub(crate) fn round(&self, numerator: &W) -> Option<i128> {
        let steps = self.mode.quotient(&numerator.times(&self.power)?, &self.divisor)?;
        steps.times(&self.unit)?.into_narrow()
    }
}

impl From<Decimal> for Exact {
    #[inline]
    fn from(value: Decimal) -> Self {
        let power = usize::try_from(value.scale()).ok().and_then(|scale| POWERS_OF_TEN.get(scale));
        let denominator = power.map_or(Integer::ONE, |power| Integer::Narrow(*power)); // there are 28 at most
        Self { numerator: Integer::from(value.mantissa()), denominator }
    }
}

impl From<i64> for Exact {
    fn from(value: i64) -> Self {
        Self { numerator: Integer::from(value), denominator: Integer::ONE }
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        // What does not fit in narrow numbers, does in wide ones: a comparison can not fail.
        any_width!("a comparison", W => compare_fractions::<W>(self.parts(), other.parts())).unwrap_or(Ordering::Equal)
    }
}

/// Compares two fractions with denominators above zero, by their continued fractions: whole parts
/// first, then what remains, like Euclid, and so without any product that could be too wide.
///
/// No number is larger than the one that it comes from, so what fits, stays.
fn compare_fractions<W: Whole>(left: Option<(W, W)>, right: Option<(W, W)>) -> Option<Ordering> {
    let (mut left, mut right) = (left?, right?);
    let floor = |(numerator, denominator): &(W, W)| {
        let (whole, rest) = numerator.divide(denominator)?;
        if rest < W::ZERO {
            return Some((whole.minus(&W::ONE)?, rest.plus(denominator)?));
        }
        Some((whole, rest))
    };
    let mut swapped = false;
    loop {
        let ((left_whole, left_rest), (right_whole, right_rest)) = (floor(&left)?, floor(&right)?);
        let order = left_whole.cmp(&right_whole).then_with(|| (left_rest != W::ZERO).cmp(&(right_rest != W::ZERO)));
        if order.is_ne() || left_rest == W::ZERO {
            return Some(if swapped { order.reverse() } else { order });
        }
        (left, right) = ((left.1, left_rest), (right.1, right_rest));
        swapped = !swapped;
    }
}

impl std::hash::Hash for Exact {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        let reduced = self.reduced().unwrap_or_else(|_| self.clone());
        reduced.numerator.hash(state);
        reduced.denominator.hash(state);
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(decimal) = self.to_decimal() {
            return fmt::Display::fmt(&decimal.normalize(), f);
        }
        let reduced = self.reduced().map_err(|_| fmt::Error)?;
        if reduced.denominator.is_one() {
            write!(f, "{}", reduced.numerator)
        } else {
            write!(f, "{}/{}", reduced.numerator, reduced.denominator)
        }
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exact({self})")
    }
}

impl FromStr for Exact {
    type Err = MoneyError;

    /// Reads what `Display` writes: a decimal as [`decimal::parse`] does, or `numerator/denominator`.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        if let Some((numerator, denominator)) = text.split_once('/') {
            let fault =
                || MoneyError::NotADecimal { text: excerpt(text), fault: "it is not a fraction of two whole numbers" };
            let numerator = Integer::parse(numerator).ok_or_else(fault)?;
            let denominator = Integer::parse(denominator).ok_or_else(fault)?;
            return Self::over(numerator, denominator);
        }
        match decimal::parse(text) {
            Ok(decimal) => Ok(Self::from(decimal)),
            // A whole number too large for the door is written without a fraction bar.
            Err(error) => {
                Integer::parse(text).map(|numerator| Self { numerator, denominator: Integer::ONE }).ok_or(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        text.parse().expect(text)
    }

    #[test]
    fn a_third_three_times_is_one() {
        assert_eq!(exact("1/3").times(&exact("3")).unwrap(), Exact::ONE);
    }

    #[test]
    fn text_round_trips() {
        for text in [
            "0",
            "2.055",
            "-2.055",
            "20/31",
            "-20/31",
            "123456789012345678901234567890123456789012345678901234567891/7",
        ] {
            assert_eq!(exact(text).to_string(), text);
        }
        assert_eq!(exact("6/4").to_string(), "1.5");
        assert_eq!(exact("4/-8").to_string(), "-0.5");
        assert_eq!("1/0".parse::<Exact>().unwrap_err().code(), "money.division_by_zero");
        assert_eq!("1/x".parse::<Exact>().unwrap_err().code(), "money.not_a_decimal");
    }

    #[test]
    fn ties_go_where_the_mode_says() {
        let rounded = |text: &str| RoundingMode::ALL.map(|mode| exact(text).round_digits(0, mode).unwrap().to_string());
        assert_eq!(rounded("2.5"), ["2", "3", "2", "3", "2", "3", "2"]);
        assert_eq!(rounded("3.5"), ["4", "4", "3", "4", "3", "4", "3"]);
        assert_eq!(rounded("2.51"), ["3", "3", "3", "3", "2", "3", "2"]);
        assert_eq!(rounded("-2.5"), ["-2", "-3", "-2", "-3", "-2", "-2", "-3"]);
        assert_eq!(rounded("-0.4"), ["0", "0", "0", "-1", "0", "0", "-1"]);
    }

    #[test]
    fn order_is_by_value() {
        let ascending = [
            "-5/2",
            "-7/3",
            "-1/1000000",
            "0",
            "1/3",
            "333/999",
            "0.34",
            "2",
            "1000000000000000000000000000000000000000000/3",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                let wanted = if exact(a) == exact(b) { Ordering::Equal } else { i.cmp(&j) };
                assert_eq!(exact(a).cmp(&exact(b)), wanted, "{a} and {b}");
            }
        }
    }
}
