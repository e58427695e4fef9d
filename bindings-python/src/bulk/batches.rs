use super::{
    Schema,
    capsule::{self, Source},
    preview,
};
use crate::border::Result;
use arrow_array::{RecordBatch, RecordBatchIterator};
use arrow_schema::SchemaRef;
use counterfoil_arrow::BatchError;
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyCapsule};

/// A table of results, in Rust's memory, for any library that reads Arrow.
///
/// ``pyarrow.table(batches)``, ``polars.DataFrame(batches)`` and ``duckdb`` take it as it is, as often as they like,
/// and nothing is copied for it.
///
/// >>> import pyarrow
/// >>> from counterfoil import bulk
/// >>> rated = pyarrow.table({"code": pyarrow.array([None, "units.negative"]).dictionary_encode()})
/// >>> rated = rated.cast(pyarrow.schema([("code", pyarrow.dictionary(pyarrow.int16(), pyarrow.string()))]))
/// >>> faults = bulk.faults(rated)
/// >>> print(faults)
/// row | code
/// 1   | units.negative
/// >>> pyarrow.table(faults)["row"].to_pylist()
/// [1]
#[pyclass(frozen, module = "counterfoil.bulk")]
pub(crate) struct Batches {
    schema: SchemaRef,
    list: Vec<RecordBatch>,
}

impl Batches {
    pub(super) const fn new(schema: SchemaRef, list: Vec<RecordBatch>) -> Self {
        Self { schema, list }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.list.iter().map(RecordBatch::num_rows).sum()
    }

    pub(super) fn list(&self) -> &[RecordBatch] {
        &self.list
    }

    pub(super) const fn schema_ref(&self) -> &SchemaRef {
        &self.schema
    }
}

#[pymethods]
impl Batches {
    /// How many rows there are.
    #[getter]
    fn num_rows(&self) -> usize {
        self.rows()
    }

    /// How many pieces the rows come in; it means nothing.
    #[getter]
    fn num_batches(&self) -> usize {
        self.list.len()
    }

    /// The columns.
    #[getter]
    fn schema(&self) -> Schema {
        self.schema.clone().into()
    }

    fn __len__(&self) -> usize {
        self.num_rows()
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema; // a wish: whoever has it casts
        let batches = self.list.clone().into_iter().map(Ok);
        capsule::stream_capsule(py, Box::new(RecordBatchIterator::new(batches, self.schema.clone())))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyCapsule>> {
        capsule::schema_capsule(py, &self.schema)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_pickled("Batches", "make a table of them, as `pyarrow.table(batches)`, and pickle that"))
    }

    fn __str__(&self) -> String {
        preview::text(&self.schema, &self.list)
    }

    fn __repr__(&self) -> String {
        format!("<counterfoil.bulk.Batches: {} rows of {}>", self.num_rows(), self.schema().names_text())
    }

    fn _repr_html_(&self) -> String {
        preview::html(&self.schema, &self.list)
    }
}

/// That something stays in its process, and what goes to another one instead.
pub(super) fn not_pickled(class: &str, instead: &str) -> PyErr {
    PyTypeError::new_err(format!("`{class}` can not be pickled: {instead}"))
}

/// The faulty rows of what came out, and their codes: a table of ``row`` (from 0, over all batches) and ``code``.
///
/// It takes what ``Rater.rate`` and ``Statements.add`` give, or a table that it was made into.
#[pyfunction]
pub(crate) fn faults(table: &Bound<'_, PyAny>) -> Result<Batches> {
    let source = Source::of(table)?;
    let faults = table.py().detach(|| {
        let mut first = 0_u64;
        let of_batch = |batch: std::result::Result<RecordBatch, BatchError>| {
            let batch = batch?;
            let faults = counterfoil_arrow::faults(&batch, first)?;
            first = first.saturating_add(u64::try_from(batch.num_rows()).unwrap_or(u64::MAX));
            Ok(faults)
        };
        // Of a table without rows too it is said that it has no such column, and there is a schema.
        let none = counterfoil_arrow::faults(&RecordBatch::new_empty(source.schema().clone()), 0)?;
        let list = source.map(of_batch).collect::<std::result::Result<Vec<_>, BatchError>>()?;
        Ok::<_, BatchError>(Batches::new(none.schema(), list))
    });
    Ok(faults?)
}
