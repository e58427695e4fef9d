//! The fewest prefixes of an interval, and of a set.

use super::IpSet;
use crate::{
    error::IpamError,
    ipam::{Address, Interval, Prefix, PrefixLen},
};
use std::{iter::FusedIterator, slice};

impl<A: Address> Interval<A> {
    /// The fewest prefixes that hold exactly its addresses, in order: at most 2W − 2 of them.
    ///
    /// Each costs O(1), from either end; how many there are is known before.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::ipam::{Interval, Ipv4};
    ///
    /// let interval: Interval<Ipv4> = "10.0.0.0-10.0.1.31".parse()?;
    /// let cidrs: Vec<String> = interval.cidrs().map(|prefix| prefix.to_string()).collect();
    /// assert_eq!(cidrs, ["10.0.0.0/24", "10.0.1.0/27"]);
    ///
    /// let most: Interval<Ipv4> = "0.0.0.1-255.255.255.254".parse()?;
    /// assert_eq!(most.cidrs().len(), 62);
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    ///
    /// # Rule
    /// R-I10
    pub fn cidrs(self) -> Cidrs<A> {
        Cidrs::of(self)
    }
}

impl<A: Address> IpSet<A> {
    /// The fewest prefixes that hold exactly its addresses, in order: its aggregate, lazily.
    ///
    /// How many there are costs one pass over its intervals.
    ///
    /// # Rule
    /// R-I10
    pub fn cidrs(&self) -> SetCidrs<'_, A> {
        SetCidrs { front: Cidrs::none(), between: self.intervals.iter(), back: Cidrs::none() }
    }

    /// [`cidrs`](Self::cidrs) as a list, if there are at most so many: a set of n intervals can have n (2W − 2).
    ///
    /// # Errors
    /// `ipam.too_many_prefixes`, with the exact count.
    pub fn to_cidrs(&self, limit: usize) -> Result<Vec<Prefix<A>>, IpamError> {
        let count = self.cidrs().len();
        if count > limit {
            return Err(IpamError::TooManyPrefixes { count, limit });
        }
        let mut prefixes = Vec::with_capacity(count);
        self.cidrs().for_each(|prefix| prefixes.push(prefix));
        Ok(prefixes)
    }
}

/// The prefixes of an interval: [`Interval::cidrs`].
///
/// Let the interval lie around the middle of the smallest network that it is in. Below the middle, its
/// blocks grow, one for each bit that is set in the count of those addresses; above, they shrink likewise.
#[derive(Debug, Clone)]
pub struct Cidrs<A> {
    /// Where the next block from the front begins.
    next: A,
    /// Where the next block from the back ends.
    last: A,
    /// The sizes of the blocks below the middle, smallest first, as bits.
    growing: A,
    /// The sizes of the blocks above the middle, largest first, as bits.
    shrinking: A,
    /// Its one block where it is a network, whose size may be no integer of W bits.
    network: Option<PrefixLen<A>>,
}

impl<A: Address> Cidrs<A> {
    fn none() -> Self {
        Self { next: A::FIRST, last: A::FIRST, growing: A::FIRST, shrinking: A::FIRST, network: None }
    }

    fn of(interval: Interval<A>) -> Self {
        let (next, last) = (interval.first(), interval.last());
        let length = interval.tightest_length();
        if next.network(length) == next && last.broadcast(length) == last {
            return Self { next, last, network: Some(length), ..Self::none() };
        }
        // Two addresses that differ have a bit more than the length that they share.
        let half = length.longer(1).unwrap_or(PrefixLen::HOST);
        let count = |from: A, to: A| from.distance(to).checked_add(1).and_then(A::from_bits).unwrap_or(A::LAST);
        let growing = count(next, next.broadcast(half));
        let shrinking = count(last.network(half), last);
        Self { next, last, growing, shrinking, network: None }
    }

    fn left(&self) -> usize {
        let ones = |sizes: A| usize::try_from(sizes.to_bits().count_ones()).unwrap_or(usize::MAX);
        ones(self.growing).saturating_add(ones(self.shrinking)).saturating_add(self.network.is_some().into())
    }

    fn give_front(&mut self, length: PrefixLen<A>) -> Prefix<A> {
        let prefix = Prefix::containing(self.next, length);
        // After the last block there may be no address, and nothing is asked of it.
        self.next = prefix.last().next().unwrap_or(A::LAST);
        prefix
    }

