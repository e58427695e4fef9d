//! Changes, undone, leave nothing behind; and a snapshot that was changed is one that was built so.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

mod placement_world;

use counterfoil::placement::*;
use placement_world::{Dice, World, node, running};
use proptest::prelude::*;

/// A change of what is there now; it may be one that is refused.
fn change(dice: &mut Dice, snapshot: &Snapshot, step: usize) -> Change {
    let nodes: Vec<Node> = snapshot.nodes().cloned().collect();
    let some = |dice: &mut Dice| nodes.get(usize::try_from(dice.below(8)).unwrap()).map(|node| node.name.clone());
    match dice.below(if nodes.is_empty() { 1 } else { 6 }) {
        0 => Change::AddNode(node(dice, format!("{}{step}", dice_letter(step)))),
        1 => Change::RemoveNode(some(dice).unwrap_or_else(|| "nobody".into())),
        2 => {
            let name = some(dice).unwrap_or_else(|| "nobody".into());
            Change::ReplaceNode(node(dice, name))
        }
        3 => Change::Stop(format!("r{}", dice.below(8))),
        _ => {
            let id = format!("r{}", dice.below(12));
            Change::Start(running(dice, id, &nodes))
        }
    }
}

/// Names that come before, between and after those that are there.
fn dice_letter(step: usize) -> &'static str {
    ["a", "n0", "z"][step % 3]
}

/// The nodes and what runs there, as one would have given them.
struct Built {
    nodes: Vec<Node>,
    running: Vec<Running>,
}

