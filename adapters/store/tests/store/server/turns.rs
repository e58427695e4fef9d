//! The rows that turns are taken at are the store's own: without them nothing is decided.

use super::{super::support::*, database};
use counterfoil_store::{Days, Payments, Reports, StatementFilter, Statements};
use std::ops::ControlFlow;

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
