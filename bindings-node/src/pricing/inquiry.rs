use super::{amounts, why::Why};
use crate::{
    border::{Result, text::unpacked, time::instant},
    metering::spec_of,
};
use counterfoil::{
    error::PricingError,
    metering::Spec,
    money::Rounding,
    pricing::{
        Tariff, Terms,
        inquiry::{Asked, Term, TermMonths},
    },
    time::{Instant, Period},
};
use napi::{Either, bindgen_prelude::External};
use napi_derive::napi;

/// So many of a unit of time.
type OfUnit = fn(u32) -> std::result::Result<Term, PricingError>;

/// For how long: years, months, weeks, days and hours, and the zone of calendar months.
struct For<'a> {
    counts: [Option<u32>; 5],
    zone: Option<&'a str>,
}

impl For<'_> {
    fn period(&self, start: Instant) -> Result<Period> {
        const UNITS: [OfUnit; 5] = [Term::years, |count| Ok(Term::months(count)), Term::weeks, Term::days, Term::hours];
        let mut term = Term::months(0);
        for (count, of) in self.counts.into_iter().zip(UNITS) {
            if let Some(count) = count {
                term = term.and(of(count)?)?;
            }
        }
        let months = match self.zone {
            Some(zone) => TermMonths::Calendar(zone.parse()?),
            None => TermMonths::Fixed30,
        };
        Ok(term.period(start, months)?)
    }
}

/// What is asked: from a start, which is the instant of the tariff unless it is given, until an end or for so long.
fn asked(
    tariff: &Tariff,
    spec: Either<&External<Spec>, String>,
    [start, end]: [Option<Either<f64, String>>; 2],
    term: &For<'_>,
    count: Option<u32>,
) -> Result<Asked> {
    let start = start.as_ref().map_or(Ok(tariff.at()), instant)?;
    let window = match &end {
        Some(end) => Period::new(start, instant(end)?)?,
        None => term.period(start)?,
    };
    let spec = match spec {
        Either::A(kept) => kept.as_ref().clone(),
        Either::B(parts) => spec_of(&unpacked(&parts)?)?,
    };
    Ok(Asked::new(spec, window).times(count.unwrap_or(1))?)
}

/// Quotes a spec: one that is kept, or JSON of its parts.
#[napi(catch_unwind)]
#[allow(clippy::too_many_arguments, reason = "one crossing: members of one object in JavaScript")]
pub(crate) fn inquire(
    tariff: &External<Tariff>,
    spec: Either<&External<Spec>, String>,
    rounding: &External<Rounding>,
    start: Option<Either<f64, String>>,
    end: Option<Either<f64, String>>,
    years: Option<u32>,
    months: Option<u32>,
    weeks: Option<u32>,
    days: Option<u32>,
    hours: Option<u32>,
    zone: Option<String>,
    count: Option<u32>,
) -> Result<String> {
    let term = For { counts: [years, months, weeks, days, hours], zone: zone.as_deref() };
    let asked = asked(tariff, spec, [start, end], &term, count)?;
    let quoted = tariff.amounts(&asked, Terms::list(*rounding.as_ref()))?;
    Ok(amounts(&quoted.original, &quoted.payable))
}

/// Why: what is asked of the derivation of the same.
#[napi(catch_unwind)]
#[allow(clippy::too_many_arguments, reason = "one crossing: members of one object in JavaScript")]
pub(crate) fn inquire_why(
    told: String,
    tariff: &External<Tariff>,
    spec: Either<&External<Spec>, String>,
    rounding: &External<Rounding>,
    start: Option<Either<f64, String>>,
    end: Option<Either<f64, String>>,
    years: Option<u32>,
    months: Option<u32>,
    weeks: Option<u32>,
    days: Option<u32>,
    hours: Option<u32>,
    zone: Option<String>,
    count: Option<u32>,
) -> Result<Either<String, External<Why>>> {
    let term = For { counts: [years, months, weeks, days, hours], zone: zone.as_deref() };
    let asked = asked(tariff, spec, [start, end], &term, count)?;
    Why::from(tariff.inquire(&asked, Terms::list(*rounding.as_ref()))?).told(&told)
}
