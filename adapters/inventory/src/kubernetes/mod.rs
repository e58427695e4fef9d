//! Lists of nodes and pods, as `kubectl get … -o json` prints them and as the crate `k8s-openapi` has them.
//!
//! A text is a list (`List`, `NodeList`, `PodList`), a plain JSON array, or one object. A list of several kinds, as of
//! `kubectl get nodes,pods -A -o json`, is read for the kind that is asked for.
//!
//! | of a node | from |
//! |---|---|
//! | role | control where a label `node-role.kubernetes.io/control-plane` or `…/master` is there, else worker |
//! | ready | the condition `Ready` is `True`; without that condition it is not |
//! | cordoned | `spec.unschedulable` |
//! | supplies | `status.allocatable`, and `status.capacity` where that is not there; rounded down to the smallest unit |
//! | slots | `pods` |
//! | disks `SYS` and `DATA` | unknown: no list of Kubernetes tells of them |
//!
//! | of a pod | from |
//! |---|---|
//! | what it asks for | its containers, init containers and sidecars, its overhead, and its own `spec.resources`; limits where requests are not given; rounded up to the smallest unit |
//! | whether it holds that | it has a node, and its phase is neither `Succeeded` nor `Failed` |
//! | where it may run | node selector, required node affinity, tolerations |
//!
//! # Cards
//!
//! A list of Kubernetes names cards by their vendor (`nvidia.com/gpu`), and the model is a label of the node
//! (`nvidia.com/gpu.product`); a [`Policy`] says which. On a node without that label cards are of an unknown model. What a pod that runs holds is of the
//! model of its node.

mod list;
mod nodes;
mod objects;
mod pods;
mod policy;
#[cfg(feature = "k8s-openapi")]
pub mod typed;

pub use pods::Pod;
pub use policy::{CardNames, Policy};

use crate::{Fault, InventoryError, Object, Read};
use counterfoil::placement::{Node, Product, Running, Supply, Unlisted};
use list::Item;
use std::collections::{BTreeMap, BTreeSet};

/// Nodes, what runs on them, and what could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inventory {
    /// The nodes, in the order in which they were listed.
    pub nodes: Vec<Node>,
    /// The pods that hold something, in the order in which they were listed.
    pub running: Vec<Running>,
    /// What could not be read.
    pub faults: Vec<Fault>,
}

/// Reads nodes.
///
/// # Errors
/// `inventory.not_json`, `inventory.wrong_kind` of the text; of a node, as faults, `inventory.wrong_shape`,
/// `inventory.missing`, `inventory.duplicate`, and what the core refuses of its quantities, taints and names.
///
/// # Examples
/// ```
/// use counterfoil::placement::{Capacity, Resource, Role, Supply};
/// use counterfoil_inventory::kubernetes::{self, Policy};
///
/// let read = kubernetes::nodes(r#"{
///     "kind": "Node",
///     "metadata": {"name": "g1", "labels": {"node-role.kubernetes.io/control-plane": "", "nvidia.com/gpu.product": "Tesla-T4"}},
///     "status": {"allocatable": {"cpu": "3920m", "nvidia.com/gpu": "2"}}
/// }"#, &Policy::nvidia())?;
/// let node = &read.values[0];
/// assert_eq!((node.role, node.ready), (Role::Control, false));
/// assert_eq!(node.supply(&Resource::Gpu("Tesla-T4".parse()?)), Supply::Known(Capacity::of(2000)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn nodes(text: impl AsRef<[u8]>, policy: &Policy) -> Result<Read<Node>, InventoryError> {
    Ok(read_nodes(list::objects(text.as_ref(), "Node")?, policy))
}

/// Reads pods, those that run and those that do not.
///
/// # Errors
/// As [`nodes`].
pub fn pods(text: impl AsRef<[u8]>, policy: &Policy) -> Result<Read<Pod>, InventoryError> {
    Ok(read_pods(list::objects(text.as_ref(), "Pod")?, policy).read)
}

/// Reads pods as products: what each of them, whether it runs or not, asks of a node.
///
/// The model of its cards is what its node selector or its required affinity names, else that of the policy.
///
/// # Errors
/// As [`nodes`]; as faults, `inventory.card_model_unknown`, and `inventory.unsupported` for what no constraint can say:
/// required affinity to other pods, and topology spread that forbids.
///
/// # Examples
/// ```
/// use counterfoil::placement::Resource;
/// use counterfoil_inventory::kubernetes::{self, Policy};
///
/// let read = kubernetes::products(r#"{
///     "kind": "Pod",
///     "metadata": {"namespace": "shop", "name": "train"},
///     "spec": {
///         "nodeSelector": {"nvidia.com/gpu.product": "Tesla-T4"},
///         "containers": [{"resources": {"limits": {"nvidia.com/gpu": "1"}, "requests": {"memory": "1Gi"}}}]
///     }
/// }"#, &Policy::nvidia())?;
/// let product = &read.values[0];
/// assert_eq!((product.id.as_str(), product.request.amount(&Resource::Gpu("Tesla-T4".parse()?))), ("shop/train", 1000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn products(text: impl AsRef<[u8]>, policy: &Policy) -> Result<Read<Product>, InventoryError> {
    Ok(products_of(pods(text, policy)?, policy))
}

