//! Corrections: what is open of a group is settled together, below zero by refunds (R-S2).

use super::support::*;
use counterfoil::wallet::{GiveBack, RefundEvent, RefundRequest, ReturnOrder};
use counterfoil_store::{
    ChargeTerms, DayRecord, Days, Refunding, Reports, Settled, Settlement, SqlStore, StatementFilter, Statements,
    StoreError, Wallets,
};

const DAY: &str = "2024-02-20";

fn id(sequence: u32) -> String {
    format!("2024-02-20/UTC/user/ada/vm/server/{sequence}")
}

/// States the day of ada at prices; what is none is gone.
async fn state(store: &SqlStore, prices: &[Option<&str>]) {
    let day = day(DAY);
    let readings = (0..)
        .zip(prices)
        .filter_map(|(n, price)| price.map(|price| at_price(server(&format!("s-{n}"), "ada", day, "1"), price)));
    store.record_day(&DayRecord { day, owners: [user("ada")].into(), readings: readings.collect() }).await.unwrap();
}

async fn settle(store: &SqlStore, sequence: u32) -> Result<Settlement, StoreError> {
    let now = at("2024-03-01T00:00:00Z").plus_micros(i64::from(sequence)).unwrap();
    store.settle_statement(&id(sequence), &ChargeTerms { now, ..terms() }).await
}

/// What was done, in words.
async fn settled(store: &SqlStore, sequence: u32) -> String {
    let settlement = settle(store, sequence).await.unwrap();
    let sequences: Vec<&str> = settlement.statements.iter().map(|id| &id[id.len() - 1..]).collect();
    let what = match &settlement.settled {
        Settled::Paid(paid) => format!("{} for {}", paid.payment.plan().amount(), &paid.payment.charge().order[34..]),
        Settled::Refunded(refunds) => {
            let shown = refunds.iter().map(|stored| {
                let request = stored.refund.request();
                format!("{} of {}", request.amount, &request.order[34..])
            });
            format!("back {}", shown.collect::<Vec<_>>().join(", "))
        }
        Settled::Nothing => "nothing".to_owned(),
    };
    format!("{}: {what}{}", sequences.join("+"), if settlement.is_replay { " again" } else { "" })
}

async fn balance(store: &SqlStore) -> String {
    store.account(&user("ada")).await.unwrap().unwrap().balance.to_string()
}

async fn of_ada(balance: &str) -> (Database, SqlStore) {
    let (database, store) = store().await;
    open_accounts(&store, &[("ada", balance)]).await;
    (database, store)
}

#[tokio::test]
async fn a_correction_of_what_is_paid_is_refunded() {
    // R-S2: 2.06 paid, −0.56
    let (_database, store) = of_ada("5.00").await;
    store.put_coupons(&[coupon("C1", "ada", "1.03")]).await.unwrap();
    state(&store, &[Some("2.06")]).await;
    assert_eq!(settled(&store, 0).await, "0: 2.06 for 0");
    state(&store, &[Some("1.50")]).await;
    assert_eq!(settled(&store, 1).await, "1: back 0.56 of 0");
    assert_eq!(settled(&store, 1).await, "1: back 0.56 of 0 again");
    assert_eq!(settled(&store, 0).await, "0: 2.06 for 0 again");
    // Half of it was the coupon's.
    assert_eq!(balance(&store).await, "4.25");
    assert_eq!(store.coupons(&user("ada")).await.unwrap()[0].balance(), cny("0.28"));

    let stored = store.statement(&id(1)).await.unwrap().unwrap();
    assert_eq!((stored.payment, stored.settled_with, stored.refunds.len()), (None, None, 1));
    assert_eq!(stored.refunds[0].correction, Some(id(1)));
    assert_eq!(stored.refunds[0].refund.id(), id(1));
    let totals = store.totals(&StatementFilter::dated(date(DAY)..=date(DAY))).await.unwrap();
    let [total] = &totals[..] else { panic!("{totals:?}") };
    let shown = [total.payable, total.by_coupon, total.by_balance, total.given_back, total.unpaid];
    assert_eq!(shown.map(|sum| sum.to_string()), ["1.50", "1.03", "1.03", "0.56", "0"]);
    sound(&store).await;
}

#[tokio::test]
async fn a_correction_of_what_nobody_paid_lowers_what_is_paid() {
    // R-S2: 2.06 unpaid, −0.56: one payment of 1.50
    for first in [0, 1] {
        let (_database, store) = of_ada("5.00").await;
        state(&store, &[Some("2.06")]).await;
        state(&store, &[Some("1.50")]).await;
        assert_eq!(settled(&store, first).await, "0+1: 1.50 for 0");
        for sequence in [0, 1] {
            assert_eq!(settled(&store, sequence).await, "0+1: 1.50 for 0 again");
        }
        assert_eq!(balance(&store).await, "3.50");
        let stored = store.statement(&id(1)).await.unwrap().unwrap();
        assert_eq!((stored.payment, stored.settled_with), (None, Some(id(0))));
        let other = ChargeTerms { application: "other".into(), ..terms() };
        let refused = store.settle_statement(&id(1), &other).await.unwrap_err();
        assert_eq!(refused.code(), "statement.already_paid");
        // And what comes after is refunded of that payment.
        state(&store, &[None]).await;
        assert_eq!(settled(&store, 2).await, "2: back 1.50 of 0");
        assert_eq!(balance(&store).await, "5.00");
        sound(&store).await;
    }
}

