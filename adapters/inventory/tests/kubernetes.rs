//! Lists of Kubernetes, as `kubectl` prints them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test: a fault must stop it"
)]

mod fixtures;

use counterfoil::{
    error::{Category, Language},
    placement::{
        Capacity, DiskKind, Effect, Level, Node, Operator, Product, Refusal, Request, Resource, Role, Rules, Sharing,
        Snapshot, Supply, Unlisted,
    },
};
use counterfoil_inventory::{
    Fault, InventoryError, Object,
    kubernetes::{self, CardNames, Policy},
};
use fixtures::{NODES, PODS};
use serde_json::{Value, json};

const GI: u64 = 1 << 30;
const MI: u64 = 1 << 20;

fn gpu(model: &str) -> Resource {
    Resource::Gpu(model.parse().unwrap())
}

fn known(amount: u64) -> Supply {
    Supply::Known(Capacity::of(amount))
}

fn codes(faults: &[Fault]) -> Vec<(&str, String, &str)> {
    faults.iter().map(|fault| (fault.code(), format!("{:?}", fault.object), fault.field.as_str())).collect()
}

#[test]
fn nodes_as_they_are_printed() {
    let read = kubernetes::nodes(NODES, &Policy::nvidia()).unwrap();
    assert_eq!(read.faults, []);
    let [master, worker, a100, unnamed, cordoned] = <[Node; 5]>::try_from(read.values).unwrap();
    assert_eq!((master.role, worker.role), (Role::Control, Role::Worker));
    assert_eq!(
        (master.taints.len(), master.taints[0].effect, master.taints[0].value.as_str()),
        (1, Effect::NoSchedule, "")
    );
    assert_eq!(worker.labels.get("kyy-gpu").map(String::as_str), Some("false"));
    assert_eq!(worker.supply(&Resource::Cpu), known(3920), "what can be allocated, and not the 4 cores that are there");
    assert_eq!(worker.supply(&Resource::Memory), known(16_315_072 << 10));
    assert_eq!(worker.supply(&Resource::EphemeralStorage), known(95_551_679_124));
    assert_eq!(worker.supply(&Resource::Disk(DiskKind::System)), Supply::Unknown);
    assert_eq!(worker.supply(&gpu("T4")), known(0), "the list is complete");
    assert_eq!(
        (worker.slots, worker.unlisted, worker.ready, worker.cordoned),
        (Some(110), Unlisted::Nothing, true, false)
    );

    assert_eq!(a100.supply(&gpu("NVIDIA-A100-SXM4-80GB")), known(4000));
    let slice = Resource::Mig { model: "NVIDIA-A100-SXM4-80GB".parse().unwrap(), profile: "1g.10gb".parse().unwrap() };
    assert_eq!(a100.supply(&slice), known(7));
    assert_eq!(a100.supply(&Resource::Named("rdma/hca".parse().unwrap())), known(63));
    assert_eq!(
        a100.supply(&Resource::Named("nvidia.com/gpu".parse().unwrap())),
        known(0),
        "they are cards, and not both"
    );

    assert_eq!((unnamed.cards_of_unknown_model, unnamed.supply(&gpu("T4"))), (8, known(0)));
    assert_eq!((cordoned.ready, cordoned.cordoned, cordoned.taints.len()), (false, true, 2));
}

