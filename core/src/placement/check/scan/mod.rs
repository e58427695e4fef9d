//! One kernel for every question about what fits: products against nodes, 512 nodes at a time.
//!
//! Labels and taints are judged once for each of the constraints that there are, amounts once for each distinct amount of
//! a lane. What is left of a pair of a product and a node is a bit in a word of 64, and so the parts of a product are put
//! together for 64 nodes at once. Memory is bounded by the batch, whatever the catalogue is.

mod compare;
mod standing;

use self::{
    compare::Ladder,
    standing::{Group, Standing},
};
use crate::error::PlacementError;
use crate::placement::{
    Constraints, Product, Resource, Rules, Telling,
    request::CARD,
    rules::Trust,
    snapshot::Snapshot,
    snapshot::bits::{BLOCK, Bits, NONE, Words, and, and_not, count, or, places},
    snapshot::columns::{Columns, Filled},
    snapshot::lane::Lane,
};
use std::collections::BTreeMap;

pub use self::compare::Path;
pub(in crate::placement) use self::standing::Told;

/// So many products are judged together at most, and so many amounts.
const PRODUCTS: usize = 512;
const AMOUNTS: usize = 1 << 14;

/// So many resources one product may ask for.
const RESOURCES: usize = 1000;

/// How a scan is made.
#[derive(Debug, Clone, Copy)]
pub(in crate::placement) struct Manner<'l> {
    pub(in crate::placement) path: Path,
    /// Of which resources an unknown figure keeps nothing off.
    pub(in crate::placement) trust: Trust<'l>,
    /// Which reasons are counted, if any.
    pub(in crate::placement) telling: Option<Telling>,
}

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

/// The products of a batch, and how one block of nodes stands to them.
pub(in crate::placement) struct Batch<'s, 'p> {
    pub(in crate::placement) products: &'p [Product],
    pub(in crate::placement) groups: Vec<Group>,
    /// By product: its group, and where its parts are.
    members: Vec<(usize, std::ops::Range<usize>)>,
    parts: Vec<Part<'p>>,
    pub(in crate::placement) lanes: Vec<AskedLane>,
    /// By ask: the nodes of the block that have it for sure or are trusted to, and those that may have it.
    sure: Vec<Words>,
    maybe: Vec<Words>,
    /// By ask: the nearest of the block that are short.
    pub(in crate::placement) near: Vec<Near>,
    /// By ask, over all blocks.
    pub(in crate::placement) tallies: Vec<Tally>,
    /// Whether anything in the block is unknown.
    pub(in crate::placement) is_mixed: bool,
    all: Bits,
    columns: &'s Columns,
    ranks: Option<&'s [usize]>,
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

/// A product over a block of nodes.
pub(in crate::placement) struct Glance<'b, 'p> {
    /// Its place in the batch.
    pub(in crate::placement) product: usize,
    pub(in crate::placement) block: usize,
    pub(in crate::placement) parts: &'b [Part<'p>],
    pub(in crate::placement) group: &'b Group,
    /// The nodes that it may run on.
    pub(in crate::placement) standing: Words,
    /// The nodes where all amounts are free.
    pub(in crate::placement) roomy: Words,
}

impl Glance<'_, '_> {
    pub(in crate::placement) const fn slot(&self, place: usize) -> usize {
        self.block.saturating_mul(BLOCK).saturating_add(place)
    }

    /// The nodes that take it.
    pub(in crate::placement) fn fitting(&self) -> Words {
        and(&self.standing, &self.roomy)
    }
}

/// Something that looks at each product over each block.
pub(in crate::placement) trait Look<'p> {
    fn look(&mut self, batch: &Batch<'_, 'p>, glance: &Glance<'_, 'p>) -> Result<(), PlacementError>;
}

/// Judges the products batch by batch: `start` makes what looks at a batch, and `end` is given it when all is seen.
pub(in crate::placement) fn scan<'p, L: Look<'p>>(
    snapshot: &Snapshot,
    products: &'p [Product],
    rules: &Rules,
    manner: Manner<'_>,
    mut start: impl FnMut(&Batch<'_, 'p>) -> L,
    mut end: impl FnMut(&Batch<'_, 'p>, L) -> Result<(), PlacementError>,
) -> Result<(), PlacementError> {
    let columns = snapshot.columns();
    let ranks = columns.ranks();
    let telling = manner.telling.unwrap_or(Telling::Every);
    let mut standing = Standing::new(columns, ranks.as_deref(), rules, telling);
    let mut rest = products;
    while !rest.is_empty() {
        let (products, others) = rest.split_at(batch_length(rest)?);
        rest = others;
        let mut batch = Batch::new(columns, ranks.as_deref(), products, rules, manner.trust, &mut standing);
        let mut look = start(&batch);
        for block in 0..columns.len().div_ceil(BLOCK) {
            batch.fill(block, manner);
            batch.judge(block, &mut look)?;
        }
        end(&batch, look)?;
    }
    Ok(())
}

