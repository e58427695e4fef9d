//! R-A6, R-A7: the first stage that refuses is told; more of anything never greys; explanations add up; and what a hint says
//! to do helps.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]
#![allow(clippy::disallowed_methods, reason = "what stands beside the project is read as files")]
#![allow(clippy::type_complexity, reason = "tuples of a generator")]

use counterfoil::{
    error::Language,
    placement::{
        Action, Allowance, Capacity, Centre, Constraints, Effect, Explanation, Hint, Judged, Ledger, Level, Node,
        Operator, Product, Refusal, Request, Requirement, Resource, Role, Rules, Ruling, Running, Sharing, Snapshot,
        Stage, StockRow, Supply, Taint, Telling, TenantQuota, Term, Toleration, TolerationOperator, Unlisted,
        Unstocked, WhereUnknown, Why, determine_accommodation,
    },
};
use proptest::{prelude::*, sample::select};
use std::collections::{BTreeMap, BTreeSet};

mod shared;

/// Everything that a centre is asked for, to be changed before it is asked.
#[derive(Debug, Clone)]
struct World {
    nodes: Vec<Node>,
    running: Vec<Running>,
    rules: Rules,
    rows: Option<Vec<StockRow>>,
    unlisted: Unstocked,
    quota: Option<Vec<(Resource, Allowance)>>,
    products: Vec<Product>,
}

impl World {
    fn asked<T>(&self, ask: impl FnOnce(Centre<'_>) -> T) -> T {
        let snapshot = Snapshot::new(self.nodes.clone(), self.running.clone(), Sharing::BestFit).unwrap();
        let ledger = self.rows.clone().map(|rows| Ledger::new(rows, self.unlisted).unwrap());
        let quota = self.quota.clone().map(|quota| TenantQuota::new(quota).unwrap());
        let mut centre = Centre::new(&snapshot, &self.rules);
        if let Some(ledger) = &ledger {
            centre = centre.with_ledger(ledger);
        }
        if let Some(quota) = &quota {
            centre = centre.with_quota(quota);
        }
        ask(centre)
    }

    fn judged(&self) -> Vec<Judged> {
        self.asked(|centre| centre.judge(&self.products).unwrap())
    }

    fn greyed(&self) -> BTreeSet<String> {
        self.asked(|centre| centre.greyed(&self.products).unwrap()).into_iter().collect()
    }

    fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = self.clone();
        change(&mut changed);
        changed
    }
}

fn resources() -> [Resource; 4] {
    ["cpu", "memory", "disk[DATA]", "gpu[A]"].map(|text| text.parse().unwrap())
}

/// An amount of a resource in small steps; cards are whole.
fn amount(resource: &Resource, steps: u64) -> u64 {
    if resource.is_milli() { steps * 1000 } else { steps }
}

fn any_parts(most: u64) -> impl Strategy<Value = Vec<(Resource, u64)>> {
    prop::collection::vec((select(resources().to_vec()), 0..=most), 0..4)
        .prop_map(|parts| parts.into_iter().map(|(part, steps)| (part.clone(), amount(&part, steps))).collect())
}

fn any_supply() -> impl Strategy<Value = Option<Option<u64>>> {
    prop_oneof![1 => Just(None), 1 => Just(Some(None)), 6 => (0_u64..5).prop_map(|steps| Some(Some(steps)))]
}

fn taint(value: &str, effect: Effect) -> Taint {
    Taint { key: "dedicated".into(), value: value.into(), effect }
}

