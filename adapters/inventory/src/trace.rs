//! Traces of clusters: tables of nodes and of tasks as `openb` has them.
//!
//! | table | columns |
//! |---|---|
//! | nodes | `sn`, `cpu_milli`, `memory_mib`, `gpu` (cards), `model` |
//! | pods | `name`, `cpu_milli`, `memory_mib`, `num_gpu`, `gpu_milli` (of each card), `gpu_spec`, `qos`, `pod_phase`, `creation_time`, `deletion_time`, `scheduled_time` |
//!
//! Columns stand in any order, and others may stand between them.

use crate::{
    Fault, InventoryError, Read,
    cells::{Column, Row, Table},
};
use counterfoil::{
    error::{PlacementError, UnitsError},
    placement::{Capacity, DiskKind, Node, Product, Request, Resource, Supply},
    units::Name,
};
use std::collections::BTreeSet;

const MIB: u64 = 1 << 20;
/// A whole card, in milli-cards.
const CARD: u64 = 1000;

/// Reads a table of nodes.
///
/// Cards without a model are of an unknown one. A trace says nothing of disks, so they are unknown too; what it lists is
/// all that there is of processors, memory and cards.
///
/// # Errors
/// `inventory.not_csv`, `inventory.missing_column` of the table; of a row, as faults, `inventory.missing`,
/// `inventory.not_a_number`, `inventory.not_csv`, `inventory.duplicate`, `units.bad_name`, `placement.amount_overflow`.
///
/// # Examples
/// ```
/// use counterfoil::placement::{Capacity, Resource, Supply};
/// use counterfoil_inventory::trace;
///
/// let read = trace::nodes("sn,cpu_milli,memory_mib,gpu,model\nn-0,32000,262144,2,T4\nn-1,x,1,0,\n")?;
/// let cards = Resource::Gpu("T4".parse()?);
/// assert_eq!(read.values[0].supply(&cards), Supply::Known(Capacity::of(2000)));
/// assert_eq!(read.faults[0].to_string(), "line 3, `cpu_milli`: `x` is no whole number from 0 to 9223372036854775807: write its digits alone");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn nodes(text: impl AsRef<[u8]>) -> Result<Read<Node>, InventoryError> {
    let table = Table::read(text.as_ref())?;
    let [name, cpu, memory, gpu, model] = table.columns(["sn", "cpu_milli", "memory_mib", "gpu", "model"])?;
    each(table, name, |row| {
        let mut node = Node::worker(row.text(name));
        let supplies = &mut node.supplies;
        let known = |amount| Supply::Known(Capacity::of(amount));
        supplies.insert(Resource::Cpu, known(row.number(cpu)?));
        supplies.insert(Resource::Memory, known(bytes(row, memory)?));
        for resource in [Resource::EphemeralStorage, Resource::Disk(DiskKind::System), Resource::Disk(DiskKind::Data)] {
            supplies.insert(resource, Supply::Unknown);
        }
        match (row.number(gpu)?, row.text(model)) {
            (0, _) => {}
            (cards, "") => node.cards_of_unknown_model = cards,
            (cards, name) => {
                let milli = times(cards, CARD, "gpu").map_err(|error| row.fault(gpu, error))?;
                supplies.insert(Resource::Gpu(named(row, model, name)?), known(milli));
            }
        }
        Ok(node)
    })
}

/// A task of a trace.
///
/// # Units
/// Milli-cores, bytes; seconds from the start of the trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracePod {
    /// Its name.
    pub name: String,
    /// Milli-cores.
    pub cpu_milli: u64,
    /// Bytes of memory.
    pub memory_bytes: u64,
    /// Cards, if it asks for any.
    pub cards: Option<CardDemand>,
    /// Its class of service.
    pub qos: String,
    /// Its phase at the end of the trace.
    pub phase: String,
    /// When it was submitted.
    pub created_s: u64,
    /// When it was deleted; none where the trace does not say.
    pub deleted_s: Option<u64>,
    /// When it was given a node; none where it never was.
    pub scheduled_s: Option<u64>,
}

/// Cards that are asked for.
///
/// # Units
/// Milli-cards, of all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardDemand {
    /// Whole cards, or less than 1000 of one.
    pub milli: u64,
    /// Which models will do.
    pub models: Models,
}

/// Which models of cards will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Models {
    /// All of them.
    Any,
    /// Any of these, in the order in which they were named.
    OneOf(Vec<Name>),
}

impl Models {
    /// Whether a model will do.
    pub fn accepts(&self, model: &Name) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(models) => models.contains(model),
        }
    }
}

