//! What the metadata of a field says: unit, part, scale.

use crate::BatchError;
use arrow_schema::Field;
use counterfoil::{metering::Part, units::Unit};

/// The unit of a quantity by its name, as `GiB`; of an output, as `CNY` or `us`.
pub const UNIT: &str = "counterfoil.unit";

/// The part that a quantity is of, as `gpu[A100]`. Where it is not said, the name of the column says it.
pub const PART: &str = "counterfoil.part";

/// The digits after the point of a column of scaled whole numbers.
pub const SCALE: &str = "counterfoil.scale";

pub(super) fn unit(field: &Field) -> Result<Option<Unit>, BatchError> {
    let Some(text) = field.metadata().get(UNIT) else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(|_| refused(field, UNIT, text, "write the name of a unit, as `core` or `GiB`"))
}

pub(super) fn part(field: &Field) -> Result<Part, BatchError> {
    let text = field.metadata().get(PART).unwrap_or_else(|| field.name());
    text.parse().map_err(|_| refused(field, PART, text, "write a part, as `cpu` or `gpu[A100]`"))
}

pub(super) fn scale(field: &Field) -> Result<Option<u32>, BatchError> {
    let Some(text) = field.metadata().get(SCALE) else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(|_| refused(field, SCALE, text, "write the digits after the point as a number"))
}

pub(super) fn refused(field: &Field, key: &'static str, found: &str, expected: impl Into<String>) -> BatchError {
    BatchError::ColumnMetadata { column: field.name().clone(), key, found: found.to_owned(), expected: expected.into() }
}
