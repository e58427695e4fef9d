//! How many fit at once.

use super::{
    certificate::{Outcome, Witness},
    field::{Field, Kind},
    item::{Group, Item, check_ids},
    pattern::heaviest,
    question::{Class, Question},
    solve::place,
    state::UNLIMITED,
    steps::{Spent, Steps, WorkBudget},
};
use crate::{
    error::PlacementError,
    placement::{Product, Rules, Snapshot, request::CARD},
};
use std::collections::BTreeMap;

/// How many fit at most, all at once.
///
/// # Rule
/// R-A9
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JointCount {
    /// So many.
    Exactly {
        /// The number.
        count: u128,
        /// Where they fit.
        witness: Witness,
    },
    /// The work budget is spent before it is known.
    Between {
        /// So many fit.
        at_least: u128,
        /// More do not fit; none where no bound was found.
        at_most: Option<u128>,
        /// Where `at_least` fit.
        witness: Witness,
    },
    /// Nobody limits them.
    Unlimited,
}

/// The most copies of any of some products that fit all nodes at once, in the mix that gives the most.
///
/// Nodes do not depend on each other, so it is the sum over the nodes of the most that one takes: an exact search for each
/// class of equal nodes. A product that asks for no less than another of anything is left aside where both may run.
///
/// # Errors
/// `placement.repeated_item` for two products of one id.
///
/// # Examples
///
/// Alone, 8 small ones fit or 4 large ones; together 8, all of them small:
/// ```
/// use counterfoil::placement::*;
///
/// let node = |name: &str| {
///     let mut node = Node::worker(name);
///     node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(8)));
///     node
/// };
/// let snapshot = Snapshot::new([node("a"), node("b")], [], Sharing::Named)?;
/// let product = |id: &str, amount| Request::new([(Resource::Cpu, amount)]).map(|request| Product::new(id, request));
/// let products = [product("small", 2)?, product("large", 4)?];
/// let most = count_jointly(&snapshot, &products, &Rules::strict(), WorkBudget::DEFAULT)?;
/// assert!(matches!(most, JointCount::Exactly { count: 8, .. }));
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A9
pub fn count_jointly(
    snapshot: &Snapshot,
    products: &[Product],
    rules: &Rules,
    budget: WorkBudget,
) -> Result<JointCount, PlacementError> {
    check_ids(products.iter().map(|product| product.id.as_str()))?;
    let mut steps = Steps::of(budget);
    let unknown = JointCount::Between { at_least: 0, at_most: None, witness: Witness::default() };
    let items: Vec<Item> = products.iter().map(|product| Item::new(product.clone(), UNLIMITED)).collect();
    let items: Vec<&Item> = items.iter().collect();
    let Ok(field) = Field::read(snapshot, &items, rules, &mut steps) else { return Ok(unknown) };
    if field.kinds.iter().any(|kind| field.is_unlimited(kind)) {
        return Ok(JointCount::Unlimited);
    }
    Ok(jointly(&field, &mut steps).unwrap_or(unknown))
}

fn jointly(field: &Field, steps: &mut Steps) -> Result<JointCount, Spent> {
    let kinds: Vec<usize> = (0..field.kinds.len()).collect();
    let question = Question::new(field, &kinds, steps)?.classified(steps)?;
    let weights = vec![1; question.kinds.len()];
    let (mut at_least, mut at_most) = (0_u128, 0_u128);
    let mut seatings = Vec::new();
    let classes = u64::try_from(question.classes.len()).unwrap_or(u64::MAX);
    for (class, left) in question.classes.iter().zip((1..=classes).rev()) {
        let most = undominated(&question, class);
        // The classes share what is left; what one does not need is there for the next.
        let found = steps.part(left.saturating_add(1), |steps| heaviest(&question, class, &weights, most, steps));
        let nodes = u128::from(class.count());
        let mut is_seated = true;
        for node in &class.nodes {
            let seated =
                steps.take_table(question.kinds.len(), 1).and_then(|()| question.seated(*node, &found.pattern, steps));
            match seated {
                Ok(seated) => {
                    seatings.extend(seated);
                    at_least = at_least.saturating_add(found.weight);
                }
                Err(Spent) => is_seated = false,
            }
        }
        // What could not be written down is not claimed.
        let bound = if is_seated { found.at_most } else { found.at_most.max(found.weight) };
        at_most = at_most.saturating_add(bound.saturating_mul(nodes));
    }
    let witness = field.witness(seatings);
    Ok(match at_least == at_most {
        true => JointCount::Exactly { count: at_least, witness },
        false => JointCount::Between { at_least, at_most: Some(at_most), witness },
    })
}

/// How many of each kind fit a class; none of a kind in whose place another would always fit.
fn undominated(question: &Question<'_>, class: &Class) -> Vec<u64> {
    let runs = |place: usize| class.alone.get(place).is_some_and(|alone| *alone > 0);
    let mut most = class.alone.clone();
    for (place, (_, kind)) in question.kinds.iter().enumerate() {
        let is_worse = question.kinds.iter().enumerate().any(|(other, (_, better))| {
            other != place
                && runs(other)
                && takes_no_more(better, kind)
                && (other < place || !takes_no_more(kind, better))
        });
        if is_worse {
            most.get_mut(place).into_iter().for_each(|most| *most = 0);
        }
    }
    most
}

