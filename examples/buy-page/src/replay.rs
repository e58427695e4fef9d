//! A trace of a cluster: its tasks in order, each placed by a rule of thumb when it came, and taken away when it ended.

use crate::{
    cluster::{Cluster, read},
    show::thousands,
};
use anyhow::{Context, Result};
use counterfoil::{
    placement::{
        Fragmentation, Heuristic, Node, Product, Request, Resource, Rules, Running, Sharing, Snapshot, Stream, Taken,
    },
    units::Name,
};
use counterfoil_inventory::{
    Fault,
    trace::{self, Models, TracePod},
};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// A trace as it was read.
pub(crate) struct Trace {
    nodes: Vec<Node>,
    pods: Vec<TracePod>,
    /// What each task is one of: tasks that ask for the same are one kind.
    kinds: BTreeMap<String, Vec<Product>>,
    title: String,
    faults: Vec<Fault>,
}

/// A trace at a second.
pub(crate) struct Moment {
    /// What ran, and where.
    running: Vec<Running>,
    pub(crate) not_placed: u64,
    pub(crate) fragmentation: Fragmentation,
}

impl Trace {
    /// Reads both tables; of tasks, the one that names models where it is there.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let named = folder.join("pods_gpuspec33.csv");
        let pods_file = if named.exists() { named } else { folder.join("pods.csv") };
        let nodes = trace::nodes(read(&folder.join("nodes.csv"))?)?;
        let pods = trace::pods(read(&pods_file)?)?;
        let models: BTreeSet<&Name> =
            nodes.values.iter().flat_map(|node| node.supplies.keys().filter_map(Resource::model)).collect();
        let mut kinds = BTreeMap::new();
        for pod in &pods.values {
            let name = kind(pod);
            if !kinds.contains_key(&name) {
                kinds.insert(name.clone(), alternatives(&name, pod, &models)?);
            }
        }
        let title = format!("{}, tasks of {}", folder.display(), pods_file.file_name().unwrap_or_default().display());
        let faults = nodes.faults.into_iter().chain(pods.faults).collect();
        Ok(Self { nodes: nodes.values, pods: pods.values, kinds, title, faults })
    }

    /// The second in the middle.
    pub(crate) fn middle(&self) -> u64 {
        self.pods.iter().filter_map(|pod| pod.deleted_s).max().unwrap_or(0) / 2
    }

    /// Places and takes away, until a second, what came before it or in it.
    pub(crate) fn at(&self, second: u64, by: Heuristic, progress: bool) -> Result<Moment> {
        let snapshot = Snapshot::new(self.nodes.clone(), [], Sharing::Named)?;
        let mut stream = Stream::new(&snapshot, self.kinds.clone(), &Rules::strict())?;
        let events = self.events(second);
        let bar = bar(events.len(), by, progress)?;
        let (mut taken, mut not_placed) = (BTreeMap::new(), 0);
        for (_, event, pod) in events {
            bar.inc(1);
            let Some(task) = self.pods.get(pod) else { continue };
            match event {
                Event::End => {
                    if let Some(taken) = taken.remove(&pod) {
                        stream.give_back(taken)?;
                    }
                }
                Event::Begin => match stream.place(&kind(task), by)? {
                    Some(placed) => {
                        taken.insert(pod, placed);
                    }
                    None => not_placed += 1,
                },
            }
        }
        bar.finish_and_clear();
        let fragmentation = stream.fragmentation(self.mix().iter().map(|(kind, weight)| (kind.as_str(), *weight)))?;
        let running = taken.into_iter().filter_map(|(pod, taken)| self.running(pod, &taken));
        Ok(Moment { running: running.collect(), not_placed, fragmentation })
    }

    /// The cluster at that moment.
    pub(crate) fn cluster(self, moment: Moment, second: u64, by: Heuristic) -> Result<Cluster> {
        let nodes = thousands(self.nodes.len());
        let about = format!(
            "{nodes} nodes at second {}; {} tasks run, placed by {by}; {} found no node",
            thousands(second),
            thousands(moment.running.len()),
            thousands(moment.not_placed),
        );
        let snapshot = Snapshot::new(self.nodes, moment.running, Sharing::Named).context("the replay")?;
        Ok(Cluster { snapshot, title: self.title, about, faults: self.faults })
    }

    /// What happens until a second, in order; of one second the ends come first.
    fn events(&self, second: u64) -> Vec<(u64, Event, usize)> {
        let mut events = Vec::new();
        for (number, pod) in self.pods.iter().enumerate() {
            let end = pod.deleted_s.unwrap_or(u64::MAX);
            if pod.created_s < end {
                events.push((pod.created_s, Event::Begin, number));
                events.push((end, Event::End, number));
            }
        }
        events.retain(|(at, _, _)| *at <= second);
        events.sort_unstable();
        events
    }

    /// How often each kind comes in all of the trace.
    fn mix(&self) -> BTreeMap<String, u64> {
        let mut mix = BTreeMap::new();
        self.pods.iter().for_each(|pod| *mix.entry(kind(pod)).or_default() += 1);
        mix
    }

    fn running(&self, pod: usize, taken: &Taken) -> Option<Running> {
        let choice = taken.choice();
        let product = self.kinds.values().flatten().find(|product| product.id == choice.product)?;
        Some(Running {
            id: self.pods.get(pod)?.name.clone(),
            node: choice.node.clone(),
            request: product.request.clone(),
            cards: taken.cards().clone(),
        })
    }
}

/// An end comes before a beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    End,
    Begin,
}

/// What a task asks for, as a name.
fn kind(pod: &TracePod) -> String {
    let cards = pod.cards.as_ref().map(|cards| {
        let models = match &cards.models {
            Models::Any => "any".to_owned(),
            Models::OneOf(models) => models.iter().map(Name::as_str).collect::<Vec<_>>().join("|"),
        };
        format!("{} of {models}", cards.milli)
    });
    format!("{}/{}/{}", pod.cpu_milli, pod.memory_bytes, cards.unwrap_or_default())
}

/// A task that accepts several models of cards is a product for each.
fn alternatives(kind: &str, pod: &TracePod, models: &BTreeSet<&Name>) -> Result<Vec<Product>> {
    let product = |id: String, request: Request| Product::new(id, request);
    let Some(cards) = &pod.cards else { return Ok(vec![product(kind.to_owned(), pod.request(None)?)]) };
    let accepted = models.iter().filter(|model| cards.models.accepts(model));
    accepted.map(|model| Ok(product(format!("{kind}@{model}"), pod.request(Some(model))?))).collect()
}

fn bar(length: usize, by: Heuristic, progress: bool) -> Result<ProgressBar> {
    if !progress {
        return Ok(ProgressBar::hidden());
    }
    let style = ProgressStyle::with_template("{msg:>22} {wide_bar} {pos}/{len} {eta}")?;
    Ok(ProgressBar::new(u64::try_from(length)?).with_style(style).with_message(by.to_string()))
}
