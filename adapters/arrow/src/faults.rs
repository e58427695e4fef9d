use crate::BatchError;
use arrow_array::{Array, DictionaryArray, PrimitiveArray, RecordBatch, UInt64Array, cast::AsArray, types::Int16Type};
use arrow_schema::{DataType, Field, Schema};
use std::sync::Arc;

/// The faulty rows of a batch that came out, as a batch of their own: what is written to a file of faults.
///
/// | column | type | null | is |
/// |---|---|---|---|
/// | `row` | uint64 | never | the row, counted from `first` for the first of the batch |
/// | `code` | dictionary of text, int16 keys | never | the stable code of what is wrong with it |
///
/// [`BatchRater::row`](crate::BatchRater::row), or [`BatchStatements::line`](crate::BatchStatements::line), tells the
/// whole error of one.
///
/// # Errors
/// `arrow.missing_column`, `arrow.column_type` for a batch that did not come out of here.
///
/// # Examples
/// ```
/// # use std::sync::Arc;
/// use arrow_array::{ArrayRef, DictionaryArray, RecordBatch, cast::AsArray, types::{Int16Type, UInt64Type}};
///
/// let codes: DictionaryArray<Int16Type> = [None, Some("units.negative"), None].into_iter().collect();
/// let rated = RecordBatch::try_from_iter([("code", Arc::new(codes) as ArrayRef)])?;
/// let faults = counterfoil_arrow::faults(&rated, 500)?;
/// assert_eq!(faults.column(0).as_primitive::<UInt64Type>().values(), &[501]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn faults(rated: &RecordBatch, first: u64) -> Result<RecordBatch, BatchError> {
    const EXPECTED: &str = "a dictionary of text with int16 keys, as it came out";
    let missing = || BatchError::MissingColumn { column: "code".to_owned(), expected: EXPECTED };
    let codes = rated.column_by_name("code").ok_or_else(missing)?;
    let Some(codes) = codes.as_dictionary_opt::<Int16Type>() else {
        let found = codes.data_type().to_string();
        return Err(BatchError::ColumnType { column: "code".to_owned(), expected: EXPECTED, found });
    };
    let faulty = (first..).zip(codes.keys()).filter_map(|(row, key)| Some((row, key?)));
    let (rows, keys): (Vec<u64>, Vec<i16>) = faulty.unzip();
    let keys = PrimitiveArray::<Int16Type>::from(keys);
    let codes = DictionaryArray::try_new(keys, codes.values().clone())?;
    let schema = Schema::new(vec![
        Field::new("row", DataType::UInt64, false),
        Field::new("code", codes.data_type().clone(), false),
    ]);
    Ok(RecordBatch::try_new(Arc::new(schema), vec![Arc::new(UInt64Array::from(rows)), Arc::new(codes)])?)
}
