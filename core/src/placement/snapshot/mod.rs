//! What is free on each node of an inventory, and after each change of it.

pub(in crate::placement) mod bits;
mod cards;
pub(in crate::placement) mod change;
mod column;
pub(in crate::placement) mod columns;
mod index;
pub(in crate::placement) mod lane;
mod node;
pub(in crate::placement) mod state;

pub use change::{Change, Undo};
pub use node::{Capacity, Node, Role, Supply, Unlisted};

use crate::placement::{
    Product, Request, Resource, Rules, Sharing, Taint,
    rules::Trust,
    snapshot::change::Version,
    snapshot::columns::Columns,
    snapshot::state::{NodeState, Room},
};
use crate::{error::PlacementError, units::Name};
use std::collections::BTreeMap;

/// What is free of a resource.
///
/// # Units
/// The smallest of the resource; below zero where the node is over-used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// So much.
    Known(i64),
    /// Nobody knows.
    Unknown,
}

/// What is left of the cards of one model on one node.
///
/// Wholly free cards are alike; those that are held whole have no index. A share on a card that nothing was taken of
/// yet begins the first index below `whole` that is not begun.
///
/// # Units
/// Milli-cards; cards count from 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CardsLeft {
    /// How many cards there are that can be given away whole.
    pub whole: u64,
    /// How many of them are wholly free; none where the node is over-used.
    pub untouched: u64,
    /// What is left of each card that a share was taken of, by its index; nothing where the node is over-used.
    pub begun: BTreeMap<u64, u64>,
}

/// Something that runs on a node: what it requested is taken, whether it uses it or not (R-A3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Its id, which nothing else in the inventory has.
    pub id: String,
    /// The node that it runs on.
    pub node: String,
    /// What it holds.
    pub request: Request,
    /// Of a share of a card, by model: which card, counted from 0.
    pub cards: BTreeMap<Name, u64>,
}

/// The nodes of an inventory, and what is free on each.
///
/// Two are equal where their nodes, what runs there, and what is free are.
///
/// # Examples
///
/// 4 cores with 2 and 0.4 requested leave 1.60, and a product of two cores is refused:
/// ```
/// use counterfoil::placement::*;
///
/// let mut worker = Node::worker("k8s-worker-1");
/// worker.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(4000)));
/// let runs = |id: &str, milli| {
///     let request = Request::new([(Resource::Cpu, milli)])?;
///     Ok::<_, counterfoil::error::PlacementError>(Running { id: id.into(), node: "k8s-worker-1".into(), request, cards: [].into() })
/// };
/// let snapshot = Snapshot::new([worker], [runs("a", 2000)?, runs("b", 400)?], Sharing::Named)?;
/// assert_eq!(snapshot.free("k8s-worker-1", &Resource::Cpu), Some(Level::Known(1600)));
///
/// let product = Product::new("2-core", Request::new([(Resource::Cpu, 2000)])?);
/// let refusals = snapshot.refusals("k8s-worker-1", &product, &Rules::strict());
/// assert_eq!(refusals, Some(vec![Refusal::Insufficient { resource: Resource::Cpu, needed: 2000, free: 1600 }]));
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A3
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub(in crate::placement) nodes: BTreeMap<String, NodeState>,
    /// The node of each thing that runs.
    pub(in crate::placement) places: BTreeMap<String, String>,
    pub(in crate::placement) sharing: Sharing,
    /// The same, column by column: what answers.
    pub(in crate::placement) columns: Columns,
    /// Which change was made last.
    pub(in crate::placement) version: Version,
}

impl PartialEq for Snapshot {
    fn eq(&self, other: &Self) -> bool {
        (&self.nodes, &self.places, self.sharing) == (&other.nodes, &other.places, other.sharing)
    }
}

impl Eq for Snapshot {}

impl Snapshot {
    /// An inventory and what runs there.
    ///
    /// # Errors
    /// `placement.duplicate_node`, `placement.unknown_node`, `placement.duplicate_item`, `placement.card_unnamed`,
    /// `placement.unknown_card`, `placement.negative_overcommit`, `placement.amount_overflow`.
    pub fn new(
        nodes: impl IntoIterator<Item = Node>,
        running: impl IntoIterator<Item = Running>,
        sharing: Sharing,
    ) -> Result<Self, PlacementError> {
        let (nodes_by_name, places) = (BTreeMap::new(), BTreeMap::new());
        let (columns, version) = (Columns::new(), Version::default());
        let mut snapshot = Self { nodes: nodes_by_name, places, sharing, columns, version };
        for node in nodes {
            if snapshot.nodes.contains_key(&node.name) {
                return Err(PlacementError::DuplicateNode { node: node.name });
            }
            snapshot.nodes.insert(node.name.clone(), NodeState::new(node)?);
        }
        for item in running {
            snapshot.book(&item)?;
        }
        // All at once, and in the order of names.
        snapshot.nodes.values().for_each(|state| snapshot.columns.push(state));
        Ok(snapshot)
    }

