//! Certificates, by recomputing their numbers from the snapshot.

use super::{
    Checker, Fault, Rejection,
    node::{Asked, Cards, Fillings, Left},
};
use crate::{
    placement::{
        Item, Level, Resource, Scarce, WhereUnknown,
        place::{
            certificate::{Certificate, ClassBound},
            item::Group,
            steps::Steps,
        },
        request::CARD,
    },
    units::Name,
};
use std::collections::{BTreeMap, BTreeSet};

impl Checker<'_> {
    /// Whether a certificate proves that the group can not be placed.
    pub(super) fn proof(&self, group: &Group, certificate: &Certificate, steps: &mut Steps) -> Result<(), Fault> {
        match certificate {
            Certificate::Count { item, asked, fits } => {
                let item = find(group, item)?;
                is_figure("asked", (*asked).into(), item.replicas.into())?;
                let found = self.by_domain(item, steps)?.into_values().fold(0, u128::saturating_add);
                is_figure("fits", *fits, found)?;
                proves(*fits < u128::from(*asked))
            }
            Certificate::Spread { item, asked, max_skew, fits } => {
                let item = find(group, item)?;
                let spread = item.spread.as_ref().ok_or(Rejection::WrongShape)?;
                is_figure("asked", (*asked).into(), item.replicas.into())?;
                is_figure("max_skew", (*max_skew).into(), spread.max_skew.into())?;
                let mut found = self.by_domain(item, steps)?;
                found.values_mut().for_each(|fits| *fits = u128::from(*asked).min(*fits));
                if !fits.iter().map(|(value, _)| value).eq(found.keys()) {
                    return Err(Rejection::WrongShape.into());
                }
                for ((value, claimed), found) in fits.iter().zip(found.values()) {
                    is_figure(value, (*claimed).into(), *found)?;
                }
                let counts: Vec<u128> = found.into_values().collect();
                proves(!can_spread(&counts, item))
            }
            Certificate::Aggregate { of, need, have } => self.aggregate(group, of, *need, *have, steps),
            Certificate::Weighted { weights, classes, need, have } => {
                self.weighted(group, weights, classes, (*need, *have), steps)
            }
            Certificate::Frontier { coordinates, nodes, levels } => {
                self.frontier(group, coordinates, nodes, levels, steps)
            }
        }
    }

    fn parts(&self, item: &Item) -> Vec<(Resource, u64)> {
        let judged = item.product.request.iter().filter(|(resource, _)| !self.ignores(resource));
        judged.map(|(resource, amount)| (resource.clone(), amount)).collect()
    }

    /// What is left of a node of some resources, beside the groups so far.
    pub(super) fn left(&self, node: &str, resources: &BTreeSet<Resource>) -> Left {
        let taken = self.taken.get(node);
        let pods = self.snapshot.slots(node).flatten().map(u128::from);
        let pods = pods.map(|pods| pods.saturating_sub(taken.map_or(0, |taken| taken.pods)));
        let mut left = Left { pods, amounts: BTreeMap::new(), cards: BTreeMap::new() };
        let is_grey = self.rules.where_unknown == WhereUnknown::Grey;
        for resource in resources {
            let level = match self.snapshot.free(node, resource) {
                Some(Level::Known(free)) => Some(u128::try_from(free).unwrap_or(0)),
                Some(Level::Unknown) if !is_grey => None,
                _ => Some(0),
            };
            if let Resource::Gpu(model) = resource {
                let cards = match self.snapshot.cards(node, model) {
                    None if level.is_none() => None,
                    _ => Some(self.cards(node, model)),
                };
                left.cards.insert(model.clone(), cards);
            } else {
                let used = taken.and_then(|taken| taken.amounts.get(resource)).copied().unwrap_or(0);
                left.amounts.insert(resource.clone(), level.map(|level| level.saturating_sub(used)));
            }
        }
        left
    }

    fn cards(&self, node: &str, model: &Name) -> Cards {
        let known = self.snapshot.cards(node, model).unwrap_or_default();
        let taken = self.taken.get(node);
        let whole = taken.and_then(|taken| taken.whole.get(model)).copied().unwrap_or(0);
        let mut cards = Cards { untouched: u128::from(known.untouched).saturating_sub(whole), begun: Vec::new() };
        let shares = taken.and_then(|taken| taken.shares.get(model)).cloned().unwrap_or_default();
        for (card, room) in &known.begun {
            let used = shares.get(card).copied().unwrap_or(0);
            cards.begun.push(u128::from(*room).saturating_sub(used));
        }
        for used in shares.iter().filter(|(card, _)| !known.begun.contains_key(card)).map(|(_, used)| used) {
            cards.untouched = cards.untouched.saturating_sub(1);
            cards.begun.push(u128::from(CARD).saturating_sub(*used));
        }
        cards.begun.sort_unstable();
        cards
    }

    /// How many copies of an item fit, were it alone, by domain; by nothing where it is not spread.
    fn by_domain(&self, item: &Item, steps: &mut Steps) -> Result<BTreeMap<String, u128>, Fault> {
        let parts = self.parts(item);
        let resources = parts.iter().map(|(resource, _)| resource.clone()).collect();
        let mut fits: BTreeMap<String, u128> = BTreeMap::new();
        for node in self.snapshot.nodes() {
            steps.take(1)?;
            if self.may_run(item, &node.name, steps)? {
                let domain = self.domain(item, &node.name).unwrap_or("");
                let alone = self.left(&node.name, &resources).alone(&parts, item.max_per_node);
                let sum = fits.entry(domain.to_owned()).or_default();
                *sum = sum.saturating_add(alone.unwrap_or(u128::MAX));
            }
        }
        Ok(fits)
    }

    /// The domains of an item; a single one without a name where it is not spread.
    pub(super) fn domains(&self, item: &Item, steps: &mut Steps) -> Result<BTreeSet<Option<&str>>, Fault> {
        if item.spread.is_none() {
            return Ok([None].into());
        }
        steps.take_table(self.snapshot.nodes().len(), 1)?;
        let mut values = BTreeSet::new();
        for node in self.snapshot.nodes() {
            if self.may_run(item, &node.name, steps)? {
                values.insert(self.domain(item, &node.name));
            }
        }
        Ok(values)
    }

    fn aggregate(&self, group: &Group, of: &Scarce, need: u128, have: u128, steps: &mut Steps) -> Result<(), Fault> {
        let asks = |item: &Item| -> u128 {
            let amount = |resource: &Resource| match self.ignores(resource) {
                true => 0,
                false => item.product.request.amount(resource),
            };
            match of {
                Scarce::Slots => 1,
                Scarce::Resource(resource) => amount(resource).into(),
                Scarce::WholeCards(model) => amount(&Resource::Gpu(model.clone())).wrapping_div(CARD).into(),
            }
        };
        let asking: Vec<&Item> = group.items.iter().filter(|item| item.replicas > 0 && asks(item) > 0).collect();
        let needed = asking.iter().map(|item| asks(item).saturating_mul(u128::from(item.replicas)));
        is_figure("need", need, needed.fold(0, u128::saturating_add))?;
        let resources: BTreeSet<Resource> = match of {
            Scarce::Slots => BTreeSet::new(),
            Scarce::Resource(resource) => [resource.clone()].into(),
            Scarce::WholeCards(model) => [Resource::Gpu(model.clone())].into(),
        };
        let mut found = 0_u128;
        for node in self.snapshot.nodes() {
            steps.take_table(asking.len().saturating_add(1), 1)?;
            let mut may_any_run = false;
            for item in &asking {
                if self.may_run(item, &node.name, steps)? {
                    may_any_run = true;
                    break;
                }
            }
            if !may_any_run {
                continue;
            }
            let left = self.left(&node.name, &resources);
            let level = match of {
                Scarce::Slots => left.pods,
                Scarce::Resource(Resource::Gpu(model)) => left.cards.get(model).and_then(Option::as_ref).map(|cards| {
                    let untouched = cards.untouched.saturating_mul(u128::from(CARD));
                    cards.begun.iter().copied().fold(untouched, u128::saturating_add)
                }),
                Scarce::WholeCards(model) => {
                    left.cards.get(model).and_then(Option::as_ref).map(|cards| cards.untouched)
                }
                Scarce::Resource(resource) => left.amounts.get(resource).copied().flatten(),
            };
            found = found.saturating_add(level.ok_or(Rejection::ProvesNothing)?);
        }
        is_figure("have", have, found)?;
        proves(have < need)
    }

    pub(super) fn asked<'g>(&self, group: &'g Group, weight: impl Fn(&Item) -> u128) -> Vec<Asked<'g>> {
        let items = group.items.iter().filter(|item| item.replicas > 0);
        items.map(|item| Asked { item, parts: self.parts(item), weight: weight(item) }).collect()
    }

    fn weighted(
        &self,
        group: &Group,
        weights: &[(String, u64)],
        classes: &[ClassBound],
        (need, have): (u128, u128),
        steps: &mut Steps,
    ) -> Result<(), Fault> {
        let mut by_item: BTreeMap<&str, u64> = BTreeMap::new();
        for (item, weight) in weights {
            find(group, item)?;
            if by_item.insert(item, *weight).is_some() {
                return Err(Rejection::Repeated { name: item.clone() }.into());
            }
        }
        let mut asked = self.asked(group, |item| by_item.get(item.id()).copied().unwrap_or(0).into());
        asked.retain(|asked| asked.weight > 0);
        let weight = |asked: &Asked<'_>| asked.weight.saturating_mul(u128::from(asked.item.replicas));
        is_figure("need", need, asked.iter().map(weight).fold(0, u128::saturating_add))?;

        let mut claimed: BTreeMap<&str, u128> = BTreeMap::new();
        for (node, most) in classes.iter().flat_map(|class| class.nodes.iter().map(|node| (node, class.most))) {
            if claimed.insert(node, most).is_some() {
                return Err(Rejection::Repeated { name: node.clone() }.into());
            }
        }
        is_figure("have", have, claimed.values().copied().fold(0, u128::saturating_add))?;
        let resources: BTreeSet<Resource> =
            asked.iter().flat_map(|asked| &asked.parts).map(|(resource, _)| resource.clone()).collect();
        // All copies on one node are in one domain.
        let mut most_of_use = Vec::new();
        for asked in &asked {
            most_of_use.push(of_use(asked.item, self.domains(asked.item, steps)?.len()));
        }
        let mut known: BTreeMap<(Left, Vec<bool>), u128> = BTreeMap::new();
        for node in self.snapshot.nodes() {
            let claimed = claimed.remove(node.name.as_str());
            steps.take_table(asked.len().saturating_add(1), 1)?;
            let mut may_run = Vec::new();
            for asked in &asked {
                may_run.push(self.may_run(asked.item, &node.name, steps)?);
            }
            let left = self.left(&node.name, &resources);
            let key = (left, may_run);
            let heaviest = match known.get(&key) {
                Some(heaviest) => *heaviest,
                None => {
                    let most = |place: usize, _: &Asked<'_>| {
                        let most = most_of_use.get(place).filter(|_| key.1.get(place) == Some(&true));
                        most.copied().map_or(0, u128::from)
                    };
                    let heaviest = Self::fillings(&asked, &key.0, most).heaviest(steps)?;
                    known.insert(key, heaviest);
                    heaviest
                }
            };
            match claimed {
                Some(most) if heaviest <= most => {}
                Some(most) => {
                    let what = node.name.clone();
                    return Err(Rejection::WrongFigure { what, claimed: most, found: heaviest }.into());
                }
                None if heaviest == 0 => {}
                None => return Err(Rejection::NodeLeftOut { node: node.name.clone() }.into()),
            }
        }
        if let Some(node) = claimed.into_keys().next() {
            return Err(Rejection::UnknownNode { node: node.to_owned() }.into());
        }
        proves(have < need)
    }

    /// All that can be put on a node, so many copies of each item at most.
    pub(super) fn fillings<'n, 'g>(
        asked: &'n [Asked<'g>],
        left: &'n Left,
        most: impl Fn(usize, &Asked<'_>) -> u128,
    ) -> Fillings<'n, 'g> {
        let most = asked.iter().enumerate().map(|(place, asked)| {
            let most = most(place, asked);
            left.alone(&asked.parts, asked.item.max_per_node).map_or(most, |alone| alone.min(most))
        });
        Fillings { asked, most: most.collect(), left }
    }
}

