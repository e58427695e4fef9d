use super::Range;
use crate::error::IpamError;
use std::{fmt, str::FromStr};

/// A range as a portal keeps it: an id, a state, and whose it is.
///
/// A plain record; what may become of it is R-I12.
///
/// # Rule
/// R-I8, R-I12
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<A> {
    /// Its id.
    pub id: String,
    /// Its addresses and their label.
    pub range: Range<A>,
    /// Its state.
    pub status: RowStatus,
    /// The number of the autonomous system that announces it, where one is kept.
    pub asn: Option<u32>,
    /// Whose it is: of an assigned or a reserved row.
    pub owner: Option<String>,
}

impl<A> Row<A> {
    /// Whose it is. One that waits is nobody's, whatever name was left in it.
    ///
    /// # Rule
    /// R-I8, R-I12
    pub fn holder(&self) -> Option<&str> {
        self.owner.as_deref().filter(|_| self.status != RowStatus::Wait)
    }
}

/// The state of a row.
///
/// # Rule
/// R-I12
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowStatus {
    /// Free to be given away.
    Wait,
    /// Kept for an owner.
    Reserved,
    /// Given to an owner.
    Assigned,
}

impl RowStatus {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Wait, Self::Reserved, Self::Assigned];

    /// Its name, as `wait`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Reserved => "reserved",
            Self::Assigned => "assigned",
        }
    }
}

impl fmt::Display for RowStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for RowStatus {
    type Err = IpamError;

    /// # Errors
    /// `ipam.unknown_word`.
    fn from_str(text: &str) -> Result<Self, IpamError> {
        Self::ALL.into_iter().find(|status| status.name() == text).ok_or_else(|| IpamError::UnknownWord {
            what: "status",
            text: text.to_owned(),
            known: "wait, reserved, assigned",
        })
    }
}
