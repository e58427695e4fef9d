use super::{Cells, Factors, Integer, Row, Sums};
use std::borrow::Cow;

/// What a kernel computes with: an `i128` first, an [`Integer`] where that does not fit.
///
/// A kernel is written once, over any `Number`; [`narrow_or_wide`] runs it narrow, which is all
/// registers and no branches but the checks, and again wide only if a check failed.
pub(crate) trait Number: Clone + PartialEq + PartialOrd {
    const ZERO: Self;
    const ONE: Self;

    /// What quantities are at this width.
    type Factor: Clone;

    /// The same number; none if it does not fit.
    fn of(integer: &Integer) -> Option<Self>;
    fn from_narrow(value: i128) -> Self;
    fn into_integer(self) -> Integer;
    fn view_factors(factors: &Factors) -> Option<Cow<'_, [Self::Factor]>>;
    fn view_sums(sums: &Sums) -> Option<Cow<'_, [Self]>>;
    fn into_sums(row: Row<Self>) -> Sums;

    /// `self + factor × micros`: the step of every sum of quantity × time.
    fn plus_timed(&self, factor: &Self::Factor, micros: i64) -> Option<Self>;

    fn plus(&self, other: &Self) -> Option<Self>;
    fn minus(&self, other: &Self) -> Option<Self>;
    fn times(&self, other: &Self) -> Option<Self>;
    /// The quotient towards zero.
    fn divided_by(&self, divisor: &Self) -> Option<Self>;
    /// Of two that are above zero.
    fn least_common_multiple(&self, other: &Self) -> Option<Self>;

    #[inline]
    fn plus_product(&self, a: &Self, b: &Self) -> Option<Self> {
        self.plus(&a.times(b)?)
    }
}

impl Number for i128 {
    const ZERO: Self = 0;
    const ONE: Self = 1;

    type Factor = i64;

    #[inline]
    fn of(integer: &Integer) -> Option<Self> {
        integer.narrow()
    }

    #[inline]
    fn from_narrow(value: i128) -> Self {
        value
    }

    #[inline]
    fn into_integer(self) -> Integer {
        Integer::Narrow(self)
    }

    #[inline]
    fn view_factors(factors: &Factors) -> Option<Cow<'_, [i64]>> {
        match factors {
            Cells::Narrow(row) => Some(Cow::Borrowed(row)),
            Cells::Wide(_) => None,
        }
    }

    #[inline]
    fn view_sums(sums: &Sums) -> Option<Cow<'_, [Self]>> {
        match sums {
            Cells::Narrow(row) => Some(Cow::Borrowed(row)),
            Cells::Wide(_) => None,
        }
    }

    #[inline]
    fn into_sums(row: Row<Self>) -> Sums {
        Cells::Narrow(row)
    }

    #[inline]
    fn plus_timed(&self, factor: &i64, micros: i64) -> Option<Self> {
        // |factor × micros| ≤ 2^126: it always fits.
        self.checked_add(i128::from(*factor).wrapping_mul(i128::from(micros)))
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

    #[inline]
    fn divided_by(&self, divisor: &Self) -> Option<Self> {
        match (i64::try_from(*self), i64::try_from(*divisor)) {
            (Ok(a), Ok(b)) => a.checked_div(b).map(i128::from),
            _ => self.checked_div(*divisor),
        }
    }

    fn least_common_multiple(&self, other: &Self) -> Option<Self> {
        if self == other || *other == 1 {
            return Some(*self);
        }
        if *self == 1 {
            return Some(*other);
        }
        let (mut a, mut b) = (*self, *other);
        while b != 0 {
            (a, b) = (b, a.checked_rem(b)?);
        }
        self.divided_by(&a)?.times(other)
    }
}

impl Number for Integer {
    const ZERO: Self = Self::Narrow(0);
    const ONE: Self = Self::Narrow(1);

    type Factor = Integer;

    fn of(integer: &Integer) -> Option<Self> {
        Some(integer.clone())
    }

    fn from_narrow(value: i128) -> Self {
        Self::Narrow(value)
    }

    fn into_integer(self) -> Integer {
        self
    }

    fn view_factors(factors: &Factors) -> Option<Cow<'_, [Self]>> {
        Some(factors.widened())
    }

    fn view_sums(sums: &Sums) -> Option<Cow<'_, [Self]>> {
        Some(sums.widened())
    }

    fn into_sums(row: Row<Self>) -> Sums {
        Cells::new(row.into_vec())
    }

    fn plus_timed(&self, factor: &Self, micros: i64) -> Option<Self> {
        self.plus_product(factor, &Self::from(micros))
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

    fn divided_by(&self, divisor: &Self) -> Option<Self> {
        self.divide(divisor).ok().map(|(quotient, _)| quotient)
    }

    fn least_common_multiple(&self, other: &Self) -> Option<Self> {
        Integer::least_common_multiple(self, other).ok()
    }
}

/// Runs a kernel in `i128`, and in wide integers if something did not fit.
///
/// ```text
/// narrow_or_wide!("a sum", N => add_up::<N>(terms))
/// ```
macro_rules! narrow_or_wide {
    ($operation:literal, $number:ident => $kernel:expr) => {{
        let narrow = {
            type $number = i128;
            $kernel
        };
        match narrow {
            Some(answer) => Ok(answer),
            None => {
                type $number = $crate::exact::Integer;
                $kernel.ok_or($crate::error::MoneyError::Overflow { operation: $operation })
            }
        }
    }};
}
pub(crate) use narrow_or_wide;
