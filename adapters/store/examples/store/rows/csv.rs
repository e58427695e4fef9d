//! The rows of a CSV file, whose first line names the columns.

use super::{Row, check_names};
use anyhow::{Context, Result, anyhow, bail};
use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord, Terminator};
use std::{
    io::{Chain, Read},
    sync::Arc,
};

/// The lines of a file, one after another.
pub(super) struct Lines<R> {
    names: Arc<[String]>,
    file: Reader<Chain<R, &'static [u8]>>,
}

impl<R: Read> Lines<R> {
    /// Reads the first line.
    pub(super) fn new(file: R, known: &[&str]) -> Result<Self> {
        // The reader tells the line that it has come to: the one after a row, if each row ends with a line feed.
        let file = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(Terminator::Any(b'\n'))
            .from_reader(file.chain(&b"\n"[..]));
        let mut lines = Self { names: Arc::default(), file };
        let (line, names) = lines.read()?.context("nothing is there: the first line names the columns")?;
        let names = StringRecord::from_byte_record(names).map_err(|_| anyhow!("line {line}: not UTF-8"))?;
        lines.names = names.iter().map(str::to_owned).collect();
        check_names(&lines.names, known).with_context(|| format!("line {line}"))?;
        Ok(lines)
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
        let cells = StringRecord::from_byte_record(cells).map_err(|error| {
            let name = self.names.get(error.utf8_error().field()).map_or("", String::as_str);
            anyhow!("line {line}: column `{name}`: not UTF-8")
        })?;
        let cells = cells.iter().map(str::to_owned).collect();
        Ok(Row { names: self.names.clone(), cells, place: format!("line {line}") })
    }
}

impl<R: Read> Iterator for Lines<R> {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Result<Row>> {
        let read = self.read().transpose()?;
        Some(read.and_then(|(line, cells)| self.row(line, cells)))
    }
}
