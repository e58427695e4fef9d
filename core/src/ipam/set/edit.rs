//! One interval more or less.

use super::IpSet;
use crate::ipam::{Address, Interval};

/// Each costs O(log n) and the moving of what comes after: for many at a time, build a set of them and combine.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{IpSet, Toy};
///
/// let mut set = IpSet::<Toy>::EMPTY;
/// set.insert("10-19".parse()?);
/// set.insert("30-39".parse()?);
/// set.insert("20-29".parse()?);
/// assert_eq!(set.to_string(), "{10-39}");
/// set.remove("12-13".parse()?);
/// assert_eq!(set.to_string(), "{10-11, 14-39}");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I10
impl<A: Address> IpSet<A> {
    /// Adds the addresses of an interval.
    pub fn insert(&mut self, interval: Interval<A>) {
        // What ends right before it, or begins right after it, becomes one with it.
        let wide = Interval::ordered(
            interval.first().previous().unwrap_or(A::FIRST),
            interval.last().next().unwrap_or(A::LAST),
        );
        let (start, end) = self.places(wide);
        let touched = self.intervals.get(start..end).unwrap_or_default();
        let first = touched.first().map_or(interval.first(), |each| each.first().min(interval.first()));
        let last = touched.last().map_or(interval.last(), |each| each.last().max(interval.last()));
        self.intervals.splice(start..end, [Interval::ordered(first, last)]);
    }

    /// Removes the addresses of an interval.
    pub fn remove(&mut self, interval: Interval<A>) {
        let (start, end) = self.places(interval);
        let touched = self.intervals.get(start..end).unwrap_or_default();
        let before = touched.first().filter(|each| each.first() < interval.first());
        let after = touched.last().filter(|each| interval.last() < each.last());
        let before = before.zip(interval.first().previous()).map(|(each, last)| Interval::ordered(each.first(), last));
        let after = after.zip(interval.last().next()).map(|(each, first)| Interval::ordered(first, each.last()));
        self.intervals.splice(start..end, before.into_iter().chain(after));
    }

    /// From which to before which place its intervals share an address with one.
    fn places(&self, interval: Interval<A>) -> (usize, usize) {
        let start = self.intervals.partition_point(|each| each.last() < interval.first());
        (start, start.saturating_add(self.touched_by(interval).len()))
    }
}
