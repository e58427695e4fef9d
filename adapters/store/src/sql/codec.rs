//! What is kept as JSON inside a row: the parts of a usage and of a spec, each a list of texts, numbers as the
//! core prints them. A part is its dimension and its model, apart: `gpu[A100]` could also be a dimension's name.

use counterfoil::{
    error::{Error, MeteringError},
    exact::Exact,
    metering::{Measure, Part, PartUsage, Spec, Usage},
    time::Period,
    units::{Quantity, Unit},
};
use std::{borrow::Cow, str::FromStr};

type Text<'a> = Cow<'a, str>;

/// Dimension, model, unit, measure, used, payable.
type UsageRow<'a> = (Text<'a>, Text<'a>, Text<'a>, Text<'a>, Text<'a>, Text<'a>);

/// Dimension, model, amount, unit.
type SpecRow<'a> = (Text<'a>, Text<'a>, Text<'a>, Text<'a>);

pub(super) fn usage_to_text(usage: &Usage) -> Result<String, MeteringError> {
    let parts = usage.to_parts()?;
    let rows = parts.iter().map(|part| -> UsageRow<'_> {
        (
            part.part.dimension.as_str().into(),
            part.part.model.as_str().into(),
            part.unit.name().into(),
            measure_name(part.measure).into(),
            part.used.to_string().into(),
            part.payable.to_string().into(),
        )
    });
    Ok(serde_json::json!(rows.collect::<Vec<_>>()).to_string())
}

/// # Errors
/// What is wrong with the text.
pub(super) fn usage_from_text(window: Period, text: &str) -> Result<Usage, String> {
    let rows: Vec<UsageRow<'_>> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let part = |(dimension, model, unit, measure, used, payable): UsageRow<'_>| {
        Ok(PartUsage {
            part: part_of(&dimension, &model)?,
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
    let rows = spec.parts().map(|(part, quantity)| -> SpecRow<'_> {
        (
            part.dimension.as_str().into(),
            part.model.as_str().into(),
            quantity.amount().to_string().into(),
            quantity.unit().name().into(),
        )
    });
    serde_json::json!(rows.collect::<Vec<_>>()).to_string()
}

/// # Errors
/// What is wrong with the text.
pub(super) fn spec_from_text(text: &str) -> Result<Spec, String> {
    let rows: Vec<SpecRow<'_>> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let part = |(dimension, model, amount, unit): SpecRow<'_>| {
        let quantity = Quantity::parse(&amount, read::<Unit>(&unit)?).map_err(|error| error.to_string())?;
        Ok((part_of(&dimension, &model)?, quantity))
    };
    let parts: Vec<(Part, Quantity)> = rows.into_iter().map(part).collect::<Result<_, String>>()?;
    Spec::new(parts).map_err(|error| error.to_string())
}

fn part_of(dimension: &str, model: &str) -> Result<Part, String> {
    Ok(Part { dimension: read(dimension)?, model: read(model)? })
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

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil::{
        metering::{History, Span},
        time::Instant,
    };

    const LARGEST: &str = "79228162514264337593543950335";
    const FINEST: &str = "0.0000000000000000000000000001";

    fn spec() -> Spec {
        let part = |dimension: &str, model: &str| part_of(dimension, model).unwrap();
        let quantity = |amount, unit| Quantity::parse(amount, unit).unwrap();
        Spec::new([
            (part("cpu", "STANDARD"), quantity(LARGEST, Unit::Core)),
            (part("ram", "STANDARD"), quantity(FINEST, Unit::GiB)),
            (part("gpu", "A100-80G"), quantity("0.460", Unit::Card)),
            (part("gpu[A100-80G]", "STANDARD"), quantity("460", Unit::MilliCard)),
            (part("\"'; --", "大\u{2028}小"), quantity("0", Unit::Count)),
        ])
        .unwrap()
    }

    #[test]
    fn what_is_written_is_read_back() {
        // R-U3, R-U6: bit for bit, at the extremes and with any name
        assert_eq!(spec_from_text(&spec_to_text(&spec())), Ok(spec()));
        let forever = Period::new(Instant::MIN, Instant::MAX).unwrap();
        let half = Instant::from_micros(1).unwrap();
        let history =
            History::new([Span::pre_paid(Instant::MIN, Some(half), spec()), Span::post_paid(half, None, spec())]);
        for usage in [history.unwrap().usage(forever).unwrap().unwrap(), Usage::counted(forever, &spec())] {
            let text = usage_to_text(&usage).unwrap();
            let again = usage_from_text(forever, &text).unwrap();
            assert_eq!(again, usage);
            assert_eq!(usage_to_text(&again).unwrap(), text);
            // A correction is a difference, and may be below zero.
            let nothing = Usage::from_parts(forever, []).unwrap();
            let taken_back = nothing.delta(&usage).unwrap();
            assert_eq!(usage_from_text(forever, &usage_to_text(&taken_back).unwrap()).unwrap(), taken_back);
        }
    }

    #[test]
    fn what_was_not_written_here_is_refused() {
        let forever = Period::new(Instant::MIN, Instant::MAX).unwrap();
        for text in [
            "",
            "{}",
            "[[1]]",
            r#"[["cpu","STANDARD","core","timed","1"]]"#,
            r#"[["cpu","STANDARD","core","timed",1,1]]"#,
            r#"[["cpu","STANDARD","core","timed","1/3","0"]]"#,
            r#"[["cpu","STANDARD","core","timed","1/0","0"]]"#,
            r#"[["cpu","STANDARD","core","weighed","1","1"]]"#,
            r#"[["cpu","STANDARD","parsec","timed","1","1"]]"#,
            r#"[["","STANDARD","core","timed","1","1"]]"#,
            r#"[["cpu","STANDARD","core","timed","1","1"],["cpu","STANDARD","core","timed","1","1"]]"#,
        ] {
            assert!(usage_from_text(forever, text).is_err(), "{text}");
        }
        for text in ["", "[[]]", r#"[["cpu","STANDARD","-1","core"]]"#, r#"[["cpu","STANDARD","1e3","core"]]"#] {
            assert!(spec_from_text(text).is_err(), "{text}");
        }
    }
}