fn any_node(name: String) -> impl Strategy<Value = Node> {
    let flags = (prop::bool::weighted(0.85), prop::bool::weighted(0.9), prop::bool::weighted(0.1));
    let taints = prop::collection::vec(
        (select(vec!["u1", "u2"]), select(vec![Effect::NoSchedule, Effect::NoExecute, Effect::PreferNoSchedule])),
        0..3,
    );
    let place = (select(vec!["a", "b"]), prop::option::of(0_u64..4), 0_u64..2, any::<bool>());
    (flags, taints, prop::array::uniform4(any_supply()), place).prop_map(move |(flags, taints, supplies, place)| {
        let (is_worker, ready, cordoned) = flags;
        let (zone, slots, cards_of_unknown_model, is_complete) = place;
        let mut node = Node::worker(name.clone());
        node.role = if is_worker { Role::Worker } else { Role::Control };
        (node.ready, node.cordoned, node.slots) = (ready, cordoned, slots);
        node.cards_of_unknown_model = cards_of_unknown_model;
        node.unlisted = if is_complete { Unlisted::Nothing } else { Unlisted::Unknown };
        node.labels.insert("zone".into(), zone.into());
        node.taints = taints.into_iter().map(|(value, effect)| taint(value, effect)).collect();
        for (resource, supply) in resources().into_iter().zip(supplies) {
            let Some(steps) = supply else { continue };
            let supply = steps.map_or(Supply::Unknown, |steps| Supply::Known(Capacity::of(amount(&resource, steps))));
            node.supplies.insert(resource, supply);
        }
        node
    })
}

fn any_product(id: String) -> impl Strategy<Value = Product> {
    let selector = prop::option::weighted(0.2, select(vec!["a", "b"]));
    let affinity = prop::option::weighted(0.2, select(vec!["a", "b"]));
    let tolerated = prop::option::weighted(0.5, select(vec!["u1", "u2"]));
    (any_parts(4), selector, affinity, tolerated).prop_map(move |(parts, selector, affinity, tolerated)| {
        let requirement =
            |zone: &str| Requirement { key: "zone".into(), operator: Operator::In, values: vec![zone.into()] };
        let constraints = Constraints {
            node_selector: selector.map(|zone| ("zone".to_owned(), zone.to_owned())).into_iter().collect(),
            affinity: affinity.map(|zone| vec![Term { expressions: vec![requirement(zone)], ..Term::default() }]),
            tolerations: tolerated.map(tolerates).into_iter().collect(),
        };
        Product { id: id.clone(), request: Request::new(parts).unwrap(), constraints }
    })
}

fn tolerates(value: &str) -> Toleration {
    Toleration { key: "dedicated".into(), operator: TolerationOperator::Equal, value: value.into(), effect: None }
}

fn any_rows() -> impl Strategy<Value = Vec<StockRow>> {
    let row = (select(vec!["X", "N"]), select(resources().to_vec()), 0_u64..6, 0_u64..4);
    prop::collection::vec(row, 0..8).prop_map(|rows| {
        let mut once = BTreeMap::new();
        for (cluster, resource, stock, consumed) in rows {
            let (stock, consumed) = (amount(&resource, stock), amount(&resource, consumed));
            let row = StockRow { cluster: cluster.into(), resource: resource.clone(), stock, consumed };
            once.entry((cluster, resource)).or_insert(row);
        }
        once.into_values().collect()
    })
}

fn any_quota() -> impl Strategy<Value = Vec<(Resource, Allowance)>> {
    let allowance = (select(resources().to_vec()), prop::option::of(0_u64..6), 0_u64..4);
    prop::collection::vec(allowance, 0..4).prop_map(|quota| {
        let mut once = BTreeMap::new();
        for (resource, limit, used) in quota {
            let limit = limit.map(|limit| amount(&resource, limit));
            let used = amount(&resource, used);
            once.entry(resource).or_insert(Allowance { limit, used });
        }
        once.into_iter().collect()
    })
}

fn any_world() -> impl Strategy<Value = World> {
    let nodes = (0_usize..6)
        .prop_flat_map(|count| (0..count).map(|index| any_node(format!("n{index}")).boxed()).collect::<Vec<_>>());
    let products: Vec<_> = (0..4).map(|index| any_product(format!("p{index}")).boxed()).collect();
    let rules = (
        prop::bool::weighted(0.2),
        select(vec![WhereUnknown::Grey, WhereUnknown::Stock, WhereUnknown::Allow]),
        select(vec![Unstocked::NotJudged, Unstocked::Nothing]),
    );
    let books = (prop::option::weighted(0.6, any_rows()), prop::option::weighted(0.5, any_quota()));
    let running = prop::collection::vec((0_usize..8, any_parts(1)), 0..4);
    (nodes, products, rules, books, running).prop_map(|(nodes, products, rules, books, running)| {
        let (is_required, where_unknown, unlisted) = rules;
        let required = is_required.then(|| ("zone".to_owned(), "a".to_owned()));
        let on = |node: &usize| nodes.get(*node).map(|node| node.name.clone());
        let runs = |(index, (node, parts)): (usize, &(usize, Vec<(Resource, u64)>))| {
            let request = Request::new(parts.clone()).unwrap();
            Some(Running { id: format!("r{index}"), node: on(node)?, request, cards: BTreeMap::new() })
        };
        World {
            running: running.iter().enumerate().filter_map(runs).collect(),
            rules: Rules { required_labels: required.into_iter().collect(), where_unknown, ..Rules::strict() },
            rows: books.0,
            unlisted,
            quota: books.1,
            products,
            nodes,
        }
    })
}

