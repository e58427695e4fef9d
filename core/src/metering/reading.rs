use super::{Kind, Usage};
use crate::{error::MeteringError, time::Period, units::Name};
use std::fmt;

/// What identifies a reading: the resource and the window. Metering the same again is the same
/// reading, bit for bit.
///
/// # Rule
/// R-U6
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReadingId {
    /// The resource.
    pub resource: Name,
    /// The window, usually a billing day.
    pub window: Period,
}

impl fmt::Display for ReadingId {
    /// `resource@start..end`; two readings never print alike, for an instant has no `@`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.resource, self.window)
    }
}

/// The usage of one resource in one window.
///
/// # Rule
/// R-U6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    resource: Name,
    kind: Kind,
    usage: Usage,
}

impl Reading {
    /// The usage of a resource of a kind.
    pub const fn new(resource: Name, kind: Kind, usage: Usage) -> Self {
        Self { resource, kind, usage }
    }

    /// What identifies it.
    pub fn id(&self) -> ReadingId {
        ReadingId { resource: self.resource.clone(), window: self.usage.window() }
    }

    /// The resource.
    pub const fn resource(&self) -> &Name {
        &self.resource
    }

    /// Its kind.
    pub const fn kind(&self) -> &Kind {
        &self.kind
    }

    /// What was used.
    pub const fn usage(&self) -> &Usage {
        &self.usage
    }

    /// What a correction of the history changes: this reading less the one that was stored.
    ///
    /// # Errors
    /// `metering.other_reading` unless both are of one resource and window, `money.overflow`.
    ///
    /// # Rule
    /// R-U6
    pub fn delta(&self, stored: &Self) -> Result<Usage, MeteringError> {
        if self.id() != stored.id() || self.kind != stored.kind {
            return Err(MeteringError::OtherReading {
                corrected: self.id().to_string(),
                stored: stored.id().to_string(),
            });
        }
        self.usage.delta(&stored.usage)
    }
}
