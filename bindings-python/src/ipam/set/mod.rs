mod algebra;
mod reading;

use self::reading::{bytes, read_lines};
use super::{
    family::{Either, Side, each, interval_in, size_out},
    given::{intervals_in, ranges_of},
    pieces::Pieces,
    range::Range,
    ranges::Ranges,
    texts::Texts,
};
use crate::border::{
    Fault, Result,
    address::network_out,
    html,
    number::count_of,
    text::{parsed, unicode},
};
use counterfoil::ipam::{self, Family, IpSet, Ipv4, Ipv6, Reading, Size};
use pyo3::{
    prelude::*,
    pyclass::CompareOp,
    types::{PyBool, PyDict, PyString, PyTuple},
};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The most networks that are listed where nothing else is said.
const MOST_PREFIXES: usize = 100_000;

/// A set of addresses of one family, kept in Rust as its maximal ranges in order; labels are forgotten.
///
/// Made of ranges in any order, overlapping or not; one of no ranges has the family that it is combined with, or the
/// one that is said. Equal sets are equal values. ``in`` asks for an address or a whole range; there is no iteration
/// over addresses, but over ``ranges()`` and ``prefixes()``.
///
/// Errors: those of ``Range``; ``ipam.mixed_families``.
///
/// >>> from counterfoil import RangeSet
/// >>> office = RangeSet(["192.0.2.0/25", "192.0.2.128/25", "192.0.3.0/24"])
/// >>> office
/// RangeSet(['192.0.2.0/23'])
/// >>> office - RangeSet(["192.0.2.4-192.0.2.255"])
/// RangeSet(['192.0.2.0/30', '192.0.3.0/24'])
/// >>> "192.0.3.7" in office, office.size, (~office).prefix_count
/// (True, 512, 23)
///
/// Rule: R-I10.
#[pyclass(frozen, module = "counterfoil")]
pub(crate) struct RangeSet {
    /// None where there is no address, and no family yet.
    inner: Option<AnySet>,
}

type AnySet = Either<IpSet<Ipv4>, IpSet<Ipv6>>;

impl<A: Side> From<IpSet<A>> for RangeSet {
    fn from(set: IpSet<A>) -> Self {
        Self { inner: Some(A::set(set)) }
    }
}

impl RangeSet {
    /// Its maximal ranges, each with the tightest label.
    pub(super) fn pieces(&self) -> Either<Pieces<Ipv4>, Pieces<Ipv6>> {
        match &self.inner {
            Some(set) => each!(set, set => Side::pieces(Pieces::Listed(tightest(set)))),
            None => Either::V4(Pieces::Listed(Vec::new())),
        }
    }

    /// The texts of its maximal ranges.
    pub(crate) fn written(&self) -> Result<Texts> {
        self.ranges().written()
    }

    fn is_empty(&self) -> bool {
        self.inner.as_ref().is_none_or(|set| each!(set, set => set.is_empty()))
    }
}

#[pymethods]
impl RangeSet {
    #[new]
    #[pyo3(signature = (ranges=None, *, family=None), text_signature = "(ranges=(), *, family=None)")]
    fn new(ranges: Option<&Bound<'_, PyAny>>, family: Option<&Bound<'_, PyAny>>) -> Result<Self> {
        let of_family = match family.map(|family| parsed::<Family>(family, "family")).transpose()? {
            None => Self { inner: None },
            Some(Family::Ipv6) => IpSet::<Ipv6>::EMPTY.into(),
            Some(_) => IpSet::<Ipv4>::EMPTY.into(),
        };
        match ranges {
            None => Ok(of_family),
            Some(ranges) => of_family.unite(&of_family.other(ranges, "ranges")?),
        }
    }

