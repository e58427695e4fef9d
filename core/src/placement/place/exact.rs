//! A complete search, depth first: node by node, the fullest patterns first.

use super::{
    pattern::{Pattern, maximal},
    question::{Class, Question},
    state::UNLIMITED,
    steps::{Spent, Steps},
};
use std::collections::BTreeSet;

/// What the classes from one on have, for bounds; what a search from there can reach at most.
pub(super) struct Outlook<'q, 'f> {
    question: &'q Question<'f>,
    /// The class of each place in the row of nodes, and how many nodes of it come before.
    row: Vec<(usize, u64)>,
    /// By class: what the classes after it have of each sum.
    sums_after: Vec<Vec<u128>>,
    /// By class: how many copies fit the classes after it, by coordinate, each kind alone.
    alone_after: Vec<Vec<u128>>,
}

impl<'q, 'f> Outlook<'q, 'f> {
    pub(super) fn new(question: &'q Question<'f>, steps: &mut Steps) -> Result<Self, Spent> {
        let (sums, coordinates) = (question.sums.len(), question.coordinates.len());
        let width = sums.saturating_add(coordinates).saturating_add(question.kinds.len());
        steps.take_table(question.classes.len(), width)?;
        steps.take_table(question.nodes(), 1)?;
        let mut row = Vec::new();
        for (number, class) in question.classes.iter().enumerate() {
            row.extend((0..class.count()).map(|before| (number, before)));
        }
        let (mut sums_after, mut alone_after) = (Vec::new(), Vec::new());
        let (mut had, mut fitted) = (vec![0_u128; sums], vec![0_u128; coordinates]);
        for class in question.classes.iter().rev() {
            sums_after.push(had.clone());
            alone_after.push(fitted.clone());
            for (had, sum) in had.iter_mut().zip(&question.sums) {
                *had = had.saturating_add(times(class.has(sum.of), class.count()));
            }
            add_alone(&mut fitted, class, class.count());
        }
        sums_after.reverse();
        alone_after.reverse();
        Ok(Self { question, row, sums_after, alone_after })
    }

    pub(super) fn len(&self) -> usize {
        self.row.len()
    }

    /// The class of a place in the row, and the number of its node.
    pub(super) fn at(&self, place: usize) -> Option<(&'q Class, usize)> {
        let (class, before) = self.row.get(place)?;
        let class = self.question.classes.get(*class)?;
        Some((class, *class.nodes.get(usize::try_from(*before).ok()?)?))
    }

    /// Whether what is missing is more than the nodes from a place on have: of one kind alone, or of anything that adds up.
    pub(super) fn is_hopeless(&self, place: usize, covered: &[u64]) -> bool {
        let question = self.question;
        let Some((number, before)) = self.row.get(place) else { return !question.is_enough(covered) };
        let (Some(class), Some(sums), Some(alone)) =
            (question.classes.get(*number), self.sums_after.get(*number), self.alone_after.get(*number))
        else {
            return false;
        };
        let left = class.count().saturating_sub(*before);
        let mut reachable = alone.clone();
        add_alone(&mut reachable, class, left);
        let reached = reachable
            .iter()
            .zip(covered)
            .map(|(more, covered)| u64::try_from(more.saturating_add(u128::from(*covered))).unwrap_or(u64::MAX));
        if !question.is_enough(&reached.collect::<Vec<u64>>()) {
            return true;
        }
        let missing: Vec<u128> = (0..)
            .zip(&question.kinds)
            .map(|(place, (_, kind))| {
                let counts = question.of_kind(place, covered);
                let placed = counts.iter().fold(0_u128, |sum, count| sum.saturating_add(u128::from(*count)));
                u128::from(kind.replicas).saturating_sub(placed)
            })
            .collect();
        question.sums.iter().zip(sums).any(|(sum, after)| {
            let have = after.saturating_add(times(class.has(sum.of), left));
            let term = |(missing, asks): (&u128, &u64)| missing.saturating_mul(u128::from(*asks));
            missing.iter().zip(&sum.asks).map(term).fold(0, u128::saturating_add) > have
        })
    }

    /// How many steps one such look costs.
    pub(super) fn width(&self) -> usize {
        self.question
            .coordinates
            .len()
            .saturating_add(self.question.kinds.len().saturating_mul(self.question.sums.len()))
    }

