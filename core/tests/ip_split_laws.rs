//! Laws of splits, plans, minimal splits and merges (R-I3, R-I4, R-I5, R-I8), exhaustively over the family of
//! 8 bits and as properties at 32 and 128 bits, both ends of the space included.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "a test: a fault must stop it"
)]

use counterfoil::ipam::{
    Address, Interval, Ipv4, Ipv6, Merge, MiniSplitDiff, PlanDraft, PrefixLen, Range, Row, RowStatus, Size, Toy,
    UncheckedRange,
};
use proptest::{prelude::*, sample::Index};

const MOST_PIECES: u128 = 600;

fn length<A: Address>(bits: u8) -> PrefixLen<A> {
    PrefixLen::new(bits).unwrap()
}

fn add(size: Size, more: Size) -> Size {
    size.plus(more).unwrap()
}

/// A range anywhere: a network, and a part of it, with the ends of the space and full networks well represented.
fn ranges<A: Address>() -> impl Strategy<Value = Range<A>> {
    let bits = prop_oneof![3 => any::<u128>(), 1 => Just(0), 1 => Just(u128::MAX)];
    let part =
        prop_oneof![2 => any::<(u128, u128)>(), 1 => Just((0, u128::MAX)), 1 => any::<u128>().prop_map(|end| (0, end))];
    (bits, 0..=A::WIDTH, part).prop_map(|(bits, label, (low, high))| {
        let all_ones = A::LAST.to_bits();
        let address = |bits: u128| A::from_bits(bits & all_ones).unwrap();
        let label = length::<A>(label);
        let network = address(bits).network(label);
        let inside = |bits: u128| address(network.to_bits() | (bits & network.broadcast(label).to_bits()));
        let (one, other) = (inside(low), inside(high));
        let interval = Interval::new(one.min(other), one.max(other)).unwrap();
        Range::new(interval, label.min(interval.tightest_length())).unwrap()
    })
}

/// A range and a length of which it has few pieces.
fn few_pieces<A: Address>() -> impl Strategy<Value = (Range<A>, PrefixLen<A>)> {
    (ranges::<A>(), any::<Index>()).prop_map(|(range, pick)| {
        let few = |bits: &u8| range.split(length(*bits)).unwrap().pieces() <= Size::from(MOST_PIECES);
        let lengths: Vec<u8> = (range.length().get()..=A::WIDTH).filter(few).collect();
        (range, length(*pick.get(&lengths)))
    })
}

fn tiles<A: Address>(range: Range<A>, pieces: &[Range<A>]) {
    assert_eq!(pieces.first().map(|piece| piece.first()), Some(range.first()));
    assert_eq!(pieces.last().map(|piece| piece.last()), Some(range.last()));
    for pair in pieces.windows(2) {
        assert!(pair[0].interval().precedes(pair[1].interval()), "{} {}", pair[0], pair[1]);
    }
    assert_eq!(pieces.iter().fold(Size::ZERO, |size, piece| add(size, piece.size())), range.size());
}

fn split_tiles<A: Address>(range: Range<A>, of: PrefixLen<A>) {
    let split = range.split(of).unwrap();
    let pieces: Vec<Range<A>> = split.clone().collect();
    tiles(range, &pieces);
    assert_eq!(split.pieces(), Size::from(pieces.len() as u128));
    let inner = pieces.len().saturating_sub(1).max(1);
    assert!(pieces[1.min(pieces.len())..inner].iter().all(|piece| piece.is_full()), "only the ends are clipped");
    assert!(pieces.iter().all(|piece| piece.length() == of));
    // A piece is a range of its own right.
    assert!(pieces.iter().all(|piece| Range::new(piece.interval(), of) == Ok(*piece)));
}

