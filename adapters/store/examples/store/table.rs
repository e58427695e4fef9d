//! A table on its way out: as CSV, or as Parquet.

use anyhow::{Context, Result};
use arrow_array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use counterfoil::time::Instant;
use parquet::arrow::ArrowWriter;
use rust_decimal::Decimal;
use std::{fs::File, path::Path, sync::Arc};

/// The most digits of a decimal in Parquet.
const DIGITS: u8 = 38;

/// A column with a value for each row.
pub(crate) enum Column {
    Text(Vec<Option<String>>),
    Amount(Vec<Decimal>),
    Count(Vec<i64>),
    Instant(Vec<Option<Instant>>),
}

/// Columns by name.
pub(crate) struct Table(pub(crate) Vec<(&'static str, Column)>);

impl Table {
    pub(crate) fn rows(&self) -> usize {
        self.0.first().map_or(0, |(_, column)| column.len())
    }

    pub(crate) fn write_csv(&self, path: &Path) -> Result<()> {
        let mut file = csv::Writer::from_path(path).with_context(|| format!("`{}`", path.display()))?;
        file.write_record(self.0.iter().map(|(name, _)| *name))?;
        for row in 0..self.rows() {
            file.write_record(self.0.iter().map(|(_, column)| column.text(row)))?;
        }
        Ok(file.flush()?)
    }

    pub(crate) fn write_parquet(&self, path: &Path) -> Result<()> {
        let columns: Vec<(&str, ArrayRef, bool)> = self
            .0
            .iter()
            .map(|(name, column)| Ok((*name, column.array().with_context(|| format!("column `{name}`"))?, true)))
            .collect::<Result<_>>()?;
        let batch = RecordBatch::try_from_iter_with_nullable(columns)?;
        let file = File::create(path).with_context(|| format!("`{}`", path.display()))?;
        let mut writer = ArrowWriter::try_new(file, batch.schema(), None)?;
        writer.write(&batch)?;
        writer.close()?;
        Ok(())
    }
}

impl Column {
    fn len(&self) -> usize {
        match self {
            Self::Text(cells) => cells.len(),
            Self::Amount(cells) => cells.len(),
            Self::Count(cells) => cells.len(),
            Self::Instant(cells) => cells.len(),
        }
    }

    fn text(&self, row: usize) -> String {
        match self {
            Self::Text(cells) => cells.get(row).cloned().flatten().unwrap_or_default(),
            Self::Amount(cells) => cells.get(row).map(ToString::to_string).unwrap_or_default(),
            Self::Count(cells) => cells.get(row).map(ToString::to_string).unwrap_or_default(),
            Self::Instant(cells) => cells.get(row).copied().flatten().map(|at| at.to_string()).unwrap_or_default(),
        }
    }

    /// Amounts have as many digits after the point as the one that has the most, so that none is rounded.
    fn array(&self) -> Result<ArrayRef> {
        Ok(match self {
            Self::Text(cells) => Arc::new(StringArray::from(cells.clone())),
            Self::Count(cells) => Arc::new(Int64Array::from(cells.clone())),
            Self::Instant(cells) => {
                let cells = cells.iter().map(|at| at.map(Instant::micros));
                Arc::new(cells.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
            }
            Self::Amount(cells) => {
                let scale = cells.iter().map(Decimal::scale).max().unwrap_or(0);
                let units = cells.iter().map(|amount| {
                    let power = 10_i128.checked_pow(scale - amount.scale());
                    let units = power.and_then(|power| amount.mantissa().checked_mul(power));
                    units.context("an amount has more digits than a decimal of Parquet: export CSV")
                });
                let units = Decimal128Array::from(units.collect::<Result<Vec<i128>>>()?);
                Arc::new(units.with_precision_and_scale(DIGITS, i8::try_from(scale)?)?)
            }
        })
    }
}
