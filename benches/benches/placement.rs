//! What a check of a catalogue costs: 500 products against 5,000 nodes that are nearly full, so that no way out early
//! helps, and a plain loop over structs in the same run; the same on the real cluster of the trace; and what placing its first
//! 1,000 pods costs.
//!
//! A pair is a product and a node: divide by 2.5 million.

use counterfoil::placement::{
    Change, Checking, Group, Heuristic, Item, Node, Product, Request, Resource, Rules, Running, Sharing, Snapshot,
    Stream, Supply, Telling, WorkBudget, place,
};
use counterfoil_benches::placement::{NODES, PRODUCTS, lanes, nodes, products, real_cluster};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::{collections::BTreeMap, hint::black_box};

type Fault = Box<dyn std::error::Error>;

/// A node as somebody would write it down who knows the five resources beforehand.
struct PlainNode {
    is_usable: bool,
    labels: BTreeMap<String, String>,
    taint: Option<String>,
    slots: u64,
    free: [u64; 5],
}

struct PlainProduct {
    selector: BTreeMap<String, String>,
    tolerates: bool,
    request: [u64; 5],
}

/// How many nodes give each reason: labels, taint, slots, and each resource.
type PlainReasons = [u64; 8];

fn plain_node(node: &Node, lanes: &[Resource; 5]) -> PlainNode {
    let free = lanes.each_ref().map(|lane| match node.supplies.get(lane) {
        Some(Supply::Known(capacity)) => capacity.total,
        _ => 0,
    });
    PlainNode {
        is_usable: node.ready && !node.cordoned,
        labels: node.labels.clone(),
        taint: node.taints.first().map(|taint| taint.value.clone()),
        slots: node.slots.unwrap_or(u64::MAX),
        free,
    }
}

fn plain_product(product: &Product, lanes: &[Resource; 5]) -> PlainProduct {
    PlainProduct {
        selector: product.constraints.node_selector.clone(),
        tolerates: !product.constraints.tolerations.is_empty(),
        request: lanes.each_ref().map(|lane| product.request.amount(lane)),
    }
}

impl PlainNode {
    fn is_wanted(&self, product: &PlainProduct) -> bool {
        product.selector.iter().all(|(key, value)| self.labels.get(key) == Some(value))
    }

    fn is_tolerated(&self, product: &PlainProduct) -> bool {
        product.tolerates || self.taint.is_none()
    }

    fn takes(&self, product: &PlainProduct) -> bool {
        let has_room = self.free.iter().zip(&product.request).all(|(free, asked)| free >= asked);
        self.is_usable && self.slots > 0 && has_room && self.is_tolerated(product) && self.is_wanted(product)
    }

    fn add_reasons(&self, product: &PlainProduct, reasons: &mut PlainReasons) {
        let short = self.free.iter().zip(&product.request).map(|(free, asked)| free < asked);
        let standing = [!self.is_wanted(product), !self.is_tolerated(product), self.slots == 0];
        for (count, is_reason) in reasons.iter_mut().zip(standing.into_iter().chain(short)) {
            *count += u64::from(is_reason);
        }
    }
}

