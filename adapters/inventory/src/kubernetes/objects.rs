//! What is read of the objects of Kubernetes; what else they have is passed over.

use crate::cells::Cell;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// Figures of resources, as they are written.
pub(super) type Figures = BTreeMap<String, Cell>;

#[derive(Deserialize)]
pub(super) struct NodeObject {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) metadata: Metadata,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) spec: NodeSpec,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) status: NodeStatus,
}

#[derive(Deserialize, Default)]
pub(super) struct Metadata {
    pub(super) name: Option<String>,
    pub(super) namespace: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) labels: BTreeMap<String, String>,
}

#[derive(Deserialize, Default)]
pub(super) struct NodeSpec {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) unschedulable: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) taints: Vec<TaintObject>,
}

#[derive(Deserialize)]
pub(super) struct TaintObject {
    pub(super) key: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) value: String,
    pub(super) effect: String,
}

#[derive(Deserialize, Default)]
pub(super) struct NodeStatus {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) allocatable: Figures,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) capacity: Figures,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) conditions: Vec<Condition>,
}

#[derive(Deserialize)]
pub(super) struct Condition {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) status: String,
}

#[derive(Deserialize)]
pub(super) struct PodObject {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) metadata: Metadata,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) spec: PodSpec,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) status: PodStatus,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct PodSpec {
    pub(super) node_name: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) containers: Vec<Container>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) init_containers: Vec<Container>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) overhead: Figures,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) resources: Resources,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) node_selector: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) affinity: Affinity,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) tolerations: Vec<TolerationObject>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) topology_spread_constraints: Vec<Spread>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Container {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) resources: Resources,
    pub(super) restart_policy: Option<String>,
}

#[derive(Deserialize, Default)]
pub(super) struct Resources {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) requests: Figures,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) limits: Figures,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Affinity {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) node_affinity: NodeAffinity,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) pod_affinity: PodAffinity,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) pod_anti_affinity: PodAffinity,
}

#[derive(Deserialize, Default)]
pub(super) struct NodeAffinity {
    #[serde(rename = "requiredDuringSchedulingIgnoredDuringExecution")]
    pub(super) required: Option<Selector>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Selector {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) node_selector_terms: Vec<TermObject>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TermObject {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) match_expressions: Vec<RequirementObject>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) match_fields: Vec<RequirementObject>,
}

#[derive(Deserialize)]
pub(super) struct RequirementObject {
    pub(super) key: String,
    pub(super) operator: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) values: Vec<String>,
}

#[derive(Deserialize, Default)]
pub(super) struct PodAffinity {
    #[serde(rename = "requiredDuringSchedulingIgnoredDuringExecution", default, deserialize_with = "or_default")]
    pub(super) required: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
pub(super) struct TolerationObject {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) key: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) operator: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) value: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) effect: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Spread {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) when_unsatisfiable: String,
}

#[derive(Deserialize, Default)]
pub(super) struct PodStatus {
    pub(super) phase: Option<String>,
}

/// `null` is as good as nothing.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
