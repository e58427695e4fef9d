//! Answers about groups, and what a check found, written.

use super::told::Lines;
use crate::wire::text::{Show, Shown};
use crate::{
    error::Error,
    placement::{
        Certificate, ClassBound, Coordinate, GroupOutcome, Outcome, Rejection, Scarce, Seat, Verification, Witness,
    },
};
use serde::Serialize;
use std::collections::BTreeMap;

/// The members of a group: where it was placed, or why it can not be, or how far it got.
#[derive(Serialize)]
#[serde(untagged)]
pub(in crate::wire) enum GroupOutcomeOut {
    Placed(PlacedOut),
    Impossible(ImpossibleOut),
    GaveUp(GaveUpOut),
}

#[derive(Serialize)]
pub(in crate::wire) struct PlacedOut {
    group: String,
    placed: Vec<SeatOut>,
}

#[derive(Serialize)]
pub(in crate::wire) struct ImpossibleOut {
    group: String,
    impossible: CertificateOut,
}

#[derive(Serialize)]
pub(in crate::wire) struct GaveUpOut {
    group: String,
    /// The largest part that was placed on the way.
    gave_up: Vec<SeatOut>,
}

impl GroupOutcomeOut {
    pub(super) fn of(answer: GroupOutcome, lines: &mut Lines) -> Result<Self, Error> {
        let GroupOutcome { group, outcome, .. } = answer;
        lines.add(&group)?;
        Ok(match outcome {
            Outcome::Placed(witness) => Self::Placed(PlacedOut { group, placed: SeatOut::all(witness, lines)? }),
            Outcome::Impossible(proof) => {
                Self::Impossible(ImpossibleOut { group, impossible: CertificateOut::of(proof, lines)? })
            }
            Outcome::GaveUp { best } => Self::GaveUp(GaveUpOut { group, gave_up: SeatOut::all(best, lines)? }),
        })
    }
}

#[derive(Serialize)]
pub(in crate::wire) struct SeatOut {
    item: String,
    node: String,
    replicas: u64,
    /// By model, the card of each copy.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    cards: BTreeMap<String, Vec<u64>>,
}

impl SeatOut {
    pub(super) fn all(witness: Witness, lines: &mut Lines) -> Result<Vec<Self>, Error> {
        let one = |Seat { item, node, replicas, cards }: Seat| {
            lines.add(&item)?;
            lines.add(&node)?;
            lines.add_numbers(cards.values().map(Vec::len).sum())?;
            let cards = cards.into_iter().map(|(model, cards)| (model.to_string(), cards)).collect();
            Ok(Self { item, node, replicas, cards })
        };
        witness.seats.into_iter().map(one).collect()
    }
}

/// Sums are text, in the smallest unit of what is summed.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum CertificateOut {
    Count(CountBoundOut),
    Spread(SpreadBoundOut),
    Aggregate(AggregateBoundOut),
    Weighted(WeightedBoundOut),
    Frontier(FrontierBoundOut),
}

#[derive(Serialize)]
struct CountBoundOut {
    item: String,
    asked: u64,
    fits: u128,
}

#[derive(Serialize)]
struct SpreadBoundOut {
    item: String,
    asked: u64,
    max_skew: u64,
    fits: Vec<DomainOut>,
}

#[derive(Serialize)]
struct AggregateBoundOut {
    of: ScarceOut,
    need: Shown<u128>,
    have: Shown<u128>,
}

#[derive(Serialize)]
struct WeightedBoundOut {
    weights: Vec<WeightOut>,
    classes: Vec<ClassOut>,
    need: Shown<u128>,
    have: Shown<u128>,
}

#[derive(Serialize)]
struct FrontierBoundOut {
    coordinates: Vec<CoordinateOut>,
    nodes: Vec<String>,
    levels: Vec<Vec<Vec<u64>>>,
}

#[derive(Serialize)]
struct DomainOut {
    domain: String,
    fits: u64,
}

#[derive(Serialize)]
struct WeightOut {
    item: String,
    weight: u64,
}

