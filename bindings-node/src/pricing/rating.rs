use super::{amounts, why::Why};
use crate::{
    border::{Result, time::period},
    metering::PortalRows,
};
use counterfoil::{
    error::WireError,
    metering::Usage,
    money::Rounding,
    pricing::{Rated, Tariff, Terms},
};
use napi::{
    Either,
    bindgen_prelude::{Array, External},
};
use napi_derive::napi;

fn told(rated: &Rated<'_>) -> String {
    amounts(rated.original_rounded(), rated.payable_rounded())
}

/// The usages of an array.
fn all(segments: &Array<'_>) -> Result<Vec<Usage>> {
    let segment = |place: u32| {
        let usage = segments.get_ref::<External<Usage>>(place).ok().flatten();
        let no_usage = || WireError::BadInput { at: format!("usage[{place}]"), fault: "it is no `Usage`".to_owned() };
        Ok(usage.ok_or_else(no_usage)?.as_ref().clone())
    };
    (0..segments.len()).map(segment).collect()
}

/// What a usage costs.
#[napi(catch_unwind)]
pub(crate) fn rate(
    tariff: &External<Tariff>,
    usage: &External<Usage>,
    rounding: &External<Rounding>,
) -> Result<String> {
    Ok(told(&tariff.rate(usage, *rounding.as_ref())?))
}

/// The same, with its derivation.
#[napi(catch_unwind)]
pub(crate) fn rate_why(
    tariff: &External<Tariff>,
    usage: &External<Usage>,
    rounding: &External<Rounding>,
) -> Result<External<Why>> {
    Ok(External::new(tariff.rate(usage, *rounding.as_ref())?.explain()?.into()))
}

/// What segments cost together.
#[napi(catch_unwind)]
pub(crate) fn rate_segments(
    tariff: &External<Tariff>,
    segments: Array<'_>,
    rounding: &External<Rounding>,
) -> Result<String> {
    Ok(told(&tariff.rate_segments(&all(&segments)?, *rounding.as_ref())?))
}

/// The same, with its derivation.
#[napi(catch_unwind)]
pub(crate) fn rate_segments_why(
    tariff: &External<Tariff>,
    segments: Array<'_>,
    rounding: &External<Rounding>,
) -> Result<External<Why>> {
    Ok(External::new(tariff.rate_segments(&all(&segments)?, *rounding.as_ref())?.explain()?.into()))
}

/// What costs what a portal itself computes of its rows for a window; none where it has no reading.
#[napi(catch_unwind)]
pub(crate) fn rate_rows(
    tariff: &External<Tariff>,
    rows: &External<PortalRows>,
    start: Either<f64, String>,
    end: Either<f64, String>,
    rounding: &External<Rounding>,
) -> Result<Option<String>> {
    let Some(segments) = rows.usage(period(&start, &end)?)? else { return Ok(None) };
    Ok(Some(told(&tariff.rate_segments(&segments, *rounding.as_ref())?)))
}

/// The same, with its derivation.
#[napi(catch_unwind)]
pub(crate) fn rate_rows_why(
    tariff: &External<Tariff>,
    rows: &External<PortalRows>,
    start: Either<f64, String>,
    end: Either<f64, String>,
    rounding: &External<Rounding>,
) -> Result<Option<External<Why>>> {
    let Some(segments) = rows.usage(period(&start, &end)?)? else { return Ok(None) };
    Ok(Some(External::new(tariff.rate_segments(&segments, *rounding.as_ref())?.explain()?.into())))
}

/// What a metered usage is billed at.
#[napi(catch_unwind)]
pub(crate) fn bill(
    tariff: &External<Tariff>,
    usage: &External<Usage>,
    rounding: &External<Rounding>,
) -> Result<String> {
    let billed = tariff.bill(usage, Terms::list(*rounding.as_ref()))?;
    Ok(amounts(billed.original_rounded(), billed.payable_rounded()))
}

/// The same, with its derivation.
#[napi(catch_unwind)]
pub(crate) fn bill_why(
    tariff: &External<Tariff>,
    usage: &External<Usage>,
    rounding: &External<Rounding>,
) -> Result<External<Why>> {
    Ok(External::new(tariff.bill(usage, Terms::list(*rounding.as_ref()))?.into()))
}
