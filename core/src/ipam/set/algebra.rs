//! What two sets have together, and what one has that the other has not.

use super::IpSet;
use crate::ipam::{Address, Interval};
use std::slice;

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

/// Each is one pass over the intervals of both, and of those of a large set only over the ones that matter.
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
        combine(&self.intervals, &other.intervals, |left, right| left | right)
    }

    /// What both have.
    pub fn intersection(&self, other: &Self) -> Self {
        combine(self.within(other.hull()), other.within(self.hull()), |left, right| left & right)
    }

    /// What it has that the other has not.
    pub fn difference(&self, other: &Self) -> Self {
        combine(&self.intervals, other.within(self.hull()), |left, right| left & !right)
    }

    /// What exactly one of them has.
    pub fn symmetric_difference(&self, other: &Self) -> Self {
        combine(&self.intervals, &other.intervals, |left, right| left ^ right)
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

/// The addresses of which `keep` is true, by which of two sets have them. It is false where neither has one.
fn combine<A: Address>(left: &[Interval<A>], right: &[Interval<A>], keep: impl Fn(bool, bool) -> bool) -> IpSet<A> {
    // Each interval of the result begins where one of theirs begins or ends.
    let mut intervals = Vec::with_capacity(left.len().saturating_add(right.len()));
    let (mut left, mut right) = (Edges::of(left), Edges::of(right));
    let mut since: Option<A> = None;
    loop {
        let at = match (left.at, right.at) {
            (Some(left), Some(right)) => left.min(right),
            (Some(at), None) | (None, Some(at)) => at,
            (None, None) => break,
        };
        left.pass(at);
        right.pass(at);
        match (since, keep(left.inside, right.inside)) {
            (None, true) => since = Some(at),
            (Some(first), false) => {
                // An edge after which nothing is kept lies after an address that is.
                intervals.push(Interval::ordered(first, at.previous().unwrap_or(A::FIRST)));
                since = None;
            }
            _ => {}
        }
    }
    intervals.extend(since.map(|first| Interval::ordered(first, A::LAST)));
    IpSet { intervals }
}

/// Where a set begins and ends to have addresses, in order.
struct Edges<'a, A> {
    intervals: slice::Iter<'a, Interval<A>>,
    /// Whether the address before the next edge is in the set.
    inside: bool,
    /// The next edge: the first address of an interval, or the one after its last.
    at: Option<A>,
    /// The one after that, where the next edge is the first address of an interval.
    end: Option<A>,
}

impl<'a, A: Address> Edges<'a, A> {
    fn of(intervals: &'a [Interval<A>]) -> Self {
        let mut edges = Self { intervals: intervals.iter(), inside: false, at: None, end: None };
        edges.load();
        edges
    }

    /// Takes the next interval.
    fn load(&mut self) {
        let next = self.intervals.next();
        self.at = next.map(|interval| interval.first());
        self.end = next.and_then(|interval| interval.last().next());
    }

    /// Goes on, where its next edge is here.
    fn pass(&mut self, here: A) {
        if self.at != Some(here) {
            return;
        }
        self.inside = !self.inside;
        if self.inside {
            self.at = self.end;
        } else {
            self.load();
        }
    }
}
