use super::{
    family::{Either, Side, each, length_in, range_in, size_out},
    pieces::{Page, Pieces},
    range::Range,
    set::RangeSet,
};
use crate::border::{Fault, Result, address::object_text, html, number::shown, text::unicode};
use counterfoil::{
    error::{Error, IpamError},
    ipam::{self, IpRange, IpSet, Ipv4, Ipv6, Size, Split, UncheckedRange},
};
use pyo3::{
    exceptions::{PyIndexError, PyOverflowError, PyTypeError},
    prelude::*,
    types::{PyDict, PyInt, PyList, PySlice, PyString, PyTuple},
};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    ops::Deref,
};

/// The most pieces that are put into memory at once.
const MOST: usize = 10_000_000;

/// Ranges of one family in order, kept in Rust: pieces of a split, a plan, prefixes of a set.
///
/// Like a tuple of ``Range``, each of which is made when it is asked for. Functions that take ranges take it as it is.
/// ``piece_count`` may be more than ``len`` can say.
///
/// >>> from counterfoil import Range, Ranges
/// >>> pieces = Range("10.0.0.0/16").split(18)
/// >>> pieces
/// Ranges(['10.0.0.0/18', '10.0.64.0/18', '10.0.128.0/18', '10.0.192.0/18'])
/// >>> str(pieces[1]), pieces[1:3].texts(), pieces.size
/// ('10.0.64.0/18', ['10.0.64.0/18', '10.0.128.0/18'], 65536)
/// >>> Ranges(["10.0.0.0/24", "2001:db8::/32"])
/// Traceback (most recent call last):
/// counterfoil._errors.Conflict: `2001:db8::/32` is not of the family ipv4: the two families never mix, make one call for each
#[pyclass(frozen, module = "counterfoil")]
pub(crate) struct Ranges {
    inner: AnyPieces,
}

type AnyPieces = Either<Pieces<Ipv4>, Pieces<Ipv6>>;

impl Ranges {
    pub(super) fn listed<A: Side>(ranges: Vec<ipam::Range<A>>) -> Self {
        Self { inner: A::pieces(Pieces::Listed(ranges)) }
    }

    pub(super) fn page<A: Side>(split: Split<A>, offset: u128, limit: Option<u128>) -> Self {
        Self { inner: A::pieces(Pieces::Split(Page::new(split, offset, limit))) }
    }

    /// The texts of its ranges.
    pub(crate) fn written(&self) -> Result<Vec<String>> {
        each!(&self.inner, pieces => {
            bounded(pieces)?;
            Ok(pieces.iter().map(|range| range.to_string()).collect())
        })
    }

    fn count(&self) -> Size {
        each!(&self.inner, pieces => pieces.count())
    }

    fn at(&self, place: u128) -> Option<Range> {
        match &self.inner {
            Either::V4(pieces) => pieces.get(place).map(|range| IpRange::V4(range).into()),
            Either::V6(pieces) => pieces.get(place).map(|range| IpRange::V6(range).into()),
        }
    }

    fn slice(&self, slice: &Bound<'_, PySlice>) -> Result<Self> {
        let count = size_out(slice.py(), self.count())?;
        let (start, stop, step) = slice.call_method1("indices", (count,))?.extract::<(i128, i128, i128)>()?;
        each!(&self.inner, pieces => match pieces {
            Pieces::Split(page) if step == 1 => {
                let (start, stop) = (start.unsigned_abs(), stop.unsigned_abs());
                Ok(Self { inner: Side::pieces(Pieces::Split(page.page(start, stop.saturating_sub(start)))) })
            }
            _ => {
                let mut listed = Vec::new();
                let mut place = start;
                while (step > 0 && place < stop) || (step < 0 && place > stop) {
                    if listed.len() == MOST {
                        return Err(too_many(pieces));
                    }
                    listed.extend(pieces.get(place.unsigned_abs()));
                    let Some(next) = place.checked_add(step) else { break };
                    place = next;
                }
                Ok(Self::listed(listed))
            }
        })
    }
}

#[pymethods]
impl Ranges {
    #[new]
    #[pyo3(signature = (ranges), text_signature = "(ranges)")]
    fn new(ranges: &Bound<'_, PyAny>) -> Result<Self> {
        match ranges_of(ranges, "ranges")? {
            Given::Ours(Either::V4(pieces)) => Ok(Self { inner: Either::V4(pieces.clone()) }),
            Given::Ours(Either::V6(pieces)) => Ok(Self { inner: Either::V6(pieces.clone()) }),
            Given::Read(inner) => Ok(Self { inner }),
        }
    }

