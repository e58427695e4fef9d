//! What is free, as rows of numbers, while copies come and go.

use super::{bins::CardRoom, field::Kind};
use crate::{
    placement::{CardsLeft, Level, Resource, Rules, Snapshot, WhereUnknown},
    units::Name,
};
use std::collections::BTreeMap;

/// A level without limit.
pub(super) const UNLIMITED: u64 = u64::MAX;
/// All of a lane, as a number: room and sizes are parts of it.
const ALL: u128 = 1 << 96;
/// All of a lane in an alignment, whose factors are multiplied.
const ALL_ALIGNED: u128 = 1 << 48;

/// What stands in which column of a row: the lanes, three numbers of each model, and the pod slots.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    pub(super) lanes: usize,
    pub(super) models: usize,
}

impl Columns {
    const fn of_model(self, model: usize) -> usize {
        self.lanes.saturating_add(model.saturating_mul(3))
    }

    /// Wholly free cards.
    pub(super) const fn untouched(self, model: usize) -> usize {
        self.of_model(model)
    }

    /// The largest share that one card takes.
    pub(super) const fn largest(self, model: usize) -> usize {
        self.of_model(model).saturating_add(1)
    }

    /// All milli-cards.
    pub(super) const fn milli(self, model: usize) -> usize {
        self.of_model(model).saturating_add(2)
    }

    pub(super) const fn slots(self) -> usize {
        self.of_model(self.models)
    }

    pub(super) const fn width(self) -> usize {
        self.slots().saturating_add(1)
    }
}

/// What is free, which changes as copies are placed.
#[derive(Debug, Clone)]
pub(super) struct State {
    columns: Columns,
    /// Row by row.
    levels: Vec<u64>,
    /// Node by node, model by model.
    cards: Vec<CardRoom>,
    /// Of each node, the sum over all lanes of the part that is left, in parts of what all nodes had in the beginning.
    room: Vec<u128>,
    /// The columns that make it up, each with what one unit weighs, and with all there was.
    weights: Vec<(usize, u128, u64)>,
}

impl State {
    pub(super) fn read(
        snapshot: &Snapshot,
        lanes: &BTreeMap<Resource, usize>,
        models: &BTreeMap<Name, usize>,
        columns: Columns,
        rules: &Rules,
    ) -> Self {
        let unknown = if rules.where_unknown == WhereUnknown::Grey { 0 } else { UNLIMITED };
        let mut state = Self { columns, levels: Vec::new(), cards: Vec::new(), room: Vec::new(), weights: Vec::new() };
        for node in snapshot.nodes() {
            for lane in lanes.keys() {
                state.levels.push(match snapshot.free(&node.name, lane) {
                    Some(Level::Known(free)) => u64::try_from(free).unwrap_or(0),
                    Some(Level::Unknown) => unknown,
                    None => 0,
                });
            }
            for model in models.keys() {
                let is_unknown = || snapshot.free(&node.name, &Resource::Gpu(model.clone())) == Some(Level::Unknown);
                let cards = match snapshot.cards(&node.name, model) {
                    None if unknown == UNLIMITED && is_unknown() => CardRoom::Unlimited,
                    known => CardRoom::Known(known.unwrap_or_default()),
                };
                state.levels.extend([cards.untouched(), cards.largest(), cards.milli()]);
                state.cards.push(cards);
            }
            state.levels.push(snapshot.slots(&node.name).flatten().unwrap_or(UNLIMITED));
        }
        let milli = (0..columns.models).map(|model| columns.milli(model));
        state.weights = (0..columns.lanes).chain(milli).map(|column| state.weight(column)).collect();
        state.room = state.rows().map(|row| state.room_of(row)).collect();
        state
    }

    /// By model, the nodes that have cards of it, in order; then all nodes.
    pub(super) fn candidates(&self) -> Vec<Vec<usize>> {
        let nodes = self.room.len();
        let has = |node: &usize, model: usize| {
            let cards = self.cards(*node).get(model);
            cards.is_some_and(|cards| *cards != CardRoom::Known(CardsLeft::default()))
        };
        let of_model = |model: usize| (0..nodes).filter(|node| has(node, model)).collect();
        (0..self.columns.models).map(of_model).chain([(0..nodes).collect()]).collect()
    }

