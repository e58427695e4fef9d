//! Columns of one level found by their names, and the types that several of them may have.

use crate::BatchError;
use arrow_schema::{DataType, Field, Fields, TimeUnit};
use counterfoil::error::BulkError;

pub(super) const INSTANT: &str = "timestamp in microseconds with a zone (cast naive or other timestamps first)";
pub(super) const PLACE: &str = "uint32 or another whole number";
pub(super) const TEXT: &str = "text or a dictionary of text";

/// The most digits after the point that a quantity has.
const MOST_DIGITS: u32 = 28;

/// The fields of the rows, or of the spans in a list.
#[derive(Clone, Copy)]
pub(super) struct Level<'s> {
    pub(super) fields: &'s Fields,
    /// What stands before a column's name in its path.
    pub(super) prefix: &'static str,
}

impl<'s> Level<'s> {
    pub(super) fn field(&self, name: &str, expected: &'static str) -> Result<(usize, &'s Field), BatchError> {
        let mut named = self.fields.iter().enumerate().filter(|(_, field)| field.name() == name);
        let Some((place, field)) = named.next() else {
            return Err(BatchError::MissingColumn { column: self.path(name), expected });
        };
        match named.next() {
            Some(_) => Err(BatchError::RepeatedColumn { column: self.path(name) }),
            None => Ok((place, field)),
        }
    }

    pub(super) fn place(
        &self,
        name: &str,
        expected: &'static str,
        is_fine: impl Fn(&DataType) -> bool,
    ) -> Result<usize, BatchError> {
        let (place, field) = self.field(name, expected)?;
        match is_fine(field.data_type()) {
            true => Ok(place),
            false => Err(self.wrong_type(field, expected)),
        }
    }

    pub(super) fn wrong_type(&self, field: &Field, expected: &'static str) -> BatchError {
        BatchError::ColumnType { column: self.path(field.name()), expected, found: field.data_type().to_string() }
    }

    pub(super) fn path(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

pub(super) fn check_scale(column: &str, scale: u32) -> Result<(), BatchError> {
    match scale > MOST_DIGITS {
        true => Err(BulkError::BadScale { column: column.to_owned(), scale, most: MOST_DIGITS }.into()),
        false => Ok(()),
    }
}

pub(super) fn instant() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// A timestamp with a zone counts from 1970 in UTC, whichever zone it is shown in.
pub(super) fn is_instant(found: &DataType) -> bool {
    matches!(found, DataType::Timestamp(TimeUnit::Microsecond, Some(_)))
}

pub(super) fn is_text(found: &DataType) -> bool {
    match found {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => {
            matches!(**values, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
        }
        _ => false,
    }
}
