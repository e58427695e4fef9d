//! Opening files, old, foreign and damaged ones; and what is in them.

use super::super::support::*;
use counterfoil::wallet::{Coupon, CouponStatus, CouponTerms};
use counterfoil_store::{Account, Redemptions, SqlStore, Wallets, open};

async fn code(url: &str) -> &'static str {
    SqlStore::open(url).await.unwrap_err().code()
}

#[tokio::test]
async fn a_file_has_three_addresses() {
    let database = Database::file();
    let account = Account::new(user("ada"), cny("5.00"));
    let store = database.open().await;
    store.put_accounts(std::slice::from_ref(&account)).await.unwrap();
    store.close().await;
    let path = database.url();
    for url in [path.to_owned(), format!("sqlite:{path}"), format!("sqlite://{path}")] {
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
async fn a_file_is_durable_and_checks_its_references() {
    let database = Database::file();
    let store = database.open().await;
    let mut beside = database.beside().await;
    assert_eq!(beside.texts("pragma journal_mode").await, ["wal"]);
    // Every table is strict, and none has a column for binary floats.
    let loose = "select t.name from pragma_table_list t where t.type = 'table' and t.schema = 'main' \
        and t.name not glob 'sqlite_*' and t.name not glob '_sqlx_*' \
        and (t.strict = 0 or exists (select 1 from pragma_table_info(t.name) c where c.type = 'REAL'))";
    assert_eq!(beside.texts(loose).await, [""; 0]);
    drop(store);
}

#[tokio::test]
async fn a_file_holds_no_code_of_a_coupon() {
    // R-W5
    let database = Database::file();
    let store = database.open().await;
    let waiting =
        CouponTerms { status: CouponStatus::Wait, owner: None, ..coupon("C1", "nobody", "1").terms().clone() };
    store.issue_coupon(&Coupon::new(waiting).unwrap(), "7GX2").await.unwrap();
    store.redeem("C1", "7GX2", &user("ada"), terms().now).await.unwrap();
    store.close().await;
    let wal = std::fs::read(format!("{}-wal", database.url())).unwrap_or_default();
    let bytes = [std::fs::read(database.url()).unwrap(), wal].concat();
    assert!(bytes.windows(2).any(|window| window == b"C1"));
    assert!(bytes.windows(4).all(|window| window != b"7GX2"));
}

#[tokio::test]
async fn what_is_no_file_of_a_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text");
    std::fs::write(&text, "this is not a database, and longer than a header of a hundred bytes has to be".repeat(9))
        .unwrap();
    assert_eq!(code(text.to_str().unwrap()).await, "store.foreign_schema");
    assert_eq!(code(folder.path().join("no/such/folder/store").to_str().unwrap()).await, "store.io");
    for url in ["", "oracle://localhost/portal", "sqlite:x?mode=sideways"] {
        assert_eq!(code(url).await, "store.unsupported_engine", "{url}");
    }
}
