//! A call waits for the server, and not for the network to acknowledge what nobody answers.

use super::support::*;
use counterfoil_store::Days;
use std::time::{Duration, Instant};

#[tokio::test]
async fn the_statements_of_a_call_follow_one_another() {
    // MySQL ends a statement that is not kept prepared by a message without an answer; the one after it waited 40 ms.
    let (_database, store) = store().await;
    let (day, mut fastest) = (day("2024-02-20"), Duration::MAX);
    for number in 0..20 {
        let owner = format!("user-{number}");
        let readings = ["a", "b", "c"].map(|name| server(&format!("{name}-{number}"), &owner, day, "1"));
        let began = Instant::now();
        store.record_day(&record(day, readings.into())).await.unwrap();
        // A connection is acknowledged at once while it is new.
        if number >= 10 {
            fastest = fastest.min(began.elapsed());
        }
    }
    assert!(fastest < Duration::from_millis(75), "{fastest:?}");
}
