use super::{Address, PrefixLen, Size, written::Text};
use crate::error::IpamError;
use std::fmt;

/// Addresses from a first to a last, both included: `10.0.0.1-10.0.0.200`.
///
/// It has no length of its own; with one it is a [`Range`](super::Range).
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Interval, Ipv4};
///
/// let office: Interval<Ipv4> = "10.0.0.1-10.0.0.200".parse()?;
/// let lab = "10.0.0.150-10.0.1.9".parse()?;
/// assert_eq!(office.overlap(lab), Some("10.0.0.150-10.0.0.200".parse()?));
/// assert_eq!("10.0.0.2-10.0.0.1".parse::<Interval<Ipv4>>().unwrap_err().code(), "ipam.reversed");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I1
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval<A> {
    first: A,
    last: A,
}

impl<A: Address> Interval<A> {
    /// Every address of the family.
    pub const WHOLE: Self = Self { first: A::FIRST, last: A::LAST };

    /// From a first to a last address.
    ///
    /// # Errors
    /// `ipam.reversed` where the last is before the first.
    pub fn new(first: A, last: A) -> Result<Self, IpamError> {
        if first > last {
            return Err(IpamError::Reversed { first: first.to_string(), last: last.to_string() });
        }
        Ok(Self { first, last })
    }

    /// One address.
    pub fn of(address: A) -> Self {
        Self { first: address, last: address }
    }

    /// Of two addresses that are known to be in order, as the ends of a network are.
    pub(super) fn ordered(first: A, last: A) -> Self {
        Self { first, last }
    }

    /// The first address.
    pub fn first(self) -> A {
        self.first
    }

    /// The last address, which is part of it.
    pub fn last(self) -> A {
        self.last
    }

    /// How many addresses.
    pub fn size(self) -> Size {
        Size::of_distance(self.first.distance(self.last))
    }

    /// The longest length whose one network holds it.
    pub fn tightest_length(self) -> PrefixLen<A> {
        PrefixLen::at_most(self.first.common_length(self.last))
    }

    /// Whether an address is in it.
    pub fn contains(self, address: A) -> bool {
        self.first <= address && address <= self.last
    }

    /// Whether all of another is in it.
    pub fn covers(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Whether they share an address.
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// What they share.
    pub fn overlap(self, other: Self) -> Option<Self> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(Self { first, last })
    }

    /// Whether the other begins right after it.
    pub fn precedes(self, other: Self) -> bool {
        self.last.next() == Some(other.first)
    }
}

impl<A: Address> fmt::Display for Interval<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Text::show(f, |text| text.ends(self.first, self.last))
    }
}
