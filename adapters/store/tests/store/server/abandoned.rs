//! Calls that are abandoned while the server waits for a lock: it does not see that nobody waits for it any more.

use super::{super::support::*, database};
use counterfoil_store::{Payments, SqlStore, StoreOptions};
use std::time::Duration;
use tokio::time::timeout;

#[tokio::test]
async fn calls_that_are_abandoned_behind_a_turn_keep_to_their_places() {
    let Some(database) = database().await else { return };
    let options = StoreOptions::default().with_patience(Duration::from_secs(20)).with_writers(2).with_readers(1);
    let store = SqlStore::open_with(database.url(), &options).await.unwrap();
    furnish(&store).await;
    open_accounts(&store, &[("ada", "100.00")]).await;
    let mut other = database.beside().await;
    other.execute("begin").await.unwrap();
    other.execute("select turn from turns where turn < 1023 for update").await.unwrap();
    for call in 0..20 {
        let order = small_charge(&format!("o{call}"));
        let charge = timeout(Duration::from_millis(50), store.charge(&order, terms().now));
        assert!(charge.await.is_err(), "it has to wait");
    }
    let connected = connected(&mut other).await;
    assert!(connected <= 2 + 1 + 1, "{connected} are connected");
    other.execute("rollback").await.unwrap();
    let last = small_charge("o20");
    let charge = timeout(Duration::from_secs(10), store.charge(&last, terms().now));
    assert!(!charge.await.expect("the turn is free").unwrap().is_replay);
    balanced(&store, 100, 1).await;
}

/// How many connections the database has.
async fn connected(beside: &mut Beside) -> usize {
    let connected = match beside.engine() {
        Engine::Postgres => "select 'one' from pg_stat_activity where datname = current_database()",
        _ => "select 'one' from information_schema.processlist where db = database()",
    };
    beside.texts(connected).await.len()
}
