use crate::input::{Answer, Fault, Members, all, choice, number, period as shown, shape, text, texts};
use chrono::NaiveDateTime;
use counterfoil::{
    error::TimeError,
    time::{
        BillingDay, Cycle, MonthLength, Proration, Resolve, Zone, days_between, days_inclusive, full_days_between,
        hours_between, plus_months,
    },
};
use serde_json::{Value, json};

pub(crate) fn period(input: Members<'_>) -> Answer {
    let period = input.period("period")?;
    let with = input.optional("with").map(|_| input.period("with")).transpose()?;
    Ok(json!({
        "micros": period.micros(),
        "empty": period.is_empty(),
        "shared": with.map(|with| shown(period.intersection(with))),
    }))
}

pub(crate) fn day(input: Members<'_>) -> Result<BillingDay, Fault> {
    Ok(BillingDay::new(input.date("date")?, input.parse("zone")?)?)
}

fn day_shown(day: BillingDay) -> Value {
    json!({
        "date": day.date().to_string(),
        "zone": day.zone().to_string(),
        "start": day.period().start().to_string(),
        "end": day.period().end().to_string(),
        "micros": day.period().micros(),
    })
}

pub(crate) fn billing_day(input: Members<'_>) -> Answer {
    Ok(day_shown(day(input)?))
}

pub(crate) fn billing_day_of(input: Members<'_>) -> Answer {
    Ok(day_shown(BillingDay::of(input.parse("at")?, input.parse("zone")?)?))
}

pub(crate) fn resolve(input: Members<'_>) -> Answer {
    let local: NaiveDateTime = input.text("local")?.parse().map_err(|_| TimeError::NotAnInstant {
        text: input.text("local").unwrap_or_default().to_owned(),
        fault: "it is not a clock time like `2024-03-31T02:30:00`",
    })?;
    let (zone, rule) = (input.parse::<Zone>("zone")?, input.parse::<Resolve>("rule")?);
    Ok(json!({ "at": zone.resolve(local, rule)?.to_string() }))
}

fn cycle_of(input: Members<'_>) -> Result<Cycle, Fault> {
    let input = input.members("cycle", &["start", "months", "zone", "ends"])?;
    let cycle = Cycle::new(input.parse("start")?, input.number("months")?, input.parse("zone")?)?;
    match input.optional("ends") {
        None => Ok(cycle),
        Some(Value::String(ends)) if ends == "at_clock" => Ok(cycle),
        Some(Value::String(ends)) if ends == "with_the_day" => Ok(cycle.to_end_of_day()),
        Some(other) => match choice(other)? {
            ("resolved", rule) => Ok(cycle.resolving(text(rule)?.parse()?)),
            _ => shape(format!("{other} is no end")),
        },
    }
}

pub(crate) fn cycle_ends(input: Members<'_>) -> Answer {
    let cycle = cycle_of(input)?;
    let ends = all(input.list("numbers")?, |value| Ok(cycle.end(number(value)?)?))?;
    Ok(json!({ "ends": texts(&ends) }))
}

pub(crate) fn cycle(input: Members<'_>) -> Answer {
    let number: u64 = input.number("number")?;
    Ok(json!({ "number": number, "period": shown(cycle_of(input)?.period(number)?) }))
}

pub(crate) fn cycle_containing(input: Members<'_>) -> Answer {
    let (number, period) = cycle_of(input)?.containing(input.parse("at")?)?;
    Ok(json!({ "number": number, "period": shown(period) }))
}

pub(crate) fn months_later(input: Members<'_>) -> Answer {
    Ok(json!({ "date": plus_months(input.date("date")?, input.number("months")?)?.to_string() }))
}

pub(crate) fn month_length(input: Members<'_>) -> Answer {
    let length = match input.value("length")? {
        Value::String(name) if name == "fixed_30" => MonthLength::Fixed30,
        other => match choice(other)? {
            ("calendar", with) => {
                let with = Members::of(with, &["anchor", "zone"])?;
                MonthLength::Calendar { anchor: with.parse("anchor")?, zone: with.parse("zone")? }
            }
            ("to_month_end", with) => MonthLength::ToMonthEnd { zone: Members::of(with, &["zone"])?.parse("zone")? },
            _ => return shape(format!("{other} is no month length")),
        },
    };
    let at = input.parse("at")?;
    Ok(json!({ "micros": length.micros(at)?, "period": length.period(at)?.map(shown) }))
}

pub(crate) fn share(input: Members<'_>) -> Answer {
    let policy: Proration = input.parse("policy")?;
    let share = policy.share(input.period("part")?, input.period("cycle")?, input.parse("zone")?)?;
    Ok(json!({ "share": share.to_string() }))
}

pub(crate) fn measure(input: Members<'_>) -> Answer {
    let policy: Proration = input.parse("policy")?;
    Ok(json!({ "measure": policy.measure(input.period("period")?, input.parse("zone")?)?.to_string() }))
}

pub(crate) fn days(input: Members<'_>) -> Answer {
    let (period, zone) = (input.period("period")?, input.parse("zone")?);
    Ok(json!({
        "between": days_between(period, zone)?,
        "inclusive": days_inclusive(period, zone),
        "full": full_days_between(period, zone),
    }))
}

pub(crate) fn hours(input: Members<'_>) -> Answer {
    Ok(json!({ "hours": hours_between(input.period("period")?, input.parse("zone")?)?.to_string() }))
}
