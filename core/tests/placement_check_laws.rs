//! What holds of every check: figures of the rules, and what may never grey a product.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

mod placement_world;

use counterfoil::placement::*;
use placement_world::{Dice, Model, World, node, resources, running};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn greyed(snapshot: &Snapshot, products: &[Product], rules: &Rules) -> BTreeSet<String> {
    snapshot.check(products, rules, Checking::VERDICTS).unwrap().greyed.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_node_more_greys_nothing(seed: u64, nodes in 0_usize..6, running in 0_usize..6) {
        let mut world = World::new(seed, nodes, running, 8);
        let before = greyed(&world.snapshot(), &world.products, &world.rules);
        world.nodes.push(node(&mut Dice(seed), "m".into()));
        let after = greyed(&world.snapshot(), &world.products, &world.rules);
        prop_assert!(after.is_subset(&before));
    }

    #[test]
    fn something_less_that_runs_greys_nothing(seed: u64, nodes in 1_usize..5, running in 1_usize..10) {
        let world = World::new(seed, nodes, running, 8);
        let mut snapshot = world.snapshot();
        for item in &world.running {
            let before = greyed(&snapshot, &world.products, &world.rules);
            snapshot.apply(Change::Stop(item.id.clone())).unwrap();
            prop_assert!(greyed(&snapshot, &world.products, &world.rules).is_subset(&before));
        }
    }

    /// Of cards, to ask for less is to ask for fewer whole ones, or for a smaller share.
    #[test]
    fn to_ask_for_less_greys_nothing(seed: u64, nodes in 1_usize..5, running in 0_usize..5) {
        let mut world = World::new(seed, nodes, running, 8);
        let snapshot = world.snapshot();
        let before = greyed(&snapshot, &world.products, &world.rules);
        let dice = &mut Dice(seed);
        for product in &mut world.products {
            let parts: Vec<_> = product.request.iter().map(|(resource, amount)| {
                let less = match resource {
                    Resource::Gpu(_) if amount >= 1000 => amount - 1000 * dice.below(amount / 1000 + 1),
                    _ => amount - dice.below(amount + 1),
                };
                (resource.clone(), less)
            }).collect();
            product.request = Request::new(parts).unwrap();
        }
        prop_assert!(greyed(&snapshot, &world.products, &world.rules).is_subset(&before));
    }

    #[test]
    fn to_tolerate_more_greys_nothing(seed: u64, nodes in 1_usize..6) {
        let mut world = World::new(seed, nodes, 3, 8);
        let snapshot = world.snapshot();
        let before = greyed(&snapshot, &world.products, &world.rules);
        for product in &mut world.products {
            product.constraints.tolerations.push(Toleration {
                key: "dedicated".into(), operator: TolerationOperator::Exists, value: String::new(), effect: None,
            });
        }
        prop_assert!(greyed(&snapshot, &world.products, &world.rules).is_subset(&before));
    }

    #[test]
    fn the_order_of_products_and_nodes_is_the_order_of_the_answer_and_nothing_else(
        seed: u64, nodes in 0_usize..7, running in 0_usize..6,
    ) {
        let mut world = World::new(seed, nodes, running, 9);
        let check = world.snapshot().check(&world.products, &world.rules, Checking::NEAREST).unwrap();
        world.nodes.reverse();
        world.running.reverse();
        world.products.reverse();
        let mut turned = world.snapshot().check(&world.products, &world.rules, Checking::NEAREST).unwrap();
        turned.greyed.reverse();
        turned.verdicts.reverse();
        prop_assert_eq!(check, turned);
    }

    /// A product that stands twice is greyed once, and each time judged by itself.
    #[test]
    fn greyed_ids_do_not_repeat(seed: u64, nodes in 0_usize..4) {
        let mut world = World::new(seed, nodes, 2, 6);
        let again: Vec<Product> = world.products.iter().rev().cloned().collect();
        world.products.extend(again);
        let check = world.snapshot().check(&world.products, &world.rules, Checking::VERDICTS).unwrap();
        prop_assert_eq!(check.greyed.len(), check.greyed.iter().collect::<BTreeSet<_>>().len());
        let (first, second) = check.verdicts.split_at(6);
        prop_assert!(first.iter().eq(second.iter().rev()));
    }

    #[test]
    fn there_is_one_where_it_is_not_grey_and_nowhere_else(seed: u64, nodes in 0_usize..6, running in 0_usize..8) {
        let world = World::new(seed, nodes, running, 10);
        let snapshot = world.snapshot();
        let grey = greyed(&snapshot, &world.products, &world.rules);
        let model = Model { snapshot: &snapshot, rules: &world.rules };
        for product in &world.products {
            let count = match snapshot.count(product, &world.rules) {
                Ok(count) => count,
                Err(error) => { prop_assert_eq!(error.code(), "placement.count_overflow"); continue }
            };
            prop_assert_eq!(count.is_some(), !grey.contains(&product.id), "{:?}", product);
            if world.rules.where_unknown == WhereUnknown::Grey {
                prop_assert_eq!(count, model.count(product));
            }
            let by_node = snapshot.count_by_node(product, &world.rules).unwrap();
            let sum = by_node.iter().try_fold(Count::Exactly(0), |sum, (_, count)| sum.plus(*count));
            prop_assert_eq!(sum, Some(count));
            prop_assert!(by_node.iter().all(|(_, count)| count.is_some()));
            prop_assert!(by_node.is_sorted_by(|a, b| a.0 < b.0));
        }
        if let Ok(counts) = snapshot.counts(&world.products, &world.rules) {
            let each: Vec<Count> =
                world.products.iter().map(|product| snapshot.count(product, &world.rules).unwrap()).collect();
            prop_assert_eq!(counts, each);
        }
    }

    /// What is sold one by one is as much as was counted: a count is no estimate.
    #[test]
    fn so_many_can_be_started_and_no_more(seed: u64) {
        let mut world = World::new(seed, 2, 2, 1);
        let product = world.products.remove(0);
        world.rules.where_unknown = WhereUnknown::Grey;
        world.rules.ignored_groups.clear();
        let mut snapshot = Snapshot::new(world.nodes, world.running, Sharing::BestFit).unwrap();
        let Ok(Count::Exactly(count)) = snapshot.count(&product, &world.rules) else { return Ok(()) };
        prop_assume!(count <= 300);
        for index in 0..count {
            let by_node = snapshot.count_by_node(&product, &world.rules).unwrap();
            prop_assert!(!by_node.is_empty(), "{index} of {count}");
            let (id, node) = (format!("sold-{index}"), by_node[0].0.clone());
            let item = Running { id, node, request: product.request.clone(), cards: [].into() };
            snapshot.apply(Change::Start(item)).unwrap();
        }
        prop_assert_eq!(snapshot.count(&product, &world.rules).unwrap(), Count::Exactly(0));
    }

    /// What is unknown and allowed is there; what stock decides is taken to be there too.
    #[test]
    fn to_allow_what_is_unknown_greys_nothing(seed: u64, nodes in 0_usize..5, running in 0_usize..5) {
        let mut world = World::new(seed, nodes, running, 8);
        let snapshot = world.snapshot();
        let mut by = |where_unknown| {
            world.rules.where_unknown = where_unknown;
            greyed(&snapshot, &world.products, &world.rules)
        };
        let (grey, stock, allow) = (by(WhereUnknown::Grey), by(WhereUnknown::Stock), by(WhereUnknown::Allow));
        prop_assert!(allow.is_subset(&grey));
        prop_assert_eq!(stock, allow);
    }
}

