//! What the nodes of a snapshot are, column by column, kept up to date by every change.
//!
//! A node has a slot as long as it stays; the last node moves into the slot of one that goes. A change of a node touches
//! the lanes and labels that it lists, and a change of what runs on it the lanes that are asked for: nothing here is built
//! again for a check.

use crate::placement::{
    Request, Unlisted,
    snapshot::bits::BLOCK,
    snapshot::column::Column,
    snapshot::index::Index,
    snapshot::lane::{Cell, Lane},
    snapshot::state::NodeState,
};
use std::{collections::BTreeMap, sync::Arc};

#[derive(Debug, Clone, Default)]
pub(in crate::placement) struct Columns {
    /// By slot.
    names: Vec<Arc<str>>,
    slots: BTreeMap<Arc<str>, usize>,
    /// By slot.
    rests: Vec<Rest>,
    lanes: BTreeMap<Lane, Column>,
    pub(in crate::placement) index: Index,
    /// Whether the names of the slots are in their order, as when a snapshot is built.
    is_in_order: bool,
}

/// What a node has in the lanes that it does not list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rest {
    unlisted: Unlisted,
    cards_of_unknown_model: u64,
}

/// A lane of the nodes of one block.
#[derive(Debug, Clone)]
pub(in crate::placement) struct Filled {
    pub(in crate::placement) levels: [i64; BLOCK],
    pub(in crate::placement) ceilings: [i64; BLOCK],
    /// Whether any ceiling is not the level.
    pub(in crate::placement) is_mixed: bool,
}

impl Filled {
    pub(in crate::placement) const fn new() -> Self {
        Self { levels: [0; BLOCK], ceilings: [0; BLOCK], is_mixed: false }
    }
}

impl Columns {
    pub(in crate::placement) fn new() -> Self {
        Self { is_in_order: true, ..Self::default() }
    }

    /// How many slots there are; all are taken.
    pub(in crate::placement) fn len(&self) -> usize {
        self.names.len()
    }

    pub(in crate::placement) fn name(&self, slot: usize) -> &str {
        self.names.get(slot).map_or("", |name| name)
    }

    pub(in crate::placement) fn slot(&self, name: &str) -> Option<usize> {
        self.slots.get(name).copied()
    }

    /// The place of each slot in the order of names; none where slots are in that order.
    pub(in crate::placement) fn ranks(&self) -> Option<Vec<usize>> {
        if self.is_in_order {
            return None;
        }
        let mut ranks = vec![0; self.len()];
        for (rank, slot) in self.slots.values().enumerate() {
            if let Some(place) = ranks.get_mut(*slot) {
                *place = rank;
            }
        }
        Some(ranks)
    }

    pub(in crate::placement) fn push(&mut self, state: &NodeState) {
        let slot = self.len();
        let name: Arc<str> = state.node.name.as_str().into();
        self.is_in_order = self.names.last().is_none_or(|last| self.is_in_order && *last < name);
        self.names.push(Arc::clone(&name));
        self.slots.insert(name, slot);
        self.rests.push(Rest::of(state));
        self.place(slot, state);
    }

