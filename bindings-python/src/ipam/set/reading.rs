//! What a set is made of: another set, a range, a list of them, a block of text.

use super::RangeSet;
use crate::{
    border::{Fault, Result, address::object_text, number::shown},
    ipam::{
        family::{Either, Side, each},
        given::{intervals_in, ranges_of},
        pieces::Pieces,
        range::Range,
        ranges::Ranges,
    },
};
use counterfoil::{
    error::IpamError,
    ipam::{self, IpRange, IpSet, Ipv4, Ipv6, Reading, bulk},
};
use pyo3::{buffer::PyBuffer, prelude::*, types::PyString};

impl RangeSet {
    /// Another set: ours, or ranges in the family of this one.
    pub(super) fn other(&self, value: &Bound<'_, PyAny>, at: &str) -> Result<Self> {
        if let Ok(set) = value.cast::<Self>() {
            let inner = set.get().inner.as_ref();
            return Ok(Self { inner: inner.map(|set| each!(set, set => Side::set(set.clone()))) });
        }
        match (&self.inner, single(value)?) {
            (_, true) => read_one(value, at),
            (Some(Either::V4(_)), false) if !value.is_instance_of::<Ranges>() => {
                Ok(intervals_in::<Ipv4>(value, at)?.into_iter().collect::<IpSet<_>>().into())
            }
            (Some(Either::V6(_)), false) if !value.is_instance_of::<Ranges>() => {
                Ok(intervals_in::<Ipv6>(value, at)?.into_iter().collect::<IpSet<_>>().into())
            }
            _ => read_many(value, at),
        }
    }
}

/// Whether it is one range, and not a list of them.
fn single(value: &Bound<'_, PyAny>) -> Result<bool> {
    Ok(value.is_instance_of::<Range>() || value.is_instance_of::<PyString>() || object_text(value)?.is_some())
}

fn read_one(value: &Bound<'_, PyAny>, at: &str) -> Result<RangeSet> {
    Ok(match Range::read(value, at)? {
        IpRange::V4(range) => IpSet::from(range).into(),
        IpRange::V6(range) => IpSet::from(range).into(),
    })
}

fn read_many(value: &Bound<'_, PyAny>, at: &str) -> Result<RangeSet> {
    let given = ranges_of(value, at)?;
    each!(&*given, pieces => match pieces {
        // Without a range there is no family.
        Pieces::Listed(ranges) if ranges.is_empty() => Ok(RangeSet { inner: None }),
        Pieces::Listed(ranges) => Ok(ranges.iter().copied().collect::<IpSet<_>>().into()),
        // The pieces of a split have no gaps.
        Pieces::Split(_) => match (pieces.first(), pieces.last()) {
            (Some(first), Some(last)) => Ok(IpSet::from(ipam::Interval::new(first.first(), last.last())?).into()),
            _ => Ok(RangeSet { inner: None }),
        },
    })
}

/// The bytes of a buffer.
pub(super) fn bytes(value: &Bound<'_, PyAny>) -> Result<Vec<u8>> {
    let wrong = || Fault::bad_input("block", format!("{} is no block of text: pass `str` or `bytes`", shown(value)));
    let buffer = PyBuffer::<u8>::get(value).map_err(|_| wrong())?;
    Ok(buffer.to_vec(value.py())?)
}

pub(super) fn read_lines<A: Side>(block: &[u8], reading: Reading) -> std::result::Result<RangeSet, (usize, IpamError)> {
    let ranges = bulk::lines::<ipam::Range<A>>(block, reading).map(|line| line.value.map_err(|error| (line.at, error)));
    Ok(ranges.collect::<std::result::Result<IpSet<A>, _>>()?.into())
}
