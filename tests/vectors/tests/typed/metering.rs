use crate::input::{Answer, Fault, Members, all, choice, list, period, quantity, shape, text};
use counterfoil::{
    metering::{
        Aggregation, ChargeMode, Event, History, Kind, Measure, Part, QuotaCharge, Reading, Sample, SamplePolicy,
        Samples, Span, Spec, Usage, UsageOf, aggregate, late_delta,
        portal::{self, ArchiveRow, Change, CurrentRow, Ignored, RowsOf},
    },
    time::{Instant, Period},
};
use serde_json::{Map, Value, json};

pub(crate) fn spec(value: &Value) -> Result<Spec, Fault> {
    let Some(parts) = value.as_object() else {
        return shape(format!("{value} is no spec"));
    };
    let mut read = Vec::new();
    for (part, amount) in parts {
        read.push((part.parse::<Part>()?, quantity(amount)?));
    }
    Ok(Spec::new(read)?)
}

fn span(value: &Value) -> Result<Span, Fault> {
    let span = Members::of(value, &["start", "end", "mode", "spec"])?;
    let (start, end) = (span.parse::<Instant>("start")?, span.parse_optional::<Instant>("end")?);
    Ok(Span::new(start, end, spec(span.value("spec")?)?, span.parse::<ChargeMode>("mode")?))
}

pub(crate) fn history(spans: &Value) -> Result<History, Fault> {
    Ok(History::new(all(list(spans)?, span)?)?)
}

pub(crate) fn quota(input: Members<'_>) -> Result<QuotaCharge, Fault> {
    Ok(input.parse_optional("quota")?.unwrap_or(QuotaCharge::Free))
}

/// The usage of what is metered as a whole.
pub(crate) fn whole(of: &Value, window: Period, quota: QuotaCharge) -> Result<Option<Usage>, Fault> {
    match choice(of)? {
        ("spans", spans) => Ok(history(spans)?.usage_under(window, quota)?),
        ("counted", counted) => Ok(Some(Usage::counted(window, &spec(counted)?))),
        _ => shape(format!("{of} can not be metered")),
    }
}

pub(crate) fn usage_of(value: &Value) -> Result<Option<Usage>, Fault> {
    let input = Members::of(value, &["window", "of", "quota"])?;
    whole(input.value("of")?, input.period("window")?, quota(input)?)
}

pub(crate) fn shown(usage: &Usage) -> Value {
    let parts: Vec<Value> = usage
        .parts()
        .map(|part| {
            let (used, payable) = (usage.used(part).expect("a part of it"), usage.payable(part).expect("a part of it"));
            json!({
                "part": part.to_string(),
                "unit": used.unit().name(),
                "measure": if used.measure() == Measure::Timed { "timed" } else { "counted" },
                "used": amount(&used),
                "payable": amount(&payable),
            })
        })
        .collect();
    json!({ "window": period(usage.window()), "parts": parts })
}

fn amount(of: &UsageOf) -> String {
    if of.measure() == Measure::Timed { of.hours().to_string() } else { of.value().to_string() }
}

pub(crate) fn usage(input: &Value) -> Answer {
    Ok(usage_of(input)?.as_ref().map_or(Value::Null, shown))
}

pub(crate) fn segments(input: Members<'_>) -> Answer {
    let segments = history(input.value("spans")?)?.segments(input.period("window")?, quota(input)?)?;
    Ok(json!({ "segments": segments.iter().map(shown).collect::<Vec<_>>() }))
}

pub(crate) fn add(input: Members<'_>) -> Answer {
    match (usage_of(input.value("first")?)?, usage_of(input.value("next")?)?) {
        (Some(first), Some(next)) => Ok(shown(&first.plus(&next)?)),
        _ => Ok(Value::Null),
    }
}

fn reading(input: Members<'_>, key: &str) -> Result<Option<Reading>, Fault> {
    let input = input.members(key, &["resource", "kind", "usage"])?;
    let (resource, kind) = (input.parse("resource")?, input.parse::<Kind>("kind")?);
    Ok(usage_of(input.value("usage")?)?.map(|usage| Reading::new(resource, kind, usage)))
}

pub(crate) fn delta(input: Members<'_>) -> Answer {
    match (usage_of(input.value("corrected")?)?, usage_of(input.value("stored")?)?) {
        (Some(corrected), Some(stored)) => Ok(shown(&corrected.delta(&stored)?)),
        _ => Ok(Value::Null),
    }
}

pub(crate) fn reading_delta(input: Members<'_>) -> Answer {
    match (reading(input, "corrected")?, reading(input, "stored")?) {
        (Some(corrected), Some(stored)) => Ok(shown(&corrected.delta(&stored)?)),
        _ => Ok(Value::Null),
    }
}

