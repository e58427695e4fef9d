//! Placing by rules of thumb: quick, and not complete.

use super::{
    field::{Field, Kind, KindSpread},
    state::State,
    steps::{Spent, Steps},
};
use crate::error::{PlacementError, excerpt};
use std::{cmp::Reverse, collections::BinaryHeap, fmt, str::FromStr};

/// A rule of thumb for the node of the next copy. Ties go to the first node by name.
///
/// Room and sizes are compared in integers: each lane as a part of what all nodes had free of it in the beginning, in steps of
/// 2⁻⁹⁶; cards of a model by their milli-cards. Lanes that nothing asks for do not count. A lane that is taken to be there
/// (R-A3) counts as full.
///
/// # Rule
/// R-A10
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Heuristic {
    /// The first node that takes it; items as they were given.
    FirstFit,
    /// The first node that takes it; the largest items first, by the sum of their parts.
    FirstFitDecreasing,
    /// The node with the least room left of those that take it; items as they were given.
    BestFit,
    /// The node with the least room left; the largest items first.
    BestFitDecreasing,
    /// The node whose free room lies best along what is asked for: the largest dot product; items as they were given.
    DotProduct,
}

impl Heuristic {
    /// All of them, in the order in which [`place`](crate::placement::place) tries them.
    pub const ALL: [Self; 5] =
        [Self::FirstFit, Self::FirstFitDecreasing, Self::BestFit, Self::BestFitDecreasing, Self::DotProduct];

    /// The name, as `best_fit`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FirstFit => "first_fit",
            Self::FirstFitDecreasing => "first_fit_decreasing",
            Self::BestFit => "best_fit",
            Self::BestFitDecreasing => "best_fit_decreasing",
            Self::DotProduct => "dot_product",
        }
    }

    const fn is_decreasing(self) -> bool {
        matches!(self, Self::FirstFitDecreasing | Self::BestFitDecreasing)
    }

    /// What is least of the node that is chosen.
    fn score(self, state: &State, kind: &Kind, node: usize, row: &[u64]) -> u128 {
        match self {
            Self::FirstFit | Self::FirstFitDecreasing => u128::try_from(node).unwrap_or(u128::MAX),
            Self::BestFit | Self::BestFitDecreasing => state.room(node),
            Self::DotProduct => u128::MAX.saturating_sub(state.alignment(kind, row)),
        }
    }
}

impl fmt::Display for Heuristic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Heuristic {
    type Err = PlacementError;

    fn from_str(text: &str) -> Result<Self, PlacementError> {
        Self::ALL.into_iter().find(|known| known.name() == text).ok_or_else(|| PlacementError::UnknownWord {
            what: "heuristic",
            text: excerpt(text),
            known: "first_fit, first_fit_decreasing, best_fit, best_fit_decreasing, dot_product",
        })
    }
}

/// Copies of one kind on one node, by numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seating {
    pub(super) kind: usize,
    pub(super) node: usize,
    pub(super) copies: u64,
    /// By model, the card of each copy.
    pub(super) cards: Vec<(usize, Vec<u64>)>,
}

impl Seating {
    pub(super) fn of(kind: usize, node: usize) -> Self {
        Self { kind, node, copies: 0, cards: Vec::new() }
    }

    fn add(&mut self, on: Vec<(usize, u64)>) {
        self.copies = self.copies.saturating_add(1);
        for (model, card) in on {
            match self.cards.iter_mut().find(|(known, _)| *known == model) {
                Some((_, cards)) => cards.push(card),
                None => self.cards.push((model, vec![card])),
            }
        }
    }
}

/// How far a rule of thumb came.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    pub(super) state: State,
    pub(super) seatings: Vec<Seating>,
    pub(super) placed: u128,
    pub(super) is_complete: bool,
}

impl Field {
    /// The node, and which of several kinds, for one copy now.
    pub(super) fn choose(&self, kinds: &[usize], heuristic: Heuristic) -> Option<(usize, usize)> {
        let candidates = kinds.iter().filter_map(|number| Some((*number, self.kinds.get(*number)?)));
        let scored = candidates.zip(0_usize..).filter_map(|((number, kind), turn)| {
            let mut fitting = self.rows(kind).filter(|(_, row)| kind.fits(row));
            if matches!(heuristic, Heuristic::FirstFit | Heuristic::FirstFitDecreasing) {
                return fitting.next().map(|(node, _)| (0, node, turn, number)); // the score of all is their place
            }
            fitting.map(|(node, row)| (heuristic.score(&self.state, kind, node, row), node, turn, number)).min()
        });
        scored.min().map(|(_, node, _, number)| (node, number))
    }

    /// Places kinds by a rule of thumb, as many copies as it can.
    pub(super) fn attempt(&self, kinds: &[usize], heuristic: Heuristic, steps: &mut Steps) -> Result<Attempt, Spent> {
        steps.take_table(self.names.len(), 1)?;
        let mut order: Vec<(usize, &Kind)> =
            kinds.iter().filter_map(|number| Some((*number, self.kinds.get(*number)?))).collect();
        if heuristic.is_decreasing() {
            order.sort_by_key(|(_, kind)| Reverse(kind.size));
        }
        let mut attempt = Attempt { state: self.state.clone(), seatings: Vec::new(), placed: 0, is_complete: true };
        for (number, kind) in order {
            let mut placing =
                Placing { field: self, kind, number, heuristic, attempt: &mut attempt, left: kind.replicas };
            let ended = match &kind.spread {
                Some(spread) => placing.spread(*spread, steps),
                None => placing.freely(steps),
            };
            if !ended.is_ok_and(|keeps_skew| keeps_skew) || placing.left > 0 {
                attempt.is_complete = false;
            }
            if ended.is_err() {
                break;
            }
        }
        Ok(attempt)
    }
}