/// What is far too much to walk through: pieces by their place, from both ends.
fn split_of_any_size<A: Address>(range: Range<A>, of: PrefixLen<A>, place: u128) {
    let split = range.split(of).unwrap();
    let count = split.pieces();
    let most = count.minus(Size::from(1)).unwrap().to_u128().unwrap();
    let place = place.min(most);
    let piece = split.piece(place).unwrap();
    assert_eq!(split.clone().starting_at(place).pieces(), count.minus(Size::from(place)).unwrap());
    assert_eq!(split.clone().starting_at(place).next(), Some(piece));
    let next = place.checked_add(1).and_then(|next| split.piece(next));
    assert_eq!(next.is_none(), place == most);
    if let Some(next) = next {
        assert!(piece.interval().precedes(next.interval()));
    }
    assert_eq!(split.piece(most), split.clone().next_back());
    assert_eq!(split.clone().last(), split.clone().next_back());
    let (before, after) = (Interval::new(range.first(), piece.last()), Interval::new(piece.first(), range.last()));
    // Both have the piece. Their sum may be more than 2^128.
    let without_piece = before.unwrap().size().minus(piece.size());
    assert_eq!(without_piece, range.size().minus(after.unwrap().size()));
    if let Ok(small) = usize::try_from(place) {
        assert_eq!(split.clone().nth(small), Some(piece));
        assert_eq!(
            split.clone().nth_back(small).map(|piece| piece.first()),
            split.piece(most - place).map(|piece| piece.first())
        );
    }
}

/// Taken from both ends in any order, each piece comes once.
fn ends_meet<A: Address>(range: Range<A>, of: PrefixLen<A>, turns: &[u8]) {
    let mut split = range.split(of).unwrap();
    let (mut front, mut back) = (Vec::new(), Vec::new());
    for turn in turns.iter().cycle().take(4 * MOST_PIECES as usize) {
        match turn % 4 {
            0 => front.extend(split.next()),
            1 => back.extend(split.next_back()),
            // `nth` drops what it skips: take it first.
            2 => {
                let skipped = split.clone().next();
                front.extend(skipped);
                front.extend(split.nth(1));
            }
            _ => {
                let skipped = split.clone().next_back();
                back.extend(skipped);
                back.extend(split.nth_back(1));
            }
        }
    }
    front.extend(split);
    back.reverse();
    front.extend(back);
    tiles(range, &front);
}

fn rows<A: Address>(pieces: impl Iterator<Item = Range<A>>) -> Vec<Row<A>> {
    let row = |(place, range)| Row { id: format!("r{place}"), range, status: RowStatus::Wait, asn: None, owner: None };
    pieces.enumerate().map(row).collect()
}

fn merge_is_the_inverse<A: Address>(range: Range<A>, of: PrefixLen<A>) {
    let rows = rows(range.split(of).unwrap());
    let ids: Vec<&str> = rows.iter().rev().map(|row| row.id.as_str()).collect();
    let merged = Merge { rows: &rows, ids: &ids, length: range.length().get() }.merge().unwrap();
    assert_eq!(merged.range(), range);
    assert_eq!(merged.unchanged().is_some(), of == range.length());
}

fn entries<A: Address>(pieces: impl IntoIterator<Item = Range<A>>) -> Vec<UncheckedRange<A>> {
    pieces.into_iter().map(UncheckedRange::from).collect()
}