#[tokio::test]
async fn what_comes_to_nothing_is_settled_by_nothing() {
    let (_database, store) = of_ada("5.00").await;
    state(&store, &[Some("2.06")]).await;
    state(&store, &[None]).await;
    assert_eq!(settled(&store, 1).await, "0+1: nothing");
    assert_eq!(settled(&store, 0).await, "0+1: nothing again");
    assert_eq!(balance(&store).await, "5.00");
    sound(&store).await;
}

#[tokio::test]
async fn a_large_correction_draws_on_the_latest_payment_first() {
    // R-W14: 3.00 and 0.40 were paid, 0.56 comes back
    let (_database, store) = of_ada("5.00").await;
    state(&store, &[Some("3.00")]).await;
    settle(&store, 0).await.unwrap();
    state(&store, &[Some("3.40")]).await;
    assert_eq!(settled(&store, 1).await, "1: 0.40 for 1");
    state(&store, &[Some("2.84")]).await;
    assert_eq!(settled(&store, 2).await, "2: back 0.40 of 1, 0.16 of 0");
    let refunds = settle(&store, 2).await.unwrap();
    let ids: Vec<&str> = refunds.refunds().iter().map(|stored| stored.refund.id()).collect();
    assert_eq!(ids, [id(2), id(2) + "/2"]);
    // Mixed: a late reading of 0.10, and 0.56 less: 0.46 come back, of what is left of the first payment.
    state(&store, &[Some("2.84"), Some("0.10")]).await;
    state(&store, &[Some("2.28"), Some("0.10")]).await;
    assert_eq!(settled(&store, 3).await, "3+4: back 0.46 of 0");
    state(&store, &[None, None]).await;
    assert_eq!(settled(&store, 5).await, "5: back 2.38 of 0");
    assert_eq!(balance(&store).await, "5.00");
    sound(&store).await;
}

#[tokio::test]
async fn what_was_refunded_otherwise_is_not_refunded_again() {
    let (_database, store) = of_ada("5.00").await;
    state(&store, &[Some("2.06")]).await;
    settle(&store, 0).await.unwrap();
    let goodwill = RefundRequest {
        id: "goodwill".into(),
        application: APPLICATION.into(),
        order: id(0),
        amount: cny("2.00"),
        fee: cny("0"),
        step: cny("0.01").amount(),
        returned: ReturnOrder::Proportional,
        give_back: GiveBack::SameCoupon,
    };
    store.refund(&goodwill, terms().now).await.unwrap();
    state(&store, &[Some("1.50")]).await;
    // R-W14: 0.06 is left, 0.56 is asked for; nothing is changed.
    assert_eq!(settle(&store, 1).await.unwrap_err().code(), "wallet.refunds_not_enough");
    assert_eq!(store.statement(&id(1)).await.unwrap().unwrap().refunds, []);
    assert_eq!(balance(&store).await, "4.94");
    sound(&store).await;
    // Somebody else's refund may not take the id of a correction.
    state(&store, &[Some("2.04")]).await;
    let taken = RefundRequest { id: id(3), amount: cny("0.01"), ..goodwill };
    store.refund(&taken, terms().now).await.unwrap();
    state(&store, &[Some("2.05")]).await;
    assert_eq!(settle(&store, 3).await.unwrap_err().code(), "store.conflict");
    assert_eq!(balance(&store).await, "4.95");
    sound(&store).await;
}

#[tokio::test]
async fn a_refund_of_another_reason_does_not_settle_a_correction() {
    let (_database, store) = of_ada("5.00").await;
    state(&store, &[Some("2.06")]).await;
    settle(&store, 0).await.unwrap();
    state(&store, &[Some("1.50")]).await;
    // The same facts under the id of the correction, failed: it may be tried again, but is no correction.
    let same = RefundRequest {
        id: id(1),
        application: APPLICATION.into(),
        order: id(0),
        amount: cny("0.56"),
        fee: cny("0"),
        step: terms().give_back.step,
        returned: terms().give_back.returned,
        give_back: terms().give_back.coupons,
    };
    store.plan_refund(&same, terms().now).await.unwrap();
    store.refund_event(APPLICATION, &id(1), RefundEvent::Fail, terms().now).await.unwrap();
    assert_eq!(settle(&store, 1).await.unwrap_err().code(), "store.conflict");
    assert_eq!(balance(&store).await, "2.94");
    sound(&store).await;
}

#[tokio::test]
async fn stores_that_settle_a_correction_at_one_time_refund_it_once() {
    let (database, store) = of_ada("5.00").await;
    state(&store, &[Some("2.06")]).await;
    settle(&store, 0).await.unwrap();
    state(&store, &[Some("1.50")]).await;
    let replays = at_one_time(&database, async |_, store| settle(&store, 1).await.unwrap().is_replay).await;
    assert_eq!(replays.iter().filter(|is_replay| !**is_replay).count(), 1);
    assert_eq!(balance(&store).await, "3.50");
    sound(&store).await;
}
