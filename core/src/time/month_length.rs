use super::{Cycle, Instant, MICROS_PER_DAY, Period, Zone, billing_day::billing_date, plus_months};
use crate::error::TimeError;
use chrono::{Datelike, NaiveDate};

/// How long a month is: a policy of each price or call, never of the whole system (R-T3).
///
/// # Examples
/// ```
/// use counterfoil::time::{MICROS_PER_DAY, MonthLength, Zone};
///
/// let at = "2024-02-20T08:00:00Z".parse()?;
/// assert_eq!(MonthLength::Fixed30.micros(at)?, 30 * MICROS_PER_DAY);
/// assert_eq!(MonthLength::ToMonthEnd { zone: Zone::UTC }.micros(at)?, 29 * MICROS_PER_DAY);
///
/// let anchored = MonthLength::Calendar { anchor: "2024-01-31T12:00:00Z".parse()?, zone: Zone::UTC };
/// let month = anchored.period(at)?.map(|month| month.to_string());
/// assert_eq!(month.as_deref(), Some("2024-01-31T12:00:00Z..2024-02-29T12:00:00Z"));
/// # Ok::<(), counterfoil::error::TimeError>(())
/// ```
///
/// # Rule
/// R-T3
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MonthLength {
    /// 30 × 24 hours, always; such months lie nowhere in the calendar.
    Fixed30,
    /// From one day of the month to the same of the next, clamped, as a [`Cycle`] of one month
    /// counts; months lie before the anchor too.
    Calendar {
        /// Where one of the months starts.
        anchor: Instant,
        /// The zone whose calendar counts.
        zone: Zone,
    },
    /// The natural month: from the first day of a month to the first of the next.
    ToMonthEnd {
        /// The zone whose calendar counts.
        zone: Zone,
    },
}

impl MonthLength {
    /// The name, as `fixed_30`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fixed30 => "fixed_30",
            Self::Calendar { .. } => "calendar",
            Self::ToMonthEnd { .. } => "to_month_end",
        }
    }

    /// How long the month is in which an instant lies.
    ///
    /// # Units
    /// Microseconds.
    ///
    /// # Errors
    /// `time.out_of_range`, `time.not_a_month` where that month is not within the years 1 to 9999.
    pub fn micros(self, at: Instant) -> Result<i64, TimeError> {
        const THIRTY_DAYS: i64 = 30 * MICROS_PER_DAY;
        Ok(self.period(at)?.map_or(THIRTY_DAYS, Period::micros))
    }

    /// The month in which an instant lies; none where months have a length but no place.
    ///
    /// A price per month holds for what lies inside one month: this is the period to check that
    /// against, or to cut at.
    ///
    /// # Errors
    /// As [`MonthLength::micros`].
    pub fn period(self, at: Instant) -> Result<Option<Period>, TimeError> {
        match self {
            Self::Fixed30 => Ok(None),
            Self::Calendar { anchor, zone } => Ok(Some(Cycle::monthly(anchor, zone).around(at)?.1)),
            Self::ToMonthEnd { zone } => Ok(Some(natural_month(billing_date(at, zone), zone)?)),
        }
    }
}

/// The month of a date, from the first instant of its first day.
fn natural_month(date: NaiveDate, zone: Zone) -> Result<Period, TimeError> {
    let first = date.with_day(1).unwrap_or(date); // every month has a first day
    Period::new(zone.start_of(first)?, zone.start_of(plus_months(first, 1)?)?)
}
