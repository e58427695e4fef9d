use super::{Instant, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND};
use crate::error::{TimeError, excerpt};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Timelike};
use chrono_tz::{GapInfo, Tz};
use std::{fmt, str::FromStr};

/// A time zone: an IANA name, `UTC`, or a fixed offset like `+08:00`.
///
/// The rules of the IANA zones are compiled in ([`Zone::DATABASE`] says which edition), so the same
/// build gives the same days on every machine. They reach to the end of 2099; after that a zone
/// keeps its last offset, and so has no daylight saving time.
///
/// # Examples
/// ```
/// use counterfoil::time::{Instant, Zone};
///
/// let at: Instant = "2016-01-31T23:30:00Z".parse()?;
/// let shanghai: Zone = "Asia/Shanghai".parse()?;
/// assert_eq!(Zone::UTC.date_of(at).to_string(), "2016-01-31");
/// assert_eq!(shanghai.date_of(at).to_string(), "2016-02-01");
/// assert_eq!("+08:00".parse::<Zone>()?.local(at), shanghai.local(at));
/// assert_eq!("CST8".parse::<Zone>().unwrap_err().code(), "time.unknown_zone");
/// # Ok::<(), counterfoil::error::TimeError>(())
/// ```
///
/// # Rule
/// R-T2, R-T6
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Clock);

/// What a zone's clock follows.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Clock {
    /// The rules of an IANA zone.
    Iana(Tz),
    /// One offset for ever, in microseconds east of UTC.
    Fixed(i64),
}

/// What to do with a clock time that a zone has twice, or skips (R-T6).
///
/// Both clock times can be read with two offsets: the one before the change of the clock and the
/// one after it. That gives two instants, and this says which.
///
/// | clock time | `Earlier` | `Later` | `Error` |
/// |---|---|---|---|
/// | repeated: the clock was put back | its first occurrence | its second | `time.repeated` |
/// | skipped: the clock was put forward | read with the offset *after*: the clock shows a time before the gap | read with the offset *before*: the clock shows a time after the gap | `time.skipped` |
///
/// So 02:30 on a night when 02:00 becomes 03:00 is 01:30 by `Earlier` and 03:30 by `Later`. There is
/// no default.
///
/// # Rule
/// R-T6
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resolve {
    /// The earlier of the two instants.
    Earlier,
    /// The later of the two instants.
    Later,
    /// Neither: refuse it.
    Error,
}

