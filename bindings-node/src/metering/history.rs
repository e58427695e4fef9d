use super::spec::{self, Parts};
use crate::border::{
    Result,
    text::{packed, unpacked},
    time::period,
};
use counterfoil::metering::{History, QuotaCharge, Span, Usage};
use napi::{Either, bindgen_prelude::External};
use napi_derive::napi;
use serde::{Deserialize, Serialize};

/// A span: its start, its end unless it goes on, its parts, and how it was charged.
#[derive(Deserialize, Serialize)]
pub(super) struct Packed(String, Option<String>, Parts, String);

impl Packed {
    fn read(&self) -> Result<Span> {
        let Self(start, end, parts, mode) = self;
        let end = end.as_ref().map(|end| end.parse()).transpose()?;
        Ok(Span::new(start.parse()?, end, spec::read(parts)?, mode.parse()?))
    }

    fn of(span: &Span) -> Self {
        let end = span.end().map(|end| end.to_string());
        Self(span.start().to_string(), end, spec::parts_of(span.spec()), span.mode().to_string())
    }
}

/// How spans out of a quota are charged.
pub(crate) fn quota_of(quota: Option<String>) -> Result<QuotaCharge> {
    Ok(quota.map_or(Ok(QuotaCharge::default()), |quota| quota.parse())?)
}

/// A span as it is told: the same JSON in, and out.
#[napi(catch_unwind)]
pub(crate) fn span(span: String) -> Result<String> {
    packed(Packed::of(&unpacked::<Packed>(&span)?.read()?))
}

/// The life of a resource, from JSON of its spans.
#[napi(catch_unwind)]
pub(crate) fn history(spans: String) -> Result<External<History>> {
    let spans: Vec<Packed> = unpacked(&spans)?;
    let spans = spans.iter().map(Packed::read).collect::<Result<Vec<_>>>()?;
    Ok(External::new(History::new(spans)?))
}

/// The spans of a history: JSON.
#[napi(catch_unwind)]
pub(crate) fn history_spans(history: &External<History>) -> Result<String> {
    packed(history.spans().iter().map(Packed::of).collect::<Vec<_>>())
}

/// What was used in a window; none if the resource did not live in it.
#[napi(catch_unwind)]
pub(crate) fn history_usage(
    history: &External<History>,
    start: Either<f64, String>,
    end: Either<f64, String>,
    quota: Option<String>,
) -> Result<Option<External<Usage>>> {
    Ok(history.usage_under(period(&start, &end)?, quota_of(quota)?)?.map(External::new))
}

/// Whether the resource lived in a window, so that it has a usage of it.
#[napi(catch_unwind)]
pub(crate) fn history_is_used(
    history: &External<History>,
    start: Either<f64, String>,
    end: Either<f64, String>,
    quota: Option<String>,
) -> Result<bool> {
    Ok(history.usage_under(period(&start, &end)?, quota_of(quota)?)?.is_some())
}

/// The same, span by span.
#[napi(catch_unwind)]
pub(crate) fn history_segments(
    history: &External<History>,
    start: Either<f64, String>,
    end: Either<f64, String>,
    quota: Option<String>,
) -> Result<Vec<External<Usage>>> {
    let segments = history.segments(period(&start, &end)?, quota_of(quota)?)?;
    Ok(segments.into_iter().map(External::new).collect())
}

/// Whether two histories have the same spans.
#[napi(catch_unwind)]
pub(crate) fn history_equals(history: &External<History>, other: &External<History>) -> bool {
    history.spans() == other.spans()
}
