//! The MySQL family: row locks, as for PostgreSQL.
//!
//! A transaction that writes reads what is committed (`read committed`), each statement anew: it takes its turns first,
//! and then nobody changes what it reads until it ends. Several queries that must agree read one moment (`repeatable
//! read`, `with consistent snapshot`).

use super::pools::{CONNECT, Places, Pools};
use crate::{StoreError, StoreOptions};
use sqlx::{
    AssertSqlSafe, Connection, Executor, MySql, MySqlConnection,
    migrate::{MigrateError, Migrator},
    mysql::{MySqlConnectOptions, MySqlPoolOptions},
};
use std::{str::FromStr, time::Duration};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/mysql");

/// The words of standard SQL, and no value that is bent until it fits.
const MODE: &str = "ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES,NO_ENGINE_SUBSTITUTION,STRICT_ALL_TABLES";

pub(super) async fn open(url: &str, options: &StoreOptions) -> Result<Pools<MySql>, StoreError> {
    let address = url.replacen("mariadb://", "mysql://", 1);
    let server = MySqlConnectOptions::from_str(&address)
        .map_err(|_| super::unsupported(url))?
        .charset("utf8mb4")
        .timezone(String::from("+00:00"))
        .statement_cache_capacity(256);
    migrate(MySqlConnection::connect_with(&server).await?, options.patience).await?;
    let seconds = options.patience.as_secs().max(1);
    let places = |connections, isolation: &'static str, begin| {
        let session = format!(
            "set session sql_mode = '{MODE}', session innodb_lock_wait_timeout = {seconds}, \
             session lock_wait_timeout = {seconds}, \
             session auto_increment_increment = 1, session auto_increment_offset = 1; \
             set session transaction isolation level {isolation}"
        );
        let pool = MySqlPoolOptions::new()
            .acquire_timeout(options.patience.min(CONNECT))
            .max_connections(connections)
            .after_connect(move |connection, _| {
                let session = session.clone();
                Box::pin(async move {
                    connection.execute(AssertSqlSafe(session)).await?;
                    Ok(())
                })
            })
            .connect_lazy_with(server.clone());
        Places::new(pool, begin, options.patience)
    };
    Ok(Pools {
        writers: places(options.writers, "read committed", "start transaction"),
        readers: places(options.readers, "repeatable read", "start transaction with consistent snapshot, read only"),
    })
}

/// Brings the schema up to date, alone among all that open the database.
///
/// A statement that changes the schema is a transaction of its own here, so a migration may stop in the middle; ours
/// can be run again from their beginning.
async fn migrate(mut connection: MySqlConnection, patience: Duration) -> Result<(), StoreError> {
    connection.execute(AssertSqlSafe(format!("set session sql_mode = '{MODE}'"))).await?;
    lock(&mut connection, patience).await?;
    refuse_tables_of_others(&mut connection).await?;
    let mut done = MIGRATIONS.run_direct(None, &mut connection, false).await;
    if let Err(MigrateError::Dirty(version)) = done {
        sqlx::query("delete from _sqlx_migrations where version = ? and success = false")
            .bind(version)
            .execute(&mut connection)
            .await?;
        done = MIGRATIONS.run_direct(None, &mut connection, false).await;
    }
    done.map_err(|error| StoreError::of_migration(error, &MIGRATIONS))?;
    Ok(connection.close().await?)
}

/// Waits until nobody else migrates, and goes on alone until the connection is closed.
///
/// The migrator has a lock of its own, which it waits for without end; MariaDB takes that for not at all.
async fn lock(connection: &mut MySqlConnection, patience: Duration) -> Result<(), StoreError> {
    let held: Option<i64> = sqlx::query_scalar("select get_lock('counterfoil ' || md5(database()), ?)")
        .bind(patience.as_secs())
        .fetch_one(connection)
        .await?;
    if held == Some(1) { Ok(()) } else { Err(StoreError::Busy) }
}

/// Before the first migration none of its tables is there. It could not tell them from those of a try that stopped.
async fn refuse_tables_of_others(connection: &mut MySqlConnection) -> Result<(), StoreError> {
    let tables: Vec<String> =
        sqlx::query_scalar("select table_name from information_schema.tables where table_schema = database()")
            .fetch_all(&mut *connection)
            .await?;
    let is_there = |name: &str| tables.iter().any(|table| table == name);
    if is_there("_sqlx_migrations") {
        let begun: i64 = sqlx::query_scalar("select count(*) from _sqlx_migrations").fetch_one(connection).await?;
        if begun > 0 {
            return Ok(());
        }
    }
    let ours = MIGRATIONS.iter().flat_map(|migration| migration.sql.as_str().lines());
    let mut ours = ours.filter_map(|line| line.strip_prefix("create table if not exists ")?.split(' ').next());
    match ours.find(|name| is_there(name)) {
        Some(name) => Err(StoreError::ForeignSchema { fault: format!("it has a table `{name}` already") }),
        None => Ok(()),
    }
}