/// The instants at which a zone's clock shows one local time, all in microseconds.
enum Readings {
    Once(i64),
    Twice {
        first: i64,
        second: i64,
    },
    /// Skipped: when the clock was put forward, and the time read with each offset.
    Never {
        change: i64,
        by_offset_after: i64,
        by_offset_before: i64,
    },
}

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Clock::Fixed(0));

    /// The edition of the IANA time zone database that is compiled in, as `2025b`.
    pub const DATABASE: &'static str = chrono_tz::IANA_TZDB_VERSION;

    /// What the zone's calendar and clock show at an instant.
    pub fn local(self, at: Instant) -> NaiveDateTime {
        // An instant is ten thousand years at most and an offset a day: far from the end of an i64.
        local_from_micros(at.micros().saturating_add(self.offset(at)))
    }

    /// The date that the zone's calendar shows at an instant.
    ///
    /// Where a clock is put back over midnight the calendar shows a date again that was over; the
    /// billing day of such an instant is [`BillingDay::of`](super::BillingDay::of).
    pub fn date_of(self, at: Instant) -> NaiveDate {
        self.local(at).date()
    }

    /// The instant at which the zone's clock shows a local time.
    ///
    /// # Errors
    /// `time.skipped`, `time.repeated` where the rule is [`Resolve::Error`]; `time.too_fine`,
    /// `time.not_an_instant` for a leap second, `time.out_of_range`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::time::{Resolve, Zone};
    ///
    /// let berlin: Zone = "Europe/Berlin".parse()?;
    /// let skipped = "2024-03-31T02:30:00".parse().unwrap();
    /// assert_eq!(berlin.resolve(skipped, Resolve::Earlier)?.to_string(), "2024-03-31T00:30:00Z"); // 01:30
    /// assert_eq!(berlin.resolve(skipped, Resolve::Later)?.to_string(), "2024-03-31T01:30:00Z"); // 03:30
    /// assert_eq!(berlin.resolve(skipped, Resolve::Error).unwrap_err().code(), "time.skipped");
    ///
    /// let repeated = "2024-10-27T02:30:00".parse().unwrap();
    /// assert_eq!(berlin.resolve(repeated, Resolve::Earlier)?.to_string(), "2024-10-27T00:30:00Z");
    /// assert_eq!(berlin.resolve(repeated, Resolve::Later)?.to_string(), "2024-10-27T01:30:00Z");
    /// assert_eq!(berlin.resolve(repeated, Resolve::Error).unwrap_err().code(), "time.repeated");
    /// # Ok::<(), counterfoil::error::TimeError>(())
    /// ```
    ///
    /// # Rule
    /// R-T6
    pub fn resolve(self, local: NaiveDateTime, rule: Resolve) -> Result<Instant, TimeError> {
        let facts = || (local_text(local), self.to_string());
        let micros = match (self.readings(local)?, rule) {
            (Readings::Once(only), _) => only,
            (Readings::Twice { first, .. }, Resolve::Earlier) => first,
            (Readings::Twice { second, .. }, Resolve::Later) => second,
            (Readings::Never { by_offset_after, .. }, Resolve::Earlier) => by_offset_after,
            (Readings::Never { by_offset_before, .. }, Resolve::Later) => by_offset_before,
            (Readings::Twice { .. }, Resolve::Error) => {
                let (local, zone) = facts();
                return Err(TimeError::Repeated { local, zone });
            }
            (Readings::Never { .. }, Resolve::Error) => {
                let (local, zone) = facts();
                return Err(TimeError::Skipped { local, zone });
            }
        };
        self.instant(micros, local)
    }

    /// The first instant at which the zone's clock shows a local time, or a later one where it
    /// skips that.
    ///
    /// This is how billing days and cycles are cut: a repeated time is its first occurrence, a
    /// skipped one the moment when the clock was put forward.
    ///
    /// # Errors
    /// `time.too_fine`, `time.not_an_instant` for a leap second, `time.out_of_range`.
    ///
    /// # Rule
    /// R-T2, R-T4
    pub fn first_reaching(self, local: NaiveDateTime) -> Result<Instant, TimeError> {
        let micros = match self.readings(local)? {
            Readings::Once(only) => only,
            Readings::Twice { first, .. } => first,
            Readings::Never { change, .. } => change,
        };
        self.instant(micros, local)
    }

    /// The first instant of a date: midnight, or what comes first after it.
    ///
    /// A date that the zone skipped starts when the next one does.
    ///
    /// # Errors
    /// `time.out_of_range`.
    ///
    /// # Rule
    /// R-T2
    pub fn start_of(self, date: NaiveDate) -> Result<Instant, TimeError> {
        self.first_reaching(date.and_time(NaiveTime::MIN))
    }

    /// How far the zone's clock is ahead of UTC at an instant, in microseconds.
    pub(super) fn offset(self, at: Instant) -> i64 {
        match self.0 {
            Clock::Fixed(offset) => offset,
            Clock::Iana(zone) => offset_micros(&zone.offset_from_utc_datetime(&at.to_chrono().naive_utc())),
        }
    }

    fn readings(self, local: NaiveDateTime) -> Result<Readings, TimeError> {
        let shown = local_to_micros(local)?;
        // A clock time is at most 262,143 years from 1970, where microseconds still fit.
        let read_with = |offset: i64| shown.saturating_sub(offset);
        let zone = match self.0 {
            Clock::Fixed(offset) => return Ok(Readings::Once(read_with(offset))),
            Clock::Iana(zone) => zone,
        };
        match zone.offset_from_local_datetime(&local) {
            chrono::LocalResult::Single(offset) => Ok(Readings::Once(read_with(offset_micros(&offset)))),
            chrono::LocalResult::Ambiguous(first, second) => Ok(Readings::Twice {
                first: read_with(offset_micros(&first)),
                second: read_with(offset_micros(&second)),
            }),
            chrono::LocalResult::None => {
                // No time is skipped before the first change of a clock, so a gap has a beginning.
                let (begin, before) = GapInfo::new(&local, &zone)
                    .and_then(|gap| gap.begin)
                    .ok_or_else(|| TimeError::Skipped { local: local_text(local), zone: self.to_string() })?;
                let before = offset_micros(&before);
                let change = local_to_micros(begin)?.saturating_sub(before);
                let after = self.offset(self.instant(change, local)?);
                Ok(Readings::Never { change, by_offset_after: read_with(after), by_offset_before: read_with(before) })
            }
        }
    }

    fn instant(self, micros: i64, local: NaiveDateTime) -> Result<Instant, TimeError> {
        Instant::from_micros(micros)
            .map_err(|_| TimeError::OutOfRange { text: format!("{} in {self}", local_text(local)) })
    }
}

