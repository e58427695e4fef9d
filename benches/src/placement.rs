//! A catalogue and a cluster that leave no way out early, and the real cluster of the trace.

use counterfoil::{
    error::Error,
    placement::{
        Capacity, Effect, Node, Product, Request, Resource, Running, Supply, Taint, Toleration, TolerationOperator,
    },
};
use std::{collections::BTreeSet, fs, path::Path};

/// How many nodes the adversarial cluster has.
pub const NODES: u64 = 5_000;
/// How many products its catalogue has.
pub const PRODUCTS: u64 = 500;

/// The resources of the adversarial cluster: a unit, and how many of it a node has free at most.
///
/// # Errors
/// None: the text is fixed.
pub fn lanes() -> Result<[(Resource, u64, u64); 5], Error> {
    Ok([
        ("cpu".parse()?, 1, 64_000),
        ("memory".parse()?, 1 << 20, 256 << 10),
        ("disk[SYS]".parse()?, 1 << 30, 8_000),
        ("gpu[A100]".parse()?, 1_000, 64),
        ("example.com/port".parse()?, 1, 5_000),
    ])
}

/// Nodes with levels that all differ, of which each but the last has too little of one resource: of which one, differs
/// from node to node. A seventh of them has a taint, and each its own name among its labels, as in Kubernetes.
///
/// # Errors
/// None: the text is fixed.
pub fn nodes() -> Result<Vec<Node>, Error> {
    let lanes = lanes()?;
    let node = |index: u64| {
        let mut node = Node::worker(format!("node-{index:04}"));
        node.slots = Some(110);
        for ((resource, unit, most), lane) in lanes.iter().zip(0_u32..) {
            let mixed = (index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(8 * lane) >> 20;
            let half = most / 2;
            let free = match (index == NODES - 1, index % 5 == u64::from(lane)) {
                (true, _) => *most,
                (false, true) => mixed % half,
                (false, false) => half + mixed % half,
            };
            node.supplies.insert(resource.clone(), Supply::Known(Capacity::of(free * unit)));
        }
        let zone = ["a", "b", "c", "d"].into_iter().nth((index % 4) as usize);
        node.labels.extend(zone.map(|zone| ("zone".into(), zone.into())));
        node.labels.insert("tier".into(), if index.is_multiple_of(2) { "gold" } else { "silver" }.into());
        if index % 7 == 3 {
            let (key, value) = ("dedicated".into(), format!("user{}", index % 3));
            node.taints.push(Taint { key, value, effect: Effect::NoSchedule });
        }
        node
    };
    Ok((0..NODES).map(node).collect())
}

/// Products whose amounts all differ, from half of the most to all of it: those with an even number fit no node, the
/// others only the last one.
///
/// # Errors
/// None: the text is fixed.
pub fn products() -> Result<Vec<Product>, Error> {
    let lanes = lanes()?;
    let product = |index: u64| -> Result<Product, Error> {
        let parts = lanes.iter().map(|(resource, unit, most)| {
            let amount =
                most / 2 + most * (index + 1) / PRODUCTS / 2 + if index.is_multiple_of(2) { most / 2 } else { 0 };
            (resource.clone(), amount.max(1) * unit)
        });
        let mut product = Product::new(format!("product-{index}"), Request::new(parts)?);
        let selector = &mut product.constraints.node_selector;
        if index % 4 == 1 {
            selector.insert("tier".into(), "silver".into());
        }
        if index % 8 == 2 {
            selector.insert("zone".into(), if index % 16 == 2 { "a" } else { "b" }.into());
        }
        if index.is_multiple_of(3) {
            product.constraints.tolerations.push(Toleration {
                key: "dedicated".into(),
                operator: TolerationOperator::Exists,
                value: String::new(),
                effect: None,
            });
        }
        Ok(product)
    };
    (0..PRODUCTS).map(product).collect()
}

/// The real cluster, filled by its trace.
pub struct RealCluster {
    /// Its nodes.
    pub nodes: Vec<Node>,
    /// The pods of the trace in their order, each on the first node that has it all.
    pub running: Vec<Running>,
    /// What pods of the trace ask for, each once, with the model of the node that they came to.
    pub products: Vec<Product>,
}

/// One node while the trace goes by.
struct Filling {
    cpu: u64,
    memory: u64,
    model: String,
    cards: Vec<u64>,
}

/// The cluster of `../shared/data/openb`; none where the folder is not there.
///
/// # Errors
/// Where a file is not of its form.
pub fn real_cluster() -> Result<Option<RealCluster>, Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/openb");
    if !folder.exists() {
        println!("skipped: no folder `../shared/data/openb` beside the project");
        return Ok(None);
    }
    let rows = |file: &str| -> Result<Vec<Vec<String>>, std::io::Error> {
        let text = fs::read_to_string(folder.join(file))?;
        Ok(text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect())
    };
    let cell = |row: &[String], column: usize| -> Result<u64, Box<dyn std::error::Error>> {
        Ok(row.get(column).ok_or("a column is missing")?.parse()?)
    };
    let (mut nodes, mut filling) = (Vec::new(), Vec::new());
    for row in rows("nodes.csv")? {
        let [name, _, _, _, model] = row.as_slice() else { return Err("five columns".into()) };
        let (cpu, memory, cards) = (cell(&row, 1)?, cell(&row, 2)? << 20, cell(&row, 3)?);
        let mut node = Node::worker(name);
        node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(cpu)));
        node.supplies.insert(Resource::Memory, Supply::Known(Capacity::of(memory)));
        if cards > 0 {
            node.supplies.insert(Resource::Gpu(model.parse()?), Supply::Known(Capacity::of(1_000 * cards)));
        }
        nodes.push(node);
        filling.push(Filling { cpu, memory, model: model.clone(), cards: vec![1_000; usize::try_from(cards)?] });
    }
    let (mut running, mut products, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for row in rows("pods.csv")? {
        let (cpu, memory) = (cell(&row, 1)?, cell(&row, 2)? << 20);
        let (count, milli) = (cell(&row, 3)?, cell(&row, 4)?);
        let whole = |node: &Filling| node.cards.iter().filter(|left| **left == 1_000).count() as u64;
        let has = |node: &&mut Filling| {
            let cards = if milli < 1_000 { node.cards.iter().any(|left| *left >= milli) } else { whole(node) >= count };
            node.cpu >= cpu && node.memory >= memory && (count == 0 || cards)
        };
        let Some((index, node)) = filling.iter_mut().enumerate().find(|(_, node)| has(node)) else { continue };
        let mut item = Running {
            id: row.first().cloned().unwrap_or_default(),
            node: nodes.get(index).map(|node| node.name.clone()).unwrap_or_default(),
            request: Request::default(),
            cards: [].into(),
        };
        (node.cpu, node.memory) = (node.cpu - cpu, node.memory - memory);
        let mut parts = vec![(Resource::Cpu, cpu), (Resource::Memory, memory)];
        if count > 0 {
            let model: counterfoil::units::Name = node.model.parse()?;
            parts.push((Resource::Gpu(model.clone()), count * milli));
            let is_free = |left: &u64| if milli < 1_000 { *left >= milli } else { *left == 1_000 };
            let taken = node.cards.iter_mut().enumerate().filter(|(_, left)| is_free(left));
            for (card, left) in taken.take(usize::try_from(count)?) {
                *left -= milli;
                if milli < 1_000 {
                    item.cards.insert(model.clone(), card as u64);
                }
            }
        }
        item.request = Request::new(parts)?;
        if seen.insert(item.request.clone()) {
            products.push(Product::new(format!("as {}", item.id), item.request.clone()));
        }
        running.push(item);
    }
    Ok(Some(RealCluster { nodes, running, products }))
}
