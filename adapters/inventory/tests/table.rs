//! The reseller's node table, in both forms.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test: a fault must stop it, and it reads files"
)]

use counterfoil::exact::RoundingMode;
use counterfoil::placement::{
    Capacity, Centre, Level, Node, Product, Refusal, Request, ResellerNode, ResellerProduct, Resource,
    ResourceQuantity, Role, Rules, Sharing, Snapshot, Supply, Unlisted, determine_accommodation,
};
use counterfoil_inventory::{InventoryError, Read, table};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::Path};

const CSV: &str = "name,role,ready,labels,cpu,memory,gpu\n\
                   k8s-master,control-plane,true,kyy-gpu=false,3.15核,15.30Gi,0\n\
                   k8s-worker-1,worker,Ready,\"kyy-gpu=false,zone=a\",1.60核,10.11Gi,0\n";

fn nodes(read: &Read<ResellerNode>) -> Vec<Node> {
    assert_eq!(read.faults, []);
    read.nodes()
}

fn product(id: &str, parts: &[(Resource, u64)]) -> Product {
    Product::new(id, Request::new(parts.iter().cloned()).unwrap())
}

#[test]
fn both_forms_are_read_alike() {
    let csv = table::csv(CSV).unwrap();
    let json = json!({"nodes": [
        {"name": "k8s-master", "role": "control", "ready": true, "labels": ["kyy-gpu=false"], "cpu": "3.15", "memory": "15.30Gi", "gpu": 0},
        {"name": "k8s-worker-1", "role": "<none>", "ready": "Ready", "labels": {"kyy-gpu": "false", "zone": "a"}, "cpu": 1.60, "memory": "10.11Gi", "gpu": "0"},
    ]});
    assert_eq!(table::json(json.to_string()).unwrap(), csv);
    assert_eq!(table::json(json["nodes"].to_string()).unwrap(), csv);
    let [master, worker] = <[ResellerNode; 2]>::try_from(csv.values).unwrap();
    assert_eq!(
        (master.role, master.cpu, master.memory),
        (Role::Control, Level::Known(3150), Level::Known(16_428_249_907))
    );
    assert_eq!(
        (worker.cpu, worker.memory, worker.gpu),
        (Level::Known(1600), Level::Known(10_855_529_840), Level::Known(0))
    );
    assert_eq!(worker.labels.len(), 2);
}

/// The named test of R-A2: 3.15 cores are free, but not on the worker.
#[test]
fn a_product_of_two_cores_is_grey() {
    let read = table::csv(CSV).unwrap();
    let snapshot = Snapshot::new(nodes(&read), [], Sharing::Named).unwrap();
    let rules = Rules::strict();
    let one = product("one", &[(Resource::Cpu, 1000)]);
    let two = product("two", &[(Resource::Cpu, 2000)]);
    let grey = Centre::new(&snapshot, &rules).greyed(&[one, two]).unwrap();
    assert_eq!(grey, ["two"]);
    let reseller = |id: &str, cpu| ResellerProduct { id: id.into(), cpu, memory: 0, gpu: 0 };
    let answer =
        determine_accommodation(&read.values, &BTreeMap::new(), &[reseller("one", 1000), reseller("two", 2000)]);
    assert_eq!(answer.unwrap().undeployable, ["two"], "by the reseller's own question too");
}

#[test]
fn what_is_not_in_the_table_is_unknown_and_zero_is_none() {
    let csv = "name,role,ready,cpu,memory,gpu\nnone,worker,true,4,8Gi,0\nsome,worker,true,4,8Gi,2\nunknown,worker,true,4,8Gi,\nblank,worker,true,,,0\nover,worker,true,-0.40核,-1.5,-1\n";
    let nodes = nodes(&table::csv(csv).unwrap());
    let snapshot = Snapshot::new(nodes.clone(), [], Sharing::Named).unwrap();
    let (card, disk): (Resource, Resource) = ("gpu[T4]".parse().unwrap(), "disk[DATA]".parse().unwrap());
    let refusals = |node: &str, resource: &Resource, amount| {
        let product = product("p", &[(resource.clone(), amount)]);
        snapshot.refusals(node, &product, &Rules::strict()).unwrap()
    };
    let short =
        |resource: &Resource, needed, free| [Refusal::Insufficient { resource: resource.clone(), needed, free }];
    let unknown = |resource: &Resource| [Refusal::Unknown { resource: resource.clone() }];
    assert_eq!(refusals("none", &card, 1000), short(&card, 1000, 0));
    assert_eq!(refusals("some", &card, 2000), unknown(&card));
    assert_eq!(refusals("some", &card, 3000), short(&card, 3000, 0), "more than there are of any model");
    assert_eq!(refusals("unknown", &card, 1000), unknown(&card));
    assert_eq!(refusals("none", &disk, 1), unknown(&disk));
    assert_eq!(refusals("blank", &Resource::Cpu, 1), unknown(&Resource::Cpu));
    assert_eq!(refusals("blank", &Resource::Memory, 1), unknown(&Resource::Memory));
    assert_eq!(snapshot.free("over", &Resource::Cpu), Some(Level::Known(-400)), "over-used, and not nothing");
    assert_eq!(snapshot.free("over", &Resource::Memory), Some(Level::Known(-2)), "down, below zero too");
    assert_eq!(
        (nodes[2].unlisted, nodes[1].cards_of_unknown_model, nodes[4].cards_of_unknown_model),
        (Unlisted::Unknown, 2, 0)
    );
    assert_eq!(nodes[0].supply(&Resource::Cpu), Supply::Known(Capacity::of(4000)));
}

