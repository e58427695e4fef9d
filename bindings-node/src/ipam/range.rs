//! One range, which is its canonical text.

use super::{
    block::written,
    family::{each_range, length_of, range_of, read},
};
use crate::border::Result;
use counterfoil::ipam::{Address, Interval, IpAddress, MiniSplitDiff, Range};
use napi_derive::napi;
use std::cmp::Ordering;

/// The canonical text of a range.
#[napi(catch_unwind)]
pub(crate) fn range_read(range: String) -> Result<String> {
    Ok(range_of(&range)?.to_string())
}

/// The range of two addresses, with the longest label that they share where none is said.
#[napi(catch_unwind)]
pub(crate) fn range_of_ends(first: String, last: String, length: Option<f64>) -> Result<String> {
    let last: IpAddress = last.parse()?;
    match first.parse()? {
        IpAddress::V4(first) => of_ends(first, last.try_into()?, length),
        IpAddress::V6(first) => of_ends(first, last.try_into()?, length),
    }
}

fn of_ends<A: Address>(first: A, last: A, length: Option<f64>) -> Result<String> {
    let length = length.map(length_of::<A>).transpose()?;
    let interval = Interval::new(first, last)?;
    Ok(Range::new(interval, length.unwrap_or_else(|| interval.tightest_length()))?.to_string())
}

/// What a range is: first, last, size, label, tightest length, network, whether it is all of it, and the family.
#[napi(catch_unwind)]
pub(crate) fn range_facts(range: String) -> Result<String> {
    let range = range_of(&range)?;
    let family = range.family();
    Ok(each_range!(range, range => format!(
        "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{family}",
        range.first(),
        range.last(),
        range.size(),
        range.length(),
        range.tightest_length(),
        range.network(),
        range.is_full(),
    )))
}

/// The fewest networks that have exactly its addresses.
#[napi(catch_unwind)]
pub(crate) fn range_prefixes(range: String) -> Result<String> {
    Ok(each_range!(range_of(&range)?, range => written(range.interval().cidrs())))
}

/// Whether all of another is in it.
#[napi(catch_unwind)]
pub(crate) fn range_contains(range: String, other: String) -> Result<bool> {
    each_range!(range_of(&range)?, range => Ok(range.interval().covers(read::<Range<_>>(&other)?.interval())))
}

/// Whether it has an address together with another.
#[napi(catch_unwind)]
pub(crate) fn range_overlaps(range: String, other: String) -> Result<bool> {
    each_range!(range_of(&range)?, range => Ok(range.interval().overlaps(read::<Range<_>>(&other)?.interval())))
}

/// Less than zero, zero or more: by family, first address, last address and label.
#[napi(catch_unwind)]
pub(crate) fn range_compare(one: String, other: String) -> Result<i32> {
    Ok(match range_of(&one)?.cmp(&range_of(&other)?) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    })
}

/// Few pieces, of which some have the length.
#[napi(catch_unwind)]
pub(crate) fn range_mini_split(range: String, length: f64, diff: Option<u8>) -> Result<String> {
    each_range!(range_of(&range)?, range => {
        let diff = diff.map_or_else(|| Ok(MiniSplitDiff::default()), MiniSplitDiff::new)?;
        Ok(written(range.mini_split(length_of(length)?, diff)?.into_ranges()))
    })
}
