//! What fits the nodes, how many, what is free, and what if.

use super::{
    inventory::{InventoryIn, NodeIn, ProductIn, RulesIn, RunningIn},
    stages::{PAIRS, bounded},
    told::{ExplanationOut, Lines},
};
use crate::{
    error::{Error, WireError},
    placement::{
        Change, Checking, Count, Detail, Level, Product, Resource, ResourceQuantity, Rules, Snapshot, Stage, Telling,
        Verdict,
    },
    wire::text::{Object, Show, Shown, Text, Word, all_of},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct CheckCall {
    inventory: Object<InventoryIn>,
    products: Vec<Object<ProductIn>>,
    rules: Option<Object<RulesIn>>,
    telling: Option<Text<Telling>>,
    detail: Option<Text<Detail>>,
}

/// The same of an inventory that is kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckOfKept {
    products: Vec<Object<ProductIn>>,
    rules: Option<Object<RulesIn>>,
    telling: Option<Text<Telling>>,
    detail: Option<Text<Detail>>,
}

#[derive(Serialize)]
pub(in crate::wire) struct CheckOut {
    greyed: Vec<String>,
    products: Vec<VerdictOut>,
}

/// Whether a product fits, and on how many nodes; or at which stage it is grey.
#[derive(Serialize)]
#[serde(untagged)]
enum VerdictOut {
    Sellable(SellableOut),
    Grey(GreyOut),
}

#[derive(Serialize)]
pub(super) struct SellableOut {
    pub(super) id: String,
    /// How many nodes take it.
    pub(super) nodes: u64,
}

#[derive(Serialize)]
struct GreyOut {
    id: String,
    stage: Word<Stage>,
    /// None where nothing was asked for but whether it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<ExplanationOut>,
}

pub(in crate::wire) fn check(input: CheckCall) -> Result<CheckOut, Error> {
    let CheckCall { inventory, products, rules, telling, detail } = input;
    check_kept(&inventory.0.read()?, CheckOfKept { products, rules, telling, detail })
}

pub(super) fn check_kept(snapshot: &Snapshot, input: CheckOfKept) -> Result<CheckOut, Error> {
    let asked = Asked::of(snapshot, &input.products, &input.rules)?;
    let telling = input.telling.as_ref().map_or(Ok(Telling::Every), Text::read)?;
    let detail = input.detail.as_ref().map_or(Ok(Detail::Nearest), Text::read)?;
    let checking = Checking { telling, detail, ..Checking::NEAREST };
    let (mut lines, mut told) = (Lines::default(), BTreeSet::new());
    let (mut greyed, mut written) = (Vec::new(), Vec::with_capacity(asked.products.len()));
    // A few after another: the answer may become too long, and is not to be held in full before that is seen.
    let at_once = PAIRS.checked_div(asked.snapshot.nodes().len()).unwrap_or(PAIRS).max(1);
    for products in asked.products.chunks(at_once) {
        let check = asked.snapshot.check(products, &asked.rules, checking)?;
        greyed.extend(check.greyed.into_iter().filter(|id| told.insert(id.clone())));
        for (product, verdict) in products.iter().zip(check.verdicts) {
            let id = product.id.clone();
            written.push(match verdict {
                Verdict::Sellable { nodes } => VerdictOut::Sellable(SellableOut { id, nodes }),
                Verdict::Grey { stage, explanation } => {
                    let why = explanation.map(|why| ExplanationOut::of(why, &mut lines)).transpose()?;
                    VerdictOut::Grey(GreyOut { id, stage: Word(stage), why })
                }
            });
        }
    }
    Ok(CheckOut { products: written, greyed })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct CountCall {
    inventory: Object<InventoryIn>,
    products: Vec<Object<ProductIn>>,
    rules: Option<Object<RulesIn>>,
}

/// The same of an inventory that is kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CountOfKept {
    products: Vec<Object<ProductIn>>,
    rules: Option<Object<RulesIn>>,
}

#[derive(Serialize)]
pub(in crate::wire) struct CountedOut {
    id: String,
    count: CountOut,
    nodes: Vec<NodeCountOut>,
}

