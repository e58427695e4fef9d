//! Locks: what is set aside is not there for others, until it is captured, voided or expires (R-W12).

use super::support::*;
use counterfoil::{
    time::Instant,
    wallet::{Charge, Coupons, Funding, GiveBack, LockState, RefundRequest, ReturnOrder},
};
use counterfoil_store::{Locks, Payments, Redemptions, Refunding, SqlStore, Wallets};

fn charge(order: &str, amount: &str) -> Charge {
    Charge {
        application: APPLICATION.into(),
        order: order.into(),
        unit: UNIT.into(),
        payer: user("ada"),
        amount: cny(amount),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    }
}

fn now() -> Instant {
    at("2024-03-01T00:00:00Z")
}

fn later() -> Instant {
    at("2024-03-01T00:30:00Z")
}

async fn of_ada() -> (Database, SqlStore) {
    let (database, store) = store().await;
    open_accounts(&store, &[("ada", "50.00"), ("bob", "9.00")]).await;
    store.put_coupons(&[coupon("C1", "ada", "100.00")]).await.unwrap();
    (database, store)
}

async fn holdings(store: &SqlStore) -> String {
    let coupons = store.coupons(&user("ada")).await.unwrap();
    format!("{} {}", store.account(&user("ada")).await.unwrap().unwrap().balance, coupons[0].balance())
}

#[tokio::test]
async fn what_is_locked_is_not_there_for_others() {
    // R-W12: a coupon of 100 of which 20 are locked has 80
    let (database, store) = of_ada().await;
    let only_coupons = |order, amount| Charge { funding: Funding::CouponsOnly, ..charge(order, amount) };
    let locked = store.authorise(&only_coupons("o1", "20.00"), later(), now()).await.unwrap();
    assert_eq!((locked.lock.lock.state_at(now()), locked.is_replay), (LockState::Authorised, false));
    assert_eq!(holdings(&store).await, "50.00 100.00"); // it stays where it is
    store.close().await;

    let store = database.open().await;
    assert_eq!(store.lock(APPLICATION, "o1").await.unwrap(), Some(locked.lock.clone()));
    let code = async |charge: Charge, now| store.charge(&charge, now).await.map_err(|error| error.code()).err();
    assert_eq!(code(only_coupons("o2", "80.01"), now()).await, Some("wallet.coupons_not_enough"));
    assert_eq!(code(charge("o2", "130.01"), now()).await, Some("wallet.funds_not_enough"));
    assert_eq!(code(only_coupons("o1", "20.00"), now()).await, Some("wallet.order_locked"));
    assert_eq!(code(only_coupons("o2", "80.00"), now()).await, None);
    assert_eq!(
        store.authorise(&only_coupons("o3", "0.01"), later(), now()).await.unwrap_err().code(),
        "wallet.coupons_not_enough"
    );
    // Its time is over: it is free, whether somebody wrote that down or not.
    let after = at("2024-03-01T00:30:00.000001Z");
    assert_eq!(code(only_coupons("o4", "20.00"), after).await, None);
    sound(&store).await;
}

#[tokio::test]
async fn a_capture_pays_in_part_and_frees_the_rest() {
    // R-W12
    let (_database, store) = of_ada().await;
    store.authorise(&charge("o1", "120.00"), later(), now()).await.unwrap();
    assert_eq!(
        store.capture(APPLICATION, "o1", cny("120.01"), now()).await.unwrap_err().code(),
        "wallet.capture_above_lock"
    );
    let captured = store.capture(APPLICATION, "o1", cny("110.00"), later()).await.unwrap();
    assert_eq!(
        captured.payment.payment.plan().to_string(),
        "110.00 CNY = 100.00 of coupon `C1` (100.00 → 0.00) + 10.00 of the balance (50.00 → 40.00)"
    );
    assert_eq!(holdings(&store).await, "40.00 0.00");
    assert_eq!(store.payment(APPLICATION, "o1").await.unwrap().as_ref(), Some(&captured.payment));
    // Again is the first; another amount is a second capture.
    let again = store.capture(APPLICATION, "o1", cny("110"), at("2025-01-01T00:00:00Z")).await.unwrap();
    assert_eq!((&again.payment, &again.lock, again.is_replay), (&captured.payment, &captured.lock, true));
    assert_eq!(
        store.capture(APPLICATION, "o1", cny("10.00"), now()).await.unwrap_err().code(),
        "wallet.lock_transition"
    );
    assert_eq!(store.void(APPLICATION, "o1", now()).await.unwrap_err().code(), "wallet.lock_transition");
    assert!(store.authorise(&charge("o1", "120.00"), later(), now()).await.unwrap().is_replay);
    assert_eq!(store.capture(APPLICATION, "o9", cny("1"), now()).await.unwrap_err().code(), "store.not_found");
    // The rest is free, and what was paid is refunded as any payment.
    store.charge(&charge("o2", "40.00"), now()).await.unwrap();
    let refund = RefundRequest {
        id: "r1".into(),
        application: APPLICATION.into(),
        order: "o1".into(),
        amount: cny("110.00"),
        fee: cny("0"),
        step: cny("0.01").amount(),
        returned: ReturnOrder::Proportional,
        give_back: GiveBack::SameCoupon,
    };
    store.refund(&refund, now()).await.unwrap();
    assert_eq!(holdings(&store).await, "10.00 100.00");
    sound(&store).await;
}