#[derive(Serialize)]
struct ClassOut {
    nodes: Vec<String>,
    most: Shown<u128>,
}

#[derive(Serialize)]
struct CoordinateOut {
    item: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ScarceOut {
    Resource(String),
    WholeCards(String),
    Slots,
}

impl From<Scarce> for ScarceOut {
    fn from(of: Scarce) -> Self {
        match of {
            Scarce::Resource(resource) => Self::Resource(resource.to_string()),
            Scarce::WholeCards(model) => Self::WholeCards(model.to_string()),
            Scarce::Slots => Self::Slots,
        }
    }
}

impl CertificateOut {
    fn of(certificate: Certificate, lines: &mut Lines) -> Result<Self, Error> {
        let (need_of, have_of) = (|need: u128| need.shown(), |have: u128| have.shown());
        Ok(match certificate {
            Certificate::Count { item, asked, fits } => Self::Count(CountBoundOut { item, asked, fits }),
            Certificate::Spread { item, asked, max_skew, fits } => {
                fits.iter().try_for_each(|(domain, _)| lines.add(domain))?;
                let fits = fits.into_iter().map(|(domain, fits)| DomainOut { domain, fits }).collect();
                Self::Spread(SpreadBoundOut { item, asked, max_skew, fits })
            }
            Certificate::Aggregate { of, need, have } => {
                Self::Aggregate(AggregateBoundOut { of: of.into(), need: need_of(need), have: have_of(have) })
            }
            Certificate::Weighted { weights, classes, need, have } => {
                weights.iter().try_for_each(|(item, _)| lines.add(item))?;
                classes.iter().flat_map(|class| &class.nodes).try_for_each(|node| lines.add(node))?;
                let class = |ClassBound { nodes, most }| ClassOut { nodes, most: most.shown() };
                Self::Weighted(WeightedBoundOut {
                    weights: weights.into_iter().map(|(item, weight)| WeightOut { item, weight }).collect(),
                    classes: classes.into_iter().map(class).collect(),
                    need: need_of(need),
                    have: have_of(have),
                })
            }
            Certificate::Frontier { coordinates, nodes, levels } => {
                coordinates.iter().try_for_each(|of| lines.add(&of.item))?;
                coordinates.iter().filter_map(|of| of.domain.as_ref()).try_for_each(|domain| lines.add(domain))?;
                nodes.iter().try_for_each(|node| lines.add(node))?;
                lines.add_numbers(levels.iter().flatten().map(Vec::len).sum())?;
                let coordinate = |Coordinate { item, domain }| CoordinateOut { item, domain };
                Self::Frontier(FrontierBoundOut {
                    coordinates: coordinates.into_iter().map(coordinate).collect(),
                    nodes,
                    levels,
                })
            }
        })
    }
}

/// Whether an answer about a group holds; where it does not, why.
#[derive(Serialize)]
#[serde(untagged)]
pub(in crate::wire) enum VerificationOut {
    Rejected(RejectedOut),
    NotRejected(NotRejectedOut),
}

#[derive(Serialize)]
pub(in crate::wire) struct RejectedOut {
    group: String,
    is: IsRejected,
    why: RejectionOut,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum IsRejected {
    Rejected,
}

#[derive(Serialize)]
pub(in crate::wire) struct NotRejectedOut {
    group: String,
    is: IsNotRejected,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum IsNotRejected {
    Verified,
    NothingClaimed,
    Unchecked,
}

impl VerificationOut {
    pub(super) fn of(group: String, found: Verification, lines: &mut Lines) -> Result<Self, Error> {
        lines.add(&group)?;
        let is = match found {
            Verification::Rejected(rejection) => {
                if let Rejection::RestsOn { group } = &rejection {
                    lines.add(group)?; // said again for each group behind it
                }
                return Ok(Self::Rejected(RejectedOut { group, is: IsRejected::Rejected, why: rejection.into() }));
            }
            Verification::Verified => IsNotRejected::Verified,
            Verification::NothingClaimed => IsNotRejected::NothingClaimed,
            Verification::Unchecked => IsNotRejected::Unchecked,
        };
        Ok(Self::NotRejected(NotRejectedOut { group, is }))
    }
}

/// The kind of a rejection, and its facts. Amounts are in the smallest unit of what they are of.
#[derive(Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
enum RejectionOut {
    /// No item of the group.
    UnknownItem { item: String },
    /// No node of the inventory.
    UnknownNode { node: String },
    /// Said twice.
    Repeated { name: String },
    /// The item may not run on the node.
    MayNotRun { item: String, node: String },
    /// Not so many copies as asked.
    WrongCount { item: String, asked: u64, placed: u128 },
    /// More copies on a node than its limit.
    TooManyOnNode { item: String, node: String, limit: u64, placed: u128 },
    /// The copies are spread more unevenly than they may be.
    Skewed { item: String, max_skew: u64, skew: u128 },
    /// More is taken than is free.
    OverUsed { node: String, of: ScarceOut, needed: Shown<u128>, free: Shown<u128> },
    /// Nobody knows how much is free.
    Unknown { node: String, of: ScarceOut },
    /// The copies with a share of a card do not name a card each.
    CardsNotNamed { item: String, node: String, model: String },
    /// A node has no card of that index.
    UnknownCard { node: String, model: String, card: u64 },
    /// More is taken of one card than is free on it, in milli-cards.
    OverUsedCard { node: String, model: String, card: u64, needed: Shown<u128>, free: Shown<u128> },
    /// A number of a certificate is not what the inventory gives.
    WrongFigure { what: String, claimed: Shown<u128>, found: Shown<u128> },
    /// The numbers are right and prove nothing.
    ProvesNothing,
    /// A node is left out that takes something.
    NodeLeftOut { node: String },
    /// A certificate counts by other coordinates than the group has.
    WrongShape,
    /// A node can be filled in a way that no vector of the next level covers.
    NotCovered { level: usize, vector: Vec<u64> },
    /// A vector that can be reached is enough.
    IsEnough { vector: Vec<u64> },
    /// It rests on a group before it whose answer was not verified.
    RestsOn { group: String },
}

impl From<Rejection> for RejectionOut {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::UnknownItem { item } => Self::UnknownItem { item },
            Rejection::UnknownNode { node } => Self::UnknownNode { node },
            Rejection::Repeated { name } => Self::Repeated { name },
            Rejection::MayNotRun { item, node } => Self::MayNotRun { item, node },
            Rejection::WrongCount { item, asked, placed } => Self::WrongCount { item, asked, placed },
            Rejection::TooManyOnNode { item, node, limit, placed } => {
                Self::TooManyOnNode { item, node, limit, placed: placed.into() }
            }
            Rejection::Skewed { item, max_skew, skew } => Self::Skewed { item, max_skew, skew },
            Rejection::OverUsed { node, of, needed, free } => {
                Self::OverUsed { node, of: of.into(), needed: needed.shown(), free: free.shown() }
            }
            Rejection::Unknown { node, of } => Self::Unknown { node, of: of.into() },
            Rejection::CardsNotNamed { item, node, model } => {
                Self::CardsNotNamed { item, node, model: model.to_string() }
            }
            Rejection::UnknownCard { node, model, card } => Self::UnknownCard { node, model: model.to_string(), card },
            Rejection::OverUsedCard { node, model, card, needed, free } => {
                let (model, needed, free) = (model.to_string(), needed.shown(), free.shown());
                Self::OverUsedCard { node, model, card, needed, free }
            }
            Rejection::WrongFigure { what, claimed, found } => {
                Self::WrongFigure { what, claimed: claimed.shown(), found: found.shown() }
            }
            Rejection::ProvesNothing => Self::ProvesNothing,
            Rejection::NodeLeftOut { node } => Self::NodeLeftOut { node },
            Rejection::WrongShape => Self::WrongShape,
            Rejection::NotCovered { level, vector } => Self::NotCovered { level, vector },
            Rejection::IsEnough { vector } => Self::IsEnough { vector },
            Rejection::RestsOn { group } => Self::RestsOn { group },
        }
    }
}
