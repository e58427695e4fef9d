use crate::placement::{Resource, Taint, words::words};
use crate::{
    error::{MoneyError, PlacementError},
    exact::{Exact, Integer, RoundingMode},
};
use std::collections::BTreeMap;

/// A node as an inventory tells of it.
///
/// # Examples
/// ```
/// use counterfoil::placement::{Capacity, Node, Resource, Supply};
///
/// let mut node = Node::worker("k8s-worker-1");
/// node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(4000)));
/// node.labels.insert("kyy-gpu".into(), "false".into());
/// ```
///
/// # Rule
/// R-A2, R-A3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name, which no other node of the inventory has.
    pub name: String,
    /// The cluster that it belongs to, where that is said.
    pub cluster: Option<String>,
    /// What it is for: only workers carry products.
    pub role: Role,
    /// Whether it is ready.
    pub ready: bool,
    /// Whether it takes nothing new.
    pub cordoned: bool,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its taints, in the order in which they are reported.
    pub taints: Vec<Taint>,
    /// How many pods it takes; none where nobody limits them.
    pub slots: Option<u64>,
    /// What it has.
    pub supplies: BTreeMap<Resource, Supply>,
    /// What it means that a resource is not among its supplies.
    pub unlisted: Unlisted,
    /// Free cards whose model is not known: they never fit a model, and make a product that asks for one *unknown*
    /// instead of insufficient.
    pub cards_of_unknown_model: u64,
}

impl Node {
    /// A worker that is ready, has nothing yet, and takes any number of pods.
    pub fn worker(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            cluster: None,
            role: Role::Worker,
            ready: true,
            cordoned: false,
            labels: BTreeMap::new(),
            taints: Vec::new(),
            slots: None,
            supplies: BTreeMap::new(),
            unlisted: Unlisted::Nothing,
            cards_of_unknown_model: 0,
        }
    }

    /// What it has of a resource.
    pub fn supply(&self, resource: &Resource) -> Supply {
        match (self.supplies.get(resource), self.unlisted) {
            (Some(supply), _) => supply.clone(),
            (None, Unlisted::Nothing) => Supply::Known(Capacity::of(0)),
            (None, Unlisted::Unknown) => Supply::Unknown,
        }
    }
}

/// What a node is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// It carries products.
    Worker,
    /// It carries the cluster itself.
    Control,
}

words!(Role, "role of a node", "worker" => Worker, "control" => Control);

/// What it means that a node does not list a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unlisted {
    /// The list is complete: there is none, as in the `allocatable` of Kubernetes.
    Nothing,
    /// The list is not complete, as live data without disks: nobody knows.
    Unknown,
}

words!(Unlisted, "meaning of a resource that is not listed", "nothing" => Nothing, "unknown" => Unknown);

/// What a node has of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Supply {
    /// So much.
    Known(Capacity),
    /// Nobody knows.
    Unknown,
}

/// How much can be sold of what a node has.
///
/// # Units
/// The smallest of the resource.
///
/// # Rounding
/// `⌊(total − reserved) × overcommit⌋`, once.
///
/// # Rule
/// R-A3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capacity {
    /// What there is.
    pub total: u64,
    /// What is kept back for the system.
    pub reserved: u64,
    /// How many times the rest is sold; 1 is once.
    pub overcommit: Exact,
}

impl Capacity {
    /// All of it, once.
    pub const fn of(total: u64) -> Self {
        Self { total, reserved: 0, overcommit: Exact::ONE }
    }

    /// What can be given away, which is below zero where more is reserved than there is.
    pub(in crate::placement) fn sellable(&self, node: &str, resource: &Resource) -> Result<i64, PlacementError> {
        if self.overcommit.is_negative() {
            return Err(PlacementError::NegativeOvercommit { node: node.to_owned(), resource: resource.to_string() });
        }
        let overflow = || PlacementError::AmountOverflow { resource: resource.to_string(), operation: "the capacity" };
        let rest = i128::from(self.total).checked_sub(i128::from(self.reserved)).ok_or_else(overflow)?;
        if self.overcommit == Exact::ONE {
            return i64::try_from(rest).map_err(|_| overflow());
        }
        let floor = |rest: i128| -> Result<Option<i128>, MoneyError> {
            let scaled = Exact::over(Integer::from(rest), Integer::ONE)?.times(&self.overcommit)?;
            Ok(RoundingMode::Floor.divide(scaled.numerator(), scaled.denominator())?.narrow())
        };
        floor(rest)?.and_then(|floor| i64::try_from(floor).ok()).ok_or_else(overflow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::decimal;

    fn sellable(total: u64, reserved: u64, overcommit: &str) -> Result<i64, PlacementError> {
        let overcommit = Exact::from(decimal::parse(overcommit).unwrap());
        Capacity { total, reserved, overcommit }.sellable("n", &Resource::Cpu)
    }

    #[test]
    fn what_is_reserved_is_not_sold_twice() {
        assert_eq!(sellable(4000, 0, "1").unwrap(), 4000);
        assert_eq!(sellable(4000, 500, "1.5").unwrap(), 5250);
        assert_eq!(sellable(1001, 0, "1.5").unwrap(), 1501, "rounded down");
        assert_eq!(sellable(1000, 0, "0.3333333").unwrap(), 333);
        assert_eq!(sellable(100, 103, "1.5").unwrap(), -5, "and down below zero too: -4.5");
        assert_eq!(sellable(100, 0, "0").unwrap(), 0);
    }

    #[test]
    fn what_can_not_be_is_an_error() {
        assert_eq!(sellable(100, 0, "-0.1").unwrap_err().code(), "placement.negative_overcommit");
        assert_eq!(sellable(u64::MAX, 0, "1").unwrap_err().code(), "placement.amount_overflow");
        assert_eq!(sellable(u64::MAX, 0, "1.5").unwrap_err().code(), "placement.amount_overflow");
        assert_eq!(sellable(u64::MAX, 0, "0.5").unwrap(), i64::MAX);
    }
}