pub(crate) fn samples(input: &Value) -> Answer {
    let known = ["window", "life", "samples", "policy", "metered_at", "mode", "part", "with"];
    let input = Members::of(input, &known)?;
    let samples = Samples::new(all(input.list("samples")?, |value| {
        let sample = Members::of(value, &["at", "size"])?;
        Ok(Sample { at: sample.parse("at")?, size: sample.quantity("size")? })
    })?)?;
    let policy = SamplePolicy::named(input.text("policy")?, input.parse("metered_at")?)?;
    let with = input.optional("with").map_or_else(|| Ok(Spec::default()), spec)?;
    let part: Part = input.parse("part")?;
    let sized = |size| with.clone().with(part.clone(), size);
    let history = samples.history(input.period("life")?, policy, input.parse("mode")?, sized)?;
    Ok(history.usage(input.period("window")?)?.as_ref().map_or(Value::Null, shown))
}

fn event(value: &Value) -> Result<Event, Fault> {
    let event = Members::of(value, &["id", "at", "value"])?;
    Ok(Event { id: event.parse("id")?, at: event.parse("at")?, value: event.decimal("value")? })
}

pub(crate) fn events(input: Members<'_>) -> Answer {
    let how: Aggregation = input.parse("how")?;
    let aggregated = aggregate(&all(input.list("events")?, event)?, input.period("window")?, how)?;
    Ok(json!({
        "value": aggregated.value.map(|value| value.to_string()),
        "counted": aggregated.counted,
        "duplicates": aggregated.duplicates,
    }))
}

pub(crate) fn late(input: Members<'_>) -> Answer {
    let (known, late) = (all(input.list("known")?, event)?, all(input.list("late")?, event)?);
    Ok(json!({ "delta": late_delta(&known, &late, input.period("window")?, input.parse("how")?)?.to_string() }))
}

fn current(value: &Value) -> Result<CurrentRow, Fault> {
    let row = Members::of(value, &["created", "start", "deleted", "mode", "spec"])?;
    Ok(CurrentRow {
        created: row.parse("created")?,
        start: row.parse("start")?,
        deleted: row.parse_optional("deleted")?,
        mode: row.parse("mode")?,
        spec: spec(row.value("spec")?)?,
    })
}

fn archive(rows: Members<'_>) -> Result<Vec<ArchiveRow>, Fault> {
    let row = |value: &Value| {
        let row = Members::of(value, &["change", "start", "end", "mode", "spec"])?;
        Ok(ArchiveRow {
            change: row.parse::<Change>("change")?,
            start: row.parse("start")?,
            end: row.parse("end")?,
            mode: row.parse_optional("mode")?,
            spec: spec(row.value("spec")?)?,
        })
    };
    rows.optional("archive").map_or_else(|| Ok(Vec::new()), |rows| all(list(rows)?, row))
}

/// The segments that a portal rounds apart.
pub(crate) fn portal_segments(rows: &Value, window: Period) -> Result<Option<Vec<Usage>>, Fault> {
    let rows = Members::of(rows, &["rows_of", "current", "archive"])?;
    let rows_of = match text(rows.value("rows_of")?)? {
        "server" => RowsOf::Server,
        "disk" => RowsOf::Disk,
        other => return shape(format!("no rows of {other}")),
    };
    Ok(portal::usage(rows_of, window, &current(rows.value("current")?)?, &archive(rows)?)?)
}

pub(crate) fn portal_usage(input: Members<'_>) -> Answer {
    let segments = portal_segments(input.value("rows")?, input.period("window")?)?;
    let shown = |segments: Vec<Usage>| json!({ "segments": segments.iter().map(shown).collect::<Vec<_>>() });
    Ok(segments.map_or(Value::Null, shown))
}

pub(crate) fn portal_history(input: Members<'_>) -> Answer {
    let adapted = portal::history(&current(input.value("current")?)?, &archive(input)?)?;
    let spec = |spec: &Spec| -> Map<String, Value> {
        spec.parts().map(|(part, quantity)| (part.to_string(), quantity.to_string().into())).collect()
    };
    let span = |span: &Span| {
        json!({
            "start": span.start().to_string(),
            "end": span.end().map(|end| end.to_string()),
            "mode": span.mode().name(),
            "spec": spec(span.spec()),
        })
    };
    let ignored = |(row, reason): &(usize, Ignored)| {
        let reason = match reason {
            Ignored::BeforeCreation => "before_creation",
            Ignored::AfterCurrent => "after_current",
            Ignored::Empty => "empty",
        };
        json!({ "row": row, "reason": reason })
    };
    Ok(json!({
        "spans": adapted.history.spans().iter().map(span).collect::<Vec<_>>(),
        "ignored": adapted.ignored.iter().map(ignored).collect::<Vec<_>>(),
    }))
}
