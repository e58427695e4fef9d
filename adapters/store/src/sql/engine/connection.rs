//! A connection of a pool, by itself or in a transaction.

use crate::StoreError;
use futures_util::{FutureExt, TryStreamExt};
use sqlx::{Connection as _, Database, pool::PoolConnection, raw_sql};
use std::{collections::BTreeSet, time::Duration};
use tokio::{runtime::Handle, sync::OwnedSemaphorePermit, time::timeout};

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
    /// How long the engine may wait for others before it answers.
    patience: Duration,
    /// Where what is left to do is done when it is dropped, wherever that is.
    runtime: Handle,
}

/// An engine, as far as transactions go.
pub(in crate::sql) trait Speaks: Database {
    /// Whether what was asked last must be answered before the next question: so it is of a server. SQLite has a queue,
    /// and each question an answer of its own.
    const IS_SERVER: bool;

    /// Says some words without values, to the end.
    fn say(
        connection: &mut Self::Connection,
        words: &'static str,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

macro_rules! speaks {
    ($engine:ty, $is_server:literal) => {
        impl Speaks for $engine {
            const IS_SERVER: bool = $is_server;

            async fn say(connection: &mut Self::Connection, words: &'static str) -> Result<(), sqlx::Error> {
                let answers: Vec<_> = raw_sql(words).execute_many(connection).try_collect().await?;
                // A driver whose thread is gone says nothing at all.
                if answers.is_empty() { Err(sqlx::Error::WorkerCrashed) } else { Ok(()) }
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
    pub(super) fn new(connection: PoolConnection<D>, place: OwnedSemaphorePermit, patience: Duration) -> Self {
        let held = Some((connection, place));
        Self { held, is_transaction: false, is_waiting: false, patience, runtime: Handle::current() }
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
        let _inside = self.runtime.enter();
        let Some((mut connection, place)) = self.held.take() else { return };
        if D::IS_SERVER && self.is_waiting {
            self.runtime.spawn(given_up::<D>(connection, place, self.patience));
        } else if D::IS_SERVER && self.is_transaction {
            self.runtime.spawn(async move {
                if D::say(&mut connection, "rollback").await.is_err() {
                    connection.close_on_drop();
                }
                drop((connection, place));
            });
        } else if self.is_transaction {
            // Who is asked once has it in the queue, before whatever comes next. Where the disk is full SQLite has ended
            // the transaction by itself, and there is none to roll back.
            let _ = D::say(&mut connection, "rollback").now_or_never();
        }
    }
}

/// Closes a connection that was left in the middle of a question.
///
/// Not before it is answered: a server that waits for a lock does not see that nobody waits for it any more, and keeps
/// those that it has. Until then the connection has its place; there would be ever more of them.
async fn given_up<D: Speaks>(mut connection: PoolConnection<D>, place: OwnedSemaphorePermit, patience: Duration) {
    let _ = timeout(patience, connection.ping()).await;
    connection.close_on_drop();
    drop((connection, place));
}