    /// The nodes, by name.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = &Node> {
        self.nodes.values().map(|state| &state.node)
    }

    /// A node by its name.
    pub fn node(&self, name: &str) -> Option<&Node> {
        Some(&self.nodes.get(name)?.node)
    }

    /// What is free on a node; of cards, the milli-cards left of all of them. None where there is no such node.
    pub fn free(&self, node: &str, resource: &Resource) -> Option<Level> {
        Some(self.nodes.get(node)?.level(resource))
    }

    /// What is free on a node of everything that it lists, or of which something runs there. None where there is no such
    /// node.
    pub fn levels(&self, node: &str) -> Option<BTreeMap<Resource, Level>> {
        Some(self.nodes.get(node)?.levels())
    }

    /// How many things run.
    pub fn running_len(&self) -> usize {
        self.places.len()
    }

    /// Everything that keeps a product off a node, in the order of [`Refusal`]; none where there is no such node.
    ///
    /// This is the rule as it is read. [`WhereUnknown::Stock`](crate::placement::WhereUnknown::Stock) takes what is unknown to be there: the ledger has judged
    /// before.
    pub fn refusals(&self, node: &str, product: &Product, rules: &Rules) -> Option<Vec<Refusal>> {
        self.refusals_trusting(node, product, rules, rules.where_unknown.trust())
    }

    pub(in crate::placement) fn refusals_trusting(
        &self,
        node: &str,
        product: &Product,
        rules: &Rules,
        trust: Trust<'_>,
    ) -> Option<Vec<Refusal>> {
        Some(refusals(self.nodes.get(node)?, product, rules, trust))
    }

    pub(in crate::placement) const fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Whether the columns say what the nodes say. For tests: it is always so.
    #[doc(hidden)]
    pub fn agrees_with_itself(&self) -> bool {
        self.columns.agree_with(&self.nodes)
    }

    /// How many more pods a node takes; the inner none is without limit, the outer where there is no such node.
    pub fn slots(&self, node: &str) -> Option<Option<u64>> {
        Some(self.nodes.get(node)?.slots())
    }

    /// The cards of a model that a node is known to have; none where it has none, or nobody knows how many.
    pub fn cards(&self, node: &str, model: &Name) -> Option<CardsLeft> {
        self.nodes.get(node)?.cards_left(model)
    }

    /// Books what runs; the columns are not told.
    pub(in crate::placement) fn book(&mut self, item: &Running) -> Result<(), PlacementError> {
        if self.places.contains_key(&item.id) {
            return Err(PlacementError::DuplicateItem { item: item.id.clone() });
        }
        let unknown = || PlacementError::UnknownNode { node: item.node.clone() };
        self.nodes.get_mut(&item.node).ok_or_else(unknown)?.start(item, self.sharing)?;
        self.places.insert(item.id.clone(), item.node.clone());
        Ok(())
    }
}

/// Something that keeps a product off a node, in the order in which they are told.
///
/// # Rule
/// R-A2, R-A7
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// The node carries the cluster.
    NotWorker,
    /// The node is not ready.
    NotReady,
    /// The node takes nothing new.
    Cordoned,
    /// A label that every node must carry is not there.
    RequiredLabel,
    /// No term that the rules add is met.
    AddedAffinity,
    /// The node selector or the affinity of the product is not met.
    Affinity,
    /// The first taint that is not tolerated.
    Taint {
        /// Its key.
        key: String,
        /// Its value.
        value: String,
    },
    /// Nobody knows how much is free.
    Unknown {
        /// Of what.
        resource: Resource,
    },
    /// All pod slots are taken.
    TooManyPods,
    /// Less is free than is asked for.
    Insufficient {
        /// Of what.
        resource: Resource,
        /// What is asked for.
        needed: u64,
        /// What is free: of a share of a card, on the card with the most room; of whole cards, wholly free ones.
        free: i64,
    },
}

fn refusals(state: &NodeState, product: &Product, rules: &Rules, trust: Trust<'_>) -> Vec<Refusal> {
    let mut refusals = standing(&state.node, &product.constraints, rules);
    let mut parts = Vec::new();
    if state.slots() == Some(0) {
        parts.push(Refusal::TooManyPods);
    }
    for (resource, amount) in product.request.iter() {
        if rules.ignores(resource) {
            continue;
        }
        match state.room(resource, amount) {
            Room::Enough => {}
            Room::Unknown if !trust.covers(resource) => {
                refusals.push(Refusal::Unknown { resource: resource.clone() });
            }
            Room::Unknown => {}
            Room::Short(free) => {
                parts.push(Refusal::Insufficient { resource: resource.clone(), needed: amount, free });
            }
        }
    }
    refusals.append(&mut parts);
    refusals
}

/// What keeps a product off a node whatever is free there.
pub(in crate::placement) fn standing(node: &Node, constraints: &super::Constraints, rules: &Rules) -> Vec<Refusal> {
    let carries =
        |labels: &BTreeMap<String, String>| labels.iter().all(|(key, value)| node.labels.get(key) == Some(value));
    let any = |terms: &Option<Vec<super::Term>>| {
        terms.as_ref().is_none_or(|terms| terms.iter().any(|term| term.matches(&node.name, &node.labels)))
    };
    let taint = Taint::first_untolerated(&node.taints, &constraints.tolerations);
    let told = [
        (node.role != Role::Worker).then_some(Refusal::NotWorker),
        (!node.ready).then_some(Refusal::NotReady),
        node.cordoned.then_some(Refusal::Cordoned),
        (!carries(&rules.required_labels)).then_some(Refusal::RequiredLabel),
        (!any(&rules.added_affinity)).then_some(Refusal::AddedAffinity),
        (!carries(&constraints.node_selector) || !any(&constraints.affinity)).then_some(Refusal::Affinity),
        taint.map(|taint| Refusal::Taint { key: taint.key.clone(), value: taint.value.clone() }),
    ];
    told.into_iter().flatten().collect()
}
