//! What is said of a product, written.

use crate::wire::text::{Show, Shown};
use crate::{
    error::{Error, Language, WireError},
    placement::{
        Action, Explained, Explanation, FirstReasons, Hint, Judged, Less, Nearest, QuotaExcess, ReasonCount, Refusal,
        Resource, ResourceQuantity, Ruling, Stage, StockShortage, Taint, Why,
    },
    wire::LONGEST_INPUT,
};
use serde::Serialize;
use std::collections::BTreeMap;

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

#[derive(Serialize)]
pub(super) struct JudgedOut {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nodes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<WhyOut>,
}

impl JudgedOut {
    pub(super) fn of(judged: Judged, lines: &mut Lines) -> Result<Self, Error> {
        lines.add(&judged.id)?;
        let Judged { id, ruling } = judged;
        Ok(match ruling {
            Ruling::Sellable { nodes } => Self { id, nodes: Some(nodes), stage: None, why: None },
            Ruling::Grey { stage, why } => {
                Self { id, nodes: None, stage: Some(stage.name()), why: Some(WhyOut::of(why, lines)?) }
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

#[derive(Serialize)]
struct RefusalOut {
    is: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<Shown<ResourceQuantity>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    free: Option<Shown<ResourceQuantity>>,
}

impl RefusalOut {
    fn of(refusal: Refusal, lines: &mut Lines) -> Result<Self, Error> {
        lines.add("")?;
        let new = |is| Self { is, key: None, value: None, resource: None, needed: None, free: None };
        Ok(match refusal {
            Refusal::NotWorker => new("not_worker"),
            Refusal::NotReady => new("not_ready"),
            Refusal::Cordoned => new("cordoned"),
            Refusal::RequiredLabel => new("required_label"),
            Refusal::AddedAffinity => new("added_affinity"),
            Refusal::Affinity => new("affinity"),
            Refusal::Taint { key, value } => {
                lines.add(&key)?;
                lines.add(&value)?;
                Self { key: Some(key), value: Some(value), ..new("taint") }
            }
            Refusal::Unknown { resource } => Self { resource: Some(resource.to_string()), ..new("unknown") },
            Refusal::TooManyPods => new("too_many_pods"),
            Refusal::Insufficient { resource, needed, free } => Self {
                needed: Some(amount(&resource, needed)),
                free: Some(resource.quantity(free).shown()),
                resource: Some(resource.to_string()),
                ..new("insufficient")
            },
        })
    }
}

#[derive(Serialize)]
pub(in crate::wire) struct ExplainedOut {
    id: String,
    stage: Option<&'static str>,
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
        Ok(Self { id, stage: stage.map(Stage::name), why, text, text_zh, hint: hint.map(HintOut::of) })
    }
}

/// What to do, and whether it is enough.
#[derive(Serialize)]
struct HintOut {
    #[serde(rename = "do")]
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<Vec<PartOut>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    taints: Option<Vec<TaintOut>>,
    suffices: bool,
    text: String,
    text_zh: String,
}

impl HintOut {
    fn of(hint: Hint) -> Self {
        let (text, text_zh) = (hint.text(Language::English), hint.text(Language::Chinese));
        let new = |action, node| Self {
            action,
            node,
            parts: None,
            resources: None,
            labels: None,
            taints: None,
            suffices: hint.suffices,
            text,
            text_zh,
        };
        let missing = |parts: Vec<(Resource, u64)>| Some(parts.iter().map(PartOut::missing).collect());
        match hint.action {
            Action::Restock { parts } => Self { parts: missing(parts), ..new("restock", None) },
            Action::RaiseQuota { parts } => Self { parts: missing(parts), ..new("raise_quota", None) },
            Action::AskForLess { node, parts } => {
                Self { parts: Some(parts.iter().map(PartOut::less).collect()), ..new("ask_for_less", Some(node)) }
            }
            Action::FreeUp { node, parts } => Self { parts: missing(parts), ..new("free_up", Some(node)) },
            Action::ProvideFigures { node, resources } => {
                let resources = resources.iter().map(ToString::to_string).collect();
                Self { resources: Some(resources), ..new("provide_figures", Some(node)) }
            }
            Action::FreeSlot { node } => new("free_slot", Some(node)),
            Action::Uncordon { node } => new("uncordon", Some(node)),
            Action::Label { node, labels } => Self { labels: Some(labels), ..new("label", Some(node)) },
            Action::MatchAffinity { node } => new("match_affinity", Some(node)),
            Action::Tolerate { node, taints } => {
                Self { taints: Some(taints.into_iter().map(TaintOut::of).collect()), ..new("tolerate", Some(node)) }
            }
            Action::MakeReady { node } => new("make_ready", Some(node)),
            Action::AddWorker => new("add_worker", None),
        }
    }
}

/// What lacks of a resource, and, of what is asked for, what would fit.
#[derive(Serialize)]
struct PartOut {
    resource: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Shown<ResourceQuantity>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fits: Option<Shown<ResourceQuantity>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Shown<ResourceQuantity>>,
}

impl PartOut {
    fn missing((resource, missing): &(Resource, u64)) -> Self {
        let amount = Some(amount(resource, *missing));
        Self { resource: resource.to_string(), amount, fits: None, missing: None }
    }

    fn less(less: &Less) -> Self {
        let [fits, missing] = [less.fits, less.missing].map(|of| Some(amount(&less.resource, of)));
        Self { resource: less.resource.to_string(), amount: None, fits, missing }
    }
}

#[derive(Serialize)]
struct TaintOut {
    key: String,
    value: String,
    effect: &'static str,
}

impl TaintOut {
    fn of(taint: Taint) -> Self {
        Self { key: taint.key, value: taint.value, effect: taint.effect.name() }
    }
}

pub(super) fn amount(resource: &Resource, amount: u64) -> Shown<ResourceQuantity> {
    resource.quantity(amount).shown()
}
