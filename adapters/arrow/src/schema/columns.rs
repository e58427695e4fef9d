use crate::{BatchError, schema::metadata};
use arrow_schema::{Field, Schema};
use counterfoil::{
    metering::{ChargeMode, Part},
    time::Period,
    units::Unit,
};
use std::collections::BTreeMap;

/// Which columns a batch of usage has, and what they mean: each of these is a decision of the caller.
///
/// | column | where | type | nulls | is |
/// |---|---|---|---|---|
/// | `start` | row, or span of `history` | timestamp in microseconds with a zone | fault of the row | when the span starts |
/// | `end` | beside `start` | timestamp in microseconds with a zone | the span is open | when it ends |
/// | `mode` | beside `start`, with [`ModeSource::Column`] | uint8 codes; text or a dictionary of text, of `post_paid`, `pre_paid`, `quota` | fault of the row | how it is paid for |
/// | one for each of `quantities` | beside `start` | int8 … int64, uint8 … uint64, decimal32, decimal64, decimal128 | the span has no such part | `number × 10^−scale` of the unit |
/// | `history` | row, with [`SpanLayout::Lists`] | list or large list of a struct | fault of the row | the spans, in order of time |
/// | `window_start`, `window_end` | row, with [`WindowSource::Columns`] | timestamp in microseconds with a zone | fault of the row | what it is metered for |
/// | `kind` | row, with [`TariffSource::ByKind`] | text or a dictionary of text | fault of the row | which tariff |
/// | `tariff` | row, with [`TariffSource::Column`] | uint32, or another whole number | fault of the row | the place of the tariff |
/// | one for each of `passed` | row | any | stay | handed through unchanged |
///
/// Other columns are left alone, and so is their order. Text is utf8, large utf8 or utf8 view; a
/// dictionary has keys of any whole number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageColumns {
    /// Where the spans stand.
    pub spans: SpanLayout,
    /// How each span is paid for.
    pub mode: ModeSource,
    /// What of each part there was.
    pub quantities: Vec<QuantityField>,
    /// What each row is metered for.
    pub window: WindowSource,
    /// By which tariff each row is rated.
    pub tariff: TariffSource,
    /// The names of columns that are handed through unchanged, as `resource`, `owner`, `unit`.
    pub passed: Vec<String>,
}

/// Where the spans of a resource stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanLayout {
    /// Each row is one span: nothing changed inside its window.
    Flat,
    /// Each row has a list of spans, in the column `history`.
    Lists,
}

/// How spans are paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModeSource {
    /// The column `mode` says it.
    Column,
    /// All of them alike.
    All(ChargeMode),
}

/// What rows are metered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowSource {
    /// The columns `window_start` and `window_end` say it.
    Columns,
    /// One window for all, usually a billing day.
    All(Period),
}

/// By which tariff rows are rated: its place among those of the rater.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TariffSource {
    /// The column `tariff` is the place.
    Column,
    /// The column `kind` is looked up; a kind that is not there is a fault of its row.
    ByKind(BTreeMap<String, u32>),
    /// One for all.
    All(u32),
}

/// How much of one part there was, in a column or alike for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuantityField {
    /// The name of the column, and the beginning of the names of its columns of usage.
    pub name: String,
    /// What it is of.
    pub part: Part,
    /// In what.
    pub unit: Unit,
    /// Where its numbers are.
    pub source: QuantitySource,
}

/// Where the numbers of a quantity are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuantitySource {
    /// In the column of its name.
    Column(Scale),
    /// Nowhere: each span has this many, as the base fee of 1.
    All(i64),
}

/// How many digits after the point the numbers of a column have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// As its type says: those of a decimal, none for whole numbers.
    OfType,
    /// So many. Whole numbers are taken as scaled by it, as `1500` with 3 is 1.5; a decimal has to agree.
    Digits(u32),
}

impl QuantityField {
    /// The numbers of a column, with the scale of its type.
    pub fn column(name: impl Into<String>, part: Part, unit: Unit) -> Self {
        Self { name: name.into(), part, unit, source: QuantitySource::Column(Scale::OfType) }
    }

    /// The numbers of a column, scaled by so many digits.
    pub fn scaled(name: impl Into<String>, part: Part, unit: Unit, digits: u32) -> Self {
        Self { name: name.into(), part, unit, source: QuantitySource::Column(Scale::Digits(digits)) }
    }

    /// The same number for all spans: `QuantityField::all(Part::BASE, Unit::Count, 1)` is a base fee.
    pub fn all(part: Part, unit: Unit, number: i64) -> Self {
        Self { name: part.to_string(), part, unit, source: QuantitySource::All(number) }
    }

    /// What the metadata of a field says it is: its unit under [`metadata::UNIT`], its part under
    /// [`metadata::PART`] or by its name, the scale of whole numbers under [`metadata::SCALE`]. None
    /// for a field without a unit.
    ///
    /// # Errors
    /// `arrow.column_metadata`.
    pub fn of_field(field: &Field) -> Result<Option<Self>, BatchError> {
        let Some(unit) = metadata::unit(field)? else {
            return Ok(None);
        };
        let part = metadata::part(field)?;
        let scale = metadata::scale(field)?.map_or(Scale::OfType, Scale::Digits);
        Ok(Some(Self { name: field.name().clone(), part, unit, source: QuantitySource::Column(scale) }))
    }

    /// All quantities that the metadata of a schema's fields describe, in their order; of the spans of
    /// `history` where there is such a column.
    ///
    /// # Errors
    /// `arrow.column_metadata`.
    pub fn of_schema(schema: &Schema) -> Result<Vec<Self>, BatchError> {
        let fields = super::usage::span_fields(schema).unwrap_or_else(|| schema.fields());
        fields.iter().filter_map(|field| Self::of_field(field).transpose()).collect()
    }
}