#[test]
fn amounts_are_what_the_columns_say_after_anything_that_ran() {
    let dice = &mut Dice(5);
    for seed in 0..40 {
        let world = World::new(seed, 5, 12, 0);
        let mut snapshot = world.snapshot();
        for index in 0..10 {
            let item = running(dice, format!("s{index}"), &world.nodes);
            snapshot.apply(Change::Start(item)).unwrap();
            assert!(snapshot.agrees_with_itself());
        }
    }
    assert_eq!(resources().len(), 9);
}

// R-A2, the named test: a control node with 3.15 cores free and a worker with 1.60
#[test]
fn a_control_node_carries_no_products() {
    let node = |name: &str, role, milli| {
        let mut node = Node { role, ..Node::worker(name) };
        node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(milli)));
        node
    };
    let snapshot = Snapshot::new(
        [node("k8s-master", Role::Control, 3150), node("k8s-worker-1", Role::Worker, 1600)],
        [],
        Sharing::Named,
    )
    .unwrap();
    let product = Product::new("2-core", Request::new([(Resource::Cpu, 2000)]).unwrap());
    let check = snapshot.check(std::slice::from_ref(&product), &Rules::strict(), Checking::NEAREST).unwrap();
    assert_eq!(check.greyed, ["2-core"]);
    let Verdict::Grey { stage: Stage::Dynamic, explanation: Some(why) } = &check.verdicts[0] else {
        panic!("{check:?}")
    };
    let short = Refusal::Insufficient { resource: Resource::Cpu, needed: 2000, free: 1600 };
    let count = |reason: &Refusal, nearest: &str, shortfall| ReasonCount {
        reason: reason.clone(),
        nodes: 1,
        shortfall,
        nearest: nearest.into(),
    };
    assert_eq!(why.reasons, [count(&Refusal::NotWorker, "k8s-master", None), count(&short, "k8s-worker-1", Some(400))]);
    assert_eq!(why.first, FirstReasons { role: 1, parts: 1, ..FirstReasons::default() });
    assert_eq!(why.nearest, Some(Nearest { node: "k8s-worker-1".into(), refusals: vec![short] }));

    // Were it a worker, it would do.
    let snapshot = Snapshot::new(
        [node("k8s-master", Role::Worker, 3150), node("k8s-worker-1", Role::Worker, 1600)],
        [],
        Sharing::Named,
    )
    .unwrap();
    assert_eq!(snapshot.count(&product, &Rules::strict()).unwrap(), Count::Exactly(1));
}

