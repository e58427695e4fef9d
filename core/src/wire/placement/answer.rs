//! Answers about groups, written.

use super::told::Lines;
use crate::wire::text::{Show, Shown};
use crate::{
    error::Error,
    placement::{Certificate, ClassBound, Coordinate, GroupOutcome, Outcome, Scarce, Seat, Witness},
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
pub(super) enum ScarceOut {
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