fn batch_length(products: &[Product]) -> Result<usize, PlacementError> {
    let (mut length, mut amounts) = (0_usize, 0_usize);
    for product in products.iter().take(PRODUCTS) {
        let count = product.request.iter().count();
        if count > RESOURCES {
            let product = product.id.clone();
            return Err(PlacementError::TooManyResources { product, count, limit: RESOURCES });
        }
        amounts = amounts.saturating_add(count);
        if amounts > AMOUNTS {
            break;
        }
        length = length.saturating_add(1);
    }
    Ok(length)
}

impl<'s, 'p> Batch<'s, 'p> {
    fn new(
        columns: &'s Columns,
        ranks: Option<&'s [usize]>,
        products: &'p [Product],
        rules: &Rules,
        trust: Trust<'_>,
        standing: &mut Standing<'s>,
    ) -> Self {
        let mut groups = Vec::new();
        let mut by_constraints: BTreeMap<&Constraints, usize> = BTreeMap::new();
        let mut batch = Self {
            products,
            groups: Vec::new(),
            members: Vec::new(),
            parts: Vec::new(),
            lanes: Vec::new(),
            sure: Vec::new(),
            maybe: Vec::new(),
            near: Vec::new(),
            tallies: Vec::new(),
            is_mixed: false,
            all: Bits::all(columns.len()),
            columns,
            ranks,
        };
        let (mut by_lane, mut before) = (BTreeMap::new(), 0..0);
        for product in products {
            let group = *by_constraints.entry(&product.constraints).or_insert_with(|| {
                groups.push(standing.group(&product.constraints));
                groups.len().saturating_sub(1)
            });
            let from = batch.parts.len();
            batch.ask(&mut by_lane, before.start, None, 1, trust);
            for (resource, amount) in product.request.iter().filter(|(resource, _)| !rules.ignores(resource)) {
                let like = before.start.saturating_add(batch.parts.len()).saturating_sub(from);
                batch.ask(&mut by_lane, like, Some(resource), amount.cast_signed(), trust);
            }
            before = from..batch.parts.len();
            batch.members.push((group, before.clone()));
        }
        batch.groups = groups;
        batch.lay_out();
        batch
    }

    /// Notes a part. Catalogues are alike: `like` is the part of the product before that may be of the same lane.
    fn ask(
        &mut self,
        by_lane: &mut BTreeMap<Lane, usize>,
        like: usize,
        resource: Option<&'p Resource>,
        amount: i64,
        trust: Trust<'_>,
    ) {
        let is_share = |amount: i64| amount < CARD.cast_signed();
        let alike = self.parts.get(like).filter(|part| {
            let is_of_cards = matches!(resource, Some(Resource::Gpu(_)));
            part.resource == resource && (!is_of_cards || is_share(part.amount) == is_share(amount))
        });
        let lane = match alike {
            Some(part) => part.lane,
            None => {
                let lane = resource.map_or(Lane::Slots, |resource| Lane::of(resource, amount.unsigned_abs()));
                *by_lane.entry(lane).or_insert_with_key(|lane| {
                    let is_trusted = resource.is_some_and(|resource| trust.covers(resource));
                    let (lane, ladder, filled) = (lane.clone(), Ladder::default(), Box::new(Filled::new()));
                    self.lanes.push(AskedLane { lane, requests: Vec::new(), ladder, base: 0, is_trusted, filled });
                    self.lanes.len().saturating_sub(1)
                })
            }
        };
        if let Some(asked) = self.lanes.get_mut(lane) {
            asked.requests.push(amount);
        }
        self.parts.push(Part { resource, amount, lane, ask: 0 });
    }

    /// Gives each distinct amount of each lane its place.
    fn lay_out(&mut self) {
        let mut base = 0_usize;
        for lane in &mut self.lanes {
            lane.ladder = Ladder::new(std::mem::take(&mut lane.requests));
            lane.base = base;
            base = base.saturating_add(lane.ladder.requests().len());
        }
        for part in &mut self.parts {
            if let Some(lane) = self.lanes.get(part.lane) {
                part.ask = lane.base.saturating_add(lane.ladder.rank(part.amount).saturating_sub(1));
            }
        }
        self.sure = vec![NONE; base];
        self.maybe = vec![NONE; base];
        self.near = vec![Near::NONE; base];
        self.tallies = vec![Tally::NONE; base];
    }

