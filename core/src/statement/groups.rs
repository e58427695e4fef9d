//! Which statement a reading belongs to (R-S1): names are numbered as they come, and so are the groups
//! that they make. One routine for readings and for columns of them.

use crate::{metering::Kind, units::Name, wallet::Owner};
use std::collections::BTreeMap;

/// The groups of readings that became statements, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub(super) struct Grouper {
    pub(super) owners: Numbered<Owner>,
    pub(super) units: Numbered<Name>,
    pub(super) kinds: Numbered<Kind>,
    groups: Numbers,
}

/// What the readings of one statement have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct GroupKey<'a> {
    pub(super) day: usize,
    pub(super) owner: &'a Owner,
    pub(super) unit: &'a Name,
    pub(super) kind: &'a Kind,
}

/// The same by the numbers of the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KeyNumbers {
    pub(super) day: usize,
    pub(super) owner: usize,
    pub(super) unit: usize,
    pub(super) kind: usize,
}

impl Grouper {
    /// The number of the group of a reading of one and the same day.
    pub(super) fn group_of(&mut self, owner: &Owner, unit: &Name, kind: &Kind) -> usize {
        let (owner, unit, kind) = (self.owners.number(owner), self.units.number(unit), self.kinds.number(kind));
        self.group(KeyNumbers { day: 0, owner, unit, kind })
    }

    /// The number of the group of names that are numbered.
    #[inline]
    pub(super) fn group(&mut self, key: KeyNumbers) -> usize {
        self.groups.number(key)
    }

    /// What a group has in common.
    pub(super) fn key(&self, group: usize) -> Option<GroupKey<'_>> {
        let KeyNumbers { day, owner, unit, kind } = self.numbers(group)?;
        let (owner, unit, kind) = (self.owners.get(owner)?, self.units.get(unit)?, self.kinds.get(kind)?);
        Some(GroupKey { day, owner, unit, kind })
    }

    /// The same by numbers.
    pub(super) fn numbers(&self, group: usize) -> Option<KeyNumbers> {
        self.groups.keys.get(group).copied()
    }

    /// The groups in the order of statements: by day, owner, service unit and kind.
    pub(super) fn in_order(&self) -> Vec<usize> {
        let (owners, units, kinds) = (self.owners.ranks(), self.units.ranks(), self.kinds.ranks());
        let rank = |ranks: &[usize], number: usize| ranks.get(number).copied().unwrap_or(number);
        let keys = self.groups.keys.iter().enumerate();
        let mut ranked: Vec<(KeyNumbers, usize)> = keys
            .map(|(place, key)| {
                let (owner, unit, kind) = (rank(&owners, key.owner), rank(&units, key.unit), rank(&kinds, key.kind));
                (KeyNumbers { day: key.day, owner, unit, kind }, place)
            })
            .collect();
        ranked.sort_unstable(); // keys differ, so nothing is unstable
        ranked.into_iter().map(|(_, place)| place).collect()
    }
}

/// Names, numbered in the order in which they came.
#[derive(Debug, Clone)]
pub(super) struct Numbered<T> {
    names: Vec<T>,
    numbers: BTreeMap<T, usize>,
    last: usize,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { names: vec![], numbers: BTreeMap::new(), last: 0 }
    }
}

impl<T: Ord + Clone> Numbered<T> {
    /// The number of a name. The one that was asked for last and the one after it are tried before the
    /// map is: names come grouped, or in the same order again and again.
    pub(super) fn number(&mut self, name: &T) -> usize {
        let next = self.last.saturating_add(1);
        let is_at = |number: &usize| self.names.get(*number) == Some(name);
        let known = [self.last, next, 0].into_iter().find(is_at).or_else(|| self.numbers.get(name).copied());
        self.last = known.unwrap_or_else(|| {
            let number = self.names.len();
            self.names.push(name.clone());
            self.numbers.insert(name.clone(), number);
            number
        });
        self.last
    }

    /// The name of a number.
    pub(super) fn get(&self, number: usize) -> Option<&T> {
        self.names.get(number)
    }

    /// All names, in the order of their numbers.
    pub(super) fn names(&self) -> &[T] {
        &self.names
    }

    /// For each number, the place of its name among all in order.
    fn ranks(&self) -> Vec<usize> {
        let mut ranks = vec![0; self.names.len()];
        for (rank, number) in self.numbers.values().enumerate() {
            if let Some(of_name) = ranks.get_mut(*number) {
                *of_name = rank;
            }
        }
        ranks
    }
}

/// Groups, numbered in the order in which they came: a table of slots that is probed a few times, and a
/// tree for those keys that find theirs taken. So a key costs the same as a rule, and the logarithm of
/// all keys at the worst, whoever chose them; and no order of the table is ever read.
#[derive(Debug, Clone, Default)]
struct Numbers {
    keys: Vec<KeyNumbers>,
    /// A power of two of them, at least twice as many as there are keys; or none yet.
    slots: Vec<usize>,
    crowded: BTreeMap<KeyNumbers, usize>,
    last: usize,
}

