use super::{amounts, why::Why};
use crate::{
    border::{Result, time::period},
    metering::{PortalRows, quota_of},
};
use counterfoil::{
    error::WireError,
    metering::{History, Usage},
    money::Rounding,
    pricing::{Rated, Tariff, Terms},
};
use napi::{
    Either,
    bindgen_prelude::{Array, External},
};
use napi_derive::napi;

fn amounts_of(rated: &Rated<'_>) -> String {
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
    Ok(amounts_of(&tariff.rate(usage, *rounding.as_ref())?))
}

/// Why: what is asked of the derivation of the same.
#[napi(catch_unwind)]
pub(crate) fn rate_why(
    told: String,
    tariff: &External<Tariff>,
    usage: &External<Usage>,
    rounding: &External<Rounding>,
) -> Result<Either<String, External<Why>>> {
    Why::from(tariff.rate(usage, *rounding.as_ref())?.explain()?).told(&told)
}

/// What the usage of a window of a history costs; none where there is none. It need not be made first.
#[napi(catch_unwind)]
pub(crate) fn rate_history(
    tariff: &External<Tariff>,
    history: &External<History>,
    start: Either<f64, String>,
    end: Either<f64, String>,
    quota: Option<String>,
    rounding: &External<Rounding>,
) -> Result<Option<String>> {
    let usage = history.usage_under(period(&start, &end)?, quota_of(quota)?)?;
    Ok(usage.map(|usage| tariff.rate(&usage, *rounding.as_ref()).map(|rated| amounts_of(&rated))).transpose()?)
}

/// What segments cost together.
#[napi(catch_unwind)]
pub(crate) fn rate_segments(
    tariff: &External<Tariff>,
    #[napi(ts_arg_type = "External<'Usage'>[]")] segments: Array<'_>,
    rounding: &External<Rounding>,
) -> Result<String> {
    Ok(amounts_of(&tariff.rate_segments(&all(&segments)?, *rounding.as_ref())?))
}

/// Why: what is asked of the derivation of the same.
#[napi(catch_unwind)]
pub(crate) fn rate_segments_why(
    told: String,
    tariff: &External<Tariff>,
    #[napi(ts_arg_type = "External<'Usage'>[]")] segments: Array<'_>,
    rounding: &External<Rounding>,
) -> Result<Either<String, External<Why>>> {
    Why::from(tariff.rate_segments(&all(&segments)?, *rounding.as_ref())?.explain()?).told(&told)
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
    Ok(Some(amounts_of(&tariff.rate_segments(&segments, *rounding.as_ref())?)))
}

/// Why: what is asked of the derivation of the same.
#[napi(catch_unwind)]
pub(crate) fn rate_rows_why(
    told: String,
    tariff: &External<Tariff>,
    rows: &External<PortalRows>,
    start: Either<f64, String>,
    end: Either<f64, String>,
    rounding: &External<Rounding>,
) -> Result<Option<Either<String, External<Why>>>> {
    let Some(segments) = rows.usage(period(&start, &end)?)? else { return Ok(None) };
    Ok(Some(Why::from(tariff.rate_segments(&segments, *rounding.as_ref())?.explain()?).told(&told)?))
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

/// Why: what is asked of the derivation of the same.
#[napi(catch_unwind)]
pub(crate) fn bill_why(
    told: String,
    tariff: &External<Tariff>,
    usage: &External<Usage>,
    rounding: &External<Rounding>,
) -> Result<Either<String, External<Why>>> {
    Why::from(tariff.bill(usage, Terms::list(*rounding.as_ref()))?).told(&told)
}
