//! R-I6 in small worlds, in full: the fewest pieces, against all plans that there are.
//!
//! A plan is a cut through the trie of networks, clipped to the range. What is covered, exactly:
//!
//! 1. *All plans, listed*: of each of the 136 ranges in 16 addresses, at the beginning, in the middle and at the end of the
//!    family, every plan there is, and the fewest pieces among those that have the blocks. For every demand of several
//!    lengths that takes up to 20 addresses, so also for those that do not fit.
//! 2. *Any count of one length*: of each range in the last 32 addresses, each length, each count up to two more than fit, the fewest
//!    pieces by the slow recursion over the trie that tries every share of the count between two halves.
//! 3. *The whole family*: of each of the 32,896 ranges, the same for blocks of 64 addresses.
//! 4. *Against the portal*: of each range in 32 addresses, each length and each difference, no more pieces than the portal's
//!    minimal split (R-I5) for the full blocks that it has; of a full network exactly as many.
//! 5. *Free blocks*: every set of blocks that 16 addresses can be cut into, each block free or not, against a search of all
//!    ways to split one block after the other.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

use counterfoil::ipam::{
    Demand, Interval, Ipv4, MiniSplitDiff, MinimalPlan, PlanDraft, Prefix, PrefixLen, Purpose, Range, Toy,
    UncheckedRange,
};
use std::collections::{BTreeMap, BTreeSet};

/// So many of each size, from 1 address to 16.
type Counts = [u32; 5];

fn interval(first: u32, last: u32) -> Interval<Toy> {
    Interval::new(Toy::new(first.try_into().unwrap()), Toy::new(last.try_into().unwrap())).unwrap()
}

/// A range with a label as loose as can be.
fn range(first: u32, last: u32) -> Range<Toy> {
    Range::new(interval(first, last), "0".parse().unwrap()).unwrap()
}

fn demand(size: u32, count: u32) -> Demand<Toy> {
    Demand { length: (8 - u8::try_from(size).unwrap()).try_into().unwrap(), count: u128::from(count).into() }
}

fn demands(counts: &Counts) -> Vec<Demand<Toy>> {
    (0..5).zip(counts).map(|(size, count)| demand(size, *count)).collect()
}

/// What a plan must be, whatever it costs; how many pieces it has.
fn checked(range: Range<Toy>, wanted: &[Demand<Toy>]) -> Option<u32> {
    let plan = match MinimalPlan::of(range, wanted) {
        Ok(plan) => plan,
        Err(error) => {
            assert_eq!(error.code(), "ipam.not_enough_room");
            return None;
        }
    };
    let pieces = plan.ranges(256).unwrap();
    assert_eq!(plan.pieces(), u128::try_from(pieces.len()).unwrap().into());
    assert_eq!((pieces[0].first(), pieces[pieces.len() - 1].last()), (range.first(), range.last()));
    assert!(pieces.windows(2).all(|pair| pair[0].interval().precedes(pair[1].interval())));
    let entries: Vec<UncheckedRange<Toy>> = pieces.iter().copied().map(UncheckedRange::from).collect();
    assert_eq!(PlanDraft::new(range, &entries).violations(), []);
    let nothing = wanted.iter().all(|demand| demand.count.is_zero());
    for piece in &pieces {
        let clipped = Prefix::containing(piece.first(), piece.tightest_length()).interval().overlap(range.interval());
        assert_eq!(clipped, Some(piece.interval()), "{piece} is no node of {range}");
        assert!(piece.length() == piece.tightest_length() || nothing, "{piece} is not labelled tightly");
    }
    for demand in wanted {
        let full = pieces.iter().filter(|piece| piece.is_full() && piece.length() == demand.length).count();
        assert!(demand.count <= u128::try_from(full).unwrap().into());
        let runs = plan.runs().iter().filter(|run| run.purpose() == Purpose::Wanted && run.length() == demand.length);
        assert_eq!(runs.map(|run| run.count().to_u128().unwrap()).sum::<u128>(), demand.count.to_u128().unwrap());
    }
    for (index, piece) in (0..).zip(&pieces) {
        assert_eq!(plan.piece(index), Some(*piece));
    }
    assert_eq!(plan.piece(u128::try_from(pieces.len()).unwrap()), None);
    Some(pieces.len().try_into().unwrap())
}

/// Every plan of a node of 2^size addresses, as its full blocks by size and its pieces.
fn plans(node: u32, size: u32, first: u32, last: u32) -> BTreeSet<(Counts, u32)> {
    let end = node + (1 << size) - 1;
    if end < first || last < node {
        return BTreeSet::from([(Counts::default(), 0)]);
    }
    let mut one = Counts::default();
    if first <= node && end <= last {
        one[size as usize] = 1;
    }
    let mut all = BTreeSet::from([(one, 1)]);
    if size > 0 {
        let (left, right) =
            (plans(node, size - 1, first, last), plans(node + (1 << (size - 1)), size - 1, first, last));
        for (of_left, left_pieces) in &left {
            for (of_right, right_pieces) in &right {
                let sum = [0, 1, 2, 3, 4].map(|size| of_left[size] + of_right[size]);
                all.insert((sum, left_pieces + right_pieces));
            }
        }
    }
    all
}

