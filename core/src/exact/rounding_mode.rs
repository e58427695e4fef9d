use super::{Integer, Whole};
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
    fn moves_away(self, negative: bool, quotient_is_odd: bool, tie: Ordering) -> bool {
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
    pub(crate) fn divide(self, numerator: &Integer, denominator: &Integer) -> Result<Integer, MoneyError> {
        self.quotient(numerator, denominator).ok_or(MoneyError::Overflow { operation: "a quotient" })
    }

    /// The same at any width; none where it does not fit.
    #[inline]
    pub(super) fn quotient<W: Whole>(self, numerator: &W, denominator: &W) -> Option<W> {
        let (quotient, remainder) = numerator.divide(denominator)?;
        if remainder == W::ZERO {
            return Some(quotient);
        }
        let negative = *numerator < W::ZERO;
        let size = if negative { W::ZERO.minus(&remainder)? } else { remainder };
        // Compare |r| with d − |r|, which can not overflow, and not 2 × |r| with d.
        let tie = size.cmp(&denominator.minus(&size)?);
        match (self.moves_away(negative, quotient.is_odd(), tie), negative) {
            (false, _) => Some(quotient),
            (true, false) => quotient.plus(&W::ONE),
            (true, true) => quotient.minus(&W::ONE),
        }
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
