//! Which products can be deployed now, and why the others can not.

mod columns;
mod counts;
mod nearest;
mod scan;

pub use columns::VerdictColumns;
pub use counts::Count;
pub use scan::Path;

use self::{
    nearest::Nearer,
    scan::{Batch, Glance, Look, Manner, Near, Part, Tally, Told, scan},
};
use crate::error::PlacementError;
use crate::placement::{
    Explanation, FirstReasons, Nearest, Product, ReasonCount, Refusal, Rules, Snapshot, Telling, Verdict,
    rules::Trust,
    snapshot::bits::{and, and_not, count, places, take_first},
    words::words,
};
use std::collections::BTreeSet;

/// How a catalogue is judged.
///
/// # Rule
/// R-A1, R-A7
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checking {
    /// Which reasons are counted.
    pub telling: Telling,
    /// How much is said of a product that is grey.
    pub detail: Detail,
    /// The way in which amounts are compared; the answer is the same.
    #[doc(hidden)]
    pub path: Path,
}

impl Checking {
    /// Which products are grey, at which stage, and nothing else.
    pub const VERDICTS: Self = Self { telling: Telling::Every, detail: Detail::Verdicts, path: Path::Fastest };
    /// With every reason of every node.
    pub const REASONS: Self = Self { telling: Telling::Every, detail: Detail::Reasons, path: Path::Fastest };
    /// With every reason, and for each product the node that is nearest to taking it.
    pub const NEAREST: Self = Self { telling: Telling::Every, detail: Detail::Nearest, path: Path::Fastest };
}

/// How much is said of a product that is grey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detail {
    /// The stage.
    Verdicts,
    /// And the reasons with their counts, each with the node that lacks least.
    Reasons,
    /// And the node that is nearest to taking it.
    Nearest,
}

words!(
    Detail,
    "detail of a check",
    "verdicts" => Verdicts,
    "reasons" => Reasons,
    "nearest" => Nearest,
);

/// What became of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The ids of the products that are grey, in the order in which they were given, each once.
    pub greyed: Vec<String>,
    /// What became of each product, in the order in which they were given.
    pub verdicts: Vec<Verdict>,
}

impl Snapshot {
    /// Which products can be deployed now: those that at least one node takes, with all their parts at once. Each is judged
    /// alone, against the same nodes.
    ///
    /// The stages of the ledger come before; see [`Stage`](super::Stage).
    ///
    /// # Complexity
    /// Labels and taints once for each of the constraints that differ, amounts once for each that differs, and a few
    /// operations for 64 nodes of a product. Nothing of the snapshot is built again.
    ///
    /// # Errors
    /// `placement.too_many_resources` for a product of more than 1,000 resources; `placement.explanation_not_conserved` where
    /// reasons do not add up to the nodes: a fault of the library.
    ///
    /// # Examples
    ///
    /// A control node does not carry products, and free amounts of two nodes never add up:
    /// ```
    /// use counterfoil::placement::*;
    ///
    /// let node = |name: &str, role, milli| {
    ///     let mut node = Node { role, ..Node::worker(name) };
    ///     node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(milli)));
    ///     node
    /// };
    /// let nodes = [node("k8s-master", Role::Control, 3150), node("k8s-worker-1", Role::Worker, 1600)];
    /// let snapshot = Snapshot::new(nodes, [], Sharing::Named)?;
    ///
    /// let product = |id: &str, milli| Ok::<_, counterfoil::error::PlacementError>(Product::new(id, Request::new([(Resource::Cpu, milli)])?));
    /// let products = [product("1-core", 1000)?, product("2-core", 2000)?];
    /// let check = snapshot.check(&products, &Rules::strict(), Checking::REASONS)?;
    /// assert_eq!(check.greyed, ["2-core"]);
    /// assert_eq!(check.verdicts[0], Verdict::Sellable { nodes: 1 });
    /// let Verdict::Grey { stage: Stage::Dynamic, explanation: Some(why) } = &check.verdicts[1] else { panic!() };
    /// assert_eq!((why.nodes, why.first.role, why.first.parts), (2, 1, 1));
    /// assert_eq!((why.reasons[1].shortfall, why.reasons[1].nearest.as_str()), (Some(400), "k8s-worker-1"));
    /// # Ok::<(), counterfoil::error::PlacementError>(())
    /// ```
    ///
    /// # Rule
    /// R-A1, R-A2, R-A7
    pub fn check(&self, products: &[Product], rules: &Rules, checking: Checking) -> Result<Check, PlacementError> {
        self.check_trusting(products, rules, rules.where_unknown.trust(), checking)
    }

