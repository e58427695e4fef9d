//! All stages: the books, the tenant's quota, and the nodes.

use super::{
    inventory::{InventoryIn, ProductIn, RulesIn},
    told::{ExplainedOut, JudgedOut, Lines},
};
use crate::{
    error::{Error, WireError},
    exact::RoundingMode,
    placement::{
        Allowance, Centre, Ledger, ModelMap, Product, Resource, ResourceQuantity, Rules, Snapshot, StockRow, Telling,
        TenantQuota, Unstocked,
    },
    pricing::EachOnce,
    units::Name,
    wire::text::{Object, Text, all_of},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct JudgeCall {
    centre: Object<CentreIn>,
    products: Vec<Object<ProductIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct ExplainCall {
    centre: Object<CentreIn>,
    product: Object<ProductIn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CentreIn {
    inventory: Object<InventoryIn>,
    rules: Option<Object<RulesIn>>,
    ledger: Option<Object<LedgerIn>>,
    quota: Option<EachOnce<Object<AllowanceIn>>>,
    models: Option<EachOnce<Text<Name>>>,
    telling: Option<Text<Telling>>,
}

/// So many pairs of a product and a node are told of before they are written.
pub(super) const PAIRS: usize = 100_000;

#[derive(Serialize)]
pub(in crate::wire) struct JudgeOut {
    greyed: Vec<String>,
    products: Vec<JudgedOut>,
}

pub(in crate::wire) fn judge(input: JudgeCall) -> Result<JudgeOut, Error> {
    let state = input.centre.0.read()?;
    let products = all_of(&input.products, ProductIn::read)?;
    bounded(&state.snapshot, &products)?;
    let (centre, mut lines) = (state.centre(), Lines::default());
    let (mut greyed, mut told) = (Vec::new(), BTreeSet::new());
    let mut written = Vec::with_capacity(products.len());
    // A few after another: the answer may become too long, and is not to be held in full before that is seen.
    let at_once = PAIRS.checked_div(state.snapshot.nodes().len()).unwrap_or(PAIRS).max(1);
    for products in products.chunks(at_once) {
        for (product, judged) in products.iter().zip(centre.judge(products)?) {
            if judged.ruling.stage().is_some() && told.insert(product.id.as_str()) {
                greyed.push(product.id.clone());
            }
            written.push(JudgedOut::of(judged, &mut lines)?);
        }
    }
    Ok(JudgeOut { greyed, products: written })
}

pub(in crate::wire) fn explain(input: ExplainCall) -> Result<ExplainedOut, Error> {
    let state = input.centre.0.read()?;
    let product = ProductIn::read(&input.product)?;
    bounded(&state.snapshot, std::slice::from_ref(&product))?;
    ExplainedOut::of(state.centre().explain(&product)?)
}

/// What a centre is made of.
struct State {
    snapshot: Snapshot,
    rules: Rules,
    ledger: Option<Ledger>,
    quota: Option<TenantQuota>,
    models: Option<ModelMap>,
    telling: Telling,
}

impl CentreIn {
    fn read(&self) -> Result<State, Error> {
        let models = |models: &EachOnce<Text<Name>>| {
            let model = |(model, meant): (&String, &Text<Name>)| Ok::<_, Error>((model.parse()?, meant.read()?));
            Ok::<_, Error>(ModelMap::new(models.0.iter().map(model).collect::<Result<Vec<_>, Error>>()?))
        };
        Ok(State {
            snapshot: self.inventory.0.read()?,
            rules: RulesIn::read(&self.rules)?,
            ledger: self.ledger.as_ref().map(LedgerIn::read).transpose()?,
            quota: self.quota.as_ref().map(quota).transpose()?,
            models: self.models.as_ref().map(models).transpose()?,
            telling: self.telling.as_ref().map_or(Ok(Telling::Every), Text::read)?,
        })
    }
}

impl State {
    fn centre(&self) -> Centre<'_> {
        let mut centre = Centre::new(&self.snapshot, &self.rules).with_telling(self.telling);
        if let Some(ledger) = &self.ledger {
            centre = centre.with_ledger(ledger);
        }
        if let Some(quota) = &self.quota {
            centre = centre.with_quota(quota);
        }
        if let Some(models) = &self.models {
            centre = centre.with_models(models);
        }
        centre
    }
}

/// Rows, what a part means that has none, and the cluster that is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LedgerIn {
    rows: Vec<Object<StockRowIn>>,
    unlisted: Text<Unstocked>,
    cluster: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StockRowIn {
    cluster: String,
    resource: Text<Resource>,
    stock: Text<ResourceQuantity>,
    consumed: Option<Text<ResourceQuantity>>,
}

impl LedgerIn {
    pub(super) fn read(Object(input): &Object<Self>) -> Result<Ledger, Error> {
        let ledger = Ledger::new(all_of(&input.rows, StockRowIn::read)?, input.unlisted.read()?)?;
        Ok(match &input.cluster {
            Some(cluster) => ledger.of_cluster(cluster)?,
            None => ledger,
        })
    }
}

impl StockRowIn {
    /// What there is, is rounded down, and what is gone, up.
    fn read(Object(input): &Object<Self>) -> Result<StockRow, Error> {
        let resource = input.resource.read()?;
        let consumed =
            |text: &Text<ResourceQuantity>| Ok::<_, Error>(resource.amount(&text.read()?, RoundingMode::Ceiling)?);
        Ok(StockRow {
            cluster: input.cluster.clone(),
            stock: resource.amount(&input.stock.read()?, RoundingMode::Floor)?,
            consumed: input.consumed.as_ref().map_or(Ok(0), consumed)?,
            resource,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AllowanceIn {
    limit: Option<Text<ResourceQuantity>>,
    used: Option<Text<ResourceQuantity>>,
}

fn quota(input: &EachOnce<Object<AllowanceIn>>) -> Result<TenantQuota, Error> {
    let allowance = |(resource, Object(input)): (&String, &Object<AllowanceIn>)| {
        let resource: Resource = resource.parse()?;
        let amount = |text: &Option<Text<ResourceQuantity>>, mode| {
            let amount = |text: &Text<ResourceQuantity>| Ok::<_, Error>(resource.amount(&text.read()?, mode)?);
            text.as_ref().map(amount).transpose()
        };
        let limit = amount(&input.limit, RoundingMode::Floor)?;
        let used = amount(&input.used, RoundingMode::Ceiling)?.unwrap_or(0);
        Ok::<_, Error>((resource, Allowance { limit, used }))
    };
    Ok(TenantQuota::new(input.0.iter().map(allowance).collect::<Result<Vec<_>, Error>>()?)?)
}

/// A few megabytes can name as many products as nodes, and every one asks all of the other: a call is bounded by the
/// number of comparisons that it may come to.
pub(super) fn bounded(snapshot: &Snapshot, products: &[Product]) -> Result<(), Error> {
    const MOST: usize = 50_000_000;
    let sum = |sizes: &mut dyn Iterator<Item = usize>| sizes.fold(0, usize::saturating_add);
    let nodes = sum(&mut snapshot.nodes().map(|node| node.taints.len().saturating_add(1)));
    let steps = sum(&mut products.iter().map(size)).saturating_mul(nodes);
    if steps <= MOST {
        return Ok(());
    }
    Err(WireError::TooMuchWork { steps, limit: MOST }.into())
}

/// How many comparisons a product asks of a node at most.
fn size(product: &Product) -> usize {
    let constraints = &product.constraints;
    let terms = constraints.affinity.iter().flatten();
    let values = terms.flat_map(|term| &term.expressions).map(|requirement| requirement.values.len().saturating_add(1));
    let fields = constraints.affinity.iter().flatten().map(|term| term.fields.len().saturating_add(1));
    let counts = [1, product.request.iter().count(), constraints.node_selector.len(), constraints.tolerations.len()];
    counts.into_iter().chain(values).chain(fields).fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use crate::wire::evaluate;
    use serde_json::Value;

    fn call(operation: &str, input: &str) -> Value {
        serde_json::from_str(&evaluate(operation, input)).unwrap()
    }

    fn many(count: usize, of: impl Fn(usize) -> String) -> String {
        (0..count).map(of).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn products_times_nodes_are_bounded() {
        let call = |products: usize| {
            let nodes = many(10_000, |node| format!(r#"{{"name":"{node}","cordoned":true,"resources":{{}}}}"#));
            let products = many(products, |product| format!(r#"{{"id":"{product}","parts":[]}}"#));
            let centre = format!(r#"{{"inventory":{{"nodes":[{nodes}]}}}}"#);
            call("placement.judge", &format!(r#"{{"centre":{centre},"products":[{products}]}}"#))
        };
        let error = &call(5_001)["error"];
        assert_eq!(error["code"], "wire.too_much_work");
        assert_eq!((&error["details"]["steps"], &error["details"]["limit"]), (&"50010000".into(), &"50000000".into()));
    }

    #[test]
    fn what_a_product_asks_counts() {
        let values = many(5_000, |value| format!(r#""{value}""#));
        let term = format!(r#"{{"expressions":[{{"key":"k","operator":"In","values":[{values}]}}]}}"#);
        let tolerations = many(5_000, |key| format!(r#"{{"key":"{key}","operator":"Exists"}}"#));
        let product = format!(r#"{{"id":"p","parts":[],"affinity":[{term}],"tolerations":[{tolerations}]}}"#);
        let taints = many(5_000, |key| format!(r#"{{"key":"t{key}","effect":"NoSchedule"}}"#));
        let centre = format!(r#"{{"inventory":{{"nodes":[{{"name":"n","taints":[{taints}],"resources":{{}}}}]}}}}"#);
        let error = call("placement.explain", &format!(r#"{{"centre":{centre},"product":{product}}}"#));
        // 1 + 5,001 values and the key + 5,000 tolerations, against 5,001 taints and the node.
        assert_eq!(error["error"]["details"]["steps"], (10_003_usize * 5_001).to_string());
    }

    #[test]
    fn an_answer_that_tells_of_every_node_for_every_product_is_bounded() {
        let nodes = many(1_000, |node| {
            let taint = format!(r#"{{"key":"{node}","value":"{}","effect":"NoSchedule"}}"#, "v".repeat(200));
            format!(r#"{{"name":"{node}","taints":[{taint}],"resources":{{}}}}"#)
        });
        let products = many(100, |product| format!(r#"{{"id":"{product}","parts":[]}}"#));
        let centre = format!(r#"{{"inventory":{{"nodes":[{nodes}]}}}}"#);
        let answer = call("placement.judge", &format!(r#"{{"centre":{centre},"products":[{products}]}}"#));
        assert_eq!(answer["error"]["code"], "wire.answer_too_long");
    }
}
