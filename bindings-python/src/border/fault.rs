//! Errors of the core as Python exceptions: a class for each category, with code, details and both messages.

use super::known;
use counterfoil::error::{
    BulkError, Category, Error, IpamError, Language, MeteringError, MoneyError, OrderError, PlacementError,
    PricingError, StatementError, TimeError, UnitsError, WalletError, WireError,
};
use counterfoil_arrow::BatchError;
use pyo3::{prelude::*, types::PyDict};

/// What can go wrong in a call from Python.
pub(crate) enum Fault {
    /// What the library says.
    Told(Box<Error>),
    /// What is said of Arrow batches.
    Batch(Box<BatchError>),
    /// What Python says: no memory, an interrupt, an error in a caller's own method.
    Python(PyErr),
}

/// What a call from Python comes to.
pub(crate) type Result<T> = std::result::Result<T, Fault>;

impl Fault {
    /// A value that is not what belongs at this place.
    pub(crate) fn bad_input(at: impl Into<String>, fault: impl Into<String>) -> Self {
        WireError::BadInput { at: at.into(), fault: fault.into() }.into()
    }
}

impl From<PyErr> for Fault {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl<'a, 'py> From<pyo3::CastError<'a, 'py>> for Fault {
    fn from(error: pyo3::CastError<'a, 'py>) -> Self {
        Self::Python(error.into())
    }
}

impl From<BatchError> for Fault {
    fn from(error: BatchError) -> Self {
        Self::Batch(Box::new(error))
    }
}

macro_rules! told {
    ($($error:ty),*) => { $(impl From<$error> for Fault {
        fn from(error: $error) -> Self {
            Self::Told(Box::new(error.into()))
        }
    })* };
}
told!(Error, MoneyError, TimeError, UnitsError, MeteringError, PricingError, WalletError, StatementError);
told!(OrderError, IpamError, PlacementError, BulkError, WireError);

impl From<Fault> for PyErr {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Python(error) => error,
            Fault::Told(error) => exception(&Told {
                code: error.code(),
                category: error.category(),
                details: error.details(),
                english: error.message(Language::English),
                chinese: error.message(Language::Chinese),
            }),
            Fault::Batch(error) => exception(&Told {
                code: error.code(),
                category: error.category(),
                details: error.details(),
                english: error.message(Language::English),
                chinese: error.message(Language::Chinese),
            }),
        }
    }
}

struct Told {
    code: &'static str,
    category: Category,
    details: Vec<(&'static str, String)>,
    english: String,
    chinese: String,
}

fn exception(told: &Told) -> PyErr {
    Python::attach(|py| raised(py, told).unwrap_or_else(|error| error))
}

fn raised(py: Python<'_>, told: &Told) -> PyResult<PyErr> {
    let details = PyDict::new(py);
    for (name, value) in &told.details {
        details.set_item(name, value)?;
    }
    let class = known::exceptions(py)?.getattr(class_of(told.category))?;
    let facts = (told.code, told.category.name(), details, &told.english, &told.chinese);
    Ok(PyErr::from_value(class.call1(facts)?))
}

/// The class in `counterfoil._errors`.
fn class_of(category: Category) -> &'static str {
    match category {
        Category::InvalidInput => "InvalidInput",
        Category::OutOfRange => "OutOfRange",
        Category::Conflict => "Conflict",
        Category::Insufficient => "Insufficient",
        Category::NotFound => "NotFound",
        Category::Unsupported => "Unsupported",
        _ => "CounterfoilError", // of a category that a later version of the core adds
    }
}
