//! SQLite: a file, one writer at a time.
//!
//! A transaction that writes takes the file's write lock at its beginning (`begin immediate`), so what it reads still
//! holds when it writes. Calls that only read see the state of one moment and wait for nobody (write-ahead log). When a
//! call returns, what it wrote has reached the disk (`synchronous = full`).

use super::pools::{Places, Pools};
use crate::{StoreError, StoreOptions};
use sqlx::{
    Connection, Sqlite, SqliteConnection,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    str::FromStr,
    time::{Duration, Instant},
};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long it is left alone in between, where SQLite does not wait by itself.
const PAUSE: Duration = Duration::from_millis(5);

/// How much of the file a connection keeps in memory, at most, in the words of SQLite: 32 MiB.
const CACHE: &str = "-32768";

pub(super) async fn open(url: &str, options: &StoreOptions) -> Result<Pools<Sqlite>, StoreError> {
    let file = file(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(options.patience)
        .pragma("cache_size", CACHE)
        .statement_cache_capacity(256);
    // A connection that is closed takes a store in memory with it; so does a call that is dropped while it is tested.
    let kept_open = SqlitePoolOptions::new()
        .acquire_timeout(options.patience)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false);
    // One connection: those of this process that write wait in a queue, not in turns at the file's lock.
    let writer = connect(kept_open.clone().max_connections(1), file.clone(), options.patience).await?;
    migrate(&mut *writer.acquire().await?).await?;
    let writers = Places::new(writer, "begin immediate", options.patience);
    let readers = if is_in_memory(url) {
        writers.beginning("begin")
    } else {
        let pool = connect(kept_open.max_connections(options.readers), file.read_only(true), options.patience).await?;
        Places::new(pool, "begin", options.patience)
    };
    Ok(Pools { writers, readers })
}

/// Connects, and again where SQLite says at once that the file is busy: of many that make a new file a write-ahead log
/// at one time, each but the first is told so without the wait that it is asked for.
async fn connect(
    pool: SqlitePoolOptions,
    file: SqliteConnectOptions,
    patience: Duration,
) -> Result<SqlitePool, StoreError> {
    let began = Instant::now();
    loop {
        match pool.clone().connect_with(file.clone()).await.map_err(StoreError::from) {
            Err(StoreError::Busy) if began.elapsed() < patience => tokio::time::sleep(PAUSE).await,
            connected => return connected,
        }
    }
}

/// Brings the schema up to date, alone even among processes.
async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let mut transaction = connection.begin_with("begin immediate").await?;
    // `run` would do, but for its bounds: a future that awaits it is not `Send` to the compiler.
    let done = MIGRATIONS.run_direct(None, &mut *transaction, false).await;
    done.map_err(|error| StoreError::of_migration(error, &MIGRATIONS))?;
    Ok(transaction.commit().await?)
}

fn file(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    let unsupported = || super::unsupported(url);
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
