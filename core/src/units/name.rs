use crate::error::{UnitsError, excerpt};
use std::{fmt, str::FromStr, sync::Arc};

/// A name that a caller chose: an id, a model, a dimension of their own.
///
/// Between 1 and 128 bytes, no control characters, no white space at its ends: what can be printed
/// on one line and told from its neighbours.
///
/// ```
/// use counterfoil::units::Name;
///
/// let model: Name = "INTEL(R) XEON(R) PLATINUM 8582C".parse()?;
/// assert_eq!(model.as_str().len(), 31);
/// assert_eq!("".parse::<Name>().unwrap_err().code(), "units.bad_name");
/// # Ok::<(), counterfoil::error::UnitsError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

impl Name {
    const LONGEST: usize = 128;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = UnitsError;

    fn from_str(text: &str) -> Result<Self, UnitsError> {
        let fault = if text.is_empty() {
            "it is empty"
        } else if text.len() > Self::LONGEST {
            "it is longer than 128 bytes"
        } else if text.chars().any(char::is_control) {
            "it has control characters"
        } else if text.trim() != text {
            "it begins or ends with white space"
        } else {
            return Ok(Self(text.into()));
        };
        Err(UnitsError::BadName { text: excerpt(text), fault })
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}
