//! The node table of a reseller's portal: what is *free* on each node, as the portal shows it.
//!
//! | column | cell |
//! |---|---|
//! | `name` | the name of the node |
//! | `role` | `worker` or `control`; also what `kubectl` shows: `control-plane`, `master`, `<none>` |
//! | `ready` | `true` or `false`; also `Ready`, `NotReady` |
//! | `labels` | `kyy-gpu=false,zone=a`; in JSON a list of those, or an object |
//! | `cpu` | free cores, `1.60` or `1.60核` |
//! | `memory` | free memory, `15.30Gi` |
//! | `gpu` | free cards, `0` |
//!
//! A cell of cpu, memory or gpu that is empty, or not there, is *unknown*; `gpu` `0` is known to be none. Disks and
//! the models of cards are not in the table, so they are unknown. Free figures are rounded down to the smallest unit, and may be below
//! zero.

use crate::{
    Fault, InventoryError, Object, Read,
    cells::{Cell, Table, json_text, not_json, shaped},
};
use counterfoil::{
    error::UnitsError,
    exact::RoundingMode,
    placement::{Capacity, DiskKind, Level, Node, ResellerNode, Resource, ResourceQuantity, Role, Supply, Unlisted},
};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

/// Reads a table in JSON: a list of rows, or an object whose member `nodes` is one.
///
/// Numbers may be written as text or as numbers; of a number the digits count as they are written.
///
/// # Errors
/// `inventory.not_json` of the text; of a row, as faults, `inventory.wrong_shape`, `inventory.missing`,
/// `inventory.unknown_word`, `inventory.contradiction`, `inventory.duplicate`, and those of
/// [`ResourceQuantity::parse_display`].
///
/// # Examples
/// ```
/// use counterfoil::placement::{Resource, Supply, Capacity};
/// use counterfoil_inventory::table;
///
/// let rows = r#"[{"name": "k8s-worker-1", "role": "worker", "ready": true, "labels": ["kyy-gpu=false"],
///                "cpu": "1.60核", "memory": "10.11Gi", "gpu": 0}]"#;
/// let node = table::json(rows)?.nodes().remove(0);
/// assert_eq!(node.supply(&Resource::Cpu), Supply::Known(Capacity::of(1600)));
/// assert_eq!(node.supply(&"gpu[T4]".parse()?), Supply::Known(Capacity::of(0)));
/// assert_eq!(node.supply(&"disk[SYS]".parse()?), Supply::Unknown);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn json(text: impl AsRef<[u8]>) -> Result<Read<ResellerNode>, InventoryError> {
    #[derive(Deserialize)]
    struct Rows<'t> {
        #[serde(borrow)]
        nodes: Vec<&'t RawValue>,
    }
    let text = json_text(text.as_ref())?;
    let rows = match text.trim_start().starts_with('[') {
        true => serde_json::from_str(text),
        false => serde_json::from_str(text).map(|rows: Rows<'_>| rows.nodes),
    };
    let rows: Vec<&RawValue> = rows.map_err(|error| not_json(&error))?;
    let read = |(index, row): (usize, &RawValue)| {
        let object = || Object::Node(format!("[{index}]"));
        let row: Row = shaped(row.get()).map_err(|(field, error)| Fault { object: object(), field, error })?;
        row.read(object())
    };
    Ok(distinct(rows.into_iter().enumerate().map(read)))
}

/// Reads a table in CSV, with a header; labels are separated by commas inside quotes.
///
/// # Errors
/// `inventory.not_csv`, `inventory.missing_column` of the table; of a row, as of [`json`].
///
/// # Examples
/// ```
/// use counterfoil_inventory::table;
///
/// let read = table::csv("name,role,ready,labels,cpu,memory,gpu\nw1,worker,true,\"kyy-gpu=false,zone=a\",4核,1Gi,\n")?;
/// assert_eq!(read.values[0].labels.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn csv(text: impl AsRef<[u8]>) -> Result<Read<ResellerNode>, InventoryError> {
    let table = Table::read(text.as_ref())?;
    let [name, role, ready, cpu, memory] = table.columns(["name", "role", "ready", "cpu", "memory"])?;
    let (labels, gpu) = (table.column_or_empty("labels"), table.column_or_empty("gpu"));
    let read = |row: crate::cells::Row| {
        let cell = |column| Some(row.text(column)).filter(|text| !text.is_empty()).map(|text| Cell(text.to_owned()));
        let labels = row.text(labels).split(',').filter(|label| !label.is_empty()).map(str::to_owned).collect();
        let cells = Row {
            name: cell(name),
            role: cell(role),
            ready: cell(ready).map(|cell| Truth::Word(cell.0)),
            labels: Some(Labels::List(labels)),
            cpu: cell(cpu),
            memory: cell(memory),
            gpu: cell(gpu),
        };
        cells.read(Object::Line(row.line))
    };
    Ok(distinct(table.rows.into_iter().map(|row| row.and_then(read))))
}

impl Read<ResellerNode> {
    /// The rows as nodes of the general model, in which cards have models.
    ///
    /// Free cards are of an unknown model; free figures that are below zero are kept as they are.
    pub fn nodes(&self) -> Vec<Node> {
        self.values.iter().map(node).collect()
    }
}

