//! Models of cards, by the books or by the nodes.

use super::{inventory::InventoryIn, stages::LedgerIn, told::amount};
use crate::{
    error::Error,
    placement::{GpuFree, GpuStock, Resource, ResourceQuantity},
    wire::text::{Object, Show, Shown},
};
use serde::{Deserialize, Serialize};

/// A ledger, an inventory, or both.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct GpusCall {
    ledger: Option<Object<LedgerIn>>,
    inventory: Option<Object<InventoryIn>>,
    /// Of the inventory; a ledger names its own.
    cluster: Option<String>,
}

#[derive(Serialize)]
pub(in crate::wire) struct GpusOut {
    stock: Option<Vec<GpuStockOut>>,
    live: Option<GpusFreeOut>,
}

#[derive(Serialize)]
struct GpuStockOut {
    model: String,
    stock: Shown<ResourceQuantity>,
    consumed: Shown<ResourceQuantity>,
    free: Shown<ResourceQuantity>,
    clusters: Vec<String>,
}

#[derive(Serialize)]
struct GpusFreeOut {
    models: Vec<GpuFreeOut>,
    of_unknown_model: u64,
}

#[derive(Serialize)]
struct GpuFreeOut {
    model: String,
    free: Shown<ResourceQuantity>,
    known: u64,
    unknown: u64,
}

pub(in crate::wire) fn gpus(input: GpusCall) -> Result<GpusOut, Error> {
    let live = |inventory: &Object<InventoryIn>| {
        let free = inventory.0.read()?.gpus(input.cluster.as_deref())?;
        let models = free.models.into_iter().map(GpuFreeOut::of).collect();
        Ok::<_, Error>(GpusFreeOut { models, of_unknown_model: free.of_unknown_model })
    };
    let stock = |ledger: &Object<LedgerIn>| {
        Ok::<_, Error>(LedgerIn::read(ledger)?.gpus().into_iter().map(GpuStockOut::of).collect())
    };
    Ok(GpusOut {
        stock: input.ledger.as_ref().map(stock).transpose()?,
        live: input.inventory.as_ref().map(live).transpose()?,
    })
}

impl GpuStockOut {
    fn of(GpuStock { model, stock }: GpuStock) -> Self {
        let resource = Resource::Gpu(model.clone());
        Self {
            model: model.to_string(),
            stock: amount(&resource, stock.stock()),
            consumed: amount(&resource, stock.consumed()),
            free: resource.quantity(stock.free()).shown(),
            clusters: stock.clusters().to_vec(),
        }
    }
}

impl GpuFreeOut {
    fn of(GpuFree { model, free, known, unknown }: GpuFree) -> Self {
        Self { free: amount(&Resource::Gpu(model.clone()), free), model: model.to_string(), known, unknown }
    }
}