#[tokio::test]
async fn a_lock_is_given_up_once() {
    // R-W12
    let (_database, store) = of_ada().await;
    let locked = store.authorise(&charge("o1", "150.00"), later(), now()).await.unwrap();
    assert!(store.authorise(&charge("o1", "150"), at("2025-01-01T00:00:00Z"), now()).await.unwrap().is_replay);
    assert_eq!(
        store.authorise(&charge("o1", "1.00"), later(), now()).await.unwrap_err().code(),
        "wallet.lock_conflict"
    );
    assert_eq!(store.charge(&charge("o2", "0.01"), now()).await.unwrap_err().code(), "wallet.funds_not_enough");
    let voided = store.void(APPLICATION, "o1", now()).await.unwrap();
    assert_eq!((voided.lock.lock.state_at(now()), voided.lock.ended_at), (LockState::Voided, Some(now())));
    assert!(store.void(APPLICATION, "o1", later()).await.unwrap().is_replay);
    assert_eq!(store.capture(APPLICATION, "o1", cny("1"), now()).await.unwrap_err().code(), "wallet.lock_transition");
    assert_eq!(store.void(APPLICATION, "o9", now()).await.unwrap_err().code(), "store.not_found");
    // An order whose lock was given up may be paid as any other.
    store.charge(&charge("o1", "150.00"), now()).await.unwrap();
    assert_eq!(store.authorise(&charge("o2", "0.00"), now(), now()).await.unwrap_err().code(), "wallet.lock_too_short");
    assert_eq!(store.locks(&user("ada")).await.unwrap(), [voided.lock]);
    assert_ne!(store.locks(&user("ada")).await.unwrap(), [locked.lock]);
    let eve = Charge { payer: user("eve"), ..charge("o3", "1") };
    assert_eq!(store.authorise(&eve, later(), now()).await.unwrap_err().code(), "store.not_found");
    sound(&store).await;
}

#[tokio::test]
async fn what_has_expired_is_released_once() {
    // R-W12
    let (_database, store) = of_ada().await;
    for (order, expires) in
        [("o1", "2024-03-01T00:20:00Z"), ("o2", "2024-03-01T00:10:00Z"), ("o3", "2024-03-01T00:40:00Z")]
    {
        store.authorise(&charge(order, "10.00"), at(expires), now()).await.unwrap();
    }
    store.authorise(&charge("o4", "10.00"), at("2024-03-01T00:10:00Z"), now()).await.unwrap();
    store.void(APPLICATION, "o4", now()).await.unwrap();
    assert_eq!(store.release_expired(now()).await.unwrap(), []);
    let released = store.release_expired(later()).await.unwrap();
    let orders: Vec<&str> = released.iter().map(|known| &*known.lock.charge().order).collect();
    assert_eq!(orders, ["o2", "o1"]);
    assert_eq!(store.release_expired(later()).await.unwrap(), []);
    let code = store.capture(APPLICATION, "o1", cny("1"), now()).await.unwrap_err().code();
    assert_eq!(code, "wallet.lock_expired");
    assert_eq!(store.void(APPLICATION, "o1", now()).await.unwrap_err().code(), "wallet.lock_expired");
    store.capture(APPLICATION, "o3", cny("10"), later()).await.unwrap();
    sound(&store).await;
}

