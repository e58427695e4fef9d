//! What is said of a product, written.

use crate::{
    error::{Error, Language, WireError},
    placement::{
        Action, Explained, Explanation, FirstReasons, Hint, Judged, Less, Nearest, QuotaExcess, ReasonCount, Refusal,
        Resource, Ruling, Stage, StockShortage, Taint, Why,
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
    asked: String,
    left: String,
    missing: String,
    clusters: Vec<String>,
}

impl ShortageOut {
    fn of(short: StockShortage, lines: &mut Lines) -> Result<Self, Error> {
        let resource = short.resource;
        short.clusters.iter().try_for_each(|cluster| lines.add(cluster))?;
        Ok(Self {
            asked: amount(&resource, short.asked),
            left: resource.quantity(short.left).to_string(),
            missing: amount(&resource, short.missing),
            clusters: short.clusters,
            resource: resource.to_string(),
        })
    }
}

#[derive(Serialize)]
pub(super) struct ExcessOut {
    resource: String,
    asked: String,
    used: String,
    limit: String,
    missing: String,
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
    shortfall: Option<String>,
    nearest: String,
}

impl ReasonCountOut {
    fn of(count: ReasonCount, lines: &mut Lines) -> Result<Self, Error> {
        lines.add(&count.nearest)?;
        let shortfall = match (&count.reason, count.shortfall) {
            (Refusal::Insufficient { resource, .. }, Some(shortfall)) => Some(amount(resource, shortfall)),
            (_, shortfall) => shortfall.map(|shortfall| shortfall.to_string()),
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
#[serde(tag = "is", rename_all = "snake_case")]
enum RefusalOut {
    NotWorker,
    NotReady,
    Cordoned,
    RequiredLabel,
    AddedAffinity,
    Affinity,
    Taint { key: String, value: String },
    Unknown { resource: String },
    TooManyPods,
    Insufficient { resource: String, needed: String, free: String },
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
                free: resource.quantity(free).to_string(),
                resource: resource.to_string(),
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

#[derive(Serialize)]
struct HintOut {
    #[serde(flatten)]
    action: ActionOut,
    suffices: bool,
    text: String,
    text_zh: String,
}

impl HintOut {
    fn of(hint: Hint) -> Self {
        let (text, text_zh) = (hint.text(Language::English), hint.text(Language::Chinese));
        Self { action: ActionOut::of(hint.action), suffices: hint.suffices, text, text_zh }
    }
}

#[derive(Serialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum ActionOut {
    Restock { parts: Vec<PartOut> },
    RaiseQuota { parts: Vec<PartOut> },
    AskForLess { node: String, parts: Vec<LessOut> },
    FreeUp { node: String, parts: Vec<PartOut> },
    ProvideFigures { node: String, resources: Vec<String> },
    FreeSlot { node: String },
    Uncordon { node: String },
    Label { node: String, labels: BTreeMap<String, String> },
    MatchAffinity { node: String },
    Tolerate { node: String, taints: Vec<TaintOut> },
    MakeReady { node: String },
    AddWorker,
}

impl ActionOut {
    fn of(action: Action) -> Self {
        let parts = |parts: Vec<(Resource, u64)>| parts.iter().map(PartOut::of).collect();
        match action {
            Action::Restock { parts: missing } => Self::Restock { parts: parts(missing) },
            Action::RaiseQuota { parts: missing } => Self::RaiseQuota { parts: parts(missing) },
            Action::AskForLess { node, parts } => {
                Self::AskForLess { node, parts: parts.iter().map(LessOut::of).collect() }
            }
            Action::FreeUp { node, parts: missing } => Self::FreeUp { node, parts: parts(missing) },
            Action::ProvideFigures { node, resources } => {
                Self::ProvideFigures { node, resources: resources.iter().map(ToString::to_string).collect() }
            }
            Action::FreeSlot { node } => Self::FreeSlot { node },
            Action::Uncordon { node } => Self::Uncordon { node },
            Action::Label { node, labels } => Self::Label { node, labels },
            Action::MatchAffinity { node } => Self::MatchAffinity { node },
            Action::Tolerate { node, taints } => {
                Self::Tolerate { node, taints: taints.into_iter().map(TaintOut::of).collect() }
            }
            Action::MakeReady { node } => Self::MakeReady { node },
            Action::AddWorker => Self::AddWorker,
        }
    }
}

#[derive(Serialize)]
struct PartOut {
    resource: String,
    amount: String,
}

impl PartOut {
    fn of((resource, missing): &(Resource, u64)) -> Self {
        Self { resource: resource.to_string(), amount: amount(resource, *missing) }
    }
}

#[derive(Serialize)]
struct LessOut {
    resource: String,
    fits: String,
    missing: String,
}

impl LessOut {
    fn of(less: &Less) -> Self {
        let [fits, missing] = [less.fits, less.missing].map(|of| amount(&less.resource, of));
        Self { resource: less.resource.to_string(), fits, missing }
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

pub(super) fn amount(resource: &Resource, amount: u64) -> String {
    resource.quantity(amount).to_string()
}
