use super::{Factors, Integer, POWERS_OF_TEN, Row, Sums};
use smallvec::Array;
use std::borrow::Cow;

/// Whole numbers of one width, and what a kernel does with them: every result is checked.
///
/// A kernel is written once, over any width. [`any_width`] runs it in 64 bits, where products and
/// divisions are single instructions and the usual figures fit; then in 128; then in [`Integer`]s.
pub(crate) trait Whole: Clone + Ord + From<i64> {
    const ZERO: Self;
    const ONE: Self;

    /// The same number; none if it does not fit.
    fn of(integer: &Integer) -> Option<Self>;
    /// The same number; none if it does not fit.
    fn of_narrow(value: i128) -> Option<Self>;
    fn into_integer(self) -> Integer;
    /// The same number; none if it does not fit.
    fn into_narrow(self) -> Option<i128>;

    fn plus(&self, other: &Self) -> Option<Self>;
    fn minus(&self, other: &Self) -> Option<Self>;
    fn times(&self, other: &Self) -> Option<Self>;
    /// The quotient towards zero, and the remainder with the sign of `self`.
    fn divide(&self, divisor: &Self) -> Option<(Self, Self)>;
    fn is_odd(&self) -> bool;

    #[inline]
    fn plus_product(&self, a: &Self, b: &Self) -> Option<Self> {
        self.plus(&a.times(b)?)
    }

    /// The quotient towards zero.
    #[inline]
    fn divided_by(&self, divisor: &Self) -> Option<Self> {
        self.divide(divisor).map(|(quotient, _)| quotient)
    }

    /// 10^exponent.
    #[inline]
    fn power_of_ten(exponent: u32) -> Option<Self> {
        match POWERS_OF_TEN.get(usize::try_from(exponent).ok()?) {
            Some(power) => Self::of_narrow(*power),
            None => Self::of(&Integer::power_of_ten(exponent).ok()?),
        }
    }

    /// The greatest common divisor of two that are above zero.
    fn greatest_common_divisor(&self, other: &Self) -> Option<Self> {
        let (mut a, mut b) = (self.clone(), other.clone());
        while b != Self::ZERO {
            let (_, remainder) = a.divide(&b)?;
            (a, b) = (b, remainder);
        }
        Some(a)
    }

    /// The least common multiple of two that are above zero.
    fn least_common_multiple(&self, other: &Self) -> Option<Self> {
        if self == other || *other == Self::ONE {
            return Some(self.clone());
        }
        if *self == Self::ONE {
            return Some(other.clone());
        }
        self.divided_by(&self.greatest_common_divisor(other)?)?.times(other)
    }
}

/// A width that sums of quantity × time are kept in.
pub(crate) trait Number: Whole {
    /// What quantities are at this width.
    type Factor: Clone;
    /// As many sums as are kept without memory of their own.
    type Few: Array<Item = Self>;

    fn view_factors(factors: &Factors) -> Option<Cow<'_, [Self::Factor]>>;
    fn into_sums(row: Row<Self>) -> Sums;

    /// `factor × micros`: a term of every sum of quantity × time.
    fn timed(factor: &Self::Factor, micros: i64) -> Option<Self>;
}

impl Whole for i64 {
    const ZERO: Self = 0;
    const ONE: Self = 1;

    #[inline]
    fn of(integer: &Integer) -> Option<Self> {
        Self::of_narrow(integer.narrow()?)
    }

    #[inline]
    fn of_narrow(value: i128) -> Option<Self> {
        Self::try_from(value).ok()
    }

    #[inline]
    fn into_integer(self) -> Integer {
        Integer::Narrow(self.into())
    }

    #[inline]
    fn into_narrow(self) -> Option<i128> {
        Some(self.into())
    }

    #[inline]
    fn plus(&self, other: &Self) -> Option<Self> {
        self.checked_add(*other)
    }

    #[inline]
    fn minus(&self, other: &Self) -> Option<Self> {
        self.checked_sub(*other)
    }

    #[inline]
    fn times(&self, other: &Self) -> Option<Self> {
        self.checked_mul(*other)
    }

    #[inline]
    fn divide(&self, divisor: &Self) -> Option<(Self, Self)> {
        Some((self.checked_div(*divisor)?, self.checked_rem(*divisor)?)) // one instruction gives both
    }

    #[inline]
    fn is_odd(&self) -> bool {
        self & 1 == 1
    }
}

impl Whole for i128 {
    const ZERO: Self = 0;
    const ONE: Self = 1;

    #[inline]
    fn of(integer: &Integer) -> Option<Self> {
        integer.narrow()
    }

    #[inline]
    fn of_narrow(value: i128) -> Option<Self> {
        Some(value)
    }

    #[inline]
    fn into_integer(self) -> Integer {
        Integer::Narrow(self)
    }

