use crate::{
    border::{
        Fault, Rebuilt, Result,
        number::shown,
        text::{parsed, text_of},
    },
    metering::hash_of,
};
use counterfoil::wallet;
use pyo3::{
    prelude::*,
    types::{PyDict, PyMapping},
};

/// Who pays, or holds a coupon: a user, or a group.
///
/// >>> from counterfoil import Owner
/// >>> Owner.user("zhang")
/// Owner('user', 'zhang')
#[pyclass(frozen, eq, module = "counterfoil")]
#[derive(Clone, PartialEq)]
pub(crate) struct Owner {
    inner: wallet::Owner,
}

impl From<wallet::Owner> for Owner {
    fn from(inner: wallet::Owner) -> Self {
        Self { inner }
    }
}

impl Owner {
    /// Reads an owner: ours, or a mapping or an object with `kind` and `id`.
    pub(crate) fn read(value: &Bound<'_, PyAny>, at: &str) -> Result<wallet::Owner> {
        if let Ok(owner) = value.cast::<Self>() {
            return Ok(owner.get().inner.clone());
        }
        let members = match value.cast::<PyMapping>() {
            Ok(members) => members.get_item("kind").and_then(|kind| Ok((kind, members.get_item("id")?))),
            Err(_) => value.getattr("kind").and_then(|kind| Ok((kind, value.getattr("id")?))),
        };
        match members {
            Ok((kind, id)) => Ok(wallet::Owner::new(parsed(&kind, at)?, text_of(&id, at)?)),
            Err(_) => Err(Fault::bad_input(at, format!("{} is no owner: pass `Owner(kind, id)`", shown(value)))),
        }
    }
}

#[pymethods]
impl Owner {
    #[new]
    fn new(kind: &Bound<'_, PyAny>, id: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(wallet::Owner::new(parsed(kind, "kind")?, text_of(id, "id")?).into())
    }

    /// A user.
    #[staticmethod]
    fn user(id: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(wallet::Owner::User(text_of(id, "id")?).into())
    }

    /// A group.
    #[staticmethod]
    fn group(id: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(wallet::Owner::Group(text_of(id, "id")?).into())
    }

    /// ``user`` or ``group``.
    #[getter]
    fn kind(&self) -> &'static str {
        self.inner.kind().name()
    }

    /// Which one.
    #[getter]
    fn id(&self) -> &str {
        self.inner.id()
    }

    fn __hash__(&self) -> u64 {
        hash_of((self.kind(), self.id()))
    }

    pub(crate) fn __str__(&self) -> String {
        format!("{} {}", self.kind(), self.id())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("Owner('{}', {})", self.kind(), self.id().into_pyobject(py)?.repr()?))
    }

    fn __reduce__(&self, py: Python<'_>) -> Rebuilt<(&'static str, &str)> {
        (py.get_type::<Self>().into_any().unbind(), (self.kind(), self.id()))
    }

    /// ``{"kind", "id"}``.
    pub(crate) fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("kind", self.kind())?;
        members.set_item("id", self.id())?;
        Ok(members)
    }
}
