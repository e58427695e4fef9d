use crate::error::{UnitsError, excerpt};
use std::{fmt, str::FromStr};

/// The unit of time of a price: `per GiB per hour`.
///
/// # Rule
/// R-P1
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeUnit {
    /// A second.
    Second,
    /// A minute of 60 seconds.
    Minute,
    /// An hour of 60 minutes.
    Hour,
    /// A day of 24 hours, whatever the clock on the wall did.
    Day,
    /// A month, whose length is a policy of each price.
    Month,
    /// Not by time: each one, once.
    Once,
}

impl TimeUnit {
    /// Every unit, from the shortest.
    pub const ALL: [Self; 6] = [Self::Second, Self::Minute, Self::Hour, Self::Day, Self::Month, Self::Once];

    /// The name, as `hour`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
            Self::Once => "once",
        }
    }

    /// Its length in microseconds, where it has one length.
    pub const fn micros(self) -> Option<i64> {
        match self {
            Self::Second => Some(1_000_000),
            Self::Minute => Some(60_000_000),
            Self::Hour => Some(3_600_000_000),
            Self::Day => Some(86_400_000_000),
            Self::Month | Self::Once => None,
        }
    }
}

impl FromStr for TimeUnit {
    type Err = UnitsError;

    /// Reads the names, and `秒 分钟 小时 天 月 次`.
    fn from_str(text: &str) -> Result<Self, UnitsError> {
        Ok(match text {
            "second" | "秒" => Self::Second,
            "minute" | "分钟" => Self::Minute,
            "hour" | "小时" => Self::Hour,
            "day" | "天" => Self::Day,
            "month" | "月" => Self::Month,
            "once" | "次" => Self::Once,
            _ => return Err(UnitsError::UnknownTimeUnit { text: excerpt(text) }),
        })
    }
}

impl fmt::Display for TimeUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
