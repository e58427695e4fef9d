//! A real cluster, replayed: every task of the trace is placed when it came and given back when it went, by each rule of thumb.
//!
//! The trace is that of 1,523 nodes and 8,152 tasks (`../shared/data/openb`; skipped where it is not there). A task is tried
//! once, in the second of its creation; one that finds no node is counted and gone. Where tasks end and begin in one second, the ends come
//! first. A task that names no model of cards takes any: it has an alternative for each model, in the order of their names; of
//! nodes that are alike the first is taken, and on it the first model.
//!
//! All that is placed is added up here, card by card, apart from the library.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test: a fault must stop it, and it reads files"
)]

use counterfoil::placement::*;
use std::{collections::BTreeMap, path::Path};

const MIB: u64 = 1 << 20;

fn rows(file: &str) -> Option<Vec<Vec<String>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/openb");
    if !folder.exists() {
        println!("skipped: no folder `../shared/data/openb` beside the project, so no `{file}`");
        return None;
    }
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    assert!(!text.contains('"'), "no field is quoted");
    Some(text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect())
}

/// A node as the trace has it, and what is on it: milli-cores, bytes, and each card.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tally {
    cpu: u64,
    memory: u64,
    model: String,
    /// What is left of each card of which a share was taken.
    begun: BTreeMap<u64, u64>,
    cards: u64,
    whole: u64,
}

fn nodes() -> Option<BTreeMap<String, Tally>> {
    let number = |text: &String| text.parse::<u64>().unwrap();
    let node = |row: Vec<String>| {
        let (cpu, memory, cards) = (number(&row[1]), number(&row[2]) * MIB, number(&row[3]));
        (row[0].clone(), Tally { cpu, memory, model: row[4].clone(), begun: BTreeMap::new(), cards, whole: 0 })
    };
    Some(rows("nodes.csv")?.into_iter().map(node).collect())
}

fn gpu(model: &str) -> Resource {
    format!("gpu[{model}]").parse().unwrap()
}

fn snapshot(nodes: &BTreeMap<String, Tally>) -> Snapshot {
    let node = |(name, tally): (&String, &Tally)| {
        let mut node = Node::worker(name);
        let mut supply = |resource, amount| node.supplies.insert(resource, Supply::Known(Capacity::of(amount)));
        supply(Resource::Cpu, tally.cpu);
        supply(Resource::Memory, tally.memory);
        if tally.cards > 0 {
            supply(gpu(&tally.model), tally.cards * 1000);
        }
        node
    };
    Snapshot::new(nodes.iter().map(node), [], Sharing::Named).unwrap()
}

#[derive(Debug, Clone)]
struct Task {
    kind: String,
    cpu: u64,
    memory: u64,
    gpu: u64,
    models: Vec<String>,
    from: u64,
    until: u64,
}

fn tasks(file: &str, models: &[String]) -> Option<Vec<Task>> {
    let number = |text: &String| text.parse::<u64>().unwrap();
    let task = |row: Vec<String>| {
        let named: Vec<String> = row[5].split('|').filter(|model| !model.is_empty()).map(str::to_owned).collect();
        let mut accepted = if named.is_empty() { models.to_vec() } else { named };
        accepted.sort();
        accepted.dedup();
        Task {
            kind: format!("{}/{}/{}x{}/{}", row[1], row[2], row[3], row[4], row[5]),
            cpu: number(&row[1]),
            memory: number(&row[2]) * MIB,
            gpu: number(&row[3]) * number(&row[4]),
            models: accepted,
            from: number(&row[8]),
            until: number(&row[9]),
        }
    };
    Some(rows(file)?.into_iter().map(task).collect())
}

impl Task {
    fn alternatives(&self) -> Vec<Product> {
        let product = |model: &str, cards: u64| {
            let parts = [(Resource::Cpu, self.cpu), (Resource::Memory, self.memory), (gpu(model), cards)];
            Product::new(format!("{}@{model}", self.kind), Request::new(parts).unwrap())
        };
        match self.gpu {
            0 => vec![product("-", 0)],
            cards => self.models.iter().map(|model| product(model, cards)).collect(),
        }
    }
}

/// Takes a task from what is left of its node, or panics where it does not fit.
fn take(tally: &mut Tally, task: &Task, taken: &Taken) {
    tally.cpu = tally.cpu.checked_sub(task.cpu).expect("cores");
    tally.memory = tally.memory.checked_sub(task.memory).expect("memory");
    if task.gpu > 0 {
        assert!(taken.choice().product.ends_with(&format!("@{}", tally.model)), "another model");
        assert!(task.models.contains(&tally.model), "a model that is not accepted");
    }
    match (task.gpu, taken.cards().values().next()) {
        (1..1000, Some(card)) => {
            assert!(*card < tally.cards);
            let left = tally.begun.entry(*card).or_insert(1000);
            *left = left.checked_sub(task.gpu).expect("room on the card");
        }
        (1..1000, None) => panic!("a share without a card"),
        (milli, _) => tally.whole += milli / 1000,
    }
    assert!(tally.whole + tally.begun.len() as u64 <= tally.cards, "cards");
}

fn give(tally: &mut Tally, task: &Task, card: Option<u64>) {
    tally.cpu += task.cpu;
    tally.memory += task.memory;
    match (task.gpu, card) {
        (1..1000, Some(card)) => {
            let left = tally.begun.get_mut(&card).unwrap();
            *left += task.gpu;
            if *left == 1000 {
                tally.begun.remove(&card);
            }
        }
        (milli, _) => tally.whole -= milli / 1000,
    }
}

