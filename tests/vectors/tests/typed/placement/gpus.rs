use super::{inventory::snapshot, stages::ledger, told::amount};
use crate::input::{Answer, Fault, Members, text};
use counterfoil::placement::Resource;
use serde_json::{Value, json};

pub(crate) fn gpus(input: Members<'_>) -> Answer {
    let cluster = input.optional("cluster").map(text).transpose()?;
    let stock = input.optional("ledger").map(by_books).transpose()?;
    let live = input.optional("inventory").map(|value| by_nodes(value, cluster)).transpose()?;
    Ok(json!({ "stock": stock, "live": live }))
}

fn by_books(value: &Value) -> Result<Vec<Value>, Fault> {
    let shown = ledger(value)?.gpus().into_iter().map(|gpu| {
        let cards = Resource::Gpu(gpu.model.clone());
        json!({
            "model": gpu.model.as_str(),
            "stock": amount(&cards, gpu.stock.stock()),
            "consumed": amount(&cards, gpu.stock.consumed()),
            "free": cards.quantity(gpu.stock.free()).to_string(),
            "clusters": gpu.stock.clusters(),
        })
    });
    Ok(shown.collect())
}

fn by_nodes(value: &Value, cluster: Option<&str>) -> Answer {
    let free = snapshot(value)?.gpus(cluster)?;
    let shown = free.models.iter().map(|gpu| {
        let cards = Resource::Gpu(gpu.model.clone());
        json!({
            "model": gpu.model.as_str(),
            "free": amount(&cards, gpu.free),
            "known": gpu.known,
            "unknown": gpu.unknown,
        })
    });
    Ok(json!({ "models": shown.collect::<Vec<_>>(), "of_unknown_model": free.of_unknown_model }))
}
