//! A statement with its values: what is written is bound, never put into the text of a statement.

use super::{
    Connection, Row,
    connection::Link,
    dialect::{self, Dialect},
    value::Value,
};
use crate::{StoreError, texts};
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use sqlx::{
    Arguments, AssertSqlSafe, Database, Encode, Type, database::HasStatementCache, error::BoxDynError,
    query::Query as Sent,
};
use std::borrow::Cow;

/// A statement with its values, in the words of SQLite: `?` takes the next value, `?2` the second.
#[derive(Debug, Clone)]
pub(in crate::sql) struct Query {
    text: Cow<'static, str>,
    values: Vec<Value>,
    is_kept: bool,
}

/// A statement.
pub(in crate::sql) fn sql(text: &'static str) -> Query {
    Query { text: Cow::Borrowed(text), values: Vec::new(), is_kept: true }
}

/// A statement that is put together of words of our own and places for values.
pub(in crate::sql) fn composed(text: String) -> Query {
    Query { text: Cow::Owned(text), values: Vec::new(), is_kept: true }
}

/// Sends a query, as its engine writes it, through a connection.
macro_rules! send {
    ($query:ident, $connection:ident, |$inner:ident, $sent:ident, $row:ident| $run:expr) => {
        asked!($query, $connection, |$inner, waiting, $sent, $row| {
            let answer: Result<_, sqlx::Error> = async { Ok($run) }.await;
            *waiting = false;
            answer?
        })
    };
}

/// As [`send`], where the caller says when the answer has come.
macro_rules! asked {
    ($query:ident, $connection:ident, |$inner:ident, $waiting:ident, $sent:ident, $row:ident| $run:expr) => {
        match &mut $connection.link {
            Link::Sqlite(session) => {
                let $row = Row::Sqlite;
                let $sent = $query.sent::<sqlx::sqlite::SqliteArguments>(&dialect::SQLITE)?;
                let ($inner, $waiting) = session.ask()?;
                $run
            }
            #[cfg(feature = "postgres")]
            Link::Postgres(session) => {
                let $row = Row::Postgres;
                let $sent = $query.sent::<sqlx::postgres::PgArguments>(&dialect::POSTGRES)?;
                let ($inner, $waiting) = session.ask()?;
                $run
            }
            #[cfg(feature = "mysql")]
            Link::MySql(session) => {
                let $row = Row::MySql;
                let $sent = $query.sent::<sqlx::mysql::MySqlArguments>(&dialect::MYSQL)?;
                let ($inner, $waiting) = session.ask()?;
                $run
            }
        }
    };
}

impl Query {
    pub(in crate::sql) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Whether the engine keeps it prepared, where it costs nothing to forget one: not one of which there are many that
    /// differ.
    pub(in crate::sql) fn kept(mut self, is_kept: bool) -> Self {
        self.is_kept = is_kept;
        self
    }

    /// Does it, and gives how many rows it changed.
    pub(in crate::sql) async fn execute(self, connection: &mut Connection) -> Result<u64, StoreError> {
        Ok(send!(self, connection, |inner, sent, _row| sent.execute(inner).await?.rows_affected()))
    }

    /// Changes the one row that it names as it was read; where another call changed that meanwhile, nothing is done and
    /// the whole transaction is tried again.
    pub(in crate::sql) async fn change_one(self, connection: &mut Connection) -> Result<(), StoreError> {
        match self.execute(connection).await? {
            1 => Ok(()),
            _ => Err(StoreError::overtaken()),
        }
    }

    /// Changes so many rows that it names as they were read, or none, as [`Query::change_one`].
    pub(in crate::sql) async fn change_all(self, connection: &mut Connection, count: usize) -> Result<(), StoreError> {
        match self.execute(connection).await? {
            changed if u64::try_from(count) == Ok(changed) => Ok(()),
            _ => Err(StoreError::overtaken()),
        }
    }

    /// Inserts a row and gives its number.
    pub(in crate::sql) async fn insert(self, connection: &mut Connection) -> Result<i64, StoreError> {
        let numbers = self.insert_rows(connection, 1).await?;
        numbers.into_iter().next().ok_or_else(|| sqlx::Error::RowNotFound.into())
    }

