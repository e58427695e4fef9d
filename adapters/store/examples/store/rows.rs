//! The rows of a CSV file, whose first line names the columns.

use anyhow::{Context, Error, Result, anyhow, bail};
use counterfoil::{
    money::{Currency, Money},
    wallet::{Owner, OwnerKind},
};
use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord, Terminator};
use std::{
    io::{Chain, Read},
    str::FromStr,
};

/// The rows of a file, one after another.
pub(crate) struct Rows<R> {
    names: StringRecord,
    file: Reader<Chain<R, &'static [u8]>>,
}

/// A row, and where it stands.
pub(crate) struct Row {
    names: StringRecord,
    cells: StringRecord,
    pub(crate) line: u64,
}

impl<R: Read> Rows<R> {
    /// Reads the first line: a name that nobody reads, and a name that is there twice, would be a column that is lost.
    pub(crate) fn new(file: R, known: &[&str]) -> Result<Self> {
        // The reader tells the line that it has come to: the one after a row, if each row ends with a line feed.
        let file = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(Terminator::Any(b'\n'))
            .from_reader(file.chain(&b"\n"[..]));
        let mut rows = Self { names: StringRecord::new(), file };
        let (line, names) = rows.read()?.context("nothing is there: the first line names the columns")?;
        rows.names = StringRecord::from_byte_record(names).map_err(|_| anyhow!("line {line}: not UTF-8"))?;
        for (place, name) in rows.names.iter().enumerate() {
            if !known.contains(&name) {
                bail!("line {line}: no column is called `{name:.40}`: there are `{}`", known.join("`, `"));
            }
            if rows.names.iter().take(place).any(|before| before == name) {
                bail!("line {line}: the column `{name}` is there twice");
            }
        }
        Ok(rows)
    }

    /// The next line that is not empty, or more than one where line feeds are in quotes.
    fn read(&mut self) -> Result<Option<(u64, ByteRecord)>> {
        let mut cells = ByteRecord::new();
        while self.file.read_byte_record(&mut cells)? {
            let inside = cells.as_slice().iter().filter(|byte| **byte == b'\n').count();
            let line = self.file.position().line() - 1 - u64::try_from(inside)?;
            let last = cells.iter().next_back().unwrap_or_default();
            if last.ends_with(b"\n") {
                // Then the row goes on to the end of the file, and no line feed ends it.
                bail!("line {}: the last column ends with a line feed: is a quote not closed?", line + 1);
            }
            if let Some(last) = last.strip_suffix(b"\r").map(<[u8]>::to_vec) {
                cells.truncate(cells.len() - 1);
                cells.push_field(&last);
            }
            if !cells.as_slice().is_empty() || cells.len() > 1 {
                return Ok(Some((line, cells)));
            }
        }
        Ok(None)
    }

    fn row(&self, line: u64, cells: ByteRecord) -> Result<Row> {
        if cells.len() != self.names.len() {
            bail!("line {line}: {} columns, where the first line has {}", cells.len(), self.names.len());
        }
        let names = self.names.clone();
        let cells = StringRecord::from_byte_record(cells).map_err(|error| {
            let name = names.get(error.utf8_error().field()).unwrap_or_default();
            anyhow!("line {line}: column `{name}`: not UTF-8")
        })?;
        Ok(Row { names, cells, line })
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Result<Row>> {
        let read = self.read().transpose()?;
        Some(read.and_then(|(line, cells)| self.row(line, cells)))
    }
}

impl Row {
    /// What is in a cell, where there is something in it.
    pub(crate) fn optional(&self, name: &str) -> Option<&str> {
        let place = self.names.iter().position(|known| known == name)?;
        self.cells.get(place).filter(|cell| !cell.is_empty())
    }

    pub(crate) fn text(&self, name: &str) -> Result<&str> {
        self.optional(name).with_context(|| format!("column `{name}`: nothing is there"))
    }

    /// What is in a cell, as a type reads it.
    pub(crate) fn value<T: FromStr<Err: Into<Error>>>(&self, name: &str) -> Result<T> {
        let value = self.text(name)?.parse().map_err(Into::into);
        value.with_context(|| format!("column `{name}`"))
    }

    pub(crate) fn money(&self, name: &str) -> Result<Money> {
        let currency = self.value::<Currency>("currency")?;
        Money::parse(self.text(name)?, currency).with_context(|| format!("column `{name}`"))
    }

    pub(crate) fn owner(&self, name: &str) -> Result<Owner> {
        let text = self.text(name)?;
        let parts =
            text.split_once(':').with_context(|| format!("column `{name}`: `{text:.40}` is not like `user:ada`"));
        let (kind, id) = parts?;
        Ok(Owner::new(kind.parse::<OwnerKind>().with_context(|| format!("column `{name}`"))?, id))
    }
}
