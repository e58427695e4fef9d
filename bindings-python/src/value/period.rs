use crate::border::{
    Fault, Rebuilt, Result,
    number::shown,
    text::parsed,
    time::{date_of, instant_of, instant_out},
};
use counterfoil::time;
use pyo3::{
    exceptions::{PyAttributeError, PyKeyError, PyTypeError, PyValueError},
    prelude::*,
    types::{PyDict, PyMapping, PyTuple},
};

/// A period between two instants, half-open: it begins with the first and ends before the second.
///
/// >>> from counterfoil import Period
/// >>> day = Period.day("2024-03-10", "America/New_York")
/// >>> print(day)
/// 2024-03-10T05:00:00Z..2024-03-11T04:00:00Z
/// >>> day.hours
/// Fraction(23, 1)
///
/// An instant is text with an offset, or a ``datetime`` with a zone. A time that the clocks of its zone show twice, or
/// skip, is the one that its ``fold`` says, as everywhere in Python; where the clocks are set back, one hour later:
///
/// >>> from datetime import datetime
/// >>> from zoneinfo import ZoneInfo
/// >>> first = datetime(2024, 11, 3, 1, 30, tzinfo=ZoneInfo("America/New_York"))
/// >>> print(Period(first, first.replace(fold=1)))
/// 2024-11-03T05:30:00Z..2024-11-03T06:30:00Z
#[pyclass(frozen, eq, hash, module = "counterfoil")]
#[derive(Clone, PartialEq, Hash)]
pub(crate) struct Period {
    pub(crate) inner: time::Period,
}

impl From<time::Period> for Period {
    fn from(inner: time::Period) -> Self {
        Self { inner }
    }
}

impl Period {
    /// Reads a window: ours, a pair of instants, a mapping or an object with `start` and `end`.
    pub(crate) fn read(value: &Bound<'_, PyAny>, at: &str) -> Result<time::Period> {
        if let Ok(period) = value.cast::<Self>() {
            return Ok(period.get().inner);
        }
        let ends = if let Ok(pair) = value.cast::<PyTuple>() {
            pair.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()
        } else if let Ok(members) = value.cast::<PyMapping>() {
            members.get_item("start").and_then(|start| Ok((start, members.get_item("end")?)))
        } else {
            value.getattr("start").and_then(|start| Ok((start, value.getattr("end")?)))
        };
        match ends {
            Ok((start, end)) => Ok(time::Period::new(instant_of(&start, at)?, instant_of(&end, at)?)?),
            Err(error) if is_missing(&error, value.py()) => {
                Err(Fault::bad_input(at, format!("{} is no period: pass `Period(start, end)`", shown(value))))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether there is no such member; any other error is one of the caller's own methods.
fn is_missing(error: &PyErr, py: Python<'_>) -> bool {
    error.is_instance_of::<PyAttributeError>(py)
        || error.is_instance_of::<PyKeyError>(py)
        || error.is_instance_of::<PyTypeError>(py)
        || error.is_instance_of::<PyValueError>(py)
}

#[pymethods]
impl Period {
    #[new]
    fn new(start: &Bound<'_, PyAny>, end: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(time::Period::new(instant_of(start, "start")?, instant_of(end, "end")?)?.into())
    }

    /// The day of a date in a zone: 23, 24 or 25 hours.
    #[staticmethod]
    fn day(date: &Bound<'_, PyAny>, zone: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(time::BillingDay::new(date_of(date, "date")?, parsed(zone, "zone")?)?.period().into())
    }

    /// Its first instant.
    #[getter]
    fn start<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        instant_out(py, self.inner.start())
    }

    /// The instant after its last.
    #[getter]
    fn end<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        instant_out(py, self.inner.end())
    }

    /// Its length in microseconds.
    #[getter]
    fn micros(&self) -> i64 {
        self.inner.micros()
    }

    /// Its length in hours, a ``Fraction``.
    #[getter]
    fn hours<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        crate::border::known::fraction(py)?.call1((self.inner.micros(), time::MICROS_PER_HOUR))
    }

    fn __contains__(&self, instant: &Bound<'_, PyAny>) -> Result<bool> {
        Ok(self.inner.contains(instant_of(instant, "instant")?))
    }

    fn __str__(&self) -> String {
        self.inner.to_string()
    }

    fn __repr__(&self) -> String {
        format!("Period('{}', '{}')", self.inner.start(), self.inner.end())
    }

    fn __reduce__(&self, py: Python<'_>) -> Rebuilt<(String, String)> {
        let class = py.get_type::<Self>().into_any().unbind();
        (class, (self.inner.start().to_string(), self.inner.end().to_string()))
    }

    /// ``{"start": datetime, "end": datetime}``.
    pub(crate) fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("start", self.start(py)?)?;
        members.set_item("end", self.end(py)?)?;
        Ok(members)
    }
}
