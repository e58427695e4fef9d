//! Groups in the order in which they are asked: one that steps back, after those it steps back before.

use super::{Beside, Group, Lost};
use crate::{error::PricingError, units::Name};

/// Groups, checked: each known, and no circle of stepping back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Groups {
    groups: Vec<Ordered>,
    /// The places of the groups, each after those before which it steps back.
    order: Vec<usize>,
}

/// A group that knows the others by their places.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ordered {
    name: Name,
    beside: Beside,
    yields_to: Places,
    /// Those it yields to, and those that suffer nothing beside them.
    steps_back_for: Places,
}

/// Places of groups, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Places(u64);

impl Groups {
    pub(super) const NONE: Self = Self { groups: Vec::new(), order: Vec::new() };
    /// As many as there are bits.
    pub(super) const MOST: usize = 64;

    pub(super) fn new(groups: &[Group]) -> Result<Self, PricingError> {
        if groups.len() > Self::MOST {
            return Err(PricingError::TooManyGroups { count: groups.len(), limit: Self::MOST });
        }
        let place = |name: &Name| groups.iter().position(|group| group.name == *name);
        let mut ordered = Vec::with_capacity(groups.len());
        for (index, group) in groups.iter().enumerate() {
            if place(&group.name) != Some(index) {
                return Err(PricingError::DiscountNameTwice { name: group.name.to_string() });
            }
            let mut yields_to = Places::NONE;
            for name in &group.yields_to {
                let other = place(name).ok_or_else(|| PricingError::unknown_group(name, &group.name))?;
                yields_to = yields_to.with(other);
            }
            ordered.push(Ordered {
                name: group.name.clone(),
                beside: group.beside,
                yields_to,
                steps_back_for: yields_to,
            });
        }
        let alone: Vec<(usize, Places)> = (ordered.iter().enumerate())
            .filter(|(_, group)| group.beside == Beside::Nothing)
            .map(|(index, group)| (index, group.yields_to))
            .collect();
        for (index, group) in ordered.iter_mut().enumerate() {
            for (other, its_yields) in &alone {
                if *other != index && !its_yields.has(index) {
                    group.steps_back_for = group.steps_back_for.with(*other);
                }
            }
        }
        let order = in_order(&ordered)?;
        Ok(Self { groups: ordered, order })
    }

    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    pub(super) fn place(&self, name: &Name) -> Option<usize> {
        self.groups.iter().position(|group| group.name == *name)
    }

    /// Which of the groups that have a rule for a line keep it.
    pub(super) fn standing(&self, present: Places) -> Places {
        let mut standing = Places::NONE;
        for place in &self.order {
            let steps_back = self.groups.get(*place).is_some_and(|group| group.steps_back_for.meet(standing).any());
            if present.has(*place) && !steps_back {
                standing = standing.with(*place);
            }
        }
        standing
    }

    /// Why a rule of a group, or of none, is out where these groups stand.
    pub(super) fn out(&self, group: Option<usize>, standing: Places) -> Option<Lost> {
        let name = |place: usize| self.groups.get(place).map(|group| group.name.clone());
        match group.and_then(|place| self.groups.get(place)) {
            None => {
                let alone = self
                    .groups
                    .iter()
                    .enumerate()
                    .find(|(place, group)| group.beside == Beside::Nothing && standing.has(*place));
                alone.map(|(_, group)| Lost::ExcludedBy { group: group.name.clone() })
            }
            Some(own) => match own.yields_to.meet(standing).first() {
                Some(before) => name(before).map(|group| Lost::YieldsTo { group }),
                None => {
                    let before = own.steps_back_for.meet(standing).first()?;
                    name(before).map(|group| Lost::ExcludedBy { group })
                }
            },
        }
    }
}

/// An order in which each group comes after those before which it steps back, or the circle.
fn in_order(groups: &[Ordered]) -> Result<Vec<usize>, PricingError> {
    let (mut order, mut done) = (Vec::with_capacity(groups.len()), Places::NONE);
    while order.len() < groups.len() {
        let next = groups
            .iter()
            .enumerate()
            .find(|(place, group)| !done.has(*place) && group.steps_back_for.meet(done) == group.steps_back_for);
        let Some((place, _)) = next else {
            return Err(PricingError::CyclicGroups { cycle: circle(groups, done) });
        };
        order.push(place);
        done = done.with(place);
    }
    Ok(order)
}

/// The circle in what is left, `a → b → a`: every group there steps back before another one there.
fn circle(groups: &[Ordered], done: Places) -> String {
    let mut walked: Vec<usize> = Vec::new();
    let mut place = groups.iter().enumerate().map(|(place, _)| place).find(|place| !done.has(*place));
    while let Some(here) = place.filter(|here| !walked.contains(here)) {
        walked.push(here);
        place = groups.get(here).and_then(|group| group.steps_back_for.without(done).first());
    }
    let round = walked.iter().skip_while(|walked| Some(**walked) != place).copied().chain(place);
    let names: Vec<&str> = round.filter_map(|place| groups.get(place)).map(|group| group.name.as_str()).collect();
    names.join(" → ")
}

