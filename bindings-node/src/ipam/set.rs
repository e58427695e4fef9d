//! Sets of addresses of one family, kept as their maximal ranges in order; labels are forgotten.

use super::{
    block::{ranges_of, read_all, written},
    family::{Either, READING, each, family_of, range_of, read},
};
use crate::border::{Fault, Result};
use counterfoil::{
    error::{IpamError, excerpt},
    ipam::{Address, Family, Interval, IpRange, IpSet, Ipv4, Ipv6, Range, Reading, Size, bulk},
};
use napi::bindgen_prelude::{External, Uint8Array};
use napi_derive::napi;

/// A set; one without addresses may have no family yet.
pub(crate) struct RangeSet {
    inner: Option<AnySet>,
}

type AnySet = Either<IpSet<Ipv4>, IpSet<Ipv6>>;

/// The most networks that are listed where nothing else is said.
const MOST_PREFIXES: usize = 100_000;

/// Does something with two sets of one family.
macro_rules! both {
    ($one:expr, $other:expr, $a:ident $b:ident => $do:expr, $none:expr) => {
        match ($one, $other) {
            (None, None) => $none,
            (Some(Either::V4($a)), None) => {
                let $b = &IpSet::EMPTY;
                $do
            }
            (Some(Either::V6($a)), None) => {
                let $b = &IpSet::EMPTY;
                $do
            }
            (None, Some(Either::V4($b))) => {
                let $a = &IpSet::EMPTY;
                $do
            }
            (None, Some(Either::V6($b))) => {
                let $a = &IpSet::EMPTY;
                $do
            }
            (Some(Either::V4($a)), Some(Either::V4($b))) => $do,
            (Some(Either::V6($a)), Some(Either::V6($b))) => $do,
            (Some(one), Some(other)) => Err(mixed(one, other)),
        }
    };
}

macro_rules! kept {
    ($($address:ident $variant:ident),*) => { $(impl From<IpSet<$address>> for RangeSet {
        fn from(set: IpSet<$address>) -> Self {
            Self { inner: Some(Either::$variant(set)) }
        }
    })* };
}
kept!(Ipv4 V4, Ipv6 V6);

impl RangeSet {
    fn of_family(family: Option<String>) -> Result<Self> {
        Ok(match family.map(|family| family_of(&family)).transpose()? {
            None => Self { inner: None },
            Some(Family::Ipv6) => IpSet::<Ipv6>::EMPTY.into(),
            Some(_) => IpSet::<Ipv4>::EMPTY.into(),
        })
    }

    /// As JavaScript keeps it, which collects what it knows to be large.
    fn kept(self) -> External<Self> {
        let size = self.inner.as_ref().map_or(0, |set| each!(set, set => size_of_val(set.intervals())));
        External::new_with_size_hint(self, size)
    }

    fn union(&self, other: &Self) -> Result<Self> {
        both!(&self.inner, &other.inner, a b => Ok(a.union(b).into()), Ok(Self { inner: None }))
    }
}

/// A set of ranges, in the family that is named or in theirs.
#[napi(catch_unwind)]
pub(crate) fn set_of(block: String, count: u32, family: Option<String>) -> Result<External<RangeSet>> {
    let empty = RangeSet::of_family(family)?;
    let set = match ranges_of(&block, count)? {
        // Without a range there is no family.
        Either::V4(ranges) if ranges.is_empty() => RangeSet { inner: None },
        Either::V4(ranges) => ranges.into_iter().collect::<IpSet<_>>().into(),
        Either::V6(ranges) => ranges.into_iter().collect::<IpSet<_>>().into(),
    };
    Ok(empty.union(&set)?.kept())
}

/// Reads a block of text with one range on a line and `#` before a comment, strictly where no reading is said.
#[napi(catch_unwind)]
pub(crate) fn set_read(block: String, family: String, reading: Option<String>) -> Result<External<RangeSet>> {
    read_lines(block.as_bytes(), &family, reading)
}

