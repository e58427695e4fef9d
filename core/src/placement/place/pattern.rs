//! What fits one node at once: patterns, as numbers of copies by kind.

use super::{
    bins::Bins,
    field::Kind,
    question::{Adding, Class, Question},
    state::{UNLIMITED, over},
    steps::{Spent, Steps},
};
use crate::placement::request::CARD;

/// Numbers of copies by kind.
pub(super) type Pattern = Vec<u64>;

/// What is left of one node while a pattern is made.
struct Filling<'f> {
    kinds: &'f [(usize, &'f Kind)],
    levels: Vec<u64>,
    slots: u64,
    bins: &'f [Bins],
    /// Whole cards taken, by model.
    whole: Vec<u64>,
    /// By kind: no more than this.
    most: Vec<u64>,
    counts: Pattern,
}

impl<'f> Filling<'f> {
    fn new(question: &'f Question<'_>, class: &'f Class, most: Vec<u64>) -> Self {
        Self {
            kinds: &question.kinds,
            levels: class.levels.clone(),
            slots: class.slots,
            bins: &class.bins,
            whole: vec![0; class.bins.len()],
            most,
            counts: vec![0; question.kinds.len()],
        }
    }

    fn kind(&self, place: usize) -> Option<&'f Kind> {
        self.kinds.get(place).map(|(_, kind)| *kind)
    }

    /// How many more of a kind fit what adds up.
    fn room(&self, place: usize) -> u64 {
        let Some(kind) = self.kind(place) else { return 0 };
        let count = self.counts.get(place).copied().unwrap_or(0);
        let most = self.most.get(place).copied().unwrap_or(0).saturating_sub(count);
        let lane = |(lane, amount): &(usize, u64)| over(self.levels.get(*lane).copied().unwrap_or(0), *amount);
        let whole = |(model, cards): &(usize, u64)| {
            let free = self.bins.get(*model).map_or(0, |bins| bins.untouched);
            let taken = self.whole.get(*model).copied().unwrap_or(0);
            over(if free == UNLIMITED { free } else { free.saturating_sub(taken) }, *cards)
        };
        let parts = kind.amounts.iter().map(lane).chain(kind.whole.iter().map(whole));
        parts.fold(most.min(self.slots), u64::min)
    }

    /// Adds copies of a kind, or takes them away again.
    fn change(&mut self, place: usize, copies: u64, add: bool) {
        let Some(kind) = self.kind(place) else { return };
        let moved = |level: &mut u64, amount: u64, up: bool| {
            *level = if *level == UNLIMITED {
                UNLIMITED
            } else if up {
                level.saturating_add(amount)
            } else {
                level.saturating_sub(amount)
            };
        };
        for (lane, amount) in &kind.amounts {
            self.levels.get_mut(*lane).into_iter().for_each(|level| moved(level, amount.saturating_mul(copies), !add));
        }
        for (model, cards) in &kind.whole {
            self.whole.get_mut(*model).into_iter().for_each(|taken| moved(taken, cards.saturating_mul(copies), add));
        }
        moved(&mut self.slots, copies, !add);
        self.counts.get_mut(place).into_iter().for_each(|count| moved(count, copies, add));
    }

    /// Whether the cards carry what is there now, of the models that a kind asks for.
    fn packs(&self, place: usize, steps: &mut Steps) -> Result<bool, Spent> {
        let Some(kind) = self.kind(place) else { return Ok(true) };
        for (model, _) in kind.shares.iter().chain(&kind.whole) {
            let Some(bins) = self.bins.get(*model) else { return Ok(false) };
            let whole = self.whole.get(*model).copied().unwrap_or(0);
            let shares = shares_of(self.kinds, &self.counts, *model);
            let shares: Vec<(u64, u64)> = shares.iter().map(|(milli, copies, _)| (*milli, *copies)).collect();
            if bins.pack(whole, &shares, steps)?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How many more of a kind fit, with cards: what adds up, and of that what the cards carry, by halves.
    fn fits(&mut self, place: usize, steps: &mut Steps) -> Result<u64, Spent> {
        let room = self.room(place);
        let Some(kind) = self.kind(place) else { return Ok(0) };
        let shares_cards = !kind.shares.is_empty() || self.shares_with(kind);
        if room == 0 || !shares_cards {
            return Ok(room);
        }
        let (mut fits, mut fails) = (0_u64, room.saturating_add(1));
        let mut next = room;
        while fits.saturating_add(1) < fails {
            steps.take(1)?;
            self.change(place, next, true);
            let is_packed = self.packs(place, steps);
            self.change(place, next, false);
            if is_packed? {
                fits = next;
            } else {
                fails = next;
            }
            next = fits.saturating_add(fails.saturating_sub(fits).wrapping_div(2));
        }
        Ok(fits)
    }

    /// Whether whole cards of a kind are of a model of which others take shares.
    fn shares_with(&self, kind: &Kind) -> bool {
        let mut shared = self.kinds.iter().flat_map(|(_, other)| &other.shares);
        shared.any(|(model, _)| kind.whole.iter().any(|(whole, _)| whole == model))
    }

    fn has(&self, of: Adding, class: &Class) -> u64 {
        match of {
            Adding::Lane(lane) => self.levels.get(lane).copied().unwrap_or(0),
            Adding::Slots => self.slots,
            _ if class.has(of) == UNLIMITED => UNLIMITED,
            Adding::Whole(model) => class.has(of).saturating_sub(self.whole.get(model).copied().unwrap_or(0)),
            Adding::Milli(model) => {
                let term = |((_, kind), count): (&(usize, &Kind), &u64)| {
                    let of_model = kind.shares.iter().filter(|(asked, _)| *asked == model).map(|(_, milli)| *milli);
                    let whole = kind.whole.iter().filter(|(asked, _)| *asked == model);
                    let whole = whole.map(|(_, cards)| cards.saturating_mul(CARD));
                    of_model.chain(whole).fold(0, u64::saturating_add).saturating_mul(*count)
                };
                let taken = self.kinds.iter().zip(&self.counts).map(term).fold(0, u64::saturating_add);
                class.has(of).saturating_sub(taken)
            }
        }
    }
}

/// The shares of a model that a pattern has: (milli-cards, copies, kind), from the largest.
pub(super) fn shares_of(kinds: &[(usize, &Kind)], counts: &[u64], model: usize) -> Vec<(u64, u64, usize)> {
    let mut shares = Vec::new();
    for (place, ((_, kind), count)) in kinds.iter().zip(counts).enumerate() {
        let asked = kind.shares.iter().filter(|(asked, _)| *asked == model && *count > 0);
        shares.extend(asked.map(|(_, milli)| (*milli, *count, place)));
    }
    shares.sort_unstable_by(|a, b| b.cmp(a));
    shares
}

/// Every pattern of a class to which nothing can be added, of up to so many copies by kind.
pub(super) fn maximal(
    question: &Question<'_>,
    class: &Class,
    most: Vec<u64>,
    steps: &mut Steps,
) -> Result<Vec<Pattern>, Spent> {
    let mut order: Vec<usize> =
        (0..most.len()).filter(|place| most.get(*place).is_some_and(|most| *most > 0)).collect();
    let size = |place: &usize| question.kinds.get(*place).map_or(0, |(_, kind)| kind.size);
    order.sort_by_key(|place| std::cmp::Reverse(size(place)));
    if order.len() > DEEPEST {
        return Err(Spent);
    }
    let mut search = Maximal { filling: Filling::new(question, class, most), order: &order, found: Vec::new() };
    search.from(0, steps)?;
    Ok(search.found)
}

/// The most kinds that one search looks at: it goes one call deeper for each.
const DEEPEST: usize = 500;

struct Maximal<'m> {
    filling: Filling<'m>,
    order: &'m [usize],
    found: Vec<Pattern>,
}

