use crate::error::IpamError;
use std::{fmt, str::FromStr};

/// Why something was done, in words for people; may be empty.
///
/// # Examples
/// ```
/// use counterfoil::ipam::Remark;
///
/// assert_eq!(Remark::new("for the new campus")?.as_str(), "for the new campus");
/// assert_eq!(Remark::new("期".repeat(256)).unwrap_err().code(), "ipam.remark_too_long");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I12
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Remark(String);

impl Remark {
    /// The most characters.
    pub const LONGEST: usize = 255;

    /// A remark.
    ///
    /// # Errors
    /// `ipam.remark_too_long` above [`LONGEST`](Self::LONGEST) characters.
    pub fn new(text: impl Into<String>) -> Result<Self, IpamError> {
        let text = text.into();
        let length = text.chars().count();
        if length > Self::LONGEST {
            return Err(IpamError::RemarkTooLong { length, longest: Self::LONGEST });
        }
        Ok(Self(text))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Remark {
    type Err = IpamError;

    /// As [`new`](Self::new).
    fn from_str(text: &str) -> Result<Self, IpamError> {
        Self::new(text)
    }
}
