//! What the nodes say of one product, counted.

use super::{Explanation, FirstReasons, Nearest, ReasonCount, Refusal, Stage, Telling, ledger::missing};
use std::{cmp::Ordering, collections::BTreeMap};

/// Counts the refusals of all nodes, which come by name.
pub(super) fn explained<'n>(nodes: impl IntoIterator<Item = (&'n str, Vec<Refusal>)>, telling: Telling) -> Explanation {
    let mut counted =
        Explanation { nodes: 0, available: 0, reasons: Vec::new(), first: FirstReasons::default(), nearest: None };
    let mut reasons: BTreeMap<Refusal, ReasonCount> = BTreeMap::new();
    for (node, refusals) in nodes {
        let one_more = |count: &mut u64| *count = count.saturating_add(1);
        one_more(&mut counted.nodes);
        let Some(first) = refusals.first() else {
            one_more(&mut counted.available);
            continue;
        };
        one_more(of(&mut counted.first, first));
        let stands = is_standing(first) && telling == Telling::FirstCheck;
        for refusal in refusals.iter().take(if stands { 1 } else { usize::MAX }) {
            count(&mut reasons, node, refusal);
        }
        let is_nearer = |than: &Nearest| distance(&refusals, &than.refusals).is_lt();
        if counted.nearest.as_ref().is_none_or(is_nearer) {
            counted.nearest = Some(Nearest { node: node.to_owned(), refusals });
        }
    }
    counted.reasons = reasons.into_values().collect();
    counted.reasons.sort_by(|a, b| b.nodes.cmp(&a.nodes).then_with(|| key(&a.reason).cmp(&key(&b.reason))));
    counted
}

/// The stage that a product came to, of which no node takes it.
pub(super) const fn stage(first: &FirstReasons) -> Stage {
    match first {
        FirstReasons { unknown: 0, parts: 0, taint: 1.., .. } => Stage::Taint,
        FirstReasons { unknown: 0, parts: 0, taint: 0, label: 1.., .. } => Stage::Label,
        _ => Stage::Dynamic,
    }
}

fn count(reasons: &mut BTreeMap<Refusal, ReasonCount>, node: &str, refusal: &Refusal) {
    let shortfall = match refusal {
        Refusal::Insufficient { needed, free, .. } => missing(*needed, *free),
        _ => None,
    };
    let new = || ReasonCount { reason: refusal.clone(), nodes: 0, shortfall, nearest: node.to_owned() };
    let count = reasons.entry(key(refusal)).or_insert_with(new);
    count.nodes = count.nodes.saturating_add(1);
    if shortfall < count.shortfall {
        *count = ReasonCount { nodes: count.nodes, ..new() };
    }
}

/// The reason without the figures of a node.
fn key(refusal: &Refusal) -> Refusal {
    match refusal {
        Refusal::Insufficient { resource, .. } => {
            Refusal::Insufficient { resource: resource.clone(), needed: 0, free: 0 }
        }
        other => other.clone(),
    }
}

/// Which is nearer to none: fewer refusals, then the lesser part of what is asked for that is missing.
fn distance(a: &[Refusal], b: &[Refusal]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| Lack::of(a).cmp(&Lack::of(b)))
}

/// The largest part of what is asked for that is missing, of all that is short.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lack {
    missing: u64,
    asked: u64,
}

impl Lack {
    pub(super) fn of(refusals: &[Refusal]) -> Self {
        let lacks = refusals.iter().filter_map(|refusal| match refusal {
            Refusal::Insufficient { needed, free, .. } => {
                Some(Self { missing: missing(*needed, *free)?, asked: *needed })
            }
            _ => None,
        });
        lacks.max().unwrap_or(Self { missing: 0, asked: 1 })
    }
}

impl Ord for Lack {
    fn cmp(&self, other: &Self) -> Ordering {
        let product = |a: u64, b: u64| u128::from(a).saturating_mul(u128::from(b)); // fits: both are of 64 bits
        product(self.missing, other.asked).cmp(&product(other.missing, self.asked))
    }
}

impl PartialOrd for Lack {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Lack {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Lack {}

/// Whether a refusal stands whatever is free on the node.
const fn is_standing(refusal: &Refusal) -> bool {
    !matches!(refusal, Refusal::Unknown { .. } | Refusal::TooManyPods | Refusal::Insufficient { .. })
}

const fn of<'f>(first: &'f mut FirstReasons, refusal: &Refusal) -> &'f mut u64 {
    match refusal {
        Refusal::NotWorker => &mut first.role,
        Refusal::NotReady => &mut first.ready,
        Refusal::Cordoned => &mut first.cordoned,
        Refusal::RequiredLabel | Refusal::AddedAffinity | Refusal::Affinity => &mut first.label,
        Refusal::Taint { .. } => &mut first.taint,
        Refusal::Unknown { .. } => &mut first.unknown,
        Refusal::TooManyPods | Refusal::Insufficient { .. } => &mut first.parts,
    }
}
