use super::{Address, Interval, PrefixLen, Range, written::Text};
use crate::error::{IpamError, excerpt};
use std::{fmt, str::FromStr};

/// A range as a caller wrote it, before anything of it is checked: it may be reversed, its length may
/// be one that the family does not have, and its ends may be in two networks.
///
/// What a plan is made of (R-I4) and what [`Range::try_from`] makes a range of.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Range, UncheckedRange};
///
/// let written: UncheckedRange<Ipv4> = "10.0.0.9-10.0.0.1/33".parse()?;
/// assert_eq!(written.length, 33);
/// assert_eq!(Range::try_from(written).unwrap_err().code(), "ipam.length");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I1, R-I4
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UncheckedRange<A> {
    /// Its first address.
    pub first: A,
    /// Its last address, which is part of it.
    pub last: A,
    /// Its label.
    pub length: u8,
}

impl<A: Address> From<Range<A>> for UncheckedRange<A> {
    fn from(range: Range<A>) -> Self {
        Self { first: range.first(), last: range.last(), length: range.length().get() }
    }
}

impl<A: Address> UncheckedRange<A> {
    /// The range that it is; none where something is wrong with it.
    #[inline]
    pub(super) fn checked(self) -> Option<Range<A>> {
        let length = PrefixLen::within(self.length)?;
        let is_one_network = self.first.network(length) == self.last.network(length);
        (self.first <= self.last && is_one_network)
            .then(|| Range::within(Interval::ordered(self.first, self.last), length))
    }
}

impl<A: Address> TryFrom<UncheckedRange<A>> for Range<A> {
    type Error = IpamError;

    /// # Errors
    /// In this order: `ipam.length`, `ipam.reversed`, `ipam.not_one_network`.
    fn try_from(range: UncheckedRange<A>) -> Result<Self, IpamError> {
        let length = PrefixLen::new(range.length)?;
        Self::new(Interval::new(range.first, range.last)?, length)
    }
}

impl<A: Address> FromStr for UncheckedRange<A> {
    type Err = IpamError;

    /// `10.0.0.1-10.0.0.200/24`, with any length up to 255, or `10.0.0.0/24` for a full one.
    ///
    /// # Errors
    /// `ipam.format`; those of the addresses; `ipam.length` of what is no number up to 255; those of
    /// [`Prefix`](super::Prefix) where it is written as one.
    fn from_str(text: &str) -> Result<Self, IpamError> {
        let shape = || IpamError::Format { text: excerpt(text), shape: "`first-last/length`" };
        let (interval, length) = text.split_once('/').ok_or_else(shape)?;
        let Some((first, last)) = interval.split_once('-') else {
            return text.parse::<Range<A>>().map(Self::from);
        };
        let (first, last) = (A::parse(first)?, A::parse(last)?);
        let wrong = || IpamError::Length { family: A::FAMILY.name(), length: excerpt(length), longest: A::WIDTH };
        let length = length.parse::<u8>().ok().filter(|bits| bits.to_string() == length).ok_or_else(wrong)?;
        Ok(Self { first, last, length })
    }
}

impl<A: Address> fmt::Display for UncheckedRange<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Text::show(f, |text| {
            text.ends(self.first, self.last)?;
            text.length(self.length)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::Toy;

    /// Every pair of ends with every length: a range is checked the same, whether somebody asks why or not.
    #[test]
    fn what_is_checked_is_what_is_converted() {
        let toys = || (0..=u8::MAX).map(Toy::new);
        for (first, last) in toys().flat_map(|first| toys().map(move |last| (first, last))) {
            for length in [0, 1, 4, 7, 8, 9, u8::MAX] {
                let range = UncheckedRange { first, last, length };
                assert_eq!(range.checked(), Range::try_from(range).ok(), "{range}");
            }
        }
    }
}
