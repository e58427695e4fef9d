//! A column of a table for JavaScript, which reads it as a typed array: what is read is copied, once.

use super::table::{Handle, Table};
use crate::border::{Fault, Result};
use arrow_array::{
    Array, ArrayRef,
    array::AnyDictionaryArray,
    cast::AsArray,
    types::{
        Date32Type, Decimal32Type, Decimal64Type, Decimal128Type, Int8Type, Int16Type, Int32Type, Int64Type,
        TimestampMicrosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
    },
};
use arrow_schema::{DataType, TimeUnit};
use counterfoil_arrow::BatchError;
use napi::bindgen_prelude::{External, Int32Array, Uint8Array};
use napi_derive::napi;
use std::{collections::HashMap, sync::Arc};

/// The code of no word.
const NONE: i32 = -1;

/// As what a column is read: `words`, `decimal128`, or the kind of a typed array.
#[napi(catch_unwind)]
pub(crate) fn column_storage(table: &External<Handle>, place: u32) -> Result<&'static str> {
    let table = &table.get()?;
    Ok(match data_type(table, place)? {
        DataType::Int8 => "int8",
        DataType::Int16 => "int16",
        DataType::Int32 | DataType::Date32 | DataType::Decimal32(..) => "int32",
        DataType::Int64 | DataType::Timestamp(TimeUnit::Microsecond, _) | DataType::Decimal64(..) => "int64",
        DataType::UInt8 => "uint8",
        DataType::UInt16 => "uint16",
        DataType::UInt32 => "uint32",
        DataType::UInt64 => "uint64",
        DataType::Decimal128(..) => "decimal128",
        found if is_words(found) => "words",
        found => return Err(unread(table, place, found)),
    })
}

/// How many digits after the point a column of decimals has.
#[napi(catch_unwind)]
pub(crate) fn column_scale(table: &External<Handle>, place: u32) -> Result<Option<i32>> {
    let table = &table.get()?;
    Ok(match data_type(table, place)? {
        DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) | DataType::Decimal128(_, scale) => {
            Some(i32::from(*scale))
        }
        _ => None,
    })
}

/// The bytes of a column's values.
#[napi(catch_unwind)]
pub(crate) fn column_values(table: &External<Handle>, place: u32) -> Result<Uint8Array> {
    let table = &table.get()?;
    let found = data_type(table, place)?;
    let mut bytes = Vec::new();
    for array in arrays(table, place)? {
        let values = values(array).ok_or_else(|| unread(table, place, found))?;
        bytes.extend_from_slice(values);
    }
    Ok(Uint8Array::new(bytes))
}

/// The code of each row's word, of which -1 is none.
#[napi(catch_unwind)]
pub(crate) fn column_codes(table: &External<Handle>, place: u32) -> Result<Int32Array> {
    let table = &table.get()?;
    Ok(Int32Array::new(Words::of(table, place)?.codes))
}

/// The words that the codes of a column name.
#[napi(catch_unwind)]
pub(crate) fn column_words(table: &External<Handle>, place: u32) -> Result<Vec<String>> {
    let table = &table.get()?;
    Ok(Words::of(table, place)?.words)
}

/// A byte for each row, 0 where there is no value; nothing where each has one.
#[napi(catch_unwind)]
pub(crate) fn column_valid(table: &External<Handle>, place: u32) -> Result<Option<Uint8Array>> {
    let table = &table.get()?;
    let arrays: Vec<&dyn Array> = arrays(table, place)?.collect();
    if arrays.iter().all(|array| array.logical_null_count() == 0) {
        return Ok(None);
    }
    let mut valid = Vec::with_capacity(table.rows());
    for array in arrays {
        match array.nulls() {
            Some(nulls) => valid.extend(nulls.iter().map(u8::from)),
            None => valid.resize(valid.len().saturating_add(array.len()), 1),
        }
    }
    Ok(Some(Uint8Array::new(valid)))
}

fn data_type(table: &Table, place: u32) -> Result<&DataType> {
    let field = usize::try_from(place).ok().and_then(|place| table.schema().fields().get(place));
    field.map(|field| field.data_type()).ok_or_else(|| Fault::bad_input("column", "there is no such column"))
}

