//! Opening a store: new, old, foreign and damaged files.

use super::support::*;
use counterfoil_store::{Account, SqlStore, Wallets, open};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use tokio::task::JoinSet;

async fn code(url: &str) -> &'static str {
    SqlStore::open(url).await.unwrap_err().code()
}

#[tokio::test]
async fn what_was_put_in_is_there_when_it_is_opened_again() {
    let (_folder, path) = folder();
    let account = Account::new(user("ada"), cny("5.00"));
    let store = SqlStore::open(&path).await.unwrap();
    store.put_accounts(std::slice::from_ref(&account)).await.unwrap();
    store.close().await;
    for url in [path.clone(), format!("sqlite:{path}"), format!("sqlite://{path}")] {
        let again = open(&url).await.unwrap();
        assert_eq!(again.account(&user("ada")).await.unwrap().as_ref(), Some(&account), "{url}");
    }
}

#[tokio::test]
async fn stores_in_memory_are_apart() {
    let [one, two] = [open("sqlite::memory:").await.unwrap(), open(":memory:").await.unwrap()];
    one.put_accounts(&[Account::new(user("ada"), cny("5.00"))]).await.unwrap();
    assert_eq!(two.account(&user("ada")).await.unwrap(), None);
}

#[tokio::test]
async fn many_may_open_a_new_file_at_one_time() {
    let (_folder, path) = folder();
    let mut tasks = JoinSet::new();
    for n in 0..8 {
        let path = path.clone();
        tasks.spawn(async move {
            let store = SqlStore::open(&path).await?;
            store.put_accounts(&[Account::new(user(&format!("u{n}")), cny("1"))]).await
        });
    }
    for opened in tasks.join_all().await {
        opened.unwrap();
    }
    assert_eq!(open(&path).await.unwrap().accounts().await.unwrap().len(), 8);
}

#[tokio::test]
async fn a_file_is_durable_and_checks_its_references() {
    let (_folder, path) = folder();
    let store = SqlStore::open(&path).await.unwrap();
    let mut beside = beside(&path).await;
    let mode: String = sqlx::query_scalar("pragma journal_mode").fetch_one(&mut beside).await.unwrap();
    assert_eq!(mode, "wal");
    // Every table is strict, and none has a column for binary floats.
    let loose: i64 = sqlx::query_scalar(
        "select count(*) from pragma_table_list t where t.type = 'table' and t.schema = 'main' \
         and t.name not glob 'sqlite_*' and t.name not glob '_sqlx_*' \
         and (t.strict = 0 or exists (select 1 from pragma_table_info(t.name) c where c.type = 'REAL'))",
    )
    .fetch_one(&mut beside)
    .await
    .unwrap();
    assert_eq!(loose, 0);
    drop(store);
}

#[tokio::test]
async fn a_later_schema_is_refused() {
    let (_folder, path) = folder();
    SqlStore::open(&path).await.unwrap().close().await;
    let mut beside = beside(&path).await;
    sqlx::query("insert into _sqlx_migrations values (99, 'later', current_timestamp, true, x'00', 0)")
        .execute(&mut beside)
        .await
        .unwrap();
    let refused = SqlStore::open(&path).await.unwrap_err();
    assert_eq!(refused.code(), "store.schema_too_new");
    assert!(refused.to_string().contains("use a later version"), "{refused}");
}

#[tokio::test]
async fn what_is_no_store_is_refused() {
    let (folder, path) = folder();
    let mut beside = SqliteConnectOptions::new().filename(&path).create_if_missing(true).connect().await.unwrap();
    sqlx::query("create table accounts (name)").execute(&mut beside).await.unwrap();
    beside.close().await.unwrap();
    assert_eq!(code(&path).await, "store.foreign_schema");

    let text = folder.path().join("text");
    std::fs::write(&text, "this is not a database, and longer than a header of a hundred bytes has to be".repeat(9))
        .unwrap();
    assert_eq!(code(text.to_str().unwrap()).await, "store.foreign_schema");
    assert_eq!(code(folder.path().join("no/such/folder/store").to_str().unwrap()).await, "store.io");
    for url in ["", "oracle://localhost/portal", "sqlite:x?mode=sideways"] {
        assert_eq!(code(url).await, "store.unsupported_engine", "{url}");
    }
}
