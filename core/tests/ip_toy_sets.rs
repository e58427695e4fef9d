//! Sets of a family of 256 addresses, tried against bitmaps: every interval, and every pair of a rich family of sets.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test: a fault must stop it"
)]

use counterfoil::ipam::{
    Address, Interval, IpSet, LookupTable, Overlaps, PlanDiff, Prefix, PrefixLen, Range, RangeTree, Toy,
};

/// A set, address by address: the slow and obvious model.
type Bitmap = [bool; 256];

fn toy(address: usize) -> Toy {
    Toy::new(u8::try_from(address).unwrap())
}

fn interval(first: usize, last: usize) -> Interval<Toy> {
    Interval::new(toy(first), toy(last)).unwrap()
}

fn every_interval() -> impl Iterator<Item = Interval<Toy>> {
    (0..256).flat_map(|first| (first..256).map(move |last| interval(first, last)))
}

fn every_prefix() -> Vec<Prefix<Toy>> {
    let lengths = (0..=8).map(|bits| PrefixLen::new(bits).unwrap());
    lengths
        .flat_map(|length| (0..256).map(move |address| (address, length)))
        .filter_map(|(address, length)| Prefix::new(toy(address), length).ok())
        .collect()
}

fn place(address: Toy) -> usize {
    address.get().into()
}

fn bitmap(intervals: impl IntoIterator<Item = Interval<Toy>>) -> Bitmap {
    let mut bitmap = [false; 256];
    for interval in intervals {
        bitmap[place(interval.first())..=place(interval.last())].fill(true);
    }
    bitmap
}

fn of_set(set: &IpSet<Toy>) -> Bitmap {
    bitmap(set.intervals().iter().copied())
}

/// The maximal runs of a bitmap.
fn runs(bitmap: &Bitmap) -> Vec<Interval<Toy>> {
    let begins = |at: usize| bitmap[at] && (at == 0 || !bitmap[at - 1]);
    let end = |at: usize| (at..256).take_while(|at| bitmap[*at]).last().unwrap();
    (0..256).filter(|at| begins(*at)).map(|at| interval(at, end(at))).collect()
}

/// The fewest prefixes of a bitmap: those all of whose addresses are in it, and whose parent's are not.
fn fewest(bitmap: &Bitmap, prefixes: &[Prefix<Toy>]) -> Vec<Prefix<Toy>> {
    let full = |prefix: Prefix<Toy>| (place(prefix.first())..=place(prefix.last())).all(|at| bitmap[at]);
    let parent = |prefix: Prefix<Toy>| Some(prefix.supernet(prefix.length().shorter(1)?).unwrap());
    let mut fewest: Vec<Prefix<Toy>> =
        prefixes.iter().copied().filter(|each| full(*each) && !parent(*each).is_some_and(full)).collect();
    fewest.sort();
    fewest
}

/// Numbers without a pattern, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn interval(&mut self, longest: usize) -> Interval<Toy> {
        let first = self.below(256);
        interval(first, (first + self.below(longest)).min(255))
    }
}

/// Sets at both ends, dense, sparse and scattered, and all with few intervals on a coarse grid.
fn family() -> Vec<IpSet<Toy>> {
    let mut numbers = Numbers(7);
    let mut sets = vec![IpSet::EMPTY, IpSet::whole()];
    let grid = [0, 1, 63, 64, 128, 191, 254, 255];
    for (at, first) in grid.iter().enumerate() {
        sets.extend(grid[at..].iter().map(|last| IpSet::from(interval(*first, *last))));
    }
    sets.push((0..128).map(|at| interval(2 * at, 2 * at)).collect());
    sets.push((0..128).map(|at| interval(2 * at + 1, 2 * at + 1)).collect());
    for longest in [1, 2, 5, 20, 90] {
        for count in [2, 3, 8, 25, 60] {
            sets.extend((0..6).map(|_| (0..count).map(|_| numbers.interval(longest)).collect::<IpSet<Toy>>()));
        }
    }
    sets
}

