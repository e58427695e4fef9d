//! Sets of addresses (R-I10).

mod algebra;
mod cidrs;
mod cover;
mod edit;
mod sort;

pub use algebra::FreeSpace;
pub use cidrs::{Cidrs, SetCidrs};
pub(in crate::ipam) use sort::sort_by_address;

use super::{Address, Interval, Prefix, Range, Size};
use std::fmt;

/// A set of addresses of one family: its maximal intervals, in order.
///
/// However it came about, equal sets are equal values: its intervals are sorted, and between two of them at
/// least one address is missing. It is built of intervals, prefixes or labelled ranges in any order,
/// overlapping or not; labels are forgotten.
///
/// Building costs one sort, and O(n) where the input is sorted by first addresses already. What combines
/// two sets is one pass over both.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Interval, IpSet, Ipv4, Prefix};
///
/// let prefixes = ["192.0.2.0/25", "192.0.2.128/25", "192.0.0.0/24", "192.0.1.0/24", "192.0.3.0/24"];
/// let set = prefixes.iter().map(|text| text.parse()).collect::<Result<Vec<Prefix<Ipv4>>, _>>()?;
/// let set: IpSet<Ipv4> = set.into_iter().collect();
/// assert_eq!(set.to_string(), "{192.0.0.0-192.0.3.255}");
/// assert_eq!(set.cidrs().map(|prefix| prefix.to_string()).collect::<Vec<_>>(), ["192.0.0.0/22"]);
/// assert_eq!(set.size().to_string(), "1024");
///
/// let lab: Interval<Ipv4> = "192.0.2.4-192.0.2.9".parse()?;
/// assert_eq!(set.difference(&lab.into()).to_string(), "{192.0.0.0-192.0.2.3, 192.0.2.10-192.0.3.255}");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I10
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpSet<A> {
    /// Sorted; after each, at least one address is missing before the next.
    intervals: Vec<Interval<A>>,
}

impl<A: Address> IpSet<A> {
    /// No address.
    pub const EMPTY: Self = Self { intervals: Vec::new() };

    /// Every address of the family.
    pub fn whole() -> Self {
        Interval::WHOLE.into()
    }

    /// The fewest prefixes that hold the same addresses as these, in order: at most as many as were given.
    ///
    /// ```
    /// use counterfoil::ipam::{IpSet, Ipv4};
    ///
    /// let [low, high, inside] = ["1.1.0.0/23", "1.1.2.0/23", "1.1.3.0/24"].map(|text| text.parse().unwrap());
    /// let aggregate = IpSet::<Ipv4>::aggregate(&[high, inside, low]);
    /// assert_eq!(aggregate, ["1.1.0.0/22".parse()?]);
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    ///
    /// # Rule
    /// R-I10
    pub fn aggregate(prefixes: &[Prefix<A>]) -> Vec<Prefix<A>> {
        let set = Self::from(prefixes);
        // No more than there were prefixes, so nothing need be counted before.
        let mut fewest = Vec::with_capacity(prefixes.len().min(set.intervals.len().saturating_mul(2)));
        set.cidrs().for_each(|prefix| fewest.push(prefix));
        fewest
    }

    /// Its maximal intervals, in order.
    pub fn intervals(&self) -> &[Interval<A>] {
        &self.intervals
    }

    /// Whether it has no address.
    pub fn is_empty(&self) -> bool {
        self.intervals.is_empty()
    }

    /// How many addresses it has.
    ///
    /// # Units
    /// Addresses.
    pub fn size(&self) -> Size {
        let sizes = self.intervals.iter().map(|each| each.first().distance(each.last()).wrapping_add(1));
        // Disjoint intervals have at most 2^128 addresses, and the sum is 0 again at exactly that many.
        match sizes.fold(0, u128::wrapping_add) {
            0 if !self.is_empty() => Size::WHOLE,
            sum => Size::from(sum),
        }
    }

    /// From its first to its last address; `None` where it has none.
    pub fn hull(&self) -> Option<Interval<A>> {
        let (first, last) = (self.intervals.first()?, self.intervals.last()?);
        Some(Interval::ordered(first.first(), last.last()))
    }