impl TracePod {
    /// What it asks for, with its cards of this model; without one it may not ask for cards.
    ///
    /// # Errors
    /// `inventory.card_model_unknown` for cards without a model, or of a model that it does not accept; as [`Request::new`].
    ///
    /// # Examples
    /// ```
    /// use counterfoil::placement::Resource;
    /// use counterfoil_inventory::trace;
    ///
    /// let table = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time\n\
    ///              p-1,6000,12288,1,460,T4|P100,LS,Running,427061,12902960,427061\n";
    /// let pod = &trace::pods(table)?.values[0];
    /// let request = pod.request(Some(&"T4".parse()?))?;
    /// assert_eq!(request.amount(&Resource::Gpu("T4".parse()?)), 460);
    /// assert_eq!(pod.request(Some(&"G2".parse()?)).unwrap_err().code(), "inventory.card_model_unknown");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn request(&self, model: Option<&Name>) -> Result<Request, InventoryError> {
        let cards = match (&self.cards, model) {
            (None, _) => None,
            (Some(cards), Some(model)) if cards.models.accepts(model) => {
                Some((Resource::Gpu(model.clone()), cards.milli))
            }
            (Some(_), _) => {
                return Err(InventoryError::CardModelUnknown {
                    resource: "gpu".to_owned(),
                    label: "gpu_spec".to_owned(),
                });
            }
        };
        let parts = [(Resource::Cpu, self.cpu_milli), (Resource::Memory, self.memory_bytes)];
        Ok(Request::new(parts.into_iter().chain(cards))?)
    }

    /// It as a product for each of these models that it accepts, or the one that asks for no cards.
    ///
    /// # Errors
    /// As [`Request::new`].
    pub fn products<'m>(&self, models: impl IntoIterator<Item = &'m Name>) -> Result<Vec<Product>, InventoryError> {
        let product = |model| Ok(Product::new(&self.name, self.request(model)?));
        match &self.cards {
            None => Ok(vec![product(None)?]),
            Some(cards) => models
                .into_iter()
                .filter(|model| cards.models.accepts(model))
                .map(|model| product(Some(model)))
                .collect(),
        }
    }
}

/// Reads a table of tasks.
///
/// One card with `gpu_milli` below 1000 is a share of it; `gpu_spec` names the models that will do with `|` between
/// them, and none is any.
///
/// # Errors
/// As [`nodes`], and `inventory.contradiction` for a share of several cards, cards without milli-cards, or more than
/// 1000 of one.
pub fn pods(text: impl AsRef<[u8]>) -> Result<Read<TracePod>, InventoryError> {
    let table = Table::read(text.as_ref())?;
    let [name, cpu, memory, count, milli, spec] =
        table.columns(["name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli", "gpu_spec"])?;
    let [qos, phase, created, deleted, scheduled] =
        table.columns(["qos", "pod_phase", "creation_time", "deletion_time", "scheduled_time"])?;
    each(table, name, |row| {
        let contradiction = |fault| row.fault(milli, InventoryError::Contradiction { fault });
        let amount = match (row.number(count)?, row.number(milli)?) {
            (0, 0) => None,
            (0, _) => return Err(contradiction("milli-cards of no card")),
            (_, 0) => return Err(contradiction("cards without milli-cards")),
            (1, share) if share <= CARD => Some(share),
            (1, _) => return Err(contradiction("more than 1000 milli-cards of a card")),
            (cards, CARD) => Some(times(cards, CARD, "gpu").map_err(|error| row.fault(count, error))?),
            _ => return Err(contradiction("a share of several cards")),
        };
        let models = match row.text(spec) {
            "" => Models::Any,
            names => Models::OneOf(names.split('|').map(|name| named(row, spec, name)).collect::<Result<_, Fault>>()?),
        };
        Ok(TracePod {
            name: row.text(name).to_owned(),
            cpu_milli: row.number(cpu)?,
            memory_bytes: bytes(row, memory)?,
            cards: amount.map(|milli| CardDemand { milli, models }),
            qos: row.text(qos).to_owned(),
            phase: row.text(phase).to_owned(),
            created_s: row.number(created)?,
            deleted_s: row.optional_number(deleted)?,
            scheduled_s: row.optional_number(scheduled)?,
        })
    })
}

/// Reads every row, the first of each name.
fn each<T>(table: Table, name: Column, read: impl Fn(&Row) -> Result<T, Fault>) -> Result<Read<T>, InventoryError> {
    let (mut names, mut all) = (BTreeSet::new(), Read::nothing());
    for row in table.rows {
        all.add(row.and_then(|row| {
            let id = row.text(name);
            if id.is_empty() {
                return Err(row.fault(name, InventoryError::Missing));
            }
            let value = read(&row)?;
            match names.insert(id.to_owned()) {
                true => Ok(value),
                false => Err(row.fault(name, InventoryError::Duplicate)),
            }
        }));
    }
    Ok(all)
}

fn bytes(row: &Row, column: Column) -> Result<u64, Fault> {
    times(row.number(column)?, MIB, "memory").map_err(|error| row.fault(column, error))
}

/// A product within 63 bits.
fn times(count: u64, each: u64, of: &str) -> Result<u64, PlacementError> {
    let amount = count.checked_mul(each).filter(|amount| i64::try_from(*amount).is_ok());
    amount.ok_or_else(|| PlacementError::AmountOverflow { resource: of.to_owned(), operation: "the amount" })
}

fn named(row: &Row, column: Column, name: &str) -> Result<Name, Fault> {
    name.parse().map_err(|error: UnitsError| row.fault(column, error))
}