    fn give_back(&mut self, length: PrefixLen<A>) -> Prefix<A> {
        let prefix = Prefix::containing(self.last, length);
        self.last = prefix.first().previous().unwrap_or(A::FIRST);
        prefix
    }
}

/// Takes the smallest size, as the length of a block of that size.
fn take_smallest<A: Address>(sizes: &mut A) -> Option<PrefixLen<A>> {
    if *sizes == A::FIRST {
        return None;
    }
    let bits = A::WIDTH.saturating_sub(sizes.trailing_zeros());
    *sizes = sizes.network(PrefixLen::at_most(bits.saturating_sub(1)));
    Some(PrefixLen::at_most(bits))
}

/// Takes the largest size, likewise.
fn take_largest<A: Address>(sizes: &mut A) -> Option<PrefixLen<A>> {
    if *sizes == A::FIRST {
        return None;
    }
    let length = PrefixLen::at_most(sizes.common_length(A::FIRST).saturating_add(1));
    *sizes = sizes.minus(sizes.network(length).to_bits()).unwrap_or(A::FIRST);
    Some(length)
}

impl<A: Address> Iterator for Cidrs<A> {
    type Item = Prefix<A>;

    #[inline]
    fn next(&mut self) -> Option<Prefix<A>> {
        let length = take_smallest(&mut self.growing)
            .or_else(|| take_largest(&mut self.shrinking))
            .or_else(|| self.network.take())?;
        Some(self.give_front(length))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left(), Some(self.left()))
    }

    #[inline]
    fn fold<B, F: FnMut(B, Prefix<A>) -> B>(mut self, mut folded: B, mut fold: F) -> B {
        if let Some(length) = self.network {
            return fold(folded, self.give_front(length));
        }
        while let Some(length) = take_smallest(&mut self.growing) {
            folded = fold(folded, self.give_front(length));
        }
        while let Some(length) = take_largest(&mut self.shrinking) {
            folded = fold(folded, self.give_front(length));
        }
        folded
    }
}

impl<A: Address> DoubleEndedIterator for Cidrs<A> {
    fn next_back(&mut self) -> Option<Prefix<A>> {
        let length = take_smallest(&mut self.shrinking)
            .or_else(|| take_largest(&mut self.growing))
            .or_else(|| self.network.take())?;
        Some(self.give_back(length))
    }
}

impl<A: Address> ExactSizeIterator for Cidrs<A> {}
impl<A: Address> FusedIterator for Cidrs<A> {}

/// The prefixes of a set: [`IpSet::cidrs`].
#[derive(Debug, Clone)]
pub struct SetCidrs<'a, A> {
    front: Cidrs<A>,
    between: slice::Iter<'a, Interval<A>>,
    back: Cidrs<A>,
}

impl<A: Address> Iterator for SetCidrs<'_, A> {
    type Item = Prefix<A>;

    #[inline]
    fn next(&mut self) -> Option<Prefix<A>> {
        loop {
            if let Some(prefix) = self.front.next() {
                return Some(prefix);
            }
            match self.between.next() {
                Some(interval) => self.front = interval.cidrs(),
                None => return self.back.next(),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let between = self.between.clone().map(|interval| interval.cidrs().left());
        let count = between.chain([self.front.left(), self.back.left()]).fold(0, usize::saturating_add);
        (count, Some(count))
    }

    #[inline]
    fn fold<B, F: FnMut(B, Prefix<A>) -> B>(self, folded: B, mut fold: F) -> B {
        let folded = self.front.fold(folded, &mut fold);
        let folded = self.between.fold(folded, |folded, interval| interval.cidrs().fold(folded, &mut fold));
        self.back.fold(folded, fold)
    }
}

impl<A: Address> DoubleEndedIterator for SetCidrs<'_, A> {
    fn next_back(&mut self) -> Option<Prefix<A>> {
        loop {
            if let Some(prefix) = self.back.next_back() {
                return Some(prefix);
            }
            match self.between.next_back() {
                Some(interval) => self.back = interval.cidrs(),
                None => return self.front.next_back(),
            }
        }
    }
}

impl<A: Address> ExactSizeIterator for SetCidrs<'_, A> {}
impl<A: Address> FusedIterator for SetCidrs<'_, A> {}
