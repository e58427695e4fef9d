//! Columns of typed arrays as a batch of Arrow, over a copy of their bytes: JavaScript may change its own meanwhile.

use crate::border::{Fault, Result};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, DictionaryArray, ListArray, PrimitiveArray, RecordBatch, RecordBatchOptions,
    StringArray, StructArray,
    types::{
        ArrowDictionaryKeyType, Date32Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
        UInt8Type, UInt16Type, UInt32Type, UInt64Type,
    },
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, Field, Schema};
use counterfoil_arrow::BatchError;
use serde::Deserialize;
use std::sync::Arc;

/// A column as `lib/bulk/columns.js` describes it: its bytes are those of the place.
#[derive(Deserialize)]
pub(super) struct Described {
    name: String,
    #[serde(flatten)]
    cells: Cells,
    /// The place of a byte for each row, 0 where there is no value.
    valid: Option<usize>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Cells {
    Lists { offsets: usize, items: Vec<Described> },
    Words { codes: usize, numbers: Numbers, words: Vec<String> },
    Numbers { values: usize, numbers: Numbers },
    Floats { floats: String },
}

/// As what numbers are written.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Numbers {
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Instant,
    Date,
}

/// The batch of some columns.
///
/// # Errors
/// `arrow.float_column`; `wire.bad_input` where columns do not make a table.
pub(super) fn batch(described: Vec<Described>, bytes: &[&[u8]]) -> Result<RecordBatch> {
    let (fields, arrays) = columns(described, bytes, "table")?;
    let rows = arrays.first().map_or(0, |array| array.len());
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
        .map_err(|error| refused("table", &error))
}

fn columns(described: Vec<Described>, bytes: &[&[u8]], at: &str) -> Result<(Vec<Field>, Vec<ArrayRef>)> {
    let (mut fields, mut arrays) = (vec![], vec![]);
    for column in described {
        let array = array(column.cells, column.valid, bytes, &column.name, &format!("{at}.{}", column.name))?;
        fields.push(Field::new(column.name, array.data_type().clone(), true));
        arrays.push(array);
    }
    Ok((fields, arrays))
}

fn array(cells: Cells, valid: Option<usize>, bytes: &[&[u8]], name: &str, at: &str) -> Result<ArrayRef> {
    let part = |place: usize| bytes.get(place).copied().unwrap_or_default();
    let nulls = valid.map(|place| nulls(part(place)));
    match cells {
        Cells::Floats { floats } => Err(BatchError::FloatColumn { column: name.to_owned(), found: floats }.into()),
        Cells::Numbers { values, numbers: kind } => numbers(kind, part(values), nulls, at),
        Cells::Words { codes, numbers, words } => dictionary(numbers, part(codes), nulls, words, at),
        Cells::Lists { offsets, items } => {
            let (fields, arrays) = columns(items, bytes, at)?;
            let items = StructArray::try_new(fields.into(), arrays, None).map_err(|error| refused(at, &error))?;
            let item = Field::new("item", items.data_type().clone(), false);
            let offsets = ScalarBuffer::<i32>::from(Buffer::from(part(offsets)));
            let grow = offsets.first() == Some(&0) && offsets.windows(2).all(|pair| pair.first() <= pair.last());
            if !grow {
                return Err(Fault::bad_input(at, "offsets begin at 0 and do not fall"));
            }
            let lists = ListArray::try_new(Arc::new(item), OffsetBuffer::new(offsets), Arc::new(items), nulls);
            Ok(Arc::new(lists.map_err(|error| refused(at, &error))?))
        }
    }
}

fn numbers(kind: Numbers, bytes: &[u8], nulls: Option<NullBuffer>, at: &str) -> Result<ArrayRef> {
    Ok(match kind {
        Numbers::Int8 => Arc::new(primitive::<Int8Type>(bytes, nulls, at)?),
        Numbers::Int16 => Arc::new(primitive::<Int16Type>(bytes, nulls, at)?),
        Numbers::Int32 => Arc::new(primitive::<Int32Type>(bytes, nulls, at)?),
        Numbers::Int64 => Arc::new(primitive::<Int64Type>(bytes, nulls, at)?),
        Numbers::Uint8 => Arc::new(primitive::<UInt8Type>(bytes, nulls, at)?),
        Numbers::Uint16 => Arc::new(primitive::<UInt16Type>(bytes, nulls, at)?),
        Numbers::Uint32 => Arc::new(primitive::<UInt32Type>(bytes, nulls, at)?),
        Numbers::Uint64 => Arc::new(primitive::<UInt64Type>(bytes, nulls, at)?),
        Numbers::Date => Arc::new(primitive::<Date32Type>(bytes, nulls, at)?),
        Numbers::Instant => Arc::new(primitive::<TimestampMicrosecondType>(bytes, nulls, at)?.with_timezone("UTC")),
    })
}

fn dictionary(
    codes: Numbers,
    bytes: &[u8],
    nulls: Option<NullBuffer>,
    words: Vec<String>,
    at: &str,
) -> Result<ArrayRef> {
    let words = Arc::new(StringArray::from_iter_values(words));
    Ok(match codes {
        Numbers::Int8 => words_of::<Int8Type>(bytes, nulls, words, at)?,
        Numbers::Int16 => words_of::<Int16Type>(bytes, nulls, words, at)?,
        Numbers::Int32 => words_of::<Int32Type>(bytes, nulls, words, at)?,
        Numbers::Uint8 => words_of::<UInt8Type>(bytes, nulls, words, at)?,
        Numbers::Uint16 => words_of::<UInt16Type>(bytes, nulls, words, at)?,
        Numbers::Uint32 => words_of::<UInt32Type>(bytes, nulls, words, at)?,
        Numbers::Int64 | Numbers::Uint64 | Numbers::Instant | Numbers::Date => {
            return Err(Fault::bad_input(at, "codes are whole numbers of at most 32 bits"));
        }
    })
}

/// Words by their codes; a negative one is none.
fn words_of<K: ArrowDictionaryKeyType>(
    bytes: &[u8],
    nulls: Option<NullBuffer>,
    words: Arc<StringArray>,
    at: &str,
) -> Result<ArrayRef> {
    let codes = ScalarBuffer::<K::Native>::from(Buffer::from(bytes));
    let none = K::Native::default();
    let nulls = match codes.iter().any(|code| *code < none) {
        true => NullBuffer::union(nulls.as_ref(), Some(&nulls_where(&codes, |code| code < none))),
        false => nulls,
    };
    let codes = PrimitiveArray::<K>::try_new(codes, nulls).map_err(|error| refused(at, &error))?;
    Ok(Arc::new(DictionaryArray::try_new(codes, words).map_err(|error| refused(at, &error))?))
}

fn primitive<T: ArrowPrimitiveType>(bytes: &[u8], nulls: Option<NullBuffer>, at: &str) -> Result<PrimitiveArray<T>> {
    let values = ScalarBuffer::<T::Native>::from(Buffer::from(bytes));
    PrimitiveArray::try_new(values, nulls).map_err(|error| refused(at, &error))
}

fn nulls(valid: &[u8]) -> NullBuffer {
    nulls_where(valid, |valid| valid == 0)
}

fn nulls_where<T: Copy>(values: &[T], is_null: impl Fn(T) -> bool) -> NullBuffer {
    let mut each = values.iter();
    let is_valid = |_| each.next().is_some_and(|value| !is_null(*value));
    NullBuffer::new(BooleanBuffer::collect_bool(values.len(), is_valid))
}

fn refused(at: &str, error: &ArrowError) -> Fault {
    Fault::bad_input(at, error.to_string())
}
