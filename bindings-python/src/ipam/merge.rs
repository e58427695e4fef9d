//! Many ranges made one, or the fewest networks.

use super::{
    family::{Side, each, length_in},
    given::ranges_of,
    range::Range,
    ranges::{AnyPieces, Ranges, bounded},
};
use crate::border::Result;
use counterfoil::ipam::{self, IpSet};
use pyo3::prelude::*;

/// Makes ranges that follow each other one range, in whatever order they are.
///
/// Without a length it has the longest label that it may have: the tightest of its addresses, and none that is longer
/// than that of any of them.
///
/// Errors: ``ipam.empty_merge``, ``ipam.merge_shorter``, ``ipam.merge_not_contiguous``, ``ipam.merge_supernet``,
/// ``ipam.length``, ``ipam.mixed_families``.
///
/// >>> from counterfoil import merge_ranges
/// >>> merge_ranges(["159.0.2.0/24", "159.0.1.0/24"])
/// Range('159.0.1.0-159.0.2.255/22')
/// >>> merge_ranges(["10.0.0.0/24", "10.0.2.0/24"], 16)
/// Traceback (most recent call last):
/// counterfoil._errors.Conflict: rows 0 and 1, `10.0.0.0/24` and `10.0.2.0/24`: the second does not begin right after the first
///
/// Rule: R-I8. Rows with a state and an owner are merged by ``counterfoil.ipam.merge``.
#[pyfunction]
#[pyo3(signature = (ranges, length=None), text_signature = "(ranges, length=None)")]
pub(crate) fn merge_ranges(ranges: &Bound<'_, PyAny>, length: Option<&Bound<'_, PyAny>>) -> Result<Range> {
    merged(&*ranges_of(ranges, "ranges")?, length)
}

/// The same of pieces that are read.
pub(super) fn merged(pieces: &AnyPieces, length: Option<&Bound<'_, PyAny>>) -> Result<Range> {
    each!(pieces, pieces => {
        bounded(pieces)?;
        let length = length.map(|length| length_in(length, "length")).transpose()?;
        Ok(Side::range(ipam::merge_ranges(&pieces.list(), length)?).into())
    })
}

/// The fewest networks that have exactly the addresses of ranges, in order.
///
/// >>> from counterfoil import aggregate
/// >>> aggregate(["192.0.2.128/25", "192.0.2.0/25", "192.0.2.7"])
/// Ranges(['192.0.2.0/24'])
///
/// Rule: R-I10.
#[pyfunction]
#[pyo3(text_signature = "(ranges)")]
pub(crate) fn aggregate(py: Python<'_>, ranges: &Bound<'_, PyAny>) -> Result<Ranges> {
    let given = ranges_of(ranges, "ranges")?;
    let given: &AnyPieces = &given;
    py.detach(|| {
        each!(given, pieces => {
            bounded(pieces)?;
            let set: IpSet<_> = pieces.iter().collect();
            Ok(Ranges::listed(set.cidrs().map(ipam::Range::from).collect()))
        })
    })
}
