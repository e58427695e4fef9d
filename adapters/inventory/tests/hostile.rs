//! Any bytes: values or errors, never a panic; and what is written is read back.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test: a fault must stop it"
)]

mod fixtures;

use counterfoil::placement::{Capacity, Node, Resource, Role, Supply};
use counterfoil_inventory::{
    kubernetes::{self, Policy},
    table, trace,
};
use fixtures::{NODES, PODS};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

fn read_all(bytes: &[u8]) {
    let policy = Policy::nvidia();
    let told = |faults: &[counterfoil_inventory::Fault]| {
        faults.iter().for_each(|fault| assert!(fault.to_string().len() < 4_000))
    };
    if let Ok(read) = kubernetes::nodes(bytes, &policy) {
        told(&read.faults);
    }
    if let Ok(read) = kubernetes::products(bytes, &policy) {
        told(&read.faults);
    }
    if let Ok(read) = kubernetes::inventory(bytes, bytes, &policy) {
        told(&read.faults);
    }
    if let Ok(read) = kubernetes::inventory(NODES, bytes, &policy) {
        told(&read.faults);
    }
    if let Ok(read) = table::json(bytes) {
        told(&read.faults);
        let _ = read.nodes();
    }
    if let Ok(read) = table::csv(bytes) {
        told(&read.faults);
        let _ = read.nodes();
    }
    if let Ok(read) = trace::nodes(bytes) {
        told(&read.faults);
    }
    if let Ok(read) = trace::pods(bytes) {
        told(&read.faults);
    }
}

/// JSON of any shape, with the words that matter here.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,6}".prop_map(Value::from),
        proptest::sample::select(vec![
            "500m",
            "1Gi",
            "8Ei",
            "-1",
            "Always",
            "Succeeded",
            "w1",
            "In",
            "Exists",
            "NoSchedule"
        ])
        .prop_map(Value::from),
    ];
    let keys = proptest::sample::select(vec![
        "kind",
        "items",
        "metadata",
        "name",
        "namespace",
        "labels",
        "spec",
        "status",
        "allocatable",
        "capacity",
        "cpu",
        "memory",
        "pods",
        "nvidia.com/gpu",
        "nvidia.com/mig-",
        "nvidia.com/gpu.product",
        "nodeName",
        "containers",
        "initContainers",
        "resources",
        "requests",
        "limits",
        "overhead",
        "tolerations",
        "affinity",
        "taints",
        "nodes",
        "role",
        "ready",
        "gpu",
    ]);
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((keys.clone(), inner), 0..6).prop_map(|members| members
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect::<serde_json::Map<_, _>>()
                .into()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..200), text in "[\\[\\]{}\":,a-z0-9\\\\ \n]{0,80}") {
        read_all(&bytes);
        read_all(text.as_bytes());
    }

    #[test]
    fn any_shape(value in values()) {
        read_all(value.to_string().as_bytes());
        read_all(json!({"kind": "List", "items": [value.clone(), value]}).to_string().as_bytes());
    }

    #[test]
    fn a_list_with_some_bytes_changed(changes in vec((0..4_000_usize, any::<u8>()), 1..4), of_pods in any::<bool>()) {
        let mut bytes = if of_pods { PODS } else { NODES }.as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place % bytes.len();
            bytes[place] = byte;
        }
        read_all(&bytes);
    }

    #[test]
    fn a_table_with_some_cells_changed(cells in vec("\\PC{0,6}", 11), cut in 0..12_usize) {
        let row = cells[..cut.min(cells.len())].join(",");
        for header in ["sn,cpu_milli,memory_mib,gpu,model", "name,role,ready,labels,cpu,memory,gpu", "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time"] {
            read_all(format!("{header}\n{row}\n").as_bytes());
        }
    }

    /// A node that is written as the interface of a cluster writes it, is read as it was.
    #[test]
    fn a_node_comes_back(
        name in "[a-z][a-z0-9-]{0,20}", control in any::<bool>(), ready in any::<bool>(), cordoned in any::<bool>(),
        cpu in 0..=i64::MAX as u64, memory in 0..=i64::MAX as u64, slots in 0..10_000_u64, cards in 0..1_000_u64,
    ) {
        let labels = if control { json!({"node-role.kubernetes.io/master": "", "nvidia.com/gpu.product": "T4"}) } else { json!({"nvidia.com/gpu.product": "T4"}) };
        let written = json!({
            "metadata": {"name": name, "labels": labels},
            "spec": {"unschedulable": cordoned},
            "status": {
                "allocatable": {
                    "cpu": Resource::Cpu.quantity(cpu).to_string(),
                    "memory": Resource::Memory.quantity(memory).to_string(),
                    "pods": slots.to_string(),
                    "nvidia.com/gpu": cards.to_string(),
                },
                "conditions": [{"type": "Ready", "status": if ready { "True" } else { "False" }}],
            },
        });
        let read = kubernetes::nodes(written.to_string(), &Policy::nvidia()).unwrap();
        prop_assert_eq!(&read.faults, &[]);
        let node: &Node = &read.values[0];
        prop_assert_eq!((&node.name, node.ready, node.cordoned, node.slots), (&name, ready, cordoned, Some(slots)));
        prop_assert_eq!(node.role, if control { Role::Control } else { Role::Worker });
        for (resource, amount) in [(Resource::Cpu, cpu), (Resource::Memory, memory), (Resource::Gpu("T4".parse().unwrap()), cards * 1000)] {
            prop_assert_eq!(node.supply(&resource), Supply::Known(Capacity::of(amount)));
        }
    }
}

#[test]
fn deep_and_long_texts() {
    read_all("[".repeat(200_000).as_bytes());
    read_all("{\"a\":".repeat(200_000).as_bytes());
    read_all(format!("{{\"kind\":\"Node\",\"metadata\":{{\"name\":\"n\"}},\"x\":{}}}", "[".repeat(100_000)).as_bytes());
    read_all(
        format!(
            "[{{\"kind\":\"Node\",\"metadata\":{{\"name\":\"n\"}},\"x\":{}{}}}]",
            "[".repeat(100_000),
            "]".repeat(100_000)
        )
        .as_bytes(),
    );
    read_all(format!("sn,cpu_milli,memory_mib,gpu,model\n{}", ",".repeat(100_000)).as_bytes());
    let long = "x".repeat(100_000);
    read_all(json!({"metadata": {"name": long}, "status": {"allocatable": {&long: &long}}}).to_string().as_bytes());
}
