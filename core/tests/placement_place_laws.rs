//! R-A10 in random small worlds, against a model that tries every way.
//!
//! The model knows no classes, bounds or patterns: it puts each copy on each node and each share on each card, one after the
//! other, from the plain numbers that the world was made of.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

use counterfoil::placement::*;
use proptest::{collection::vec, prelude::*, sample::select};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
struct RawNode {
    /// None is unknown.
    cpu: Option<u64>,
    memory: u64,
    /// What is left of each card; a thousand is untouched.
    cards: Vec<u64>,
    slots: Option<u64>,
    zone: Option<u8>,
    tainted: bool,
}

#[derive(Debug, Clone)]
struct RawItem {
    cpu: u64,
    memory: u64,
    gpu: u64,
    replicas: u64,
    max_per_node: Option<u64>,
    skew: Option<u64>,
    zone: Option<u8>,
    tolerates: bool,
}

#[derive(Debug, Clone)]
struct World {
    nodes: Vec<RawNode>,
    items: Vec<RawItem>,
    unknown_is_there: bool,
}

fn raw_node() -> impl Strategy<Value = RawNode> {
    let cpu = prop_oneof![9 => (0_u64..7).prop_map(Some), 1 => Just(None)];
    let cards = vec(select(vec![1000_u64, 1000, 1000, 700, 500, 300, 0]), 0..3);
    let slots = prop_oneof![3 => Just(None), 1 => (0_u64..4).prop_map(Some)];
    let zone = prop_oneof![5 => (0_u8..2).prop_map(Some), 1 => Just(None)];
    (cpu, 0_u64..7, cards, slots, zone, prop::bool::weighted(0.1))
        .prop_map(|(cpu, memory, cards, slots, zone, tainted)| RawNode { cpu, memory, cards, slots, zone, tainted })
}

fn raw_item() -> impl Strategy<Value = RawItem> {
    let gpu = prop_oneof![
        3 => Just(0_u64),
        2 => select(vec![200_u64, 300, 350, 400, 500, 600, 700]),
        1 => select(vec![1000_u64, 2000]),
    ];
    let max_per_node = prop_oneof![4 => Just(None), 1 => (0_u64..3).prop_map(Some)];
    let skew = prop_oneof![4 => Just(None), 1 => (0_u64..3).prop_map(Some)];
    let zone = prop_oneof![5 => Just(None), 1 => (0_u8..2).prop_map(Some)];
    ((0_u64..4, 0_u64..4), gpu, 0_u64..4, max_per_node, skew, zone, prop::bool::weighted(0.6)).prop_map(
        |((cpu, memory), gpu, replicas, max_per_node, skew, zone, tolerates)| RawItem {
            cpu,
            memory,
            gpu,
            replicas,
            max_per_node,
            skew,
            zone,
            tolerates,
        },
    )
}

fn world() -> impl Strategy<Value = World> {
    (vec(raw_node(), 1..4), vec(raw_item(), 1..4), prop::bool::weighted(0.2))
        .prop_map(|(nodes, items, unknown_is_there)| World { nodes, items, unknown_is_there })
}

/// Worlds of a few lanes without labels, in which it is the packing that is hard.
fn tight_world() -> impl Strategy<Value = World> {
    let node = (5_u64..12, 4_u64..12).prop_map(|(cpu, memory)| RawNode {
        cpu: Some(cpu),
        memory,
        cards: Vec::new(),
        slots: None,
        zone: None,
        tainted: false,
    });
    let item = (2_u64..7, 0_u64..7, 1_u64..3).prop_map(|(cpu, memory, replicas)| RawItem {
        cpu,
        memory,
        gpu: 0,
        replicas,
        max_per_node: None,
        skew: None,
        zone: None,
        tolerates: true,
    });
    (vec(node, 2..4), vec(item, 2..5)).prop_map(|(nodes, items)| World { nodes, items, unknown_is_there: false })
}

impl RawNode {
    fn read(&self, name: String) -> (Node, Vec<Running>) {
        let mut node = Node::worker(name.clone());
        let supply = |amount: Option<u64>| amount.map_or(Supply::Unknown, |amount| Supply::Known(Capacity::of(amount)));
        let gpu: Resource = "gpu[T4]".parse().unwrap();
        node.supplies.insert(Resource::Cpu, supply(self.cpu));
        node.supplies.insert(Resource::Memory, supply(Some(self.memory)));
        node.supplies.insert(gpu.clone(), supply(Some(self.cards.len() as u64 * 1000)));
        node.labels.extend(self.zone.map(|zone| ("zone".to_owned(), format!("z{zone}"))));
        if self.tainted {
            node.taints.push(Taint { key: "dedicated".into(), value: "other".into(), effect: Effect::NoSchedule });
        }
        let mut running = Vec::new();
        for (card, left) in self.cards.iter().enumerate() {
            // What is missing of a card is held by two shares, so that a card can be used up.
            let shares = [(1000 - left) / 2, 1000 - left - (1000 - left) / 2];
            for (part, milli) in shares.into_iter().enumerate().filter(|(_, milli)| *milli > 0) {
                running.push(Running {
                    id: format!("{name}-{card}-{part}"),
                    node: name.clone(),
                    request: Request::new([(gpu.clone(), milli)]).unwrap(),
                    cards: [("T4".parse().unwrap(), card as u64)].into(),
                });
            }
        }
        node.slots = self.slots.map(|slots| slots + running.len() as u64);
        (node, running)
    }
}

