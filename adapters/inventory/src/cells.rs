//! Tables of text, and texts in JSON that may be numbers.

use crate::{Fault, InventoryError, Object};
use csv::{ReaderBuilder, StringRecord};
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

/// The rows of a table with a header, and where its columns are.
pub(crate) struct Table {
    header: StringRecord,
    pub(crate) rows: Vec<Result<Row, Fault>>,
}

/// A row, and the line on which it begins.
pub(crate) struct Row {
    pub(crate) line: u64,
    cells: StringRecord,
}

impl Table {
    pub(crate) fn read(text: &[u8]) -> Result<Self, InventoryError> {
        let mut reader = ReaderBuilder::new().from_reader(text);
        let not_csv = |error: &csv::Error| InventoryError::NotCsv { fault: error.to_string() };
        let header = reader.headers().map_err(|error| not_csv(&error))?.clone();
        let row = |record: Result<StringRecord, csv::Error>| match record {
            Ok(cells) => Ok(Row { line: cells.position().map_or(0, csv::Position::line), cells }),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                Err(Fault { object: Object::Line(line), field: String::new(), error: not_csv(&error) })
            }
        };
        let rows = reader.into_records().map(row).collect();
        Ok(Self { header, rows })
    }

    /// The places of columns that have to be there.
    pub(crate) fn columns<const N: usize>(&self, names: [&'static str; N]) -> Result<[Column; N], InventoryError> {
        let missing = names.into_iter().find(|name| self.place(name).is_none());
        let column = |name| Column { name, place: self.place(name).unwrap_or(usize::MAX) };
        missing.map_or_else(|| Ok(names.map(column)), |column| Err(InventoryError::MissingColumn { column }))
    }

    /// A column; where it is not there, its cells are empty.
    pub(crate) fn column_or_empty(&self, name: &'static str) -> Column {
        Column { name, place: self.place(name).unwrap_or(usize::MAX) }
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|cell| cell.trim() == name)
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Column {
    name: &'static str,
    place: usize,
}

impl Row {
    /// The text of a cell.
    pub(crate) fn text(&self, column: Column) -> &str {
        self.cells.get(column.place).unwrap_or_default()
    }

    /// A whole number that has to be there.
    pub(crate) fn number(&self, column: Column) -> Result<u64, Fault> {
        self.optional_number(column)?.ok_or_else(|| self.fault(column, InventoryError::Missing))
    }

    /// A whole number, none where the cell is empty.
    pub(crate) fn optional_number(&self, column: Column) -> Result<Option<u64>, Fault> {
        match self.text(column) {
            "" => Ok(None),
            text => number(text).map(Some).map_err(|error| self.fault(column, error)),
        }
    }

    pub(crate) fn fault(&self, column: Column, error: impl Into<InventoryError>) -> Fault {
        Fault { object: Object::Line(self.line), field: column.name.to_owned(), error: error.into() }
    }
}

fn number(text: &str) -> Result<u64, InventoryError> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number: &u64| is_plain && i64::try_from(*number).is_ok());
    number.ok_or_else(|| InventoryError::NotANumber { text: text.to_owned() })
}

/// A text; of a number, the digits as they were written, so that none ever becomes a float.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell(pub(crate) String);

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let token = <&RawValue>::deserialize(deserializer)?.get();
        match token.as_bytes().first() {
            Some(b'"') => serde_json::from_str(token).map(Self).map_err(de::Error::custom),
            Some(b'-' | b'0'..=b'9') => Ok(Self(token.to_owned())),
            _ => Err(de::Error::custom("neither a text nor a number")),
        }
    }
}

/// A JSON text without the mark that some programs put before it.
pub(crate) fn json_text(text: &[u8]) -> Result<&str, InventoryError> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    std::str::from_utf8(text).map_err(|error| {
        let before = text.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count().saturating_add(1);
        InventoryError::NotJson { line, column, fault: "it is not UTF-8".to_owned() }
    })
}

pub(crate) fn not_json(error: &serde_json::Error) -> InventoryError {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let fault = error.to_string();
    let fault = fault.strip_suffix(&place).unwrap_or(&fault).to_owned();
    InventoryError::NotJson { line: error.line(), column: error.column(), fault }
}

/// An object of JSON in its shape, or the path of what has another one.
pub(crate) fn shaped<'t, T: Deserialize<'t>>(json: &'t str) -> Result<T, (String, InventoryError)> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let fault = error.inner().to_string();
        let place = format!(" at line {} column {}", error.inner().line(), error.inner().column());
        let fault = fault.strip_suffix(&place).unwrap_or(&fault).to_owned();
        (if path == "." { String::new() } else { path }, InventoryError::WrongShape { fault })
    })
}
