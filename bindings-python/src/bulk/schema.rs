use super::{capsule, preview};
use crate::border::Result;
use arrow_schema::SchemaRef;
use pyo3::{prelude::*, types::PyCapsule};

/// The columns of a table: their names and types.
///
/// ``pyarrow.schema(schema)`` and whatever else reads ``__arrow_c_schema__`` takes it; ``str(schema)`` shows it, a
/// column a line.
#[pyclass(frozen, eq, module = "counterfoil.bulk")]
#[derive(PartialEq)]
pub(crate) struct Schema {
    inner: SchemaRef,
}

impl From<SchemaRef> for Schema {
    fn from(inner: SchemaRef) -> Self {
        Self { inner }
    }
}

impl Schema {
    /// The names of the columns, in one line.
    pub(super) fn names_text(&self) -> String {
        self.names().join(", ")
    }
}

#[pymethods]
impl Schema {
    /// The names of the columns, in order.
    #[getter]
    fn names(&self) -> Vec<&str> {
        self.inner.fields().iter().map(|field| field.name().as_str()).collect()
    }

    fn __len__(&self) -> usize {
        self.inner.fields().len()
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyCapsule>> {
        capsule::schema_capsule(py, &self.inner)
    }

    fn __str__(&self) -> String {
        preview::schema_text(&self.inner)
    }

    fn __repr__(&self) -> String {
        format!("<counterfoil.bulk.Schema: {}>", self.names_text())
    }
}
