use super::{Spec, Usage, hash_of};
use crate::{
    border::{
        Fault, Rebuilt, Result,
        list::items,
        number::shown,
        text::parsed,
        time::{instant_of, instant_out},
    },
    value::Period,
};
use counterfoil::metering::{self, ChargeMode, QuotaCharge};
use pyo3::{
    prelude::*,
    types::{PyDict, PyTuple},
};

/// What a resource was from an instant until another, and how it was charged.
///
/// ``end`` is ``None`` for what goes on; ``mode`` is ``post_paid``, ``pre_paid`` or ``quota``.
///
/// >>> from counterfoil import Span, Spec
/// >>> Span.post_paid("2024-02-20T00:00:00Z", None, Spec.disk(50)).mode
/// 'post_paid'
#[pyclass(frozen, eq, module = "counterfoil")]
#[derive(Clone, PartialEq)]
pub(crate) struct Span {
    inner: metering::Span,
}

impl Span {
    fn made(
        start: &Bound<'_, PyAny>,
        end: Option<&Bound<'_, PyAny>>,
        spec: &Bound<'_, PyAny>,
        mode: ChargeMode,
    ) -> Result<Self> {
        let end = end.map(|end| instant_of(end, "end")).transpose()?;
        Ok(Self { inner: metering::Span::new(instant_of(start, "start")?, end, Spec::read(spec, "spec")?, mode) })
    }
}

#[pymethods]
impl Span {
    #[new]
    fn new(
        start: &Bound<'_, PyAny>,
        end: Option<&Bound<'_, PyAny>>,
        spec: &Bound<'_, PyAny>,
        mode: &Bound<'_, PyAny>,
    ) -> Result<Self> {
        Self::made(start, end, spec, parsed(mode, "mode")?)
    }

    /// Paid by use.
    #[staticmethod]
    fn post_paid(start: &Bound<'_, PyAny>, end: Option<&Bound<'_, PyAny>>, spec: &Bound<'_, PyAny>) -> Result<Self> {
        Self::made(start, end, spec, ChargeMode::PostPaid)
    }

    /// Paid ahead: used, and nothing to pay for it any more.
    #[staticmethod]
    fn pre_paid(start: &Bound<'_, PyAny>, end: Option<&Bound<'_, PyAny>>, spec: &Bound<'_, PyAny>) -> Result<Self> {
        Self::made(start, end, spec, ChargeMode::PrePaid)
    }

    /// Out of a quota.
    #[staticmethod]
    fn quota(start: &Bound<'_, PyAny>, end: Option<&Bound<'_, PyAny>>, spec: &Bound<'_, PyAny>) -> Result<Self> {
        Self::made(start, end, spec, ChargeMode::Quota)
    }

    /// Its first instant.
    #[getter]
    fn start<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        instant_out(py, self.inner.start())
    }

    /// The instant after its last, or ``None``.
    #[getter]
    fn end<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.inner.end().map(|end| instant_out(py, end)).transpose()
    }

    /// What the resource was made of.
    #[getter]
    fn spec(&self) -> Spec {
        self.inner.spec().clone().into()
    }

    /// How it was charged, as ``post_paid``.
    #[getter]
    fn mode(&self) -> &'static str {
        self.inner.mode().name()
    }

    /// ``{"start", "end", "spec", "mode"}``, as operations take them.
    pub(crate) fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("start", self.start(py)?)?;
        members.set_item("end", self.end(py)?)?;
        members.set_item("spec", self.spec().to_dict(py)?)?;
        members.set_item("mode", self.mode())?;
        Ok(members)
    }

    fn __hash__(&self) -> u64 {
        hash_of((self.inner.start(), self.inner.end(), self.inner.mode(), self.spec().__hash__()))
    }

    fn __repr__(&self) -> String {
        let end = self.inner.end().map_or_else(|| "None".to_owned(), |end| format!("'{end}'"));
        format!("Span('{}', {end}, {}, '{}')", self.inner.start(), self.spec().__repr__(), self.mode())
    }

    fn __reduce__(&self, py: Python<'_>) -> Rebuilt<(String, Option<String>, Spec, &'static str)> {
        let end = self.inner.end().map(|end| end.to_string());
        let class = py.get_type::<Self>().into_any().unbind();
        (class, (self.inner.start().to_string(), end, self.spec(), self.mode()))
    }
}

