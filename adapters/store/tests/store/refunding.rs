//! Refunds: exactly what was paid, to where it came from, once (R-W14 … R-W19).

use super::support::*;
use counterfoil::{
    money::Money,
    wallet::{
        Charge, CouponStatus, CouponTerms, Coupons, Funding, GiveBack, RefundEvent, RefundRequest, RefundState,
        ReturnOrder,
    },
};
use counterfoil_store::{
    Cause, Payments, Redemptions, Refunded, Refunding, Reports, SqlStore, StoreError, TopUp, TopUps, Wallets,
};

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

fn request(id: &str, order: &str, amount: &str) -> RefundRequest {
    RefundRequest {
        id: id.into(),
        application: APPLICATION.into(),
        order: order.into(),
        amount: cny(amount),
        fee: cny("0"),
        step: cny("0.01").amount(),
        returned: ReturnOrder::Proportional,
        give_back: GiveBack::SameCoupon,
    }
}

/// R-W15: 333.30 paid, 10 and 20 by coupons, 303.30 from the balance.
async fn paid() -> (Database, SqlStore) {
    let (database, store) = store().await;
    open_accounts(&store, &[("ada", "400.00"), ("bob", "9.00")]).await;
    store.put_coupons(&[coupon("C1", "ada", "10.00"), coupon("C2", "ada", "20.00")]).await.unwrap();
    store.charge(&charge("o1", "333.30"), at("2024-02-01T00:00:00Z")).await.unwrap();
    (database, store)
}

async fn refund(store: &SqlStore, request: &RefundRequest) -> Result<Refunded, StoreError> {
    store.refund(request, at("2024-03-01T00:00:00Z")).await
}

/// The balance and the debt of ada, and what her coupons hold.
async fn holdings(store: &SqlStore) -> String {
    let account = store.account(&user("ada")).await.unwrap().unwrap();
    let coupons = store.coupons(&user("ada")).await.unwrap();
    let coupons: Vec<String> = coupons.iter().map(|coupon| coupon.balance().to_string()).collect();
    let debt = if account.debt.is_zero() { "0".to_owned() } else { account.debt.to_string() };
    format!("{} {debt} {}", account.balance, coupons.join(" "))
}

#[tokio::test]
async fn a_refund_in_parts_restores_every_source() {
    // R-W14, R-W15: 222.20 = 202.20 + 6.67 + 13.33
    let (database, store) = paid().await;
    assert_eq!(holdings(&store).await, "96.70 0 0.00 0.00");
    let first = refund(&store, &request("r1", "o1", "222.20")).await.unwrap();
    assert_eq!((first.refund.refund.state(), first.is_replay), (RefundState::Success, false));
    assert_eq!(holdings(&store).await, "298.90 0 6.67 13.33");
    sound(&store).await;

    let above = refund(&store, &request("r2", "o1", "111.11")).await.unwrap_err();
    assert_eq!(above.code(), "wallet.refund_above_rest");
    assert!(above.to_string().contains("`111.10`"), "{above}");
    store.close().await;
    let store = database.open().await;
    refund(&store, &request("r2", "o1", "111.10")).await.unwrap();
    assert_eq!(holdings(&store).await, "400.00 0 10.00 20.00");
    refund(&store, &request("r3", "o1", "0")).await.unwrap(); // R-W14: zero changes nothing
    assert_eq!(refund(&store, &request("r4", "o1", "0.01")).await.unwrap_err().code(), "wallet.refund_above_rest");

    let kept = store.refunds(APPLICATION, "o1").await.unwrap();
    assert_eq!(kept.iter().map(|kept| kept.refund.id()).collect::<Vec<_>>(), ["r1", "r2", "r3"]);
    assert_eq!(kept[0], first.refund);
    let entries = store.account_entries(&user("ada")).await.unwrap();
    let cause = Cause::Refund { id: "r1".into(), application: APPLICATION.into(), order: "o1".into() };
    assert_eq!((&entries[1].cause, entries[1].delta), (&cause, cny("202.20")));
    assert_eq!((cause.to_string(), cause.order()), ("refund r1 of portal".into(), Some("o1")));
    let sums = &store.verify().await.unwrap().sums[0];
    let shown = [&sums.put_in, &sums.held, &sums.payments, &sums.refunds, &sums.to_coupons, &sums.to_balance];
    assert_eq!(shown.map(ToString::to_string), ["439", "439", "333.3", "333.3", "30", "303.3"]);
    sound(&store).await;
}

