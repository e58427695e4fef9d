use crate::border::{Result, text::packed, time::period};
use counterfoil::{
    exact::Exact,
    metering::{Measure, Part, Spec, Usage, UsageOf},
};
use napi::{Either, bindgen_prelude::External};
use napi_derive::napi;

/// Quantity × hours of what is timed, the quantity of what is counted.
fn hours(usage: &UsageOf) -> Exact {
    match usage.measure() {
        Measure::Timed => usage.hours(),
        Measure::Counted => usage.value().clone(),
    }
}

/// What stays as it is for a whole window, all of it payable.
#[napi(catch_unwind)]
pub(crate) fn usage_timed(
    start: Either<f64, String>,
    end: Either<f64, String>,
    spec: &External<Spec>,
) -> Result<External<Usage>> {
    Ok(External::new(Usage::timed(period(&start, &end)?, spec)?))
}

/// What is counted and not timed, all of it payable.
#[napi(catch_unwind)]
pub(crate) fn usage_counted(
    start: Either<f64, String>,
    end: Either<f64, String>,
    spec: &External<Spec>,
) -> Result<External<Usage>> {
    Ok(External::new(Usage::counted(period(&start, &end)?, spec)))
}

/// The window of a usage, and its parts as the answer of `metering.usage` has them: JSON.
#[napi(catch_unwind)]
pub(crate) fn usage_told(usage: &External<Usage>) -> Result<String> {
    let mut parts = Vec::new();
    for part in usage.parts() {
        let (Some(used), Some(payable)) = (usage.used(part), usage.payable(part)) else { continue };
        let measure = match used.measure() {
            Measure::Timed => "timed",
            Measure::Counted => "counted",
        };
        let (unit, payable) = (used.unit().name(), hours(&payable).to_string());
        parts.push((part.to_string(), unit, measure, hours(&used).to_string(), payable));
    }
    let window = usage.window();
    packed((window.start().to_string(), window.end().to_string(), parts))
}

/// What was used, or what is payable of a part: quantity × hours, or the quantity of what is counted; zero of one that
/// it has not.
#[napi(catch_unwind)]
pub(crate) fn usage_hours(usage: &External<Usage>, part: String, payable: bool) -> Result<String> {
    let part: Part = part.parse()?;
    let of = if payable { usage.payable(&part) } else { usage.used(&part) };
    Ok(of.map_or(Exact::ZERO, |of| hours(&of)).to_string())
}

/// The usage of two windows that meet.
#[napi(catch_unwind)]
pub(crate) fn usage_plus(usage: &External<Usage>, next: &External<Usage>) -> Result<External<Usage>> {
    Ok(External::new(usage.plus(next)?))
}

/// What this usage of a window has more than another of the same window.
#[napi(catch_unwind)]
pub(crate) fn usage_minus(usage: &External<Usage>, stored: &External<Usage>) -> Result<External<Usage>> {
    Ok(External::new(usage.delta(stored)?))
}

/// Whether two usages are equal.
#[napi(catch_unwind)]
pub(crate) fn usage_equals(usage: &External<Usage>, other: &External<Usage>) -> bool {
    usage.as_ref() == other.as_ref()
}
