//! A connection of a pool, by itself or in a transaction.

use crate::StoreError;
use sqlx::{Database, Transaction, pool::PoolConnection};
use std::{
    collections::BTreeSet,
    ops::{Deref, DerefMut},
};
use tokio::sync::OwnedSemaphorePermit;

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

/// A connection of one engine; dropped, its place is free.
pub(super) enum Session<D: Database> {
    /// Each statement sees what stands when it begins.
    Reading { connection: PoolConnection<D>, _place: OwnedSemaphorePermit },
    /// All statements are one.
    Transaction { transaction: Transaction<'static, D>, _place: OwnedSemaphorePermit },
}

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

impl<D: Database> Session<D> {
    async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Reading { .. } => Ok(()),
            Self::Transaction { transaction, _place } => transaction.commit().await.map_err(StoreError::of_commit),
        }
    }
}

impl<D: Database> Deref for Session<D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        match self {
            Self::Reading { connection, .. } => connection,
            Self::Transaction { transaction, .. } => transaction,
        }
    }
}

impl<D: Database> DerefMut for Session<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        match self {
            Self::Reading { connection, .. } => connection,
            Self::Transaction { transaction, .. } => transaction,
        }
    }
}
