//! Rows in and out: what is written is bound, never put into the text of a statement; what is read is parsed
//! by the core, and a value that does not parse is `store.corrupt` with its table, row and column.

use super::engine::{Connection, Query, Row, composed};
use crate::StoreError;
use counterfoil::{
    money::{Currency, Money},
    time::{Instant, Period},
    wallet::{Owner, OwnerKind},
};
use std::{fmt::Display, str::FromStr};

/// How many rows one statement reads, inserts or changes.
pub(super) const ROWS: usize = 50;

/// A row of a table, and in which column stands what tells it from others.
#[derive(Clone, Copy)]
pub(super) struct Fields<'r> {
    row: &'r Row,
    table: &'static str,
    identity: &'static str,
}

impl<'r> Fields<'r> {
    pub(super) const fn of(table: &'static str, identity: &'static str, row: &'r Row) -> Self {
        Self { row, table, identity }
    }

    pub(super) fn text(&self, column: &'static str) -> Result<&'r str, StoreError> {
        self.there(column, self.optional_text(column)?)
    }

    pub(super) fn optional_text(&self, column: &'static str) -> Result<Option<&'r str>, StoreError> {
        self.read(column, self.row.text(column))
    }

    pub(super) fn integer(&self, column: &'static str) -> Result<i64, StoreError> {
        self.there(column, self.optional_integer(column)?)
    }

    pub(super) fn optional_integer(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        self.read(column, self.row.integer(column))
    }

    pub(super) fn bytes(&self, column: &'static str) -> Result<&'r [u8], StoreError> {
        self.there(column, self.read(column, self.row.bytes(column))?)
    }

    /// A small count.
    pub(super) fn count<N: TryFrom<i64>>(&self, column: &'static str) -> Result<N, StoreError> {
        N::try_from(self.integer(column)?).map_err(|_| self.corrupt(column, "it is out of range"))
    }

    /// Text that the core reads.
    pub(super) fn parse<T: FromStr<Err: Display>>(&self, column: &'static str) -> Result<T, StoreError> {
        self.text(column)?.parse().map_err(|error| self.corrupt(column, &format!("{error}")))
    }

    /// An amount in the currency of the row.
    pub(super) fn money(&self, column: &'static str) -> Result<Money, StoreError> {
        let currency: Currency = self.parse("currency")?;
        self.checked(column, Money::parse(self.text(column)?, currency))
    }

    pub(super) fn instant(&self, column: &'static str) -> Result<Instant, StoreError> {
        self.checked(column, Instant::from_micros(self.integer(column)?))
    }

    pub(super) fn optional_instant(&self, column: &'static str) -> Result<Option<Instant>, StoreError> {
        let micros = self.optional_integer(column)?;
        micros.map(|micros| self.checked(column, Instant::from_micros(micros))).transpose()
    }

    /// The window of a reading.
    pub(super) fn window(&self) -> Result<Period, StoreError> {
        let window = Period::new(self.instant("start_us")?, self.instant("end_us")?);
        self.checked("end_us", window)
    }

    pub(super) fn owner(&self, column: &'static str) -> Result<Owner, StoreError> {
        owner_of(self.text(column)?).ok_or_else(|| self.corrupt(column, "it is no user and no group"))
    }

    pub(super) fn optional_owner(&self, column: &'static str) -> Result<Option<Owner>, StoreError> {
        match self.optional_text(column)? {
            Some(_) => self.owner(column).map(Some),
            None => Ok(None),
        }
    }

    /// What the core made of a value of the row.
    pub(super) fn checked<T, E: Display>(&self, column: &'static str, value: Result<T, E>) -> Result<T, StoreError> {
        value.map_err(|error| self.corrupt(column, &error.to_string()))
    }

    pub(super) fn corrupt(&self, column: &'static str, fault: &str) -> StoreError {
        StoreError::corrupt(self.table, self.name(), column, fault)
    }

    /// What tells the row from others.
    pub(super) fn name(&self) -> String {
        match (self.row.text(self.identity), self.row.integer(self.identity)) {
            (Ok(Some(text)), _) => text.to_owned(),
            (_, Ok(Some(number))) => number.to_string(),
            _ => "?".to_owned(),
        }
    }

    fn read<T>(&self, column: &'static str, value: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        value.map_err(|error| match error {
            sqlx::Error::ColumnDecode { source, .. } => self.corrupt(column, &source.to_string()),
            error => error.into(),
        })
    }

    fn there<T>(&self, column: &'static str, value: Option<T>) -> Result<T, StoreError> {
        value.ok_or_else(|| self.corrupt(column, "it is missing"))
    }
}

/// An amount as it is kept: with its digits, and zero without a sign.
pub(super) fn amount(money: Money) -> String {
    if money.is_zero() { money.amount().abs().to_string() } else { money.to_string() }
}

/// An owner as it is kept, which is as it prints.
fn owner_of(text: &str) -> Option<Owner> {
    let (kind, id) = text.split_once(':')?;
    Some(Owner::new(kind.parse::<OwnerKind>().ok()?, id))
}

/// The rows of many keys: of a query that ends in `in`.
pub(super) async fn rows_of(connection: &mut Connection, query: &str, keys: &[String]) -> Result<Vec<Row>, StoreError> {
    let mut rows = Vec::with_capacity(keys.len());
    for keys in keys.chunks(ROWS) {
        let query = composed(format!("{query} ({})", places(keys.len()))).kept(keys.len() == ROWS);
        rows.extend(keys.iter().fold(query, |query, key| query.bind(&**key)).fetch_all(connection).await?);
    }
    Ok(rows)
}

/// Inserts rows, many with each statement.
///
/// `insert` ends in `values`; `bind` binds the `width` values of a row, in order.
pub(super) async fn insert_all<T>(
    connection: &mut Connection,
    insert: &'static str,
    width: usize,
    rows: &[T],
    bind: impl Fn(Query, &T) -> Query,
) -> Result<(), StoreError> {
    for chunk in rows.chunks(ROWS) {
        chunk.iter().fold(inserting(insert, width, chunk.len()), &bind).execute(connection).await?;
    }
    Ok(())
}

/// Inserts rows, as [`insert_all`], and gives their numbers.
pub(super) async fn insert_numbered<T>(
    connection: &mut Connection,
    insert: &'static str,
    width: usize,
    rows: &[T],
    bind: impl Fn(Query, &T) -> Query,
) -> Result<Vec<i64>, StoreError> {
    let mut numbers = Vec::with_capacity(rows.len());
    for chunk in rows.chunks(ROWS) {
        let query = chunk.iter().fold(inserting(insert, width, chunk.len()), &bind);
        numbers.extend(query.insert_rows(connection, chunk.len()).await?);
    }
    Ok(numbers)
}

/// The statement of a full chunk is prepared once; the one of the rest would only push others out.
fn inserting(insert: &str, width: usize, count: usize) -> Query {
    composed(format!("{insert} {}", tuples(width, count))).kept(matches!(count, 1 | ROWS))
}

/// `(?,?),(?,?)`.
fn tuples(width: usize, count: usize) -> String {
    let tuple = format!("({})", vec!["?"; width].join(","));
    vec![tuple.as_str(); count].join(",")
}

/// The places of a list: `?,?,?`.
pub(super) fn places(count: usize) -> String {
    vec!["?"; count].join(",")
}