#[tokio::test]
async fn the_same_refund_is_the_first_and_another_is_a_conflict() {
    // R-W19
    let (_database, store) = paid().await;
    store.charge(&charge("o2", "5.00"), at("2024-02-02T00:00:00Z")).await.unwrap();
    let first = refund(&store, &request("r1", "o1", "100.00")).await.unwrap().refund;
    let held = holdings(&store).await;
    let again = store.refund(&request("r1", "o1", "100"), at("2025-01-01T00:00:00Z")).await.unwrap();
    assert_eq!((&again.refund, again.is_replay), (&first, true));
    assert_eq!(store.refund_of(APPLICATION, "r1").await.unwrap(), Some(first));
    assert_eq!(holdings(&store).await, held);

    let fact = async |request: RefundRequest| {
        let error = refund(&store, &request).await.unwrap_err();
        assert_eq!(error.code(), "wallet.refund_conflict");
        error.to_string()
    };
    assert!(fact(request("r1", "o1", "100.01")).await.contains("another amount"));
    assert!(fact(request("r1", "o2", "1.00")).await.contains("another payment"));
    let one = || request("r1", "o1", "100.00");
    assert!(fact(RefundRequest { fee: cny("1"), ..one() }).await.contains("another fee"));
    assert!(fact(RefundRequest { returned: ReturnOrder::PaidFirst, ..one() }).await.contains("another return order"));
    assert!(fact(RefundRequest { give_back: GiveBack::Balance, ..one() }).await.contains("another give-back policy"));
    assert_eq!(refund(&store, &request("r2", "o3", "1.00")).await.unwrap_err().code(), "store.not_found");
    assert_eq!(refund(&store, &request("", "o1", "1.00")).await.unwrap_err().code(), "wallet.empty_id");
    let dollars = Money::parse("1", "USD".parse().unwrap()).unwrap();
    let foreign = RefundRequest { amount: dollars, fee: Money::zero(dollars.currency()), ..request("r2", "o1", "1") };
    assert_eq!(refund(&store, &foreign).await.unwrap_err().code(), "money.currency_mismatch");
    assert_eq!(holdings(&store).await, held);
    sound(&store).await;
}

#[tokio::test]
async fn coupons_get_back_by_the_policy() {
    // R-W16: 33.33 of 333.30 is 30.33 of the balance and 1.00 + 2.00 of the coupons
    let until = at("2024-12-01T00:00:00Z");
    for (policy, expected) in [
        (GiveBack::SameCoupon, "127.03 0 1.00 2.00"),
        (GiveBack::SameCouponUntil(until), "127.03 0 1.00 2.00"),
        (GiveBack::BalanceIfExpired, "127.03 0 1.00 2.00"),
        (GiveBack::Balance, "130.03 0 0.00 0.00"),
        (GiveBack::RecordedOnly, "127.03 0 0.00 0.00"),
        (GiveBack::NotCoupons, "130.03 0 0.00 0.00"),
    ] {
        let (_database, store) = paid().await;
        let asked = RefundRequest { give_back: policy, ..request("r1", "o1", "33.33") };
        let refunded = refund(&store, &asked).await.unwrap().refund;
        assert_eq!(holdings(&store).await, expected, "{policy}");
        assert_eq!(store.refund_of(APPLICATION, "r1").await.unwrap(), Some(refunded), "{policy}");
        assert!(refund(&store, &asked).await.unwrap().is_replay);
        let expiration = store.coupons(&user("ada")).await.unwrap()[0].terms().expiration;
        let extended = policy == GiveBack::SameCouponUntil(until);
        assert_eq!(expiration, if extended { until } else { at("2024-06-01T00:00:00Z") }, "{policy}");
        sound(&store).await;
    }
}

