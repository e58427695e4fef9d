use crate::error::PlacementError;
use crate::placement::{
    Centre, Node, Product, Refusal, Resource, Role, Supply, Taint, Term, Why, stages::ledger::missing,
};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

/// The most useful thing to do about a product that can not be sold now.
///
/// Of all workers that could ever take it, that is chosen with which the fewest things are to be done, then the easiest
/// (in the order of [`Action`]), then that which lacks the least part of what is asked for, then the first by name.
///
/// # Rule
/// R-A7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// What to do.
    pub action: Action,
    /// Whether the product can be sold then: nothing else stands in its way.
    pub suffices: bool,
}

/// Something to do.
///
/// # Units
/// The smallest of the resource.
///
/// # Rule
/// R-A7
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// The ledger must have so much more.
    Restock {
        /// Of what.
        parts: Vec<(Resource, u64)>,
    },
    /// The tenant must be allowed so much more.
    RaiseQuota {
        /// Of what.
        parts: Vec<(Resource, u64)>,
    },
    /// The product must ask for less: so much is free on the node.
    AskForLess {
        /// The node.
        node: String,
        /// Of what is short: the most that may be asked for, and how much less that is.
        parts: Vec<Less>,
    },
    /// So much must be given back on the node.
    FreeUp {
        /// The node.
        node: String,
        /// Of what.
        parts: Vec<(Resource, u64)>,
    },
    /// Somebody must say what the node has.
    ProvideFigures {
        /// The node.
        node: String,
        /// Of what.
        resources: Vec<Resource>,
    },
    /// A pod must go from the node.
    FreeSlot {
        /// The node.
        node: String,
    },
    /// The node must take new things again.
    Uncordon {
        /// The node.
        node: String,
    },
    /// The node must carry what every node must carry.
    Label {
        /// The node.
        node: String,
        /// The labels that it lacks.
        labels: BTreeMap<String, String>,
    },
    /// The node must match the affinity, or the affinity the node.
    MatchAffinity {
        /// The node.
        node: String,
    },
    /// The product must tolerate taints.
    Tolerate {
        /// The node.
        node: String,
        /// The taints that keep it off.
        taints: Vec<Taint>,
    },
    /// The node must become ready.
    MakeReady {
        /// The node.
        node: String,
    },
    /// There must be another worker that has it all: there is none, or none has as much of a part as is asked for and
    /// something of it free.
    AddWorker,
}

/// How much less to ask for.
///
/// # Units
/// The smallest of the resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Less {
    /// Of what.
    pub resource: Resource,
    /// The most that may be asked for.
    pub fits: u64,
    /// How much less that is.
    pub missing: u64,
}

impl Centre<'_> {
    /// What to do about what a stage says.
    pub(in crate::placement) fn hint(&self, product: &Product, why: &Why) -> Result<Option<Hint>, PlacementError> {
        Ok(Some(match why {
            Why::Stock(short) => {
                let parts = short.iter().map(|short| (short.resource.clone(), short.missing)).collect();
                let passes = self.excesses(&product.request).is_empty() && self.is_taken(product)?;
                Hint { action: Action::Restock { parts }, suffices: passes }
            }
            Why::Quota(over) => {
                let parts = over.iter().map(|over| (over.resource.clone(), over.missing)).collect();
                Hint { action: Action::RaiseQuota { parts }, suffices: self.is_taken(product)? }
            }
            Why::Nodes(explanation) if explanation.available > 0 => return Ok(None),
            Why::Nodes(_) => self.hint_of_nodes(product),
        }))
    }

    fn hint_of_nodes(&self, product: &Product) -> Hint {
        let workers = self.snapshot().nodes().filter(|node| node.role == Role::Worker);
        let nearest = workers.map(|node| Plan::new(node, self.refusals(&node.name, product))).min_by(Plan::compare);
        let first = nearest.as_ref().and_then(|plan| Some((plan, *plan.kinds.last()?)));
        match first {
            None | Some((_, Kind::Replace)) => Hint { action: Action::AddWorker, suffices: true },
            Some((plan, kind)) => {
                let action = self.action(product, plan, kind);
                Hint { suffices: plan.kinds.len() == 1 && self.keeps_affinity(product, plan.node, &action), action }
            }
        }
    }

    /// Whether a node that is labelled otherwise still matches: a label that must be `zone=a` may have been matched as
    /// `zone=b`.
    fn keeps_affinity(&self, product: &Product, node: &Node, action: &Action) -> bool {
        let Action::Label { labels: new, .. } = action else { return true };
        let mut labels = node.labels.clone();
        labels.extend(new.clone());
        let matches = |terms: &Option<Vec<Term>>| {
            terms.as_ref().is_none_or(|terms| terms.iter().any(|term| term.matches(&node.name, &labels)))
        };
        let constraints = &product.constraints;
        let is_selected = constraints.node_selector.iter().all(|(key, value)| labels.get(key) == Some(value));
        is_selected && matches(&constraints.affinity) && matches(&self.rules().added_affinity)
    }

    fn action(&self, product: &Product, plan: &Plan<'_>, kind: Kind) -> Action {
        let node = plan.node.name.clone();
        match kind {
            Kind::AskForLess => Action::AskForLess { node, parts: plan.short().map(|(less, _)| less).collect() },
            Kind::FreeUp => {
                let parts = plan.short().map(|(less, _)| (less.resource, less.missing)).collect();
                Action::FreeUp { node, parts }
            }
            Kind::ProvideFigures => Action::ProvideFigures { node, resources: plan.unknown() },
            Kind::FreeSlot => Action::FreeSlot { node },
            Kind::Uncordon => Action::Uncordon { node },
            Kind::Label => {
                let required = self.rules().required_labels.iter();
                let lacks = |(key, value): &(&String, &String)| plan.node.labels.get(*key) != Some(*value);
                let labels = required.filter(lacks).map(|(key, value)| (key.clone(), value.clone())).collect();
                Action::Label { node, labels }
            }
            Kind::MatchAffinity => Action::MatchAffinity { node },
            Kind::Tolerate => {
                let tolerations = product.constraints.tolerations.as_slice();
                let keeps_off =
                    |taint: &&Taint| Taint::first_untolerated(std::slice::from_ref(*taint), tolerations).is_some();
                Action::Tolerate { node, taints: plan.node.taints.iter().filter(keeps_off).cloned().collect() }
            }
            Kind::MakeReady => Action::MakeReady { node },
            Kind::Replace => Action::AddWorker,
        }
    }
}

