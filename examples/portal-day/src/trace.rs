//! A cluster trace as input: pods of the Alibaba cluster trace gpu-v2023 (`openb`), with the prices of
//! `trace-rates.toml`.
//!
//! A pod is a resource of the kind `pod` that lives from its scheduling to its deletion; one that was never
//! scheduled used nothing and is free. The trace says neither who owns a pod nor what anybody has: pods are
//! dealt to owners by a hash of their names, their QoS class is the service unit, and every account opens
//! with the same balance.

use crate::{
    portfolio::{Life, Origin, Portfolio, Resource, ServiceUnit},
    problem::{Fault, Problem, Unusable},
    report::counted,
};
use counterfoil::{
    metering::{Dimension, History, Model, Part, Span, Spec},
    money::Money,
    pricing::RateCard,
    time::{Instant, MICROS_PER_SECOND},
    units::{Name, Quantity, Unit},
    wallet::{Category, Owner},
};
use csv::{ReaderBuilder, StringRecord};
use std::{collections::BTreeMap, fs, path::Path};

/// The price list of traces.
pub(crate) const RATES: &str = include_str!("../trace-rates.toml");

const PODS: &str = "pods.csv";
const SPECS: &str = "pods_gpuspec33.csv";
const HEADER: [&str; 11] = [
    "name",
    "cpu_milli",
    "memory_mib",
    "num_gpu",
    "gpu_milli",
    "gpu_spec",
    "qos",
    "pod_phase",
    "creation_time",
    "deletion_time",
    "scheduled_time",
];
/// What each owner's account holds at first, in the currency of the card.
const OPENING: i64 = 5_000;

/// A trace as it was read.
pub(crate) struct Trace {
    /// Pods as resources.
    pub(crate) portfolio: Portfolio,
    /// What was wrong with rows.
    pub(crate) problems: Vec<Problem>,
    /// The last instant at which a pod ran.
    pub(crate) end: Instant,
}

/// How a trace is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// What its second 0 stands for.
    pub(crate) start: Instant,
    /// To how many owners pods are dealt.
    pub(crate) owners: u32,
}

/// A row of a trace.
struct Pod<'r> {
    row: &'r StringRecord,
}

impl Trace {
    /// Reads the pods of a folder.
    pub(crate) fn read(folder: &Path, reading: Reading) -> Result<Self, Unusable> {
        let card = RateCard::from_toml(RATES).map_err(|error| Fault::from(error).at("trace-rates.toml", 0))?;
        let (pods, specs) = (records(folder, PODS)?, records(folder, SPECS)?);
        let models: BTreeMap<&str, &str> = specs
            .iter()
            .map(|(_, row)| {
                let text = |column| row.get(column).unwrap_or_default();
                (text(0), text(5).split('|').next().unwrap_or_default())
            })
            .collect();
        let opening = Money::new(rust_decimal::Decimal::from(OPENING), card.currency());
        let mut trace =
            Self { portfolio: Portfolio::new(card, RATES.to_owned()), problems: Vec::new(), end: reading.start };
        let mut never_scheduled = 0_usize;
        for (line, row) in &pods {
            let pod = Pod { row };
            let owner = owner_of(pod.text(0), reading.owners);
            let holding = trace.portfolio.owners.entry(owner.clone()).or_default();
            holding.balance = Some(opening);
            if pod.text(10).is_empty() {
                never_scheduled += 1;
                continue;
            }
            let model = models.get(pod.text(0)).copied().unwrap_or_default();
            match pod.resource(model, reading.start, *line) {
                Ok((id, resource, end)) if !holding.resources.contains_key(&id) => {
                    trace.end = trace.end.max(end);
                    let unit = ServiceUnit { application: "cluster".to_owned(), category: Category::Server };
                    trace.portfolio.units.entry(resource.unit.clone()).or_insert(unit);
                    holding.resources.insert(id, resource);
                }
                Ok((id, ..)) => {
                    let fault = Fault::new("input.repeated", format!("pod `{id}` stands twice"));
                    trace.leave_out(fault.at(PODS, *line), &owner);
                }
                Err(fault) => trace.leave_out(fault.at(PODS, *line), &owner),
            }
        }
        trace.portfolio.remarks.push(format!(
            "{}; {never_scheduled} were never scheduled and are free; second 0 is {}; dealt to {} owners by name, \
             the QoS class is the service unit",
            counted(pods.len(), "pod"),
            reading.start,
            trace.portfolio.owners.len(),
        ));
        Ok(trace)
    }

