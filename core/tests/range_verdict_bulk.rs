//! Columns of ranges, addresses and products: what the single call says of each row, with faulty rows among good
//! ones (R-I3, R-I5, R-I9, R-I10, R-A1).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use counterfoil::error::RowFault;
use counterfoil::ipam::bulk::{Labelled, PieceLists};
use counterfoil::ipam::{
    Interval, IpSet, Ipv4, LookupTable, MiniSplitDiff, Prefix, PrefixLen, Range, SplitLimits, Toy,
};
use counterfoil::placement::{
    Capacity, Checking, Node, Product, Request, Resource, Rules, Sharing, Snapshot, Supply, Verdict, VerdictColumns,
};
use proptest::prelude::*;

/// One range by the single calls.
fn range(first: u8, last: u8, label: u8) -> Result<Range<Toy>, &'static str> {
    let made = Interval::new(Toy::new(first), Toy::new(last))
        .and_then(|interval| Range::new(interval, PrefixLen::new(label)?));
    made.map_err(|error| error.code())
}

type Pieces = Result<Vec<(u8, u8, u8)>, &'static str>;

fn ends(ranges: impl IntoIterator<Item = Range<Toy>>) -> Vec<(u8, u8, u8)> {
    ranges.into_iter().map(|piece| (piece.first().get(), piece.last().get(), piece.length().get())).collect()
}

fn of_row(pieces: &PieceLists<u8>, row: usize) -> Vec<(u8, u8, u8)> {
    let places = pieces.offsets[row]..pieces.offsets[row + 1];
    places.map(|place| (pieces.first[place], pieces.last[place], pieces.length[place])).collect()
}

fn compare(pieces: &PieceLists<u8>, expected: &[Pieces]) -> Result<(), TestCaseError> {
    let faults: Vec<RowFault> = expected
        .iter()
        .enumerate()
        .filter_map(|(row, pieces)| Some(RowFault { row, code: pieces.as_ref().err()? }))
        .collect();
    prop_assert_eq!(&pieces.faults, &faults);
    prop_assert_eq!(pieces.offsets.len(), expected.len() + 1);
    prop_assert_eq!(*pieces.offsets.last().unwrap(), pieces.first.len());
    for (row, expected) in expected.iter().enumerate() {
        prop_assert_eq!(of_row(pieces, row), expected.clone().unwrap_or_default());
    }
    Ok(())
}

