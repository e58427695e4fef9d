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

/// One of the members beside `group`.
#[derive(Serialize)]
pub(in crate::wire) struct GroupOutcomeOut {
    group: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    placed: Option<Vec<SeatOut>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    impossible: Option<CertificateOut>,
    /// The largest part that was placed on the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    gave_up: Option<Vec<SeatOut>>,
}

impl GroupOutcomeOut {
    pub(super) fn of(answer: GroupOutcome, lines: &mut Lines) -> Result<Self, Error> {
        lines.add(&answer.group)?;
        let nothing = Self { group: answer.group, placed: None, impossible: None, gave_up: None };
        Ok(match answer.outcome {
            Outcome::Placed(witness) => Self { placed: Some(SeatOut::all(witness, lines)?), ..nothing },
            Outcome::Impossible(proof) => Self { impossible: Some(CertificateOut::of(proof, lines)?), ..nothing },
            Outcome::GaveUp { best } => Self { gave_up: Some(SeatOut::all(best, lines)?), ..nothing },
        })
    }
}

#[derive(Serialize)]
pub(super) struct SeatOut {
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

#[derive(Serialize)]
pub(in crate::wire) struct VerificationOut {
    group: String,
    is: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<RejectionOut>,
}

impl VerificationOut {
    pub(super) fn of(group: String, found: Verification, lines: &mut Lines) -> Result<Self, Error> {
        lines.add(&group)?;
        let (is, why) = match found {
            Verification::Verified => ("verified", None),
            Verification::Rejected(rejection) => ("rejected", Some(rejection)),
            Verification::NothingClaimed => ("nothing_claimed", None),
            Verification::Unchecked => ("unchecked", None),
        };
        if let Some(Rejection::RestsOn { group }) = &why {
            lines.add(group)?; // said again for each group behind it
        }
        Ok(Self { group, is, why: why.map(Into::into) })
    }
}

/// The kind of a rejection, and its facts. Amounts are in the smallest unit of what they are of.
#[derive(Serialize, Default)]
struct RejectionOut {
    is: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<ScarceOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    placed: Option<u128>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_skew: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skew: Option<u128>,
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<Shown<u128>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    free: Option<Shown<u128>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claimed: Option<Shown<u128>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<Shown<u128>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vector: Option<Vec<u64>>,
}

impl From<Rejection> for RejectionOut {
    fn from(rejection: Rejection) -> Self {
        let new = Self { is: rejection.name(), ..Self::default() };
        match rejection {
            Rejection::UnknownItem { item } => Self { item: Some(item), ..new },
            Rejection::UnknownNode { node } | Rejection::NodeLeftOut { node } => Self { node: Some(node), ..new },
            Rejection::Repeated { name } => Self { name: Some(name), ..new },
            Rejection::RestsOn { group } => Self { group: Some(group), ..new },
            Rejection::MayNotRun { item, node } => Self { item: Some(item), node: Some(node), ..new },
            Rejection::WrongCount { item, asked, placed } => {
                Self { item: Some(item), asked: Some(asked), placed: Some(placed), ..new }
            }
            Rejection::TooManyOnNode { item, node, limit, placed } => {
                let placed = Some(placed.into());
                Self { item: Some(item), node: Some(node), limit: Some(limit), placed, ..new }
            }
            Rejection::Skewed { item, max_skew, skew } => {
                Self { item: Some(item), max_skew: Some(max_skew), skew: Some(skew), ..new }
            }
            Rejection::OverUsed { node, of, needed, free } => {
                let (needed, free) = (Some(needed.shown()), Some(free.shown()));
                Self { node: Some(node), of: Some(of.into()), needed, free, ..new }
            }
            Rejection::Unknown { node, of } => Self { node: Some(node), of: Some(of.into()), ..new },
            Rejection::CardsNotNamed { item, node, model } => {
                Self { item: Some(item), node: Some(node), model: Some(model.to_string()), ..new }
            }
            Rejection::UnknownCard { node, model, card } => {
                Self { node: Some(node), model: Some(model.to_string()), card: Some(card), ..new }
            }
            Rejection::OverUsedCard { node, model, card, needed, free } => {
                let (model, needed, free) = (Some(model.to_string()), Some(needed.shown()), Some(free.shown()));
                Self { node: Some(node), model, card: Some(card), needed, free, ..new }
            }
            Rejection::WrongFigure { what, claimed, found } => {
                Self { what: Some(what), claimed: Some(claimed.shown()), found: Some(found.shown()), ..new }
            }
            Rejection::NotCovered { level, vector } => Self { level: Some(level), vector: Some(vector), ..new },
            Rejection::IsEnough { vector } => Self { vector: Some(vector), ..new },
            Rejection::ProvesNothing | Rejection::WrongShape => new,
        }
    }
}
