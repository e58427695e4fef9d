//! What is asked for, lane by lane, and which nodes of a block have it.

use super::{
    Manner,
    compare::{self, Ladder},
};
use crate::placement::{
    Resource,
    request::CARD,
    rules::Trust,
    snapshot::{
        bits::{BLOCK, NONE, Words, and, and_not, count, or, places},
        columns::{Columns, Filled, Order},
        lane::Lane,
    },
};
use std::collections::BTreeMap;

/// What a product asks for in one lane.
#[derive(Debug, Clone)]
pub(in crate::placement) struct Part<'p> {
    /// Of what; none for the slot of the pod itself.
    pub(in crate::placement) resource: Option<&'p Resource>,
    pub(in crate::placement) amount: i64,
    pub(in crate::placement) lane: usize,
    /// The place of the amount among those of all lanes.
    pub(in crate::placement) ask: usize,
}

/// The node that lacks least of a lane: its level, and its place in the order of names.
#[derive(Debug, Clone, Copy)]
pub(in crate::placement) struct Near {
    pub(in crate::placement) level: i64,
    pub(in crate::placement) rank: usize,
}

impl Near {
    pub(in crate::placement) const NONE: Self = Self { level: i64::MIN, rank: usize::MAX };

    pub(in crate::placement) const fn is_nearer_than(self, other: Self) -> bool {
        self.level > other.level || self.level == other.level && self.rank < other.rank
    }
}

/// How all nodes stand to one amount of one lane, whatever else keeps them off.
#[derive(Debug, Clone, Copy)]
pub(in crate::placement) struct Tally {
    pub(in crate::placement) short: u64,
    pub(in crate::placement) near: Near,
    pub(in crate::placement) unknown: u64,
    /// The first by name of those where it is unknown.
    pub(in crate::placement) first_unknown: usize,
}

impl Tally {
    pub(in crate::placement) const NONE: Self =
        Self { short: 0, near: Near::NONE, unknown: 0, first_unknown: usize::MAX };
}

/// A lane that is asked for.
pub(in crate::placement) struct AskedLane {
    pub(in crate::placement) lane: Lane,
    /// The amounts as they come.
    requests: Vec<i64>,
    /// The distinct ones, in order.
    ladder: Ladder,
    base: usize,
    /// Whether what is unknown here keeps nothing off.
    pub(in crate::placement) is_trusted: bool,
    pub(in crate::placement) filled: Box<Filled>,
}

/// All lanes that a batch asks for, compared with one block of nodes after another.
///
/// An *ask* is an amount of a lane; equal ones are one.
pub(in crate::placement) struct Amounts<'s> {
    pub(in crate::placement) lanes: Vec<AskedLane>,
    by_lane: BTreeMap<Lane, usize>,
    /// By ask: the nodes of the block that have it for sure or are trusted to, and those that may have it.
    sure: Vec<Words>,
    maybe: Vec<Words>,
    /// By ask: the nearest of the block that are short.
    near: Vec<Near>,
    /// By ask, over all blocks.
    tallies: Vec<Tally>,
    /// Whether anything in the block is unknown.
    pub(in crate::placement) is_mixed: bool,
    columns: &'s Columns,
    order: &'s Order,
}

/// How many nodes stand between two asks, and which of them is the nearest.
#[derive(Clone, Copy)]
struct Bucket {
    nodes: u64,
    near: Near,
}

/// Space that every lane of every block uses again.
struct Scratch {
    level_ranks: [usize; BLOCK],
    ceiling_ranks: [usize; BLOCK],
    buckets: Vec<Bucket>,
}

impl<'s> Amounts<'s> {
    pub(in crate::placement) const fn new(columns: &'s Columns, order: &'s Order) -> Self {
        Self {
            lanes: Vec::new(),
            by_lane: BTreeMap::new(),
            sure: Vec::new(),
            maybe: Vec::new(),
            near: Vec::new(),
            tallies: Vec::new(),
            is_mixed: false,
            columns,
            order,
        }
    }

