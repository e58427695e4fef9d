//! Inventories, products and rules, read anew.

use crate::input::{Fault, Members, all, amount, list, number, shape, text};
use counterfoil::{
    error::PlacementError,
    exact::{Exact, RoundingMode},
    placement::{
        Capacity, Constraints, FieldRequirement, Node, Product, Request, Requirement, Resource, ResourceQuantity, Role,
        Rules, Running, Sharing, Snapshot, Supply, Taint, Term, Toleration, TolerationOperator, Unlisted, WhereUnknown,
    },
};
use serde_json::Value;
use std::{collections::BTreeMap, str::FromStr};

pub(super) fn snapshot(value: &Value) -> Result<Snapshot, Fault> {
    let inventory = Members::of(value, &["nodes", "running", "sharing"])?;
    let nodes = all(inventory.list("nodes")?, node)?;
    let running = all(optional_list(inventory, "running")?, running)?;
    let sharing = inventory.parse_optional("sharing")?.unwrap_or(Sharing::Named);
    Ok(Snapshot::new(nodes, running, sharing)?)
}

pub(super) fn node(value: &Value) -> Result<Node, Fault> {
    let known = [
        "name",
        "cluster",
        "role",
        "ready",
        "cordoned",
        "labels",
        "taints",
        "slots",
        "resources",
        "unlisted",
        "cards_of_unknown_model",
    ];
    let input = Members::of(value, &known)?;
    let mut supplies = BTreeMap::new();
    for (resource, supply) in members(input.value("resources")?)? {
        let resource: Resource = resource.parse()?;
        let supply = if supply.is_null() { Supply::Unknown } else { Supply::Known(capacity(&resource, supply)?) };
        if supplies.insert(resource.clone(), supply).is_some() {
            let (node, resource) = (input.text("name")?.to_owned(), resource.to_string());
            return Err(PlacementError::DuplicateSupply { node, resource }.into());
        }
    }
    let flag = |key| input.optional(key).map(|_| input.flag(key)).transpose();
    Ok(Node {
        name: input.text("name")?.to_owned(),
        cluster: input.optional("cluster").map(|name| text(name).map(str::to_owned)).transpose()?,
        role: input.parse_optional("role")?.unwrap_or(Role::Worker),
        ready: flag("ready")?.unwrap_or(true),
        cordoned: flag("cordoned")?.unwrap_or(false),
        labels: labels(input, "labels")?,
        taints: all(optional_list(input, "taints")?, taint)?,
        slots: input.optional("slots").map(number).transpose()?,
        supplies,
        unlisted: input.parse_optional("unlisted")?.unwrap_or(Unlisted::Nothing),
        cards_of_unknown_model: input.optional("cards_of_unknown_model").map_or(Ok(0), number)?,
    })
}

fn capacity(resource: &Resource, value: &Value) -> Result<Capacity, Fault> {
    if !value.is_object() {
        return Ok(Capacity::of(resource.amount(&quantity(value)?, RoundingMode::Floor)?));
    }
    let input = Members::of(value, &["total", "reserved", "overcommit"])?;
    let reserved = input.optional("reserved").map(quantity).transpose()?;
    let overcommit = input.optional("overcommit").map(amount).transpose()?;
    Ok(Capacity {
        total: resource.amount(&quantity(input.value("total")?)?, RoundingMode::Floor)?,
        reserved: reserved.map_or(Ok(0), |reserved| resource.amount(&reserved, RoundingMode::Ceiling))?,
        overcommit: overcommit.map_or(Ok(Exact::ONE), str::parse)?,
    })
}

pub(super) fn running(value: &Value) -> Result<Running, Fault> {
    let input = Members::of(value, &["id", "node", "parts", "cards"])?;
    let cards = input.optional("cards").map(members).transpose()?.unwrap_or_default();
    let cards = cards.into_iter().map(|(model, card)| Ok((model.parse()?, number::<i64>(card)?.unsigned_abs())));
    Ok(Running {
        id: input.text("id")?.to_owned(),
        node: input.text("node")?.to_owned(),
        request: request(input)?,
        cards: cards.collect::<Result<_, Fault>>()?,
    })
}

pub(super) fn request(input: Members<'_>) -> Result<Request, Fault> {
    let parts = all(input.list("parts")?, |part| {
        let part = Members::of(part, &["resource", "amount"])?;
        let resource: Resource = part.parse("resource")?;
        let amount = resource.amount(&quantity(part.value("amount")?)?, RoundingMode::Ceiling)?;
        Ok((resource, amount))
    })?;
    Ok(Request::new(parts)?)
}

