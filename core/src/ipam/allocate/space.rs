//! Free space that blocks are taken out of, and what comes next in it.

use super::{
    Placement, Pool,
    policy::{Candidate, Policy},
};
use crate::ipam::{Address, Interval, IpSet, Prefix, PrefixLen};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

/// Free space with the policy that blocks are taken by. In tiers: the first holds what is preferred, the
/// last all that is free.
pub(super) struct Space<A> {
    tiers: Vec<Tier<A>>,
    policy: Policy,
    network: Prefix<A>,
}

/// Intervals by their first address, and the candidate of each for the length that is sought.
struct Tier<A> {
    free: BTreeMap<A, A>,
    /// Of intervals that may be gone since: those are passed over.
    candidates: BinaryHeap<Reverse<Candidate<A>>>,
    sought: Option<Sought<A>>,
}

#[derive(Clone, Copy)]
struct Sought<A> {
    policy: Policy,
    network: Prefix<A>,
    length: PrefixLen<A>,
}

impl<A: Address> Space<A> {
    pub(super) fn of(pool: &Pool<A>, placement: &Placement<A>) -> Self {
        let Placement { policy, preferred, avoided } = placement;
        let mut tiers = Vec::with_capacity(3);
        if !preferred.is_empty() {
            tiers.push(Tier::of(&pool.free.intersection(preferred).difference(avoided)));
        }
        if !avoided.is_empty() {
            tiers.push(Tier::of(&pool.free.difference(avoided)));
        }
        tiers.push(Tier::of(&pool.free));
        Self { tiers, policy: *policy, network: pool.network }
    }

    /// Takes addresses out; those that are not free do not matter.
    pub(super) fn take(&mut self, taken: Interval<A>) {
        self.tiers.iter_mut().for_each(|tier| tier.take(taken));
    }

    /// What is free, in order.
    pub(super) fn free(&self) -> impl Iterator<Item = Interval<A>> {
        self.tiers.last().into_iter().flat_map(Tier::intervals)
    }

    /// From now on blocks of this length are taken. O(free × W).
    pub(super) fn seek(&mut self, length: PrefixLen<A>) {
        let sought = Sought { policy: self.policy, network: self.network, length };
        self.tiers.iter_mut().for_each(|tier| tier.seek(sought));
    }

    /// Takes the next block; `None` where there is none.
    pub(super) fn next(&mut self) -> Option<Prefix<A>> {
        let block = self.tiers.iter_mut().find_map(Tier::next)?;
        self.take(block.interval());
        Some(block)
    }
}

impl<A: Address> Tier<A> {
    fn of(free: &IpSet<A>) -> Self {
        let free = free.intervals().iter().map(|free| (free.first(), free.last())).collect();
        Self { free, candidates: BinaryHeap::new(), sought: None }
    }

    fn intervals(&self) -> impl Iterator<Item = Interval<A>> {
        self.free.iter().map(|(first, last)| Interval::ordered(*first, *last))
    }

    fn seek(&mut self, sought: Sought<A>) {
        self.sought = Some(sought);
        let candidates: Vec<_> = self.intervals().filter_map(|free| sought.candidate(free)).map(Reverse).collect();
        self.candidates = BinaryHeap::from(candidates);
    }

    /// The next block, which is left in place.
    fn next(&mut self) -> Option<Prefix<A>> {
        while let Some(Reverse(candidate)) = self.candidates.peek() {
            if self.free.get(&candidate.of.first()) == Some(&candidate.of.last()) {
                return Some(candidate.block);
            }
            self.candidates.pop();
        }
        None
    }

    fn take(&mut self, taken: Interval<A>) {
        while let Some((first, last)) =
            self.free.range(..=taken.last()).next_back().map(|(first, last)| (*first, *last))
        {
            if last < taken.first() {
                return;
            }
            self.free.remove(&first);
            let before = taken.first().previous().filter(|before| first <= *before).map(|before| (first, before));
            let after = taken.last().next().filter(|after| *after <= last).map(|after| (after, last));
            for (first, last) in before.into_iter().chain(after) {
                self.free.insert(first, last);
                let candidate = self.sought.and_then(|sought| sought.candidate(Interval::ordered(first, last)));
                self.candidates.extend(candidate.map(Reverse));
            }
        }
    }
}

impl<A: Address> Sought<A> {
    fn candidate(self, free: Interval<A>) -> Option<Candidate<A>> {
        self.policy.candidate(free, self.length, self.network)
    }
}
