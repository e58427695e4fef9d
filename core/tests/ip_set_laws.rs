//! Laws of sets of 32 and of 128 bits, at both ends of the family too.

#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

use counterfoil::ipam::{
    Address, Interval, IpSet, Ipv4, Ipv6, LookupTable, Overlaps, PlanDiff, Prefix, PrefixLen, Range, Size,
};
use proptest::{collection::vec, prelude::*};

/// Addresses near both ends, near each other, and anywhere.
fn address<A: Address>() -> impl Strategy<Value = A> {
    let of = |bits: u128| A::from_bits(bits & A::LAST.to_bits()).unwrap();
    prop_oneof![
        (0..40_u128).prop_map(of),
        (0..40_u128).prop_map(move |below| of(A::LAST.to_bits() - below)),
        (0..4_000_u128).prop_map(move |above| of(A::LAST.to_bits() / 2 - 2_000 + above)),
        any::<u128>().prop_map(of),
    ]
}

fn interval<A: Address>() -> impl Strategy<Value = Interval<A>> {
    (address::<A>(), prop_oneof![address::<A>().prop_map(Some), Just(None)], 0..300_u128).prop_map(
        |(one, other, more)| {
            let other = other.unwrap_or_else(|| one.plus(more).unwrap_or(A::LAST));
            Interval::new(one.min(other), one.max(other)).unwrap()
        },
    )
}

fn prefix<A: Address>() -> impl Strategy<Value = Prefix<A>> {
    (address::<A>(), 0..=A::WIDTH)
        .prop_map(|(address, bits)| Prefix::containing(address, PrefixLen::new(bits).unwrap()))
}

fn intervals<A: Address>() -> impl Strategy<Value = Vec<Interval<A>>> {
    vec(interval(), 0..24)
}

fn is_canonical<A: Address>(set: &IpSet<A>) -> bool {
    let apart = |pair: &[Interval<A>; 2]| pair[0].last().next().is_some_and(|after| after < pair[1].first());
    set.intervals().array_windows().all(apart)
}

/// The addresses at which anything can change: at and around every end.
fn probes<A: Address>(of: &[&[Interval<A>]]) -> Vec<A> {
    let ends = of.iter().copied().flatten().flat_map(|each| [each.first(), each.last()]);
    let around = ends.flat_map(|end| [end.previous(), Some(end), end.next()]);
    around.flatten().chain([A::FIRST, A::LAST]).collect()
}

fn set_laws<A: Address>(left: Vec<Interval<A>>, right: Vec<Interval<A>>) {
    let (a, b): (IpSet<A>, IpSet<A>) = (left.iter().copied().collect(), right.iter().copied().collect());
    let within = |rows: &[Interval<A>], at: A| rows.iter().any(|each| each.contains(at));
    for at in probes(&[&left, &right]) {
        let (in_a, in_b) = (within(&left, at), within(&right, at));
        assert_eq!((a.contains(at), b.contains(at)), (in_a, in_b));
        assert_eq!(a.union(&b).contains(at), in_a || in_b);
        assert_eq!(a.intersection(&b).contains(at), in_a && in_b);
        assert_eq!(a.difference(&b).contains(at), in_a && !in_b);
        assert_eq!(a.symmetric_difference(&b).contains(at), in_a != in_b);
        assert_eq!(a.complement().contains(at), !in_a);
    }
    let sets =
        [a.union(&b), a.intersection(&b), a.difference(&b), a.symmetric_difference(&b), a.complement(), a.clone()];
    assert!(sets.iter().all(is_canonical));
    assert_eq!(a.complement().complement(), a);
    assert_eq!(a.union(&b).complement(), a.complement().intersection(&b.complement()));
    // Conserved: the parts add up to the whole.
    let sum = |parts: [&IpSet<A>; 3]| parts.iter().try_fold(Size::ZERO, |sum, part| sum.plus(part.size())).unwrap();
    assert_eq!(sum([&a.difference(&b), &a.intersection(&b), &b.difference(&a)]), a.union(&b).size());
    assert_eq!(sum([&a, &a.complement(), &IpSet::EMPTY]), PrefixLen::<A>::WHOLE.block_size());
    // The same however it is built.
    let mut one_by_one = IpSet::EMPTY;
    left.iter().for_each(|each| one_by_one.insert(*each));
    assert_eq!(one_by_one, a);
    right.iter().for_each(|each| one_by_one.remove(*each));
    assert_eq!(one_by_one, a.difference(&b));
    assert_eq!(left.iter().rev().copied().collect::<IpSet<A>>(), a);
    assert_eq!(a.cidrs().collect::<IpSet<A>>(), a);
}

fn cidr_laws<A: Address>(interval: Interval<A>) {
    let cidrs: Vec<Prefix<A>> = interval.cidrs().collect();
    assert_eq!((cidrs.first().unwrap().first(), cidrs.last().unwrap().last()), (interval.first(), interval.last()));
    assert!(cidrs.array_windows().all(|[left, right]| left.interval().precedes(right.interval())));
    // No two of them are the halves of one network, and the sizes grow and then shrink: none can be spared.
    let joined = |left: &Prefix<A>, right: &Prefix<A>| {
        let parent = left.length().shorter(1).map(|length| left.supernet(length).unwrap());
        parent.and_then(Prefix::halves) == Some((*left, *right))
    };
    assert!(!cidrs.array_windows().any(|[left, right]| joined(left, right)));
    assert_eq!(interval.cidrs().len(), cidrs.len());
    assert!(cidrs.len() <= 2 * usize::from(A::WIDTH) - 2);
    let mut backwards: Vec<Prefix<A>> = interval.cidrs().rev().collect();
    backwards.reverse();
    assert_eq!(backwards, cidrs);
    let size = cidrs.iter().try_fold(Size::ZERO, |sum, prefix| sum.plus(prefix.size())).unwrap();
    assert_eq!(size, interval.size());
}

