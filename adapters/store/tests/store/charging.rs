//! Charging: once, exactly, whoever comes in between (R-S1, R-W6, R-W7, R-W13).

use super::support::*;
use counterfoil::{
    money::Money,
    statement::StatementStatus,
    wallet::{Charge, Coupons, Funding, Source},
};
use counterfoil_store::{
    Account, ChargeTerms, Days, Payments, Reports, Settled, SqlStore, StatementFilter, Statements, StoreError,
    StoredPayment, Wallets,
};
use std::time::Duration;
use tokio::task::JoinSet;

fn order(order: &str, amount: &str) -> Charge {
    Charge {
        application: APPLICATION.into(),
        order: order.into(),
        unit: UNIT.into(),
        payer: user("ada"),
        amount: cny(amount),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    }
}

/// Records a day of one server of an owner, and gives the id of its statement.
async fn stated(store: &SqlStore, owner: &str, date: &str) -> String {
    let day = day(date);
    let recorded = store.record_day(&record(day, vec![server(&format!("s-{owner}"), owner, day, "1")])).await.unwrap();
    recorded.statements[0].id()
}

async fn balance(store: &SqlStore, owner: &str) -> String {
    store.account(&user(owner)).await.unwrap().unwrap().balance.to_string()
}

/// What pays a statement; and whether it was paid before is as it should be.
async fn paid(store: &SqlStore, id: &str, terms: &ChargeTerms, is_replay: bool) -> StoredPayment {
    let settled = store.settle_statement(id, terms).await.unwrap();
    assert_eq!((&*settled.statements, settled.is_replay), (&[id.to_owned()][..], is_replay));
    let Settled::Paid(payment) = settled.settled else { panic!("{settled:?}") };
    payment
}

#[tokio::test]
async fn coupons_go_first_and_the_balance_may_go_below_zero() {
    // R-W6, R-W7
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "0.10")]).await;
    store.put_coupons(&[coupon("C1", "ada", "1.00"), coupon("C2", "bob", "9.00")]).await.unwrap();
    let id = stated(&store, "ada", "2024-02-20").await;
    let charged = store.settle_statement(&id, &terms()).await.unwrap();
    assert_eq!(
        charged.payment().unwrap().payment.plan().to_string(),
        "1.58 CNY = 1.00 of coupon `C1` (1.00 → 0.00) + 0.58 of the balance (0.10 → -0.48)"
    );
    assert_eq!(balance(&store, "ada").await, "-0.48");
    assert_eq!(store.coupons(&user("ada")).await.unwrap()[0].balance(), cny("0"));
    let entries = store.account_entries(&user("ada")).await.unwrap();
    let [entry] = &entries[..] else { panic!("{entries:?}") };
    assert_eq!(
        (entry.delta.to_string(), entry.after.to_string(), entry.cause.order()),
        ("-0.58".into(), "-0.48".into(), Some(&*id))
    );
    let totals = store.totals(&StatementFilter::dated(date("2024-02-20")..=date("2024-02-20"))).await.unwrap();
    let paid = [totals[0].by_coupon, totals[0].by_balance, totals[0].unpaid].map(|sum| sum.to_string());
    assert_eq!(paid, ["1.00", "0.58", "0"]);
    sound(&store).await;
}

#[tokio::test]
async fn a_statement_is_paid_once() {
    // R-W13
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "5.00")]).await;
    let id = stated(&store, "ada", "2024-02-20").await;
    let first = paid(&store, &id, &terms(), false).await;
    let later = ChargeTerms { now: at("2025-01-01T00:00:00Z"), ..terms() };
    assert_eq!(paid(&store, &id, &later, true).await, first);
    assert_eq!(store.payment(APPLICATION, &id).await.unwrap(), Some(first));
    assert_eq!(balance(&store, "ada").await, "3.42");

    let code = async |terms: ChargeTerms| store.settle_statement(&id, &terms).await.unwrap_err().code();
    assert_eq!(code(ChargeTerms { funding: Funding::EnoughFunds, ..terms() }).await, "wallet.payment_conflict");
    assert_eq!(code(ChargeTerms { application: "other".into(), ..terms() }).await, "statement.already_paid");
    sound(&store).await;
}

#[tokio::test]
async fn an_order_that_was_paid_before_it_was_stated_settles_the_statement() {
    // R-W13: the same facts, whoever asked first
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "5.00"), ("bob", "5.00")]).await;
    let early = |owner: &str, amount| Charge {
        payer: user(owner),
        funding: terms().funding,
        ..order(&format!("2024-02-20/UTC/user/{owner}/vm/server/0"), amount)
    };
    let first = store.charge(&early("ada", "1.58"), terms().now).await.unwrap().payment;
    let id = stated(&store, "ada", "2024-02-20").await;
    assert!(!store.verify().await.unwrap().is_sound(), "it is paid and not settled");
    assert_eq!(paid(&store, &id, &terms(), true).await, first);
    assert_eq!(balance(&store, "ada").await, "3.42");
    sound(&store).await;

    store.charge(&early("bob", "9.99"), terms().now).await.unwrap();
    let id = stated(&store, "bob", "2024-02-20").await;
    assert_eq!(store.settle_statement(&id, &terms()).await.unwrap_err().code(), "wallet.payment_conflict");
}

