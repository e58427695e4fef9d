use crate::{
    error::{StatementError, TimeError, excerpt},
    time::{BillingDay, Period, Zone, parse_date, plus_months},
};
use chrono::{Datelike, NaiveDate};
use std::{fmt, ops::RangeInclusive, str::FromStr};

/// A calendar month, written `2024-02`.
///
/// # Examples
/// ```
/// use counterfoil::statement::Month;
///
/// let month: Month = "2024-02".parse()?;
/// assert_eq!((month.first().to_string(), month.last().to_string()), ("2024-02-01".into(), "2024-02-29".into()));
/// assert_eq!((month.plus(-2)?.to_string(), month.plus(12)?.to_string()), ("2023-12".into(), "2025-02".into()));
/// assert_eq!("2024-2".parse::<Month>().unwrap_err().code(), "statement.not_a_month");
/// # Ok::<(), counterfoil::error::StatementError>(())
/// ```
///
/// # Rule
/// R-S3
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first: NaiveDate,
}

impl Month {
    /// The month of a date.
    pub fn of(date: NaiveDate) -> Self {
        Self { first: date.with_day(1).unwrap_or(date) } // every month has a first day
    }

    /// Its first date.
    pub const fn first(self) -> NaiveDate {
        self.first
    }

    /// Its last date.
    pub fn last(self) -> NaiveDate {
        self.first.with_day(u32::from(self.first.num_days_in_month())).unwrap_or(self.first) // every month has that day
    }

    /// So many months later, or earlier.
    ///
    /// # Errors
    /// `time.out_of_range` beyond the years 1 to 9999.
    pub fn plus(self, months: i64) -> Result<Self, StatementError> {
        let beyond = |_| TimeError::OutOfRange { text: format!("{months} months after {self}") };
        Ok(Self { first: plus_months(self.first, months).map_err(beyond)? })
    }

    /// Its days in a zone.
    ///
    /// # Errors
    /// `time.out_of_range`.
    pub fn days(self, zone: Zone) -> Result<BillingDays, StatementError> {
        BillingDays::new(self.first..=self.last(), zone)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.first.format("%Y-%m").to_string())
    }
}

impl FromStr for Month {
    type Err = StatementError;

    fn from_str(text: &str) -> Result<Self, StatementError> {
        let fault = |_| StatementError::NotAMonth { text: excerpt(text) };
        parse_date(&format!("{text}-01")).map(|first| Self { first }).map_err(fault)
    }
}

/// A run of billing days in one zone: what a report is of.
///
/// # Examples
/// ```
/// use counterfoil::statement::BillingDays;
///
/// let month = "2024-03".parse::<counterfoil::statement::Month>()?;
/// let days = month.days("America/New_York".parse()?)?;
/// assert_eq!(days.period().to_string(), "2024-03-01T05:00:00Z..2024-04-01T04:00:00Z");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-S3, R-T2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BillingDays {
    first: NaiveDate,
    last: NaiveDate,
    zone: Zone,
    period: Period,
}

impl BillingDays {
    /// The days of some dates, the last one included.
    ///
    /// # Errors
    /// `time.reversed` when the last date lies before the first; `time.out_of_range`.
    pub fn new(dates: RangeInclusive<NaiveDate>, zone: Zone) -> Result<Self, StatementError> {
        let (first, last) = (*dates.start(), *dates.end());
        let (from, to) = (BillingDay::new(first, zone)?.period(), BillingDay::new(last, zone)?.period());
        if last < first {
            let (start, end) = (from.start().to_chrono(), to.end().to_chrono());
            return Err(TimeError::Reversed { start, end }.into());
        }
        Ok(Self { first, last, zone, period: Period::new(from.start(), to.end())? })
    }

    /// The first date.
    pub const fn first(self) -> NaiveDate {
        self.first
    }

    /// The last date.
    pub const fn last(self) -> NaiveDate {
        self.last
    }

    /// The zone.
    pub const fn zone(self) -> Zone {
        self.zone
    }

    /// From the first instant of the first day to the first after the last.
    pub const fn period(self) -> Period {
        self.period
    }

    /// Whether a window lies within.
    pub fn contain(self, window: Period) -> bool {
        self.period.start() <= window.start() && window.end() <= self.period.end()
    }
}

impl From<BillingDay> for BillingDays {
    fn from(day: BillingDay) -> Self {
        Self { first: day.date(), last: day.date(), zone: day.zone(), period: day.period() }
    }
}

impl fmt::Display for BillingDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{} {}", self.first, self.last, self.zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_has_its_days_in_a_zone() {
        // R-S3, R-T2: 31 days less an hour in March, and 29 days in February
        let hours =
            |at: &str, zone: &str| month(at).days(zone.parse().unwrap()).unwrap().period().micros() / 3_600_000_000;
        assert_eq!(hours("2024-03", "America/New_York"), 31 * 24 - 1);
        assert_eq!(hours("2024-02", "UTC"), 29 * 24);
        assert_eq!(hours("2011-12", "Pacific/Apia"), 30 * 24); // a date was skipped
    }

    #[test]
    fn months_are_read_strictly_and_end() {
        for text in ["2024-2", "2024-13", "24-02", "2024-02-01", "", "2024/02", "0000-01"] {
            assert_eq!(text.parse::<Month>().unwrap_err().code(), "statement.not_a_month", "{text}");
        }
        assert_eq!(month("9999-12").plus(1).unwrap_err().code(), "time.out_of_range");
        assert_eq!(month("0001-01").plus(-1).unwrap_err().code(), "time.out_of_range");
        assert_eq!(month("9999-12").last().to_string(), "9999-12-31");
        assert_eq!(Month::of(parse_date("2024-02-29").unwrap()), month("2024-02"));
    }

    #[test]
    fn days_are_a_run_of_dates() {
        let days = |first: &str, last: &str| {
            BillingDays::new(parse_date(first).unwrap()..=parse_date(last).unwrap(), Zone::UTC)
        };
        let week = days("2024-02-19", "2024-02-25").unwrap();
        let day = |date: &str| BillingDay::new(parse_date(date).unwrap(), Zone::UTC).unwrap();
        assert!(week.contain(day("2024-02-19").period()) && week.contain(day("2024-02-25").period()));
        assert!(!week.contain(day("2024-02-18").period()) && !week.contain(day("2024-02-26").period()));
        assert_eq!(BillingDays::from(day("2024-02-19")), days("2024-02-19", "2024-02-19").unwrap());
        assert_eq!(days("2024-02-19", "2024-02-18").unwrap_err().code(), "time.reversed");
        assert_eq!(week.to_string(), "2024-02-19..2024-02-25 UTC");
    }
}