fn adversarial(c: &mut Criterion) -> Result<(), Fault> {
    let (nodes, products, rules) = (nodes()?, products()?, Rules::strict());
    let resources = lanes()?.map(|(resource, _, _)| resource);
    let snapshot = Snapshot::new(nodes.clone(), [], Sharing::Named)?;
    let plain_nodes: Vec<PlainNode> = nodes.iter().map(|node| plain_node(node, &resources)).collect();
    let plain_products: Vec<PlainProduct> = products.iter().map(|product| plain_product(product, &resources)).collect();
    let plain_verdicts = || -> Vec<bool> {
        plain_products.iter().map(|product| plain_nodes.iter().any(|node| node.takes(product))).collect()
    };
    let plain_reasons = || -> Vec<PlainReasons> {
        let of = |product: &PlainProduct| {
            let mut reasons = PlainReasons::default();
            plain_nodes.iter().for_each(|node| node.add_reasons(product, &mut reasons));
            reasons
        };
        plain_products.iter().map(of).collect()
    };
    // Both say the same, and the last node is the only one.
    let check = snapshot.check(&products, &rules, Checking::REASONS)?;
    let sellable = plain_verdicts().into_iter().filter(|sellable| *sellable).count();
    assert_eq!(check.greyed.len() + sellable, products.len());
    assert!(sellable > 0 && sellable <= products.len() / 2, "{sellable}");

    let first_check = Checking { telling: Telling::FirstCheck, ..Checking::REASONS };
    let mut group = c.benchmark_group("500 products x 5,000 nodes");
    group.throughput(Throughput::Elements(NODES * PRODUCTS));
    for (name, checking) in [
        ("verdicts", Checking::VERDICTS),
        ("every reason", Checking::REASONS),
        ("reasons of the first check", first_check),
        ("every reason and the nearest node", Checking::NEAREST),
    ] {
        group.bench_function(name, |b| b.iter(|| snapshot.check(black_box(&products), &rules, checking)));
    }
    group.bench_function("counts", |b| b.iter(|| snapshot.counts(black_box(&products), &rules)));
    group.bench_function("verdicts, a plain loop", |b| b.iter(|| black_box(plain_verdicts())));
    group.bench_function("every reason, a plain loop", |b| b.iter(|| black_box(plain_reasons())));
    group.finish();

    let mut group = c.benchmark_group("1 product x 5,000 nodes");
    let one = products.get(7..8).unwrap_or_default();
    group.bench_function("verdict", |b| b.iter(|| snapshot.check(black_box(one), &rules, Checking::VERDICTS)));
    if let Some(grey) = products.get(8) {
        group.bench_function("explain", |b| b.iter(|| snapshot.explain(black_box(grey), &rules, Telling::Every)));
    }
    group.finish();

    let mut group = c.benchmark_group("a snapshot of 5,000 nodes");
    group.sample_size(20);
    group.bench_function("build", |b| b.iter(|| Snapshot::new(black_box(nodes.clone()), [], Sharing::Named)));
    let mut changing = snapshot.clone();
    let request = Request::new([(Resource::Cpu, 500), (Resource::Memory, 1 << 30)])?;
    let item = Running { id: "x".into(), node: "node-2500".into(), request, cards: [].into() };
    group.bench_function("start and stop", |b| {
        b.iter(|| {
            let started = changing.apply(Change::Start(item.clone()));
            let stopped = changing.apply(Change::Stop("x".into()));
            (started, stopped)
        });
    });
    group.bench_function("remove a node and bring it back", |b| {
        b.iter(|| changing.apply(Change::RemoveNode("node-2500".into())).and_then(|undo| changing.undo(&undo)));
    });
    group.finish();
    assert_eq!(changing, snapshot);
    Ok(())
}

fn real(c: &mut Criterion) -> Result<(), Fault> {
    let Some(cluster) = real_cluster()? else { return Ok(()) };
    let snapshot = Snapshot::new(cluster.nodes.clone(), cluster.running.clone(), Sharing::Named)?;
    let (products, rules) = (&cluster.products, Rules::strict());
    let pairs = products.len() * cluster.nodes.len();
    let greyed = snapshot.check(products, &rules, Checking::VERDICTS)?.greyed.len();
    println!(
        "{} nodes, {} pods, {} products, {greyed} of them grey",
        cluster.nodes.len(),
        cluster.running.len(),
        products.len()
    );
    let mut group = c.benchmark_group("the real cluster");
    group.throughput(Throughput::Elements(u64::try_from(pairs)?));
    group.bench_function("verdicts", |b| b.iter(|| snapshot.check(black_box(products), &rules, Checking::VERDICTS)));
    group.bench_function("every reason", |b| b.iter(|| snapshot.check(black_box(products), &rules, Checking::REASONS)));
    group.bench_function("counts", |b| b.iter(|| snapshot.counts(black_box(products), &rules)));
    group.finish();
    let mut group = c.benchmark_group("a snapshot of the real cluster");
    group.sample_size(20);
    group.bench_function("build", |b| {
        b.iter(|| Snapshot::new(cluster.nodes.clone(), black_box(cluster.running.clone()), Sharing::Named));
    });
    group.finish();
    Ok(())
}

