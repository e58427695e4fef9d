//! The node that is nearest to taking a product: fewest refusals, then the smallest part of what is asked for, then its
//! name.
//!
//! What is missing of a node is the largest part that is missing of any amount; a refusal that is not measured (a role, a
//! label, a taint, a slot, an unknown figure) counts as the whole.

use crate::error::PlacementError;
use crate::placement::{
    check::scan::{AskedLane, Batch, Glance, Look},
    snapshot::bits::{NONE, Words, and, and_not, has, is_empty, take_first},
};
use std::cmp::Ordering;

/// Looks for the nearest node of each product.
pub(in crate::placement) struct Nearer {
    best: Vec<Option<Best>>,
}

struct Best {
    refusals: u32,
    missing: Missing,
    rank: usize,
    slot: usize,
}

/// So much of so much.
#[derive(Clone, Copy)]
struct Missing {
    short: u64,
    of: u64,
}

impl Missing {
    const WHOLE: Self = Self { short: 1, of: 1 };
    const NOTHING: Self = Self { short: 0, of: 1 };

    fn compare(self, other: Self) -> Ordering {
        let times = |a: u64, b: u64| u128::from(a).wrapping_mul(u128::from(b)); // 64 by 64 bits are 128
        times(self.short, other.of).cmp(&times(other.short, self.of))
    }
}

impl Nearer {
    pub(in crate::placement) fn new(products: usize) -> Self {
        Self { best: (0..products).map(|_| None).collect() }
    }

    pub(in crate::placement) fn slots(&self) -> impl Iterator<Item = Option<usize>> {
        self.best.iter().map(|best| best.as_ref().map(|best| best.slot))
    }
}

impl<'p> Look<'p> for Nearer {
    fn look(&mut self, batch: &Batch<'_, 'p>, glance: &Glance<'_, 'p>) -> Result<(), PlacementError> {
        let Some(best) = self.best.get_mut(glance.product) else { return Ok(()) };
        let (refusals, candidates) = fewest(batch, glance);
        if best.as_ref().is_some_and(|best| refusals > best.refusals) {
            return Ok(());
        }
        if best.as_ref().is_some_and(|best| refusals < best.refusals) {
            *best = None;
        }
        let mut candidates = match best {
            Some(best) => and(&candidates, &could_be_nearer(batch, glance, best.missing)),
            None => candidates,
        };
        while let Some(place) = take_first(&mut candidates) {
            let start = if has(&glance.standing, place) { Missing::NOTHING } else { Missing::WHOLE };
            let Some(missing) = missing(batch, glance, place, start, best.as_ref()) else { continue };
            let (slot, rank) = (glance.slot(place), batch.rank_of(glance.slot(place)));
            let is_nearer = best
                .as_ref()
                .is_none_or(|best| missing.compare(best.missing).then_with(|| rank.cmp(&best.rank)) == Ordering::Less);
            if is_nearer {
                candidates = and(&candidates, &could_be_nearer(batch, glance, missing));
                *best = Some(Best { refusals, missing, rank, slot });
            }
        }
        Ok(())
    }
}

/// The nodes of a block that lack no more of any part, and of the others as few as can be told by what is asked for.
fn could_be_nearer(batch: &Batch<'_, '_>, glance: &Glance<'_, '_>, missing: Missing) -> Words {
    let mut could = [u64::MAX; 8];
    if missing.short >= missing.of {
        return could;
    }
    for part in glance.parts.iter().filter(|part| part.resource.is_some()) {
        let product = u128::from(missing.short).wrapping_mul(u128::from(part.amount.unsigned_abs()));
        let most = product.checked_div(u128::from(missing.of)).and_then(|most| i64::try_from(most).ok());
        // With cards of unknown model a level says less than the ceiling: they are not left out.
        let is_plain = batch.lanes.get(part.lane).is_some_and(|lane| !lane.filled.is_mixed);
        if let (Some(most), true) = (most, is_plain) {
            could = and(&could, &batch.reaching(part.lane, part.amount.saturating_sub(most)));
        }
    }
    could
}

/// How much a node lacks; none where another is nearer already.
fn missing(
    batch: &Batch<'_, '_>,
    glance: &Glance<'_, '_>,
    place: usize,
    start: Missing,
    best: Option<&Best>,
) -> Option<Missing> {
    let mut most = start;
    for part in glance.parts {
        let AskedLane { filled, is_trusted, .. } = batch.lanes.get(part.lane)?;
        let (level, ceiling) = (*filled.levels.get(place)?, *filled.ceilings.get(place)?);
        let lacks = match part.resource {
            _ if level >= part.amount => continue,
            _ if ceiling >= part.amount && *is_trusted => continue,
            Some(_) if ceiling < part.amount => {
                Missing { short: part.amount.abs_diff(level), of: part.amount.unsigned_abs() }
            }
            _ => Missing::WHOLE,
        };
        if lacks.compare(most) == Ordering::Greater {
            most = lacks;
        }
        if best.is_some_and(|best| most.compare(best.missing) == Ordering::Greater) {
            return None;
        }
    }
    Some(most)
}

/// The least number of refusals of a node of the block, and the nodes that have so few.
///
/// The numbers of all nodes are added up bit by bit: a plane holds one binary digit of each.
fn fewest(batch: &Batch<'_, '_>, glance: &Glance<'_, '_>) -> (u32, Words) {
    let mut planes = [NONE; PLANES];
    for refusing in &glance.group.refusing {
        if let Some(words) = refusing.blocks.get(glance.block) {
            add(&mut planes, words);
        }
    }
    for part in glance.parts {
        let (short, unknown) = batch.lacking(part.ask);
        add(&mut planes, &short);
        if batch.is_mixed {
            add(&mut planes, &unknown);
        }
    }
    let mut candidates = batch.nodes_of(glance.block);
    let mut fewest = 0_u32;
    for plane in planes.iter().rev() {
        let without = and_not(&candidates, plane);
        fewest = fewest.wrapping_mul(2);
        if is_empty(&without) {
            fewest = fewest.wrapping_add(1);
        } else {
            candidates = without;
        }
    }
    (fewest, candidates)
}

/// Enough for seven standing refusals and one for each of 1,000 resources.
const PLANES: usize = 10;

fn add(planes: &mut [Words; PLANES], words: &Words) {
    let mut carry = *words;
    for plane in planes {
        for (digit, carry) in plane.iter_mut().zip(&mut carry) {
            (*digit, *carry) = (*digit ^ *carry, *digit & *carry);
        }
        if is_empty(&carry) {
            return;
        }
    }
}
