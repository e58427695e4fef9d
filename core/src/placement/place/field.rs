//! The nodes as a table of numbers: the one place where a snapshot is read for placing.

use super::{
    bins::CardRoom,
    item::{Item, Spread},
    steps::{Spent, Steps},
};
use crate::{
    placement::{
        CardsLeft, Constraints, Level, Product, Resource, Rules, Snapshot, WhereUnknown, request::CARD,
        snapshot::standing,
    },
    units::Name,
};
use std::collections::BTreeMap;

/// A level without limit.
pub(super) const UNLIMITED: u64 = u64::MAX;
/// All of a lane, as a number: room and sizes are parts of it.
pub(super) const ALL: u128 = 1 << 96;
/// All of a lane in an alignment, whose factors are multiplied.
const ALL_ALIGNED: u128 = 1 << 48;

/// Nodes and kinds of copies, by number.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// By name: the order in which ties are decided.
    pub(super) names: Vec<String>,
    /// Resources that add up.
    pub(super) lanes: Vec<Resource>,
    /// Models of cards.
    pub(super) models: Vec<Name>,
    pub(super) kinds: Vec<Kind>,
    /// The nodes that have cards of a model at all, by model; then all nodes.
    candidates: Vec<Vec<usize>>,
    /// Which nodes may run a kind, by [`Kind::eligible`].
    eligible: Vec<Vec<bool>>,
    /// The domains of a spread, by [`Kind::spread`].
    pub(super) domains: Vec<Domains>,
    pub(super) state: State,
}

/// One copy of an item, by numbers.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    pub(super) id: String,
    /// What a row must have at least, by column: enough for one copy.
    needs: Vec<(usize, u64)>,
    /// What one copy takes of a lane or of the cards of a model, as a part of all there is, by the place of its weight.
    parts: Vec<(usize, u128)>,
    /// The sum of these parts.
    pub(super) size: u128,
    pub(super) amounts: Vec<(usize, u64)>,
    /// Whole cards, by model.
    pub(super) whole: Vec<(usize, u64)>,
    /// A share of a card in milli-cards, by model.
    pub(super) shares: Vec<(usize, u64)>,
    eligible: usize,
    pub(super) replicas: u64,
    pub(super) max_per_node: u64,
    pub(super) spread: Option<KindSpread>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct KindSpread {
    pub(super) max_skew: u64,
    pub(super) domains: usize,
}

/// The values of a label on the nodes that may run a kind.
#[derive(Debug, Clone)]
pub(super) struct Domains {
    pub(super) values: Vec<String>,
    of: Vec<Option<usize>>,
}

impl Domains {
    pub(super) fn of(&self, node: usize) -> Option<usize> {
        self.of.get(node).copied().flatten()
    }
}

impl Field {
    /// Reads a snapshot for some items.
    pub(super) fn read(snapshot: &Snapshot, items: &[&Item], rules: &Rules, steps: &mut Steps) -> Result<Self, Spent> {
        let judged = |product: &Product| -> Vec<(Resource, u64)> {
            let parts = product.request.iter().filter(|(resource, _)| !rules.ignores(resource));
            parts.map(|(resource, amount)| (resource.clone(), amount)).collect()
        };
        let mut lanes: BTreeMap<Resource, usize> = BTreeMap::new();
        let mut models: BTreeMap<Name, usize> = BTreeMap::new();
        for (resource, _) in items.iter().flat_map(|item| judged(&item.product)) {
            match resource {
                Resource::Gpu(model) => _ = models.insert(model, 0),
                resource => _ = lanes.insert(resource, 0),
            }
        }
        (0..).zip(lanes.values_mut()).for_each(|(number, lane)| *lane = number);
        (0..).zip(models.values_mut()).for_each(|(number, model)| *model = number);
        let columns = Columns { lanes: lanes.len(), models: models.len() };
        steps.take_table(snapshot.nodes().len(), columns.width())?;
        let state = State::read(snapshot, &lanes, &models, columns, rules);

        let mut field = Self {
            names: snapshot.nodes().map(|node| node.name.clone()).collect(),
            lanes: lanes.keys().cloned().collect(),
            models: models.keys().cloned().collect(),
            kinds: Vec::with_capacity(items.len()),
            candidates: state.candidates(),
            eligible: Vec::new(),
            domains: Vec::new(),
            state,
        };
        let mut known = Eligible { snapshot, rules, constraints: BTreeMap::new(), spreads: BTreeMap::new() };
        for item in items {
            let eligible = known.constraints(&item.product.constraints, &mut field, steps)?;
            let spread = match &item.spread {
                Some(spread) => Some(known.spread(eligible, spread, &mut field, steps)?),
                None => None,
            };
            let mut kind = Kind {
                id: item.product.id.clone(),
                needs: vec![(columns.slots(), 1)],
                parts: Vec::new(),
                size: 0,
                amounts: Vec::new(),
                whole: Vec::new(),
                shares: Vec::new(),
                eligible,
                replicas: item.replicas,
                max_per_node: item.max_per_node.unwrap_or(UNLIMITED),
                spread,
            };
            for (resource, amount) in judged(&item.product) {
                match &resource {
                    Resource::Gpu(model) => kind.asks_cards(models.get(model).copied().unwrap_or(0), amount, columns),
                    _ => kind.asks(lanes.get(&resource).copied().unwrap_or(0), amount),
                }
            }
            kind.size = field.state.weigh(&mut kind.parts);
            field.kinds.push(kind);
        }
        Ok(field)
    }

    pub(super) fn is_eligible(&self, kind: &Kind, node: usize) -> bool {
        let may_run = self.eligible.get(kind.eligible).and_then(|nodes| nodes.get(node)).copied().unwrap_or(false);
        may_run && (kind.spread.is_none() || self.domain(kind, node).is_some())
    }

