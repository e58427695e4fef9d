//! The same of objects of the crate `k8s-openapi`, as a client of the interface of a cluster has them.
//!
//! They are written as the interface writes them and read as a text is, so that there is one set of rules.
//!
//! The program chooses the version of Kubernetes, as that crate asks for; the feature `k8s-openapi-latest` is for builds
//! without such a program.

use super::{Inventory, Pod, Policy, inventory_of, list::Item, products_of, read_nodes, read_pods};
use crate::Read;
use counterfoil::placement::{Node, Product};
use k8s_openapi::api::core::v1;
use serde::Serialize;

/// Reads nodes.
///
/// # Errors
/// None; as faults, those of [`nodes`](super::nodes).
pub fn nodes(nodes: &[v1::Node], policy: &Policy) -> Read<Node> {
    read_nodes(items(nodes), policy)
}

/// Reads pods, those that run and those that do not.
///
/// # Errors
/// None; as faults, those of [`pods`](super::pods).
pub fn pods(pods: &[v1::Pod], policy: &Policy) -> Read<Pod> {
    read_pods(items(pods), policy).read
}

/// Reads pods as products.
///
/// # Errors
/// None; as faults, those of [`products`](super::products).
pub fn products(pods: &[v1::Pod], policy: &Policy) -> Read<Product> {
    products_of(self::pods(pods, policy), policy)
}

/// Reads nodes, and what runs on them.
///
/// # Errors
/// None; as faults, those of [`inventory`](super::inventory).
pub fn inventory(nodes: &[v1::Node], pods: &[v1::Pod], policy: &Policy) -> Inventory {
    inventory_of(items(nodes), items(pods), policy)
}

/// Each as the interface writes it. What can not be written is read as nothing, and so is a fault.
fn items<T: Serialize>(objects: &[T]) -> Vec<Item<'static>> {
    let item = |(place, object)| Item::new(place, serde_json::to_string(object).unwrap_or_default());
    objects.iter().enumerate().map(item).collect()
}
