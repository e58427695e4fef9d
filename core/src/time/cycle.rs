use super::{Instant, Period, Resolve, Zone, billing_day::following};
use crate::error::TimeError;
use chrono::{Datelike, NaiveDate};
use std::fmt;

/// A chain of cycles of so many months, anchored at its start (R-T4).
///
/// The `n`-th end is the start plus `n` cycles of months: the start's day, or the last of a shorter
/// month, and the start's clock time, both as the zone shows them. It is always computed from the
/// start, so a short month never shortens those after it.
///
/// Cycles are counted from 1, after the end that each one has: cycle `n` lies between the ends
/// `n − 1` and `n`, and end 0 is the start.
///
/// Where the zone skips or repeats the clock time of an end, the end is the first instant that
/// reaches it, as a [`BillingDay`](super::BillingDay) starts; [`Cycle::resolving`] names another
/// rule.
///
/// # Examples
/// ```
/// use counterfoil::time::{Cycle, Zone};
///
/// let cycle = Cycle::new("2016-01-31T10:00:00Z".parse()?, 1, Zone::UTC)?;
/// assert_eq!(cycle.end(1)?.to_string(), "2016-02-29T10:00:00Z");
/// assert_eq!(cycle.end(2)?.to_string(), "2016-03-31T10:00:00Z");
///
/// let (number, running) = cycle.containing("2016-03-01T00:00:00Z".parse()?)?;
/// assert_eq!(number, 2);
/// assert_eq!(running, cycle.period(2)?);
/// # Ok::<(), counterfoil::error::TimeError>(())
/// ```
///
/// The zone decides what day the start is: half past 23 of 30 January in UTC is the 31st in Shanghai.
/// ```
/// # use counterfoil::time::{Cycle, Zone};
/// let start = "2016-01-30T23:30:00Z".parse()?;
/// assert_eq!(Cycle::new(start, 1, Zone::UTC)?.end(2)?.to_string(), "2016-03-30T23:30:00Z");
/// assert_eq!(Cycle::new(start, 1, "Asia/Shanghai".parse()?)?.end(1)?.to_string(), "2016-02-28T23:30:00Z");
/// # Ok::<(), counterfoil::error::TimeError>(())
/// ```
///
/// # Rule
/// R-T4
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cycle {
    start: Instant,
    months: u32,
    zone: Zone,
    ends: Ends,
}

/// At which instant of its date a cycle ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Ends {
    /// When the start's clock time is reached.
    AtClock,
    /// At the start's clock time, by a rule of its own where that is skipped or repeated.
    Resolved(Resolve),
    /// When the date is over.
    WithTheDay,
}

impl Cycle {
    /// Cycles of so many months from a start, counted in a zone.
    ///
    /// # Errors
    /// `time.empty_cycle` when the months are 0.
    pub fn new(start: Instant, months: u32, zone: Zone) -> Result<Self, TimeError> {
        if months == 0 {
            return Err(TimeError::EmptyCycle {});
        }
        Ok(Self { start, months, zone, ends: Ends::AtClock })
    }

    /// Months from an anchor, one by one.
    pub(super) const fn monthly(anchor: Instant, zone: Zone) -> Self {
        Self { start: anchor, months: 1, zone, ends: Ends::AtClock }
    }

    /// The same cycles, where an end on a skipped or repeated clock time follows a rule.
    #[must_use]
    pub const fn resolving(self, rule: Resolve) -> Self {
        Self { ends: Ends::Resolved(rule), ..self }
    }

    /// The same cycles, each running to the end of the date on which it would end.
    ///
    /// This is what an expiry at 23:59:59 means: its last second is inside, and the end is the next
    /// midnight.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::time::{Cycle, Zone};
    ///
    /// let shanghai: Zone = "Asia/Shanghai".parse()?;
    /// let order = Cycle::new("2024-06-14T10:30:00+08:00".parse()?, 1, shanghai)?.to_end_of_day();
    /// assert_eq!(order.end(1)?, "2024-07-15T00:00:00+08:00".parse()?); // 14 July is inside
    /// # Ok::<(), counterfoil::error::TimeError>(())
    /// ```
    #[must_use]
    pub const fn to_end_of_day(self) -> Self {
        Self { ends: Ends::WithTheDay, ..self }
    }

    /// Where the first cycle starts.
    pub const fn start(self) -> Instant {
        self.start
    }

    /// The months of each cycle.
    pub const fn months(self) -> u32 {
        self.months
    }

    /// The zone whose calendar counts.
    pub const fn zone(self) -> Zone {
        self.zone
    }

