//! Objects of `k8s-openapi` are read as the text is that they are written as.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

mod fixtures;

use counterfoil_inventory::kubernetes::{self, Policy, typed};
use fixtures::{NODES, PODS};
use k8s_openapi::api::core::v1;

fn listed() -> (Vec<v1::Node>, Vec<v1::Pod>) {
    // `kubectl` calls its list `List`; a client of the interface has the items alone.
    let items = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["items"].clone();
    (serde_json::from_value(items(NODES)).unwrap(), serde_json::from_value(items(PODS)).unwrap())
}

#[test]
fn the_same_as_of_text() {
    let (nodes, pods) = listed();
    assert_eq!((nodes.len(), pods.len()), (5, 9));
    for policy in [Policy::nvidia(), Policy::plain()] {
        let of_text = kubernetes::inventory(NODES, PODS, &policy).unwrap();
        assert_eq!(typed::inventory(&nodes, &pods, &policy), of_text);
        assert_eq!(typed::nodes(&nodes, &policy), kubernetes::nodes(NODES, &policy).unwrap());
        assert_eq!(typed::pods(&pods, &policy), kubernetes::pods(PODS, &policy).unwrap());
        assert_eq!(typed::products(&pods, &policy), kubernetes::products(PODS, &policy).unwrap());
    }
}

#[test]
fn faults_name_the_field() {
    let (mut nodes, mut pods) = listed();
    nodes[1].status.as_mut().unwrap().allocatable.as_mut().unwrap().get_mut("memory").unwrap().0 = "a lot".into();
    pods[0].metadata.name = None;
    let read = typed::inventory(&nodes, &pods, &Policy::nvidia());
    let faults: Vec<(&str, &str)> = read.faults.iter().map(|fault| (fault.code(), fault.field.as_str())).collect();
    assert!(faults.contains(&("placement.not_a_quantity", "status.allocatable.memory")), "{faults:?}");
    assert!(faults.contains(&("inventory.missing", "metadata.name")), "{faults:?}");
    assert_eq!(read.nodes.len(), 4);
}
