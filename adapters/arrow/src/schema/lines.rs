use super::{
    level::{INSTANT, Level, PLACE, TEXT, instant, is_instant, is_text},
    metadata,
    usage::{KIND, WINDOW_END, WINDOW_START},
};
use crate::BatchError;
use arrow_schema::{DataType, Field, Schema};
use counterfoil::statement::bulk::DailyTerms;

pub(crate) const OWNER: &str = "owner";
pub(crate) const SERVICE_UNIT: &str = "unit";
pub(crate) const DAY: &str = "day";
pub(crate) const RESOURCE: &str = "resource";
pub(crate) const STATE: &str = "state";
pub(crate) const ORIGINAL: &str = "original";
pub(crate) const PAYABLE: &str = "payable";

const DATE: &str = "date32";
const AMOUNT: &str = "a decimal of up to 128 bits, or whole numbers scaled as the terms say";

/// Which columns a batch of charged lines has: each of these is a decision of the caller.
///
/// | column | where | type | unit, scale | nulls | is |
/// |---|---|---|---|---|---|
/// | `state` | with [`StateSource::Column`] | text or a dictionary of text, of `rated`, `absent`, `faulty` | | fault of the row | what became of the row in rating: only `rated` is stated, the others are passed over, and nothing else of them is read |
/// | `day` | with [`DaySource::Dates`] | date32 | | fault of the row | the date of one of the days |
/// | `window_start`, `window_end` | with [`DaySource::Windows`] | timestamp in microseconds with a zone | | fault of the row | the window of one of the days |
/// | `owner` | always | text or a dictionary of text | | fault of the row | who pays, as `user:ada` or `group:physics` |
/// | `unit` | always | text or a dictionary of text | | fault of the row | the service unit that is paid |
/// | `kind` | always | text or a dictionary of text | | fault of the row | the kind of the resource |
/// | `resource` | where the terms number resources | uint32, or another whole number | | fault of the row | a number that is the resource's own in all batches: the same day and resource is stated once |
/// | `original` | always | decimal32, decimal64, decimal128; int8 … int64, uint8 … uint64 | the terms' currency and scale: that of a decimal has to agree | fault of the row | what all that was used costs |
/// | `payable` | always | as `original` | as `original` | fault of the row | what is to be paid |
///
/// Other columns are left alone, and so is their order: what [`BatchRater`](crate::BatchRater) gives for both of its types of money,
/// with `owner`, `unit`, `kind` and the day handed through, is such a batch. Text is utf8, large utf8 or
/// utf8 view; a dictionary has keys of any whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineColumns {
    /// Of which day each row is.
    pub day: DaySource,
    /// Whether each row is stated.
    pub state: StateSource,
}

/// Of which day rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DaySource {
    /// The column `day` is its date.
    Dates,
    /// The columns `window_start` and `window_end` are its window, to the microsecond.
    Windows,
    /// All of one, by its place among the days of the terms.
    All(u32),
}

/// Which rows are stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateSource {
    /// Those that are `rated`, by the column `state`.
    Column,
    /// All of them.
    All,
}

/// Where each column of lines stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LinePlaces {
    pub(crate) state: Option<usize>,
    pub(crate) day: DayPlaces,
    pub(crate) owner: usize,
    pub(crate) unit: usize,
    pub(crate) kind: usize,
    pub(crate) resource: Option<usize>,
    pub(crate) original: usize,
    pub(crate) payable: usize,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum DayPlaces {
    Dates(usize),
    Windows(usize, usize),
    /// In no column.
    All,
}

