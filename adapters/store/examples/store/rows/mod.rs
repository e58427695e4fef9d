//! The rows of a file that is put in, whatever kind of file it is: what a cell says is the same in each.

mod csv;
mod parquet;

use anyhow::{Context, Error, Result, bail};
use counterfoil::{
    money::{Currency, Money},
    wallet::{Owner, OwnerKind},
};
use indicatif::{ProgressBar, ProgressStyle};
use std::{fs::File, path::Path, str::FromStr, sync::Arc};

/// The rows of a file, one after another.
pub(crate) type Rows = Box<dyn Iterator<Item = Result<Row>>>;

/// A row, and where it stands.
pub(crate) struct Row {
    names: Arc<[String]>,
    /// Nothing is an empty text.
    cells: Vec<String>,
    /// As people count: `line 2`.
    pub(crate) place: String,
}

/// Opens a file, by its ending: Parquet, or else CSV. The bar shows how far it has been read.
pub(crate) fn open(path: &Path, known: &[&str]) -> Result<(Rows, ProgressBar)> {
    let file = File::open(path).with_context(|| format!("`{}`", path.display()))?;
    if path.extension().is_some_and(|ending| ending == "parquet") {
        let (rows, count) = parquet::rows(file, known)?;
        let progress = bar(count, "{bar:40} {pos}/{len} rows {eta}")?;
        return Ok((Box::new(progress.wrap_iter(rows)), progress));
    }
    let progress = bar(file.metadata()?.len(), "{bar:40} {bytes}/{total_bytes} {eta}")?;
    Ok((Box::new(csv::Lines::new(progress.wrap_read(file), known)?), progress))
}

fn bar(length: u64, style: &str) -> Result<ProgressBar> {
    Ok(ProgressBar::new(length).with_style(ProgressStyle::with_template(style)?))
}

/// A name that nobody reads, and a name that is there twice, would be a column that is lost.
fn check_names(names: &[String], known: &[&str]) -> Result<()> {
    for (place, name) in names.iter().enumerate() {
        if !known.contains(&&**name) {
            bail!("no column is called `{name:.40}`: there are `{}`", known.join("`, `"));
        }
        if names.iter().take(place).any(|before| before == name) {
            bail!("the column `{name}` is there twice");
        }
    }
    Ok(())
}

impl Row {
    /// What is in a cell, where there is something in it.
    pub(crate) fn optional(&self, name: &str) -> Option<&str> {
        let place = self.names.iter().position(|known| known == name)?;
        self.cells.get(place).map(String::as_str).filter(|cell| !cell.is_empty())
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
