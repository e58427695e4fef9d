//! Orders: their states move with the money, in one transaction (R-O1, R-W17).

use super::support::*;
use counterfoil::{
    order::{DeliveryEvent, OrderStatus, OrderType, TradingStatus},
    time::Instant,
    wallet::{Charge, Coupons, Funding, GiveBack, ReturnOrder},
};
use counterfoil_store::{
    Act, Locks, OrderTerms, OrderedItem, Orders, Payments, Refunding, SqlStore, StoreError, UndeliveredTerms, Wallets,
};

const ALL: [&str; 3] = ["i1", "i2", "i3"];

pub(super) fn now() -> Instant {
    at("2024-03-01T00:00:00Z")
}

pub(super) fn act() -> Act {
    Act { by: "operator".into(), reason: "asked by phone".into(), now: now() }
}

pub(super) fn terms(order: &str, amount: &str) -> OrderTerms {
    let item = |id: &str| OrderedItem { id: id.into(), weight: cny("1").amount() };
    OrderTerms {
        application: APPLICATION.into(),
        order: order.into(),
        order_type: OrderType::New,
        owner: user("ada"),
        unit: UNIT.into(),
        amount: cny(amount),
        items: ALL.map(item).into(),
        step: cny("0.01").amount(),
        pay_within_s: Some(3600),
    }
}

pub(super) fn undelivered(refund: &str) -> UndeliveredTerms {
    UndeliveredTerms { refund: refund.into(), returned: ReturnOrder::Proportional, give_back: GiveBack::SameCoupon }
}

pub(super) async fn with_order(amount: &str) -> (Database, SqlStore) {
    let (database, store) = store().await;
    open_accounts(&store, &[("ada", "50.00"), ("bob", "50.00")]).await;
    store.create_order(&terms("o1", amount), &act()).await.unwrap();
    (database, store)
}

pub(super) async fn pay(store: &SqlStore) -> Result<bool, StoreError> {
    let paid = store.pay_order(APPLICATION, "o1", Coupons::Automatic, Funding::EnoughFunds, &act()).await?;
    assert_eq!(paid.order.order.status(), OrderStatus::Paid);
    Ok(paid.paid.is_replay)
}

pub(super) async fn status(store: &SqlStore) -> OrderStatus {
    store.order(APPLICATION, "o1").await.unwrap().unwrap().order.status()
}

pub(super) async fn balance(store: &SqlStore) -> String {
    store.account(&user("ada")).await.unwrap().unwrap().balance.to_string()
}

#[tokio::test]
async fn an_order_is_kept_as_it_is() {
    let (database, store) = with_order("30.00").await;
    assert!(
        store
            .create_order(&terms("o1", "30"), &Act { now: at("2025-01-01T00:00:00Z"), ..act() })
            .await
            .unwrap()
            .is_replay
    );
    let fact = async |other: OrderTerms| {
        let error = store.create_order(&other, &act()).await.unwrap_err();
        assert_eq!(error.code(), "store.conflict");
        error.to_string()
    };
    let same = || terms("o1", "30.00");
    for (name, other) in [
        ("type", OrderTerms { order_type: OrderType::Renewal, ..same() }),
        ("owner", OrderTerms { owner: user("bob"), ..same() }),
        ("settlement unit", OrderTerms { unit: "disk".into(), ..same() }),
        ("amount", terms("o1", "30.01")),
        ("list of items", OrderTerms { items: same().items.into_iter().rev().collect(), ..same() }),
        ("step", OrderTerms { step: cny("0.1").amount(), ..same() }),
        ("time to pay", OrderTerms { pay_within_s: None, ..same() }),
    ] {
        let message = fact(other).await;
        assert!(message.contains(&format!("another {name}:")), "{message}");
    }
    let code = async |other: OrderTerms| store.create_order(&other, &act()).await.unwrap_err().code();
    let twice = [same().items, same().items].concat();
    assert_eq!(code(terms("", "1")).await, "wallet.empty_id");
    assert_eq!(code(OrderTerms { items: vec![], ..terms("o2", "1") }).await, "order.bad_item_count");
    assert_eq!(code(OrderTerms { pay_within_s: Some(0), ..terms("o2", "1") }).await, "order.no_time_to_pay");
    assert_eq!(code(OrderTerms { items: twice, ..terms("o2", "1") }).await, "wallet.item_twice");
    assert_eq!(code(terms("o2", "-1")).await, "wallet.negative_amount");
    let stored = store.order(APPLICATION, "o1").await.unwrap().unwrap();
    store.close().await;
    let store = database.open().await;
    assert_eq!(store.order(APPLICATION, "o1").await.unwrap(), Some(stored.clone()));
    assert_eq!(store.orders(&user("ada")).await.unwrap(), [stored]);
    assert_eq!(store.order(APPLICATION, "o2").await.unwrap(), None);
    sound(&store).await;
}

