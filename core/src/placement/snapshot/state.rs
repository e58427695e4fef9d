//! One node of a snapshot: what is free on it.

use crate::placement::{
    CardsLeft, Level, Node, Request, Resource, Running, Sharing, Supply,
    request::CARD,
    snapshot::cards::Cards,
    snapshot::lane::{Cell, Lane},
};
use crate::{error::PlacementError, units::Name};
use std::collections::BTreeMap;

/// Whether an amount is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::placement) enum Room {
    Enough,
    Unknown,
    /// So much is free, in the unit in which it was asked for.
    Short(i64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::placement) struct NodeState {
    pub(in crate::placement) node: Node,
    /// What is left of resources that are not cards.
    free: BTreeMap<Resource, Level>,
    /// The cards that are known, by model.
    cards: BTreeMap<Name, Cards>,
    pub(in crate::placement) running: BTreeMap<String, Held>,
}

/// What runs here, and on which cards its shares are; none for a share that found none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::placement) struct Held {
    pub(in crate::placement) request: Request,
    /// The cards that it names.
    pub(in crate::placement) named: BTreeMap<Name, u64>,
    pub(in crate::placement) shares: BTreeMap<Name, Option<u64>>,
}

impl NodeState {
    pub(in crate::placement) fn new(node: Node) -> Result<Self, PlacementError> {
        let (mut free, mut cards) = (BTreeMap::new(), BTreeMap::new());
        for (resource, supply) in &node.supplies {
            let level = match supply {
                Supply::Unknown => Level::Unknown,
                Supply::Known(capacity) => Level::Known(capacity.sellable(&node.name, resource)?),
            };
            match (resource, level) {
                (Resource::Gpu(model), Level::Known(milli)) => {
                    cards.insert(model.clone(), Cards::new(u64::try_from(milli).unwrap_or(0)));
                }
                _ => {
                    free.insert(resource.clone(), level);
                }
            }
        }
        Ok(Self { node, free, cards, running: BTreeMap::new() })
    }

    /// How many more pods it takes; none where nobody limits them.
    pub(in crate::placement) fn slots(&self) -> Option<u64> {
        let taken = u64::try_from(self.running.len()).unwrap_or(u64::MAX);
        Some(self.node.slots?.saturating_sub(taken))
    }

    /// The cards of a model that are known.
    pub(in crate::placement) fn cards_left(&self, model: &Name) -> Option<CardsLeft> {
        self.cards.get(model).map(Cards::left)
    }

    /// What is free of a resource; of cards, the milli-cards that are left of all of them.
    pub(in crate::placement) fn level(&self, resource: &Resource) -> Level {
        if let Resource::Gpu(model) = resource
            && let Some(cards) = self.cards.get(model)
        {
            return Level::Known(cards.milli());
        }
        match self.free.get(resource) {
            Some(level) => *level,
            None if matches!(self.node.supply(resource), Supply::Unknown) => Level::Unknown,
            None => Level::Known(0),
        }
    }

    /// The same of every resource that is listed, or of which something runs here.
    pub(in crate::placement) fn levels(&self) -> BTreeMap<Resource, Level> {
        let free = self.free.keys().cloned();
        let cards = self.cards.keys().map(|model| Resource::Gpu(model.clone()));
        let level = |resource: Resource| {
            let level = self.level(&resource);
            (resource, level)
        };
        free.chain(cards).map(level).collect()
    }

    /// Whether an amount of a resource is free.
    pub(in crate::placement) fn room(&self, resource: &Resource, amount: u64) -> Room {
        let short_of = |free: i64| match i128::from(free) >= i128::from(amount) {
            true => Room::Enough,
            false => Room::Short(free),
        };
        let Resource::Gpu(model) = resource else {
            return match self.level(resource) {
                Level::Unknown => Room::Unknown,
                Level::Known(free) => short_of(free),
            };
        };
        let room = match self.cards.get(model) {
            Some(cards) if amount < CARD => short_of(cards.largest_share()),
            Some(cards) => short_of(cards.free().saturating_mul(CARD.cast_signed())),
            None => match self.level(resource) {
                Level::Unknown => Room::Unknown,
                Level::Known(free) => short_of(free),
            },
        };
        match room {
            Room::Short(free) if self.could_be_of_unknown_model(free, amount) => Room::Unknown,
            room => room,
        }
    }