/// The life of a resource: its spans, one after the other.
///
/// >>> from counterfoil import History, Period, Span, Spec
/// >>> small = Spec.server(cpu=1, ram=2, disk=50, public_ip=True)
/// >>> history = History([
/// ...     Span.post_paid("2024-02-20T00:00:00Z", "2024-02-20T00:18:00Z", small),
/// ...     Span.pre_paid("2024-02-20T00:18:00Z", None, small),
/// ... ])
/// >>> usage = history.usage(Period.day("2024-02-20", "UTC"))
/// >>> usage.hours("ram"), usage.payable_hours("ram")
/// (Fraction(48, 1), Fraction(3, 5))
#[pyclass(frozen, module = "counterfoil")]
#[derive(Clone)]
pub(crate) struct History {
    inner: metering::History,
}

impl From<metering::History> for History {
    fn from(inner: metering::History) -> Self {
        Self { inner }
    }
}

#[pymethods]
impl History {
    #[new]
    fn new(spans: &Bound<'_, PyAny>) -> Result<Self> {
        let mut read = Vec::new();
        for span in items(spans, "spans")? {
            let span = span?;
            match span.cast::<Span>() {
                Ok(span) => read.push(span.get().inner.clone()),
                Err(_) => return Err(Fault::bad_input("spans", format!("{} is no `Span`", shown(&span)))),
            }
        }
        Ok(metering::History::new(read)?.into())
    }

    /// Its spans, in order.
    #[getter]
    fn spans<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.inner.spans().iter().map(|span| Span { inner: span.clone() }))
    }

    /// What was used in a window; ``None`` if the resource did not live in it. ``quota`` says how spans out of a quota are
    /// charged: ``free``, or ``like_post_paid``.
    #[pyo3(signature = (window, *, quota = None))]
    fn usage(&self, window: &Bound<'_, PyAny>, quota: Option<&Bound<'_, PyAny>>) -> Result<Option<Usage>> {
        let usage = self.inner.usage_under(Period::read(window, "window")?, quota_of(quota)?)?;
        Ok(usage.map(Usage::from))
    }

    /// The same, span by span.
    #[pyo3(signature = (window, *, quota = None))]
    fn segments<'py>(
        &self,
        py: Python<'py>,
        window: &Bound<'py, PyAny>,
        quota: Option<&Bound<'py, PyAny>>,
    ) -> Result<Bound<'py, PyTuple>> {
        let segments = self.inner.segments(Period::read(window, "window")?, quota_of(quota)?)?;
        Ok(PyTuple::new(py, segments.into_iter().map(Usage::from))?)
    }

    /// ``{"spans": [...]}``, as operations take it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let spans = self.inner.spans().iter().map(|span| Span { inner: span.clone() }.to_dict(py));
        let members = PyDict::new(py);
        members.set_item("spans", spans.collect::<PyResult<Vec<_>>>()?)?;
        Ok(members)
    }

    fn __len__(&self) -> usize {
        self.inner.spans().len()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().inner.spans() == self.inner.spans())
    }

    fn __hash__(&self) -> u64 {
        let spans = self.inner.spans().iter().map(|span| Span { inner: span.clone() }.__hash__());
        hash_of(spans.collect::<Vec<_>>())
    }

    fn __repr__(&self) -> String {
        let spans = self.inner.spans().iter().map(|span| Span { inner: span.clone() }.__repr__());
        format!("History([{}])", spans.collect::<Vec<_>>().join(", "))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Rebuilt<(Bound<'py, PyTuple>,)>> {
        Ok((py.get_type::<Self>().into_any().unbind(), (self.spans(py)?,)))
    }
}

fn quota_of(quota: Option<&Bound<'_, PyAny>>) -> Result<QuotaCharge> {
    quota.map_or(Ok(QuotaCharge::Free), |quota| parsed(quota, "quota"))
}