impl RawItem {
    fn read(&self, id: String) -> Item {
        let parts =
            [(Resource::Cpu, self.cpu), (Resource::Memory, self.memory), ("gpu[T4]".parse().unwrap(), self.gpu)];
        let mut product = Product::new(id, Request::new(parts).unwrap());
        product.constraints.node_selector.extend(self.zone.map(|zone| ("zone".to_owned(), format!("z{zone}"))));
        if self.tolerates {
            product.constraints.tolerations.push(Toleration {
                key: "dedicated".into(),
                operator: TolerationOperator::Exists,
                value: String::new(),
                effect: None,
            });
        }
        let spread = self.skew.map(|max_skew| Spread { key: "zone".into(), max_skew });
        Item { max_per_node: self.max_per_node, spread, ..Item::new(product, self.replicas) }
    }

    fn may_run(&self, node: &RawNode) -> bool {
        (self.tolerates || !node.tainted)
            && (self.zone.is_none() || self.zone == node.zone)
            && (self.skew.is_none() || node.zone.is_some())
    }
}

impl World {
    fn name(&self, node: usize) -> String {
        format!("n{node}")
    }

    fn snapshot(&self) -> Snapshot {
        let read: Vec<(Node, Vec<Running>)> =
            self.nodes.iter().enumerate().map(|(number, node)| node.read(self.name(number))).collect();
        let nodes: Vec<Node> = read.iter().map(|(node, _)| node.clone()).collect();
        Snapshot::new(nodes, read.into_iter().flat_map(|(_, running)| running), Sharing::Named).unwrap()
    }

    fn rules(&self) -> Rules {
        let where_unknown = if self.unknown_is_there { WhereUnknown::Allow } else { WhereUnknown::Grey };
        Rules { where_unknown, ..Rules::strict() }
    }

    fn items(&self) -> Vec<Item> {
        self.items.iter().enumerate().map(|(number, item)| item.read(format!("i{number}"))).collect()
    }

    fn group(&self) -> [Group; 1] {
        [Group::new("all", self.items())]
    }

    /// Every way to place all copies, until one is found.
    fn is_feasible(&self) -> bool {
        let copies: Vec<usize> =
            (0..self.items.len()).flat_map(|item| vec![item; self.items[item].replicas as usize]).collect();
        let mut left = self.nodes.clone();
        if self.unknown_is_there {
            left.iter_mut().for_each(|node| node.cpu = node.cpu.or(Some(u64::MAX)));
        }
        let mut counts = vec![vec![0; self.nodes.len()]; self.items.len()];
        self.try_all(&copies, 0, &mut left, &mut counts)
    }

    fn try_all(&self, copies: &[usize], from: usize, left: &mut [RawNode], counts: &mut [Vec<u64>]) -> bool {
        let Some((&number, rest)) = copies.split_first() else {
            return (0..self.items.len()).all(|item| self.keeps_skew(item, &counts[item]));
        };
        let item = &self.items[number];
        for node in from..left.len() {
            let before = left[node].clone();
            let most = item.max_per_node.unwrap_or(u64::MAX);
            let is_free = before.cpu.is_some_and(|cpu| cpu >= item.cpu) || (before.cpu.is_none() && item.cpu == 0);
            if !item.may_run(&self.nodes[node])
                || counts[number][node] >= most
                || !is_free
                || before.memory < item.memory
                || before.slots == Some(0)
            {
                continue;
            }
            // Copies of one item are alike: the next goes on no earlier node.
            let next_from = if rest.first() == Some(&number) { node } else { 0 };
            for cards in self.cards(&before.cards, item.gpu) {
                left[node].cpu = before.cpu.map(|cpu| if cpu == u64::MAX { cpu } else { cpu - item.cpu });
                left[node].memory = before.memory - item.memory;
                left[node].slots = before.slots.map(|slots| slots - 1);
                left[node].cards = cards;
                counts[number][node] += 1;
                if self.try_all(rest, next_from, left, counts) {
                    return true;
                }
                counts[number][node] -= 1;
                left[node] = before.clone();
            }
        }
        false
    }

