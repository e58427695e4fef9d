use crate::border::{
    Fault, Rebuilt, Result,
    number::{decimal_of, decimal_out},
    text::{parsed, text_of},
};
use counterfoil::{error::Error, money};
use pyo3::{
    basic::CompareOp,
    prelude::*,
    types::{PyDict, PyString},
};
use std::hash::{DefaultHasher, Hash, Hasher};

/// An amount of a currency.
///
/// Exact: sums that do not fit are an error, never rounded.
///
/// >>> from counterfoil import Money
/// >>> Money("12.30", "CNY") + Money("0.05", "CNY")
/// Money('12.35', 'CNY')
/// >>> str(Money("12.30", "CNY"))
/// '12.30 CNY'
/// >>> Money("1", "CNY") + Money("1", "USD")
/// Traceback (most recent call last):
/// counterfoil._errors.Conflict: `CNY` and `USD` do not add: convert one of them first
#[pyclass(frozen, module = "counterfoil")]
#[derive(Clone)]
pub(crate) struct Money {
    inner: money::Money,
}

impl From<money::Money> for Money {
    fn from(inner: money::Money) -> Self {
        Self { inner }
    }
}

impl Money {
    /// Reads money: ours, or text as `12.30 CNY`.
    pub(crate) fn read(value: &Bound<'_, PyAny>, at: &str) -> Result<money::Money> {
        if let Ok(money) = value.cast::<Self>() {
            return Ok(money.get().inner);
        }
        if !value.is_instance_of::<PyString>() {
            let fault =
                format!("{} is no money: pass `Money` or text like `12.30 CNY`", crate::border::number::shown(value));
            return Err(Fault::bad_input(at, fault));
        }
        Self::parsed(&text_of(value, at)?)
    }

    fn parsed(text: &str) -> Result<money::Money> {
        let (amount, currency) = text.split_once(' ').unwrap_or((text, ""));
        Ok(money::Money::parse(amount, currency.parse()?)?)
    }

    /// Reads what the core wrote.
    pub(crate) fn of_text(text: &str) -> Result<Self> {
        Self::parsed(text).map(Self::from)
    }
}

#[pymethods]
impl Money {
    #[new]
    #[pyo3(text_signature = "(amount, currency)")]
    fn new(amount: &Bound<'_, PyAny>, currency: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(money::Money::new(decimal_of(amount, "amount")?, parsed(currency, "currency")?).into())
    }

    /// Reads text as ``12.30 CNY``.
    #[staticmethod]
    fn parse(text: &Bound<'_, PyAny>) -> Result<Self> {
        Self::read(text, "text").map(Self::from)
    }

    /// The amount, a ``Decimal``.
    #[getter]
    fn amount<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal_out(py, self.inner.amount())
    }

    /// The currency's code, as ``CNY``.
    #[getter]
    fn currency(&self) -> String {
        self.inner.currency().to_string()
    }

    fn __add__(&self, other: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(self.inner.plus(Self::read(other, "the other amount")?)?.into())
    }

    fn __sub__(&self, other: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(self.inner.minus(Self::read(other, "the other amount")?)?.into())
    }

    fn __neg__(&self) -> Self {
        self.inner.negated().into()
    }

    fn __bool__(&self) -> bool {
        !self.inner.is_zero()
    }

    fn __richcmp__(&self, other: &Bound<'_, PyAny>, by: CompareOp) -> Result<Py<PyAny>> {
        let py = other.py();
        let Ok(other) = other.cast::<Self>() else { return Ok(py.NotImplemented()) };
        let other = other.get().inner;
        let answer = match by {
            CompareOp::Eq => self.inner == other,
            CompareOp::Ne => self.inner != other,
            _ => by.matches(self.inner.compare(other).map_err(Error::from)?),
        };
        Ok(answer.into_pyobject(py).map_err(PyErr::from)?.to_owned().into_any().unbind())
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.inner.hash(&mut hasher);
        hasher.finish()
    }

    fn __str__(&self) -> String {
        format!("{:#}", self.inner)
    }

    fn __repr__(&self) -> String {
        format!("Money('{}', '{}')", self.inner.amount(), self.inner.currency())
    }

    fn __reduce__(&self, py: Python<'_>) -> PyResult<Rebuilt<(String, String)>> {
        let class = py.get_type::<Self>().into_any().unbind();
        Ok((class, (self.inner.amount().to_string(), self.inner.currency().to_string())))
    }

    /// ``{"amount": Decimal, "currency": str}``.
    pub(crate) fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("amount", self.amount(py)?)?;
        members.set_item("currency", self.currency())?;
        Ok(members)
    }
}
