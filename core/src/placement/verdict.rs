use super::{Refusal, words::words};

/// Whether a product can be deployed now.
///
/// # Rule
/// R-A1, R-A6
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// On at least one node.
    Sellable {
        /// How many nodes take one.
        nodes: u64,
    },
    /// Not now.
    Grey {
        /// Which stage refused it.
        stage: Stage,
        /// Why, where live nodes were asked and the caller wants to know.
        explanation: Option<Explanation>,
    },
}

/// What refused a product, from the first that is asked to the last.
///
/// The ledger is asked first (`stock`), then the quota of the tenant (`quota`), then the nodes. Of the nodes that stage is
/// told which no worker passed: `label` where there are workers and none carries the labels, `taint` where those that do
/// have taints that are not tolerated, else `dynamic`: the live state of the nodes and what is free there.
///
/// # Rule
/// R-A6
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The ledger has less than is asked for.
    Stock,
    /// The tenant may have no more.
    Quota,
    /// No worker carries the labels.
    Label,
    /// Every worker that carries the labels has a taint that is not tolerated.
    Taint,
    /// No node has it free.
    Dynamic,
}

words!(Stage, "stage", "stock" => Stock, "quota" => Quota, "label" => Label, "taint" => Taint, "dynamic" => Dynamic);

/// Why no node takes a product, counted over all nodes.
///
/// # Rule
/// R-A7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// How many nodes there are.
    pub nodes: u64,
    /// How many of them take it.
    pub available: u64,
    /// Each reason that any node gives, by count from the largest, then as they are told.
    pub reasons: Vec<ReasonCount>,
    /// How many nodes give what as their first reason; with the available ones they add up to the nodes.
    pub first: FirstReasons,
    /// The node that lacks least: fewest refusals, then the smallest part of what is asked for, then its name.
    pub nearest: Option<Nearest>,
}

/// A reason, and how many nodes give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonCount {
    /// The reason; of `Insufficient`, with the facts of the node that lacks least.
    pub reason: Refusal,
    /// How many nodes give it.
    pub nodes: u64,
    /// How much the node lacks that lacks least, in the smallest unit; none where nothing is measured.
    pub shortfall: Option<u64>,
    /// That node, or the first by name where nothing is measured.
    pub nearest: String,
}

/// The node that is nearest to taking a product, and all that keeps it off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    /// Its name.
    pub node: String,
    /// What keeps it off.
    pub refusals: Vec<Refusal>,
}

/// How many nodes give what as their first reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FirstReasons {
    /// They carry the cluster.
    pub role: u64,
    /// They are not ready.
    pub ready: u64,
    /// They take nothing new.
    pub cordoned: u64,
    /// They lack a label, or do not match an affinity.
    pub label: u64,
    /// They have a taint that is not tolerated.
    pub taint: u64,
    /// Nobody knows what they have.
    pub unknown: u64,
    /// They have less than is asked for.
    pub parts: u64,
}

impl FirstReasons {
    /// All nodes that give a reason.
    pub fn sum(&self) -> u64 {
        let all = [self.role, self.ready, self.cordoned, self.label, self.taint, self.unknown, self.parts];
        all.into_iter().fold(0, u64::saturating_add)
    }

    pub(super) fn add(&mut self, reason: &Refusal, nodes: u64) {
        let sum = match reason {
            Refusal::NotWorker => &mut self.role,
            Refusal::NotReady => &mut self.ready,
            Refusal::Cordoned => &mut self.cordoned,
            Refusal::RequiredLabel | Refusal::AddedAffinity | Refusal::Affinity => &mut self.label,
            Refusal::Taint { .. } => &mut self.taint,
            Refusal::Unknown { .. } => &mut self.unknown,
            Refusal::TooManyPods | Refusal::Insufficient { .. } => &mut self.parts,
        };
        *sum = sum.saturating_add(nodes);
    }
}

/// Which reasons of a node are counted.
///
/// # Rule
/// R-A7
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Telling {
    /// All of them.
    Every,
    /// Those of the first check that it does not pass, as the scheduler of Kubernetes stops there: a node with a taint is
    /// not asked what is free on it. Of what is free, all that is short is told.
    FirstCheck,
}

words!(Telling, "telling of reasons", "every" => Every, "first_check" => FirstCheck);