#[tokio::test]
async fn what_is_refused_changes_nothing() {
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "1.00")]).await;
    let id = stated(&store, "ada", "2024-02-20").await;
    let bobs = stated(&store, "bob", "2024-02-20").await;
    let code = async |id: &str, terms: ChargeTerms| store.settle_statement(id, &terms).await.unwrap_err().code();
    assert_eq!(code("nowhere", terms()).await, "store.not_found");
    assert_eq!(code(&bobs, terms()).await, "store.not_found"); // no account
    assert_eq!(code(&id, ChargeTerms { application: "other".into(), ..terms() }).await, "wallet.foreign_unit");
    assert_eq!(code(&id, ChargeTerms { funding: Funding::EnoughFunds, ..terms() }).await, "wallet.funds_not_enough");
    let named = Coupons::Named(vec!["C1".into()]);
    assert_eq!(code(&id, ChargeTerms { coupons: named, ..terms() }).await, "wallet.no_such_coupon");
    let dollars = Account::new(user("bob"), Money::parse("9", "USD".parse().unwrap()).unwrap());
    store.put_accounts(&[dollars]).await.unwrap();
    assert_eq!(code(&bobs, terms()).await, "money.currency_mismatch");

    let nowhere = Charge { unit: "disk".into(), ..order("o1", "1") };
    assert_eq!(store.charge(&nowhere, terms().now).await.unwrap_err().code(), "wallet.no_such_unit");
    assert_eq!(balance(&store, "ada").await, "1.00");
    assert_eq!(store.statement(&id).await.unwrap().unwrap().statement.status(), StatementStatus::Unpaid);
    assert_eq!(store.payment(APPLICATION, &id).await.unwrap(), None);
    sound(&store).await;
}

#[tokio::test]
async fn orders_are_paid_once_with_every_kind_of_funding() {
    // R-W7, R-W10, R-W13: what is read back is what was written
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "10.00")]).await;
    store.put_coupons(&[coupon("C1", "ada", "1.00"), coupon("C2", "ada", "1.00")]).await.unwrap();
    let now = terms().now;
    let named = |ids: &[&str]| Coupons::Named(ids.iter().map(|id| (*id).to_owned()).collect());
    let charges = [
        Charge { coupons: named(&["C2"]), funding: Funding::CouponsOnly, ..order("o1", "0.50") },
        Charge { coupons: named(&["C2", "C1"]), ..order("o2", "2") },
        Charge { coupons: named(&[]), funding: Funding::Overdraft { limit: Some(cny("0.50")) }, ..order("o3", "10.0") },
        Charge { funding: Funding::Overdraft { limit: None }, ..order("o4", "0.00") },
        Charge { funding: Funding::Debt, ..order("o5", "3.001") },
        Charge { funding: Funding::Debt, ..order("o6", "1.000") },
    ];
    let mut paid = Vec::new();
    for charge in &charges {
        paid.push(store.charge(charge, now).await.unwrap().payment);
    }
    for (charge, payment) in charges.iter().zip(&paid) {
        assert_eq!(payment.payment.charge(), charge);
        let again = store.charge(charge, at("2030-01-01T00:00:00Z")).await.unwrap();
        assert_eq!((&again.payment, again.is_replay), (payment, true));
        assert_eq!(store.payment(APPLICATION, &charge.order).await.unwrap().as_ref(), Some(payment));
    }
    let conflict = Charge { coupons: named(&["C1", "C2"]), ..charges[1].clone() };
    assert_eq!(store.charge(&conflict, now).await.unwrap_err().code(), "wallet.payment_conflict");

    let account = store.account(&user("ada")).await.unwrap().unwrap();
    assert_eq!((account.balance.to_string(), account.debt.to_string()), ("-0.50".into(), "4.001".into()));
    let sums = store.verify().await.unwrap().sums;
    let [sums] = &sums[..] else { panic!("{sums:?}") };
    assert_eq!(
        [&sums.payments, &sums.from_coupons, &sums.from_balance, &sums.from_debt].map(ToString::to_string),
        ["16.501", "2", "10.5", "4.001"]
    );
    sound(&store).await;
}

