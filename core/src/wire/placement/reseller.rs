//! The shapes of a reseller's portal.

use crate::{
    error::{Error, PlacementError, excerpt},
    exact::RoundingMode,
    placement::{
        Allotment, DiskQuota, Level, ResellerNode, ResellerProduct, Resource, ResourceQuantity, Role,
        determine_accommodation as undeployable, gpu_stock as cards_by_model,
    },
    units::Name,
    wire::text::{Object, Text, all_of},
};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct AccommodationCall {
    nodes: Vec<Object<NodeIn>>,
    /// Labels that every node must carry, as `kyy-gpu=true`.
    labels: Vec<String>,
    products: Vec<Object<ProductIn>>,
}

/// A row of the table of nodes, with cells as it shows them: `3.15核`, `15.30Gi`. One that is `null` is unknown.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NodeIn {
    name: String,
    role: Text<Role>,
    ready: bool,
    labels: Vec<String>,
    cpu: Option<String>,
    memory: Option<String>,
    gpu: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductIn {
    id: String,
    cpu: String,
    memory: String,
    gpu: u64,
}

#[derive(Serialize)]
pub(in crate::wire) struct AccommodationOut {
    undeployable: Vec<String>,
}

pub(in crate::wire) fn determine_accommodation(input: AccommodationCall) -> Result<AccommodationOut, Error> {
    let nodes = all_of(&input.nodes, NodeIn::read)?;
    let products = all_of(&input.products, ProductIn::read)?;
    let answer = undeployable(&nodes, &labels(&input.labels)?, &products)?;
    Ok(AccommodationOut { undeployable: answer.undeployable })
}

impl NodeIn {
    fn read(Object(input): &Object<Self>) -> Result<ResellerNode, Error> {
        let free = |cell: &Option<String>, resource: Resource| {
            let Some(cell) = cell else { return Ok::<_, Error>(Level::Unknown) };
            let free = ResourceQuantity::parse_display(cell, &resource)?;
            Ok(Level::Known(free.in_units(resource.scale(), RoundingMode::Floor)?))
        };
        Ok(ResellerNode {
            name: input.name.clone(),
            role: input.role.read()?,
            ready: input.ready,
            labels: labels(&input.labels)?,
            cpu: free(&input.cpu, Resource::Cpu)?,
            memory: free(&input.memory, Resource::Memory)?,
            gpu: input.gpu.map_or(Level::Unknown, Level::Known),
        })
    }
}

impl ProductIn {
    fn read(Object(input): &Object<Self>) -> Result<ResellerProduct, Error> {
        let asked = |cell: &str, resource: Resource| {
            let asked = ResourceQuantity::parse_display(cell, &resource)?;
            Ok::<_, Error>(resource.amount(&asked, RoundingMode::Ceiling)?)
        };
        Ok(ResellerProduct {
            id: input.id.clone(),
            cpu: asked(&input.cpu, Resource::Cpu)?,
            memory: asked(&input.memory, Resource::Memory)?,
            gpu: input.gpu,
        })
    }
}

fn labels(texts: &[String]) -> Result<BTreeMap<String, String>, Error> {
    let mut labels = BTreeMap::new();
    for text in texts {
        let bad = |fault| PlacementError::BadLabel { text: excerpt(text), fault };
        let (key, value) = text.split_once('=').ok_or_else(|| bad("it has no `=`"))?;
        if key.is_empty() {
            return Err(bad("its key is empty").into());
        }
        if labels.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(bad("its key stands twice").into());
        }
    }
    Ok(labels)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct GpuStockCall {
    entries: Vec<Object<EntryIn>>,
    cluster: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryIn {
    model: Text<Name>,
    cluster: String,
    stock: u64,
}

#[derive(Serialize)]
#[serde(rename = "GpuCards")]
pub(in crate::wire) struct GpuStockOut {
    by_model: ByModel,
}

/// An object in the order in which the models are told of.
struct ByModel(Vec<(Name, u64)>);

impl Serialize for ByModel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(self.0.len()))?;
        for (model, cards) in &self.0 {
            members.serialize_entry(model.as_str(), cards)?;
        }
        members.end()
    }
}

pub(in crate::wire) fn gpu_stock(input: GpuStockCall) -> Result<GpuStockOut, Error> {
    let entry = |Object(entry): &Object<EntryIn>| Ok((entry.model.read()?, entry.cluster.clone(), entry.stock));
    let entries = all_of(&input.entries, entry)?;
    let entries: Vec<_> =
        entries.iter().map(|(model, cluster, stock)| (model.clone(), cluster.as_str(), *stock)).collect();
    Ok(GpuStockOut { by_model: ByModel(cards_by_model(&entries, input.cluster.as_deref())?) })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct DiskQuotaCall {
    total: u64,
    used: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::wire) struct DiskQuotaOut {
    total_quota: u64,
    used_quota: u64,
    free_quota: i64,
}

pub(in crate::wire) fn disk_quota(input: DiskQuotaCall) -> Result<DiskQuotaOut, Error> {
    let DiskQuota { total, used, free } = Allotment::new(input.total, input.used)?.into();
    Ok(DiskQuotaOut { total_quota: total, used_quota: used, free_quota: free })
}
