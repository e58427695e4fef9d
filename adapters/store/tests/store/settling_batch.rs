//! Settling many statements at once comes to what settling each of them comes to.

use super::support::*;
use counterfoil::{
    statement::StatementStatus,
    time::Instant,
    wallet::{Charge, Coupons, Funding, Owner},
};
use counterfoil_store::{
    ChargeTerms, Days, Locks, Payments, SettleProgress, SettledBatch, SqlStore, StatementFilter, Statements, Wallets,
};
use proptest::prelude::*;
use std::ops::ControlFlow;

const OWNERS: [&str; 4] = ["ada", "bob", "cy", "nobody"];

/// What is done before the statements are settled.
#[derive(Debug, Clone)]
enum Before {
    /// A day of some owners is recorded: owner, resource, cores; again with other cores is a correction.
    Record(u8, Vec<(u8, u8, u8)>),
    /// A coupon of an owner.
    Coupon(u8, u8),
    /// A lock of so much.
    Lock(u8, u8),
    /// A statement that is paid by itself.
    Settle(u8),
}

fn before() -> impl Strategy<Value = Before> {
    let reading = (0..4_u8, 0..4_u8, 0..9_u8);
    prop_oneof![
        4 => (0..3_u8, prop::collection::vec(reading, 1..6)).prop_map(|(day, readings)| Before::Record(day, readings)),
        2 => (0..3_u8, 1..6_u8).prop_map(|(owner, worth)| Before::Coupon(owner, worth)),
        1 => (0..3_u8, 1..4_u8).prop_map(|(owner, worth)| Before::Lock(owner, worth)),
        1 => any::<u8>().prop_map(Before::Settle),
    ]
}

fn all() -> StatementFilter {
    StatementFilter::dated(date("2024-02-20")..=date("2024-02-22"))
}

fn unpaid() -> StatementFilter {
    all().with_status(StatementStatus::Unpaid)
}

/// A store in which all that was done, with accounts of little for all but one owner.
async fn books(done: &[Before]) -> (Database, SqlStore) {
    let (database, store) = store().await;
    open_accounts(&store, &[("ada", "5.00"), ("bob", "1.00"), ("cy", "100.00")]).await;
    for (place, before) in done.iter().enumerate() {
        match before {
            Before::Record(number, readings) => {
                let day = day(["2024-02-20", "2024-02-21", "2024-02-22"][usize::from(*number)]);
                // The last word of each resource; nobody takes another's.
                let mut record = record(day, vec![]);
                record.owners = OWNERS.into_iter().map(user).collect();
                for (owner, resource, cores) in readings {
                    let owner = OWNERS[usize::from(*owner)];
                    let id = format!("{owner}-{resource}");
                    record.readings.retain(|reading| reading.reading.resource() != &name(&id));
                    record.readings.push(server(&id, owner, day, &cores.to_string()));
                }
                store.record_day(&record).await.unwrap();
            }
            Before::Coupon(owner, worth) => {
                let coupon = coupon(&format!("C{place}"), OWNERS[usize::from(*owner)], &format!("{worth}.37"));
                store.put_coupons(&[coupon]).await.unwrap();
            }
            Before::Lock(owner, worth) => {
                let charge = charge(&format!("L{place}"), OWNERS[usize::from(*owner)], &format!("{worth}.00"));
                store.authorise(&charge, Instant::MAX, at("2024-02-25T00:00:00Z")).await.ok();
            }
            Before::Settle(which) => {
                let open = store.statements(&unpaid()).await.unwrap();
                let Some(statement) = open.get(usize::from(*which) % open.len().max(1)) else { continue };
                store.settle_statement(&statement.id, &terms()).await.ok();
            }
        }
    }
    (database, store)
}

fn charge(order: &str, owner: &str, amount: &str) -> Charge {
    Charge {
        application: APPLICATION.into(),
        order: order.into(),
        unit: UNIT.into(),
        payer: user(owner),
        amount: cny(amount),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    }
}

