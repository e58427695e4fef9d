use super::{Line, Tariff, rateable::Rateable};
use crate::{
    border::{
        Rebuilt, Result,
        number::{decimal_out, fraction_out},
        text::{language_of, parsed},
    },
    metering::{Usage, hash_of},
    value::Money,
};
use counterfoil::{
    money::{self, Rounded, Rounding},
    pricing::Explanation,
};
use pyo3::{
    prelude::*,
    types::{PyDict, PyTuple},
};
use std::sync::Arc;

/// What a usage costs: the original amount and what is payable, each rounded once, or segment by segment.
///
/// Amounts and lines are made when they are read.
#[pyclass(frozen, module = "counterfoil")]
#[derive(Clone)]
pub(crate) struct Rated {
    tariff: Tariff,
    of: Rateable,
    rounding: Rounding,
    original: Rounded,
    payable: Rounded,
}

impl Rated {
    pub(super) fn of(tariff: Tariff, of: Rateable, rounding: Rounding) -> Result<Self> {
        let rated = of.rated(&tariff.inner, rounding)?;
        let (original, payable) = (rated.original_rounded().clone(), rated.payable_rounded().clone());
        Ok(Self { tariff, of, rounding, original, payable })
    }

    fn explanation(&self) -> Result<Arc<Explanation>> {
        Ok(Arc::new(self.of.rated(&self.tariff.inner, self.rounding)?.explain()?))
    }
}

#[pymethods]
impl Rated {
    /// What all that was used costs.
    #[getter]
    fn original<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal_out(py, self.original.amount())
    }

    /// What is to be paid.
    #[getter]
    fn payable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal_out(py, self.payable.amount())
    }

    /// What is to be paid, before it was rounded: a ``Fraction``.
    #[getter]
    fn payable_exact<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        fraction_out(py, self.payable.exact())
    }

    /// What is to be paid, with its currency.
    #[getter]
    fn payable_money(&self) -> Money {
        money::Money::new(self.payable.amount(), self.tariff.inner.currency()).into()
    }

    /// The currency of both amounts.
    #[getter]
    fn currency(&self) -> String {
        self.tariff.inner.currency().to_string()
    }

    /// The usage that was rated; ``None`` where segments were.
    #[getter]
    fn usage(&self) -> Option<Usage> {
        self.of.whole()
    }

    /// All that was rated: its segments, or the one usage.
    #[getter]
    fn segments<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.of.usages())
    }

    /// The rates that it was rated with.
    #[getter]
    fn tariff(&self) -> Tariff {
        self.tariff.clone()
    }

    /// The lines of its derivation.
    #[getter]
    fn lines<'py>(slf: &Bound<'py, Self>) -> Result<Bound<'py, PyTuple>> {
        Line::all(slf.as_any(), &slf.get().explanation()?)
    }

    /// Why it costs that, as text in English (``"en"``) or Chinese (``"zh"``).
    #[pyo3(signature = (language = None))]
    fn explain(&self, language: Option<&Bound<'_, PyAny>>) -> Result<String> {
        Ok(self.explanation()?.text(language_of(language)?))
    }

    /// Both amounts again, from nothing but the lines: ``(original, payable)``.
    fn recompute<'py>(&self, py: Python<'py>) -> Result<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let (original, payable) = self.explanation()?.recompute()?;
        Ok((decimal_out(py, original)?, decimal_out(py, payable)?))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> Result<bool> {
        let Ok(other) = other.cast::<Self>() else { return Ok(false) };
        Ok(self.explanation()? == other.get().explanation()?)
    }

    fn __hash__(&self) -> u64 {
        hash_of((self.original.amount(), self.payable.amount(), self.currency()))
    }

    fn __str__(&self) -> String {
        format!("{:#}", money::Money::new(self.payable.amount(), self.tariff.inner.currency()))
    }

    fn __repr__(&self) -> String {
        format!("<Rated original={} payable={} {}>", self.original.amount(), self.payable.amount(), self.currency())
    }

    fn _repr_html_(&self) -> Result<String> {
        let explanation = self.explanation()?;
        Ok(super::line::html(&explanation))
    }

    #[staticmethod]
    #[pyo3(name = "_again")]
    fn again(tariff: &Bound<'_, Tariff>, usage: &Bound<'_, PyAny>, rounding: &Bound<'_, PyAny>) -> Result<Self> {
        Self::of(tariff.get().clone(), Rateable::read(usage)?, parsed(rounding, "rounding")?)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Rebuilt<(Tariff, Bound<'py, PyAny>, String)>> {
        let again = py.get_type::<Self>().getattr("_again")?.unbind();
        let of = match self.usage() {
            Some(usage) => usage.into_pyobject(py)?.into_any(),
            None => self.segments(py)?.into_any(),
        };
        Ok((again, (self.tariff(), of, self.rounding.to_string())))
    }

    /// The amounts, and the lines as dicts.
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> Result<Bound<'py, PyDict>> {
        super::line::members(slf.as_any(), &slf.get().explanation()?)
    }
}