    /// Reads a block of text, as ``str``, ``bytes`` or any buffer of them: one range on a line, ``#`` before a comment.
    ///
    /// ``reading`` is ``"strict shapes=any"`` where it is not said; ``"lenient"`` takes other spellings too. The first
    /// line that is wrong is the error, with a note that names it.
    ///
    /// >>> from counterfoil import RangeSet
    /// >>> RangeSet.read("10.0.0.0/8 # campus\n\n10.255.0.0-11.0.0.255\n", family="ipv4")
    /// RangeSet(['10.0.0.0-11.0.0.255/7'])
    ///
    /// Rule: R-I2.
    #[staticmethod]
    #[pyo3(signature = (block, *, family, reading=None), text_signature = "(block, *, family, reading=None)")]
    fn read(block: &Bound<'_, PyAny>, family: &Bound<'_, PyAny>, reading: Option<&Bound<'_, PyAny>>) -> Result<Self> {
        const STRICT: Reading = Reading { shapes: ipam::Shapes::Any, ..Reading::STRICT };
        let reading = reading.map_or(Ok(STRICT), |reading| parsed(reading, "reading"))?;
        let family = parsed::<Family>(family, "family")?;
        let py = block.py();
        let owned;
        let block: &[u8] = if let Ok(text) = block.cast::<PyString>() {
            unicode(text, "block")?.as_bytes()
        } else {
            owned = bytes(block)?;
            &owned
        };
        let read = py.detach(|| match family {
            Family::Ipv6 => read_lines::<Ipv6>(block, reading),
            _ => read_lines::<Ipv4>(block, reading),
        });
        read.map_err(|(at, error)| {
            let error = PyErr::from(Fault::from(error));
            // A note is for people, and the error is the same without it.
            drop(error.value(py).call_method1("add_note", (format!("in line {at} of the block"),)));
            error.into()
        })
    }