#[test]
fn pods_hold_what_kubernetes_counts() {
    let read = kubernetes::inventory(NODES, PODS, &Policy::nvidia()).unwrap();
    assert_eq!(read.faults, []);
    let held = |id: &str, resource: &Resource| {
        read.running.iter().find(|it| it.id == id).map(|it| it.request.amount(resource))
    };
    assert_eq!(held("default/web-0", &Resource::Cpu), Some(2000), "requests, where there are limits too");
    assert_eq!(held("default/web-1", &Resource::Cpu), Some(410), "250 + 100 of a limit + 50 of the sidecar + 10");
    assert_eq!(held("default/web-1", &Resource::Memory), Some(1040 * MI), "1Gi while it starts, and 16Mi");
    assert_eq!(held("kube-system/coredns-5d78c9869d-abcde", &Resource::Memory), Some(70 * MI));
    assert_eq!(held("lab/train-0", &gpu("NVIDIA-A100-SXM4-80GB")), Some(2000), "of the model of its node");
    assert_eq!(held("batch/done-0", &Resource::Cpu), None, "it has ended");
    assert_eq!(held("batch/lost-0", &Resource::Cpu), None);
    assert_eq!(held("shop/waiting-0", &Resource::Cpu), None, "it has no node");
    assert_eq!(read.running.len(), 6);
    let unnamed = read.nodes.iter().find(|node| node.name == "gpu-2").unwrap();
    assert_eq!(unnamed.cards_of_unknown_model, 5, "8, of which a pod holds 3");

    let snapshot = Snapshot::new(read.nodes, read.running, Sharing::Named).unwrap();
    assert_eq!(snapshot.free("k8s-worker-1", &Resource::Cpu), Some(Level::Known(3920 - 2000 - 410)));
    assert_eq!(snapshot.free("gpu-1", &gpu("NVIDIA-A100-SXM4-80GB")), Some(Level::Known(2000)));
    let t4 = Product::new("t4", Request::new([(gpu("T4"), 1000)]).unwrap());
    let refusals = snapshot.refusals("gpu-2", &t4, &Rules::strict()).unwrap();
    assert_eq!(refusals, [Refusal::Unknown { resource: gpu("T4") }]);
}

