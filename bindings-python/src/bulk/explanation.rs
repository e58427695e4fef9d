use super::batches::not_pickled;
use crate::{
    border::{Result, number::decimal_out, text::language_of},
    metering::hash_of,
    pricing::{Line, html},
};
use counterfoil::{error::Language, pricing};
use pyo3::{prelude::*, types::PyTuple};
use std::sync::Arc;

/// Why something costs what it costs: each line with its units, its price and its amounts.
///
/// ``str(explanation)`` is the derivation as a table in English, ``text("zh")`` in Chinese.
#[pyclass(frozen, eq, module = "counterfoil.bulk")]
#[derive(PartialEq)]
pub(crate) struct Explanation {
    inner: Arc<pricing::Explanation>,
}

impl From<pricing::Explanation> for Explanation {
    fn from(inner: pricing::Explanation) -> Self {
        Self { inner: Arc::new(inner) }
    }
}

#[pymethods]
impl Explanation {
    /// The revision of the rate card.
    #[getter]
    fn revision(&self) -> String {
        self.inner.revision().to_string()
    }

    /// The kind of resource.
    #[getter]
    fn kind(&self) -> String {
        self.inner.kind().to_string()
    }

    /// The currency of all amounts.
    #[getter]
    fn currency(&self) -> String {
        self.inner.currency().to_string()
    }

    /// How it was rounded.
    #[getter]
    fn rounding(&self) -> String {
        self.inner.rounding().to_string()
    }

    /// What all that was used costs, rounded; a ``Decimal``.
    #[getter]
    fn original<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal_out(py, self.inner.original().amount())
    }

    /// What is to be paid, rounded; a ``Decimal``.
    #[getter]
    fn payable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal_out(py, self.inner.payable().amount())
    }

    /// The lines in order, with subtotals that add up.
    #[getter]
    fn lines<'py>(this: &Bound<'py, Self>) -> Result<Bound<'py, PyTuple>> {
        Line::all(this.as_any(), &this.get().inner)
    }

    /// Both amounts, original and payable, computed again from nothing but the lines.
    fn recompute<'py>(&self, py: Python<'py>) -> Result<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let (original, payable) = self.inner.recompute()?;
        Ok((decimal_out(py, original)?, decimal_out(py, payable)?))
    }

    /// The derivation in English (``"en"``) or Chinese (``"zh"``).
    #[pyo3(signature = (language=None))]
    fn text(&self, language: Option<&Bound<'_, PyAny>>) -> Result<String> {
        Ok(self.inner.text(language_of(language)?))
    }

    fn __hash__(&self) -> u64 {
        hash_of(self.__str__())
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_pickled("Explanation", "pickle its `text()`, or the rater and the row"))
    }

    fn __str__(&self) -> String {
        self.inner.text(Language::English)
    }

    fn __repr__(&self) -> String {
        let (inner, currency) = (&self.inner, self.inner.currency());
        format!("<counterfoil.bulk.Explanation: {} {} {currency}>", inner.kind(), inner.payable())
    }

    fn _repr_html_(&self) -> String {
        html(&self.inner)
    }
}
