use super::Instant;
use crate::error::TimeError;
use std::fmt;

/// A half-open stretch of time: its start belongs to it, its end does not.
///
/// # Units
/// Microseconds.
///
/// # Examples
/// ```
/// use counterfoil::time::Period;
///
/// let first = Period::parse("2024-02-20T00:00:00Z", "2024-02-20T00:18:00Z")?;
/// let second = Period::parse("2024-02-20T00:18:00Z", "2024-02-21T00:00:00Z")?;
/// assert!(first.intersection(second).is_empty());
/// assert_eq!(first.micros(), 18 * 60 * 1_000_000);
/// assert_eq!(Period::new(second.end(), second.start()).unwrap_err().code(), "time.reversed");
/// # Ok::<(), counterfoil::error::TimeError>(())
/// ```
///
/// # Rule
/// R-T1
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    start: Instant,
    end: Instant,
}

impl Period {
    /// The period `[start, end)`; equal ends make an empty one.
    ///
    /// # Errors
    /// `time.reversed` when it would end before it starts.
    pub fn new(start: Instant, end: Instant) -> Result<Self, TimeError> {
        if end < start {
            return Err(TimeError::Reversed { start: start.to_chrono(), end: end.to_chrono() });
        }
        Ok(Self { start, end })
    }

    /// The period between two instants written as text.
    ///
    /// # Errors
    /// As [`Instant`]'s `from_str` and [`Period::new`].
    pub fn parse(start: &str, end: &str) -> Result<Self, TimeError> {
        Self::new(start.parse()?, end.parse()?)
    }

    /// The first instant inside.
    pub const fn start(self) -> Instant {
        self.start
    }

    /// The first instant after.
    pub const fn end(self) -> Instant {
        self.end
    }

    /// Its start and end in microseconds since 1970-01-01T00:00:00Z.
    pub(crate) const fn micros_of_ends(self) -> (i64, i64) {
        (self.start.micros(), self.end.micros())
    }

    /// Its length in microseconds.
    pub const fn micros(self) -> i64 {
        self.end.micros_since(self.start)
    }

    /// Whether nothing is inside.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the instant is inside.
    pub fn contains(self, instant: Instant) -> bool {
        self.start <= instant && instant < self.end
    }

    /// The part that both share; empty, at the later start, where they share nothing.
    pub fn intersection(self, other: Self) -> Self {
        let start = self.start.max(other.start);
        Self { start, end: self.end.min(other.end).max(start) }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
