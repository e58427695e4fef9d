//! Recording and charging days (R-S1, R-S2).

use super::support::*;
use counterfoil_store::*;

#[tokio::test]
async fn a_day_is_recorded_stated_and_charged() {
    let store = store().await;
    open_accounts(&store, &[("ada", "10.00")]).await;
    store.put_coupons(&[coupon("C1", "ada", "2.00")]).await.unwrap();
    let day = day("2024-02-20");
    let recorded = store
        .record_day(&record(day, vec![server("s-1", "ada", day, "1"), server("s-2", "ada", day, "2")]))
        .await
        .unwrap();
    assert_eq!((recorded.inserted, recorded.statements.len()), (2, 1));
    let id = recorded.statements[0].id();
    let charged = store.charge_statement(&id, &terms()).await.unwrap();
    let plan = charged.payment().unwrap().payment.plan().clone();
    assert_eq!(plan.to_string(), "4.75 CNY = 2.00 of coupon `C1` (2.00 → 0.00) + 2.75 of the balance (10.00 → 7.25)");
    let stored = store.statement(&id).await.unwrap().unwrap();
    assert_eq!(stored.statement, recorded.statements[0].clone().pay().unwrap());
    assert!(store.verify().await.unwrap().is_sound());
}
