//! One node: what is taken of it, what is left, and everything that can be put on it.

use super::Fault;
use crate::{
    placement::{Item, Resource, place::steps::Steps, request::CARD},
    units::Name,
};
use std::collections::BTreeMap;

/// What groups take of a node.
#[derive(Debug, Clone, Default)]
pub(super) struct Use {
    pub(super) pods: u128,
    pub(super) amounts: BTreeMap<Resource, u128>,
    /// Whole cards.
    pub(super) whole: BTreeMap<Name, u128>,
    /// Milli-cards, by card.
    pub(super) shares: BTreeMap<Name, BTreeMap<u64, u128>>,
}

/// What is left of a node; none is without limit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Left {
    pub(super) pods: Option<u128>,
    pub(super) amounts: BTreeMap<Resource, Option<u128>>,
    pub(super) cards: BTreeMap<Name, Option<Cards>>,
}

/// Cards of a model.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cards {
    pub(super) untouched: u128,
    /// What is left of the begun ones, from the least.
    pub(super) begun: Vec<u128>,
}

impl Left {
    /// How many copies of one item fit, were it alone; none is without limit.
    pub(super) fn alone(&self, parts: &[(Resource, u64)], limit: Option<u64>) -> Option<u128> {
        let of_part = |(resource, amount): &(Resource, u64)| -> Option<u128> {
            let amount = u128::from(*amount);
            match resource {
                Resource::Gpu(model) => {
                    let Some(cards) = self.cards.get(model) else { return Some(0) };
                    let cards = cards.as_ref()?;
                    let card = u128::from(CARD);
                    Some(if amount < card {
                        let each = |room: u128| room.checked_div(amount).unwrap_or(0);
                        let begun = cards.begun.iter().map(|room| each(*room)).fold(0, u128::saturating_add);
                        cards.untouched.saturating_mul(each(card)).saturating_add(begun)
                    } else {
                        cards.untouched.checked_div(amount.checked_div(card).unwrap_or(1)).unwrap_or(0)
                    })
                }
                resource => match self.amounts.get(resource) {
                    Some(level) => level.map(|level| level.checked_div(amount).unwrap_or(0)),
                    None => Some(0),
                },
            }
        };
        let counts = parts.iter().filter_map(of_part);
        counts.chain(self.pods).chain(limit.map(u128::from)).min()
    }

    /// Takes copies of what adds up, whole cards too; whether there is so much. Shares are judged with all copies together.
    fn take(&mut self, parts: &[(Resource, u64)], copies: u128) -> bool {
        let all = |amount: u64| u128::from(amount).saturating_mul(copies);
        let is_there = |(resource, amount): &(Resource, u64)| match (whole_cards(resource, *amount), resource) {
            (Some(count), Resource::Gpu(model)) => {
                let cards = self.cards.get(model).and_then(Option::as_ref);
                cards.is_none_or(|cards| cards.untouched >= count.saturating_mul(copies))
            }
            _ => match self.amounts.get(resource) {
                Some(Some(level)) => *level >= all(*amount),
                _ => true,
            },
        };
        if self.pods.is_some_and(|pods| pods < copies) || !parts.iter().all(is_there) {
            return false;
        }
        self.change(parts, |level, amount| level.saturating_sub(amount.saturating_mul(copies)));
        true
    }

    /// Gives back what was taken.
    fn give(&mut self, parts: &[(Resource, u64)], copies: u128) {
        self.change(parts, |level, amount| level.saturating_add(amount.saturating_mul(copies)));
    }

    fn change(&mut self, parts: &[(Resource, u64)], change: impl Fn(u128, u128) -> u128) {
        self.pods = self.pods.map(|pods| change(pods, 1));
        for (resource, amount) in parts {
            if let Some(Some(level)) = self.amounts.get_mut(resource) {
                *level = change(*level, u128::from(*amount));
            }
            if let (Some(count), Resource::Gpu(model)) = (whole_cards(resource, *amount), resource)
                && let Some(Some(cards)) = self.cards.get_mut(model)
            {
                cards.untouched = change(cards.untouched, count);
            }
        }
    }
}

/// How many whole cards a copy asks for; none where it asks for something else, or for a share.
fn whole_cards(resource: &Resource, amount: u64) -> Option<u128> {
    let is_whole = matches!(resource, Resource::Gpu(_)) && amount >= CARD;
    is_whole.then(|| u128::from(amount.wrapping_div(CARD)))
}

/// An item as a proof sees it.
#[derive(Debug, Clone)]
pub(super) struct Asked<'g> {
    pub(super) item: &'g Item,
    /// What is judged of its request.
    pub(super) parts: Vec<(Resource, u64)>,
    /// The weight of a copy, where weights are given.
    pub(super) weight: u128,
}

