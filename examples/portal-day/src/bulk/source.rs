//! Where rows come from: generated, Parquet, CSV; batch by batch.

use super::{columns, csv::CsvSource, generate::Generator};
use crate::problem::{Fault, Unusable};
use anyhow::{Context, Result};
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use std::{
    fmt,
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The rows of a batch, and what is wrong with some of them that no column can say.
pub(crate) struct Raw {
    pub(crate) batch: RecordBatch,
    pub(crate) faults: Vec<(usize, Fault)>,
}

/// Where rows come from.
pub(crate) enum Source {
    Generated(Generator),
    Parquet(ParquetSource),
    Csv(CsvSource),
}

/// A Parquet file.
pub(crate) struct ParquetSource {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
}

impl Source {
    /// Opens a file by what its name ends with.
    pub(crate) fn open(path: &Path) -> Result<Self, Unusable> {
        let name = path.display().to_string();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("parquet") => Ok(Self::Parquet(ParquetSource::open(path)?)),
            Some("csv") => Ok(Self::Csv(CsvSource::open(path)?)),
            _ => {
                let message = "its name must end with .parquet or .csv, which says what it is";
                Err(Fault::new("input.unknown_format", message).at(&name, 0).into())
            }
        }
    }

    pub(crate) fn schema(&self) -> SchemaRef {
        match self {
            Self::Generated(generator) => generator.schema(),
            Self::Parquet(source) => source.metadata.schema().clone(),
            Self::Csv(source) => source.schema(),
        }
    }

    /// How many rows there are, where that is known.
    pub(crate) fn rows(&self) -> Option<u64> {
        match self {
            Self::Generated(generator) => Some(generator.rows()),
            Self::Parquet(source) => u64::try_from(source.metadata.metadata().file_metadata().num_rows()).ok(),
            Self::Csv(_) => None,
        }
    }

    /// All rows, so many at a time.
    pub(crate) fn batches(&self, rows: usize) -> Result<Box<dyn Iterator<Item = Result<Raw>> + Send + '_>> {
        match self {
            Self::Generated(generator) => {
                let step = u64::try_from(rows).unwrap_or(u64::MAX).max(1);
                let starts = (0..generator.rows().div_ceil(step)).map(move |batch| batch * step);
                Ok(Box::new(
                    starts.map(move |start| generator.batch(start..start.saturating_add(step)).map(Raw::sound)),
                ))
            }
            Self::Parquet(source) => {
                let path = source.path.display().to_string();
                let batches = source.reader(|builder| builder.with_batch_size(rows))?;
                Ok(Box::new(
                    batches.map(move |batch| Ok(Raw::sound(batch.map_err(|error| unreadable(&path, &error))?))),
                ))
            }
            Self::Csv(source) => Ok(Box::new(source.batches(rows)?)),
        }
    }

    /// One row, from 0; none if there are not so many.
    pub(crate) fn row(&self, row: u64) -> Result<Option<Raw>> {
        let raw = match self {
            Self::Generated(generator) => Raw::sound(generator.batch(row..row.saturating_add(1))?),
            Self::Parquet(source) => {
                let place = usize::try_from(row).context("there are not so many rows")?;
                let mut batches = source.reader(|builder| builder.with_offset(place).with_limit(1))?;
                match batches.next() {
                    Some(batch) => Raw::sound(batch?),
                    None => return Ok(None),
                }
            }
            Self::Csv(source) => return source.row(row),
        };
        Ok((raw.batch.num_rows() > 0).then_some(raw))
    }
}

impl ParquetSource {
    fn open(path: &Path) -> Result<Self, Unusable> {
        let of_file = |error: &dyn fmt::Display| {
            let fault = Fault::new("input.not_parquet", format!("can not be read as Parquet: {error}"));
            Unusable::from(fault.at(&path.display().to_string(), 0))
        };
        let file = File::open(path).map_err(|error| of_file(&error))?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|error| of_file(&error))?;
        // Text is kept as the dictionaries that Parquet has it in: each name is then looked up once, not for each row.
        let options = ArrowReaderOptions::new().with_schema(with_dictionaries(metadata.schema()));
        let metadata = ArrowReaderMetadata::load(&file, options).map_err(|error| of_file(&error))?;
        Ok(Self { path: path.to_owned(), metadata })
    }

    fn reader(
        &self,
        ask: impl FnOnce(ParquetRecordBatchReaderBuilder<File>) -> ParquetRecordBatchReaderBuilder<File>,
    ) -> Result<ParquetRecordBatchReader> {
        let name = || format!("can not read {}", self.path.display());
        let file = File::open(&self.path).with_context(name)?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        ask(builder).build().with_context(name)
    }
}

impl Raw {
    fn sound(batch: RecordBatch) -> Self {
        Self { batch, faults: Vec::new() }
    }
}

/// The same schema with plain text as dictionaries.
fn with_dictionaries(schema: &Schema) -> SchemaRef {
    let field = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8 => Arc::new(field.as_ref().clone().with_data_type(columns::words())),
        _ => field.clone(),
    };
    let fields: Vec<Arc<Field>> = schema.fields().iter().map(field).collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

fn unreadable(path: &str, error: &ArrowError) -> Unusable {
    let fault = Fault::new("input.not_parquet", format!("can not be read any further: {error}"));
    fault.at(path, 0).into()
}
