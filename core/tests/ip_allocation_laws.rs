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