impl FromStr for Zone {
    type Err = TimeError;

    /// Reads an IANA name as it is spelt there, `UTC`, or `±hh:mm`; `+00:00` is `UTC`.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        if text == "UTC" {
            return Ok(Self::UTC);
        }
        if let Some(offset) = parse_offset(text) {
            return Ok(Self(Clock::Fixed(offset)));
        }
        match text.parse::<Tz>() {
            Ok(zone) => Ok(Self(Clock::Iana(zone))),
            Err(_) => Err(TimeError::UnknownZone { text: excerpt(text) }),
        }
    }
}

impl fmt::Display for Zone {
    /// Writes what `from_str` reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Clock::Iana(zone) => f.write_str(zone.name()),
            Clock::Fixed(0) => f.write_str("UTC"),
            Clock::Fixed(offset) => {
                let minutes = offset.unsigned_abs().div_euclid(MICROS_PER_MINUTE.unsigned_abs());
                let sign = if offset < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60))
            }
        }
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({self})")
    }
}

impl Resolve {
    /// Every rule, in the order of the table above.
    pub const ALL: [Self; 3] = [Self::Earlier, Self::Later, Self::Error];

    /// The name, as `earlier`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Earlier => "earlier",
            Self::Later => "later",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Resolve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Resolve {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        Self::ALL
            .into_iter()
            .find(|rule| rule.name() == text)
            .ok_or_else(|| TimeError::UnknownPolicy { text: excerpt(text), known: "earlier, later, error" })
    }
}

/// Reads `±hh:mm`, up to a day; `-00:00` says "unknown" in RFC 3339 and is none.
fn parse_offset(text: &str) -> Option<i64> {
    let (sign, clock) = match text.split_at_checked(1)? {
        ("+", clock) => (1_i64, clock),
        ("-", clock) => (-1_i64, clock),
        _ => return None,
    };
    let (hours, minutes) = clock.split_once(':')?;
    let number = |digits: &str, limit: i64| {
        let two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<i64>().ok().filter(|number| two && *number < limit)
    };
    let hours = number(hours, 24)?.checked_mul(MICROS_PER_HOUR)?;
    let minutes = number(minutes, 60)?.checked_mul(MICROS_PER_MINUTE)?;
    let offset = hours.checked_add(minutes)?.checked_mul(sign)?;
    if offset == 0 && sign < 0 { None } else { Some(offset) }
}

fn offset_micros(offset: &impl Offset) -> i64 {
    i64::from(offset.fix().local_minus_utc()).saturating_mul(MICROS_PER_SECOND) // less than a day
}

/// The clock time as if it were of UTC, in microseconds since 1970.
fn local_to_micros(local: NaiveDateTime) -> Result<i64, TimeError> {
    if local.nanosecond() >= 1_000_000_000 {
        return Err(TimeError::NotAnInstant { text: local_text(local), fault: "leap seconds are not counted" });
    }
    if !local.nanosecond().is_multiple_of(1_000) {
        return Err(TimeError::TooFine { text: local_text(local) });
    }
    Ok(local.and_utc().timestamp_micros())
}