/// The stage that refuses, computed as the rule is read, from the figures alone.
fn stage_by_hand(world: &World, product: &Product) -> Option<Stage> {
    let sum = |resource: &Resource| {
        let rows: Vec<_> = world.rows.iter().flatten().filter(|row| row.resource == *resource).collect();
        let left = rows.iter().map(|row| i128::from(row.stock) - i128::from(row.consumed)).sum::<i128>();
        (!rows.is_empty()).then_some(left)
    };
    for (resource, asked) in product.request.iter() {
        let has_less = match sum(resource) {
            Some(left) => left < i128::from(asked),
            None => world.rows.is_some() && world.unlisted == Unstocked::Nothing,
        };
        if has_less {
            return Some(Stage::Stock);
        }
    }
    for (resource, asked) in product.request.iter() {
        for (limited, allowance) in world.quota.iter().flatten() {
            let over = |limit: u64| i128::from(allowance.used) + i128::from(asked) > i128::from(limit);
            if limited == resource && allowance.limit.is_some_and(over) {
                return Some(Stage::Quota);
            }
        }
    }
    let is_there = |resource: &Resource| match world.rules.where_unknown {
        WhereUnknown::Grey => false,
        WhereUnknown::Stock => sum(resource).is_some(),
        WhereUnknown::Allow => true,
    };
    let snapshot = Snapshot::new(world.nodes.clone(), world.running.clone(), Sharing::BestFit).unwrap();
    let strict = Rules { where_unknown: WhereUnknown::Grey, ..world.rules.clone() };
    let (mut workers, mut labelled, mut tolerated) = (0, 0, 0);
    for node in &world.nodes {
        let mut refusals = snapshot.refusals(&node.name, product, &strict).unwrap();
        refusals.retain(|refusal| !matches!(refusal, Refusal::Unknown { resource } if is_there(resource)));
        if refusals.is_empty() {
            return None;
        }
        let none = |of: fn(&Refusal) -> bool| !refusals.iter().any(of);
        let labels =
            |refusal: &Refusal| matches!(refusal, Refusal::RequiredLabel | Refusal::AddedAffinity | Refusal::Affinity);
        let is_worker = none(|refusal| matches!(refusal, Refusal::NotWorker));
        let is_labelled = is_worker && none(labels);
        workers += usize::from(is_worker);
        labelled += usize::from(is_labelled);
        tolerated += usize::from(is_labelled && none(|refusal| matches!(refusal, Refusal::Taint { .. })));
    }
    Some(match (workers, labelled, tolerated) {
        (1.., 0, _) => Stage::Label,
        (_, 1.., 0) => Stage::Taint,
        _ => Stage::Dynamic,
    })
}

