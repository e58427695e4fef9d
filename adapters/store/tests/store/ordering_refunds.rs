//! Orders that are given back, whole or what was not delivered: their states go through `refunding` with their refunds
//! (R-O1, R-W17, R-W19).

use super::{
    ordering::{act, balance, now, pay, status, undelivered, with_order},
    support::*,
};
use counterfoil::{
    order::{DeliveryEvent, OrderStatus, TradingStatus},
    wallet::{GiveBack, RefundEvent, RefundRequest, ReturnOrder},
};
use counterfoil_store::{Orders, Refunding};

fn request(id: &str, amount: &str) -> RefundRequest {
    RefundRequest {
        id: id.into(),
        application: APPLICATION.into(),
        order: "o1".into(),
        amount: cny(amount),
        fee: cny("0"),
        step: cny("0.01").amount(),
        returned: ReturnOrder::Proportional,
        give_back: GiveBack::SameCoupon,
    }
}

#[tokio::test]
async fn what_was_not_delivered_is_given_back() {
    // R-W17: 10.00 over three items is 3.33, 3.33, 3.34
    let (_database, store) = with_order("10.00").await;
    let deliver = async |item: &str, event| store.deliver(APPLICATION, "o1", item, event, &act()).await;
    assert_eq!(deliver("i1", DeliveryEvent::Deliver).await.unwrap_err().code(), "order.not_paid");
    pay(&store).await.unwrap();
    assert!(!deliver("i1", DeliveryEvent::Deliver).await.unwrap().is_replay);
    assert!(deliver("i1", DeliveryEvent::Deliver).await.unwrap().is_replay);
    assert_eq!(deliver("i1", DeliveryEvent::Fail).await.unwrap_err().code(), "order.illegal_transition");
    assert_eq!(deliver("i9", DeliveryEvent::Fail).await.unwrap_err().code(), "store.not_found");
    deliver("i2", DeliveryEvent::Fail).await.unwrap();

    let refund = async |id: &str| store.refund_undelivered(APPLICATION, "o1", &undelivered(id), &act()).await;
    let first = refund("r1").await.unwrap();
    assert_eq!((first.order.order.status(), first.refunded.is_replay), (OrderStatus::PartRefund, false));
    let (part, held) = (first.refunded.refund.refund.request().amount, balance(&store).await);
    assert!(["3.33", "3.34"].contains(&part.to_string().as_str()), "{part}");
    assert_eq!(refund("r1").await.unwrap().refunded.refund, first.refunded.refund);
    assert_eq!(balance(&store).await, held);
    // What failed is given back once; what fails later comes with another refund.
    assert_eq!(refund("r2").await.unwrap().refunded.refund.refund.request().amount, cny("0"));
    let order = deliver("i3", DeliveryEvent::Fail).await.unwrap().order.order;
    assert_eq!(order.trading(), TradingStatus::PartDeliver);
    let second = refund("r3").await.unwrap();
    assert_eq!(second.order.order.status(), OrderStatus::PartRefund);
    let both = part.plus(second.refunded.refund.refund.request().amount).unwrap();
    assert!(["6.66", "6.67"].contains(&both.to_string().as_str()), "{both}");
    sound(&store).await;

    // All of the rest: the order is given back whole, and no more money moves.
    let rest = cny("10.00").minus(both).unwrap();
    store.refund(&request("r4", &rest.to_string()), now()).await.unwrap();
    assert_eq!((status(&store).await, balance(&store).await), (OrderStatus::Refund, "50.00".into()));
    assert_eq!(store.refund(&request("r5", "0"), now()).await.unwrap_err().code(), "order.illegal_transition");
    let events: Vec<_> = store.order_history(APPLICATION, "o1").await.unwrap();
    let events: Vec<_> =
        events.iter().filter(|step| step.item.is_none()).filter_map(|step| step.event.as_deref()).collect();
    let refunded = ["start_refund", "refund_part"].repeat(3);
    assert_eq!(events, [&["pay"][..], &refunded, &["start_refund", "refund_whole"]].concat());
    sound(&store).await;
}

#[tokio::test]
async fn an_order_is_refunding_while_its_refund_waits() {
    // R-O1, R-W19
    let (_database, store) = with_order("30.00").await;
    pay(&store).await.unwrap();
    store.plan_refund(&request("r1", "10.00"), now()).await.unwrap();
    assert_eq!(status(&store).await, OrderStatus::Refunding);
    // One at a time.
    assert_eq!(store.plan_refund(&request("r2", "1.00"), now()).await.unwrap_err().code(), "order.illegal_transition");
    assert_eq!(store.refund_of(APPLICATION, "r2").await.unwrap(), None);
    sound(&store).await;
    let event = async |event| store.refund_event(APPLICATION, "r1", event, now()).await.unwrap();
    event(RefundEvent::Fail).await;
    assert_eq!(status(&store).await, OrderStatus::Paid);
    sound(&store).await;
    event(RefundEvent::Retry).await;
    assert_eq!(status(&store).await, OrderStatus::Refunding);
    event(RefundEvent::Succeed).await;
    assert_eq!((status(&store).await, balance(&store).await), (OrderStatus::PartRefund, "30.00".into()));
    store.plan_refund(&request("r2", "20.00"), now()).await.unwrap();
    store.refund_event(APPLICATION, "r2", RefundEvent::Close, now()).await.unwrap();
    assert_eq!(status(&store).await, OrderStatus::PartRefund);
    sound(&store).await;
}

#[tokio::test]
async fn a_refund_that_failed_is_given_up_while_another_waits() {
    // R-O1, R-W19: the order is refunding until the one that waits has ended.
    let (_database, store) = with_order("30.00").await;
    pay(&store).await.unwrap();
    let event = async |id: &str, event| store.refund_event(APPLICATION, id, event, now()).await.unwrap();
    store.plan_refund(&request("r1", "10.00"), now()).await.unwrap();
    event("r1", RefundEvent::Fail).await;
    store.plan_refund(&request("r2", "20.00"), now()).await.unwrap();
    event("r1", RefundEvent::Close).await;
    assert_eq!(status(&store).await, OrderStatus::Refunding);
    sound(&store).await;
    event("r2", RefundEvent::Succeed).await;
    assert_eq!((status(&store).await, balance(&store).await), (OrderStatus::PartRefund, "40.00".into()));
    sound(&store).await;
}

#[tokio::test]
async fn a_refund_that_failed_gives_back_no_items_but_those_it_was_of() {
    // R-W17: i1 and i2 of 30.00 come to 20.00; what was planned for i1 alone is no refund of both.
    let (_database, store) = with_order("30.00").await;
    pay(&store).await.unwrap();
    for item in ["i1", "i2"] {
        store.deliver(APPLICATION, "o1", item, DeliveryEvent::Fail, &act()).await.unwrap();
    }
    store.plan_refund(&request("r1", "10.00"), now()).await.unwrap();
    store.refund_event(APPLICATION, "r1", RefundEvent::Fail, now()).await.unwrap();
    let refund = async |id: &str| store.refund_undelivered(APPLICATION, "o1", &undelivered(id), &act()).await;
    assert_eq!(refund("r1").await.unwrap_err().code(), "wallet.refund_conflict");
    sound(&store).await;
    store.refund_event(APPLICATION, "r1", RefundEvent::Close, now()).await.unwrap();
    assert_eq!(refund("r2").await.unwrap().refunded.refund.refund.request().amount, cny("20.00"));
    assert_eq!(balance(&store).await, "40.00");
    sound(&store).await;
}
