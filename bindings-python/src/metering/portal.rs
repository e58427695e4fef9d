use super::{ArchiveRow, History, Spec, Usage, hash_of};
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
use counterfoil::metering::{
    self,
    portal::{self, CurrentRow, RowsOf},
};
use pyo3::{
    prelude::*,
    types::{PyDict, PyString, PyTuple},
};

/// What a portal's tables say of a resource: the current row, and the rows of its archive.
///
/// >>> from counterfoil import ArchiveRow, Period, PortalRows, Spec
/// >>> rows = PortalRows.disk(
/// ...     created="2024-01-01T00:00:00Z", start="2024-02-20T10:00:00Z", mode="post_paid", spec=Spec.disk(200),
/// ...     archive=[ArchiveRow("expansion", "2024-01-01T00:00:00Z", "2024-02-20T10:00:00Z", Spec.disk(100))])
/// >>> day = Period.day("2024-02-20", "UTC")
/// >>> [segment.hours("size") for segment in rows.segments(day)]  # the portal ignores an expansion
/// [Fraction(2800, 1), Fraction(0, 1)]
/// >>> rows.history().usage(day).hours("size")
/// Fraction(3800, 1)
#[pyclass(frozen, eq, module = "counterfoil")]
#[derive(Clone, PartialEq)]
pub(crate) struct PortalRows {
    rows_of: RowsOf,
    current: CurrentRow,
    archive: Vec<portal::ArchiveRow>,
}

impl PortalRows {
    fn made(
        rows_of: RowsOf,
        [created, start]: [&Bound<'_, PyAny>; 2],
        deleted: Option<&Bound<'_, PyAny>>,
        (mode, spec): (&Bound<'_, PyAny>, &Bound<'_, PyAny>),
        archive: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        let current = CurrentRow {
            created: instant_of(created, "created")?,
            start: instant_of(start, "start")?,
            deleted: deleted.map(|deleted| instant_of(deleted, "deleted")).transpose()?,
            mode: parsed(mode, "mode")?,
            spec: Spec::read(spec, "spec")?,
        };
        Ok(Self { rows_of, current, archive: archive.map_or(Ok(Vec::new()), archived)? })
    }
}

fn archived(rows: &Bound<'_, PyAny>) -> Result<Vec<portal::ArchiveRow>> {
    let mut read = Vec::new();
    for row in items(rows, "archive")? {
        let row = row?;
        match row.cast::<ArchiveRow>() {
            Ok(row) => read.push(row.get().inner.clone()),
            Err(_) => return Err(Fault::bad_input("archive", format!("{} is no `ArchiveRow`", shown(&row)))),
        }
    }
    Ok(read)
}

#[pymethods]
impl PortalRows {
    /// The rows of a server.
    #[staticmethod]
    #[pyo3(signature = (*, created, start, mode, spec, deleted = None, archive = None))]
    fn server(
        created: &Bound<'_, PyAny>,
        start: &Bound<'_, PyAny>,
        mode: &Bound<'_, PyAny>,
        spec: &Bound<'_, PyAny>,
        deleted: Option<&Bound<'_, PyAny>>,
        archive: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        Self::made(RowsOf::Server, [created, start], deleted, (mode, spec), archive)
    }

    /// The rows of a disk.
    #[staticmethod]
    #[pyo3(signature = (*, created, start, mode, spec, deleted = None, archive = None))]
    fn disk(
        created: &Bound<'_, PyAny>,
        start: &Bound<'_, PyAny>,
        mode: &Bound<'_, PyAny>,
        spec: &Bound<'_, PyAny>,
        deleted: Option<&Bound<'_, PyAny>>,
        archive: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        Self::made(RowsOf::Disk, [created, start], deleted, (mode, spec), archive)
    }

    /// What they are rows of: ``server`` or ``disk``.
    #[getter]
    fn rows_of(&self) -> &'static str {
        self.rows_of.name()
    }

