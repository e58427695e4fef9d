//! What is said of a product, shown anew.

use crate::input::Answer;
use counterfoil::{
    error::Language,
    placement::{Action, Explained, Explanation, Hint, Judged, Refusal, Resource, Ruling, Why},
};
use serde_json::{Value, json};

pub(super) fn judged(judged: &Judged) -> Value {
    match &judged.ruling {
        Ruling::Sellable { nodes } => json!({ "id": judged.id, "nodes": nodes }),
        Ruling::Grey { stage, why } => {
            json!({ "id": judged.id, "stage": stage.to_string(), "why": self::why(why) })
        }
    }
}

pub(super) fn explained(explained: &Explained) -> Answer {
    Ok(json!({
        "id": explained.id,
        "stage": explained.stage.map(|stage| stage.to_string()),
        "why": why(&explained.why),
        "text": explained.text(Language::English)?,
        "text_zh": explained.text(Language::Chinese)?,
        "hint": explained.hint.as_ref().map(hint),
    }))
}

fn why(why: &Why) -> Value {
    match why {
        Why::Stock(short) => {
            let shown = short.iter().map(|short| {
                json!({
                    "resource": short.resource.to_string(),
                    "asked": amount(&short.resource, short.asked),
                    "left": short.resource.quantity(short.left).to_string(),
                    "missing": amount(&short.resource, short.missing),
                    "clusters": short.clusters,
                })
            });
            json!({ "stock": shown.collect::<Vec<_>>() })
        }
        Why::Quota(over) => {
            let shown = over.iter().map(|over| {
                json!({
                    "resource": over.resource.to_string(),
                    "asked": amount(&over.resource, over.asked),
                    "used": amount(&over.resource, over.used),
                    "limit": amount(&over.resource, over.limit),
                    "missing": amount(&over.resource, over.missing),
                })
            });
            json!({ "quota": shown.collect::<Vec<_>>() })
        }
        Why::Nodes(explanation) => json!({ "nodes": self::explanation(explanation) }),
    }
}

pub(super) fn explanation(explanation: &Explanation) -> Value {
    let reasons = explanation.reasons.iter().map(|count| {
        let shortfall = count.shortfall.map(|shortfall| match &count.reason {
            Refusal::Insufficient { resource, .. } => amount(resource, shortfall),
            _ => shortfall.to_string(),
        });
        json!({
            "reason": refusal(&count.reason),
            "nodes": count.nodes,
            "shortfall": shortfall,
            "nearest": count.nearest,
        })
    });
    let first = explanation.first;
    json!({
        "nodes": explanation.nodes,
        "available": explanation.available,
        "reasons": reasons.collect::<Vec<_>>(),
        "first": {
            "role": first.role,
            "ready": first.ready,
            "cordoned": first.cordoned,
            "label": first.label,
            "taint": first.taint,
            "unknown": first.unknown,
            "parts": first.parts,
        },
        "nearest": explanation.nearest.as_ref().map(|nearest| {
            json!({ "node": nearest.node, "refusals": nearest.refusals.iter().map(refusal).collect::<Vec<_>>() })
        }),
    })
}

fn refusal(refusal: &Refusal) -> Value {
    match refusal {
        Refusal::NotWorker => json!({ "is": "not_worker" }),
        Refusal::NotReady => json!({ "is": "not_ready" }),
        Refusal::Cordoned => json!({ "is": "cordoned" }),
        Refusal::RequiredLabel => json!({ "is": "required_label" }),
        Refusal::AddedAffinity => json!({ "is": "added_affinity" }),
        Refusal::Affinity => json!({ "is": "affinity" }),
        Refusal::Taint { key, value } => json!({ "is": "taint", "key": key, "value": value }),
        Refusal::Unknown { resource } => json!({ "is": "unknown", "resource": resource.to_string() }),
        Refusal::TooManyPods => json!({ "is": "too_many_pods" }),
        Refusal::Insufficient { resource, needed, free } => json!({
            "is": "insufficient",
            "resource": resource.to_string(),
            "needed": amount(resource, *needed),
            "free": resource.quantity(*free).to_string(),
        }),
    }
}

fn hint(hint: &Hint) -> Value {
    let mut shown = action(&hint.action);
    shown["suffices"] = hint.suffices.into();
    shown["text"] = hint.text(Language::English).into();
    shown["text_zh"] = hint.text(Language::Chinese).into();
    shown
}

fn action(action: &Action) -> Value {
    match action {
        Action::Restock { parts: missing } => json!({ "do": "restock", "parts": parts(missing) }),
        Action::RaiseQuota { parts: missing } => json!({ "do": "raise_quota", "parts": parts(missing) }),
        Action::AskForLess { node, parts } => {
            let less = parts.iter().map(|less| {
                json!({
                    "resource": less.resource.to_string(),
                    "fits": amount(&less.resource, less.fits),
                    "missing": amount(&less.resource, less.missing),
                })
            });
            json!({ "do": "ask_for_less", "node": node, "parts": less.collect::<Vec<_>>() })
        }
        Action::FreeUp { node, parts: missing } => json!({ "do": "free_up", "node": node, "parts": parts(missing) }),
        Action::ProvideFigures { node, resources } => {
            let resources: Vec<String> = resources.iter().map(ToString::to_string).collect();
            json!({ "do": "provide_figures", "node": node, "resources": resources })
        }
        Action::FreeSlot { node } => json!({ "do": "free_slot", "node": node }),
        Action::Uncordon { node } => json!({ "do": "uncordon", "node": node }),
        Action::Label { node, labels } => json!({ "do": "label", "node": node, "labels": labels }),
        Action::MatchAffinity { node } => json!({ "do": "match_affinity", "node": node }),
        Action::Tolerate { node, taints } => {
            let taints = taints
                .iter()
                .map(|taint| json!({ "key": taint.key, "value": taint.value, "effect": taint.effect.to_string() }));
            json!({ "do": "tolerate", "node": node, "taints": taints.collect::<Vec<_>>() })
        }
        Action::MakeReady { node } => json!({ "do": "make_ready", "node": node }),
        Action::AddWorker => json!({ "do": "add_worker" }),
    }
}

fn parts(parts: &[(Resource, u64)]) -> Vec<Value> {
    let part = |(resource, missing): &(Resource, u64)| json!({ "resource": resource.to_string(), "amount": amount(resource, *missing) });
    parts.iter().map(part).collect()
}

pub(super) fn amount(resource: &Resource, amount: u64) -> String {
    resource.quantity(amount).to_string()
}
