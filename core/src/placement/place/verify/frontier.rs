//! Frontiers: that nothing is reached beyond what a certificate lists, node by node.

use super::{
    Checker, Fault, Rejection,
    node::{Asked, Cards, Left},
    proof::{can_spread, of_use},
};
use crate::{
    placement::{
        Item, Resource,
        place::{certificate::Coordinate, item::Group, steps::Steps},
        request::CARD,
    },
    units::Name,
};
use std::collections::{BTreeMap, BTreeSet};

impl Checker<'_> {
    pub(super) fn frontier(
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
    /// What there is here and further on.
    from: Reach,
}

/// What nodes have together; none is without limit.
#[derive(Clone)]
struct Reach {
    /// By coordinate: how many copies fit, each item alone.
    alone: Vec<Option<u128>>,
    pods: Option<u128>,
    amounts: BTreeMap<Resource, Option<u128>>,
    /// Milli-cards and whole cards.
    cards: BTreeMap<Name, (Option<u128>, Option<u128>)>,
}

impl Reach {
    fn of(left: &Left, alone: Vec<Option<u128>>) -> Self {
        let card = u128::from(CARD);
        let cards = left.cards.iter().map(|(model, cards)| {
            let milli = |cards: &Cards| {
                cards.begun.iter().copied().fold(cards.untouched.saturating_mul(card), u128::saturating_add)
            };
            let known = cards.as_ref();
            (model.clone(), (known.map(milli), known.map(|cards| cards.untouched)))
        });
        Self { alone, pods: left.pods, amounts: left.amounts.clone(), cards: cards.collect() }
    }

    fn add(&mut self, further: &Self) {
        let plus = |level: &mut Option<u128>, more: Option<u128>| {
            *level = level.zip(more).map(|(level, more)| level.saturating_add(more));
        };
        self.alone.iter_mut().zip(&further.alone).for_each(|(level, more)| plus(level, *more));
        plus(&mut self.pods, further.pods);
        self.amounts.values_mut().zip(further.amounts.values()).for_each(|(level, more)| plus(level, *more));
        for ((milli, whole), (more_milli, more_whole)) in self.cards.values_mut().zip(further.cards.values()) {
            plus(milli, *more_milli);
            plus(whole, *more_whole);
        }
    }
}

impl<'r, 'g> Row<'r, 'g> {
    fn new(checker: &Checker<'_>, asked: &'r [Asked<'g>], nodes: &[String], steps: &mut Steps) -> Result<Self, Fault> {
        let mut row = Self { asked, coordinates: Vec::new(), of_item: Vec::new(), caps: Vec::new(), nodes: Vec::new() };
        let mut numbers: BTreeMap<(usize, &str), usize> = BTreeMap::new();
        for (place, asked) in asked.iter().enumerate() {
            let item = asked.item;
            let values = checker.domains(item, steps)?;
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
            let mut alone = vec![Some(0); row.coordinates.len()];
            let mut counts_for = Vec::new();
            for (place, asked) in asked.iter().enumerate() {
                let domain = checker.domain(asked.item, name).unwrap_or("");
                let coordinate = numbers.get(&(place, domain)).copied();
                let may_run = checker.may_run(asked.item, name, steps)?;
                let coordinate = coordinate.filter(|_| may_run);
                if let Some(fits) = coordinate.and_then(|coordinate| alone.get_mut(coordinate)) {
                    *fits = left.alone(&asked.parts, asked.item.max_per_node);
                }
                counts_for.push(coordinate);
            }
            Ok(InRow { counts_for, from: Reach::of(&left, alone), left })
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
            let of_use = |(fits, cap): (&Option<u128>, &u64)| *cap > 0 && *fits != Some(0);
            if read(name, steps)?.from.alone.iter().zip(&row.caps).any(of_use) {
                return Err(Rejection::NodeLeftOut { node: name.to_owned() }.into());
            }
        }
        row.nodes = in_row;
        row.sum_up();
        Ok(row)
    }

    /// Adds to each node what is further on.
    fn sum_up(&mut self) {
        let mut further: Option<Reach> = None;
        for node in self.nodes.iter_mut().rev() {
            further.iter().for_each(|further| node.from.add(further));
            further = Some(node.from.clone());
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
            .zip(&node.from.alone)
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
        let wanted = |resource: Option<&Resource>, unit: u64| {
            let asks = |item: &Item| {
                resource.map_or(1, |resource| item.product.request.amount(resource).checked_div(unit).unwrap_or(0))
            };
            let terms = self.asked.iter().zip(&missing);
            terms.fold(0_u128, |sum, (asked, missing)| {
                sum.saturating_add(missing.saturating_mul(u128::from(asks(asked.item))))
            })
        };
        let is_short = |level: Option<u128>, wanted: u128| level.is_some_and(|level| wanted > level);
        let mut amounts = node.from.amounts.iter();
        let mut cards = node.from.cards.iter();
        is_short(node.from.pods, wanted(None, 1))
            || amounts.any(|(resource, level)| is_short(*level, wanted(Some(resource), 1)))
            || cards.any(|(model, (milli, whole))| {
                let resource = Resource::Gpu(model.clone());
                is_short(*milli, wanted(Some(&resource), 1)) || is_short(*whole, wanted(Some(&resource), CARD))
            })
    }

    /// Whether a vector is below one of a level, or out of reach of what is asked for.
    fn is_covered(&self, vector: &[u64], level: &[Vec<u64>], place: usize, steps: &mut Steps) -> Result<bool, Fault> {
        steps.take_table(level.len().saturating_add(1), vector.len())?;
        let is_below = |large: &Vec<u64>| large.iter().zip(vector).all(|(large, small)| large >= small);
        if level.iter().any(is_below) {
            return Ok(true);
        }
        steps.take_table(vector.len().saturating_add(1), self.asked.len())?;
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