#[test]
fn pods_as_products() {
    let read = kubernetes::products(PODS, &Policy::nvidia()).unwrap();
    let product = |id: &str| read.values.iter().find(|product| product.id == id).unwrap();
    let waiting = product("shop/waiting-0");
    assert_eq!(waiting.request.amount(&Resource::Cpu), 2000, "the pod's own request");
    assert_eq!(waiting.request.amount(&Resource::Memory), 256 * MI, "and not its limit, where a container asks");
    assert_eq!(waiting.constraints.node_selector.get("zone").map(String::as_str), Some("a"));
    assert_eq!(waiting.constraints.tolerations.len(), 2);

    let train = product("lab/train-0");
    assert_eq!(train.request.amount(&gpu("NVIDIA-A100-SXM4-80GB")), 2000, "the model that its affinity names");
    let term = &train.constraints.affinity.as_ref().unwrap()[0];
    assert_eq!((term.expressions[0].operator, term.expressions[0].values.len()), (Operator::In, 1));
    assert_eq!(
        product("lab/infer-0").request.iter().map(|(it, _)| it.to_string()).collect::<Vec<_>>(),
        ["cpu", "memory", "mig[NVIDIA-A100-SXM4-80GB/1g.10gb]"]
    );
    let missing = "inventory.card_model_unknown";
    assert_eq!(codes(&read.faults), [(missing, r#"Pod("lab/old-0")"#.to_owned(), "spec.containers")]);

    let policy = Policy { unnamed_model: Some("T4".parse().unwrap()), ..Policy::nvidia() };
    let read = kubernetes::products(PODS, &policy).unwrap();
    assert_eq!((read.values.len(), read.faults.len()), (9, 0));
    let old = read.values.iter().find(|product| product.id == "lab/old-0").unwrap();
    assert_eq!(old.request.amount(&gpu("T4")), 3000);
}

/// What is free, and what a product asks for, agree on names: each running pod fits where it runs once it is gone.
#[test]
fn a_pod_fits_where_it_ran() {
    let policy = Policy { unnamed_model: Some("T4".parse().unwrap()), ..Policy::nvidia() };
    let products = kubernetes::products(PODS, &policy).unwrap().values;
    for id in ["default/web-0", "default/web-1", "lab/train-0", "lab/infer-0"] {
        let mut read = kubernetes::inventory(NODES, PODS, &policy).unwrap();
        let place = read.running.iter().position(|it| it.id == id).unwrap();
        let item = read.running.remove(place);
        let snapshot = Snapshot::new(read.nodes, read.running, Sharing::Named).unwrap();
        let product = products.iter().find(|product| product.id == id).unwrap();
        assert_eq!(snapshot.refusals(&item.node, product, &Rules::strict()), Some(vec![]), "{id}");
    }
}

#[test]
fn models_are_renamed_and_vendors_added() {
    let mut policy = Policy::nvidia();
    policy.models.insert("NVIDIA-A100-SXM4-80GB".into(), "A100-80G".parse().unwrap());
    policy.cluster = Some("north".into());
    let read = kubernetes::nodes(NODES, &policy).unwrap();
    assert_eq!(read.values[2].supply(&gpu("A100-80G")), known(4000));
    assert_eq!(read.values[2].cluster.as_deref(), Some("north"));

    let plain = kubernetes::nodes(NODES, &Policy::plain()).unwrap();
    assert_eq!(plain.values[2].supply(&Resource::Named("nvidia.com/gpu".parse().unwrap())), known(4));
    assert_eq!(plain.values[3].cards_of_unknown_model, 0);

    let vendor = CardNames { cards: "example.com/npu".into(), slices: None, model_label: "npu".into() };
    let policy = Policy { cards: vec![vendor], ..Policy::plain() };
    let node = json!({"metadata": {"name": "n", "labels": {"npu": "910B"}}, "status": {"allocatable": {"example.com/npu": "8"}}});
    let read = kubernetes::nodes(node.to_string(), &policy).unwrap();
    assert_eq!(read.values[0].supply(&gpu("910B")), known(8000));
}

fn node_with(allocatable: Value) -> Value {
    json!({"kind": "Node", "metadata": {"name": "n1"}, "status": {"allocatable": allocatable}})
}

fn pod_with(name: &str, spec: Value) -> Value {
    json!({"kind": "Pod", "metadata": {"namespace": "d", "name": name}, "spec": spec, "status": {"phase": "Running"}})
}

#[test]
fn one_bad_object_costs_no_other() {
    let list = json!({"kind": "List", "items": [
        node_with(json!({"cpu": "4"})),
        {"kind": "Node", "metadata": {"name": "n2"}, "status": {"allocatable": {"cpu": "four"}}},
        {"kind": "Node", "metadata": {"name": "n3"}, "spec": {"taints": [{"key": "k", "effect": "Never"}]}},
        {"kind": "Node", "metadata": {"name": "n4", "labels": ["a"]}},
        {"kind": "Node", "metadata": {}},
        {"kind": "Node", "metadata": {"name": "n5"}, "status": {"allocatable": {"memory": "-1Gi"}}},
        {"kind": "Node", "metadata": {"name": "n6"}, "status": {"allocatable": {"memory": "8Ei"}}},
        {"kind": "Node", "metadata": {"name": "n7"}, "status": {"allocatable": {"memory": true}}},
        node_with(json!({"cpu": "8"})),
        {"kind": "Service", "metadata": {"name": "not a node"}},
        7,
    ]});
    let read = kubernetes::nodes(list.to_string(), &Policy::nvidia()).unwrap();
    assert_eq!(read.values.iter().map(|node| node.name.as_str()).collect::<Vec<_>>(), ["n1"]);
    assert_eq!(read.values[0].supply(&Resource::Cpu), known(4000), "the first of two is kept");
    let expected = [
        ("placement.not_a_quantity", r#"Node("n2")"#, "status.allocatable.cpu"),
        ("placement.unknown_word", r#"Node("n3")"#, "spec.taints[0].effect"),
        ("inventory.wrong_shape", r#"Node("n4")"#, "metadata.labels"),
        ("inventory.missing", r#"Node("items[4]")"#, "metadata.name"),
        ("placement.negative_amount", r#"Node("n5")"#, "status.allocatable.memory"),
        ("placement.amount_overflow", r#"Node("n6")"#, "status.allocatable.memory"),
        ("inventory.wrong_shape", r#"Node("n7")"#, "status.allocatable.memory"),
        ("inventory.duplicate", r#"Node("n1")"#, "metadata.name"),
        ("inventory.wrong_shape", r#"Node("items[10]")"#, ""),
    ];
    assert_eq!(codes(&read.faults), expected.map(|(code, object, field)| (code, object.to_owned(), field)));
    let fault = &read.faults[0];
    assert!(fault.to_string().starts_with("node `n2`, `status.allocatable.cpu`: `four` is not a quantity"), "{fault}");
    assert!(fault.message(Language::Chinese).starts_with("节点 `n2` 的 `status.allocatable.cpu`：`four` 不是合法数量"));
}

#[test]
fn what_an_unread_pod_holds_is_unknown() {
    let node = json!({"kind": "Node", "metadata": {"name": "n1"}, "status": {"allocatable": {"cpu": "4", "pods": "10"}, "conditions": [{"type": "Ready", "status": "True"}]}});
    let bad =
        pod_with("bad", json!({"nodeName": "n1", "containers": [{"resources": {"requests": {"cpu": "1 core"}}}]}));
    let good = pod_with("good", json!({"nodeName": "n1", "containers": [{"resources": {"requests": {"cpu": "1"}}}]}));
    let elsewhere = pod_with("elsewhere", json!({"nodeName": "n2", "containers": []}));
    let shapeless = json!({"kind": "Pod", "metadata": {"name": "x"}, "spec": {"nodeName": "n1", "containers": 3}});
    let of = |pods: &[&Value]| {
        kubernetes::inventory(
            node.to_string(),
            json!({"kind": "PodList", "items": pods}).to_string(),
            &Policy::nvidia(),
        )
        .unwrap()
    };

    let read = of(&[&good, &elsewhere]);
    assert_eq!(read.nodes[0].supply(&Resource::Cpu), known(4000));
    assert_eq!(codes(&read.faults), [("inventory.unknown_node", r#"Pod("d/elsewhere")"#.to_owned(), "spec.nodeName")]);

    for bad in [&bad, &shapeless] {
        let read = of(&[bad, &good]);
        assert_eq!((read.running.len(), read.faults.len()), (1, 1));
        assert_eq!((read.nodes[0].supply(&Resource::Cpu), read.nodes[0].slots), (Supply::Unknown, Some(9)));
        let snapshot = Snapshot::new(read.nodes, read.running, Sharing::Named).unwrap();
        let product = Product::new("p", Request::new([(Resource::Cpu, 1)]).unwrap());
        let refusals = snapshot.refusals("n1", &product, &Rules::strict()).unwrap();
        assert_eq!(refusals, [Refusal::Unknown { resource: Resource::Cpu }]);
    }

    let mut ended = bad.clone();
    ended["status"]["phase"] = "Failed".into();
    assert_eq!(of(&[&ended]).nodes[0].supply(&Resource::Cpu), known(4000), "it holds nothing any more");
}

#[test]
fn what_can_be_a_list() {
    let node = node_with(json!({"cpu": "1"}));
    let count = |text: String| kubernetes::nodes(text, &Policy::plain()).map(|read| read.values.len());
    assert_eq!(count(node.to_string()), Ok(1));
    assert_eq!(count(json!([node]).to_string()), Ok(1));
    assert_eq!(count(format!("\u{feff}{}", json!({"kind": "NodeList", "items": [node]}))), Ok(1));
    assert_eq!(count(json!({"items": [node]}).to_string()), Ok(1));
    assert_eq!(count(json!({"kind": "NodeList", "items": null}).to_string()), Ok(0));
    assert_eq!(count(json!({"kind": "List", "items": [pod_with("p", json!({}))]}).to_string()), Ok(0));
    for (text, code) in [
        (json!({"kind": "PodList", "items": []}).to_string(), "inventory.wrong_kind"),
        (json!({"kind": "Pod", "metadata": {"name": "p"}}).to_string(), "inventory.wrong_kind"),
        (json!({"kind": "Service"}).to_string(), "inventory.wrong_kind"),
        ("".to_owned(), "inventory.not_json"),
        ("3".to_owned(), "inventory.not_json"),
        (json!({"kind": "List", "items": 3}).to_string(), "inventory.not_json"),
        ("{\"kind\": \"List\", \"items\": [{}".to_owned(), "inventory.not_json"),
        ("No resources found\n".to_owned(), "inventory.not_json"),
    ] {
        let error = kubernetes::nodes(&text, &Policy::plain()).unwrap_err();
        assert_eq!((error.code(), error.category()), (code, Category::InvalidInput), "{text}");
        assert_ne!(error.message(Language::Chinese), error.to_string());
    }
    let error = kubernetes::nodes(b"{\n \"kind\": \"\xff\"}", &Policy::plain()).unwrap_err();
    assert_eq!(error, InventoryError::NotJson { line: 2, column: 11, fault: "it is not UTF-8".into() });
}

#[test]
fn nulls_and_numbers_as_programs_write_them() {
    let node = r#"{"metadata": {"name": "n", "labels": null, "creationTimestamp": null}, "spec": {"taints": null, "unschedulable": null},
                   "status": {"allocatable": {"cpu": 1.6, "memory": 1e9}, "capacity": null, "conditions": null}}"#;
    let read = kubernetes::nodes(node, &Policy::plain()).unwrap();
    assert_eq!(read.values[0].supply(&Resource::Cpu), known(1600), "the digits count, and no float");
    assert_eq!(read.values[0].supply(&Resource::Memory), known(1_000_000_000));
    assert!(!read.values[0].ready, "without the condition nobody says that it is");

    let bare = kubernetes::nodes(r#"{"metadata": {"name": "n"}}"#, &Policy::plain()).unwrap();
    assert_eq!(bare.values[0].supply(&Resource::Cpu), Supply::Unknown, "no list is no empty list");
    let capacity = r#"{"metadata": {"name": "n"}, "status": {"capacity": {"cpu": "4"}}}"#;
    assert_eq!(kubernetes::nodes(capacity, &Policy::plain()).unwrap().values[0].supply(&Resource::Cpu), known(4000));
}

#[test]
fn figures_are_rounded_so_that_nothing_is_sold_twice() {
    let node = node_with(json!({"cpu": "1.0009", "memory": "15.30Gi", "example.com/x": "2.5"}));
    let read = kubernetes::nodes(node.to_string(), &Policy::plain()).unwrap();
    assert_eq!(read.values[0].supply(&Resource::Cpu), known(1000));
    assert_eq!(read.values[0].supply(&Resource::Memory), known(16_428_249_907));
    assert_eq!(read.values[0].supply(&Resource::Named("example.com/x".parse().unwrap())), known(2));
    let pod = pod_with("p", json!({"containers": [{"resources": {"requests": {"cpu": "1n", "memory": "0.5"}}}]}));
    let read = kubernetes::products(pod.to_string(), &Policy::plain()).unwrap();
    assert_eq!(read.values[0].request.amount(&Resource::Cpu), 1);
    assert_eq!(read.values[0].request.amount(&Resource::Memory), 1);
}

#[test]
fn a_pods_own_figures() {
    let request = |spec: Value| {
        kubernetes::products(pod_with("p", spec).to_string(), &Policy::plain()).unwrap().values.remove(0).request
    };
    let containers = json!([{"resources": {"requests": {"cpu": "1", "memory": "1Gi", "example.com/x": "1"}}}]);
    let own = request(
        json!({"containers": containers, "resources": {"requests": {"cpu": "3", "example.com/x": "9"}}, "overhead": {"cpu": "250m"}}),
    );
    assert_eq!(own.amount(&Resource::Cpu), 3250, "in place of the containers', and the overhead beside it");
    assert_eq!(own.amount(&Resource::Memory), GI, "what the pod does not name is that of its containers");
    assert_eq!(
        own.amount(&Resource::Named("example.com/x".parse().unwrap())),
        1,
        "a pod has no such figure of its own"
    );
    let limited = request(json!({"containers": [{}], "resources": {"limits": {"cpu": "2"}}}));
    assert_eq!(limited.amount(&Resource::Cpu), 2000);
}

#[test]
fn what_no_constraint_can_say_is_not_left_out() {
    let affinity = |name: &str| json!({"affinity": {name: {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "kubernetes.io/hostname"}]}}});
    let spread = |when: &str| json!({"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": when}]});
    let read = |spec: Value| kubernetes::products(pod_with("p", spec).to_string(), &Policy::plain()).unwrap();
    let required = "requiredDuringSchedulingIgnoredDuringExecution";
    for (spec, field) in [
        (affinity("podAffinity"), format!("spec.affinity.podAffinity.{required}")),
        (affinity("podAntiAffinity"), format!("spec.affinity.podAntiAffinity.{required}")),
        (spread("DoNotSchedule"), "spec.topologySpreadConstraints[0]".to_owned()),
    ] {
        let read = read(spec);
        assert_eq!(read.values, []);
        assert_eq!(codes(&read.faults), [("inventory.unsupported", r#"Pod("d/p")"#.to_owned(), field.as_str())]);
    }
    assert_eq!(read(spread("ScheduleAnyway")).values.len(), 1);
    let preferred =
        json!({"affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1}]}}});
    assert_eq!(read(preferred).values.len(), 1);
}

#[test]
fn affinity_and_tolerations_in_all_forms() {
    let spec = json!({
        "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
            {"matchExpressions": [{"key": "a", "operator": "Gt", "values": ["3"]}, {"key": "b", "operator": "DoesNotExist"}]},
            {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["n1"]}]},
            {},
        ]}}},
        "tolerations": [{"operator": "Exists"}, {"key": "k", "value": "v", "effect": "NoExecute", "tolerationSeconds": 60}, {"key": "n", "operator": "Lt", "value": "5"}],
    });
    let read = kubernetes::products(pod_with("p", spec).to_string(), &Policy::plain()).unwrap();
    let constraints = &read.values[0].constraints;
    let terms = constraints.affinity.as_ref().unwrap();
    assert_eq!((terms.len(), terms[0].expressions.len(), terms[1].fields.len()), (3, 2, 1));
    assert!(!terms[2].matches("n1", &[].into()), "a term without a requirement matches nothing");
    assert_eq!(constraints.tolerations[0].key, "");
    assert_eq!(constraints.tolerations[1].effect, Some(Effect::NoExecute));

    for (spec, field) in [
        (json!({"tolerations": [{"operator": "Maybe"}]}), "spec.tolerations[0].operator"),
        (json!({"tolerations": [{"operator": "Exists", "effect": "No"}]}), "spec.tolerations[0].effect"),
    ] {
        let read = kubernetes::products(pod_with("p", spec).to_string(), &Policy::plain()).unwrap();
        assert_eq!(codes(&read.faults), [("placement.unknown_word", r#"Pod("d/p")"#.to_owned(), field)]);
    }
    let none: Value = json!({"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": []}}}});
    let read = kubernetes::products(pod_with("p", none).to_string(), &Policy::plain()).unwrap();
    assert_eq!(read.values[0].constraints.affinity, Some(vec![]), "an empty list matches nothing");
}

#[test]
fn every_error_has_a_code_of_its_own_and_two_messages() {
    let errors = [
        InventoryError::NotJson { line: 1, column: 2, fault: "f".into() },
        InventoryError::NotCsv { fault: "f".into() },
        InventoryError::WrongKind { found: "Pod".into(), expected: "Node" },
        InventoryError::WrongShape { fault: "f".into() },
        InventoryError::MissingColumn { column: "sn" },
        InventoryError::Missing,
        InventoryError::UnknownWord { text: "t".into(), known: "a, b" },
        InventoryError::NotANumber { text: "t".into() },
        InventoryError::Contradiction { fault: "f" },
        InventoryError::Duplicate,
        InventoryError::UnknownNode { node: "n".into() },
        InventoryError::CardModelUnknown { resource: "r".into(), label: "l".into() },
        InventoryError::Unsupported,
    ];
    assert_eq!(errors.each_ref().map(InventoryError::code), InventoryError::CODES);
    for error in &errors {
        let fault = Fault { object: Object::Line(3), field: "f".into(), error: error.clone() };
        let (english, chinese) = (fault.message(Language::English), fault.message(Language::Chinese));
        assert!(english.starts_with("line 3, `f`: ") && chinese.starts_with("第 3 行 的 `f`："), "{chinese}");
        assert!(chinese.chars().filter(|each| !each.is_ascii()).count() > 8 && english.is_ascii());
        assert!(!english.ends_with('.') && !chinese.ends_with('。'));
    }
}
