//! R-A10: the work budget bounds whatever is asked or claimed.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test: a fault must stop it")]

use counterfoil::placement::*;

const BUDGET: WorkBudget = WorkBudget::of(100_000);

fn card() -> Resource {
    "gpu[T4]".parse().unwrap()
}

fn with_cards(milli: u64) -> Snapshot {
    let mut node = Node::worker("n");
    node.supplies.insert(card(), Supply::Known(Capacity::of(milli)));
    Snapshot::new([node], [], Sharing::Named).unwrap()
}

fn item(id: &str, resource: Resource, amount: u64, replicas: u64) -> Item {
    Item::new(Product::new(id, Request::new([(resource, amount)]).unwrap()), replicas)
}

/// More numbers of copies than anyone can count, of which few fit.
#[test]
fn a_frontier_of_uncountable_cards_ends() {
    let snapshot = with_cards(4_000_000_000_000_000);
    let items = ["a", "b"].map(|id| item(id, card(), 1000, 3_000_000_000_000));
    let groups = [Group::new("g", items)];
    let coordinates = ["a", "b"].map(|id| Coordinate { item: id.into(), domain: None }).to_vec();
    let certificate =
        Certificate::Frontier { coordinates, nodes: vec!["n".into()], levels: vec![vec![vec![0, 0]], Vec::new()] };
    let answers = [GroupOutcome { group: "g".into(), outcome: Outcome::Impossible(certificate), spent: 0 }];
    let checked = verify(&snapshot, &groups, &Rules::strict(), &answers, BUDGET).unwrap();
    assert_eq!(checked, [Verification::Unchecked]);
}

/// Each share looks through the cards that those before it began.
#[test]
fn many_shares_on_as_many_cards_end() {
    let snapshot = with_cards(100_000_000);
    let groups = [Group::new("g", [item("a", card(), 600, 100_000)])];
    let budget = WorkBudget::of(200_000); // each copy once would be well within it
    for heuristic in Heuristic::ALL {
        let answers = place_by(heuristic, &snapshot, &groups, &Rules::strict(), budget).unwrap();
        assert!(answers.iter().all(|answer| matches!(answer.outcome, Outcome::GaveUp { .. })), "{heuristic}");
    }
}

/// Nodes by values of a label are looks as well, when placing and when checking.
#[test]
fn constraints_cost_what_they_compare() {
    let node = |number: u64| {
        let mut node = Node::worker(format!("n{number:04}"));
        node.labels.insert("zone".into(), "z".into());
        node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(1)));
        node
    };
    let snapshot = Snapshot::new((0..500).map(node), [], Sharing::Named).unwrap();
    let mut long = item("a", Resource::Cpu, 1, 1);
    long.spread = Some(Spread { key: "zone".into(), max_skew: 1 });
    let mut values: Vec<String> = (0..20_000_u64).map(|number| number.to_string()).collect();
    values.push("z".into());
    let requirement = Requirement { key: "zone".into(), operator: Operator::In, values };
    long.product.constraints.affinity = Some(vec![Term { expressions: vec![requirement], fields: Vec::new() }]);
    let groups = [Group::new("g", [long])];
    let answers = place(&snapshot, &groups, &Rules::strict(), BUDGET).unwrap();
    assert!(answers.iter().all(|answer| matches!(answer.outcome, Outcome::GaveUp { .. })));

    let seat = Seat { item: "a".into(), node: "n0000".into(), replicas: 1, cards: [].into() };
    let outcome = Outcome::Placed(Witness { seats: vec![seat] });
    let answers = [GroupOutcome { group: "g".into(), outcome, spent: 0 }];
    let check = |budget| verify(&snapshot, &groups, &Rules::strict(), &answers, budget).unwrap();
    assert_eq!(check(BUDGET), [Verification::Unchecked]);
    assert_eq!(check(WorkBudget::DEFAULT), [Verification::Verified]);
}
