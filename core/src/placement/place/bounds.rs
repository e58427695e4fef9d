//! Why a group can not be placed, without a search of all ways: counts, sums, and weights.

use super::{
    bins::CardRoom,
    certificate::{Certificate, ClassBound, Scarce},
    field::Kind,
    pattern::{Heaviest, heaviest},
    question::{Adding, Class, Question, Sum, is_spreadable},
    state::UNLIMITED,
    steps::{Spent, Steps},
};
use crate::placement::Resource;

/// The first of the quick bounds that proves it: each item alone, then each sum.
pub(super) fn quick(question: &Question<'_>, steps: &mut Steps) -> Result<Option<Certificate>, Spent> {
    for (place, (_, kind)) in question.kinds.iter().enumerate() {
        let certificate = alone(question, place, kind, steps)?;
        if certificate.is_some() {
            return Ok(certificate);
        }
    }
    for sum in &question.sums {
        let certificate = aggregate(question, sum, steps)?;
        if certificate.is_some() {
            return Ok(certificate);
        }
    }
    Ok(None)
}

fn alone(question: &Question<'_>, place: usize, kind: &Kind, steps: &mut Steps) -> Result<Option<Certificate>, Spent> {
    let (item, asked) = (kind.id.clone(), kind.replicas);
    let mut fits = vec![0_u128; question.of_kind(place, &question.coordinates).len()];
    let mut all = 0_u128;
    for (node, _) in question.field.rows(kind) {
        steps.take(1)?;
        let times = u128::from(question.field.state.times(kind, node));
        all = all.saturating_add(times);
        if kind.spread.is_none() && all >= u128::from(asked) {
            return Ok(None);
        }
        let domain = question.field.domain(kind, node).unwrap_or(0);
        fits.get_mut(domain).into_iter().for_each(|sum| *sum = sum.saturating_add(times));
    }
    if all < u128::from(asked) {
        return Ok(Some(Certificate::Count { item, asked, fits: all }));
    }
    let Some(spread) = kind.spread else { return Ok(None) };
    let fits: Vec<u64> = fits.iter().map(|fits| u64::try_from(*fits).unwrap_or(asked).min(asked)).collect();
    if is_spreadable(&fits, asked, spread.max_skew) {
        return Ok(None);
    }
    let values = question.field.domains.get(spread.domains).map_or(&[][..], |domains| &domains.values);
    let fits = values.iter().cloned().zip(fits).collect();
    Ok(Some(Certificate::Spread { item, asked, max_skew: spread.max_skew, fits }))
}

fn aggregate(question: &Question<'_>, sum: &Sum, steps: &mut Steps) -> Result<Option<Certificate>, Spent> {
    let field = question.field;
    let term = |((_, kind), asks): (&(usize, &Kind), &u64)| u128::from(kind.replicas).saturating_mul(u128::from(*asks));
    let need = question.kinds.iter().zip(&sum.asks).map(term).fold(0, u128::saturating_add);
    let asking = || question.kinds.iter().zip(&sum.asks).filter(|(_, asks)| **asks > 0).map(|((_, kind), _)| *kind);
    let mut have = 0_u128;
    for node in 0..field.names.len() {
        steps.take(1)?;
        // Most often the first of them may run there.
        let Some(looks) = asking().position(|kind| field.is_eligible(kind, node)) else {
            steps.take_table(question.kinds.len(), 1)?;
            continue;
        };
        steps.take_table(looks, 1)?;
        let level = match sum.of {
            Adding::Lane(lane) => field.state.lanes(node).get(lane).copied(),
            Adding::Milli(model) => field.state.cards(node).get(model).map(CardRoom::milli),
            Adding::Whole(model) => field.state.cards(node).get(model).map(CardRoom::untouched),
            Adding::Slots => Some(field.state.slots(node)),
        };
        have = match level {
            Some(UNLIMITED) => return Ok(None),
            level => have.saturating_add(u128::from(level.unwrap_or(0))),
        };
        if have >= need {
            return Ok(None);
        }
    }
    let model = |model: usize| field.models.get(model).cloned();
    let of = match sum.of {
        Adding::Lane(lane) => field.lanes.get(lane).cloned().map(Scarce::Resource),
        Adding::Milli(of) => model(of).map(|model| Scarce::Resource(Resource::Gpu(model))),
        Adding::Whole(of) => model(of).map(Scarce::WholeCards),
        Adding::Slots => Some(Scarce::Slots),
    };
    Ok(of.filter(|_| have < need).map(|of| Certificate::Aggregate { of, need, have }))
}

/// The rounds in which weights are bettered.
const ROUNDS: u64 = 60;
/// Weights stay at this or less.
const LARGEST: u64 = 1_000_000;

