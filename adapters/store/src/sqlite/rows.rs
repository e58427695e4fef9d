//! Rows in and out: what is written is bound, never put into the text of a statement; what is read is parsed
//! by the core, and a value that does not parse is `store.corrupt` with its table, row and column.

use crate::StoreError;
use counterfoil::{
    money::{Currency, Money},
    time::{Instant, Period},
    wallet::{Owner, OwnerKind},
};
use sqlx::{
    AssertSqlSafe, Decode, Row, Sqlite, SqliteConnection, Type,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};
use std::{fmt::Display, str::FromStr};

/// A statement with its values.
pub(super) type Statement = Query<'static, Sqlite, SqliteArguments>;

/// How many rows one statement inserts.
const ROWS: usize = 50;

/// A row of a table, and in which column stands what tells it from others.
#[derive(Clone, Copy)]
pub(super) struct Fields<'r> {
    row: &'r SqliteRow,
    table: &'static str,
    identity: &'static str,
}

impl<'r> Fields<'r> {
    pub(super) const fn of(table: &'static str, identity: &'static str, row: &'r SqliteRow) -> Self {
        Self { row, table, identity }
    }

    pub(super) fn text(&self, column: &'static str) -> Result<&'r str, StoreError> {
        self.get(column)
    }

    pub(super) fn optional_text(&self, column: &'static str) -> Result<Option<&'r str>, StoreError> {
        self.get(column)
    }

    pub(super) fn integer(&self, column: &'static str) -> Result<i64, StoreError> {
        self.get(column)
    }

    pub(super) fn optional_integer(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        self.get(column)
    }

    pub(super) fn bytes(&self, column: &'static str) -> Result<&'r [u8], StoreError> {
        self.get(column)
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
        let text = self.row.try_get_unchecked::<String, _>(self.identity);
        text.unwrap_or_else(|_| "?".to_owned())
    }

    fn get<T: Decode<'r, Sqlite> + Type<Sqlite>>(&self, column: &'static str) -> Result<T, StoreError> {
        self.row.try_get(column).map_err(|error| match error {
            sqlx::Error::ColumnDecode { source, .. } => self.corrupt(column, &source.to_string()),
            error => error.into(),
        })
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

/// Inserts rows, many with each statement.
///
/// `insert` ends in `values`; `bind` binds the `width` values of a row, in order.
pub(super) async fn insert_all<T>(
    connection: &mut SqliteConnection,
    insert: &'static str,
    width: usize,
    rows: &[T],
    bind: impl Fn(Statement, &T) -> Statement,
) -> Result<(), StoreError> {
    for chunk in rows.chunks(ROWS) {
        let sql = format!("{insert} {}", tuples(width, chunk.len()));
        // The statement of a full chunk is prepared once; the one of the rest would only push others out.
        let statement = sqlx::query(AssertSqlSafe(sql)).persistent(matches!(chunk.len(), 1 | ROWS));
        chunk.iter().fold(statement, &bind).execute(&mut *connection).await?;
    }
    Ok(())
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
