use crate::border::{Fault, Result, number::count_of, text::parsed, time::instant_of};
use counterfoil::{
    error::PricingError,
    pricing::inquiry::{self, TermMonths},
    time::{Instant, Period, Zone},
};
use pyo3::prelude::*;

/// So many of a unit of time.
type OfUnit = fn(u32) -> std::result::Result<inquiry::Term, PricingError>;

/// For how long something is asked: keywords of an inquiry.
pub(super) struct Term<'a, 'py> {
    pub(super) years: Option<&'a Bound<'py, PyAny>>,
    pub(super) months: Option<&'a Bound<'py, PyAny>>,
    pub(super) weeks: Option<&'a Bound<'py, PyAny>>,
    pub(super) days: Option<&'a Bound<'py, PyAny>>,
    pub(super) hours: Option<&'a Bound<'py, PyAny>>,
    /// The zone of calendar months.
    pub(super) zone: Option<&'a Bound<'py, PyAny>>,
}

impl Term<'_, '_> {
    /// From a start until an end, or for this term.
    pub(super) fn window(&self, start: Instant, end: Option<&Bound<'_, PyAny>>) -> Result<Period> {
        let Self { years, months, weeks, days, hours, zone } = self;
        let given = [years, months, weeks, days, hours, zone].into_iter().flatten().next();
        match (end, given) {
            (Some(_), Some(_)) => Err(Fault::bad_input("end", "it stands beside a term: leave one of them out")),
            (Some(end), None) => Ok(Period::new(start, instant_of(end, "end")?)?),
            (None, _) => self.period(start),
        }
    }

    fn period(&self, start: Instant) -> Result<Period> {
        let mut term = inquiry::Term::months(0);
        let units: [(_, _, OfUnit); 5] = [
            (self.years, "years", inquiry::Term::years),
            (self.months, "months", |count| Ok(inquiry::Term::months(count))),
            (self.weeks, "weeks", inquiry::Term::weeks),
            (self.days, "days", inquiry::Term::days),
            (self.hours, "hours", inquiry::Term::hours),
        ];
        for (count, name, of) in units {
            if let Some(count) = count {
                term = term.and(of(count_of(count, name)?)?)?;
            }
        }
        let months = match self.zone {
            Some(zone) => TermMonths::Calendar(parsed::<Zone>(zone, "zone")?),
            None => TermMonths::Fixed30,
        };
        Ok(term.period(start, months)?)
    }
}

/// How many items: one unless it is said.
pub(super) fn count_or_one(count: Option<&Bound<'_, PyAny>>) -> Result<u32> {
    count.map_or(Ok(1), |count| count_of(count, "count"))
}
