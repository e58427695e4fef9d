//! Ranges that many change at one time: one of them does (R-I9, R-I12).

use super::{
    ranging::{act, length, new},
    support::*,
};
use counterfoil::ipam::Ipv4;
use counterfoil_store::{Cut, Ranges, SqlStore, StoreError, Supernet};

/// What stores come to that change ranges at one time: whether it was done before, or why not.
async fn outcomes_of<F>(database: &Database, call: impl Fn(usize, SqlStore) -> F) -> Vec<Result<bool, &'static str>>
where
    F: Future<Output = Result<bool, StoreError>> + Send + 'static,
{
    let outcomes = at_one_time(database, call).await;
    outcomes.into_iter().map(|outcome| outcome.map_err(|error| error.code())).collect()
}

fn won(outcomes: &[Result<bool, &str>]) -> usize {
    outcomes.iter().filter(|outcome| **outcome == Ok(false)).count()
}

#[tokio::test]
async fn of_many_at_one_time_exactly_one_wins() {
    let (database, store) = empty_store().await;
    let ranges: &dyn Ranges<Ipv4> = &store;
    ranges.add_supernet(&Supernet { id: "campus".into(), prefix: "10.0.0.0/16".parse().unwrap() }).await.unwrap();

    // Rows that all have 10.0.0.64: one of them is entered.
    let outcomes = outcomes_of(&database, async |task, store: SqlStore| {
        let ranges: &dyn Ranges<Ipv4> = &store;
        let range = format!("10.0.0.{}-10.0.0.{}/24", 4 * task, 64 + 8 * task);
        let change = ranges.add_range(&format!("a{task}"), &new(&format!("r{task}"), &range), None, &act()).await?;
        Ok(change.is_replay)
    })
    .await;
    assert_eq!(won(&outcomes), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Err("ipam.overlap")).count(), TASKS - 1, "{outcomes:?}");
    sound(&store).await;

    // Cuts of one row by other lengths: one of them is made.
    ranges.add_range("b", &new("whole", "10.0.4.0/22"), None, &act()).await.unwrap();
    let outcomes = outcomes_of(&database, async |task, store: SqlStore| {
        let ranges: &dyn Ranges<Ipv4> = &store;
        let bits = 23 + u8::try_from(task).unwrap() % 7;
        Ok(ranges.split_range(&format!("b{task}"), "whole", &Cut::by_length(length(bits)), &act()).await?.is_replay)
    })
    .await;
    assert_eq!(won(&outcomes), 1, "{outcomes:?}");
    assert_eq!(
        outcomes.iter().filter(|outcome| **outcome == Err("store.not_found")).count(),
        TASKS - 1,
        "{outcomes:?}"
    );
    sound(&store).await;

    // One row for many owners, cut or removed meanwhile.
    ranges.add_range("c", &new("wanted", "10.0.8.0/24"), None, &act()).await.unwrap();
    let outcomes = outcomes_of(&database, async |task, store: SqlStore| {
        let ranges: &dyn Ranges<Ipv4> = &store;
        let request = format!("c{task}");
        let change = match task % 4 {
            0 => ranges.split_range(&request, "wanted", &Cut::by_length(length(25)), &act()).await?,
            1 => ranges.delete_range(&request, "wanted", &act()).await?,
            _ => ranges.assign_range(&request, "wanted", &format!("lab-{task}"), &act()).await?,
        };
        Ok(change.is_replay)
    })
    .await;
    assert_eq!(won(&outcomes), 1, "{outcomes:?}");
    let refusals = ["store.not_found", "ipam.illegal_change"];
    assert!(
        outcomes.iter().all(|outcome| outcome.map_or_else(|code| refusals.contains(&code), |replay| !replay)),
        "{outcomes:?}"
    );
    sound(&store).await;

    // One request, sent by all: it is carried out once, and all have its record.
    ranges.add_range("d", &new("again", "10.0.12.0/22"), None, &act()).await.unwrap();
    let outcomes = outcomes_of(&database, async |_, store: SqlStore| {
        let ranges: &dyn Ranges<Ipv4> = &store;
        let change = ranges.split_range("d1", "again", &Cut::by_length(length(30)), &act()).await?;
        assert_eq!(change.record.unwrap().record.after().len(), 256);
        Ok(change.is_replay)
    })
    .await;
    assert_eq!(
        (won(&outcomes), outcomes.iter().filter(|outcome| **outcome == Ok(true)).count()),
        (1, TASKS - 1),
        "{outcomes:?}"
    );
    sound(&store).await;
    ranges.supernet_usage("campus").await.unwrap();
}