    /// Inserts so many rows and gives their numbers, which grow in the order of the rows.
    pub(in crate::sql) async fn insert_rows(
        self,
        connection: &mut Connection,
        count: usize,
    ) -> Result<Vec<i64>, StoreError> {
        match &mut connection.link {
            Link::Sqlite(session) => {
                // One writer at a time: the numbers are the last ones.
                let sent = self.sent::<sqlx::sqlite::SqliteArguments>(&dialect::SQLITE)?;
                let (inner, waiting) = session.ask()?;
                let done = sent.execute(inner).await;
                *waiting = false;
                let last = done?.last_insert_rowid();
                let mut numbers: Vec<i64> = (1..=last).rev().take(count).collect();
                numbers.reverse();
                Ok(numbers)
            }
            #[cfg(feature = "postgres")]
            Link::Postgres(_) => {
                let returning = Self { text: format!("{} returning id", self.text).into(), ..self };
                let rows = returning.fetch_all(connection).await?;
                let mut numbers =
                    rows.iter().filter_map(|row| row.only_integer().transpose()).collect::<Result<Vec<_>, _>>()?;
                numbers.sort_unstable();
                Ok(numbers)
            }
            #[cfg(feature = "mysql")]
            Link::MySql(session) => {
                // The numbers of one statement follow each other, and it is told the first.
                let sent = self.sent::<sqlx::mysql::MySqlArguments>(&dialect::MYSQL)?;
                let (inner, waiting) = session.ask()?;
                let done = sent.execute(inner).await;
                *waiting = false;
                let first = i64::try_from(done?.last_insert_id()).map_err(|error| sqlx::Error::Decode(error.into()))?;
                Ok((first..).take(count).collect())
            }
        }
    }

    pub(in crate::sql) async fn fetch_all(self, connection: &mut Connection) -> Result<Vec<Row>, StoreError> {
        Ok(send!(self, connection, |inner, sent, row| sent.fetch_all(inner).await?.into_iter().map(row).collect()))
    }

    pub(in crate::sql) async fn fetch_optional(self, connection: &mut Connection) -> Result<Option<Row>, StoreError> {
        Ok(send!(self, connection, |inner, sent, row| sent.fetch_optional(inner).await?.map(row)))
    }

    pub(in crate::sql) async fn fetch_one(self, connection: &mut Connection) -> Result<Row, StoreError> {
        Ok(send!(self, connection, |inner, sent, row| row(sent.fetch_one(inner).await?)))
    }

    /// The one text that it asks for, if there is one.
    pub(in crate::sql) async fn text(self, connection: &mut Connection) -> Result<Option<String>, StoreError> {
        match self.fetch_optional(connection).await? {
            Some(row) => row.only_text(),
            None => Ok(None),
        }
    }

    /// The bytes that it asks for, if there are any.
    pub(in crate::sql) async fn bytes(self, connection: &mut Connection) -> Result<Option<Vec<u8>>, StoreError> {
        match self.fetch_optional(connection).await? {
            Some(row) => row.only_bytes(),
            None => Ok(None),
        }
    }

    /// The one number that it asks for, if there is one.
    pub(in crate::sql) async fn integer(self, connection: &mut Connection) -> Result<Option<i64>, StoreError> {
        match self.fetch_optional(connection).await? {
            Some(row) => row.only_integer(),
            None => Ok(None),
        }
    }

    /// The rows one after another, for tables that do not fit into memory.
    pub(in crate::sql) fn stream(self, connection: &mut Connection) -> Result<Rows<'_>, StoreError> {
        Ok(asked!(self, connection, |inner, waiting, sent, row| Rows {
            rows: sent.fetch(inner).map_ok(row).boxed(),
            waiting,
        }))
    }

    /// As an engine is sent it.
    ///
    /// # Errors
    /// `store.bad_text` for what not every engine keeps.
    fn sent<A>(self, dialect: &Dialect) -> Result<Sent<'static, A::Database, A>, StoreError>
    where
        A: Arguments<Database: Database<Arguments = A> + HasStatementCache> + sqlx::IntoArguments<A::Database>,
        Option<String>: Encode<'static, A::Database> + Type<A::Database>,
        Option<i64>: Encode<'static, A::Database> + Type<A::Database>,
        Vec<u8>: Encode<'static, A::Database> + Type<A::Database>,
    {
        for value in &self.values {
            if let Value::Text(Some(text)) = value {
                texts::document("text", text)?;
            }
        }
        let mut arguments = A::default();
        arguments.reserve(self.values.len(), 0);
        let mut add = |value: Value| -> Result<(), BoxDynError> {
            match value {
                Value::Text(text) => arguments.add(text),
                Value::Integer(integer) => arguments.add(integer),
                Value::Bytes(bytes) => arguments.add(bytes),
            }
        };
        let written = dialect.write(self.text);
        let added = match written.order {
            None => self.values.into_iter().try_for_each(&mut add),
            Some(order) => {
                let value = |place: usize| self.values.get(place).cloned().unwrap_or(Value::Integer(None));
                order.into_iter().map(value).try_for_each(&mut add)
            }
        };
        added.map_err(sqlx::Error::Encode)?;
        Ok(sqlx::query_with(AssertSqlSafe(written.text), arguments).persistent(self.is_kept || dialect.keeps_all))
    }
}

/// The rows of a query, one after another.
pub(in crate::sql) struct Rows<'c> {
    rows: BoxStream<'c, Result<Row, sqlx::Error>>,
    /// Unset at the end.
    waiting: &'c mut bool,
}

impl Rows<'_> {
    pub(in crate::sql) async fn try_next(&mut self) -> Result<Option<Row>, StoreError> {
        let row = self.rows.try_next().await?;
        *self.waiting = row.is_some();
        Ok(row)
    }
}