    /// Whether cards of an unknown model, were they of the model, would be enough.
    fn could_be_of_unknown_model(&self, free: i64, amount: u64) -> bool {
        let unknown = i128::from(self.node.cards_of_unknown_model).saturating_mul(i128::from(CARD));
        unknown > 0 && i128::from(free.max(0)).saturating_add(unknown) >= i128::from(amount)
    }

    /// Books what runs here, whether it fits or not: a node may be over-used.
    pub(in crate::placement) fn start(&mut self, item: &Running, sharing: Sharing) -> Result<(), PlacementError> {
        let mut shares = BTreeMap::new();
        for (resource, amount) in item.request.iter() {
            if let Resource::Gpu(model) = resource
                && amount < CARD
                && self.cards.contains_key(model)
            {
                shares.insert(model.clone(), self.card_of(item, model, amount, sharing)?);
            }
        }
        self.resume(item.id.clone(), Held { request: item.request.clone(), named: item.cards.clone(), shares })
    }

    /// Books what ran on another state of this node: on the same cards as far as they are there.
    pub(in crate::placement) fn restart(
        &mut self,
        id: &str,
        held: &Held,
        sharing: Sharing,
    ) -> Result<(), PlacementError> {
        let mut cards = held.named.clone();
        for (model, card) in &held.shares {
            if let (Some(card), Some(here)) = (card, self.cards.get(model))
                && here.has(*card)
            {
                cards.insert(model.clone(), *card);
            }
        }
        let (node, request) = (self.node.name.clone(), held.request.clone());
        self.start(&Running { id: id.to_owned(), node, request, cards }, sharing)?;
        if let Some(again) = self.running.get_mut(id) {
            again.named = held.named.clone();
        }
        Ok(())
    }

    /// Books again what ran here, on the same cards.
    pub(in crate::placement) fn resume(&mut self, id: String, held: Held) -> Result<(), PlacementError> {
        self.book(&held, 1)?;
        self.running.insert(id, held);
        Ok(())
    }

    /// The lanes that are listed here, each once.
    pub(in crate::placement) fn lanes(&self) -> impl Iterator<Item = Lane> {
        let slots = self.node.slots.map(|_| Lane::Slots);
        let amounts = self.free.keys().flat_map(Lane::all_of);
        let cards = self.cards.keys().flat_map(|model| [Lane::Whole(model.clone()), Lane::Share(model.clone())]);
        slots.into_iter().chain(amounts).chain(cards)
    }

    /// What is here in a lane; none where it is not listed.
    pub(in crate::placement) fn cell(&self, lane: &Lane) -> Option<Cell> {
        let of_unknown_model = self.node.cards_of_unknown_model;
        let free = |resource: &Resource| match self.free.get(resource)? {
            Level::Unknown => Some(Cell::UNKNOWN),
            Level::Known(level) => Some(Cell::known(*level)),
        };
        match lane {
            Lane::Slots => Some(Cell::known(self.slots()?.try_into().unwrap_or(i64::MAX))),
            Lane::Amount(resource) => free(resource),
            Lane::Whole(model) | Lane::Share(model) => match (self.cards.get(model), lane) {
                (Some(cards), Lane::Share(_)) => Some(Cell::cards(cards.largest_share(), of_unknown_model)),
                (Some(cards), _) => {
                    Some(Cell::cards(cards.free().saturating_mul(CARD.cast_signed()), of_unknown_model))
                }
                (None, _) => match free(&Resource::Gpu(model.clone()))? {
                    Cell::UNKNOWN => Some(Cell::UNKNOWN),
                    Cell { level, .. } => Some(Cell::cards(level, of_unknown_model)),
                },
            },
        }
    }

