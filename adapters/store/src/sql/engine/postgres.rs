//! PostgreSQL: row locks.
//!
//! A transaction that writes reads what is committed (`read committed`), each statement anew: it takes its turns first,
//! and then nobody changes what it reads until it ends. Several queries that must agree read one moment (`repeatable
//! read`).

use super::pools::{CONNECT, Places, Pools};
use crate::{StoreError, StoreOptions};
use sqlx::{
    AssertSqlSafe, Connection, PgConnection, Postgres,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::str::FromStr;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Those of the tables that batches fill, and of their partitions, that are twice as large as when the server last
/// looked, and not small.
const GROWN: &str = "select c.oid::regclass::text from pg_class c join pg_stat_user_tables s on s.relid = c.oid \
     left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent \
     where s.schemaname = current_schema() and s.n_mod_since_analyze > greatest(1000, c.reltuples) \
     and coalesce(p.relname, c.relname) in \
     ('accounts', 'entries', 'legs', 'payments', 'readings', 'statement_lines', 'statements')";

pub(super) async fn open(url: &str, options: &StoreOptions) -> Result<Pools<Postgres>, StoreError> {
    let patience = format!("{}ms", options.patience.as_millis());
    let server = PgConnectOptions::from_str(url)
        .map_err(|_| super::unsupported(url))?
        .application_name("counterfoil")
        .options([("lock_timeout", &*patience), ("synchronous_commit", "on"), ("timezone", "UTC")])
        .statement_cache_capacity(256);
    migrate(PgConnection::connect_with(&server).await?).await?;
    let pool = PgPoolOptions::new().acquire_timeout(options.patience.min(CONNECT));
    let places = |connections, begin| {
        let pool = pool.clone().max_connections(connections).connect_lazy_with(server.clone());
        Places::new(pool, begin, options.patience)
    };
    Ok(Pools {
        writers: places(options.writers, "begin isolation level read committed"),
        readers: places(options.readers, "begin isolation level repeatable read read only"),
    })
}

/// Lets the server look at the tables that a batch meets, where they have doubled since it last did: it looks by itself
/// once a minute, and a table that it still takes for empty is read from end to end for each row that is looked for.
/// One that somebody else holds is left as it is.
pub(super) async fn look_at_sizes(writers: &Places<Postgres>) -> Result<(), StoreError> {
    let mut session = writers.connection().await?;
    let (connection, waiting) = session.ask()?;
    let grown: Vec<String> = sqlx::query_scalar(GROWN).fetch_all(&mut *connection).await?;
    for table in grown {
        let analyze = format!("analyze (skip_locked) {table}"); // quoted by the server where it must be
        sqlx::query(AssertSqlSafe(analyze)).execute(&mut *connection).await?;
    }
    *waiting = false;
    Ok(())
}

/// Brings the schema up to date, alone among all that open the database; a migration is one transaction.
async fn migrate(mut connection: PgConnection) -> Result<(), StoreError> {
    let done = MIGRATIONS.run_direct(None, &mut connection, false).await;
    done.map_err(|error| StoreError::of_migration(error, &MIGRATIONS))?;
    Ok(connection.close().await?)
}
