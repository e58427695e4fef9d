//! A connection that is lost at any packet of a call.

use super::{
    super::support::*,
    database,
    proxy::{Proxy, Side},
};
use counterfoil::wallet::{GiveBack, RefundRequest, ReturnOrder};
use counterfoil_store::{Payments, Refunding, SqlStore, StoreOptions, TopUp, TopUps, Wallets};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// A store by its own way and by one that can be cut, and that way.
async fn two_ways(database: &Database, patience: Duration) -> (SqlStore, SqlStore, Proxy) {
    let url = database.url();
    let (before, address) = url.rsplit_once('@').unwrap();
    let (address, name) = address.split_once('/').unwrap();
    let server: SocketAddr = address.parse().unwrap();
    let proxy = Proxy::to(server).await;
    let direct = database.open().await;
    furnish(&direct).await;
    open_accounts(&direct, &[("ada", "1000.00")]).await;
    let options = StoreOptions::default().with_patience(patience).with_writers(1).with_readers(1);
    let cut = SqlStore::open_with(&format!("{before}@127.0.0.1:{}/{name}", proxy.port), &options).await.unwrap();
    (direct, cut, proxy)
}

#[tokio::test]
async fn a_charge_is_done_or_not_begun_wherever_the_way_is_cut() {
    let Some(database) = database().await else { return };
    let (direct, cut, proxy) = two_ways(&database, Duration::from_secs(10)).await;
    let now = terms().now;
    let (mut charges, mut unknown) = (0, 0);
    for side in [Side::Before, Side::After] {
        for packets in 0..100 {
            let order = small_charge(&format!("{side:?}{packets}"));
            proxy.cut_after(packets, side);
            let answer = cut.charge(&order, now).await;
            let was_cut = proxy.mend();
            let done = is_paid(&direct, &order.order).await;
            match &answer {
                // The pool found out, and took another connection.
                Ok(paid) => assert!(done && !paid.is_replay, "{side:?} {packets}"),
                Err(error) => match error.code() {
                    "store.unreachable" => assert!(!done, "{side:?} {packets}: nothing was changed, it says"),
                    "store.outcome_unknown" => unknown += 1,
                    other => panic!("{side:?} {packets}: {other} {error}"),
                },
            }
            // Sent again, it is there once.
            let again = direct.charge(&order, now).await.unwrap();
            assert_eq!(again.is_replay, done, "{side:?} {packets}");
            charges += 1;
            if !was_cut {
                assert!(answer.is_ok());
                break;
            }
            assert!(packets < 99, "a charge takes fewer packets");
        }
    }
    // Once on each side of the commit.
    assert_eq!(unknown, 2);
    assert!(charges > 10, "{charges}");
    balanced(&direct, 1000, charges).await;
}

#[tokio::test]
async fn money_that_comes_in_and_goes_back_is_there_once() {
    let Some(database) = database().await else { return };
    let (direct, cut, proxy) = two_ways(&database, Duration::from_secs(10)).await;
    let now = terms().now;
    direct.charge(&small_charge("o1"), now).await.unwrap();
    let (mut came_in, mut came_back) = (0, 0);
    for (packets, side) in (0..40).flat_map(|packets| [(packets, Side::Before), (packets, Side::After)]) {
        let top_up = TopUp { id: format!("T{packets}{side:?}"), owner: user("ada"), amount: cny("1.00") };
        proxy.cut_after(packets, side);
        let first = cut.top_up(&top_up, now).await;
        proxy.mend();
        let again = direct.top_up(&top_up, now).await.unwrap();
        assert!(again.is_replay || first.is_err());
        came_in += 1;
    }
    for (packets, side) in (0..40).flat_map(|packets| [(packets, Side::Before), (packets, Side::After)]) {
        let request = RefundRequest {
            id: format!("R{packets}{side:?}"),
            application: APPLICATION.into(),
            order: "o1".into(),
            amount: cny("0.01"),
            fee: cny("0"),
            step: cny("0.01").amount(),
            returned: ReturnOrder::Proportional,
            give_back: GiveBack::SameCoupon,
        };
        proxy.cut_after(packets, side);
        let first = cut.refund(&request, now).await;
        proxy.mend();
        let again = direct.refund(&request, now).await.unwrap();
        assert!(again.is_replay || first.is_err());
        came_back += 1;
    }
    assert_eq!((came_in, came_back), (80, 80));
    // 1,000 - 1 + 80 + 0.80
    assert_eq!(direct.account(&user("ada")).await.unwrap().unwrap().balance, cny("1079.80"));
    sound(&direct).await;
}

#[tokio::test]
async fn a_server_that_is_back_is_found_within_a_second() {
    let Some(database) = database().await else { return };
    let (direct, cut, mut proxy) = two_ways(&database, Duration::from_secs(60)).await;
    let now = terms().now;
    cut.charge(&small_charge("o1"), now).await.unwrap();
    proxy.close().await;
    let waiting = tokio::spawn(async move { cut.charge(&small_charge("o2"), now).await });
    // Pauses that double from 10 ms on would be at 5.1 s and at 10.2 s.
    tokio::time::sleep(Duration::from_millis(5500)).await;
    assert!(!is_paid(&direct, "o2").await);
    proxy.open().await;
    let back = Instant::now();
    assert!(!waiting.await.unwrap().unwrap().is_replay);
    assert!(back.elapsed() < Duration::from_millis(2500), "{:?}", back.elapsed());
    balanced(&direct, 1000, 2).await;
}

#[tokio::test]
async fn a_server_that_stays_away_is_unreachable_when_the_patience_is_over() {
    let Some(database) = database().await else { return };
    let (direct, cut, mut proxy) = two_ways(&database, Duration::from_secs(7)).await;
    proxy.close().await;
    let began = Instant::now();
    let refused = cut.charge(&small_charge("o1"), terms().now).await.unwrap_err();
    assert_eq!(refused.code(), "store.unreachable");
    assert!((6..20).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    balanced(&direct, 1000, 0).await;
}

#[tokio::test]
async fn who_waits_for_a_connection_that_others_have_waits_as_long_as_the_patience() {
    let Some(database) = database().await else { return };
    let options = |seconds| StoreOptions::default().with_patience(Duration::from_secs(seconds)).with_writers(1);
    let direct = database.open().await;
    furnish(&direct).await;
    open_accounts(&direct, &[("ada", "1000.00")]).await;
    // The longer one than a pool tries to connect.
    for (patience, held, expected) in [(1, 5, Err("store.busy")), (60, 7, Ok(()))] {
        let store = SqlStore::open_with(database.url(), &options(patience)).await.unwrap();
        let mut other = database.beside().await;
        other.execute("begin").await.unwrap();
        other.execute("select turn from turns where turn < 1024 for update").await.unwrap();
        let mut charges = JoinSet::new();
        for number in 0..4 {
            let store = store.clone();
            charges.spawn(async move { store.charge(&small_charge(&format!("o{number}")), terms().now).await });
        }
        tokio::time::sleep(Duration::from_secs(held)).await;
        other.execute("rollback").await.unwrap();
        for outcome in charges.join_all().await {
            assert_eq!(outcome.map(drop).map_err(|error| error.code()), expected, "{patience}");
        }
    }
    balanced(&direct, 1000, 4).await;
}