    /// The interval of it that an address is in, in O(log n).
    pub fn interval_of(&self, address: A) -> Option<Interval<A>> {
        let before = self.intervals.partition_point(|each| each.first() <= address);
        let nearest = self.intervals.get(before.checked_sub(1)?)?;
        nearest.contains(address).then_some(*nearest)
    }

    /// Whether it has an address, in O(log n).
    pub fn contains(&self, address: A) -> bool {
        self.interval_of(address).is_some()
    }

    /// Whether it has every address of an interval, in O(log n).
    pub fn covers(&self, interval: Interval<A>) -> bool {
        self.interval_of(interval.first()).is_some_and(|of| of.covers(interval))
    }

    /// Whether it has an address of an interval, in O(log n).
    pub fn overlaps(&self, interval: Interval<A>) -> bool {
        !self.touched_by(interval).is_empty()
    }

    /// Whether it has every address of another.
    pub fn is_superset(&self, other: &Self) -> bool {
        other.intervals.iter().all(|each| self.covers(*each))
    }

    /// Whether it has no address of another.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        let (few, many) = if self.intervals.len() < other.intervals.len() { (self, other) } else { (other, self) };
        !few.intervals.iter().any(|each| many.overlaps(*each))
    }

    /// Its intervals that share an address with one.
    fn touched_by(&self, interval: Interval<A>) -> &[Interval<A>] {
        let start = self.intervals.partition_point(|each| each.last() < interval.first());
        let rest = self.intervals.get(start..).unwrap_or_default();
        let end = rest.partition_point(|each| each.first() <= interval.last());
        rest.get(..end).unwrap_or_default()
    }

    /// Of intervals in any order.
    fn of(mut intervals: Vec<Interval<A>>) -> Self {
        sort_by_address(&mut intervals, |each| each.first());
        Self::of_sorted(intervals)
    }

    /// Of intervals in the order of their first addresses.
    fn of_sorted(mut intervals: Vec<Interval<A>>) -> Self {
        intervals.dedup_by(|next, kept| {
            // After the family's last address there is nothing, and so nothing that would stand apart.
            let meets = kept.last().next().is_none_or(|after| next.first() <= after);
            if meets {
                *kept = Interval::ordered(kept.first(), kept.last().max(next.last()));
            }
            meets
        });
        Self { intervals }
    }
}

impl<A> Default for IpSet<A> {
    /// No address.
    fn default() -> Self {
        Self { intervals: Vec::new() }
    }
}

impl<A: Address> FromIterator<Interval<A>> for IpSet<A> {
    fn from_iter<I: IntoIterator<Item = Interval<A>>>(intervals: I) -> Self {
        Self::of(intervals.into_iter().collect())
    }
}

impl<A: Address> FromIterator<Prefix<A>> for IpSet<A> {
    fn from_iter<I: IntoIterator<Item = Prefix<A>>>(prefixes: I) -> Self {
        Self::from(prefixes.into_iter().collect::<Vec<_>>().as_slice())
    }
}

impl<A: Address> From<&[Prefix<A>]> for IpSet<A> {
    fn from(prefixes: &[Prefix<A>]) -> Self {
        cover::union(prefixes)
    }
}

impl<A: Address> FromIterator<Range<A>> for IpSet<A> {
    fn from_iter<I: IntoIterator<Item = Range<A>>>(ranges: I) -> Self {
        ranges.into_iter().map(Range::interval).collect()
    }
}

impl<A: Address> From<Interval<A>> for IpSet<A> {
    fn from(interval: Interval<A>) -> Self {
        Self { intervals: vec![interval] }
    }
}

impl<A: Address> From<Prefix<A>> for IpSet<A> {
    fn from(prefix: Prefix<A>) -> Self {
        prefix.interval().into()
    }
}

impl<A: Address> From<Range<A>> for IpSet<A> {
    fn from(range: Range<A>) -> Self {
        range.interval().into()
    }
}

/// As `{10.0.0.0-10.0.0.3, 10.0.0.8-10.0.0.8}`.
impl<A: Address> fmt::Display for IpSet<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (place, interval) in self.intervals.iter().enumerate() {
            write!(f, "{}{interval}", if place == 0 { "" } else { ", " })?;
        }
        f.write_str("}")
    }
}
