//! Copies, and what is put back.

use crate::{ACCOUNTS, Place, call, done, tamper};
use counterfoil::{
    money::{CNY, Money},
    wallet::{Charge, Coupons, Funding, Owner},
};
use counterfoil_store::{Account, AccountEntry, Cause, Payments, SqlStore, Wallets};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
};

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

#[tokio::test]
async fn a_copy_is_proved_and_put_back() {
    let place = Place::new();
    let (store, copy) = (place.path("store.sqlite"), place.path("copy.sqlite"));
    done(&["migrate", &store]);
    done(&["import", &store, "accounts", &place.file("accounts.csv", ACCOUNTS)]);
    assert!(done(&["back-up", &store, &copy]).contains("its books add up"));
    assert_eq!(call(&["back-up", &store, &copy]).0, 2, "a copy is never overwritten");

    // Who looks at a copy leaves nothing beside it that a restore would take for somebody's.
    done(&["verify", &copy]);
    done(&["repair", &copy, "--dry-run"]);
    done(&["export", &copy, "accounts", &place.path("accounts.out.csv")]);
    assert_eq!(call(&["import", &copy, "accounts", &place.path("none.csv")]).0, 2);

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
