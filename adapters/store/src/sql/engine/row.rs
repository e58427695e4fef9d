//! A row of an answer, of whichever engine.

use crate::StoreError;
use sqlx::Row as _;

/// A row of an answer.
pub(in crate::sql) enum Row {
    Sqlite(sqlx::sqlite::SqliteRow),
    #[cfg(feature = "postgres")]
    Postgres(sqlx::postgres::PgRow),
    #[cfg(feature = "mysql")]
    MySql(sqlx::mysql::MySqlRow),
}

/// Reads a value of a column as a type that each engine has.
macro_rules! read {
    ($row:expr, $column:expr, $kind:ty) => {
        match $row {
            Row::Sqlite(row) => row.try_get::<$kind, _>($column),
            #[cfg(feature = "postgres")]
            Row::Postgres(row) => row.try_get::<$kind, _>($column),
            // Keys are kept as bytes, which sort and compare as they are; what is read must be UTF-8 all the same.
            #[cfg(feature = "mysql")]
            Row::MySql(row) => row.try_get_unchecked::<$kind, _>($column),
        }
    };
}

impl Row {
    pub(in crate::sql) fn text(&self, column: &str) -> Result<Option<&str>, sqlx::Error> {
        read!(self, column, Option<&str>)
    }

    pub(in crate::sql) fn bytes(&self, column: &str) -> Result<Option<&[u8]>, sqlx::Error> {
        read!(self, column, Option<&[u8]>)
    }

    /// A whole number, of whichever width; 1 and 0 for yes and no.
    pub(in crate::sql) fn integer(&self, column: &str) -> Result<Option<i64>, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            #[cfg(feature = "postgres")]
            Self::Postgres(row) => integer_of_postgres(row, column),
            #[cfg(feature = "mysql")]
            Self::MySql(row) => row.try_get(column),
        }
    }

    /// The text of a row of one column.
    pub(super) fn only_text(&self) -> Result<Option<String>, StoreError> {
        Ok(read!(self, 0, Option<String>)?)
    }

    /// The bytes of a row of one column.
    pub(super) fn only_bytes(&self) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(read!(self, 0, Option<Vec<u8>>)?)
    }

    /// The number of a row of one column.
    pub(super) fn only_integer(&self) -> Result<Option<i64>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(0),
            #[cfg(feature = "postgres")]
            Self::Postgres(row) => integer_of_postgres(row, 0),
            #[cfg(feature = "mysql")]
            Self::MySql(row) => row.try_get(0),
        }?)
    }
}

#[cfg(feature = "postgres")]
fn integer_of_postgres<I>(row: &sqlx::postgres::PgRow, column: I) -> Result<Option<i64>, sqlx::Error>
where
    I: sqlx::ColumnIndex<sqlx::postgres::PgRow> + Copy,
{
    use sqlx::{TypeInfo, ValueRef};

    match row.try_get_raw(column)?.type_info().name() {
        "INT4" => Ok(row.try_get::<Option<i32>, _>(column)?.map(i64::from)),
        "BOOL" => Ok(row.try_get::<Option<bool>, _>(column)?.map(i64::from)),
        _ => row.try_get(column),
    }
}
