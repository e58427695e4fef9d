//! CSV files with a header that is checked, and rows that know their line.

use super::source::{Source, not_utf8};
use crate::problem::{Fault, Problem};
use counterfoil::{
    error::excerpt,
    metering::{Part, Spec},
    units::{Quantity, Unit},
};
use csv::{ByteRecord, ReaderBuilder};
use std::{fmt, str::FromStr};

/// What a file's header must be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// The file.
    pub(crate) file: &'static str,
    /// Its columns, in order.
    pub(crate) columns: &'static [&'static str],
    /// Whether any number of `part:unit` columns follow, as `cpu:core` or `gpu[A100-80G]:milli_card`.
    pub(crate) parts: bool,
}

/// The rows of a file.
#[derive(Debug)]
pub(crate) struct Table {
    layout: Layout,
    parts: Vec<(Part, Unit)>,
    records: Vec<ByteRecord>,
}

/// One row of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'t> {
    table: &'t Table,
    record: &'t ByteRecord,
}

impl Table {
    /// Reads a file, all of it.
    ///
    /// A wrong header, or a field that runs over the end of its line (a quote that was never closed
    /// swallows the rows after it), makes the whole file unusable: nobody could say whose rows those are.
    pub(crate) fn read(source: &Source, layout: Layout) -> Result<Self, Problem> {
        let bytes = source.require(layout.file)?;
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&*bytes);
        let mut records = Vec::new();
        for record in reader.byte_records() {
            let record = record.map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line);
                Fault::new("input.not_csv", format!("it is no CSV: {error}")).at(layout.file, line)
            })?;
            if record.iter().any(|field| field.iter().any(|byte| matches!(byte, b'\n' | b'\r'))) {
                let message = "a field runs over the end of its line: close its quote";
                return Err(Fault::new("input.open_quote", message).at(layout.file, line_of(&record)));
            }
            records.push(record);
        }
        if records.is_empty() {
            return Err(Fault::new("input.wrong_header", layout.expected("it is empty")).at(layout.file, 1));
        }
        let header = records.remove(0);
        let parts = layout.check(&header).map_err(|fault| fault.at(layout.file, line_of(&header)))?;
        Ok(Self { layout, parts, records })
    }

    /// Reads a file that may be missing: then it has no rows.
    pub(crate) fn read_if_there(source: &Source, layout: Layout) -> Result<Self, Problem> {
        match source.read(layout.file)? {
            Some(_) => Self::read(source, layout),
            None => Ok(Self { layout, parts: Vec::new(), records: Vec::new() }),
        }
    }

    /// The file.
    pub(crate) const fn file(&self) -> &'static str {
        self.layout.file
    }

    /// Its rows, in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row { table: self, record })
    }
}

impl Layout {
    fn check(self, header: &ByteRecord) -> Result<Vec<(Part, Unit)>, Fault> {
        let wrong = |found: &str| Fault::new("input.wrong_header", self.expected(found));
        let cells: Vec<&str> =
            header.iter().map(std::str::from_utf8).collect::<Result<_, _>>().map_err(|_| not_utf8().about("header"))?;
        for (index, expected) in self.columns.iter().enumerate() {
            match cells.get(index) {
                Some(cell) if cell == expected => {}
                Some(cell) => return Err(wrong(&format!("column {} is `{}`", index + 1, excerpt(cell)))),
                None => return Err(wrong(&format!("column {} is missing", index + 1))),
            }
        }
        let mut parts: Vec<(Part, Unit)> = Vec::new();
        for (index, cell) in cells.iter().enumerate().skip(self.columns.len()) {
            let part = if self.parts { part_of(cell) } else { None };
            let Some((part, unit)) = part else {
                return Err(wrong(&format!("column {} is `{}`", index + 1, excerpt(cell))));
            };
            if parts.iter().any(|(known, _)| *known == part) {
                return Err(wrong(&format!("column {} is a second one for `{part}`", index + 1)));
            }
            parts.push((part, unit));
        }
        Ok(parts)
    }

    fn expected(self, found: &str) -> String {
        let columns = self.columns.join(",");
        let more = if self.parts { ", then columns like `cpu:core` or `gpu[A100-80G]:milli_card`" } else { "" };
        format!("wrong header, {found}: it must be `{columns}`{more}")
    }
}

/// Reads a column like `cpu:core`.
fn part_of(cell: &str) -> Option<(Part, Unit)> {
    let (part, unit) = cell.rsplit_once(':')?;
    Some((part.parse().ok()?, unit.parse().ok()?))
}

impl<'t> Row<'t> {
    /// Its line in the file, from 1.
    pub(crate) fn line(self) -> u64 {
        line_of(self.record)
    }

    /// The text of a column; the empty text is a text.
    pub(crate) fn text(self, column: &'static str) -> Result<&'t str, Fault> {
        let place = self.table.layout.columns.iter().position(|name| *name == column);
        let bytes = place.and_then(|place| self.record.get(place)).unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|_| not_utf8().about(&format!("column `{column}`")))
    }

    /// The value of a column.
    pub(crate) fn value<T: FromStr<Err: Into<Fault>>>(self, column: &'static str) -> Result<T, Fault> {
        let about = |fault: Fault| fault.about(&format!("column `{column}`"));
        self.text(column)?.parse().map_err(|error: T::Err| about(error.into()))
    }

    /// The value of a column that may be empty.
    pub(crate) fn optional<T: FromStr<Err: Into<Fault>>>(self, column: &'static str) -> Result<Option<T>, Fault> {
        if self.text(column)?.is_empty() { Ok(None) } else { self.value(column).map(Some) }
    }

    /// A quantity in a column, with its unit in another.
    pub(crate) fn quantity(self, amount: &'static str, unit: &'static str) -> Result<Quantity, Fault> {
        let unit = self.value::<Unit>(unit)?;
        Quantity::parse(self.text(amount)?, unit)
            .map_err(|error| Fault::from(error).about(&format!("column `{amount}`")))
    }

    /// What its `part:unit` columns say; an empty one says that there is no such part.
    pub(crate) fn spec(self) -> Result<Spec, Fault> {
        let mut spec = Spec::default();
        for ((part, unit), bytes) in
            self.table.parts.iter().zip(self.record.iter().skip(self.table.layout.columns.len()))
        {
            let about = |fault: Fault| fault.about(&format!("column `{part}:{unit}`"));
            let text = std::str::from_utf8(bytes).map_err(|_| about(not_utf8()))?;
            if !text.is_empty() {
                let quantity = Quantity::parse(text, *unit).map_err(|error| about(error.into()))?;
                spec = spec.with(part.clone(), quantity)?;
            }
        }
        Ok(spec)
    }

    /// The fault, unless it has as many fields as the header.
    pub(crate) fn check_width(self) -> Result<(), Fault> {
        let (fields, columns) = (self.record.len(), self.table.layout.columns.len() + self.table.parts.len());
        if fields == columns {
            return Ok(());
        }
        Err(Fault::new("input.wrong_width", format!("it has {fields} fields where the header has {columns}")))
    }

    /// A fault of this row.
    pub(crate) fn problem(self, fault: Fault) -> Problem {
        fault.at(self.table.layout.file, self.line())
    }
}

impl fmt::Display for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.table.layout.file, self.line())
    }
}

fn line_of(record: &ByteRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}
