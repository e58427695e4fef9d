//! What is said of a product, written.

use super::{check::SellableOut, hint::HintOut};
use crate::wire::text::{Show, Shown, Word};
use crate::{
    error::{Error, Language, WireError},
    placement::{
        Explained, Explanation, FirstReasons, Judged, Nearest, QuotaExcess, ReasonCount, Refusal, Resource,
        ResourceQuantity, Ruling, Stage, StockShortage, Why,
    },
    wire::LONGEST_INPUT,
};
use serde::Serialize;

/// Lines of an answer that tell of nodes and resources again, for each product: of a few megabytes they could become
/// gigabytes.
#[derive(Default)]
pub(super) struct Lines {
    length: usize,
}

impl Lines {
    const MOST: usize = 4 * LONGEST_INPUT;

    pub(super) fn add(&mut self, name: &str) -> Result<(), Error> {
        const LINE: usize = 64; // what stands around a name
        self.add_length(name.len().saturating_add(LINE))
    }

    pub(super) fn add_numbers(&mut self, count: usize) -> Result<(), Error> {
        const NUMBER: usize = 8; // most are short
        self.add_length(count.saturating_mul(NUMBER))
    }

    fn add_length(&mut self, length: usize) -> Result<(), Error> {
        self.length = self.length.saturating_add(length);
        if self.length <= Self::MOST {
            return Ok(());
        }
        Err(WireError::AnswerTooLong { length: self.length, limit: Self::MOST }.into())
    }
}

/// Whether a product can be sold, and on how many nodes it fits; or at which stage it is grey, and why.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum JudgedOut {
    Sellable(SellableOut),
    Grey(JudgedGreyOut),
}

#[derive(Serialize)]
pub(super) struct JudgedGreyOut {
    id: String,
    stage: Word<Stage>,
    why: WhyOut,
}

impl JudgedOut {
    pub(super) fn of(judged: Judged, lines: &mut Lines) -> Result<Self, Error> {
        lines.add(&judged.id)?;
        let Judged { id, ruling } = judged;
        Ok(match ruling {
            Ruling::Sellable { nodes } => Self::Sellable(SellableOut { id, nodes }),
            Ruling::Grey { stage, why } => {
                Self::Grey(JudgedGreyOut { id, stage: Word(stage), why: WhyOut::of(why, lines)? })
            }
        })
    }
}

/// One of the members of `why`.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WhyOut {
    Stock(Vec<ShortageOut>),
    Quota(Vec<ExcessOut>),
    Nodes(ExplanationOut),
}

impl WhyOut {
    fn of(why: Why, lines: &mut Lines) -> Result<Self, Error> {
        Ok(match why {
            Why::Stock(short) => {
                let shortage = |short| ShortageOut::of(short, lines);
                Self::Stock(short.into_iter().map(shortage).collect::<Result<_, Error>>()?)
            }
            Why::Quota(over) => Self::Quota(over.into_iter().map(ExcessOut::of).collect()),
            Why::Nodes(explanation) => Self::Nodes(ExplanationOut::of(explanation, lines)?),
        })
    }
}

#[derive(Serialize)]
pub(super) struct ShortageOut {
    resource: String,
    asked: Shown<ResourceQuantity>,
    left: Shown<ResourceQuantity>,
    missing: Shown<ResourceQuantity>,
    clusters: Vec<String>,
}

impl ShortageOut {
    fn of(short: StockShortage, lines: &mut Lines) -> Result<Self, Error> {
        let resource = short.resource;
        short.clusters.iter().try_for_each(|cluster| lines.add(cluster))?;
        Ok(Self {
            asked: amount(&resource, short.asked),
            left: resource.quantity(short.left).shown(),
            missing: amount(&resource, short.missing),
            clusters: short.clusters,
            resource: resource.to_string(),
        })
    }
}

#[derive(Serialize)]
pub(super) struct ExcessOut {
    resource: String,
    asked: Shown<ResourceQuantity>,
    used: Shown<ResourceQuantity>,
    limit: Shown<ResourceQuantity>,
    missing: Shown<ResourceQuantity>,
}

impl ExcessOut {
    fn of(over: QuotaExcess) -> Self {
        let [asked, used, limit, missing] =
            [over.asked, over.used, over.limit, over.missing].map(|of| amount(&over.resource, of));
        Self { resource: over.resource.to_string(), asked, used, limit, missing }
    }
}

#[derive(Serialize)]
pub(super) struct ExplanationOut {
    nodes: u64,
    available: u64,
    reasons: Vec<ReasonCountOut>,
    first: FirstReasonsOut,
    nearest: Option<NearestOut>,
}