impl Places {
    pub(super) const NONE: Self = Self(0);

    pub(super) fn with(self, place: usize) -> Self {
        Self(self.0 | Self::bit(place))
    }

    pub(super) fn has(self, place: usize) -> bool {
        self.0 & Self::bit(place) != 0
    }

    const fn meet(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    const fn any(self) -> bool {
        self.0 != 0
    }

    fn first(self) -> Option<usize> {
        self.any().then(|| usize::try_from(self.0.trailing_zeros()).unwrap_or_default())
    }

    fn bit(place: usize) -> u64 {
        u32::try_from(place).ok().and_then(|place| 1_u64.checked_shl(place)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        text.parse().unwrap()
    }

    /// Groups written as `a > b c` (a yields to b and c), `a!` for one with nothing beside it.
    fn groups(rows: &[&str]) -> Result<Groups, PricingError> {
        let group = |row: &&str| {
            let (head, tail) = row.split_once(" > ").unwrap_or((row, ""));
            let group = tail
                .split_whitespace()
                .fold(Group::new(name(head.trim_end_matches('!'))), |group, other| group.yielding_to(name(other)));
            if head.ends_with('!') { group.alone() } else { group }
        };
        Groups::new(&rows.iter().map(group).collect::<Vec<_>>())
    }

    fn standing(groups: &Groups, present: &str) -> String {
        let present =
            present.split(' ').fold(Places::NONE, |places, text| places.with(groups.place(&name(text)).unwrap()));
        let standing = groups.standing(present);
        let names = groups.groups.iter().enumerate().filter(|(place, _)| standing.has(*place));
        names.map(|(_, group)| group.name.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_group_steps_back_only_before_one_that_stands() {
        let groups = groups(&["a > b", "b > c", "c"]).unwrap();
        assert_eq!(standing(&groups, "a b"), "b");
        assert_eq!(standing(&groups, "a c"), "a c");
        assert_eq!(standing(&groups, "a b c"), "a c"); // b is out, so a stays
    }

    #[test]
    fn nothing_stands_beside_one_that_suffers_none() {
        let groups = groups(&["a", "v! > c", "c"]).unwrap();
        assert_eq!(standing(&groups, "a v"), "v");
        assert_eq!(standing(&groups, "v c"), "c");
        assert_eq!(standing(&groups, "a v c"), "a c");
        let out = |group: &str, present: &str| {
            let present = groups.standing(
                present.split(' ').fold(Places::NONE, |places, text| places.with(groups.place(&name(text)).unwrap())),
            );
            groups.out(groups.place(&name(group)), present)
        };
        assert_eq!(out("a", "a v"), Some(Lost::ExcludedBy { group: name("v") }));
        assert_eq!(out("v", "v c"), Some(Lost::YieldsTo { group: name("c") }));
        assert_eq!(out("none", "v"), Some(Lost::ExcludedBy { group: name("v") }));
        assert_eq!(out("none", "a c"), None);
    }

    #[test]
    fn a_circle_is_named() {
        let circle = |rows: &[&str]| match groups(rows) {
            Err(PricingError::CyclicGroups { cycle }) => cycle,
            other => panic!("{other:?}"),
        };
        assert_eq!(circle(&["a > a"]), "a → a");
        assert_eq!(circle(&["x > a", "a > b", "b > c", "c > a"]), "a → b → c → a");
        assert_eq!(circle(&["v!", "w!"]), "v → w → v");
        // what a group that suffers none yields to is no circle, but what that one yields to is
        assert!(groups(&["v! > a", "a"]).is_ok());
        assert_eq!(circle(&["v! > a", "a > b", "b"]), "v → a → b → v");
        assert!(groups(&["v! > a b", "a > b", "b"]).is_ok());
    }

    #[test]
    fn names_are_known_and_stand_once() {
        assert_eq!(groups(&["a > b"]).unwrap_err().code(), "pricing.unknown_group");
        assert_eq!(groups(&["a", "a"]).unwrap_err().code(), "pricing.discount_name_twice");
        let many = |count: usize| (0..count).map(|index| Group::new(name(&format!("g{index}")))).collect::<Vec<_>>();
        assert!(Groups::new(&many(64)).is_ok());
        assert_eq!(Groups::new(&many(65)).unwrap_err().code(), "pricing.too_many_groups");
        // the last of them yields to all others
        let mut longest = many(64);
        let others: Vec<Name> = longest.iter().take(63).map(|group| group.name.clone()).collect();
        longest[63].yields_to = others;
        let groups = Groups::new(&longest).unwrap();
        assert_eq!(standing(&groups, "g63"), "g63");
        assert_eq!(standing(&groups, "g62 g63"), "g62");
    }
}