pub(super) fn product(value: &Value) -> Result<Product, Fault> {
    let input = Members::of(value, &["id", "parts", "node_selector", "affinity", "tolerations"])?;
    Ok(Product {
        id: input.text("id")?.to_owned(),
        request: request(input)?,
        constraints: Constraints {
            node_selector: labels(input, "node_selector")?,
            affinity: input.optional("affinity").map(terms).transpose()?,
            tolerations: all(optional_list(input, "tolerations")?, toleration)?,
        },
    })
}

pub(super) fn rules(value: Option<&Value>) -> Result<Rules, Fault> {
    let Some(value) = value else { return Ok(Rules::strict()) };
    let input = Members::of(value, &["required_labels", "added_affinity", "ignored_groups", "where_unknown"])?;
    let groups = optional_list(input, "ignored_groups")?.iter().map(|group| text(group).map(str::to_owned));
    Ok(Rules {
        required_labels: labels(input, "required_labels")?,
        added_affinity: input.optional("added_affinity").map(terms).transpose()?,
        ignored_groups: groups.collect::<Result<_, Fault>>()?,
        where_unknown: input.parse_optional("where_unknown")?.unwrap_or(WhereUnknown::Grey),
    })
}

fn terms(value: &Value) -> Result<Vec<Term>, Fault> {
    all(list(value)?, |term| {
        let term = Members::of(term, &["expressions", "fields"])?;
        let expression = |value: &Value| {
            let (key, operator, values) = requirement(value)?;
            Ok(Requirement { key, operator: word(&operator)?, values })
        };
        let field = |value: &Value| {
            let (key, operator, values) = requirement(value)?;
            Ok(FieldRequirement { key, operator: word(&operator)?, values })
        };
        Ok(Term {
            expressions: all(optional_list(term, "expressions")?, expression)?,
            fields: all(optional_list(term, "fields")?, field)?,
        })
    })
}

fn requirement(value: &Value) -> Result<(String, String, Vec<String>), Fault> {
    let input = Members::of(value, &["key", "operator", "values"])?;
    let values = optional_list(input, "values")?.iter().map(|value| text(value).map(str::to_owned));
    let values = values.collect::<Result<_, Fault>>()?;
    Ok((input.text("key")?.to_owned(), input.text("operator")?.to_owned(), values))
}

fn taint(value: &Value) -> Result<Taint, Fault> {
    let input = Members::of(value, &["key", "value", "effect"])?;
    let value = input.optional("value").map_or(Ok(""), text)?.to_owned();
    Ok(Taint { key: input.text("key")?.to_owned(), value, effect: input.parse("effect")? })
}

fn toleration(value: &Value) -> Result<Toleration, Fault> {
    let input = Members::of(value, &["key", "operator", "value", "effect"])?;
    let said = |key| input.optional(key).map_or(Ok(""), text);
    Ok(Toleration {
        key: said("key")?.to_owned(),
        operator: match said("operator")? {
            "" => TolerationOperator::Equal,
            operator => word(operator)?,
        },
        value: said("value")?.to_owned(),
        effect: match said("effect")? {
            "" => None,
            effect => Some(word(effect)?),
        },
    })
}

fn word<T: FromStr<Err: Into<Fault>>>(word: &str) -> Result<T, Fault> {
    word.parse().map_err(Into::into)
}

pub(super) fn quantity(value: &Value) -> Result<ResourceQuantity, Fault> {
    word(amount(value)?)
}

pub(super) fn labels(input: Members<'_>, key: &str) -> Result<BTreeMap<String, String>, Fault> {
    let labels = input.optional(key).map(members).transpose()?.unwrap_or_default();
    labels.into_iter().map(|(key, value)| Ok((key.to_owned(), text(value)?.to_owned()))).collect()
}

pub(super) fn members(value: &Value) -> Result<Vec<(&str, &Value)>, Fault> {
    match value.as_object() {
        Some(members) => Ok(members.iter().map(|(key, value)| (key.as_str(), value)).collect()),
        None => shape(format!("{value} is no object")),
    }
}

pub(super) fn optional_list<'a>(input: Members<'a>, key: &str) -> Result<&'a [Value], Fault> {
    input.optional(key).map_or(Ok(&[]), list)
}