fn arrays(table: &Table, place: u32) -> Result<impl Iterator<Item = &dyn Array>> {
    let place = usize::try_from(place).unwrap_or(usize::MAX);
    Ok(table.list()?.iter().filter_map(move |batch| batch.columns().get(place).map(|array| &**array)))
}

/// The bytes of whole numbers and of what is written as such.
fn values(array: &dyn Array) -> Option<&[u8]> {
    macro_rules! bytes_of {
        ($($kind:ty),*) => { $(if let Some(array) = array.as_primitive_opt::<$kind>() {
            return Some(array.values().inner().as_slice());
        })* };
    }
    bytes_of!(Int64Type, Decimal128Type, Int8Type, Int16Type, Int32Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type);
    bytes_of!(TimestampMicrosecondType, Date32Type, Decimal32Type, Decimal64Type);
    None
}

fn is_words(found: &DataType) -> bool {
    match found {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_words(values),
        _ => false,
    }
}

/// A column of text: each word once, and a code for each row.
#[derive(Default)]
struct Words {
    words: Vec<String>,
    codes: Vec<i32>,
    known: HashMap<String, i32>,
}

impl Words {
    fn of(table: &Table, place: u32) -> Result<Self> {
        let mut all = Self::default();
        // Batches of one table often share the words of their dictionaries.
        let mut last: Option<(ArrayRef, Vec<i32>)> = None;
        for array in arrays(table, place)? {
            let Some(dictionary) = array.as_any_dictionary_opt() else {
                for row in 0..array.len() {
                    let code = text_at(array, row).map_or(NONE, |word| all.code(word));
                    all.codes.push(code);
                }
                continue;
            };
            let values = dictionary.values();
            let codes = match last.take() {
                Some((known, codes)) if Arc::ptr_eq(&known, values) => codes,
                _ => (0..values.len()).map(|row| text_at(values, row).map_or(NONE, |word| all.code(word))).collect(),
            };
            all.add_keys(dictionary, &codes);
            last = Some((values.clone(), codes));
        }
        Ok(all)
    }

    /// The codes of a dictionary's keys.
    fn add_keys(&mut self, dictionary: &dyn AnyDictionaryArray, codes: &[i32]) {
        let rows = dictionary.len();
        if dictionary.null_count() == rows {
            self.codes.resize(self.codes.len().saturating_add(rows), NONE);
            return;
        }
        let keys = dictionary.normalized_keys().into_iter();
        let code = |key: usize| codes.get(key).copied().unwrap_or(NONE);
        match dictionary.nulls() {
            None => self.codes.extend(keys.map(code)),
            Some(nulls) => {
                self.codes.extend(keys.zip(nulls).map(|(key, is_there)| if is_there { code(key) } else { NONE }));
            }
        }
    }

    fn code(&mut self, word: &str) -> i32 {
        if let Some(code) = self.known.get(word) {
            return *code;
        }
        let code = i32::try_from(self.words.len()).unwrap_or(NONE);
        self.words.push(word.to_owned());
        self.known.insert(word.to_owned(), code);
        code
    }
}

fn text_at(array: &dyn Array, row: usize) -> Option<&str> {
    if array.is_null(row) {
        return None;
    }
    match array.data_type() {
        DataType::Utf8 => Some(array.as_string_opt::<i32>()?.value(row)),
        DataType::LargeUtf8 => Some(array.as_string_opt::<i64>()?.value(row)),
        _ => Some(array.as_string_view_opt()?.value(row)),
    }
}

fn unread(table: &Table, place: u32, found: &DataType) -> Fault {
    let field = usize::try_from(place).ok().and_then(|place| table.schema().fields().get(place));
    BatchError::ColumnType {
        column: field.map(|field| field.name().clone()).unwrap_or_default(),
        expected: "text, whole numbers or decimals of up to 128 bits, or write the table as Arrow IPC",
        found: found.to_string(),
    }
    .into()
}
