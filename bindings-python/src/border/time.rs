//! Instants and dates: aware `datetime` of any zone, `date`, and text in; `datetime` in UTC and `date` out.

use super::{Fault, Result, known, number::shown, text};
use chrono::{Datelike, NaiveDate};
use counterfoil::{
    error::{TimeError, excerpt},
    time::{Instant, parse_date},
};
use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyDate, PyDateAccess, PyDateTime, PyDelta, PyDeltaAccess, PyString, PyTzInfo, PyTzInfoAccess},
};

const MICROS_PER_SECOND: i64 = counterfoil::time::MICROS_PER_SECOND;
const SECONDS_PER_DAY: i64 = 86_400;

/// 1970-01-01 in UTC, from which instants are counted.
fn epoch(py: Python<'_>) -> PyResult<&Bound<'_, PyDateTime>> {
    static EPOCH: PyOnceLock<Py<PyDateTime>> = PyOnceLock::new();
    let made = EPOCH.get_or_try_init(py, || {
        let utc = PyTzInfo::utc(py)?.to_owned();
        PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, Some(&utc)).map(Bound::unbind)
    })?;
    Ok(made.bind(py))
}

/// Reads an instant: text with an offset, or a `datetime` that knows its zone.
pub(crate) fn instant_of(value: &Bound<'_, PyAny>, at: &str) -> Result<Instant> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(text::unicode(text, at)?.parse::<Instant>()?);
    }
    let Ok(moment) = value.cast::<PyDateTime>() else {
        return Err(Fault::bad_input(at, format!("{} is no instant: pass an aware `datetime` or text", shown(value))));
    };
    let since = aware(moment)?;
    let seconds = i64::from(since.get_days()) * SECONDS_PER_DAY + i64::from(since.get_seconds());
    Ok(Instant::from_micros(seconds * MICROS_PER_SECOND + i64::from(since.get_microseconds()))?)
}

/// What has passed since 1970 in UTC, by the subtraction of `datetime` itself: instants, where the zones are not the
/// same object, and an error where one of the two is naive.
fn aware<'py>(moment: &Bound<'py, PyDateTime>) -> Result<Bound<'py, PyDelta>> {
    let py = moment.py();
    let class = known::datetime(py)?;
    let since = if moment.get_type().is(class) {
        moment.sub(epoch(py)?)
    } else {
        if moment.get_tzinfo().is_none() {
            return Err(naive(moment)); // also `NaT` of pandas
        }
        if let Some(nanosecond) = moment.getattr_opt("nanosecond")?
            && nanosecond.is_truthy()?
        {
            return Err(TimeError::TooFine { text: excerpt(&text::repr(moment)) }.into()); // as pandas has them
        }
        class.call_method1("__sub__", (moment, epoch(py)?)) // whatever the class made of it
    };
    match since {
        Ok(since) => Ok(since.cast_into::<PyDelta>().map_err(PyErr::from)?),
        // Any other error is one of the zone itself.
        Err(_) if moment.call_method0("utcoffset").is_ok_and(|offset| offset.is_none()) => Err(naive(moment)),
        Err(error) => Err(error.into()),
    }
}

fn naive(moment: &Bound<'_, PyDateTime>) -> Fault {
    TimeError::NotAnInstant { text: excerpt(&text::repr(moment)), fault: "it has no zone" }.into()
}

/// An instant as text of RFC 3339, for a call over the wire.
pub(crate) fn instant_text(value: &Bound<'_, PyAny>) -> Result<String> {
    Ok(instant_of(value, "")?.to_string())
}

/// An instant of the core, in UTC.
pub(crate) fn instant_out(py: Python<'_>, instant: Instant) -> PyResult<Bound<'_, PyAny>> {
    let micros = instant.micros();
    let (seconds, micros) = (micros.div_euclid(MICROS_PER_SECOND), micros.rem_euclid(MICROS_PER_SECOND));
    let (days, seconds) = (seconds.div_euclid(SECONDS_PER_DAY), seconds.rem_euclid(SECONDS_PER_DAY));
    // Each fits: instants are of the years 1 to 9999.
    let part = |part: i64| i32::try_from(part).unwrap_or_default();
    let since = PyDelta::new(py, part(days), part(seconds), part(micros), false)?;
    epoch(py)?.add(since)
}

/// Reads a date: a `date` that is no `datetime`, or text.
pub(crate) fn date_of(value: &Bound<'_, PyAny>, at: &str) -> Result<NaiveDate> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(parse_date(text::unicode(text, at)?)?);
    }
    match value.cast::<PyDate>() {
        Ok(date) if !value.is_instance_of::<PyDateTime>() => {
            let (year, month, day) = (date.get_year(), date.get_month(), date.get_day());
            NaiveDate::from_ymd_opt(year, month.into(), day.into())
                .ok_or_else(|| TimeError::NotADate { text: text::repr(value) }.into())
        }
        _ => Err(Fault::bad_input(at, format!("{} is no date: pass a `date` or text", shown(value)))),
    }
}

/// A date of the core.
pub(crate) fn date_out(py: Python<'_>, date: NaiveDate) -> PyResult<Bound<'_, PyAny>> {
    // Months and days of the calendar are far below 256.
    let small = |part: u32| u8::try_from(part).unwrap_or_default();
    Ok(PyDate::new(py, date.year(), small(date.month()), small(date.day()))?.into_any())
}