#[derive(Serialize)]
struct NodeCountOut {
    node: String,
    count: CountOut,
}

/// A number, or `"unlimited"`.
#[derive(Serialize)]
#[serde(untagged)]
enum CountOut {
    Exactly(u64),
    Unlimited(Unlimited),
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Unlimited {
    Unlimited,
}

impl CountOut {
    const fn of(count: Count) -> Self {
        match count {
            Count::Exactly(count) => Self::Exactly(count),
            Count::Unlimited => Self::Unlimited(Unlimited::Unlimited),
        }
    }
}

pub(in crate::wire) fn count(input: CountCall) -> Result<Vec<CountedOut>, Error> {
    let CountCall { inventory, products, rules } = input;
    count_kept(&inventory.0.read()?, CountOfKept { products, rules })
}

pub(super) fn count_kept(snapshot: &Snapshot, input: CountOfKept) -> Result<Vec<CountedOut>, Error> {
    let asked = Asked::of(snapshot, &input.products, &input.rules)?;
    let counts = asked.snapshot.counts(&asked.products, &asked.rules)?;
    let mut lines = Lines::default();
    let counted = asked.products.iter().zip(counts).map(|(product, count)| {
        let by_node = asked.snapshot.count_by_node(product, &asked.rules)?;
        by_node.iter().try_for_each(|(node, _)| lines.add(node))?;
        let nodes = by_node.into_iter().map(|(node, count)| NodeCountOut { node, count: CountOut::of(count) });
        Ok(CountedOut { id: product.id.clone(), count: CountOut::of(count), nodes: nodes.collect() })
    });
    counted.collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct FreeCall {
    inventory: Object<InventoryIn>,
}

#[derive(Serialize)]
pub(in crate::wire) struct FreeOut {
    node: String,
    /// None where nobody limits them.
    slots: Option<u64>,
    /// By resource; none where nobody knows.
    free: BTreeMap<String, Option<Shown<ResourceQuantity>>>,
}

pub(in crate::wire) fn free(input: FreeCall) -> Result<Vec<FreeOut>, Error> {
    Ok(free_kept(&input.inventory.0.read()?))
}

pub(super) fn free_kept(snapshot: &Snapshot) -> Vec<FreeOut> {
    let shown = |(resource, level): (Resource, Level)| {
        let level = match level {
            Level::Unknown => None,
            Level::Known(free) => Some(resource.quantity(free).shown()),
        };
        (resource.to_string(), level)
    };
    let of = |name: &str| FreeOut {
        node: name.to_owned(),
        slots: snapshot.slots(name).flatten(),
        free: snapshot.levels(name).into_iter().flatten().map(shown).collect(),
    };
    snapshot.nodes().map(|node| of(&node.name)).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct WhatIfCall {
    inventory: Object<InventoryIn>,
    products: Vec<Object<ProductIn>>,
    rules: Option<Object<RulesIn>>,
    changes: Vec<ChangeIn>,
}

/// The same of an inventory that is kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WhatIfOfKept {
    products: Vec<Object<ProductIn>>,
    rules: Option<Object<RulesIn>>,
    changes: Vec<ChangeIn>,
}

/// What changes an inventory that is kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangesOfKept {
    changes: Vec<ChangeIn>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChangeIn {
    AddNode(Object<NodeIn>),
    RemoveNode(String),
    ReplaceNode(Object<NodeIn>),
    Start(Object<RunningIn>),
    Stop(String),
}

impl ChangeIn {
    fn read(&self) -> Result<Change, Error> {
        Ok(match self {
            Self::AddNode(node) => Change::AddNode(NodeIn::read(node)?),
            Self::RemoveNode(name) => Change::RemoveNode(name.clone()),
            Self::ReplaceNode(node) => Change::ReplaceNode(NodeIn::read(node)?),
            Self::Start(item) => Change::Start(RunningIn::read(item)?),
            Self::Stop(id) => Change::Stop(id.clone()),
        })
    }
}

#[derive(Serialize)]
pub(in crate::wire) struct WhatIfOut {
    before: Vec<String>,
    after: Vec<String>,
    products: Vec<BeforeAfterOut>,
}

#[derive(Serialize)]
struct BeforeAfterOut {
    id: String,
    before: CountOut,
    after: CountOut,
}

pub(in crate::wire) fn what_if(input: WhatIfCall) -> Result<WhatIfOut, Error> {
    let WhatIfCall { inventory, products, rules, changes } = input;
    what_if_kept(&mut inventory.0.read()?, WhatIfOfKept { products, rules, changes })
}

pub(super) fn what_if_kept(snapshot: &mut Snapshot, input: WhatIfOfKept) -> Result<WhatIfOut, Error> {
    let Asked { products, rules, .. } = Asked::of(snapshot, &input.products, &input.rules)?;
    let changes = all_of(&input.changes, ChangeIn::read)?;
    bounded_changes(snapshot, &changes)?;
    let look = |snapshot: &Snapshot| {
        bounded(snapshot, &products)?;
        let greyed = snapshot.check(&products, &rules, Checking::VERDICTS)?.greyed;
        Ok::<_, Error>((greyed, snapshot.counts(&products, &rules)?))
    };
    let (before, counts_before) = look(snapshot)?;
    let (after, counts_after) = snapshot.what_if(changes, look)??;
    let counts = counts_before.into_iter().zip(counts_after);
    let products = products.iter().zip(counts).map(|(product, (before, after))| BeforeAfterOut {
        id: product.id.clone(),
        before: CountOut::of(before),
        after: CountOut::of(after),
    });
    Ok(WhatIfOut { products: products.collect(), before, after })
}

/// Makes changes one after another; where one is an error, those before it are made.
pub(super) fn change_kept(snapshot: &mut Snapshot, input: ChangesOfKept) -> Result<(), Error> {
    let changes = all_of(&input.changes, ChangeIn::read)?;
    bounded_changes(snapshot, &changes)?;
    for change in changes {
        snapshot.apply(change)?;
    }
    Ok(())
}

/// A node that is replaced has all that runs there booked again: a call is bounded by how many bookings it may come to.
fn bounded_changes(snapshot: &Snapshot, changes: &[Change]) -> Result<(), Error> {
    const MOST: usize = 5_000_000;
    let starts = changes.iter().filter(|change| matches!(change, Change::Start(_))).count();
    let others = changes.len().saturating_sub(starts);
    let steps = snapshot.running_len().saturating_add(starts).saturating_mul(others);
    if steps <= MOST {
        return Ok(());
    }
    Err(WireError::TooMuchWork { steps, limit: MOST }.into())
}

/// What every one of these calls has.
struct Asked<'s> {
    snapshot: &'s Snapshot,
    products: Vec<Product>,
    rules: Rules,
}

impl<'s> Asked<'s> {
    fn of(
        snapshot: &'s Snapshot,
        products: &[Object<ProductIn>],
        rules: &Option<Object<RulesIn>>,
    ) -> Result<Self, Error> {
        let products = all_of(products, ProductIn::read)?;
        bounded(snapshot, &products)?;
        Ok(Self { snapshot, products, rules: RulesIn::read(rules)? })
    }
}

#[cfg(test)]
mod tests {
    use crate::wire::evaluate;

    #[test]
    fn bookings_of_changes_are_bounded() {
        let many = |count: usize, of: &dyn Fn(usize) -> String| (0..count).map(of).collect::<Vec<_>>().join(",");
        let running = many(2_500, &|item| format!(r#"{{"id":"{item}","node":"w","parts":[]}}"#));
        let call = |changes: usize| {
            let changes = many(changes, &|_| r#"{"replace_node":{"name":"w","resources":{}}}"#.to_owned());
            let inventory = format!(r#"{{"nodes":[{{"name":"w","resources":{{}}}}],"running":[{running}]}}"#);
            evaluate(
                "placement.what_if",
                &format!(r#"{{"inventory":{inventory},"products":[],"changes":[{changes}]}}"#),
            )
        };
        assert!(call(20).starts_with(r#"{"ok":"#));
        assert!(call(2_001).starts_with(r#"{"error":{"code":"wire.too_much_work""#));
    }
}
