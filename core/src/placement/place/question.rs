//! One group against the nodes as they are: nodes that are equal in everything that counts fall into classes.

use super::{
    bins::Bins,
    field::{Field, Kind},
    state::{UNLIMITED, over},
    steps::{Spent, Steps},
};
use crate::placement::request::CARD;
use std::collections::BTreeMap;

/// What is to be counted, and where.
#[derive(Debug)]
pub(super) struct Question<'f> {
    pub(super) field: &'f Field,
    /// Those that have copies to be placed, by their number in the field.
    pub(super) kinds: Vec<(usize, &'f Kind)>,
    /// By kind: where its coordinates begin, one for each domain or a single one.
    first: Vec<usize>,
    /// By coordinate: the kind, and the domain.
    pub(super) coordinates: Vec<(usize, Option<usize>)>,
    /// By coordinate: more copies than this are of no use.
    pub(super) caps: Vec<u64>,
    pub(super) classes: Vec<Class>,
    /// What adds up, for bounds.
    pub(super) sums: Vec<Sum>,
}

/// Nodes on which the same can be placed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class {
    pub(super) levels: Vec<u64>,
    pub(super) slots: u64,
    pub(super) bins: Vec<Bins>,
    /// By kind: the coordinate that a copy counts for; none where it may not run.
    pub(super) coordinate: Vec<Option<usize>>,
    /// By kind: how many copies fit, were it alone.
    pub(super) alone: Vec<u64>,
    pub(super) nodes: Vec<usize>,
}

/// Something that adds up: what a copy of each kind takes, and what each class has.
#[derive(Debug)]
pub(super) struct Sum {
    pub(super) of: Adding,
    /// By kind.
    pub(super) asks: Vec<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Adding {
    Lane(usize),
    Milli(usize),
    Whole(usize),
    Slots,
}

impl Class {
    /// How much of something a node has.
    pub(super) fn has(&self, of: Adding) -> u64 {
        match of {
            Adding::Lane(lane) => self.levels.get(lane).copied().unwrap_or(0),
            Adding::Milli(model) => {
                self.bins.get(model).map_or(0, |bins| if bins.is_unlimited() { UNLIMITED } else { bins.milli() })
            }
            Adding::Whole(model) => self.bins.get(model).map_or(0, |bins| bins.untouched),
            Adding::Slots => self.slots,
        }
    }

    pub(super) fn count(&self) -> u64 {
        u64::try_from(self.nodes.len()).unwrap_or(u64::MAX)
    }
}

impl<'f> Question<'f> {
    /// The kinds of a group that have copies; the nodes are not looked at yet.
    pub(super) fn new(field: &'f Field, kinds: &[usize], steps: &mut Steps) -> Result<Self, Spent> {
        let asked = kinds.iter().filter_map(|number| Some((*number, field.kinds.get(*number)?)));
        let kinds: Vec<(usize, &Kind)> = asked.filter(|(_, kind)| kind.replicas > 0).collect();
        let mut question = Self {
            field,
            first: Vec::new(),
            coordinates: Vec::new(),
            caps: Vec::new(),
            classes: Vec::new(),
            sums: sums(&kinds),
            kinds,
        };
        for (place, (_, kind)) in question.kinds.iter().enumerate() {
            question.first.push(question.coordinates.len());
            match kind.spread.and_then(|spread| field.domains.get(spread.domains).zip(Some(spread))) {
                None => {
                    question.coordinates.push((place, None));
                    question.caps.push(kind.replicas);
                }
                Some((domains, spread)) => {
                    steps.take_table(domains.values.len(), 1)?;
                    let count = domains.values.len();
                    question.coordinates.extend((0..count).map(|domain| (place, Some(domain))));
                    let most = most_in_a_domain(kind.replicas, count, spread.max_skew);
                    question.caps.extend((0..count).map(|_| most));
                }
            }
        }
        Ok(question)
    }

    /// With the classes of the nodes that take any of it.
    pub(super) fn classified(mut self, steps: &mut Steps) -> Result<Self, Spent> {
        self.classes = self.classes(steps)?;
        Ok(self)
    }