struct Placing<'p> {
    field: &'p Field,
    kind: &'p Kind,
    number: usize,
    heuristic: Heuristic,
    attempt: &'p mut Attempt,
    left: u64,
}

impl Placing<'_> {
    fn score(&self, node: usize) -> (u128, usize) {
        let row = self.attempt.state.row(node);
        (self.heuristic.score(&self.attempt.state, self.kind, node, row), node)
    }

    fn fits(&self, node: usize) -> bool {
        self.kind.fits(self.attempt.state.row(node))
    }

    /// The best node is filled before the next is looked for: what is placed there leaves it less room, and so the best still.
    /// An alignment may fall behind that of another, so there it is one copy at a time.
    fn freely(&mut self, steps: &mut Steps) -> Result<bool, Spent> {
        if self.left == 0 {
            return Ok(true);
        }
        if matches!(self.heuristic, Heuristic::FirstFit | Heuristic::FirstFitDecreasing) {
            return self.first(steps);
        }
        let may_run: Vec<usize> = self.field.rows(self.kind).map(|(node, _)| node).collect();
        steps.take_table(may_run.len().saturating_add(1), 1)?;
        let fitting = may_run.into_iter().filter(|node| self.fits(*node));
        if self.left == 1 && self.kind.max_per_node > 0 {
            let best = fitting.map(|node| self.score(node)).min();
            return best.map_or(Ok(true), |(_, node)| self.put(node, 1, steps).map(|_| true));
        }
        let mut waiting: BinaryHeap<Reverse<(u128, usize)>> = fitting.map(|node| Reverse(self.score(node))).collect();
        let mut here: Vec<u64> = vec![0; self.field.names.len()];
        while self.left > 0
            && let Some(Reverse((_, node))) = waiting.pop()
        {
            let Some(already) = here.get_mut(node) else { break };
            let room = self.kind.max_per_node.saturating_sub(*already);
            let most = if self.heuristic == Heuristic::DotProduct { room.min(1) } else { room };
            let placed = self.put(node, most.min(self.left), steps)?;
            *already = already.saturating_add(placed);
            if self.heuristic == Heuristic::DotProduct && *already < self.kind.max_per_node && self.fits(node) {
                steps.take(1)?;
                waiting.push(Reverse(self.score(node)));
            }
        }
        Ok(true)
    }

    /// Node by node, as many as each takes.
    fn first(&mut self, steps: &mut Steps) -> Result<bool, Spent> {
        let field = self.field;
        for (node, _) in field.rows(self.kind) {
            if self.left == 0 {
                break;
            }
            steps.take(1)?;
            if self.fits(node) {
                self.put(node, self.left, steps)?;
            }
        }
        Ok(true)
    }

    /// One copy at a time, in a domain that has not more than the skew allows beside the emptiest; whether the skew is kept
    /// in the end.
    fn spread(&mut self, spread: KindSpread, steps: &mut Steps) -> Result<bool, Spent> {
        let Some(domains) = self.field.domains.get(spread.domains) else { return Ok(false) };
        let mut counts: Vec<u64> = vec![0; domains.values.len()];
        let mut here: Vec<u64> = vec![0; self.field.names.len()];
        let may_run: Vec<(usize, usize)> =
            self.field.rows(self.kind).filter_map(|(node, _)| Some((node, domains.of(node)?))).collect();
        while self.left > 0 {
            steps.take_table(may_run.len().saturating_add(1), 1)?;
            let emptiest = counts.iter().copied().min().unwrap_or(0);
            let most = emptiest.saturating_add(spread.max_skew.max(1));
            let is_open = |(node, domain): &&(usize, usize)| {
                counts.get(*domain).is_some_and(|count| *count < most)
                    && here.get(*node).is_some_and(|copies| *copies < self.kind.max_per_node)
                    && self.fits(*node)
            };
            let best = may_run.iter().filter(is_open).map(|(node, domain)| (self.score(*node), *domain)).min();
            let Some(((_, node), domain)) = best else { break };
            self.put(node, 1, steps)?;
            for count in counts.get_mut(domain).into_iter().chain(here.get_mut(node)) {
                *count = count.saturating_add(1);
            }
        }
        let (least, most) = (counts.iter().min(), counts.iter().max());
        let skew = most.zip(least).map_or(0, |(most, least)| most.saturating_sub(*least));
        Ok(skew <= spread.max_skew)
    }

    /// Places up to so many copies on a node; how many.
    fn put(&mut self, node: usize, most: u64, steps: &mut Steps) -> Result<u64, Spent> {
        let placed = most.min(self.attempt.state.times(self.kind, node));
        if placed == 0 {
            return Ok(0);
        }
        let mut seating = Seating::of(self.number, node);
        if self.kind.shares.is_empty() {
            steps.take_table(self.attempt.state.begun(self.kind, node).saturating_add(1), 1)?;
            seating.copies = placed;
            self.attempt.state.put_many(self.kind, node, placed);
        } else {
            steps.take(placed)?;
            for _ in 0..placed {
                // Each copy looks through all cards that are begun by then.
                steps.take_table(self.attempt.state.begun(self.kind, node), 1)?;
                seating.add(self.attempt.state.put(self.kind, node));
            }
        }
        self.left = self.left.saturating_sub(placed);
        self.attempt.placed = self.attempt.placed.saturating_add(u128::from(placed));
        self.attempt.seatings.push(seating);
        Ok(placed)
    }
}