    /// ``"ipv4"`` or ``"ipv6"``; none of an empty set that has no family yet.
    #[getter]
    fn family(&self) -> Option<&'static str> {
        match self.inner.as_ref()? {
            Either::V4(_) => Some(Family::Ipv4.name()),
            Either::V6(_) => Some(Family::Ipv6.name()),
        }
    }

    /// How many addresses, from 0 to 2**128.
    #[getter]
    fn size<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        size_out(py, self.inner.as_ref().map_or(Size::ZERO, |set| each!(set, set => set.size())))
    }

    /// How many maximal ranges.
    #[getter]
    fn range_count(&self) -> usize {
        self.inner.as_ref().map_or(0, |set| each!(set, set => set.intervals().len()))
    }

    /// How many networks its aggregate has.
    #[getter]
    fn prefix_count(&self) -> usize {
        self.inner.as_ref().map_or(0, |set| each!(set, set => set.cidrs().len()))
    }

    /// Its maximal ranges in order, each with the longest label that it can have.
    fn ranges(&self) -> Ranges {
        match self.pieces() {
            Either::V4(pieces) => Ranges::listed(pieces.list().into_owned()),
            Either::V6(pieces) => Ranges::listed(pieces.list().into_owned()),
        }
    }

    /// Its aggregate, the fewest networks with exactly its addresses, as ranges in Rust. At most ``limit``, 100,000
    /// where it is not said.
    ///
    /// Errors: ``ipam.too_many_prefixes``, with the exact count.
    #[pyo3(signature = (limit=None), text_signature = "($self, limit=None)")]
    fn cidrs(&self, limit: Option<&Bound<'_, PyAny>>) -> Result<Ranges> {
        let limit = limit.map_or(Ok(MOST_PREFIXES), |limit| count_of(limit, "limit"))?;
        match &self.inner {
            None => Ok(Ranges::listed::<Ipv4>(Vec::new())),
            Some(set) => each!(set, set => {
                Ok(Ranges::listed(set.to_cidrs(limit)?.into_iter().map(ipam::Range::from).collect()))
            }),
        }
    }

    /// The same as objects of ``ipaddress``.
    ///
    /// >>> from counterfoil import RangeSet
    /// >>> RangeSet(["10.0.0.0-10.0.1.31"]).prefixes()
    /// (IPv4Network('10.0.0.0/24'), IPv4Network('10.0.1.0/27'))
    #[pyo3(signature = (limit=None), text_signature = "($self, limit=None)")]
    fn prefixes<'py>(&self, py: Python<'py>, limit: Option<&Bound<'_, PyAny>>) -> Result<Bound<'py, PyTuple>> {
        let limit = limit.map_or(Ok(MOST_PREFIXES), |limit| count_of(limit, "limit"))?;
        let networks = match &self.inner {
            None => Vec::new(),
            Some(set) => each!(set, set => {
                let networks = set.to_cidrs(limit)?.into_iter().map(|prefix| network_out(py, prefix));
                networks.collect::<PyResult<Vec<_>>>()?
            }),
        };
        Ok(PyTuple::new(py, networks)?)
    }

    /// What either has. The other is a set, or ranges.
    fn union(&self, other: &Bound<'_, PyAny>) -> Result<Self> {
        self.unite(&self.other(other, "other")?)
    }

    /// What both have.
    fn intersection(&self, other: &Bound<'_, PyAny>) -> Result<Self> {
        self.intersect(&self.other(other, "other")?)
    }

    /// What it has that the other has not.
    fn difference(&self, other: &Bound<'_, PyAny>) -> Result<Self> {
        self.subtract(&self.other(other, "other")?)
    }

    /// What exactly one of them has.
    fn symmetric_difference(&self, other: &Bound<'_, PyAny>) -> Result<Self> {
        self.differ(&self.other(other, "other")?)
    }

    /// What of its family it has not.
    ///
    /// Errors: ``wire.bad_input`` of an empty set that has no family.
    fn complement(&self) -> Result<Self> {
        match &self.inner {
            Some(set) => each!(set, set => Ok(set.complement().into())),
            None => Err(Fault::bad_input("family", "the set has no family: pass `family` where it is made")),
        }
    }

    fn __or__(&self, other: &Bound<'_, PyAny>) -> Result<Py<PyAny>> {
        self.combined(other, Self::unite)
    }

    fn __and__(&self, other: &Bound<'_, PyAny>) -> Result<Py<PyAny>> {
        self.combined(other, Self::intersect)
    }

    fn __sub__(&self, other: &Bound<'_, PyAny>) -> Result<Py<PyAny>> {
        self.combined(other, Self::subtract)
    }

    fn __xor__(&self, other: &Bound<'_, PyAny>) -> Result<Py<PyAny>> {
        self.combined(other, Self::differ)
    }

    fn __invert__(&self) -> Result<Self> {
        self.complement()
    }

    /// Whether it has an address, or all of a range.
    fn contains(&self, other: &Bound<'_, PyAny>) -> Result<bool> {
        match &self.inner {
            Some(set) => each!(set, set => Ok(set.covers(interval_in(other, "other")?))),
            None => Range::read(other, "other").map(|_| false),
        }
    }

    fn __contains__(&self, other: &Bound<'_, PyAny>) -> Result<bool> {
        self.contains(other)
    }

    /// Which of many addresses or ranges it has, in one call.
    ///
    /// >>> from counterfoil import RangeSet
    /// >>> RangeSet(["10.0.0.0/8"]).contains_each(["10.1.2.3", "11.0.0.0", "10.0.0.0/7"])
    /// [True, False, False]
    fn contains_each(&self, others: &Bound<'_, PyAny>) -> Result<Vec<bool>> {
        match &self.inner {
            Some(set) => each!(set, set => {
                let others = intervals_in(others, "others")?;
                Ok(others.into_iter().map(|range| set.covers(range.interval())).collect())
            }),
            None => Ok(vec![false; ranges_of(others, "others").map(|given| each!(&*given, of => of.list().len()))?]),
        }
    }

    /// Whether it has an address of a range.
    fn overlaps(&self, other: &Bound<'_, PyAny>) -> Result<bool> {
        match &self.inner {
            Some(set) => each!(set, set => Ok(set.overlaps(interval_in(other, "other")?))),
            None => Range::read(other, "other").map(|_| false),
        }
    }

    /// Whether it has every address of another.
    fn issuperset(&self, other: &Bound<'_, PyAny>) -> Result<bool> {
        self.covers(&self.other(other, "other")?)
    }

    /// Whether another has every address of it.
    fn issubset(&self, other: &Bound<'_, PyAny>) -> Result<bool> {
        self.other(other, "other")?.covers(self)
    }

    /// Whether it has no address of another.
    fn isdisjoint(&self, other: &Bound<'_, PyAny>) -> Result<bool> {
        self.is_apart(&self.other(other, "other")?)
    }

    /// ``==`` and ``!=``; ``<=`` and ``>=`` whether one is part of the other, as of ``set``.
    fn __richcmp__(&self, other: &Bound<'_, PyAny>, by: CompareOp) -> Result<Py<PyAny>> {
        let py = other.py();
        let Ok(other) = other.cast::<Self>() else { return Ok(py.NotImplemented()) };
        let other = other.get();
        let answer = match by {
            CompareOp::Eq => self.equals(other),
            CompareOp::Ne => !self.equals(other),
            CompareOp::Le => other.covers(self)?,
            CompareOp::Ge => self.covers(other)?,
            CompareOp::Lt => other.covers(self)? && !self.equals(other),
            CompareOp::Gt => self.covers(other)? && !self.equals(other),
        };
        Ok(PyBool::new(py, answer).to_owned().into_any().unbind())
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        match &self.inner {
            Some(Either::V4(set)) if !set.is_empty() => set.hash(&mut hasher),
            Some(Either::V6(set)) if !set.is_empty() => set.hash(&mut hasher),
            _ => {}
        }
        hasher.finish()
    }

    fn __bool__(&self) -> bool {
        !self.is_empty()
    }

    fn __str__(&self) -> String {
        match &self.inner {
            None => "{}".to_owned(),
            Some(set) => each!(set, set => set.to_string()),
        }
    }

    fn __repr__(&self) -> String {
        const SOME: usize = 4;
        let Some(set) = &self.inner else { return "RangeSet([])".to_owned() };
        each!(set, set => {
            let all = set.intervals().len();
            let some: Vec<String> = tightest_of(set).take(SOME).map(|range| format!("'{range}'")).collect();
            match all {
                0 => format!("RangeSet([], family='{}')", self.family().unwrap_or_default()),
                _ if all <= SOME => format!("RangeSet([{}])", some.join(", ")),
                _ => format!("RangeSet([{}, ... {all} in all])", some.join(", ")),
            }
        })
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Result<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let arguments = PyDict::new(py);
        arguments.set_item("family", self.family())?;
        let class = py.get_type::<Self>();
        let made = py.import("functools")?.getattr("partial")?.call((class,), Some(&arguments))?;
        Ok((made, PyTuple::new(py, [Py::new(py, self.ranges())?])?.into_any()))
    }

    /// ``{"family", "size", "ranges": [str], "prefix_count"}``.
    fn to_dict<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("family", self.family())?;
        members.set_item("size", self.size(py)?)?;
        members.set_item("ranges", self.written()?.list(py)?)?;
        members.set_item("prefix_count", self.prefix_count())?;
        Ok(members)
    }

    fn _repr_html_(&self) -> String {
        let header = ["range", "first", "last", "size"];
        let Some(set) = &self.inner else { return html::table(header, [], None) };
        each!(set, set => {
            let rows = tightest_of(set).map(|range| {
                [range.to_string(), range.first().to_string(), range.last().to_string(), range.size().to_string()]
            });
            let count = set.intervals().len();
            html::table(header, rows, html::more(count, count <= html::SHOWN).as_deref())
        })
    }
}

fn tightest_of<A: Side>(set: &IpSet<A>) -> impl Iterator<Item = ipam::Range<A>> {
    set.intervals().iter().filter_map(|each| ipam::Range::new(*each, each.tightest_length()).ok())
}

fn tightest<A: Side>(set: &IpSet<A>) -> Vec<ipam::Range<A>> {
    tightest_of(set).collect()
}
