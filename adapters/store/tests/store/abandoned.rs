//! A call that nobody waits for any more is done or not begun; it holds nothing, and hides nothing from the next.

use super::support::*;
use counterfoil_store::{Locks, Payments, SqlStore, StoreError, StoreOptions, Wallets};
use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

/// Asks a call so many times how far it is, and drops it when it would be asked once more; whether it was done by then.
async fn abandoned<T>(call: impl Future<Output = Result<T, StoreError>>, after: usize) -> bool {
    let mut call = pin!(call);
    let mut asked = 0;
    poll_fn(|context| {
        if asked == after {
            return Poll::Ready(false);
        }
        asked += 1;
        call.as_mut().poll(context).map(|answer| answer.is_ok())
    })
    .await
}

#[tokio::test]
async fn a_call_that_is_abandoned_anywhere_leaves_nothing_behind() {
    let (database, direct) = store().await;
    open_accounts(&direct, &[("ada", "1000.00")]).await;
    // One connection each, so that the next call meets the one that was left.
    let options = StoreOptions::default().with_patience(Duration::from_secs(10)).with_writers(1).with_readers(1);
    let left = SqlStore::open_with(database.url(), &options).await.unwrap();
    let now = terms().now;
    let mut charges = 0;
    for after in 0..200 {
        let order = small_charge(&format!("o{after}"));
        let is_read = abandoned(left.lock(APPLICATION, "o0"), after).await;
        let is_done = abandoned(left.charge(&order, now), after).await;
        // The turn is free, and what was confirmed is there.
        let again = direct.charge(&order, now).await.unwrap();
        assert!(again.is_replay || !is_done, "{after}");
        charges += 1;
        // The connection that reads sees what is there now.
        let seen = left.account(&user("ada")).await.unwrap_or_else(|error| panic!("{after}: {error:?}"));
        assert_eq!(seen, direct.account(&user("ada")).await.unwrap(), "{after}");
        if is_read && is_done && after > 0 {
            break;
        }
    }
    assert!(charges > 3, "it was abandoned in between: {charges}");
    balanced(&direct, 1000, charges).await;
}

#[tokio::test]
async fn a_store_in_memory_outlives_the_calls_that_are_abandoned() {
    let store = SqlStore::open("sqlite::memory:").await.unwrap();
    furnish(&store).await;
    open_accounts(&store, &[("ada", "1000.00")]).await;
    for after in 0..60 {
        abandoned(store.account(&user("ada")), after).await;
        abandoned(store.charge(&small_charge(&format!("o{after}")), terms().now), after).await;
        store.charge(&small_charge(&format!("o{after}")), terms().now).await.unwrap();
    }
    balanced(&store, 1000, 60).await;
}

/// Whoever drives the store by itself, call by call, drives nothing in between.
#[test]
fn a_file_is_free_between_the_calls_of_a_runtime_that_stands_still() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (still, other) = (runtime(), runtime());
    let database = Database::file();
    let store = still.block_on(database.open());
    still.block_on(async {
        furnish(&store).await;
        open_accounts(&store, &[("ada", "10.00")]).await;
        store.charge(&small_charge("o1"), terms().now).await.unwrap();
    });
    let impatient = StoreOptions::default().with_patience(Duration::from_secs(1));
    let beside = other.block_on(SqlStore::open_with(database.url(), &impatient)).unwrap();
    let mut charges = 1;
    for order in ["o2", "o3"] {
        assert!(still.block_on(store.charge(&small_charge("o1"), terms().now)).unwrap().is_replay);
        other.block_on(beside.charge(&small_charge(order), terms().now)).unwrap();
        // A call that is dropped where no runtime is, wherever it had come to.
        let late = small_charge(&format!("{order}-late"));
        let mut call = Box::pin(store.charge(&late, terms().now));
        still.block_on(abandoned(call.as_mut(), 3));
        drop(call);
        charges += 1 + i64::from(other.block_on(is_paid(&beside, &late.order)));
    }
    other.block_on(balanced(&beside, 10, charges));
}

/// A program that ends in the middle drops its calls with their runtime.
#[test]
fn a_runtime_that_ends_under_calls_leaves_them_done_or_not_begun() {
    let other = tokio::runtime::Runtime::new().unwrap();
    let (database, direct) = other.block_on(store());
    other.block_on(open_accounts(&direct, &[("ada", "1000.00")]));
    for round in 0..8 {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let store = runtime.block_on(database.open());
        for call in 0..8 {
            let (store, order) = (store.clone(), small_charge(&format!("o{round}-{call}")));
            runtime.spawn(async move { store.charge(&order, terms().now).await });
        }
        std::thread::sleep(Duration::from_millis(round));
        drop(runtime);
        drop(store);
    }
    let again = small_charge("o0-0");
    other.block_on(direct.charge(&again, terms().now)).unwrap();
    let orders = (0..8).flat_map(|round| (0..8).map(move |call| format!("o{round}-{call}")));
    let paid = other.block_on(async {
        let mut paid = 0;
        for order in orders {
            paid += i64::from(is_paid(&direct, &order).await);
        }
        paid
    });
    other.block_on(balanced(&direct, 1000, paid));
}