/// The trace, its nodes, and a stream of its kinds.
struct Replay {
    before: BTreeMap<String, Tally>,
    tallies: BTreeMap<String, Tally>,
    tasks: Vec<Task>,
    /// How often each kind comes.
    mix: BTreeMap<String, u64>,
    stream: Stream,
    running: BTreeMap<usize, Taken>,
    heuristic: Heuristic,
    placed: u32,
    not_placed: u32,
    most_at_once: usize,
}

impl Replay {
    fn new(file: &str, heuristic: Heuristic) -> Option<Self> {
        let before = nodes()?;
        let mut models: Vec<String> =
            before.values().map(|tally| tally.model.clone()).filter(|model| !model.is_empty()).collect();
        models.sort();
        models.dedup();
        let tasks = tasks(file, &models)?;
        assert_eq!((before.len(), tasks.len(), models.len()), (1523, 8152, 7));
        let kinds: BTreeMap<String, Vec<Product>> =
            tasks.iter().map(|task| (task.kind.clone(), task.alternatives())).collect();
        let mut mix: BTreeMap<String, u64> = BTreeMap::new();
        tasks.iter().for_each(|task| *mix.entry(task.kind.clone()).or_default() += 1);
        let stream = Stream::new(&snapshot(&before), kinds, &Rules::strict()).unwrap();
        let (tallies, running) = (before.clone(), BTreeMap::new());
        let counts = (0, 0, 0);
        let (placed, not_placed, most_at_once) = counts;
        Some(Self { before, tallies, tasks, mix, stream, running, heuristic, placed, not_placed, most_at_once })
    }

    fn begin(&mut self, number: usize) {
        let task = &self.tasks[number];
        match self.stream.place(&task.kind, self.heuristic).unwrap() {
            Some(taken) => {
                take(self.tallies.get_mut(&taken.choice().node).unwrap(), task, &taken);
                self.running.insert(number, taken);
                self.placed += 1;
            }
            None => self.not_placed += 1,
        }
        self.most_at_once = self.most_at_once.max(self.running.len());
    }

    fn end(&mut self, number: usize) {
        let Some(taken) = self.running.remove(&number) else { return };
        let tally = self.tallies.get_mut(&taken.choice().node).unwrap();
        give(tally, &self.tasks[number], taken.cards().values().next().copied());
        self.stream.give_back(taken).unwrap();
    }

    fn fragmentation(&self) -> Fragmentation {
        let found = self.stream.fragmentation(self.mix.iter().map(|(kind, weight)| (kind.as_str(), *weight))).unwrap();
        let free = self.tallies.values().map(|tally| {
            (tally.cards - tally.whole - tally.begun.len() as u64) * 1000 + tally.begun.values().sum::<u64>()
        });
        assert_eq!(found.free, u128::from(free.sum::<u64>()));
        found
    }

    /// Everything was given back: the nodes are as they were, and so is every number of the stream.
    fn is_as_before(&self, untouched: Fragmentation) {
        assert_eq!(self.tallies, self.before);
        assert!(self.running.is_empty());
        assert_eq!(self.fragmentation(), untouched);
    }
}

const RULES: [Heuristic; 3] = [Heuristic::FirstFit, Heuristic::BestFit, Heuristic::DotProduct];

#[test]
fn the_trace_never_over_commits() {
    println!(
        "in time: rule, placed, not placed, most at once, and free milli-cards with the fragmented part of 10,000"
    );
    for heuristic in RULES {
        let Some(mut replay) = Replay::new("pods_gpuspec33.csv", heuristic) else { return };
        let mut events: Vec<(u64, bool, usize)> = Vec::new();
        for (number, task) in replay.tasks.iter().enumerate() {
            assert!(task.from <= task.until);
            if task.from < task.until {
                events.extend([(task.from, true, number), (task.until, false, number)]);
            }
        }
        events.sort_unstable();
        let untouched = replay.fragmentation();
        let mut fragments = Vec::new();
        for (turn, (_, begins, number)) in events.iter().enumerate() {
            if *begins {
                replay.begin(*number)
            } else {
                replay.end(*number)
            }
            if turn % 6000 == 5999 {
                let now = replay.fragmentation();
                fragments.push((now.free, now.parts_of_ten_thousand().unwrap()));
            }
        }
        replay.is_as_before(untouched);
        println!("{heuristic}: {}, {}, {}, {fragments:?}", replay.placed, replay.not_placed, replay.most_at_once);
        assert_eq!(replay.placed + replay.not_placed, u32::try_from(events.len() / 2).unwrap());
    }
}

/// In time the cluster is never half full. So also: every task as it came, and none ends; then all of them, in another order.
#[test]
fn the_trace_fills_the_cluster_and_gives_it_back() {
    println!("filled: rule, placed, not placed, and free milli-cards with the fragmented part of 10,000");
    for file in ["pods_gpuspec33.csv", "pods.csv"] {
        for heuristic in RULES {
            let Some(mut replay) = Replay::new(file, heuristic) else { return };
            let untouched = replay.fragmentation();
            (0..replay.tasks.len()).for_each(|number| replay.begin(number));
            let full = replay.fragmentation();
            let parts = full.parts_of_ten_thousand().unwrap();
            println!("{file} {heuristic}: {}, {}, ({}, {parts})", replay.placed, replay.not_placed, full.free);
            assert_eq!(replay.placed + replay.not_placed, 8152);
            // 4,801 and 8,152 have no common factor: every task once.
            (0..replay.tasks.len()).for_each(|turn| replay.end(turn * 4801 % 8152));
            replay.is_as_before(untouched);
        }
    }
}