#[tokio::test]
async fn stores_that_charge_one_statement_pay_it_once() {
    // R-W13: processes, at one time
    let (database, store) = store().await;
    open_accounts(&store, &[("ada", "5.00")]).await;
    let id = stated(&store, "ada", "2024-02-20").await;
    let charged = at_one_time(&database, |_, store| {
        let id = id.clone();
        async move { store.settle_statement(&id, &terms()).await.unwrap() }
    })
    .await;
    assert_eq!(charged.iter().filter(|charged| !charged.is_replay).count(), 1);
    assert!(charged.iter().all(|other| other.payment() == charged[0].payment()));
    assert_eq!(balance(&store, "ada").await, "3.42");
    sound(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tasks_that_charge_one_another_s_statements_leave_exact_balances() {
    let (database, store) = store().await;
    let owners = ["ada", "bob", "eve"];
    open_accounts(&store, &owners.map(|owner| (owner, "10.00"))).await;
    store.put_coupons(&[coupon("C1", "ada", "5.00"), coupon("C2", "bob", "0.01")]).await.unwrap();
    let mut ids = Vec::new();
    for n in 0..17 {
        let day = day(&format!("2024-01-{:02}", n + 1));
        let readings = owners.iter().map(|owner| server(&format!("s-{owner}"), owner, day, "1")).collect();
        ids.extend(store.record_day(&record(day, readings)).await.unwrap().statements.iter().map(|made| made.id()));
    }
    assert_eq!(ids.len(), 51);
    // Every task charges every statement, half of them through a store of its own.
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let store = if task % 2 == 0 { store.clone() } else { database.open().await };
        let mut ids = ids.clone();
        ids.rotate_left(task * 3);
        tasks.spawn(async move {
            let mut paid = 0;
            for id in ids {
                let charged = store.settle_statement(&id, &terms()).await.unwrap();
                paid += usize::from(!charged.is_replay);
            }
            paid
        });
    }
    assert_eq!(tasks.join_all().await.into_iter().sum::<usize>(), 51);
    // 17 × 1.58 = 26.86
    assert_eq!(balance(&store, "ada").await, "-11.86");
    assert_eq!(balance(&store, "bob").await, "-16.85");
    assert_eq!(balance(&store, "eve").await, "-16.86");
    sound(&store).await;
}

#[tokio::test]
async fn a_call_that_is_dropped_is_done_or_not_begun() {
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "100.00")]).await;
    for n in 0..40_u64 {
        let day = day(&format!("2024-01-{:02}", n % 28 + 1));
        let work = record(day, vec![server(&format!("s-{n}"), "ada", day, "1")]);
        let wait = Duration::from_micros(n * 60);
        // Dropped in the middle: of recording, then of charging.
        let _ = tokio::time::timeout(wait, store.record_day(&work)).await;
        let unpaid = StatementFilter::dated(day.date()..=day.date()).with_status(StatementStatus::Unpaid);
        for statement in store.statements(&unpaid).await.unwrap() {
            let _ = tokio::time::timeout(wait, store.settle_statement(&statement.id, &terms())).await;
        }
        sound(&store).await;
    }
}

#[tokio::test]
async fn a_connection_that_is_lost_in_a_transaction_leaves_no_trace() {
    let (database, store) = store().await;
    open_accounts(&store, &[("ada", "5.00")]).await;
    let id = stated(&store, "ada", "2024-02-20").await;
    let mut lost = database.beside().await;
    lost.execute("begin").await.unwrap();
    lost.execute("update accounts set balance = '0.00'").await.unwrap();
    lost.execute("update statements set status = 'cancelled'").await.unwrap();
    lost.close_hard().await; // no rollback is sent
    assert_eq!(balance(&store, "ada").await, "5.00");
    paid(&store, &id, &terms(), false).await;
    sound(&store).await;
}

#[tokio::test]
async fn a_cancelled_statement_is_not_paid() {
    // R-S1
    let (database, store) = store().await;
    open_accounts(&store, &[("ada", "5.00")]).await;
    let id = stated(&store, "ada", "2024-02-20").await;
    let mut beside = database.beside().await;
    beside.execute("update statements set status = 'cancelled'").await.unwrap();
    let refused: StoreError = store.settle_statement(&id, &terms()).await.unwrap_err();
    assert_eq!(refused.code(), "statement.cancelled");
    sound(&store).await;
}

#[tokio::test]
async fn a_payment_names_its_sources() {
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "5.00")]).await;
    store.put_coupons(&[coupon("C'1\"; drop table legs; --", "ada", "1.00")]).await.unwrap();
    let paid = store.charge(&order("o'1", "1.50"), terms().now).await.unwrap().payment;
    let sources: Vec<_> = paid.payment.plan().legs().iter().map(|leg| leg.source().clone()).collect();
    assert_eq!(sources, [Source::Coupon("C'1\"; drop table legs; --".into()), Source::Balance]);
    assert_eq!(store.payment(APPLICATION, "o'1").await.unwrap(), Some(paid));
    sound(&store).await;
}
