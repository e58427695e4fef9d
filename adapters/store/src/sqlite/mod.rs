//! The store in a SQLite file. All SQL is in this folder and in `migrations/`.

mod audit;
mod charging;
mod codec;
mod days;
mod entries;
mod inventory;
mod locks;
mod orders;
mod plans;
mod ranges;
mod rate_cards;
mod redemptions;
mod refunding;
mod reports;
mod rows;
mod settling;
mod statements;
mod top_ups;
mod wallets;

use crate::StoreError;
use sqlx::{
    Connection, Sqlite, SqliteConnection, Transaction,
    migrate::Migrator,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    str::FromStr,
    time::{Duration, Instant},
};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// How long a call waits for other calls and other processes before it is `store.busy`.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long it is left alone in between, where SQLite does not wait by itself.
const PAUSE: Duration = Duration::from_millis(5);

/// How many calls read at one time.
const READERS: u32 = 4;

/// How much of the file a connection keeps in memory, at most, in the words of SQLite: 32 MiB.
const CACHE: &str = "-32768";

/// A store in a SQLite file.
///
/// Any number of tasks and processes may share one: each call that writes is one transaction, which takes
/// the file's write lock at its beginning (`begin immediate`), so what it reads still holds when it writes.
/// Calls that only read see the state of one moment and wait for nobody (write-ahead log). When a call
/// returns, what it wrote has reached the disk (`synchronous = full`): a process that is killed, or a machine
/// that loses power, leaves every call done or not begun.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    /// One connection: those of this process that write wait in a queue, not in turns at the file's lock.
    writer: SqlitePool,
    reader: SqlitePool,
}

impl SqliteStore {
    /// Opens a store, creates the file where there is none, and brings an older schema up to date.
    ///
    /// A path, or `sqlite:` and a path, is a file; `sqlite::memory:` is a store that is gone when it is
    /// closed.
    ///
    /// # Errors
    /// `store.unsupported_engine`, `store.schema_too_new`, `store.foreign_schema`, `store.busy`, `store.io`.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let options = options(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .pragma("cache_size", CACHE)
            .statement_cache_capacity(256);
        // A connection that is closed takes a store in memory with it.
        let kept_open = SqlitePoolOptions::new().acquire_timeout(PATIENCE).idle_timeout(None).max_lifetime(None);
        let writer = connect(kept_open.clone().max_connections(1), options.clone()).await?;
        migrate(&mut *writer.acquire().await?).await?;
        let reader = if is_in_memory(url) {
            writer.clone()
        } else {
            connect(kept_open.max_connections(READERS), options.read_only(true)).await?
        };
        Ok(Self { writer, reader })
    }

    /// Waits for the calls that are under way and closes the file.
    ///
    /// Dropping the store closes it too, a little later.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// A transaction that no other writer comes in between; dropped, it leaves no trace.
    async fn write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("begin immediate").await?)
    }

    /// A connection to read with.
    async fn read(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        Ok(self.reader.acquire().await?)
    }

    /// A view of one moment, for several queries that must agree.
    async fn snapshot(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.reader.begin().await?)
    }
}

/// Connects, and again where SQLite says at once that the file is busy: of many that make a new file a write-ahead log
/// at one time, each but the first is told so without the wait that it is asked for.
async fn connect(pool: SqlitePoolOptions, options: SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    let began = Instant::now();
    loop {
        match pool.clone().connect_with(options.clone()).await.map_err(StoreError::from) {
            Err(StoreError::Busy) if began.elapsed() < PATIENCE => tokio::time::sleep(PAUSE).await,
            connected => return connected,
        }
    }
}

/// Brings the schema up to date, alone even among processes.
async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    let mut transaction = connection.begin_with("begin immediate").await?;
    // `run` would do, but for its bounds: a future that awaits it is not `Send` to the compiler.
    MIGRATIONS
        .run_direct(None, &mut *transaction, false)
        .await
        .map_err(|error| StoreError::of_migration(error, known))?;
    Ok(transaction.commit().await?)
}

fn options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    let unsupported = || StoreError::UnsupportedEngine { url: url.to_owned() };
    if url.starts_with("sqlite:") {
        SqliteConnectOptions::from_str(url).map_err(|_| unsupported())
    } else if url == ":memory:" {
        Ok(SqliteConnectOptions::from_str("sqlite::memory:")?)
    } else if url.is_empty() || url.contains("://") {
        Err(unsupported())
    } else {
        Ok(SqliteConnectOptions::new().filename(url))
    }
}

fn is_in_memory(url: &str) -> bool {
    url.contains(":memory:") || url.contains("mode=memory")
}
