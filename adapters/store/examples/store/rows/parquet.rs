//! The rows of a Parquet file. What is exact is read: texts, decimals, whole numbers, instants.

use super::{Row, check_names};
use anyhow::{Context, Result, anyhow, bail};
use arrow_array::{
    Array, RecordBatch,
    cast::AsArray,
    types::{
        ArrowTimestampType, Decimal128Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
        TimestampNanosecondType,
    },
};
use counterfoil::time::Instant;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use std::{
    fs::File,
    iter,
    panic::{self, AssertUnwindSafe},
    sync::Arc,
};

/// The rows, and how many there are.
pub(super) fn rows(file: File, known: &[&str]) -> Result<(impl Iterator<Item = Result<Row>> + use<>, u64)> {
    // What columns are is told by the format itself; what a writer adds of its own may be anything.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let opened = guarded(|| ParquetRecordBatchReaderBuilder::try_new_with_options(file, options));
    let builder = opened.and_then(|opened| Ok(opened?)).context("not a Parquet file")?;
    let names: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    check_names(&names, known)?;
    let names: Arc<[String]> = names.into();
    let count = u64::try_from(builder.metadata().file_metadata().num_rows())?;
    let mut batches = guarded(|| builder.build())??;
    let mut before = 0;
    let rows = iter::from_fn(move || {
        let first = before + 1;
        let read = guarded(|| Ok(batches.next().transpose()?.map(|batch| rows_of(&batch, first, &names))));
        let rows = read.flatten().with_context(|| format!("row {first} and on")).transpose()?;
        before += rows.as_ref().map_or(0, Vec::len);
        Some(rows.unwrap_or_else(|error| vec![Err(error)]))
    });
    Ok((rows.flatten(), count))
}

/// What a damaged file comes to: at some of them the library that reads the format panics.
fn guarded<T>(read: impl FnOnce() -> T) -> Result<T> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let outcome = panic::catch_unwind(AssertUnwindSafe(read));
    panic::set_hook(hook);
    outcome.map_err(|_| anyhow!("the file is damaged"))
}

fn rows_of(batch: &RecordBatch, first: usize, names: &Arc<[String]>) -> Vec<Result<Row>> {
    let row = |row| {
        let place = format!("row {}", first + row);
        let cells = names
            .iter()
            .zip(batch.columns())
            .map(|(name, column)| cell(column, row).with_context(|| format!("{place}: column `{name}`")));
        Ok(Row { cells: cells.collect::<Result<_>>()?, names: names.clone(), place })
    };
    (0..batch.num_rows()).map(row).collect()
}

/// What is in a cell, as a CSV file would say it.
fn cell(column: &dyn Array, row: usize) -> Result<String> {
    if column.is_null(row) || column.data_type().is_null() {
        return Ok(String::new());
    }
    let texts = column.as_string_opt::<i32>().map(|texts| texts.value(row));
    let texts = texts.or_else(|| column.as_string_opt::<i64>().map(|texts| texts.value(row)));
    if let Some(text) = texts.or_else(|| column.as_string_view_opt().map(|texts| texts.value(row))) {
        return Ok(text.to_owned());
    }
    if let Some(decimals) = column.as_primitive_opt::<Decimal128Type>() {
        return Ok(decimals.value_as_string(row));
    }
    if let Some(whole) = column.as_primitive_opt::<Int64Type>() {
        return Ok(whole.value(row).to_string());
    }
    if let Some(whole) = column.as_primitive_opt::<Int32Type>() {
        return Ok(whole.value(row).to_string());
    }
    let instants = instant::<TimestampMicrosecondType>(column, row, (1, 1))
        .or_else(|| instant::<TimestampMillisecondType>(column, row, (1000, 1)))
        .or_else(|| instant::<TimestampNanosecondType>(column, row, (1, 1000)));
    match instants {
        Some(instant) => Ok(instant?.to_string()),
        None => bail!(
            "`{}` is not read: write texts, decimals of up to 38 digits, whole numbers, or timestamps with a zone",
            column.data_type()
        ),
    }
}

/// An instant of a column of them, where so many microseconds are so many of its units. One without a zone is none:
/// nobody knows where its clock hung.
fn instant<T: ArrowTimestampType>(
    column: &dyn Array,
    row: usize,
    (micros, units): (i64, i64),
) -> Option<Result<Instant>> {
    let instants = column.as_primitive_opt::<T>()?;
    instants.timezone()?;
    let value = instants.value(row);
    let whole = value.checked_mul(micros).filter(|value| value % units == 0);
    let whole = whole.with_context(|| format!("`{value}` is no whole number of microseconds"));
    Some(whole.and_then(|value| Ok(Instant::from_micros(value / units)?)))
}