/// The first 1,000 pods of the trace on the empty cluster: one after the other by a rule of thumb, and all at once with a
/// witness; beside a loop over structs that places them first-fit.
fn placing(c: &mut Criterion) -> Result<(), Fault> {
    let Some(cluster) = real_cluster()? else { return Ok(()) };
    let pods: Vec<&Running> = cluster.running.iter().take(1_000).collect();
    let mut replicas: BTreeMap<&Request, u64> = BTreeMap::new();
    pods.iter().for_each(|pod| *replicas.entry(&pod.request).or_default() += 1);
    let named = replicas.keys().enumerate().map(|(number, request)| (*request, format!("kind-{number:04}")));
    let names: BTreeMap<&Request, String> = named.collect();
    let name = |request: &Request| names.get(request).cloned().unwrap_or_default();
    let product = |request: &Request| Product::new(name(request), request.clone());
    let items: Vec<Item> = replicas.iter().map(|(request, count)| Item::new(product(request), *count)).collect();
    let (empty, rules) = (Snapshot::new(cluster.nodes.clone(), [], Sharing::Named)?, Rules::strict());
    let kinds = replicas.keys().map(|request| (name(request), vec![product(request)]));
    let stream = Stream::new(&empty, kinds, &rules)?;
    let order: Vec<String> = pods.iter().map(|pod| name(&pod.request)).collect();
    let groups = [Group::new("all", items)];
    println!("{} pods of {} kinds", pods.len(), replicas.len());

    let mut group = c.benchmark_group("1,000 pods on 1,523 nodes");
    group.sample_size(20);
    for rule in [Heuristic::FirstFit, Heuristic::BestFit, Heuristic::DotProduct] {
        group.bench_function(rule.name(), |b| {
            b.iter_batched(
                || stream.clone(),
                |mut stream| order.iter().filter_map(|kind| stream.place(kind, rule).transpose()).count(),
                BatchSize::LargeInput,
            );
        });
    }
    group.bench_function("all at once, with a witness", |b| {
        b.iter(|| place(black_box(&empty), &groups, &rules, WorkBudget::DEFAULT));
    });
    group.bench_function("first_fit, a plain loop", |b| {
        let plain: Vec<PlainRoom> = cluster.nodes.iter().map(PlainRoom::new).collect();
        b.iter_batched(
            || plain.clone(),
            |mut rooms| pods.iter().filter(|pod| rooms.iter_mut().any(|room| room.take(&pod.request))).count(),
            BatchSize::LargeInput,
        );
    });
    group.finish();
    Ok(())
}

/// A node as somebody would write it down who places pods of one card model.
#[derive(Clone)]
struct PlainRoom {
    cpu: u64,
    memory: u64,
    model: Option<Resource>,
    cards: Vec<u64>,
}

impl PlainRoom {
    fn new(node: &Node) -> Self {
        let amount = |resource: &Resource| match node.supplies.get(resource) {
            Some(Supply::Known(capacity)) => capacity.total,
            _ => 0,
        };
        let model = node.supplies.keys().find(|resource| resource.model().is_some()).cloned();
        let cards = model.as_ref().map_or(0, amount) / 1000;
        let cards = (0..cards).map(|_| 1000).collect();
        Self { cpu: amount(&Resource::Cpu), memory: amount(&Resource::Memory), model, cards }
    }

    fn take(&mut self, request: &Request) -> bool {
        let (cpu, memory) = (request.amount(&Resource::Cpu), request.amount(&Resource::Memory));
        if cpu > self.cpu || memory > self.memory {
            return false;
        }
        if let Some((model, milli)) = request.iter().find(|(resource, _)| resource.model().is_some()) {
            if self.model.as_ref() != Some(model) {
                return false;
            }
            let (count, each) = if milli < 1000 { (1, milli) } else { ((milli / 1000) as usize, 1000) };
            if self.cards.iter().filter(|room| **room >= each).count() < count {
                return false;
            }
            self.cards.iter_mut().filter(|room| **room >= each).take(count).for_each(|room| *room -= each);
        }
        self.cpu -= cpu;
        self.memory -= memory;
        true
    }
}

fn all(c: &mut Criterion) {
    for bench in [adversarial, real, placing] {
        if let Err(error) = bench(c) {
            eprintln!("a bench could not run: {error}");
            std::process::exit(1);
        }
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
