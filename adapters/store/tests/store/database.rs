//! A database of a test's own: a SQLite file or, where the environment names a server, one on that server.

use counterfoil_store::SqlStore;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Error, Row, any::install_default_drivers, raw_sql};
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// Names the server, `postgres://…/…` or `mysql://…/…`, by an account that may create databases. None: SQLite.
const SERVER: &str = "COUNTERFOIL_STORE_TEST_URL";

/// The words of standard SQL, as the store itself speaks to the MySQL family.
const ANSI: &str = "set session sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
    MySql,
}

/// An empty database, which is gone when this is dropped.
pub(crate) struct Database {
    url: String,
    engine: Engine,
    place: Place,
}

enum Place {
    Folder { _folder: TempDir },
    Server { url: String, name: String },
}

impl Database {
    /// On the engine that the environment names.
    pub(crate) async fn new() -> Self {
        let Some(server) = server() else { return Self::file() };
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("counterfoil_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let (address, _) = server.rsplit_once('/').expect("the name of a database at the end");
        let (url, engine) = (format!("{address}/{name}"), Engine::of(&server));
        let mut connection = Beside::connect(&server, engine).await;
        connection.remove(&name).await;
        let encoding = match engine {
            Engine::Postgres => "encoding 'UTF8' template template0",
            _ => "",
        };
        connection.execute(&format!("create database {name} {encoding}")).await.unwrap();
        Self { url, engine, place: Place::Server { url: server, name } }
    }

    /// A SQLite file.
    pub(crate) fn file() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("a store.sqlite").to_str().unwrap().to_owned();
        Self { url, engine: Engine::Sqlite, place: Place::Folder { _folder: folder } }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }

    /// A store of it, as another process would open it.
    pub(crate) async fn open(&self) -> SqlStore {
        SqlStore::open(&self.url).await.unwrap()
    }

    /// A connection beside the store, for what the store itself never does.
    pub(crate) async fn beside(&self) -> Beside {
        match self.engine {
            Engine::Sqlite => {
                let mut beside = Beside::connect(&format!("sqlite:{}?mode=rwc", self.url), Engine::Sqlite).await;
                beside.execute("pragma foreign_keys = off").await.unwrap();
                beside
            }
            engine => Beside::connect(&self.url, engine).await,
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Place::Server { url, name } = &self.place else { return };
        let (url, name, engine) = (url.clone(), name.clone(), self.engine);
        // The runtime of the test stands still by now: another one, of another thread.
        let removed = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { Beside::connect(&url, engine).await.remove(&name).await });
        });
        assert!(removed.join().is_ok() || std::thread::panicking(), "the database is still there");
    }
}

fn server() -> Option<String> {
    std::env::var(SERVER).ok()
}

impl Engine {
    /// The one that the tests are run on.
    pub(crate) fn of_the_tests() -> Self {
        server().map_or(Self::Sqlite, |url| Self::of(&url))
    }

    fn of(url: &str) -> Self {
        match url.split_once("://") {
            Some(("postgres" | "postgresql", _)) => Self::Postgres,
            Some(("mysql", _)) => Self::MySql,
            _ => panic!("{SERVER} is neither postgres://… nor mysql://…"),
        }
    }
}

/// A connection that is not the store's. Statements are in words that all engines have.
pub(crate) struct Beside {
    connection: AnyConnection,
    engine: Engine,
}