/// The same of bytes of UTF-8.
#[napi(catch_unwind)]
pub(crate) fn set_read_bytes(block: Uint8Array, family: String, reading: Option<String>) -> Result<External<RangeSet>> {
    read_lines(&block, &family, reading)
}

fn read_lines(block: &[u8], family: &str, reading: Option<String>) -> Result<External<RangeSet>> {
    let reading: Reading = reading.map_or(Ok(READING), |reading| reading.parse())?;
    let set: RangeSet = match family_of(family)? {
        Family::Ipv6 => lines_in::<Ipv6>(block, reading)?.into(),
        _ => lines_in::<Ipv4>(block, reading)?.into(),
    };
    Ok(set.kept())
}

fn lines_in<A: Address>(block: &[u8], reading: Reading) -> Result<IpSet<A>> {
    let ranges = bulk::lines::<Range<A>>(block, reading);
    ranges.map(|line| line.value.map_err(|error| Fault::from(error).in_line(line.at))).collect()
}

/// The name of its family, or an empty text where it has none yet.
#[napi(catch_unwind)]
pub(crate) fn set_family(set: &External<RangeSet>) -> &'static str {
    match &set.inner {
        None => "",
        Some(Either::V4(_)) => Family::Ipv4.name(),
        Some(Either::V6(_)) => Family::Ipv6.name(),
    }
}

/// How many addresses.
#[napi(catch_unwind)]
pub(crate) fn set_size(set: &External<RangeSet>) -> String {
    set.inner.as_ref().map_or(Size::ZERO, |set| each!(set, set => set.size())).to_string()
}

