//! The questions and answers of a reseller's portal, in its own shapes.

use crate::placement::{
    Capacity, Centre, Ledger, Level, Node, Product, Request, Resource, Role, Rules, Sharing, Snapshot, StockRow,
    Supply, Unstocked, request::CARD,
};
use crate::{error::PlacementError, units::Name};
use std::collections::BTreeMap;

/// A row of the reseller's table of nodes, which tells what is *free*.
///
/// # Units
/// Milli-cores, bytes, cards.
///
/// # Rule
/// R-A2, R-A3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResellerNode {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// Whether it is ready.
    pub ready: bool,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Free milli-cores.
    pub cpu: Level,
    /// Free bytes of memory.
    pub memory: Level,
    /// Free cards; they are of the model `STANDARD`.
    pub gpu: Level,
}

/// A product of the reseller.
///
/// # Units
/// Milli-cores, bytes, cards.
///
/// # Rule
/// R-A1
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResellerProduct {
    /// Its id.
    pub id: String,
    /// Milli-cores.
    pub cpu: u64,
    /// Bytes of memory.
    pub memory: u64,
    /// Cards of the model `STANDARD`.
    pub gpu: u64,
}

/// The reseller's answer: the ids of the products to grey.
///
/// # Rule
/// R-A1
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undeployable {
    /// In the order of the products, none twice.
    pub undeployable: Vec<String>,
}

/// Which products of a reseller can not be deployed now.
///
/// # Errors
/// `placement.duplicate_node`, `placement.amount_overflow`.
///
/// # Examples
///
/// A control node has 3.15 cores free and the worker 1.60, so two cores do not fit:
/// ```
/// use counterfoil::placement::*;
///
/// let node = |name: &str, role, milli| ResellerNode {
///     name: name.into(),
///     role,
///     ready: true,
///     labels: [].into(),
///     cpu: Level::Known(milli),
///     memory: Level::Known(10 << 30),
///     gpu: Level::Known(0),
/// };
/// let nodes = [node("k8s-master", Role::Control, 3_150), node("k8s-worker-1", Role::Worker, 1_600)];
/// let product = |id: &str, cpu| ResellerProduct { id: id.into(), cpu, memory: 512 << 20, gpu: 0 };
/// let answer = determine_accommodation(&nodes, &[].into(), &[product("p1", 1_000), product("p2", 2_000)])?;
/// assert_eq!(answer.undeployable, ["p2"]);
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A1, R-A2
pub fn determine_accommodation(
    nodes: &[ResellerNode],
    labels: &BTreeMap<String, String>,
    products: &[ResellerProduct],
) -> Result<Undeployable, PlacementError> {
    let nodes = nodes.iter().map(ResellerNode::node).collect::<Result<Vec<Node>, PlacementError>>()?;
    let snapshot = Snapshot::new(nodes, [], Sharing::Named)?;
    let rules = Rules { required_labels: labels.clone(), ..Rules::strict() };
    let products = products.iter().map(ResellerProduct::product).collect::<Result<Vec<Product>, PlacementError>>()?;
    Ok(Undeployable { undeployable: Centre::new(&snapshot, &rules).greyed(&products)? })
}

impl ResellerNode {
    fn node(&self) -> Result<Node, PlacementError> {
        let cards = standard()?;
        let gpu = match self.gpu {
            Level::Known(count) => {
                let overflow = || overflow(&cards, "the free amount");
                Level::Known(count.checked_mul(CARD.cast_signed()).ok_or_else(overflow)?)
            }
            Level::Unknown => Level::Unknown,
        };
        let supplies = [(Resource::Cpu, self.cpu), (Resource::Memory, self.memory), (cards, gpu)];
        Ok(Node {
            role: self.role,
            ready: self.ready,
            labels: self.labels.clone(),
            supplies: supplies.map(|(resource, level)| (resource, supply(level))).into(),
            ..Node::worker(&self.name)
        })
    }
}

impl ResellerProduct {
    fn product(&self) -> Result<Product, PlacementError> {
        let cards = standard()?;
        let milli = milli(&cards, self.gpu)?;
        let request = Request::new([(Resource::Cpu, self.cpu), (Resource::Memory, self.memory), (cards, milli)])?;
        Ok(Product::new(&self.id, request))
    }
}

/// The reseller's list of cards: how many there are of each model, as first told of, in one cluster or in all.
///
/// # Errors
/// `placement.duplicate_stock`, `placement.unknown_cluster`, `placement.amount_overflow`.
///
/// # Examples
/// ```
/// use counterfoil::placement::gpu_stock;
///
/// let entries = [("STANDARD-8G".parse()?, "X", 2), ("STANDARD-8G".parse()?, "N", 3), ("A100-80G".parse()?, "N", 0)];
/// let by_model = gpu_stock(&entries, None)?;
/// assert_eq!(by_model, [("STANDARD-8G".parse()?, 5), ("A100-80G".parse()?, 0)]);
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A11
pub fn gpu_stock(entries: &[(Name, &str, u64)], cluster: Option<&str>) -> Result<Vec<(Name, u64)>, PlacementError> {
    let row = |(model, cluster, cards): &(Name, &str, u64)| {
        let resource = Resource::Gpu(model.clone());
        let stock = milli(&resource, *cards)?;
        Ok(StockRow { cluster: (*cluster).to_owned(), resource, stock, consumed: 0 })
    };
    let rows = entries.iter().map(row).collect::<Result<Vec<StockRow>, PlacementError>>()?;
    let all = Ledger::new(rows, Unstocked::Nothing)?;
    let ledger = cluster.map_or(Ok(all.clone()), |cluster| all.of_cluster(cluster))?;
    let cards = |milli: u64| milli.checked_div(CARD).unwrap_or(0);
    Ok(ledger.gpus().into_iter().map(|gpu| (gpu.model, cards(gpu.stock.stock()))).collect())
}

fn standard() -> Result<Resource, PlacementError> {
    Ok(Resource::Gpu(Resource::STANDARD.parse()?))
}

fn milli(resource: &Resource, cards: u64) -> Result<u64, PlacementError> {
    cards.checked_mul(CARD).ok_or_else(|| overflow(resource, "the number of cards"))
}

fn overflow(resource: &Resource, operation: &'static str) -> PlacementError {
    PlacementError::AmountOverflow { resource: resource.to_string(), operation }
}

/// So much is free: of less than nothing, more is kept back than there is.
fn supply(free: Level) -> Supply {
    match free {
        Level::Unknown => Supply::Unknown,
        Level::Known(free) if free < 0 => Supply::Known(Capacity { reserved: free.unsigned_abs(), ..Capacity::of(0) }),
        Level::Known(free) => Supply::Known(Capacity::of(free.unsigned_abs())),
    }
}

/// A quota of the reseller, as it describes that of disks.
///
/// # Units
/// Those of the portal.
///
/// # Rule
/// R-A12
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskQuota {
    /// `TotalQuota`.
    pub total: u64,
    /// `UsedQuota`.
    pub used: u64,
    /// `FreeQuota`, below zero where more is used than there is.
    pub free: i64,
}

impl From<super::Allotment> for DiskQuota {
    /// The quota in the reseller's shape.
    ///
    /// ```
    /// use counterfoil::placement::{Allotment, DiskQuota};
    ///
    /// assert_eq!(DiskQuota::from(Allotment::new(100, 37)?), DiskQuota { total: 100, used: 37, free: 63 });
    /// # Ok::<(), counterfoil::error::PlacementError>(())
    /// ```
    fn from(allotment: super::Allotment) -> Self {
        Self { total: allotment.total(), used: allotment.used(), free: allotment.free() }
    }
}
