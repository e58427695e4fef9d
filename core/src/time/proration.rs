use super::{
    Instant, MICROS_PER_HOUR, MICROS_PER_SECOND, Period, Zone,
    billing_day::{billing_date, following},
    cycle::month_number,
};
use crate::{
    error::{TimeError, excerpt},
    exact::Exact,
};
use chrono::{Datelike, Days, NaiveDate, Timelike};
use std::{fmt, str::FromStr};

/// How the part of a cycle that counts is measured (R-T5).
///
/// | policy | it counts | unit | who counts so |
/// |---|---|---|---|
/// | `ExactTime` | the time itself | microseconds | portal |
/// | `Hours` | [`hours_between`]: both ends floored to the hour | hours | bss, refunds |
/// | `WholeDays` | [`days_between`]: the first date, not the last | days | bss, refunds by day |
/// | `FullDays` | [`full_days_between`]: days that are over in full | days | usage, plan switches |
/// | `ThirtyDayMonths` | dates, where each month has thirty | months | peers |
/// | `MonthFractions` | days of each natural month ÷ its days | months | bss, changes of specification |
///
/// Except by exact time and by full days, an end in the last second of a day (23:59:59) counts as
/// the midnight after it, so that an order which expires then includes its expiry date.
///
/// # Examples
/// ```
/// use counterfoil::time::{Period, Proration, Zone};
///
/// let cycle = Period::parse("2016-10-01T00:00:00Z", "2016-11-01T00:00:00Z")?;
/// let left = Period::parse("2016-10-11T12:00:00Z", "2016-11-01T00:00:00Z")?;
/// let share = |policy: Proration| policy.share(left, cycle, Zone::UTC).map(|share| share.to_string());
/// assert_eq!(share(Proration::ExactTime)?, "41/62");
/// assert_eq!(share(Proration::WholeDays)?, "21/31"); // the 11th counts
/// assert_eq!(share(Proration::FullDays)?, "20/31"); // half of the 11th is gone
/// # Ok::<(), counterfoil::error::TimeError>(())
/// ```
///
/// # Rule
/// R-T5
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Proration {
    /// By the time itself; the zone plays no part.
    ExactTime,
    /// By hours from whole hour to whole hour.
    Hours,
    /// By dates: the one it starts on counts, the one it ends on does not.
    WholeDays,
    /// By days that have passed in full, counted from the start's clock time.
    FullDays,
    /// By dates, as if each month had thirty; a 31st counts as the 30th.
    ThirtyDayMonths,
    /// By the days of each natural month over the days that it has; a broken day is a fraction.
    MonthFractions,
}

impl Proration {
    /// Every policy, in the order of the table above.
    pub const ALL: [Self; 6] =
        [Self::ExactTime, Self::Hours, Self::WholeDays, Self::FullDays, Self::ThirtyDayMonths, Self::MonthFractions];

    /// The name, as `exact_time`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ExactTime => "exact_time",
            Self::Hours => "hours",
            Self::WholeDays => "whole_days",
            Self::FullDays => "full_days",
            Self::ThirtyDayMonths => "thirty_day_months",
            Self::MonthFractions => "month_fractions",
        }
    }

    /// What a part is of its cycle: both measured this way, one over the other; between 0 and 1.
    ///
    /// # Errors
    /// `time.outside_cycle`; `time.empty_cycle` where the cycle measures nothing; as
    /// [`Proration::measure`].
    pub fn share(self, part: Period, cycle: Period, zone: Zone) -> Result<Exact, TimeError> {
        if part.start() < cycle.start() || cycle.end() < part.end() {
            return Err(TimeError::OutsideCycle { start: part.start().to_chrono(), end: part.end().to_chrono() });
        }
        let whole = self.measure(cycle, zone)?;
        if whole.is_zero() {
            return Err(TimeError::EmptyCycle {});
        }
        // A part that starts just after the clock was put back may fit one full day more than its
        // cycle, which started at a later clock time.
        let part = self.measure(part, zone)?.min(whole.clone());
        Ok(part.divided_by(&whole)?.reduced()?)
    }

    /// How long a period is by this policy.
    ///
    /// # Units
    /// As the table of [`Proration`] says. By month fractions it is what a price per month is
    /// multiplied with: the sum over the natural months of their days inside ÷ their days.
    ///
    /// # Errors
    /// `time.out_of_range` where the days at its ends are not within the years 1 to 9999.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::time::{Period, Proration, Zone};
    ///
    /// let left = Period::parse("2024-05-20T00:00:00+08:00", "2024-06-17T23:59:59+08:00")?;
    /// let months = Proration::MonthFractions.measure(left, "Asia/Shanghai".parse()?)?;
    /// assert_eq!(months, "12/31".parse::<counterfoil::exact::Exact>()?.plus(&"17/30".parse()?)?);
    /// # Ok::<(), counterfoil::error::TimeError>(())
    /// ```
    pub fn measure(self, period: Period, zone: Zone) -> Result<Exact, TimeError> {
        match self {
            Self::ExactTime => Ok(Exact::from(period.micros())),
            Self::Hours => hours_between(period, zone),
            Self::WholeDays => Ok(Exact::from(days_between(period, zone)?)),
            Self::FullDays => Ok(Exact::from(full_days_between(period, zone))),
            Self::ThirtyDayMonths => Ok(Exact::ratio(days_of_thirty(period, zone)?, 30)?),
            Self::MonthFractions => month_fractions(period, zone),
        }
    }
}

