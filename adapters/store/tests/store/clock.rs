//! The caller's clock jumps between calls: what is done is in the order in which it was done, not of its instants.

use super::support::*;
use counterfoil::{
    time::Instant,
    wallet::{GiveBack, RefundRequest, ReturnOrder},
};
use counterfoil_store::{Locks, Payments, Refunding, Wallets};

#[tokio::test]
async fn a_clock_that_jumps_loses_nothing() {
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "100.00")]).await;
    let instants =
        ["2024-03-01T00:00:00Z", "1970-01-01T00:00:00Z", "2024-02-29T23:59:59.999999Z", "9999-12-31T00:00:00Z"];
    let instants = instants.map(at).into_iter().chain([Instant::MIN, Instant::MAX]);
    for (number, now) in instants.enumerate() {
        let order = small_charge(&format!("o{number}"));
        assert!(!store.charge(&order, now).await.unwrap().is_replay);
        // Again at another instant: it is the first one that counts.
        let again = store.charge(&order, at("2000-01-01T00:00:00Z")).await.unwrap();
        assert!(again.is_replay && again.payment.paid_at == now);
    }
    let entries = store.account_entries(&user("ada")).await.unwrap();
    let after: Vec<String> = entries.iter().map(|entry| entry.after.to_string()).collect();
    assert_eq!(after, ["99.00", "98.00", "97.00", "96.00", "95.00", "94.00"]);

    // A lock that is made after it expires is refused, one that is captured before it was made is not lost.
    let late = small_charge("L1");
    let refused = store.authorise(&late, at("2024-03-01T00:00:00Z"), at("2024-03-02T00:00:00Z")).await.unwrap_err();
    assert!(refused.code().starts_with("wallet."), "{}", refused.code());
    store.authorise(&late, at("2024-03-03T00:00:00Z"), at("2024-03-02T00:00:00Z")).await.unwrap();
    store.capture(APPLICATION, "L1", cny("1.00"), at("2024-03-01T00:00:00Z")).await.unwrap();
    // A refund from before its payment.
    let request = RefundRequest {
        id: "r1".into(),
        application: APPLICATION.into(),
        order: "o0".into(),
        amount: cny("1.00"),
        fee: cny("0"),
        step: cny("0.01").amount(),
        returned: ReturnOrder::Proportional,
        give_back: GiveBack::SameCoupon,
    };
    store.refund(&request, Instant::MIN).await.unwrap();
    balanced(&store, 100, 6).await;
}