proptest! {
    #[test]
    fn splits_of_columns_are_those_of_single_ranges(
        rows in prop::collection::vec((any::<u8>(), 0..64_u8, 0..10_u8, 0..10_u8), 0..24),
        most in 0..300_usize,
        of_each in 1..60_u128,
        diff in 1..=8_u8,
    ) {
        let last = |first: u8, more: u8| first.wrapping_add(more); // some are reversed
        let table = Labelled {
            first: rows.iter().map(|row| row.0).collect::<Vec<u8>>(),
            last: rows.iter().map(|row| last(row.0, row.1)).collect::<Vec<u8>>(),
            length: rows.iter().map(|row| row.2).collect::<Vec<u8>>(),
        };
        let lengths: Vec<u8> = rows.iter().map(|row| row.3).collect();
        let mut pieces = PieceLists::<u8>::default();

        pieces.split(&table, &lengths, SplitLimits::NONE.with_pieces(of_each), most).unwrap();
        let mut left = most as u128;
        let expected: Vec<Pieces> = rows.iter().map(|(first, more, label, length)| {
            let range = range(*first, last(*first, *more), *label)?;
            let length = PrefixLen::new(*length).map_err(|error| error.code())?;
            let split = range.split_within(length, SplitLimits::NONE.with_pieces(of_each.min(left)));
            let split = ends(split.map_err(|error| error.code())?);
            left -= split.len() as u128;
            Ok(split)
        }).collect();
        compare(&pieces, &expected)?;
        prop_assert!(pieces.first.len() <= most);

        let diff = MiniSplitDiff::new(diff).unwrap();
        pieces.mini_split(&table, &lengths, diff).unwrap();
        let expected: Vec<Pieces> = rows.iter().map(|(first, more, label, length)| {
            let range = range(*first, last(*first, *more), *label)?;
            let length = PrefixLen::new(*length).map_err(|error| error.code())?;
            let plan = range.mini_split(length, diff).map_err(|error| error.code())?;
            Ok(ends(plan.ranges().iter().copied()))
        }).collect();
        compare(&pieces, &expected)?;
    }

    #[test]
    fn lookups_of_columns_are_those_of_single_addresses(prefixes in prop::collection::btree_set((any::<u8>(), 0..=8_u8), 0..40)) {
        let prefixes: std::collections::BTreeSet<Prefix<Toy>> = prefixes
            .into_iter()
            .map(|(first, bits)| Prefix::containing(Toy::new(first), PrefixLen::new(bits).unwrap()))
            .collect();
        let table = LookupTable::new(prefixes.iter().map(|prefix| (*prefix, prefix.to_string()))).unwrap();
        let set: IpSet<Toy> = prefixes.iter().copied().collect();
        let all: Vec<u8> = (0..=u8::MAX).rev().collect();
        let (mut places, mut has) = (vec![Some(9)], vec![true]);
        table.longest_matches(&all, &mut places);
        set.contains_each(&all, &mut has);
        prop_assert_eq!((places.len(), has.len()), (256, 256));
        for ((address, place), has) in all.iter().zip(places).zip(has) {
            let single = table.longest_match(Toy::new(*address));
            let found = place.and_then(|place| table.at(place as usize));
            prop_assert_eq!(found, single.map(|found| (found.prefix(), found.value())));
            prop_assert_eq!(has, set.contains(Toy::new(*address)));
            prop_assert_eq!(has, single.is_some());
        }
        prop_assert!(table.at(table.len()).is_none());
        for (place, (prefix, value)) in table.iter().enumerate() {
            prop_assert_eq!(table.at(place), Some((prefix, value)));
        }
    }

    #[test]
    fn verdicts_in_columns_are_those_of_a_check(
        nodes in prop::collection::vec(0..9_000_u64, 0..6),
        products in prop::collection::vec((0..9_000_u64, prop::bool::weighted(0.15)), 0..30),
    ) {
        let nodes = nodes.iter().enumerate().map(|(place, milli)| {
            let mut node = Node::worker(format!("n{place}"));
            node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(*milli)));
            node
        });
        let snapshot = Snapshot::new(nodes, [], Sharing::Named).unwrap();
        let products: Vec<Product> = products
            .iter()
            .enumerate()
            .map(|(place, (milli, too_large))| product(&format!("p{place}"), *milli, *too_large))
            .collect();
        let rules = Rules::strict();
        let mut columns = VerdictColumns::default();
        snapshot.check_columns(&products, &rules, &mut columns).unwrap();
        prop_assert_eq!((columns.nodes.len(), columns.stage.len()), (products.len(), products.len()));
        let mut faults = Vec::new();
        for (row, product) in products.iter().enumerate() {
            let of_row = (columns.nodes[row], columns.stage[row]);
            match snapshot.check(std::slice::from_ref(product), &rules, Checking::VERDICTS) {
                Ok(check) => match &check.verdicts[0] {
                    Verdict::Sellable { nodes } => prop_assert_eq!(of_row, (*nodes, None)),
                    Verdict::Grey { stage, .. } => prop_assert_eq!(of_row, (0, Some(*stage))),
                },
                Err(error) => {
                    prop_assert_eq!(of_row, (0, None));
                    faults.push(RowFault { row, code: error.code() });
                }
            }
        }
        prop_assert_eq!(columns.faults, faults);
    }
}

fn product(id: &str, milli: u64, too_large: bool) -> Product {
    let mut resources = vec![(Resource::Cpu, milli)];
    if too_large {
        resources.extend((0..1_000).map(|number| (format!("example.com/r{number}").parse().unwrap(), 1)));
    }
    Product::new(id, Request::new(resources).unwrap())
}

#[test]
fn columns_of_other_lengths_are_refused_whole() {
    let table = Labelled { first: [0_u32, 1], last: [0_u32, 1], length: [32_u8, 32] };
    let mut pieces = PieceLists::<u32>::default();
    let diff = MiniSplitDiff::<Ipv4>::default();
    assert_eq!(pieces.split(&table, &[32], SplitLimits::NONE, 9).unwrap_err().code(), "ipam.column_lengths");
    assert_eq!(pieces.mini_split(&table, &[32], diff).unwrap_err().code(), "ipam.column_lengths");
    assert_eq!(pieces, PieceLists::default());
    let short = Labelled { first: [0_u32, 1], last: [0_u32, 1], length: [32_u8] };
    assert_eq!(pieces.split(&short, &[32, 32], SplitLimits::NONE, 9).unwrap_err().code(), "ipam.column_lengths");
}

/// A /0 cut into addresses is 2^32 pieces: refused before one is made.
#[test]
fn a_hostile_split_has_a_fault_and_costs_none_of_the_others() {
    let table =
        Labelled { first: [0_u32, 0x0a00_0000, 0], last: [u32::MAX, 0x0a00_00ff, u32::MAX], length: [0_u8, 24, 0] };
    let mut pieces = PieceLists::<u32>::default();
    pieces.split(&table, &[32, 26, 33], SplitLimits::NONE, 1_000_000).unwrap();
    assert_eq!(pieces.offsets, [0, 0, 4, 4]);
    let faults: Vec<(usize, &str)> = pieces.faults.iter().map(|fault| (fault.row, fault.code)).collect();
    assert_eq!(faults, [(0, "ipam.too_many_pieces"), (2, "ipam.length")]);
}
