use super::{Quote, Tariff, term::Term};
use crate::{
    border::{
        Rebuilt, Result,
        json::read_json,
        text::{parsed, text_of},
        time::{instant_of, instant_out},
    },
    metering::{Spec, hash_of},
};
use counterfoil::{
    metering::Kind,
    pricing::{self, inquiry::Asked},
};
use pyo3::prelude::*;
use std::sync::Arc;

/// A rate card: one revision of prices, read once and kept in Rust.
///
/// >>> from counterfoil import RateCard, Spec
/// >>> card = RateCard.from_toml('''
/// ... revision = "2024-02"
/// ... currency = "CNY"
/// ... [[rates]]
/// ... kind = "disk"
/// ... part = "size"
/// ... price = "1.02"
/// ... per = "GiB"
/// ... every = "day"
/// ... ''')
/// >>> card.inquire(Spec.disk(50), kind="disk", start="2024-02-20T00:00:00Z", days=2, rounding="half_even 0.01 total").payable
/// Decimal('102.00')
#[pyclass(frozen, eq, module = "counterfoil")]
#[derive(Clone, PartialEq)]
pub(crate) struct RateCard {
    pub(crate) inner: Arc<pricing::RateCard>,
}

impl From<pricing::RateCard> for RateCard {
    fn from(inner: pricing::RateCard) -> Self {
        Self { inner: Arc::new(inner) }
    }
}

#[pymethods]
impl RateCard {
    /// Reads a card that people write; a fault names its line (``pricing.bad_card``).
    #[staticmethod]
    fn from_toml(text: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(pricing::RateCard::from_toml(&text_of(text, "text")?)?.into())
    }

    /// Reads a card that programs write; a fault names its line (``pricing.bad_card``).
    #[staticmethod]
    fn from_json(text: &Bound<'_, PyAny>) -> Result<Self> {
        Ok(pricing::RateCard::from_json(&text_of(text, "text")?)?.into())
    }

    /// The card in TOML.
    fn to_toml(&self) -> String {
        self.inner.to_toml()
    }

    /// The card in JSON.
    pub(crate) fn to_json(&self) -> String {
        self.inner.to_json()
    }

    /// The card as the operations take it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        read_json(py, &self.to_json())
    }

    /// What tells it from other revisions; every result names it.
    #[getter]
    fn revision(&self) -> String {
        self.inner.revision().to_string()
    }

    /// The currency of its prices, as ``CNY``.
    #[getter]
    fn currency(&self) -> String {
        self.inner.currency().to_string()
    }

    /// From when it is in force, or ``None``.
    #[getter]
    fn valid_from<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.inner.validity().from.map(|from| instant_out(py, from)).transpose()
    }

    /// Until when it is in force, or ``None``.
    #[getter]
    fn valid_to<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.inner.validity().to.map(|to| instant_out(py, to)).transpose()
    }

    /// The rates of a kind that are in force at an instant: made once, used for as many usages as one likes.
    fn tariff(&self, kind: &Bound<'_, PyAny>, at: &Bound<'_, PyAny>) -> Result<Tariff> {
        Tariff::of(&self.inner, &parsed::<Kind>(kind, "kind")?, instant_of(at, "at")?)
    }

    /// Quotes a spec of a kind: for a period from ``start`` to ``end``, or for so many months, days, … from ``start`` on.
    ///
    /// ``rounding`` is named: ``"portal"``, or in full as ``"half_even 0.01 total"``. A month has 30 days unless ``zone``
    /// is named, in which it is a calendar month.
    #[pyo3(signature = (
        spec, *, kind, start, rounding, end = None, years = None, months = None, weeks = None, days = None, hours = None,
        zone = None, count = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "keywords of one call")]
    fn inquire(
        &self,
        spec: &Bound<'_, PyAny>,
        kind: &Bound<'_, PyAny>,
        start: &Bound<'_, PyAny>,
        rounding: &Bound<'_, PyAny>,
        end: Option<&Bound<'_, PyAny>>,
        years: Option<&Bound<'_, PyAny>>,
        months: Option<&Bound<'_, PyAny>>,
        weeks: Option<&Bound<'_, PyAny>>,
        days: Option<&Bound<'_, PyAny>>,
        hours: Option<&Bound<'_, PyAny>>,
        zone: Option<&Bound<'_, PyAny>>,
        count: Option<&Bound<'_, PyAny>>,
    ) -> Result<Quote> {
        let term = Term { years, months, weeks, days, hours, zone };
        let window = term.window(instant_of(start, "start")?, end)?;
        let tariff = Tariff::of(&self.inner, &parsed::<Kind>(kind, "kind")?, window.start())?;
        let asked = Asked::new(Spec::read(spec, "spec")?, window).times(super::term::count_or_one(count)?)?;
        Quote::asked(tariff, asked, parsed(rounding, "rounding")?)
    }

    fn __hash__(&self) -> u64 {
        // Of what is the same however its prices are written: 0.066 and 0.0660 are equal.
        hash_of((self.revision(), self.currency(), self.inner.entries().len()))
    }

    fn __str__(&self) -> String {
        format!("rate card {} in {}: {} rates", self.revision(), self.currency(), self.inner.entries().len())
    }

    fn __repr__(&self) -> String {
        format!("<RateCard {} {}, {} rates>", self.revision(), self.currency(), self.inner.entries().len())
    }

    fn __reduce__(&self, py: Python<'_>) -> PyResult<Rebuilt<(String,)>> {
        Ok((py.get_type::<Self>().getattr("from_json")?.unbind(), (self.inner.to_json(),)))
    }
}