fn local_from_micros(micros: i64) -> NaiveDateTime {
    // Every instant of our range, a day more or less, is one of chrono's.
    DateTime::from_timestamp_micros(micros).map_or(NaiveDateTime::MIN, |at| at.naive_utc())
}

/// The clock time as `2024-03-31T02:30:00`.
fn local_text(local: NaiveDateTime) -> String {
    format!("{local:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zone(name: &str) -> Zone {
        name.parse().expect(name)
    }

    fn local(text: &str) -> NaiveDateTime {
        text.parse().expect(text)
    }

    fn any_zone() -> impl Strategy<Value = Zone> {
        let iana = (0..chrono_tz::TZ_VARIANTS.len()).prop_map(|index| zone(chrono_tz::TZ_VARIANTS[index].name()));
        let fixed = (-1439_i64..1440).prop_map(|minutes| Zone(Clock::Fixed(minutes * MICROS_PER_MINUTE)));
        prop_oneof![9 => iana, 1 => fixed]
    }

    #[test]
    fn names_and_offsets_are_read_strictly() {
        assert_eq!(zone("UTC"), Zone::UTC);
        assert_eq!(zone("+00:00"), Zone::UTC);
        for text in ["UTC", "Asia/Shanghai", "Etc/GMT+8", "+08:00", "-03:30", "+23:59", "-23:59"] {
            assert_eq!(zone(text).to_string(), text);
        }
        for text in [
            "",
            "utc",
            "asia/shanghai",
            "Asia/Shanghai ",
            "Mars/Base",
            "+8",
            "+0800",
            "+08:60",
            "+24:00",
            "-00:00",
            "−08:00",
            "+08:00:00",
            "++8:00",
            "+é8:00",
        ] {
            assert_eq!(text.parse::<Zone>().expect_err(text).code(), "time.unknown_zone", "{text}");
        }
    }

    /// The rules that the doc names, on zones that change by an hour, by half of one and by a day (R-T6).
    #[test]
    fn skipped_and_repeated_times_follow_their_rule() {
        for (name, shown, earlier, later, code) in [
            // put forward: 02:30 does not exist
            ("America/New_York", "2024-03-10T02:30:00", "2024-03-10T06:30:00Z", "2024-03-10T07:30:00Z", "time.skipped"),
            // the ends of the gap: its first moment is skipped, the moment after it is not
            ("America/New_York", "2024-03-10T02:00:00", "2024-03-10T06:00:00Z", "2024-03-10T07:00:00Z", "time.skipped"),
            // put back: 01:30 is there twice
            (
                "America/New_York",
                "2024-11-03T01:30:00",
                "2024-11-03T05:30:00Z",
                "2024-11-03T06:30:00Z",
                "time.repeated",
            ),
            (
                "America/New_York",
                "2024-11-03T01:00:00",
                "2024-11-03T05:00:00Z",
                "2024-11-03T06:00:00Z",
                "time.repeated",
            ),
            (
                "Australia/Lord_Howe",
                "2024-10-06T02:15:00",
                "2024-10-05T15:15:00Z",
                "2024-10-05T15:45:00Z",
                "time.skipped",
            ),
            ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-29T22:00:00Z", "2011-12-30T22:00:00Z", "time.skipped"),
        ] {
            let (zone, shown) = (zone(name), local(shown));
            assert_eq!(zone.resolve(shown, Resolve::Earlier).unwrap().to_string(), earlier, "{name} {shown}");
            assert_eq!(zone.resolve(shown, Resolve::Later).unwrap().to_string(), later, "{name} {shown}");
            assert_eq!(zone.resolve(shown, Resolve::Error).unwrap_err().code(), code, "{name} {shown}");
        }
        for (name, shown, only) in [
            ("America/New_York", "2024-03-10T03:00:00", "2024-03-10T07:00:00Z"),
            ("America/New_York", "2024-11-03T02:00:00", "2024-11-03T07:00:00Z"),
            ("Asia/Shanghai", "2024-02-20T00:00:00", "2024-02-19T16:00:00Z"),
            ("-03:30", "2024-02-20T00:00:00", "2024-02-20T03:30:00Z"),
        ] {
            for rule in Resolve::ALL {
                assert_eq!(zone(name).resolve(local(shown), rule).unwrap().to_string(), only, "{name} {shown}");
            }
        }
    }

    #[test]
    fn a_skipped_time_is_reached_when_the_clock_jumps_and_a_repeated_one_at_first() {
        let new_york = zone("America/New_York");
        let reached = |shown| new_york.first_reaching(local(shown)).unwrap().to_string();
        assert_eq!(reached("2024-03-10T02:30:00"), "2024-03-10T07:00:00Z");
        assert_eq!(reached("2024-11-03T01:30:00"), "2024-11-03T05:30:00Z");
        // Toronto went from 23:30 to 00:30: the date began half an hour late.
        assert_eq!(zone("America/Toronto").start_of(local("1919-03-31T00:00:00").date()).unwrap().to_string(), {
            "1919-03-31T04:30:00Z"
        });
    }

    #[test]
    fn what_no_instant_can_be_is_refused() {
        let code = |shown: NaiveDateTime, name| zone(name).resolve(shown, Resolve::Later).unwrap_err().code();
        assert_eq!(code(local("2016-12-31T23:59:60"), "UTC"), "time.not_an_instant");
        assert_eq!(code(local("2024-02-20T00:00:00.0000001"), "Asia/Shanghai"), "time.too_fine");
        assert_eq!(code(local("0001-01-01T00:00:00"), "+00:01"), "time.out_of_range");
        assert_eq!(code(local("+10000-01-01T00:00:00"), "UTC"), "time.out_of_range");
        for shown in [NaiveDateTime::MIN, NaiveDateTime::MAX.with_nanosecond(0).unwrap()] {
            for name in ["UTC", "+23:59", "-23:59", "America/New_York"] {
                assert_eq!(code(shown, name), "time.out_of_range");
            }
        }
    }

    /// The doc of [`Zone`] says how far the compiled rules reach.
    #[test]
    fn rules_reach_to_the_end_of_2099() {
        let offset = |at: &str| zone("America/New_York").offset(at.parse().unwrap());
        assert_eq!(offset("2099-07-01T00:00:00Z"), -4 * MICROS_PER_HOUR);
        assert_eq!(offset("2100-07-01T00:00:00Z"), -5 * MICROS_PER_HOUR);
    }

    #[test]
    fn rules_are_read_by_name() {
        for rule in Resolve::ALL {
            assert_eq!(rule.name().parse::<Resolve>().unwrap(), rule);
        }
        assert_eq!("Earlier".parse::<Resolve>().unwrap_err().code(), "time.unknown_policy");
    }

    proptest! {
        /// What a clock shows leads back to the instant, by one rule or the other (R-T6).
        #[test]
        fn a_clock_time_leads_back(zone in any_zone(), micros in Instant::MIN.micros()..=Instant::MAX.micros()) {
            let at = Instant::from_micros(micros).unwrap();
            let shown = zone.local(at);
            let (earlier, later) = (zone.resolve(shown, Resolve::Earlier), zone.resolve(shown, Resolve::Later));
            prop_assert!(earlier == Ok(at) || later == Ok(at));
            prop_assert_eq!(zone.first_reaching(shown), earlier);
        }

        #[test]
        fn no_text_makes_a_zone_panic(text in ".{0,20}", sign in "[+-]", clock in "[0-9:]{0,8}") {
            for text in [text, format!("{sign}{clock}")] {
                if let Ok(zone) = text.parse::<Zone>() {
                    prop_assert_eq!(zone.to_string().parse::<Zone>(), Ok(zone));
                }
            }
        }
    }
}