    /// How many shares of a card of a model fit, and how many more on cards of which nobody knows the model.
    pub(in crate::placement) fn shares(&self, model: &Name, milli: u64) -> (u64, u64) {
        let of_each = CARD.checked_div(milli).unwrap_or(0);
        let known = self.cards.get(model).map_or(0, |cards| cards.shares(milli));
        (known, self.node.cards_of_unknown_model.saturating_mul(of_each))
    }

    /// Takes what runs here away; none where nothing of that id does.
    pub(in crate::placement) fn stop(&mut self, id: &str) -> Result<Option<Held>, PlacementError> {
        let Some(held) = self.running.get(id).cloned() else { return Ok(None) };
        self.book(&held, -1)?;
        self.running.remove(id);
        Ok(Some(held))
    }

    fn card_of(
        &self,
        item: &Running,
        model: &Name,
        milli: u64,
        sharing: Sharing,
    ) -> Result<Option<u64>, PlacementError> {
        let Some(cards) = self.cards.get(model) else { return Ok(None) };
        match (item.cards.get(model), sharing) {
            (Some(&card), _) if cards.has(card) => Ok(Some(card)),
            (Some(&card), _) => Err(PlacementError::UnknownCard {
                item: item.id.clone(),
                node: self.node.name.clone(),
                model: model.to_string(),
                card,
            }),
            (None, Sharing::BestFit) => Ok(cards.best_fit(milli.cast_signed())),
            (None, Sharing::Named) => Err(PlacementError::CardUnnamed {
                item: item.id.clone(),
                node: self.node.name.clone(),
                model: model.to_string(),
            }),
        }
    }

    /// Takes the amounts of an item (`sign` 1), or gives them back (−1). Nothing is booked where one of them fails.
    fn book(&mut self, held: &Held, sign: i64) -> Result<(), PlacementError> {
        let mut booked = BTreeMap::new();
        for (resource, amount) in held.request.iter() {
            if matches!(resource, Resource::Gpu(model) if self.cards.contains_key(model)) {
                continue;
            }
            if let Level::Known(free) = self.level(resource) {
                let left = sign.checked_mul(amount.cast_signed()).and_then(|amount| free.checked_sub(amount));
                let overflow =
                    || PlacementError::AmountOverflow { resource: resource.to_string(), operation: "the free amount" };
                booked.insert(resource.clone(), Level::Known(left.ok_or_else(overflow)?));
            }
        }
        for (resource, amount) in held.request.iter() {
            let cards = resource.model().and_then(|model| self.cards.get(model));
            if cards.is_some_and(|cards| sign > 0 && !cards.can_hold(amount.wrapping_div(CARD).max(1))) {
                let resource = resource.to_string();
                return Err(PlacementError::AmountOverflow {
                    resource,
                    operation: "the number of cards that are held",
                });
            }
        }
        for (resource, level) in booked {
            // What is not listed and nobody holds is as if it had never been named.
            if level == Level::Known(0) && !self.node.supplies.contains_key(&resource) {
                self.free.remove(&resource);
            } else {
                self.free.insert(resource, level);
            }
        }
        for (resource, amount) in held.request.iter() {
            let Resource::Gpu(model) = resource else { continue };
            let Some(cards) = self.cards.get_mut(model) else { continue };
            match (held.shares.get(model), sign) {
                (Some(Some(card)), _) if sign > 0 => cards.share(*card, amount.cast_signed()),
                (Some(Some(card)), _) => cards.unshare(*card, amount.cast_signed()),
                // A share that no card had room for stands for a card more than there are.
                (Some(None), 1) => cards.hold(1),
                (Some(None), _) => cards.release(1),
                (None, 1) => cards.hold(amount.wrapping_div(CARD)),
                (None, _) => cards.release(amount.wrapping_div(CARD)),
            }
        }
        Ok(())
    }
}