    fn __len__(&self) -> Result<usize> {
        let count = self.count().to_u128().and_then(|count| isize::try_from(count).ok());
        let count = count.and_then(|count| usize::try_from(count).ok());
        count.ok_or_else(|| PyOverflowError::new_err("more pieces than `len` can say: ask `piece_count`").into())
    }

    fn __bool__(&self) -> bool {
        !self.count().is_zero()
    }

    fn __getitem__(&self, py: Python<'_>, place: &Bound<'_, PyAny>) -> Result<Py<PyAny>> {
        if let Ok(slice) = place.cast::<PySlice>() {
            return Ok(Py::new(py, self.slice(slice)?)?.into_any());
        }
        let out = || PyErr::from(PyIndexError::new_err("there is no such piece"));
        if !place.is_instance_of::<PyInt>() {
            return Err(PyTypeError::new_err(format!("{} is no index: pass an `int` or a slice", shown(place))).into());
        }
        let place = match place.extract::<u128>() {
            Ok(place) => Some(place),
            Err(_) => {
                let back = place.neg()?.extract::<u128>().map_err(|_| out())?;
                self.count().minus(Size::from(back)).ok().and_then(Size::to_u128)
            }
        };
        let range = place.and_then(|place| self.at(place)).ok_or_else(out)?;
        Ok(Py::new(py, range)?.into_any())
    }

    fn __iter__(of: Py<Self>) -> RangesIterator {
        RangesIterator { of, next: 0 }
    }

    fn __contains__(&self, range: &Bound<'_, PyAny>) -> Result<bool> {
        let range = Range::read(range, "range")?;
        Ok(match (&self.inner, range) {
            (Either::V4(pieces), IpRange::V4(range)) => pieces.contains(range),
            (Either::V6(pieces), IpRange::V6(range)) => pieces.contains(range),
            _ => false,
        })
    }

    /// How many, also where there are more than ``len`` can say.
    #[getter]
    fn piece_count<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        size_out(py, self.count())
    }

    /// How many addresses they have together, counting each piece by itself.
    ///
    /// Errors: ``ipam.size_overflow`` above 2**128.
    #[getter]
    fn size<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        let size = each!(&self.inner, pieces => match (pieces, pieces.first(), pieces.last()) {
            (Pieces::Split(_), Some(first), Some(last)) => {
                ipam::Interval::new(first.first(), last.last())?.size()
            }
            _ => pieces.list().iter().try_fold(Size::ZERO, |sum, range| sum.plus(range.size()))?,
        });
        Ok(size_out(py, size)?)
    }

    /// Their texts, in one call. At most ten million at once (``ipam.too_many_pieces``).
    fn texts(&self, py: Python<'_>) -> Result<Vec<String>> {
        py.detach(|| self.written())
    }

    /// The one range that they make together: ``merge_ranges(self, length)``.
    #[pyo3(signature = (length=None), text_signature = "($self, length=None)")]
    fn merge(&self, length: Option<&Bound<'_, PyAny>>) -> Result<Range> {
        merged(&self.inner, length)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> Py<PyAny> {
        let py = other.py();
        let Ok(other) = other.cast::<Self>() else { return py.NotImplemented() };
        let other = other.get();
        let equal = match (&self.inner, &other.inner) {
            (Either::V4(one), Either::V4(other)) => one == other,
            (Either::V6(one), Either::V6(other)) => one == other,
            _ => self.count().is_zero() && other.count().is_zero(),
        };
        pyo3::types::PyBool::new(py, equal).to_owned().into_any().unbind()
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let count = self.count();
        (count, self.at(0)).hash(&mut hasher);
        hasher.finish()
    }

    fn __str__(&self) -> String {
        self.__repr__()
    }

    fn __repr__(&self) -> String {
        const SOME: usize = 4;
        each!(&self.inner, pieces => {
            let some: Vec<String> = pieces.iter().take(SOME).map(|range| format!("'{range}'")).collect();
            match pieces.count() {
                count if count <= Size::from(4) => format!("Ranges([{}])", some.join(", ")),
                count => format!("Ranges([{}, ... {count} in all])", some.join(", ")),
            }
        })
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Result<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        each!(&self.inner, pieces => match pieces {
            Pieces::Listed(_) => {
                Ok((py.get_type::<Self>().into_any(), PyTuple::new(py, [self.written()?])?))
            }
            Pieces::Split(page) => {
                let (of, length, offset, count) = page.of();
                let of = Py::new(py, Range::from(Side::range(of)))?;
                let arguments = (of, length, offset, size_out(py, count)?).into_pyobject(py)?;
                Ok((py.get_type::<Range>().getattr("split")?, arguments))
            }
        })
    }

    /// ``{"count": int, "size": int, "pieces": [str]}``.
    fn to_dict<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("count", self.piece_count(py)?)?;
        members.set_item("size", self.size(py)?)?;
        members.set_item("pieces", self.written()?)?;
        Ok(members)
    }

    fn _repr_html_(&self) -> String {
        each!(&self.inner, pieces => {
            let rows = pieces.iter().map(|range| {
                [range.to_string(), range.first().to_string(), range.last().to_string(), range.size().to_string()]
            });
            let count = pieces.count();
            let all = count <= Size::from(u128::try_from(html::SHOWN).unwrap_or(0));
            html::table(["range", "first", "last", "size"], rows, html::more(count, all).as_deref())
        })
    }
}