impl fmt::Display for Proration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Proration {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        const KNOWN: &str = "exact_time, hours, whole_days, full_days, thirty_day_months, month_fractions";
        Self::ALL
            .into_iter()
            .find(|policy| policy.name() == text)
            .ok_or_else(|| TimeError::UnknownPolicy { text: excerpt(text), known: KNOWN })
    }
}

/// The hours of a period, from the whole hour in which it starts to the one in which it ends.
///
/// They are hours that pass, so a day may have 23 or 25. The number is whole, except across a change
/// of the clock that is not of whole hours.
///
/// # Errors
/// `time.out_of_range`.
///
/// # Examples
/// ```
/// use counterfoil::{exact::Exact, time::{Period, Zone, hours_between}};
///
/// let order = Period::parse("2024-01-01T10:30:00Z", "2024-02-01T23:59:59Z")?;
/// let used = Period::parse("2024-01-01T10:30:00Z", "2024-01-15T18:40:00Z")?;
/// assert_eq!(hours_between(order, Zone::UTC)?, Exact::from(758));
/// assert_eq!(hours_between(used, Zone::UTC)?, Exact::from(344));
/// # Ok::<(), counterfoil::error::TimeError>(())
/// ```
///
/// # Rule
/// R-T5
pub fn hours_between(period: Period, zone: Zone) -> Result<Exact, TimeError> {
    if period.is_empty() {
        return Ok(Exact::ZERO);
    }
    let end = floor_to_hour(counted_end(period, zone)?, zone)?;
    let micros = end.micros_since(floor_to_hour(period.start(), zone)?);
    Ok(Exact::ratio(micros, MICROS_PER_HOUR)?.reduced()?)
}

/// The dates of a period: the one that it starts on counts, the one that it ends on does not.
///
/// An end in the last second of a day counts as the midnight after, and so on the next date.
///
/// # Errors
/// `time.out_of_range`.
///
/// # Examples
/// ```
/// use counterfoil::time::{Period, Zone, days_between};
///
/// let used = Period::parse("2024-06-14T10:30:00Z", "2024-06-21T08:00:00Z")?;
/// let order = Period::parse("2024-06-14T10:30:00Z", "2024-07-14T23:59:59Z")?;
/// assert_eq!((days_between(used, Zone::UTC)?, days_between(order, Zone::UTC)?), (7, 31));
/// # Ok::<(), counterfoil::error::TimeError>(())
/// ```
///
/// # Rule
/// R-T5
pub fn days_between(period: Period, zone: Zone) -> Result<i64, TimeError> {
    let (from, to) = dates(period, zone)?;
    Ok(days_from(from, to))
}

/// The dates of a period, both the one that it starts on and the one that it ends on.
///
/// A midnight ends the day before it, and the last date is that one. This counts the days of an
/// order that is known by the dates of purchase and expiry.
///
/// # Examples
/// ```
/// use counterfoil::time::{Period, Zone, days_inclusive};
///
/// let order = Period::parse("2024-06-14T00:00:00Z", "2024-07-14T10:00:00Z")?;
/// assert_eq!(days_inclusive(order, Zone::UTC), 31);
/// # Ok::<(), counterfoil::error::TimeError>(())
/// ```
///
/// # Rule
/// R-T5
pub fn days_inclusive(period: Period, zone: Zone) -> i64 {
    match period.end().plus_micros(-1) {
        Ok(last) if !period.is_empty() => {
            days_from(billing_date(period.start(), zone), billing_date(last, zone)).saturating_add(1)
        }
        _ => 0,
    }
}