    /// The same where a ledger says which unknown figures are trusted.
    pub(in crate::placement) fn check_trusting(
        &self,
        products: &[Product],
        rules: &Rules,
        trust: Trust<'_>,
        checking: Checking,
    ) -> Result<Check, PlacementError> {
        let mut check = Check { greyed: Vec::new(), verdicts: Vec::with_capacity(products.len()) };
        let mut named = BTreeSet::new();
        let told = (checking.detail > Detail::Verdicts).then_some(checking.telling);
        self.tell(products, rules, Manner { path: checking.path, trust, telling: told }, |batch, index, seen| {
            let available = seen.available;
            let verdict = match (available, batch.member(index)) {
                (0, Some((group, _))) => {
                    let explanation = told.map(|_| self.explanation(batch, index, seen, told)).transpose()?;
                    Verdict::Grey { stage: group.stage, explanation }
                }
                _ => Verdict::Sellable { nodes: available },
            };
            if let (Verdict::Grey { .. }, Some(product)) = (&verdict, batch.products.get(index))
                && named.insert(product.id.as_str())
            {
                check.greyed.push(product.id.clone());
            }
            check.verdicts.push(verdict);
            Ok(())
        })?;
        if checking.detail == Detail::Nearest {
            let manner = Manner { path: checking.path, trust, telling: None };
            self.add_nearest(products, rules, manner, &mut check.verdicts)?;
        }
        Ok(check)
    }

    /// Why some nodes take a product, or none, and the others not.
    ///
    /// The same kernel as [`check`](Self::check), for a product that need not be grey.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    ///
    /// # Rule
    /// R-A7
    pub fn explain(&self, product: &Product, rules: &Rules, telling: Telling) -> Result<Explanation, PlacementError> {
        self.explain_trusting(product, rules, rules.where_unknown.trust(), telling)
    }

    pub(in crate::placement) fn explain_trusting(
        &self,
        product: &Product,
        rules: &Rules,
        trust: Trust<'_>,
        telling: Telling,
    ) -> Result<Explanation, PlacementError> {
        let products = std::slice::from_ref(product);
        let mut told = None;
        let manner = Manner { path: Path::Fastest, trust, telling: Some(telling) };
        self.tell(products, rules, manner, |batch, index, seen| {
            told = Some(self.explanation(batch, index, seen, Some(telling))?);
            Ok(())
        })?;
        let mut explanation = told.unwrap_or_else(|| Explanation::of_nothing(self));
        if explanation.available == 0 {
            let nearest = self.nearest(products, rules, Manner { telling: None, ..manner }, &[true])?;
            explanation.nearest = nearest.into_iter().next().flatten();
        }
        Ok(explanation)
    }

