//! Usage in CSV: read into columns, and written from them.

use super::{
    columns::{self, FIXED, KIND, MODE, OWNER, RESOURCE, UNIT},
    source::Raw,
};
use crate::problem::{Fault, Unusable};
use anyhow::{Context, Result};
use arrow_array::{
    Array, ArrayRef, RecordBatch,
    builder::{Decimal64Builder, StringDictionaryBuilder, TimestampMicrosecondBuilder, UInt32Builder},
    cast::AsArray,
    types::{Decimal64Type, Int32Type, Int64Type, TimestampMicrosecondType, UInt32Type},
};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use counterfoil::time::Instant;
use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord, Writer};
use std::{
    fs::File,
    io::{BufReader, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

/// How many digits after the point quantities have in columns.
const DIGITS: i8 = 6;
const PRECISION: u8 = 18;

/// A CSV file of usage.
pub(crate) struct CsvSource {
    path: PathBuf,
    schema: SchemaRef,
}

/// A column that is being read.
enum Column {
    Number(UInt32Builder),
    Words(StringDictionaryBuilder<Int32Type>),
    /// With the last text and what it was: the days of rows are nearly always the same.
    Instant(TimestampMicrosecondBuilder, String, i64),
    Quantity(Decimal64Builder),
}

impl CsvSource {
    pub(super) fn open(path: &Path) -> Result<Self, Unusable> {
        let name = path.display().to_string();
        let fault = |code, message: String, line| Unusable::from(Fault::new(code, message).at(&name, line));
        let file =
            File::open(path).map_err(|error| fault("input.unreadable", format!("can not be read: {error}"), 0))?;
        let mut reader = ReaderBuilder::new().from_reader(file);
        let header = reader.headers().map_err(|error| fault("input.not_csv", format!("it is no CSV: {error}"), 1))?;
        Ok(Self { path: path.to_owned(), schema: schema(header) })
    }

    pub(super) fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    pub(super) fn batches(&self, rows: usize) -> Result<impl Iterator<Item = Result<Raw>> + Send + '_> {
        let mut reader = self.reader()?;
        let mut record = ByteRecord::new();
        let mut is_over = false;
        Ok(std::iter::from_fn(move || {
            if is_over {
                return None;
            }
            match self.read(&mut reader, &mut record, rows) {
                Ok(raw) => {
                    is_over = raw.batch.num_rows() < rows;
                    (raw.batch.num_rows() > 0).then_some(Ok(raw))
                }
                Err(error) => {
                    is_over = true;
                    Some(Err(error))
                }
            }
        }))
    }

    /// One row, found by reading up to it.
    pub(super) fn row(&self, row: u64) -> Result<Option<Raw>> {
        let mut reader = self.reader()?;
        let mut record = ByteRecord::new();
        for _ in 0..row {
            if !reader.read_byte_record(&mut record).map_err(|error| self.not_csv(&error))? {
                return Ok(None);
            }
        }
        let raw = self.read(&mut reader, &mut record, 1)?;
        Ok((raw.batch.num_rows() > 0).then_some(raw))
    }

    fn reader(&self) -> Result<Reader<BufReader<File>>> {
        let file = File::open(&self.path).with_context(|| format!("can not read {}", self.path.display()))?;
        Ok(ReaderBuilder::new().from_reader(BufReader::with_capacity(1 << 20, file)))
    }

    fn read(&self, reader: &mut Reader<BufReader<File>>, record: &mut ByteRecord, rows: usize) -> Result<Raw> {
        let fields = self.schema.fields();
        let mut columns: Vec<Column> = fields.iter().map(|field| Column::of(field)).collect();
        let mut faults = Vec::new();
        for row in 0..rows {
            if !reader.read_byte_record(record).map_err(|error| self.not_csv(&error))? {
                break;
            }
            let mut first = None;
            for (place, (column, field)) in columns.iter_mut().zip(fields).enumerate() {
                let cell = std::str::from_utf8(record.get(place).unwrap_or_default());
                let read = match cell {
                    Ok(cell) => column.push(cell),
                    Err(_) => {
                        column.push_null();
                        Err("is no UTF-8: save the file as UTF-8")
                    }
                };
                if let Err(wrong) = read {
                    let text = counterfoil::error::excerpt(cell.unwrap_or_default());
                    let line = record.position().map_or(0, csv::Position::line);
                    first.get_or_insert_with(|| {
                        let message = format!("line {line}, column `{}`: `{text}` {wrong}", field.name());
                        Fault::new("input.bad_cell", message)
                    });
                }
            }
            faults.extend(first.map(|fault| (row, fault)));
        }
        let columns = columns.into_iter().map(Column::finish).collect::<Result<_>>()?;
        Ok(Raw { batch: RecordBatch::try_new(self.schema.clone(), columns)?, faults })
    }

    fn not_csv(&self, error: &csv::Error) -> Unusable {
        let line = error.position().map_or(0, csv::Position::line);
        Fault::new("input.not_csv", format!("it is no CSV: {error}")).at(&self.path.display().to_string(), line).into()
    }
}

/// The columns that a header names. What a name does not say is found where columns are checked.
fn schema(header: &StringRecord) -> SchemaRef {
    let field = |name: &str| {
        let data_type = match name {
            RESOURCE => DataType::UInt32,
            OWNER | UNIT | KIND | MODE => columns::words(),
            name if FIXED.contains(&name) => columns::instant(),
            _ => DataType::Decimal64(PRECISION, DIGITS),
        };
        Field::new(name, data_type, true)
    };
    Arc::new(Schema::new(header.iter().map(field).collect::<Vec<_>>()))
}

impl Column {
    fn of(field: &Field) -> Self {
        match field.data_type() {
            DataType::UInt32 => Self::Number(UInt32Builder::new()),
            DataType::Dictionary(..) => Self::Words(StringDictionaryBuilder::new()),
            DataType::Timestamp(..) => Self::Instant(TimestampMicrosecondBuilder::new(), String::new(), 0),
            _ => Self::Quantity(Decimal64Builder::new()),
        }
    }

    /// Reads a cell; an empty one is a null, and so is one with a fault, which is told.
    fn push(&mut self, cell: &str) -> Result<(), &'static str> {
        if cell.is_empty() {
            self.push_null();
            return Ok(());
        }
        let read = match self {
            Self::Number(builder) => match cell.parse() {
                Ok(number) => {
                    builder.append_value(number);
                    Ok(())
                }
                Err(_) => Err("is no number of a resource: write a whole number below 2^32"),
            },
            Self::Words(builder) => builder.append(cell).map(|_| ()).map_err(|_| "is one name too many of its batch"),
            Self::Instant(builder, last, micros) => {
                if cell != last
                    && let Ok(instant) = cell.parse::<Instant>()
                {
                    (*last, *micros) = (cell.to_owned(), instant.micros());
                }
                match cell == last {
                    true => {
                        builder.append_value(*micros);
                        Ok(())
                    }
                    false => Err("is no instant: write it like 2024-02-01T00:00:00Z"),
                }
            }
            Self::Quantity(builder) => match scaled(cell) {
                Some(number) => {
                    builder.append_value(number);
                    Ok(())
                }
                None => Err("is no number of up to 12 digits before and 6 after the point"),
            },
        };
        if read.is_err() {
            self.push_null();
        }
        read
    }

    fn push_null(&mut self) {
        match self {
            Self::Number(builder) => builder.append_null(),
            Self::Words(builder) => builder.append_null(),
            Self::Instant(builder, ..) => builder.append_null(),
            Self::Quantity(builder) => builder.append_null(),
        }
    }

    fn finish(self) -> Result<ArrayRef> {
        Ok(match self {
            Self::Number(mut builder) => Arc::new(builder.finish()),
            Self::Words(mut builder) => Arc::new(builder.finish()),
            Self::Instant(mut builder, ..) => Arc::new(builder.finish().with_timezone("UTC")),
            Self::Quantity(mut builder) => Arc::new(builder.finish().with_precision_and_scale(PRECISION, DIGITS)?),
        })
    }
}

