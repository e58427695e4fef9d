use crate::placement::{Ledger, Level, Node, Resource, Role, Snapshot, Stock};
use crate::{error::PlacementError, units::Name};
use std::collections::BTreeMap;

/// A model of cards by the books of a centre.
///
/// # Units
/// Milli-cards.
///
/// # Rule
/// R-A11
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpuStock {
    /// The model.
    pub model: Name,
    /// What the clusters have of it.
    pub stock: Stock,
}

/// A model of cards by the nodes of a centre.
///
/// # Units
/// Milli-cards.
///
/// # Rule
/// R-A11
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpuFree {
    /// The model.
    pub model: Name,
    /// What is free of it on the nodes that are open: workers that are ready and not cordoned. A node that is over-used has
    /// nothing, and takes nothing from another.
    pub free: u64,
    /// How many open nodes have such cards and say how many are free.
    pub known: u64,
    /// How many open nodes have such cards, and nobody knows how many are free.
    pub unknown: u64,
}

/// The cards of a centre by its nodes.
///
/// # Rule
/// R-A11
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpusFree {
    /// The models that any node has, by name; none of them twice, and those without a free card too.
    pub models: Vec<GpuFree>,
    /// Whole cards on open nodes of which nobody knows the model.
    pub of_unknown_model: u64,
}

impl Ledger {
    /// The models of cards that are listed, as they are first told of, each once, and those without stock too.
    ///
    /// For one cluster: `ledger.of_cluster("N")?.gpus()`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::placement::{Ledger, StockRow, Unstocked};
    ///
    /// let row = |model: &str, cluster: &str, cards: u64| {
    ///     let resource = format!("gpu[{model}]").parse()?;
    ///     let row = StockRow { cluster: cluster.into(), resource, stock: cards * 1_000, consumed: 0 };
    ///     Ok::<_, counterfoil::error::PlacementError>(row)
    /// };
    /// let rows = [
    ///     row("STANDARD-8G", "X", 2)?,
    ///     row("STANDARD-8G", "N", 3)?,
    ///     row("A100-80G", "N", 0)?,
    ///     row("RTX5090-32G", "N", 0)?,
    /// ];
    /// let models = Ledger::new(rows, Unstocked::Nothing)?.gpus();
    /// let told: Vec<_> = models.iter().map(|gpu| (gpu.model.as_str(), gpu.stock.stock())).collect();
    /// assert_eq!(told, [("STANDARD-8G", 5_000), ("A100-80G", 0), ("RTX5090-32G", 0)]);
    /// # Ok::<(), counterfoil::error::PlacementError>(())
    /// ```
    ///
    /// # Rule
    /// R-A11
    pub fn gpus(&self) -> Vec<GpuStock> {
        let gpu = |resource: &Resource| {
            let Resource::Gpu(model) = resource else { return None };
            Some(GpuStock { model: model.clone(), stock: self.stock(resource)? })
        };
        self.resources().filter_map(gpu).collect()
    }
}

impl Snapshot {
    /// The models of cards that the nodes have, and what is free of each, of one cluster or of all nodes.
    ///
    /// # Errors
    /// `placement.amount_overflow`.
    ///
    /// # Rule
    /// R-A11
    pub fn gpus(&self, cluster: Option<&str>) -> Result<GpusFree, PlacementError> {
        let mut models: BTreeMap<&Name, GpuFree> = BTreeMap::new();
        let mut of_unknown_model = 0_u64;
        let is_meant = |node: &&Node| cluster.is_none() || node.cluster.as_deref() == cluster;
        for node in self.nodes().filter(is_meant) {
            let is_open = node.role == Role::Worker && node.ready && !node.cordoned;
            if is_open {
                let sum = of_unknown_model.checked_add(node.cards_of_unknown_model);
                of_unknown_model = sum.ok_or_else(|| overflow("gpu"))?;
            }
            for resource in node.supplies.keys() {
                let Resource::Gpu(model) = resource else { continue };
                let nothing = || GpuFree { model: model.clone(), free: 0, known: 0, unknown: 0 };
                let gpu = models.entry(model).or_insert_with(nothing);
                match self.free(&node.name, resource).filter(|_| is_open) {
                    Some(Level::Known(free)) => {
                        gpu.known = gpu.known.saturating_add(1);
                        let free = gpu.free.checked_add(u64::try_from(free).unwrap_or(0));
                        gpu.free = free.ok_or_else(|| overflow(&resource.to_string()))?;
                    }
                    Some(Level::Unknown) => gpu.unknown = gpu.unknown.saturating_add(1),
                    None => {}
                }
            }
        }
        Ok(GpusFree { models: models.into_values().collect(), of_unknown_model })
    }
}

fn overflow(resource: &str) -> PlacementError {
    PlacementError::AmountOverflow { resource: resource.to_owned(), operation: "the sum of free cards" }
}