    fn classes(&self, steps: &mut Steps) -> Result<Vec<Class>, Spent> {
        let width = self.sums.len().saturating_add(self.kinds.len()).saturating_add(1);
        steps.take_table(self.field.names.len(), width)?;
        let wanted: Vec<(Adding, u64)> = self.sums.iter().map(|sum| (sum.of, self.wanted(sum))).collect();
        let mut classes: BTreeMap<Class, Vec<usize>> = BTreeMap::new();
        for node in 0..self.field.names.len() {
            let class = self.class_of(node, &wanted);
            if class.alone.iter().any(|times| *times > 0) {
                classes.entry(class).or_default().push(node);
            }
        }
        let mut classes: Vec<Class> = classes.into_iter().map(|(class, nodes)| Class { nodes, ..class }).collect();
        // The tightest first: there is least to choose.
        let order = |class: &Class| {
            let first = class.nodes.first().copied().unwrap_or(0);
            (self.field.state.room(first), first)
        };
        classes.sort_by_key(order);
        Ok(classes)
    }

    /// All that the copies of all kinds take of something; what a node has beyond it makes no difference.
    fn wanted(&self, sum: &Sum) -> u64 {
        let term = |((_, kind), asks): (&(usize, &Kind), &u64)| kind.replicas.saturating_mul(*asks);
        self.kinds.iter().zip(&sum.asks).map(term).fold(0, u64::saturating_add)
    }

    fn class_of(&self, node: usize, wanted: &[(Adding, u64)]) -> Class {
        let state = &self.field.state;
        let cut = |of: Adding, level: u64| match wanted.iter().find(|(known, _)| *known == of) {
            Some((_, UNLIMITED)) => level,
            Some((_, all)) => level.min(*all),
            None => 0,
        };
        let bins = |(model, cards): (usize, &super::bins::CardRoom)| {
            let mut bins = cards.bins().0;
            let milli = cut(Adding::Milli(model), UNLIMITED);
            // A share needs a card at most, and whole cards are asked for one by one.
            let cards = self.cards_wanted(model);
            if milli == 0 {
                bins.rooms.clear();
            }
            bins.untouched = bins.untouched.min(cards);
            bins
        };
        let mut class = Class {
            levels: (0..).zip(state.lanes(node)).map(|(lane, level)| cut(Adding::Lane(lane), *level)).collect(),
            slots: cut(Adding::Slots, state.slots(node)),
            bins: state.cards(node).iter().enumerate().map(bins).collect(),
            coordinate: Vec::new(),
            alone: Vec::new(),
            nodes: Vec::new(),
        };
        for (first, (_, kind)) in self.first.iter().zip(&self.kinds) {
            let coordinate = match &kind.spread {
                _ if !self.field.is_eligible(kind, node) => None,
                None => Some(*first),
                Some(_) => self.field.domain(kind, node).map(|domain| first.saturating_add(domain)),
            };
            let cap = coordinate.map_or(0, |coordinate| self.cap(coordinate));
            let times = times(&class, kind).min(cap);
            class.coordinate.push(coordinate.filter(|_| times > 0));
            class.alone.push(times);
        }
        class
    }

    fn cards_wanted(&self, model: usize) -> u64 {
        let of_kind = |(_, kind): &(usize, &Kind)| {
            let whole = kind.whole.iter().filter(|(asked, _)| *asked == model).map(|(_, cards)| *cards);
            let shares = kind.shares.iter().filter(|(asked, _)| *asked == model).map(|_| 1);
            whole.chain(shares).fold(0, u64::saturating_add).saturating_mul(kind.replicas)
        };
        self.kinds.iter().map(of_kind).fold(0, u64::saturating_add)
    }

    pub(super) fn cap(&self, coordinate: usize) -> u64 {
        self.caps.get(coordinate).copied().unwrap_or(0)
    }

