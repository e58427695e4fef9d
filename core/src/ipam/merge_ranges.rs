use super::{Address, Interval, Merge, PrefixLen, Range, Row, RowStatus};
use crate::error::IpamError;

/// Ranges that are no rows of a portal, as one: they follow each other, and one network of a length holds them.
///
/// Without a length, the result has the longest that it may have: the tightest of all its addresses, and no longer
/// than that of any of the ranges. The order of the ranges does not matter.
///
/// # Errors
/// The first that [`Merge::merge`] tells of waiting rows with these ranges, each with its text as its id:
/// `ipam.empty_merge`, `ipam.merge_shorter`, `ipam.merge_not_contiguous`, `ipam.merge_supernet`.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Range, merge_ranges};
///
/// let ranges: [Range<Ipv4>; 2] = ["159.0.2.0/24".parse()?, "159.0.1.0/24".parse()?];
/// assert_eq!(merge_ranges(&ranges, None)?.to_string(), "159.0.1.0-159.0.2.255/22");
/// assert_eq!(merge_ranges(&ranges, Some("20".parse()?))?.to_string(), "159.0.1.0-159.0.2.255/20");
/// assert_eq!(merge_ranges(&ranges, Some("23".parse()?)).unwrap_err().code(), "ipam.merge_supernet");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I8
pub fn merge_ranges<A: Address>(ranges: &[Range<A>], length: Option<PrefixLen<A>>) -> Result<Range<A>, IpamError> {
    let mut sorted = ranges.to_vec();
    sorted.sort_unstable_by_key(|range| range.first());
    let follow = sorted.array_windows().all(|[left, right]| left.interval().precedes(right.interval()));
    if !follow {
        sorted.sort_unstable(); // some may begin with the same address
    }
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else { return Err(IpamError::EmptyMerge {}) };
    let shortest = sorted.iter().map(|range| range.length()).min().unwrap_or(PrefixLen::WHOLE);
    // Of ranges that do not follow each other the last one may end before another: there is no result then.
    let hull = Interval::new(first.first(), last.last()).ok();
    let length = length.unwrap_or_else(|| hull.map_or(shortest, |hull| hull.tightest_length().min(shortest)));
    match hull.and_then(|hull| Range::new(hull, length).ok()) {
        Some(merged) if follow && length <= shortest => Ok(merged),
        _ => of_rows(&sorted, length),
    }
}

/// What is wrong is told by the merge of rows.
fn of_rows<A: Address>(ranges: &[Range<A>], length: PrefixLen<A>) -> Result<Range<A>, IpamError> {
    let row = |range: &Range<A>| Row {
        id: range.to_string(),
        range: *range,
        status: RowStatus::Wait,
        asn: None,
        owner: None,
    };
    let rows: Vec<Row<A>> = ranges.iter().map(row).collect();
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let merged = Merge { rows: &rows, ids: &ids, length: length.get() }.merge();
    let first = |violations: Vec<IpamError>| violations.into_iter().next().unwrap_or(IpamError::EmptyMerge {});
    merged.map(|merged| merged.range()).map_err(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::Toy;

    /// Every pair and triple of a few ranges of 8 bits, with every length: the merge of rows says the same.
    #[test]
    fn the_same_as_of_rows() {
        let mut world: Vec<Range<Toy>> = vec!["3-6/5".parse().unwrap(), "7-7/0".parse().unwrap()];
        for length in [0, 5, 7, 8] {
            let all: Range<Toy> = "0/5".parse().unwrap();
            let all = Range::new(all.interval(), PrefixLen::new(length.min(5)).unwrap()).unwrap();
            world.extend(all.split(PrefixLen::new(length.max(5)).unwrap()).unwrap());
        }
        world.sort_unstable();
        world.dedup();
        let mut agreed = 0_u32;
        for a in &world {
            for b in &world {
                for c in &world {
                    for ranges in [vec![*a], vec![*b, *a], vec![*a, *c, *b]] {
                        for length in PrefixLen::all() {
                            let merged = merge_ranges(&ranges, Some(length));
                            assert_eq!(merged, model(&ranges, length), "{ranges:?} {length}");
                            agreed += u32::from(merged.is_ok());
                        }
                        let free = merge_ranges(&ranges, None);
                        let longest = PrefixLen::all().rev().find_map(|length| model(&ranges, length).ok());
                        assert_eq!(free.ok(), longest, "{ranges:?}");
                    }
                }
            }
        }
        assert!(agreed > 1_000, "{agreed}");
    }

    fn model(ranges: &[Range<Toy>], length: PrefixLen<Toy>) -> Result<Range<Toy>, IpamError> {
        let mut sorted = ranges.to_vec();
        sorted.sort();
        let rows: Vec<Row<Toy>> = sorted
            .iter()
            .map(|range| Row { id: range.to_string(), range: *range, status: RowStatus::Wait, asn: None, owner: None })
            .collect();
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let merged = Merge { rows: &rows, ids: &ids, length: length.get() }.merge();
        merged.map(|merged| merged.range()).map_err(|violations| violations[0].clone())
    }
}