/// All demands that take up to so many addresses.
fn all_demands(addresses: u32) -> Vec<Counts> {
    let mut all = vec![Counts::default()];
    for size in (0..5).rev() {
        let with = all.iter().flat_map(|counts: &Counts| {
            let taken: u32 = (0..5).map(|size| counts[size] << size).sum();
            (0..=(addresses - taken) >> size).map(move |count| {
                let mut counts = *counts;
                counts[size] = count;
                counts
            })
        });
        all = with.collect();
    }
    all
}

#[test]
fn all_plans_of_sixteen_addresses() {
    let wanted = all_demands(20);
    let (mut fit, mut too_many) = (0, 0);
    for base in [0, 96, 240] {
        for first in 0..16 {
            for last in first..16 {
                let plans = plans(0, 4, first, last);
                for counts in &wanted {
                    let has = |plan: &&(Counts, u32)| (0..5).all(|size| plan.0[size] >= counts[size]);
                    let fewest = plans.iter().filter(has).map(|(_, pieces)| *pieces).min();
                    let range = range(base + first, base + last);
                    assert_eq!(checked(range, &demands(counts)), fewest, "{counts:?} of {range}");
                    if fewest.is_some() { fit += 1 } else { too_many += 1 }
                }
            }
        }
    }
    println!("{fit} demands that fit and {too_many} that do not");
    assert_eq!(fit + too_many, 3 * 136 * wanted.len());
}

/// The fewest pieces of a node that have so many full blocks of 2^block addresses: by count, as far as they fit.
fn by_count(node: u32, size: u32, block: u32, first: u32, last: u32) -> Vec<u32> {
    let end = node + (1 << size) - 1;
    if end < first || last < node {
        return vec![0];
    }
    let is_full = first <= node && end <= last;
    let mut fewest = if is_full && size == block { vec![1, 1] } else { vec![1] };
    if size > block {
        let half = node + (1 << (size - 1));
        let (left, right) =
            (by_count(node, size - 1, block, first, last), by_count(half, size - 1, block, first, last));
        fewest.resize(left.len() + right.len() - 1, u32::MAX);
        for (of_left, left) in left.iter().enumerate() {
            for (of_right, right) in right.iter().enumerate() {
                fewest[of_left + of_right] = fewest[of_left + of_right].min(left + right);
            }
        }
    }
    // At least so many.
    for count in (1..fewest.len()).rev() {
        fewest[count - 1] = fewest[count - 1].min(fewest[count]);
    }
    fewest
}

fn any_count(base: u32, world: u32, block: u32) -> usize {
    let mut run = 0;
    for first in 0..1 << world {
        for last in first..1 << world {
            let fewest = by_count(0, world, block, first, last);
            for count in 0..fewest.len() + 2 {
                let range = range(base + first, base + last);
                let asked = [demand(block, count.try_into().unwrap())];
                assert_eq!(checked(range, &asked), fewest.get(count).copied(), "{count} of 2^{block} of {range}");
                run += 1;
            }
            let most = MinimalPlan::of(range(base + first, base + last), &[demand(block, 1 << 20)]).unwrap_err();
            let available = most.details().into_iter().find(|(name, _)| *name == "available").unwrap().1;
            assert_eq!(available, (fewest.len() - 1).to_string());
        }
    }
    run
}

#[test]
fn any_count_of_one_length() {
    let run: usize = (0..=5).map(|block| any_count(224, 5, block)).sum();
    println!("{run} counts");
    assert!(run > 15_000);
}

#[test]
fn the_whole_family() {
    let run = any_count(0, 8, 6);
    println!("{run} counts");
    assert!(run > 32_896 * 3);
}

/// At least as few pieces as the portal, which may have none that is full.
#[test]
fn never_more_pieces_than_the_portal() {
    let (mut same, mut fewer, mut none) = (0, 0, 0);
    for first in 224..=255 {
        for last in first..=255 {
            let of = interval(first, last);
            let range = Range::new(of, of.tightest_length()).unwrap();
            for length in PrefixLen::<Toy>::all().filter(|length| *length > range.length()) {
                for diff in 1..=8 {
                    let Ok(portal) = range.mini_split(length, MiniSplitDiff::new(diff).unwrap()) else { continue };
                    let full =
                        portal.ranges().iter().filter(|piece| piece.is_full() && piece.length() == length).count();
                    let count = u128::try_from(full).unwrap().into();
                    let fewest =
                        MinimalPlan::of(range, &[Demand { length, count }]).unwrap().ranges(256).unwrap().len();
                    assert!(fewest <= portal.ranges().len(), "{range} into {length} by {diff}");
                    assert!(!range.is_full() || fewest == portal.ranges().len(), "{range} into {length} by {diff}");
                    if fewest == portal.ranges().len() {
                        same += 1
                    } else {
                        fewer += 1
                    }
                    let one = [Demand { length, count: 1.into() }];
                    none += usize::from(full == 0 && MinimalPlan::of(range, &one).is_ok());
                }
            }
        }
    }
    println!("{same} as few, {fewer} fewer; {none} where the portal has no full block and one fits");
    assert!(same > 1_000 && fewer > 1_000 && none > 100);
}

