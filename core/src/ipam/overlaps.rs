//! All overlaps among many intervals (R-I9).

use super::{Address, Interval, set::sort_by_address};
use std::iter::FusedIterator;

/// Which of many intervals overlap, by their places in the list that was given.
///
/// It costs one sort. Whether any two overlap, and the first that do, is one pass more; the count of all pairs is
/// at most another sort; the pairs themselves come one after the other and cost O(1) each, however many there are.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Interval, Ipv4, Overlaps, Prefix};
///
/// let rows = ["10.0.1.0/24", "10.0.0.0/24", "10.0.0.0/16", "10.1.0.0/24"];
/// let rows = rows.map(|text| text.parse::<Prefix<Ipv4>>().unwrap().interval());
/// let overlaps = Overlaps::among(rows);
/// assert_eq!(overlaps.count(), 2);
/// let pairs: Vec<(usize, usize)> = overlaps.pairs().map(|pair| (pair.earlier, pair.later)).collect();
/// assert_eq!(pairs, [(1, 2), (2, 0)]);
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I9
#[derive(Debug, Clone)]
pub struct Overlaps<A> {
    /// With their places, by first address; of those that begin together, by place.
    rows: Vec<(Interval<A>, usize)>,
}

/// Two intervals that overlap.
///
/// # Rule
/// R-I9
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap<A> {
    /// The place of the one that begins first; of two that begin together, the lower place.
    pub earlier: usize,
    /// The place of the other.
    pub later: usize,
    /// The addresses that both have.
    pub shared: Interval<A>,
}

impl<A: Address> Overlaps<A> {
    /// Among these.
    pub fn among(intervals: impl IntoIterator<Item = Interval<A>>) -> Self {
        let mut rows: Vec<(Interval<A>, usize)> = intervals.into_iter().zip(0..).collect();
        sort_by_address(&mut rows, |(interval, _)| interval.first());
        Self { rows }
    }

    /// Whether any two overlap.
    pub fn any(&self) -> bool {
        self.first().is_some()
    }

    /// The first overlap: of the first interval that shares an address with one after it, in the order of first
    /// addresses.
    pub fn first(&self) -> Option<Overlap<A>> {
        // One that overlaps any later one overlaps the next.
        self.rows.array_windows().find_map(|[earlier, later]| overlap(earlier, later))
    }

    /// How many pairs there are, exactly, without going through all of them where they are many.
    pub fn count(&self) -> u128 {
        let few = self.rows.len().saturating_mul(4);
        let mut pairs = self.pairs();
        let counted = pairs.by_ref().take(few).fold(0_u128, |count, _| count.saturating_add(1));
        if pairs.next().is_none() { counted } else { self.count_many() }
    }

    /// Of a list of first addresses and one of last ones, each sorted.
    fn count_many(&self) -> u128 {
        let mut lasts: Vec<A> = self.rows.iter().map(|(interval, _)| interval.last()).collect();
        sort_by_address(&mut lasts, |last| *last);
        let mut lasts = lasts.into_iter().peekable();
        // Each overlaps those before it that have not ended.
        let (mut open, mut count) = (0_u128, 0_u128);
        for (interval, _) in &self.rows {
            while lasts.next_if(|last| *last < interval.first()).is_some() {
                open = open.saturating_sub(1);
            }
            count = count.saturating_add(open);
            open = open.saturating_add(1);
        }
        count
    }

    /// All pairs, by the first address of the earlier, then of the later.
    pub fn pairs(&self) -> OverlapPairs<'_, A> {
        OverlapPairs { rows: &self.rows, next: 1 }
    }
}

/// Pairs of intervals that overlap, as [`Overlaps::pairs`] gives them.
#[derive(Debug, Clone)]
pub struct OverlapPairs<'a, A> {
    /// The earlier one, and all after it.
    rows: &'a [(Interval<A>, usize)],
    /// Where in these the later one is looked for.
    next: usize,
}

impl<A: Address> Iterator for OverlapPairs<'_, A> {
    type Item = Overlap<A>;

    fn next(&mut self) -> Option<Overlap<A>> {
        while let [earlier, rest @ ..] = self.rows {
            if let Some(found) = self.rows.get(self.next).and_then(|later| overlap(earlier, later)) {
                self.next = self.next.saturating_add(1);
                return Some(found);
            }
            // All that come after begin later still.
            (self.rows, self.next) = (rest, 1);
        }
        None
    }
}

impl<A: Address> FusedIterator for OverlapPairs<'_, A> {}

/// What two have in common, the first of which begins before the other or with it.
fn overlap<A: Address>(earlier: &(Interval<A>, usize), later: &(Interval<A>, usize)) -> Option<Overlap<A>> {
    let shared = earlier.0.overlap(later.0)?;
    Some(Overlap { earlier: earlier.1, later: later.1, shared })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::Toy;

    fn places(intervals: &[&str]) -> Vec<(usize, usize)> {
        let overlaps = Overlaps::<Toy>::among(intervals.iter().map(|text| text.parse().unwrap()));
        let pairs: Vec<(usize, usize)> = overlaps.pairs().map(|pair| (pair.earlier, pair.later)).collect();
        assert_eq!((overlaps.count(), overlaps.count_many()), (pairs.len() as u128, pairs.len() as u128));
        assert_eq!(overlaps.first(), overlaps.pairs().next());
        pairs
    }

    #[test]
    fn ends_that_meet_do_not_overlap_and_ends_that_are_shared_do() {
        assert_eq!(places(&["0-9", "10-19"]), []);
        assert_eq!(places(&["0-10", "10-19"]), [(0, 1)]);
        assert_eq!(places(&["255-255", "0-255", "0-0"]), [(1, 2), (1, 0)]);
        assert_eq!(places(&["5-5", "5-5", "5-5"]), [(0, 1), (0, 2), (1, 2)]);
        assert_eq!(places(&[]), []);
    }

    #[test]
    fn a_long_one_is_found_behind_short_ones() {
        assert_eq!(places(&["0-200", "1-2", "100-110", "201-202"]), [(0, 1), (0, 2)]);
    }

    #[test]
    fn many_pairs_are_counted_without_being_listed() {
        let all = Overlaps::<Toy>::among(std::iter::repeat_n(Interval::WHOLE, 100_000));
        assert_eq!(all.count(), 4_999_950_000);
        assert_eq!(all.pairs().nth(2).map(|pair| (pair.earlier, pair.later)), Some((0, 3)));
    }
}
