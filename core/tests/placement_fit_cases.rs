//! The shared cases of one node and one pod, of counts alone, and of a reseller's accommodation.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

mod shared;

use counterfoil::{error::Language, placement::*};
use serde_json::Value;
use std::collections::BTreeMap;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn strings(value: &Value) -> Vec<String> {
    list(value).map(|value| text(value).to_owned()).collect()
}

fn map(value: &Value) -> BTreeMap<String, String> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), text(value).to_owned())).collect()
}

fn amounts(value: &Value) -> Vec<(Resource, u64)> {
    let mut amounts = Vec::new();
    for (key, resource) in
        [("cpu_milli", Resource::Cpu), ("memory", Resource::Memory), ("ephemeral_storage", Resource::EphemeralStorage)]
    {
        amounts.extend(value[key].as_u64().map(|amount| (resource, amount)));
    }
    for (name, amount) in value["scalars"].as_object().into_iter().flatten() {
        amounts.push((Resource::Named(name.parse().unwrap()), amount.as_u64().unwrap()));
    }
    amounts
}

fn pod(value: &Value) -> Request {
    let pod = PodRequest {
        containers: list(&value["containers"]).map(amounts).collect(),
        init: list(&value["init"]).map(|init| (amounts(init), false)).collect(),
        overhead: amounts(&value["overhead"]),
    };
    pod.effective().unwrap()
}

fn terms(value: &Value) -> Option<Vec<Term>> {
    let requirements = |value: &Value| -> Vec<(String, Operator, Vec<String>)> {
        let of = |value: &Value| {
            (text(&value["key"]).to_owned(), text(&value["operator"]).parse().unwrap(), strings(&value["values"]))
        };
        list(value).map(of).collect()
    };
    let term = |value: &Value| {
        let (expressions, fields) = (requirements(&value["match_expressions"]), requirements(&value["match_fields"]));
        Term {
            expressions: expressions
                .into_iter()
                .map(|(key, operator, values)| Requirement { key, operator, values })
                .collect(),
            fields: fields
                .into_iter()
                .map(|(key, operator, values)| FieldRequirement { key, operator, values })
                .collect(),
        }
    };
    (!value.is_null()).then(|| list(value).map(term).collect())
}

fn tolerations(value: &Value) -> Vec<Toleration> {
    let optional = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let toleration = |value: &Value| Toleration {
        key: optional(&value["key"]).unwrap_or_default(),
        operator: optional(&value["operator"]).map_or(TolerationOperator::Equal, |word| word.parse().unwrap()),
        value: optional(&value["value"]).unwrap_or_default(),
        effect: optional(&value["effect"]).map(|word| word.parse().unwrap()),
    };
    list(value).map(toleration).collect()
}

fn node(value: &Value) -> Node {
    let mut node = Node::worker(text(&value["name"]));
    node.labels = map(&value["labels"]);
    node.slots = value["allocatable"]["pods"].as_u64();
    for (resource, amount) in amounts(&value["allocatable"]) {
        node.supplies.insert(resource, Supply::Known(Capacity::of(amount)));
    }
    node.taints = list(&value["taints"])
        .map(|taint| Taint {
            key: text(&taint["key"]).into(),
            value: text(&taint["value"]).into(),
            effect: text(&taint["effect"]).parse().unwrap(),
        })
        .collect();
    node
}

#[test]
fn one_node_and_one_pod() {
    let Some(cases) = shared::cases("fit.json", "cases", 32) else { return };
    let mut insufficient = 0;
    for case in cases {
        let id = text(&case["id"]);
        let node = node(&case["node"]);
        let running = list(&case["existing"]).enumerate().map(|(index, existing)| Running {
            id: index.to_string(),
            node: node.name.clone(),
            request: pod(existing),
            cards: BTreeMap::new(),
        });
        let snapshot = Snapshot::new([node.clone()], running.collect::<Vec<_>>(), Sharing::Named).unwrap();
        let mut rules = Rules::strict();
        rules.ignored_groups = strings(&case["config"]["ignored_groups"]).into_iter().collect();
        rules.added_affinity = terms(&case["config"]["added_affinity_terms"]);
        let mut product = Product::new(id, pod(&case["pod"]));
        product.constraints = Constraints {
            node_selector: map(&case["pod"]["node_selector"]),
            affinity: terms(&case["pod"]["affinity_terms"]),
            tolerations: tolerations(&case["pod"]["tolerations"]),
        };

        let fits = case["expect"]["fits"].as_bool().unwrap();
        let check = snapshot.check(std::slice::from_ref(&product), &rules, Checking::NEAREST).unwrap();
        assert_eq!(check.greyed.is_empty(), fits, "{id}");
        assert_eq!(snapshot.count(&product, &rules).unwrap().is_some(), fits, "{id}");
        let why = snapshot.explain(&product, &rules, Telling::Every).unwrap();
        let expected = strings(&case["expect"]["reasons"]);
        let told: Vec<String> = expected.iter().map(|reason| format!("1 {reason}")).collect();
        let sentence = match told.is_empty() {
            true => "1/1 nodes are available.".to_owned(),
            false => format!("0/1 nodes are available: {}.", told.join(", ")),
        };
        assert_eq!(why.text(Language::English).unwrap(), sentence, "{id}");
        // Each of them fails in one check only, so both ways to tell say the same.
        assert_eq!(snapshot.explain(&product, &rules, Telling::FirstCheck).unwrap(), why, "{id}");
        for short in list(&case["expect"]["insufficient"]) {
            let figure = |key: &str| short[key].as_u64().unwrap();
            let resource: Resource = text(&short["resource"]).parse().unwrap();
            let needed = figure("requested");
            let free = figure("capacity").cast_signed() - figure("used").cast_signed();
            let reason = Refusal::Insufficient { resource, needed, free };
            let counted = why.reasons.iter().find(|count| count.reason == reason).unwrap();
            assert_eq!(counted.shortfall, Some(needed.checked_add_signed(-free).unwrap()), "{id}");
            insufficient += 1;
        }
    }
    assert_eq!(insufficient, 8);
}