/// Weights of which the nodes can not carry enough: one for each copy, what each copy takes of something, and then weights that
/// rise where too little is carried and fall where too much is.
pub(super) fn weighted(question: &Question<'_>, steps: &mut Steps) -> Result<Option<Certificate>, Spent> {
    for weights in first_weights(question) {
        let (certificate, _) = judged(question, &weights, steps)?;
        if certificate.is_some() {
            return Ok(certificate);
        }
    }
    let sizes = question.kinds.iter().map(|(_, kind)| kind.size);
    let largest = sizes.clone().max().unwrap_or(1).max(1);
    let part = |size: u128| size.wrapping_div(1 << 24).saturating_mul(u128::from(LARGEST / 8));
    let scaled = |size: u128| part(size).checked_div(largest.wrapping_div(1 << 24).max(1)).unwrap_or(0).max(1);
    let mut weights: Vec<u64> = sizes.map(|size| u64::try_from(scaled(size)).unwrap_or(1)).collect();
    for round in 0..ROUNDS {
        let (certificate, covered) = judged(question, &weights, steps)?;
        if certificate.is_some() {
            return Ok(certificate);
        }
        let stay = round.wrapping_div(6).saturating_add(1);
        for ((weight, covered), (_, kind)) in weights.iter_mut().zip(covered).zip(&question.kinds) {
            let asked = u128::from(kind.replicas);
            let most = asked.max(covered).max(1);
            let off = most.saturating_sub(asked.min(covered));
            let change = u128::from(*weight).saturating_mul(off).checked_div(most).unwrap_or(0);
            let change = change.checked_div(u128::from(stay)).unwrap_or(0).wrapping_div(2);
            let change = u64::try_from(change).unwrap_or(0);
            *weight =
                if covered < asked { weight.saturating_add(change.max(1)) } else { weight.saturating_sub(change) };
        }
        if weights.iter().any(|weight| *weight > LARGEST) {
            weights.iter_mut().for_each(|weight| *weight = weight.wrapping_div(2).max(1));
        }
    }
    Ok(None)
}

fn first_weights(question: &Question<'_>) -> Vec<Vec<u64>> {
    let mut families = vec![vec![1; question.kinds.len()]];
    for sum in &question.sums {
        let largest = sum.asks.iter().copied().max().unwrap_or(0);
        let divisor = sum.asks.iter().copied().fold(0, gcd).max(1);
        // Bytes make long numbers: without their common factor, and not beyond what is summed exactly.
        if largest.checked_div(divisor).is_some_and(|weight| weight <= LARGEST.saturating_mul(LARGEST)) {
            families.push(sum.asks.iter().map(|asks| asks.checked_div(divisor).unwrap_or(0)).collect());
        }
        let half = |class: &Class| class.has(sum.of).wrapping_div(2);
        if let Some(half) = question.classes.iter().map(half).max() {
            families.push(sum.asks.iter().map(|asks| u64::from(*asks > half)).collect());
        }
    }
    families.retain(|weights| weights.iter().any(|weight| *weight > 0));
    families.dedup();
    families
}

/// Whether weights prove it; and how many copies of each kind the heaviest patterns have.
fn judged(
    question: &Question<'_>,
    weights: &[u64],
    steps: &mut Steps,
) -> Result<(Option<Certificate>, Vec<u128>), Spent> {
    let term =
        |((_, kind), weight): (&(usize, &Kind), &u64)| u128::from(kind.replicas).saturating_mul(u128::from(*weight));
    let need = question.kinds.iter().zip(weights).map(term).fold(0, u128::saturating_add);
    let mut have = 0_u128;
    let mut covered = vec![0_u128; question.kinds.len()];
    let mut classes: Vec<ClassBound> = Vec::new();
    for class in &question.classes {
        let Heaviest { weight, pattern, at_most } = heaviest(question, class, weights, class.alone.clone(), steps);
        if at_most != weight {
            return Err(Spent);
        }
        let nodes = u128::from(class.count());
        have = have.saturating_add(weight.saturating_mul(nodes));
        for (covered, copies) in covered.iter_mut().zip(&pattern) {
            *covered = covered.saturating_add(u128::from(*copies).saturating_mul(nodes));
        }
        let names = class.nodes.iter().filter_map(|node| question.field.names.get(*node).cloned());
        if weight > 0 {
            match classes.iter_mut().find(|bound| bound.most == weight) {
                Some(bound) => bound.nodes.extend(names),
                None => classes.push(ClassBound { nodes: names.collect(), most: weight }),
            }
        }
    }
    if have >= need {
        return Ok((None, covered));
    }
    classes.iter_mut().for_each(|bound| bound.nodes.sort_unstable());
    classes.sort_by(|a, b| a.nodes.cmp(&b.nodes));
    let named = question.kinds.iter().zip(weights).filter(|(_, weight)| **weight > 0);
    let weights = named.map(|((_, kind), weight)| (kind.id.clone(), *weight)).collect();
    Ok((Some(Certificate::Weighted { weights, classes, need, have }), covered))
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a.checked_rem(b).unwrap_or(0));
    }
    a
}
