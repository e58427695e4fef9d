//! Every operation of the core by its name.

use crate::border::{Fault, Result, json, text::text_of};
use counterfoil::{error::WireError, wire};
use pyo3::{prelude::*, types::PyDict};

/// Calls an operation with JSON text, and gives JSON text: ``{"ok": …}`` or ``{"error": …}``.
///
/// >>> from counterfoil import evaluate
/// >>> evaluate("money.parse", '{"text": "12.30"}')
/// '{"ok":{"amount":"12.30"}}'
#[pyfunction]
pub(crate) fn evaluate(py: Python<'_>, operation: &Bound<'_, PyAny>, json: &Bound<'_, PyAny>) -> Result<String> {
    let (operation, json) = (text_of(operation, "operation")?, text_of(json, "json")?);
    Ok(py.detach(|| wire::evaluate(&operation, &json)))
}

/// The names of all operations.
#[pyfunction]
pub(crate) fn operations() -> Vec<&'static str> {
    wire::operations().iter().map(|operation| operation.name).collect()
}

/// Writes Python values as the JSON that an operation reads.
#[pyfunction]
pub(crate) fn to_json(arguments: &Bound<'_, PyDict>) -> Result<String> {
    json::call(arguments)
}

#[expect(dead_code, reason = "until answers are typed")]
fn unknown(name: &str) -> Fault {
    WireError::UnknownOperation { text: name.to_owned() }.into()
}
