//! Which nodes have which labels and taints, so that a requirement is judged once and not once for each node.

use crate::placement::{Node, Role, Taint, snapshot::bits::Bits};
use std::collections::BTreeMap;

/// Slots by what they carry. A slot list is in order.
#[derive(Debug, Clone, Default)]
pub(in crate::placement) struct Index {
    /// By key and value.
    pub(in crate::placement) labels: BTreeMap<String, BTreeMap<String, Vec<usize>>>,
    /// By the list of taints, where it is not empty.
    pub(in crate::placement) taints: BTreeMap<Vec<Taint>, Vec<usize>>,
    pub(in crate::placement) not_workers: Vec<usize>,
    pub(in crate::placement) not_ready: Vec<usize>,
    pub(in crate::placement) cordoned: Vec<usize>,
}

impl Index {
    pub(in crate::placement) fn add(&mut self, slot: usize, node: &Node) {
        for (key, value) in &node.labels {
            if !self.labels.contains_key(key) {
                self.labels.insert(key.clone(), BTreeMap::new());
            }
            let Some(values) = self.labels.get_mut(key) else { continue };
            match values.get_mut(value) {
                Some(slots) => insert(slots, slot),
                None => {
                    values.insert(value.clone(), vec![slot]);
                }
            }
        }
        if !node.taints.is_empty() {
            match self.taints.get_mut(&node.taints) {
                Some(slots) => insert(slots, slot),
                None => {
                    self.taints.insert(node.taints.clone(), vec![slot]);
                }
            }
        }
        for (holds, slots) in self.states(node) {
            if holds {
                insert(slots, slot);
            }
        }
    }

    pub(in crate::placement) fn remove(&mut self, slot: usize, node: &Node) {
        for (key, value) in &node.labels {
            let Some(values) = self.labels.get_mut(key) else { continue };
            if values.get_mut(value).is_some_and(|slots| remove(slots, slot)) {
                values.remove(value);
            }
            if values.is_empty() {
                self.labels.remove(key);
            }
        }
        if self.taints.get_mut(&node.taints).is_some_and(|slots| remove(slots, slot)) {
            self.taints.remove(&node.taints);
        }
        for (_, slots) in self.states(node) {
            remove(slots, slot);
        }
    }

    /// The slots that carry a label with a value that is wanted.
    pub(in crate::placement) fn labelled(&self, slots: usize, key: &str, is_wanted: impl Fn(&str) -> bool) -> Bits {
        let values = self.labels.get(key).into_iter().flatten();
        Bits::of(slots, values.filter(|(value, _)| is_wanted(value)).flat_map(|(_, slots)| slots.iter().copied()))
    }

    /// The slots that carry a label with this value.
    pub(in crate::placement) fn with(&self, slots: usize, key: &str, value: &str) -> Bits {
        let listed = self.labels.get(key).and_then(|values| values.get(value));
        Bits::of(slots, listed.into_iter().flatten().copied())
    }

    /// Whether it lists as many as these carry. For tests.
    pub(in crate::placement) fn agrees_with<'n>(&self, nodes: impl Iterator<Item = &'n Node> + Clone) -> bool {
        let listed =
            |slots: &Vec<usize>, is: fn(&Node) -> bool| slots.len() == nodes.clone().filter(|node| is(node)).count();
        let tainted = self.taints.values().map(Vec::len).fold(0, usize::saturating_add);
        listed(&self.not_workers, |node| node.role != Role::Worker)
            && listed(&self.not_ready, |node| !node.ready)
            && listed(&self.cordoned, |node| node.cordoned)
            && tainted == nodes.clone().filter(|node| !node.taints.is_empty()).count()
    }

    fn states(&mut self, node: &Node) -> [(bool, &mut Vec<usize>); 3] {
        [
            (node.role != Role::Worker, &mut self.not_workers),
            (!node.ready, &mut self.not_ready),
            (node.cordoned, &mut self.cordoned),
        ]
    }
}

fn insert(slots: &mut Vec<usize>, slot: usize) {
    let place = slots.partition_point(|held| *held < slot);
    if slots.get(place) != Some(&slot) {
        slots.insert(place, slot);
    }
}

/// Says whether nothing is left.
fn remove(slots: &mut Vec<usize>, slot: usize) -> bool {
    if let Ok(place) = slots.binary_search(&slot) {
        slots.remove(place);
    }
    slots.is_empty()
}
