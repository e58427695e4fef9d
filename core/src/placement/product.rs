use super::{Request, Term, Toleration};
use std::collections::BTreeMap;

/// Something that is sold, as a combination of parts that one node must have.
///
/// # Rule
/// R-A1
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its id, by which it is greyed.
    pub id: String,
    /// What it asks of a node.
    pub request: Request,
    /// Which nodes it may run on.
    pub constraints: Constraints,
}

impl Product {
    /// A product that may run on any worker without taints.
    pub fn new(id: impl Into<String>, request: Request) -> Self {
        Self { id: id.into(), request, constraints: Constraints::default() }
    }
}

/// Which nodes something may run on.
///
/// # Rule
/// R-A2, R-A8
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Constraints {
    /// Labels that the node must carry, each with this value.
    pub node_selector: BTreeMap<String, String>,
    /// Terms of which the node must meet one; none is no requirement, an empty list matches nothing.
    pub affinity: Option<Vec<Term>>,
    /// Taints that it may run beside.
    pub tolerations: Vec<Toleration>,
}
