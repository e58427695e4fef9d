use super::{
    Quote, Rated,
    rateable::{self, Rateable},
    term::{Term, count_or_one},
};
use crate::{
    border::{
        Fault, Rebuilt, Result,
        json::read_json,
        number::shown,
        text::parsed,
        time::{instant_of, instant_out},
    },
    metering::{PortalRows, Spec},
};
use counterfoil::{
    metering::Kind,
    pricing::{self, inquiry::Asked},
    time::Instant,
};
use pyo3::{prelude::*, types::PyDict};
use std::sync::Arc;

/// The rates of a kind that are in force at an instant, ready to rate with.
///
/// >>> from counterfoil import Period, RateCard, Spec, Usage
/// >>> card = RateCard.from_json('''{"revision": "2024-02", "currency": "CNY", "rates": [
/// ...     {"kind": "disk", "part": "size", "price": "1.02", "per": "GiB", "every": "day"}]}''')
/// >>> tariff = card.tariff("disk", "2024-02-20T00:00:00Z")
/// >>> usage = Usage.timed(Period.day("2024-02-20", "UTC"), Spec.disk(50))
/// >>> tariff.rate(usage, rounding="half_even 0.01 total").payable
/// Decimal('51.00')
#[pyclass(frozen, module = "counterfoil")]
#[derive(Clone)]
pub(crate) struct Tariff {
    pub(super) card: Arc<pricing::RateCard>,
    pub(crate) inner: Arc<pricing::Tariff>,
}

impl Tariff {
    pub(super) fn of(card: &Arc<pricing::RateCard>, kind: &Kind, at: Instant) -> Result<Self> {
        Ok(Self { card: Arc::clone(card), inner: Arc::new(card.tariff(kind, at)?) })
    }

    fn is(&self, other: &Self) -> bool {
        self.card == other.card && self.inner.kind() == other.inner.kind() && self.inner.at() == other.inner.at()
    }
}

#[pymethods]
impl Tariff {
    /// The revision of the card that it was taken from.
    #[getter]
    fn revision(&self) -> String {
        self.inner.revision().to_string()
    }

    /// The kind of resource that it is for.
    #[getter]
    fn kind(&self) -> String {
        self.inner.kind().to_string()
    }

    /// The instant whose rates it holds.
    #[getter]
    fn at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        instant_out(py, self.inner.at())
    }

    /// The currency of its amounts.
    #[getter]
    fn currency(&self) -> String {
        self.inner.currency().to_string()
    }

    /// Rates a usage and rounds as named. A list or tuple of segments is rated together: rounded each by itself as
    /// ``half_even 0.01 segment``, or their total once; of no segments that is zero.
    #[pyo3(signature = (usage, *, rounding))]
    fn rate(&self, usage: &Bound<'_, PyAny>, rounding: &Bound<'_, PyAny>) -> Result<Rated> {
        Rated::of(self.clone(), Rateable::read(usage)?, parsed(rounding, "rounding")?)
    }

    /// Rates what a portal itself computes of its rows for a window: their segments, which need not be made first.
    /// ``None`` where it has no reading.
    #[pyo3(signature = (rows, window, *, rounding))]
    fn rate_rows(
        &self,
        rows: &Bound<'_, PyAny>,
        window: &Bound<'_, PyAny>,
        rounding: &Bound<'_, PyAny>,
    ) -> Result<Option<Rated>> {
        let Ok(rows) = rows.cast::<PortalRows>() else {
            return Err(Fault::bad_input("rows", format!("{} is no `PortalRows`", shown(rows))));
        };
        let rounding = parsed(rounding, "rounding")?;
        let rated = |segments: Vec<_>| Rated::of(self.clone(), Rateable::Segments(segments.into()), rounding);
        rows.get().usage(window)?.map(rated).transpose()
    }

    /// Bills a metered usage as a quote: line by line, with its derivation.
    #[pyo3(signature = (usage, *, rounding))]
    fn bill(&self, usage: &Bound<'_, PyAny>, rounding: &Bound<'_, PyAny>) -> Result<Quote> {
        Quote::billed(self.clone(), rateable::usage(usage)?, parsed(rounding, "rounding")?)
    }

    /// Quotes a spec: for a period from ``start`` to ``end``, or for so many months, days, … from ``start`` on, which is
    /// the instant of this tariff unless it is given.
    #[pyo3(signature = (
        spec, *, rounding, start = None, end = None, years = None, months = None, weeks = None, days = None, hours = None,
        zone = None, count = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "keywords of one call")]
    fn inquire(
        &self,
        spec: &Bound<'_, PyAny>,
        rounding: &Bound<'_, PyAny>,
        start: Option<&Bound<'_, PyAny>>,
        end: Option<&Bound<'_, PyAny>>,
        years: Option<&Bound<'_, PyAny>>,
        months: Option<&Bound<'_, PyAny>>,
        weeks: Option<&Bound<'_, PyAny>>,
        days: Option<&Bound<'_, PyAny>>,
        hours: Option<&Bound<'_, PyAny>>,
        zone: Option<&Bound<'_, PyAny>>,
        count: Option<&Bound<'_, PyAny>>,
    ) -> Result<Quote> {
        let start = start.map_or(Ok(self.inner.at()), |start| instant_of(start, "start"))?;
        let window = Term { years, months, weeks, days, hours, zone }.window(start, end)?;
        let asked = Asked::new(Spec::read(spec, "spec")?, window).times(count_or_one(count)?)?;
        Quote::asked(self.clone(), asked, parsed(rounding, "rounding")?)
    }

    /// ``{"card", "kind", "at"}``, as operations take them.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let members = PyDict::new(py);
        members.set_item("card", read_json(py, &self.card.to_json())?)?;
        members.set_item("kind", self.kind())?;
        members.set_item("at", self.at(py)?)?;
        Ok(members)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.is(other.get()))
    }

    fn __hash__(&self) -> u64 {
        crate::metering::hash_of(self.__repr__())
    }

    fn __repr__(&self) -> String {
        format!("<Tariff of {} {} at {}>", self.revision(), self.inner.kind(), self.inner.at())
    }

    fn __reduce__(&self, py: Python<'_>) -> PyResult<Rebuilt<(String, String)>> {
        let card = super::RateCard { inner: Arc::clone(&self.card) }.into_pyobject(py)?;
        Ok((card.getattr("tariff")?.unbind(), (self.kind(), self.inner.at().to_string())))
    }
}
