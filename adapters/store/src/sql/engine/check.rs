//! What an engine can tell of itself.

use super::{Connection, connection::Link, sql};
use crate::{Finding, StoreError};

/// What is asked of a server, what it should answer, and why.
#[cfg(any(feature = "postgres", feature = "mysql"))]
type Wanted = (&'static str, &'static str, &'static str);

#[cfg(any(feature = "postgres", feature = "mysql"))]
const LOST: &str = "what was confirmed may be lost with the machine";

#[cfg(any(feature = "postgres", feature = "mysql"))]
const TURNS: Wanted =
    ("select cast(count(*) as char(4)) from turns", "2048", "a call that needs a turn which is gone fails");

impl Connection {
    /// What the engine finds wrong with its own pages, indices, checks and references; and on servers settings that let
    /// what was confirmed be lost, and turns that nobody can take.
    pub(in crate::sql) async fn check(&mut self) -> Result<Vec<Finding>, StoreError> {
        match self.link {
            Link::Sqlite(_) => self.check_sqlite().await,
            #[cfg(feature = "postgres")]
            Link::Postgres(_) => {
                let settings = [("show fsync", "on", LOST), ("show full_page_writes", "on", LOST), TURNS];
                self.check_settings("postgres", &settings).await
            }
            #[cfg(feature = "mysql")]
            Link::MySql(_) => {
                let setting = ("select cast(@@innodb_flush_log_at_trx_commit as char)", "1", LOST);
                self.check_settings("mysql", &[setting, TURNS]).await
            }
        }
    }

    async fn check_sqlite(&mut self) -> Result<Vec<Finding>, StoreError> {
        let mut findings = Vec::new();
        for row in sql("pragma integrity_check").fetch_all(self).await? {
            let fault = row.text("integrity_check")?.unwrap_or_default();
            if fault != "ok" {
                findings.push(Finding { table: "sqlite", row: "integrity_check".to_owned(), fault: fault.to_owned() });
            }
        }
        for row in sql("pragma foreign_key_check").fetch_all(self).await? {
            let (table, parent) = (row.text("table")?.unwrap_or("?"), row.text("parent")?.unwrap_or("?"));
            let number = row.integer("rowid")?.map_or_else(|| "?".to_owned(), |number| number.to_string());
            let fault = format!("it refers to no row of `{parent}`");
            findings.push(Finding { table: "sqlite", row: format!("{table} {number}"), fault });
        }
        Ok(findings)
    }

    #[cfg(any(feature = "postgres", feature = "mysql"))]
    async fn check_settings(&mut self, engine: &'static str, settings: &[Wanted]) -> Result<Vec<Finding>, StoreError> {
        let mut findings = Vec::new();
        for (question, wanted, why) in settings {
            let found = sql(question).text(self).await?.unwrap_or_default();
            if found != *wanted {
                let fault = format!("it is `{found}`, not `{wanted}`: {why}");
                findings.push(Finding { table: engine, row: (*question).to_owned(), fault });
            }
        }
        Ok(findings)
    }
}
