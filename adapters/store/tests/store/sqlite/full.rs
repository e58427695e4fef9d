//! A disk that is full.

use super::super::support::*;
use counterfoil_store::{Payments, SqlStore};
use std::{env, path::Path, process::Command};

/// How many bytes the small disk has.
const SIZE: &str = "1500k";

/// Names the folder on the small disk to this test, where it is run there.
const FOLDER: &str = "COUNTERFOIL_SMALL_DISK";

#[test]
fn a_full_disk_is_told_and_with_room_it_goes_on() {
    if let Some(folder) = env::var_os(FOLDER) {
        return tokio::runtime::Runtime::new().unwrap().block_on(on_a_small_disk(Path::new(&folder)));
    }
    // Once more, in a name space of its own, where a disk of memory can be made without being root.
    let folder = tempfile::tempdir().unwrap();
    let made = "mount -t tmpfs -o size=$2 none \"$0\" && exec \"$1\" --exact --nocapture \"$3\"";
    let output = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", made])
        .arg(folder.path())
        .arg(env::current_exe().unwrap())
        .args([SIZE, "sqlite::full::a_full_disk_is_told_and_with_room_it_goes_on"])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

async fn on_a_small_disk(folder: &Path) {
    let path = folder.join("store.sqlite");
    let store = SqlStore::open(path.to_str().unwrap()).await.unwrap();
    furnish(&store).await;
    open_accounts(&store, &[("ada", "100000.00")]).await;
    let now = terms().now;
    let mut paid = 0;
    let refused = loop {
        match store.charge(&small_charge(&format!("o{paid}")), now).await {
            Ok(_) => paid += 1,
            Err(error) => break error,
        }
    };
    assert!(paid > 10, "{paid} charges fit");
    assert_eq!(refused.code(), "store.full", "{refused} {refused:?}");
    let next = format!("o{paid}");
    for _ in 0..3 {
        let refused = store.charge(&small_charge(&next), now).await.unwrap_err();
        assert_eq!(refused.code(), "store.full", "{refused} {refused:?}");
        assert!(!is_paid(&store, &next).await, "what was refused is not there");
    }
    // With room, the same call goes on.
    let more = Command::new("mount").args(["-o", "remount,size=20m"]).arg(folder).status().unwrap();
    assert!(more.success());
    assert!(!store.charge(&small_charge(&next), now).await.unwrap().is_replay);
    for number in 0..paid {
        assert!(is_paid(&store, &format!("o{number}")).await, "what was confirmed is there: {number}");
    }
    balanced(&store, 100_000, paid + 1).await;
}