/// A decimal as a whole number of its last digit.
fn scaled(cell: &str) -> Option<i64> {
    let (sign, digits) = cell.strip_prefix('-').map_or((1, cell), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || whole.len() > 12 || (digits.len() > whole.len() && !is_number(fraction)) {
        return None;
    }
    let most = usize::try_from(DIGITS).unwrap_or_default();
    let kept = fraction.trim_end_matches('0');
    if kept.len() > most {
        return None;
    }
    format!("{whole}{kept:0<most$}").parse::<i64>().ok().map(|number| sign * number)
}

/// Writes batches as CSV, in the form that is read above.
pub(super) struct CsvSink<W: Write> {
    writer: Writer<W>,
}

impl<W: Write> CsvSink<W> {
    pub(super) fn new(to: W, schema: &Schema) -> Result<Self> {
        let mut writer = Writer::from_writer(to);
        writer.write_record(schema.fields().iter().map(|field| field.name()))?;
        Ok(Self { writer })
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let columns = batch.columns().iter().map(texts).collect::<Result<Vec<_>>>()?;
        for row in 0..batch.num_rows() {
            self.writer.write_record(columns.iter().map(|column| column.get(row).map_or("", String::as_str)))?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<()> {
        Ok(self.writer.flush()?)
    }
}

/// The cells of a column as text; a null is empty.
fn texts(column: &ArrayRef) -> Result<Vec<String>> {
    let rows = 0..column.len();
    Ok(match column.data_type() {
        DataType::UInt32 => {
            let numbers = column.as_primitive::<UInt32Type>();
            rows.map(|row| cell(column, row, || numbers.value(row).to_string())).collect()
        }
        DataType::Int64 => {
            let numbers = column.as_primitive::<Int64Type>();
            rows.map(|row| cell(column, row, || numbers.value(row).to_string())).collect()
        }
        DataType::Decimal64(..) => {
            let numbers = column.as_primitive::<Decimal64Type>();
            rows.map(|row| cell(column, row, || numbers.value_as_string(row))).collect()
        }
        DataType::Dictionary(..) => {
            let words = column.as_dictionary::<Int32Type>();
            let values = words.values().as_string::<i32>();
            rows.map(|row| {
                cell(column, row, || words.key(row).map(|key| values.value(key).to_owned()).unwrap_or_default())
            })
            .collect()
        }
        DataType::Timestamp(..) => {
            let micros = column.as_primitive::<TimestampMicrosecondType>();
            let text = |row| Instant::from_micros(micros.value(row)).map(|at| at.to_string()).unwrap_or_default();
            rows.map(|row| cell(column, row, || text(row))).collect()
        }
        other => anyhow::bail!("a column of {other} is never written as CSV"),
    })
}

/// One cell as text, of any column that is read.
pub(super) fn cell_text(column: &ArrayRef, row: usize) -> Result<String> {
    let cell = column.slice(row, 1);
    let text = texts(&cell).ok().and_then(|texts| texts.into_iter().next());
    Ok(text.unwrap_or_else(|| format!("{cell:?}")))
}

fn cell(column: &ArrayRef, row: usize, text: impl FnOnce() -> String) -> String {
    if column.is_null(row) { String::new() } else { text() }
}
