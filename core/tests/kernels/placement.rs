use super::{round, second_run};
use counterfoil::placement::*;

/// Products of many sizes, each with an id of its own, on ten nodes.
pub(crate) fn verdicts(rows: usize) -> u64 {
    let node = |number: i64| {
        let mut node = Node::worker(format!("node-{number}"));
        node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(4_000)));
        node
    };
    let snapshot = Snapshot::new(round(10, node), [], Sharing::Named).unwrap();
    let product = |row: i64| {
        let milli = u64::try_from(1 + row % 8_000).unwrap();
        Product::new(format!("product-{row}"), Request::new([(Resource::Cpu, milli)]).unwrap())
    };
    let (products, mut columns) = (round(rows, product), VerdictColumns::default());
    let rules = Rules::strict();
    second_run(|| snapshot.check_columns(&products, &rules, &mut columns).unwrap())
}