    /// How many nodes there are in all classes.
    pub(super) fn nodes(&self) -> usize {
        self.classes.iter().fold(0, |sum, class| sum.saturating_add(class.nodes.len()))
    }

    /// The coordinates of a kind, in what counts them.
    pub(super) fn of_kind<'v, T>(&self, place: usize, counted: &'v [T]) -> &'v [T] {
        let first = self.first.get(place).copied().unwrap_or(0);
        let next = self.first.get(place.saturating_add(1)).copied().unwrap_or(self.coordinates.len());
        counted.get(first..next).unwrap_or(&[])
    }

    /// Whether so many copies by coordinate are enough of all kinds.
    pub(super) fn is_enough(&self, covered: &[u64]) -> bool {
        (0..).zip(&self.kinds).all(|(place, (_, kind))| {
            let counts = self.of_kind(place, covered);
            match &kind.spread {
                None => counts.iter().all(|count| *count >= kind.replicas),
                Some(spread) => is_spreadable(counts, kind.replicas, spread.max_skew),
            }
        })
    }
}

/// What adds up for some kinds, whatever asks for it.
fn sums(kinds: &[(usize, &Kind)]) -> Vec<Sum> {
    let mut sums = vec![Sum { of: Adding::Slots, asks: vec![1; kinds.len()] }];
    let mut add = |of: Adding, place: usize, amount: u64| {
        let at = sums.iter().position(|sum| sum.of == of).unwrap_or_else(|| {
            sums.push(Sum { of, asks: vec![0; kinds.len()] });
            sums.len().wrapping_sub(1)
        });
        if let Some(asked) = sums.get_mut(at).and_then(|sum| sum.asks.get_mut(place)) {
            *asked = asked.saturating_add(amount);
        }
    };
    for (place, (_, kind)) in kinds.iter().enumerate() {
        kind.amounts.iter().for_each(|(lane, amount)| add(Adding::Lane(*lane), place, *amount));
        kind.whole.iter().for_each(|(model, cards)| {
            add(Adding::Milli(*model), place, cards.saturating_mul(CARD));
            add(Adding::Whole(*model), place, *cards);
        });
        kind.shares.iter().for_each(|(model, milli)| add(Adding::Milli(*model), place, *milli));
    }
    sums
}

/// How many copies of a kind an empty node of a class takes.
fn times(class: &Class, kind: &Kind) -> u64 {
    let lane = |(lane, amount): &(usize, u64)| over(class.levels.get(*lane).copied().unwrap_or(0), *amount);
    let whole = |(model, cards): &(usize, u64)| over(class.bins.get(*model).map_or(0, |bins| bins.untouched), *cards);
    let shares = |(model, milli): &(usize, u64)| match class.bins.get(*model) {
        Some(bins) if bins.is_unlimited() => UNLIMITED,
        Some(bins) => bins.shares(*milli),
        None => 0,
    };
    let parts = kind.amounts.iter().map(lane).chain(kind.whole.iter().map(whole)).chain(kind.shares.iter().map(shares));
    parts.fold(class.slots.min(kind.max_per_node), u64::min)
}

/// The most copies of use in one of so many domains: each of the others has at most the skew less.
pub(super) fn most_in_a_domain(replicas: u64, domains: usize, max_skew: u64) -> u64 {
    if replicas <= max_skew {
        return replicas;
    }
    let domains = u128::try_from(domains).unwrap_or(1).max(1);
    let allowed = domains.saturating_sub(1).saturating_mul(u128::from(max_skew));
    let most = u128::from(replicas).saturating_add(allowed).checked_div(domains).unwrap_or(0);
    u64::try_from(most).unwrap_or(u64::MAX).min(replicas)
}

/// The least number that each domain has in a spread of so many copies; none where the domains do not carry them.
///
/// With a least number of m, a domain has from m to m + skew. More copies fit the larger m is, so only the largest m counts
/// that all domains carry and that is not too many.
fn least_in_a_domain(fits: &[u64], replicas: u64, max_skew: u64) -> Option<u64> {
    let share = replicas.checked_div(u64::try_from(fits.len()).ok()?)?;
    let least = fits.iter().copied().min()?.min(share);
    let most = least.saturating_add(max_skew);
    let all = fits.iter().fold(0_u128, |sum, fits| sum.saturating_add(u128::from(*fits.min(&most))));
    (all >= u128::from(replicas)).then_some(least)
}

