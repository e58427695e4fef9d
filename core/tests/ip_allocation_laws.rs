//! Laws of splits, plans, minimal splits and merges (R-I3, R-I4, R-I5, R-I8), exhaustively over the family of
//! 8 bits and as properties at 32 and 128 bits, both ends of the space included.

#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test: a fault must stop it")]

use counterfoil::ipam::{
    Address, Interval, Ipv4, Ipv6, Merge, MiniSplitDiff, PlanDraft, PrefixLen, Range, Row, RowStatus, Size, Toy,
    UncheckedRange,
};
use proptest::{prelude::*, sample::Index};

const MOST_PIECES: u128 = 600;
//! R-I6 and R-I7 at 32 and 128 bits, at both ends of the space, and every policy in the 8-bit family against a list of slots.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

use counterfoil::ipam::{
    Address, Answer, Demand, Hosts, Interval, Ipv4, Ipv6, MinimalPlan, Placement, Policy, Pool, Prefix, PrefixLen,
    Purpose, Range, Request, Size, Toy,
    rfc3531::{Order, Sequence},
};
use proptest::prelude::*;
use std::collections::BTreeSet;

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
    assert_eq!(add(before.unwrap().size(), after.unwrap().size()), add(range.size(), piece.size()));
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
fn interval<A: Address>(one: u128, other: u128) -> Interval<A> {
    let address = |bits: u128| A::from_bits(bits & A::LAST.to_bits()).unwrap();
    let (one, other) = (address(one), address(other));
    Interval::new(one.min(other), one.max(other)).unwrap()
}

/// x_{i+1} = max(0, ⌈(d_i + x_i − a_i) / 2⌉), in wide and slow arithmetic.
fn splits_by_formula(free: &[u128], wanted: &[u128]) -> Option<i128> {
    let (mut split, mut sum) = (0_i128, 0_i128);
    for (free, wanted) in free.iter().zip(wanted) {
        sum += split;
        let lacking = i128::try_from(*wanted).unwrap() + split - i128::try_from(*free).unwrap();
        split = if lacking <= 0 { 0 } else { (lacking + 1) / 2 };
    }
    (split == 0).then_some(sum)
}

/// k units out of one block of 2^h leave popcount(2^h − k) pieces.
fn popcount_law<A: Address>(bits: u8, units: u8, k: u128) {
    let unit = length::<A>(bits + units);
    let network = Prefix::containing(A::LAST, length::<A>(bits));
    let whole = Size::power_of_two(units);
    let count = Size::from(k).min(whole);
    let plan = MinimalPlan::of(network.into(), &[Demand { length: unit, count }]).unwrap();
    assert_eq!(plan.wanted(), count);
    let left = whole.minus(count).unwrap();
    let popcount = left.to_u128().map_or(1, |left| left.count_ones().into());
    let rest = plan.pieces().minus(count).unwrap();
    // Where nothing is wanted the block stays as it is.
    assert_eq!(rest, Size::from(if k == 0 { 1 } else { popcount }), "{k} of 2^{units}");
}