/// Whether one copy fits wherever another does.
fn takes_no_more(kind: &Kind, than: &Kind) -> bool {
    let lanes: BTreeMap<usize, u64> = than.amounts.iter().copied().collect();
    let milli = |kind: &Kind| -> BTreeMap<usize, u64> {
        let whole = kind.whole.iter().map(|(model, cards)| (*model, cards.saturating_mul(CARD)));
        whole.chain(kind.shares.iter().copied()).collect()
    };
    let (cards, of_kind) = (milli(than), milli(kind));
    let is_less =
        |known: &BTreeMap<usize, u64>, at: &usize, amount: u64| known.get(at).is_some_and(|most| amount <= *most);
    kind.amounts.iter().all(|(lane, amount)| is_less(&lanes, lane, *amount))
        && of_kind.iter().all(|(model, milli)| is_less(&cards, model, *milli))
}

impl Field {
    /// Whether a node takes any number of a kind.
    fn is_unlimited(&self, kind: &Kind) -> bool {
        self.rows(kind).any(|(node, _)| self.state.times(kind, node) == UNLIMITED)
    }
}

/// How many bundles fit at once: a bundle is so many of each of some products, all of which need a place.
///
/// If so many bundles fit, so do fewer; each number that is tried is a question to [`place`].
///
/// # Errors
/// As [`place`].
///
/// # Examples
///
/// Two small ones and a large one, three nodes of 4:
/// ```
/// use counterfoil::placement::*;
///
/// let node = |name: &str| {
///     let mut node = Node::worker(name);
///     node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(4)));
///     node
/// };
/// let snapshot = Snapshot::new([node("a"), node("b"), node("c")], [], Sharing::Named)?;
/// let product = |id: &str, amount| Request::new([(Resource::Cpu, amount)]).map(|request| Product::new(id, request));
/// let bundle = [(product("small", 1)?, 2), (product("large", 3)?, 1)];
/// let most = count_bundles(&snapshot, &bundle, &Rules::strict(), WorkBudget::DEFAULT)?;
/// assert!(matches!(most, JointCount::Exactly { count: 2, .. }));
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A9
pub fn count_bundles(
    snapshot: &Snapshot,
    bundle: &[(Product, u64)],
    rules: &Rules,
    budget: WorkBudget,
) -> Result<JointCount, PlacementError> {
    check_ids(bundle.iter().map(|(product, _)| product.id.as_str()))?;
    let mut steps = Steps::of(budget);
    let unknown = JointCount::Between { at_least: 0, at_most: None, witness: Witness::default() };
    let items: Vec<Item> = bundle.iter().map(|(product, each)| Item::new(product.clone(), *each)).collect();
    let wanted: Vec<&Item> = items.iter().filter(|item| item.replicas > 0).collect();
    let Ok(field) = Field::read(snapshot, &wanted, rules, &mut steps) else { return Ok(unknown) };
    let Some(upper) = field.most_bundles() else { return Ok(JointCount::Unlimited) };

    // So many are known to fit; from `fails` on they are known not to; from `open` on the budget did not suffice.
    let (mut fits, mut fails) = (0_u64, upper.saturating_add(1));
    let (mut open, mut next) = (fails, upper);
    let mut witness = Witness::default();
    while fits.saturating_add(1) < open {
        let of_bundles = |item: &&Item| Item::new(item.product.clone(), item.replicas.saturating_mul(next));
        let group = Group::new("bundles", wanted.iter().map(of_bundles));
        let budget = WorkBudget::of(steps.left().wrapping_div(4));
        let answer = place(snapshot, &[group], rules, budget)?.pop();
        let Some(answer) = answer.filter(|answer| steps.take(answer.spent.max(1)).is_ok()) else { break };
        match answer.outcome {
            Outcome::Placed(found) => (fits, witness) = (next, found),
            Outcome::Impossible(_) => (fails, open) = (next, next),
            Outcome::GaveUp { .. } => open = next,
        }
        next = fits.saturating_add(open.saturating_sub(fits).wrapping_div(2));
    }
    Ok(match fits.saturating_add(1) == fails {
        true => JointCount::Exactly { count: fits.into(), witness },
        false => JointCount::Between { at_least: fits.into(), at_most: Some(fails.saturating_sub(1).into()), witness },
    })
}

impl Field {
    /// More bundles than this do not fit, by each of its products alone; none where nobody limits them.
    fn most_bundles(&self) -> Option<u64> {
        let alone = |kind: &Kind| -> Option<u64> {
            if self.is_unlimited(kind) {
                return None;
            }
            let times = self.rows(kind).map(|(node, _)| u128::from(self.state.times(kind, node)));
            let bundles = times.fold(0, u128::saturating_add).checked_div(u128::from(kind.replicas))?;
            // Beyond this, the copies of all bundles could not be counted; no cluster comes near.
            let countable = UNLIMITED.wrapping_sub(1).checked_div(kind.replicas)?;
            Some(u64::try_from(bundles).unwrap_or(u64::MAX).min(countable))
        };
        self.kinds.iter().filter_map(alone).min()
    }
}