    /// Scans and hands over each product in order.
    fn tell<'p>(
        &self,
        products: &'p [Product],
        rules: &Rules,
        manner: Manner<'_>,
        mut each: impl FnMut(&Batch<'_, 'p>, usize, &Seen) -> Result<(), PlacementError>,
    ) -> Result<(), PlacementError> {
        let telling = manner.telling;
        let start =
            |batch: &Batch<'_, 'p>| Counter { telling, seen: batch.products.iter().map(|_| Seen::default()).collect() };
        scan(self, products, rules, manner, start, |batch, counter| {
            counter.seen.iter().enumerate().try_for_each(|(index, seen)| each(batch, index, seen))
        })
    }

    fn explanation(
        &self,
        batch: &Batch<'_, '_>,
        index: usize,
        seen: &Seen,
        telling: Option<Telling>,
    ) -> Result<Explanation, PlacementError> {
        let Some((group, parts)) = batch.member(index) else { return Ok(Explanation::of_nothing(self)) };
        let mut explanation = Explanation::of_nothing(self);
        explanation.available = seen.available;
        explanation.first = FirstReasons { unknown: seen.unknown, parts: seen.parts, ..group.first };
        let name = |slot: usize| self.columns().name(slot).to_owned();
        let told = group.told.iter().map(|Told { refusal, nodes, slot }| ReasonCount {
            reason: refusal.clone(),
            nodes: *nodes,
            shortfall: None,
            nearest: name(*slot),
        });
        explanation.reasons.extend(told);
        let tallies: Vec<Tally> = match telling {
            Some(Telling::FirstCheck) => seen.tallies.clone(),
            _ => parts.iter().map(|part| batch.amounts.tally(part.ask)).collect(),
        };
        for (part, tally) in parts.iter().zip(tallies) {
            explanation.reasons.extend(reasons_of(part, tally, |rank| name(batch.order.slot(rank))));
        }
        explanation.reasons.sort_by(|a, b| b.nodes.cmp(&a.nodes).then_with(|| a.reason.cmp(&b.reason)));
        explanation.check()?;
        Ok(explanation)
    }

    fn add_nearest(
        &self,
        products: &[Product],
        rules: &Rules,
        manner: Manner<'_>,
        verdicts: &mut [Verdict],
    ) -> Result<(), PlacementError> {
        let grey: Vec<bool> = verdicts.iter().map(|verdict| matches!(verdict, Verdict::Grey { .. })).collect();
        let nearest = self.nearest(products, rules, manner, &grey)?;
        for (verdict, nearest) in verdicts.iter_mut().zip(nearest) {
            if let Verdict::Grey { explanation: Some(explanation), .. } = verdict {
                explanation.nearest = nearest;
            }
        }
        Ok(())
    }

    /// Of each product that is wanted the node that is nearest to taking it.
    fn nearest(
        &self,
        products: &[Product],
        rules: &Rules,
        manner: Manner<'_>,
        wanted: &[bool],
    ) -> Result<Vec<Option<Nearest>>, PlacementError> {
        let wanted_products: Vec<Product> =
            products.iter().zip(wanted).filter(|(_, wanted)| **wanted).map(|(product, _)| product.clone()).collect();
        let mut found = Vec::with_capacity(wanted_products.len());
        let start = |batch: &Batch<'_, '_>| Nearer::new(batch.products.len());
        scan(self, &wanted_products, rules, manner, start, |batch, nearer| {
            for (product, slot) in batch.products.iter().zip(nearer.slots()) {
                found.push(slot.and_then(|slot| {
                    let node = self.columns().name(slot).to_owned();
                    let refusals = self.refusals_trusting(&node, product, rules, manner.trust)?;
                    Some(Nearest { node, refusals })
                }));
            }
            Ok(())
        })?;
        let mut found = found.into_iter();
        Ok(wanted.iter().map(|wanted| if *wanted { found.next().flatten() } else { None }).collect())
    }
}

impl Explanation {
    fn of_nothing(snapshot: &Snapshot) -> Self {
        Self {
            nodes: u64::try_from(snapshot.columns().len()).unwrap_or(u64::MAX),
            available: 0,
            reasons: Vec::new(),
            first: FirstReasons::default(),
            nearest: None,
        }
    }
}

/// What was seen of a product over the blocks so far.
#[derive(Default)]
struct Seen {
    available: u64,
    unknown: u64,
    parts: u64,
    /// By part, of the nodes that come as far as what is free there.
    tallies: Vec<Tally>,
}