/// A plan tiles its range, its full blocks are those wanted, and cutting elsewhere in the space is the same.
fn plan_laws<A: Address>(of: Interval<A>, wanted: &[(u8, u64)]) {
    let label = of.tightest_length();
    let range = Range::new(of, label).unwrap();
    let demands: Vec<Demand<A>> = wanted
        .iter()
        .map(|(longer, count)| Demand {
            length: length((label.get() + longer).min(A::WIDTH)),
            count: u128::from(*count).into(),
        })
        .collect();
    let asked: u128 = demands.iter().map(|demand| demand.count.to_u128().unwrap()).sum();
    let plan = match MinimalPlan::of(range, &demands) {
        Ok(plan) => plan,
        Err(error) => {
            assert_eq!(error.code(), "ipam.not_enough_room");
            return;
        }
    };
    assert_eq!(plan.wanted(), Size::from(asked));
    let runs = plan.runs();
    assert_eq!((runs[0].interval().first(), runs[runs.len() - 1].interval().last()), (of.first(), of.last()));
    assert!(runs.windows(2).all(|pair| pair[0].interval().precedes(pair[1].interval())));
    let sizes = runs.iter().fold(Size::ZERO, |sum, run| sum.plus(run.interval().size()).unwrap());
    assert_eq!(sizes, of.size());
    let mut places = BTreeSet::from([0]);
    if let Some(pieces) = plan.pieces().to_u128() {
        places.extend([pieces / 3, pieces / 2, pieces - 1]);
        assert_eq!(plan.piece(pieces), None);
    }
    for place in places {
        let piece = plan.piece(place).unwrap();
        assert!(piece.length() >= label && of.covers(piece.interval()));
    }
    for run in runs.iter().filter(|run| run.purpose() == Purpose::Wanted) {
        let slots = run.count().to_u128().unwrap();
        let size = run.length().block_size().to_u128().unwrap();
        assert_eq!(run.interval().size(), Size::from(slots * size));
        assert_eq!(run.interval().first().network(run.length()), run.interval().first());
    }
    // At the other end of the space, mirrored, it costs the same.
    let mirrored = interval::<A>(!of.last().to_bits(), !of.first().to_bits());
    let mirrored = MinimalPlan::of(Range::new(mirrored, label).unwrap(), &demands).unwrap();
    assert_eq!(mirrored.pieces(), plan.pieces());
    // What is asked for twice is asked for once with both counts.
    let doubled: Vec<Demand<A>> = demands.iter().chain(&demands).copied().collect();
    let once: Vec<Demand<A>> =
        demands.iter().map(|of| Demand { count: of.count.plus(of.count).unwrap(), ..*of }).collect();
    assert_eq!(MinimalPlan::of(range, &doubled), MinimalPlan::of(range, &once));
}

/// Free addresses as a set cut at every border that there is.
fn borders<A: Address>(intervals: impl Iterator<Item = Interval<A>>) -> Vec<Interval<A>> {
    let mut all: Vec<Interval<A>> = intervals.collect();
    all.sort();
    let mut joined: Vec<Interval<A>> = vec![];
    for next in all {
        match joined.last_mut() {
            Some(last) if last.precedes(next) => *last = Interval::new(last.first(), next.last()).unwrap(),
            _ => joined.push(next),
        }
    }
    joined
}

fn allocation_laws<A: Address>(
    network: Prefix<A>,
    used: &[Interval<A>],
    requests: &[Request<A>],
    placement: &Placement<A>,
) -> bool {
    let pool = Pool::within(network, used.iter().copied());
    let (fits, blocks) = match pool.try_out(requests, placement) {
        Ok(Answer::Fits(allocation)) => {
            let (blocks, after) = allocation.into_parts();
            assert_eq!(blocks.len(), requests.len());
            for (block, request) in blocks.iter().zip(requests) {
                assert_eq!(block.length(), request.length());
                assert!(pool.free().iter().any(|free| free.covers(block.interval())), "{block} is not free");
                assert!(matches!(request, Request::Any(_)) || *request == Request::Pinned(*block));
                assert!(!after.free().iter().any(|free| free.overlaps(block.interval())));
            }
            let mut sorted = blocks.clone();
            sorted.sort();
            assert!(sorted.windows(2).all(|pair| !pair[0].interval().overlaps(pair[1].interval())));
            let together = borders(after.free().iter().copied().chain(blocks.iter().map(|block| block.interval())));
            assert_eq!(together, pool.free());
            assert_eq!(pool.allocate(requests, placement).unwrap().blocks(), blocks);
            (true, blocks)
        }
        Ok(Answer::Lacks(lacks)) => {
            assert!(lacks.available < lacks.asked);
            let error = pool.allocate(requests, placement).unwrap_err();
            assert_eq!(error.code(), "ipam.not_enough_room");
            // So many do fit beside the larger ones.
            let mut left = lacks.available;
            let fewer: Vec<Request<A>> = requests
                .iter()
                .filter(|request| match request {
                    Request::Any(length) if *length == lacks.length => {
                        let fits = left > 0;
                        left = left.saturating_sub(1);
                        fits
                    }
                    Request::Any(length) => *length < lacks.length,
                    Request::Pinned(_) => true,
                })
                .copied()
                .collect();
            assert!(matches!(pool.try_out(&fewer, placement), Ok(Answer::Fits(_))));
            (false, vec![])
        }
        Err(error) => {
            assert!(["ipam.pinned_taken", "ipam.pinned_twice"].contains(&error.code()), "{error}");
            (false, vec![])
        }
    };
    // Whether it fits depends on nothing but what is free and what is asked for.
    let reversed: Vec<Request<A>> = requests.iter().rev().copied().collect();
    for policy in Policy::ALL {
        let other = pool.try_out(&reversed, &Placement::by(policy));
        assert_eq!(matches!(other, Ok(Answer::Fits(_))), fits, "{policy}");
    }
    // The same call gives the same answer.
    assert!(!fits || pool.allocate(requests, placement).unwrap().blocks() == blocks);
    fits
}

