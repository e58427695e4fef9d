//! PostgreSQL: row locks.
//!
//! A transaction that writes reads what is committed (`read committed`), each statement anew: it takes its turns first,
//! and then nobody changes what it reads until it ends. Several queries that must agree read one moment (`repeatable
//! read`).

use super::Pools;
use crate::{StoreError, StoreOptions};
use sqlx::{
    Connection, PgConnection, Postgres,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::str::FromStr;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

pub(super) async fn open(url: &str, options: &StoreOptions) -> Result<Pools<Postgres>, StoreError> {
    let patience = format!("{}ms", options.patience.as_millis());
    let server = PgConnectOptions::from_str(url)
        .map_err(|_| super::unsupported(url))?
        .application_name("counterfoil")
        .options([("lock_timeout", &*patience), ("synchronous_commit", "on"), ("timezone", "UTC")])
        .statement_cache_capacity(256);
    migrate(PgConnection::connect_with(&server).await?).await?;
    let pool = PgPoolOptions::new().acquire_timeout(options.patience);
    let writer = pool.clone().max_connections(options.writers).connect_with(server.clone()).await?;
    let reader = pool.max_connections(options.readers).connect_with(server).await?;
    let begin_snapshot = "begin isolation level repeatable read read only";
    Ok(Pools { writer, begin: "begin isolation level read committed", reader, begin_snapshot })
}

/// Brings the schema up to date, alone among all that open the database; a migration is one transaction.
async fn migrate(mut connection: PgConnection) -> Result<(), StoreError> {
    let done = MIGRATIONS.run_direct(None, &mut connection, false).await;
    done.map_err(|error| StoreError::of_migration(error, &MIGRATIONS))?;
    Ok(connection.close().await?)
}