// R-A1: equal is enough, and one byte less is not
#[test]
fn equal_is_enough() {
    let mut worker = Node::worker("w");
    worker.supplies.insert(Resource::Memory, Supply::Known(Capacity::of(16 << 30)));
    let snapshot = Snapshot::new([worker], [], Sharing::Named).unwrap();
    let products = [16 << 30, (16 << 30) + 1]
        .map(|bytes: u64| Product::new(bytes.to_string(), Request::new([(Resource::Memory, bytes)]).unwrap()));
    let check = snapshot.check(&products, &Rules::strict(), Checking::REASONS).unwrap();
    assert_eq!(check.greyed, [((16_u64 << 30) + 1).to_string()]);
    let Verdict::Grey { explanation: Some(why), .. } = &check.verdicts[1] else { panic!("{check:?}") };
    assert_eq!(why.reasons[0].shortfall, Some(1));
}

// R-A1: no node, and none that is not there
#[test]
fn on_no_nodes_everything_is_grey_and_nothing_is_nearest() {
    let snapshot = Snapshot::new([], [], Sharing::Named).unwrap();
    let products = [Product::new("nothing", Request::default())];
    let check = snapshot.check(&products, &Rules::strict(), Checking::NEAREST).unwrap();
    let Verdict::Grey { stage: Stage::Dynamic, explanation: Some(why) } = &check.verdicts[0] else {
        panic!("{check:?}")
    };
    assert_eq!((why.nodes, why.available, why.reasons.len(), &why.nearest), (0, 0, 0, &None));
    assert_eq!(snapshot.count(&products[0], &Rules::strict()).unwrap(), Count::Exactly(0));
}

// R-A9
#[test]
fn what_asks_for_nothing_is_bounded_by_slots_alone() {
    let node = |name: &str, slots| Node { slots, ..Node::worker(name) };
    let nothing = Product::new("nothing", Request::new([(Resource::Cpu, 0)]).unwrap());
    let count = |nodes: Vec<Node>| Snapshot::new(nodes, [], Sharing::Named).unwrap().count(&nothing, &Rules::strict());
    assert_eq!(count(vec![node("a", Some(110)), node("b", Some(0))]).unwrap(), Count::Exactly(110));
    assert_eq!(count(vec![node("a", Some(110)), node("b", None)]).unwrap(), Count::Unlimited);
    assert_eq!(count(vec![node("a", Some(u64::MAX))]).unwrap(), Count::Exactly(u64::MAX));
    let error = count(vec![node("a", Some(u64::MAX)), node("b", Some(1))]).unwrap_err();
    assert_eq!(error.code(), "placement.count_overflow");
}

// R-A9: shares are counted card by card
#[test]
fn shares_are_counted_on_each_card() {
    let cards: Resource = "gpu[A100]".parse().unwrap();
    let model = cards.model().unwrap().clone();
    let mut node = Node::worker("w");
    node.supplies.insert(cards.clone(), Supply::Known(Capacity::of(3000)));
    let item = |id: &str, card, milli| Running {
        id: id.into(),
        node: "w".into(),
        request: Request::new([(cards.clone(), milli)]).unwrap(),
        cards: [(model.clone(), card)].into(),
    };
    let snapshot = Snapshot::new([node], [item("a", 0, 460), item("b", 1, 700)], Sharing::Named).unwrap();
    let count = |milli| {
        let product = Product::new("share", Request::new([(cards.clone(), milli)]).unwrap());
        snapshot.count(&product, &Rules::strict()).unwrap()
    };
    // 540 + 300 + 1000 milli-cards are free, and no share lies on two cards
    assert_eq!([300, 301, 460, 540, 541].map(count), [5, 4, 3, 2, 1].map(Count::Exactly));
    assert_eq!([1000, 2000].map(count), [1, 0].map(Count::Exactly));
    assert_eq!(snapshot.free("w", &cards), Some(Level::Known(1840)));
}
