use super::{
    columns::{ModeSource, QuantityField, QuantitySource, Scale, SpanLayout, TariffSource, UsageColumns, WindowSource},
    level::{INSTANT, Level, PLACE, TEXT, check_scale, instant, is_instant, is_text},
    metadata,
};
use crate::BatchError;
use arrow_schema::{DataType, Field, Fields, Schema};
use counterfoil::error::BulkError;
use std::{collections::BTreeSet, sync::Arc};

pub(crate) const START: &str = "start";
pub(crate) const END: &str = "end";
pub(crate) const MODE: &str = "mode";
pub(crate) const HISTORY: &str = "history";
pub(crate) const WINDOW_START: &str = "window_start";
pub(crate) const WINDOW_END: &str = "window_end";
pub(crate) const KIND: &str = "kind";
pub(crate) const TARIFF: &str = "tariff";

const MODES: &str = "uint8 codes, or text or a dictionary of text of the names";
const NUMBER: &str = "a whole number or a decimal of up to 128 bits";
const LIST: &str = "a list or large list of a struct";

/// What a batch of usage must look like.
///
/// # Examples
/// ```
/// use arrow_schema::{DataType, Field, Schema, TimeUnit};
/// use counterfoil::metering::{ChargeMode, Part};
/// use counterfoil::units::Unit;
/// use counterfoil_arrow::{ModeSource, QuantityField, SpanLayout, TariffSource, UsageColumns, UsageSchema, WindowSource};
///
/// let schema = UsageSchema::new(UsageColumns {
///     spans: SpanLayout::Flat,
///     mode: ModeSource::All(ChargeMode::PostPaid),
///     quantities: vec![QuantityField::column("cpu", Part::CPU, Unit::Core)],
///     window: WindowSource::Columns,
///     tariff: TariffSource::All(0),
///     passed: vec!["resource".into()],
/// })?;
/// assert!(schema.check(&schema.schema()).is_ok());
///
/// let instant = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
/// let wrong = Schema::new(vec![
///     Field::new("resource", DataType::Utf8, false),
///     Field::new("start", instant.clone(), false),
///     Field::new("end", instant, true),
///     Field::new("cpu", DataType::Float64, false),
/// ]);
/// let error = schema.check(&wrong).unwrap_err();
/// assert_eq!((error.code(), error.details()[0].clone()), ("arrow.float_column", ("column", "cpu".to_owned())));
/// # Ok::<(), counterfoil_arrow::BatchError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageSchema {
    columns: UsageColumns,
}

impl UsageSchema {
    /// A schema of these columns.
    ///
    /// # Errors
    /// `arrow.repeated_column` for two of one name; `bulk.repeated_column` for two quantities of one
    /// part; `bulk.bad_scale`.
    pub fn new(columns: UsageColumns) -> Result<Self, BatchError> {
        let repeated = |column: &str| BatchError::RepeatedColumn { column: column.to_owned() };
        let mut parts = BTreeSet::new();
        // The names of the columns beside the quantities: none of these is theirs.
        let mut beside = BTreeSet::from([START, END]);
        if columns.mode == ModeSource::Column {
            beside.insert(MODE);
        }
        if columns.spans == SpanLayout::Flat {
            beside.extend(row_names(&columns));
        }
        for quantity in &columns.quantities {
            if !beside.insert(&quantity.name) {
                return Err(repeated(&quantity.name));
            }
            if !parts.insert(&quantity.part) {
                return Err(BulkError::RepeatedColumn { column: quantity.part.to_string() }.into());
            }
            if let QuantitySource::Column(Scale::Digits(scale)) = quantity.source {
                check_scale(&quantity.name, scale)?;
            }
        }
        let mut passed = BTreeSet::new();
        if let Some(twice) = columns.passed.iter().find(|name| !passed.insert(name.as_str())) {
            return Err(repeated(twice));
        }
        Ok(Self { columns })
    }

    /// Which columns there are.
    pub const fn columns(&self) -> &UsageColumns {
        &self.columns
    }