/// A slot that nothing is in.
const VACANT: usize = usize::MAX;

/// How many slots are looked at for a key.
const PROBES: usize = 8;

const FEWEST_SLOTS: usize = 64;

/// Where a key is, or would be.
enum Found {
    Number(usize),
    Vacant(usize),
    Crowded,
}

impl Numbers {
    #[inline]
    fn number(&mut self, key: KeyNumbers) -> usize {
        if self.keys.get(self.last) != Some(&key) {
            self.last = match self.find(key) {
                Found::Number(number) => number,
                Found::Vacant(_) | Found::Crowded => self.insert(key),
            };
        }
        self.last
    }

    #[inline]
    fn find(&self, key: KeyNumbers) -> Found {
        let mask = self.slots.len().wrapping_sub(1);
        let first = key.mixed();
        for probe in 0..PROBES {
            let slot = first.wrapping_add(probe) & mask;
            match self.slots.get(slot) {
                Some(&VACANT) => return Found::Vacant(slot),
                Some(number) if self.keys.get(*number) == Some(&key) => return Found::Number(*number),
                Some(_) => {}
                None => break,
            }
        }
        self.crowded.get(&key).map_or(Found::Crowded, |number| Found::Number(*number))
    }

    fn insert(&mut self, key: KeyNumbers) -> usize {
        let number = self.keys.len();
        self.keys.push(key);
        if self.keys.len().saturating_mul(2) > self.slots.len() {
            self.grow();
        } else {
            self.put(number, key);
        }
        number
    }

    fn grow(&mut self) {
        let slots = self.slots.len().saturating_mul(2).max(FEWEST_SLOTS);
        self.slots.clear();
        self.slots.resize(slots, VACANT);
        self.crowded.clear();
        for number in 0..self.keys.len() {
            if let Some(key) = self.keys.get(number).copied() {
                self.put(number, key);
            }
        }
    }

    fn put(&mut self, number: usize, key: KeyNumbers) {
        match self.find(key) {
            Found::Vacant(slot) => {
                if let Some(slot) = self.slots.get_mut(slot) {
                    *slot = number;
                }
            }
            Found::Crowded => {
                self.crowded.insert(key, number);
            }
            Found::Number(_) => {}
        }
    }
}

impl KeyNumbers {
    /// A number that differs in its low bits where keys differ, as a rule.
    #[inline]
    fn mixed(self) -> usize {
        const ODD: usize = 0x9E37_79B1;
        [self.day, self.owner, self.unit, self.kind].into_iter().fold(0, |mixed: usize, number| {
            let mixed = (mixed ^ number).wrapping_mul(ODD);
            mixed ^ mixed.wrapping_shr(usize::BITS.wrapping_div(2).wrapping_sub(1))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(day: usize, owner: usize, unit: usize, kind: usize) -> KeyNumbers {
        KeyNumbers { day, owner, unit, kind }
    }

    #[test]
    fn keys_are_numbered_in_the_order_in_which_they_came() {
        let mut numbers = Numbers::default();
        let all: Vec<KeyNumbers> = (0..20)
            .flat_map(|day| (0..20).flat_map(move |owner| (0..40).map(move |unit| key(day, owner, unit, owner & unit))))
            .collect();
        for round in 0..3 {
            for (expected, of) in all.iter().enumerate() {
                assert_eq!(numbers.number(*of), expected, "{round}");
            }
        }
        assert_eq!(numbers.keys, all);
        assert!(numbers.slots.len() >= 2 * all.len());
    }

    #[test]
    fn keys_that_crowd_are_found_as_well() {
        // All of one slot, as an adversary would choose them.
        let mut numbers = Numbers::default();
        let crowd: Vec<KeyNumbers> =
            (0..2_000_000).map(|owner| key(0, owner, 0, 0)).filter(|key| key.mixed() & 0x3fff == 7).collect();
        assert!(crowd.len() > 20, "{}", crowd.len());
        for _ in 0..2 {
            for (expected, of) in crowd.iter().enumerate() {
                assert_eq!(numbers.number(*of), expected);
            }
        }
        assert!(!numbers.crowded.is_empty());
    }

    #[test]
    fn names_rank_by_their_order_and_not_by_when_they_came() {
        let mut names = Numbered::<u8>::default();
        let numbers: Vec<usize> = [9, 3, 9, 3, 5, 9].iter().map(|name| names.number(name)).collect();
        assert_eq!(numbers, [0, 1, 0, 1, 2, 0]);
        assert_eq!(names.ranks(), [2, 0, 1]);
    }
}
