use super::{Line, Tariff};
use crate::{
    border::{
        Rebuilt, Result,
        number::{count_of, decimal_out, fraction_out},
        text::{language_of, parsed},
        time::instant_out,
    },
    metering::{Spec, Usage, hash_of},
    value::{Money, Period},
};
use counterfoil::{
    metering,
    money::{self, Rounding},
    pricing::{
        Explanation, Terms,
        inquiry::{Amounts, Asked},
    },
    time,
};
use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyTuple},
};
use std::sync::Arc;

/// What something would cost, and why.
///
/// Amounts and lines are made when they are read.
#[pyclass(frozen, module = "counterfoil")]
pub(crate) struct Quote {
    tariff: Tariff,
    of: Subject,
    rounding: Rounding,
    amounts: Amounts,
    /// Made when somebody asks for it.
    explanation: PyOnceLock<Arc<Explanation>>,
}

/// What a quote is made of: its rates, what is asked, for when, how many, and how it is rounded.
type Again<'py> = (Tariff, Bound<'py, PyAny>, Period, u32, String);

/// What was quoted.
enum Subject {
    Asked(Asked),
    Metered(Arc<metering::Usage>),
}

impl Quote {
    pub(super) fn asked(tariff: Tariff, asked: Asked, rounding: Rounding) -> Result<Self> {
        let amounts = tariff.inner.amounts(&asked, Terms::list(rounding))?;
        Ok(Self { tariff, of: Subject::Asked(asked), rounding, amounts, explanation: PyOnceLock::new() })
    }

    pub(super) fn billed(tariff: Tariff, usage: Arc<metering::Usage>, rounding: Rounding) -> Result<Self> {
        let amounts = tariff.inner.bill(&usage, Terms::list(rounding))?.amounts();
        Ok(Self { tariff, of: Subject::Metered(usage), rounding, amounts, explanation: PyOnceLock::new() })
    }

    fn explanation(&self, py: Python<'_>) -> Result<&Arc<Explanation>> {
        self.explanation.get_or_try_init(py, || {
            let terms = Terms::list(self.rounding);
            let quote = match &self.of {
                Subject::Asked(asked) => self.tariff.inner.inquire(asked, terms)?,
                Subject::Metered(usage) => self.tariff.inner.bill(usage, terms)?,
            };
            Ok(Arc::new(quote.into_explanation()))
        })
    }

    fn period(&self) -> time::Period {
        match &self.of {
            Subject::Asked(asked) => asked.window(),
            Subject::Metered(usage) => usage.window(),
        }
    }

    fn money(&self) -> money::Money {
        money::Money::new(self.amounts.payable.amount(), self.tariff.inner.currency())
    }
}

