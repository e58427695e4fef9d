//! Inventories, products and rules, as they are written.

use crate::{
    error::{Error, PlacementError},
    exact::{Exact, RoundingMode},
    placement::{
        Capacity, Constraints, Effect, FieldRequirement, Node, Operator, Product, Request, Requirement, Resource,
        ResourceQuantity, Role, Rules, Running, Sharing, Snapshot, Supply, Taint, Term, Toleration, TolerationOperator,
        Unlisted, WhereUnknown,
    },
    pricing::EachOnce,
    units::Name,
    wire::text::{Object, Text, all_of},
};
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

/// Nodes and what runs on them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InventoryIn {
    nodes: Vec<Object<NodeIn>>,
    running: Option<Vec<Object<RunningIn>>>,
    sharing: Option<Text<Sharing>>,
}

impl InventoryIn {
    pub(super) fn read(&self) -> Result<Snapshot, Error> {
        let nodes = all_of(&self.nodes, NodeIn::read)?;
        let running = all_of(self.running.as_deref().unwrap_or_default(), RunningIn::read)?;
        let sharing = self.sharing.as_ref().map_or(Ok(Sharing::Named), Text::read)?;
        Ok(Snapshot::new(nodes, running, sharing)?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NodeIn {
    name: String,
    cluster: Option<String>,
    role: Option<Text<Role>>,
    ready: Option<bool>,
    cordoned: Option<bool>,
    labels: Option<EachOnce<String>>,
    taints: Option<Vec<Object<TaintIn>>>,
    slots: Option<u64>,
    resources: EachOnce<Option<SupplyIn>>,
    unlisted: Option<Text<Unlisted>>,
    cards_of_unknown_model: Option<u64>,
}

impl NodeIn {
    pub(super) fn read(input: &Object<Self>) -> Result<Node, Error> {
        let Object(input) = input;
        let mut supplies = BTreeMap::new();
        for (resource, supply) in &input.resources.0 {
            let resource: Resource = resource.parse()?;
            let supply = supply.as_ref().map_or(Ok(Supply::Unknown), |supply| supply.read(&resource))?;
            if supplies.insert(resource.clone(), supply).is_some() {
                let (node, resource) = (input.name.clone(), resource.to_string());
                return Err(PlacementError::DuplicateSupply { node, resource }.into());
            }
        }
        Ok(Node {
            name: input.name.clone(),
            cluster: input.cluster.clone(),
            role: input.role.as_ref().map_or(Ok(Role::Worker), Text::read)?,
            ready: input.ready.unwrap_or(true),
            cordoned: input.cordoned.unwrap_or(false),
            labels: map(&input.labels),
            taints: all_of(input.taints.as_deref().unwrap_or_default(), TaintIn::read)?,
            slots: input.slots,
            supplies,
            unlisted: input.unlisted.as_ref().map_or(Ok(Unlisted::Nothing), Text::read)?,
            cards_of_unknown_model: input.cards_of_unknown_model.unwrap_or(0),
        })
    }
}

/// `"4"`, or `{"total": "4", "reserved": "500m", "overcommit": "1.5"}`.
enum SupplyIn {
    Total(Text<ResourceQuantity>),
    Capacity(CapacityIn),
}

impl<'de> Deserialize<'de> for SupplyIn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let token = <&RawValue>::deserialize(deserializer)?.get();
        let supply = match token.starts_with('{') {
            true => serde_json::from_str(token).map(|Object(capacity)| Self::Capacity(capacity)),
            false => serde_json::from_str(token).map(Self::Total),
        };
        supply.map_err(de::Error::custom)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CapacityIn {
    total: Text<ResourceQuantity>,
    reserved: Option<Text<ResourceQuantity>>,
    overcommit: Option<Text<Exact>>,
}

impl SupplyIn {
    fn read(&self, resource: &Resource) -> Result<Supply, Error> {
        // What there is, is rounded down, and what is kept back, up.
        let total =
            |text: &Text<ResourceQuantity>| Ok::<_, Error>(resource.amount(&text.read()?, RoundingMode::Floor)?);
        let capacity = match self {
            Self::Total(text) => Capacity::of(total(text)?),
            Self::Capacity(capacity) => Capacity {
                total: total(&capacity.total)?,
                reserved: match &capacity.reserved {
                    Some(text) => resource.amount(&text.read()?, RoundingMode::Ceiling)?,
                    None => 0,
                },
                overcommit: capacity.overcommit.as_ref().map_or(Ok(Exact::ONE), Text::read)?,
            },
        };
        Ok(Supply::Known(capacity))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RunningIn {
    id: String,
    node: String,
    parts: Vec<Object<PartIn>>,
    cards: Option<EachOnce<u64>>,
}

impl RunningIn {
    pub(super) fn read(input: &Object<Self>) -> Result<Running, Error> {
        let Object(input) = input;
        let cards = input.cards.iter().flat_map(|cards| &cards.0);
        let cards = cards.map(|(model, card)| Ok((model.parse::<Name>()?, *card)));
        Ok(Running {
            id: input.id.clone(),
            node: input.node.clone(),
            request: request(&input.parts)?,
            cards: cards.collect::<Result<_, Error>>()?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartIn {
    resource: Text<Resource>,
    amount: Text<ResourceQuantity>,
}

/// What parts ask for together; a part of a unit is asked for as a whole one.
pub(super) fn request(parts: &[Object<PartIn>]) -> Result<Request, Error> {
    let part = |Object(part): &Object<PartIn>| {
        let resource = part.resource.read()?;
        let amount = resource.amount(&part.amount.read()?, RoundingMode::Ceiling)?;
        Ok::<_, Error>((resource, amount))
    };
    Ok(Request::new(all_of(parts, part)?)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductIn {
    id: String,
    parts: Vec<Object<PartIn>>,
    node_selector: Option<EachOnce<String>>,
    affinity: Option<Vec<Object<TermIn>>>,
    tolerations: Option<Vec<Object<TolerationIn>>>,
}

impl ProductIn {
    pub(super) fn read(input: &Object<Self>) -> Result<Product, Error> {
        let Object(input) = input;
        Ok(Product {
            id: input.id.clone(),
            request: request(&input.parts)?,
            constraints: Constraints {
                node_selector: map(&input.node_selector),
                affinity: terms(&input.affinity)?,
                tolerations: all_of(input.tolerations.as_deref().unwrap_or_default(), TolerationIn::read)?,
            },
        })
    }
}

/// How a portal judges; nothing named is [`Rules::strict`].
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesIn {
    required_labels: Option<EachOnce<String>>,
    added_affinity: Option<Vec<Object<TermIn>>>,
    ignored_groups: Option<BTreeSet<String>>,
    where_unknown: Option<Text<WhereUnknown>>,
}

impl RulesIn {
    pub(super) fn read(input: &Option<Object<Self>>) -> Result<Rules, Error> {
        let strict = Rules::strict();
        let Some(Object(input)) = input else { return Ok(strict) };
        Ok(Rules {
            required_labels: map(&input.required_labels),
            added_affinity: terms(&input.added_affinity)?,
            ignored_groups: input.ignored_groups.clone().unwrap_or_default(),
            where_unknown: input.where_unknown.as_ref().map_or(Ok(strict.where_unknown), Text::read)?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermIn {
    expressions: Option<Vec<Object<RequirementIn>>>,
    fields: Option<Vec<Object<RequirementIn>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequirementIn {
    key: String,
    operator: Text<Operator>,
    values: Option<Vec<String>>,
}

fn terms(terms: &Option<Vec<Object<TermIn>>>) -> Result<Option<Vec<Term>>, Error> {
    let term = |Object(term): &Object<TermIn>| {
        Ok::<_, Error>(Term {
            expressions: all_of(term.expressions.as_deref().unwrap_or_default(), |Object(input)| {
                let (operator, values) = (input.operator.read()?, input.values.clone().unwrap_or_default());
                Ok(Requirement { key: input.key.clone(), operator, values })
            })?,
            fields: all_of(term.fields.as_deref().unwrap_or_default(), |Object(input)| {
                let (operator, values) = (input.operator.read()?, input.values.clone().unwrap_or_default());
                Ok(FieldRequirement { key: input.key.clone(), operator, values })
            })?,
        })
    };
    terms.as_ref().map(|terms| all_of(terms, term)).transpose()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TaintIn {
    key: String,
    value: Option<String>,
    effect: Text<Effect>,
}

impl TaintIn {
    fn read(Object(input): &Object<Self>) -> Result<Taint, Error> {
        let value = input.value.clone().unwrap_or_default();
        Ok(Taint { key: input.key.clone(), value, effect: input.effect.read()? })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TolerationIn {
    key: Option<String>,
    operator: Option<String>,
    value: Option<String>,
    effect: Option<String>,
}

impl TolerationIn {
    fn read(Object(input): &Object<Self>) -> Result<Toleration, Error> {
        Ok(Toleration {
            key: input.key.clone().unwrap_or_default(),
            operator: said(&input.operator).map_or(Ok(TolerationOperator::Equal), str::parse)?,
            value: input.value.clone().unwrap_or_default(),
            effect: said(&input.effect).map(str::parse).transpose()?,
        })
    }
}

/// Kubernetes writes what is not said as an empty text.
fn said(word: &Option<String>) -> Option<&str> {
    word.as_deref().filter(|word| !word.is_empty())
}

fn map(each: &Option<EachOnce<String>>) -> BTreeMap<String, String> {
    each.iter().flat_map(|each| &each.0).map(|(key, value)| (key.clone(), value.clone())).collect()
}
