//! The first rows of a table as text, for a terminal or a notebook.

use arrow_array::{
    Array, RecordBatch,
    cast::AsArray,
    downcast_integer_array,
    types::{Date32Type, Decimal32Type, Decimal64Type, Decimal128Type, TimestampMicrosecondType},
};
use arrow_schema::{DataType, Schema, TimeUnit};
use counterfoil::time::Instant;
use std::fmt::Write;

/// How many rows are shown.
const ROWS: usize = 10;

/// A column a line.
pub(super) fn schema_text(schema: &Schema) -> String {
    let lines = schema.fields().iter().map(|field| format!("{}: {}", field.name(), field.data_type()));
    lines.collect::<Vec<_>>().join("\n")
}

/// The first rows under the names of their columns.
pub(super) fn text(schema: &Schema, batches: &[RecordBatch]) -> String {
    let (rows, left) = first_rows(schema, batches);
    let width = |column: usize| rows.iter().filter_map(|row| Some(row.get(column)?.chars().count())).max().unwrap_or(0);
    let widths: Vec<usize> = (0..schema.fields().len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join(" | ").trim_end().to_owned()
    };
    let mut text = rows.iter().map(line).collect::<Vec<_>>().join("\n");
    if left > 0 {
        let _ = write!(text, "\n… {left} more rows");
    }
    text
}

/// The same as a table of HTML.
pub(super) fn html(schema: &Schema, batches: &[RecordBatch]) -> String {
    let (rows, left) = first_rows(schema, batches);
    let mut html = String::from("<table>");
    for (index, row) in rows.iter().enumerate() {
        let cell = if index == 0 { "th" } else { "td" };
        html.push_str("<tr>");
        row.iter().for_each(|text| html.extend([&format!("<{cell}>"), &*escaped(text), &format!("</{cell}>")]));
        html.push_str("</tr>");
    }
    html.push_str("</table>");
    if left > 0 {
        let _ = write!(html, "<p>… {left} more rows</p>");
    }
    html
}

/// The names, the first rows, and how many there are behind them.
fn first_rows(schema: &Schema, batches: &[RecordBatch]) -> (Vec<Vec<String>>, usize) {
    let mut shown = vec![schema.fields().iter().map(|field| field.name().clone()).collect()];
    let places = batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |row| (batch, row)));
    shown
        .extend(places.take(ROWS).map(|(batch, row)| batch.columns().iter().map(|column| cell(column, row)).collect()));
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    (shown, rows.saturating_sub(ROWS))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A value as text, of the types that results and names have; of another type its presence alone.
fn cell(column: &dyn Array, row: usize) -> String {
    if column.is_null(row) {
        return "null".to_owned();
    }
    let value = match column.data_type() {
        DataType::Utf8 => column.as_string_opt::<i32>().map(|texts| texts.value(row).to_owned()),
        DataType::LargeUtf8 => column.as_string_opt::<i64>().map(|texts| texts.value(row).to_owned()),
        DataType::Utf8View => column.as_string_view_opt().map(|texts| texts.value(row).to_owned()),
        DataType::Boolean => column.as_boolean_opt().map(|truths| truths.value(row).to_string()),
        DataType::Dictionary(_, _) => column.as_any_dictionary_opt().and_then(|dictionary| {
            let key = *dictionary.normalized_keys().get(row)?;
            Some(cell(dictionary.values(), key))
        }),
        DataType::Decimal32(_, _) => column.as_primitive_opt::<Decimal32Type>().map(|all| all.value_as_string(row)),
        DataType::Decimal64(_, _) => column.as_primitive_opt::<Decimal64Type>().map(|all| all.value_as_string(row)),
        DataType::Decimal128(_, _) => column.as_primitive_opt::<Decimal128Type>().map(|all| all.value_as_string(row)),
        DataType::Date32 => {
            let dates = column.as_primitive_opt::<Date32Type>();
            dates.and_then(|dates| dates.value_as_date(row)).map(|date| date.to_string())
        }
        DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => {
            let instants = column.as_primitive_opt::<TimestampMicrosecondType>();
            instants.and_then(|all| Instant::from_micros(all.value(row)).ok()).map(|instant| instant.to_string())
        }
        _ => downcast_integer_array! {
            column => Some(column.value(row).to_string()),
            _ => None,
        },
    };
    value.unwrap_or_else(|| "…".to_owned())
}