fn find<'g>(group: &'g Group, id: &str) -> Result<&'g Item, Fault> {
    let item = group.items.iter().find(|item| item.id() == id);
    item.ok_or_else(|| Rejection::UnknownItem { item: id.to_owned() }.into())
}

fn is_figure(what: &str, claimed: u128, found: u128) -> Result<(), Fault> {
    if claimed == found {
        return Ok(());
    }
    Err(Rejection::WrongFigure { what: what.to_owned(), claimed, found }.into())
}

fn proves(it_does: bool) -> Result<(), Fault> {
    if it_does { Ok(()) } else { Err(Rejection::ProvesNothing.into()) }
}

/// Whether the copies of an item can be put where so many fit by domain: all of them, and of any two domains no more than the
/// skew apart.
///
/// If the emptiest domain gets m, the others get from m to m + skew. Raising m as far as all domains carry it, and as long as
/// that is not more than all copies, only makes more room.
pub(super) fn can_spread(fits: &[u128], item: &Item) -> bool {
    let copies = u128::from(item.replicas);
    let Some(spread) = &item.spread else {
        return fits.iter().copied().fold(0, u128::saturating_add) >= copies;
    };
    let Some(emptiest) = fits.iter().copied().min() else { return copies == 0 };
    let domains = u128::try_from(fits.len()).unwrap_or(u128::MAX);
    let m = emptiest.min(copies.checked_div(domains).unwrap_or(0));
    let most = m.saturating_add(u128::from(spread.max_skew));
    fits.iter().map(|fits| most.min(*fits)).fold(0, u128::saturating_add) >= copies
}

/// More copies of an item than this in one of so many domains are of no use: the others would have to have more than the rest.
pub(super) fn of_use(item: &Item, domains: usize) -> u64 {
    let Some(spread) = &item.spread else { return item.replicas };
    let others = u128::try_from(domains).unwrap_or(u128::MAX).saturating_sub(1);
    let (copies, skew) = (u128::from(item.replicas), u128::from(spread.max_skew));
    // The largest c with c + others × (c − skew) ≤ copies, where c is above the skew.
    let sum = copies.saturating_add(others.saturating_mul(skew));
    let most = if copies <= skew { copies } else { sum.checked_div(others.saturating_add(1)).unwrap_or(0) };
    u64::try_from(most.min(copies)).unwrap_or(u64::MAX)
}
