//! Witnesses, by addition.

use super::{Checker, Fault, Rejection, node::Use};
use crate::placement::{
    Item, Level, Resource, Scarce, WhereUnknown,
    place::{
        certificate::{Seat, Witness},
        item::{Group, Looks},
        steps::Steps,
    },
    request::CARD,
    snapshot::standing,
};
use std::collections::{BTreeMap, BTreeSet};

impl Checker<'_> {
    /// Adds a witness up; what it takes is taken where it holds.
    pub(super) fn witness(&mut self, group: &Group, witness: &Witness, steps: &mut Steps) -> Result<(), Fault> {
        let items: BTreeMap<&str, &Item> = group.items.iter().map(|item| (item.id(), item)).collect();
        let mut placed: BTreeMap<&str, u128> = BTreeMap::new();
        let mut domains: BTreeMap<&str, BTreeMap<&str, u128>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut uses: BTreeMap<&str, Use> = BTreeMap::new();
        for seat in &witness.seats {
            let named = seat.cards.values().map(Vec::len).fold(1, usize::saturating_add);
            steps.take_table(named, 1)?;
            let unknown = || Rejection::UnknownItem { item: seat.item.clone() };
            let item = *items.get(seat.item.as_str()).ok_or_else(unknown)?;
            let unknown = || Rejection::UnknownNode { node: seat.node.clone() };
            let labels = &self.snapshot.node(&seat.node).ok_or_else(unknown)?.labels;
            if !seen.insert((seat.item.as_str(), seat.node.as_str())) {
                return Err(Rejection::Repeated { name: format!("{} on {}", seat.item, seat.node) }.into());
            }
            if !self.may_run(item, &seat.node, steps)? {
                return Err(Rejection::MayNotRun { item: seat.item.clone(), node: seat.node.clone() }.into());
            }
            if let Some(limit) = item.max_per_node.filter(|limit| *limit < seat.replicas) {
                let (item, node, placed) = (seat.item.clone(), seat.node.clone(), seat.replicas);
                return Err(Rejection::TooManyOnNode { item, node, limit, placed }.into());
            }
            if let Some(value) = item.spread.as_ref().and_then(|spread| labels.get(&spread.key)) {
                let count = domains.entry(item.id()).or_default().entry(value).or_default();
                *count = count.saturating_add(u128::from(seat.replicas));
            }
            let count = placed.entry(item.id()).or_default();
            *count = count.saturating_add(u128::from(seat.replicas));
            let taken = self.taken.get(&seat.node);
            let of_node = uses.entry(&seat.node).or_insert_with(|| taken.cloned().unwrap_or_default());
            self.add(of_node, item, seat)?;
        }
        for item in &group.items {
            let placed = placed.get(item.id()).copied().unwrap_or(0);
            if placed != u128::from(item.replicas) {
                return Err(Rejection::WrongCount { item: item.id().into(), asked: item.replicas, placed }.into());
            }
            self.skew(item, domains.get(item.id()).unwrap_or(&BTreeMap::new()), steps)?;
        }
        for (node, of_node) in &uses {
            self.is_free(node, of_node)?;
        }
        self.taken.extend(uses.into_iter().map(|(node, of_node)| (node.to_owned(), of_node)));
        Ok(())
    }

    /// Whether an item may run on a node, whatever is free there.
    pub(super) fn may_run(&self, item: &Item, node: &str, steps: &mut Steps) -> Result<bool, Fault> {
        let Some(node) = self.snapshot.node(node) else { return Ok(false) };
        let constraints = &item.product.constraints;
        steps.take_table(Looks::of(constraints, self.rules).at(node), 1)?;
        let has_domain = item.spread.as_ref().is_none_or(|spread| node.labels.contains_key(&spread.key));
        Ok(has_domain && standing(node, constraints, self.rules).is_empty())
    }

    /// The value of the label that an item is spread over.
    pub(super) fn domain(&self, item: &Item, node: &str) -> Option<&str> {
        let spread = item.spread.as_ref()?;
        self.snapshot.node(node)?.labels.get(&spread.key).map(String::as_str)
    }

    fn skew(&self, item: &Item, counts: &BTreeMap<&str, u128>, steps: &mut Steps) -> Result<(), Fault> {
        let Some(spread) = item.spread.as_ref().filter(|_| item.replicas > 0) else { return Ok(()) };
        let values: BTreeSet<&str> = self.domains(item, steps)?.into_iter().flatten().collect();
        let counts = || values.iter().map(|value| counts.get(value).copied().unwrap_or(0));
        let skew = counts().max().unwrap_or(0).saturating_sub(counts().min().unwrap_or(0));
        if skew > u128::from(spread.max_skew) {
            return Err(Rejection::Skewed { item: item.id().into(), max_skew: spread.max_skew, skew }.into());
        }
        Ok(())
    }

    /// What the copies of a seat take.
    fn add(&self, of_node: &mut Use, item: &Item, seat: &Seat) -> Result<(), Fault> {
        let copies = u128::from(seat.replicas);
        of_node.pods = of_node.pods.saturating_add(copies);
        for (resource, amount) in item.product.request.iter().filter(|(resource, _)| !self.ignores(resource)) {
            let all = u128::from(amount).saturating_mul(copies);
            match resource {
                Resource::Gpu(model) if amount < CARD => {
                    let named = seat.cards.get(model).map_or(&[][..], Vec::as_slice);
                    let is_known = self.snapshot.cards(&seat.node, model).is_some();
                    if is_known && u128::try_from(named.len()) != Ok(copies) {
                        let (item, node, model) = (seat.item.clone(), seat.node.clone(), model.clone());
                        return Err(Rejection::CardsNotNamed { item, node, model }.into());
                    }
                    let cards = of_node.shares.entry(model.clone()).or_default();
                    for card in named {
                        let taken = cards.entry(*card).or_default();
                        *taken = taken.saturating_add(u128::from(amount));
                    }
                }
                Resource::Gpu(model) => {
                    let cards = u128::from(amount.wrapping_div(CARD)).saturating_mul(copies);
                    let taken = of_node.whole.entry(model.clone()).or_default();
                    *taken = taken.saturating_add(cards);
                }
                resource => {
                    let taken = of_node.amounts.entry(resource.clone()).or_default();
                    *taken = taken.saturating_add(all);
                }
            }
        }
        Ok(())
    }

    pub(super) fn ignores(&self, resource: &Resource) -> bool {
        self.rules.ignores(resource)
    }

    /// Whether all that is taken of a node is free there.
    fn is_free(&self, node: &str, taken: &Use) -> Result<(), Fault> {
        let over = |of: Scarce, needed: u128, free: u128| -> Result<(), Fault> {
            if needed <= free {
                Ok(())
            } else {
                Err(Rejection::OverUsed { node: node.to_owned(), of, needed, free }.into())
            }
        };
        let unknown = |of: Scarce| -> Result<(), Fault> {
            let is_grey = self.rules.where_unknown == WhereUnknown::Grey;
            if is_grey { Err(Rejection::Unknown { node: node.to_owned(), of }.into()) } else { Ok(()) }
        };
        if let Some(Some(slots)) = self.snapshot.slots(node) {
            over(Scarce::Slots, taken.pods, u128::from(slots))?;
        }
        for (resource, needed) in &taken.amounts {
            let of = Scarce::Resource(resource.clone());
            match self.snapshot.free(node, resource) {
                Some(Level::Known(free)) => over(of, *needed, u128::try_from(free).unwrap_or(0))?,
                _ => unknown(of)?,
            }
        }
        let models: BTreeSet<_> = taken.whole.keys().chain(taken.shares.keys()).collect();
        for model in models {
            let resource = Resource::Gpu(model.clone());
            let level = self.snapshot.free(node, &resource);
            let Some(left) = self.snapshot.cards(node, model) else {
                match level {
                    Some(Level::Unknown) => unknown(Scarce::Resource(resource))?,
                    _ => over(Scarce::Resource(resource), 1, 0)?,
                }
                continue;
            };
            let mut opened = taken.whole.get(model).copied().unwrap_or(0);
            for (card, needed) in taken.shares.get(model).into_iter().flatten() {
                let free = match left.begun.get(card) {
                    Some(room) => *room,
                    None if *card < left.whole => {
                        opened = opened.saturating_add(1);
                        CARD
                    }
                    None => {
                        let (node, model, card) = (node.to_owned(), model.clone(), *card);
                        return Err(Rejection::UnknownCard { node, model, card }.into());
                    }
                };
                if *needed > u128::from(free) {
                    let (node, model, card, needed) = (node.to_owned(), model.clone(), *card, *needed);
                    return Err(Rejection::OverUsedCard { node, model, card, needed, free }.into());
                }
            }
            over(Scarce::WholeCards(model.clone()), opened, u128::from(left.untouched))?;
        }
        Ok(())
    }
}