impl Built {
    fn apply(&mut self, change: Change) {
        match change {
            Change::AddNode(node) => self.nodes.push(node),
            Change::RemoveNode(name) => {
                self.nodes.retain(|node| node.name != name);
                self.running.retain(|item| item.node != name);
            }
            Change::ReplaceNode(new) => {
                let node = self.nodes.iter_mut().find(|node| node.name == new.name).unwrap();
                *node = new;
            }
            Change::Start(item) => self.running.push(item),
            Change::Stop(id) => self.running.retain(|item| item.id != id),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_changed_and_undone_is_as_before(
        seed: u64, nodes in 0_usize..6, items in 0_usize..8, steps in 0_usize..14, best_fit: bool,
    ) {
        let world = World::new(seed, nodes, items, 6);
        let sharing = if best_fit { Sharing::BestFit } else { Sharing::Named };
        let mut snapshot = Snapshot::new(world.nodes.clone(), world.running.clone(), sharing).unwrap();
        let check = |snapshot: &Snapshot| snapshot.check(&world.products, &world.rules, Checking::NEAREST).unwrap();
        let mut built = Built { nodes: world.nodes.clone(), running: world.running.clone() };
        let dice = &mut Dice(seed);
        let mut past = Vec::new();
        for step in 0..steps {
            let change = change(dice, &snapshot, step);
            let before = snapshot.clone();
            match snapshot.apply(change.clone()) {
                Ok(undo) => {
                    built.apply(change);
                    past.push((before, undo));
                }
                Err(_) => prop_assert_eq!(&snapshot, &before),
            }
            prop_assert!(snapshot.agrees_with_itself());
            // Which card a share took depends on the order in which best fit was asked.
            if !best_fit {
                let anew = Snapshot::new(built.nodes.clone(), built.running.clone(), sharing).unwrap();
                prop_assert_eq!(&snapshot, &anew);
                prop_assert_eq!(check(&snapshot), check(&anew));
            }
        }
        for index in (0..past.len()).rev() {
            // An earlier one first is refused, and changes nothing.
            if index > 0 {
                let undone = snapshot.clone();
                let error = snapshot.undo(&past[index - 1].1).unwrap_err();
                prop_assert_eq!(error.code(), "placement.undo_out_of_order");
                prop_assert_eq!(&snapshot, &undone);
            }
            let (before, undo) = &past[index];
            snapshot.undo(undo).unwrap();
            prop_assert_eq!(&snapshot, before);
            prop_assert!(snapshot.agrees_with_itself());
            prop_assert_eq!(check(&snapshot), check(before));
        }
    }

    /// An undo that belongs to a copy which went another way is refused or does no harm.
    #[test]
    fn an_undo_of_another_snapshot_breaks_nothing(seed: u64) {
        let world = World::new(seed, 4, 6, 0);
        let (mut one, mut other) = (world.snapshot(), world.snapshot());
        let dice = &mut Dice(seed);
        let mut undos = Vec::new();
        for step in 0..6 {
            let of_one = change(dice, &one, step);
            undos.extend(one.apply(of_one));
            let of_other = change(dice, &other, step);
            drop(other.apply(of_other));
        }
        for undo in undos.iter().rev() {
            drop(other.undo(undo));
            prop_assert!(other.agrees_with_itself());
            // What runs is where it is said to be: all of it can be stopped.
            let mut rest = other.clone();
            for id in (0..12).map(|index| format!("r{index}")) {
                drop(rest.apply(Change::Stop(id)));
            }
            prop_assert!(rest.agrees_with_itself());
        }
    }

    #[test]
    fn a_look_at_what_would_be_leaves_nothing(seed: u64, nodes in 1_usize..5, steps in 0_usize..6) {
        let world = World::new(seed, nodes, 4, 5);
        let mut snapshot = world.snapshot();
        let before = snapshot.clone();
        let mut would_be = snapshot.clone();
        let dice = &mut Dice(seed);
        let mut changes = Vec::new();
        for step in 0..steps {
            let change = change(dice, &would_be, step);
            if would_be.apply(change.clone()).is_ok() {
                changes.push(change);
            }
        }
        let seen = snapshot.what_if(changes.clone(), Snapshot::clone).unwrap();
        prop_assert_eq!(seen, would_be);
        prop_assert_eq!(&snapshot, &before);
        changes.push(Change::Stop("nobody".into()));
        prop_assert_eq!(snapshot.what_if(changes, |_| ()).unwrap_err().code(), "placement.unknown_item");
        prop_assert_eq!(&snapshot, &before);
    }
}

/// A node in the middle of three blocks goes and comes back: slots are what they were.
#[test]
fn nodes_go_and_come_back_anywhere() {
    let world = World::new(3, 1030, 200, 4);
    let mut snapshot = world.snapshot();
    let before = snapshot.clone();
    let mut undos = Vec::new();
    for index in [0, 1029, 511, 512, 513, 1028, 7, 1027] {
        undos.push(snapshot.apply(Change::RemoveNode(format!("n{index:04}"))).unwrap());
        undos.push(snapshot.apply(Change::AddNode(Node::worker(format!("m{index:04}")))).unwrap());
    }
    assert!(snapshot.agrees_with_itself());
    for undo in undos.iter().rev() {
        snapshot.undo(undo).unwrap();
    }
    assert_eq!(snapshot, before);
    assert!(snapshot.agrees_with_itself());
    assert_eq!(snapshot.undo(&undos[0]).unwrap_err().code(), "placement.undo_out_of_order");
}

/// A share stays on its card where that is still there, and else is put as if it started now.
#[test]
fn a_node_that_is_replaced_keeps_what_runs_there() {
    let cards: Resource = "gpu[A100]".parse().unwrap();
    let of = |count: u64| {
        let mut node = Node::worker("w");
        node.supplies.insert(cards.clone(), Supply::Known(Capacity::of(1000 * count)));
        node
    };
    let item = |id: &str, milli| Running {
        id: id.into(),
        node: "w".into(),
        request: Request::new([(cards.clone(), milli)]).unwrap(),
        cards: [].into(),
    };
    let mut snapshot =
        Snapshot::new([of(2)], [item("a", 700), item("b", 600), item("c", 300)], Sharing::BestFit).unwrap();
    // a and c on the first card, b on the second
    assert_eq!(snapshot.free("w", &cards), Some(Level::Known(400)));
    let undo = snapshot.apply(Change::ReplaceNode(of(1))).unwrap();
    assert_eq!(snapshot.free("w", &cards), Some(Level::Known(-1000)), "b has no card, and a and c fill one");
    snapshot.undo(&undo).unwrap();
    let undo = snapshot.apply(Change::ReplaceNode(of(3))).unwrap();
    assert_eq!(snapshot.free("w", &cards), Some(Level::Known(1400)));
    snapshot.undo(&undo).unwrap();
    assert_eq!(snapshot.free("w", &cards), Some(Level::Known(400)));

    // A card that is named and no longer there is an error, and nothing is changed.
    let mut named = item("a", 700);
    named.cards.insert(cards.model().unwrap().clone(), 1);
    let mut snapshot = Snapshot::new([of(2)], [named], Sharing::Named).unwrap();
    let before = snapshot.clone();
    assert_eq!(snapshot.apply(Change::ReplaceNode(of(1))).unwrap_err().code(), "placement.unknown_card");
    assert_eq!(snapshot, before);
}

#[test]
fn what_can_not_be_changed_is_told() {
    let world = World::new(9, 3, 3, 0);
    let mut snapshot = world.snapshot();
    let before = snapshot.clone();
    let ran = world.running[0].clone();
    let cases = [
        (Change::AddNode(Node::worker("n0000")), "placement.duplicate_node"),
        (Change::RemoveNode("nobody".into()), "placement.unknown_node"),
        (Change::ReplaceNode(Node::worker("nobody")), "placement.unknown_node"),
        (Change::Stop("nobody".into()), "placement.unknown_item"),
        (Change::Start(ran.clone()), "placement.duplicate_item"),
        (Change::Start(Running { id: "x".into(), node: "nobody".into(), ..ran }), "placement.unknown_node"),
    ];
    for (change, code) in cases {
        assert_eq!(snapshot.apply(change).unwrap_err().code(), code);
        assert_eq!(snapshot, before);
        assert!(snapshot.agrees_with_itself());
    }
}