impl Maximal<'_> {
    fn from(&mut self, at: usize, steps: &mut Steps) -> Result<(), Spent> {
        steps.take(1)?;
        let Some(&place) = self.order.get(at) else { return self.leaf(steps) };
        let fits = self.filling.fits(place, steps)?;
        let is_last = at.saturating_add(1) == self.order.len();
        let least = if is_last { fits } else { 0 };
        for copies in (least..=fits).rev() {
            self.filling.change(place, copies, true);
            let below = self.from(at.saturating_add(1), steps);
            self.filling.change(place, copies, false);
            below?;
        }
        Ok(())
    }

    fn leaf(&mut self, steps: &mut Steps) -> Result<(), Spent> {
        for place in self.order {
            steps.take(1)?;
            if self.filling.fits(*place, steps)? > 0 {
                return Ok(());
            }
        }
        steps.take_table(self.filling.counts.len(), 1)?;
        self.found.push(self.filling.counts.clone());
        Ok(())
    }
}

/// The largest weight that fits one node of a class, and a pattern that has it; and whether the search was complete.
#[derive(Debug, Clone)]
pub(super) struct Heaviest {
    pub(super) weight: u128,
    pub(super) pattern: Pattern,
    /// No pattern is heavier than this; the weight itself where the search was complete.
    pub(super) at_most: u128,
}

