use super::{
    list::Item,
    objects::{Figures, NodeObject, NodeStatus, TaintObject},
    policy::{CardNames, Counted, Policy},
};
use crate::{
    Fault, InventoryError, Object,
    cells::{Cell, shaped},
};
use counterfoil::{
    error::{PlacementError, UnitsError},
    exact::RoundingMode,
    placement::{Capacity, DiskKind, Node, Resource, ResourceQuantity, Role, Supply, Taint, Unlisted},
    units::Name,
};
use std::collections::BTreeMap;

/// The path of a field, and what is wrong with it.
pub(super) type At = (String, InventoryError);

const CONTROL: [&str; 2] = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];
/// A whole card, in milli-cards.
const CARD: u64 = 1000;

pub(super) fn node(item: &Item<'_>, policy: &Policy) -> Result<Node, Fault> {
    let fault = |(field, error): At| Fault { object: Object::Node(item.called()), field, error };
    let object: NodeObject = shaped(&item.json).map_err(fault)?;
    let name = object.metadata.name.filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| fault(("metadata.name".to_owned(), InventoryError::Missing)))?;
    let labels = object.metadata.labels;
    let is_ready = object.status.conditions.iter().any(|it| it.kind == "Ready" && it.status == "True");
    let mut node = Node {
        cluster: policy.cluster.clone(),
        role: if CONTROL.iter().any(|label| labels.contains_key(*label)) { Role::Control } else { Role::Worker },
        ready: is_ready,
        cordoned: object.spec.unschedulable,
        taints: taints(object.spec.taints).map_err(fault)?,
        ..Node::worker(name)
    };
    let supplied = supplies(&mut node, &object.status, &labels, policy);
    node.labels = labels;
    supplied.map_err(fault)?;
    Ok(node)
}

fn taints(taints: Vec<TaintObject>) -> Result<Vec<Taint>, At> {
    let taint = |(place, taint): (usize, TaintObject)| match taint.effect.parse() {
        Ok(effect) => Ok(Taint { key: taint.key, value: taint.value, effect }),
        Err(error) => Err((format!("spec.taints[{place}].effect"), core(error))),
    };
    taints.into_iter().enumerate().map(taint).collect()
}

fn supplies(
    node: &mut Node,
    status: &NodeStatus,
    labels: &BTreeMap<String, String>,
    policy: &Policy,
) -> Result<(), At> {
    let (path, figures) = match status.allocatable.is_empty() {
        false => ("status.allocatable", &status.allocatable),
        true => ("status.capacity", &status.capacity),
    };
    if figures.is_empty() {
        node.unlisted = Unlisted::Unknown;
        return Ok(());
    }
    for disk in [DiskKind::System, DiskKind::Data] {
        node.supplies.insert(Resource::Disk(disk), Supply::Unknown);
    }
    let mut totals: BTreeMap<Resource, u64> = BTreeMap::new();
    for (resource, amount) in amounts(figures, RoundingMode::Floor, path)? {
        if let Resource::Named(name) = &resource
            && name.as_str() == SLOTS
        {
            node.slots = Some(amount);
            continue;
        }
        match resolved(resource, amount, labels, policy)? {
            Resolved::Of(resource, amount) => {
                let total = totals.entry(resource.clone()).or_default();
                let sum = total.checked_add(amount).filter(|sum| i64::try_from(*sum).is_ok());
                *total = sum.ok_or_else(|| (path.to_owned(), overflow(&resource)))?;
            }
            Resolved::CardsOfUnknownModel(cards, _) => {
                node.cards_of_unknown_model = node.cards_of_unknown_model.saturating_add(cards);
            }
        }
    }
    node.supplies.extend(totals.into_iter().map(|(resource, total)| (resource, Supply::Known(Capacity::of(total)))));
    Ok(())
}

/// The resource that counts pods.
const SLOTS: &str = "pods";

/// Figures in the smallest units of their resources, by the names that Kubernetes has for them.
pub(super) fn amounts(figures: &Figures, mode: RoundingMode, path: &str) -> Result<Vec<(Resource, u64)>, At> {
    let amount = |(name, Cell(text)): (&String, &Cell)| {
        let amount = || -> Result<(Resource, u64), InventoryError> {
            let resource = match name.as_str() {
                SLOTS => Resource::Named(name.parse()?),
                name => name.parse()?,
            };
            let quantity: ResourceQuantity = text.parse()?;
            let amount = resource.amount(&quantity, mode)?;
            Ok((resource, amount))
        };
        amount().map_err(|error| (format!("{path}.{name}"), error))
    };
    figures.iter().map(amount).collect()
}

/// What an amount is of.
pub(super) enum Resolved<'p> {
    Of(Resource, u64),
    /// Whole cards, and how their vendor names them.
    CardsOfUnknownModel(u64, &'p CardNames),
}

/// What an amount is of, where labels tell the model of cards.
pub(super) fn resolved<'p>(
    resource: Resource,
    amount: u64,
    labels: &BTreeMap<String, String>,
    policy: &'p Policy,
) -> Result<Resolved<'p>, At> {
    let Resource::Named(name) = &resource else { return Ok(Resolved::Of(resource, amount)) };
    let name = name.clone();
    match policy.counted(name.as_str()) {
        Counted::Itself => Ok(Resolved::Of(resource, amount)),
        Counted::Cards(names) => match model(names, labels, policy)? {
            None => Ok(Resolved::CardsOfUnknownModel(amount, names)),
            Some(model) => {
                let cards = Resource::Gpu(model);
                let milli = amount.checked_mul(CARD).filter(|milli| i64::try_from(*milli).is_ok());
                let milli = milli.ok_or_else(|| (name.to_string(), overflow(&cards)))?;
                Ok(Resolved::Of(cards, milli))
            }
        },
        // Without a model a slice is a resource of its own name, on nodes and in pods alike.
        Counted::Slices(names, profile) => Ok(match model(names, labels, policy)? {
            None => Resolved::Of(resource, amount),
            Some(model) => {
                let profile = profile.parse().map_err(|error: UnitsError| (name.to_string(), error.into()))?;
                Resolved::Of(Resource::Mig { model, profile }, amount)
            }
        }),
    }
}

fn model(names: &CardNames, labels: &BTreeMap<String, String>, policy: &Policy) -> Result<Option<Name>, At> {
    let Some(label) = labels.get(&names.model_label).filter(|label| !label.is_empty()) else { return Ok(None) };
    if let Some(model) = policy.models.get(label) {
        return Ok(Some(model.clone()));
    }
    let named = label.parse().map(Some);
    named.map_err(|error: UnitsError| (format!("metadata.labels.{}", names.model_label), error.into()))
}

pub(super) fn core(error: PlacementError) -> InventoryError {
    error.into()
}

fn overflow(resource: &Resource) -> InventoryError {
    core(PlacementError::AmountOverflow { resource: resource.to_string(), operation: "the amount" })
}
