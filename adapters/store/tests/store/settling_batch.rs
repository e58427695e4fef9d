//! Settling many statements at once comes to what settling each of them comes to.

use super::support::*;
use chrono::NaiveDate;
use counterfoil::{
    statement::StatementStatus,
    time::{BillingDay, Instant, Zone},
    wallet::{Charge, Coupons, Funding, Owner},
};
use counterfoil_store::{
    ChargeTerms, Days, Locks, Payments, SettleProgress, SettledBatch, SqlStore, StatementFilter, Statements, Wallets,
};
use proptest::prelude::*;
use std::{cell::Cell, ops::ControlFlow};
use tokio::join;

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

/// What happens to a store in one case of the property: to owners and on days of its own, so that many cases have room
/// in one store.
struct Case<'a> {
    number: u64,
    done: &'a [Before],
    terms: ChargeTerms,
}

impl Case<'_> {
    fn owner(&self, which: u8) -> String {
        format!("{}-{}", OWNERS[usize::from(which)], self.number)
    }

    fn owners(&self) -> impl Iterator<Item = String> {
        (0..4).map(|which| self.owner(which))
    }

    fn date(&self, which: u8) -> NaiveDate {
        date("2024-02-20") - chrono::Days::new(3 * self.number + u64::from(which))
    }

    fn all(&self) -> StatementFilter {
        StatementFilter::dated(self.date(2)..=self.date(0))
    }

    fn unpaid(&self) -> StatementFilter {
        self.all().with_status(StatementStatus::Unpaid)
    }

    /// Opens accounts of little for all but one owner, and does what is done before.
    async fn prepare(&self, store: &SqlStore) {
        let [ada, bob, cy] = [0, 1, 2].map(|which| self.owner(which));
        open_accounts(store, &[(&ada, "5.00"), (&bob, "1.00"), (&cy, "100.00")]).await;
        for (place, before) in self.done.iter().enumerate() {
            let id = format!("{}-{place}", self.number);
            match before {
                Before::Record(which, readings) => self.record(store, *which, readings).await,
                Before::Coupon(owner, worth) => {
                    let coupon = coupon(&format!("C{id}"), &self.owner(*owner), &format!("{worth}.37"));
                    store.put_coupons(&[coupon]).await.unwrap();
                }
                Before::Lock(owner, worth) => {
                    let charge = charge(&format!("L{id}"), &self.owner(*owner), &format!("{worth}.00"));
                    store.authorise(&charge, Instant::MAX, at("2024-02-25T00:00:00Z")).await.ok();
                }
                Before::Settle(which) => {
                    let open = store.statements(&self.unpaid()).await.unwrap();
                    let Some(statement) = open.get(usize::from(*which) % open.len().max(1)) else { continue };
                    store.settle_statement(&statement.id, &terms()).await.ok();
                }
            }
        }
    }

    /// Records a day with the last word of each resource; nobody takes another's.
    async fn record(&self, store: &SqlStore, which: u8, readings: &[(u8, u8, u8)]) {
        let day = BillingDay::new(self.date(which), Zone::UTC).unwrap();
        let mut record = record(day, vec![]);
        record.owners = self.owners().map(|owner| user(&owner)).collect();
        for (owner, resource, cores) in readings {
            let owner = self.owner(*owner);
            let id = format!("{owner}-{resource}");
            record.readings.retain(|reading| reading.reading.resource() != &name(&id));
            record.readings.push(server(&id, &owner, day, &cores.to_string()));
        }
        store.record_day(&record).await.unwrap();
    }

    /// Settles each by itself, in the order of the list; gives what is refused, and why.
    async fn one_by_one(&self, store: &SqlStore) -> Vec<(String, String)> {
        let mut refused = Vec::new();
        for statement in store.statements(&self.unpaid()).await.unwrap() {
            if let Err(error) = store.settle_statement(&statement.id, &self.terms).await {
                refused.push((statement.id, error.to_string()));
            }
        }
        refused
    }

    /// All that is in the books of it, for people to compare.
    async fn told(&self, store: &SqlStore) -> String {
        let mut told = String::new();
        for statement in store.statements(&self.all()).await.unwrap() {
            let whole = store.statement(&statement.id).await.unwrap().unwrap();
            told += &format!("{} {:?} {:?} {:?}\n", statement.id, whole.payment, whole.refunds, whole.settled_with);
        }
        for owner in self.owners().map(|owner| user(&owner)) {
            let account = store.account(&owner).await.unwrap();
            told += &format!("{owner} {account:?} {:?}\n", store.coupons(&owner).await.unwrap());
            told += &format!("{:?}\n", store.account_entries(&owner).await.unwrap());
        }
        told
    }

    /// Settles in one store what is settled one by one in the other.
    async fn compare(&self, single: &SqlStore, batch: &SqlStore) {
        join!(self.prepare(single), self.prepare(batch));
        let all = self.all();
        let (mut expected, came) = join!(self.one_by_one(single), together(batch, &all, &self.terms));
        let mut refused: Vec<(String, String)> =
            came.refused.iter().map(|refused| (refused.statement.clone(), refused.error.to_string())).collect();
        refused.sort();
        expected.sort();
        assert_eq!(refused, expected);
        assert_eq!(came.paid + came.refunded + came.nothing + came.along + came.refused.len(), came.done);
        let (settled, told) = join!(self.told(single), self.told(batch));
        assert_eq!(told, settled);
        join!(sound(single), sound(batch));
        // Again: only what was refused is looked at; what was given back meanwhile may pay it now.
        let (still, again) = join!(self.one_by_one(single), together(batch, &all, &self.terms));
        assert_eq!((again.done, again.refused.len()), (came.refused.len(), still.len()));
        let (settled, told) = join!(self.told(single), self.told(batch));
        assert_eq!(told, settled);
    }
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

