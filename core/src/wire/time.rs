use super::text::{Object, PeriodIn, PeriodOut, Show, Shown, Text, null_as_default};
use crate::{
    error::Error,
    exact::Exact,
    time::{
        BillingDay, Cycle, Instant, MonthLength, Period, Proration, Resolve, Zone, days_between, days_inclusive,
        full_days_between, hours_between, plus_months as months_after,
    },
};
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeriodCall {
    period: Object<PeriodIn>,
    /// Another one, to see what both share.
    with: Option<Object<PeriodIn>>,
}

#[derive(Serialize)]
pub(super) struct PeriodFacts {
    micros: i64,
    empty: bool,
    shared: Option<PeriodOut>,
}

pub(super) fn period(input: PeriodCall) -> Result<PeriodFacts, Error> {
    let period = input.period.read()?;
    let with = input.with.map(|with| with.read()).transpose()?;
    Ok(PeriodFacts {
        micros: period.micros(),
        empty: period.is_empty(),
        shared: with.map(|with| period.intersection(with).into()),
    })
}

/// The day of a date in a zone; statements have one too.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DayIn {
    date: Text<NaiveDate>,
    zone: Text<Zone>,
}

impl DayIn {
    pub(super) fn read(&self) -> Result<BillingDay, Error> {
        Ok(BillingDay::new(self.date.read()?, self.zone.read()?)?)
    }
}

#[derive(Serialize)]
pub(super) struct DayOut {
    date: Shown<NaiveDate>,
    zone: String,
    start: Shown<Instant>,
    end: Shown<Instant>,
    micros: i64,
}

impl From<BillingDay> for DayOut {
    fn from(day: BillingDay) -> Self {
        Self {
            date: day.date().shown(),
            zone: day.zone().to_string(),
            start: day.period().start().shown(),
            end: day.period().end().shown(),
            micros: day.period().micros(),
        }
    }
}

