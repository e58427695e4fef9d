//! Money that comes in: top-ups, and coupons whose codes are known (R-W5).

use super::support::*;
use counterfoil::{
    money::Money,
    wallet::{Category, Charge, Coupon, CouponStatus, CouponTerms, Coupons, Funding, Owner},
};
use counterfoil_store::{Account, Cause, Payments, Put, Redemptions, TopUp, TopUps, Wallets};

fn top_up(id: &str, owner: &str, amount: &str) -> TopUp {
    TopUp { id: id.into(), owner: user(owner), amount: cny(amount) }
}

fn waiting(id: &str, amount: &str) -> Coupon {
    Coupon::new(CouponTerms { status: CouponStatus::Wait, owner: None, ..coupon(id, "nobody", amount).terms().clone() })
        .unwrap()
}

#[tokio::test]
async fn a_top_up_raises_the_balance_once() {
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "-2.00"), ("bob", "0")]).await;
    let now = at("2024-03-01T00:00:00Z");
    let first = store.top_up(&top_up("T1", "ada", "12.30"), now).await.unwrap();
    assert!(!first.is_replay);
    // Again, later and written otherwise: the first.
    let again = store.top_up(&top_up("T1", "ada", "12.3"), at("2025-01-01T00:00:00Z")).await.unwrap();
    assert_eq!((&again.top_up, again.is_replay), (&first.top_up, true));
    store.top_up(&top_up("T0", "ada", "0"), now).await.unwrap();
    assert_eq!(store.account(&user("ada")).await.unwrap().unwrap().balance.to_string(), "10.30");
    let entries = store.account_entries(&user("ada")).await.unwrap();
    assert_eq!((&entries[0].cause, entries[0].delta), (&Cause::TopUp { id: "T1".into() }, cny("12.30")));
    assert_eq!(entries[0].cause.to_string(), "top-up T1");
    let ids: Vec<_> = store.top_ups(&user("ada")).await.unwrap().into_iter().map(|known| known.top_up.id).collect();
    assert_eq!(ids, ["T1", "T0"]);

    let code = async |top_up: TopUp| store.top_up(&top_up, now).await.unwrap_err();
    let fact = async |top_up: TopUp| code(top_up).await.to_string();
    assert!(fact(top_up("T1", "bob", "12.30")).await.contains("another owner"));
    assert!(fact(top_up("T1", "ada", "12.31")).await.contains("another amount"));
    let dollars = Money::parse("12.30", "USD".parse().unwrap()).unwrap();
    assert!(fact(TopUp { amount: dollars, ..top_up("T1", "ada", "1") }).await.contains("another currency"));
    assert_eq!(code(top_up("T1", "bob", "1")).await.code(), "store.conflict");
    assert_eq!(code(top_up("", "ada", "-1")).await.code(), "wallet.empty_id");
    assert_eq!(code(top_up("T1", "ada", "-0.01")).await.code(), "wallet.negative_amount");
    assert_eq!(code(top_up("T2", "eve", "1")).await.code(), "store.not_found");
    assert_eq!(code(TopUp { amount: dollars, ..top_up("T2", "ada", "1") }).await.code(), "money.currency_mismatch");
    assert_eq!(code(top_up("T2", "ada", "79228162514264337593543950335")).await.code(), "money.overflow");
    assert_eq!(store.top_ups(&user("bob")).await.unwrap(), []);
    sound(&store).await;
}

#[tokio::test]
async fn a_top_up_pays_what_the_balance_could_not() {
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "1.00")]).await;
    let now = at("2024-03-01T00:00:00Z");
    let charge = Charge {
        application: APPLICATION.into(),
        order: "o1".into(),
        unit: UNIT.into(),
        payer: user("ada"),
        amount: cny("5.00"),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    assert_eq!(store.charge(&charge, now).await.unwrap_err().code(), "wallet.funds_not_enough");
    store.top_up(&top_up("T1", "ada", "4.00"), now).await.unwrap();
    store.charge(&charge, now).await.unwrap();
    store.put_accounts(&[Account::new(user("ada"), cny("1.00"))]).await.unwrap(); // what it was opened with
    sound(&store).await;
}

#[tokio::test]
async fn stores_that_top_up_with_one_id_do_it_once() {
    let (database, store) = store().await;
    open_accounts(&store, &[("ada", "0")]).await;
    let replays = at_one_time(&database, async |_, store| {
        store.top_up(&top_up("T1", "ada", "5.00"), at("2024-03-01T00:00:00Z")).await.unwrap().is_replay
    })
    .await;
    assert_eq!(replays.iter().filter(|is_replay| !**is_replay).count(), 1);
    assert_eq!(store.account(&user("ada")).await.unwrap().unwrap().balance, cny("5"));
    sound(&store).await;
}