/// What is done with each filling.
pub(super) type Visit<'v> = dyn FnMut(&[u128], &mut Steps) -> Result<(), Fault> + 'v;

/// All that can be put on a node: so many copies of each item at most.
pub(super) struct Fillings<'n, 'g> {
    pub(super) asked: &'n [Asked<'g>],
    pub(super) most: Vec<u128>,
    pub(super) left: &'n Left,
}

impl Fillings<'_, '_> {
    /// A walk goes one call deeper for each item.
    const MOST_ITEMS: usize = 500;

    /// Each filling to which no copy can be added.
    pub(super) fn maximal(&self, steps: &mut Steps, visit: &mut Visit<'_>) -> Result<(), Fault> {
        if self.asked.len() > Self::MOST_ITEMS {
            return Err(Fault::Spent);
        }
        self.list(&mut Walk { left: self.left.clone(), counts: Vec::new() }, steps, visit)
    }

    fn list(&self, walk: &mut Walk, steps: &mut Steps, visit: &mut Visit<'_>) -> Result<(), Fault> {
        steps.take(1)?;
        let Some((asked, most)) = self.asked.get(walk.counts.len()).zip(self.most.get(walk.counts.len())) else {
            return if self.is_maximal(walk, steps)? { visit(&walk.counts, steps) } else { Ok(()) };
        };
        let mut copies = walk.left.alone(&asked.parts, None).map_or(*most, |fits| fits.min(*most));
        loop {
            // What does not fit is a step as well: there may be more numbers of copies than anyone can count.
            steps.take(1)?;
            if walk.take(asked, copies) {
                let below = match self.cards_carry(&walk.counts, steps) {
                    Ok(true) => self.list(walk, steps, visit),
                    other => other.map(|_| ()),
                };
                walk.give(asked);
                below?;
            }
            match copies.checked_sub(1) {
                Some(fewer) => copies = fewer,
                None => return Ok(()),
            }
        }
    }

    /// Whether not a single copy can be added.
    fn is_maximal(&self, walk: &mut Walk, steps: &mut Steps) -> Result<bool, Fault> {
        let mut more = walk.counts.clone();
        for (place, (asked, most)) in self.asked.iter().zip(&self.most).enumerate() {
            steps.take(1)?;
            let count = walk.counts.get(place).copied().unwrap_or(0);
            if count >= *most || !walk.left.take(&asked.parts, 1) {
                continue;
            }
            walk.left.give(&asked.parts, 1);
            more.get_mut(place).into_iter().for_each(|copies| *copies = count.saturating_add(1));
            if self.cards_carry(&more, steps)? {
                return Ok(false);
            }
            more.get_mut(place).into_iter().for_each(|copies| *copies = count);
        }
        Ok(true)
    }

    /// The largest weight of any filling.
    pub(super) fn heaviest(&self, steps: &mut Steps) -> Result<u128, Fault> {
        if self.asked.len() > Self::MOST_ITEMS {
            return Err(Fault::Spent);
        }
        let mut best = 0;
        self.weigh(&mut Walk { left: self.left.clone(), counts: Vec::new() }, 0, &mut best, steps)?;
        Ok(best)
    }

    fn weigh(&self, walk: &mut Walk, weight: u128, best: &mut u128, steps: &mut Steps) -> Result<(), Fault> {
        let at = walk.counts.len();
        steps.take_table(self.asked.len().saturating_sub(at).saturating_add(1), walk.left.amounts.len())?;
        *best = weight.max(*best);
        let Some((asked, most)) = self.asked.get(at).zip(self.most.get(at)) else { return Ok(()) };
        if weight.saturating_add(self.at_most(&walk.left, at)) <= *best {
            return Ok(());
        }
        let mut copies = if asked.weight == 0 { 0 } else { *most };
        copies = walk.left.alone(&asked.parts, None).map_or(copies, |fits| fits.min(copies));
        loop {
            steps.take(1)?;
            if walk.take(asked, copies) {
                let heavier = weight.saturating_add(copies.saturating_mul(asked.weight));
                let below = match self.cards_carry(&walk.counts, steps) {
                    Ok(true) => self.weigh(walk, heavier, best, steps),
                    other => other.map(|_| ()),
                };
                walk.give(asked);
                below?;
            }
            match copies.checked_sub(1) {
                Some(fewer) => copies = fewer,
                None => return Ok(()),
            }
        }
    }