/// Gives one range after the other.
#[pyclass(module = "counterfoil")]
pub(crate) struct RangesIterator {
    of: Py<Ranges>,
    next: u128,
}

#[pymethods]
impl RangesIterator {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&mut self) -> Option<Range> {
        let range = self.of.get().at(self.next)?;
        self.next = self.next.checked_add(1)?;
        Some(range)
    }
}

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
/// counterfoil._errors.InvalidInput: `10.0.2.0/24` does not begin right after `10.0.0.0/24`: merge rows that follow each other
///
/// Rule: R-I8. Rows with a state and an owner are merged by ``counterfoil.ipam.merge``.
#[pyfunction]
#[pyo3(signature = (ranges, length=None), text_signature = "(ranges, length=None)")]
pub(crate) fn merge_ranges(ranges: &Bound<'_, PyAny>, length: Option<&Bound<'_, PyAny>>) -> Result<Range> {
    merged(&*ranges_of(ranges, "ranges")?, length)
}

fn merged(pieces: &AnyPieces, length: Option<&Bound<'_, PyAny>>) -> Result<Range> {
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
        return Ok(Given::Ours(&ranges.get().inner));
    }
    if let Ok(set) = value.cast::<RangeSet>() {
        return Ok(Given::Read(set.get().pieces()));
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
        if let Some(pieces) = A::of_pieces(&ranges.inner) {
            bounded(pieces)?;
            return Ok(pieces.iter().map(UncheckedRange::from).collect());
        }
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

/// Does something with each item of a list, a tuple, or whatever gives one after the other; not with the addresses of
/// a network, or the letters of a text.
pub(super) fn for_each<'py>(
    value: &Bound<'py, PyAny>,
    at: &str,
    mut with: impl FnMut(usize, &Bound<'py, PyAny>) -> Result<()>,
) -> Result<()> {
    if let Ok(items) = value.cast::<PyList>() {
        return items.iter().enumerate().try_for_each(|(place, item)| with(place, &item));
    }
    if let Ok(items) = value.cast::<PyTuple>() {
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

/// Errors as exceptions that are not raised.
pub(super) fn told(py: Python<'_>, errors: Vec<IpamError>) -> Result<Bound<'_, PyTuple>> {
    let told = errors.into_iter().map(|error| PyErr::from(Fault::from(Error::from(error))).into_value(py));
    Ok(PyTuple::new(py, told.collect::<Vec<_>>())?)
}

fn bounded<A: Side>(pieces: &Pieces<A>) -> Result<()> {
    match pieces.count() > Size::from(u128::try_from(MOST).unwrap_or(u128::MAX)) {
        true => Err(too_many(pieces)),
        false => Ok(()),
    }
}

fn too_many<A: Side>(pieces: &Pieces<A>) -> Fault {
    let (range, length) = match pieces {
        Pieces::Split(page) => (page.of().0.to_string(), page.of().1),
        Pieces::Listed(_) => ("a list".to_owned(), 0),
    };
    IpamError::TooManyPieces { range, length, pieces: pieces.count().to_string(), limit: MOST.to_string() }.into()
}
