//! Clocks that stand apart: a lock whose time is over for one call is not captured by another whose clock is behind
//! (R-W12). What it held may be spent by then.

use super::support::*;
use counterfoil::{
    time::Instant,
    wallet::{Charge, Coupons, Funding, LockState},
};
use counterfoil_store::{
    Captured, ChargeTerms, Days, Locks, Payments, SqlStore, StatementFilter, Statements, StoreError, Wallets,
};
use std::ops::ControlFlow;

/// All that the payer has.
const ALL: &str = "50.00";

fn before() -> Instant {
    at("2024-03-01T00:29:00Z")
}

fn expires() -> Instant {
    at("2024-03-01T00:30:00Z")
}

fn after() -> Instant {
    at("2024-03-01T00:31:00Z")
}

fn charge(order: &str, payer: &str) -> Charge {
    Charge {
        application: APPLICATION.into(),
        order: order.into(),
        unit: UNIT.into(),
        payer: user(payer),
        amount: cny(ALL),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    }
}

/// A store in which each of some payers has an order of the same name, which holds all that there is.
async fn all_held(payers: &[&str]) -> (Database, SqlStore) {
    let (database, store) = store().await;
    open_accounts(&store, &payers.iter().map(|payer| (*payer, ALL)).collect::<Vec<_>>()).await;
    for payer in payers {
        store.authorise(&charge(payer, payer), expires(), before()).await.unwrap();
    }
    (database, store)
}

async fn capture(store: &SqlStore, order: &str) -> Result<Captured, StoreError> {
    store.capture(APPLICATION, order, cny(ALL), before()).await
}

async fn balance(store: &SqlStore, payer: &str) -> String {
    store.account(&user(payer)).await.unwrap().unwrap().balance.to_string()
}

#[tokio::test]
async fn what_a_later_call_has_taken_is_not_captured_by_an_earlier_clock() {
    let payers = ["charged", "settled", "batched"];
    let (_database, store) = all_held(&payers).await;
    let day = day("2024-02-20");
    let readings = payers[1..].iter().map(|payer| server(&format!("s-{payer}"), payer, day, "1")).collect();
    store.record_day(&record(day, readings)).await.unwrap();

    // Each takes of what the lock held: all of it, or the 1.58 of a day.
    store.charge(&charge("o1", "charged"), after()).await.unwrap();
    let terms = ChargeTerms::daily(APPLICATION, after());
    let of_day = StatementFilter::dated(date("2024-02-20")..=date("2024-02-20"));
    let of_settled = store.statements(&of_day.clone().with_owner(user("settled"))).await.unwrap();
    store.settle_statement(&of_settled[0].id, &terms).await.unwrap();
    let of_batched = of_day.with_owner(user("batched"));
    let batch = store.settle_statements(&of_batched, &terms, &mut |_| ControlFlow::Continue(())).await.unwrap();
    assert_eq!(batch.paid, 1, "{batch:?}");

    for (payer, left) in payers.into_iter().zip(["0.00", "48.42", "48.42"]) {
        assert_eq!(capture(&store, payer).await.unwrap_err().code(), "wallet.lock_expired", "{payer}");
        assert_eq!(balance(&store, payer).await, left, "{payer}");
        let known = store.lock(APPLICATION, payer).await.unwrap().unwrap();
        assert_eq!(known.lock.state_at(before()), LockState::Expired, "{payer}");
    }
    sound(&store).await;
}

#[tokio::test]
async fn what_a_later_lock_holds_is_not_captured_by_an_earlier_clock() {
    let (_database, store) = all_held(&["ada"]).await;
    store.authorise(&charge("o1", "ada"), at("2024-03-02T00:00:00Z"), after()).await.unwrap();
    assert_eq!(capture(&store, "ada").await.unwrap_err().code(), "wallet.lock_expired");
    capture(&store, "o1").await.unwrap();
    assert_eq!(balance(&store, "ada").await, "0.00");
    sound(&store).await;
}

#[tokio::test]
async fn a_later_call_that_takes_nothing_leaves_the_lock_to_an_earlier_clock() {
    let (_database, store) = all_held(&["ada"]).await;
    let too_much = Charge { amount: cny("50.01"), ..charge("o1", "ada") };
    assert_eq!(store.charge(&too_much, after()).await.unwrap_err().code(), "wallet.funds_not_enough");
    capture(&store, "ada").await.unwrap();
    assert_eq!(balance(&store, "ada").await, "0.00");
    sound(&store).await;
}

#[tokio::test]
async fn of_a_capture_and_a_later_charge_at_one_time_one_is_done() {
    let payers: Vec<String> = (0..TASKS / 2).map(|number| format!("u{number}")).collect();
    let payers: Vec<&str> = payers.iter().map(String::as_str).collect();
    let (database, store) = all_held(&payers).await;
    // Two for each payer; which of them is sent first changes from one to the next.
    let outcomes = at_one_time(&database, async |task, store| {
        let (payer, which) = (task / 2, task % 2);
        let name = format!("u{payer}");
        let is_capture = (payer + which) % 2 == 0;
        let done = if is_capture {
            capture(&store, &name).await.map(drop)
        } else {
            store.charge(&charge(&format!("late {name}"), &name), after()).await.map(drop)
        };
        (payer, is_capture, done.map_err(|error| error.code()))
    })
    .await;
    for (number, payer) in payers.into_iter().enumerate() {
        let of = |is_capture| outcomes.iter().find(|outcome| (outcome.0, outcome.1) == (number, is_capture)).unwrap().2;
        match (of(true), of(false)) {
            (Ok(()), Err("wallet.funds_not_enough")) | (Err("wallet.lock_expired"), Ok(())) => {}
            other => panic!("{payer}: {other:?}"),
        }
        assert_eq!(balance(&store, payer).await, "0.00", "{payer}");
    }
    sound(&store).await;
}
