use super::{
    inventory::{labels, members, product, quantity, rules, snapshot},
    told::{explained, judged},
};
use crate::input::{Answer, Fault, Members, all};
use counterfoil::{
    exact::RoundingMode,
    placement::{Allowance, Centre, Ledger, ModelMap, Resource, Rules, Snapshot, StockRow, Telling, TenantQuota},
};
use serde_json::{Value, json};

/// What a centre is made of.
struct State {
    snapshot: Snapshot,
    rules: Rules,
    ledger: Option<Ledger>,
    quota: Option<TenantQuota>,
    models: ModelMap,
    telling: Telling,
}

impl State {
    fn read(input: Members<'_>) -> Result<Self, Fault> {
        let known = ["inventory", "rules", "ledger", "quota", "models", "telling"];
        let centre = input.members("centre", &known)?;
        let models = labels(centre, "models")?;
        let models = models.iter().map(|(model, meant)| Ok((model.parse()?, meant.parse()?)));
        Ok(Self {
            snapshot: snapshot(centre.value("inventory")?)?,
            rules: rules(centre.optional("rules"))?,
            ledger: centre.optional("ledger").map(ledger).transpose()?,
            quota: centre.optional("quota").map(quota).transpose()?,
            models: ModelMap::new(models.collect::<Result<Vec<_>, Fault>>()?),
            telling: centre.parse_optional("telling")?.unwrap_or(Telling::Every),
        })
    }

    fn ask(&self, ask: impl FnOnce(&Centre<'_>) -> Answer) -> Answer {
        let centre = Centre::new(&self.snapshot, &self.rules).with_telling(self.telling).with_models(&self.models);
        let centre = self.ledger.as_ref().map_or(centre.clone(), |ledger| centre.with_ledger(ledger));
        ask(&self.quota.as_ref().map_or(centre.clone(), |quota| centre.with_quota(quota)))
    }
}

pub(crate) fn judge(input: Members<'_>) -> Answer {
    let state = State::read(input)?;
    let products = all(input.list("products")?, product)?;
    state.ask(|centre| {
        let shown: Vec<Value> = centre.judge(&products)?.iter().map(judged).collect();
        Ok(json!({ "greyed": centre.greyed(&products)?, "products": shown }))
    })
}

pub(crate) fn explain(input: Members<'_>) -> Answer {
    let state = State::read(input)?;
    let product = product(input.value("product")?)?;
    state.ask(|centre| explained(&centre.explain(&product)?))
}

pub(super) fn ledger(value: &Value) -> Result<Ledger, Fault> {
    let input = Members::of(value, &["rows", "unlisted", "cluster"])?;
    let rows = all(input.list("rows")?, |row| {
        let row = Members::of(row, &["cluster", "resource", "stock", "consumed"])?;
        let resource: Resource = row.parse("resource")?;
        let consumed = row.optional("consumed").map(quantity).transpose()?;
        Ok(StockRow {
            cluster: row.text("cluster")?.to_owned(),
            stock: resource.amount(&quantity(row.value("stock")?)?, RoundingMode::Floor)?,
            consumed: consumed.map_or(Ok(0), |consumed| resource.amount(&consumed, RoundingMode::Ceiling))?,
            resource,
        })
    })?;
    let ledger = Ledger::new(rows, input.parse("unlisted")?)?;
    match input.optional("cluster") {
        Some(_) => Ok(ledger.of_cluster(input.text("cluster")?)?),
        None => Ok(ledger),
    }
}

fn quota(value: &Value) -> Result<TenantQuota, Fault> {
    let allowance = |(resource, value): (&str, &Value)| {
        let resource: Resource = resource.parse()?;
        let input = Members::of(value, &["limit", "used"])?;
        let limit = input.optional("limit").map(quantity).transpose()?;
        let used = input.optional("used").map(quantity).transpose()?;
        Ok::<_, Fault>((
            resource.clone(),
            Allowance {
                limit: limit.map(|limit| resource.amount(&limit, RoundingMode::Floor)).transpose()?,
                used: used.map_or(Ok(0), |used| resource.amount(&used, RoundingMode::Ceiling))?,
            },
        ))
    };
    let allowances = members(value)?.into_iter().map(allowance).collect::<Result<Vec<_>, Fault>>()?;
    Ok(TenantQuota::new(allowances)?)
}
