//! What differs between the engines: how a database is opened and brought up to date, how a transaction begins, how
//! places of values are written, and what a fault means. All that is above this folder is the same for all three.

mod check;
mod connection;
mod dialect;
mod fault;
#[cfg(feature = "mysql")]
mod mysql;
mod pools;
#[cfg(feature = "postgres")]
mod postgres;
mod query;
mod retry;
mod row;
mod sqlite;
mod turns;
mod value;

pub(super) use connection::Connection;
pub(crate) use fault::said;
pub(super) use query::{Query, composed, sql};
pub(super) use retry::Retry;
pub(super) use row::Row;
pub(super) use turns::Turn;

use crate::{StoreError, StoreOptions};
use connection::Link;
use pools::Pools;

/// From so many rows on a call is a batch.
const MANY: usize = 100;

/// An engine, open.
#[derive(Debug, Clone)]
pub(super) enum Engine {
    Sqlite(Pools<sqlx::Sqlite>),
    #[cfg(feature = "postgres")]
    Postgres(Pools<sqlx::Postgres>),
    #[cfg(feature = "mysql")]
    MySql(Pools<sqlx::MySql>),
}

impl Engine {
    /// Opens the database of an address, and brings its schema up to date.
    pub(super) async fn open(url: &str, options: &StoreOptions) -> Result<Self, StoreError> {
        match url.split_once("://").map(|(scheme, _)| scheme) {
            #[cfg(feature = "postgres")]
            Some("postgres" | "postgresql") => Ok(Self::Postgres(postgres::open(url, options).await?)),
            #[cfg(feature = "mysql")]
            Some("mysql" | "mariadb") => Ok(Self::MySql(mysql::open(url, options).await?)),
            _ => Ok(Self::Sqlite(sqlite::open(url, options).await?)),
        }
    }

    /// A transaction that writes; dropped, it leaves no trace.
    pub(super) async fn write(&self) -> Result<Connection, StoreError> {
        let link = match self {
            Self::Sqlite(pools) => Link::Sqlite(pools.write().await?),
            #[cfg(feature = "postgres")]
            Self::Postgres(pools) => Link::Postgres(pools.write().await?),
            #[cfg(feature = "mysql")]
            Self::MySql(pools) => Link::MySql(pools.write().await?),
        };
        Ok(link.into())
    }

    /// Before so many rows: lets the engine plan for the sizes that its tables have now, where it is not sure to. Where
    /// that can not be done, the rows only take longer.
    pub(super) async fn look_at_sizes(&self, count: usize) {
        match self {
            _ if count < MANY => {}
            #[cfg(feature = "postgres")]
            Self::Postgres(pools) => postgres::look_at_sizes(&pools.writers).await.unwrap_or_default(),
            _ => {}
        }
    }

    /// A connection to read with.
    pub(super) async fn read(&self) -> Result<Connection, StoreError> {
        let link = match self {
            Self::Sqlite(pools) => Link::Sqlite(pools.read().await?),
            #[cfg(feature = "postgres")]
            Self::Postgres(pools) => Link::Postgres(pools.read().await?),
            #[cfg(feature = "mysql")]
            Self::MySql(pools) => Link::MySql(pools.read().await?),
        };
        Ok(link.into())
    }

    /// A view of one moment, for several queries that must agree.
    pub(super) async fn snapshot(&self) -> Result<Connection, StoreError> {
        let link = match self {
            Self::Sqlite(pools) => Link::Sqlite(pools.snapshot().await?),
            #[cfg(feature = "postgres")]
            Self::Postgres(pools) => Link::Postgres(pools.snapshot().await?),
            #[cfg(feature = "mysql")]
            Self::MySql(pools) => Link::MySql(pools.snapshot().await?),
        };
        Ok(link.into())
    }

    /// Copies the database to a new file, where it is one.
    pub(super) async fn back_up(&self, path: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => {
                // As this engine copies it, the file is whole, and small; nobody waits for it.
                sql("vacuum into ?").bind(path).execute(&mut self.read().await?).await?;
                Ok(())
            }
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            _ => Err(StoreError::Unsupported { what: "copy", text: path.to_owned() }),
        }
    }

    /// Waits for the calls that are under way and closes the connections.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pools) => pools.close().await,
            #[cfg(feature = "postgres")]
            Self::Postgres(pools) => pools.close().await,
            #[cfg(feature = "mysql")]
            Self::MySql(pools) => pools.close().await,
        }
    }
}

/// No engine behind an address, which is told without its password.
fn unsupported(url: &str) -> StoreError {
    let hidden = url.split_once("://").zip(url.rsplit_once('@')).map(|((scheme, rest), (_, host))| {
        let user = rest.split([':', '@']).next().unwrap_or_default();
        format!("{scheme}://{user}@{host}")
    });
    StoreError::UnsupportedEngine { url: hidden.unwrap_or_else(|| url.to_owned()) }
}
