use crate::{
    error::{PricingError, TimeError},
    exact::Exact,
    money::{Derivation, Known, Term},
    time::{BillingDay, Instant, MICROS_PER_DAY, MonthLength, Period, Proration, Zone, counted_end, next_whole_hour},
};
use chrono::Datelike;
use std::fmt;

const DAYS: Term = Term::new("days", "days left", "剩余天数");
const OF: Term = Term::new("month_days", "days of the month", "当月天数");
const SHARE: Term = Term::new("share", "share of the month", "占当月比例");
const WHOLE: Term = Term::new("whole_months", "whole months", "整月数");
const REMAINING: Term = Term::new("remaining", "remaining months", "剩余月数");

/// How many prices of a month are still ahead: what a change is multiplied with.
///
/// # Units
/// Months, where a broken month is its days left ÷ the days that it has, exactly: `12/31 + 17/30`.
///
/// # Examples
/// ```
/// use counterfoil::pricing::change::{Months, Remaining};
/// use counterfoil::time::Period;
///
/// let order = Period::parse("2024-05-01T00:00:00+08:00", "2024-06-17T23:59:59+08:00")?;
/// let left = Remaining::of_order(order, "2024-05-19T23:30:00+08:00".parse()?, Months::Natural, "+08:00".parse()?)?;
/// assert_eq!(left.months().to_string(), "887/930"); // 12/31 + 17/30
///
/// // What was bought today counts from tomorrow, also late at night.
/// let order = Period::parse("2024-05-19T08:00:00+08:00", "2024-06-17T23:59:59+08:00")?;
/// let same = Remaining::of_order(order, "2024-05-19T20:30:00+08:00".parse()?, Months::Natural, "+08:00".parse()?)?;
/// assert_eq!(same.months(), left.months());
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-P8, R-T5
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remaining {
    counted: Option<Period>,
    parts: Vec<Part>,
    months: Exact,
}

/// What a month is when its days are counted.
///
/// # Rule
/// R-P8, R-T3, R-T5
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Months {
    /// Those of the calendar. A broken day is a fraction of itself.
    Natural,
    /// From the day of an anchor to the same of the next month, clamped.
    Anchored {
        /// Where one of the months starts.
        anchor: Instant,
    },
    /// 30 × 24 hours that pass.
    Fixed30,
    /// By dates, as if each month of the calendar had thirty.
    ThirtyDays,
}

/// Days of a month, as they are given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartOfMonth {
    /// The days that are left; zero or more, also of several months.
    pub days: Exact,
    /// The days that the month has; above zero.
    pub of: Exact,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// Some days of a month.
    Days { month: String, part: PartOfMonth },
    /// Months one after the other that nothing is missing of.
    Whole { months: String, count: i64 },
}

impl Remaining {
    /// From days that are known already.
    ///
    /// # Errors
    /// `pricing.bad_remaining` for days below zero and for a month of none, `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::pricing::change::{PartOfMonth, Remaining};
    ///
    /// let part = |days: i64, of: i64| PartOfMonth { days: days.into(), of: of.into() };
    /// assert_eq!(Remaining::of_days([part(50, 30)])?.months().to_string(), "5/3");
    /// assert_eq!(Remaining::of_days([part(1, 0)]).unwrap_err().code(), "pricing.bad_remaining");
    /// # Ok::<(), counterfoil::error::PricingError>(())
    /// ```
    pub fn of_days(parts: impl IntoIterator<Item = PartOfMonth>) -> Result<Self, PricingError> {
        let mut known = Vec::new();
        for (place, part) in parts.into_iter().enumerate() {
            let bad = |fault| Err(PricingError::BadRemaining { part: place, fault });
            if part.days.is_negative() {
                return bad("days left may not be below zero");
            }
            if part.of.is_zero() || part.of.is_negative() {
                return bad("a month must have more than no days");
            }
            known.push(Part::Days { month: place.saturating_add(1).to_string(), part });
        }
        Ok(Self::new(None, known)?)
    }