/// Searches the heaviest pattern of a class, of up to so many copies by kind.
pub(super) fn heaviest(
    question: &Question<'_>,
    class: &Class,
    weights: &[u64],
    most: Vec<u64>,
    steps: &mut Steps,
) -> Heaviest {
    let weight = |place: &usize| weights.get(*place).copied().unwrap_or(0);
    let mut order: Vec<usize> =
        (0..most.len()).filter(|place| weight(place) > 0 && most.get(*place).is_some_and(|most| *most > 0)).collect();
    // Those with the most weight for their size first; exact enough for an order.
    let density = |place: &usize| {
        let size = question.kinds.get(*place).map_or(0, |(_, kind)| kind.size).wrapping_div(1 << 40).max(1);
        u128::from(weight(place)).saturating_mul(1 << 60).checked_div(size).unwrap_or(0)
    };
    order.sort_by_key(|place| std::cmp::Reverse(density(place)));
    let mut search = Heavy {
        sums: sums_of(question, &order),
        class,
        alone: most.clone(),
        filling: Filling::new(question, class, most),
        order: &order,
        weights,
        best: Heaviest { weight: 0, pattern: vec![0; question.kinds.len()], at_most: 0 },
    };
    let bound = search.bound(0);
    let ended = if order.len() > DEEPEST { Err(Spent) } else { search.from(0, 0, steps) };
    let mut best = search.best;
    best.at_most = if ended.is_ok() { best.weight } else { bound };
    best
}

/// What adds up, as each kind in order asks for it.
fn sums_of(question: &Question<'_>, order: &[usize]) -> Vec<(Adding, Vec<u64>)> {
    let asks = |asks: &[u64]| order.iter().map(|place| asks.get(*place).copied().unwrap_or(0)).collect();
    question.sums.iter().map(|sum| (sum.of, asks(&sum.asks))).collect()
}

struct Heavy<'h> {
    filling: Filling<'h>,
    class: &'h Class,
    order: &'h [usize],
    weights: &'h [u64],
    /// By kind, how many fit at most.
    alone: Vec<u64>,
    sums: Vec<(Adding, Vec<u64>)>,
    best: Heaviest,
}

impl Heavy<'_> {
    fn from(&mut self, at: usize, weight: u128, steps: &mut Steps) -> Result<(), Spent> {
        let rest = self.order.len().saturating_sub(at);
        steps.take_table(rest.saturating_add(1), self.sums.len())?;
        if weight > self.best.weight {
            self.best.weight = weight;
            self.best.pattern.clone_from(&self.filling.counts);
        }
        let Some(&place) = self.order.get(at) else { return Ok(()) };
        if weight.saturating_add(self.bound(at)) <= self.best.weight {
            return Ok(());
        }
        let each = u128::from(self.weights.get(place).copied().unwrap_or(0));
        let fits = self.filling.fits(place, steps)?;
        let is_last = at.saturating_add(1) == self.order.len();
        let least = if is_last { fits } else { 0 };
        for copies in (least..=fits).rev() {
            self.filling.change(place, copies, true);
            let heavier = weight.saturating_add(each.saturating_mul(u128::from(copies)));
            let below = self.from(at.saturating_add(1), heavier, steps);
            self.filling.change(place, copies, false);
            below?;
        }
        Ok(())
    }

    /// No more weight than this is added by the kinds from here on: for each sum, all of what is left at the best weight for
    /// it, and what asks for nothing of it as often as it fits.
    fn bound(&self, at: usize) -> u128 {
        let of_sum = |(of, asks): &(Adding, Vec<u64>)| {
            let has = self.filling.has(*of, self.class);
            let left = u128::from(has);
            let (mut ratio, mut free) = (0_u128, 0_u128);
            for (place, asks) in self.order.iter().zip(asks).skip(at) {
                let weight = u128::from(self.weights.get(*place).copied().unwrap_or(0));
                // What is without limit bounds nothing: the number that stands for it is not an amount.
                if *asks == 0 || has == UNLIMITED {
                    let alone = u128::from(self.alone.get(*place).copied().unwrap_or(0));
                    free = free.saturating_add(weight.saturating_mul(alone));
                } else {
                    let by_it = left.saturating_mul(weight).checked_div(u128::from(*asks)).unwrap_or(0);
                    ratio = ratio.max(by_it);
                }
            }
            ratio.saturating_add(free)
        };
        self.sums.iter().map(of_sum).min().unwrap_or(u128::MAX)
    }
}