    /// Notes a part. Catalogues are alike: `like` is the part of the product before that may be of the same lane.
    pub(in crate::placement) fn ask<'p>(
        &mut self,
        resource: Option<&'p Resource>,
        amount: i64,
        like: Option<&Part<'p>>,
        trust: Trust<'_>,
    ) -> Part<'p> {
        let is_share = |amount: i64| amount < CARD.cast_signed();
        let alike = like.filter(|part| {
            let is_of_cards = matches!(resource, Some(Resource::Gpu(_)));
            part.resource == resource && (!is_of_cards || is_share(part.amount) == is_share(amount))
        });
        let lane = match alike {
            Some(part) => part.lane,
            None => self.lane(resource, amount, trust),
        };
        if let Some(asked) = self.lanes.get_mut(lane) {
            asked.requests.push(amount);
        }
        Part { resource, amount, lane, ask: 0 }
    }

    fn lane(&mut self, resource: Option<&Resource>, amount: i64, trust: Trust<'_>) -> usize {
        let lane = resource.map_or(Lane::Slots, |resource| Lane::of(resource, amount.unsigned_abs()));
        let lanes = &mut self.lanes;
        *self.by_lane.entry(lane).or_insert_with_key(|lane| {
            let is_trusted = resource.is_some_and(|resource| trust.covers(resource));
            let (lane, ladder, filled) = (lane.clone(), Ladder::default(), Box::new(Filled::new()));
            lanes.push(AskedLane { lane, requests: Vec::new(), ladder, base: 0, is_trusted, filled });
            lanes.len().saturating_sub(1)
        })
    }

    /// Gives each ask its place.
    pub(in crate::placement) fn lay_out(&mut self, parts: &mut [Part<'_>]) {
        let mut base = 0_usize;
        for lane in &mut self.lanes {
            lane.ladder = Ladder::new(std::mem::take(&mut lane.requests));
            lane.base = base;
            base = base.saturating_add(lane.ladder.requests().len());
        }
        for part in parts {
            if let Some(lane) = self.lanes.get(part.lane) {
                part.ask = lane.base.saturating_add(lane.ladder.rank(part.amount).saturating_sub(1));
            }
        }
        self.sure = vec![NONE; base];
        self.maybe = vec![NONE; base];
        self.near = vec![Near::NONE; base];
        self.tallies = vec![Tally::NONE; base];
    }

    /// Compares a block with every ask.
    pub(in crate::placement) fn fill(&mut self, block: usize, manner: Manner<'_>) {
        for lane in &mut self.lanes {
            self.columns.fill(&lane.lane, block, &mut lane.filled);
        }
        self.is_mixed = self.lanes.iter().any(|lane| lane.filled.is_mixed);
        let start = block.saturating_mul(BLOCK);
        let nodes = self.columns.len().saturating_sub(start).min(BLOCK);
        let mut scratch = Scratch { level_ranks: [0; BLOCK], ceiling_ranks: [0; BLOCK], buckets: Vec::new() };
        for lane in &self.lanes {
            let asks = lane.base..lane.base.saturating_add(lane.ladder.requests().len());
            let (Some(sure), Some(maybe)) = (self.sure.get_mut(asks.clone()), self.maybe.get_mut(asks.clone())) else {
                continue;
            };
            lane.compare(manner, self.is_mixed, sure, maybe, &mut scratch);
            if manner.telling.is_none() {
                continue;
            }
            let (Some(near), Some(tallies)) = (self.near.get_mut(asks.clone()), self.tallies.get_mut(asks)) else {
                continue;
            };
            lane.tally_short(self.order, start, nodes, near, tallies, &mut scratch);
            if lane.filled.is_mixed && !lane.is_trusted {
                tally_unknown(self.order, start, sure, maybe, tallies);
            }
        }
    }

    /// By ask: the nodes of the block that have it.
    pub(in crate::placement) fn enough(&self, ask: usize) -> Words {
        self.sure.get(ask).copied().unwrap_or(NONE)
    }

    /// By ask: the nodes of the block that have it with what is unknown.
    fn maybe(&self) -> &[Words] {
        if self.is_mixed { &self.maybe } else { &self.sure }
    }

    pub(in crate::placement) fn tally(&self, ask: usize) -> Tally {
        self.tallies.get(ask).copied().unwrap_or(Tally::NONE)
    }

    /// Of an ask the nearest node of the block that is short.
    pub(in crate::placement) fn near(&self, ask: usize) -> Near {
        self.near.get(ask).copied().unwrap_or(Near::NONE)
    }

    /// Of an ask: the nodes of the block that are short, and those where it is unknown and that keeps a product off.
    pub(in crate::placement) fn lacking(&self, ask: usize) -> (Words, Words) {
        let (Some(sure), Some(maybe)) = (self.sure.get(ask), self.maybe().get(ask)) else { return (NONE, NONE) };
        (maybe.map(|word| !word), and_not(maybe, sure))
    }

    /// Of a block a set that has all nodes whose level in a lane is not below this one, and of the others as few as can be
    /// told by what is asked for.
    pub(in crate::placement) fn reaching(&self, lane: usize, level: i64) -> Words {
        let reaching = self.lanes.get(lane).and_then(|lane| {
            let below = lane.ladder.rank(level).checked_sub(1)?;
            self.sure.get(lane.base.saturating_add(below)).copied()
        });
        reaching.unwrap_or([u64::MAX; 8])
    }

    /// The nodes of the block whose level in a lane is not below this one, which is above zero.
    pub(in crate::placement) fn at_least(&self, lane: usize, level: i64) -> Words {
        self.lanes.get(lane).map_or(NONE, |lane| compare::reach(&lane.filled.levels, level))
    }

    /// Where any part of a product is unknown.
    pub(in crate::placement) fn unknown(&self, parts: &[Part<'_>]) -> Words {
        if !self.is_mixed {
            return NONE;
        }
        parts.iter().fold(NONE, |any, part| or(&any, &self.lacking(part.ask).1))
    }

    /// Where any part of a product is short.
    pub(in crate::placement) fn short(&self, parts: &[Part<'_>]) -> Words {
        let all = parts.iter().filter_map(|part| self.maybe().get(part.ask));
        all.fold([u64::MAX; 8], |all, maybe| and(&all, maybe)).map(|word| !word)
    }
}

impl AskedLane {
    /// For each ask of the lane the nodes that have it, and those that may.
    fn compare(
        &self,
        manner: Manner<'_>,
        is_block_mixed: bool,
        sure: &mut [Words],
        maybe: &mut [Words],
        scratch: &mut Scratch,
    ) {
        let Self { ladder, filled, .. } = self;
        let requests = ladder.requests();
        let is_ranked = manner.path.ranks(requests.len());
        let compare = |levels: &[i64; BLOCK], ranks: &mut [usize; BLOCK], into: &mut [Words]| {
            if is_ranked || manner.telling.is_some() {
                ladder.ranks(levels, ranks);
            }
            match is_ranked {
                true => compare::spread(ranks, into),
                false => compare::compare(manner.path, levels, requests, into),
            }
        };
        compare(&filled.levels, &mut scratch.level_ranks, sure);
        if filled.is_mixed {
            compare(&filled.ceilings, &mut scratch.ceiling_ranks, maybe);
            if self.is_trusted {
                sure.copy_from_slice(maybe);
            }
            return;
        }
        scratch.ceiling_ranks = scratch.level_ranks;
        if is_block_mixed {
            maybe.copy_from_slice(sure);
        }
    }

    /// How many nodes of the block are short of each ask, and which of them is the nearest.
    fn tally_short(
        &self,
        order: &Order,
        start: usize,
        nodes: usize,
        nears: &mut [Near],
        tallies: &mut [Tally],
        scratch: &mut Scratch,
    ) {
        let Scratch { ceiling_ranks, buckets, .. } = scratch;
        let nothing = Bucket { nodes: 0, near: Near::NONE };
        buckets.clear();
        buckets.resize(nears.len().saturating_add(1), nothing);
        for (place, (rank, level)) in ceiling_ranks.iter().zip(&self.filled.levels).enumerate().take(nodes) {
            let Some(bucket) = buckets.get_mut(*rank) else { continue };
            bucket.nodes = bucket.nodes.wrapping_add(1);
            let here = Near { level: *level, rank: order.rank(start.wrapping_add(place)) };
            if here.is_nearer_than(bucket.near) {
                bucket.near = here;
            }
        }
        // Short of an ask are all that reach no more asks than there are below it.
        let mut below = nothing;
        for ((near, tally), bucket) in nears.iter_mut().zip(tallies).zip(buckets) {
            below.nodes = below.nodes.wrapping_add(bucket.nodes);
            if bucket.near.is_nearer_than(below.near) {
                below.near = bucket.near;
            }
            *near = below.near;
            tally.short = tally.short.wrapping_add(below.nodes);
            if near.is_nearer_than(tally.near) {
                tally.near = *near;
            }
        }
    }
}

/// How many nodes of the block nobody knows of, for each ask, and the first of them.
fn tally_unknown(order: &Order, start: usize, sure: &[Words], maybe: &[Words], tallies: &mut [Tally]) {
    for (tally, (sure, maybe)) in tallies.iter_mut().zip(sure.iter().zip(maybe)) {
        let unknown = and_not(maybe, sure);
        tally.unknown = tally.unknown.wrapping_add(count(&unknown));
        let first = order.first(places(&unknown).map(|place| start.wrapping_add(place)));
        tally.first_unknown = tally.first_unknown.min(first.map_or(usize::MAX, |slot| order.rank(slot)));
    }
}
