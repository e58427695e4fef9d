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
    prelude::*,
    types::{PyDict, PyTuple},
};
use rust_decimal::Decimal;

/// A line of a derivation: units × price, and what is payable of it.
#[pyclass(frozen, module = "counterfoil")]
pub(crate) struct Line {
    inner: ExplainedLine,
    subtotal: Decimal,
    /// What it is a line of, and which.
    of: (Py<PyAny>, usize),
}

impl Line {
    /// The lines of a derivation, with subtotals that add up.
    pub(crate) fn all<'py>(of: &Bound<'py, PyAny>, explanation: &Explanation) -> Result<Bound<'py, PyTuple>> {
        let lines = explanation.lines().iter().zip(explanation.subtotals()?.lines).enumerate();
        let line = |(place, (line, subtotal)): (usize, (&ExplainedLine, Decimal))| Self {
            inner: line.clone(),
            subtotal,
            of: (of.clone().unbind(), place),
        };
        Ok(PyTuple::new(of.py(), lines.map(line).collect::<Vec<_>>())?)
    }
}

#[pymethods]
impl Line {
    /// What is paid for, as ``gpu[A100]``.
    #[getter]
    fn part(&self) -> String {
        self.inner.part.to_string()
    }

    /// The window that it is of.
    #[getter]
    fn window(&self) -> Period {
        self.inner.window.into()
    }

    /// How many units of the rate were used: a ``Fraction``.
    #[getter]
    fn used<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        fraction_out(py, &self.inner.used)
    }

    /// How many of them are payable: a ``Fraction``.
    #[getter]
    fn payable_units<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        fraction_out(py, &self.inner.payable_units)
    }

    /// The unit that the price is for, as ``GiB·hour``.
    #[getter]
    fn unit(&self) -> String {
        self.inner.unit()
    }

    /// What a unit costs, as text.
    #[getter]
    fn rate(&self) -> String {
        self.inner.rate.text(Language::English)
    }

    /// What all that was used costs, before rounding: a ``Fraction``.
    #[getter]
    fn original<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        fraction_out(py, &self.inner.original)
    }

    /// What is payable of it, before rounding: a ``Fraction``.
    #[getter]
    fn payable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        fraction_out(py, &self.inner.payable)
    }

    /// What is payable, rounded so that the lines add up.
    #[getter]
    fn subtotal<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal_out(py, self.subtotal)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| {
            let other = other.get();
            (&other.inner, other.subtotal) == (&self.inner, self.subtotal)
        })
    }

    fn __hash__(&self) -> u64 {
        hash_of(self.__repr__())
    }

    fn __str__(&self) -> String {
        let Self { inner, subtotal, .. } = self;
        format!("{}: {} {} × {} = {subtotal}", inner.part, inner.payable_units, inner.unit(), self.rate())
    }

    fn __repr__(&self) -> String {
        format!("<Line {}>", self.__str__())
    }

    #[staticmethod]
    #[pyo3(name = "_of")]
    fn line_of<'py>(of: &Bound<'py, PyAny>, place: usize) -> PyResult<Bound<'py, PyAny>> {
        of.getattr("lines")?.get_item(place)
    }

    fn __reduce__(&self, py: Python<'_>) -> PyResult<Rebuilt<(Py<PyAny>, usize)>> {
        let (of, place) = &self.of;
        Ok((py.get_type::<Self>().getattr("_of")?.unbind(), (of.clone_ref(py), *place)))
    }

    /// Its members by name.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("part", self.part())?;
        members.set_item("window", self.window().to_dict(py)?)?;
        members.set_item("used", self.used(py)?)?;
        members.set_item("payable_units", self.payable_units(py)?)?;
        members.set_item("unit", self.unit())?;
        members.set_item("rate", self.rate())?;
        members.set_item("original", self.original(py)?)?;
        members.set_item("payable", self.payable(py)?)?;
        members.set_item("subtotal", self.subtotal(py)?)?;
        Ok(members)
    }
}

/// The members of what was rated or quoted.
pub(super) fn members<'py>(of: &Bound<'py, PyAny>, explanation: &Explanation) -> Result<Bound<'py, PyDict>> {
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
