//! Answers, and what proves them.

use crate::{placement::Resource, units::Name};
use std::{collections::BTreeMap, fmt};

/// What became of a group.
///
/// # Rule
/// R-A10
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupOutcome {
    /// Its name.
    pub group: String,
    /// What became of it.
    pub outcome: Outcome,
    /// How many steps that took.
    pub spent: u64,
}

/// Whether a group can be placed.
///
/// An answer about a group rests on the groups before it that are `Placed`: it says what can be done beside *these*
/// witnesses. That a later group is `Impossible` does not say that no other witness of an earlier one would leave room.
///
/// # Rule
/// R-A10
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It can, and this is how. [`verify`](crate::placement::verify) adds it up.
    Placed(Witness),
    /// It can not, and this proves it. Every certificate has been through [`verify`](crate::placement::verify) before it
    /// is an answer.
    Impossible(Certificate),
    /// The work budget is spent and nothing is proved. A placement may exist or not.
    GaveUp {
        /// The largest part of the group that was placed on the way, which promises all but the numbers of copies and their
        /// spread. It is not taken: the next group finds the nodes as this one did.
        best: Witness,
    },
}

/// Where each copy goes.
///
/// # Rule
/// R-A10
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Witness {
    /// By item in the order of the group, then by node.
    pub seats: Vec<Seat>,
}

impl Witness {
    /// How many copies it places.
    pub fn replicas(&self) -> u128 {
        self.seats.iter().fold(0, |sum, seat| sum.saturating_add(u128::from(seat.replicas)))
    }
}

/// Copies of one item on one node.
///
/// # Rule
/// R-A10
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seat {
    /// The id of the item.
    pub item: String,
    /// The name of the node.
    pub node: String,
    /// How many copies.
    pub replicas: u64,
    /// Of an item that asks for a share of a card, by model: the card of each copy, from the least index. Nothing where nobody
    /// knows the cards and the rules take them to be there. Whole cards have no index.
    pub cards: BTreeMap<Name, Vec<u64>>,
}

/// Why a group can not be placed: a bound and its numbers.
///
/// In all of them, *the nodes* are those that the item may run on, with what is free on them beside the groups placed
/// before.
///
/// # Rule
/// R-A10
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certificate {
    /// Fewer copies of one item fit, were it alone, than are asked for.
    Count {
        /// The item.
        item: String,
        /// How many copies are asked for.
        asked: u64,
        /// How many fit: the sum over the nodes of what each takes.
        fits: u128,
    },
    /// What fits of one item in each domain, were it alone, can not be spread so evenly.
    Spread {
        /// The item.
        item: String,
        /// How many copies are asked for.
        asked: u64,
        /// How far two domains may differ.
        max_skew: u64,
        /// How many fit in each domain, by the value of the label; no more than are asked for.
        fits: Vec<(String, u64)>,
    },
    /// All nodes together have less of something than the items ask for.
    Aggregate {
        /// Of what.
        of: Scarce,
        /// What the items ask for.
        need: u128,
        /// What the nodes have on which an item that asks for it may run.
        have: u128,
    },
    /// Give each copy a weight: all nodes together carry less weight than the items have.
    Weighted {
        /// The weight of a copy of each item that has one, in the order of the group.
        weights: Vec<(String, u64)>,
        /// The largest weight that fits one node, for the nodes of which it is the same. A node that is in none carries nothing.
        classes: Vec<ClassBound>,
        /// The weight of all items.
        need: u128,
        /// The sum over the nodes.
        have: u128,
    },
    /// Node by node, everything that can be reached.
    ///
    /// A *vector* says how many copies were placed so far, by coordinate. Level 0 is nothing; each further level has, after
    /// one node more, a vector that is at least as large in each coordinate as any that a vector of the level before and a
    /// filling of the node give, unless what is missing from that one is more than the remaining nodes have by the count or
    /// the aggregate bound. No vector of the last level is enough.
    Frontier {
        /// What is counted: an item, or an item in a domain.
        coordinates: Vec<Coordinate>,
        /// The nodes, in order.
        nodes: Vec<String>,
        /// The vectors after none, one, two … of the nodes. Trailing levels without any vector are left out.
        levels: Vec<Vec<Vec<u64>>>,
    },
}

impl Certificate {
    /// The name of its kind, as `weighted`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Count { .. } => "count",
            Self::Spread { .. } => "spread",
            Self::Aggregate { .. } => "aggregate",
            Self::Weighted { .. } => "weighted",
            Self::Frontier { .. } => "frontier",
        }
    }
}

/// Nodes, and the largest weight that fits each of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassBound {
    /// Their names.
    pub nodes: Vec<String>,
    /// The weight.
    pub most: u128,
}

/// A number of a vector of a [`Certificate::Frontier`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coordinate {
    /// The item.
    pub item: String,
    /// The value of the label, of an item that is spread.
    pub domain: Option<String>,
}

/// What there is too little of.
///
/// # Units
/// The smallest of the resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scarce {
    /// A resource; of cards all milli-cards, of free cards and of begun ones.
    Resource(Resource),
    /// Wholly free cards of a model, in cards.
    WholeCards(Name),
    /// Pod slots.
    Slots,
}

impl fmt::Display for Scarce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resource(resource) => write!(f, "{resource}"),
            Self::WholeCards(model) => write!(f, "whole cards[{model}]"),
            Self::Slots => f.write_str("pods"),
        }
    }
}
