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
pub(crate) fn counted_end(period: Period, zone: Zone) -> Result<Instant, TimeError> {
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
pub(crate) fn floor_to_hour(at: Instant, zone: Zone) -> Result<Instant, TimeError> {
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

/// The first whole hour of the zone's clock at or after an instant (R-P8).
///
/// Where the clock changes by less than an hour before it is reached, the new clock is read.
pub(crate) fn next_whole_hour(at: Instant, zone: Zone) -> Result<Instant, TimeError> {
    let past_the_hour = |at: Instant| at.micros().saturating_add(zone.offset(at)).rem_euclid(MICROS_PER_HOUR);
    let to_the_hour = |at: Instant| match past_the_hour(at) {
        0 => Ok(at),
        past => at.plus_micros(MICROS_PER_HOUR.saturating_sub(past)),
    };
    let next = to_the_hour(at)?;
    if past_the_hour(next) == 0 && zone.offset(next) == zone.offset(at) {
        return Ok(next);
    }
    // The clock changed on the way: the new one may have shown a whole hour before this.
    let by_the_new = next.plus_micros(past_the_hour(next).saturating_neg())?;
    if by_the_new > at && zone.offset(by_the_new) == zone.offset(next) { Ok(by_the_new) } else { to_the_hour(next) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Cycle, parse_date};
    use proptest::prelude::*;

    fn period(start: &str, end: &str) -> Period {
        Period::parse(start, end).unwrap()
    }

    /// From the midnight of one date to that of another.
    fn between(from: &str, to: &str, zone: Zone) -> Period {
        let midnight = |date| zone.start_of(parse_date(date).unwrap()).unwrap();
        Period::new(midnight(from), midnight(to)).unwrap()
    }

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn exact(text: &str) -> Exact {
        text.parse().unwrap()
    }

    fn hours(start: &str, end: &str, zone: Zone) -> Exact {
        hours_between(period(start, end), zone).unwrap()
    }

    /// bss-ref-01 and bss-ref-02
    #[test]
    fn hours_are_floored_at_both_ends() {
        let shanghai = zone("Asia/Shanghai");
        let purchased = "2024-01-01T10:30:00+08:00";
        assert_eq!(hours(purchased, "2024-02-01T23:59:59+08:00", shanghai), exact("758"));
        assert_eq!(hours(purchased, "2024-02-02T00:00:00+08:00", shanghai), exact("758"));
        assert_eq!(hours(purchased, "2024-01-15T18:40:00+08:00", shanghai), exact("344"));
        let order = period(purchased, "2024-02-01T23:59:59+08:00");
        let used = period(purchased, "2024-01-15T18:40:00+08:00");
        assert_eq!(Proration::Hours.share(used, order, shanghai).unwrap(), exact("344/758"));
        // Only the last second of a day is its end, and only of a day of this zone.
        assert_eq!(hours(purchased, "2024-02-01T23:59:58+08:00", shanghai), exact("757"));
        assert_eq!(hours(purchased, "2024-02-01T23:59:59.999999+08:00", shanghai), exact("758"));
        assert_eq!(hours(purchased, "2024-02-01T23:59:59Z", shanghai), exact("765"));
        // A start at 23:59:59 is a start, and nothing stays nothing.
        assert_eq!(hours("2024-01-01T23:59:59Z", "2024-01-02T00:30:00Z", Zone::UTC), exact("1"));
        assert_eq!(hours("2024-01-01T23:59:59Z", "2024-01-01T23:59:59Z", Zone::UTC), Exact::ZERO);
    }

    #[test]
    fn hours_are_hours_that_pass() {
        let new_york = zone("America/New_York");
        for (date, next, count) in [("2024-03-10", "2024-03-11", 23), ("2024-11-03", "2024-11-04", 25)] {
            assert_eq!(hours_between(between(date, next, new_york), new_york).unwrap(), Exact::from(count));
        }
        // Lord Howe's clock changes by half an hour.
        let lord_howe = zone("Australia/Lord_Howe");
        assert_eq!(hours_between(between("2024-10-06", "2024-10-07", lord_howe), lord_howe).unwrap(), exact("23.5"));
        // Nepal is 5:45 ahead: its whole hours are not those of UTC.
        assert_eq!(hours("2024-01-01T00:00:00Z", "2024-01-01T00:20:00Z", zone("Asia/Kathmandu")), exact("1"));
    }

    /// bss-ref-03 and bss-ref-04
    #[test]
    fn an_order_includes_its_expiry_date() {
        let shanghai = zone("Asia/Shanghai");
        let order = period("2024-06-14T00:00:00+08:00", "2024-07-14T23:59:59+08:00");
        let used = period("2024-06-14T00:00:00+08:00", "2024-06-21T00:00:00+08:00");
        assert_eq!(days_between(order, shanghai).unwrap(), 31);
        assert_eq!(days_inclusive(order, shanghai), 31);
        assert_eq!(days_between(used, shanghai).unwrap(), 7);
        assert_eq!(Proration::WholeDays.share(used, order, shanghai).unwrap(), exact("7/31"));
        // The same as a cycle that runs to the end of its day.
        let cycle = Cycle::new(order.start(), 1, shanghai).unwrap().to_end_of_day().period(1).unwrap();
        assert_eq!(days_between(cycle, shanghai).unwrap(), 31);
        assert_eq!(days_inclusive(cycle, shanghai), 31);
        // Otherwise the date of the end does not count, unless it is asked to.
        let during_the_day = period("2024-06-14T09:00:00+08:00", "2024-07-14T10:00:00+08:00");
        assert_eq!(days_between(during_the_day, shanghai).unwrap(), 30);
        assert_eq!(days_inclusive(during_the_day, shanghai), 31);
    }

    /// kb-prorate-2023-06-23, fp-upgrade, kb-0.35 and kb-double-proration: whole days of their cycle.
    #[test]
    fn whole_days_of_a_cycle() {
        let share = |from, to, cycle_from, cycle_to| {
            let (part, cycle) = (between(from, to, Zone::UTC), between(cycle_from, cycle_to, Zone::UTC));
            Proration::WholeDays.share(part, cycle, Zone::UTC).unwrap()
        };
        assert_eq!(share("2023-06-23", "2023-07-15", "2023-06-23", "2023-07-23"), exact("22/30"));
        assert_eq!(share("2024-01-15", "2024-02-01", "2024-01-01", "2024-02-01"), exact("17/31"));
        assert_eq!(share("2023-02-01", "2023-02-03", "2023-02-01", "2023-03-01"), exact("2/28"));
        let stubs = [
            share("2011-01-01", "2011-01-15", "2010-12-15", "2011-01-15"),
            share("2011-01-15", "2011-02-15", "2011-01-15", "2011-02-15"),
            share("2011-02-15", "2011-02-27", "2011-02-15", "2011-03-15"),
        ];
        assert_eq!(Exact::sum(&stubs).unwrap(), exact("408/217"));
    }

    /// kb-prorate30-*
    #[test]
    fn months_of_thirty_days() {
        for (from, to, months) in [
            ("2023-05-23", "2023-06-15", "22/30"),
            ("2023-02-23", "2023-03-15", "22/30"),
            ("2023-05-15", "2023-05-23", "8/30"),
            ("2024-01-30", "2024-01-31", "0"),
            ("2024-01-31", "2024-03-01", "31/30"),
            ("2023-01-01", "2024-01-01", "12"),
        ] {
            let measured = Proration::ThirtyDayMonths.measure(between(from, to, Zone::UTC), Zone::UTC).unwrap();
            assert_eq!(measured, exact(months), "{from} {to}");
        }
    }

    #[test]
    fn the_next_whole_hour_is_read_off_the_clock() {
        for (at, name, next) in [
            ("2026-05-25T13:40:00+08:00", "Asia/Shanghai", "2026-05-25T14:00:00+08:00"),
            ("2026-05-25T13:00:00+08:00", "Asia/Shanghai", "2026-05-25T13:00:00+08:00"),
            ("2026-05-25T13:00:00.000001+08:00", "Asia/Shanghai", "2026-05-25T14:00:00+08:00"),
            ("2026-05-25T13:40:00+05:30", "Asia/Kolkata", "2026-05-25T14:00:00+05:30"),
            ("2026-05-25T23:59:59+08:00", "Asia/Shanghai", "2026-05-26T00:00:00+08:00"),
            // 02:00 became 03:00: after 01:40 comes 03:00.
            ("2024-03-31T01:40:00+01:00", "Europe/Berlin", "2024-03-31T03:00:00+02:00"),
            // 02:00 became 02:30: after 01:40 the clock shows no whole hour before 03:00.
            ("2024-10-06T01:40:00+10:30", "Australia/Lord_Howe", "2024-10-06T03:00:00+11:00"),
            // 02:00 became 01:30: 02:00 is shown half an hour later.
            ("2024-04-07T01:40:00+11:00", "Australia/Lord_Howe", "2024-04-07T02:00:00+10:30"),
        ] {
            let at: Instant = at.parse().unwrap();
            assert_eq!(next_whole_hour(at, zone(name)), Ok(next.parse().unwrap()), "{at} {name}");
        }
        assert_eq!(next_whole_hour(Instant::MAX, Zone::UTC).unwrap_err().code(), "time.out_of_range");
    }

    proptest! {
        #[test]
        fn the_next_whole_hour_is_a_whole_hour(
            tz in 0..chrono_tz::TZ_VARIANTS.len(),
            at in Instant::MIN.micros()..Instant::MAX.micros() - 2 * MICROS_PER_HOUR,
        ) {
            let zone: Zone = chrono_tz::TZ_VARIANTS[tz].name().parse().unwrap();
            let at = Instant::from_micros(at).unwrap();
            let next = next_whole_hour(at, zone).unwrap();
            let apart = next.micros_since(at);
            prop_assert!((0..2 * MICROS_PER_HOUR).contains(&apart));
            let clock = zone.local(next).time();
            prop_assert!(clock.minute() == 0 && clock.second() == 0 && clock.nanosecond() == 0);
            prop_assert_eq!(next_whole_hour(next, zone), Ok(next));
        }
    }

    /// R-P9; usage-rem-01, -03 and -07.
    #[test]
    fn a_day_that_has_begun_is_not_full() {
        let share =
            |now, start, end| Proration::FullDays.share(period(now, end), period(start, end), Zone::UTC).unwrap();
        let (october, november) = ("2016-10-01T00:00:00Z", "2016-11-01T00:00:00Z");
        assert_eq!(share("2016-10-11T12:00:00Z", october, november), exact("20/31"));
        let (start, end) = ("2017-01-31T08:00:00Z", "2017-02-28T08:00:00Z");
        assert_eq!(share("2017-02-10T08:00:00Z", start, end), exact("18/28"));
        assert_eq!(share("2017-02-10T08:00:01Z", start, end), exact("17/28"));
        assert_eq!(share("2016-11-01T00:00:01Z", november, "2016-12-01T00:00:00Z"), exact("29/30"));
        // A full day may have 23 hours.
        let new_york = zone("America/New_York");
        let noon_to = |end| full_days_between(period("2024-03-09T12:00:00-05:00", end), new_york);
        assert_eq!(noon_to("2024-03-10T12:00:00-04:00"), 1);
        assert_eq!(noon_to("2024-03-10T11:59:59-04:00"), 0);
    }

    /// R-P8; bss-up-02 and bss-up-04.
    #[test]
    fn month_fractions_are_of_each_month() {
        let shanghai = zone("Asia/Shanghai");
        let months = |start, end| Proration::MonthFractions.measure(period(start, end), shanghai).unwrap();
        let expected = exact("12/31").plus(&exact("17/30")).unwrap();
        assert_eq!(months("2024-05-20T00:00:00+08:00", "2024-06-18T00:00:00+08:00"), expected);
        assert_eq!(months("2024-05-20T00:00:00+08:00", "2024-06-17T23:59:59+08:00"), expected);
        // 6 days and 10 hours of May, and all of June.
        let fraction = months("2026-05-25T14:00:00+08:00", "2026-06-30T23:59:59+08:00");
        let expected = exact("77/12").divided_by(&exact("31")).unwrap().plus(&Exact::ONE).unwrap();
        assert_eq!(fraction, expected);
        // Many months are no more work than one.
        let ages = between("0002-01-01", "9998-01-01", Zone::UTC);
        assert_eq!(Proration::MonthFractions.measure(ages, Zone::UTC).unwrap(), exact("119952"));
    }

    #[test]
    fn a_day_is_the_same_fraction_of_its_month_whatever_its_hours() {
        let new_york = zone("America/New_York");
        let months = |from, to| Proration::MonthFractions.measure(between(from, to, new_york), new_york).unwrap();
        assert_eq!(months("2024-03-10", "2024-03-11"), exact("1/31"));
        assert_eq!(months("2024-03-20", "2024-04-01"), exact("12/31"));
        // Samoa's December of 2011 is whole without its 30th.
        let apia = zone("Pacific/Apia");
        let december = between("2011-12-01", "2012-01-01", apia);
        assert_eq!(Proration::MonthFractions.measure(december, apia).unwrap(), Exact::ONE);
    }

    #[test]
    fn a_part_is_of_its_cycle() {
        let cycle = period("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z");
        let late = period("2024-01-31T00:00:00Z", "2024-02-01T00:00:01Z");
        let nothing = period("2024-01-10T00:10:00Z", "2024-01-10T00:10:00Z");
        let minutes = period("2024-01-10T00:10:00Z", "2024-01-10T00:40:00Z");
        for policy in Proration::ALL {
            let code = |part, cycle| policy.share(part, cycle, Zone::UTC).unwrap_err().code();
            assert_eq!(code(late, cycle), "time.outside_cycle", "{policy}");
            assert_eq!(code(nothing, nothing), "time.empty_cycle", "{policy}");
            assert_eq!(policy.share(cycle, cycle, Zone::UTC).unwrap(), Exact::ONE, "{policy}");
            assert_eq!(policy.share(nothing, cycle, Zone::UTC).unwrap(), Exact::ZERO, "{policy}");
            assert_eq!(policy.name().parse::<Proration>().unwrap(), policy);
        }
        assert_eq!(Proration::Hours.share(minutes, minutes, Zone::UTC).unwrap_err().code(), "time.empty_cycle");
        assert_eq!("days".parse::<Proration>().unwrap_err().code(), "time.unknown_policy");
    }

    /// "Never expires" is often written as the last second of all, which no midnight follows.
    #[test]
    fn the_ends_of_time_are_answered() {
        let never = period("2024-01-01T00:00:00Z", "9999-12-31T23:59:59Z");
        assert_eq!(days_between(never, Zone::UTC).unwrap_err().code(), "time.out_of_range");
        assert_eq!(days_inclusive(never, Zone::UTC), 2_913_174);
        let nearly = period("2024-01-01T00:00:00Z", "9999-12-31T23:59:58Z");
        assert_eq!(days_between(nearly, Zone::UTC).unwrap(), 2_913_173);
        assert_eq!(hours_between(nearly, Zone::UTC).unwrap(), Exact::from(2_913_173 * 24 + 23));
    }

    fn any_zone() -> impl Strategy<Value = Zone> {
        (0..chrono_tz::TZ_VARIANTS.len()).prop_map(|tz| zone(chrono_tz::TZ_VARIANTS[tz].name()))
    }

    /// Four instants in order: a cycle, and a part of it.
    fn any_part(within: std::ops::RangeInclusive<i64>) -> impl Strategy<Value = (Period, Period)> {
        proptest::array::uniform4(within).prop_map(|mut micros| {
            micros.sort_unstable();
            let [start, from, to, end] = micros.map(|micros| Instant::from_micros(micros).unwrap());
            (Period::new(from, to).unwrap(), Period::new(start, end).unwrap())
        })
    }

    const CENTURIES: std::ops::RangeInclusive<i64> = -2_208_988_800_000_000..=4_133_894_400_000_000;
    /// The three days around the clocks of North America going back in 2024.
    const AUTUMN: std::ops::RangeInclusive<i64> = 1_730_505_600_000_000..=1_730_764_800_000_000;
    const ALL_TIME: std::ops::RangeInclusive<i64> = Instant::MIN.micros()..=Instant::MAX.micros();

    proptest! {
        /// R-T5: by exact time, the shares of a part that is cut are the share of the whole part.
        #[test]
        fn shares_add_up((part, cycle) in any_part(ALL_TIME), cut in 0..=1_000_i64) {
            prop_assume!(!cycle.is_empty());
            let cut = part.start().plus_micros(part.micros() / 1_000 * cut).unwrap();
            let share = |start, end| {
                Proration::ExactTime.share(Period::new(start, end).unwrap(), cycle, Zone::UTC).unwrap()
            };
            let sum = share(part.start(), cut).plus(&share(cut, part.end())).unwrap();
            prop_assert_eq!(sum, share(part.start(), part.end()));
        }

        /// Cut at a midnight, parts add up by hours, dates and months too.
        #[test]
        fn parts_cut_at_midnight_add_up(zone in any_zone(), (part, _) in any_part(CENTURIES)) {
            let cut = zone.start_of(following(billing_date(part.start(), zone)).unwrap()).unwrap();
            prop_assume!(part.start() < cut && cut < part.end());
            for policy in [Proration::Hours, Proration::WholeDays, Proration::ThirtyDayMonths, Proration::MonthFractions] {
                let measure = |start, end| policy.measure(Period::new(start, end).unwrap(), zone).unwrap();
                let sum = measure(part.start(), cut).plus(&measure(cut, part.end())).unwrap();
                prop_assert_eq!(sum, measure(part.start(), part.end()), "{}", policy);
            }
        }

        #[test]
        fn a_share_lies_between_nothing_and_all(
            zone in any_zone(),
            (part, cycle) in prop_oneof![any_part(CENTURIES), any_part(AUTUMN), any_part(ALL_TIME)],
        ) {
            for policy in Proration::ALL {
                match policy.share(part, cycle, zone) {
                    Ok(share) => prop_assert!(!share.is_negative() && share <= Exact::ONE, "{} {}", policy, share),
                    Err(error) => prop_assert!(["time.empty_cycle", "time.out_of_range"].contains(&error.code())),
                }
            }
        }

        #[test]
        fn the_hour_never_goes_back(zone in any_zone(), (part, _) in prop_oneof![any_part(CENTURIES), any_part(AUTUMN)]) {
            let (start, end) = (floor_to_hour(part.start(), zone).unwrap(), floor_to_hour(part.end(), zone).unwrap());
            prop_assert!(start <= end && end <= part.end());
            prop_assert!(part.end().micros_since(end) < MICROS_PER_HOUR);
        }
    }
}
