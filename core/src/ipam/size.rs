use crate::error::{IpamError, excerpt};
use serde::{Serialize, Serializer};
use std::{fmt, str::FromStr};

/// How many addresses: 0 to 2^128, of which the last is a number too.
///
/// # Units
/// Addresses. Written as decimal text, also in JSON.
///
/// # Examples
/// ```
/// use counterfoil::ipam::Size;
///
/// let all = Size::power_of_two(128);
/// assert_eq!(all.to_string(), "340282366920938463463374607431768211456");
/// assert_eq!(all.to_u128(), None);
/// assert_eq!(all.minus(Size::from(1))?.to_u128(), Some(u128::MAX));
/// assert_eq!(all.plus(Size::from(1)).unwrap_err().code(), "ipam.size_overflow");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I1
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size {
    /// 2^128; `below` is 0 then.
    whole: bool,
    below: u128,
}

impl Size {
    /// No address.
    pub const ZERO: Self = Self { whole: false, below: 0 };
    /// 2^128, the most.
    pub const WHOLE: Self = Self { whole: true, below: 0 };

    /// 2^exponent; 2^128 for every exponent from 128.
    pub fn power_of_two(exponent: u8) -> Self {
        1_u128.checked_shl(exponent.into()).map_or(Self::WHOLE, Self::from)
    }

    /// The size as an integer; `None` for 2^128.
    pub const fn to_u128(self) -> Option<u128> {
        if self.whole { None } else { Some(self.below) }
    }

    /// Whether it is 0.
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// The sum.
    ///
    /// # Errors
    /// `ipam.size_overflow` above 2^128.
    pub fn plus(self, other: Self) -> Result<Self, IpamError> {
        let overflow = || Err(IpamError::SizeOverflow { left: self.to_string(), right: other.to_string() });
        match (self.whole, other.whole) {
            (false, false) => match self.below.overflowing_add(other.below) {
                (below, false) => Ok(Self { whole: false, below }),
                (0, true) => Ok(Self::WHOLE),
                (_, true) => overflow(),
            },
            (true, false) if other.below == 0 => Ok(self),
            (false, true) if self.below == 0 => Ok(other),
            _ => overflow(),
        }
    }

    /// The difference.
    ///
    /// # Errors
    /// `ipam.size_below_zero` where the other is larger.
    pub fn minus(self, other: Self) -> Result<Self, IpamError> {
        if other > self {
            return Err(IpamError::SizeBelowZero { left: self.to_string(), right: other.to_string() });
        }
        // At most one borrow of 2^128, which the comparison has shown to be there.
        Ok(match (self.whole, other.whole) {
            (true, false) if other.below == 0 => self,
            _ => Self { whole: false, below: self.below.wrapping_sub(other.below) },
        })
    }

    /// The size of a stretch whose last address is `distance` after its first.
    pub(super) fn of_distance(distance: u128) -> Self {
        distance.checked_add(1).map_or(Self::WHOLE, Self::from)
    }
}

impl From<u128> for Size {
    fn from(below: u128) -> Self {
        Self { whole: false, below }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.whole { f.pad_integral(true, "", "340282366920938463463374607431768211456") } else { self.below.fmt(f) }
    }
}

impl FromStr for Size {
    type Err = IpamError;

    /// Decimal digits without a sign or leading zeros, up to 2^128.
    ///
    /// # Errors
    /// `ipam.size`.
    fn from_str(text: &str) -> Result<Self, IpamError> {
        if text == Self::WHOLE.to_string() {
            return Ok(Self::WHOLE);
        }
        let below = text.parse::<u128>().ok().filter(|below| below.to_string() == text);
        below.map(Self::from).ok_or_else(|| IpamError::Size { text: excerpt(text) })
    }
}

impl Serialize for Size {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_up_to_the_top() {
        let top = "340282366920938463463374607431768211456";
        assert_eq!(top.parse(), Ok(Size::WHOLE));
        assert_eq!("340282366920938463463374607431768211455".parse(), Ok(Size::from(u128::MAX)));
        assert_eq!("0".parse(), Ok(Size::ZERO));
        assert_eq!(format!("{:>41}", Size::WHOLE), format!("{:41}", Size::WHOLE), "a number, to the right");
        for wrong in ["340282366920938463463374607431768211457", "", "-1", "+1", "01", "1.0", " 1", "1e3"] {
            assert_eq!(wrong.parse::<Size>().unwrap_err().code(), "ipam.size", "{wrong}");
        }
    }

    #[test]
    fn sums_and_differences_at_the_top() {
        let most = Size::from(u128::MAX);
        let one = Size::from(1);
        assert_eq!(most.plus(one), Ok(Size::WHOLE));
        assert_eq!(Size::WHOLE.plus(Size::ZERO), Ok(Size::WHOLE));
        assert_eq!(Size::ZERO.plus(Size::WHOLE), Ok(Size::WHOLE));
        for (left, right) in [(Size::WHOLE, one), (one, Size::WHOLE), (Size::WHOLE, Size::WHOLE), (most, most)] {
            assert_eq!(left.plus(right).unwrap_err().code(), "ipam.size_overflow");
        }
        assert_eq!(Size::WHOLE.minus(Size::WHOLE), Ok(Size::ZERO));
        assert_eq!(Size::WHOLE.minus(most), Ok(one));
        assert_eq!(Size::WHOLE.minus(Size::ZERO), Ok(Size::WHOLE));
        assert_eq!(one.minus(Size::WHOLE).unwrap_err().code(), "ipam.size_below_zero");
        assert!(Size::WHOLE > most && most > one);
    }
}
