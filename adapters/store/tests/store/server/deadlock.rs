//! Two that wait for each other: the engine ends one of them, which begins again.

use super::{super::support::*, database};
use counterfoil_store::Payments;
use std::time::Duration;

#[tokio::test]
async fn a_call_that_is_ended_by_a_deadlock_is_tried_again() {
    let Some(database) = database().await else { return };
    let store = database.open().await;
    furnish(&store).await;
    open_accounts(&store, &[("ada", "100.00")]).await;
    let mut other = database.beside().await;
    let before = deadlocks(&mut other).await;
    for round in 0..3 {
        // The other takes what the store takes last, and then what it takes first.
        other.execute("begin").await.unwrap();
        other.execute("select turn from turns where turn >= 1024 for update").await.unwrap();
        let order = small_charge(&format!("o{round}"));
        let charge = tokio::spawn({
            let (store, order) = (store.clone(), order.clone());
            async move { store.charge(&order, terms().now).await }
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        // Either of the two may be the one that is ended.
        if other.execute("select turn from turns where turn < 1024 for update").await.is_err() {
            other.execute("rollback").await.unwrap();
        } else {
            other.execute("commit").await.unwrap();
        }
        assert!(!charge.await.unwrap().unwrap().is_replay);
        assert!(is_paid(&store, &order.order).await);
    }
    assert!(deadlocks(&mut other).await > before, "there was no deadlock: the test is wrong");
    balanced(&store, 100, 3).await;
}

/// How many deadlocks the server has counted; it tells a little later.
async fn deadlocks(beside: &mut Beside) -> u64 {
    tokio::time::sleep(Duration::from_secs(2)).await;
    let counted = match beside.engine() {
        Engine::Postgres => "select cast(deadlocks as text) from pg_stat_database where datname = current_database()",
        _ => "select cast(count as char) from information_schema.innodb_metrics where name = 'lock_deadlocks'",
    };
    beside.texts(counted).await[0].parse().unwrap()
}