/// The world in which a hint was followed.
fn followed(world: &World, hint: &Hint) -> World {
    let raise = |node: &str, parts: &[(Resource, u64)], world: &mut World| {
        let node = world.nodes.iter_mut().find(|known| known.name == node).unwrap();
        for (resource, missing) in parts {
            let empty = Supply::Known(Capacity::of(0));
            let Supply::Known(capacity) = node.supplies.entry(resource.clone()).or_insert(empty) else {
                panic!("what is short is known")
            };
            capacity.total += missing;
        }
    };
    world.with(|world| {
        let product = &mut world.products[0];
        match &hint.action {
            Action::Restock { parts } => {
                for (resource, missing) in parts {
                    let (cluster, resource) = ("new".to_owned(), resource.clone());
                    let row = StockRow { cluster, resource, stock: *missing, consumed: 0 };
                    world.rows.as_mut().unwrap().push(row);
                }
            }
            Action::RaiseQuota { parts } => {
                for (resource, missing) in parts {
                    let quota = world.quota.as_mut().unwrap();
                    let allowance = quota.iter_mut().find(|(limited, _)| limited == resource).unwrap();
                    *allowance.1.limit.as_mut().unwrap() += missing;
                }
            }
            Action::AskForLess { parts, .. } => {
                let less = |(resource, asked): (&Resource, u64)| {
                    let fits = parts.iter().find(|less| less.resource == *resource).map(|less| {
                        assert_eq!(less.fits + less.missing, asked);
                        less.fits
                    });
                    (resource.clone(), fits.unwrap_or(asked))
                };
                product.request = Request::new(product.request.iter().map(less)).unwrap();
            }
            Action::FreeUp { node, parts } => raise(node, parts, world),
            Action::ProvideFigures { node, resources } => {
                let node = world.nodes.iter_mut().find(|known| known.name == *node).unwrap();
                for resource in resources {
                    let much = Supply::Known(Capacity::of(1_000_000));
                    node.supplies.insert(resource.clone(), much);
                }
            }
            Action::FreeSlot { node } => {
                let node = world.nodes.iter_mut().find(|known| known.name == *node).unwrap();
                let taken = world.running.iter().filter(|item| item.node == node.name).count();
                node.slots = Some(u64::try_from(taken).unwrap() + 1);
            }
            Action::Uncordon { node } => {
                world.nodes.iter_mut().find(|known| known.name == *node).unwrap().cordoned = false;
            }
            Action::Label { node, labels } => {
                let node = world.nodes.iter_mut().find(|known| known.name == *node).unwrap();
                node.labels.extend(labels.clone());
            }
            Action::MatchAffinity { .. } => {
                product.constraints.affinity = None;
                product.constraints.node_selector.clear();
            }
            Action::Tolerate { taints, .. } => {
                product.constraints.tolerations.extend(taints.iter().map(|taint| tolerates(&taint.value)));
            }
            Action::MakeReady { node } => {
                world.nodes.iter_mut().find(|known| known.name == *node).unwrap().ready = true;
            }
            Action::AddWorker => {
                let mut node = Node::worker("new");
                let zones = product.constraints.node_selector.values().chain(world.rules.required_labels.values());
                let of_affinity = product.constraints.affinity.iter().flatten().flat_map(|term| &term.expressions);
                let mut zones: BTreeSet<_> =
                    zones.chain(of_affinity.flat_map(|requirement| &requirement.values)).cloned().collect();
                // Of two zones that are asked for, a node is in one.
                while zones.len() > 1 {
                    product.constraints = Constraints::default();
                    world.rules.required_labels.clear();
                    zones.pop_last();
                }
                node.labels.extend(zones.into_iter().map(|zone| ("zone".to_owned(), zone)));
                for resource in resources() {
                    node.supplies.insert(resource, Supply::Known(Capacity::of(1_000_000)));
                }
                world.nodes.push(node);
            }
        }
    })
}

fn without_free(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Insufficient { resource, needed, .. } => Refusal::Insufficient { resource, needed, free: 0 },
        other => other,
    }
}

/// The counts that a text tells, and the reasons they belong to.
fn counts_of(text: &str) -> (u64, u64, Vec<(u64, String)>) {
    let (head, reasons) = text.trim_end_matches('.').split_once(" nodes are available").unwrap();
    let (available, nodes) = head.split_once('/').unwrap();
    let reasons = reasons.strip_prefix(": ").map(|reasons| reasons.split(", ").collect()).unwrap_or(Vec::new());
    let reason = |reason: &str| {
        let (count, reason) = reason.split_once(' ').unwrap();
        (count.parse().unwrap(), reason.to_owned())
    };
    (available.parse().unwrap(), nodes.parse().unwrap(), reasons.into_iter().map(reason).collect())
}