    /// The schema in its plainest form: instants in UTC, names as dictionaries, quantities as int64, or
    /// as `decimal128(38, scale)` where a scale was said; columns that are handed through as
    /// dictionaries of text. [`check`](Self::check) says which others do as well.
    pub fn schema(&self) -> Schema {
        let words = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let mut spans = vec![Field::new(START, instant(), false), Field::new(END, instant(), true)];
        if self.columns.mode == ModeSource::Column {
            spans.push(Field::new(MODE, words(), false));
        }
        spans.extend(self.columns.quantities.iter().filter_map(quantity_field));
        let mut fields: Vec<Field> = self
            .columns
            .passed
            .iter()
            .filter(|name| !self.is_read(name))
            .map(|name| Field::new(name, words(), true))
            .collect();
        match self.columns.spans {
            SpanLayout::Flat => fields.extend(spans),
            SpanLayout::Lists => {
                let item = Field::new("item", DataType::Struct(spans.into()), false);
                fields.push(Field::new(HISTORY, DataType::List(Arc::new(item)), false));
            }
        }
        for name in row_names(&self.columns) {
            let data_type = match name {
                KIND => words(),
                TARIFF => DataType::UInt32,
                WINDOW_START | WINDOW_END => instant(),
                _ => continue,
            };
            fields.push(Field::new(name, data_type, false));
        }
        Schema::new(fields)
    }

    /// Whether batches of a schema can be read.
    ///
    /// A null where none may be is no fault of a schema: it is one of its row.
    ///
    /// # Errors
    /// The first of these, in the order of [`UsageColumns`]' table, each with the column's name:
    /// `arrow.missing_column`, `arrow.repeated_column`, `arrow.column_type`, `arrow.float_column`,
    /// `arrow.column_scale`, `arrow.column_metadata`, `bulk.bad_scale`.
    pub fn check(&self, schema: &Schema) -> Result<(), BatchError> {
        self.places(schema).map(|_| ())
    }

    /// Where each column stands.
    pub(crate) fn places(&self, schema: &Schema) -> Result<Places, BatchError> {
        let columns = &self.columns;
        let rows = Level { fields: schema.fields(), prefix: "" };
        let history = match columns.spans {
            SpanLayout::Flat => None,
            SpanLayout::Lists => Some(rows.place(HISTORY, LIST, |found| item_fields(found).is_some())?),
        };
        let item = history.and_then(|place| item_fields(schema.fields().get(place)?.data_type()));
        let spans = match item {
            Some(fields) => Level { fields, prefix: "history." },
            None => rows,
        };
        let (start, end) = (spans.place(START, INSTANT, is_instant)?, spans.place(END, INSTANT, is_instant)?);
        let mode = match columns.mode {
            ModeSource::All(_) => None,
            ModeSource::Column => Some(spans.place(MODE, MODES, |found| *found == DataType::UInt8 || is_text(found))?),
        };
        let quantities =
            columns.quantities.iter().map(|quantity| spans.quantity(quantity)).collect::<Result<_, _>>()?;
        let windows = match columns.window {
            WindowSource::All(_) => None,
            WindowSource::Columns => {
                Some((rows.place(WINDOW_START, INSTANT, is_instant)?, rows.place(WINDOW_END, INSTANT, is_instant)?))
            }
        };
        let tariff = match columns.tariff {
            TariffSource::All(_) => None,
            TariffSource::ByKind(_) => Some(rows.place(KIND, TEXT, is_text)?),
            TariffSource::Column => Some(rows.place(TARIFF, PLACE, DataType::is_integer)?),
        };
        let passed =
            columns.passed.iter().map(|name| rows.place(name, "any type", |_| true)).collect::<Result<_, _>>()?;
        Ok(Places { history, start, end, mode, quantities, windows, tariff, passed })
    }

    fn is_read(&self, name: &str) -> bool {
        let columns = &self.columns;
        let beside = columns.spans == SpanLayout::Flat
            && ([START, END].contains(&name)
                || (name == MODE && columns.mode == ModeSource::Column)
                || columns.quantities.iter().any(|quantity| quantity.name == name));
        beside || row_names(columns).contains(&name) || (name == HISTORY && columns.spans == SpanLayout::Lists)
    }
}

/// Where each column stands among those of its level.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    pub(crate) history: Option<usize>,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) mode: Option<usize>,
    /// The column, if it is one, and the scale.
    pub(crate) quantities: Vec<(Option<usize>, u32)>,
    pub(crate) windows: Option<(usize, usize)>,
    pub(crate) tariff: Option<usize>,
    pub(crate) passed: Vec<usize>,
}