    /// Every way to put a request on cards, by what is left then.
    fn cards(&self, cards: &[u64], gpu: u64) -> BTreeSet<Vec<u64>> {
        match gpu {
            0 => [cards.to_vec()].into(),
            1..1000 => {
                let with = |card: usize| {
                    let mut cards = cards.to_vec();
                    cards[card] = cards[card].checked_sub(gpu)?;
                    cards.sort_unstable();
                    Some(cards)
                };
                (0..cards.len()).filter_map(with).collect()
            }
            _ => {
                let mut cards = cards.to_vec();
                for _ in 0..gpu / 1000 {
                    let Some(card) = cards.iter().position(|left| *left == 1000) else { return BTreeSet::new() };
                    cards[card] = 0;
                }
                cards.sort_unstable();
                [cards].into()
            }
        }
    }

    fn keeps_skew(&self, item: usize, counts: &[u64]) -> bool {
        let Some(skew) = self.items[item].skew else { return true };
        let mut by_zone: BTreeMap<u8, u64> = BTreeMap::new();
        for (node, count) in self.nodes.iter().zip(counts) {
            if self.items[item].may_run(node) {
                *by_zone.entry(node.zone.unwrap()).or_default() += count;
            }
        }
        let (most, least) = (by_zone.values().max(), by_zone.values().min());
        most.zip(least).is_none_or(|(most, least)| most - least <= skew)
    }
}

fn solved(world: &World, budget: WorkBudget) -> GroupOutcome {
    place(&world.snapshot(), &world.group(), &world.rules(), budget).unwrap().remove(0)
}

fn verified(world: &World, outcome: &Outcome) -> Verification {
    let answer = GroupOutcome { group: "all".into(), outcome: outcome.clone(), spent: 0 };
    let groups = world.group();
    verify(&world.snapshot(), &groups, &world.rules(), &[answer], WorkBudget::DEFAULT).unwrap().remove(0)
}

/// A witness as things that run, and so as the snapshot adds them up.
fn running(witness: &Witness, items: &[Item]) -> Vec<Running> {
    let mut running = Vec::new();
    for seat in &witness.seats {
        let item = items.iter().find(|item| item.id() == seat.item).unwrap();
        for copy in 0..seat.replicas as usize {
            let cards = seat.cards.iter().map(|(model, cards)| (model.clone(), cards[copy])).collect();
            let id = format!("{}-{}-{copy}", seat.item, seat.node);
            running.push(Running { id, node: seat.node.clone(), request: item.product.request.clone(), cards });
        }
    }
    running
}