#[test]
fn every_interval_is_cut_into_the_fewest_prefixes() {
    let prefixes = every_prefix();
    let mut most = 0;
    for interval in every_interval() {
        let expected = fewest(&bitmap([interval]), &prefixes);
        let cidrs: Vec<Prefix<Toy>> = interval.cidrs().collect();
        assert_eq!(cidrs, expected, "{interval}");
        assert_eq!(interval.cidrs().len(), expected.len());
        let mut backwards: Vec<Prefix<Toy>> = interval.cidrs().rev().collect();
        backwards.reverse();
        assert_eq!(backwards, expected, "{interval}");
        let mut folded = Vec::new();
        interval.cidrs().for_each(|prefix| folded.push(prefix));
        assert_eq!(folded, expected);
        most = most.max(expected.len());
    }
    assert_eq!(most, 2 * 8 - 2);
}

#[test]
fn both_ends_of_every_interval_meet_anywhere() {
    for interval in every_interval().step_by(7) {
        let all: Vec<Prefix<Toy>> = interval.cidrs().collect();
        for from_front in 0..=all.len() {
            let mut cidrs = interval.cidrs();
            let front: Vec<Prefix<Toy>> = cidrs.by_ref().take(from_front).collect();
            assert_eq!(cidrs.len(), all.len() - from_front);
            let mut back: Vec<Prefix<Toy>> = cidrs.by_ref().rev().collect();
            back.reverse();
            assert_eq!([front, back].concat(), all);
            assert_eq!((cidrs.next(), cidrs.next_back(), cidrs.len()), (None, None, 0));
        }
    }
}

#[test]
fn every_set_of_the_family_is_its_maximal_runs() {
    let prefixes = every_prefix();
    for set in family() {
        let bits = of_set(&set);
        assert_eq!(set.intervals(), runs(&bits));
        assert_eq!(set.size().to_u128(), Some(bits.iter().filter(|bit| **bit).count() as u128));
        let expected = fewest(&bits, &prefixes);
        assert_eq!(set.cidrs().collect::<Vec<_>>(), expected);
        assert_eq!(set.cidrs().len(), expected.len());
        let mut backwards: Vec<Prefix<Toy>> = set.cidrs().rev().collect();
        backwards.reverse();
        assert_eq!(backwards, expected);
        // Both ends at once, a step from each in turn.
        let (mut cidrs, mut front, mut back) = (set.cidrs(), Vec::new(), Vec::new());
        while let Some(prefix) = cidrs.next() {
            front.push(prefix);
            back.extend(cidrs.next_back());
            assert_eq!(cidrs.len(), expected.len() - front.len() - back.len());
        }
        back.reverse();
        assert_eq!([front, back].concat(), expected);
        assert_eq!(set.to_cidrs(expected.len()).unwrap(), expected);
        if let Some(limit) = expected.len().checked_sub(1) {
            assert_eq!(set.to_cidrs(limit).unwrap_err().code(), "ipam.too_many_prefixes");
        }
        // Built again of its prefixes in any order, it is the same.
        let mut numbers = Numbers(3);
        let mut shuffled = expected.clone();
        for at in (1..shuffled.len()).rev() {
            shuffled.swap(at, numbers.below(at + 1));
        }
        assert_eq!(shuffled.iter().copied().collect::<IpSet<Toy>>(), set);
        assert_eq!(IpSet::aggregate(&shuffled), expected);
    }
}

#[test]
fn membership_is_that_of_the_bitmap() {
    for set in family().into_iter().step_by(7) {
        let bits = of_set(&set);
        for (at, inside) in bits.iter().enumerate() {
            assert_eq!(set.contains(toy(at)), *inside);
        }
        for each in every_interval().step_by(11) {
            let inside = &bits[place(each.first())..=place(each.last())];
            assert_eq!(set.covers(each), inside.iter().all(|bit| *bit), "{set} {each}");
            assert_eq!(set.overlaps(each), inside.iter().any(|bit| *bit), "{set} {each}");
        }
    }
}

#[test]
fn all_pairs_combine_as_bitmaps_do() {
    let sets = family();
    assert_eq!(sets.len(), 190);
    for left in &sets {
        for right in &sets {
            let (a, b) = (of_set(left), of_set(right));
            let by = |keep: fn(bool, bool) -> bool| -> Bitmap { std::array::from_fn(|at| keep(a[at], b[at])) };
            let is = |set: IpSet<Toy>, expected: Bitmap| {
                assert_eq!(set.intervals(), runs(&expected), "{left} {right}");
            };
            is(left.union(right), by(|a, b| a || b));
            is(left.intersection(right), by(|a, b| a && b));
            is(left.difference(right), by(|a, b| a && !b));
            is(left.symmetric_difference(right), by(|a, b| a != b));
            assert_eq!(left.is_superset(right), by(|a, b| b && !a) == [false; 256], "{left} {right}");
            assert_eq!(left.is_disjoint(right), by(|a, b| a && b) == [false; 256], "{left} {right}");
        }
        let complement: Bitmap = std::array::from_fn(|at| !of_set(left)[at]);
        assert_eq!(left.complement().intervals(), runs(&complement));
    }
}