fn node(row: &ResellerNode) -> Node {
    let mut node = Node { role: row.role, ready: row.ready, labels: row.labels.clone(), ..Node::worker(&row.name) };
    node.supplies = [
        (Resource::Cpu, supply(row.cpu)),
        (Resource::Memory, supply(row.memory)),
        (Resource::EphemeralStorage, Supply::Unknown),
        (Resource::Disk(DiskKind::System), Supply::Unknown),
        (Resource::Disk(DiskKind::Data), Supply::Unknown),
    ]
    .into();
    match row.gpu {
        Level::Known(cards) => node.cards_of_unknown_model = u64::try_from(cards).unwrap_or(0),
        Level::Unknown => node.unlisted = Unlisted::Unknown,
    }
    node
}

/// So much is free: of less than nothing, more is kept back than there is.
fn supply(free: Level) -> Supply {
    match free {
        Level::Unknown => Supply::Unknown,
        Level::Known(free) if free < 0 => Supply::Known(Capacity { reserved: free.unsigned_abs(), ..Capacity::of(0) }),
        Level::Known(free) => Supply::Known(Capacity::of(free.unsigned_abs())),
    }
}

#[derive(Deserialize)]
struct Row {
    name: Option<Cell>,
    role: Option<Cell>,
    ready: Option<Truth>,
    labels: Option<Labels>,
    cpu: Option<Cell>,
    memory: Option<Cell>,
    gpu: Option<Cell>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Truth {
    Known(bool),
    Word(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Labels {
    List(Vec<String>),
    Map(BTreeMap<String, String>),
}

impl Row {
    fn read(self, object: Object) -> Result<ResellerNode, Fault> {
        let missing =
            |field: &str| Fault { object: object.clone(), field: field.to_owned(), error: InventoryError::Missing };
        let name = self.name.map(|name| name.0).filter(|name| !name.is_empty()).ok_or_else(|| missing("name"))?;
        let object = match object {
            Object::Line(line) => Object::Line(line),
            _ => Object::Node(name.clone()),
        };
        let fault =
            |field: &str, error: InventoryError| Fault { object: object.clone(), field: field.to_owned(), error };
        let missing = |field: &str| fault(field, InventoryError::Missing);
        let level =
            |field: &str, cell: Option<Cell>, of: &Resource, scale: i32| match cell.filter(|cell| !cell.0.is_empty()) {
                None => Ok(Level::Unknown),
                Some(Cell(text)) => ResourceQuantity::parse_display(&text, of)
                    .and_then(|quantity| quantity.in_units(scale, RoundingMode::Floor))
                    .map(Level::Known)
                    .map_err(|error| fault(field, error.into())),
            };
        let cards = Resource::Gpu(Resource::STANDARD.parse().map_err(|error: UnitsError| fault("gpu", error.into()))?);
        Ok(ResellerNode {
            role: role(&self.role.ok_or_else(|| missing("role"))?.0).map_err(|error| fault("role", error))?,
            ready: self.ready.ok_or_else(|| missing("ready"))?.read().map_err(|error| fault("ready", error))?,
            labels: labels(self.labels).map_err(|error| fault("labels", error))?,
            cpu: level("cpu", self.cpu, &Resource::Cpu, Resource::Cpu.scale())?,
            memory: level("memory", self.memory, &Resource::Memory, Resource::Memory.scale())?,
            gpu: level("gpu", self.gpu, &cards, 0)?,
            name,
        })
    }
}

fn role(text: &str) -> Result<Role, InventoryError> {
    let role = |word| match word {
        "worker" | "<none>" => Some(Role::Worker),
        "control" | "control-plane" | "master" => Some(Role::Control),
        _ => None,
    };
    let roles: Option<Vec<Role>> = text.split(',').map(role).collect();
    let known = "worker, control, control-plane, master, <none>";
    let roles = roles.ok_or_else(|| InventoryError::UnknownWord { text: text.to_owned(), known })?;
    Ok(roles.into_iter().max().unwrap_or(Role::Worker))
}

impl Truth {
    fn read(&self) -> Result<bool, InventoryError> {
        match self {
            Self::Known(truth) => Ok(*truth),
            Self::Word(word) => match word.as_str() {
                "true" | "Ready" => Ok(true),
                "false" | "NotReady" => Ok(false),
                _ => {
                    let known = "true, false, Ready, NotReady";
                    Err(InventoryError::UnknownWord { text: word.clone(), known })
                }
            },
        }
    }
}

fn labels(labels: Option<Labels>) -> Result<BTreeMap<String, String>, InventoryError> {
    let list = match labels {
        None => return Ok(BTreeMap::new()),
        Some(Labels::Map(map)) => return Ok(map),
        Some(Labels::List(list)) => list,
    };
    let mut map = BTreeMap::new();
    for label in list {
        let (key, value) = label.split_once('=').unwrap_or((&label, ""));
        if map.insert(key.to_owned(), value.to_owned()).is_some_and(|other| other != value) {
            return Err(InventoryError::Contradiction { fault: "a label with two values" });
        }
    }
    Ok(map)
}

/// All rows, the first of each name.
fn distinct(rows: impl Iterator<Item = Result<ResellerNode, Fault>>) -> Read<ResellerNode> {
    let (mut names, mut all) = (BTreeSet::new(), Read::nothing());
    for row in rows {
        all.add(row.and_then(|row| match names.insert(row.name.clone()) {
            true => Ok(row),
            false => Err(Fault {
                object: Object::Node(row.name),
                field: "name".to_owned(),
                error: InventoryError::Duplicate,
            }),
        }));
    }
    all
}
