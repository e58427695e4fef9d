//! Opening a store: new, old and foreign databases.

use super::{schema::tables, support::*};
use counterfoil_store::{Account, SqlStore, Wallets, open};
use tokio::task::JoinSet;

#[tokio::test]
async fn what_was_put_in_is_there_when_it_is_opened_again() {
    let (database, store) = empty_store().await;
    let account = Account::new(user("ada"), cny("5.00"));
    store.put_accounts(std::slice::from_ref(&account)).await.unwrap();
    store.close().await;
    let again = open(database.url()).await.unwrap();
    assert_eq!(again.account(&user("ada")).await.unwrap().as_ref(), Some(&account));
}

#[tokio::test]
async fn many_may_open_a_new_database_at_one_time() {
    let database = Database::new().await;
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let url = database.url().to_owned();
        tasks.spawn(async move {
            let store = SqlStore::open(&url).await?;
            store.put_accounts(&[Account::new(user(&format!("u{task}")), cny("1"))]).await
        });
    }
    for opened in tasks.join_all().await {
        opened.unwrap();
    }
    assert_eq!(database.open().await.accounts().await.unwrap().len(), TASKS);
}

#[tokio::test]
async fn a_later_schema_is_refused() {
    let (database, store) = empty_store().await;
    store.close().await;
    let mut beside = database.beside().await;
    let later = "insert into _sqlx_migrations values (99, 'later', current_timestamp, true, x'00', 0)";
    beside.execute(later).await.unwrap();
    let refused = SqlStore::open(database.url()).await.unwrap_err();
    assert_eq!(refused.code(), "store.schema_too_new");
    assert!(refused.to_string().contains("use a later version"), "{refused}");
}

#[tokio::test]
async fn a_database_of_others_is_refused_and_left_as_it_is() {
    // As a portal has them: some of our names, with other columns.
    for table in ["service_units", "accounts", "orders", "range_record_rows"] {
        let database = Database::new().await;
        let mut beside = database.beside().await;
        beside.execute(&format!("create table {table} (name varchar(20))")).await.unwrap();
        beside.execute(&format!("insert into {table} values ('ada')")).await.unwrap();
        let refused = SqlStore::open(database.url()).await.unwrap_err();
        assert_eq!(refused.code(), "store.foreign_schema", "{table}: {refused}");
        assert_eq!(beside.execute(&format!("update {table} set name = 'bob'")).await.unwrap(), 1, "{table}");
        assert_eq!(tables(&mut beside).await, [table]);
    }
}
