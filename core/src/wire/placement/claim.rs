//! Answers about groups, read: what `placement.place` writes, and anybody else may claim.

use crate::{
    error::{Error, PlacementError, excerpt},
    placement::{Certificate, ClassBound, Coordinate, GroupOutcome, Outcome, Resource, Scarce, Seat, Witness},
    pricing::EachOnce,
    units::Name,
    wire::text::{Object, Text, Written, all_of},
};
use serde::Deserialize;

/// One of the members beside `group`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupOutcomeIn {
    group: String,
    placed: Option<Vec<Object<SeatIn>>>,
    impossible: Option<CertificateIn>,
    gave_up: Option<Vec<Object<SeatIn>>>,
}

impl GroupOutcomeIn {
    pub(super) fn read(Object(input): &Object<Self>) -> Result<GroupOutcome, Error> {
        let group = input.group.clone();
        let outcome = match (&input.placed, &input.impossible, &input.gave_up) {
            (Some(seats), None, None) => Outcome::Placed(witness(seats)?),
            (None, Some(certificate), None) => Outcome::Impossible(certificate.read()?),
            (None, None, Some(best)) => Outcome::GaveUp { best: witness(best)? },
            _ => return Err(PlacementError::NotOneOutcome { group }.into()),
        };
        Ok(GroupOutcome { group, outcome, spent: 0 })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeatIn {
    item: String,
    node: String,
    replicas: u64,
    cards: Option<EachOnce<Vec<u64>>>,
}

fn witness(seats: &[Object<SeatIn>]) -> Result<Witness, Error> {
    let seat = |Object(input): &Object<SeatIn>| {
        let cards = input.cards.iter().flat_map(|cards| &cards.0);
        let cards = cards.map(|(model, cards)| Ok((model.parse::<Name>()?, cards.clone())));
        let (item, node) = (input.item.clone(), input.node.clone());
        Ok::<_, Error>(Seat { item, node, replicas: input.replicas, cards: cards.collect::<Result<_, Error>>()? })
    };
    Ok(Witness { seats: all_of(seats, seat)? })
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum CertificateIn {
    Count(Object<CountIn>),
    Spread(Object<SpreadIn>),
    Aggregate(Object<AggregateIn>),
    Weighted(Object<WeightedIn>),
    Frontier(Object<FrontierIn>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountIn {
    item: String,
    asked: u64,
    fits: u128,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpreadIn {
    item: String,
    asked: u64,
    max_skew: u64,
    fits: Vec<Object<DomainIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DomainIn {
    domain: String,
    fits: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AggregateIn {
    of: ScarceIn,
    need: Text<Sum>,
    have: Text<Sum>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ScarceIn {
    Resource(Text<Resource>),
    WholeCards(Text<Name>),
    Slots,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WeightedIn {
    weights: Vec<Object<WeightIn>>,
    classes: Vec<Object<ClassIn>>,
    need: Text<Sum>,
    have: Text<Sum>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WeightIn {
    item: String,
    weight: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassIn {
    nodes: Vec<String>,
    most: Text<Sum>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontierIn {
    coordinates: Vec<Object<CoordinateIn>>,
    nodes: Vec<String>,
    levels: Vec<Vec<Vec<u64>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CoordinateIn {
    item: String,
    domain: Option<String>,
}

impl CertificateIn {
    fn read(&self) -> Result<Certificate, Error> {
        let sum = |text: &Text<Sum>| text.read().map(|Sum(sum)| sum);
        Ok(match self {
            Self::Count(Object(CountIn { item, asked, fits })) => {
                Certificate::Count { item: item.clone(), asked: *asked, fits: *fits }
            }
            Self::Spread(Object(input)) => Certificate::Spread {
                item: input.item.clone(),
                asked: input.asked,
                max_skew: input.max_skew,
                fits: input.fits.iter().map(|Object(of)| (of.domain.clone(), of.fits)).collect(),
            },
            Self::Aggregate(Object(AggregateIn { of, need, have })) => {
                let of = match of {
                    ScarceIn::Resource(resource) => Scarce::Resource(resource.read()?),
                    ScarceIn::WholeCards(model) => Scarce::WholeCards(model.read()?),
                    ScarceIn::Slots => Scarce::Slots,
                };
                Certificate::Aggregate { of, need: sum(need)?, have: sum(have)? }
            }
            Self::Weighted(Object(input)) => Certificate::Weighted {
                weights: input.weights.iter().map(|Object(of)| (of.item.clone(), of.weight)).collect(),
                classes: all_of(&input.classes, |Object(class)| {
                    Ok(ClassBound { nodes: class.nodes.clone(), most: sum(&class.most)? })
                })?,
                need: sum(&input.need)?,
                have: sum(&input.have)?,
            },
            Self::Frontier(Object(input)) => {
                let coordinate =
                    |Object(of): &Object<CoordinateIn>| Coordinate { item: of.item.clone(), domain: of.domain.clone() };
                Certificate::Frontier {
                    coordinates: input.coordinates.iter().map(coordinate).collect(),
                    nodes: input.nodes.clone(),
                    levels: input.levels.clone(),
                }
            }
        })
    }
}

/// A sum in the smallest unit, in digits.
struct Sum(u128);

impl Written for Sum {
    const IS_NUMBER: bool = true;

    fn written(text: &str) -> Result<Self, Error> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text);
        let sum = digits.and_then(|digits| digits.parse().ok());
        sum.map(Self).ok_or_else(|| PlacementError::BadSum { text: excerpt(text) }.into())
    }
}
