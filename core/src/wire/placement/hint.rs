//! What to do about a product that is grey, written.

use super::told::amount;
use crate::{
    error::Language,
    placement::{Action, Effect, Hint, Less, Resource, ResourceQuantity, Taint},
    wire::text::{Shown, Word},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// What to do, and whether it is enough.
#[derive(Serialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(super) enum HintOut {
    /// Bring in what the stock lacks.
    Restock { parts: Vec<LackOut>, suffices: bool, text: String, text_zh: String },
    /// Raise the quota by what lacks.
    RaiseQuota { parts: Vec<LackOut>, suffices: bool, text: String, text_zh: String },
    /// Ask for no more than the node has.
    AskForLess { node: String, parts: Vec<LessOut>, suffices: bool, text: String, text_zh: String },
    /// Free what lacks on the node.
    FreeUp { node: String, parts: Vec<LackOut>, suffices: bool, text: String, text_zh: String },
    /// Say what the node has of the resources.
    ProvideFigures { node: String, resources: Vec<String>, suffices: bool, text: String, text_zh: String },
    /// Free a slot on the node.
    FreeSlot { node: String, suffices: bool, text: String, text_zh: String },
    /// Let the node take something again.
    Uncordon { node: String, suffices: bool, text: String, text_zh: String },
    /// Give the node the labels.
    Label { node: String, labels: BTreeMap<String, String>, suffices: bool, text: String, text_zh: String },
    /// Make the affinity fit the node.
    MatchAffinity { node: String, suffices: bool, text: String, text_zh: String },
    /// Tolerate the taints of the node.
    Tolerate { node: String, taints: Vec<TaintOut>, suffices: bool, text: String, text_zh: String },
    /// Make the node ready.
    MakeReady { node: String, suffices: bool, text: String, text_zh: String },
    /// Add a node that is a worker.
    AddWorker { suffices: bool, text: String, text_zh: String },
}

impl HintOut {
    pub(super) fn of(hint: Hint) -> Self {
        let (text, text_zh) = (hint.text(Language::English), hint.text(Language::Chinese));
        let Hint { action, suffices } = hint;
        let lack = |parts: Vec<(Resource, u64)>| parts.iter().map(LackOut::of).collect();
        match action {
            Action::Restock { parts } => Self::Restock { parts: lack(parts), suffices, text, text_zh },
            Action::RaiseQuota { parts } => Self::RaiseQuota { parts: lack(parts), suffices, text, text_zh },
            Action::AskForLess { node, parts } => {
                let parts = parts.iter().map(LessOut::of).collect();
                Self::AskForLess { node, parts, suffices, text, text_zh }
            }
            Action::FreeUp { node, parts } => Self::FreeUp { node, parts: lack(parts), suffices, text, text_zh },
            Action::ProvideFigures { node, resources } => {
                let resources = resources.iter().map(ToString::to_string).collect();
                Self::ProvideFigures { node, resources, suffices, text, text_zh }
            }
            Action::FreeSlot { node } => Self::FreeSlot { node, suffices, text, text_zh },
            Action::Uncordon { node } => Self::Uncordon { node, suffices, text, text_zh },
            Action::Label { node, labels } => Self::Label { node, labels, suffices, text, text_zh },
            Action::MatchAffinity { node } => Self::MatchAffinity { node, suffices, text, text_zh },
            Action::Tolerate { node, taints } => {
                let taints = taints.into_iter().map(TaintOut::of).collect();
                Self::Tolerate { node, taints, suffices, text, text_zh }
            }
            Action::MakeReady { node } => Self::MakeReady { node, suffices, text, text_zh },
            Action::AddWorker => Self::AddWorker { suffices, text, text_zh },
        }
    }
}

/// What lacks of a resource.
#[derive(Serialize)]
pub(super) struct LackOut {
    resource: String,
    amount: Shown<ResourceQuantity>,
}

impl LackOut {
    fn of((resource, missing): &(Resource, u64)) -> Self {
        Self { resource: resource.to_string(), amount: amount(resource, *missing) }
    }
}

/// Of what is asked for, what would fit and what does not.
#[derive(Serialize)]
pub(super) struct LessOut {
    resource: String,
    fits: Shown<ResourceQuantity>,
    missing: Shown<ResourceQuantity>,
}

impl LessOut {
    fn of(less: &Less) -> Self {
        let [fits, missing] = [less.fits, less.missing].map(|of| amount(&less.resource, of));
        Self { resource: less.resource.to_string(), fits, missing }
    }
}

#[derive(Serialize)]
pub(super) struct TaintOut {
    key: String,
    value: String,
    effect: Word<Effect>,
}

impl TaintOut {
    fn of(taint: Taint) -> Self {
        Self { key: taint.key, value: taint.value, effect: Word(taint.effect) }
    }
}