impl Level<'_> {
    /// Where a quantity stands, and its scale.
    fn quantity(&self, quantity: &QuantityField) -> Result<(Option<usize>, u32), BatchError> {
        let QuantitySource::Column(said) = quantity.source else {
            return Ok((None, 0));
        };
        let (place, field) = self.field(&quantity.name, NUMBER)?;
        self.check_metadata(quantity, field)?;
        let said = match said {
            Scale::Digits(digits) => Some(digits),
            Scale::OfType => None,
        };
        let scale = match field.data_type() {
            found if found.is_integer() => said.unwrap_or(0),
            DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) | DataType::Decimal128(_, scale) => {
                let Some(digits) = u32::try_from(*scale).ok() else {
                    return Err(self.wrong_type(field, "a decimal with a scale of zero or more"));
                };
                if let Some(expected) = said.filter(|said| *said != digits) {
                    return Err(BatchError::ColumnScale { column: self.path(field.name()), expected, found: *scale });
                }
                digits
            }
            found if found.is_floating() => {
                return Err(BatchError::FloatColumn { column: self.path(field.name()), found: found.to_string() });
            }
            _ => return Err(self.wrong_type(field, NUMBER)),
        };
        check_scale(&self.path(field.name()), scale)?;
        Ok((Some(place), scale))
    }

    /// What a field says of itself must be what the caller says of it.
    fn check_metadata(&self, quantity: &QuantityField, field: &Field) -> Result<(), BatchError> {
        let disagrees = |key, found: &str, expected: String| {
            let expected = format!("`{expected}` was said for it: change one of the two");
            Err(BatchError::ColumnMetadata { column: self.path(field.name()), key, found: found.to_owned(), expected })
        };
        if let Some(unit) = metadata::unit(field)?.filter(|unit| *unit != quantity.unit) {
            return disagrees(metadata::UNIT, unit.name(), quantity.unit.name().to_owned());
        }
        if let Some(part) = field.metadata().get(metadata::PART)
            && metadata::part(field)? != quantity.part
        {
            return disagrees(metadata::PART, part, quantity.part.to_string());
        }
        let of_type = |scale| if field.data_type().is_integer() { Some(scale) } else { None };
        let said = match quantity.source {
            QuantitySource::Column(Scale::Digits(scale)) => Some(scale),
            _ => of_type(0),
        };
        match (metadata::scale(field)?, said) {
            (Some(found), Some(said)) if found != said => {
                disagrees(metadata::SCALE, &found.to_string(), said.to_string())
            }
            _ => Ok(()),
        }
    }
}

/// The fields of the spans of a schema with histories.
pub(super) fn span_fields(schema: &Schema) -> Option<&Fields> {
    item_fields(schema.field_with_name(HISTORY).ok()?.data_type())
}

/// The columns of rows that are read, without those of spans.
fn row_names(columns: &UsageColumns) -> Vec<&'static str> {
    let mut names = vec![];
    if columns.window == WindowSource::Columns {
        names.extend([WINDOW_START, WINDOW_END]);
    }
    match columns.tariff {
        TariffSource::Column => names.push(TARIFF),
        TariffSource::ByKind(_) => names.push(KIND),
        TariffSource::All(_) => {}
    }
    names
}

fn quantity_field(quantity: &QuantityField) -> Option<Field> {
    let QuantitySource::Column(scale) = quantity.source else {
        return None;
    };
    let data_type = match scale {
        Scale::OfType => DataType::Int64,
        // A scale above 28 was refused.
        Scale::Digits(digits) => DataType::Decimal128(38, i8::try_from(digits).unwrap_or(i8::MAX)),
    };
    let about = [
        (metadata::UNIT.to_owned(), quantity.unit.name().to_owned()),
        (metadata::PART.to_owned(), quantity.part.to_string()),
    ];
    Some(Field::new(&quantity.name, data_type, true).with_metadata(about.into()))
}

fn item_fields(found: &DataType) -> Option<&Fields> {
    match found {
        DataType::List(item) | DataType::LargeList(item) => match item.data_type() {
            DataType::Struct(fields) => Some(fields),
            _ => None,
        },
        _ => None,
    }
}
