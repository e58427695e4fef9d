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