#[tokio::test]
async fn a_coupon_is_redeemed_by_who_knows_its_code_once() {
    // R-W5
    let (database, store) = store().await;
    let now = at("2024-03-01T00:00:00Z");
    let issued = waiting("C1", "5.00");
    assert_eq!(store.issue_coupon(&issued, "7GX2").await.unwrap(), Put::Inserted);
    assert_eq!(store.issue_coupon(&issued, "7GX2").await.unwrap(), Put::Unchanged);
    let refused = store.issue_coupon(&issued, "7GX3").await.unwrap_err();
    assert!(refused.to_string().contains("another code"), "{refused}");
    assert_eq!(store.issue_coupon(&issued, "").await.unwrap_err().code(), "wallet.empty_id");

    let code =
        async |id: &str, presented: &str, by: Owner| store.redeem(id, presented, &by, now).await.unwrap_err().code();
    for (id, presented) in [("C1", "7gx2"), ("C1", ""), ("C2", "7GX2"), ("", "")] {
        assert_eq!(code(id, presented, user("ada")).await, "wallet.wrong_code", "{id} {presented}");
    }
    let held = store.redeem("C1", "7GX2", &user("ada"), now).await.unwrap();
    assert_eq!(
        (held.coupon.status(), held.coupon.owner(), held.is_replay),
        (CouponStatus::Available, Some(&user("ada")), false)
    );
    assert_eq!(store.coupons(&user("ada")).await.unwrap(), std::slice::from_ref(&held.coupon));
    let again = store.redeem("C1", "7GX2", &user("ada"), at("2025-01-01T00:00:00Z")).await.unwrap();
    assert_eq!((again.coupon, again.is_replay), (held.coupon, true));
    assert_eq!(code("C1", "7GX2", user("bob")).await, "wallet.not_waiting");
    assert_eq!(code("C1", "wrong", user("ada")).await, "wallet.wrong_code");
    // What was taken in is what it was issued as, whoever holds it by now.
    assert_eq!(store.issue_coupon(&issued, "7GX2").await.unwrap(), Put::Unchanged);
    sound(&store).await;
    store.close().await;
    let store = database.open().await;
    assert!(store.redeem("C1", "7GX2", &user("ada"), now).await.unwrap().is_replay);
}

#[tokio::test]
async fn what_is_not_to_be_redeemed_stays() {
    // R-W5
    let (_database, store) = store().await;
    let now = at("2024-03-01T00:00:00Z");
    let issue = async |id: &str, terms: CouponTerms| {
        store.issue_coupon(&Coupon::new(CouponTerms { id: id.into(), ..terms }).unwrap(), "code").await.unwrap();
    };
    let terms = waiting("C", "5.00").terms().clone();
    issue("other", CouponTerms { category: Category::Other, ..terms.clone() }).await;
    issue("unitless", CouponTerms { unit: None, ..terms.clone() }).await;
    issue("owned", CouponTerms { owner: Some(user("ada")), ..terms.clone() }).await;
    issue("deleted", CouponTerms { status: CouponStatus::Deleted, ..terms.clone() }).await;
    let physics = Owner::Group("physics".into());
    let code = async |id: &str| store.redeem(id, "code", &physics, now).await.unwrap_err().code();
    assert_eq!(code("other").await, "wallet.group_category");
    assert_eq!(code("unitless").await, "wallet.coupon_without_unit");
    assert_eq!(code("owned").await, "wallet.already_owned");
    assert_eq!(code("deleted").await, "wallet.not_waiting");
    assert_eq!(store.coupons(&physics).await.unwrap(), []);
    sound(&store).await;
}

#[tokio::test]
async fn a_cancelled_coupon_pays_no_more() {
    // R-W1
    let (_database, store) = store().await;
    let now = at("2024-03-01T00:00:00Z");
    store.put_coupons(&[coupon("C1", "ada", "5.00")]).await.unwrap();
    store.issue_coupon(&waiting("C2", "5.00"), "code").await.unwrap();
    for id in ["C1", "C2"] {
        let cancelled = store.cancel_coupon(id, now).await.unwrap();
        assert_eq!((cancelled.coupon.status(), cancelled.is_replay), (CouponStatus::Cancelled, false));
        assert!(store.cancel_coupon(id, now).await.unwrap().is_replay);
    }
    assert_eq!(store.redeem("C2", "code", &user("ada"), now).await.unwrap_err().code(), "wallet.not_waiting");
    assert_eq!(store.put_coupons(&[coupon("C1", "ada", "5.00")]).await.unwrap().unchanged, 1);
    assert_eq!(store.cancel_coupon("C3", now).await.unwrap_err().code(), "store.not_found");
    let deleted = CouponTerms { status: CouponStatus::Deleted, ..coupon("C4", "ada", "1").terms().clone() };
    store.put_coupons(&[Coupon::new(deleted).unwrap()]).await.unwrap();
    assert_eq!(store.cancel_coupon("C4", now).await.unwrap_err().code(), "store.conflict");
    sound(&store).await;
}