    /// Takes a node away; the last one moves into its slot, of which `of` gives the state. Answers with the slot.
    pub(in crate::placement) fn remove<'s>(
        &mut self,
        state: &'s NodeState,
        of: impl Fn(&str) -> Option<&'s NodeState>,
    ) -> Option<usize> {
        let slot = self.slots.remove(state.node.name.as_str())?;
        self.displace(slot, state);
        let last = self.names.len().saturating_sub(1);
        self.is_in_order = self.is_in_order && slot == last;
        self.names.swap_remove(slot);
        self.rests.swap_remove(slot);
        if let Some(moved) = self.names.get(slot).cloned()
            && let Some(state) = of(&moved)
        {
            self.displace(last, state);
            self.place(slot, state);
            self.slots.insert(moved, slot);
        }
        Some(slot)
    }

    /// Brings a node back into the slot that it had: the one that moved there goes to the end again.
    pub(in crate::placement) fn restore<'s>(
        &mut self,
        state: &'s NodeState,
        slot: usize,
        was_in_order: bool,
        of: impl Fn(&str) -> Option<&'s NodeState>,
    ) {
        let last = self.len();
        self.push(state);
        if slot < last
            && let Some(moved) = self.names.get(slot).cloned()
            && let Some(other) = of(&moved)
        {
            self.displace(slot, other);
            self.displace(last, state);
            self.names.swap(slot, last);
            self.rests.swap(slot, last);
            self.slots.insert(moved, last);
            if let Some(name) = self.names.get(slot) {
                self.slots.insert(Arc::clone(name), slot);
            }
            self.place(slot, state);
            self.place(last, other);
        }
        self.is_in_order = was_in_order;
    }

    pub(in crate::placement) const fn is_in_order(&self) -> bool {
        self.is_in_order
    }

    /// Another state of the same node.
    pub(in crate::placement) fn replace(&mut self, old: &NodeState, new: &NodeState) {
        let Some(slot) = self.slot(&new.node.name) else { return };
        self.displace(slot, old);
        if let Some(rest) = self.rests.get_mut(slot) {
            *rest = Rest::of(new);
        }
        self.place(slot, new);
    }

    /// What is there of what was asked for is another amount now.
    pub(in crate::placement) fn touch(&mut self, state: &NodeState, request: &Request) {
        let Some(slot) = self.slot(&state.node.name) else { return };
        let asked = request.iter().flat_map(|(resource, _)| Lane::all_of(resource));
        for lane in asked.chain([Lane::Slots]) {
            self.set(slot, lane, state);
        }
    }

    /// Copies one lane of a block.
    pub(in crate::placement) fn fill(&self, lane: &Lane, block: usize, into: &mut Filled) {
        let start = block.saturating_mul(BLOCK);
        let default = |slot: usize| self.default_of(lane, slot);
        into.is_mixed = match self.lanes.get(lane) {
            Some(column) => column.fill(start, &mut into.levels, &mut into.ceilings, default),
            None => Column::default().fill(start, &mut into.levels, &mut into.ceilings, default),
        };
    }

    /// What a node has in a lane.
    pub(in crate::placement) fn cell(&self, lane: &Lane, slot: usize) -> Cell {
        let listed = self.lanes.get(lane).and_then(|column| column.get(slot));
        listed.unwrap_or_else(|| self.default_of(lane, slot))
    }

    fn default_of(&self, lane: &Lane, slot: usize) -> Cell {
        match (lane, self.rests.get(slot)) {
            // Beyond the last node nothing is short, and nothing is counted.
            (Lane::Slots, _) | (_, None) => Cell::UNLIMITED,
            (_, Some(Rest { unlisted: Unlisted::Unknown, .. })) => Cell::UNKNOWN,
            (lane, Some(rest)) if lane.is_cards() => Cell::cards(0, rest.cards_of_unknown_model),
            (_, Some(_)) => Cell::NOTHING,
        }
    }

    fn place(&mut self, slot: usize, state: &NodeState) {
        for lane in state.lanes() {
            self.set(slot, lane, state);
        }
        self.index.add(slot, &state.node);
    }

    fn displace(&mut self, slot: usize, state: &NodeState) {
        for lane in state.lanes() {
            self.clear(slot, &lane);
        }
        self.index.remove(slot, &state.node);
    }

    fn set(&mut self, slot: usize, lane: Lane, state: &NodeState) {
        match (state.cell(&lane), self.lanes.get_mut(&lane)) {
            (Some(cell), Some(column)) => column.set(slot, cell),
            (Some(cell), None) => {
                let mut column = Column::default();
                column.set(slot, cell);
                self.lanes.insert(lane, column);
            }
            (None, _) => self.clear(slot, &lane),
        }
    }

    fn clear(&mut self, slot: usize, lane: &Lane) {
        if let Some(column) = self.lanes.get_mut(lane) {
            column.clear(slot);
            if column.is_empty() {
                self.lanes.remove(lane);
            }
        }
    }

    /// Whether they say what the states say: a fault of the library otherwise. For tests.
    pub(in crate::placement) fn agree_with(&self, nodes: &BTreeMap<String, NodeState>) -> bool {
        let listed: usize = nodes.values().map(|state| state.lanes().count()).fold(0, usize::saturating_add);
        let held = |column: &Column| (0..self.len()).filter(|slot| column.get(*slot).is_some()).count();
        let agrees = |(name, state): (&String, &NodeState)| {
            let Some(slot) = self.slot(name) else { return false };
            let has_taints = || self.index.taints.get(&state.node.taints).is_some_and(|slots| slots.contains(&slot));
            self.name(slot) == name
                && self.rests.get(slot) == Some(&Rest::of(state))
                && state.lanes().all(|lane| state.cell(&lane) == Some(self.cell(&lane, slot)))
                && state.node.labels.iter().all(|(key, value)| self.index.with(self.len(), key, value).contains(slot))
                && (state.node.taints.is_empty() || has_taints())
        };
        let labels: usize = nodes.values().map(|state| state.node.labels.len()).fold(0, usize::saturating_add);
        let indexed =
            self.index.labels.values().flat_map(BTreeMap::values).map(Vec::len).fold(0, usize::saturating_add);
        self.len() == nodes.len()
            && self.slots.len() == nodes.len()
            && nodes.iter().all(agrees)
            && self.lanes.values().map(held).fold(0, usize::saturating_add) == listed
            && labels == indexed
            && self.index.agrees_with(nodes.values().map(|state| &state.node))
    }
}

impl Rest {
    fn of(state: &NodeState) -> Self {
        Self { unlisted: state.node.unlisted, cards_of_unknown_model: state.node.cards_of_unknown_model }
    }
}