    /// Compares a block with every amount that is asked for.
    fn fill(&mut self, block: usize, manner: Manner<'_>) {
        for lane in &mut self.lanes {
            self.columns.fill(&lane.lane, block, &mut lane.filled);
        }
        self.is_mixed = self.lanes.iter().any(|lane| lane.filled.is_mixed);
        let start = block.saturating_mul(BLOCK);
        let nodes = self.columns.len().saturating_sub(start).min(BLOCK);
        let ranks_of_names = |place: usize| -> usize {
            let slot = start.saturating_add(place);
            self.ranks.map_or(Some(slot), |ranks| ranks.get(slot).copied()).unwrap_or(usize::MAX)
        };
        let (mut level_ranks, mut ceiling_ranks) = ([0; BLOCK], [0; BLOCK]);
        let mut buckets: Vec<(u64, Near)> = Vec::new();
        for lane in &self.lanes {
            let AskedLane { ladder, filled, .. } = lane;
            let requests = ladder.requests();
            let asks = lane.base..lane.base.saturating_add(requests.len());
            let Some(sure) = self.sure.get_mut(asks.clone()) else { continue };
            let Some(maybe) = self.maybe.get_mut(asks.clone()) else { continue };
            let is_ranked = manner.path.ranks(requests.len());
            if is_ranked || manner.telling.is_some() {
                ladder.ranks(&filled.levels, &mut level_ranks);
            }
            match is_ranked {
                true => compare::spread(&level_ranks, sure),
                false => compare::compare(manner.path, &filled.levels, requests, sure),
            }
            if !filled.is_mixed {
                if self.is_mixed {
                    maybe.copy_from_slice(sure);
                }
                ceiling_ranks = level_ranks;
            } else {
                if is_ranked || manner.telling.is_some() {
                    ladder.ranks(&filled.ceilings, &mut ceiling_ranks);
                }
                match is_ranked {
                    true => compare::spread(&ceiling_ranks, maybe),
                    false => compare::compare(manner.path, &filled.ceilings, requests, maybe),
                }
                if lane.is_trusted {
                    sure.copy_from_slice(maybe);
                }
            }
            if manner.telling.is_none() {
                continue;
            }
            buckets.clear();
            buckets.resize(requests.len().saturating_add(1), (0, Near::NONE));
            let ranked = ceiling_ranks.iter().zip(&filled.levels).enumerate().take(nodes);
            for (place, (bucket, level)) in ranked {
                let Some((count, near)) = buckets.get_mut(*bucket) else { continue };
                *count = count.wrapping_add(1);
                let here = Near { level: *level, rank: ranks_of_names(place) };
                if here.is_nearer_than(*near) {
                    *near = here;
                }
            }
            let (Some(nears), Some(tallies)) = (self.near.get_mut(asks.clone()), self.tallies.get_mut(asks)) else {
                continue;
            };
            let mut below = (0_u64, Near::NONE);
            for ((near, tally), (count, nearest)) in nears.iter_mut().zip(tallies.iter_mut()).zip(&buckets) {
                below.0 = below.0.wrapping_add(*count);
                if nearest.is_nearer_than(below.1) {
                    below.1 = *nearest;
                }
                *near = below.1;
                tally.short = tally.short.wrapping_add(below.0);
                if near.is_nearer_than(tally.near) {
                    tally.near = *near;
                }
            }
            if filled.is_mixed && !lane.is_trusted {
                for (tally, (sure, maybe)) in tallies.iter_mut().zip(sure.iter().zip(maybe.iter())) {
                    let unknown = and_not(maybe, sure);
                    tally.unknown = tally.unknown.wrapping_add(count(&unknown));
                    let first = match self.ranks {
                        None => places(&unknown).next().map(|place| start.saturating_add(place)),
                        Some(_) => places(&unknown).map(ranks_of_names).min(),
                    };
                    tally.first_unknown = tally.first_unknown.min(first.unwrap_or(usize::MAX));
                }
            }
        }
    }

    /// By ask: the nodes of the block that have it with what is unknown.
    fn maybe(&self) -> &[Words] {
        if self.is_mixed { &self.maybe } else { &self.sure }
    }

    fn judge(&self, block: usize, look: &mut impl Look<'p>) -> Result<(), PlacementError> {
        for (product, (group, parts)) in self.members.iter().enumerate() {
            let (Some(group), Some(parts)) = (self.groups.get(*group), self.parts.get(parts.clone())) else { continue };
            let Some(standing) = group.ok.blocks.get(block) else { continue };
            let mut roomy = [u64::MAX; 8];
            for part in parts {
                if let Some(enough) = self.sure.get(part.ask) {
                    roomy = and(&roomy, enough);
                }
            }
            look.look(self, &Glance { product, block, parts, group, standing: *standing, roomy })?;
        }
        Ok(())
    }

    /// The group and the parts of a product.
    pub(in crate::placement) fn member(&self, product: usize) -> Option<(&Group, &[Part<'p>])> {
        let (group, parts) = self.members.get(product)?;
        Some((self.groups.get(*group)?, self.parts.get(parts.clone())?))
    }

    pub(in crate::placement) fn tally(&self, ask: usize) -> Tally {
        self.tallies.get(ask).copied().unwrap_or(Tally::NONE)
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

    /// The slots of a block.
    pub(in crate::placement) fn nodes_of(&self, block: usize) -> Words {
        self.all.blocks.get(block).copied().unwrap_or(NONE)
    }

    /// The slot of a place in the order of names.
    pub(in crate::placement) fn slot_at(&self, rank: usize) -> usize {
        match self.ranks {
            None => rank,
            Some(ranks) => ranks.iter().position(|held| *held == rank).unwrap_or(usize::MAX),
        }
    }

    /// The place of a slot in the order of names.
    pub(in crate::placement) fn rank_of(&self, slot: usize) -> usize {
        self.ranks.map_or(Some(slot), |ranks| ranks.get(slot).copied()).unwrap_or(usize::MAX)
    }
}
