//! Readings partitioned by day (`partitions/`): the store does there what it does without.

use super::{super::support::*, database};
use counterfoil_store::{
    Days, ReadingFilter, Reports, SettleProgress, SqlStore, StatementFilter, Statements, StoredReading,
};
use std::ops::ControlFlow;

const OWNERS: usize = 30;
const DAYS: [&str; 3] = ["2024-02-20", "2024-02-21", "2024-02-22"];

/// Three days of some owners; the second is corrected after it was paid: another size, and one server less.
async fn three_days(store: &SqlStore) -> Vec<StoredReading> {
    let owners: Vec<String> = (0..OWNERS).map(|number| format!("u{number}")).collect();
    let accounts: Vec<(&str, &str)> = owners.iter().map(|owner| (&**owner, "100.00")).collect();
    open_accounts(store, &accounts).await;
    let of_day = |date: &str, cores: &str| {
        let day = day(date);
        record(day, owners.iter().map(|owner| server(&format!("s-{owner}"), owner, day, cores)).collect())
    };
    for date in DAYS {
        store.record_day(&of_day(date, "2")).await.unwrap();
    }
    settle(store).await;
    let mut corrected = of_day(DAYS[1], "3");
    let (gone, kept) = corrected.readings.split_first_mut().unwrap();
    assert_eq!(gone.owner, user("u0"));
    corrected.readings = kept.to_vec();
    let recorded = store.record_day(&corrected).await.unwrap();
    assert_eq!((recorded.corrected, recorded.withdrawn), (OWNERS - 1, 1));
    let again = store.record_day(&corrected).await.unwrap();
    assert_eq!((again.unchanged, again.statements.len()), (OWNERS - 1, 0));
    settle(store).await;

    let mut readings = Vec::new();
    for date in DAYS {
        readings.extend(store.readings(&ReadingFilter::starting_in(day(date).period())).await.unwrap());
    }
    readings
}

async fn settle(store: &SqlStore) {
    let mut watch = |_: SettleProgress| ControlFlow::Continue(());
    let days = StatementFilter::dated(date(DAYS[0])..=date(DAYS[2]));
    let settled = store.settle_statements(&days, &terms(), &mut watch).await.unwrap();
    assert!(settled.refused.is_empty(), "{:?}", settled.refused);
}

#[tokio::test]
async fn a_store_with_a_partition_for_a_day_keeps_what_one_without_keeps() {
    let (Some(whole), Some(parted)) = (database().await, database().await) else { return };
    let (first, second) = (whole.open().await, parted.open().await);
    let (script, of_a_day, count) = match parted.engine() {
        Engine::Postgres => (
            include_str!("../../../partitions/postgres.sql"),
            "create table readings_2024_02_21 partition of readings for values from (1708473600000000) to (1708560000000000)",
            "select cast(count(*) as text) from readings_2024_02_21",
        ),
        _ => (
            include_str!("../../../partitions/mysql.sql"),
            "alter table readings reorganize partition readings_of_later_days into ( \
             partition readings_2024_02_20 values less than (1708473600000000), \
             partition readings_2024_02_21 values less than (1708560000000000), \
             partition readings_of_later_days values less than maxvalue)",
            "select cast(count(*) as char) from readings partition (readings_2024_02_21)",
        ),
    };
    let mut beside = parted.beside().await;
    beside.execute(script).await.unwrap();
    beside.execute(of_a_day).await.unwrap();

    for store in [&first, &second] {
        furnish(store).await;
    }
    assert_eq!(three_days(&second).await, three_days(&first).await);
    let all = StatementFilter::dated(date(DAYS[0])..=date(DAYS[2]));
    assert_eq!(second.totals(&all).await.unwrap(), first.totals(&all).await.unwrap());
    // Each of the day, and each but one corrected.
    assert_eq!(beside.texts(count).await, [(2 * OWNERS - 1).to_string()]);
    let refused = beside.refused("update readings set payable = '0.00'").await;
    assert!(refused.contains("a reading is never edited"), "{refused}");
    sound(&second).await;
}
