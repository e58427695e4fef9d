//! A complete search, breadth first, whose trace is a proof.

use super::{
    certificate::{Certificate, Coordinate},
    exact::Outlook,
    pattern::Pattern,
    question::Question,
    steps::{Spent, Steps},
};

/// What the search finds.
pub(super) enum Reached {
    /// A pattern for each of the first nodes of the row.
    Enough(Vec<Pattern>),
    /// Nothing that is enough, and the proof of it.
    Never(Certificate),
}

/// A vector of a level, and how it came about.
struct Vector {
    covered: Vec<u64>,
    from: usize,
    pattern: Pattern,
}

/// Level by level, the largest vectors that the nodes so far can cover; those without hope are left out.
pub(super) fn search(question: &Question<'_>, outlook: &Outlook<'_, '_>, steps: &mut Steps) -> Result<Reached, Spent> {
    let nothing = vec![0; question.coordinates.len()];
    let mut levels = vec![vec![Vector { covered: nothing, from: 0, pattern: Vec::new() }]];
    for place in 0..outlook.len() {
        let mut next: Vec<Vector> = Vec::new();
        let vectors = levels.last().map_or(&[][..], Vec::as_slice);
        if vectors.is_empty() {
            break;
        }
        for (from, vector) in vectors.iter().enumerate() {
            for pattern in outlook.patterns(place, &vector.covered, steps)? {
                steps.take_table(outlook.width().saturating_add(1), 1)?;
                let covered = outlook.with(place, &vector.covered, &pattern);
                if question.is_enough(&covered) {
                    let mut patterns = vec![pattern];
                    patterns.extend(traced(&levels, from));
                    patterns.reverse();
                    return Ok(Reached::Enough(patterns));
                }
                if outlook.is_hopeless(place.saturating_add(1), &covered) {
                    continue;
                }
                steps.take_table(next.len().saturating_add(1), covered.len())?;
                if !next.iter().any(|known| is_at_least(&known.covered, &covered)) {
                    next.retain(|known| !is_at_least(&covered, &known.covered));
                    next.push(Vector { covered, from, pattern });
                }
            }
        }
        levels.push(next);
    }
    let mut levels: Vec<Vec<Vec<u64>>> =
        levels.into_iter().map(|level| level.into_iter().map(|vector| vector.covered).collect()).collect();
    while levels.pop_if(|level| level.is_empty()).is_some() {}
    levels.iter_mut().for_each(|level| level.sort_unstable());
    Ok(Reached::Never(Certificate::Frontier {
        coordinates: coordinates(question),
        nodes: nodes(question, outlook),
        levels,
    }))
}

fn is_at_least(large: &[u64], small: &[u64]) -> bool {
    large.iter().zip(small).all(|(large, small)| large >= small)
}

/// The patterns that led to a vector of the last level, from the last.
fn traced(levels: &[Vec<Vector>], mut at: usize) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for level in levels.iter().skip(1).rev() {
        let Some(vector) = level.get(at) else { break };
        patterns.push(vector.pattern.clone());
        at = vector.from;
    }
    patterns
}

fn coordinates(question: &Question<'_>) -> Vec<Coordinate> {
    let named = |(place, domain): &(usize, Option<usize>)| {
        let (_, kind) = question.kinds.get(*place)?;
        let value = |domain: usize| question.field.domains.get(kind.spread?.domains)?.values.get(domain).cloned();
        Some(Coordinate { item: kind.id.clone(), domain: domain.and_then(value) })
    };
    question.coordinates.iter().filter_map(named).collect()
}

fn nodes(question: &Question<'_>, outlook: &Outlook<'_, '_>) -> Vec<String> {
    let name = |place| question.field.names.get(outlook.at(place)?.1).cloned();
    (0..outlook.len()).filter_map(name).collect()
}