#[tokio::test]
async fn an_order_is_paid_with_its_payment() {
    // R-O1
    let (_database, store) = with_order("30.00").await;
    assert!(!pay(&store).await.unwrap());
    assert!(pay(&store).await.unwrap());
    assert_eq!(balance(&store).await, "20.00");
    assert_eq!(store.cancel_order(APPLICATION, "o1", &act()).await.unwrap_err().code(), "order.illegal_transition");
    let history = store.order_history(APPLICATION, "o1").await.unwrap();
    let shown: Vec<_> = history.iter().map(|step| (step.event.as_deref(), step.from.as_deref(), &*step.to)).collect();
    assert_eq!(shown, [(None, None, "unpaid"), (Some("pay"), Some("unpaid"), "paid")]);
    assert_eq!(history[1].act, act());

    // Whatever pays it: a charge, a capture of its lock.
    store.create_order(&terms("o2", "5.00"), &act()).await.unwrap();
    store.create_order(&terms("o3", "6.00"), &act()).await.unwrap();
    let charge = |order: &str, amount: &str| Charge {
        application: APPLICATION.into(),
        order: order.into(),
        unit: UNIT.into(),
        payer: user("ada"),
        amount: cny(amount),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    assert_eq!(store.charge(&charge("o2", "4.99"), now()).await.unwrap_err().code(), "store.conflict");
    store.charge(&charge("o2", "5.00"), now()).await.unwrap();
    store.authorise(&charge("o3", "6.00"), at("2024-03-01T00:30:00Z"), now()).await.unwrap();
    assert_eq!(store.capture(APPLICATION, "o3", cny("5.00"), now()).await.unwrap_err().code(), "store.conflict");
    store.capture(APPLICATION, "o3", cny("6.00"), now()).await.unwrap();
    let orders = store.orders(&user("ada")).await.unwrap();
    assert!(orders.iter().all(|stored| stored.order.status() == OrderStatus::Paid));
    assert_eq!(balance(&store).await, "9.00");
    let refused = store.pay_order(APPLICATION, "o9", Coupons::Automatic, Funding::EnoughFunds, &act()).await;
    assert_eq!(refused.unwrap_err().code(), "store.not_found");
    sound(&store).await;
}

#[tokio::test]
async fn what_is_cancelled_or_late_is_not_paid() {
    // R-O1
    let (_database, store) = with_order("30.00").await;
    store.create_order(&terms("o2", "1.00"), &act()).await.unwrap();
    for (order, pay_within_s) in [("o3", None), ("o4", Some(3601))] {
        store.create_order(&OrderTerms { pay_within_s, ..terms(order, "1.00") }, &act()).await.unwrap();
    }
    let late = Act { now: at("2024-03-01T01:00:00Z"), ..act() };
    let paid = store.pay_order(APPLICATION, "o1", Coupons::Automatic, Funding::EnoughFunds, &late).await;
    assert_eq!(paid.unwrap_err().code(), "order.illegal_transition");
    assert_eq!((status(&store).await, balance(&store).await), (OrderStatus::Unpaid, "50.00".into()));
    assert!(!store.cancel_order(APPLICATION, "o2", &act()).await.unwrap().is_replay);
    assert!(store.cancel_order(APPLICATION, "o2", &act()).await.unwrap().is_replay);
    assert_eq!(store.time_out_orders(&act()).await.unwrap(), []);
    let over = store.time_out_orders(&late).await.unwrap();
    assert_eq!(over.iter().map(|stored| &*stored.terms.order).collect::<Vec<_>>(), ["o1"]);
    assert_eq!(over[0].order.trading(), TradingStatus::Closed);
    assert_eq!(store.time_out_orders(&late).await.unwrap(), []);
    for order in ["o1", "o2"] {
        let paid = store.pay_order(APPLICATION, order, Coupons::Automatic, Funding::EnoughFunds, &act()).await;
        assert_eq!(paid.unwrap_err().code(), "order.illegal_transition");
        assert_eq!(store.payment(APPLICATION, order).await.unwrap(), None);
    }
    assert_eq!(balance(&store).await, "50.00");
    sound(&store).await;
}

#[tokio::test]
async fn a_transition_that_fails_takes_the_money_with_it() {
    let (database, store) = with_order("30.00").await;
    let mut beside = database.beside().await;
    beside.break_inserts("order_steps", "1 = 1").await;
    assert_eq!(pay(&store).await.unwrap_err().code(), "store.io");
    assert_eq!((status(&store).await, balance(&store).await), (OrderStatus::Unpaid, "50.00".into()));
    assert_eq!(store.payment(APPLICATION, "o1").await.unwrap(), None);
    beside.mend_inserts("order_steps").await;
    pay(&store).await.unwrap();
    store.deliver(APPLICATION, "o1", "i1", DeliveryEvent::Fail, &act()).await.unwrap();
    beside.break_inserts("order_steps", "1 = 1").await;
    let refused = store.refund_undelivered(APPLICATION, "o1", &undelivered("r1"), &act()).await.unwrap_err();
    assert_eq!(refused.code(), "store.io");
    assert_eq!((status(&store).await, balance(&store).await), (OrderStatus::Paid, "20.00".into()));
    assert_eq!(store.refunds(APPLICATION, "o1").await.unwrap(), []);
    beside.mend_inserts("order_steps").await;
    store.refund_undelivered(APPLICATION, "o1", &undelivered("r1"), &act()).await.unwrap();
    assert_eq!((status(&store).await, balance(&store).await), (OrderStatus::PartRefund, "30.00".into()));
    sound(&store).await;
}

#[tokio::test]
async fn stores_that_pay_or_cancel_one_order_at_one_time_do_one_of_them() {
    let (database, store) = with_order("30.00").await;
    let outcomes = at_one_time(&database, async |task, store| {
        let replay = if task % 2 == 0 {
            pay(&store).await
        } else {
            store.cancel_order(APPLICATION, "o1", &act()).await.map(|change| change.is_replay)
        };
        (task % 2 == 0, replay.map_err(|error| error.code()))
    })
    .await;
    let is_paid = status(&store).await == OrderStatus::Paid;
    assert_eq!(balance(&store).await, if is_paid { "20.00" } else { "50.00" });
    assert_eq!(outcomes.iter().filter(|(_, outcome)| *outcome == Ok(false)).count(), 1);
    for (pays, outcome) in outcomes {
        let expected = if pays == is_paid { outcome.is_ok() } else { outcome == Err("order.illegal_transition") };
        assert!(expected, "{outcome:?}");
    }
    sound(&store).await;
}
