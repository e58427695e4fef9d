//! Calls that meet at one thing without an owner in common: an order id, or a coupon that changes hands.

use super::{ordering, support::*};
use chrono::NaiveDate;
use counterfoil::wallet::{Charge, Coupon, CouponStatus, CouponTerms, Funding};
use counterfoil_store::{
    Days, OrderTerms, Orders, Payments, Redemptions, SqlStore, StatementFilter, Statements, StoreError, Wallets,
};
use std::ops::ControlFlow;

fn code<T>(outcome: Result<T, StoreError>) -> Result<(), &'static str> {
    outcome.map(drop).map_err(|error| error.code())
}

/// Half of them settle a day, and half make an order; whether it came to that.
async fn settle_or_order(
    task: usize,
    store: SqlStore,
    date: NaiveDate,
    order: OrderTerms,
) -> (bool, Result<(), &'static str>) {
    if task % 2 == 1 {
        return (false, code(store.create_order(&order, &ordering::act()).await));
    }
    let whole = StatementFilter::dated(date..=date);
    let batch = store.settle_statements(&whole, &terms(), &mut |_| ControlFlow::Continue(())).await.unwrap();
    (true, if batch.paid == 1 { Ok(()) } else { Err("not by this one") })
}

#[tokio::test]
async fn a_statement_is_not_paid_under_an_order_that_another_owner_makes_meanwhile() {
    let (database, store) = store().await;
    open_accounts(&store, &[("ada", "9.00"), ("bob", "50.00")]).await;
    let mut seen = [0, 0];
    for round in 0..12 {
        let date = date("2024-02-01") + chrono::Days::new(round);
        let day = day(&date.to_string());
        store.record_day(&record(day, vec![at_price(server("s-1", "bob", day, "1"), "1.00")])).await.unwrap();
        let id = format!("{date}/UTC/user/bob/vm/server/0");
        let order = ordering::terms(&id, "1.00");
        let outcomes = at_one_time(&database, |task, store| settle_or_order(task, store, date, order.clone())).await;
        // Whoever was first has it: never an order of one owner that the payment of another lies under.
        let (is_paid, is_ordered) =
            (is_paid(&store, &id).await, store.order(APPLICATION, &id).await.unwrap().is_some());
        assert_ne!(is_paid, is_ordered, "round {round}: {outcomes:?}");
        seen[usize::from(is_paid)] += 1;
        let settled = outcomes.iter().filter(|outcome| **outcome == (true, Ok(()))).count();
        assert_eq!(settled, usize::from(is_paid), "{outcomes:?}");
        for (settles, outcome) in outcomes {
            let conflict = if is_paid { Err("store.conflict") } else { Ok(()) };
            assert!(settles || outcome == conflict, "round {round}: {outcome:?}");
        }
    }
    assert_eq!(seen.iter().sum::<u64>(), 12);
    sound(&store).await;
}

/// A third of them redeem a coupon, a third cancel it, and a third pay with it.
async fn use_up(task: usize, store: SqlStore, id: String, order: Charge) -> (&'static str, Result<(), &'static str>) {
    match task % 3 {
        0 => ("redeem", code(store.redeem(&id, "open sesame", &user("ada"), ordering::now()).await)),
        1 => ("cancel", code(store.cancel_coupon(&id, ordering::now()).await)),
        _ => ("charge", code(store.charge(&order, ordering::now()).await)),
    }
}

#[tokio::test]
async fn a_coupon_that_is_cancelled_while_it_changes_hands_pays_before_or_never() {
    let (database, store) = store().await;
    open_accounts(&store, &[("ada", "0.00")]).await;
    for round in 0..12 {
        let id = format!("C{round}");
        let terms =
            CouponTerms { owner: None, status: CouponStatus::Wait, ..coupon(&id, "ada", "1.00").terms().clone() };
        store.issue_coupon(&Coupon::new(terms).unwrap(), "open sesame").await.unwrap();
        let order = Charge { funding: Funding::CouponsOnly, ..small_charge(&format!("o{round}")) };
        let outcomes = at_one_time(&database, |task, store| use_up(task, store, id.clone(), order.clone())).await;
        let is_paid = is_paid(&store, &format!("o{round}")).await;
        let held = store.coupons(&user("ada")).await.unwrap().into_iter().find(|held| held.id() == format!("C{round}"));
        for (call, outcome) in &outcomes {
            let is_expected = match (*call, outcome) {
                ("cancel", outcome) => outcome.is_ok(), // whoever holds it meanwhile
                ("redeem", Ok(())) => held.is_some(),
                ("redeem", Err(_)) => held.is_none(),
                (_, Ok(())) => is_paid,
                (_, Err(code)) => *code == "wallet.coupons_not_enough",
            };
            assert!(is_expected, "round {round}: {outcomes:?}");
        }
        if let Some(held) = held {
            assert_eq!(held.status(), CouponStatus::Cancelled);
            assert_eq!(held.balance(), cny(if is_paid { "0.00" } else { "1.00" }));
        }
        sound(&store).await;
    }
}