    /// No filling adds more weight than this with the items from a place on: of each resource, and of the pods, what is left of it
    /// at the best weight for it, beside all copies of the items that ask for none of it.
    fn at_most(&self, left: &Left, from: usize) -> u128 {
        let rest = || self.asked.iter().zip(&self.most).skip(from);
        let by = |level: u128, asks: &dyn Fn(&Asked<'_>) -> u128| {
            let (mut paid, mut free) = (0_u128, 0_u128);
            for (asked, most) in rest() {
                match asks(asked) {
                    0 => free = free.saturating_add(asked.weight.saturating_mul(*most)),
                    amount => {
                        let all = level.saturating_mul(asked.weight).checked_div(amount).unwrap_or(0);
                        paid = paid.max(all);
                    }
                }
            }
            paid.saturating_add(free)
        };
        let alone = rest().map(|(asked, most)| asked.weight.saturating_mul(*most)).fold(0, u128::saturating_add);
        let amounts = left.amounts.iter().filter_map(|(resource, level)| {
            let asks = |asked: &Asked<'_>| asked.item.product.request.amount(resource).into();
            Some(by((*level)?, &asks))
        });
        let pods = left.pods.map(|pods| by(pods, &|_| 1));
        amounts.chain(pods).fold(alone, u128::min)
    }

    /// Whether the cards carry the items so far, each model for itself.
    fn cards_carry(&self, counts: &[u128], steps: &mut Steps) -> Result<bool, Fault> {
        for (model, cards) in &self.left.cards {
            let Some(cards) = cards else { continue };
            let (mut whole, mut shares) = (0_u128, Vec::new());
            for (asked, copies) in self.asked.iter().zip(counts) {
                let amount = asked.parts.iter().find(|(resource, _)| resource.model() == Some(model));
                match amount.filter(|(resource, _)| matches!(resource, Resource::Gpu(_))) {
                    Some((_, amount)) if *amount < CARD => {
                        steps.take(u64::try_from(*copies).unwrap_or(u64::MAX))?;
                        shares.extend((0..*copies).map(|_| u128::from(*amount)));
                    }
                    Some((_, amount)) => {
                        let cards = u128::from(amount.wrapping_div(CARD)).saturating_mul(*copies);
                        whole = whole.saturating_add(cards);
                    }
                    None => {}
                }
            }
            let Some(untouched) = cards.untouched.checked_sub(whole) else { return Ok(false) };
            shares.sort_unstable_by(|a, b| b.cmp(a));
            if !carried(&mut cards.begun.clone(), untouched, &shares, steps)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// A filling that is being made: copies by item, and what they leave of what adds up.
struct Walk {
    left: Left,
    counts: Vec<u128>,
}

impl Walk {
    fn take(&mut self, asked: &Asked<'_>, copies: u128) -> bool {
        let is_there = self.left.take(&asked.parts, copies);
        if is_there {
            self.counts.push(copies);
        }
        is_there
    }

    fn give(&mut self, asked: &Asked<'_>) {
        if let Some(copies) = self.counts.pop() {
            self.left.give(&asked.parts, copies);
        }
    }
}

/// Whether shares, from the largest, can be put on begun cards and new ones: every way is tried.
fn carried(begun: &mut Vec<u128>, untouched: u128, shares: &[u128], steps: &mut Steps) -> Result<bool, Fault> {
    const DEEPEST: usize = 500;
    let Some((share, rest)) = shares.split_first() else { return Ok(true) };
    steps.take_table(begun.len().saturating_add(1), 1)?;
    let room = begun.iter().copied().fold(untouched.saturating_mul(u128::from(CARD)), u128::saturating_add);
    if shares.iter().copied().fold(0, u128::saturating_add) > room {
        return Ok(false);
    }
    if u128::try_from(shares.len()).is_ok_and(|count| count <= untouched) {
        return Ok(true);
    }
    if shares.len() > DEEPEST {
        return Err(Fault::Spent);
    }
    // The fullest card that takes it first; cards with the same room are the same.
    let mut rooms = begun.clone();
    rooms.sort_unstable();
    rooms.dedup();
    for room in rooms.into_iter().filter(|room| room >= share) {
        let Some(card) = begun.iter().position(|of_card| *of_card == room) else { continue };
        begun.get_mut(card).into_iter().for_each(|left| *left = room.saturating_sub(*share));
        if carried(begun, untouched, rest, steps)? {
            return Ok(true);
        }
        begun.get_mut(card).into_iter().for_each(|left| *left = room);
    }
    let Some(fewer) = untouched.checked_sub(1) else { return Ok(false) };
    begun.push(u128::from(CARD).saturating_sub(*share));
    let is_carried = carried(begun, fewer, rest, steps)?;
    begun.pop();
    Ok(is_carried)
}
