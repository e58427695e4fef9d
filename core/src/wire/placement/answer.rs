//! Answers about groups, and what a check found, written.

use super::told::Lines;
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
    Count { item: String, asked: u64, fits: u128 },
    Spread { item: String, asked: u64, max_skew: u64, fits: Vec<DomainOut> },
    Aggregate { of: ScarceOut, need: String, have: String },
    Weighted { weights: Vec<WeightOut>, classes: Vec<ClassOut>, need: String, have: String },
    Frontier { coordinates: Vec<CoordinateOut>, nodes: Vec<String>, levels: Vec<Vec<Vec<u64>>> },
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
    most: String,
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
        let (need_of, have_of) = (|need: u128| need.to_string(), |have: u128| have.to_string());
        Ok(match certificate {
            Certificate::Count { item, asked, fits } => Self::Count { item, asked, fits },
            Certificate::Spread { item, asked, max_skew, fits } => {
                fits.iter().try_for_each(|(domain, _)| lines.add(domain))?;
                let fits = fits.into_iter().map(|(domain, fits)| DomainOut { domain, fits }).collect();
                Self::Spread { item, asked, max_skew, fits }
            }
            Certificate::Aggregate { of, need, have } => {
                Self::Aggregate { of: of.into(), need: need_of(need), have: have_of(have) }
            }
            Certificate::Weighted { weights, classes, need, have } => {
                weights.iter().try_for_each(|(item, _)| lines.add(item))?;
                classes.iter().flat_map(|class| &class.nodes).try_for_each(|node| lines.add(node))?;
                let class = |ClassBound { nodes, most }| ClassOut { nodes, most: most.to_string() };
                Self::Weighted {
                    weights: weights.into_iter().map(|(item, weight)| WeightOut { item, weight }).collect(),
                    classes: classes.into_iter().map(class).collect(),
                    need: need_of(need),
                    have: have_of(have),
                }
            }
            Certificate::Frontier { coordinates, nodes, levels } => {
                coordinates.iter().try_for_each(|of| lines.add(&of.item))?;
                coordinates.iter().filter_map(|of| of.domain.as_ref()).try_for_each(|domain| lines.add(domain))?;
                nodes.iter().try_for_each(|node| lines.add(node))?;
                lines.add_numbers(levels.iter().flatten().map(Vec::len).sum())?;
                let coordinate = |Coordinate { item, domain }| CoordinateOut { item, domain };
                Self::Frontier { coordinates: coordinates.into_iter().map(coordinate).collect(), nodes, levels }
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

/// The kind of a rejection, and its facts.
#[derive(Serialize)]
struct RejectionOut {
    is: &'static str,
    #[serde(flatten)]
    facts: Facts,
}

/// Amounts are text, in the smallest unit of what they are of.
#[derive(Serialize)]
#[serde(untagged)]
enum Facts {
    Item { item: String },
    Node { node: String },
    Name { name: String },
    Group { group: String },
    Seat { item: String, node: String },
    WrongCount { item: String, asked: u64, placed: u128 },
    TooManyOnNode { item: String, node: String, limit: u64, placed: u64 },
    Skewed { item: String, max_skew: u64, skew: u128 },
    OverUsed { node: String, of: ScarceOut, needed: String, free: String },
    Unknown { node: String, of: ScarceOut },
    CardsNotNamed { item: String, node: String, model: String },
    UnknownCard { node: String, model: String, card: u64 },
    OverUsedCard { node: String, model: String, card: u64, needed: String, free: String },
    WrongFigure { what: String, claimed: String, found: String },
    NotCovered { level: usize, vector: Vec<u64> },
    IsEnough { vector: Vec<u64> },
    Nothing {},
}

impl From<Rejection> for RejectionOut {
    fn from(rejection: Rejection) -> Self {
        let is = rejection.name();
        let facts = match rejection {
            Rejection::UnknownItem { item } => Facts::Item { item },
            Rejection::UnknownNode { node } | Rejection::NodeLeftOut { node } => Facts::Node { node },
            Rejection::Repeated { name } => Facts::Name { name },
            Rejection::RestsOn { group } => Facts::Group { group },
            Rejection::MayNotRun { item, node } => Facts::Seat { item, node },
            Rejection::WrongCount { item, asked, placed } => Facts::WrongCount { item, asked, placed },
            Rejection::TooManyOnNode { item, node, limit, placed } => {
                Facts::TooManyOnNode { item, node, limit, placed }
            }
            Rejection::Skewed { item, max_skew, skew } => Facts::Skewed { item, max_skew, skew },
            Rejection::OverUsed { node, of, needed, free } => {
                Facts::OverUsed { node, of: of.into(), needed: needed.to_string(), free: free.to_string() }
            }
            Rejection::Unknown { node, of } => Facts::Unknown { node, of: of.into() },
            Rejection::CardsNotNamed { item, node, model } => {
                Facts::CardsNotNamed { item, node, model: model.to_string() }
            }
            Rejection::UnknownCard { node, model, card } => Facts::UnknownCard { node, model: model.to_string(), card },
            Rejection::OverUsedCard { node, model, card, needed, free } => {
                let (model, needed, free) = (model.to_string(), needed.to_string(), free.to_string());
                Facts::OverUsedCard { node, model, card, needed, free }
            }
            Rejection::WrongFigure { what, claimed, found } => {
                Facts::WrongFigure { what, claimed: claimed.to_string(), found: found.to_string() }
            }
            Rejection::NotCovered { level, vector } => Facts::NotCovered { level, vector },
            Rejection::IsEnough { vector } => Facts::IsEnough { vector },
            Rejection::ProvesNothing | Rejection::WrongShape => Facts::Nothing {},
        };
        Self { is, facts }
    }
}