fn lookup_laws<A: Address>(mut prefixes: Vec<Prefix<A>>) {
    prefixes.sort();
    prefixes.dedup();
    let table = LookupTable::new(prefixes.iter().copied().zip(0_usize..)).unwrap();
    let ends: Vec<Interval<A>> = prefixes.iter().map(|prefix| prefix.interval()).collect();
    for address in probes(&[&ends]) {
        let mut expected: Vec<usize> = (0..prefixes.len()).filter(|at| prefixes[*at].contains(address)).collect();
        expected.sort_by_key(|at| std::cmp::Reverse(prefixes[*at].length()));
        assert_eq!(table.matches(address).map(|found| *found.value()).collect::<Vec<_>>(), expected);
        assert_eq!(table.longest_match(address).map(|found| *found.value()), expected.first().copied());
    }
}

fn overlap_laws<A: Address>(rows: Vec<Interval<A>>) {
    let overlaps = Overlaps::among(rows.iter().copied());
    let mut found: Vec<(usize, usize)> =
        overlaps.pairs().map(|pair| (pair.earlier.min(pair.later), pair.earlier.max(pair.later))).collect();
    found.sort_unstable();
    let pairs = (0..rows.len()).flat_map(|one| (one + 1..rows.len()).map(move |other| (one, other)));
    let expected: Vec<(usize, usize)> = pairs.filter(|(one, other)| rows[*one].overlaps(rows[*other])).collect();
    assert_eq!(found, expected);
    assert_eq!(overlaps.count(), expected.len() as u128);
}

fn diff_laws<A: Address>(old: Vec<Interval<A>>, new: Vec<Interval<A>>) {
    let plan = |rows: &[Interval<A>]| {
        let mut plan: Vec<Range<A>> =
            rows.iter().map(|each| Range::new(*each, each.tightest_length()).unwrap()).collect();
        plan.sort();
        plan.dedup();
        plan
    };
    let (old, new) = (plan(&old), plan(&new));
    let diff = PlanDiff::between(&old, &new).unwrap();
    assert_eq!(diff.apply(&old).unwrap(), new);
    assert_eq!(diff.reversed().apply(&new).unwrap(), old);
}

macro_rules! laws {
    ($($family:ident in $module:ident),*) => { $(mod $module {
        use super::*;
        proptest! {
            #[test]
            fn sets_are_what_their_addresses_say(left in intervals::<$family>(), right in intervals::<$family>()) {
                set_laws(left, right);
            }

            #[test]
            fn cidrs_are_exact_and_the_fewest(interval in interval::<$family>()) {
                cidr_laws(interval);
            }

            #[test]
            fn lookup_is_a_scan(prefixes in vec(prefix::<$family>(), 0..40)) {
                lookup_laws(prefixes);
            }

            #[test]
            fn overlaps_are_all_pairs(rows in intervals::<$family>()) {
                overlap_laws(rows);
            }

            #[test]
            fn a_diff_leads_there_and_back(old in intervals::<$family>(), new in intervals::<$family>()) {
                diff_laws(old, new);
            }

            #[test]
            fn an_aggregate_is_that_of_its_set(prefixes in vec(prefix::<$family>(), 0..60)) {
                let aggregate = IpSet::aggregate(&prefixes);
                prop_assert!(aggregate.len() <= prefixes.len());
                prop_assert_eq!(aggregate, prefixes.into_iter().collect::<IpSet<_>>().cidrs().collect::<Vec<_>>());
            }
        }
    })* };
}
laws!(Ipv4 in ipv4, Ipv6 in ipv6);

#[test]
fn the_most_prefixes_of_an_interval() {
    let inner = |last: u128| Interval::new(Ipv6::new(1), Ipv6::new(last - 1)).unwrap();
    assert_eq!(inner(u128::MAX).cidrs().len(), 254);
    let inner: Interval<Ipv4> = "0.0.0.1-255.255.255.254".parse().unwrap();
    assert_eq!(inner.cidrs().len(), 62);
    assert_eq!(Interval::<Ipv6>::WHOLE.cidrs().map(|prefix| prefix.to_string()).collect::<Vec<_>>(), ["::/0"]);
    assert_eq!(IpSet::<Ipv6>::whole().size(), Size::WHOLE);
    assert_eq!(IpSet::<Ipv6>::whole().complement(), IpSet::EMPTY);
}

#[test]
fn many_are_sorted_by_digits_and_come_to_the_same() {
    // More than the fewest that are sorted by digits, in an order that is none.
    let scattered = (0..5_000_u32).map(|at| Ipv4::new(at.wrapping_mul(2_654_435_761)));
    let rows: Vec<Interval<Ipv4>> =
        scattered.map(|first| Interval::new(first, first.plus(99_999).unwrap_or(Ipv4::LAST)).unwrap()).collect();
    let set: IpSet<Ipv4> = rows.iter().copied().collect();
    let mut sorted = rows.clone();
    sorted.sort();
    assert_eq!(sorted.into_iter().collect::<IpSet<Ipv4>>(), set);
    let mut one_by_one = IpSet::EMPTY;
    rows.iter().for_each(|each| one_by_one.insert(*each));
    assert_eq!(one_by_one, set);
}
