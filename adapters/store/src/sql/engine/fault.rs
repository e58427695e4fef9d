//! What a fault of an engine means to the caller.

use crate::StoreError;
#[cfg(feature = "postgres")]
use sqlx::postgres::{PgDatabaseError, PgSeverity};
use sqlx::{
    error::DatabaseError,
    migrate::{MigrateError, Migrator},
    sqlite::SqliteError,
};

/// What a fault means.
enum Meaning {
    /// Somebody else had it for too long.
    Busy,
    /// Another transaction came first. SQLite has one writer at a time.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    Overtaken,
    /// There is no room.
    Full,
    /// The server is not there, or does not take calls.
    Unreachable,
    /// It is no database of this kind.
    Foreign,
    /// The rest.
    Io,
}

impl Meaning {
    fn of(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::PoolClosed => {
                Self::Unreachable
            }
            sqlx::Error::Database(error) => of_database(&**error),
            _ => Self::Io,
        }
    }
}

fn of_database(error: &dyn DatabaseError) -> Meaning {
    if let Some(error) = error.try_downcast_ref::<SqliteError>() {
        return of_sqlite(error);
    }
    #[cfg(feature = "postgres")]
    if let Some(error) = error.try_downcast_ref::<PgDatabaseError>() {
        return of_postgres(error);
    }
    #[cfg(feature = "mysql")]
    if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return of_mysql(error.number());
    }
    Meaning::Io
}

/// By the primary result code, without its extension.
fn of_sqlite(error: &SqliteError) -> Meaning {
    let code = DatabaseError::code(error).and_then(|code| code.parse::<i32>().ok()).unwrap_or_default();
    match code & 0xff {
        5 | 6 => Meaning::Busy, // SQLITE_BUSY, SQLITE_LOCKED
        13 => Meaning::Full,    // SQLITE_FULL
        26 => Meaning::Foreign, // SQLITE_NOTADB
        _ => Meaning::Io,
    }
}

/// By the SQLSTATE.
#[cfg(feature = "postgres")]
fn of_postgres(error: &PgDatabaseError) -> Meaning {
    match error.code() {
        // Whatever it is: the server goes down with it, as where its log has no room. A commit may be done.
        _ if error.severity() == PgSeverity::Panic => Meaning::Unreachable,
        // serialization_failure, deadlock_detected, unique_violation: the row was not there when we looked
        "40001" | "40P01" | "23505" => Meaning::Overtaken,
        "55P03" | "57014" => Meaning::Busy, // lock_not_available, query_canceled
        "53100" => Meaning::Full,           // disk_full
        // too_many_connections, admin_shutdown, crash_shutdown, cannot_connect_now
        "53300" | "57P01" | "57P02" | "57P03" => Meaning::Unreachable,
        state if state.starts_with("08") => Meaning::Unreachable, // connection_exception
        _ => Meaning::Io,
    }
}

/// By the number of the fault.
#[cfg(feature = "mysql")]
fn of_mysql(number: u16) -> Meaning {
    match number {
        // deadlock, record changed since it was read, duplicate entry: the row was not there when we looked
        1213 | 1020 | 1062 => Meaning::Overtaken,
        1205 | 3024 | 1969 => Meaning::Busy, // lock wait timeout, execution time exceeded
        1021 | 1114 => Meaning::Full,        // disk full, table full
        // too many connections or prepared statements, server shutdown, aborted or killed connection
        1040 | 1053 | 1152 | 1158..=1161 | 1203 | 1317 | 1461 | 1927 => Meaning::Unreachable,
        _ => Meaning::Io,
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match Meaning::of(&error) {
            Meaning::Busy => Self::Busy,
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            Meaning::Overtaken => Self::Contended { tries: 1, fault: said(&error) },
            Meaning::Full => Self::Full(error),
            Meaning::Unreachable => Self::Unreachable(error),
            Meaning::Foreign => Self::ForeignSchema { fault: said(&error) },
            Meaning::Io => Self::Io(error),
        }
    }
}

impl StoreError {
    /// Another call changed what this one read.
    pub(in crate::sql) fn overtaken() -> Self {
        Self::Contended { tries: 1, fault: "a row is not as it was read".to_owned() }
    }

    /// A commit that was not confirmed: where nobody could answer, it may be done.
    pub(super) fn of_commit(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::WorkerCrashed) {
            return Self::OutcomeUnknown(error);
        }
        match Self::from(error) {
            Self::Unreachable(error) => Self::OutcomeUnknown(error),
            other => other,
        }
    }

    /// A migration that did not go through.
    pub(super) fn of_migration(error: MigrateError, migrations: &Migrator) -> Self {
        let known = migrations.iter().map(|migration| migration.version).max().unwrap_or_default();
        match error {
            MigrateError::VersionMissing(found) if found > known => Self::SchemaTooNew { found, known },
            MigrateError::Execute(error) => error.into(),
            MigrateError::ExecuteMigration(error, _) => match Self::from(error) {
                Self::Io(error) => Self::ForeignSchema { fault: said(&error) },
                other => other,
            },
            other => Self::ForeignSchema { fault: other.to_string() },
        }
    }
}

/// What the engine said.
pub(crate) fn said(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        error => error.to_string(),
    }
}