    /// When the resource was created.
    #[getter]
    fn created<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        instant_out(py, self.current.created)
    }

    /// When it became what the current row says.
    #[getter]
    fn start<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        instant_out(py, self.current.start)
    }

    /// When it was deleted, or ``None``.
    #[getter]
    fn deleted<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.current.deleted.map(|deleted| instant_out(py, deleted)).transpose()
    }

    /// How it is paid for, as ``post_paid``.
    #[getter]
    fn mode(&self) -> &'static str {
        self.current.mode.name()
    }

    /// What it is made of.
    #[getter]
    fn spec(&self) -> Spec {
        self.current.spec.clone().into()
    }

    /// What it was before, in the order in which it was given.
    #[getter]
    fn archive<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.archive.iter().map(|row| ArchiveRow { inner: row.clone() }))
    }

    /// What the portal itself computes for a day: segments that it rounds apart, to be rated as
    /// ``half_even 0.01 segment``; ``None`` where it has no reading.
    fn segments<'py>(&self, py: Python<'py>, window: &Bound<'py, PyAny>) -> Result<Option<Bound<'py, PyTuple>>> {
        let tuple = |segments: Vec<_>| PyTuple::new(py, segments.into_iter().map(Usage::from));
        Ok(self.usage(window)?.map(tuple).transpose()?)
    }

    /// The life that the rows tell: what one should meter with. Rows of no part of it are left out, which
    /// ``counterfoil.metering.portal_history`` names.
    fn history(&self) -> Result<History> {
        Ok(portal::history(&self.current, &self.archive)?.history.into())
    }

    fn __hash__(&self) -> u64 {
        let CurrentRow { created, start, deleted, mode, .. } = &self.current;
        let archive: Vec<_> = self.archive.iter().map(|row| ArchiveRow { inner: row.clone() }.__hash__()).collect();
        hash_of((self.rows_of.name(), created, start, deleted, mode, self.spec().__hash__(), archive))
    }

    fn __repr__(&self) -> String {
        let CurrentRow { created, start, deleted, mode, .. } = &self.current;
        let deleted = deleted.map_or_else(|| "None".to_owned(), |deleted| format!("'{deleted}'"));
        let archive = self.archive.iter().map(|row| ArchiveRow { inner: row.clone() }.__repr__());
        let archive = archive.collect::<Vec<_>>().join(", ");
        format!(
            "PortalRows.{}(created='{created}', start='{start}', deleted={deleted}, mode='{mode}', spec={}, archive=[{archive}])",
            self.rows_of.name(),
            self.spec().__repr__()
        )
    }

    #[staticmethod]
    #[pyo3(name = "_of_members")]
    fn of_members<'py>(
        py: Python<'py>,
        rows_of: &Bound<'py, PyString>,
        members: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyAny>> {
        py.get_type::<Self>().getattr(rows_of)?.call((), Some(members))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Rebuilt<(&'static str, Bound<'py, PyDict>)>> {
        let members = self.members(py)?;
        members.set_item("archive", self.archive(py)?)?;
        Ok((py.get_type::<Self>().getattr("_of_members")?.unbind(), (self.rows_of(), members)))
    }

    /// ``{"rows_of", "current", "archive"}``, as the operation ``metering.portal_usage`` takes them.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("rows_of", self.rows_of())?;
        members.set_item("current", self.members(py)?)?;
        let archive = self.archive.iter().map(|row| ArchiveRow { inner: row.clone() }.to_dict(py));
        members.set_item("archive", archive.collect::<PyResult<Vec<_>>>()?)?;
        Ok(members)
    }
}

impl PortalRows {
    /// The segments, where they need not be objects of Python.
    pub(crate) fn usage(&self, window: &Bound<'_, PyAny>) -> Result<Option<Vec<metering::Usage>>> {
        let window = Period::read(window, "window")?;
        Ok(portal::usage(self.rows_of, window, &self.current, &self.archive)?)
    }

    /// What the current row says, by name.
    fn members<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("created", self.created(py)?)?;
        members.set_item("start", self.start(py)?)?;
        members.set_item("deleted", self.deleted(py)?)?;
        members.set_item("mode", self.mode())?;
        members.set_item("spec", self.spec().to_dict(py)?)?;
        Ok(members)
    }
}