/// What is to be done about one node, the easiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    AskForLess,
    FreeUp,
    ProvideFigures,
    FreeSlot,
    Uncordon,
    Label,
    MatchAffinity,
    Tolerate,
    MakeReady,
    /// Nothing helps: the node has less in all than is asked for.
    Replace,
}

/// All that is to be done for one node to take a product.
struct Plan<'n> {
    node: &'n Node,
    refusals: Vec<Refusal>,
    /// Of several, the hardest is told: without it the others are of no use.
    kinds: BTreeSet<Kind>,
}

impl<'n> Plan<'n> {
    fn new(node: &'n Node, refusals: Vec<Refusal>) -> Self {
        let mut plan = Self { node, refusals, kinds: BTreeSet::new() };
        let of_parts = match plan.short().all(|(_, free)| free > 0) {
            true => Kind::AskForLess,
            false if plan.is_large_enough() => Kind::FreeUp,
            false => Kind::Replace,
        };
        let kind = |refusal: &Refusal| {
            Some(match refusal {
                Refusal::NotWorker => return None,
                Refusal::NotReady => Kind::MakeReady,
                Refusal::Cordoned => Kind::Uncordon,
                Refusal::RequiredLabel => Kind::Label,
                Refusal::AddedAffinity | Refusal::Affinity => Kind::MatchAffinity,
                Refusal::Taint { .. } => Kind::Tolerate,
                Refusal::Unknown { .. } => Kind::ProvideFigures,
                Refusal::TooManyPods => Kind::FreeSlot,
                Refusal::Insufficient { .. } => of_parts,
            })
        };
        plan.kinds = plan.refusals.iter().filter_map(kind).collect();
        plan
    }

    fn compare(&self, other: &Self) -> Ordering {
        let is_too_small = |plan: &Self| plan.kinds.contains(&Kind::Replace);
        let count = is_too_small(self).cmp(&is_too_small(other)).then(self.kinds.len().cmp(&other.kinds.len()));
        let hardest = || self.kinds.iter().rev().cmp(other.kinds.iter().rev());
        let lack = || Lack::of(&self.refusals).cmp(&Lack::of(&other.refusals));
        count.then_with(hardest).then_with(lack).then_with(|| self.node.name.cmp(&other.node.name))
    }

    /// What is short, and what is free of it.
    fn short(&self) -> impl Iterator<Item = (Less, i64)> {
        self.refusals.iter().filter_map(|refusal| {
            let Refusal::Insufficient { resource, needed, free } = refusal else { return None };
            let fits = u64::try_from(*free).unwrap_or(0);
            Some((Less { resource: resource.clone(), fits, missing: missing(*needed, *free)? }, *free))
        })
    }

    /// Whether the node, were nothing running there, had what is short.
    fn is_large_enough(&self) -> bool {
        self.refusals.iter().all(|refusal| {
            let Refusal::Insufficient { resource, needed, .. } = refusal else { return true };
            let Supply::Known(capacity) = self.node.supply(resource) else { return true };
            let sellable = capacity.sellable(&self.node.name, resource);
            sellable.is_ok_and(|sellable| missing(*needed, sellable).is_none())
        })
    }

    fn unknown(&self) -> Vec<Resource> {
        let unknown = |refusal: &Refusal| match refusal {
            Refusal::Unknown { resource } => Some(resource.clone()),
            _ => None,
        };
        self.refusals.iter().filter_map(unknown).collect()
    }
}

/// The largest part of what is asked for that is missing, of all that is short.
#[derive(Debug, Clone, Copy)]
struct Lack {
    missing: u64,
    asked: u64,
}

impl Lack {
    fn of(refusals: &[Refusal]) -> Self {
        let lacks = refusals.iter().filter_map(|refusal| match refusal {
            Refusal::Insufficient { needed, free, .. } => {
                Some(Self { missing: missing(*needed, *free)?, asked: *needed })
            }
            _ => None,
        });
        lacks.max().unwrap_or(Self { missing: 0, asked: 1 })
    }
}

impl Ord for Lack {
    fn cmp(&self, other: &Self) -> Ordering {
        let product = |a: u64, b: u64| u128::from(a).saturating_mul(u128::from(b)); // fits: both are of 64 bits
        product(self.missing, other.asked).cmp(&product(other.missing, self.asked))
    }
}

impl PartialOrd for Lack {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Lack {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Lack {}
