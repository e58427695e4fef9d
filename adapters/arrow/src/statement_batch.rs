//! What comes out of grouping: where lines went, and the statements.

use crate::{
    BatchError,
    schema::{CODES, MoneyType, about, digits},
};
use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Int8Array, Int16Array, Int32Array, Int64Array,
    PrimitiveArray, RecordBatch, StringArray, UInt64Array, types::ArrowDictionaryKeyType,
};
use arrow_schema::{DataType, Field, Schema};
use counterfoil::{
    error::RowFault,
    statement::{
        StatementStatus,
        bulk::{DailySums, NO_GROUP, StatementColumns},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What a sum is that its column can not hold.
const OVERFLOW: &str = "money.overflow";

/// The statements of columns, as a batch: those of [`BatchStatements`](crate::BatchStatements), and of whoever
/// groups by the core's [`DailySums`] itself.
///
/// One row for each statement, in the order of [`daily`](counterfoil::statement::daily), day after day:
///
/// | column | type | unit, scale | null | is |
/// |---|---|---|---|---|
/// | `group` | uint64 | | never | the number by which lines name it |
/// | `statement` | utf8 | | never | its id, under which it is paid: `2024-02-20/UTC/user/ada/vm/server/0` |
/// | `day` | date32 | | never | the date of the billing day; its zone stands in the id |
/// | `owner` | dictionary of text, int32 keys | | never | who pays, as `user:ada` |
/// | `unit` | dictionary of text, int32 keys | | never | the service unit that is paid |
/// | `kind` | dictionary of text, int32 keys | | never | the kind of resource |
/// | `currency` | dictionary of text, int8 keys | | never | the terms' currency |
/// | `lines` | uint64 | | never | how many lines it has |
/// | `original` | [`MoneyType`] | the terms' currency and scale | faulty | the exact sum of what was used |
/// | `payable` | [`MoneyType`] | the terms' currency and scale | faulty | the exact sum of what is to be paid |
/// | `status` | dictionary of text, int8 keys | | faulty | `unpaid`, or `paid` where nothing is to be paid |
/// | `code` | dictionary of text, int16 keys | | not faulty | `money.overflow`: a sum is no amount any more, or does not fit its column |
///
/// Units and scales stand in the metadata of the fields as well ([`metadata`](crate::metadata)).
///
/// # Errors
/// `arrow.not_a_batch` where the columns are not of these sums.
///
/// # Rule
/// R-S1
pub fn statement_batch(
    sums: &DailySums,
    columns: &StatementColumns,
    money: MoneyType,
) -> Result<RecordBatch, BatchError> {
    let terms = sums.terms();
    let keys = columns.group.iter().map(|group| sums.key(*group).ok_or_else(foreign));
    let keys = keys.collect::<Result<Vec<_>, _>>()?;
    let mut faults: Vec<(usize, &'static str)> =
        columns.faults.iter().map(|RowFault { row, code }| (*row, *code)).collect();
    if money == MoneyType::Scaled {
        let sums = columns.original.iter().zip(&columns.payable).enumerate();
        let wide = sums.filter(|(_, (original, payable))| narrow(**original).and(narrow(**payable)).is_none());
        faults.extend(wide.map(|(row, _)| (row, OVERFLOW)));
        faults.sort_unstable();
        faults.dedup_by_key(|(row, _)| *row);
    }
    let is_faulty: BTreeSet<usize> = faults.iter().map(|(row, _)| *row).collect();
    let amounts = |sums: &[i128]| -> Result<ArrayRef, BatchError> {
        let sums = sums.iter().enumerate().map(|(row, sum)| (!is_faulty.contains(&row)).then_some(*sum));
        Ok(match money {
            MoneyType::Decimal => {
                Arc::new(sums.collect::<Decimal128Array>().with_precision_and_scale(38, digits(terms.scale))?)
            }
            MoneyType::Scaled => Arc::new(sums.map(|sum| narrow(sum?)).collect::<Int64Array>()),
        })
    };
    let statuses = [StatementStatus::Unpaid, StatementStatus::Paid];
    let status = columns.status.iter().enumerate().map(|(row, status)| {
        let place = statuses.iter().position(|known| known == status)?;
        i8::try_from(place).ok().filter(|_| !is_faulty.contains(&row))
    });
    let status: Int8Array = status.collect();
    let dates = keys.iter().map(|key| key.date().to_epoch_days());
    let currency = Int8Array::from(vec![0; keys.len()]);
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(groups(columns.group.iter())),
        Arc::new(StringArray::from_iter_values(keys.iter().map(ToString::to_string))),
        Arc::new(Date32Array::from_iter_values(dates)),
        named(columns.owner.iter(), |place| Some(sums.owners().get(place)?.to_string()))?,
        named(columns.unit.iter(), |place| Some(sums.units().get(place)?.to_string()))?,
        named(columns.kind.iter(), |place| Some(sums.kinds().get(place)?.to_string()))?,
        words(currency, [terms.currency.to_string()])?,
        Arc::new(UInt64Array::from(columns.lines.clone())),
        amounts(&columns.original)?,
        amounts(&columns.payable)?,
        words(status, statuses.map(StatementStatus::name))?,
        codes(columns.group.len(), &faults)?,
    ];
    let amount = |name| {
        let data_type = match money {
            MoneyType::Decimal => DataType::Decimal128(38, digits(terms.scale)),
            MoneyType::Scaled => DataType::Int64,
        };
        about(Field::new(name, data_type, true), &terms.currency.to_string(), terms.scale)
    };
    let word = |name, keys: DataType, is_nullable| {
        Field::new(name, DataType::Dictionary(Box::new(keys), Box::new(DataType::Utf8)), is_nullable)
    };
    let schema = Schema::new(vec![
        Field::new("group", DataType::UInt64, false),
        Field::new("statement", DataType::Utf8, false),
        Field::new("day", DataType::Date32, false),
        word("owner", DataType::Int32, false),
        word("unit", DataType::Int32, false),
        word("kind", DataType::Int32, false),
        word("currency", DataType::Int8, false),
        Field::new("lines", DataType::UInt64, false),
        amount("original"),
        amount("payable"),
        word("status", DataType::Int8, true),
        word("code", CODES, true),
    ]);
    Ok(RecordBatch::try_new(Arc::new(schema), arrays)?)
}

/// Where lines went: the group of each, and the faults in the order of their rows.
pub(crate) fn placed_batch(placed: &[usize], faults: &[(usize, &'static str)]) -> Result<RecordBatch, BatchError> {
    let codes = codes(placed.len(), faults)?;
    let schema = Schema::new(vec![
        Field::new("group", DataType::UInt64, true),
        Field::new("code", codes.data_type().clone(), true),
    ]);
    Ok(RecordBatch::try_new(Arc::new(schema), vec![Arc::new(groups(placed.iter())), codes])?)
}

fn groups<'g>(groups: impl Iterator<Item = &'g usize>) -> UInt64Array {
    groups.map(|group| u64::try_from(*group).ok().filter(|_| *group != NO_GROUP)).collect()
}

/// The codes of some rows, in the order of the alphabet.
fn codes(rows: usize, faults: &[(usize, &'static str)]) -> Result<ArrayRef, BatchError> {
    let known: BTreeSet<&'static str> = faults.iter().map(|(_, code)| *code).collect();
    let mut keys: Vec<Option<i16>> = vec![None; rows];
    for (row, code) in faults {
        let place = known.iter().position(|known| known == code).and_then(|place| i16::try_from(place).ok());
        if let Some(key) = keys.get_mut(*row) {
            *key = place;
        }
    }
    words(Int16Array::from(keys), known)
}

/// Names by their places, each once and in the order of the rows: whatever the order in which they came.
fn named<'p>(
    places: impl Iterator<Item = &'p usize>,
    name: impl Fn(usize) -> Option<String>,
) -> Result<ArrayRef, BatchError> {
    let (mut known, mut names, mut keys) = (BTreeMap::new(), Vec::new(), Vec::new());
    for place in places {
        let key = match known.get(place) {
            Some(key) => *key,
            None => {
                let key = i32::try_from(names.len()).map_err(|_| foreign())?;
                names.push(name(*place).ok_or_else(foreign)?);
                known.insert(*place, key);
                key
            }
        };
        keys.push(key);
    }
    words(Int32Array::from(keys), names)
}

fn words<K: ArrowDictionaryKeyType>(
    keys: PrimitiveArray<K>,
    words: impl IntoIterator<Item = impl AsRef<str>>,
) -> Result<ArrayRef, BatchError> {
    Ok(Arc::new(DictionaryArray::try_new(keys, Arc::new(StringArray::from_iter_values(words)))?))
}

fn narrow(sum: i128) -> Option<i64> {
    i64::try_from(sum).ok()
}

/// Columns that are of other sums.
#[cold]
fn foreign() -> BatchError {
    BatchError::NotABatch { fault: "a statement is of no group of these sums".to_owned() }
}
