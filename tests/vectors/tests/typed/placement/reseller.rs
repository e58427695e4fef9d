use super::quota::unsigned;
use crate::input::{Answer, Fault, Members, all, number, text};
use counterfoil::{
    error::PlacementError,
    exact::RoundingMode,
    placement::{
        Allotment, DiskQuota, Level, ResellerNode, ResellerProduct, Resource, ResourceQuantity,
        determine_accommodation, gpu_stock,
    },
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(crate) fn accommodation(input: Members<'_>) -> Answer {
    let nodes = all(input.list("nodes")?, |node| {
        let node = Members::of(node, &["name", "role", "ready", "labels", "cpu", "memory", "gpu"])?;
        let free = |key: &str, resource: Resource| {
            let Some(cell) = node.optional(key) else { return Ok::<_, Fault>(Level::Unknown) };
            let free = ResourceQuantity::parse_display(text(cell)?, &resource)?;
            Ok(Level::Known(free.in_units(resource.scale(), RoundingMode::Floor)?))
        };
        Ok(ResellerNode {
            name: node.text("name")?.to_owned(),
            role: node.parse("role")?,
            ready: node.flag("ready")?,
            labels: labels(node.list("labels")?)?,
            cpu: free("cpu", Resource::Cpu)?,
            memory: free("memory", Resource::Memory)?,
            gpu: node.optional("gpu").map_or(Ok(Level::Unknown), |cards| number(cards).map(Level::Known))?,
        })
    })?;
    let products = all(input.list("products")?, |product| {
        let product = Members::of(product, &["id", "cpu", "memory", "gpu"])?;
        let asked = |key: &str, resource: Resource| {
            let asked = ResourceQuantity::parse_display(product.text(key)?, &resource)?;
            Ok::<_, Fault>(resource.amount(&asked, RoundingMode::Ceiling)?)
        };
        Ok(ResellerProduct {
            id: product.text("id")?.to_owned(),
            cpu: asked("cpu", Resource::Cpu)?,
            memory: asked("memory", Resource::Memory)?,
            gpu: unsigned(product.value("gpu")?)?,
        })
    })?;
    let answer = determine_accommodation(&nodes, &labels(input.list("labels")?)?, &products)?;
    Ok(json!({ "undeployable": answer.undeployable }))
}

/// Labels as texts are of the wire: a program has them as a map.
fn labels(list: &[Value]) -> Result<BTreeMap<String, String>, Fault> {
    let mut labels = BTreeMap::new();
    for label in list {
        let label = text(label)?;
        let bad = |fault| PlacementError::BadLabel { text: label.to_owned(), fault };
        match label.split_once('=') {
            None => return Err(bad("it has no `=`").into()),
            Some(("", _)) => return Err(bad("its key is empty").into()),
            Some((key, _)) if labels.contains_key(key) => return Err(bad("its key stands twice").into()),
            Some((key, value)) => labels.insert(key.to_owned(), value.to_owned()),
        };
    }
    Ok(labels)
}

pub(crate) fn cards(input: Members<'_>) -> Answer {
    let entries = input.list("entries")?.iter().map(|entry| {
        let entry = Members::of(entry, &["model", "cluster", "stock"])?;
        Ok((entry.parse("model")?, entry.text("cluster")?, unsigned(entry.value("stock")?)?))
    });
    let entries = entries.collect::<Result<Vec<_>, Fault>>()?;
    let cluster = input.optional("cluster").map(text).transpose()?;
    let by_model = gpu_stock(&entries, cluster)?;
    let by_model: Map<String, Value> =
        by_model.into_iter().map(|(model, cards)| (model.to_string(), cards.into())).collect();
    Ok(json!({ "by_model": by_model }))
}

pub(crate) fn disk_quota(input: Members<'_>) -> Answer {
    let quota = DiskQuota::from(Allotment::new(unsigned(input.value("total")?)?, unsigned(input.value("used")?)?)?);
    Ok(json!({ "TotalQuota": quota.total, "UsedQuota": quota.used, "FreeQuota": quota.free }))
}
