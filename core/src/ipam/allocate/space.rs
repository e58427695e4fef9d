//! Free space that blocks are taken out of, and what comes next in it.

use super::{
    Placement, Pool,
    policy::{Candidate, Policy},
};
use crate::ipam::{Address, Interval, Prefix, PrefixLen};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

/// Free space, in tiers: the first holds what is preferred, the last all that is free.
pub(super) struct Space<A> {
    tiers: Vec<Tier<A>>,
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
    /// Without preferences.
    pub(super) fn of(free: Vec<Interval<A>>) -> Self {
        Self { tiers: vec![Tier::of(free)] }
    }

    pub(super) fn tiered(pool: &Pool<A>, placement: &Placement<A>) -> TieredSpace<A> {
        let mut tiers = Vec::with_capacity(3);
        let without_avoided = |free: Vec<Interval<A>>| {
            let mut tier = Tier::of(free);
            placement.avoided.iter().for_each(|avoided| tier.take(*avoided));
            tier
        };
        if !placement.preferred.is_empty() {
            tiers.push(without_avoided(common(&pool.free, &placement.preferred)));
        }
        if !placement.avoided.is_empty() {
            tiers.push(without_avoided(pool.free.clone()));
        }
        tiers.push(Tier::of(pool.free.clone()));
        TieredSpace { space: Self { tiers }, policy: placement.policy, network: pool.network }
    }

    /// Takes addresses out; those that are not free do not matter.
    pub(super) fn take(&mut self, taken: Interval<A>) {
        self.tiers.iter_mut().for_each(|tier| tier.take(taken));
    }

    /// What is free, in order.
    pub(super) fn free(&self) -> impl Iterator<Item = Interval<A>> {
        self.tiers.last().into_iter().flat_map(Tier::intervals)
    }
}

/// Free space with the policy that blocks are taken by.
pub(super) struct TieredSpace<A> {
    space: Space<A>,
    policy: Policy,
    network: Prefix<A>,
}

impl<A: Address> TieredSpace<A> {
    pub(super) fn take(&mut self, taken: Interval<A>) {
        self.space.take(taken);
    }

    pub(super) fn free(&self) -> impl Iterator<Item = Interval<A>> {
        self.space.free()
    }

    /// From now on blocks of this length are taken. O(free × W).
    pub(super) fn seek(&mut self, length: PrefixLen<A>) {
        let sought = Sought { policy: self.policy, network: self.network, length };
        self.space.tiers.iter_mut().for_each(|tier| tier.seek(sought));
    }

    /// Takes the next block; `None` where there is none.
    pub(super) fn next(&mut self) -> Option<Prefix<A>> {
        let block = self.space.tiers.iter_mut().find_map(Tier::next)?;
        self.space.take(block.interval());
        Some(block)
    }
}

impl<A: Address> Tier<A> {
    fn of(free: Vec<Interval<A>>) -> Self {
        let free = free.into_iter().map(|free| (free.first(), free.last())).collect();
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

/// In order, with those joined that overlap or touch.
pub(super) fn normal<A: Address>(mut intervals: Vec<Interval<A>>) -> Vec<Interval<A>> {
    intervals.sort_unstable();
    let mut normal: Vec<Interval<A>> = Vec::with_capacity(intervals.len());
    for interval in intervals {
        match normal.last_mut() {
            Some(last) if last.overlaps(interval) || last.precedes(interval) => {
                *last = Interval::ordered(last.first(), last.last().max(interval.last()));
            }
            _ => normal.push(interval),
        }
    }
    normal
}

/// What two sets of intervals share, each in order and without overlap.
fn common<A: Address>(one: &[Interval<A>], other: &[Interval<A>]) -> Vec<Interval<A>> {
    let (mut ones, mut others) = (one.iter().peekable(), other.iter().peekable());
    let mut common = Vec::new();
    while let (Some(one), Some(other)) = (ones.peek(), others.peek()) {
        common.extend(one.overlap(**other));
        if one.last() <= other.last() {
            ones.next()
        } else {
            others.next()
        };
    }
    common
}