    /// The end of cycle `number`; end 0 is the start.
    ///
    /// # Errors
    /// `time.not_a_month`, `time.out_of_range` beyond the year 9999; `time.skipped`, `time.repeated`
    /// where [`Cycle::resolving`] says so.
    pub fn end(self, number: u64) -> Result<Instant, TimeError> {
        self.boundary(i64::try_from(number).unwrap_or(i64::MAX)) // no calendar has so many months
    }

    /// Cycle `number`, counted from 1.
    ///
    /// # Errors
    /// `time.before_start` for 0; else as [`Cycle::end`].
    pub fn period(self, number: u64) -> Result<Period, TimeError> {
        match number.checked_sub(1) {
            Some(previous) => Period::new(self.end(previous)?, self.end(number)?),
            None => Err(TimeError::BeforeStart { asked: "cycle 0".to_owned(), start: self.start.to_chrono() }),
        }
    }

    /// The cycle in which an instant lies, and its number.
    ///
    /// It takes the same time however far away the instant is.
    ///
    /// # Errors
    /// `time.before_start`; else as [`Cycle::end`] for the two ends around it.
    pub fn containing(self, at: Instant) -> Result<(u64, Period), TimeError> {
        let before_start = || TimeError::BeforeStart { asked: at.to_string(), start: self.start.to_chrono() };
        if at < self.start {
            return Err(before_start());
        }
        let (boundary, period) = self.around(at)?;
        let number = boundary.checked_add(1).and_then(|number| u64::try_from(number).ok());
        Ok((number.ok_or_else(before_start)?, period))
    }

    /// The boundary at or before an instant, by its number, and the period from there to the next;
    /// numbers below 0 lie before the start.
    pub(super) fn around(self, at: Instant) -> Result<(i64, Period), TimeError> {
        let (from, to) = (self.zone.date_of(self.start), self.zone.date_of(at));
        let months = month_number(to).saturating_sub(month_number(from));
        let close = months.div_euclid(i64::from(self.months));
        // The boundary of that number falls into the same month as the instant, or into one at most
        // `months` earlier; or a day after the month is over, where it is a midnight.
        let passed = |number: &i64| self.boundary(*number).is_ok_and(|boundary| boundary <= at);
        let candidates = [close.saturating_add(1), close, close.saturating_sub(1)];
        let number = candidates.into_iter().find(passed).unwrap_or(close.saturating_sub(2));
        let period = Period::new(self.boundary(number)?, self.boundary(number.saturating_add(1))?)?;
        Ok((number, period))
    }

    /// The start plus `number` cycles, also before the start.
    fn boundary(self, number: i64) -> Result<Instant, TimeError> {
        if number == 0 {
            return Ok(self.start); // it may be the second occurrence of a repeated time
        }
        let start = self.zone.local(self.start);
        let months = number.saturating_mul(i64::from(self.months)); // too many, if it saturates
        let date = plus_months(start.date(), months)?;
        match self.ends {
            Ends::AtClock => self.zone.first_reaching(date.and_time(start.time())),
            Ends::Resolved(rule) => self.zone.resolve(date.and_time(start.time()), rule),
            Ends::WithTheDay => self.zone.start_of(following(date)?),
        }
    }
}

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "every {} months from {} in {}", self.months, self.start, self.zone)
    }
}

/// A date so many months later, or earlier when negative: on the same day, or on the last one of a
/// shorter month.
///
/// # Errors
/// `time.not_a_month`.
///
/// # Examples
/// ```
/// use counterfoil::time::{parse_date, plus_months};
///
/// assert_eq!(plus_months(parse_date("2016-01-31")?, 1)?.to_string(), "2016-02-29");
/// assert_eq!(plus_months(parse_date("2017-03-30")?, -1)?.to_string(), "2017-02-28");
/// # Ok::<(), counterfoil::error::TimeError>(())
/// ```
///
/// # Rule
/// R-T4
pub fn plus_months(date: NaiveDate, months: i64) -> Result<NaiveDate, TimeError> {
    moved(date, months).ok_or(TimeError::NotAMonth { date, months })
}

fn moved(date: NaiveDate, months: i64) -> Option<NaiveDate> {
    let month = month_number(date).checked_add(months)?;
    let year = i32::try_from(month.div_euclid(12)).ok()?;
    // A zone's calendar may show a day before year 1 or after 9999 at the ends of time.
    if !(0..=10_000).contains(&year) {
        return None;
    }
    let first = NaiveDate::from_ymd_opt(year, u32::try_from(month.rem_euclid(12)).ok()?.checked_add(1)?, 1)?;
    first.with_day(date.day().min(u32::from(first.num_days_in_month())))
}

/// Months are numbered on from January of year 0, so that two of them can be compared.
pub(super) fn month_number(date: NaiveDate) -> i64 {
    i64::from(date.year()).saturating_mul(12).saturating_add(i64::from(date.month0()))
}
