use crate::ipam::{Address, Interval, Prefix};

/// The fewest networks of an interval, by the trie: two chains that grow from its ends to the middle.
///
/// The trie forks once, where the two ends part. Left of the fork the interval is the tail of a
/// network, right of it the head of one: the networks of a tail grow from the left, those of a head
/// from the right, each larger than the one before. So the first `n` of either chain are together one
/// clipped node of the trie.
pub(super) struct Chains<A> {
    /// The networks left of the fork, from the left end: small to large.
    pub(super) left: Vec<Prefix<A>>,
    /// The networks right of the fork, from the right end: small to large.
    pub(super) right: Vec<Prefix<A>>,
}

impl<A: Address> Chains<A> {
    pub(super) fn of(interval: Interval<A>) -> Self {
        let whole = Prefix::containing(interval.first(), interval.tightest_length());
        let fork = whole.halves().filter(|_| whole.interval() != interval).map(|(_, half)| half.first());
        let (left, mut right): (Vec<_>, Vec<_>) =
            interval.cidrs().partition(|block| fork.is_none_or(|fork| block.first() < fork));
        right.reverse();
        Self { left, right }
    }

    /// All of them, from left to right.
    pub(super) fn in_order(self) -> impl Iterator<Item = Prefix<A>> {
        self.left.into_iter().chain(self.right.into_iter().rev())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::Toy;

    #[test]
    fn both_chains_grow_and_are_clipped_nodes() {
        for first in 0..=u8::MAX {
            for last in first..=u8::MAX {
                let interval = Interval::new(Toy::new(first), Toy::new(last)).unwrap();
                let chains = Chains::of(interval);
                let node = |one: Prefix<Toy>, other: Prefix<Toy>| {
                    let both = Interval::new(one.first().min(other.first()), one.last().max(other.last())).unwrap();
                    let network = Prefix::containing(both.first(), both.tightest_length());
                    assert_eq!(network.interval().overlap(interval), Some(both));
                };
                for chain in [&chains.left, &chains.right] {
                    assert!(chain.is_sorted_by(|small, large| small.length() > large.length()));
                    chain.iter().for_each(|inner| node(chain[0], *inner));
                }
                assert!(chains.in_order().eq(interval.cidrs()));
            }
        }
    }
}