impl Beside {
    async fn connect(url: &str, engine: Engine) -> Self {
        install_default_drivers();
        let mut connection = AnyConnection::connect(url).await.unwrap();
        if engine == Engine::MySql {
            raw_sql(ANSI).execute(&mut connection).await.unwrap();
        }
        Self { connection, engine }
    }

    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }

    /// Does it, and gives how many rows it changed. Bytes are written ` x'00ff'`.
    pub(crate) async fn execute(&mut self, sql: &str) -> Result<u64, Error> {
        let sql = match self.engine {
            Engine::Postgres => sql.replace(" x'", r" '\x"),
            _ => sql.to_owned(),
        };
        Ok(raw_sql(AssertSqlSafe(sql)).execute(&mut self.connection).await?.rows_affected())
    }

    /// The connection is lost: nothing more is sent.
    pub(crate) async fn close_hard(self) {
        self.connection.close_hard().await.unwrap();
    }

    /// What the engine says to a change that it refuses.
    pub(crate) async fn refused(&mut self, sql: &str) -> String {
        let refused = self.execute(sql).await;
        refused.err().unwrap_or_else(|| panic!("not refused: {sql}")).to_string()
    }

    /// The texts of the one column that is asked for.
    pub(crate) async fn texts(&mut self, sql: &str) -> Vec<String> {
        let rows = raw_sql(AssertSqlSafe(sql)).fetch_all(&mut self.connection).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// From now on no row can be added to a table, where it is as `when` says of `new`.
    pub(crate) async fn break_inserts(&mut self, table: &str, when: &str) {
        let head = format!("create trigger broken before insert on {table}");
        let trigger = match self.engine {
            Engine::Sqlite => format!("{head} when {when} begin select raise(abort, 'broken'); end"),
            Engine::Postgres => format!("{head} for each row when ({when}) execute function refuse('broken')"),
            Engine::MySql => format!(
                "{head} for each row begin \
                 if {when} then signal sqlstate '45000' set message_text = 'broken'; end if; end"
            ),
        };
        self.execute(&trigger).await.unwrap();
    }

    /// Rows can be added again.
    pub(crate) async fn mend_inserts(&mut self, table: &str) {
        let table = if self.engine == Engine::Postgres { format!("on {table}") } else { String::new() };
        self.execute(&format!("drop trigger broken {table}")).await.unwrap();
    }

    /// From now on a row can go that others name; on SQLite it always can.
    pub(crate) async fn ignore_references(&mut self) {
        match self.engine {
            Engine::Sqlite => {}
            Engine::Postgres => _ = self.execute("set session_replication_role = replica").await.unwrap(),
            Engine::MySql => _ = self.execute("set session foreign_key_checks = 0").await.unwrap(),
        }
    }

    /// From now on every table can be edited.
    pub(crate) async fn drop_triggers(&mut self) {
        let drops = match self.engine {
            Engine::Sqlite => "select 'drop trigger ' || name from sqlite_master where type = 'trigger'",
            Engine::Postgres => {
                "select 'drop trigger ' || tgname || ' on ' || tgrelid::regclass from pg_trigger where not tgisinternal"
            }
            Engine::MySql => {
                "select 'drop trigger ' || trigger_name from information_schema.triggers \
                 where trigger_schema = database()"
            }
        };
        for drop in self.texts(drops).await {
            self.execute(&drop).await.unwrap();
        }
    }

    /// Removes a database, whoever is connected to it.
    async fn remove(&mut self, name: &str) {
        if self.engine == Engine::Postgres {
            self.execute(&format!("drop database if exists {name} with (force)")).await.unwrap();
            return;
        }
        let connected = format!("select cast(id as char) from information_schema.processlist where db = '{name}'");
        for id in self.texts(&connected).await {
            let _ = self.execute(&format!("kill {id}")).await; // it may have gone by itself
        }
        // Where it makes triggers of several databases at one time, MariaDB at times leaves a copy of one behind
        // (`entries.TRG-`), and the folder with it; the tables are gone.
        match self.execute(&format!("drop database if exists {name}")).await {
            Err(error) if error.to_string().contains("can't rmdir") => {}
            removed => assert!(removed.is_ok(), "{removed:?}"),
        }
    }
}

/// Whether a fault is that of a condition of the schema, not of a key.
pub(crate) fn is_of_a_check(fault: &str) -> bool {
    let fault = fault.to_lowercase();
    fault.contains("constraint") && !["unique", "foreign key", "not null"].iter().any(|key| fault.contains(key))
}