    fn weight(&self, column: usize) -> (usize, u128, u64) {
        let known = self.rows().filter_map(|row| row.get(column)).filter(|free| **free != UNLIMITED);
        let all = known.fold(0_u64, |sum, free| sum.saturating_add(*free));
        (column, ALL.checked_div(u128::from(all)).unwrap_or(0), all)
    }

    fn room_of(&self, row: &[u64]) -> u128 {
        let part = |(column, weight, all): &(usize, u128, u64)| {
            row.get(*column).map_or(0, |free| u128::from(*free.min(all)).saturating_mul(*weight))
        };
        self.weights.iter().map(part).fold(0, u128::saturating_add)
    }

    /// Turns amounts into the parts that an alignment multiplies; the sum of the parts of all.
    pub(super) fn weigh(&self, parts: &mut [(usize, u128)]) -> u128 {
        let mut size = 0_u128;
        for (place, amount) in parts {
            let weight = self.weights.get(*place).map_or(0, |weight| weight.1);
            let part = amount.saturating_mul(weight);
            size = size.saturating_add(part);
            *amount = part.min(ALL).wrapping_div(ALL_ALIGNED);
        }
        size
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[u64]> {
        self.levels.chunks_exact(self.columns.width())
    }

    pub(super) fn row(&self, node: usize) -> &[u64] {
        let start = node.saturating_mul(self.columns.width());
        self.levels.get(start..start.saturating_add(self.columns.width())).unwrap_or(&[])
    }

    fn row_mut(&mut self, node: usize) -> &mut [u64] {
        let start = node.saturating_mul(self.columns.width());
        self.levels.get_mut(start..start.saturating_add(self.columns.width())).unwrap_or(&mut [])
    }

    /// The levels of the lanes of a node.
    pub(super) fn lanes(&self, node: usize) -> &[u64] {
        self.row(node).get(..self.columns.lanes).unwrap_or(&[])
    }

    pub(super) fn slots(&self, node: usize) -> u64 {
        self.row(node).get(self.columns.slots()).copied().unwrap_or(0)
    }

    /// The cards of a node, by model.
    pub(super) fn cards(&self, node: usize) -> &[CardRoom] {
        let start = node.saturating_mul(self.columns.models);
        self.cards.get(start..start.saturating_add(self.columns.models)).unwrap_or(&[])
    }

    fn cards_mut(&mut self, node: usize, model: usize) -> Option<&mut CardRoom> {
        self.cards.get_mut(node.saturating_mul(self.columns.models).saturating_add(model))
    }

    pub(super) fn room(&self, node: usize) -> u128 {
        self.room.get(node).copied().unwrap_or(0)
    }

    /// How well what a kind asks for lies along what a node has: the sum over the lanes of one times the other.
    pub(super) fn alignment(&self, kind: &Kind, row: &[u64]) -> u128 {
        let term = |(place, part): &(usize, u128)| {
            let (column, weight, all) = self.weights.get(*place)?;
            let free = u128::from(*row.get(*column)?.min(all)).saturating_mul(*weight).wrapping_div(ALL_ALIGNED);
            Some(free.saturating_mul(*part))
        };
        kind.parts.iter().filter_map(term).fold(0, u128::saturating_add)
    }

    /// How many copies of one kind a node takes, were it alone.
    pub(super) fn times(&self, kind: &Kind, node: usize) -> u64 {
        let row = self.row(node);
        let slots = row.get(self.columns.slots()).copied().unwrap_or(0);
        let lane = |(lane, amount): &(usize, u64)| over(row.get(*lane).copied().unwrap_or(0), *amount);
        let lanes = kind.amounts.iter().map(lane);
        let cards = self.cards(node);
        let whole = |(model, count): &(usize, u64)| over(cards.get(*model).map_or(0, CardRoom::untouched), *count);
        let shares = |(model, milli): &(usize, u64)| cards.get(*model).map_or(0, |cards| cards.bins().0.shares(*milli));
        let cards = kind.whole.iter().map(whole).chain(kind.shares.iter().map(shares));
        lanes.chain(cards).fold(slots.min(kind.max_per_node), u64::min)
    }

    /// How many cards are begun of the models that a kind asks for: to place a copy is to look through them.
    pub(super) fn begun(&self, kind: &Kind, node: usize) -> usize {
        let cards = self.cards(node);
        let models = kind.whole.iter().chain(&kind.shares).filter_map(|(model, _)| cards.get(*model));
        models.map(CardRoom::begun).fold(0, usize::saturating_add)
    }

    /// Takes one copy; the cards that its shares are on. There must be room for it.
    pub(super) fn put(&mut self, kind: &Kind, node: usize) -> Vec<(usize, u64)> {
        let mut taken = Vec::new();
        for (model, milli) in &kind.shares {
            if let Some(cards) = self.cards_mut(node, *model)
                && let Some(card) = cards.best_fit(*milli)
            {
                cards.take_share(card, *milli);
                taken.push((*model, card));
            }
        }
        self.book(kind, node, 1, Booking::Take);
        taken
    }

    /// Takes copies whose shares are on known cards.
    pub(super) fn put_on(&mut self, kind: &Kind, node: usize, copies: u64, shares: &[(usize, Vec<u64>)]) {
        for (model, on) in shares {
            let milli = kind.shares.iter().find(|(asked, _)| asked == model).map_or(0, |(_, milli)| *milli);
            if let Some(cards) = self.cards_mut(node, *model) {
                on.iter().for_each(|card| cards.take_share(*card, milli));
            }
        }
        self.book(kind, node, copies, Booking::Take);
    }

    /// Takes copies of a kind without shares of cards.
    pub(super) fn put_many(&mut self, kind: &Kind, node: usize, copies: u64) {
        self.book(kind, node, copies, Booking::Take);
    }

    /// Gives one copy back.
    pub(super) fn give_back(&mut self, kind: &Kind, node: usize, on: &[(usize, u64)]) {
        for (model, card) in on {
            let milli = kind.shares.iter().find(|(asked, _)| asked == model).map_or(0, |(_, milli)| *milli);
            if let Some(cards) = self.cards_mut(node, *model) {
                cards.give_share(*card, milli);
            }
        }
        self.book(kind, node, 1, Booking::Give);
    }

    fn book(&mut self, kind: &Kind, node: usize, copies: u64, booking: Booking) {
        for (model, count) in &kind.whole {
            let count = count.saturating_mul(copies);
            if let Some(cards) = self.cards_mut(node, *model) {
                match booking {
                    Booking::Take => cards.take_whole(count),
                    Booking::Give => cards.give_whole(count),
                }
            }
        }
        let slots = self.columns.slots();
        let columns = self.columns;
        let row = self.row_mut(node);
        for (column, amount) in kind.amounts.iter().copied().chain([(slots, 1)]) {
            let amount = amount.saturating_mul(copies);
            if let Some(level) = row.get_mut(column).filter(|level| **level != UNLIMITED) {
                *level = match booking {
                    Booking::Take => level.saturating_sub(amount),
                    Booking::Give => level.saturating_add(amount),
                };
            }
        }
        for (model, _) in kind.whole.iter().chain(&kind.shares) {
            let seen = self.cards(node).get(*model).map(|cards| [cards.untouched(), cards.largest(), cards.milli()]);
            let start = columns.of_model(*model);
            if let Some(seen) = seen
                && let Some(levels) = self.row_mut(node).get_mut(start..start.saturating_add(3))
            {
                levels.copy_from_slice(&seen);
            }
        }
        let left = self.room_of(self.row(node));
        if let Some(room) = self.room.get_mut(node) {
            *room = left;
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Booking {
    Take,
    Give,
}

/// How many times an amount fits a level.
pub(super) fn over(level: u64, amount: u64) -> u64 {
    if level == UNLIMITED { UNLIMITED } else { level.checked_div(amount).unwrap_or(UNLIMITED) }
}
