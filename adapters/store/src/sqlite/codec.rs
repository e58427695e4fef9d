//! What is kept as JSON inside a row: the parts of a usage and of a spec, each a list of texts, numbers as the
//! core prints them.

use counterfoil::{
    error::{Error, MeteringError},
    exact::Exact,
    metering::{Measure, Part, PartUsage, Spec, Usage},
    time::Period,
    units::{Quantity, Unit},
};
use std::{borrow::Cow, str::FromStr};

/// Part, unit, measure, used, payable.
type UsageRow<'a> = (Cow<'a, str>, Cow<'a, str>, Cow<'a, str>, Cow<'a, str>, Cow<'a, str>);

/// Part, amount, unit.
type SpecRow<'a> = (Cow<'a, str>, Cow<'a, str>, Cow<'a, str>);

pub(super) fn usage_to_text(usage: &Usage) -> Result<String, MeteringError> {
    let rows: Vec<UsageRow<'_>> = usage
        .to_parts()?
        .into_iter()
        .map(|part| {
            (
                part.part.to_string().into(),
                part.unit.name().into(),
                measure_name(part.measure).into(),
                part.used.to_string().into(),
                part.payable.to_string().into(),
            )
        })
        .collect();
    Ok(serde_json::json!(rows).to_string())
}

/// # Errors
/// What is wrong with the text.
pub(super) fn usage_from_text(window: Period, text: &str) -> Result<Usage, String> {
    let rows: Vec<UsageRow<'_>> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let part = |(part, unit, measure, used, payable): UsageRow<'_>| {
        Ok(PartUsage {
            part: read::<Part>(&part)?,
            unit: read::<Unit>(&unit)?,
            measure: measure_of(&measure)?,
            used: read::<Exact>(&used)?,
            payable: read::<Exact>(&payable)?,
        })
    };
    let parts: Vec<PartUsage> = rows.into_iter().map(part).collect::<Result<_, String>>()?;
    Usage::from_parts(window, parts).map_err(|error| error.to_string())
}

pub(super) fn spec_to_text(spec: &Spec) -> String {
    let rows: Vec<SpecRow<'_>> = spec
        .parts()
        .map(|(part, quantity)| {
            (part.to_string().into(), quantity.amount().to_string().into(), quantity.unit().name().into())
        })
        .collect();
    serde_json::json!(rows).to_string()
}

/// # Errors
/// What is wrong with the text.
pub(super) fn spec_from_text(text: &str) -> Result<Spec, String> {
    let rows: Vec<SpecRow<'_>> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let part = |(part, amount, unit): SpecRow<'_>| {
        let quantity = Quantity::parse(&amount, read::<Unit>(&unit)?).map_err(|error| error.to_string())?;
        Ok((read::<Part>(&part)?, quantity))
    };
    let parts: Vec<(Part, Quantity)> = rows.into_iter().map(part).collect::<Result<_, String>>()?;
    Spec::new(parts).map_err(|error| error.to_string())
}

const fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::Timed => "timed",
        Measure::Counted => "counted",
    }
}

fn measure_of(text: &str) -> Result<Measure, String> {
    match text {
        "timed" => Ok(Measure::Timed),
        "counted" => Ok(Measure::Counted),
        _ => Err(format!("no measure `{text}`")),
    }
}

fn read<T: FromStr<Err: Into<Error>>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.into().to_string())
}
