//! The rows of a CSV file, whose first line names the columns.

use anyhow::{Context, Result, anyhow, bail};
use counterfoil::{
    money::{Currency, Money},
    time::Instant,
    wallet::{Owner, OwnerKind},
};
use csv::{Reader, StringRecord};

/// The rows of a file, one after another.
pub(crate) struct Rows<R> {
    names: StringRecord,
    file: Reader<R>,
}

/// A row, and where it stands.
pub(crate) struct Row {
    names: StringRecord,
    cells: StringRecord,
    pub(crate) line: u64,
}

impl<R: std::io::Read> Rows<R> {
    /// Reads the first line: a name that nobody reads, and a name that is there twice, would be a column that is lost.
    pub(crate) fn new(mut file: Reader<R>, known: &[&str]) -> Result<Self> {
        let names = file.headers().context("line 1")?.clone();
        for (place, name) in names.iter().enumerate() {
            if !known.contains(&name) {
                bail!("line 1: no column is called `{name:.40}`: there are `{}`", known.join("`, `"));
            }
            if names.iter().take(place).any(|before| before == name) {
                bail!("line 1: the column `{name}` is there twice");
            }
        }
        Ok(Self { names, file })
    }
}

impl<R: std::io::Read> Iterator for Rows<R> {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Result<Row>> {
        let mut cells = StringRecord::new();
        // What is no UTF-8 is told by its line, and by its field, from 0.
        match self.file.read_record(&mut cells) {
            Ok(false) => None,
            Ok(true) => {
                let line = cells.position().map_or(0, csv::Position::line);
                Some(Ok(Row { names: self.names.clone(), cells, line }))
            }
            Err(error) => Some(Err(anyhow!(error))),
        }
    }
}

impl Row {
    pub(crate) fn place(&self) -> String {
        format!("line {}", self.line)
    }

    pub(crate) fn optional(&self, name: &str) -> Option<&str> {
        let place = self.names.iter().position(|known| known == name)?;
        self.cells.get(place).filter(|cell| !cell.is_empty())
    }

    pub(crate) fn text(&self, name: &str) -> Result<&str> {
        self.optional(name).with_context(|| format!("there is nothing in the column `{name}`"))
    }

    pub(crate) fn money(&self, name: &str) -> Result<Money> {
        let currency: Currency = self.text("currency")?.parse().context("column `currency`")?;
        Money::parse(self.text(name)?, currency).with_context(|| format!("column `{name}`"))
    }

    pub(crate) fn instant(&self, name: &str) -> Result<Instant> {
        self.text(name)?.parse().with_context(|| format!("column `{name}`"))
    }

    pub(crate) fn owner(&self, name: &str) -> Result<Owner> {
        let text = self.text(name)?;
        let (kind, id) = text.split_once(':').with_context(|| format!("`{text}` is not like `user:ada`"))?;
        Ok(Owner::new(kind.parse::<OwnerKind>().with_context(|| format!("column `{name}`"))?, id))
    }
}
