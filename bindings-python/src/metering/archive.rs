use super::{Spec, hash_of};
use crate::border::{
    Rebuilt, Result,
    text::parsed,
    time::{instant_of, instant_out},
};
use counterfoil::metering::portal;
use pyo3::{prelude::*, types::PyDict};

/// What a resource of a portal was before a change, as a row of its archive says.
///
/// ``change`` is ``rebuild``, ``post2pre`` or ``expansion``; ``mode`` is ``None`` where the row does not say how it was paid.
///
/// >>> from counterfoil import ArchiveRow, Spec
/// >>> ArchiveRow("expansion", "2024-01-01T00:00:00Z", "2024-02-20T10:00:00Z", Spec.disk(100)).change
/// 'expansion'
#[pyclass(frozen, eq, module = "counterfoil")]
#[derive(Clone, PartialEq)]
pub(crate) struct ArchiveRow {
    pub(super) inner: portal::ArchiveRow,
}

#[pymethods]
impl ArchiveRow {
    #[new]
    #[pyo3(signature = (change, start, end, spec, mode = None))]
    fn new(
        change: &Bound<'_, PyAny>,
        start: &Bound<'_, PyAny>,
        end: &Bound<'_, PyAny>,
        spec: &Bound<'_, PyAny>,
        mode: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        let inner = portal::ArchiveRow {
            change: parsed(change, "change")?,
            start: instant_of(start, "start")?,
            end: instant_of(end, "end")?,
            spec: Spec::read(spec, "spec")?,
            mode: mode.map(|mode| parsed(mode, "mode")).transpose()?,
        };
        Ok(Self { inner })
    }

    /// What ended it.
    #[getter]
    fn change(&self) -> &'static str {
        self.inner.change.name()
    }

    /// When it began.
    #[getter]
    fn start<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        instant_out(py, self.inner.start)
    }

    /// When the change was.
    #[getter]
    fn end<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        instant_out(py, self.inner.end)
    }

    /// What the resource was made of.
    #[getter]
    fn spec(&self) -> Spec {
        self.inner.spec.clone().into()
    }

    /// How it was paid for, as ``post_paid``; ``None`` where the row does not say.
    #[getter]
    fn mode(&self) -> Option<&'static str> {
        self.inner.mode.map(|mode| mode.name())
    }

    pub(super) fn __hash__(&self) -> u64 {
        let Self { inner: row } = self;
        hash_of((row.change.name(), row.start, row.end, self.spec().__hash__(), self.mode()))
    }

    pub(super) fn __repr__(&self) -> String {
        let Self { inner: row } = self;
        let mode = row.mode.map_or_else(|| "None".to_owned(), |mode| format!("'{mode}'"));
        let spec = self.spec().__repr__();
        format!("ArchiveRow('{}', '{}', '{}', {spec}, {mode})", row.change.name(), row.start, row.end)
    }

    fn __reduce__(&self, py: Python<'_>) -> Rebuilt<(&'static str, String, String, Spec, Option<&'static str>)> {
        let (start, end) = (self.inner.start.to_string(), self.inner.end.to_string());
        let class = py.get_type::<Self>().into_any().unbind();
        (class, (self.change(), start, end, self.spec(), self.mode()))
    }

    /// Its members by name.
    pub(super) fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("change", self.change())?;
        members.set_item("start", self.start(py)?)?;
        members.set_item("end", self.end(py)?)?;
        members.set_item("mode", self.mode())?;
        members.set_item("spec", self.spec().to_dict(py)?)?;
        Ok(members)
    }
}