#[tokio::test]
async fn a_capture_that_fails_half_way_leaves_nothing() {
    let (database, store) = of_ada().await;
    store.authorise(&charge("o1", "120.00"), later(), now()).await.unwrap();
    // The second leg can not be written: somebody is at work in the database.
    let mut beside = database.beside().await;
    beside.break_inserts("entries", "new.source = 'balance'").await;
    assert_eq!(store.capture(APPLICATION, "o1", cny("120.00"), now()).await.unwrap_err().code(), "store.io");
    assert_eq!(store.payment(APPLICATION, "o1").await.unwrap(), None);
    assert_eq!(holdings(&store).await, "50.00 100.00");
    beside.mend_inserts("entries").await;
    sound(&store).await;
    assert!(!store.capture(APPLICATION, "o1", cny("120.00"), now()).await.unwrap().is_replay);
    sound(&store).await;
}

#[tokio::test]
async fn a_lock_survives_what_happens_to_its_sources() {
    // R-W12: it was there in time
    let (_database, store) = of_ada().await;
    store.authorise(&charge("o1", "120.00"), at("2024-07-01T00:00:00Z"), now()).await.unwrap();
    store.cancel_coupon("C1", now()).await.unwrap();
    let overdraft = Charge {
        coupons: Coupons::Named(vec![]),
        funding: Funding::Overdraft { limit: None },
        ..charge("o2", "60.00")
    };
    store.charge(&overdraft, now()).await.unwrap();
    let captured = store.capture(APPLICATION, "o1", cny("120.00"), at("2024-06-15T00:00:00Z")).await.unwrap();
    assert_eq!(captured.payment.payment.plan().legs().len(), 2);
    assert_eq!(holdings(&store).await, "-30.00 0.00");
    sound(&store).await;
}

#[tokio::test]
async fn stores_that_lock_and_capture_at_one_time_do_it_once() {
    let (database, store) = of_ada().await;
    // Of two orders of 100 only one fits into 150.
    let outcomes: Vec<Result<(bool, bool), &str>> = at_one_time(&database, async |task, store| {
        let order = if task % 2 == 0 { "o1" } else { "o2" };
        let locked = store.authorise(&charge(order, "100.00"), later(), now()).await.map_err(|error| error.code())?;
        let captured = store.capture(APPLICATION, order, cny("100.00"), now()).await.map_err(|error| error.code())?;
        Ok((locked.is_replay, captured.is_replay))
    })
    .await;
    let done: Vec<_> = outcomes.iter().flatten().collect();
    assert_eq!(done.len(), TASKS / 2, "{outcomes:?}");
    assert_eq!(done.iter().filter(|(locked, _)| !locked).count(), 1);
    assert_eq!(done.iter().filter(|(_, captured)| !captured).count(), 1);
    assert!(outcomes.iter().flat_map(|outcome| outcome.as_ref().err()).all(|code| *code == "wallet.funds_not_enough"));
    sound(&store).await;
}

#[tokio::test]
async fn an_order_that_was_paid_all_the_same_is_not_captured_too() {
    let (database, store) = of_ada().await;
    store.charge(&charge("o1", "20.00"), now()).await.unwrap();
    store.authorise(&charge("o2", "20.00"), later(), now()).await.unwrap();
    // As another program could leave it: the store itself neither locks an order that is paid nor pays one that a lock
    // holds.
    let mut beside = database.beside().await;
    for (insert, from) in [
        (
            "insert into locks (application, order_id, unit, payer, currency, amount, coupons, funding, overdraft, \
             made_us, expires_us, status) select application, 'o1', unit, payer, currency, amount, coupons, funding, \
             overdraft, made_us, expires_us, status",
            "locks",
        ),
        (
            "insert into lock_legs (\"lock\", position, source, coupon, amount, held_before, held_after) \
             select (select id from locks where order_id = 'o1'), position, source, coupon, amount, held_before, \
             held_after",
            "lock_legs",
        ),
    ] {
        assert_eq!(beside.execute(&format!("{insert} from {from}")).await.unwrap(), 1);
    }
    let before = holdings(&store).await;
    let refused = store.capture(APPLICATION, "o1", cny("20.00"), now()).await.unwrap_err();
    assert_eq!(refused.code(), "wallet.order_paid", "{refused}");
    assert_eq!(holdings(&store).await, before);
}