fn policy() -> impl Strategy<Value = Policy> {
    (0..Policy::ALL.len()).prop_map(|index| Policy::ALL[index])
}

/// A network of some bits near an end or in the middle, what is used of it, and what is asked for.
#[derive(Debug, Clone)]
struct Case {
    place: u8,
    bits: u8,
    used: Vec<(u128, u128)>,
    asked: Vec<u8>,
    pinned: Vec<(u8, u128)>,
    preferred: Vec<(u128, u128)>,
    avoided: Vec<(u128, u128)>,
    policy: Policy,
}

fn case() -> impl Strategy<Value = Case> {
    let spans = |most: usize| proptest::collection::vec((any::<u128>(), any::<u128>()), 0..most);
    let pinned = proptest::collection::vec((0..6_u8, any::<u128>()), 0..3);
    (0..3_u8, 4..12_u8, spans(6), proptest::collection::vec(0..8_u8, 0..12), pinned, spans(2), spans(2), policy())
        .prop_map(|(place, bits, used, asked, pinned, preferred, avoided, policy)| Case {
            place,
            bits,
            used,
            asked,
            pinned,
            preferred,
            avoided,
            policy,
        })
}

impl Case {
    fn run<A: Address>(&self) {
        let size = 1_u128 << self.bits;
        let at = [A::FIRST, A::from_bits(A::LAST.to_bits() / 3).unwrap(), A::LAST][usize::from(self.place)];
        let network = Prefix::containing(at, length(A::WIDTH - self.bits));
        let base = network.first().to_bits();
        // Small stretches, so that something is left.
        let spans = |spans: &[(u128, u128)]| -> Vec<Interval<A>> {
            let span = |(from, long): &(u128, u128)| {
                let from = from % size;
                interval(base + from, base + (from + long % (1 + size / 8)).min(size - 1))
            };
            spans.iter().map(span).collect()
        };
        let of = |longer: u8| length::<A>((network.length().get() + 1 + longer).min(A::WIDTH));
        let mut requests: Vec<Request<A>> = self.asked.iter().map(|longer| Request::Any(of(*longer))).collect();
        for (longer, at) in &self.pinned {
            let address = A::from_bits(base + at % size).unwrap();
            requests.push(Request::Pinned(Prefix::containing(address, of(longer + 2))));
        }
        let placement = Placement::by(self.policy).preferring(spans(&self.preferred)).avoiding(spans(&self.avoided));
        allocation_laws(network, &spans(&self.used), &requests, &placement);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn units_of_one_block_leave_popcount_pieces(bits in 0..=32_u8, k: u128, wide in 0..=128_u8, shift in 0..128_u32) {
        for units in [32 - bits, (32 - bits) / 2] {
            popcount_law::<Ipv4>(bits, units, if units == 0 { k & 1 } else { (k >> (128 - u32::from(units))) + (k & 1) });
        }
        for units in [128 - wide, (128 - wide) / 2] {
            popcount_law::<Ipv6>(wide, units, (k >> shift) & Size::power_of_two(units).to_u128().map_or(u128::MAX, |size| size - 1));
        }
    }

    #[test]
    fn plans_of_any_range(one: u128, other: u128, shift in 0..128_u32, wanted in proptest::collection::vec((0..20_u8, 0..9_u64), 0..4)) {
        plan_laws::<Ipv4>(interval(one, other), &wanted);
        plan_laws::<Ipv4>(interval(one, one.wrapping_add(u128::from(u32::MAX) >> (shift % 32))), &wanted);
        plan_laws::<Ipv4>(interval(0, other), &wanted);
        plan_laws::<Ipv4>(interval(one, u128::MAX), &wanted);
        plan_laws::<Ipv6>(interval(one, other), &wanted);
        plan_laws::<Ipv6>(interval(one, one.saturating_add(other >> shift)), &wanted);
        plan_laws::<Ipv6>(interval(0, other >> shift), &wanted);
        plan_laws::<Ipv6>(interval(!(one >> shift), u128::MAX), &wanted);
    }

    #[test]
    fn splits_are_the_formula(blocks in proptest::collection::vec((0..12_u8, any::<u16>()), 0..20), wanted in proptest::collection::vec((0..12_u8, 0..9_u32), 0..8)) {
        let mut free: Vec<Prefix<Ipv6>> = vec![];
        for (size, at) in blocks {
            let address = Ipv6::new(u128::MAX - u128::from(at));
            let block = Prefix::containing(address, length(128 - size));
            if !free.iter().any(|other| other.interval().overlaps(block.interval())) {
                free.push(block);
            }
        }
        let mut counts = ([0_u128; 129], [0_u128; 129]);
        free.iter().for_each(|block| counts.0[usize::from(block.length().host_bits())] += 1);
        wanted.iter().for_each(|(size, count)| counts.1[usize::from(*size)] += u128::from(*count));
        let demands: Vec<Demand<Ipv6>> =
            wanted.iter().map(|(size, count)| Demand { length: length(128 - size), count: u128::from(*count).into() }).collect();
        let plan = MinimalPlan::of_blocks(&free, &demands);
        let expected = splits_by_formula(&counts.0, &counts.1);
        prop_assert_eq!(plan.as_ref().ok().map(|plan| i128::try_from(plan.splits().to_u128().unwrap()).unwrap()), expected);
        if let Ok(plan) = plan {
            let sum = |sizes: &mut dyn Iterator<Item = Size>| sizes.fold(Size::ZERO, |sum, size| sum.plus(size).unwrap());
            let before = sum(&mut free.iter().map(|block| block.size()));
            prop_assert_eq!(sum(&mut plan.iter().map(|piece| piece.size())), before);
            prop_assert!(plan.iter().all(|piece| free.iter().any(|block| block.interval().covers(piece.interval()))));
        }
    }

    #[test]
    fn allocations(case in case()) {
        case.run::<Ipv4>();
        case.run::<Ipv6>();
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
fn a_network_is_both_a_range_and_a_free_block() {
    let network: Prefix<Ipv4> = "0.0.0.0/0".parse().unwrap();
    for (bits, count) in [(0, 1), (1, 1), (1, 2), (8, 100), (32, 1), (32, 1 << 32), (24, 12_345)] {
        let demands = [Demand { length: length(bits), count: u128::to_owned(&count).into() }];
        let one = MinimalPlan::of(network.into(), &demands).unwrap();
        let other = MinimalPlan::of_blocks(&[network], &demands).unwrap();
        assert_eq!(one, other);
    }
}

/// Every block of a length that is wholly free, by a look at each address.
fn slots(free: &BTreeSet<u8>, length: PrefixLen<Toy>) -> Vec<Prefix<Toy>> {
    let blocks = (0..=u8::MAX).map(|address| Prefix::containing(Toy::new(address), length));
    let mut blocks: Vec<Prefix<Toy>> = blocks.collect();
    blocks.dedup();
    blocks.retain(|block| (block.first().get()..=block.last().get()).all(|address| free.contains(&address)));
    blocks
}

/// The next block by a policy, by its words.
fn next_by_words(policy: Policy, free: &BTreeSet<u8>, length: PrefixLen<Toy>) -> Option<Prefix<Toy>> {
    let slots = slots(free, length);
    match policy {
        Policy::Leftmost => slots.first().copied(),
        Policy::Rightmost => slots.last().copied(),
        // The smallest network around it that is free, as large as it can be made.
        Policy::BestFit => slots.into_iter().min_by_key(|slot| {
            let around = (0..=length.get()).map(|bits| slot.supernet(bits.try_into().unwrap()).unwrap());
            let is_free =
                |block: &Prefix<Toy>| (block.first().get()..=block.last().get()).all(|address| free.contains(&address));
            (around.filter(is_free).map(|block| block.size()).max(), slot.first())
        }),
        Policy::Sparse => {
            let mut rows: Vec<Vec<Prefix<Toy>>> = vec![];
            for slot in slots {
                match rows.last_mut() {
                    Some(row) if row[row.len() - 1].interval().precedes(slot.interval()) => row.push(slot),
                    _ => rows.push(vec![slot]),
                }
            }
            let longest = rows.iter().map(Vec::len).max()?;
            let row = rows.into_iter().find(|row| row.len() == longest)?;
            Some(row[row.len() / 2])
        }
        Policy::Rfc3531(order) => {
            let numbers = Sequence::new(order, length.get()).unwrap().iter();
            let mut blocks = numbers.map(|number| {
                Prefix::new(Toy::new(u8::try_from(number << length.host_bits()).unwrap()), length).unwrap()
            });
            blocks.find(|block| slots.contains(block))
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
            let first = next.saturating_add(if gap > 30 { gap - 30 } else { 0 });
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
fn intervals_of(free: &BTreeSet<u8>) -> Vec<Interval<Toy>> {
    borders(free.iter().map(|address| Interval::of(Toy::new(*address))))
}

/// From different beginnings until nothing is left: each block is the one that the policy's words name.
#[test]
fn every_policy_by_its_words() {
    let whole = Prefix::<Toy>::WHOLE;
    let mut given = 0;
    for seed in 0..8_u32 {
        // A simple generator: half of the family is used, in small patches.
        let mut state = seed;
        let mut free: BTreeSet<u8> = (0..=u8::MAX).collect();
        for _ in 0..seed * 4 {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            let at = u8::try_from(state >> 16 & 255).unwrap();
            let to = at.saturating_add(u8::try_from(state >> 8 & 7).unwrap());
            free.retain(|address| !(at..=to).contains(address));
        }
        for policy in Policy::ALL {
            for bits in [3, 5, 6, 8] {
                let (mut free, length) = (free.clone(), length(bits));
                let used: BTreeSet<u8> = (0..=u8::MAX).filter(|address| !free.contains(address)).collect();
                let pool = Pool::within(whole, intervals_of(&used));
                let fit = slots(&free, length).len();
                assert_eq!(pool.fit(length), u128::try_from(fit).unwrap().into());
                let all = vec![Request::Any(length); fit];
                let allocation = pool.allocate(&all, &Placement::by(policy)).unwrap();
                for block in allocation.blocks() {
                    assert_eq!(next_by_words(policy, &free, length), Some(*block), "{policy} of {length}, {seed}");
                    free.retain(|address| !block.contains(Toy::new(*address)));
                    given += 1;
                }
                assert_eq!(allocation.after().free(), intervals_of(&free));
                let one_more = pool.allocate(&vec![Request::Any(length); fit + 1], &Placement::by(policy)).unwrap_err();
                assert_eq!(one_more.code(), "ipam.not_enough_room");
            }
        }
    }
    println!("{given} blocks");
    assert!(given > 8_000);
}

/// Requests fit exactly when some way to place them exists: every set of 8 addresses, every set of requests.
#[test]
fn nothing_that_fits_fails() {
    fn placeable(free: u32, sizes: &[u32]) -> bool {
        let Some((size, rest)) = sizes.split_first() else { return true };
        (0..8_u32 >> size).any(|slot| {
            let block = ((1 << (1 << size)) - 1) << (slot << size);
            free & block == block && placeable(free & !block, rest)
        })
    }
    let mut run = 0;
    for mask in 0..256_u32 {
        let free: BTreeSet<u8> =
            (0..8).filter(|address| mask >> address & 1 == 1).map(|address| 248 + address).collect();
        for (ones, twos, fours) in
            (0..=8).flat_map(|one| (0..=4).flat_map(move |two| (0..=2).map(move |four| (one, two, four))))
        {
            if ones + 2 * twos + 4 * fours > 9 {
                continue;
            }
            // The small ones are asked for first.
            let sizes: Vec<u32> = [vec![0; ones], vec![1; twos], vec![2; fours]].concat();
            let requests: Vec<Request<Toy>> =
                sizes.iter().map(|size| Request::Any(length(8 - u8::try_from(*size).unwrap()))).collect();
            let pool = Pool::of_free(intervals_of(&free));
            let fits = placeable(mask, &sizes);
            for policy in [Policy::Leftmost, Policy::BestFit, Policy::Sparse, Policy::Rfc3531(Order::Centermost)] {
                let answer = pool.try_out(&requests, &Placement::by(policy)).unwrap();
                assert_eq!(matches!(answer, Answer::Fits(_)), fits, "{mask:08b}: {sizes:?} by {policy}");
                run += 1;
            }
        }
    }
    println!("{run} answers");
}

#[test]
fn preferences_by_their_words() {
    let pool = Pool::<Toy>::within(Prefix::WHOLE, [interval(0, 15), interval(100, 107)]);
    let placement = Placement::by(Policy::Leftmost).preferring([interval(96, 131)]).avoiding([interval(108, 121)]);
    let blocks = pool.allocate(&[Request::Any(length(6)); 58], &placement).unwrap();
    let firsts: Vec<u8> = blocks.blocks().iter().map(|block| block.first().get()).collect();
    // Preferred and not avoided; then not avoided; then what touches the avoided ones.
    let preferred = [96, 124, 128];
    let avoided = [108, 112, 116, 120];
    let others = (16..=252)
        .step_by(4)
        .filter(|first| !preferred.contains(first) && !avoided.contains(first) && !(100..108).contains(first));
    let expected: Vec<u8> = preferred.into_iter().chain(others).chain(avoided).collect();
    assert_eq!(firsts, expected);
}

#[test]
fn the_ends_of_a_network() {
    let usable = |text: &str| Hosts::Usable.of(text.parse::<Prefix<Ipv4>>().unwrap()).to_string();
    assert_eq!(usable("10.0.0.0/24"), "10.0.0.1-10.0.0.254");
    assert_eq!(usable("10.0.0.0/30"), "10.0.0.1-10.0.0.2");
    assert_eq!(usable("10.0.0.0/31"), "10.0.0.0-10.0.0.1");
    assert_eq!(usable("10.0.0.0/32"), "10.0.0.0-10.0.0.0");
    let usable = |text: &str| Hosts::Usable.of(text.parse::<Prefix<Ipv6>>().unwrap()).to_string();
    assert_eq!(usable("2001:db8::/126"), "2001:db8::1-2001:db8::3");
    assert_eq!(usable("2001:db8::/127"), "2001:db8::-2001:db8::1");
    assert_eq!(usable("2001:db8::/128"), "2001:db8::-2001:db8::");
    let full = Pool::<Ipv4>::within("10.0.0.0/30".parse().unwrap(), ["10.0.0.1-10.0.0.2".parse().unwrap()]);
    assert_eq!(
        (full.first_host(Hosts::Usable), full.first_host(Hosts::Every)),
        (None, Some(Ipv4::parse("10.0.0.0").unwrap()))
    );
}

#[test]
fn the_whole_space() {
    let pool = Pool::<Ipv6>::within(Prefix::WHOLE, []);
    assert_eq!((pool.size(), pool.fit(PrefixLen::HOST)), (Size::WHOLE, Size::WHOLE));
    for policy in Policy::ALL {
        let requests = [Request::Any(PrefixLen::HOST), Request::Any(length(64)), Request::Any(length(1))];
        let allocation = pool.allocate(&requests, &Placement::by(policy)).unwrap();
        assert_eq!(allocation.blocks().len(), 3);
        let all = pool.allocate(&[Request::Any(PrefixLen::WHOLE)], &Placement::by(policy)).unwrap();
        assert_eq!((all.blocks(), all.after().free()), (&[Prefix::WHOLE][..], &[][..]));
        assert_eq!(all.after().size(), Size::ZERO);
    }
    let every = Demand::<Ipv6> { length: PrefixLen::HOST, count: Size::WHOLE };
    let plan = MinimalPlan::of(Prefix::WHOLE.into(), &[every]).unwrap();
    assert_eq!((plan.pieces(), plan.runs().len()), (Size::WHOLE, 1));
    assert_eq!(plan.piece(u128::MAX).map(Range::first), Some(Ipv6::LAST));
    assert_eq!(plan.iter().nth(usize::MAX).map(|piece| piece.first().get()), Some(u64::MAX.into()));
    let error = MinimalPlan::of(Prefix::WHOLE.into(), &[every, every]).unwrap_err();
    assert_eq!(error.code(), "ipam.size_overflow");
    let one_more = Demand::<Ipv6> { length: length(127), count: Size::from(1) };
    let error = MinimalPlan::of(Prefix::WHOLE.into(), &[every, one_more]).unwrap_err();
    assert!(error.to_string().contains(&format!("{} fit", u128::MAX - 1)), "{error}");
}
