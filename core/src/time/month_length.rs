use super::{
    Cycle, Instant, MICROS_PER_DAY, Period, Zone,
    billing_day::billing_date,
    cycle::{month_number, months_on},
};
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
        Ok(self.numbered(at)?.map(|(_, month)| month))
    }

    /// The month in which an instant lies, and its number: one more than that of the month before.
    pub(crate) fn numbered(self, at: Instant) -> Result<Option<(i64, Period)>, TimeError> {
        match self {
            Self::Fixed30 => Ok(None),
            Self::Calendar { anchor, zone } => Ok(Some(Cycle::monthly(anchor, zone).around(at)?)),
            Self::ToMonthEnd { zone } => {
                let date = billing_date(at, zone);
                Ok(Some((month_number(date), natural_month(date, zone)?)))
            }
        }
    }
}

/// The month of a date, from the first instant of its first day.
fn natural_month(date: NaiveDate, zone: Zone) -> Result<Period, TimeError> {
    let first = date.with_day(1).unwrap_or(date); // every month has a first day
    Period::new(zone.start_of(first)?, zone.start_of(months_on(first, 1)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn instant(text: &str) -> Instant {
        text.parse().expect(text)
    }

    fn month(length: MonthLength, at: &str) -> String {
        length.period(instant(at)).unwrap().expect("a month in the calendar").to_string()
    }

    /// usage-cal-01
    #[test]
    fn natural_months_have_their_days() {
        let length = MonthLength::ToMonthEnd { zone: Zone::UTC };
        for (at, days) in [
            ("2000-02-10T00:00:00Z", 29),
            ("2015-02-10T00:00:00Z", 28),
            ("2016-02-10T00:00:00Z", 29),
            ("2099-12-31T23:59:59Z", 31),
            ("2016-04-01T00:00:00Z", 30),
        ] {
            assert_eq!(length.micros(instant(at)).unwrap(), days * MICROS_PER_DAY, "{at}");
        }
    }

    /// lago-period-tz: midnight of 1 March in UTC is still 28 February in New York.
    #[test]
    fn natural_months_are_of_the_zone() {
        let length = MonthLength::ToMonthEnd { zone: "America/New_York".parse().unwrap() };
        assert_eq!(month(length, "2022-03-01T00:00:00Z"), "2022-02-01T05:00:00Z..2022-03-01T05:00:00Z");
        assert_eq!(month(length, "2022-02-01T04:59:59Z"), "2022-01-01T05:00:00Z..2022-02-01T05:00:00Z");
        // March is an hour short.
        assert_eq!(month(length, "2022-03-31T00:00:00Z"), "2022-03-01T05:00:00Z..2022-04-01T04:00:00Z");
    }

    #[test]
    fn anchored_months_run_both_ways() {
        let length = MonthLength::Calendar { anchor: instant("2024-01-31T12:00:00Z"), zone: Zone::UTC };
        for (at, period) in [
            ("2024-01-31T12:00:00Z", "2024-01-31T12:00:00Z..2024-02-29T12:00:00Z"),
            ("2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z..2024-03-31T12:00:00Z"),
            ("2024-01-31T11:59:59Z", "2023-12-31T12:00:00Z..2024-01-31T12:00:00Z"),
            ("2023-03-01T00:00:00Z", "2023-02-28T12:00:00Z..2023-03-31T12:00:00Z"),
        ] {
            assert_eq!(month(length, at), period);
        }
    }

    /// A month that starts at midnight starts with the billing day, also where midnight is skipped
    /// or repeated: else a day would lie in two months.
    #[test]
    fn months_are_cut_where_days_are() {
        for (zone, anchor, at) in [
            ("America/Sao_Paulo", "2018-10-04T00:00:00-03:00", "2018-11-04T12:00:00Z"),
            ("America/Havana", "2024-10-03T00:00:00-04:00", "2024-11-03T12:00:00Z"),
        ] {
            let zone: Zone = zone.parse().unwrap();
            let month = MonthLength::Calendar { anchor: instant(anchor), zone }.period(instant(at)).unwrap().unwrap();
            assert_eq!(Ok(month.start()), zone.start_of(zone.date_of(instant(at))));
        }
    }

    #[test]
    fn months_at_the_ends_of_time() {
        let natural = MonthLength::ToMonthEnd { zone: Zone::UTC };
        assert_eq!(natural.micros(Instant::MIN).unwrap(), 31 * MICROS_PER_DAY);
        assert_eq!(natural.micros(Instant::MAX).unwrap_err().code(), "time.out_of_range");
        assert_eq!(MonthLength::Fixed30.micros(Instant::MAX).unwrap(), 30 * MICROS_PER_DAY);
        assert_eq!(MonthLength::Fixed30.period(Instant::MIN).unwrap(), None);
    }

    proptest! {
        #[test]
        fn an_instant_lies_in_its_month(
            tz in 0..chrono_tz::TZ_VARIANTS.len(),
            at in Instant::MIN.micros()..=Instant::MAX.micros(),
            anchor in Instant::MIN.micros()..=Instant::MAX.micros(),
        ) {
            let zone = chrono_tz::TZ_VARIANTS[tz].name().parse().unwrap();
            let (at, anchor) = (Instant::from_micros(at).unwrap(), Instant::from_micros(anchor).unwrap());
            for length in [MonthLength::Calendar { anchor, zone }, MonthLength::ToMonthEnd { zone }] {
                if let Ok(Some(month)) = length.period(at) {
                    prop_assert!(month.contains(at));
                    prop_assert_eq!(length.period(month.start()), Ok(Some(month)));
                    prop_assert_eq!(length.micros(at), Ok(month.micros()));
                }
            }
        }
    }
}
