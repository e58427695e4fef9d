//! Placing many items, checking what was answered, and counting what fits at once.

use super::{
    answer::{GroupOutcomeOut, SeatOut},
    claim::GroupOutcomeIn,
    inventory::{InventoryIn, ProductIn, RulesIn},
    told::Lines,
    verified::VerificationOut,
};
use crate::{
    error::{Error, PlacementError},
    placement::{self, Group, Heuristic, Item, JointCount, Product, Rules, Snapshot, Spread, WorkBudget, place_by},
    wire::text::{Object, Text, all_of},
};
use serde::{Deserialize, Serialize};

/// The largest budget that a call may ask for.
const LARGEST_BUDGET: u64 = 50_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct PlaceCall {
    inventory: Object<InventoryIn>,
    groups: Vec<Object<GroupIn>>,
    rules: Option<Object<RulesIn>>,
    budget: Option<u64>,
    /// One rule of thumb alone.
    heuristic: Option<Text<Heuristic>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupIn {
    name: String,
    items: Vec<Object<ItemIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemIn {
    product: Object<ProductIn>,
    replicas: u64,
    max_per_node: Option<u64>,
    spread: Option<Object<SpreadIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpreadIn {
    key: String,
    max_skew: u64,
}

impl GroupIn {
    fn read(Object(input): &Object<Self>) -> Result<Group, Error> {
        let item = |Object(item): &Object<ItemIn>| {
            let spread =
                |Object(spread): &Object<SpreadIn>| Spread { key: spread.key.clone(), max_skew: spread.max_skew };
            Ok::<_, Error>(Item {
                product: ProductIn::read(&item.product)?,
                replicas: item.replicas,
                max_per_node: item.max_per_node,
                spread: item.spread.as_ref().map(spread),
            })
        };
        Ok(Group { name: input.name.clone(), items: all_of(&input.items, item)? })
    }
}

/// What every question begins with.
fn read(
    inventory: &Object<InventoryIn>,
    rules: &Option<Object<RulesIn>>,
    budget: Option<u64>,
) -> Result<(Snapshot, Rules, WorkBudget), Error> {
    let (snapshot, rules) = (inventory.0.read()?, RulesIn::read(rules)?);
    let budget = match budget {
        None => WorkBudget::DEFAULT,
        Some(steps) if steps <= LARGEST_BUDGET => WorkBudget::of(steps),
        Some(budget) => return Err(PlacementError::BudgetTooLarge { budget, limit: LARGEST_BUDGET }.into()),
    };
    Ok((snapshot, rules, budget))
}

pub(in crate::wire) fn place(input: PlaceCall) -> Result<Vec<GroupOutcomeOut>, Error> {
    let (snapshot, rules, budget) = read(&input.inventory, &input.rules, input.budget)?;
    let groups = all_of(&input.groups, GroupIn::read)?;
    let answers = match &input.heuristic {
        None => placement::place(&snapshot, &groups, &rules, budget)?,
        Some(heuristic) => place_by(heuristic.read()?, &snapshot, &groups, &rules, budget)?,
    };
    let mut lines = Lines::default();
    answers.into_iter().map(|answer| GroupOutcomeOut::of(answer, &mut lines)).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct VerifyCall {
    inventory: Object<InventoryIn>,
    groups: Vec<Object<GroupIn>>,
    rules: Option<Object<RulesIn>>,
    answers: Vec<Object<GroupOutcomeIn>>,
    budget: Option<u64>,
}

pub(in crate::wire) fn verify(input: VerifyCall) -> Result<Vec<VerificationOut>, Error> {
    let (snapshot, rules, budget) = read(&input.inventory, &input.rules, input.budget)?;
    let groups = all_of(&input.groups, GroupIn::read)?;
    let answers = all_of(&input.answers, GroupOutcomeIn::read)?;
    let found = placement::verify(&snapshot, &groups, &rules, &answers, budget)?;
    let mut lines = Lines::default();
    let named = groups.into_iter().zip(found);
    named.map(|(group, found)| VerificationOut::of(group.name, found, &mut lines)).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct CountJointlyCall {
    inventory: Object<InventoryIn>,
    products: Vec<Object<ProductIn>>,
    rules: Option<Object<RulesIn>>,
    budget: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct CountBundlesCall {
    inventory: Object<InventoryIn>,
    bundle: Vec<Object<BundledIn>>,
    rules: Option<Object<RulesIn>>,
    budget: Option<u64>,
}

/// So many of a product in each bundle.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BundledIn {
    product: Object<ProductIn>,
    count: u64,
}

/// How many fit: `exactly` a count, `between` two of which the upper may be missing, or `unlimited`.
#[derive(Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(in crate::wire) enum JointCountOut {
    Exactly {
        count: u128,
        seats: Vec<SeatOut>,
    },
    Between {
        at_least: u128,
        #[serde(skip_serializing_if = "Option::is_none")]
        at_most: Option<u128>,
        seats: Vec<SeatOut>,
    },
    Unlimited,
}

impl JointCountOut {
    fn of(found: JointCount) -> Result<Self, Error> {
        let mut lines = Lines::default();
        Ok(match found {
            JointCount::Exactly { count, witness } => {
                Self::Exactly { count, seats: SeatOut::all(witness, &mut lines)? }
            }
            JointCount::Between { at_least, at_most, witness } => {
                Self::Between { at_least, at_most, seats: SeatOut::all(witness, &mut lines)? }
            }
            JointCount::Unlimited => Self::Unlimited,
        })
    }
}

pub(in crate::wire) fn count_jointly(input: CountJointlyCall) -> Result<JointCountOut, Error> {
    let (snapshot, rules, budget) = read(&input.inventory, &input.rules, input.budget)?;
    let products = all_of(&input.products, ProductIn::read)?;
    JointCountOut::of(placement::count_jointly(&snapshot, &products, &rules, budget)?)
}

pub(in crate::wire) fn count_bundles(input: CountBundlesCall) -> Result<JointCountOut, Error> {
    let (snapshot, rules, budget) = read(&input.inventory, &input.rules, input.budget)?;
    let bundled =
        |Object(of): &Object<BundledIn>| Ok::<(Product, u64), Error>((ProductIn::read(&of.product)?, of.count));
    let bundle = all_of(&input.bundle, bundled)?;
    JointCountOut::of(placement::count_bundles(&snapshot, &bundle, &rules, budget)?)
}
