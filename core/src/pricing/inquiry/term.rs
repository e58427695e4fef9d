use crate::{
    error::{PricingError, TimeError, UnitsError, excerpt},
    exact::Exact,
    time::{Cycle, Instant, MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_SECOND, Period, Zone},
};
use std::{fmt, str::FromStr};

/// For how long something is asked for: months, and time besides.
///
/// A week is seven days and a day is 24 hours, whatever the clock on the wall does; how long a month
/// is, says [`TermMonths`] when the term is laid out from an instant.
///
/// # Examples
/// ```
/// use counterfoil::pricing::inquiry::{Term, TermMonths};
/// use counterfoil::time::Zone;
///
/// let start = "2025-07-01T00:00:00Z".parse()?;
/// let month = Term::months(1);
/// assert_eq!(month.period(start, TermMonths::Fixed30)?.to_string(), "2025-07-01T00:00:00Z..2025-07-31T00:00:00Z");
/// assert_eq!(month.period(start, TermMonths::Calendar(Zone::UTC))?.end().to_string(), "2025-08-01T00:00:00Z");
/// assert_eq!(Term::years(1)?.and(Term::days(3)?)?.to_string(), "12 months 3 days");
/// assert_eq!(Term::days(0)?.period(start, TermMonths::Fixed30).unwrap_err().code(), "pricing.no_duration");
/// # Ok::<(), counterfoil::error::PricingError>(())
/// ```
///
/// # Rule
/// R-P4, R-P5, R-P7
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Term {
    months: u32,
    /// Zero or more.
    micros: i64,
}

/// How long each month of a term is.
///
/// # Rule
/// R-T3
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TermMonths {
    /// 30 × 24 hours.
    Fixed30,
    /// From the start to the same day and clock time, so many months later, in a zone.
    Calendar(Zone),
}

/// The unit in which a term is asked for.
///
/// # Rule
/// R-P4, R-P7
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TermUnit {
    /// An hour.
    Hour,
    /// 24 hours.
    Day,
    /// Seven days.
    Week,
    /// A month.
    Month,
    /// Twelve months.
    Year,
}

impl Term {
    /// No time at all; what others are added to.
    pub const NONE: Self = Self { months: 0, micros: 0 };

    /// So many of a unit.
    ///
    /// # Errors
    /// `time.out_of_range`.
    pub fn of(count: u32, unit: TermUnit) -> Result<Self, PricingError> {
        match unit {
            TermUnit::Hour => Self::hours(count),
            TermUnit::Day => Self::days(count),
            TermUnit::Week => Self::weeks(count),
            TermUnit::Month => Ok(Self::months(count)),
            TermUnit::Year => Self::years(count),
        }
    }

    /// So many months.
    pub const fn months(count: u32) -> Self {
        Self { months: count, micros: 0 }
    }

    /// So many times twelve months.
    ///
    /// # Errors
    /// `time.out_of_range`.
    pub fn years(count: u32) -> Result<Self, PricingError> {
        Ok(Self { months: count.checked_mul(12).ok_or_else(|| too_long(format_args!("{count} years")))?, micros: 0 })
    }

    /// So many times seven days.
    ///
    /// # Errors
    /// `time.out_of_range`.
    pub fn weeks(count: u32) -> Result<Self, PricingError> {
        Self::times(count, 7 * MICROS_PER_DAY, "weeks")
    }

    /// So many times 24 hours.
    ///
    /// # Errors
    /// `time.out_of_range`.
    pub fn days(count: u32) -> Result<Self, PricingError> {
        Self::times(count, MICROS_PER_DAY, "days")
    }

    /// So many hours.
    ///
    /// # Errors
    /// `time.out_of_range`.
    pub fn hours(count: u32) -> Result<Self, PricingError> {
        Self::times(count, MICROS_PER_HOUR, "hours")
    }

    /// So many seconds.
    ///
    /// # Errors
    /// `time.out_of_range`.
    pub fn seconds(count: u32) -> Result<Self, PricingError> {
        Self::times(count, MICROS_PER_SECOND, "seconds")
    }

    /// From one instant to another: an exact time without months.
    pub const fn between(period: Period) -> Self {
        Self { months: 0, micros: period.micros() }
    }

    /// Both, one after the other: the months first.
    ///
    /// # Errors
    /// `time.out_of_range`.
    pub fn and(self, other: Self) -> Result<Self, PricingError> {
        let months = self.months.checked_add(other.months);
        let micros = self.micros.checked_add(other.micros);
        let both = || too_long(format_args!("{self} and {other}"));
        Ok(Self { months: months.ok_or_else(both)?, micros: micros.ok_or_else(both)? })
    }

    /// Whether it is no time at all.
    pub const fn is_none(self) -> bool {
        self.months == 0 && self.micros == 0
    }

    /// The period that it takes from a start on.
    ///
    /// # Errors
    /// `pricing.no_duration` for no time at all; `time.out_of_range` beyond the year 9999.
    ///
    /// # Rule
    /// R-T3, R-T4
    pub fn period(self, start: Instant, months: TermMonths) -> Result<Period, PricingError> {
        if self.is_none() {
            return Err(PricingError::NoDuration {});
        }
        let after_months = match (self.months, months) {
            (0, _) => start,
            (count, TermMonths::Fixed30) => {
                let micros = i64::from(count).checked_mul(30 * MICROS_PER_DAY);
                start.plus_micros(micros.ok_or_else(|| too_long(format_args!("{self}")))?)?
            }
            (count, TermMonths::Calendar(zone)) => Cycle::new(start, count, zone)?.end(1)?,
        };
        Ok(Period::new(start, after_months.plus_micros(self.micros)?)?)
    }

    fn times(count: u32, micros: i64, named: &str) -> Result<Self, PricingError> {
        let long = || too_long(format_args!("{count} {named}"));
        Ok(Self { months: 0, micros: i64::from(count).checked_mul(micros).ok_or_else(long)? })
    }
}

fn too_long(term: fmt::Arguments<'_>) -> TimeError {
    TimeError::OutOfRange { text: term.to_string() }
}

impl TermUnit {
    /// The name, as `hour`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

impl FromStr for TermUnit {
    type Err = UnitsError;

    /// Reads the names, and `小时 天 周 月 年`.
    fn from_str(text: &str) -> Result<Self, UnitsError> {
        Ok(match text {
            "hour" | "小时" => Self::Hour,
            "day" | "天" => Self::Day,
            "week" | "周" => Self::Week,
            "month" | "月" => Self::Month,
            "year" | "年" => Self::Year,
            _ => return Err(UnitsError::UnknownTermUnit { text: excerpt(text) }),
        })
    }
}

impl fmt::Display for Term {
    /// As `8 months 3 days 25874 s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.micros.checked_div(MICROS_PER_DAY).unwrap_or(0);
        let rest = self.micros.checked_rem(MICROS_PER_DAY).unwrap_or(0);
        let hours = rest.checked_div(MICROS_PER_HOUR).unwrap_or(0);
        let micros = rest.checked_rem(MICROS_PER_HOUR).unwrap_or(0);
        let mut parts = Vec::new();
        let counted = [(i64::from(self.months), "months"), (days, "days"), (hours, "hours")];
        parts.extend(
            counted.into_iter().filter(|(count, _)| *count != 0).map(|(count, unit)| format!("{count} {unit}")),
        );
        if micros != 0 {
            parts.push(format!("{} s", Exact::ratio(micros, MICROS_PER_SECOND).unwrap_or(Exact::ZERO)));
        }
        f.pad(if parts.is_empty() { "no time".to_owned() } else { parts.join(" ") }.as_str())
    }
}