pub(super) fn is_spreadable(fits: &[u64], replicas: u64, max_skew: u64) -> bool {
    replicas == 0 || least_in_a_domain(fits, replicas, max_skew).is_some()
}

/// How many copies go to each domain, of those that fit there.
pub(super) fn spread_out(fits: &[u64], replicas: u64, max_skew: u64) -> Vec<u64> {
    let Some(least) = least_in_a_domain(fits, replicas, max_skew) else { return vec![0; fits.len()] };
    let mut counts = vec![least; fits.len()];
    let placed = least.saturating_mul(u64::try_from(fits.len()).unwrap_or(u64::MAX));
    let mut left = replicas.saturating_sub(placed);
    for (count, fits) in counts.iter_mut().zip(fits) {
        let more = fits.min(&least.saturating_add(max_skew)).saturating_sub(*count).min(left);
        *count = count.saturating_add(more);
        left = left.saturating_sub(more);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way to spread copies over domains that carry so many.
    fn spreads(fits: &[u64], replicas: u64, max_skew: u64) -> Vec<Vec<u64>> {
        let mut all: Vec<Vec<u64>> = vec![Vec::new()];
        for fits in fits {
            let longer = |begun: &Vec<u64>, next| [begun.as_slice(), &[next]].concat();
            all = all.iter().flat_map(|begun| (0..=*fits).map(move |next| longer(begun, next))).collect();
        }
        all.retain(|counts| {
            let (most, least) = (counts.iter().max().unwrap_or(&0), counts.iter().min().unwrap_or(&0));
            counts.iter().sum::<u64>() == replicas && most - least <= max_skew
        });
        all
    }

    /// Up to three domains that carry up to five, up to nine copies, and skews up to four.
    #[test]
    fn what_can_be_spread_is_what_some_way_spreads() {
        for (domains, all) in (1..=3_u32).flat_map(|domains| (0..6_u64.pow(domains)).map(move |all| (domains, all))) {
            let fits: Vec<u64> = (0..domains).map(|place| all / 6_u64.pow(place) % 6).collect();
            for (replicas, max_skew) in (1..10).flat_map(|replicas| (0..5).map(move |skew| (replicas, skew))) {
                let ways = spreads(&fits, replicas, max_skew);
                assert_eq!(
                    is_spreadable(&fits, replicas, max_skew),
                    !ways.is_empty(),
                    "{fits:?} {replicas} {max_skew}"
                );
                let most = most_in_a_domain(replicas, fits.len(), max_skew);
                assert!(ways.iter().flatten().all(|count| *count <= most), "{fits:?} {replicas} {max_skew}");
                if !ways.is_empty() {
                    assert!(ways.contains(&spread_out(&fits, replicas, max_skew)));
                }
            }
        }
    }

    /// The most of use in a domain is reached where nothing else is in the way.
    #[test]
    fn the_most_in_a_domain_is_the_least_bound() {
        for (domains, replicas, max_skew) in
            (1..4_usize).flat_map(|domains| (1..9).flat_map(move |all| (0..4).map(move |skew| (domains, all, skew))))
        {
            let ways = spreads(&vec![replicas; domains], replicas, max_skew);
            let reached = ways.iter().flatten().max().copied();
            let most = most_in_a_domain(replicas, domains, max_skew);
            assert!(reached.is_none_or(|reached| reached <= most));
            let is_even = replicas % domains as u64 == 0 || max_skew > 0;
            assert_eq!(reached.is_some(), is_even, "{domains} {replicas} {max_skew}");
            // It is the least bound of its form; what is left over may not divide among the others.
            assert!(reached.is_none_or(|reached| most <= reached + 1), "{domains} {replicas} {max_skew}");
        }
    }
}
