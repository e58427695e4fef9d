//! An interval as the fewest networks, by the trie: two chains that grow from its ends to the middle.

use super::{Address, Interval, Prefix, PrefixLen};

/// The networks of an interval. At most W on each side.
///
/// The trie forks once, where the two ends part. Left of the fork the interval is the tail of a
/// network, right of it the head of one: the networks of a tail grow from the left, those of a head
/// from the right, each larger than the one before. So the first `n` of either chain are together one
/// clipped node of the trie, which is what a minimal plan keeps in one piece (R-I6).
pub(super) struct Chains<A> {
    /// The networks left of the fork, from the left end: small to large.
    pub(super) left: Vec<Prefix<A>>,
    /// The networks right of the fork, from the right end: small to large.
    pub(super) right: Vec<Prefix<A>>,
}

impl<A: Address> Chains<A> {
    pub(super) fn of(interval: Interval<A>) -> Self {
        let whole = Prefix::containing(interval.first(), interval.tightest_length());
        let Some((_, half)) = whole.halves().filter(|_| whole.interval() != interval) else {
            return Self { left: vec![whole], right: vec![] };
        };
        let fork = half.first();
        Self {
            left: fork.previous().map_or_else(Vec::new, |last| tail(interval.first(), last, half.length())),
            right: head(fork, interval.last(), half.length()),
        }
    }

    /// All of them, from left to right.
    pub(super) fn in_order(self) -> impl Iterator<Item = Prefix<A>> {
        self.left.into_iter().chain(self.right.into_iter().rev())
    }
}

/// The networks of an interval, from left to right.
pub(super) fn of<A: Address>(interval: Interval<A>) -> impl Iterator<Item = Prefix<A>> {
    Chains::of(interval).in_order()
}

/// The end of a network of a length, from an address of it on.
fn tail<A: Address>(first: A, last: A, shortest: PrefixLen<A>) -> Vec<Prefix<A>> {
    let mut blocks = Vec::new();
    let mut from = Some(first);
    while let Some(first) = from.filter(|first| *first <= last) {
        let block = Prefix::containing(first, aligned(first.trailing_zeros()).max(shortest));
        from = block.last().next();
        blocks.push(block);
    }
    blocks
}

/// The beginning of a network of a length, up to an address of it, from that address back.
fn head<A: Address>(first: A, last: A, shortest: PrefixLen<A>) -> Vec<Prefix<A>> {
    let mut blocks = Vec::new();
    let mut to = Some(last);
    while let Some(last) = to.filter(|last| first <= *last) {
        let ones = last.next().map_or(A::WIDTH, Address::trailing_zeros);
        let block = Prefix::containing(last, aligned(ones).max(shortest));
        to = block.first().previous();
        blocks.push(block);
    }
    blocks
}

/// The length of the largest network that begins where so many bits are zero.
fn aligned<A: Address>(zeros: u8) -> PrefixLen<A> {
    PrefixLen::at_most(A::WIDTH.saturating_sub(zeros))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::{Ipv6, Toy};

    #[test]
    fn both_chains_grow_and_tile() {
        for first in 0..=u8::MAX {
            for last in first..=u8::MAX {
                let interval = Interval::new(Toy::new(first), Toy::new(last)).unwrap();
                let chains = Chains::of(interval);
                assert!(chains.left.is_sorted_by(|small, large| small.length() > large.length()));
                assert!(chains.right.is_sorted_by(|small, large| small.length() > large.length()));
                let blocks: Vec<Prefix<Toy>> = chains.in_order().collect();
                assert!(blocks.len() <= 14, "2W − 2");
                assert_eq!((blocks[0].first(), blocks[blocks.len() - 1].last()), (interval.first(), interval.last()));
                assert!(blocks.windows(2).all(|pair| pair[0].interval().precedes(pair[1].interval())));
            }
        }
    }

    #[test]
    fn at_both_ends_of_the_space() {
        let blocks = |first, last| of(Interval::new(Ipv6::new(first), Ipv6::new(last)).unwrap()).count();
        assert_eq!(blocks(0, u128::MAX), 1);
        assert_eq!(blocks(1, u128::MAX), 128);
        assert_eq!(blocks(0, u128::MAX - 1), 128);
        assert_eq!(blocks(1, u128::MAX - 1), 254);
    }
}