impl ExplanationOut {
    pub(super) fn of(explanation: Explanation, lines: &mut Lines) -> Result<Self, Error> {
        explanation.check()?;
        let FirstReasons { role, ready, cordoned, label, taint, unknown, parts } = explanation.first;
        Ok(Self {
            nodes: explanation.nodes,
            available: explanation.available,
            reasons: explanation
                .reasons
                .into_iter()
                .map(|count| ReasonCountOut::of(count, lines))
                .collect::<Result<_, Error>>()?,
            first: FirstReasonsOut { role, ready, cordoned, label, taint, unknown, parts },
            nearest: explanation.nearest.map(|nearest| NearestOut::of(nearest, lines)).transpose()?,
        })
    }
}

#[derive(Serialize)]
struct ReasonCountOut {
    reason: RefusalOut,
    nodes: u64,
    /// A count, where it is of no resource.
    shortfall: Option<Shown<ResourceQuantity>>,
    nearest: String,
}

impl ReasonCountOut {
    fn of(count: ReasonCount, lines: &mut Lines) -> Result<Self, Error> {
        lines.add(&count.nearest)?;
        let shortfall = match (&count.reason, count.shortfall) {
            (Refusal::Insufficient { resource, .. }, Some(shortfall)) => Some(amount(resource, shortfall)),
            (_, shortfall) => shortfall.map(Shown::count),
        };
        let reason = RefusalOut::of(count.reason, lines)?;
        Ok(Self { reason, nodes: count.nodes, shortfall, nearest: count.nearest })
    }
}

#[derive(Serialize)]
struct FirstReasonsOut {
    role: u64,
    ready: u64,
    cordoned: u64,
    label: u64,
    taint: u64,
    unknown: u64,
    parts: u64,
}

#[derive(Serialize)]
struct NearestOut {
    node: String,
    refusals: Vec<RefusalOut>,
}

impl NearestOut {
    fn of(nearest: Nearest, lines: &mut Lines) -> Result<Self, Error> {
        lines.add(&nearest.node)?;
        let refusals = nearest.refusals.into_iter().map(|refusal| RefusalOut::of(refusal, lines));
        Ok(Self { refusals: refusals.collect::<Result<_, Error>>()?, node: nearest.node })
    }
}

/// Why a node does not take a product.
#[derive(Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
enum RefusalOut {
    /// The node is no worker.
    NotWorker,
    NotReady,
    Cordoned,
    /// The node lacks a label that the rules ask of every node.
    RequiredLabel,
    /// The node is not of the affinity that the rules add.
    AddedAffinity,
    /// The node is not of the affinity of the product.
    Affinity,
    /// The product does not tolerate a taint of the node.
    Taint {
        key: String,
        value: String,
    },
    /// Nobody knows what the node has of the resource.
    Unknown {
        resource: String,
    },
    TooManyPods,
    Insufficient {
        resource: String,
        needed: Shown<ResourceQuantity>,
        free: Shown<ResourceQuantity>,
    },
}

impl RefusalOut {
    fn of(refusal: Refusal, lines: &mut Lines) -> Result<Self, Error> {
        lines.add("")?;
        Ok(match refusal {
            Refusal::NotWorker => Self::NotWorker,
            Refusal::NotReady => Self::NotReady,
            Refusal::Cordoned => Self::Cordoned,
            Refusal::RequiredLabel => Self::RequiredLabel,
            Refusal::AddedAffinity => Self::AddedAffinity,
            Refusal::Affinity => Self::Affinity,
            Refusal::Taint { key, value } => {
                lines.add(&key)?;
                lines.add(&value)?;
                Self::Taint { key, value }
            }
            Refusal::Unknown { resource } => Self::Unknown { resource: resource.to_string() },
            Refusal::TooManyPods => Self::TooManyPods,
            Refusal::Insufficient { resource, needed, free } => Self::Insufficient {
                needed: amount(&resource, needed),
                free: resource.quantity(free).shown(),
                resource: resource.to_string(),
            },
        })
    }
}

#[derive(Serialize)]
pub(in crate::wire) struct ExplainedOut {
    id: String,
    stage: Option<Word<Stage>>,
    why: WhyOut,
    text: String,
    text_zh: String,
    hint: Option<HintOut>,
}

impl ExplainedOut {
    pub(super) fn of(explained: Explained) -> Result<Self, Error> {
        let text = explained.text(Language::English)?;
        let text_zh = explained.text(Language::Chinese)?;
        let Explained { id, stage, why, hint } = explained;
        let why = WhyOut::of(why, &mut Lines::default())?;
        Ok(Self { id, stage: stage.map(Word), why, text, text_zh, hint: hint.map(HintOut::of) })
    }
}

pub(super) fn amount(resource: &Resource, amount: u64) -> Shown<ResourceQuantity> {
    resource.quantity(amount).shown()
}
