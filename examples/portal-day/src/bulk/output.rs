//! Files that are whole or not there: each is written under another name, and all are renamed at the end.

use super::{
    csv::CsvSink,
    settle::{Listed, Tally},
};
use anyhow::{Context, Result};
use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use counterfoil::statement::bulk::{DailySums, StatementColumns};
use counterfoil_arrow::MoneyType;
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};
use std::{
    fs::{self, File},
    io::BufWriter,
    path::{Path, PathBuf},
};

/// Files that are being written; those that are not kept are removed.
#[derive(Debug, Default)]
pub(super) struct Partial {
    files: Vec<(PathBuf, PathBuf)>,
}

impl Partial {
    /// Begins a file.
    pub(super) fn create(&mut self, path: &Path) -> Result<File> {
        let mut name = path.as_os_str().to_owned();
        name.push(".partial");
        let partial = PathBuf::from(name);
        let file = File::create(&partial).with_context(|| format!("can not write {}", partial.display()))?;
        self.files.push((partial, path.to_owned()));
        Ok(file)
    }

    /// Gives all files their names.
    pub(super) fn keep(mut self) -> Result<()> {
        for (partial, path) in self.files.drain(..) {
            fs::rename(&partial, &path).with_context(|| format!("can not write {}", path.display()))?;
        }
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        for (partial, _) in &self.files {
            // What can not be removed is still under its other name.
            let _ = fs::remove_file(partial);
        }
    }
}

/// A file of record batches, in the format that its name ends with.
pub(super) enum Sink {
    Parquet(Box<ArrowWriter<File>>),
    Csv(Box<CsvSink<BufWriter<File>>>),
}

impl Sink {
    /// A Parquet file with so many rows in a group.
    pub(super) fn parquet(file: File, schema: SchemaRef, row_group: usize) -> Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(row_group))
            .set_created_by(format!("portal-day {}", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self::Parquet(Box::new(ArrowWriter::try_new(file, schema, Some(properties))?)))
    }

    /// A CSV file.
    pub(super) fn csv(file: File, schema: &Schema) -> Result<Self> {
        Ok(Self::Csv(Box::new(CsvSink::new(BufWriter::with_capacity(1 << 20, file), schema)?)))
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        match self {
            Self::Parquet(writer) => Ok(writer.write(batch)?),
            Self::Csv(writer) => writer.write(batch),
        }
    }

    pub(super) fn finish(self) -> Result<()> {
        match self {
            Self::Parquet(writer) => {
                writer.close()?;
                Ok(())
            }
            Self::Csv(writer) => writer.finish(),
        }
    }
}

/// The statements as a batch, none of which has a fault: without the numbers by which lines would name them, and codes.
pub(super) fn statements(columns: &StatementColumns, sums: &DailySums) -> Result<RecordBatch> {
    let batch = counterfoil_arrow::statement_batch(sums, columns, MoneyType::Decimal)?;
    let fields = batch.schema().fields().clone();
    let written = fields.iter().enumerate().filter(|(_, field)| !["group", "code"].contains(&field.name().as_str()));
    Ok(batch.project(&written.map(|(place, _)| place).collect::<Vec<_>>())?)
}

/// The rows that have a fault, as many as are listed.
pub(super) fn faults(file: File, listed: &[Listed]) -> Result<()> {
    let mut writer = csv::Writer::from_writer(BufWriter::new(file));
    writer.write_record(["row", "resource", "code", "message"])?;
    for Listed { row, resource, code, message } in listed {
        let resource = resource.map(|resource| resource.to_string()).unwrap_or_default();
        writer.write_record([&row.to_string(), &resource, code, message])?;
    }
    Ok(writer.flush()?)
}

/// The sums of rated rows against those of statements, and the rows that came in against what became of them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Check {
    pub(crate) left_of: &'static str,
    #[serde(serialize_with = "as_text")]
    pub(crate) left: i128,
    pub(crate) right_of: &'static str,
    #[serde(serialize_with = "as_text")]
    pub(crate) right: i128,
    /// Digits after the point.
    #[serde(skip)]
    pub(crate) scale: u32,
    pub(crate) ok: bool,
}

fn as_text<S: serde::Serializer>(number: &i128, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(number)
}

/// All checks.
pub(super) fn checks(read: u64, written: u64, tally: Tally, statements: &StatementColumns, scale: u32) -> Vec<Check> {
    let check = |left_of, left, right_of, right, scale| {
        let ok = left == right;
        Check { left_of, left, right_of, right, scale, ok }
    };
    let lines: u64 = statements.lines.iter().sum();
    vec![
        check(
            "rows in",
            read.into(),
            "rated + absent + faulty",
            i128::from(tally.rated) + i128::from(tally.absent) + i128::from(tally.faulty),
            0,
        ),
        check("rows in", read.into(), "rows written", written.into(), 0),
        check("rated rows", tally.rated.into(), "lines of statements", lines.into(), 0),
        check(
            "original of rated rows",
            tally.original,
            "original of statements",
            statements.original.iter().sum(),
            scale,
        ),
        check("payable of rated rows", tally.payable, "payable of statements", statements.payable.iter().sum(), scale),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn every_sum_that_is_off_is_seen() {
        let tally = Tally { rows: 5, rated: 3, absent: 1, faulty: 1, original: 700, payable: 300 };
        let statements = StatementColumns {
            lines: vec![2, 1],
            original: vec![500, 200],
            payable: vec![300, 0],
            ..StatementColumns::default()
        };
        let off = |read, written, tally: Tally| {
            let checks = checks(read, written, tally, &statements, 2);
            checks.into_iter().filter(|check| !check.ok).map(|check| check.left_of).collect::<Vec<_>>()
        };
        assert!(off(5, 5, tally).is_empty());
        assert_eq!(off(6, 5, tally), ["rows in", "rows in"]);
        assert_eq!(off(5, 4, tally), ["rows in"]);
        assert_eq!(off(5, 5, Tally { rated: 4, absent: 0, ..tally }), ["rated rows"]);
        assert_eq!(off(5, 5, Tally { original: 701, ..tally }), ["original of rated rows"]);
        assert_eq!(off(5, 5, Tally { payable: 299, ..tally }), ["payable of rated rows"]);
    }

    #[test]
    fn a_file_is_there_when_it_is_kept_and_not_before() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("rated.parquet");
        let files = || Ok::<_, std::io::Error>(fs::read_dir(folder.path())?.count());
        let mut dropped = Partial::default();
        dropped.create(&path)?.write_all(b"half")?;
        assert!(!path.exists());
        drop(dropped);
        assert_eq!(files()?, 0);
        let mut kept = Partial::default();
        kept.create(&path)?.write_all(b"whole")?;
        kept.keep()?;
        assert_eq!((fs::read(&path)?, files()?), (b"whole".to_vec(), 1));
        Ok(())
    }
}