#[pymethods]
impl Quote {
    /// What it costs by the list.
    #[getter]
    fn original<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal_out(py, self.amounts.original.amount())
    }

    /// What is to be paid.
    #[getter]
    fn payable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal_out(py, self.amounts.payable.amount())
    }

    /// What is to be paid, before it was rounded: a ``Fraction``.
    #[getter]
    fn payable_exact<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        fraction_out(py, self.amounts.payable.exact())
    }

    /// What is to be paid, with its currency.
    #[getter]
    fn payable_money(&self) -> Money {
        self.money().into()
    }

    /// The currency of both amounts.
    #[getter]
    fn currency(&self) -> String {
        self.tariff.inner.currency().to_string()
    }

    /// The revision of the card.
    #[getter]
    fn revision(&self) -> String {
        self.tariff.inner.revision().to_string()
    }

    /// The kind of resource.
    #[getter]
    fn kind(&self) -> String {
        self.tariff.inner.kind().to_string()
    }

    /// The instant whose rates were used.
    #[getter]
    fn at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        instant_out(py, self.tariff.inner.at())
    }

    /// For when.
    #[getter]
    fn window(&self) -> Period {
        self.period().into()
    }

    /// How many items.
    #[getter]
    fn count(&self) -> u32 {
        match &self.of {
            Subject::Asked(asked) => asked.count(),
            Subject::Metered(_) => 1,
        }
    }

    /// How it was rounded.
    #[getter]
    fn rounding(&self) -> String {
        self.rounding.to_string()
    }

    /// The lines of its derivation, with subtotals that add up.
    ///
    /// Errors: ``money.overflow`` where a line does not fit in a decimal, of which a limit took the place in the total.
    #[getter]
    fn lines<'py>(slf: &Bound<'py, Self>) -> Result<Bound<'py, PyTuple>> {
        Line::all(slf.as_any(), slf.get().explanation(slf.py())?)
    }

    /// Why it costs that, as text in English (``"en"``) or Chinese (``"zh"``).
    #[pyo3(signature = (language = None))]
    fn explain(&self, py: Python<'_>, language: Option<&Bound<'_, PyAny>>) -> Result<String> {
        Ok(self.explanation(py)?.text(language_of(language)?))
    }

    /// Both amounts again, from nothing but the lines: ``(original, payable)``.
    fn recompute<'py>(&self, py: Python<'py>) -> Result<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let (original, payable) = self.explanation(py)?.recompute()?;
        Ok((decimal_out(py, original)?, decimal_out(py, payable)?))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> Result<bool> {
        let Ok(other) = other.cast::<Self>() else { return Ok(false) };
        let (py, other) = (other.py(), other.get());
        let of = |quote: &Self| (quote.tariff.inner.at(), quote.period(), quote.count(), quote.rounding);
        let may_be_equal = of(self) == of(other) && self.amounts == other.amounts;
        Ok(may_be_equal && self.explanation(py)? == other.explanation(py)?)
    }

    fn __hash__(&self) -> u64 {
        hash_of((self.amounts.original.amount(), self.amounts.payable.amount(), self.period().micros()))
    }

    fn __str__(&self) -> String {
        format!("{:#}", self.money())
    }

    fn __repr__(&self) -> String {
        let (original, payable) = (self.amounts.original.amount(), self.amounts.payable.amount());
        format!("<Quote of {} {} original={original} payable={payable} {}>", self.count(), self.kind(), self.currency())
    }

    fn _repr_html_(&self, py: Python<'_>) -> Result<String> {
        Ok(super::line::html(self.explanation(py)?))
    }

    #[staticmethod]
    #[pyo3(name = "_again")]
    fn again(
        tariff: &Bound<'_, Tariff>,
        of: &Bound<'_, PyAny>,
        window: &Bound<'_, PyAny>,
        count: &Bound<'_, PyAny>,
        rounding: &Bound<'_, PyAny>,
    ) -> Result<Self> {
        let (tariff, rounding) = (tariff.get().clone(), parsed(rounding, "rounding")?);
        if let Ok(usage) = of.cast::<Usage>() {
            return Self::billed(tariff, Arc::clone(&usage.get().inner), rounding);
        }
        let asked = Asked::new(Spec::read(of, "spec")?, Period::read(window, "window")?);
        Self::asked(tariff, asked.times(count_of(count, "count")?)?, rounding)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Rebuilt<Again<'py>>> {
        let of = match &self.of {
            Subject::Asked(asked) => Spec::from(asked.spec().clone()).into_pyobject(py)?.into_any(),
            Subject::Metered(usage) => Usage { inner: Arc::clone(usage) }.into_pyobject(py)?.into_any(),
        };
        let again = py.get_type::<Self>().getattr("_again")?.unbind();
        Ok((again, (self.tariff.clone(), of, self.window(), self.count(), self.rounding())))
    }

    /// The amounts, and the lines as dicts.
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> Result<Bound<'py, PyDict>> {
        let members = super::line::members(slf.as_any(), slf.get().explanation(slf.py())?)?;
        members.set_item("window", slf.get().window().to_dict(slf.py())?)?;
        Ok(members)
    }
}