/// Reads nodes, and what runs on them.
///
/// A pod that can not be read, but whose node can, makes all that this node has *unknown*: what is free there is
/// not known any more, and it is not taken to be nothing that the pod holds.
///
/// # Errors
/// As [`nodes`]; as a fault, `inventory.unknown_node`.
pub fn inventory(
    nodes: impl AsRef<[u8]>,
    pods: impl AsRef<[u8]>,
    policy: &Policy,
) -> Result<Inventory, InventoryError> {
    let nodes = list::objects(nodes.as_ref(), "Node")?;
    Ok(inventory_of(nodes, list::objects(pods.as_ref(), "Pod")?, policy))
}

fn read_nodes(items: Vec<Item<'_>>, policy: &Policy) -> Read<Node> {
    let (mut names, mut all) = (BTreeSet::new(), Read::nothing());
    for item in items {
        all.add(nodes::node(&item, policy).and_then(|node| match names.insert(node.name.clone()) {
            true => Ok(node),
            false => Err(duplicate(Object::Node(node.name))),
        }));
    }
    all
}

/// Pods, and the nodes of those that could not be read.
struct Pods {
    read: Read<Pod>,
    lost_on: Vec<String>,
}

fn read_pods(items: Vec<Item<'_>>, policy: &Policy) -> Pods {
    let (mut ids, mut read, mut lost_on) = (BTreeSet::new(), Read::nothing(), Vec::new());
    for item in items {
        let pod = pods::pod(&item, policy);
        if pod.is_err() {
            lost_on.extend(item.holds_on());
        }
        read.add(pod.and_then(|pod| match ids.insert(pod.id.clone()) {
            true => Ok(pod),
            false => Err(duplicate(Object::Pod(pod.id))),
        }));
    }
    Pods { read, lost_on }
}

fn products_of(pods: Read<Pod>, policy: &Policy) -> Read<Product> {
    let mut products = Read { values: Vec::new(), faults: pods.faults };
    pods.values.iter().for_each(|pod| products.add(pod.product(policy)));
    products
}

fn inventory_of(nodes: Vec<Item<'_>>, pods: Vec<Item<'_>>, policy: &Policy) -> Inventory {
    let Read { values: mut nodes, mut faults } = read_nodes(nodes, policy);
    let places: BTreeMap<String, usize> =
        nodes.iter().enumerate().map(|(place, node)| (node.name.clone(), place)).collect();
    let Pods { read, mut lost_on } = read_pods(pods, policy);
    faults.extend(read.faults);
    let mut running = Vec::new();
    for pod in read.values.into_iter().filter(Pod::holds) {
        let name = pod.node.clone().unwrap_or_default();
        let fault = |error| Fault { object: Object::Pod(pod.id.clone()), field: "spec.nodeName".to_owned(), error };
        let Some(node) = places.get(&name).and_then(|place| nodes.get_mut(*place)) else {
            faults.push(fault(InventoryError::UnknownNode { node: name }));
            continue;
        };
        match pod.held(node, policy) {
            Ok((request, cards_of_unknown_model)) => {
                node.cards_of_unknown_model = node.cards_of_unknown_model.saturating_sub(cards_of_unknown_model);
                running.push(Running { id: pod.id, node: name, request, cards: BTreeMap::new() });
            }
            Err(fault) => {
                faults.push(fault);
                lost_on.push(name);
            }
        }
    }
    for name in lost_on {
        if let Some(node) = places.get(&name).and_then(|place| nodes.get_mut(*place)) {
            forget(node);
        }
    }
    Inventory { nodes, running, faults }
}

/// Something unread runs there: what is free is unknown, and a slot is taken.
fn forget(node: &mut Node) {
    node.supplies.values_mut().for_each(|supply| *supply = Supply::Unknown);
    node.unlisted = Unlisted::Unknown;
    node.slots = node.slots.map(|slots| slots.saturating_sub(1));
}

fn duplicate(object: Object) -> Fault {
    Fault { object, field: "metadata.name".to_owned(), error: InventoryError::Duplicate }
}
