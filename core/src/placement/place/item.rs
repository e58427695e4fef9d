//! What is to be placed.

use crate::{
    error::PlacementError,
    placement::{Constraints, Node, Product, Rules, Term},
};
use std::collections::BTreeSet;

/// So many copies of a product, each of which needs a node.
///
/// # Examples
/// ```
/// use counterfoil::placement::{Item, Product, Request, Resource};
///
/// let product = Product::new("web", Request::new([(Resource::Cpu, 500)])?);
/// let item = Item { max_per_node: Some(1), ..Item::new(product, 3) };
/// assert_eq!(item.replicas, 3);
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A10
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What one copy asks of its node, and which nodes it may run on; its id is that of the item.
    pub product: Product,
    /// How many copies; none is placed at once.
    pub replicas: u64,
    /// The most copies on one node; none is any number.
    pub max_per_node: Option<u64>,
    /// How evenly the copies are spread; none is not at all.
    pub spread: Option<Spread>,
}

impl Item {
    /// So many copies, anywhere that the product may run.
    pub const fn new(product: Product, replicas: u64) -> Self {
        Self { product, replicas, max_per_node: None, spread: None }
    }

    /// The id of its product.
    pub fn id(&self) -> &str {
        &self.product.id
    }
}

/// Copies spread evenly over the values of a label.
///
/// The nodes that the item may run on and that carry the label fall into one *domain* for each value. Of any two domains, the
/// numbers of copies *of this item that are placed here* differ by at most the skew: what runs already does not count. A node
/// without the label takes none. A domain counts although nothing is free in it: an item that can not be placed there
/// can then have no more than the skew anywhere.
///
/// # Rule
/// R-A10, and `topologySpreadConstraints` with `DoNotSchedule` of Kubernetes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spread {
    /// The label, as `topology.kubernetes.io/zone`.
    pub key: String,
    /// How far two domains may differ; 0 is exactly the same number in each.
    pub max_skew: u64,
}

/// Items that are placed together: all copies of all of them, or none.
///
/// # Rule
/// R-A10
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What it is called in an answer.
    pub name: String,
    /// Its items, in the order in which first-fit and best-fit place them.
    pub items: Vec<Item>,
}

impl Group {
    /// A group of items.
    pub fn new(name: impl Into<String>, items: impl IntoIterator<Item = Item>) -> Self {
        Self { name: name.into(), items: items.into_iter().collect() }
    }
}

/// No item may stand twice: a witness names items by their ids.
pub(super) fn check_ids<'i>(items: impl IntoIterator<Item = &'i str>) -> Result<(), PlacementError> {
    let mut ids = BTreeSet::new();
    match items.into_iter().find(|id| !ids.insert(*id)) {
        Some(item) => Err(PlacementError::RepeatedItem { item: item.to_owned() }),
        None => Ok(()),
    }
}

/// What it costs to ask whether something may run on a node, beyond the look at the node itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looks {
    labels: usize,
    tolerations: usize,
}

impl Looks {
    /// A look at a node covers as many comparisons as ordinary constraints need.
    const IN_A_STEP: usize = 16;

    pub(super) fn of(constraints: &Constraints, rules: &Rules) -> Self {
        let of_term = |term: &Term| {
            let expressions = term.expressions.iter().map(|requirement| &requirement.values);
            let values = expressions.chain(term.fields.iter().map(|requirement| &requirement.values));
            values.map(|values| values.len().saturating_add(1)).fold(1, usize::saturating_add)
        };
        let terms = constraints.affinity.iter().chain(&rules.added_affinity).flatten();
        let labels = constraints.node_selector.len().saturating_add(rules.required_labels.len());
        Self {
            labels: terms.map(of_term).fold(labels, usize::saturating_add),
            tolerations: constraints.tolerations.len(),
        }
    }

    /// Steps for one node: each taint is held against each toleration.
    pub(super) fn at(self, node: &Node) -> usize {
        let taints = node.taints.len().saturating_mul(self.tolerations.saturating_add(1));
        self.labels.saturating_add(taints).wrapping_div(Self::IN_A_STEP)
    }
}
