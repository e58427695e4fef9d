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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{MICROS_PER_DAY, MICROS_PER_HOUR};
    use chrono::Datelike;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn day(date: &str, zone: &str) -> BillingDay {
        BillingDay::new(parse_date(date).unwrap(), zone.parse().unwrap()).unwrap()
    }

    // R-T2
    #[test]
    fn days_are_as_long_as_the_zone_makes_them() {
        for (date, zone, start, hours) in [
            ("2024-02-20", "UTC", "2024-02-20T00:00:00Z", 24),
            ("2024-02-20", "+08:00", "2024-02-19T16:00:00Z", 24),
            ("2024-03-10", "America/New_York", "2024-03-10T05:00:00Z", 23),
            ("2024-11-03", "America/New_York", "2024-11-03T04:00:00Z", 25),
            // midnight skipped: the day starts at 01:00
            ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z", 23),
            // put back at midnight to 23:00: the day before has them both
            ("2018-02-17", "America/Sao_Paulo", "2018-02-17T02:00:00Z", 25),
            ("2018-02-18", "America/Sao_Paulo", "2018-02-18T03:00:00Z", 24),
            // midnight repeated: the day starts at the first
            ("2024-11-03", "America/Havana", "2024-11-03T04:00:00Z", 25),
            // put back at 00:01 over midnight: what was begun goes on
            ("2010-11-06", "America/St_Johns", "2010-11-06T02:30:00Z", 24),
            ("2010-11-07", "America/St_Johns", "2010-11-07T02:30:00Z", 25),
            // the date line: one date never was, and one was there twice
            ("2011-12-29", "Pacific/Apia", "2011-12-29T10:00:00Z", 24),
            ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z", 0),
            ("2011-12-31", "Pacific/Apia", "2011-12-30T10:00:00Z", 24),
            ("1969-09-30", "Pacific/Kwajalein", "1969-09-29T13:00:00Z", 47),
        ] {
            let day = day(date, zone);
            assert_eq!(day.period().start().to_string(), start, "{day}");
            assert_eq!(day.period().micros(), hours * MICROS_PER_HOUR, "{day}");
        }
    }

    #[test]
    fn days_run_from_one_date_to_another() {
        let dates = |from: &str, to: &str| parse_date(from).unwrap()..=parse_date(to).unwrap();
        let shown = |from, to, zone: &str| -> Vec<String> {
            let zone = zone.parse().unwrap();
            BillingDay::days(dates(from, to), zone).unwrap().map(|day| day.date().to_string()).collect()
        };
        assert_eq!(shown("2024-02-28", "2024-03-01", "UTC"), ["2024-02-28", "2024-02-29", "2024-03-01"]);
        assert_eq!(shown("2024-02-28", "2024-02-28", "UTC"), ["2024-02-28"]);
        assert_eq!(shown("2011-12-29", "2011-12-31", "Pacific/Apia"), ["2011-12-29", "2011-12-30", "2011-12-31"]);
        let code = |from, to| BillingDay::days(dates(from, to), Zone::UTC).err().expect(to).code();
        assert_eq!(code("2024-02-28", "2024-02-27"), "time.reversed");
        assert_eq!(code("9999-12-30", "9999-12-31"), "time.out_of_range");
    }

    #[test]
    fn the_last_day_has_no_end_and_so_is_none() {
        assert_eq!(BillingDay::of(Instant::MAX, Zone::UTC).unwrap_err().code(), "time.out_of_range");
        assert_eq!(BillingDay::of(Instant::MIN, "+08:00".parse().unwrap()).unwrap_err().code(), "time.out_of_range");
        assert_eq!(BillingDay::of(Instant::MIN, Zone::UTC).unwrap().period().start(), Instant::MIN);
        assert_eq!(day("9999-12-30", "UTC").next().unwrap_err().code(), "time.out_of_range");
        for date in [NaiveDate::MIN, NaiveDate::MAX] {
            assert_eq!(BillingDay::new(date, Zone::UTC).unwrap_err().code(), "time.out_of_range");
        }
    }

    #[test]
    fn dates_are_read_strictly() {
        for text in ["0001-01-01", "2024-02-29", "9999-12-31"] {
            assert_eq!(parse_date(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "2024",
            "2024-02",
            "2024-02-30",
            "2023-02-29",
            "2024-13-01",
            "2024-00-01",
            "2024-01-00",
            "0000-01-01",
            "10000-01-01",
            "-001-01-01",
            "+024-01-01",
            "2024-02-20-",
            "2024/02/20",
            "2024-02-2٠",
        ] {
            assert_eq!(parse_date(text).expect_err(text).code(), "time.not_a_date", "{text}");
        }
    }

    /// R-T2 for every zone: near each change of its clock, days are in order and without a gap.
    #[test]
    fn days_are_contiguous_near_every_change_of_every_zone() {
        let (first, last) = (parse_date("1900-01-01").unwrap(), parse_date("2100-12-31").unwrap());
        let weeks: Vec<_> = first.iter_weeks().take_while(|week| *week < last).collect();
        let midnights: Vec<_> = weeks.iter().map(|week| Zone::UTC.start_of(*week).unwrap()).collect();
        let mut seen = BTreeSet::new();
        for tz in chrono_tz::TZ_VARIANTS {
            let zone: Zone = tz.name().parse().unwrap();
            let offsets: Vec<_> = midnights.iter().map(|midnight| zone.offset(*midnight)).collect();
            let changes: Vec<_> = weeks.iter().zip(offsets.windows(2)).filter(|(_, pair)| pair[0] != pair[1]).collect();
            if !seen.insert(changes.iter().map(|(week, pair)| (**week, pair.to_vec())).collect::<Vec<_>>()) {
                continue; // another name of a zone that was looked at
            }
            for (week, _) in changes {
                let around = week.pred_opt().unwrap()..=*week + chrono::Days::new(7);
                BillingDay::days(around, zone).unwrap().for_each(assert_is_a_day);
            }
        }
    }

    fn assert_is_a_day(day: BillingDay) {
        let (zone, period) = (day.zone(), day.period());
        let next = BillingDay::new(following(day.date()).unwrap(), zone).unwrap();
        assert_eq!(next.period().start(), period.end(), "{day}");
        assert_eq!(day.next().unwrap(), next);
        // The calendar reaches the date when the day starts, and not a moment before.
        assert!(zone.date_of(period.start()) >= day.date(), "{day}");
        if period.is_empty() {
            return;
        }
        assert!(zone.date_of(period.start().plus_micros(-1).unwrap()) < day.date(), "{day}");
        for inside in [period.start(), period.end().plus_micros(-1).unwrap()] {
            assert_eq!(BillingDay::of(inside, zone).unwrap(), day);
            assert!(zone.date_of(inside) <= day.date(), "{day}");
        }
    }

    proptest! {
        #[test]
        fn any_day_of_any_zone_is_a_day(
            tz in 0..chrono_tz::TZ_VARIANTS.len(),
            days in 693_596..767_010_i32, // 1900 to 2100
        ) {
            let zone: Zone = chrono_tz::TZ_VARIANTS[tz].name().parse().unwrap();
            let day = BillingDay::new(NaiveDate::from_num_days_from_ce_opt(days).unwrap(), zone).unwrap();
            assert_is_a_day(day);
            prop_assert!(day.period().micros() <= 2 * MICROS_PER_DAY);
        }

        #[test]
        fn no_text_makes_a_date_panic(text in ".{0,16}", dates in "[0-9-]{0,12}") {
            for text in [text, dates] {
                if let Ok(date) = parse_date(&text) {
                    prop_assert_eq!(date.to_string(), text);
                    prop_assert!((1..=9999).contains(&date.year()));
                }
            }
        }
    }
}