fn adds_up(explanation: &Explanation) -> Result<(), TestCaseError> {
    explanation.check().unwrap();
    let first = explanation.first;
    let firsts = first.role + first.ready + first.cordoned + first.label + first.taint + first.unknown + first.parts;
    prop_assert_eq!(firsts + explanation.available, explanation.nodes);
    let (available, nodes, told) = counts_of(&explanation.text(Language::English).unwrap());
    prop_assert_eq!((available, nodes), (explanation.available, explanation.nodes));
    let counts: Vec<u64> = explanation.reasons.iter().map(|count| count.nodes).collect();
    prop_assert_eq!(told.iter().map(|(count, _)| *count).collect::<Vec<_>>(), counts.clone());
    prop_assert!(counts.is_sorted_by(|a, b| a >= b));
    prop_assert_eq!(told.iter().map(|(_, reason)| reason).collect::<BTreeSet<_>>().len(), told.len());
    let chinese = explanation.text(Language::Chinese).unwrap();
    let numbers: Vec<u64> = chinese.split('：').nth(1).map_or(Vec::new(), |reasons| {
        reasons.split('，').map(|reason| reason.split(' ').next().unwrap().parse().unwrap()).collect()
    });
    prop_assert_eq!(numbers, counts);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_first_stage_that_refuses_is_told(world in any_world()) {
        let judged = world.judged();
        for (judged, product) in judged.iter().zip(&world.products) {
            prop_assert_eq!(&judged.id, &product.id);
            prop_assert_eq!(judged.ruling.stage(), stage_by_hand(&world, product), "{}", product.id);
            match &judged.ruling {
                Ruling::Sellable { nodes } => prop_assert!(*nodes > 0),
                Ruling::Grey { stage: Stage::Stock, why: Why::Stock(short) } => {
                    prop_assert!(!short.is_empty());
                    for short in short {
                        prop_assert_eq!(i128::from(short.missing), i128::from(short.asked) - i128::from(short.left));
                        prop_assert_eq!(product.request.amount(&short.resource), short.asked);
                    }
                }
                Ruling::Grey { stage: Stage::Quota, why: Why::Quota(over) } => {
                    prop_assert!(!over.is_empty());
                    for over in over {
                        let missing = i128::from(over.used) + i128::from(over.asked) - i128::from(over.limit);
                        prop_assert_eq!(i128::from(over.missing), missing);
                    }
                }
                Ruling::Grey { why: Why::Nodes(explanation), .. } => prop_assert_eq!(explanation.available, 0),
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }

    #[test]
    fn more_of_anything_never_greys(world in any_world(), steps in 1_u64..4, node in any_node("new".into())) {
        let before = world.greyed();
        let more_stock = world.with(|world| {
            for row in world.rows.iter_mut().flatten() {
                row.stock += amount(&row.resource, steps);
            }
        });
        let less_sold = world.with(|world| {
            for row in world.rows.iter_mut().flatten() {
                row.consumed = row.consumed.saturating_sub(amount(&row.resource, steps));
            }
        });
        let more_quota = world.with(|world| {
            for (resource, allowance) in world.quota.iter_mut().flatten() {
                allowance.limit = allowance.limit.map(|limit| limit + amount(resource, steps));
            }
        });
        let no_quota = world.with(|world| world.quota = None);
        let one_node_more = world.with(|world| world.nodes.push(node));
        let less_runs = world.with(|world| drop(world.running.pop()));
        let tolerant = world.with(|world| {
            let everything =
                Toleration { key: String::new(), operator: TolerationOperator::Exists, value: String::new(), effect: None };
            for product in &mut world.products {
                product.constraints.tolerations.push(everything.clone());
            }
        });
        let asks_less = world.with(|world| {
            for product in &mut world.products {
                let less = |(resource, asked): (&Resource, u64)| {
                    (resource.clone(), asked.saturating_sub(amount(resource, steps)))
                };
                product.request = Request::new(product.request.iter().map(less)).unwrap();
            }
        });
        for after in
            [more_stock, less_sold, more_quota, no_quota, one_node_more, less_runs, tolerant, asks_less]
        {
            prop_assert!(after.greyed().is_subset(&before));
        }
    }

    #[test]
    fn explanations_add_up_and_their_texts_say_the_same(world in any_world()) {
        for telling in [Telling::Every, Telling::FirstCheck] {
            world.asked(|centre| {
                let centre = centre.with_telling(telling);
                for product in &world.products {
                    let explained = centre.explain(product).unwrap();
                    let ruling = centre.judge_one(product).unwrap().ruling;
                    prop_assert_eq!(explained.stage, ruling.stage());
                    prop_assert_eq!(explained.hint.is_some(), explained.stage.is_some());
                    match &explained.why {
                        Why::Nodes(explanation) => adds_up(explanation)?,
                        Why::Stock(short) => {
                            let text = explained.text(Language::English).unwrap();
                            prop_assert!(short.iter().all(|short| text.contains(&short.resource.to_string())));
                        }
                        Why::Quota(over) => {
                            let text = explained.text(Language::Chinese).unwrap();
                            prop_assert!(over.iter().all(|over| text.contains(&over.resource.to_string())));
                        }
                    }
                }
                Ok(())
            })?;
        }
    }

    #[test]
    fn explanations_are_what_every_node_says_by_itself(world in any_world()) {
        let snapshot = Snapshot::new(world.nodes.clone(), world.running.clone(), Sharing::BestFit).unwrap();
        let listed: BTreeSet<_> = world.rows.iter().flatten().map(|row| &row.resource).collect();
        let strict = Rules { where_unknown: WhereUnknown::Grey, ..world.rules.clone() };
        let is_there = |resource: &Resource| match world.rules.where_unknown {
            WhereUnknown::Grey => false,
            WhereUnknown::Stock => listed.contains(resource),
            WhereUnknown::Allow => true,
        };
        let told = world.judged();
        for (judged, product) in told.iter().zip(&world.products) {
            let (mut available, mut counts) = (0, BTreeMap::new());
            for node in &world.nodes {
                let mut refusals = snapshot.refusals(&node.name, product, &strict).unwrap();
                refusals.retain(|refusal| !matches!(refusal, Refusal::Unknown { resource } if is_there(resource)));
                available += u64::from(refusals.is_empty());
                for refusal in refusals {
                    *counts.entry(without_free(refusal)).or_insert(0_u64) += 1;
                }
            }
            match &judged.ruling {
                Ruling::Sellable { nodes } => prop_assert_eq!(*nodes, available),
                Ruling::Grey { why: Why::Nodes(explanation), .. } => {
                    prop_assert_eq!(available, 0);
                    let told = explanation.reasons.iter();
                    let told = told.map(|count| (without_free(count.reason.clone()), count.nodes)).collect();
                    prop_assert_eq!(counts, told);
                }
                Ruling::Grey { .. } => {}
            }
        }
    }

    #[test]
    fn what_a_hint_says_to_do_helps(world in any_world(), place in 0_usize..4) {
        let world = world.with(|world| world.products = vec![world.products[place].clone()]);
        let explained = world.asked(|centre| centre.explain(&world.products[0]).unwrap());
        let Some(hint) = explained.hint else { return Ok(()) };
        let after = followed(&world, &hint);
        let then = after.asked(|centre| centre.explain(&after.products[0]).unwrap());
        if hint.suffices {
            prop_assert_eq!(then.stage, None, "{:?} of {:?}", hint, explained.why);
        } else {
            prop_assert_ne!(then.why, explained.why);
        }
    }

    #[test]
    fn the_order_of_what_is_told_changes_nothing(world in any_world()) {
        let turned = world.with(|world| {
            world.nodes.reverse();
            if let Some(rows) = &mut world.rows {
                rows.reverse();
            }
            if let Some(quota) = &mut world.quota {
                quota.reverse();
            }
            world.products.reverse();
        });
        let mut judged = turned.judged();
        judged.reverse();
        prop_assert_eq!(judged, world.judged());
    }

    #[test]
    fn cards_by_model_are_what_is_free(world in any_world()) {
        let snapshot = Snapshot::new(world.nodes.clone(), world.running.clone(), Sharing::BestFit).unwrap();
        let cards: Resource = "gpu[A]".parse().unwrap();
        let open = |node: &&Node| node.role == Role::Worker && node.ready && !node.cordoned;
        let has = |node: &&Node| node.supplies.contains_key(&cards);
        let free = |node: &Node| match snapshot.free(&node.name, &cards) {
            Some(Level::Known(free)) => u64::try_from(free).unwrap_or(0),
            _ => 0,
        };
        let gpus = snapshot.gpus(None).unwrap();
        let told = gpus.models.first().map(|gpu| gpu.free);
        let sum = world.nodes.iter().filter(open).filter(has).map(free).sum::<u64>();
        prop_assert_eq!(told, world.nodes.iter().any(|node| has(&node)).then_some(sum));
        prop_assert!(gpus.models.len() <= 1);
        let unknown = world.nodes.iter().filter(open).map(|node| node.cards_of_unknown_model).sum::<u64>();
        prop_assert_eq!(gpus.of_unknown_model, unknown);
    }
}

#[test]
fn an_id_is_greyed_once_and_in_the_order_of_the_products() {
    let mut node = Node::worker("w");
    node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(1_000)));
    let snapshot = Snapshot::new([node], [], Sharing::Named).unwrap();
    let rules = Rules::strict();
    let product = |id: &str, milli| Product::new(id, Request::new([(Resource::Cpu, milli)]).unwrap());
    let products =
        [product("z", 2_000), product("a", 1_000), product("b", 3_000), product("z", 1_000), product("b", 9)];
    let greyed = Centre::new(&snapshot, &rules).greyed(&products).unwrap();
    assert_eq!(greyed, ["z", "b"]); // equal is enough
}