#[test]
fn a_full_block_where_the_portal_has_none() {
    let range: Range<Ipv4> = "10.0.1.5-10.0.3.255/22".parse().unwrap();
    let length = "24".parse().unwrap();
    let texts = |pieces: &[Range<Ipv4>]| pieces.iter().map(Range::to_string).collect::<Vec<String>>();
    let portal = range.mini_split(length, MiniSplitDiff::new(1).unwrap()).unwrap();
    assert_eq!(texts(portal.ranges()), ["10.0.1.5-10.0.1.255/24", "10.0.2.0/23"]);
    let plan = MinimalPlan::of(range, &[Demand { length, count: 1.into() }]).unwrap();
    assert_eq!(texts(&plan.ranges(3).unwrap()), ["10.0.1.5-10.0.1.255/24", "10.0.2.0/24", "10.0.3.0/24"]);
}

/// The fewest splits after which free blocks of these sizes hold the demands: every way to split is tried.
fn by_search(free: Counts, wanted: &Counts, known: &mut BTreeMap<Counts, Option<u32>>) -> Option<u32> {
    if (0..5).all(|size| free[size] >= wanted[size]) {
        return Some(0);
    }
    if let Some(known) = known.get(&free) {
        return *known;
    }
    let ways = (1..5).filter(|size| free[*size] > 0).filter_map(|size| {
        let mut split = free;
        split[size] -= 1;
        split[size - 1] += 2;
        by_search(split, wanted, known).map(|splits| splits + 1)
    });
    let fewest = ways.collect::<Vec<u32>>().into_iter().min();
    known.insert(free, fewest);
    fewest
}

/// Largest first into the smallest block that fits: the splits.
fn largest_first_best_fit(mut free: Counts, wanted: &Counts) -> Option<u32> {
    let mut splits = 0;
    for size in (0..5).rev() {
        for _ in 0..wanted[size] {
            let best = (size..5).find(|size| free[*size] > 0)?;
            free[best] -= 1;
            (size..best).for_each(|half| free[half] += 1);
            splits += u32::try_from(best - size).unwrap();
        }
    }
    Some(splits)
}

/// Every way to cut 16 addresses into blocks.
fn cuts(node: u32, size: u32) -> Vec<Vec<Prefix<Toy>>> {
    let whole = Prefix::new(Toy::new(node.try_into().unwrap()), (8 - u8::try_from(size).unwrap()).try_into().unwrap());
    let mut all = vec![vec![whole.unwrap()]];
    if size > 0 {
        for left in cuts(node, size - 1) {
            all.extend(
                cuts(node + (1 << (size - 1)), size - 1).into_iter().map(|right| [left.clone(), right].concat()),
            );
        }
    }
    all
}

#[test]
fn free_blocks() {
    let wanted = all_demands(16);
    let mut seen: BTreeSet<Counts> = BTreeSet::new();
    for cut in cuts(240, 4) {
        for chosen in 0..1_u32 << cut.len() {
            let free: Vec<Prefix<Toy>> =
                cut.iter().enumerate().filter(|(place, _)| chosen >> place & 1 == 1).map(|(_, block)| *block).collect();
            let mut counts = Counts::default();
            free.iter().for_each(|block| counts[usize::from(block.length().host_bits())] += 1);
            if !seen.insert(counts) {
                continue;
            }
            for wanted in &wanted {
                let plan = MinimalPlan::of_blocks(&free, &demands(wanted));
                let splits = plan.as_ref().ok().map(|plan| plan.splits().to_string().parse().unwrap());
                assert_eq!(splits, by_search(counts, wanted, &mut BTreeMap::new()), "{wanted:?} of {counts:?}");
                assert_eq!(splits, largest_first_best_fit(counts, wanted), "{wanted:?} of {counts:?}");
                if let Ok(plan) = plan {
                    let pieces: u32 = plan.pieces().to_string().parse().unwrap();
                    assert_eq!(pieces, counts.iter().sum::<u32>() + splits.unwrap());
                    let full = |length| plan.iter().filter(|piece| piece.is_full() && piece.length() == length).count();
                    for demand in demands(wanted) {
                        assert!(demand.count <= u128::try_from(full(demand.length)).unwrap().into());
                    }
                }
            }
        }
    }
    println!("{} sets of free blocks, {} demands of each", seen.len(), wanted.len());
    assert!(seen.len() > 100);
}