#[test]
fn the_laws_of_sets_hold() {
    let sets = family();
    for a in sets.iter().step_by(2) {
        assert_eq!(a.complement().complement(), *a);
        assert!(a.union(&a.complement()) == IpSet::whole() && a.intersection(&a.complement()).is_empty());
        for b in sets.iter().step_by(3) {
            assert_eq!(a.union(b).complement(), a.complement().intersection(&b.complement()));
            assert_eq!(a.intersection(b).complement(), a.complement().union(&b.complement()));
            assert_eq!(a.difference(b), a.intersection(&b.complement()));
            assert_eq!(a.symmetric_difference(b), a.union(b).difference(&a.intersection(b)));
            for c in sets.iter().step_by(17) {
                let either = a.intersection(b).union(&a.intersection(c));
                assert_eq!(a.intersection(&b.union(c)), either);
            }
        }
    }
}

#[test]
fn free_space_and_strays_add_up_to_both() {
    for used in family().into_iter().step_by(2) {
        for parent in every_interval().step_by(127) {
            let space = used.free_within(parent);
            let (used, parent) = (of_set(&used), bitmap([parent]));
            let free: Bitmap = std::array::from_fn(|at| parent[at] && !used[at]);
            let stray: Bitmap = std::array::from_fn(|at| used[at] && !parent[at]);
            assert_eq!((of_set(&space.free), of_set(&space.stray)), (free, stray));
        }
    }
}

#[test]
fn one_interval_more_or_less_is_a_union_or_a_difference() {
    for set in family().into_iter().step_by(5) {
        for each in every_interval().step_by(29) {
            let (mut more, mut less) = (set.clone(), set.clone());
            more.insert(each);
            less.remove(each);
            assert_eq!(more, set.union(&each.into()), "{set} {each}");
            assert_eq!(less, set.difference(&each.into()), "{set} {each}");
        }
    }
}

#[test]
fn the_longest_match_is_that_of_a_scan() {
    let prefixes = every_prefix();
    let mut numbers = Numbers(11);
    for count in (0..60).chain([200, prefixes.len()]) {
        let mut table: Vec<Prefix<Toy>> = prefixes.clone();
        while table.len() > count {
            table.swap_remove(numbers.below(table.len()));
        }
        let lookup = LookupTable::new(table.iter().map(|prefix| (*prefix, prefix.to_string()))).unwrap();
        assert_eq!((lookup.len(), lookup.iter().count()), (count, count));
        for address in (0..256).map(toy) {
            let mut expected: Vec<Prefix<Toy>> = table.iter().copied().filter(|each| each.contains(address)).collect();
            expected.sort_by_key(|prefix| std::cmp::Reverse(prefix.length()));
            let found: Vec<Prefix<Toy>> = lookup.matches(address).map(|found| found.prefix()).collect();
            assert_eq!(found, expected, "{address}");
            let longest = lookup.longest_match(address);
            assert_eq!(longest.map(|found| found.prefix()), expected.first().copied());
            assert!(lookup.matches(address).all(|found| *found.value() == found.prefix().to_string()));
        }
    }
}

#[test]
fn overlaps_are_those_of_all_pairs_compared() {
    let mut numbers = Numbers(5);
    for round in 0..600 {
        let count = numbers.below(40);
        let longest = [1, 3, 20, 256][round % 4];
        let rows: Vec<Interval<Toy>> = (0..count).map(|_| numbers.interval(longest)).collect();
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|at| rows[*at].first());
        let mut expected = Vec::new();
        for (at, earlier) in order.iter().enumerate() {
            for later in &order[at + 1..] {
                expected.extend(rows[*earlier].overlap(rows[*later]).map(|shared| (*earlier, *later, shared)));
            }
        }
        let overlaps = Overlaps::among(rows.iter().copied());
        let found: Vec<_> = overlaps.pairs().map(|pair| (pair.earlier, pair.later, pair.shared)).collect();
        assert_eq!(found, expected);
        assert_eq!(overlaps.count(), expected.len() as u128);
        assert_eq!(overlaps.first(), overlaps.pairs().next());
        assert_eq!(overlaps.any(), !expected.is_empty());
    }
}

