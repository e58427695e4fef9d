//! The example `store`, as people call it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

mod copies;
mod imports;
mod parquet_files;

use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The example stands beside the tests.
fn program() -> PathBuf {
    let test = env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().join("examples/store")
}

/// What it ends with, and what it says.
fn call(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(program()).args(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code().unwrap(), said)
}

fn done(arguments: &[&str]) -> String {
    let (code, said) = call(arguments);
    assert_eq!(code, 0, "{arguments:?}: {said}");
    said
}

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }
}

async fn tamper(path: &str, change: &'static str) {
    let mut file = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    sqlx::query(change).execute(&mut file).await.unwrap();
    file.close().await.unwrap();
}

const ACCOUNTS: &str = "owner,currency,balance,debt\nuser:ada,CNY,10.00,\ngroup:陈,CNY,0.00000001,2.50\n";
const COUPONS: &str = "coupon,currency,face_value,balance,status,effective,expiration,created,category,owner,unit,order\n\
    C1,CNY,5.00,5.00,available,2024-01-01T00:00:00Z,2025-01-01T00:00:00Z,2024-01-01T00:00:00Z,server,user:ada,vm,\n";

#[tokio::test]
async fn a_store_is_filled_proved_and_taken_elsewhere() {
    let place = Place::new();
    let store = place.path("a store.sqlite");
    assert!(done(&["migrate", &store]).contains("up to date"));
    let accounts = place.file("accounts.csv", ACCOUNTS);
    assert!(done(&["import", &store, "accounts", &accounts]).contains("2 put in, 0 were there"));
    assert!(done(&["import", &store, "accounts", &accounts]).contains("0 put in, 2 were there"));
    assert!(done(&["import", &store, "coupons", &place.file("coupons.csv", COUPONS)]).contains("1 put in"));
    assert!(
        done(&["import", &store, "units", &place.file("units.csv", "unit,application\nvm,portal\n")]).contains("1 put")
    );
    let said = done(&["verify", &store]);
    assert!(said.contains("the books add up") && said.contains("12.50000001"), "{said}");

    let csv = place.path("out.csv");
    assert!(done(&["export", &store, "accounts", &csv]).contains("2 rows"));
    let csv = fs::read_to_string(csv).unwrap();
    assert_eq!(csv, "owner,currency,balance,debt\ngroup:陈,CNY,0.00000001,2.50\nuser:ada,CNY,10.00,0\n");
    let parquet = place.path("out.parquet");
    done(&["export", &store, "accounts", &parquet]);
    assert_eq!(&fs::read(&parquet).unwrap()[..4], b"PAR1");
    for table in ["entries", "statements"] {
        assert!(done(&["export", &store, table, &place.path(&format!("{table}.parquet"))]).contains("0 rows"));
    }
    assert_eq!(call(&["export", &store, "accounts", &place.path("out.xls")]).0, 2);
}

#[tokio::test]
async fn what_is_wrong_is_named_and_what_is_proved_is_mended() {
    let place = Place::new();
    let store = place.path("store.sqlite");
    done(&["migrate", &store]);
    done(&["import", &store, "accounts", &place.file("accounts.csv", ACCOUNTS)]);
    assert_eq!(done(&["repair", &store, "--dry-run"]), "nothing was changed\n");
    tamper(&store, "update accounts set balance = '99.00' where owner = 'user:ada'").await;
    let (code, said) = call(&["verify", &store]);
    assert!(code == 1 && said.contains("accounts `user:ada`") && said.contains("--dry-run"), "{code} {said}");
    assert!(said.contains("- sums `CNY`"), "a balance that is wrong puts the sums out: {said}");
    let said = done(&["repair", &store, "--dry-run"]);
    assert!(said.contains("would mend accounts `user:ada`: `balance` from 99.00 to 10.00, because"), "{said}");
    assert!(!said.contains("left to people") && said.contains("nothing was changed"), "{said}");
    assert_eq!(call(&["verify", &store]).0, 1, "a dry run changes nothing");
    assert!(done(&["repair", &store, "--by", "eve", "--reason", "ticket 7"]).contains("mended accounts"));
    done(&["verify", &store]);
}

/// A coupon may be called as an account is: what mends the one does not mend the other.
#[tokio::test]
async fn what_nothing_proves_is_left_to_people() {
    let place = Place::new();
    let store = place.path("store.sqlite");
    done(&["migrate", &store]);
    done(&["import", &store, "accounts", &place.file("accounts.csv", ACCOUNTS)]);
    done(&["import", &store, "coupons", &place.file("coupons.csv", COUPONS.replace("C1,", "user:ada,"))]);
    tamper(&store, "update accounts set balance = '99.00' where owner = 'user:ada'").await;
    tamper(&store, "update coupons set balance = '1.2.3'").await;
    for (arguments, mended) in [(&["repair", &store, "--dry-run"][..], "would mend"), (&["repair", &store], "mended")] {
        let (code, said) = call(arguments);
        assert!(code == 1 && said.contains(&format!("{mended} accounts `user:ada`")), "{code} {said}");
        assert!(said.contains("left to people: coupons `user:ada`"), "{said}");
    }
}

#[test]
fn a_store_that_is_not_there_is_not_made() {
    let place = Place::new();
    let (none, accounts) = (place.path("none.sqlite"), place.file("accounts.csv", ACCOUNTS));
    let (address, empty) = (format!("sqlite:{none}"), place.file("empty.sqlite", ""));
    for (store, advice) in [
        (&*none, "store migrate"),
        (&address, "store migrate"),
        (&empty, "store migrate"),
        ("sqlite::memory:", "name a file"),
    ] {
        for arguments in [
            &["verify", store][..],
            &["repair", store],
            &["repair", store, "--dry-run"],
            &["import", store, "accounts", &accounts],
            &["export", store, "accounts", &place.path("out.csv")],
        ] {
            let (code, said) = call(arguments);
            assert!(code == 2 && said.contains(store) && said.contains(advice), "{arguments:?}: {code} {said}");
            assert!(!Path::new(&none).exists() && !Path::new(&place.path("out.csv")).exists(), "{arguments:?}");
        }
    }
    let (code, said) = call(&["restore", &empty, &none]);
    assert!(code == 2 && said.contains("no copy") && !Path::new(&none).exists(), "{code} {said}");
    let (code, said) = call(&["back-up", &empty, &none]);
    assert!(code == 2 && said.contains("no store") && !Path::new(&none).exists(), "{code} {said}");
    done(&["migrate", &none]);
    assert!(done(&["verify", &address]).contains("the books add up"));
}

#[test]
fn help_names_every_command() {
    let said = done(&["--help"]);
    for command in ["migrate", "verify", "repair", "import", "export", "back-up", "restore"] {
        assert!(said.contains(command), "{said}");
    }
}