    fn leave_out(&mut self, problem: Problem, owner: &Owner) {
        self.portfolio.left_out.insert(owner.clone());
        self.problems.push(problem.of(Some(owner)));
    }
}

impl Pod<'_> {
    /// The pod as a resource, and when it ended.
    fn resource(&self, model: &str, start: Instant, line: u64) -> Result<(Name, Resource, Instant), Fault> {
        let at = |column| -> Result<Instant, Fault> { Ok(start.plus_micros(self.seconds(column)?)?) };
        let (from, to) = (at(10)?, at(9)?);
        let history = History::new([Span::post_paid(from, Some(to), self.spec(model)?)])?;
        let origin = Origin { file: PODS, line };
        let resource = Resource {
            kind: "pod".parse()?,
            unit: self.text(6).to_lowercase().parse()?,
            origin,
            life: Life::Spans { history, origins: vec![origin] },
        };
        Ok((self.text(0).parse()?, resource, to))
    }

    /// Cores, memory, and cards in thousandths: a share of one card, or whole cards.
    fn spec(&self, model: &str) -> Result<Spec, Fault> {
        let spec = Spec::new([
            (Part::CPU, Quantity::parse(self.text(1), Unit::MilliCore)?),
            (Part::RAM, Quantity::parse(self.text(2), Unit::MiB)?),
        ])?;
        let (cards, milli) = (self.whole(3)?, self.whole(4)?);
        let milli_cards = if cards == 1 { milli } else { cards.saturating_mul(1_000) };
        if milli_cards == 0 {
            return Ok(spec);
        }
        let model = if model.is_empty() { Model::Standard } else { model.parse()? };
        let part = Part { dimension: Dimension::Gpu, model };
        Ok(spec.with(part, Quantity::whole(milli_cards, Unit::MilliCard))?)
    }

    fn seconds(&self, column: usize) -> Result<i64, Fault> {
        let seconds = i64::try_from(self.whole(column)?).ok();
        let micros = seconds.and_then(|seconds| seconds.checked_mul(MICROS_PER_SECOND));
        micros.ok_or_else(|| self.not_whole(column))
    }

    fn whole(&self, column: usize) -> Result<u64, Fault> {
        self.text(column).parse().map_err(|_| self.not_whole(column))
    }

    fn not_whole(&self, column: usize) -> Fault {
        let (name, text) = (HEADER.get(column).copied().unwrap_or_default(), self.text(column));
        Fault::new("input.not_whole", format!("column `{name}`: `{text}` is no whole number of zero or more"))
    }

    fn text(&self, column: usize) -> &str {
        self.row.get(column).unwrap_or_default()
    }
}

/// The rows of a file with their lines; the header must be that of the trace.
fn records(folder: &Path, file: &'static str) -> Result<Vec<(u64, StringRecord)>, Problem> {
    let bytes = fs::read(folder.join(file)).map_err(|error| {
        let message = format!("can not be read in {}: {error}", folder.display());
        Fault::new("input.unreadable", message).at(file, 0)
    })?;
    let mut rows = Vec::new();
    for row in ReaderBuilder::new().has_headers(false).from_reader(&*bytes).records() {
        let row = row.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            Fault::new("input.not_csv", format!("it is no CSV: {error}")).at(file, line)
        })?;
        rows.push((row.position().map_or(0, csv::Position::line), row));
    }
    if rows.is_empty() || !rows.remove(0).1.iter().eq(HEADER) {
        let message = format!("wrong header: it must be `{}`", HEADER.join(","));
        return Err(Fault::new("input.wrong_header", message).at(file, 1));
    }
    Ok(rows)
}

/// The owner of a pod: FNV-1a of its name, so that it is the same everywhere.
fn owner_of(pod: &str, owners: u32) -> Owner {
    let hash = pod
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    Owner::Group(format!("tenant-{:03}", hash % u64::from(owners.max(1))))
}