    /// The maximal patterns of the node at a place, beside what is covered.
    pub(super) fn patterns(&self, place: usize, covered: &[u64], steps: &mut Steps) -> Result<Vec<Pattern>, Spent> {
        let Some((class, _)) = self.at(place) else { return Ok(Vec::new()) };
        let left = |coordinate: usize| {
            let covered = covered.get(coordinate).copied().unwrap_or(0);
            self.question.cap(coordinate).saturating_sub(covered)
        };
        let most = class.alone.iter().zip(&class.coordinate);
        let most = most.map(|(alone, coordinate)| coordinate.map_or(0, |coordinate| left(coordinate).min(*alone)));
        maximal(self.question, class, most.collect(), steps)
    }

    /// What is covered with a pattern at a place.
    pub(super) fn with(&self, place: usize, covered: &[u64], pattern: &[u64]) -> Vec<u64> {
        let mut covered = covered.to_vec();
        let Some((class, _)) = self.at(place) else { return covered };
        for (coordinate, copies) in class.coordinate.iter().zip(pattern) {
            if let Some(count) = coordinate.and_then(|coordinate| covered.get_mut(coordinate)) {
                *count = count.saturating_add(*copies);
            }
        }
        covered
    }
}

fn times(level: u64, count: u64) -> u128 {
    if level == UNLIMITED && count > 0 { u128::MAX } else { u128::from(level).saturating_mul(u128::from(count)) }
}

fn add_alone(fitted: &mut [u128], class: &Class, count: u64) {
    for (coordinate, alone) in class.coordinate.iter().zip(&class.alone) {
        if let Some(fits) = coordinate.and_then(|coordinate| fitted.get_mut(coordinate)) {
            *fits = fits.saturating_add(u128::from(*alone).saturating_mul(u128::from(count)));
        }
    }
}

/// A pattern for each of the first nodes of the row, that cover what is asked for; none where there is no such.
///
/// It is enough to look at maximal patterns: a copy that still fits a node can be taken from a later one. Equal nodes are not told
/// apart: what was covered before them and failed is not tried again, whichever of them covered it.
pub(super) fn search(outlook: &Outlook<'_, '_>, steps: &mut Steps) -> Result<Option<Vec<Pattern>>, Spent> {
    let question = outlook.question;
    let nothing = vec![0; question.coordinates.len()];
    if question.is_enough(&nothing) {
        return Ok(Some(Vec::new()));
    }
    let mut failed: BTreeSet<(usize, Vec<u64>)> = BTreeSet::new();
    let mut branches = vec![Branch::new(outlook, 0, nothing, steps)?];
    while let Some(place) = branches.len().checked_sub(1)
        && let Some(branch) = branches.last_mut()
    {
        let Some(pattern) = branch.patterns.get(branch.next) else {
            steps.take_table(branch.covered.len(), 1)?;
            failed.insert((place, std::mem::take(&mut branch.covered)));
            branches.pop();
            continue;
        };
        branch.next = branch.next.saturating_add(1);
        let covered = outlook.with(place, &branch.covered, pattern);
        steps.take_table(outlook.width().saturating_add(1), 1)?;
        if question.is_enough(&covered) {
            let chosen = |branch: &Branch| branch.patterns.get(branch.next.saturating_sub(1)).cloned();
            return Ok(Some(branches.iter().filter_map(chosen).collect()));
        }
        let next = place.saturating_add(1);
        let key = (next, covered);
        if next < outlook.len() && !outlook.is_hopeless(next, &key.1) && !failed.contains(&key) {
            branches.push(Branch::new(outlook, next, key.1, steps)?);
        }
    }
    Ok(None)
}

struct Branch {
    covered: Vec<u64>,
    patterns: Vec<Pattern>,
    next: usize,
}

impl Branch {
    fn new(outlook: &Outlook<'_, '_>, place: usize, covered: Vec<u64>, steps: &mut Steps) -> Result<Self, Spent> {
        let mut patterns = outlook.patterns(place, &covered, steps)?;
        let size = |pattern: &Pattern| {
            let term = |((_, kind), copies): (&(usize, &super::field::Kind), &u64)| {
                kind.size.saturating_mul(u128::from(*copies))
            };
            outlook.question.kinds.iter().zip(pattern).map(term).fold(0, u128::saturating_add)
        };
        patterns.sort_by_key(|pattern| std::cmp::Reverse(size(pattern)));
        Ok(Self { covered, patterns, next: 0 })
    }
}
