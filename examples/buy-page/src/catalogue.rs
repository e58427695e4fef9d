//! The products of a catalogue, from CSV.

use anyhow::{Context, Result, anyhow};
use counterfoil::{
    error::PlacementError,
    exact::RoundingMode,
    placement::{Constraints, Product, Request, Resource, ResourceQuantity, Toleration, TolerationOperator},
};
use serde::Deserialize;
use std::collections::BTreeSet;

/// A product as it is shown.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(crate) name: String,
    pub(crate) product: Product,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    parts: String,
    #[serde(default)]
    tolerations: String,
}

/// Reads a catalogue; a fault says its line.
pub(crate) fn read(text: &str) -> Result<Vec<Offer>> {
    let (mut offers, mut seen) = (Vec::new(), BTreeSet::new());
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(text.as_bytes());
    for row in reader.deserialize() {
        let row: Row = row?;
        let fault = || format!("product `{}` of the catalogue", row.id);
        if !seen.insert(row.id.clone()) {
            return Err(anyhow!("it stands twice: give each product an id of its own")).with_context(fault);
        }
        let request = request(&row.parts).with_context(fault)?;
        let tolerations = row.tolerations.split_whitespace().map(toleration);
        let tolerations = tolerations.collect::<Result<_>>().with_context(fault)?;
        let constraints = Constraints { tolerations, ..Constraints::default() };
        offers.push(Offer { name: row.name.clone(), product: Product { id: row.id.clone(), request, constraints } });
    }
    Ok(offers)
}

/// `cpu=2 memory=4Gi`: a part of a unit is asked for as a whole one.
fn request(parts: &str) -> Result<Request> {
    let part = |part: &str| {
        let (resource, amount) = part.split_once('=').ok_or_else(|| anyhow!("`{part}` is not of the form cpu=2"))?;
        let resource: Resource = resource.parse()?;
        let amount = resource.amount(&amount.parse::<ResourceQuantity>()?, RoundingMode::Ceiling)?;
        Ok((resource, amount))
    };
    let parts = parts.split_whitespace().map(part).collect::<Result<Vec<_>>>()?;
    Ok(Request::new(parts)?)
}

/// `dedicated=physics:NoSchedule`, or `dedicated:NoSchedule` for any value.
fn toleration(text: &str) -> Result<Toleration> {
    let form = || anyhow!("`{text}` is not of the form key=value:NoSchedule");
    let (taint, effect) = text.rsplit_once(':').ok_or_else(form)?;
    let effect = Some(effect.parse().map_err(|error: PlacementError| error)?);
    Ok(match taint.split_once('=') {
        Some((key, value)) => {
            Toleration { key: key.to_owned(), operator: TolerationOperator::Equal, value: value.to_owned(), effect }
        }
        None => {
            Toleration { key: taint.to_owned(), operator: TolerationOperator::Exists, value: String::new(), effect }
        }
    })
}
