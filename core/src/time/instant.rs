use crate::error::{TimeError, excerpt};
use chrono::{DateTime, SecondsFormat, TimeZone, Utc};
use std::{fmt, str::FromStr};

/// Microseconds in a second.
pub const MICROS_PER_SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub const MICROS_PER_MINUTE: i64 = 60_000_000;
/// Microseconds in an hour.
pub const MICROS_PER_HOUR: i64 = 3_600_000_000;
/// Microseconds in a day of 24 hours.
pub const MICROS_PER_DAY: i64 = 86_400_000_000;

/// An instant of UTC, in whole microseconds, of the years 1 to 9999.
///
/// Text is RFC 3339 with its offset; what it prints ends in `Z`. An instant without an offset is an
/// error, not a guess, and so is one finer than a microsecond.
///
/// # Examples
/// ```
/// use counterfoil::time::Instant;
///
/// let instant: Instant = "2016-02-01T07:30:00+08:00".parse()?;
/// assert_eq!(instant.to_string(), "2016-01-31T23:30:00Z");
/// assert_eq!("2016-02-01T07:30:00".parse::<Instant>().unwrap_err().code(), "time.not_an_instant");
/// # Ok::<(), counterfoil::error::TimeError>(())
/// ```
///
/// # Rule
/// R-T1
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    /// Since 1970-01-01T00:00:00Z; always within [`Instant::MIN`] and [`Instant::MAX`], so the
    /// difference of any two fits as well.
    micros: i64,
}

impl Instant {
    /// The first one, `0001-01-01T00:00:00Z`.
    pub const MIN: Self = Self { micros: -62_135_596_800_000_000 };

    /// The last one, `9999-12-31T23:59:59.999999Z`.
    pub const MAX: Self = Self { micros: 253_402_300_799_999_999 };

    /// The instant so many microseconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// `time.out_of_range`.
    pub fn from_micros(micros: i64) -> Result<Self, TimeError> {
        if (Self::MIN.micros..=Self::MAX.micros).contains(&micros) {
            Ok(Self { micros })
        } else {
            Err(TimeError::OutOfRange { text: format!("{micros} µs") })
        }
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> i64 {
        self.micros
    }

    /// The microseconds from `earlier` to here; negative when it is later.
    pub const fn micros_since(self, earlier: Self) -> i64 {
        self.micros.wrapping_sub(earlier.micros) // ten thousand years are 2^58: it never wraps
    }

    /// The instant so many microseconds later, or earlier when negative.
    ///
    /// # Errors
    /// `time.out_of_range`.
    pub fn plus_micros(self, micros: i64) -> Result<Self, TimeError> {
        match self.micros.checked_add(micros) {
            Some(sum) => Self::from_micros(sum),
            None => Err(TimeError::OutOfRange { text: format!("{self} and {micros} µs") }),
        }
    }

    /// The same instant for `chrono`.
    pub fn to_chrono(self) -> DateTime<Utc> {
        // Every instant of this range is one of chrono's.
        Utc.timestamp_micros(self.micros).single().unwrap_or(DateTime::<Utc>::MIN_UTC)
    }
}

impl TryFrom<DateTime<Utc>> for Instant {
    type Error = TimeError;

    fn try_from(instant: DateTime<Utc>) -> Result<Self, TimeError> {
        let text = || instant.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        if !instant.timestamp_subsec_nanos().is_multiple_of(1_000) {
            return Err(TimeError::TooFine { text: text() });
        }
        if instant.timestamp_subsec_nanos() >= 1_000_000_000 {
            return Err(TimeError::NotAnInstant { text: text(), fault: "leap seconds are not counted" });
        }
        Self::from_micros(instant.timestamp_micros()).map_err(|_| TimeError::OutOfRange { text: text() })
    }
}

impl From<Instant> for DateTime<Utc> {
    fn from(instant: Instant) -> Self {
        instant.to_chrono()
    }
}

impl FromStr for Instant {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        const LONGEST: usize = 40;
        let fault = |fault| TimeError::NotAnInstant { text: excerpt(text), fault };
        if text.len() > LONGEST {
            return Err(fault("it is too long"));
        }
        // chrono drops what is finer than a nanosecond without a word, so count the digits here.
        let fraction = text.split_once('.').map_or("", |(_, tail)| tail);
        let digits = fraction.bytes().take_while(u8::is_ascii_digit);
        if digits.skip(6).any(|digit| digit != b'0') {
            return Err(TimeError::TooFine { text: excerpt(text) });
        }
        let parsed = DateTime::parse_from_rfc3339(text).map_err(|_| {
            let has_offset =
                text.ends_with(['Z', 'z']) || text.get(10..).is_some_and(|clock| clock.contains(['+', '-']));
            fault(if has_offset { "it is not RFC 3339" } else { "its offset from UTC is missing" })
        })?;
        Self::try_from(parsed.with_timezone(&Utc))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_chrono().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_time_are_what_they_say() {
        assert_eq!(Instant::MIN.to_string(), "0001-01-01T00:00:00Z");
        assert_eq!(Instant::MAX.to_string(), "9999-12-31T23:59:59.999999Z");
        assert_eq!(Instant::MAX.plus_micros(1).unwrap_err().code(), "time.out_of_range");
        assert_eq!(Instant::MIN.plus_micros(i64::MIN).unwrap_err().code(), "time.out_of_range");
    }

    #[test]
    fn text_is_read_strictly() {
        for (text, code) in [
            ("2024-02-20T08:00:00.1234567Z", "time.too_fine"),
            ("2024-02-20T08:00:00.1234560001Z", "time.too_fine"),
            ("2024-02-20T23:59:60Z", "time.not_an_instant"),
            ("2024-02-30T00:00:00Z", "time.not_an_instant"),
            ("2024-02-20", "time.not_an_instant"),
            ("2024-02-20T08:00:00", "time.not_an_instant"),
            ("", "time.not_an_instant"),
            ("0000-12-31T23:59:59Z", "time.out_of_range"),
        ] {
            assert_eq!(text.parse::<Instant>().expect_err(text).code(), code, "{text}");
        }
        let fine: Instant = "2024-02-20T08:00:00.123456000Z".parse().unwrap();
        assert_eq!(fine.to_string(), "2024-02-20T08:00:00.123456Z");
    }
}