#[test]
fn counts_alone() {
    let Some(cases) = shared::cases("placement.json", "counts", 6) else { return };
    let mut counted = 0;
    for case in cases {
        let resource = |name: &str| match name {
            "cpu" => Resource::Cpu,
            "mem" => Resource::Memory,
            other => Resource::Named(other.parse().unwrap()),
        };
        let amounts = |value: &Value| -> Vec<(Resource, u64)> {
            value.as_object().unwrap().iter().map(|(name, amount)| (resource(name), amount.as_u64().unwrap())).collect()
        };
        let nodes = list(&case["nodes"]).map(|node| {
            let mut of = Node { labels: map(&node["labels"]), ..Node::worker(text(&node["name"])) };
            let supply = |(resource, amount)| (resource, Supply::Known(Capacity::of(amount)));
            of.supplies = amounts(&node["free"]).into_iter().map(supply).collect();
            of
        });
        let snapshot = Snapshot::new(nodes.collect::<Vec<_>>(), [], Sharing::Named).unwrap();
        let products: Vec<Product> = list(&case["items"])
            .map(|item| {
                let mut product = Product::new(text(&item["id"]), Request::new(amounts(&item["req"])).unwrap());
                product.constraints.node_selector = map(&item["selector"]);
                product
            })
            .collect();
        let counts = snapshot.counts(&products, &Rules::strict()).unwrap();
        for (product, count) in products.iter().zip(counts) {
            let expected = case["expect"]["sellable_alone"][&product.id].as_u64().unwrap();
            assert_eq!(count, Count::Exactly(expected), "{} {}", case["id"], product.id);
            counted += 1;
        }
    }
    assert_eq!(counted, 10);
}

#[test]
fn accommodation_of_a_reseller() {
    let ids = ["reseller-acc-02", "reseller-acc-03"];
    let Some(examples) = shared::examples("worked_examples.json", "id", &ids, 2) else { return };
    for (example, stage) in examples.iter().zip([Stage::Label, Stage::Dynamic]) {
        let inputs = &example["inputs"];
        let quantity = |resource: &Resource, value: &Value| {
            let quantity: ResourceQuantity = text(value).parse().unwrap();
            resource.amount(&quantity, counterfoil::exact::RoundingMode::Floor).unwrap()
        };
        let amounts = |value: &Value| {
            [(Resource::Cpu, "cpu"), (Resource::Memory, "memory")]
                .map(|(resource, key)| (resource.clone(), quantity(&resource, &value[key])))
        };
        let label = |value: &Value| {
            let (key, value) = text(value).split_once('=').unwrap();
            (key.to_owned(), value.to_owned())
        };
        let nodes = list(&inputs["nodes"]).map(|value| {
            let mut node = Node::worker(text(&value["name"]));
            node.role = text(&value["role"]).parse().unwrap();
            node.ready = value["ready"].as_bool().unwrap();
            node.labels = list(&value["labels"]).map(label).collect();
            let supply = |(resource, amount)| (resource, Supply::Known(Capacity::of(amount)));
            node.supplies = amounts(value).into_iter().map(supply).collect();
            node
        });
        let snapshot = Snapshot::new(nodes.collect::<Vec<_>>(), [], Sharing::Named).unwrap();
        let products: Vec<Product> = list(&inputs["products"])
            .map(|value| Product::new(text(&value["id"]), Request::new(amounts(value)).unwrap()))
            .collect();
        let mut rules = Rules::strict();
        rules.required_labels = list(&inputs["labels"]).map(label).collect();
        let check = snapshot.check(&products, &rules, Checking::VERDICTS).unwrap();
        assert_eq!(check.greyed, strings(&example["expected"]["undeployable"]), "{}", example["id"]);
        assert_eq!(check.verdicts[0], Verdict::Grey { stage, explanation: None }, "{}", example["id"]);
    }
}
