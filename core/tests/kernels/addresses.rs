use super::{round, second_run};
use counterfoil::ipam::{
    IpSet, Ipv4, LookupTable, MiniSplitDiff, Prefix, Range, Reading, SplitLimits,
    bulk::{Labelled, Line, PieceLists, lines, write_lines as write},
};

/// A /16 that is in a /8, and more of them.
fn prefixes() -> Vec<Prefix<Ipv4>> {
    let inner = (0..64).map(|second| format!("10.{second}.0.0/16"));
    inner.chain(["10.0.0.0/8".to_owned()]).map(|text| text.parse().unwrap()).collect()
}

fn asked(rows: usize) -> Vec<u32> {
    round(rows, |row| 0x0a00_0000 + u32::try_from(row * 65_537 % 0x0200_0000).unwrap())
}

pub(crate) fn longest_matches(rows: usize) -> u64 {
    let table = LookupTable::<Ipv4, i32>::new(prefixes().into_iter().zip(0..)).unwrap();
    let (addresses, mut places) = (asked(rows), Vec::new());
    second_run(|| table.longest_matches(&addresses, &mut places))
}

pub(crate) fn contains_each(rows: usize) -> u64 {
    let set: IpSet<Ipv4> = prefixes().into_iter().collect();
    let (addresses, mut has) = (asked(rows), Vec::new());
    second_run(|| set.contains_each(&addresses, &mut has))
}

fn ranges(rows: usize) -> Labelled<Vec<u32>, Vec<u8>> {
    let text = |row: i64| format!("10.{}.{}.0-10.{}.{}.99/24", row / 256, row % 256, row / 256, row % 256);
    Labelled::of(&round(rows, |row| text(row).parse::<Range<Ipv4>>().unwrap()))
}

pub(crate) fn pieces(rows: usize) -> u64 {
    let (ranges, lengths, mut pieces) = (ranges(rows), vec![26; rows], PieceLists::default());
    let allocations = second_run(|| pieces.split(&ranges, &lengths, SplitLimits::PORTAL, usize::MAX).unwrap());
    assert_eq!((pieces.first.len(), pieces.faults.len()), (2 * rows, 0));
    allocations
}

pub(crate) fn pieces_of_faults(rows: usize) -> u64 {
    let (ranges, lengths, mut pieces) = (ranges(rows), vec![16; rows], PieceLists::default());
    let allocations = second_run(|| pieces.split(&ranges, &lengths, SplitLimits::PORTAL, usize::MAX).unwrap());
    assert_eq!(pieces.faults.len(), rows);
    allocations
}

pub(crate) fn minimal_pieces(rows: usize) -> u64 {
    let (ranges, lengths, mut pieces) = (ranges(rows), vec![26; rows], PieceLists::default());
    let allocations = second_run(|| pieces.mini_split(&ranges, &lengths, MiniSplitDiff::new(2).unwrap()).unwrap());
    assert_eq!(pieces.faults.len(), 0);
    allocations
}

pub(crate) fn canonical_lines(rows: usize) -> u64 {
    let block: String = ranges(rows).first.iter().map(|first| format!("{}/24\n", Ipv4::new(*first))).collect();
    second_run(|| {
        let good = lines::<Prefix<Ipv4>>(&block, Reading::STRICT).filter(|Line { value, .. }| value.is_ok()).count();
        assert_eq!(good, rows);
    })
}

pub(crate) fn write_lines(rows: usize) -> u64 {
    let (addresses, mut block) = (asked(rows), String::new());
    second_run(|| {
        block.clear();
        write(addresses.iter().map(|address| Ipv4::new(*address)), &mut block);
    })
}
