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
        let date = months_on(start.date(), months)?;
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
/// `time.not_a_month` where it is not within the years 1 to 9999.
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
    let later = moved(date, months).filter(|later| (1..=9999).contains(&later.year()));
    later.ok_or(TimeError::NotAMonth { date, months })
}

/// The same for the calendar of a zone, which may show a day before year 1 or after 9999 at the ends of time.
pub(super) fn months_on(date: NaiveDate, months: i64) -> Result<NaiveDate, TimeError> {
    moved(date, months).ok_or(TimeError::NotAMonth { date, months })
}

fn moved(date: NaiveDate, months: i64) -> Option<NaiveDate> {
    let month = month_number(date).checked_add(months)?;
    let year = i32::try_from(month.div_euclid(12)).ok()?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cycle(start: &str, months: u32, zone: &str) -> Cycle {
        Cycle::new(start.parse().unwrap(), months, zone.parse().unwrap()).unwrap()
    }

    /// The first ends, as the zone's clock shows them.
    fn chain(cycle: Cycle, count: u64) -> Vec<String> {
        let shown = |number| cycle.zone().local(cycle.end(number).unwrap()).format("%Y-%m-%dT%H:%M:%S").to_string();
        (1..=count).map(shown).collect()
    }

    /// R-T4; usage-cyc-01, -02, -03, -05.
    #[test]
    fn ends_come_from_the_start() {
        for (start, ends) in [
            ("2016-01-31T10:00:00Z", vec!["2016-02-29", "2016-03-31", "2016-04-30", "2016-05-31"]),
            ("2017-01-31T10:00:00Z", vec!["2017-02-28", "2017-03-31"]),
            ("2017-01-30T10:00:00Z", vec!["2017-02-28", "2017-03-30"]),
            ("2016-12-15T23:59:59Z", vec!["2017-01-15", "2017-02-15"]),
            (
                "2016-08-31T00:00:00Z",
                vec!["2016-09-30", "2016-10-31", "2016-11-30", "2016-12-31", "2017-01-31", "2017-02-28", "2017-03-31"],
            ),
        ] {
            for (number, date) in (1..).zip(ends) {
                let end = cycle(start, 1, "UTC").end(number).unwrap().to_string();
                assert_eq!(end, format!("{date}{}", &start[10..]), "{start}");
            }
        }
    }

    /// R-T4: the zone decides which day the start is.
    #[test]
    fn the_zone_decides_the_chain() {
        let ends = |start, zone| chain(cycle(start, 1, zone), 3);
        // 31 January in UTC is 1 February in Shanghai …
        assert_eq!(
            ends("2016-01-31T23:30:00Z", "UTC"),
            ["2016-02-29T23:30:00", "2016-03-31T23:30:00", "2016-04-30T23:30:00"]
        );
        assert_eq!(
            ends("2016-01-31T23:30:00Z", "Asia/Shanghai"),
            ["2016-03-01T07:30:00", "2016-04-01T07:30:00", "2016-05-01T07:30:00"]
        );
        // … and 30 January is the 31st, where the very instants part.
        assert_eq!(ends("2016-01-30T23:30:00Z", "UTC")[1], "2016-03-30T23:30:00");
        let shanghai = cycle("2016-01-30T23:30:00Z", 1, "Asia/Shanghai");
        assert_eq!(chain(shanghai, 2), ["2016-02-29T07:30:00", "2016-03-31T07:30:00"]);
        assert_eq!(shanghai.end(2).unwrap().to_string(), "2016-03-30T23:30:00Z");
        assert_eq!(shanghai.end(1).unwrap().to_string(), "2016-02-28T23:30:00Z");
    }

    #[test]
    fn longer_cycles_count_their_months() {
        assert_eq!(
            chain(cycle("2015-11-30T00:00:00Z", 3, "UTC"), 3),
            ["2016-02-29T00:00:00", "2016-05-30T00:00:00", "2016-08-30T00:00:00"]
        );
        assert_eq!(chain(cycle("2024-02-29T00:00:00Z", 12, "UTC"), 4)[3], "2028-02-29T00:00:00");
    }

    /// bss-ref-01 and bss-ref-03: an order that expires at 23:59:59.
    #[test]
    fn an_end_of_day_is_the_next_midnight() {
        let order = cycle("2024-01-01T10:30:00+08:00", 1, "Asia/Shanghai").to_end_of_day();
        assert_eq!(chain(order, 2), ["2024-02-02T00:00:00", "2024-03-02T00:00:00"]);
        assert_eq!(order.period(1).unwrap().start(), order.start());
        assert_eq!(
            chain(cycle("2024-01-31T10:30:00Z", 1, "UTC").to_end_of_day(), 2),
            ["2024-03-01T00:00:00", "2024-04-01T00:00:00"]
        );
        let last = "2024-03-31T23:59:59.999999Z".parse().unwrap();
        assert_eq!(cycle("2024-01-31T10:30:00Z", 1, "UTC").to_end_of_day().containing(last).unwrap().0, 2);
    }

    /// R-T6 for cycles.
    #[test]
    fn ends_on_skipped_and_repeated_times() {
        let new_york = |start: &str| cycle(start, 1, "America/New_York");
        let end = |cycle: Cycle| cycle.end(1).map(|end| end.to_string());
        let skipped = new_york("2024-02-10T02:30:00-05:00");
        assert_eq!(end(skipped).unwrap(), "2024-03-10T07:00:00Z");
        assert_eq!(end(skipped.resolving(Resolve::Earlier)).unwrap(), "2024-03-10T06:30:00Z");
        assert_eq!(end(skipped.resolving(Resolve::Later)).unwrap(), "2024-03-10T07:30:00Z");
        assert_eq!(end(skipped.resolving(Resolve::Error)).unwrap_err().code(), "time.skipped");
        let repeated = new_york("2024-10-03T01:30:00-04:00");
        assert_eq!(end(repeated).unwrap(), "2024-11-03T05:30:00Z");
        assert_eq!(end(repeated.resolving(Resolve::Later)).unwrap(), "2024-11-03T06:30:00Z");
        assert_eq!(end(repeated.resolving(Resolve::Error)).unwrap_err().code(), "time.repeated");
        // The refusal is seen from either side of that end, and not from elsewhere.
        let strict = repeated.resolving(Resolve::Error);
        let code = |at: &str| strict.containing(at.parse().unwrap()).map_err(|error| error.code());
        assert_eq!(code("2024-10-20T00:00:00Z"), Err("time.repeated"));
        assert_eq!(code("2024-11-20T00:00:00Z"), Err("time.repeated"));
        assert_eq!(code("2024-12-20T00:00:00Z").map(|(number, _)| number), Ok(3));
        // A start at the second occurrence stays where it is.
        let second = new_york("2024-11-03T06:30:00Z");
        assert_eq!(second.end(0).unwrap(), second.start());
        assert_eq!(second.containing(second.start()).unwrap().0, 1);
    }

    /// lago-anchor-27: the period before the running one.
    #[test]
    fn the_previous_cycle_is_a_number_less() {
        let cycle = cycle("2021-03-27T00:00:00Z", 1, "UTC");
        let (number, _) = cycle.containing("2022-01-28T00:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(cycle.period(number - 1).unwrap().start().to_string(), "2021-12-27T00:00:00Z");
    }

    #[test]
    fn what_is_no_cycle_is_refused() {
        let start: Instant = "2024-01-31T00:00:00Z".parse().unwrap();
        assert_eq!(Cycle::new(start, 0, Zone::UTC).unwrap_err().code(), "time.empty_cycle");
        let cycle = Cycle::new(start, 1, Zone::UTC).unwrap();
        assert_eq!(cycle.period(0).unwrap_err().code(), "time.before_start");
        assert_eq!(cycle.containing(start.plus_micros(-1).unwrap()).unwrap_err().code(), "time.before_start");
        assert_eq!(cycle.end(u64::MAX).unwrap_err().code(), "time.not_a_month");
        assert_eq!(cycle.end(100_000).unwrap_err().code(), "time.not_a_month");
        assert_eq!(cycle.containing(Instant::MAX).unwrap_err().code(), "time.out_of_range");
        let widest = Cycle::new(Instant::MIN, u32::MAX, Zone::UTC).unwrap();
        assert_eq!(widest.end(1).unwrap_err().code(), "time.not_a_month");
        assert_eq!(widest.containing(Instant::MAX).unwrap_err().code(), "time.not_a_month");
        for (date, months) in [(NaiveDate::MAX, 1), (NaiveDate::MIN, -1), (NaiveDate::MAX, i64::MAX)] {
            assert_eq!(plus_months(date, months).unwrap_err().code(), "time.not_a_month");
        }
    }

    #[test]
    fn a_date_is_moved_within_the_years_that_are_written() {
        let moved = |date: &str, months| plus_months(date.parse().unwrap(), months).map(|date| date.to_string());
        assert_eq!(moved("9999-11-30", 1).unwrap(), "9999-12-30");
        assert_eq!(moved("0001-02-28", -1).unwrap(), "0001-01-28");
        assert_eq!(moved("9999-12-01", 1).unwrap_err().code(), "time.not_a_month");
        assert_eq!(moved("0001-01-31", -1).unwrap_err().code(), "time.not_a_month");
    }

    /// Any cycle that begins in 1900 … 2100, in any zone, ended in any way.
    fn any_cycle() -> impl Strategy<Value = Cycle> {
        let start = -2_208_988_800_000_000_i64..4_133_894_400_000_000;
        (start, 1..40_u32, 0..chrono_tz::TZ_VARIANTS.len(), 0..4_u8).prop_map(|(start, months, tz, ends)| {
            let zone = chrono_tz::TZ_VARIANTS[tz].name().parse().unwrap();
            let cycle = Cycle::new(Instant::from_micros(start).unwrap(), months, zone).unwrap();
            match ends {
                0 => cycle,
                1 => cycle.to_end_of_day(),
                2 => cycle.resolving(Resolve::Earlier),
                _ => cycle.resolving(Resolve::Later),
            }
        })
    }

    proptest! {
        /// R-T4: each end lies in its month, on the start's day or the month's last.
        #[test]
        fn cycles_never_drift(cycle in any_cycle(), number in 0..1_000_u64) {
            let cycle = Cycle { ends: Ends::AtClock, ..cycle };
            let zone = cycle.zone();
            let (from, to) = (zone.date_of(cycle.start()), zone.date_of(cycle.end(number).unwrap()));
            let months = i64::from(cycle.months()) * i64::try_from(number).unwrap();
            let day = from.day().min(u32::from(plus_months(from, months).unwrap().num_days_in_month()));
            // A skipped date ends a cycle on the next one.
            let late = (to - plus_months(from, months).unwrap()).num_days();
            prop_assert!(late == 0 || (late == 1 && zone.start_of(to) == zone.start_of(to.pred_opt().unwrap())));
            prop_assert!(late == 1 || to.day() == day);
        }

        #[test]
        fn ends_follow_each_other(cycle in any_cycle(), number in 0..1_000_u64) {
            let (before, end) = (cycle.end(number).unwrap(), cycle.end(number + 1).unwrap());
            prop_assert!(before < end);
            prop_assert_eq!(cycle.period(number + 1).unwrap(), Period::new(before, end).unwrap());
        }

        #[test]
        fn an_end_belongs_to_the_next_cycle(cycle in any_cycle(), number in 0..1_000_u64) {
            let end = cycle.end(number).unwrap();
            prop_assert_eq!(cycle.containing(end).unwrap(), (number + 1, cycle.period(number + 1).unwrap()));
            if number > 0 {
                let before = end.plus_micros(-1).unwrap();
                prop_assert_eq!(cycle.containing(before).unwrap(), (number, cycle.period(number).unwrap()));
            }
        }

        #[test]
        fn the_cycle_around_an_instant_contains_it(cycle in any_cycle(), later in 0..3_000_000_000_000_000_i64) {
            let at = cycle.start().plus_micros(later).unwrap();
            let (number, period) = cycle.containing(at).unwrap();
            prop_assert!(period.contains(at));
            prop_assert_eq!(period, cycle.period(number).unwrap());
        }

        /// Every instant of the years 1 to 9999 has an answer or a typed error.
        #[test]
        fn any_instant_is_answered(
            cycle in any_cycle(),
            at in Instant::MIN.micros()..=Instant::MAX.micros(),
            number in any::<u64>(),
        ) {
            let at = Instant::from_micros(at).unwrap();
            if let Ok((_, period)) = cycle.containing(at) {
                prop_assert!(period.contains(at));
            }
            if let Ok((_, period)) = cycle.around(at) {
                prop_assert!(period.contains(at));
            }
            let _ = (cycle.end(number), cycle.period(number), cycle.end(number % 200_000));
        }
    }
}