/// Checks an answer against the model: yes with a witness that adds up, no with a proof.
fn agree(world: &World) -> Result<(), TestCaseError> {
    let answer = solved(world, WorkBudget::DEFAULT);
    match &answer.outcome {
        Outcome::GaveUp { .. } => return Err(TestCaseError::fail("gave up")),
        outcome => prop_assert_eq!(matches!(outcome, Outcome::Placed(_)), world.is_feasible(), "{:?}", outcome),
    }
    prop_assert_eq!(verified(world, &answer.outcome), Verification::Verified, "{:?}", answer);
    if let Outcome::Placed(witness) = &answer.outcome {
        let read = world.nodes.iter().enumerate().map(|(number, node)| node.read(world.name(number)));
        let (nodes, mut items): (Vec<Node>, Vec<Vec<Running>>) = read.unzip();
        items.push(running(witness, &world.items()));
        let after = Snapshot::new(nodes.clone(), items.into_iter().flatten(), Sharing::Named).unwrap();
        for node in &nodes {
            for resource in node.supplies.keys() {
                prop_assert!(after.free(&node.name, resource) >= Some(Level::Known(0)), "{}", node.name);
            }
            if let Some(cards) = after.cards(&node.name, &"T4".parse().unwrap()) {
                let before = world.snapshot().cards(&node.name, &"T4".parse().unwrap()).unwrap();
                prop_assert_eq!(before.whole, cards.whole);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 700, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_is_that_of_all_ways(world in world()) {
        agree(&world)?;
    }

    #[test]
    fn tight_packings_too(world in tight_world()) {
        agree(&world)?;
    }

    #[test]
    fn a_budget_bounds_the_work_and_changes_no_truth(world in world(), budget in 0_u64..600) {
        let answer = solved(&world, WorkBudget::of(budget));
        prop_assert!(answer.spent <= budget);
        match &answer.outcome {
            Outcome::Placed(_) => prop_assert!(world.is_feasible()),
            Outcome::Impossible(_) => prop_assert!(!world.is_feasible()),
            Outcome::GaveUp { best } => {
                let asked: u64 = world.items.iter().map(|item| item.replicas).sum();
                prop_assert!(best.replicas() <= u128::from(asked));
            }
        }
        if !matches!(answer.outcome, Outcome::GaveUp { .. }) {
            let groups = world.group();
            let check = verify(&world.snapshot(), &groups, &world.rules(), std::slice::from_ref(&answer), WorkBudget::of(budget));
            prop_assert_eq!(check.unwrap(), [Verification::Verified]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    /// Nodes in another order are the same inventory; under other names the truth is the same.
    #[test]
    fn the_order_of_nodes_changes_nothing(world in world()) {
        let snapshot = world.snapshot();
        let mut read: Vec<(Node, Vec<Running>)> =
            world.nodes.iter().enumerate().map(|(number, node)| node.read(world.name(number))).collect();
        read.reverse();
        let nodes: Vec<Node> = read.iter().map(|(node, _)| node.clone()).collect();
        let turned = Snapshot::new(nodes, read.into_iter().flat_map(|(_, running)| running), Sharing::Named).unwrap();
        let place = |snapshot| place(snapshot, &world.group(), &world.rules(), WorkBudget::DEFAULT).unwrap();
        prop_assert_eq!(place(&snapshot), place(&turned));

        let mut renamed = world.clone();
        renamed.nodes.reverse();
        let kind = |world: &World| std::mem::discriminant(&solved(world, WorkBudget::DEFAULT).outcome);
        prop_assert_eq!(kind(&world), kind(&renamed));
    }

    /// A further node makes nothing impossible. (Of a spread it may: a domain more has to get its part.)
    #[test]
    fn a_further_node_makes_nothing_impossible(mut world in world(), node in raw_node()) {
        world.items.iter_mut().for_each(|item| item.skew = None);
        let before = solved(&world, WorkBudget::DEFAULT);
        world.nodes.push(node);
        let after = solved(&world, WorkBudget::DEFAULT);
        if matches!(before.outcome, Outcome::Placed(_)) {
            prop_assert!(matches!(after.outcome, Outcome::Placed(_)));
        }
    }

    /// A later group finds what the earlier ones left: the same as when those run already.
    #[test]
    fn groups_are_judged_on_what_is_left(first in world(), second in vec(raw_item(), 1..3)) {
        let later: Vec<Item> =
            second.iter().enumerate().map(|(number, item)| item.read(format!("later{number}"))).collect();
        let groups = [Group::new("first", first.items()), Group::new("second", later)];
        let both = place(&first.snapshot(), &groups, &first.rules(), WorkBudget::DEFAULT).unwrap();
        let check = verify(&first.snapshot(), &groups, &first.rules(), &both, WorkBudget::DEFAULT).unwrap();
        prop_assert_eq!(check, [Verification::Verified, Verification::Verified]);

        let read = first.nodes.iter().enumerate().map(|(number, node)| node.read(first.name(number)));
        let (nodes, mut runs): (Vec<Node>, Vec<Vec<Running>>) = read.unzip();
        if let Outcome::Placed(witness) = &both[0].outcome {
            runs.push(running(witness, &first.items()));
        }
        let after = Snapshot::new(nodes, runs.into_iter().flatten(), Sharing::Named).unwrap();
        let alone = place(&after, &groups[1..], &first.rules(), WorkBudget::DEFAULT).unwrap();
        prop_assert_eq!(
            std::mem::discriminant(&alone[0].outcome),
            std::mem::discriminant(&both[1].outcome),
            "{:?}", both
        );
        // In which order a proof goes over the nodes may differ, for what the first group asks for tells them apart:
        // but what is said of the later group alone is also what can be said of it after the first.
        let later = verify(&after, &groups[1..], &first.rules(), &both[1..], WorkBudget::DEFAULT).unwrap();
        prop_assert_eq!(later, [Verification::Verified]);
    }

    /// A witness in which something was changed is rejected, unless it still adds up in the model.
    #[test]
    fn a_changed_witness_is_rejected(world in world(), at in any::<prop::sample::Index>(), how in 0..7) {
        let Outcome::Placed(mut witness) = solved(&world, WorkBudget::DEFAULT).outcome else { return Ok(()) };
        if witness.seats.is_empty() {
            return Ok(());
        }
        let place = at.index(witness.seats.len());
        let seat = &mut witness.seats[place];
        match how {
            0 => seat.replicas += 1,
            1 => seat.replicas -= 1,
            2 => seat.node = "nowhere".into(),
            3 => seat.item = "nothing".into(),
            4 => _ = witness.seats.remove(place),
            5 => {
                let twice = seat.clone();
                witness.seats.push(twice);
            }
            _ => {
                let Some(cards) = seat.cards.values_mut().next() else { return Ok(()) };
                cards[0] = 17;
            }
        }
        let check = verified(&world, &Outcome::Placed(witness));
        prop_assert!(matches!(check, Verification::Rejected(_)), "{:?}", check);
    }

    /// A seat moved elsewhere verifies exactly where the snapshot would take it.
    #[test]
    fn a_moved_seat_is_judged_by_addition(world in world(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
        let Outcome::Placed(mut witness) = solved(&world, WorkBudget::DEFAULT).outcome else { return Ok(()) };
        if witness.seats.is_empty() {
            return Ok(());
        }
        let moved = from.index(witness.seats.len());
        let to = to.index(world.nodes.len());
        let item = world.items[witness.seats[moved].item[1..].parse::<usize>().unwrap()].clone();
        let is_there = witness.seats.iter().any(|seat| seat.node == world.name(to) && seat.item == witness.seats[moved].item);
        if is_there || item.skew.is_some() {
            return Ok(());
        }
        witness.seats[moved].node = world.name(to);
        let node = &world.nodes[to];
        let here: Vec<(&RawItem, &Seat)> = witness.seats.iter().filter(|seat| seat.node == world.name(to))
            .map(|seat| (&world.items[seat.item[1..].parse::<usize>().unwrap()], seat)).collect();
        let sum = |of: fn(&RawItem) -> u64| here.iter().map(|(item, seat)| of(item) * seat.replicas).sum::<u64>();
        let whole: u64 = here.iter().filter(|(item, _)| item.gpu >= 1000).map(|(item, seat)| item.gpu / 1000 * seat.replicas).sum();
        let mut on_card: BTreeMap<u64, u64> = BTreeMap::new();
        for (item, seat) in here.iter().filter(|(item, _)| (1..1000).contains(&item.gpu)) {
            seat.cards.values().flatten().for_each(|card| *on_card.entry(*card).or_default() += item.gpu);
        }
        let opened = on_card.keys().filter(|card| node.cards.get(**card as usize) == Some(&1000)).count() as u64;
        let untouched = node.cards.iter().filter(|left| **left == 1000).count() as u64;
        let is_right = here.iter().all(|(item, seat)| item.may_run(node) && item.max_per_node.is_none_or(|most| seat.replicas <= most))
            && node.cpu.map_or(world.unknown_is_there || sum(|item| item.cpu) == 0, |cpu| sum(|item| item.cpu) <= cpu)
            && sum(|item| item.memory) <= node.memory
            && node.slots.is_none_or(|slots| sum(|_| 1) <= slots)
            && whole + opened <= untouched
            && on_card.iter().all(|(card, milli)| node.cards.get(*card as usize).is_some_and(|left| milli <= left));
        let check = verified(&world, &Outcome::Placed(witness.clone()));
        prop_assert_eq!(check == Verification::Verified, is_right, "{:?} {:?}", check, witness);
    }

    /// What proves that one world has no room is no proof about a world that has.
    #[test]
    fn no_certificate_proves_what_is_not_so(world in tight_world(), more in 1_u64..6, lie in 0..4_u8) {
        let Outcome::Impossible(mut certificate) = solved(&world, WorkBudget::DEFAULT).outcome else { return Ok(()) };
        let mut larger = world.clone();
        larger.nodes.iter_mut().for_each(|node| {
            node.cpu = node.cpu.map(|cpu| cpu + more);
            node.memory += more;
        });
        changed(&mut certificate, lie);
        if larger.is_feasible() {
            let check = verified(&larger, &Outcome::Impossible(certificate));
            prop_assert!(matches!(check, Verification::Rejected(_)), "{:?}", check);
        }
    }

    /// A proof with a wrong number is no proof.
    #[test]
    fn a_changed_figure_is_found(world in tight_world()) {
        let Outcome::Impossible(mut certificate) = solved(&world, WorkBudget::DEFAULT).outcome else { return Ok(()) };
        match &mut certificate {
            Certificate::Count { fits, .. } => *fits += 1,
            Certificate::Aggregate { have, .. } => *have -= 1,
            Certificate::Weighted { have, .. } => *have += 1,
            Certificate::Spread { fits, .. } => fits[0].1 += 1,
            Certificate::Frontier { nodes, .. } => _ = nodes.pop(),
        }
        let check = verified(&world, &Outcome::Impossible(certificate));
        prop_assert!(matches!(check, Verification::Rejected(_)), "{:?}", check);
    }
}

/// Bends a certificate towards what it should prove.
fn changed(certificate: &mut Certificate, lie: u8) {
    match certificate {
        Certificate::Weighted { classes, have, .. } if lie == 1 => {
            classes.iter_mut().for_each(|class| class.most += 1);
            *have = classes.iter().map(|class| class.most * class.nodes.len() as u128).sum();
        }
        Certificate::Weighted { classes, have, .. } if lie == 2 => {
            classes.pop();
            *have = classes.iter().map(|class| class.most * class.nodes.len() as u128).sum();
        }
        Certificate::Weighted { need, .. } if lie == 3 => *need += 100,
        Certificate::Aggregate { have, need, .. } if lie == 1 => (*have, *need) = (0, 1),
        Certificate::Count { fits, .. } if lie == 1 => *fits = 0,
        Certificate::Frontier { levels, .. } if lie == 1 => _ = levels.pop(),
        Certificate::Frontier { levels, .. } if lie == 2 => levels.iter_mut().for_each(|level| _ = level.pop()),
        Certificate::Frontier { levels, .. } if lie == 3 => levels.clear(),
        _ => {}
    }
}

/// Joint counts against all ways to fill each node.
fn most_on(world: &World, node: &RawNode, item: usize, left: &RawNode) -> u64 {
    let Some(asked) = world.items.get(item) else { return 0 };
    let mut best = most_on(world, node, item + 1, left);
    let fits = asked.may_run(node)
        && left.cpu.is_some_and(|cpu| cpu >= asked.cpu)
        && left.memory >= asked.memory
        && left.slots != Some(0);
    if fits {
        for cards in world.cards(&left.cards, asked.gpu) {
            let mut next = left.clone();
            next.cpu = left.cpu.map(|cpu| cpu - asked.cpu);
            next.memory -= asked.memory;
            next.slots = left.slots.map(|slots| slots - 1);
            next.cards = cards;
            best = best.max(1 + most_on(world, node, item, &next));
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    #[test]
    fn joint_counts_are_those_of_all_ways(mut world in world()) {
        for node in &mut world.nodes {
            node.cpu = Some(node.cpu.unwrap_or(3));
            node.slots = Some(node.slots.unwrap_or(5));
        }
        world.items.iter_mut().for_each(|item| (item.max_per_node, item.skew) = (None, None));
        let expected: u64 = world.nodes.iter().map(|node| most_on(&world, node, 0, node)).sum();
        let products: Vec<Product> = world.items().into_iter().map(|item| item.product).collect();
        let found = count_jointly(&world.snapshot(), &products, &world.rules(), WorkBudget::DEFAULT).unwrap();
        let JointCount::Exactly { count, witness } = found else { panic!("{found:?}") };
        prop_assert_eq!(count, u128::from(expected));
        prop_assert_eq!(witness.replicas(), count);
        let mut counted = world.items();
        for item in &mut counted {
            item.replicas = witness.seats.iter().filter(|seat| seat.item == item.id()).map(|seat| seat.replicas).sum();
        }
        let answer = GroupOutcome { group: "all".into(), outcome: Outcome::Placed(witness), spent: 0 };
        let group = [Group::new("all", counted)];
        let check = verify(&world.snapshot(), &group, &world.rules(), &[answer], WorkBudget::DEFAULT).unwrap();
        prop_assert_eq!(check, [Verification::Verified]);
    }

    #[test]
    fn joint_counts_keep_their_budget(mut world in world(), budget in 0_u64..300) {
        world.items.iter_mut().for_each(|item| (item.max_per_node, item.skew) = (None, None));
        let products: Vec<Product> = world.items().into_iter().map(|item| item.product).collect();
        let count = |budget| count_jointly(&world.snapshot(), &products, &world.rules(), WorkBudget::of(budget)).unwrap();
        match (count(budget), count(20_000_000)) {
            (JointCount::Exactly { count: few, .. }, JointCount::Exactly { count, .. }) => prop_assert_eq!(few, count),
            (JointCount::Between { at_least, at_most, .. }, JointCount::Exactly { count, .. }) => {
                prop_assert!(at_least <= count && at_most.is_none_or(|most| count <= most));
            }
            (JointCount::Between { at_most, .. }, JointCount::Unlimited) => prop_assert_eq!(at_most, None),
            (few, all) => prop_assert_eq!(few, all),
        }
    }

    /// One bundle more than the most does not fit.
    #[test]
    fn bundles_are_the_most_that_are_placed(mut world in tight_world()) {
        world.items.iter_mut().for_each(|item| item.replicas = item.replicas.min(2));
        let bundle: Vec<(Product, u64)> = world.items().into_iter().map(|item| (item.product, item.replicas)).collect();
        let found = count_bundles(&world.snapshot(), &bundle, &world.rules(), WorkBudget::DEFAULT).unwrap();
        let JointCount::Exactly { count, .. } = found else { panic!("{found:?}") };
        let times = |world: &World, count: u64| {
            let mut world = world.clone();
            world.items.iter_mut().for_each(|item| item.replicas *= count);
            world.is_feasible()
        };
        let count = u64::try_from(count).unwrap();
        prop_assert!(times(&world, count));
        prop_assert!(!times(&world, count + 1));
    }
}

/// All worlds of up to three nodes of up to 6 cores with up to 6 pieces of memory, sampled evenly, with and without spread; and how
/// often which proof was given.
#[test]
fn every_kind_of_proof_is_met() {
    let mut seed = 1_u64;
    let mut next = |most: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % (most + 1)
    };
    let mut met: BTreeMap<&str, u32> = BTreeMap::new();
    for turn in 0..4000 {
        let nodes = (0..2 + next(1)).map(|_| RawNode {
            cpu: Some(3 + next(4)),
            memory: 3 + next(4),
            cards: (0..next(2)).map(|_| [1000, 1000, 600, 400][next(3) as usize]).collect(),
            slots: if next(3) == 0 { Some(1 + next(3)) } else { None },
            zone: Some(next(1) as u8),
            tainted: false,
        });
        let nodes = nodes.collect();
        let items = (0..2 + next(1)).map(|_| RawItem {
            cpu: 1 + next(4),
            memory: next(4),
            gpu: if turn % 2 == 0 { 0 } else { [0, 300, 400, 500, 600, 1000][next(5) as usize] },
            replicas: 1 + next(2),
            max_per_node: if next(3) == 0 { Some(1 + next(1)) } else { None },
            skew: if next(2) == 0 { Some(next(1)) } else { None },
            zone: None,
            tolerates: true,
        });
        let world = World { nodes, items: items.collect(), unknown_is_there: false };
        let answer = solved(&world, WorkBudget::DEFAULT);
        agree(&world).unwrap_or_else(|fault| panic!("{world:?}: {fault}"));
        *met.entry(match &answer.outcome {
            Outcome::Placed(_) => "placed",
            Outcome::Impossible(certificate) => certificate.name(),
            Outcome::GaveUp { .. } => "gave up",
        })
        .or_default() += 1;
    }
    println!("{met:?}");
    for kind in ["placed", "count", "spread", "aggregate", "weighted", "frontier"] {
        assert!(met.contains_key(kind), "{kind} of {met:?}");
    }
}

fn plain(name: &str, cores: u64) -> Node {
    let mut node = Node::worker(name);
    node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(cores)));
    node
}

fn cpu(id: &str, cores: u64, replicas: u64) -> Item {
    Item::new(Product::new(id, Request::new([(Resource::Cpu, cores)]).unwrap()), replicas)
}

#[test]
fn no_budget_is_no_answer() {
    let snapshot = Snapshot::new([plain("a", 4)], [], Sharing::Named).unwrap();
    let groups = [Group::new("none", []), Group::new("zero", [cpu("z", 1, 0)]), Group::new("one", [cpu("o", 1, 1)])];
    let answers = place(&snapshot, &groups, &Rules::strict(), WorkBudget::of(0)).unwrap();
    let nothing = Outcome::Placed(Witness::default());
    assert_eq!((&answers[0].outcome, &answers[1].outcome), (&nothing, &nothing));
    assert_eq!(answers[2].outcome, Outcome::GaveUp { best: Witness::default() });
    assert!(answers.iter().all(|answer| answer.spent == 0));
}

#[test]
fn many_nodes_and_items_are_quick() {
    let nodes = (0..10_000).map(|number| plain(&format!("n{number:05}"), 8_000 + number % 977));
    let snapshot = Snapshot::new(nodes, [], Sharing::Named).unwrap();
    let item = |number: u64| cpu(&format!("i{number:04}"), 100 + number % 37 * 100, 1 + number % 5);
    let group = [Group::new("many", (0..1000).map(item))];
    let answer = place(&snapshot, &group, &Rules::strict(), WorkBudget::DEFAULT).unwrap();
    assert!(matches!(answer[0].outcome, Outcome::Placed(_)));

    // Nearly everything, and one thing that does not fit: no rule of thumb ends, and the sum is too much.
    let too_much = [Group::new("much", [cpu("x", 7_000, 20_000), cpu("y", 900, 10_000)])];
    let answer = place(&snapshot, &too_much, &Rules::strict(), WorkBudget::DEFAULT).unwrap();
    assert!(matches!(&answer[0].outcome, Outcome::Impossible(Certificate::Count { .. })), "{:?}", answer[0].outcome);
}

/// Sizes of which no two add up alike, on as many different nodes: whatever is answered, it comes after a bounded time.
#[test]
fn hard_questions_end() {
    let nodes = (0_u64..40).map(|number| plain(&format!("n{number}"), 100_003 + number * 7));
    let snapshot = Snapshot::new(nodes, [], Sharing::Named).unwrap();
    let item = |number: u64| cpu(&format!("i{number}"), 24_001 + number * number * 13 % 20_011, 2);
    let group = [Group::new("hard", (0..59).map(item))];
    let budget = WorkBudget::of(2_000_000);
    let answer = place(&snapshot, &group, &Rules::strict(), budget).unwrap();
    println!(
        "{} steps: {}",
        answer[0].spent,
        match &answer[0].outcome {
            Outcome::Placed(_) => "placed",
            Outcome::Impossible(certificate) => certificate.name(),
            Outcome::GaveUp { .. } => "gave up",
        }
    );
    assert!(answer[0].spent <= budget.steps());
}

/// As many kinds as a search goes deep, and more: it neither overflows nor says more than it knows.
#[test]
fn deep_questions_end() {
    let nodes = |count: u64| (0..count).map(|number| plain(&format!("n{number:04}"), 10));
    let item = |number: u64| cpu(&format!("i{number:04}"), 6, 1);
    for (nodes_there, kinds) in [(3, 4), (99, 100), (299, 300), (999, 1000), (1000, 1001)] {
        let snapshot = Snapshot::new(nodes(nodes_there), [], Sharing::Named).unwrap();
        let group = [Group::new("pigeons", (0..kinds).map(item))];
        let answer = place(&snapshot, &group, &Rules::strict(), WorkBudget::DEFAULT).unwrap();
        println!("{kinds} kinds, {} steps: {}", answer[0].spent, matches!(answer[0].outcome, Outcome::Impossible(_)));
        assert!(!matches!(answer[0].outcome, Outcome::Placed(_)));
        assert!(kinds > 300 || matches!(answer[0].outcome, Outcome::Impossible(_)));
    }
    // Kinds that all fit one node: the deepest list of patterns.
    // (Beyond 500 a search is not begun: see below.)
    for kinds in [500, 501] {
        deep_claims_end(kinds);
    }
}

fn deep_claims_end(kinds: u64) {
    let snapshot = Snapshot::new([plain("a", 2 * kinds), plain("b", 2 * kinds)], [], Sharing::Named).unwrap();
    let group = [Group::new("chain", (0..kinds).map(|number| cpu(&format!("i{number:04}"), 1 + number % 3, 1)))];
    place(&snapshot, &group, &Rules::strict(), WorkBudget::of(3_000_000)).unwrap();
    let claim = Certificate::Frontier {
        coordinates: group[0].items.iter().map(|item| Coordinate { item: item.id().into(), domain: None }).collect(),
        nodes: vec!["a".into(), "b".into()],
        levels: vec![vec![vec![0; usize::try_from(kinds).unwrap()]]],
    };
    let answer = GroupOutcome { group: "chain".into(), outcome: Outcome::Impossible(claim), spent: 0 };
    let check = verify(&snapshot, &group, &Rules::strict(), &[answer], WorkBudget::of(3_000_000)).unwrap();
    assert_ne!(check, [Verification::Verified]);
    let products: Vec<Product> =
        (0..kinds).map(|number| cpu(&format!("i{number:04}"), 1 + number, 1).product).collect();
    count_jointly(&snapshot, &products, &Rules::strict(), WorkBudget::of(3_000_000)).unwrap();
}

/// A gigantic number of copies, of cards and of shares is a number, not a loop.
#[test]
fn huge_numbers_end() {
    let gpu: Resource = "gpu[T4]".parse().unwrap();
    let mut node = plain("a", i64::MAX as u64);
    node.supplies.insert(gpu.clone(), Supply::Known(Capacity::of(i64::MAX as u64 / 1000 * 1000)));
    let snapshot = Snapshot::new([node], [], Sharing::Named).unwrap();
    let share = |id: &str, milli, replicas| {
        Item::new(Product::new(id, Request::new([(gpu.clone(), milli)]).unwrap()), replicas)
    };
    let budget = WorkBudget::of(1_000_000);
    for items in [
        vec![cpu("c", 1, u64::MAX)],
        vec![cpu("c", i64::MAX as u64, 2)],
        vec![share("s", 1, u64::MAX)],
        vec![share("s", 999, u64::MAX), share("t", 2, u64::MAX)],
        vec![share("w", 1000, u64::MAX / 2), share("t", 2, 10)],
        vec![cpu("none", 0, u64::MAX)],
    ] {
        let group = [Group::new("huge", items)];
        let answer = place(&snapshot, &group, &Rules::strict(), budget).unwrap();
        assert!(answer[0].spent <= budget.steps(), "{:?}", answer[0]);
        verify(&snapshot, &group, &Rules::strict(), &answer, budget).unwrap();
    }
    let products = [share("s", 1, 1).product, cpu("c", 7, 1).product];
    let most = count_jointly(&snapshot, &products, &Rules::strict(), budget).unwrap();
    println!("{most:?}");
}

#[test]
fn a_stream_is_strict() {
    let snapshot = Snapshot::new([plain("a", 4)], [], Sharing::Named).unwrap();
    let kind = |name: &str| (name.to_owned(), vec![cpu(name, 1, 1).product]);
    let stream = |kinds: Vec<(String, Vec<Product>)>| Stream::new(&snapshot, kinds, &Rules::strict());
    assert_eq!(stream(vec![kind("k"), kind("k")]).unwrap_err().code(), "placement.repeated_item");
    let mut one = stream(vec![kind("k"), ("none".into(), vec![])]).unwrap();
    assert_eq!(one.choose("other", Heuristic::FirstFit).unwrap_err().code(), "placement.unknown_kind");
    assert_eq!(one.choose("none", Heuristic::FirstFit).unwrap(), None);
    let taken = one.place("k", Heuristic::FirstFit).unwrap().unwrap();
    let mut other = stream(vec![kind("l")]).unwrap();
    assert_eq!(other.give_back(taken).unwrap_err().code(), "placement.unknown_kind");

    let nodes: Vec<Node> = (0..5_000).map(|number| plain(&number.to_string(), 1)).collect();
    let snapshot = Snapshot::new(nodes, [], Sharing::Named).unwrap();
    let product = |number: u32| {
        let resource = Resource::Named(format!("r{number}").parse().unwrap());
        (number.to_string(), vec![Product::new(number.to_string(), Request::new([(resource, 1)]).unwrap())])
    };
    let error = Stream::new(&snapshot, (0..20_000).map(product), &Rules::strict()).unwrap_err();
    assert_eq!(error.code(), "placement.too_much_to_read");
    assert_eq!(error.details(), [("nodes", "5000".to_owned()), ("items", "20000".to_owned())]);
}