    /// The domain of a node, of a kind that is spread.
    pub(super) fn domain(&self, kind: &Kind, node: usize) -> Option<usize> {
        self.domains.get(kind.spread?.domains)?.of(node)
    }

    /// The nodes that may run a kind, each with its row; those without any card that it asks for are left out.
    pub(super) fn rows(&self, kind: &Kind) -> impl Iterator<Item = (usize, &[u64])> {
        let may_run = self.eligible.get(kind.eligible).map_or(&[][..], Vec::as_slice);
        let domains = kind.spread.and_then(|spread| self.domains.get(spread.domains));
        let candidates = self.candidates.get(kind.candidates(self.models.len())).map_or(&[][..], Vec::as_slice);
        let is_eligible = move |node: &usize| {
            may_run.get(*node) == Some(&true) && domains.is_none_or(|domains| domains.of(*node).is_some())
        };
        candidates.iter().copied().filter(is_eligible).map(|node| (node, self.state.row(node)))
    }
}

impl Kind {
    fn asks(&mut self, lane: usize, amount: u64) {
        self.needs.push((lane, amount));
        self.amounts.push((lane, amount));
        self.parts.push((lane, u128::from(amount)));
    }

    fn asks_cards(&mut self, model: usize, milli: u64, columns: Columns) {
        if milli < CARD {
            // What few nodes have is looked at first.
            self.needs.insert(0, (columns.largest(model), milli));
            self.shares.push((model, milli));
        } else {
            let cards = milli.wrapping_div(CARD);
            self.needs.insert(0, (columns.untouched(model), cards));
            self.whole.push((model, cards));
        }
        self.parts.push((columns.lanes.saturating_add(model), u128::from(milli)));
    }

    /// The place of its list of candidates.
    fn candidates(&self, all: usize) -> usize {
        self.whole.iter().chain(&self.shares).map(|(model, _)| *model).next().unwrap_or(all)
    }

    /// Whether a row has enough for one copy.
    pub(super) fn fits(&self, row: &[u64]) -> bool {
        self.needs.iter().all(|(column, need)| row.get(*column).is_some_and(|free| free >= need))
    }
}

/// Which nodes may run what, each set of constraints and each spread once.
struct Eligible<'s> {
    snapshot: &'s Snapshot,
    rules: &'s Rules,
    constraints: BTreeMap<Constraints, usize>,
    spreads: BTreeMap<(usize, String), usize>,
}

impl Eligible<'_> {
    fn constraints(&mut self, constraints: &Constraints, field: &mut Field, steps: &mut Steps) -> Result<usize, Spent> {
        if let Some(known) = self.constraints.get(constraints) {
            return Ok(*known);
        }
        steps.take_table(self.snapshot.nodes().len(), 1)?;
        let may_run = self.snapshot.nodes().map(|node| standing(node, constraints, self.rules).is_empty());
        field.eligible.push(may_run.collect());
        let number = self.constraints.len();
        self.constraints.insert(constraints.clone(), number);
        Ok(number)
    }

    fn spread(
        &mut self,
        eligible: usize,
        spread: &Spread,
        field: &mut Field,
        steps: &mut Steps,
    ) -> Result<KindSpread, Spent> {
        let key = (eligible, spread.key.clone());
        let known = self.spreads.get(&key).copied();
        if let Some(domains) = known {
            return Ok(KindSpread { max_skew: spread.max_skew, domains });
        }
        steps.take_table(self.snapshot.nodes().len(), 1)?;
        let may_run = field.eligible.get(eligible).map_or(&[][..], Vec::as_slice);
        let labels = self.snapshot.nodes().zip(may_run).map(|(node, may_run)| {
            let value = node.labels.get(&spread.key);
            value.filter(|_| *may_run)
        });
        let labels: Vec<Option<&String>> = labels.collect();
        let mut values: BTreeMap<&String, usize> = labels.iter().flatten().map(|value| (*value, 0)).collect();
        (0..).zip(values.values_mut()).for_each(|(number, value)| *value = number);
        let of = labels.iter().map(|value| values.get((*value)?).copied()).collect();
        let values = values.into_keys().cloned().collect();
        let domains = field.domains.len();
        field.domains.push(Domains { values, of });
        self.spreads.insert(key, domains);
        Ok(KindSpread { max_skew: spread.max_skew, domains })
    }
}

/// What stands in which column of a row: the lanes, three numbers of each model, and the pod slots.
#[derive(Debug, Clone, Copy)]
struct Columns {
    lanes: usize,
    models: usize,
}

impl Columns {
    const fn of_model(self, model: usize) -> usize {
        self.lanes.saturating_add(model.saturating_mul(3))
    }

    /// Wholly free cards.
    const fn untouched(self, model: usize) -> usize {
        self.of_model(model)
    }

    /// The largest share that one card takes.
    const fn largest(self, model: usize) -> usize {
        self.of_model(model).saturating_add(1)
    }

    /// All milli-cards.
    const fn milli(self, model: usize) -> usize {
        self.of_model(model).saturating_add(2)
    }

    const fn slots(self) -> usize {
        self.of_model(self.models)
    }

    const fn width(self) -> usize {
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
    fn read(
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
    fn candidates(&self) -> Vec<Vec<usize>> {
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
    fn weigh(&self, parts: &mut [(usize, u128)]) -> u128 {
        let mut size = 0_u128;
        for (place, amount) in parts {
            let weight = self.weights.get(*place).map_or(0, |weight| weight.1);
            let part = amount.saturating_mul(weight);
            size = size.saturating_add(part);
            *amount = part.min(ALL).wrapping_div(ALL_ALIGNED);
        }
        size
    }

    fn rows(&self) -> impl Iterator<Item = &[u64]> {
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