/// How many maximal ranges.
#[napi(catch_unwind)]
pub(crate) fn set_range_count(set: &External<RangeSet>) -> u32 {
    let count = set.inner.as_ref().map_or(0, |set| each!(set, set => set.intervals().len()));
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// How many networks its aggregate has.
#[napi(catch_unwind)]
pub(crate) fn set_prefix_count(set: &External<RangeSet>) -> String {
    set.inner.as_ref().map_or(0, |set| each!(set, set => set.cidrs().len())).to_string()
}

/// Its first maximal ranges in order, each with the longest label that it can have; all where no number is said.
#[napi(catch_unwind)]
pub(crate) fn set_ranges(set: &External<RangeSet>, first: Option<u32>) -> String {
    let most = first.and_then(|first| usize::try_from(first).ok()).unwrap_or(usize::MAX);
    let Some(set) = &set.inner else { return String::new() };
    each!(set, set => written(set.intervals().iter().take(most).filter_map(tightest)))
}

fn tightest<A: Address>(interval: &Interval<A>) -> Option<Range<A>> {
    Range::new(*interval, interval.tightest_length()).ok()
}

/// Its aggregate, the fewest networks with exactly its addresses.
#[napi(catch_unwind)]
pub(crate) fn set_cidrs(set: &External<RangeSet>, limit: Option<f64>) -> Result<String> {
    let limit = limit.map_or(MOST_PREFIXES, |limit| limit as usize);
    match &set.inner {
        None => Ok(String::new()),
        Some(set) => each!(set, set => Ok(written(set.to_cidrs(limit)?))),
    }
}

/// What either has.
#[napi(catch_unwind)]
pub(crate) fn set_union(one: &External<RangeSet>, other: &External<RangeSet>) -> Result<External<RangeSet>> {
    Ok(one.union(other)?.kept())
}

/// What both have.
#[napi(catch_unwind)]
pub(crate) fn set_intersection(one: &External<RangeSet>, other: &External<RangeSet>) -> Result<External<RangeSet>> {
    let set: Result<RangeSet> =
        both!(&one.inner, &other.inner, a b => Ok(a.intersection(b).into()), Ok(RangeSet { inner: None }));
    Ok(set?.kept())
}

/// What the first has that the other has not.
#[napi(catch_unwind)]
pub(crate) fn set_difference(one: &External<RangeSet>, other: &External<RangeSet>) -> Result<External<RangeSet>> {
    let set: Result<RangeSet> =
        both!(&one.inner, &other.inner, a b => Ok(a.difference(b).into()), Ok(RangeSet { inner: None }));
    Ok(set?.kept())
}

/// What exactly one of them has.
#[napi(catch_unwind)]
pub(crate) fn set_symmetric_difference(
    one: &External<RangeSet>,
    other: &External<RangeSet>,
) -> Result<External<RangeSet>> {
    let set: Result<RangeSet> =
        both!(&one.inner, &other.inner, a b => Ok(a.symmetric_difference(b).into()), Ok(RangeSet { inner: None }));
    Ok(set?.kept())
}

/// What of its family it has not.
#[napi(catch_unwind)]
pub(crate) fn set_complement(set: &External<RangeSet>) -> Result<External<RangeSet>> {
    match &set.inner {
        Some(set) => Ok(RangeSet::kept(each!(set, set => set.complement().into()))),
        None => Err(Fault::bad_input("family", "the set has no family: pass `family` where it is made")),
    }
}

/// Whether it has all of a range.
#[napi(catch_unwind)]
pub(crate) fn set_contains(set: &External<RangeSet>, range: String) -> Result<bool> {
    match &set.inner {
        Some(set) => each!(set, set => Ok(set.covers(read::<Range<_>>(&range)?.interval()))),
        None => range_of(&range).map(|_| false),
    }
}

/// Which of many ranges it has: 1 where it has all of one.
#[napi(catch_unwind)]
pub(crate) fn set_contains_each(set: &External<RangeSet>, block: String, count: u32) -> Result<Uint8Array> {
    let at = "others";
    let has: Vec<u8> = match &set.inner {
        Some(set) => each!(set, set => {
            let ranges: Vec<Range<_>> = read_all(&block, count, at)?;
            ranges.into_iter().map(|range| set.covers(range.interval()).into()).collect()
        }),
        None => read_all::<IpRange>(&block, count, at)?.iter().map(|_| 0).collect(),
    };
    Ok(has.into())
}

/// Whether it has an address of a range.
#[napi(catch_unwind)]
pub(crate) fn set_overlaps(set: &External<RangeSet>, range: String) -> Result<bool> {
    match &set.inner {
        Some(set) => each!(set, set => Ok(set.overlaps(read::<Range<_>>(&range)?.interval()))),
        None => range_of(&range).map(|_| false),
    }
}

/// Whether the first has every address of the other.
#[napi(catch_unwind)]
pub(crate) fn set_covers(one: &External<RangeSet>, other: &External<RangeSet>) -> Result<bool> {
    both!(&one.inner, &other.inner, a b => Ok(a.is_superset(b)), Ok(true))
}

/// Whether no address is in both.
#[napi(catch_unwind)]
pub(crate) fn set_is_apart(one: &External<RangeSet>, other: &External<RangeSet>) -> Result<bool> {
    both!(&one.inner, &other.inner, a b => Ok(a.is_disjoint(b)), Ok(true))
}

/// Whether they have the same addresses.
#[napi(catch_unwind)]
pub(crate) fn set_equals(one: &External<RangeSet>, other: &External<RangeSet>) -> bool {
    let is_empty = |set: &RangeSet| set.inner.as_ref().is_none_or(|set| each!(set, set => set.is_empty()));
    match (&one.inner, &other.inner) {
        (Some(Either::V4(a)), Some(Either::V4(b))) => a == b,
        (Some(Either::V6(a)), Some(Either::V6(b))) => a == b,
        _ => is_empty(one) && is_empty(other),
    }
}

fn mixed(one: &AnySet, other: &AnySet) -> Fault {
    let expected = match one {
        Either::V4(_) => Family::Ipv4.name(),
        Either::V6(_) => Family::Ipv6.name(),
    };
    let text = each!(other, set => excerpt(&set.to_string()));
    IpamError::MixedFamilies { text, expected }.into()
}