    /// All of a period, from its first instant on; an end in the last second of a day is the
    /// midnight after.
    ///
    /// # Errors
    /// `time.out_of_range`, `time.not_a_month` where its months are not within the years 1 to 9999.
    ///
    /// # Examples
    /// Two months around the 15th, both broken, and a whole one between:
    /// ```
    /// use counterfoil::pricing::change::{Months, Remaining};
    /// use counterfoil::time::{Period, Zone};
    ///
    /// let period = Period::parse("2011-01-01T00:00:00Z", "2011-02-27T00:00:00Z")?;
    /// let months = Months::Anchored { anchor: "2011-01-15T00:00:00Z".parse()? };
    /// let all = Remaining::of_period(period, months, Zone::UTC)?;
    /// assert_eq!(all.months().to_string(), "408/217"); // 14/31 + 1 + 12/28
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    pub fn of_period(period: Period, months: Months, zone: Zone) -> Result<Self, PricingError> {
        let counted = Period::new(period.start(), counted_end(period, zone)?)?;
        Ok(Self::new(Some(counted), months.parts(counted, zone)?)?)
    }

    /// What is left of an order when it is changed.
    ///
    /// It counts from the next whole hour of the zone's clock, and an instant exactly on the hour
    /// from itself; what was bought on the same date counts from the next midnight.
    ///
    /// # Errors
    /// `pricing.outside_order` where the instant is not inside the order; else as
    /// [`of_period`](Self::of_period).
    pub fn of_order(order: Period, at: Instant, months: Months, zone: Zone) -> Result<Self, PricingError> {
        if !order.contains(at) {
            return Err(PricingError::OutsideOrder {
                at: at.to_chrono(),
                start: order.start().to_chrono(),
                end: order.end().to_chrono(),
            });
        }
        let today = BillingDay::of(at, zone)?.period();
        let from = if today.contains(order.start()) { today.end() } else { next_whole_hour(at, zone)? };
        let end = counted_end(order, zone)?;
        Self::of_period(Period::new(from.min(end), end)?, months, zone)
    }

    fn new(counted: Option<Period>, parts: Vec<Part>) -> Result<Self, TimeError> {
        let mut months = Exact::ZERO;
        for part in &parts {
            months = months.plus(&part.months()?)?;
        }
        Ok(Self { counted, parts, months: months.reduced()? })
    }

    /// The months.
    pub const fn months(&self) -> &Exact {
        &self.months
    }

    /// From when to when it counts, where that is known.
    pub const fn counted(&self) -> Option<Period> {
        self.counted
    }

    /// Writes down how it came about.
    pub(super) fn derive(&self, derivation: &mut Derivation) -> Result<Known, PricingError> {
        let mut shares = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            shares.push(match part {
                Part::Days { month, part: PartOfMonth { days, of } } => {
                    let days = derivation.given_of(DAYS, month.clone(), days.clone());
                    let of = derivation.given_of(OF, month.clone(), of.clone());
                    derivation.share_of(SHARE, month.clone(), &[&days], &of)?
                }
                Part::Whole { months, count } => derivation.given_of(WHOLE, months.clone(), Exact::from(*count)),
            });
        }
        if shares.is_empty() {
            return Ok(derivation.given(REMAINING, Exact::ZERO));
        }
        Ok(derivation.sum(REMAINING, &shares.iter().collect::<Vec<_>>())?)
    }
}

impl fmt::Display for Remaining {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.months, f)
    }
}

impl Part {
    fn months(&self) -> Result<Exact, TimeError> {
        match self {
            Self::Days { part, .. } => Ok(part.days.divided_by(&part.of)?.reduced()?),
            Self::Whole { count, .. } => Ok(Exact::from(*count)),
        }
    }
}