/// The days of a period that pass in full: a day is over when its clock time comes round again.
///
/// # Examples
/// ```
/// use counterfoil::time::{Period, Zone, full_days_between};
///
/// let left = Period::parse("2017-02-10T08:00:00Z", "2017-02-28T08:00:00Z")?;
/// let a_second_later = Period::parse("2017-02-10T08:00:01Z", "2017-02-28T08:00:00Z")?;
/// assert_eq!(full_days_between(left, Zone::UTC), 18);
/// assert_eq!(full_days_between(a_second_later, Zone::UTC), 17);
/// # Ok::<(), counterfoil::error::TimeError>(())
/// ```
///
/// # Rule
/// R-P9
pub fn full_days_between(period: Period, zone: Zone) -> i64 {
    let start = zone.local(period.start());
    let days = days_from(start.date(), billing_date(period.end(), zone));
    // Every day but the last of these is over for certain: a later date has begun.
    let last_is_over = u64::try_from(days)
        .ok()
        .and_then(|days| start.checked_add_days(Days::new(days)))
        .and_then(|over| zone.first_reaching(over).ok())
        .is_some_and(|over| over <= period.end());
    if days == 0 || last_is_over { days } else { days.saturating_sub(1) }
}

/// Each date as if every month had thirty days: a 31st is a 30th, and February ends on a 30th.
fn days_of_thirty(period: Period, zone: Zone) -> Result<i64, TimeError> {
    let (from, to) = dates(period, zone)?;
    let number = |date: NaiveDate| month_number(date).saturating_mul(30).saturating_add(i64::from(date.day().min(30)));
    Ok(number(to).saturating_sub(number(from)))
}

/// Σ over natural months of the days inside ÷ the days of the month.
///
/// Summed up without going through the months: it is how far the end is through the calendar, less
/// how far the start is.
fn month_fractions(period: Period, zone: Zone) -> Result<Exact, TimeError> {
    let end = counted_end(period, zone)?;
    Ok(months_before(end, zone)?.minus(&months_before(period.start(), zone)?)?.reduced()?)
}

/// The months from year 0 to an instant, where each day of a month is the same fraction of it and
/// what is gone of a day a fraction of that.
fn months_before(at: Instant, zone: Zone) -> Result<Exact, TimeError> {
    let date = billing_date(at, zone);
    let midnight = zone.start_of(date)?;
    let mut days = Exact::from(i64::from(date.day0()));
    if midnight < at {
        let length = zone.start_of(following(date)?)?.micros_since(midnight);
        days = days.plus(&Exact::ratio(at.micros_since(midnight), length)?)?;
    }
    let month = days.divided_by(&Exact::from(i64::from(date.num_days_in_month())))?;
    Ok(month.plus(&Exact::from(month_number(date)))?)
}

/// The dates that a period starts on and ends on.
fn dates(period: Period, zone: Zone) -> Result<(NaiveDate, NaiveDate), TimeError> {
    let end = counted_end(period, zone)?;
    Ok((billing_date(period.start(), zone), billing_date(end, zone)))
}

fn days_from(from: NaiveDate, to: NaiveDate) -> i64 {
    i64::from(to.num_days_from_ce()).saturating_sub(i64::from(from.num_days_from_ce()))
}

/// The end of a period, or the midnight after where it lies in the last second of a day.
fn counted_end(period: Period, zone: Zone) -> Result<Instant, TimeError> {
    const LAST_SECOND: u32 = 86_399;
    let end = period.end();
    if period.is_empty() {
        return Ok(end); // nothing stays nothing, also at 23:59:59
    }
    match zone.start_of(following(billing_date(end, zone))?) {
        Ok(midnight) if midnight.micros_since(end) <= MICROS_PER_SECOND => Ok(midnight),
        // The last date of all has no midnight after it, which matters in its last second only.
        Err(beyond) if zone.local(end).num_seconds_from_midnight() == LAST_SECOND => Err(beyond),
        Ok(_) | Err(_) => Ok(end),
    }
}

/// The last whole hour of the zone's clock at or before an instant.
///
/// It never goes back as time goes on: within the hour after a change of the clock by less than an
/// hour the old clock is read, until the new one first shows a whole hour.
fn floor_to_hour(at: Instant, zone: Zone) -> Result<Instant, TimeError> {
    let floor_by = |offset: i64| {
        let past_the_hour = at.micros().saturating_add(offset).rem_euclid(MICROS_PER_HOUR);
        at.plus_micros(past_the_hour.saturating_neg())
    };
    let offset = zone.offset(at);
    let floor = floor_by(offset)?;
    match zone.offset(floor) {
        before if before == offset => Ok(floor),
        before => floor_by(before),
    }
}