#[test]
fn faults_of_rows() {
    let csv = "name,role,ready,labels,cpu,memory,gpu\n\
               ,worker,true,,1,1Gi,0\n\
               a,boss,true,,1,1Gi,0\n\
               b,worker,maybe,,1,1Gi,0\n\
               c,worker,true,\"k=1,k=2\",1,1Gi,0\n\
               d,worker,true,,1.60 核,1Gi,0\n\
               e,worker,true,,1,1.60核,0\n\
               f,worker,true,,1,1Gi,many\n\
               g,,true,,1,1Gi,0\n\
               h,worker,,,1,1Gi,0\n\
               i,worker,true,,1,8Ei,0\n\
               j,worker,true,,1,1Gi\n\
               k,worker,true,,1,1Gi,0\n\
               k,worker,true,,1,1Gi,0\n\
               l,\"control-plane,master\",true,,1,1Gi,0\n";
    let read = table::csv(csv).unwrap();
    assert_eq!(read.values.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["k", "l"]);
    let told: Vec<String> =
        read.faults.iter().map(|fault| format!("{:?} {} {}", fault.object, fault.field, fault.code())).collect();
    assert_eq!(
        told,
        [
            "Line(2) name inventory.missing",
            "Line(3) role inventory.unknown_word",
            "Line(4) ready inventory.unknown_word",
            "Line(5) labels inventory.contradiction",
            "Line(6) cpu placement.not_a_quantity",
            "Line(7) memory placement.not_a_quantity",
            "Line(8) gpu placement.not_a_quantity",
            "Line(9) role inventory.missing",
            "Line(10) ready inventory.missing",
            "Line(11) memory placement.quantity_overflow",
            "Line(12)  inventory.not_csv",
            "Node(\"k\") name inventory.duplicate",
        ]
    );
    let rows = json!([{"name": "a", "role": "worker", "ready": 1, "cpu": "1", "memory": "1"}, {"role": "worker"}, 3, {"name": "b", "role": "worker", "ready": false, "cpu": null}, {"name": "c", "role": "worker", "ready": true, "cpu": [1]}]);
    let read = table::json(rows.to_string()).unwrap();
    let told: Vec<String> =
        read.faults.iter().map(|fault| format!("{:?} {} {}", fault.object, fault.field, fault.code())).collect();
    assert_eq!(
        told,
        [
            "Node(\"[0]\") ready inventory.wrong_shape",
            "Node(\"[1]\") name inventory.missing",
            "Node(\"[2]\")  inventory.wrong_shape",
            "Node(\"[4]\") cpu inventory.wrong_shape",
        ]
    );
    assert_eq!(read.values[0].cpu, Level::Unknown);
    assert_eq!(table::csv("name,role,cpu,memory\n").unwrap_err(), InventoryError::MissingColumn { column: "ready" });
    for text in ["", "{}", "{\"nodes\": 3}", "[", "7"] {
        assert_eq!(table::json(text).unwrap_err().code(), "inventory.not_json", "{text}");
    }
}

/// The reseller's own worked cases, read from their tables.
#[test]
fn worked_cases() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/worked_examples.json");
    let Ok(text) = std::fs::read_to_string(file) else {
        println!("skipped: no folder `../shared/vectors` beside the project");
        return;
    };
    let all: Value = serde_json::from_str(&text).unwrap();
    let cases = all["examples"].as_array().unwrap().iter().filter(|case| case["op"] == "determine_accommodation");
    let mut run = 0;
    for case in cases.filter(|case| case["inputs"]["nodes"][0].get("name").is_some()) {
        run += 1;
        let inputs = &case["inputs"];
        let read = table::json(inputs["nodes"].to_string()).unwrap();
        let snapshot = Snapshot::new(nodes(&read), [], Sharing::Named).unwrap();
        let labels =
            inputs["labels"].as_array().unwrap().iter().map(|label| label.as_str().unwrap().split_once('=').unwrap());
        let required_labels = labels.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let rules = Rules { required_labels, ..Rules::strict() };
        let products: Vec<Product> = inputs["products"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| {
                let part = |resource: Resource, name: &str| {
                    let quantity: ResourceQuantity = it[name].as_str().unwrap().parse().unwrap();
                    let amount = resource.amount(&quantity, RoundingMode::Ceiling).unwrap();
                    (resource, amount)
                };
                assert_eq!(it["gpu"], 0);
                product(it["id"].as_str().unwrap(), &[part(Resource::Cpu, "cpu"), part(Resource::Memory, "memory")])
            })
            .collect();
        let grey = Centre::new(&snapshot, &rules).greyed(&products).unwrap();
        assert_eq!(json!(grey), case["expected"]["undeployable"], "{}", case["id"]);
    }
    assert!(run >= 2, "{run} cases");
}
