use crate::{
    border::{
        Rebuilt, Result,
        number::{decimal_out, fraction_out},
    },
    metering::hash_of,
    value::Period,
};
use counterfoil::{
    error::Language,
    pricing::{ExplainedLine, Explanation},
};
use pyo3::{
    exceptions::PyIndexError,
    prelude::*,
    types::{PyDict, PyTuple},
};
use rust_decimal::Decimal;
use std::sync::Arc;

/// A line of a derivation: units × price, and what is payable of it.
#[pyclass(frozen, module = "counterfoil")]
pub(crate) struct Line {
    /// What it is a line of.
    of: Py<PyAny>,
    explanation: Arc<Explanation>,
    place: usize,
    subtotal: Decimal,
}

impl Line {
    /// The lines of a derivation, with subtotals that add up.
    pub(crate) fn all<'py>(of: &Bound<'py, PyAny>, explanation: &Arc<Explanation>) -> Result<Bound<'py, PyTuple>> {
        let line = |(place, subtotal): (usize, Decimal)| Self {
            of: of.clone().unbind(),
            explanation: Arc::clone(explanation),
            place,
            subtotal,
        };
        let lines = explanation.subtotals()?.lines.into_iter().enumerate().map(line);
        Ok(PyTuple::new(of.py(), lines.collect::<Vec<_>>())?)
    }

    fn inner(&self) -> PyResult<&ExplainedLine> {
        self.explanation.lines().get(self.place).ok_or_else(|| PyIndexError::new_err("there is no such line"))
    }
}

#[pymethods]
impl Line {
    /// What is paid for, as ``gpu[A100]``.
    #[getter]
    fn part(&self) -> PyResult<String> {
        Ok(self.inner()?.part.to_string())
    }

    /// The window that it is of.
    #[getter]
    fn window(&self) -> PyResult<Period> {
        Ok(self.inner()?.window.into())
    }

    /// How many units of the rate were used: a ``Fraction``.
    #[getter]
    fn used<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        fraction_out(py, &self.inner()?.used)
    }

    /// How many of them are payable: a ``Fraction``.
    #[getter]
    fn payable_units<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        fraction_out(py, &self.inner()?.payable_units)
    }

    /// The unit that the price is for, as ``GiB·hour``.
    #[getter]
    fn unit(&self) -> PyResult<String> {
        Ok(self.inner()?.unit())
    }

    /// What a unit costs, as text.
    #[getter]
    fn rate(&self) -> PyResult<String> {
        Ok(self.inner()?.rate.text(Language::English))
    }

    /// What all that was used costs, before rounding: a ``Fraction``.
    #[getter]
    fn original<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        fraction_out(py, &self.inner()?.original)
    }

    /// What is payable of it, before rounding: a ``Fraction``.
    #[getter]
    fn payable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        fraction_out(py, &self.inner()?.payable)
    }

    /// What is payable, rounded so that the lines add up.
    #[getter]
    fn subtotal<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal_out(py, self.subtotal)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Ok(other) = other.cast::<Self>() else { return Ok(false) };
        let other = other.get();
        Ok((other.inner()?, other.subtotal) == (self.inner()?, self.subtotal))
    }

    fn __hash__(&self) -> PyResult<u64> {
        Ok(hash_of(self.__repr__()?))
    }

    fn __str__(&self) -> PyResult<String> {
        let (line, subtotal) = (self.inner()?, self.subtotal);
        Ok(format!("{}: {} {} × {} = {subtotal}", line.part, line.payable_units, line.unit(), self.rate()?))
    }

    fn __repr__(&self) -> PyResult<String> {
        Ok(format!("<Line {}>", self.__str__()?))
    }

    #[staticmethod]
    #[pyo3(name = "_of")]
    fn line_of<'py>(of: &Bound<'py, PyAny>, place: usize) -> PyResult<Bound<'py, PyAny>> {
        of.getattr("lines")?.get_item(place)
    }

    fn __reduce__(&self, py: Python<'_>) -> PyResult<Rebuilt<(Py<PyAny>, usize)>> {
        Ok((py.get_type::<Self>().getattr("_of")?.unbind(), (self.of.clone_ref(py), self.place)))
    }

    /// Its members by name.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("part", self.part()?)?;
        members.set_item("window", self.window()?.to_dict(py)?)?;
        members.set_item("used", self.used(py)?)?;
        members.set_item("payable_units", self.payable_units(py)?)?;
        members.set_item("unit", self.unit()?)?;
        members.set_item("rate", self.rate()?)?;
        members.set_item("original", self.original(py)?)?;
        members.set_item("payable", self.payable(py)?)?;
        members.set_item("subtotal", self.subtotal(py)?)?;
        Ok(members)
    }
}

/// The members of what was rated or quoted.
pub(super) fn members<'py>(of: &Bound<'py, PyAny>, explanation: &Arc<Explanation>) -> Result<Bound<'py, PyDict>> {
    let py = of.py();
    let members = PyDict::new(py);
    members.set_item("revision", explanation.revision().to_string())?;
    members.set_item("kind", explanation.kind().to_string())?;
    members.set_item("currency", explanation.currency().to_string())?;
    members.set_item("rounding", explanation.rounding().to_string())?;
    members.set_item("count", explanation.count())?;
    let lines = Line::all(of, explanation)?;
    let lines = lines.iter().map(|line| line.call_method0("to_dict")).collect::<PyResult<Vec<_>>>()?;
    members.set_item("lines", lines)?;
    members.set_item("original", decimal_out(py, explanation.original().amount())?)?;
    members.set_item("payable", decimal_out(py, explanation.payable().amount())?)?;
    Ok(members)
}

/// A derivation as a table of a notebook.
pub(crate) fn html(explanation: &Explanation) -> String {
    let mut rows = String::new();
    for line in explanation.lines() {
        let cells = [
            line.part.to_string(),
            format!("{} {}", line.used, line.unit()),
            line.payable_units.to_string(),
            line.rate.text(Language::English),
            line.payable.to_string(),
        ];
        let cells = cells.iter().map(|cell| format!("<td>{}</td>", escaped(cell)));
        rows.push_str(&format!("<tr>{}</tr>", cells.collect::<String>()));
    }
    let head = "<tr><th>part</th><th>used</th><th>payable</th><th>rate</th><th>exactly</th></tr>";
    let total = format!(
        "<tr><th colspan=\"4\">payable, {}</th><th>{} {}</th></tr>",
        escaped(&explanation.rounding().to_string()),
        explanation.payable().amount(),
        explanation.currency(),
    );
    format!("<table>{head}{rows}{total}</table>")
}

/// Text that can stand in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
