//! A connection of a pool, by itself or in a transaction.

use crate::StoreError;
use sqlx::{Database, pool::PoolConnection, raw_sql};
use std::collections::BTreeSet;
use tokio::{runtime::Handle, sync::OwnedSemaphorePermit};

/// A connection to the database: one that reads, or a transaction. A transaction that is dropped leaves no trace.
pub(in crate::sql) struct Connection {
    pub(super) link: Link,
    /// The rows of the turns that the transaction holds.
    pub(super) turns: BTreeSet<i64>,
}

/// A connection of whichever engine.
pub(super) enum Link {
    Sqlite(Session<sqlx::Sqlite>),
    #[cfg(feature = "postgres")]
    Postgres(Session<sqlx::Postgres>),
    #[cfg(feature = "mysql")]
    MySql(Session<sqlx::MySql>),
}

/// A connection of one engine; dropped, it goes back to its pool, and its place is free.
pub(super) struct Session<D: Speaks> {
    /// With the place that it has; none any more when it is given back.
    held: Option<(PoolConnection<D>, OwnedSemaphorePermit)>,
    /// Whether all statements are one; else each sees what stands when it begins.
    is_transaction: bool,
    /// Whether something was asked that is not answered yet.
    is_waiting: bool,
}

/// An engine, as far as transactions go.
pub(in crate::sql) trait Speaks: Database {
    /// Whether a connection that was cut off in the middle is of no use: nobody knows what the server will say next.
    /// SQLite answers each question by itself.
    const IS_LOST_WHEN_CUT: bool;

    /// Says some words without values.
    fn say(
        connection: &mut Self::Connection,
        words: &'static str,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

macro_rules! speaks {
    ($engine:ty, $is_lost:literal) => {
        impl Speaks for $engine {
            const IS_LOST_WHEN_CUT: bool = $is_lost;

            async fn say(connection: &mut Self::Connection, words: &'static str) -> Result<(), sqlx::Error> {
                raw_sql(words).execute(connection).await.map(drop)
            }
        }
    };
}

speaks!(sqlx::Sqlite, false);
#[cfg(feature = "postgres")]
speaks!(sqlx::Postgres, true);
#[cfg(feature = "mysql")]
speaks!(sqlx::MySql, true);

impl From<Link> for Connection {
    fn from(link: Link) -> Self {
        Self { link, turns: BTreeSet::new() }
    }
}

impl Connection {
    /// Makes the transaction last: when it returns, what was written has reached the disk.
    ///
    /// # Errors
    /// `store.outcome_unknown` where the connection is lost before the server answers; else nothing was changed.
    pub(in crate::sql) async fn commit(self) -> Result<(), StoreError> {
        match self.link {
            Link::Sqlite(session) => session.commit().await,
            #[cfg(feature = "postgres")]
            Link::Postgres(session) => session.commit().await,
            #[cfg(feature = "mysql")]
            Link::MySql(session) => session.commit().await,
        }
    }
}

impl<D: Speaks> Session<D> {
    pub(super) fn new(connection: PoolConnection<D>, place: OwnedSemaphorePermit) -> Self {
        Self { held: Some((connection, place)), is_transaction: false, is_waiting: false }
    }

    /// Makes all that follows one, by the words that begin it.
    pub(super) async fn begin(&mut self, words: &'static str) -> Result<(), StoreError> {
        self.is_transaction = true;
        Ok(self.say(words).await?)
    }

    async fn commit(mut self) -> Result<(), StoreError> {
        if self.is_transaction {
            self.say("commit").await.map_err(StoreError::of_commit)?;
            self.is_transaction = false;
        }
        Ok(())
    }

    async fn say(&mut self, words: &'static str) -> Result<(), sqlx::Error> {
        let (connection, is_waiting) = self.ask()?;
        let said = D::say(connection, words).await;
        *is_waiting = false;
        said
    }

    /// The connection, to ask something; and what is to be unset when it has answered.
    pub(super) fn ask(&mut self) -> Result<(&mut D::Connection, &mut bool), sqlx::Error> {
        let (connection, _) = self.held.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        self.is_waiting = true;
        Ok((connection, &mut self.is_waiting))
    }
}

impl<D: Speaks> Drop for Session<D> {
    fn drop(&mut self) {
        let Some((mut connection, place)) = self.held.take() else { return };
        if self.is_waiting && D::IS_LOST_WHEN_CUT {
            connection.close_on_drop();
        } else if self.is_transaction
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(async move {
                // SQLite may have ended it by itself, where the disk is full: then there is none to roll back.
                if D::say(&mut connection, "rollback").await.is_err() && D::IS_LOST_WHEN_CUT {
                    connection.close_on_drop();
                }
                drop((connection, place));
            });
        }
    }
}
