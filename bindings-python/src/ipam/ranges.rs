use super::{
    family::{Either, Side, each, size_out},
    given::{Given, ranges_of},
    iterator::RangesIterator,
    merge::merged,
    pieces::{Page, Pieces},
    range::Range,
    texts::Texts,
};
use crate::border::{Fault, Result, html, number::shown};
use counterfoil::{
    error::{Error, IpamError},
    ipam::{self, IpRange, Ipv4, Ipv6, Size, Split},
};
use pyo3::{
    exceptions::{PyIndexError, PyOverflowError, PyTypeError, PyValueError},
    prelude::*,
    types::{PyDict, PyInt, PyList, PySlice, PyTuple},
};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The most pieces that are put into memory at once.
const MOST: usize = 10_000_000;

/// How many texts take longer than it takes to let other threads run meanwhile.
const WORTH_A_SWITCH: u128 = 1_000;

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
/// counterfoil._errors.Conflict: `2001:db8::` is not of the family ipv4: the two families never mix, make one call for each
#[pyclass(frozen, module = "counterfoil")]
pub(crate) struct Ranges {
    inner: AnyPieces,
}

pub(super) type AnyPieces = Either<Pieces<Ipv4>, Pieces<Ipv6>>;

impl Ranges {
    pub(super) fn listed<A: Side>(ranges: Vec<ipam::Range<A>>) -> Self {
        Self { inner: A::pieces(Pieces::Listed(ranges)) }
    }

    pub(super) fn page<A: Side>(split: Split<A>, offset: u128, limit: Option<u128>) -> Self {
        Self { inner: A::pieces(Pieces::Split(Page::new(split, offset, limit))) }
    }

    pub(super) fn inner(&self) -> &AnyPieces {
        &self.inner
    }

    /// The texts of its ranges.
    pub(crate) fn written(&self) -> Result<Texts> {
        each!(&self.inner, pieces => {
            bounded(pieces)?;
            Ok(pieces.iter().collect())
        })
    }

    /// How many there are.
    fn how_many(&self) -> Size {
        each!(&self.inner, pieces => pieces.count())
    }

    fn place_of(&self, range: IpRange) -> Option<u128> {
        match (&self.inner, range) {
            (Either::V4(pieces), IpRange::V4(range)) => pieces.place_of(range),
            (Either::V6(pieces), IpRange::V6(range)) => pieces.place_of(range),
            _ => None,
        }
    }

    pub(super) fn at(&self, place: u128) -> Option<Range> {
        match &self.inner {
            Either::V4(pieces) => pieces.get(place).map(|range| IpRange::V4(range).into()),
            Either::V6(pieces) => pieces.get(place).map(|range| IpRange::V6(range).into()),
        }
    }

    fn slice(&self, slice: &Bound<'_, PySlice>) -> Result<Self> {
        let count = size_out(slice.py(), self.how_many())?;
        let indices = slice.call_method1("indices", (count,))?;
        let (start, stop) = (indices.get_item(0)?, indices.get_item(1)?);
        let step = saturated(&indices.get_item(2)?)?;
        let (Ok(start), Ok(stop)) = (start.extract::<i128>(), stop.extract::<i128>()) else {
            return each!(&self.inner, pieces => Err(too_many(pieces)));
        };
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
        let count = self.how_many().to_u128().and_then(|count| isize::try_from(count).ok());
        let count = count.and_then(|count| usize::try_from(count).ok());
        count.ok_or_else(|| PyOverflowError::new_err("more pieces than `len` can say: ask `piece_count`").into())
    }

    fn __bool__(&self) -> bool {
        !self.how_many().is_zero()
    }

    fn __getitem__(&self, py: Python<'_>, place: &Bound<'_, PyAny>) -> Result<Py<PyAny>> {
        if let Ok(slice) = place.cast::<PySlice>() {
            return Ok(Py::new(py, self.slice(slice)?)?.into_any());
        }
        let out = || PyIndexError::new_err("there is no such piece");
        if !place.is_instance_of::<PyInt>() {
            return Err(PyTypeError::new_err(format!("{} is no index: pass an `int` or a slice", shown(place))).into());
        }
        let place = match place.extract::<u128>() {
            Ok(place) => Some(place),
            Err(_) => {
                let back = place.neg()?.extract::<u128>().map_err(|_| out())?;
                self.how_many().minus(Size::from(back)).ok().and_then(Size::to_u128)
            }
        };
        let range = place.and_then(|place| self.at(place)).ok_or_else(out)?;
        Ok(Py::new(py, range)?.into_any())
    }

    fn __iter__(of: Py<Self>) -> RangesIterator {
        RangesIterator { of, next: Some(0), backwards: false }
    }

    fn __reversed__(of: Py<Self>) -> RangesIterator {
        let last = of.get().how_many().minus(Size::from(1)).ok().and_then(Size::to_u128);
        RangesIterator { of, next: last, backwards: true }
    }

    fn __contains__(&self, range: &Bound<'_, PyAny>) -> Result<bool> {
        Ok(self.place_of(Range::read(range, "range")?).is_some())
    }

    /// The first place of a range; ``ValueError`` where it is none of them, as of a tuple.
    fn index(&self, range: &Bound<'_, PyAny>) -> Result<u128> {
        let place = self.place_of(Range::read(range, "range")?);
        place.ok_or_else(|| PyValueError::new_err(format!("{} is none of them", shown(range))).into())
    }

    /// How often a range is among them.
    fn count(&self, range: &Bound<'_, PyAny>) -> Result<usize> {
        Ok(match (&self.inner, Range::read(range, "range")?) {
            (Either::V4(pieces), IpRange::V4(range)) => pieces.times(range),
            (Either::V6(pieces), IpRange::V6(range)) => pieces.times(range),
            _ => 0,
        })
    }

    /// How many, also where there are more than ``len`` can say.
    #[getter]
    fn piece_count<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        size_out(py, self.how_many())
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
    fn texts<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyList>> {
        let few = self.how_many() < Size::from(WORTH_A_SWITCH);
        let texts = if few { self.written()? } else { py.detach(|| self.written())? };
        Ok(texts.list(py)?)
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
            _ => self.how_many().is_zero() && other.how_many().is_zero(),
        };
        pyo3::types::PyBool::new(py, equal).to_owned().into_any().unbind()
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let count = self.how_many();
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
                Ok((py.get_type::<Self>().into_any(), PyTuple::new(py, [self.written()?.list(py)?])?))
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
        members.set_item("pieces", self.written()?.list(py)?)?;
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

/// Errors as exceptions that are not raised.
pub(super) fn told(py: Python<'_>, errors: Vec<IpamError>) -> Result<Bound<'_, PyTuple>> {
    let told = errors.into_iter().map(|error| PyErr::from(Fault::from(Error::from(error))).into_value(py));
    Ok(PyTuple::new(py, told.collect::<Vec<_>>())?)
}

pub(super) fn bounded<A: Side>(pieces: &Pieces<A>) -> Result<()> {
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

/// A step; beyond 128 bits the largest that there is, which leads out of every list as well.
fn saturated(number: &Bound<'_, PyAny>) -> PyResult<i128> {
    match number.extract::<i128>() {
        Ok(number) => Ok(number),
        Err(_) if number.lt(0)? => Ok(i128::MIN),
        Err(_) => Ok(i128::MAX),
    }
}