#[tokio::test]
async fn an_expired_coupon_s_part_goes_to_the_balance_where_the_policy_says_so() {
    // R-W16
    let (_database, store) = paid().await;
    let later = at("2024-07-01T00:00:00Z"); // the coupons expired in June
    let asked = |id, give_back| RefundRequest { give_back, ..request(id, "o1", "33.33") };
    store.refund(&asked("r1", GiveBack::BalanceIfExpired), later).await.unwrap();
    assert_eq!(holdings(&store).await, "130.03 0 0.00 0.00");
    // To the same coupon it returns, and stays unusable; a cancelled one too.
    store.cancel_coupon("C1", later).await.unwrap();
    store.refund(&asked("r2", GiveBack::SameCoupon), later).await.unwrap();
    assert_eq!(holdings(&store).await, "160.36 0 1.00 2.00");
    assert_eq!(store.coupons(&user("ada")).await.unwrap()[0].status(), CouponStatus::Cancelled);
    sound(&store).await;
}

#[tokio::test]
async fn fees_are_kept_and_debts_are_lowered_first() {
    // R-W18, R-P10
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "6.00")]).await;
    let owing = Charge { funding: Funding::Debt, ..charge("o1", "10.00") };
    store.charge(&owing, at("2024-02-01T00:00:00Z")).await.unwrap();
    assert_eq!(holdings(&store).await, "0.00 4.00 ");
    let asked = RefundRequest { fee: cny("1.00"), ..request("r1", "o1", "6.00") };
    let refunded = refund(&store, &asked).await.unwrap().refund;
    assert_eq!(refunded.refund.legs().len(), 2);
    assert_eq!(holdings(&store).await, "1.00 0 ");
    let sums = &store.verify().await.unwrap().sums[0];
    let shown = [&sums.refunds, &sums.refund_fees, &sums.to_debt, &sums.to_balance, &sums.debts];
    assert_eq!(shown.map(ToString::to_string), ["6", "1", "4", "1", "0"]);
    sound(&store).await;
}

#[tokio::test]
async fn a_refund_waits_fails_is_tried_again_or_given_up() {
    // R-W19
    let (_database, store) = paid().await;
    let now = at("2024-03-01T00:00:00Z");
    let event = async |id: &str, event| store.refund_event(APPLICATION, id, event, now).await;
    let waiting = store.plan_refund(&request("r1", "o1", "100.00"), now).await.unwrap();
    assert_eq!((waiting.refund.refund.state(), waiting.is_replay), (RefundState::Wait, false));
    assert!(store.plan_refund(&request("r1", "o1", "100.00"), now).await.unwrap().is_replay);
    assert_eq!(holdings(&store).await, "96.70 0 0.00 0.00");
    // Its amount is kept aside, and asking for it again does not carry it out.
    assert_eq!(refund(&store, &request("r2", "o1", "233.31")).await.unwrap_err().code(), "wallet.refund_above_rest");
    assert_eq!(refund(&store, &request("r1", "o1", "100.00")).await.unwrap().refund.refund.state(), RefundState::Wait);

    assert_eq!(event("r1", RefundEvent::Fail).await.unwrap().refund.refund.state(), RefundState::Error);
    assert!(event("r1", RefundEvent::Fail).await.unwrap().is_replay);
    let refused = event("r1", RefundEvent::Succeed).await.unwrap_err();
    assert_eq!(refused.code(), "wallet.refund_transition");
    sound(&store).await;
    // Asked for again it is tried again, by the same legs.
    let done = refund(&store, &request("r1", "o1", "100.00")).await.unwrap();
    assert_eq!((done.refund.refund.state(), done.is_replay), (RefundState::Success, false));
    assert_eq!(done.refund.refund.legs(), waiting.refund.refund.legs());
    assert_eq!(holdings(&store).await, "187.70 0 3.00 6.00");
    assert!(event("r1", RefundEvent::Succeed).await.unwrap().is_replay);
    assert_eq!(event("r1", RefundEvent::Close).await.unwrap_err().code(), "wallet.refund_transition");

    store.plan_refund(&request("r2", "o1", "233.30"), now).await.unwrap();
    event("r2", RefundEvent::Close).await.unwrap();
    event("r2", RefundEvent::Close).await.unwrap();
    store.plan_refund(&request("r3", "o1", "233.30"), now).await.unwrap();
    event("r3", RefundEvent::Fail).await.unwrap();
    event("r3", RefundEvent::Retry).await.unwrap();
    event("r3", RefundEvent::Succeed).await.unwrap();
    assert_eq!(holdings(&store).await, "400.00 0 10.00 20.00");
    assert_eq!(event("r9", RefundEvent::Close).await.unwrap_err().code(), "store.not_found");
    sound(&store).await;
}

