//! Every operation of the core by its name.

use crate::border::{Result, answer, json, known, text::text_of};
use counterfoil::wire;
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
///
/// >>> from counterfoil import operations
/// >>> "pricing.rate" in operations()
/// True
#[pyfunction]
pub(crate) fn operations() -> Vec<&'static str> {
    wire::operations().iter().map(|operation| operation.name).collect()
}

/// Calls an operation with Python values: what the generated functions do. Arguments that are ``None`` are left out.
#[pyfunction]
pub(crate) fn call<'py>(operation: &Bound<'py, PyAny>, arguments: &Bound<'py, PyDict>) -> Result<Bound<'py, PyAny>> {
    let py = operation.py();
    let (name, json) = (text_of(operation, "operation")?, json::call(arguments)?);
    let answer = py.detach(|| wire::answer(&name, &json))?;
    let (context, _) = name.split_once('.').unwrap_or((&name, ""));
    answer::out(&known::records(py, context)?, answer)
}

/// Python values as the JSON that an operation reads.
#[pyfunction]
pub(crate) fn to_json(arguments: &Bound<'_, PyDict>) -> Result<String> {
    json::call(arguments)
}
