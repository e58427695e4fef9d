//! What a check of answers about groups found, written.

use super::{answer::ScarceOut, told::Lines};
use crate::{
    error::Error,
    placement::{Rejection, Verification},
    wire::text::{Show, Shown},
};
use serde::Serialize;

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
