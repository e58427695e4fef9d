//! What two sets have together, and what one has that the other has not.

use super::IpSet;
use crate::ipam::{Address, Interval};

/// What is free of a parent, and what is not: [`IpSet::free_within`].
///
/// # Rule
/// R-I10
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeSpace<A> {
    /// What of the parent is not used.
    pub free: IpSet<A>,
    /// What is used outside of the parent.
    pub stray: IpSet<A>,
}

/// Each is linear in the intervals of both, and of those of a large set only over the ones that matter.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Interval, IpSet, Toy};
///
/// let set = |text: &str| text.parse::<Interval<Toy>>().map(IpSet::from);
/// let (low, high) = (set("0-100")?, set("50-255")?);
/// assert_eq!(low.union(&high), IpSet::whole());
/// assert_eq!(low.intersection(&high), set("50-100")?);
/// assert_eq!(low.difference(&high), set("0-49")?);
/// assert_eq!(low.symmetric_difference(&high).to_string(), "{0-49, 101-255}");
/// assert_eq!(low.complement(), set("101-255")?);
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I10
impl<A: Address> IpSet<A> {
    /// What either has.
    pub fn union(&self, other: &Self) -> Self {
        let mut intervals = [self.intervals.as_slice(), &other.intervals].concat();
        // Two sorted runs, which this merges.
        intervals.sort_by_key(|each| each.first());
        Self::of_sorted(intervals)
    }

    /// What both have.
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.within(other.hull()), other.within(self.hull()));
        let mut intervals = Vec::with_capacity(left.len().saturating_add(right.len()));
        while let ([one, left_rest @ ..], [other, right_rest @ ..]) = (left, right) {
            intervals.extend(one.overlap(*other));
            // The one that ends first shares nothing with what follows.
            if one.last() < other.last() {
                left = left_rest;
            } else {
                right = right_rest;
            }
        }
        Self { intervals }
    }

    /// What it has that the other has not.
    pub fn difference(&self, other: &Self) -> Self {
        let mut holes = other.within(self.hull());
        let mut intervals = Vec::with_capacity(self.intervals.len().saturating_add(holes.len()));
        for each in &self.intervals {
            let mut rest = Some(*each);
            while let (Some(left), [hole, later @ ..]) = (rest, holes) {
                if hole.first() > left.last() {
                    break;
                }
                let before = hole.first().previous().filter(|before| left.first() <= *before);
                intervals.extend(before.map(|before| Interval::ordered(left.first(), before)));
                let after = hole.last().next().filter(|after| *after <= left.last());
                rest = after.map(|after| Interval::ordered(after.max(left.first()), left.last()));
                if rest.is_none() {
                    break; // the hole may reach into the next one
                }
                holes = later;
            }
            intervals.extend(rest);
        }
        Self { intervals }
    }

    /// What exactly one of them has.
    pub fn symmetric_difference(&self, other: &Self) -> Self {
        self.difference(other).union(&other.difference(self))
    }

    /// What of the family it has not.
    pub fn complement(&self) -> Self {
        Self::whole().difference(self)
    }

    /// What of a parent it leaves free, and what of it is no part of the parent.
    ///
    /// ```
    /// use counterfoil::ipam::{IpSet, Ipv4, Prefix};
    ///
    /// let used = ["10.0.0.0/26", "10.0.0.128/25", "10.0.1.0/30"].map(|text| text.parse::<Prefix<Ipv4>>().unwrap());
    /// let used: IpSet<Ipv4> = used.into_iter().collect();
    /// let space = used.free_within("10.0.0.0/24".parse::<Prefix<_>>()?.interval());
    /// assert_eq!(space.free.to_string(), "{10.0.0.64-10.0.0.127}");
    /// assert_eq!(space.stray.to_string(), "{10.0.1.0-10.0.1.3}");
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    ///
    /// # Rule
    /// R-I10
    pub fn free_within(&self, parent: Interval<A>) -> FreeSpace<A> {
        let parent = Self::from(parent);
        FreeSpace { free: parent.difference(self), stray: self.difference(&parent) }
    }

    /// The intervals that may matter to a set of a hull.
    fn within(&self, hull: Option<Interval<A>>) -> &[Interval<A>] {
        hull.map_or(&[], |hull| self.touched_by(hull))
    }
}