impl LineColumns {
    /// The schema in its plainest form: names as dictionaries, amounts as `decimal128(38, scale)`.
    pub(crate) fn schema(self, terms: &DailyTerms) -> Schema {
        let words = |name| Field::new(name, DataType::Dictionary(DataType::Int32.into(), DataType::Utf8.into()), false);
        let mut fields = Vec::new();
        if self.state == StateSource::Column {
            fields.push(words(STATE));
        }
        match self.day {
            DaySource::Dates => fields.push(Field::new(DAY, DataType::Date32, false)),
            DaySource::Windows => {
                fields.extend([WINDOW_START, WINDOW_END].map(|name| Field::new(name, instant(), false)));
            }
            DaySource::All(_) => {}
        }
        fields.extend([words(OWNER), words(SERVICE_UNIT), words(KIND)]);
        if terms.resources > 0 {
            fields.push(Field::new(RESOURCE, DataType::UInt32, false));
        }
        // A scale above 28 was refused.
        let money = DataType::Decimal128(38, i8::try_from(terms.scale).unwrap_or(i8::MAX));
        let unit = (metadata::UNIT.to_owned(), terms.currency.to_string());
        // Without an amount where the row is not rated.
        let is_nullable = self.state == StateSource::Column;
        fields.extend(
            [ORIGINAL, PAYABLE]
                .map(|name| Field::new(name, money.clone(), is_nullable).with_metadata([unit.clone()].into())),
        );
        Schema::new(fields)
    }

    /// Where each column stands.
    pub(crate) fn places(self, terms: &DailyTerms, schema: &Schema) -> Result<LinePlaces, BatchError> {
        let rows = Level { fields: schema.fields(), prefix: "" };
        let state = match self.state {
            StateSource::Column => Some(rows.place(STATE, TEXT, is_text)?),
            StateSource::All => None,
        };
        let day = match self.day {
            DaySource::Dates => DayPlaces::Dates(rows.place(DAY, DATE, |found| *found == DataType::Date32)?),
            DaySource::Windows => DayPlaces::Windows(
                rows.place(WINDOW_START, INSTANT, is_instant)?,
                rows.place(WINDOW_END, INSTANT, is_instant)?,
            ),
            DaySource::All(_) => DayPlaces::All,
        };
        let name = |name| rows.place(name, TEXT, is_text);
        let (owner, unit, kind) = (name(OWNER)?, name(SERVICE_UNIT)?, name(KIND)?);
        let resource = match terms.resources {
            0 => None,
            _ => Some(rows.place(RESOURCE, PLACE, DataType::is_integer)?),
        };
        let (original, payable) = (rows.amount(ORIGINAL, terms)?, rows.amount(PAYABLE, terms)?);
        Ok(LinePlaces { state, day, owner, unit, kind, resource, original, payable })
    }
}

impl Level<'_> {
    /// Where a column of amounts stands, of the currency and the scale of the terms.
    fn amount(&self, name: &str, terms: &DailyTerms) -> Result<usize, BatchError> {
        let (place, field) = self.field(name, AMOUNT)?;
        let currency = terms.currency.to_string();
        if let Some(found) = field.metadata().get(metadata::UNIT).filter(|found| **found != currency) {
            let expected = format!("the statements are in `{currency}`: state each currency by itself");
            return Err(metadata::refused(field, metadata::UNIT, found, expected));
        }
        if let Some(found) = metadata::scale(field)?.filter(|scale| *scale != terms.scale) {
            let expected = format!("the statements have {}: scale the column, or change the terms", terms.scale);
            return Err(metadata::refused(field, metadata::SCALE, &found.to_string(), expected));
        }
        match field.data_type() {
            found if found.is_integer() => Ok(place),
            DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) | DataType::Decimal128(_, scale) => {
                match u32::try_from(*scale) == Ok(terms.scale) {
                    true => Ok(place),
                    false => {
                        let column = self.path(name);
                        Err(BatchError::ColumnScale { column, expected: terms.scale, found: *scale })
                    }
                }
            }
            found if found.is_floating() => {
                Err(BatchError::FloatColumn { column: self.path(name), found: found.to_string() })
            }
            _ => Err(self.wrong_type(field, AMOUNT)),
        }
    }
}
