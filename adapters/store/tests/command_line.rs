//! The example `store`, as people call it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test: a fault must stop it")]

use counterfoil::{
    money::{CNY, Money},
    wallet::{Charge, Coupons, Funding, Owner},
};
use counterfoil_store::{Account, AccountEntry, Cause, Payments, SqlStore, Wallets};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
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

fn account(user: &str, balance: &str) -> Account {
    Account::new(Owner::User(user.to_owned()), Money::parse(balance, CNY).unwrap())
}

/// Whose accounts a store has.
async fn owners(store: &str) -> Vec<String> {
    let store = SqlStore::open(store).await.unwrap();
    let accounts = store.accounts().await.unwrap();
    store.close().await;
    accounts.iter().map(|account| account.owner.to_string()).collect()
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
async fn a_copy_is_proved_and_put_back() {
    let place = Place::new();
    let (store, copy) = (place.path("store.sqlite"), place.path("copy.sqlite"));
    done(&["migrate", &store]);
    done(&["import", &store, "accounts", &place.file("accounts.csv", ACCOUNTS)]);
    assert!(done(&["back-up", &store, &copy]).contains("its books add up"));
    assert_eq!(call(&["back-up", &store, &copy]).0, 2, "a copy is never overwritten");

    tamper(&store, "update accounts set balance = '99.00' where owner = 'user:ada'").await;
    assert!(done(&["restore", &copy, &store]).contains("before-restore"));
    assert!(Path::new(&format!("{store}.before-restore")).is_file());
    let open = SqlStore::open(&store).await.unwrap();
    let ada = account("ada", "10.00");
    assert_eq!(open.account(&ada.owner).await.unwrap().unwrap().balance, ada.balance);
    open.close().await;

    // What is wrong is neither kept nor put back.
    tamper(&copy, "update accounts set balance = '99.00' where owner = 'user:ada'").await;
    let (code, said) = call(&["restore", &copy, &place.path("other.sqlite")]);
    assert!(code == 2 && said.contains("do not add up"), "{code} {said}");
    for file in ["other.sqlite", "other.sqlite.restoring"] {
        assert!(!Path::new(&place.path(file)).exists(), "{file}");
    }
    assert_eq!(call(&["restore", &place.path("none"), &place.path("other.sqlite")]).0, 2);
    assert_eq!(call(&["back-up", &place.path("none"), &place.path("other")]).0, 2);
    assert!(!Path::new(&place.path("none")).exists());
}

fn charge(order: usize) -> Charge {
    Charge {
        application: "portal".into(),
        order: order.to_string(),
        unit: "vm".into(),
        payer: Owner::User("ada".into()),
        amount: Money::parse("0.01", CNY).unwrap(),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    }
}

/// The orders that the user `ada` paid, in their order.
async fn paid(store: &str) -> Vec<String> {
    let store = SqlStore::open(store).await.unwrap();
    let entries = store.account_entries(&Owner::User("ada".into())).await.unwrap();
    store.close().await;
    let order = |entry: &AccountEntry| match &entry.cause {
        Cause::Payment { order, .. } => order.clone(),
        cause => panic!("{cause}"),
    };
    entries.iter().map(order).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_is_made_while_others_write_is_of_one_moment() {
    let place = Place::new();
    let store = place.path("store.sqlite");
    let portal = SqlStore::open(&store).await.unwrap();
    portal.put_unit("vm", "portal").await.unwrap();
    portal.put_accounts(&[account("ada", "1000.00")]).await.unwrap();
    let (confirmed, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let writer = tokio::spawn({
        let (confirmed, stop) = (Arc::clone(&confirmed), Arc::clone(&stop));
        async move {
            while !stop.load(SeqCst) {
                let now = "2025-03-14T15:00:00Z".parse().unwrap();
                portal.charge(&charge(confirmed.load(SeqCst)), now).await.unwrap();
                confirmed.fetch_add(1, SeqCst);
            }
            portal.close().await;
        }
    });
    let mut meanwhile = 0;
    for copy in (0..5).map(|copy| place.path(&format!("copy-{copy}.sqlite"))) {
        let before = confirmed.load(SeqCst);
        done(&["back-up", &store, &copy]);
        // One more may be in the file, and not yet told.
        let after = confirmed.load(SeqCst) + 1;
        meanwhile += after - before - 1;
        done(&["verify", &copy]);
        let orders = paid(&copy).await;
        assert!((before..=after).contains(&orders.len()), "{before} to {after}: {}", orders.len());
        assert_eq!(orders, (0..orders.len()).map(|order| order.to_string()).collect::<Vec<_>>());
    }
    stop.store(true, SeqCst);
    writer.await.unwrap();
    assert!(meanwhile > 0, "nobody wrote meanwhile");
    assert_eq!(paid(&store).await.len(), confirmed.load(SeqCst));
}

#[tokio::test]
async fn a_store_that_somebody_uses_is_not_replaced() {
    let place = Place::new();
    let (store, copy) = (place.path("store.sqlite"), place.path("copy.sqlite"));
    done(&["migrate", &store]);
    done(&["import", &store, "accounts", &place.file("accounts.csv", ACCOUNTS)]);
    done(&["back-up", &store, &copy]);
    let portal = SqlStore::open(&store).await.unwrap();
    portal.put_accounts(&[account("eve", "3.00")]).await.unwrap();

    let (code, said) = call(&["restore", &copy, &store]);
    assert!(code == 2 && said.contains("somebody uses"), "{code} {said}");
    assert!(!Path::new(&format!("{store}.before-restore")).exists());
    assert!(!Path::new(&format!("{store}.restoring")).exists());
    portal.put_accounts(&[account("joe", "4.00")]).await.unwrap();
    let (code, said) = call(&["restore", &store, &place.path("other.sqlite")]);
    assert!(code == 2 && said.contains("somebody uses"), "half of it is in its log: {code} {said}");
    portal.close().await;
    assert_eq!(owners(&store).await, ["group:陈", "user:ada", "user:eve", "user:joe"]);
    done(&["verify", &store]);

    done(&["restore", &copy, &store]);
    assert_eq!(owners(&store).await, ["group:陈", "user:ada"]);
    assert_eq!(owners(&format!("{store}.before-restore")).await.len(), 4);
    let (code, said) = call(&["restore", &copy, &store]);
    assert!(code == 2 && said.contains("move it away"), "{code} {said}");
}

#[tokio::test]
async fn what_is_wrong_is_named_and_what_is_proved_is_mended() {
    let place = Place::new();
    let store = place.path("store.sqlite");
    done(&["migrate", &store]);
    done(&["import", &store, "accounts", &place.file("accounts.csv", ACCOUNTS)]);
    tamper(&store, "update accounts set balance = '99.00' where owner = 'user:ada'").await;
    let (code, said) = call(&["verify", &store]);
    assert!(code == 1 && said.contains("accounts `user:ada`") && said.contains("--dry-run"), "{code} {said}");
    let (_, said) = call(&["repair", &store, "--dry-run"]);
    assert!(said.contains("would mend accounts `user:ada`: `balance` from 99.00 to 10.00, because"), "{said}");
    assert_eq!(call(&["verify", &store]).0, 1, "a dry run changes nothing");
    assert!(done(&["repair", &store, "--by", "eve", "--reason", "ticket 7"]).contains("mended accounts"));
    done(&["verify", &store]);
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
fn a_column_that_nobody_reads_is_refused() {
    let place = Place::new();
    let store = place.path("store.sqlite");
    done(&["migrate", &store]);
    for (what, header, said_of_it) in [
        ("accounts", "owner,currency,balance,dept", "`dept`: there are `owner`, `currency`, `balance`, `debt`"),
        ("accounts", "owner,currency,balance,Debt", "no column is called `Debt`"),
        ("accounts", "owner,currency,balance, debt", "no column is called ` debt`"),
        ("accounts", "owner,currency,balance,", "no column is called ``"),
        ("accounts", "owner,currency,balance,balance", "the column `balance` is there twice"),
        ("accounts", "user:ada,CNY,1.00,2.00", "no column is called `user:ada`"),
        ("coupons", "coupon,currency,balance,debt", "no column is called `debt`"),
        ("units", "unit,owner", "`owner`: there are `unit`, `application`"),
    ] {
        let file = place.file("rows.csv", format!("{header}\nuser:ada,CNY,1.00,2.00\n"));
        let (code, said) = call(&["import", &store, what, &file]);
        assert!(code == 2 && said.contains("line 1: ") && said.contains(said_of_it), "{header}: {code} {said}");
    }
    assert!(done(&["export", &store, "accounts", &place.path("out.csv")]).contains("0 rows"));
    // Spreadsheets begin a file in UTF-8 with its mark.
    done(&["import", &store, "accounts", &place.file("accounts.csv", format!("\u{feff}{ACCOUNTS}"))]);
}

#[test]
fn a_fault_in_a_file_names_its_line() {
    let place = Place::new();
    let store = place.path("store.sqlite");
    done(&["migrate", &store]);
    for (file, said_of_it) in [
        (&b"owner,currency,balance\nuser:ada,CNY,1.00\nuser:b\xffb,CNY,1.00\n"[..], "line 3"),
        (b"owner,currency,balance\nuser:ada,CNY,1.00\nuser:bob,CNY,1,00\n", "line: 3"),
        (b"owner,currency,balance\nuser:ada,CNY,1e3\n", "line 2: column `balance`"),
        (b"owner,currency,balance\nada,CNY,1\n", "line 2: `ada` is not like `user:ada`"),
        (b"owner,balance\nuser:ada,1\n", "line 2: there is nothing in the column `currency`"),
    ] {
        let (code, said) = call(&["import", &store, "accounts", &place.file("accounts.csv", file)]);
        assert!(code == 2 && said.contains(said_of_it), "{said_of_it}: {code} {said}");
    }
    let long = format!("owner,currency,balance\nuser:{},CNY,1\n", "x".repeat(10 << 20));
    let (code, said) = call(&["import", &store, "accounts", &place.file("long.csv", long)]);
    assert!(code == 2 && said.contains("at most 255 bytes") && said.len() < 500, "{code} {}", said.len());
    assert!(done(&["verify", &store]).contains("the books add up"));
}

#[test]
fn help_names_every_command() {
    let said = done(&["--help"]);
    for command in ["migrate", "verify", "repair", "import", "export", "back-up", "restore"] {
        assert!(said.contains(command), "{said}");
    }
}
