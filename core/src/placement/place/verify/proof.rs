//! Certificates, by recomputing their numbers from the snapshot.

use super::{
    Checker, Fault, Rejection,
    node::{Asked, Cards, Fillings, Left},
};
use crate::{
    placement::{
        Item, Level, Resource, Scarce, WhereUnknown,
        place::{
            certificate::{Certificate, ClassBound, Coordinate},
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
    fn left(&self, node: &str, resources: &BTreeSet<Resource>) -> Left {
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
            if self.may_run(item, &node.name) {
                let domain = self.domain(item, &node.name).unwrap_or("");
                let alone = self.left(&node.name, &resources).alone(&parts, item.max_per_node);
                let sum = fits.entry(domain.to_owned()).or_default();
                *sum = sum.saturating_add(alone.unwrap_or(u128::MAX));
            }
        }
        Ok(fits)
    }

    /// The domains of an item; a single one without a name where it is not spread.
    fn domains(&self, item: &Item) -> BTreeSet<Option<&str>> {
        if item.spread.is_none() {
            return [None].into();
        }
        let eligible = self.snapshot.nodes().filter(|node| self.may_run(item, &node.name));
        eligible.map(|node| self.domain(item, &node.name)).collect()
    }

    fn aggregate(&self, group: &Group, of: &Scarce, need: u128, have: u128, steps: &mut Steps) -> Result<(), Fault> {
        let asks = |item: &Item| -> u128 {
            let amount = |resource: &Resource| match self.ignores(resource) {
                true => 0,
                false => u128::from(item.product.request.amount(resource)),
            };
            match of {
                Scarce::Slots => 1,
                Scarce::Resource(resource) => amount(resource),
                Scarce::WholeCards(model) => amount(&Resource::Gpu(model.clone())).wrapping_div(u128::from(CARD)),
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
            if !asking.iter().any(|item| self.may_run(item, &node.name)) {
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

    fn asked<'g>(&self, group: &'g Group, weight: impl Fn(&Item) -> u128) -> Vec<Asked<'g>> {
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
        let of_use: Vec<u64> = asked.iter().map(|asked| of_use(asked.item, self.domains(asked.item).len())).collect();
        let mut known: BTreeMap<(Left, Vec<bool>), u128> = BTreeMap::new();
        for node in self.snapshot.nodes() {
            let claimed = claimed.remove(node.name.as_str());
            steps.take_table(asked.len().saturating_add(1), 1)?;
            let may_run: Vec<bool> = asked.iter().map(|asked| self.may_run(asked.item, &node.name)).collect();
            let left = self.left(&node.name, &resources);
            let key = (left, may_run);
            let heaviest = match known.get(&key) {
                Some(heaviest) => *heaviest,
                None => {
                    let most = |place: usize, _: &Asked<'_>| {
                        let most = of_use.get(place).filter(|_| key.1.get(place) == Some(&true));
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
    fn fillings<'n, 'g>(
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

    fn frontier(
        &self,
        group: &Group,
        coordinates: &[Coordinate],
        nodes: &[String],
        levels: &[Vec<Vec<u64>>],
        steps: &mut Steps,
    ) -> Result<(), Fault> {
        let asked = self.asked(group, |_| 0);
        let row = Row::new(self, &asked, nodes, steps)?;
        if row.coordinates != coordinates {
            return Err(Rejection::WrongShape.into());
        }
        let is_shaped = |vector: &Vec<u64>| vector.len() == coordinates.len();
        let too_long = levels.len() > nodes.len().saturating_add(1);
        if too_long || !levels.iter().flatten().all(is_shaped) {
            return Err(Rejection::WrongShape.into());
        }
        let first = levels.first().map_or(&[][..], Vec::as_slice);
        if !row.is_covered(&vec![0; coordinates.len()], first, 0, steps)? {
            return Err(Rejection::NotCovered { level: 0, vector: vec![0; coordinates.len()] }.into());
        }
        for (level, vectors) in levels.iter().enumerate() {
            let next = levels.get(level.saturating_add(1)).map_or(&[][..], Vec::as_slice);
            for vector in vectors {
                if row.is_enough(vector) {
                    return Err(Rejection::IsEnough { vector: vector.clone() }.into());
                }
                row.step(level, vector, next, steps)?;
            }
        }
        Ok(())
    }
}

/// The nodes of a frontier in their order, and what remains of them from each on.
struct Row<'r, 'g> {
    asked: &'r [Asked<'g>],
    coordinates: Vec<Coordinate>,
    /// By item: its coordinates.
    of_item: Vec<Vec<usize>>,
    /// By coordinate: no more copies are of use.
    caps: Vec<u64>,
    nodes: Vec<InRow>,
}

struct InRow {
    left: Left,
    /// By item: the coordinate that it counts for, where it may run.
    counts_for: Vec<Option<usize>>,
    /// By coordinate: how many copies fit here and further on, each item alone; none is without limit.
    alone_from: Vec<Option<u128>>,
    /// What there is here and further on; none is without limit.
    pods_from: Option<u128>,
    amounts_from: BTreeMap<Resource, Option<u128>>,
}

impl<'r, 'g> Row<'r, 'g> {
    fn new(checker: &Checker<'_>, asked: &'r [Asked<'g>], nodes: &[String], steps: &mut Steps) -> Result<Self, Fault> {
        let mut row = Self { asked, coordinates: Vec::new(), of_item: Vec::new(), caps: Vec::new(), nodes: Vec::new() };
        let mut numbers: BTreeMap<(usize, &str), usize> = BTreeMap::new();
        for (place, asked) in asked.iter().enumerate() {
            let item = asked.item;
            let values = checker.domains(item);
            steps.take_table(checker.snapshot.nodes().len(), 1)?;
            let first = row.coordinates.len();
            for value in &values {
                numbers.insert((place, value.unwrap_or("")), row.coordinates.len());
                row.coordinates.push(Coordinate { item: item.id().into(), domain: value.map(str::to_owned) });
                row.caps.push(of_use(item, values.len()));
            }
            row.of_item.push((first..row.coordinates.len()).collect());
        }
        let resources: BTreeSet<Resource> =
            asked.iter().flat_map(|asked| &asked.parts).map(|(resource, _)| resource.clone()).collect();
        let mut waiting: BTreeSet<&str> = checker.snapshot.nodes().map(|node| node.name.as_str()).collect();
        let read = |name: &str, steps: &mut Steps| -> Result<InRow, Fault> {
            let width = asked.len().saturating_add(resources.len()).saturating_add(row.coordinates.len());
            steps.take_table(width.saturating_add(1), 1)?;
            let left = checker.left(name, &resources);
            let mut alone_from = vec![Some(0); row.coordinates.len()];
            let mut counts_for = Vec::new();
            for (place, asked) in asked.iter().enumerate() {
                let domain = checker.domain(asked.item, name).unwrap_or("");
                let coordinate = numbers.get(&(place, domain)).copied();
                let coordinate = coordinate.filter(|_| checker.may_run(asked.item, name));
                if let Some(fits) = coordinate.and_then(|coordinate| alone_from.get_mut(coordinate)) {
                    *fits = left.alone(&asked.parts, asked.item.max_per_node);
                }
                counts_for.push(coordinate);
            }
            let amounts = left.amounts.clone();
            Ok(InRow { counts_for, alone_from, pods_from: left.pods, amounts_from: amounts, left })
        };
        let mut in_row = Vec::new();
        for name in nodes {
            if !waiting.remove(name.as_str()) {
                return Err(match checker.snapshot.node(name) {
                    Some(_) => Rejection::Repeated { name: name.clone() }.into(),
                    None => Rejection::UnknownNode { node: name.clone() }.into(),
                });
            }
            in_row.push(read(name, steps)?);
        }
        for name in waiting {
            if read(name, steps)?.alone_from.iter().any(|fits| *fits != Some(0)) {
                return Err(Rejection::NodeLeftOut { node: name.to_owned() }.into());
            }
        }
        row.nodes = in_row;
        row.sum_up();
        Ok(row)
    }

    /// Adds to each node what is further on.
    fn sum_up(&mut self) {
        let plus = |level: &mut Option<u128>, more: Option<u128>| {
            *level = level.zip(more).map(|(level, more)| level.saturating_add(more));
        };
        let mut further: Option<(Vec<Option<u128>>, Option<u128>, BTreeMap<Resource, Option<u128>>)> = None;
        for node in self.nodes.iter_mut().rev() {
            if let Some((alone, pods, amounts)) = &further {
                node.alone_from.iter_mut().zip(alone).for_each(|(level, more)| plus(level, *more));
                plus(&mut node.pods_from, *pods);
                node.amounts_from.values_mut().zip(amounts.values()).for_each(|(level, more)| plus(level, *more));
            }
            further = Some((node.alone_from.clone(), node.pods_from, node.amounts_from.clone()));
        }
    }

    fn of<T: Copy>(&self, item: usize, counted: &[T]) -> Vec<T> {
        let places = self.of_item.get(item).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| counted.get(*place).copied()).collect()
    }

    fn is_enough(&self, vector: &[u64]) -> bool {
        let vector: Vec<u128> = vector.iter().map(|count| u128::from(*count)).collect();
        self.reaches(&vector)
    }

    fn reaches(&self, vector: &[u128]) -> bool {
        self.asked.iter().enumerate().all(|(place, asked)| can_spread(&self.of(place, vector), asked.item))
    }

    /// Whether what a vector lacks is more than the nodes from a place on have.
    fn is_out_of_reach(&self, place: usize, vector: &[u64]) -> bool {
        let Some(node) = self.nodes.get(place) else { return !self.is_enough(vector) };
        let reached: Vec<u128> = vector
            .iter()
            .zip(&node.alone_from)
            .map(|(count, more)| more.map_or(u128::MAX, |more| more.saturating_add(u128::from(*count))))
            .collect();
        if !self.reaches(&reached) {
            return true;
        }
        let missing = |(place, asked): (usize, &Asked<'_>)| {
            let placed = self.of(place, vector).into_iter().fold(0_u128, |sum, count| sum.saturating_add(count.into()));
            u128::from(asked.item.replicas).saturating_sub(placed)
        };
        let missing: Vec<u128> = self.asked.iter().enumerate().map(missing).collect();
        let wanted = |asks: &dyn Fn(&Asked<'_>) -> u64| {
            let terms = self.asked.iter().zip(&missing);
            terms.fold(0_u128, |sum, (asked, missing)| {
                sum.saturating_add(missing.saturating_mul(u128::from(asks(asked))))
            })
        };
        let is_short = |level: Option<u128>, wanted: u128| level.is_some_and(|level| wanted > level);
        is_short(node.pods_from, wanted(&|_| 1))
            || node
                .amounts_from
                .iter()
                .any(|(resource, level)| is_short(*level, wanted(&|asked| asked.item.product.request.amount(resource))))
            || self.cards_are_short(place, &wanted)
    }

    /// The same of cards: milli-cards, and whole cards.
    fn cards_are_short(&self, place: usize, wanted: &dyn Fn(&dyn Fn(&Asked<'_>) -> u64) -> u128) -> bool {
        let models = self.nodes.first().map(|node| node.left.cards.keys().cloned().collect::<Vec<Name>>());
        models.unwrap_or_default().into_iter().any(|model| {
            let resource = Resource::Gpu(model.clone());
            let (mut milli, mut whole) = (Some(0_u128), Some(0_u128));
            for node in self.nodes.iter().skip(place) {
                let cards = node.left.cards.get(&model).and_then(Option::as_ref);
                let all = cards.map(|cards| {
                    let untouched = cards.untouched.saturating_mul(u128::from(CARD));
                    cards.begun.iter().copied().fold(untouched, u128::saturating_add)
                });
                milli = milli.zip(all).map(|(sum, all)| sum.saturating_add(all));
                whole = whole.zip(cards).map(|(sum, cards)| sum.saturating_add(cards.untouched));
            }
            let amount = |asked: &Asked<'_>| asked.item.product.request.amount(&resource);
            let cards = |asked: &Asked<'_>| amount(asked).wrapping_div(CARD);
            milli.is_some_and(|have| wanted(&amount) > have) || whole.is_some_and(|have| wanted(&cards) > have)
        })
    }

    /// Whether a vector is below one of a level, or out of reach of what is asked for.
    fn is_covered(&self, vector: &[u64], level: &[Vec<u64>], place: usize, steps: &mut Steps) -> Result<bool, Fault> {
        steps.take_table(level.len().saturating_add(1), vector.len())?;
        let is_below = |large: &Vec<u64>| large.iter().zip(vector).all(|(large, small)| large >= small);
        if level.iter().any(is_below) {
            return Ok(true);
        }
        steps.take_table(self.nodes.len().saturating_sub(place).saturating_add(1), 1)?;
        Ok(self.is_out_of_reach(place, vector))
    }

    /// Whether each filling of a node, added to a vector, is covered by the next level.
    fn step(&self, place: usize, vector: &[u64], next: &[Vec<u64>], steps: &mut Steps) -> Result<(), Fault> {
        let Some(node) = self.nodes.get(place) else { return Ok(()) };
        let fillings = Checker::fillings(self.asked, &node.left, |item, _| {
            let coordinate = node.counts_for.get(item).copied().flatten();
            let still = |coordinate: usize| {
                let count = vector.get(coordinate).copied().unwrap_or(0);
                self.caps.get(coordinate).map_or(0, |cap| cap.saturating_sub(count))
            };
            coordinate.map_or(0, still).into()
        });
        fillings.maximal(steps, &mut |counts, steps| {
            let mut reached = vector.to_vec();
            for (coordinate, copies) in node.counts_for.iter().zip(counts) {
                if let Some(count) = coordinate.and_then(|coordinate| reached.get_mut(coordinate)) {
                    *count = count.saturating_add(u64::try_from(*copies).unwrap_or(u64::MAX));
                }
            }
            if self.is_covered(&reached, next, place.saturating_add(1), steps)? {
                Ok(())
            } else if self.is_enough(&reached) {
                Err(Rejection::IsEnough { vector: reached }.into())
            } else {
                Err(Rejection::NotCovered { level: place, vector: reached }.into())
            }
        })
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
fn can_spread(fits: &[u128], item: &Item) -> bool {
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
fn of_use(item: &Item, domains: usize) -> u64 {
    let Some(spread) = &item.spread else { return item.replicas };
    let others = u128::try_from(domains).unwrap_or(u128::MAX).saturating_sub(1);
    let (copies, skew) = (u128::from(item.replicas), u128::from(spread.max_skew));
    // The largest c with c + others × (c − skew) ≤ copies, where c is above the skew.
    let sum = copies.saturating_add(others.saturating_mul(skew));
    let most = if copies <= skew { copies } else { sum.checked_div(others.saturating_add(1)).unwrap_or(0) };
    u64::try_from(most.min(copies)).unwrap_or(u64::MAX)
}