/// All violations begin with the one of compat, and a plan with none is a plan.
fn compat_is_the_first<A: Address>(draft: PlanDraft<'_, A>) -> Option<&'static str> {
    let (all, first) = (draft.violations(), draft.check_in_portal_order().err());
    assert_eq!(all.first(), first.as_ref());
    match draft.check() {
        Ok(plan) => {
            assert!(all.is_empty());
            tiles(draft.parent, plan.ranges());
        }
        Err(violations) => assert_eq!(violations, all),
    }
    first.map(|violation| violation.code())
}

/// What is changed by one in a plan that holds.
#[derive(Debug, Clone, Copy)]
enum Mutation {
    First,
    Last,
    Shorter,
    TooLong,
    Swapped,
    Dropped,
    Twice,
}

const MUTATIONS: [Mutation; 7] = [
    Mutation::First,
    Mutation::Last,
    Mutation::Shorter,
    Mutation::TooLong,
    Mutation::Swapped,
    Mutation::Dropped,
    Mutation::Twice,
];

/// Any change of one entry that is a change is found, with its entry.
fn a_mutation_is_found<A: Address>(range: Range<A>, of: PrefixLen<A>, at: usize, mutation: Mutation) {
    let sound = entries(range.split(of).unwrap());
    assert_eq!(compat_is_the_first(PlanDraft::new(range, &sound)), None);
    let mut plan = sound.clone();
    let at = at % plan.len();
    let entry = &mut plan[at];
    let nearby = |address: A| address.next().or(address.previous()).unwrap();
    match mutation {
        Mutation::First => entry.first = nearby(entry.first),
        Mutation::Last => entry.last = nearby(entry.last),
        Mutation::Shorter if range.length().get() == 0 => return,
        Mutation::Shorter => entry.length = range.length().get() - 1,
        Mutation::TooLong => entry.length = A::WIDTH + 1,
        Mutation::Swapped => std::mem::swap(&mut entry.first, &mut entry.last),
        Mutation::Dropped => drop(plan.remove(at)),
        Mutation::Twice => plan.insert(at, sound[at]),
    }
    if plan == sound {
        return; // one address, swapped with itself
    }
    let code = compat_is_the_first(PlanDraft::new(range, &plan).with_limit(usize::MAX));
    let expected: &[&str] = match mutation {
        Mutation::First if at == 0 => &["ipam.plan_start"],
        Mutation::Last if at + 1 == plan.len() => &["ipam.plan_end"],
        Mutation::Shorter => &["ipam.plan_shorter"],
        Mutation::TooLong => &["ipam.plan_length"],
        Mutation::First | Mutation::Last => &["ipam.plan_reversed", "ipam.plan_not_contiguous"],
        Mutation::Dropped if plan.is_empty() => &["ipam.empty_plan"],
        Mutation::Swapped | Mutation::Dropped | Mutation::Twice => {
            &["ipam.plan_start", "ipam.plan_end", "ipam.plan_reversed", "ipam.plan_not_contiguous"]
        }
    };
    assert!(code.is_some_and(|code| expected.contains(&code)), "{mutation:?} at {at}: {code:?}");
}

fn mini_split_conserves<A: Address>(range: Range<A>, of: PrefixLen<A>, diff: MiniSplitDiff<A>) {
    let plan = range.mini_split(of, diff).unwrap();
    tiles(range, plan.ranges());
    assert_eq!(
        compat_is_the_first(PlanDraft::new(range, &entries(plan.ranges().iter().copied())).with_limit(2_000)),
        None
    );
    let most = (1_usize << diff.get()) + (1 << diff.get() >> 1) + 2 * usize::from(A::WIDTH);
    assert!(plan.ranges().len() <= most, "{} pieces", plan.ranges().len());
    // The first piece has the length that was asked for.
    assert_eq!(plan.ranges()[0].length(), of);
}

macro_rules! laws {
    ($family:ident, $address:ty) => {
        mod $family {
            use super::*;

            proptest! {
                #![proptest_config(ProptestConfig::with_cases(96))]

                #[test]
                fn a_split_tiles_its_range((range, of) in few_pieces::<$address>()) {
                    split_tiles(range, of);
                }

                #[test]
                fn a_split_of_any_size(range in ranges::<$address>(), pick in any::<Index>(), place in any::<u128>()) {
                    let lengths: Vec<u8> = (range.length().get()..=<$address>::WIDTH).collect();
                    let of = length(*pick.get(&lengths));
                    for place in [0, 1, place >> 64, place, u128::MAX] {
                        split_of_any_size(range, of, place);
                    }
                }

                #[test]
                fn both_ends_meet((range, of) in few_pieces::<$address>(), turns in prop::collection::vec(any::<u8>(), 1..20)) {
                    ends_meet(range, of, &turns);
                }

                #[test]
                fn merge_after_split_is_the_range((range, of) in few_pieces::<$address>()) {
                    merge_is_the_inverse(range, of);
                }

                #[test]
                fn a_plan_changed_by_one_is_found(
                    (range, of) in few_pieces::<$address>(),
                    at in any::<usize>(),
                    mutation in prop::sample::select(&MUTATIONS[..]),
                ) {
                    a_mutation_is_found(range, of, at, mutation);
                }

                #[test]
                fn compat_is_the_first_of_any_plan(
                    (range, of) in few_pieces::<$address>(),
                    changes in prop::collection::vec((any::<Index>(), 0..4_u8, any::<u8>()), 0..6),
                ) {
                    let mut plan = entries(range.split(of).unwrap());
                    for (at, field, by) in changes {
                        let entry = at.get(&plan);
                        let place = plan.iter().position(|known| known == entry).unwrap();
                        let entry = &mut plan[place];
                        match field {
                            0 => entry.first = entry.first.plus(by.into()).unwrap_or(entry.first),
                            1 => entry.last = entry.last.minus(by.into()).unwrap_or(entry.last),
                            2 => entry.length = by,
                            _ => std::mem::swap(&mut entry.first, &mut entry.last),
                        }
                    }
                    compat_is_the_first(PlanDraft::new(range, &plan).with_limit(usize::from(MOST_PIECES as u16)));
                }

                #[test]
                fn a_minimal_split_conserves(range in ranges::<$address>(), pick in any::<Index>(), diff in 1..=8_u8) {
                    let lengths: Vec<u8> = (range.length().get()..<$address>::WIDTH).map(|bits| bits + 1).collect();
                    prop_assume!(!lengths.is_empty());
                    mini_split_conserves(range, length(*pick.get(&lengths)), MiniSplitDiff::new(diff).unwrap());
                }
            }
        }
    };
}
laws!(ipv4, Ipv4);
laws!(ipv6, Ipv6);

/// Every interval of the family of 8 bits that begins at some addresses, with its tightest label.
fn toy_ranges() -> impl Iterator<Item = Range<Toy>> {
    let starts = [0, 1, 2, 3, 31, 64, 100, 127, 128, 129, 200, 254, 255];
    starts.into_iter().flat_map(|first: u8| {
        (first..=u8::MAX).map(move |last| {
            let interval = Interval::new(Toy::new(first), Toy::new(last)).unwrap();
            Range::new(interval, interval.tightest_length()).unwrap()
        })
    })
}

#[test]
fn merge_after_split_over_the_toy_family() {
    for range in toy_ranges() {
        for bits in range.length().get()..=8 {
            if bits < 7 || range.last().get() % 8 == 0 {
                merge_is_the_inverse(range, length(bits));
            }
        }
    }
}

#[test]
fn plans_changed_by_one_over_the_toy_family() {
    for range in toy_ranges() {
        for bits in [range.length().get(), 5.max(range.length().get())] {
            let pieces = range.split(length(bits)).unwrap().count();
            for at in [0, pieces / 2, pieces - 1] {
                for mutation in MUTATIONS {
                    a_mutation_is_found(range, length(bits), at, mutation);
                }
            }
        }
    }
}

#[test]
fn every_minimal_split_of_the_toy_family_conserves() {
    for range in toy_ranges() {
        for bits in range.length().get() + 1..=8 {
            for diff in 1..=8 {
                mini_split_conserves(range, length(bits), MiniSplitDiff::new(diff).unwrap());
            }
        }
    }
}

// R-I8: the compat answer is the first of all, whatever is wrong.
proptest! {
    #[test]
    fn the_first_of_all_violations_of_a_merge(
        parts in prop::collection::vec((0..40_u8, 0..9_u8, 0..3_usize, 0..2_u32, 0..2_u8), 0..6),
        asked in prop::collection::vec(0..8_u8, 0..6),
        new in 0..12_u8,
    ) {
        let mut rows: Vec<Row<Toy>> = Vec::new();
        let mut next = 0_u8;
        for (place, (gap, size, status, asn, owner)) in parts.into_iter().enumerate() {
            let first = next.saturating_add(gap.saturating_sub(30));
            let last = first.saturating_add(size);
            let interval = Interval::new(Toy::new(first), Toy::new(last)).unwrap();
            rows.push(Row {
                id: place.to_string(),
                range: Range::new(interval, interval.tightest_length()).unwrap(),
                status: RowStatus::ALL[status],
                asn: Some(asn),
                owner: (owner == 1).then(|| "x".to_owned()),
            });
            next = last.saturating_add(1);
        }
        let asked: Vec<String> = asked.iter().map(u8::to_string).collect();
        let ids: Vec<&str> = asked.iter().map(String::as_str).collect();
        let merge = Merge { rows: &rows, ids: &ids, length: new };
        let (all, first) = (merge.merge(), merge.merge_in_portal_order());
        match (all, first) {
            (Ok(all), Ok(first)) => prop_assert_eq!(all, first),
            (Err(all), Err(first)) if (1..=8).contains(&new) => prop_assert_eq!(&all[0], &first),
            (_, Err(first)) => prop_assert!((new == 0 || new > 8) && matches!(first.code(), "ipam.merge_length" | "ipam.empty_merge")),
            (all, first) => prop_assert!(false, "{:?} {:?}", all, first),
        }
    }
}