#[test]
fn the_worked_examples_of_cards_and_of_accommodation() {
    let Some(examples) = shared::examples("worked_examples.json", "op", &["gpu_stock", "determine_accommodation"], 3)
    else {
        return;
    };
    for example in examples {
        let (inputs, expected) = (&example["inputs"], &example["expected"]);
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        if example["op"] == "gpu_stock" {
            let entries = inputs["entries"].as_array().unwrap();
            let entries: Vec<_> = entries
                .iter()
                .map(|entry| {
                    let model = entry["model"].as_str().unwrap().parse().unwrap();
                    (model, entry["cluster"].as_str().unwrap(), entry["stock"].as_u64().unwrap())
                })
                .collect();
            let told = counterfoil::placement::gpu_stock(&entries, None).unwrap();
            let told: serde_json::Map<_, _> =
                told.into_iter().map(|(model, cards)| (model.to_string(), cards.into())).collect();
            assert_eq!(serde_json::Value::from(told), expected["by_model"]);
            continue;
        }
        let label = |text: &serde_json::Value| {
            let (key, value) = text.as_str().unwrap().split_once('=').unwrap();
            (key.to_owned(), value.to_owned())
        };
        let labels = |list: &serde_json::Value| list.as_array().unwrap().iter().map(label).collect::<BTreeMap<_, _>>();
        let quantity = |value: &serde_json::Value, resource: Resource| {
            let quantity = text(value).parse().unwrap();
            resource.amount(&quantity, counterfoil::exact::RoundingMode::Floor).unwrap()
        };
        let nodes: Vec<_> = inputs["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| counterfoil::placement::ResellerNode {
                name: text(&node["name"]),
                role: text(&node["role"]).parse().unwrap(),
                ready: node["ready"].as_bool().unwrap(),
                labels: labels(&node["labels"]),
                cpu: Level::Known(quantity(&node["cpu"], Resource::Cpu).try_into().unwrap()),
                memory: Level::Known(quantity(&node["memory"], Resource::Memory).try_into().unwrap()),
                gpu: Level::Known(node["gpu"].as_i64().unwrap()),
            })
            .collect();
        let products: Vec<_> = inputs["products"]
            .as_array()
            .unwrap()
            .iter()
            .map(|product| counterfoil::placement::ResellerProduct {
                id: text(&product["id"]),
                cpu: quantity(&product["cpu"], Resource::Cpu),
                memory: quantity(&product["memory"], Resource::Memory),
                gpu: product["gpu"].as_u64().unwrap(),
            })
            .collect();
        let answer = determine_accommodation(&nodes, &labels(&inputs["labels"]), &products).unwrap();
        assert_eq!(serde_json::json!({ "undeployable": answer.undeployable }), *expected, "{}", example["id"]);
    }
}
