use crate::border::{
    Fault, Result,
    number::{decimal_out, fraction_out},
    text::text_of,
};
use counterfoil::{
    error::{Language, excerpt},
    pricing,
};
use pyo3::{
    prelude::*,
    types::{PyDict, PyTuple},
};

/// Why something costs what it costs: each line with its units, its price and its amounts.
///
/// ``str(explanation)`` is the derivation as a table in English, ``text("zh")`` in Chinese.
#[pyclass(frozen, eq, module = "counterfoil.bulk")]
#[derive(PartialEq)]
pub(crate) struct Explanation {
    inner: pricing::Explanation,
}

impl From<pricing::Explanation> for Explanation {
    fn from(inner: pricing::Explanation) -> Self {
        Self { inner }
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

    /// The lines in order, each a dict of ``part``, ``unit``, ``price``, and as ``Fraction`` of ``used``,
    /// ``payable_units``, ``original`` and ``payable``.
    #[getter]
    fn lines<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let line = |line: &pricing::ExplainedLine| {
            let members = PyDict::new(py);
            members.set_item("part", line.part.to_string())?;
            members.set_item("unit", line.unit())?;
            members.set_item("price", line.rate.text(Language::English))?;
            members.set_item("used", fraction_out(py, &line.used)?)?;
            members.set_item("payable_units", fraction_out(py, &line.payable_units)?)?;
            members.set_item("original", fraction_out(py, &line.original)?)?;
            members.set_item("payable", fraction_out(py, &line.payable)?)?;
            Ok(members)
        };
        PyTuple::new(py, self.inner.lines().iter().map(line).collect::<PyResult<Vec<_>>>()?)
    }

    /// Both amounts, original and payable, computed again from nothing but the lines.
    fn recompute<'py>(&self, py: Python<'py>) -> Result<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let (original, payable) = self.inner.recompute()?;
        Ok((decimal_out(py, original)?, decimal_out(py, payable)?))
    }

    /// The derivation in English (``"en"``) or Chinese (``"zh"``).
    #[pyo3(signature = (language=None))]
    fn text(&self, language: Option<&Bound<'_, PyAny>>) -> Result<String> {
        let language = match language {
            None => Language::English,
            Some(language) => match &*text_of(language, "language")? {
                "en" => Language::English,
                "zh" => Language::Chinese,
                other => {
                    return Err(Fault::bad_input("language", format!("`{}` is none of `en`, `zh`", excerpt(other))));
                }
            },
        };
        Ok(self.inner.text(language))
    }

    fn __str__(&self) -> String {
        self.inner.text(Language::English)
    }

    fn __repr__(&self) -> String {
        let (inner, currency) = (&self.inner, self.inner.currency());
        format!("<counterfoil.bulk.Explanation: {} {} {currency}>", inner.kind(), inner.payable())
    }

    fn _repr_html_(&self) -> String {
        let text = self.inner.text(Language::English);
        format!("<pre>{}</pre>", text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
    }
}
