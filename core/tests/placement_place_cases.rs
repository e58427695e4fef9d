//! R-A10 and R-A9 on the shared worked cases: any witness that adds up is right, and every certificate is verified.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test: a fault must stop it, and the shared cases are files"
)]

mod shared;

use counterfoil::placement::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// Small enough to be quick; what the cases need is far below.
const BUDGET: WorkBudget = WorkBudget::of(200_000);

/// The cases have lanes of their own names; each is a named resource, so that it adds up.
fn amounts(of: &Value) -> Vec<(Resource, u64)> {
    let amount = |(name, amount): (&String, &Value)| (Resource::Named(name.parse().unwrap()), amount.as_u64().unwrap());
    of.as_object().unwrap().iter().map(amount).collect()
}

fn texts(of: Option<&Value>) -> BTreeMap<String, String> {
    let text = |(key, value): (&String, &Value)| (key.clone(), value.as_str().unwrap().to_owned());
    of.and_then(Value::as_object).into_iter().flatten().map(text).collect()
}

fn snapshot(case: &Value) -> Snapshot {
    let node = |node: &Value| {
        let mut read = Node::worker(node["name"].as_str().unwrap());
        read.labels = texts(node.get("labels"));
        let supply = |(resource, amount)| (resource, Supply::Known(Capacity::of(amount)));
        read.supplies = amounts(&node["free"]).into_iter().map(supply).collect();
        read
    };
    Snapshot::new(case["nodes"].as_array().unwrap().iter().map(node), [], Sharing::Named).unwrap()
}

fn items(case: &Value) -> Vec<Item> {
    let item = |item: &Value| {
        let mut product = Product::new(item["id"].as_str().unwrap(), Request::new(amounts(&item["req"])).unwrap());
        product.constraints.node_selector = texts(item.get("selector"));
        let mut read = Item::new(product, item["replicas"].as_u64().unwrap_or(0));
        read.max_per_node = item.get("max_per_node").and_then(Value::as_u64);
        read
    };
    case["items"].as_array().unwrap().iter().map(item).collect()
}

/// Adds a witness up from the case itself.
fn adds_up(case: &Value, items: &[Item], witness: &Witness) -> bool {
    let mut placed: BTreeMap<&str, u64> = BTreeMap::new();
    let mut used: BTreeMap<(&str, Resource), u64> = BTreeMap::new();
    for seat in &witness.seats {
        *placed.entry(&seat.item).or_default() += seat.replicas;
        let item = items.iter().find(|item| item.id() == seat.item).unwrap();
        for (resource, amount) in item.product.request.iter() {
            *used.entry((&seat.node, resource.clone())).or_default() += amount * seat.replicas;
        }
    }
    let free = |name: &str, resource: &Resource| {
        let node = case["nodes"].as_array().unwrap().iter().find(|node| node["name"] == name).unwrap();
        node["free"].get(resource.to_string()).and_then(Value::as_u64).unwrap_or(0)
    };
    items.iter().all(|item| placed.get(item.id()).copied().unwrap_or(0) == item.replicas)
        && used.iter().all(|((node, resource), used)| *used <= free(node, resource))
}

#[test]
fn all_cases_of_many_items() {
    let Some(cases) = shared::cases("placement.json", "cases", 11) else { return };
    for case in cases {
        let id = case["id"].as_str().unwrap();
        let (snapshot, items) = (snapshot(&case), items(&case));
        let group = [Group::new(id, items.clone())];
        let answers = place(&snapshot, &group, &Rules::strict(), BUDGET).unwrap();
        let is_placed = match &answers[0].outcome {
            Outcome::Placed(witness) => {
                assert!(adds_up(&case, &items, witness), "{id}: {witness:?}");
                true
            }
            Outcome::Impossible(certificate) => {
                println!("{id}: {} steps, {certificate:?}", answers[0].spent);
                false
            }
            Outcome::GaveUp { .. } => panic!("{id}: gave up after {}", answers[0].spent),
        };
        assert_eq!(is_placed, case["expect"]["feasible"], "{id}");
        let verified = verify(&snapshot, &group, &Rules::strict(), &answers, BUDGET).unwrap();
        assert_eq!(verified, [Verification::Verified], "{id}");
    }
}

/// The cases record what four greedy rules say. What first-fit is, and what the largest item is, leaves no choice; what the least
/// room is does: there a rule of ours may place what the record's did not, but never what can not be placed.
#[test]
fn the_rules_of_thumb_come_as_far_as_recorded() {
    let Some(cases) = shared::cases("placement.json", "cases", 11) else { return };
    for case in cases {
        let (snapshot, items) = (snapshot(&case), items(&case));
        let group = [Group::new("group", items.clone())];
        for heuristic in Heuristic::ALL {
            let answer = place_by(heuristic, &snapshot, &group, &Rules::strict(), BUDGET).unwrap();
            let is_placed = match &answer[0].outcome {
                Outcome::Placed(witness) => adds_up(&case, &items, witness),
                _ => false,
            };
            assert!(!is_placed || case["expect"]["feasible"] == true, "{} {heuristic}", case["id"]);
            let recorded = &case["greedy"][heuristic.name()];
            match heuristic {
                Heuristic::FirstFit | Heuristic::FirstFitDecreasing => {
                    assert_eq!(is_placed, *recorded, "{} {heuristic}", case["id"]);
                }
                _ if *recorded == is_placed => {}
                _ => println!("{} {heuristic}: {is_placed}, recorded {recorded}", case["id"]),
            }
        }
    }
}

#[test]
fn all_cases_of_counts() {
    let Some(cases) = shared::cases("placement.json", "counts", 6) else { return };
    let expected = [8_u64, 14, 16, 4, 3, 5];
    for (case, expected) in cases.iter().zip(expected) {
        let (snapshot, items) = (snapshot(case), items(case));
        assert_eq!(case["expect"]["max_total_jointly"], expected);
        let products: Vec<Product> = items.iter().map(|item| item.product.clone()).collect();
        let JointCount::Exactly { count, witness } =
            count_jointly(&snapshot, &products, &Rules::strict(), BUDGET).unwrap()
        else {
            panic!("{}", case["id"])
        };
        assert_eq!(count, expected.into(), "{}", case["id"]);
        assert_eq!(witness.replicas(), count);
        let mut counted = items.clone();
        for item in &mut counted {
            let of_it = witness.seats.iter().filter(|seat| seat.item == item.id());
            item.replicas = of_it.map(|seat| seat.replicas).sum();
        }
        assert!(adds_up(case, &counted, &witness), "{}", case["id"]);

        for item in &items {
            let alone = [item.product.clone()];
            let most = count_jointly(&snapshot, &alone, &Rules::strict(), BUDGET).unwrap();
            let JointCount::Exactly { count, .. } = most else { panic!("{}", case["id"]) };
            assert_eq!(u128::from(case["expect"]["sellable_alone"][item.id()].as_u64().unwrap()), count);
            let bundles = count_bundles(&snapshot, &[(item.product.clone(), 1)], &Rules::strict(), BUDGET).unwrap();
            let JointCount::Exactly { count: bundles, .. } = bundles else { panic!("{}", case["id"]) };
            assert_eq!(bundles, count);
        }
    }
}
