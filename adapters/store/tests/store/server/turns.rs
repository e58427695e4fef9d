//! The rows that turns are taken at are the store's own: without them nothing is decided.

use super::{super::support::*, database};
use counterfoil::wallet::{Coupon, CouponStatus, CouponTerms};
use counterfoil_store::{Days, Payments, Redemptions, Reports, StatementFilter, Statements};
use std::{ops::ControlFlow, time::Duration};
use tokio::time::{sleep, timeout};

#[tokio::test]
async fn a_call_whose_turn_is_missing_does_nothing_and_the_audit_says_why() {
    let Some(database) = database().await else { return };
    let store = database.open().await;
    furnish(&store).await;
    open_accounts(&store, &[("ada", "100.00")]).await;
    let day = day("2024-02-20");
    store.record_day(&record(day, vec![server("s-1", "ada", day, "1")])).await.unwrap();
    let mut beside = database.beside().await;
    assert_eq!(beside.execute("delete from turns").await.unwrap(), 2048);

    assert_eq!(store.charge(&small_charge("o1"), terms().now).await.unwrap_err().code(), "store.corrupt");
    let whole = StatementFilter::dated(date("2024-02-20")..=date("2024-02-20"));
    let settled = store.settle_statements(&whole, &terms(), &mut |_| ControlFlow::Continue(())).await;
    assert_eq!(settled.unwrap_err().code(), "store.corrupt");
    let found = store.verify().await.unwrap().findings;
    assert!(found.iter().any(|finding| finding.to_string().contains("a turn which is gone")), "{found:#?}");
}

#[tokio::test]
async fn a_coupon_that_changed_hands_meanwhile_waits_for_the_turn_of_who_has_it_now() {
    let Some(database) = database().await else { return };
    let store = database.open().await;
    furnish(&store).await;
    let terms_of =
        CouponTerms { owner: None, status: CouponStatus::Wait, ..coupon("C1", "ada", "1.00").terms().clone() };
    store.issue_coupon(&Coupon::new(terms_of).unwrap(), "open sesame").await.unwrap();
    let (mut owners, mut coupons) = (database.beside().await, database.beside().await);
    owners.execute("begin").await.unwrap();
    // Not the last of them: MariaDB locks the one behind too.
    owners.execute("select turn from turns where turn < 1023 for update").await.unwrap();
    coupons.execute("begin").await.unwrap();
    coupons.execute("select turn from turns where turn >= 1024 for update").await.unwrap();
    let mut cancel = tokio::spawn({
        let store = store.clone();
        async move { store.cancel_coupon("C1", terms().now).await }
    });
    sleep(Duration::from_millis(500)).await; // it has seen nobody's coupon, and waits for it
    for change in [
        "insert into coupon_changes (coupon, \"change\", at_us, status_before, status_after, owner_after, \
         expiration_before_us, expiration_after_us) select coupon, 'redeem', created_us, 'wait', 'available', \
         'user:ada', expiration_us, expiration_us from coupons",
        "update coupons set owner = 'user:ada', status = 'available'",
        "commit",
    ] {
        coupons.execute(change).await.unwrap();
    }
    let early = timeout(Duration::from_secs(1), &mut cancel).await;
    assert!(early.is_err(), "ada's turn is somebody else's: {early:?}");
    owners.execute("rollback").await.unwrap();
    let cancelled = cancel.await.unwrap().unwrap().coupon;
    assert_eq!((cancelled.owner(), cancelled.status()), (Some(&user("ada")), CouponStatus::Cancelled));
    sound(&store).await;
}