fn labelled(interval: Interval<Toy>) -> Range<Toy> {
    Range::new(interval, interval.tightest_length()).unwrap()
}

#[test]
fn a_tree_is_that_of_all_pairs_compared() {
    let mut numbers = Numbers(23);
    for round in 0..600 {
        let count = numbers.below(40);
        let longest = [1, 8, 60, 256][round % 4];
        let rows: Vec<Range<Toy>> = (0..count).map(|_| labelled(numbers.interval(longest))).collect();
        let tree = RangeTree::new(rows.iter().copied());
        let nodes = tree.nodes();
        assert_eq!(nodes.len(), count);
        let mut seen: Vec<usize> = nodes.iter().map(|node| node.row()).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..count).collect::<Vec<_>>());
        let covers =
            |above: usize, below: usize| nodes[above].range().interval().covers(nodes[below].range().interval());
        for (place, node) in nodes.iter().enumerate() {
            assert_eq!(node.range(), rows[node.row()]);
            // The nearest before it that has all of it.
            assert_eq!(node.parent(), (0..place).rev().find(|above| covers(*above, place)));
            let ancestors: Vec<_> = tree.ancestors(place).collect();
            assert_eq!(
                (ancestors.len(), ancestors.first().copied()),
                (node.depth(), node.parent().map(|at| &nodes[at]))
            );
            let children: Vec<_> = nodes.iter().filter(|each| each.parent() == Some(place)).collect();
            assert_eq!(tree.children(place).collect::<Vec<_>>(), children);
            let below: Vec<_> =
                (place + 1..count).filter(|at| tree.ancestors(*at).any(|each| std::ptr::eq(each, node))).collect();
            assert_eq!(tree.descendants(place).len(), below.len());
            // One that any later one cuts, and only such a one, is told with the first of them.
            let cut = (place + 1..count).find(|later| {
                !covers(place, *later) && node.range().interval().overlaps(nodes[*later].range().interval())
            });
            let told = tree.crossings().find(|[earlier, _]| std::ptr::eq(*earlier, node));
            assert_eq!(told.map(|[_, later]| later), cut.map(|later| &nodes[later]));
        }
        let roots: Vec<_> = nodes.iter().filter(|node| node.parent().is_none()).collect();
        assert_eq!(tree.roots().collect::<Vec<_>>(), roots);
        let mut ends: Vec<_> = rows.iter().map(|row| row.interval()).collect();
        ends.sort();
        let all = ends.len();
        ends.dedup();
        assert_eq!(tree.duplicates().count(), all - ends.len());
    }
}

#[test]
fn a_diff_applied_to_the_old_plan_is_the_new_one() {
    let mut numbers = Numbers(41);
    let mut plan = || -> Vec<Range<Toy>> {
        let count = numbers.below(30);
        let mut plan: Vec<Range<Toy>> = (0..count)
            .map(|_| {
                let interval = numbers.interval(4);
                let length = numbers.below(usize::from(interval.tightest_length().get()) + 1);
                Range::new(interval, PrefixLen::new(length as u8).unwrap()).unwrap()
            })
            .collect();
        plan.sort();
        plan.dedup();
        plan
    };
    for _ in 0..600 {
        let (old, new) = (plan(), plan());
        let diff = PlanDiff::between(&old, &new).unwrap();
        assert_eq!(diff.apply(&old).unwrap(), new);
        let keep: Vec<_> = old.iter().copied().filter(|each| new.contains(each)).collect();
        let delete: Vec<_> = old.iter().copied().filter(|each| !new.contains(each)).collect();
        let create: Vec<_> = new.iter().copied().filter(|each| !old.contains(each)).collect();
        assert_eq!((diff.keep(), diff.delete(), diff.create()), (&keep[..], &delete[..], &create[..]));
        assert_eq!(diff.is_empty(), old == new);
        assert_eq!(diff.clone().reversed().apply(&new).unwrap(), old);
        assert_eq!(diff.clone().reversed(), PlanDiff::between(&new, &old).unwrap());
        if old != new {
            assert_eq!(diff.apply(&new).unwrap_err().code(), "ipam.plan_changed");
        }
    }
}

#[test]
fn the_family_has_both_ends() {
    assert!(family().iter().any(|set| set.contains(Toy::FIRST) && set.contains(Toy::LAST)));
}
