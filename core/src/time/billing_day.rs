use super::{Instant, Period, Zone};
use crate::error::{TimeError, excerpt};
use chrono::NaiveDate;
use std::{fmt, ops::RangeInclusive};

/// A date in a zone as a period: from the first instant of the date to the first of the next one.
///
/// Consecutive days leave no gap and no overlap, whatever the zone does: a day may have 23 or 25
/// hours, start at 01:00 where midnight was skipped or at the first of two midnights, and a date
/// that the zone skipped altogether is an empty day.
///
/// # Examples
/// ```
/// use counterfoil::time::{BillingDay, MICROS_PER_HOUR, Zone, parse_date};
///
/// let day = BillingDay::new(parse_date("2024-02-20")?, Zone::UTC)?;
/// assert_eq!(day.period().to_string(), "2024-02-20T00:00:00Z..2024-02-21T00:00:00Z");
///
/// let new_york: Zone = "America/New_York".parse()?;
/// let day = BillingDay::new(parse_date("2024-03-10")?, new_york)?;
/// assert_eq!(day.period().micros(), 23 * MICROS_PER_HOUR);
///
/// // Samoa went over the date line and had no 30 December 2011.
/// let apia: Zone = "Pacific/Apia".parse()?;
/// assert!(BillingDay::new(parse_date("2011-12-30")?, apia)?.period().is_empty());
/// # Ok::<(), counterfoil::error::TimeError>(())
/// ```
///
/// # Rule
/// R-T2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BillingDay {
    date: NaiveDate,
    zone: Zone,
    period: Period,
}

impl BillingDay {
    /// The day of a date in a zone.
    ///
    /// # Errors
    /// `time.out_of_range` where it does not lie within the years 1 to 9999 of UTC.
    pub fn new(date: NaiveDate, zone: Zone) -> Result<Self, TimeError> {
        let period = Period::new(zone.start_of(date)?, zone.start_of(following(date)?)?)?;
        Ok(Self { date, zone, period })
    }

    /// The day in whose period an instant lies.
    ///
    /// Its date is what the zone's calendar shows then, but for the hour or so after a clock was put
    /// back over midnight: that belongs to the day that had already begun.
    ///
    /// # Errors
    /// As [`BillingDay::new`].
    ///
    /// # Examples
    /// ```
    /// use counterfoil::time::{BillingDay, Instant, Zone};
    ///
    /// let at: Instant = "2024-02-20T23:30:00Z".parse()?;
    /// assert_eq!(BillingDay::of(at, Zone::UTC)?.date().to_string(), "2024-02-20");
    /// assert_eq!(BillingDay::of(at, "Asia/Shanghai".parse()?)?.date().to_string(), "2024-02-21");
    ///
    /// // At 00:01 Newfoundland put its clocks back to 23:01 of the day before.
    /// let st_johns: Zone = "America/St_Johns".parse()?;
    /// let at: Instant = "2010-11-07T03:00:00Z".parse()?;
    /// assert_eq!(st_johns.local(at).to_string(), "2010-11-06 23:30:00");
    /// assert_eq!(BillingDay::of(at, st_johns)?.date().to_string(), "2010-11-07");
    /// # Ok::<(), counterfoil::error::TimeError>(())
    /// ```
    pub fn of(at: Instant, zone: Zone) -> Result<Self, TimeError> {
        Self::new(billing_date(at, zone), zone)
    }

    /// The days of some dates, the last one included.
    ///
    /// # Errors
    /// `time.reversed` when the last date lies before the first; as [`BillingDay::new`] for either.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::time::{BillingDay, Zone, parse_date};
    ///
    /// let february = parse_date("2024-02-01")?..=parse_date("2024-02-29")?;
    /// assert_eq!(BillingDay::days(february, Zone::UTC)?.count(), 29);
    /// # Ok::<(), counterfoil::error::TimeError>(())
    /// ```
    pub fn days(dates: RangeInclusive<NaiveDate>, zone: Zone) -> Result<impl Iterator<Item = Self>, TimeError> {
        let (first, last) = (Self::new(*dates.start(), zone)?, Self::new(*dates.end(), zone)?);
        if last.date < first.date {
            let (start, end) = (first.period.start().to_chrono(), last.period.end().to_chrono());
            return Err(TimeError::Reversed { start, end });
        }
        // Both ends are within the range of instants, and so is every day between.
        Ok(std::iter::successors(Some(first), |day| day.next().ok()).take_while(move |day| day.date <= last.date))
    }

    /// The day after.
    ///
    /// # Errors
    /// As [`BillingDay::new`].
    pub fn next(self) -> Result<Self, TimeError> {
        let date = following(self.date)?;
        let period = Period::new(self.period.end(), self.zone.start_of(following(date)?)?)?;
        Ok(Self { date, zone: self.zone, period })
    }

    /// Its date.
    pub const fn date(self) -> NaiveDate {
        self.date
    }

    /// The zone that it is a day of.
    pub const fn zone(self) -> Zone {
        self.zone
    }

    /// From its first instant to the first of the next day.
    pub const fn period(self) -> Period {
        self.period
    }
}

impl fmt::Display for BillingDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.date, self.zone)
    }
}

/// Reads a date, strictly `yyyy-mm-dd`, of the years 1 to 9999.
///
/// # Errors
/// `time.not_a_date`.
///
/// # Examples
/// ```
/// use counterfoil::time::parse_date;
///
/// assert_eq!(parse_date("2024-02-29")?.to_string(), "2024-02-29");
/// for text in ["2023-02-29", "2024-2-9", "20240229", " 2024-02-29", "2024-02-29T00:00:00Z"] {
///     assert_eq!(parse_date(text).unwrap_err().code(), "time.not_a_date");
/// }
/// # Ok::<(), counterfoil::error::TimeError>(())
/// ```
pub fn parse_date(text: &str) -> Result<NaiveDate, TimeError> {
    read_date(text).ok_or_else(|| TimeError::NotADate { text: excerpt(text) })
}

fn read_date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let mut number = |digits: usize| {
        let part = parts.next()?;
        let strict = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        if strict { part.parse::<u32>().ok() } else { None }
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    if year == 0 || parts.next().is_some() {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// The date of the billing day in which an instant lies.
///
/// Unlike the day itself it exists for every instant, also on the last date of all.
pub(super) fn billing_date(at: Instant, zone: Zone) -> NaiveDate {
    let shown = zone.date_of(at);
    match following(shown) {
        // The next date had begun, and the clock was put back since.
        Ok(next) if zone.start_of(next).is_ok_and(|start| start <= at) => next,
        _ => shown,
    }
}

/// The date after.
pub(super) fn following(date: NaiveDate) -> Result<NaiveDate, TimeError> {
    date.succ_opt().ok_or_else(|| TimeError::OutOfRange { text: format!("the day after {date}") })
}
