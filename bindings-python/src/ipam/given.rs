//! Lists that are passed: of ranges, of entries of a plan, of whatever else is given one after the other.

use super::{
    family::{Either, Side, each, range_in},
    pieces::Pieces,
    range::Range,
    ranges::{AnyPieces, Ranges, bounded},
    set::RangeSet,
};
use crate::border::{Fault, Result, address::object_text, number::shown, text::unicode};
use counterfoil::ipam::{self, IpRange, Ipv4, Ipv6, UncheckedRange};
use pyo3::{
    prelude::*,
    types::{PyList, PyString, PyTuple},
};
use std::ops::Deref;

/// Ranges that were given: ours as they are, others read.
pub(super) enum Given<'a> {
    Ours(&'a AnyPieces),
    Read(AnyPieces),
}

impl Deref for Given<'_> {
    type Target = AnyPieces;

    fn deref(&self) -> &AnyPieces {
        match self {
            Self::Ours(pieces) => pieces,
            Self::Read(pieces) => pieces,
        }
    }
}

/// Reads ranges of one family, which is that of the first.
pub(super) fn ranges_of<'a>(value: &'a Bound<'_, PyAny>, at: &str) -> Result<Given<'a>> {
    if let Ok(ranges) = value.cast::<Ranges>() {
        return Ok(Given::Ours(ranges.get().inner()));
    }
    if let Ok(set) = value.cast::<RangeSet>() {
        return Ok(Given::Read(set.get().pieces()));
    }
    if let Some(items) = snapshot(value)
        && let Some(ranges) = ours::<Ipv4>(&items).map(Either::V4).or_else(|| ours::<Ipv6>(&items).map(Either::V6))
    {
        return Ok(Given::Read(each!(ranges, ranges => Side::pieces(Pieces::Listed(ranges)))));
    }
    let (mut read, mut wrong) = (None, None);
    for_each(value, at, |place, item| {
        match &mut read {
            None => {
                read = Some(match item_in(place, item, at, Range::read)? {
                    IpRange::V4(range) => Either::V4(vec![range]),
                    IpRange::V6(range) => Either::V6(vec![range]),
                });
            }
            Some(Either::V4(ranges)) => ranges.push(item_in(place, item, at, range_in)?),
            Some(Either::V6(ranges)) => ranges.push(item_in(place, item, at, range_in)?),
        }
        Ok(())
    })
    .unwrap_or_else(|fault| wrong = Some(fault));
    match (wrong, read) {
        (Some(fault), _) => Err(fault),
        (None, Some(Either::V4(ranges))) => Ok(Given::Read(Either::V4(Pieces::Listed(ranges)))),
        (None, Some(Either::V6(ranges))) => Ok(Given::Read(Either::V6(Pieces::Listed(ranges)))),
        (None, None) => Ok(Given::Read(Either::V4(Pieces::Listed(Vec::new())))),
    }
}

/// Reads ranges of a family that is known.
pub(super) fn intervals_in<A: Side>(value: &Bound<'_, PyAny>, at: &str) -> Result<Vec<ipam::Range<A>>> {
    if let Some(ranges) = snapshot(value).and_then(|items| ours(&items)) {
        return Ok(ranges);
    }
    let mut read = Vec::new();
    for_each(value, at, |place, item| {
        read.push(item_in(place, item, at, range_in)?);
        Ok(())
    })?;
    Ok(read)
}

/// Reads the entries of a plan, of which nothing is checked yet.
pub(super) fn entries_in<A: Side>(value: &Bound<'_, PyAny>, at: &str) -> Result<Vec<UncheckedRange<A>>> {
    if let Ok(ranges) = value.cast::<Ranges>() {
        let ranges = ranges.get();
        if let Some(pieces) = A::of_pieces(ranges.inner()) {
            bounded(pieces)?;
            return Ok(pieces.iter().map(UncheckedRange::from).collect());
        }
    }
    if let Some(ranges) = snapshot(value).and_then(|items| ours(&items)) {
        return Ok(ranges.into_iter().map(UncheckedRange::from).collect());
    }
    let mut read = Vec::new();
    for_each(value, at, |place, item| {
        read.push(match item.cast::<PyString>() {
            Ok(text) => unicode(text, at)?.parse()?,
            Err(_) => item_in(place, item, at, range_in)?.into(),
        });
        Ok(())
    })?;
    Ok(read)
}

/// The items of a list or a tuple, as they are now.
fn snapshot<'py>(value: &Bound<'py, PyAny>) -> Option<Bound<'py, PyTuple>> {
    match value.cast::<PyList>() {
        Ok(items) => Some(items.to_tuple()),
        Err(_) => value.cast::<PyTuple>().ok().cloned(),
    }
}

/// Ranges that are all ours and of one family, as a list of many is most often; none where one is anything else, and
/// is read or refused by itself.
fn ours<A: Side>(items: &Bound<'_, PyTuple>) -> Option<Vec<ipam::Range<A>>> {
    let mut ranges = Vec::with_capacity(items.len());
    for item in items.iter_borrowed() {
        ranges.push(A::of_handle(item.cast::<Range>().ok()?.get().inner())?);
    }
    Some(ranges)
}

/// Does something with each item of a list, a tuple, or whatever gives one after the other; not with the addresses of
/// a network, or the letters of a text.
pub(super) fn for_each<'py>(
    value: &Bound<'py, PyAny>,
    at: &str,
    mut with: impl FnMut(usize, &Bound<'py, PyAny>) -> Result<()>,
) -> Result<()> {
    if let Some(items) = snapshot(value) {
        return items.iter().enumerate().try_for_each(|(place, item)| with(place, &item));
    }
    let is_one = value.is_instance_of::<PyString>() || object_text(value)?.is_some();
    let items = match value.try_iter() {
        Ok(items) if !is_one => items,
        _ => return Err(Fault::bad_input(at, format!("{} is no list: pass a list of them", shown(value)))),
    };
    for (place, item) in items.enumerate() {
        with(place, &item?)?;
    }
    Ok(())
}

/// Reads an item; where it is wrong, again with its place.
pub(super) fn item_in<'py, T>(
    place: usize,
    item: &Bound<'py, PyAny>,
    at: &str,
    read: impl Fn(&Bound<'py, PyAny>, &str) -> Result<T>,
) -> Result<T> {
    read(item, at).or_else(|_| read(item, &format!("{at}[{place}]")))
}
