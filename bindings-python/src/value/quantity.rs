use crate::border::{
    Fault, Rebuilt, Result,
    number::{decimal_of, decimal_out, shown},
    text::{parsed, text_of},
};
use counterfoil::units;
use pyo3::{
    prelude::*,
    types::{PyDict, PyString},
};
use std::hash::{Hash, Hasher};

/// An exact amount of a unit, zero or more.
///
/// >>> from counterfoil import Quantity
/// >>> Quantity(8, "GiB").to("MiB")
/// Quantity('8192', 'MiB')
/// >>> Quantity.parse("4 core").amount
/// Decimal('4')
#[pyclass(frozen, eq, hash, module = "counterfoil")]
#[derive(Clone, PartialEq)]
pub(crate) struct Quantity {
    inner: units::Quantity,
}

impl Hash for Quantity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.inner.hash(state);
    }
}

impl From<units::Quantity> for Quantity {
    fn from(inner: units::Quantity) -> Self {
        Self { inner }
    }
}

impl Quantity {
    /// Reads a quantity: ours, or text as `8 GiB`.
    pub(crate) fn read(value: &Bound<'_, PyAny>, at: &str) -> Result<units::Quantity> {
        if let Ok(quantity) = value.cast::<Self>() {
            return Ok(quantity.get().inner);
        }
        if !value.is_instance_of::<PyString>() {
            let fault = format!("{} is no quantity: pass `Quantity` or text like `8 GiB`", shown(value));
            return Err(Fault::bad_input(at, fault));
        }
        Self::parsed(&text_of(value, at)?)
    }

    fn parsed(text: &str) -> Result<units::Quantity> {
        let (amount, unit) = text.split_once(' ').unwrap_or((text, ""));
        Ok(units::Quantity::parse(amount, unit.parse()?)?)
    }

    /// Reads what the core wrote.
    pub(crate) fn of_text(text: &str) -> Result<Self> {
        Self::parsed(text).map(Self::from)
    }
}

#[pymethods]
impl Quantity {
    #[new]
    #[pyo3(text_signature = "(amount, unit)")]
    fn new(amount: &Bound<'_, PyAny>, unit: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(units::Quantity::new(decimal_of(amount, "amount")?, parsed(unit, "unit")?)?.into())
    }

    /// Reads text as ``8 GiB``.
    #[staticmethod]
    fn parse(text: &Bound<'_, PyAny>) -> Result<Self> {
        Self::read(text, "text").map(Self::from)
    }

    /// How many, a ``Decimal``.
    #[getter]
    fn amount<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal_out(py, self.inner.amount())
    }

    /// Of what, as ``GiB``.
    #[getter]
    fn unit(&self) -> &'static str {
        self.inner.unit().name()
    }

    /// The same in another unit of its family; exactly, or ``units.inexact``.
    fn to(&self, unit: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(self.inner.to(parsed(unit, "unit")?)?.into())
    }

    fn __str__(&self) -> String {
        self.inner.to_string()
    }

    fn __repr__(&self) -> String {
        format!("Quantity('{}', '{}')", self.inner.amount(), self.inner.unit())
    }

    fn __reduce__(&self, py: Python<'_>) -> PyResult<Rebuilt<(String, String)>> {
        let class = py.get_type::<Self>().into_any().unbind();
        Ok((class, (self.inner.amount().to_string(), self.inner.unit().to_string())))
    }

    /// ``{"amount": Decimal, "unit": str}``.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("amount", self.amount(py)?)?;
        members.set_item("unit", self.unit())?;
        Ok(members)
    }
}