async fn together(store: &SqlStore, statements: &StatementFilter, terms: &ChargeTerms) -> SettledBatch {
    let mut last = 0;
    let mut watch = |progress: SettleProgress| {
        assert!(progress.done > last && progress.done <= progress.of, "{progress:?} after {last}");
        last = progress.done;
        ControlFlow::Continue(())
    };
    store.settle_statements(statements, terms, &mut watch).await.unwrap()
}

#[test]
fn many_at_once_come_to_what_each_comes_to() {
    let config = ProptestConfig::with_cases(cases(if cfg!(debug_assertions) { 48 } else { 400 }));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // Two for all cases, since a database of a server takes long to make; a case that fails takes them with it.
    let stores = Cell::new(None);
    let number = Cell::new(0);
    proptest!(config, |(done in prop::collection::vec(before(), 1..10), has_enough in any::<bool>())| {
        runtime.block_on(async {
            let funding = if has_enough { Funding::EnoughFunds } else { Funding::Overdraft { limit: Some(cny("3.00")) } };
            let case = Case { number: number.get(), done: &done, terms: ChargeTerms { funding, ..terms() } };
            number.set(case.number + 1);
            let (single, batch) = match stores.take() {
                Some(stores) => stores,
                None => (store().await, store().await),
            };
            case.compare(&single.1, &batch.1).await;
            stores.set(Some((single, batch)));
        });
    });
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
    let all = StatementFilter::dated(date("2024-02-20")..=date("2024-02-20"));
    let begun = store.settle_statements(&all, &terms(), &mut stop).await.unwrap();
    assert_eq!((begun.paid, begun.done), (500, 500));
    assert_eq!(told, [(500, 1100)]);
    let rest = together(&store, &all, &terms()).await;
    assert_eq!((rest.paid, rest.done), (600, 600));
    let paid: Vec<Owner> = owners.iter().map(|owner| user(owner)).collect();
    for owner in [&paid[0], &paid[499], &paid[500], &paid[1099]] {
        assert_eq!(store.account(owner).await.unwrap().unwrap().balance, cny("8.42"), "{owner}");
    }
    let payment = store.payment(APPLICATION, "2024-02-20/UTC/user/u0500/vm/server/0").await.unwrap();
    assert_eq!(payment.unwrap().payment.plan().amount(), cny("1.58"));
    sound(&store).await;
}

#[tokio::test]
async fn one_that_asks_for_less_than_nothing_holds_up_nobody() {
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "10.00"), ("bob", "10.00")]).await;
    let day = day("2024-02-20");
    let below = at_price(server("s-1", "ada", day, "1"), "-1.00");
    store.record_day(&record(day, vec![below, server("s-2", "bob", day, "1")])).await.unwrap();
    let whole = StatementFilter::dated(date("2024-02-20")..=date("2024-02-20"));
    let came = together(&store, &whole, &terms()).await;
    let [refused] = &came.refused[..] else { panic!("{came:?}") };
    assert_eq!(refused.statement, "2024-02-20/UTC/user/ada/vm/server/0");
    let alone = store.settle_statement(&refused.statement, &terms()).await.unwrap_err();
    assert_eq!(refused.error.to_string(), alone.to_string());
    assert_eq!((came.done, came.paid), (2, 1));
}

#[tokio::test]
async fn of_statements_that_are_paid_there_is_nothing_to_settle() {
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "10.00")]).await;
    let day = day("2024-02-20");
    store.record_day(&record(day, vec![server("s-1", "ada", day, "1")])).await.unwrap();
    let whole = StatementFilter::dated(date("2024-02-20")..=date("2024-02-20"));
    for status in [StatementStatus::Paid, StatementStatus::Cancelled] {
        assert_eq!(together(&store, &whole.clone().with_status(status), &terms()).await.done, 0);
    }
    assert_eq!(together(&store, &whole.with_status(StatementStatus::Unpaid), &terms()).await.paid, 1);
}
