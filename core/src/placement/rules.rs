use super::{Ledger, Resource, Term, words::words};
use std::collections::{BTreeMap, BTreeSet};

/// How a portal judges: what holds for every product of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Labels that every node must carry.
    pub required_labels: BTreeMap<String, String>,
    /// Terms of which every node must meet one, beside those of a product.
    pub added_affinity: Option<Vec<Term>>,
    /// Prefixes of named resources that are not judged: `example.com` leaves `example.com/bbb` out.
    pub ignored_groups: BTreeSet<String>,
    /// What a figure that nobody knows means.
    pub where_unknown: WhereUnknown,
}

impl Rules {
    /// Those of R-A1 … R-A3: no label is required, all resources are judged, what is unknown is grey.
    pub const fn strict() -> Self {
        Self {
            required_labels: BTreeMap::new(),
            added_affinity: None,
            ignored_groups: BTreeSet::new(),
            where_unknown: WhereUnknown::Grey,
        }
    }

    /// Whether a resource is not judged.
    pub(super) fn ignores(&self, resource: &Resource) -> bool {
        let Resource::Named(name) = resource else { return false };
        name.as_str().split_once('/').is_some_and(|(group, _)| self.ignored_groups.contains(group))
    }
}

/// What it means that the live figure of a resource is unknown.
///
/// # Rule
/// R-A3
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhereUnknown {
    /// The product is grey, with that reason.
    Grey,
    /// The ledger decides: what it has stock of is taken to be there, what it says nothing of is grey.
    Stock,
    /// It is taken to be there.
    Allow,
}

/// Of which resources an unknown figure is taken to be enough.
#[derive(Debug, Clone, Copy)]
pub(super) enum Trust<'l> {
    Nothing,
    Everything,
    /// Of those that the ledger has judged before.
    Books(&'l Ledger),
}

impl Trust<'_> {
    pub(super) fn covers(self, resource: &Resource) -> bool {
        match self {
            Self::Nothing => false,
            Self::Everything => true,
            Self::Books(ledger) => ledger.judges(resource),
        }
    }
}

impl WhereUnknown {
    /// What is trusted where no ledger is at hand: with `Stock`, its stage has been passed.
    pub(super) const fn trust(self) -> Trust<'static> {
        match self {
            Self::Grey => Trust::Nothing,
            Self::Stock | Self::Allow => Trust::Everything,
        }
    }
}

words!(WhereUnknown, "meaning of an unknown figure", "grey" => Grey, "stock" => Stock, "allow" => Allow);

/// On which card a running share is taken to be, where nobody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sharing {
    /// A share must name its card.
    Named,
    /// In the order given, each on the card with the least room that it fits, the first of equals.
    BestFit,
}

words!(Sharing, "sharing of cards", "named" => Named, "best_fit" => BestFit);