struct Counter {
    telling: Option<Telling>,
    seen: Vec<Seen>,
}

impl<'p> Look<'p> for Counter {
    fn look(&mut self, batch: &Batch<'_, 'p>, glance: &Glance<'_, 'p>) -> Result<(), PlacementError> {
        let Some(seen) = self.seen.get_mut(glance.product) else { return Ok(()) };
        seen.available = seen.available.wrapping_add(count(&glance.fitting()));
        let Some(telling) = self.telling else { return Ok(()) };
        let unknown = batch.amounts.unknown(glance.parts);
        seen.unknown = seen.unknown.wrapping_add(count(&and(&glance.standing, &unknown)));
        let short =
            if batch.amounts.is_mixed { batch.amounts.short(glance.parts) } else { glance.roomy.map(|word| !word) };
        seen.parts = seen.parts.wrapping_add(count(&and(&glance.standing, &and_not(&short, &unknown))));
        if telling == Telling::FirstCheck {
            seen.tallies.resize(glance.parts.len(), Tally::NONE);
            for (part, tally) in glance.parts.iter().zip(&mut seen.tallies) {
                tally_standing(batch, glance, part, tally);
            }
        }
        Ok(())
    }
}

/// Counts one part over the nodes of a block that come as far as what is free there.
fn tally_standing(batch: &Batch<'_, '_>, glance: &Glance<'_, '_>, part: &Part<'_>, tally: &mut Tally) {
    let (short, unknown) = batch.amounts.lacking(part.ask);
    let (short, unknown) = (and(&glance.standing, &short), and(&glance.standing, &unknown));
    let (shorts, unknowns) = (count(&short), count(&unknown));
    tally.short = tally.short.wrapping_add(shorts);
    tally.unknown = tally.unknown.wrapping_add(unknowns);
    let rank = |place| batch.order.rank(glance.slot(place));
    if unknowns > 0 {
        tally.first_unknown = tally.first_unknown.min(places(&unknown).map(rank).min().unwrap_or(usize::MAX));
    }
    // No node of the block is nearer than the nearest of all that are short there.
    let is_worth_it = batch.amounts.near(part.ask).is_nearer_than(tally.near);
    let (true, true, Some(lane)) = (shorts > 0, is_worth_it, batch.amounts.lanes.get(part.lane)) else { return };
    let mut candidates = and(&short, &batch.amounts.reaching(part.lane, tally.near.level));
    while let Some(place) = take_first(&mut candidates) {
        let Some(&level) = lane.filled.levels.get(place) else { continue };
        if level < tally.near.level {
            continue;
        }
        let here = Near { level, rank: rank(place) };
        if here.is_nearer_than(tally.near) {
            tally.near = here;
            candidates = and(&candidates, &batch.amounts.reaching(part.lane, level));
        }
    }
}

fn reasons_of(part: &Part<'_>, tally: Tally, name: impl Fn(usize) -> String) -> impl Iterator<Item = ReasonCount> {
    let unknown = part.resource.filter(|_| tally.unknown > 0).map(|resource| ReasonCount {
        reason: Refusal::Unknown { resource: resource.clone() },
        nodes: tally.unknown,
        shortfall: None,
        nearest: name(tally.first_unknown),
    });
    let short = (tally.short > 0).then(|| {
        let Near { level, rank } = tally.near;
        let (reason, shortfall) = match part.resource {
            None => (Refusal::TooManyPods, None),
            Some(resource) => {
                let needed = part.amount.unsigned_abs();
                let reason = Refusal::Insufficient { resource: resource.clone(), needed, free: level };
                (reason, Some(part.amount.abs_diff(level)))
            }
        };
        ReasonCount { reason, nodes: tally.short, shortfall, nearest: name(rank) }
    });
    unknown.into_iter().chain(short)
}
