//! What the journal proves is mended; nothing else is.

use super::support::*;
use counterfoil::wallet::{Charge, Coupons, Funding, GiveBack, RefundRequest, ReturnOrder};
use counterfoil_store::{Act, Payments, Refunding, Reports, SqlStore, TopUp, TopUps, Wallets};

async fn books() -> (Database, SqlStore) {
    let (database, store) = store().await;
    open_accounts(&store, &[("ada", "10.00"), ("bob", "1.00")]).await;
    store.put_coupons(&[coupon("C1", "ada", "1.00")]).await.unwrap();
    store.top_up(&TopUp { id: "T1".into(), owner: user("bob"), amount: cny("5.00") }, terms().now).await.unwrap();
    let charge = Charge {
        application: APPLICATION.into(),
        order: "o1".into(),
        unit: UNIT.into(),
        payer: user("ada"),
        amount: cny("3.50"),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    store.charge(&charge, terms().now).await.unwrap();
    (database, store)
}

/// A part of what ada paid comes back.
fn refund() -> RefundRequest {
    RefundRequest {
        id: "R1".into(),
        application: APPLICATION.into(),
        order: "o1".into(),
        amount: cny("1.00"),
        fee: cny("0"),
        step: cny("0.01").amount(),
        returned: ReturnOrder::Proportional,
        give_back: GiveBack::SameCoupon,
    }
}

fn act() -> Act {
    Act { by: "operator".into(), reason: "ticket 7".into(), now: terms().now }
}

#[tokio::test]
async fn a_balance_is_mended_to_what_its_entries_leave() {
    for (change, table, row, to) in [
        ("update accounts set balance = '7.51' where owner = 'user:ada'", "accounts", "user:ada", "7.50"),
        ("update accounts set balance = '0' where owner = 'user:bob'", "accounts", "user:bob", "6.00"),
        ("update accounts set debt = '1.00' where owner = 'user:bob'", "accounts", "user:bob", "0"),
        ("update coupons set balance = '1.00'", "coupons", "C1", "0.00"),
    ] {
        let (database, store) = books().await;
        assert_eq!(store.verify().await.unwrap().repairs, []);
        database.beside().await.execute(change).await.unwrap();

        let audit = store.verify().await.unwrap();
        let [repair] = &audit.repairs[..] else { panic!("{change}: {:?}", audit.repairs) };
        assert_eq!((repair.table, &*repair.row, &*repair.to), (table, row, to), "{change}");
        assert!(repair.to_string().contains("because each of its entries goes on"), "{repair}");
        store.repair(repair, &act()).await.unwrap();
        let mended = store.verify().await.unwrap();
        assert!(mended.is_sound(), "{change}: {:?}", mended.findings);
        // It is told once, and done once.
        assert_eq!(store.repair(repair, &act()).await.unwrap_err().code(), "store.conflict");
        let kept = format!("select 'kept' from repairs where actor = 'operator' and row_name = '{row}'");
        assert_eq!(database.beside().await.texts(&kept).await, ["kept"]);
    }
}

#[tokio::test]
async fn what_no_entry_proves_is_left_to_people() {
    // The chain of entries itself is broken: nothing says which of the two is right.
    let (database, store) = books().await;
    let mut beside = database.beside().await;
    beside.drop_triggers().await;
    beside.execute("update entries set held_after = '7.49' where account = 'user:ada'").await.unwrap();
    let audit = store.verify().await.unwrap();
    assert!(!audit.is_sound());
    assert_eq!(audit.repairs, []);
}

#[tokio::test]
async fn a_source_of_which_an_entry_is_missing_is_left_to_people() {
    // What is left of the entries goes on from one to the next, and would give back what was paid, or take what came.
    for gone in [
        "delete from entries where account = 'user:ada' and payment is not null",
        "delete from entries where coupon = 'C1' and payment is not null",
        "delete from entries where top_up is not null",
        "delete from entries where refund is not null and account = 'user:ada'",
        "delete from entries where refund is not null and coupon = 'C1'",
    ] {
        let (database, store) = books().await;
        store.refund(&refund(), terms().now).await.unwrap();
        let mut beside = database.beside().await;
        beside.drop_triggers().await;
        assert_eq!(beside.execute(gone).await.unwrap(), 1, "{gone}");
        let audit = store.verify().await.unwrap();
        assert!(!audit.is_sound(), "{gone}");
        assert_eq!(audit.repairs, [], "{gone}");
    }
}

#[tokio::test]
async fn nothing_is_mended_while_a_row_of_the_journal_can_not_be_read() {
    // What is left of the books may agree with itself, and would give back what was paid, or take what came.
    let too_long = "9".repeat(35);
    for damage in [
        &[&*format!("update entries set held_after = '{too_long}' where account = 'user:ada'")][..],
        &[&format!("update entries set delta = '-{too_long}' where account = 'user:ada'")],
        &[&format!("update legs set amount = '{too_long}'"), "delete from entries where payment is not null"],
        &["delete from entries where payment is not null", "delete from legs"],
        &["delete from entries where payment is not null", "delete from legs", "delete from payments"],
        &[&format!("update top_ups set amount = '{too_long}'"), "delete from entries where top_up is not null"],
        &["delete from top_ups"],
        &[&format!("update refunds set amount = '{too_long}'"), "delete from entries where refund is not null"],
        &["delete from refund_legs", "delete from entries where refund is not null"],
    ] {
        let (database, store) = books().await;
        store.refund(&refund(), terms().now).await.unwrap();
        let mut beside = database.beside().await;
        beside.drop_triggers().await;
        beside.ignore_references().await;
        for change in damage {
            assert!(beside.execute(change).await.unwrap() > 0, "{change}");
        }
        let audit = store.verify().await.unwrap();
        assert!(!audit.is_sound(), "{damage:?}");
        assert_eq!(audit.repairs, [], "{damage:?}");
    }
}

#[tokio::test]
async fn a_repair_of_something_else_is_refused() {
    let (database, store) = books().await;
    let change = "update accounts set balance = '7.51' where owner = 'user:ada'";
    database.beside().await.execute(change).await.unwrap();
    let repair = store.verify().await.unwrap().repairs.remove(0);
    for wrong in [
        counterfoil_store::Repair { table: "payments", ..repair.clone() },
        counterfoil_store::Repair { column: "opening", ..repair.clone() },
        counterfoil_store::Repair { from: "7.52".into(), ..repair.clone() },
        counterfoil_store::Repair { row: "user:cy".into(), ..repair },
    ] {
        assert_eq!(store.repair(&wrong, &act()).await.unwrap_err().code(), "store.conflict", "{wrong}");
    }
}