#[tokio::test]
async fn a_refund_that_fails_half_way_leaves_nothing() {
    let (database, store) = paid().await;
    // The last coupon can not take its part back: somebody made it smaller.
    let mut beside = database.beside().await;
    beside.drop_triggers().await;
    beside.execute("update coupons set face_value = '1.00' where coupon = 'C2'").await.unwrap();
    let held = holdings(&store).await;
    assert_eq!(refund(&store, &request("r1", "o1", "222.20")).await.unwrap_err().code(), "wallet.coupon_balance");
    assert_eq!(holdings(&store).await, held);
    assert_eq!(store.refunds(APPLICATION, "o1").await.unwrap(), []);
    // One that waits goes on waiting.
    let now = at("2024-03-01T00:00:00Z");
    store.plan_refund(&request("r1", "o1", "222.20"), now).await.unwrap();
    let failed = store.refund_event(APPLICATION, "r1", RefundEvent::Succeed, now).await.unwrap_err();
    assert_eq!(failed.code(), "wallet.coupon_balance");
    assert_eq!(store.refund_of(APPLICATION, "r1").await.unwrap().unwrap().refund.state(), RefundState::Wait);
    assert_eq!(holdings(&store).await, held);
}

#[tokio::test]
async fn stores_that_refund_at_one_time_never_give_back_more_than_was_paid() {
    let (database, store) = paid().await;
    // Two ids, of which only one fits: 200 + 200 > 333.30
    let outcomes = at_one_time(&database, async |task, store| {
        let asked = request(if task % 2 == 0 { "r1" } else { "r2" }, "o1", "200.00");
        refund(&store, &asked).await.map(|refunded| refunded.is_replay).map_err(|error| error.code())
    })
    .await;
    let count = |outcome| outcomes.iter().filter(|other| **other == outcome).count();
    let counts = [Ok(false), Ok(true), Err("wallet.refund_above_rest")].map(count);
    assert_eq!(counts, [1, TASKS / 2 - 1, TASKS / 2], "{outcomes:?}");
    sound(&store).await;
}

#[tokio::test]
async fn what_was_given_back_can_be_spent_again() {
    let (_database, store) = paid().await;
    refund(&store, &request("r1", "o1", "333.30")).await.unwrap();
    let top_up = TopUp { id: "T1".into(), owner: user("ada"), amount: cny("0.50") };
    store.top_up(&top_up, at("2024-03-01T00:00:00Z")).await.unwrap();
    store.charge(&charge("o2", "430.50"), at("2024-03-02T00:00:00Z")).await.unwrap();
    assert_eq!(holdings(&store).await, "0.00 0 0.00 0.00");
    // The payment that was refunded stands all the same: it is not paid twice.
    assert!(store.charge(&charge("o1", "333.30"), at("2024-03-02T00:00:00Z")).await.unwrap().is_replay);
    let other = CouponTerms { status: CouponStatus::Available, ..coupon("C3", "ada", "1.00").terms().clone() };
    assert_eq!(other.balance, cny("1"));
    sound(&store).await;
}
