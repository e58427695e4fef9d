//! A server on a disk that is full. By hand, since it takes a server whose data are on a small disk of their own:
//!
//! ```sh
//! COUNTERFOIL_STORE_TEST_DISK=/mnt/small COUNTERFOIL_STORE_TEST_URL=postgres://… \
//!     cargo nextest run --profile server --workspace --no-capture -E 'test(/^server::full::/)'
//! ```

use super::{super::support::*, database, skipped};
use counterfoil_store::{Payments, SqlStore, StoreError, StoreOptions};
use std::{
    collections::BTreeMap,
    env,
    fs::{self, File},
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

/// Names the folder that the disk is mounted at.
const DISK: &str = "COUNTERFOIL_STORE_TEST_DISK";

/// How much room is left on it: too little for a table to grow; enough for tables, and too little for a further file of
/// PostgreSQL's write-ahead log, which has 16 MiB.
const ROOMS: [u64; 2] = [256 * 1024, 12 * 1024 * 1024];

#[tokio::test]
async fn what_was_confirmed_before_the_disk_was_full_is_there_once() {
    let Some(disk) = env::var_os(DISK) else { return skipped("small disk") };
    let Some(database) = database().await else { return };
    let options = StoreOptions::default().with_patience(Duration::from_secs(5));
    let store = SqlStore::open_with(database.url(), &options).await.unwrap();
    furnish(&store).await;
    open_accounts(&store, &[("ada", "1000000.00")]).await;
    for (round, room) in ROOMS.into_iter().enumerate() {
        let ballast = Path::new(&disk).join("ballast");
        fill(&ballast, room);
        let paid = until_it_is_full(&store, round).await;
        // What was refused is sent again with room; a server that stopped may take a while.
        fs::remove_file(&ballast).unwrap();
        let began = Instant::now();
        let next = format!("o{round}-{paid}");
        while let Err(error) = store.charge(&small_charge(&next), terms().now).await {
            assert!(is_told(&error) && began.elapsed() < Duration::from_secs(120), "{error} {error:?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        println!("round {round}: {paid} before, with room again after {:?}", began.elapsed());
        for number in 0..=paid {
            let again = store.charge(&small_charge(&format!("o{round}-{number}")), terms().now).await.unwrap();
            assert!(again.is_replay, "what was confirmed is there: {number}");
        }
        sound(&store).await;
    }
}

/// Charges until one is refused, and it again for a while; gives how many were confirmed.
async fn until_it_is_full(store: &SqlStore, round: usize) -> usize {
    let (mut paid, mut refused) = (0, BTreeMap::new());
    while refused.values().sum::<usize>() < 20 {
        match store.charge(&small_charge(&format!("o{round}-{paid}")), terms().now).await {
            Ok(_) => paid += 1,
            Err(error) => {
                assert!(is_told(&error), "{error} {error:?}");
                *refused.entry(format!("{} {error}", error.code())).or_default() += 1;
            }
        }
        assert!(paid < 100_000, "it is not full");
    }
    println!("round {round}: {paid} charges, then {refused:#?}");
    paid
}

/// Whether the fault says what to do: make room, or send it again.
fn is_told(error: &StoreError) -> bool {
    error.is_transient() || error.code() == "store.full"
}

/// Fills the disk but for some room.
fn fill(ballast: &Path, room: u64) {
    let mut file = File::create(ballast).unwrap();
    let mut written = 0;
    while file.write_all(&[0; 4096]).is_ok() {
        written += 4096;
    }
    file.set_len(written - room).unwrap();
}
