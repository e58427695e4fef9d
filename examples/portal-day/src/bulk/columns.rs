//! The columns of a file of usage: one row is a resource on one day.

use crate::problem::{Fault, Unusable};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use counterfoil::{metering::Part, units::Unit};
use counterfoil_arrow::{
    BatchError, ModeSource, QuantityField, SpanLayout, TariffSource, UsageColumns, UsageSchema, WindowSource,
};
use std::sync::Arc;

pub(crate) const RESOURCE: &str = "resource";
pub(crate) const OWNER: &str = "owner";
pub(crate) const UNIT: &str = "unit";
pub(crate) const KIND: &str = "kind";
pub(crate) const MODE: &str = "mode";
pub(crate) const WINDOW_START: &str = "window_start";
pub(crate) const WINDOW_END: &str = "window_end";
pub(crate) const START: &str = "start";
pub(crate) const END: &str = "end";
/// The place of the tariff of a row; put there before rating.
pub(crate) const TARIFF: &str = "tariff";

/// Those that every file has.
pub(crate) const FIXED: [&str; 9] = [RESOURCE, OWNER, UNIT, KIND, MODE, WINDOW_START, WINDOW_END, START, END];

/// What goes through rating beside the columns of a file: places of names and days, and what was wrong with a row
/// before it was rated.
pub(super) const HIDDEN: [&str; 5] = ["#day", "#owner", "#unit", "#kind", "#fault"];

/// A dictionary of text, as names are written.
pub(super) fn words() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// An instant.
pub(super) fn instant() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// The fields that every file has, as they are written.
pub(super) fn fixed_fields() -> Vec<Field> {
    let field = |name: &str| {
        let data_type = match name {
            RESOURCE => DataType::UInt32,
            OWNER | UNIT | KIND | MODE => words(),
            _ => instant(),
        };
        Field::new(name, data_type, true)
    };
    FIXED.iter().map(|name| field(name)).collect()
}

/// What a column `part:unit` is, as `cpu:core`.
pub(super) fn quantity(name: &str) -> Option<QuantityField> {
    let (part, unit) = name.rsplit_once(':')?;
    let (part, unit): (Part, Unit) = (part.parse().ok()?, unit.parse().ok()?);
    Some(QuantityField::column(name, part, unit))
}

/// What the columns of a file mean. A column that means nothing here is refused: it may be a part that somebody
/// expects to be paid.
pub(crate) fn usage_schema(file: &str, schema: &Schema) -> Result<UsageSchema, Unusable> {
    let refused = |fault: Fault| Unusable::from(fault.at(file, 0));
    let mut quantities = Vec::new();
    for name in schema.fields().iter().map(|field| field.name()) {
        match quantity(name) {
            Some(quantity) => quantities.push(quantity),
            None if FIXED.contains(&name.as_str()) => {}
            None => {
                let message = format!(
                    "column `{name}` is unknown: name a quantity as `part:unit`, like `cpu:core`, or leave the column out"
                );
                return Err(refused(Fault::new("input.unknown_column", message)));
            }
        }
    }
    let passed = FIXED.iter().map(|name| (*name).to_owned());
    let passed = passed.chain(quantities.iter().map(|quantity| quantity.name.clone()));
    let passed = passed.chain(std::iter::once(TARIFF).chain(HIDDEN).map(str::to_owned)).collect();
    let usage = UsageSchema::new(UsageColumns {
        spans: SpanLayout::Flat,
        mode: ModeSource::Column,
        quantities,
        window: WindowSource::Columns,
        tariff: TariffSource::Column,
        passed,
    })
    .map_err(|error| refused(error.into()))?;
    // Those that are added before rating are none of the file.
    usage.check(&with_added(schema)).map_err(|error| refused(error.into()))?;
    check_names(schema).map_err(|error| refused(error.into()))?;
    Ok(usage)
}

/// A schema with the columns that are added before rating.
pub(super) fn with_added(schema: &Schema) -> SchemaRef {
    let mut fields: Vec<Arc<Field>> = schema.fields().iter().cloned().collect();
    fields.push(Arc::new(Field::new(TARIFF, DataType::UInt32, true)));
    for name in HIDDEN {
        let data_type = if name == "#fault" { DataType::Utf8 } else { DataType::UInt32 };
        fields.push(Arc::new(Field::new(name, data_type, true)));
    }
    Arc::new(Schema::new(fields))
}

/// The types of those that only this program reads.
fn check_names(schema: &Schema) -> Result<(), BatchError> {
    const TEXT: &str = "text or a dictionary of text";
    const NUMBER: &str = "uint32, the number of the resource";
    for (column, expected) in [(RESOURCE, NUMBER), (OWNER, TEXT), (UNIT, TEXT), (KIND, TEXT)] {
        let Ok(field) = schema.field_with_name(column) else {
            return Err(BatchError::MissingColumn { column: column.to_owned(), expected });
        };
        let found = field.data_type();
        let is_fine = match found {
            DataType::UInt32 => column == RESOURCE,
            DataType::Dictionary(_, values) => column != RESOURCE && is_text(values),
            found => column != RESOURCE && is_text(found),
        };
        if !is_fine {
            return Err(BatchError::ColumnType { column: column.to_owned(), expected, found: found.to_string() });
        }
    }
    Ok(())
}

fn is_text(found: &DataType) -> bool {
    matches!(found, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}