    #[inline]
    fn into_narrow(self) -> Option<i128> {
        Some(self)
    }

    #[inline]
    fn plus(&self, other: &Self) -> Option<Self> {
        self.checked_add(*other)
    }

    #[inline]
    fn minus(&self, other: &Self) -> Option<Self> {
        self.checked_sub(*other)
    }

    /// By one hardware multiplication where both fit in 64 bits, as the usual figures do.
    #[inline]
    fn times(&self, other: &Self) -> Option<Self> {
        match (i64::try_from(*self), i64::try_from(*other)) {
            // |a × b| ≤ 2^126: it always fits.
            (Ok(a), Ok(b)) => Some(i128::from(a).wrapping_mul(i128::from(b))),
            _ => self.checked_mul(*other),
        }
    }

    /// By one hardware division where both fit in 64 bits.
    #[inline]
    fn divide(&self, divisor: &Self) -> Option<(Self, Self)> {
        if let (Ok(a), Ok(b)) = (i64::try_from(*self), i64::try_from(*divisor))
            && let Some((quotient, remainder)) = a.divide(&b)
        {
            return Some((quotient.into(), remainder.into()));
        }
        let quotient = self.checked_div(*divisor)?;
        // |quotient × divisor| ≤ |self|: it always fits, and costs less than a second division.
        Some((quotient, self.wrapping_sub(quotient.wrapping_mul(*divisor))))
    }

    #[inline]
    fn is_odd(&self) -> bool {
        self & 1 == 1
    }
}

impl Number for i64 {
    type Factor = Self;
    type Few = [Self; 6];

    #[inline]
    fn view_factors(factors: &Factors) -> Option<Cow<'_, [Self]>> {
        match factors {
            Factors::Narrow(row) => Some(Cow::Borrowed(row)),
            Factors::Wide(_) => None,
        }
    }

    #[inline]
    fn into_sums(row: Row<Self>) -> Sums {
        Sums::Short(row)
    }

    #[inline]
    fn timed(factor: &Self, micros: i64) -> Option<Self> {
        factor.checked_mul(micros)
    }
}

impl Number for i128 {
    type Factor = i64;
    type Few = [Self; 3];

    #[inline]
    fn view_factors(factors: &Factors) -> Option<Cow<'_, [i64]>> {
        i64::view_factors(factors)
    }

    #[inline]
    fn into_sums(row: Row<Self>) -> Sums {
        Sums::Narrow(row)
    }

    #[inline]
    fn timed(factor: &i64, micros: i64) -> Option<Self> {
        // |factor × micros| ≤ 2^126: it always fits.
        Some(i128::from(*factor).wrapping_mul(i128::from(micros)))
    }
}

impl Whole for Integer {
    const ZERO: Self = Self::Narrow(0);
    const ONE: Self = Self::Narrow(1);

    fn of(integer: &Integer) -> Option<Self> {
        Some(integer.clone())
    }

    fn of_narrow(value: i128) -> Option<Self> {
        Some(Self::Narrow(value))
    }

    fn into_integer(self) -> Integer {
        self
    }

    fn into_narrow(self) -> Option<i128> {
        self.narrow()
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        Integer::plus(self, other).ok()
    }

    fn minus(&self, other: &Self) -> Option<Self> {
        Integer::minus(self, other).ok()
    }

    fn times(&self, other: &Self) -> Option<Self> {
        Integer::times(self, other).ok()
    }

    fn divide(&self, divisor: &Self) -> Option<(Self, Self)> {
        Integer::divide(self, divisor).ok()
    }

    fn is_odd(&self) -> bool {
        Integer::is_odd(self)
    }
}

impl Number for Integer {
    type Factor = Integer;
    type Few = [Self; 1];

    fn view_factors(factors: &Factors) -> Option<Cow<'_, [Self]>> {
        Some(factors.widened())
    }

    fn into_sums(row: Row<Self>) -> Sums {
        Sums::new(row.into_vec())
    }

    fn timed(factor: &Self, micros: i64) -> Option<Self> {
        Whole::times(factor, &Self::from(micros))
    }
}

/// Runs a kernel over [`Whole`] numbers in `i64`, in `i128` if something did not fit, and then in [`Integer`]s.
///
/// ```text
/// any_width!("a sum", W => add_up::<W>(terms))
/// ```
macro_rules! any_width {
    ($operation:literal, $number:ident => $kernel:expr) => {
        'fits: {
            {
                type $number = i64;
                if let Some(answer) = $kernel {
                    break 'fits Ok(answer);
                }
            }
            {
                type $number = i128;
                if let Some(answer) = $kernel {
                    break 'fits Ok(answer);
                }
            }
            type $number = $crate::exact::Integer;
            $kernel.ok_or($crate::error::MoneyError::Overflow { operation: $operation })
        }
    };
}
pub(crate) use any_width;
