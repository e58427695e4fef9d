//! An independent check of answers: from the snapshot, by addition and by listing, with none of the code that found them.

mod frontier;
mod node;
mod proof;
mod witness;

use super::{
    certificate::{GroupOutcome, Outcome, Scarce},
    item::{Group, check_ids},
    steps::{Steps, WorkBudget},
};
use crate::{
    error::PlacementError,
    placement::{Rules, Snapshot},
    units::Name,
};
use std::collections::BTreeMap;

/// What a check found.
///
/// # Rule
/// R-A10
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verification {
    /// What was claimed holds.
    Verified,
    /// It does not hold.
    Rejected(Rejection),
    /// Nothing was claimed: the answer is `GaveUp`.
    NothingClaimed,
    /// The work budget is spent: nothing is said.
    Unchecked,
}

/// Why an answer does not hold.
///
/// # Rule
/// R-A10
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// It names an item that is not in the group.
    UnknownItem {
        /// What it names.
        item: String,
    },
    /// It names a node that is not in the inventory.
    UnknownNode {
        /// What it names.
        node: String,
    },
    /// It names something twice.
    Repeated {
        /// What.
        name: String,
    },
    /// An item is on a node that it may not run on.
    MayNotRun {
        /// The item.
        item: String,
        /// The node.
        node: String,
    },
    /// Not as many copies are placed as are asked for.
    WrongCount {
        /// The item.
        item: String,
        /// How many are asked for.
        asked: u64,
        /// How many are placed.
        placed: u128,
    },
    /// More copies are on a node than may be.
    TooManyOnNode {
        /// The item.
        item: String,
        /// The node.
        node: String,
        /// How many may be.
        limit: u64,
        /// How many are.
        placed: u64,
    },
    /// The copies are not spread evenly enough.
    Skewed {
        /// The item.
        item: String,
        /// What may be.
        max_skew: u64,
        /// What is.
        skew: u128,
    },
    /// More is taken than is free.
    OverUsed {
        /// The node.
        node: String,
        /// Of what.
        of: Scarce,
        /// What is taken, by all groups so far.
        needed: u128,
        /// What is free.
        free: u128,
    },
    /// A resource is taken of which nobody knows how much there is.
    Unknown {
        /// The node.
        node: String,
        /// Of what.
        of: Scarce,
    },
    /// The copies with a share of a card do not name a card each.
    CardsNotNamed {
        /// The item.
        item: String,
        /// The node.
        node: String,
        /// The model.
        model: Name,
    },
    /// A node has no card of that index.
    UnknownCard {
        /// The node.
        node: String,
        /// The model.
        model: Name,
        /// The index.
        card: u64,
    },
    /// More is taken of one card than is free on it.
    OverUsedCard {
        /// The node.
        node: String,
        /// The model.
        model: Name,
        /// The card.
        card: u64,
        /// What is taken, in milli-cards.
        needed: u128,
        /// What is free.
        free: u64,
    },
    /// A number of a certificate is not what the snapshot gives.
    WrongFigure {
        /// Of what.
        what: String,
        /// What is claimed.
        claimed: u128,
        /// What it is.
        found: u128,
    },
    /// The numbers are right and prove nothing.
    ProvesNothing,
    /// A node is left out that takes something.
    NodeLeftOut {
        /// The node.
        node: String,
    },
    /// A certificate counts by other coordinates than the group has, or has a vector of another length.
    WrongShape,
    /// A node can be filled in a way that no vector of the next level covers.
    NotCovered {
        /// The number of the level that it begins from.
        level: usize,
        /// What is placed with that filling, by coordinate.
        vector: Vec<u64>,
    },
    /// A vector that can be reached is enough.
    IsEnough {
        /// The vector, by coordinate.
        vector: Vec<u64>,
    },
    /// It rests on a group before it whose answer was not verified.
    RestsOn {
        /// That group.
        group: String,
    },
}

impl Rejection {
    /// The name of its kind, as `over_used`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::UnknownItem { .. } => "unknown_item",
            Self::UnknownNode { .. } => "unknown_node",
            Self::Repeated { .. } => "repeated",
            Self::MayNotRun { .. } => "may_not_run",
            Self::WrongCount { .. } => "wrong_count",
            Self::TooManyOnNode { .. } => "too_many_on_node",
            Self::Skewed { .. } => "skewed",
            Self::OverUsed { .. } => "over_used",
            Self::Unknown { .. } => "unknown",
            Self::CardsNotNamed { .. } => "cards_not_named",
            Self::UnknownCard { .. } => "unknown_card",
            Self::OverUsedCard { .. } => "over_used_card",
            Self::WrongFigure { .. } => "wrong_figure",
            Self::ProvesNothing => "proves_nothing",
            Self::NodeLeftOut { .. } => "node_left_out",
            Self::WrongShape => "wrong_shape",
            Self::NotCovered { .. } => "not_covered",
            Self::IsEnough { .. } => "is_enough",
            Self::RestsOn { .. } => "rests_on",
        }
    }
}

