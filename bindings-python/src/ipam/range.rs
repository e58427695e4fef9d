use super::{
    family::{Side, each_range, length_in, size_out},
    given::entries_in,
    ranges::{Ranges, told},
};
use crate::border::{
    Fault, Result,
    address::{address_of, address_out, network_out, range_of},
    number::count_of,
};
use counterfoil::{
    error::IpamError,
    ipam::{self, Interval, IpAddress, IpRange, MiniSplitDiff, PlanDraft, SplitLimits},
};
use pyo3::{
    prelude::*,
    types::{PyDict, PyTuple},
};
use std::hash::{Hash, Hasher};

/// A labelled range of IPv4 or IPv6 addresses: from a first to a last, and the length of the one network that both are
/// in, of which it may be a part.
///
/// It is made of text, of an object of ``ipaddress``, or of two addresses. Two addresses without a length have the
/// longest that they share. Ordered by first address, last address and length, IPv4 before IPv6.
///
/// Errors: ``ipam.address``, ``ipam.not_canonical``, ``ipam.host_bits``, ``ipam.length``, ``ipam.reversed``,
/// ``ipam.not_one_network``, ``ipam.mixed_families``, ``ipam.format``; ``wire.bad_input`` for another type.
///
/// >>> from ipaddress import ip_address, ip_network
/// >>> from counterfoil import Range
/// >>> Range("10.0.0.0/16")
/// Range('10.0.0.0/16')
/// >>> office = Range("10.0.0.1-10.0.0.200/24")
/// >>> office.first, office.size, office.prefix_len, office.is_full
/// (IPv4Address('10.0.0.1'), 200, 24, False)
/// >>> Range(ip_address("10.0.0.0"), ip_address("10.0.0.255")) == Range(ip_network("10.0.0.0/24"))
/// True
/// >>> Range("10.0.0.9/24")
/// Traceback (most recent call last):
/// counterfoil._errors.InvalidInput: `10.0.0.9/24` has host bits set: its network is `10.0.0.0/24`
///
/// Rules: R-I1, R-I2.
#[pyclass(frozen, eq, ord, hash, module = "counterfoil")]
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Range {
    inner: IpRange,
}

impl Hash for Range {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.inner.hash(state);
    }
}

impl From<IpRange> for Range {
    fn from(inner: IpRange) -> Self {
        Self { inner }
    }
}

impl Range {
    pub(super) const fn inner(&self) -> &IpRange {
        &self.inner
    }

    /// Reads a range: ours, text, or an object of `ipaddress`.
    pub(crate) fn read(value: &Bound<'_, PyAny>, at: &str) -> Result<IpRange> {
        match value.cast::<Self>() {
            Ok(range) => Ok(range.get().inner),
            Err(_) => range_of(value, at),
        }
    }

    fn of_ends<A: Side>(first: A, last: A, length: Option<&Bound<'_, PyAny>>) -> Result<Self> {
        let length = length.map(|length| length_in::<A>(length, "length")).transpose()?;
        let interval = Interval::new(first, last)?;
        let length = length.unwrap_or_else(|| interval.tightest_length());
        Ok(A::range(ipam::Range::new(interval, length)?).into())
    }
}

#[pymethods]
impl Range {
    #[new]
    #[pyo3(signature = (range, last=None, length=None), text_signature = "(range, last=None, length=None)")]
    fn new(
        range: &Bound<'_, PyAny>,
        last: Option<&Bound<'_, PyAny>>,
        length: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        let Some(last) = last else {
            if length.is_some() {
                let fault = "a length goes with two addresses: pass `last` too, or text like `10.0.0.0/24`";
                return Err(Fault::bad_input("length", fault));
            }
            return Self::read(range, "range").map(Self::from);
        };
        let last = address_of(last, "last")?;
        match address_of(range, "first")? {
            IpAddress::V4(first) => Self::of_ends(first, last.try_into()?, length),
            IpAddress::V6(first) => Self::of_ends(first, last.try_into()?, length),
        }
    }

