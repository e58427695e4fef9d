use super::Integer;
use crate::error::MoneyError;
use std::{cmp::Ordering, fmt, str::FromStr};

/// Which neighbour a value between two steps goes to (R-M2).
///
/// There is no default: a mode is money, so somebody names it.
///
/// | mode | 2.5 | 3.5 | 2.51 | −2.5 |
/// |---|---|---|---|---|
/// | `HalfEven` | 2 | 4 | 3 | −2 |
/// | `HalfUp` | 3 | 4 | 3 | −3 |
/// | `HalfDown` | 2 | 3 | 3 | −2 |
/// | `Up` | 3 | 4 | 3 | −3 |
/// | `Down` | 2 | 3 | 2 | −2 |
/// | `Ceiling` | 3 | 4 | 3 | −2 |
/// | `Floor` | 2 | 3 | 2 | −3 |
///
/// # Rule
/// R-M2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RoundingMode {
    /// To the nearest; a tie goes to the even neighbour.
    HalfEven,
    /// To the nearest; a tie goes away from zero.
    HalfUp,
    /// To the nearest; a tie goes towards zero.
    HalfDown,
    /// Away from zero.
    Up,
    /// Towards zero: truncate.
    Down,
    /// Towards positive infinity.
    Ceiling,
    /// Towards negative infinity.
    Floor,
}

impl RoundingMode {
    /// Every mode, in the order of the table above.
    pub const ALL: [Self; 7] =
        [Self::HalfEven, Self::HalfUp, Self::HalfDown, Self::Up, Self::Down, Self::Ceiling, Self::Floor];

    /// The name, as `half_even`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HalfEven => "half_even",
            Self::HalfUp => "half_up",
            Self::HalfDown => "half_down",
            Self::Up => "up",
            Self::Down => "down",
            Self::Ceiling => "ceiling",
            Self::Floor => "floor",
        }
    }

    /// Whether a quotient truncated towards zero moves one away from zero.
    ///
    /// `tie` compares twice the absolute remainder with the divisor; the remainder is not zero.
    pub(super) fn moves_away(self, negative: bool, quotient_is_odd: bool, tie: Ordering) -> bool {
        match self {
            Self::HalfEven => tie.is_gt() || (tie.is_eq() && quotient_is_odd),
            Self::HalfUp => tie.is_ge(),
            Self::HalfDown => tie.is_gt(),
            Self::Up => true,
            Self::Down => false,
            Self::Ceiling => !negative,
            Self::Floor => negative,
        }
    }

    /// `numerator ÷ denominator` as a whole number; the denominator is above zero.
    ///
    /// None where an `i128` does not hold what it takes.
    #[inline]
    pub(super) fn divide_narrow(self, numerator: i128, denominator: i128) -> Option<i128> {
        // Most figures fit in 64 bits, where a division is several times cheaper.
        let (quotient, remainder) = match (i64::try_from(numerator), i64::try_from(denominator)) {
            (Ok(a), Ok(b)) => (i128::from(a.checked_div(b)?), i128::from(a.checked_rem(b)?)),
            _ => (numerator.checked_div(denominator)?, numerator.checked_rem(denominator)?),
        };
        if remainder == 0 {
            return Some(quotient);
        }
        let size = remainder.checked_abs()?;
        let tie = size.cmp(&denominator.checked_sub(size)?);
        let away = if self.moves_away(numerator < 0, quotient & 1 == 1, tie) { 1 } else { 0 };
        if numerator < 0 { quotient.checked_sub(away) } else { quotient.checked_add(away) }
    }

    /// `numerator ÷ denominator` as a whole number; the denominator is above zero.
    pub(crate) fn divide(self, numerator: &Integer, denominator: &Integer) -> Result<Integer, MoneyError> {
        numerator.divide_rounded(denominator, self)
    }
}

impl fmt::Display for RoundingMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for RoundingMode {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.name() == text)
            .ok_or_else(|| MoneyError::UnknownRounding { text: text.to_owned() })
    }
}
