use crate::{error::StatementError, metering::Kind, time::BillingDay, units::Name, wallet::Owner};
use chrono::NaiveDate;
use std::fmt;

/// What identifies a statement: a day, who pays, for which service unit and kind of resource.
///
/// Its text is the statement's id, and the order id under which it is paid: the parts with `/`
/// between them, and `%`, `/` and control characters inside of them written as `%2F`; so two keys
/// never have one text.
///
/// # Rule
/// R-S1
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementKey {
    /// The billing day.
    pub day: BillingDay,
    /// Who pays.
    pub owner: Owner,
    /// The service unit that is paid.
    pub unit: Name,
    /// The kind of resource.
    pub kind: Kind,
    /// 0 for the day's own statement, then 1, 2, … for its corrections.
    pub sequence: u32,
}

impl StatementKey {
    /// The next correction of the same statement.
    ///
    /// # Errors
    /// `statement.too_many_corrections`.
    pub(super) fn at_sequence(&self, sequence: Option<u32>) -> Result<Self, StatementError> {
        let sequence = sequence.ok_or(StatementError::TooManyCorrections { limit: u32::MAX })?;
        Ok(Self { sequence, ..self.clone() })
    }

    /// The date of the day.
    pub fn date(&self) -> NaiveDate {
        self.day.date()
    }
}

impl fmt::Display for StatementKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Zones are of a closed set, and read better as they are.
        write!(f, "{}/{}/", self.day.date(), self.day.zone())?;
        for part in [self.owner.kind().name(), self.owner.id(), self.unit.as_str(), self.kind.as_str()] {
            escape(part, f)?;
            f.write_str("/")?;
        }
        write!(f, "{}", self.sequence)
    }
}

/// Writes what could be mistaken for a border between parts as `%XX`, byte by byte.
fn escape(part: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for character in part.chars() {
        if matches!(character, '%' | '/') || character.is_control() {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                write!(f, "%{byte:02X}")?;
            }
        } else {
            write!(f, "{character}")?;
        }
    }
    Ok(())
}