pub(super) fn billing_day(input: DayIn) -> Result<DayOut, Error> {
    Ok(input.read()?.into())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DayOf {
    at: Text<Instant>,
    zone: Text<Zone>,
}

pub(super) fn billing_day_of(input: DayOf) -> Result<DayOut, Error> {
    Ok(BillingDay::of(input.at.read()?, input.zone.read()?)?.into())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResolveCall {
    local: Text<NaiveDateTime>,
    zone: Text<Zone>,
    rule: Text<Resolve>,
}

#[derive(Serialize)]
pub(super) struct At {
    at: Shown<Instant>,
}

pub(super) fn resolve(input: ResolveCall) -> Result<At, Error> {
    let (local, zone) = (input.local.read()?, input.zone.read()?);
    Ok(At { at: zone.resolve(local, input.rule.read()?)?.shown() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CycleIn {
    start: Text<Instant>,
    months: u32,
    zone: Text<Zone>,
    #[serde(default, deserialize_with = "null_as_default")]
    ends: EndsIn,
}

/// At which instant of its date a cycle ends.
#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum EndsIn {
    #[default]
    AtClock,
    WithTheDay,
    Resolved(Text<Resolve>),
}

impl Object<CycleIn> {
    fn read(&self) -> Result<Cycle, Error> {
        let Self(CycleIn { start, months, zone, ends }) = self;
        let cycle = Cycle::new(start.read()?, *months, zone.read()?)?;
        Ok(match ends {
            EndsIn::AtClock => cycle,
            EndsIn::WithTheDay => cycle.to_end_of_day(),
            EndsIn::Resolved(rule) => cycle.resolving(rule.read()?),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CycleEnds {
    cycle: Object<CycleIn>,
    numbers: Vec<u64>,
}

#[derive(Serialize)]
pub(super) struct Ends {
    ends: Vec<Shown<Instant>>,
}

pub(super) fn cycle_ends(input: CycleEnds) -> Result<Ends, Error> {
    let cycle = input.cycle.read()?;
    let mut ends = Vec::with_capacity(input.numbers.len());
    for number in input.numbers {
        ends.push(cycle.end(number)?.shown());
    }
    Ok(Ends { ends })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CycleNumber {
    cycle: Object<CycleIn>,
    number: u64,
}

#[derive(Serialize)]
pub(super) struct Numbered {
    number: u64,
    period: PeriodOut,
}

pub(super) fn cycle(input: CycleNumber) -> Result<Numbered, Error> {
    Ok(Numbered { number: input.number, period: input.cycle.read()?.period(input.number)?.into() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CycleContaining {
    cycle: Object<CycleIn>,
    at: Text<Instant>,
}

pub(super) fn cycle_containing(input: CycleContaining) -> Result<Numbered, Error> {
    let (number, period) = input.cycle.read()?.containing(input.at.read()?)?;
    Ok(Numbered { number, period: period.into() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlusMonths {
    date: Text<NaiveDate>,
    months: i64,
}

#[derive(Serialize)]
pub(super) struct Date {
    date: Shown<NaiveDate>,
}

pub(super) fn plus_months(input: PlusMonths) -> Result<Date, Error> {
    Ok(Date { date: months_after(input.date.read()?, input.months)?.shown() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MonthCall {
    length: MonthIn,
    at: Text<Instant>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum MonthIn {
    #[serde(rename = "fixed_30")]
    Fixed30,
    Calendar {
        anchor: Text<Instant>,
        zone: Text<Zone>,
    },
    ToMonthEnd {
        zone: Text<Zone>,
    },
}

#[derive(Serialize)]
pub(super) struct Month {
    micros: i64,
    /// None where months have a length but no place.
    period: Option<PeriodOut>,
}

pub(super) fn month_length(input: MonthCall) -> Result<Month, Error> {
    let length = match input.length {
        MonthIn::Fixed30 => MonthLength::Fixed30,
        MonthIn::Calendar { anchor, zone } => MonthLength::Calendar { anchor: anchor.read()?, zone: zone.read()? },
        MonthIn::ToMonthEnd { zone } => MonthLength::ToMonthEnd { zone: zone.read()? },
    };
    let at = input.at.read()?;
    Ok(Month { micros: length.micros(at)?, period: length.period(at)?.map(PeriodOut::from) })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Share {
    policy: Text<Proration>,
    part: Object<PeriodIn>,
    cycle: Object<PeriodIn>,
    zone: Text<Zone>,
}

#[derive(Serialize)]
pub(super) struct Shared {
    share: Shown<Exact>,
}

pub(super) fn share(input: Share) -> Result<Shared, Error> {
    let (policy, zone) = (input.policy.read()?, input.zone.read()?);
    let share = policy.share(input.part.read()?, input.cycle.read()?, zone)?;
    Ok(Shared { share: share.shown() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measure {
    policy: Text<Proration>,
    period: Object<PeriodIn>,
    zone: Text<Zone>,
}

#[derive(Serialize)]
pub(super) struct Measured {
    measure: Shown<Exact>,
}

pub(super) fn measure(input: Measure) -> Result<Measured, Error> {
    let (policy, zone) = (input.policy.read()?, input.zone.read()?);
    Ok(Measured { measure: policy.measure(input.period.read()?, zone)?.shown() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InZone {
    period: Object<PeriodIn>,
    zone: Text<Zone>,
}

#[derive(Serialize)]
pub(super) struct Days {
    /// The first date counted, the last one not.
    between: i64,
    /// Every date that is touched.
    inclusive: i64,
    /// Days that are over.
    full: i64,
}

pub(super) fn days(input: InZone) -> Result<Days, Error> {
    let (period, zone) = input.read()?;
    Ok(Days {
        between: days_between(period, zone)?,
        inclusive: days_inclusive(period, zone),
        full: full_days_between(period, zone),
    })
}

#[derive(Serialize)]
pub(super) struct Hours {
    hours: Shown<Exact>,
}

pub(super) fn hours(input: InZone) -> Result<Hours, Error> {
    let (period, zone) = input.read()?;
    Ok(Hours { hours: hours_between(period, zone)?.shown() })
}

impl InZone {
    fn read(&self) -> Result<(Period, Zone), Error> {
        Ok((self.period.read()?, self.zone.read()?))
    }
}
