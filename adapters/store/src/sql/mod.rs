//! The store in SQL: one code for three engines. All SQL is in this folder and in `migrations/`; what differs between
//! the engines is in `engine/`.

mod audit;
mod charges;
mod charging;
mod codec;
mod days;
mod engine;
mod entries;
mod inventory;
mod locks;
mod orders;
mod plans;
mod purses;
mod ranges;
mod rate_cards;
mod redemptions;
mod refunding;
mod reports;
mod rows;
mod settling;
mod settling_batch;
mod statements;
mod top_ups;
mod wallets;

pub(crate) use engine::said;

use crate::{StoreError, StoreOptions};
use engine::{Connection, Engine, Retry};

/// A store in a database of SQL: a SQLite file, PostgreSQL, or a server of the MySQL family.
///
/// Any number of tasks and processes may share one. Each call that writes is one transaction: when it returns, what it
/// wrote has reached the disk, and a process that is killed, a server that is restarted or a machine that loses power
/// leaves every call done or not begun. Calls that meet wait for each other; one that is overtaken all the same has
/// changed nothing, and is tried again, after a random pause, as often as [`StoreOptions`] says. Calls that only read
/// see the state of one moment and wait for nobody.
///
/// What is locked by which call, and at what isolation, is in `docs/store.md`.
#[derive(Debug, Clone)]
pub struct SqlStore {
    engine: Engine,
    retry: Retry,
}

impl SqlStore {
    /// Opens a store, creates the file where there is none, and brings an older schema up to date.
    ///
    /// A path, or `sqlite:` and a path, is a file; `sqlite::memory:` is a store that is gone when it is closed.
    /// `postgres://…`, `mysql://…` and `mariadb://…` are databases of servers, which must exist and may be empty; each
    /// needs the feature of its name.
    ///
    /// # Errors
    /// `store.unsupported_engine`, `store.schema_too_new`, `store.foreign_schema`, `store.unreachable`, `store.busy`,
    /// `store.io`.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, &StoreOptions::default()).await
    }

    /// Opens a store that waits otherwise, or has other numbers of connections.
    ///
    /// # Errors
    /// As [`SqlStore::open`].
    pub async fn open_with(url: &str, options: &StoreOptions) -> Result<Self, StoreError> {
        let retry = Retry { tries: options.tries, patience: options.patience };
        Ok(Self { engine: Engine::open(url, options).await?, retry })
    }

    /// Copies a SQLite store as it stands at one moment to a new file, while others use it.
    ///
    /// # Errors
    /// `store.unsupported` for servers, which have tools of their own (`pg_dump`, `mariadb-dump`); `store.io` where the
    /// file is there already or can not be written; `store.full`.
    pub async fn back_up(&self, path: &str) -> Result<(), StoreError> {
        self.engine.back_up(path).await
    }

    /// Waits for the calls that are under way and closes the file, or the connections.
    ///
    /// Dropping the store closes it too, a little later.
    pub async fn close(&self) {
        self.engine.close().await;
    }

    /// Does some work, in a transaction of its own, until no other transaction overtakes it.
    async fn retry<T, F>(&self, work: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.retry.run(work).await
    }

    /// A transaction that writes; dropped, it leaves no trace.
    async fn write(&self) -> Result<Connection, StoreError> {
        self.engine.write().await
    }

    /// A connection to read with.
    async fn read(&self) -> Result<Connection, StoreError> {
        self.engine.read().await
    }

    /// A view of one moment, for several queries that must agree.
    async fn snapshot(&self) -> Result<Connection, StoreError> {
        self.engine.snapshot().await
    }
}