impl Months {
    /// A period, cut where its months are: at most a broken one, whole ones, and a broken one.
    fn parts(self, period: Period, zone: Zone) -> Result<Vec<Part>, TimeError> {
        if period.is_empty() {
            return Ok(Vec::new());
        }
        let thirty = |name: &str, days| {
            vec![Part::Days { month: name.to_owned(), part: PartOfMonth { days, of: Exact::from(30) } }]
        };
        let months = match self {
            Self::Natural => MonthLength::ToMonthEnd { zone },
            Self::Anchored { anchor } => MonthLength::Calendar { anchor, zone },
            Self::Fixed30 => {
                return Ok(thirty("30 × 24 h", Exact::ratio(period.micros(), MICROS_PER_DAY)?.reduced()?));
            }
            Self::ThirtyDays => {
                let months = Proration::ThirtyDayMonths.measure(period, zone)?;
                return Ok(thirty("30/360", months.times(&Exact::from(30))?.reduced()?));
            }
        };
        let month = |at| -> Result<Month, TimeError> {
            let found = months.numbered(at)?;
            let (number, period) = found.unwrap_or((0, period)); // both kinds have a place in the calendar
            Ok(Month { number, period, natural: self == Self::Natural, zone })
        };
        let (first, last) = (month(period.start())?, month(period.end())?);
        let mut parts = Vec::new();
        if period.start() != first.period.start() {
            parts.push(first.part(period)?);
        }
        let whole_from = if parts.is_empty() { first } else { month(first.period.end().min(period.end()))? };
        let count = last.number.saturating_sub(whole_from.number);
        if count > 0 {
            let previous = month(last.period.start().plus_micros(-1)?)?;
            let months = match (whole_from.name()?, previous.name()?) {
                (only, same) if count == 1 || only == same => only,
                (from, to) => format!("{from} – {to}"),
            };
            parts.push(Part::Whole { months, count });
        }
        let first_is_last = first.number == last.number && !parts.is_empty();
        if period.end() != last.period.start() && !first_is_last {
            parts.push(last.part(period)?);
        }
        Ok(parts)
    }
}

/// One of the months that a period lies in.
#[derive(Clone, Copy)]
struct Month {
    number: i64,
    period: Period,
    natural: bool,
    zone: Zone,
}

impl Month {
    /// The days of a period in it, and the days that it has.
    fn part(self, of: Period) -> Result<Part, TimeError> {
        let (first, length) = self.days()?;
        let counted_at = |at: Instant| match at {
            at if at <= self.period.start() => Ok(first.clone()),
            at if at >= self.period.end() => Ok(first.plus(&length)?),
            at => day_number(at, self.zone),
        };
        let days = counted_at(of.end())?.minus(&counted_at(of.start())?)?.reduced()?;
        Ok(Part::Days { month: self.name()?, part: PartOfMonth { days, of: length } })
    }

    /// The number of its first day, and how many it has.
    fn days(self) -> Result<(Exact, Exact), TimeError> {
        if self.natural {
            let date = BillingDay::of(self.period.start(), self.zone)?.date();
            let first = i64::from(date.num_days_from_ce()).saturating_sub(i64::from(date.day0()));
            return Ok((Exact::from(first), Exact::from(i64::from(date.num_days_in_month()))));
        }
        let first = day_number(self.period.start(), self.zone)?;
        let length = day_number(self.period.end(), self.zone)?.minus(&first)?.reduced()?;
        Ok((first, length))
    }

    /// `2024-05`, or the date on which an anchored month starts.
    fn name(self) -> Result<String, TimeError> {
        let mut date = BillingDay::of(self.period.start(), self.zone)?.date().to_string();
        if self.natural {
            date.truncate(date.len().saturating_sub("-01".len()));
        }
        Ok(date)
    }
}

/// The days of the calendar up to an instant; of the running one, the part that is gone.
fn day_number(at: Instant, zone: Zone) -> Result<Exact, TimeError> {
    let day = BillingDay::of(at, zone)?;
    let gone = Exact::ratio(at.micros_since(day.period().start()), day.period().micros())?.reduced()?;
    Ok(gone.plus(&Exact::from(i64::from(day.date().num_days_from_ce())))?)
}