/// All that is in the books, for people to compare.
async fn told(store: &SqlStore) -> String {
    let mut told = String::new();
    for statement in store.statements(&all()).await.unwrap() {
        let whole = store.statement(&statement.id).await.unwrap().unwrap();
        told += &format!("{} {:?} {:?} {:?}\n", statement.id, whole.payment, whole.refunds, whole.settled_with);
    }
    for owner in OWNERS.map(user) {
        let account = store.account(&owner).await.unwrap();
        told += &format!("{owner} {account:?} {:?}\n", store.coupons(&owner).await.unwrap());
        told += &format!("{:?}\n", store.account_entries(&owner).await.unwrap());
    }
    told
}

/// Each by itself, in the order of the list; what is refused, and why.
async fn one_by_one(store: &SqlStore, terms: &ChargeTerms) -> Vec<(String, String)> {
    let mut refused = Vec::new();
    for statement in store.statements(&unpaid()).await.unwrap() {
        if let Err(error) = store.settle_statement(&statement.id, terms).await {
            refused.push((statement.id, error.to_string()));
        }
    }
    refused
}

async fn together(store: &SqlStore, terms: &ChargeTerms) -> SettledBatch {
    let mut last = 0;
    let mut watch = |progress: SettleProgress| {
        assert!(progress.done > last && progress.done <= progress.of, "{progress:?} after {last}");
        last = progress.done;
        ControlFlow::Continue(())
    };
    store.settle_statements(&all(), terms, &mut watch).await.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(if cfg!(debug_assertions) { 48 } else { 400 })))]
    #[test]
    fn many_at_once_come_to_what_each_comes_to(done in prop::collection::vec(before(), 1..10), has_enough in any::<bool>()) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let funding = if has_enough { Funding::EnoughFunds } else { Funding::Overdraft { limit: Some(cny("3.00")) } };
            let terms = ChargeTerms { funding, ..terms() };
            let ((_first, single), (_second, batch)) = (books(&done).await, books(&done).await);
            let expected = one_by_one(&single, &terms).await;
            let came = together(&batch, &terms).await;
            let mut refused: Vec<(String, String)> =
                came.refused.iter().map(|refused| (refused.statement.clone(), refused.error.to_string())).collect();
            refused.sort();
            let mut expected = expected;
            expected.sort();
            assert_eq!(refused, expected);
            assert_eq!(came.paid + came.refunded + came.nothing + came.along + came.refused.len(), came.done);
            assert_eq!(told(&batch).await, told(&single).await);
            sound(&single).await;
            sound(&batch).await;
            // Again: only what was refused is looked at; what was given back meanwhile may pay it now.
            let still = one_by_one(&single, &terms).await;
            let again = together(&batch, &terms).await;
            assert_eq!((again.done, again.refused.len()), (came.refused.len(), still.len()));
            assert_eq!(told(&batch).await, told(&single).await);
        });
    }
}

#[tokio::test]
async fn a_batch_that_is_ended_goes_on_where_it_was() {
    let (_database, store) = store().await;
    let owners: Vec<String> = (0..1100).map(|number| format!("u{number:04}")).collect();
    let accounts: Vec<(&str, &str)> = owners.iter().map(|owner| (&**owner, "10.00")).collect();
    open_accounts(&store, &accounts).await;
    let first = day("2024-02-20");
    let readings = owners.iter().map(|owner| server(&format!("s-{owner}"), owner, first, "1")).collect();
    store.record_day(&record(first, readings)).await.unwrap();

    let mut told = Vec::new();
    let mut stop = |progress: SettleProgress| {
        told.push((progress.done, progress.of));
        ControlFlow::Break(())
    };
    let begun = store.settle_statements(&all(), &terms(), &mut stop).await.unwrap();
    assert_eq!((begun.paid, begun.done), (500, 500));
    assert_eq!(told, [(500, 1100)]);
    let rest = together(&store, &terms()).await;
    assert_eq!((rest.paid, rest.done), (600, 600));
    let paid: Vec<Owner> = owners.iter().map(|owner| user(owner)).collect();
    for owner in [&paid[0], &paid[499], &paid[500], &paid[1099]] {
        assert_eq!(store.account(owner).await.unwrap().unwrap().balance, cny("8.42"), "{owner}");
    }
    let payment = store.payment(APPLICATION, "2024-02-20/UTC/user/u0500/vm/server/0").await.unwrap();
    assert_eq!(payment.unwrap().payment.plan().amount(), cny("1.58"));
    sound(&store).await;
}