/// Checks the answers about groups, in order: witnesses by addition, certificates by recomputing their numbers.
///
/// It is written without the code that finds placements, from the snapshot alone, so that a fault of one is found by the other.
/// An answer holds beside the groups placed before it; where one of those does not hold, it is `RestsOn`.
///
/// Whatever [`place`](crate::placement::place) answers is verified within the budget that it had.
///
/// # Errors
/// `placement.repeated_item`; `placement.other_groups` where the answers are not those of these groups.
///
/// # Examples
/// ```
/// use counterfoil::placement::*;
///
/// let mut node = Node::worker("a");
/// node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(3000)));
/// let snapshot = Snapshot::new([node], [], Sharing::Named)?;
/// let product = Product::new("web", Request::new([(Resource::Cpu, 2000)])?);
/// let groups = [Group::new("web", [Item::new(product, 1)])];
///
/// let mut answers = place(&snapshot, &groups, &Rules::strict(), WorkBudget::DEFAULT)?;
/// let check = |answers: &[GroupOutcome]| verify(&snapshot, &groups, &Rules::strict(), answers, WorkBudget::DEFAULT);
/// assert_eq!(check(&answers)?, [Verification::Verified]);
///
/// if let Outcome::Placed(witness) = &mut answers[0].outcome {
///     witness.seats[0].replicas = 2;
/// }
/// let wrong = Rejection::WrongCount { item: "web".into(), asked: 1, placed: 2 };
/// assert_eq!(check(&answers)?, [Verification::Rejected(wrong)]);
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A10
pub fn verify(
    snapshot: &Snapshot,
    groups: &[Group],
    rules: &Rules,
    answers: &[GroupOutcome],
    budget: WorkBudget,
) -> Result<Vec<Verification>, PlacementError> {
    check_ids(groups.iter().flat_map(|group| &group.items).map(super::Item::id))?;
    let names = |names: Vec<&str>| names.join(", ");
    if !groups.iter().map(|group| &group.name).eq(answers.iter().map(|answer| &answer.group)) {
        return Err(PlacementError::OtherGroups {
            groups: names(groups.iter().map(|group| group.name.as_str()).collect()),
            answered: names(answers.iter().map(|answer| answer.group.as_str()).collect()),
        });
    }
    let mut steps = Steps::of(budget);
    let mut checker = Checker::new(snapshot, rules);
    let mut failed: Option<String> = None;
    let checked = groups.iter().zip(answers).map(|(group, answer)| {
        if let Some(group) = &failed {
            return Verification::Rejected(Rejection::RestsOn { group: group.clone() });
        }
        let verification = checker.check(group, &answer.outcome, &mut steps);
        if matches!(answer.outcome, Outcome::Placed(_)) && verification != Verification::Verified {
            failed = Some(group.name.clone());
        }
        verification
    });
    Ok(checked.collect())
}

/// The snapshot, and what the groups so far have taken of it.
pub(super) struct Checker<'s> {
    snapshot: &'s Snapshot,
    rules: &'s Rules,
    taken: BTreeMap<String, node::Use>,
}

impl<'s> Checker<'s> {
    pub(super) const fn new(snapshot: &'s Snapshot, rules: &'s Rules) -> Self {
        Self { snapshot, rules, taken: BTreeMap::new() }
    }

    /// Checks one answer; a witness that holds is taken.
    pub(super) fn check(&mut self, group: &Group, outcome: &Outcome, steps: &mut Steps) -> Verification {
        let found = match outcome {
            Outcome::GaveUp { .. } => return Verification::NothingClaimed,
            Outcome::Placed(witness) => self.witness(group, witness, steps),
            Outcome::Impossible(certificate) => self.proof(group, certificate, steps),
        };
        match found {
            Ok(()) => Verification::Verified,
            Err(Fault::Rejected(rejection)) => Verification::Rejected(rejection),
            Err(Fault::Spent) => Verification::Unchecked,
        }
    }
}

/// Why a check ends early.
#[derive(Debug)]
enum Fault {
    Rejected(Rejection),
    Spent,
}

impl From<Rejection> for Fault {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<super::steps::Spent> for Fault {
    fn from(_: super::steps::Spent) -> Self {
        Self::Spent
    }
}