    /// Its first address, an object of ``ipaddress``.
    #[getter]
    fn first<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        each_range!(self.inner, range => address_out(py, range.first()))
    }

    /// Its last address, which is part of it.
    #[getter]
    fn last<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        each_range!(self.inner, range => address_out(py, range.last()))
    }

    /// How many addresses, from 1 to 2**128.
    #[getter]
    fn size<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        size_out(py, each_range!(self.inner, range => range.size()))
    }

    /// Its label: the length of the network that it is in, in bits.
    #[getter]
    fn prefix_len(&self) -> u8 {
        each_range!(self.inner, range => range.length().get())
    }

    /// The longest label that it could carry, in bits.
    #[getter]
    fn tightest_length(&self) -> u8 {
        each_range!(self.inner, range => range.tightest_length().get())
    }

    /// The network of its label, an object of ``ipaddress``.
    #[getter]
    fn network<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        each_range!(self.inner, range => network_out(py, range.network()))
    }

    /// Whether it is all of its network.
    #[getter]
    fn is_full(&self) -> bool {
        each_range!(self.inner, range => range.is_full())
    }

    /// ``"ipv4"`` or ``"ipv6"``.
    #[getter]
    fn family(&self) -> &'static str {
        self.inner.family().name()
    }

    /// The fewest networks that have exactly its addresses, as objects of ``ipaddress``.
    ///
    /// >>> from counterfoil import Range
    /// >>> Range("10.0.0.0-10.0.1.31").prefixes()
    /// (IPv4Network('10.0.0.0/24'), IPv4Network('10.0.1.0/27'))
    ///
    /// Rule: R-I10.
    fn prefixes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let networks = each_range!(self.inner, range => {
            range.interval().cidrs().map(|prefix| network_out(py, prefix)).collect::<PyResult<Vec<_>>>()
        })?;
        PyTuple::new(py, networks)
    }

    /// Its pieces of a length, cut along the grid of that length; the first and the last clipped to the range.
    ///
    /// Nothing is computed before a piece is asked for, so 2**64 pieces cost nothing, and any of them is there at
    /// once. A page of them is ``offset`` and ``limit``, or a slice.
    ///
    /// ``limits="portal"`` refuses more than 256 pieces and, in IPv4, a length more than 8 longer than the label;
    /// ``most_pieces`` and ``most_longer_by`` are limits of your own.
    ///
    /// Errors: ``ipam.length``, ``ipam.shorter_than_label``, ``ipam.too_many_pieces``, ``ipam.too_much_longer``,
    /// ``ipam.unknown_word``.
    ///
    /// >>> from counterfoil import Range
    /// >>> Range("10.0.0.1-10.0.0.200/24").split(26).texts()
    /// ['10.0.0.1-10.0.0.63/26', '10.0.0.64/26', '10.0.0.128/26', '10.0.0.192-10.0.0.200/26']
    /// >>> Range("::/0").split(64)[-1]
    /// Range('ffff:ffff:ffff:ffff::/64')
    ///
    /// Rule: R-I3.
    #[pyo3(
        signature = (length, offset=None, limit=None, *, limits=None, most_pieces=None, most_longer_by=None),
        text_signature = "($self, length, offset=None, limit=None, *, limits=None, most_pieces=None, most_longer_by=None)"
    )]
    fn split(
        &self,
        length: &Bound<'_, PyAny>,
        offset: Option<&Bound<'_, PyAny>>,
        limit: Option<&Bound<'_, PyAny>>,
        limits: Option<&Bound<'_, PyAny>>,
        most_pieces: Option<&Bound<'_, PyAny>>,
        most_longer_by: Option<&Bound<'_, PyAny>>,
    ) -> Result<Ranges> {
        let count = |value: Option<&Bound<'_, PyAny>>, at: &str| value.map(|value| count_of::<u128>(value, at));
        let (offset, limit) = (count(offset, "offset").transpose()?, count(limit, "limit").transpose()?);
        let most_pieces = count(most_pieces, "most_pieces").transpose()?;
        let most_longer_by = most_longer_by.map(|most| count_of::<u8>(most, "most_longer_by")).transpose()?;
        each_range!(self.inner, range => {
            let mut within = match limits {
                Some(name) => crate::border::text::parsed(name, "limits")?,
                None => SplitLimits::NONE,
            };
            within = most_pieces.map_or(within, |most| within.with_pieces(most));
            within = most_longer_by.map_or(within, |most| within.with_longer_by(most));
            let split = range.split_within(length_in(length, "length")?, within)?;
            Ok(Ranges::page(split, offset.unwrap_or(0), limit))
        })
    }

    /// Few pieces, of which some have the length: the first ``2 ** diff`` of it are cut flat, and the rest is halved.
    ///
    /// ``diff`` is 3 where it is not said; it may be 1 to 10 in IPv4 and 1 to 8 in IPv6.
    ///
    /// Errors: ``ipam.length``, ``ipam.not_longer``, ``ipam.mini_split_diff``.
    ///
    /// >>> from counterfoil import Range
    /// >>> pieces = Range("10.0.0.0/16").mini_split(24)
    /// >>> len(pieces), str(pieces[0]), str(pieces[-1])
    /// (13, '10.0.0.0/24', '10.0.128.0/17')
    ///
    /// Rule: R-I5.
    #[pyo3(signature = (length, diff=None), text_signature = "($self, length, diff=None)")]
    fn mini_split(&self, length: &Bound<'_, PyAny>, diff: Option<&Bound<'_, PyAny>>) -> Result<Ranges> {
        let diff = diff.map(|diff| count_of::<u8>(diff, "diff")).transpose()?;
        each_range!(self.inner, range => {
            let diff = diff.map_or_else(|| Ok(MiniSplitDiff::default()), MiniSplitDiff::new)?;
            Ok(Ranges::listed(range.mini_split(length_in(length, "length")?, diff)?.into_ranges()))
        })
    }

    /// The pieces of a plan, if they tile the range: in order, without gaps, none with a shorter label.
    ///
    /// An entry is a ``Range``, an object of ``ipaddress``, or text, ``10.0.0.0/25`` or ``10.0.0.0-10.0.0.9/25``,
    /// which may be wrong in any way that a violation tells. At most ``limit`` entries, 1024 where it is not said.
    ///
    /// Errors: the first of ``plan_violations``.
    ///
    /// >>> from counterfoil import Range
    /// >>> len(Range("10.0.0.0/24").check_plan(["10.0.0.0/25", "10.0.0.128/25"]))
    /// 2
    /// >>> Range("10.0.0.0/24").check_plan(["10.0.0.0/25", "10.0.0.129-10.0.0.255/25"])
    /// Traceback (most recent call last):
    /// counterfoil._errors.Conflict: entry 1 of the plan, `10.0.0.129-10.0.0.255/25`: it does not begin right after `10.0.0.0-10.0.0.127/25`
    ///
    /// Rule: R-I4.
    #[pyo3(signature = (entries, *, limit=None), text_signature = "($self, entries, *, limit=None)")]
    fn check_plan(&self, entries: &Bound<'_, PyAny>, limit: Option<&Bound<'_, PyAny>>) -> Result<Ranges> {
        let limit = limit.map(|limit| count_of::<usize>(limit, "limit")).transpose()?;
        each_range!(self.inner, range => {
            let entries = entries_in(entries, "entries")?;
            let draft = PlanDraft::new(range, &entries);
            let draft = limit.map_or(draft, |limit| draft.with_limit(limit));
            Ok(Ranges::listed(draft.check_in_portal_order()?.into_ranges()))
        })
    }

    /// All that is wrong with a plan, as errors that are not raised; empty where ``check_plan`` would give its pieces.
    ///
    /// In this order, ``ipam.empty_plan`` or ``ipam.plan_too_long`` alone; ``ipam.plan_start``, ``ipam.plan_end``; of
    /// each entry in turn ``ipam.plan_shorter``, ``ipam.plan_length``, ``ipam.plan_reversed``,
    /// ``ipam.plan_not_contiguous``; then ``ipam.plan_not_one_network``.
    ///
    /// >>> from counterfoil import Range
    /// >>> [wrong.code for wrong in Range("10.0.0.0/24").plan_violations(["10.0.0.1-10.0.0.200/24"])]
    /// ['ipam.plan_start', 'ipam.plan_end']
    ///
    /// Rule: R-I4.
    #[pyo3(signature = (entries, *, limit=None), text_signature = "($self, entries, *, limit=None)")]
    fn plan_violations<'py>(
        &self,
        entries: &Bound<'py, PyAny>,
        limit: Option<&Bound<'_, PyAny>>,
    ) -> Result<Bound<'py, PyTuple>> {
        let limit = limit.map(|limit| count_of::<usize>(limit, "limit")).transpose()?;
        let violations: Vec<IpamError> = each_range!(self.inner, range => {
            let read = entries_in(entries, "entries")?;
            let draft = PlanDraft::new(range, &read);
            limit.map_or(draft, |limit| draft.with_limit(limit)).check().err().unwrap_or_default()
        });
        told(entries.py(), violations)
    }

    /// Whether all of a range, or an address, is in it. One of the other family is ``ipam.mixed_families``.
    ///
    /// >>> from ipaddress import ip_address
    /// >>> from counterfoil import Range
    /// >>> Range("10.0.0.0/8").contains("10.1.0.0/16"), ip_address("11.0.0.1") in Range("10.0.0.0/8")
    /// (True, False)
    fn contains(&self, other: &Bound<'_, PyAny>) -> Result<bool> {
        each_range!(self.inner, range => {
            Ok(range.interval().covers(super::family::interval_in(other, "other")?))
        })
    }

    fn __contains__(&self, other: &Bound<'_, PyAny>) -> Result<bool> {
        self.contains(other)
    }

    /// Whether it has an address together with a range. One of the other family is ``ipam.mixed_families``.
    fn overlaps(&self, other: &Bound<'_, PyAny>) -> Result<bool> {
        each_range!(self.inner, range => {
            Ok(range.interval().overlaps(super::family::interval_in(other, "other")?))
        })
    }

    fn __str__(&self) -> String {
        self.inner.to_string()
    }

    fn __repr__(&self) -> String {
        format!("Range('{}')", self.inner)
    }

    fn __reduce__(&self, py: Python<'_>) -> (Py<PyAny>, (String,)) {
        (py.get_type::<Self>().into_any().unbind(), (self.inner.to_string(),))
    }

    /// ``{"range", "family", "first", "last", "prefix_len", "size"}``.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("range", self.__str__())?;
        members.set_item("family", self.family())?;
        members.set_item("first", self.first(py)?)?;
        members.set_item("last", self.last(py)?)?;
        members.set_item("prefix_len", self.prefix_len())?;
        members.set_item("size", self.size(py)?)?;
        Ok(members)
    }
}
