//! What stands in the store, read by its own calls.

use super::told::Told;
use crate::{
    days,
    ranges::shown,
    world::{APPLICATION, World, owner},
};
use anyhow::Result;
use counterfoil::{
    ipam::{Ipv4, Row},
    time::{Instant, Period},
    wallet::Coupon,
};
use counterfoil_store::{
    Account, AccountEntry, Days as _, Locks as _, Payments as _, Plans as _, RangeFilter, Ranges, ReadingFilter,
    Refunding as _, SqlStore, Statements as _, StoredLock, StoredPayment, StoredPlan, StoredReading, StoredRefund,
    StoredStatement, StoredTopUp, TopUps as _, Wallets as _,
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use std::collections::{BTreeMap, BTreeSet};

/// How many calls read at one time.
const READERS: usize = 4;

pub(super) struct Books {
    /// By order.
    pub(super) payments: BTreeMap<String, StoredPayment>,
    /// By their ids.
    pub(super) refunds: BTreeMap<String, StoredRefund>,
    /// By order, of all wallets.
    pub(super) locks: BTreeMap<String, StoredLock>,
    /// Of all wallets, as the store lists them.
    pub(super) top_ups: Vec<StoredTopUp>,
    pub(super) ranges: Vec<Row<Ipv4>>,
    /// The rows that each change of ranges left, by request.
    pub(super) range_records: BTreeMap<String, Vec<String>>,
    /// By their ids.
    pub(super) plans: BTreeMap<String, StoredPlan>,
    /// Of all days.
    pub(super) readings: Vec<StoredReading>,
    /// By their ids, of all days.
    pub(super) statements: BTreeMap<String, StoredStatement>,
    /// By wallet.
    pub(super) wallets: BTreeMap<u32, Wallet>,
}

/// What an owner has.
pub(super) struct Wallet {
    pub(super) account: Account,
    pub(super) coupons: Vec<Coupon>,
    /// What changed the account, from the first on.
    pub(super) entries: Vec<AccountEntry>,
}

impl Books {
    /// Reads what is there of all that was asked, and all that the wallets have.
    pub(super) async fn read(store: &SqlStore, world: World, told: &Told) -> Result<Self> {
        let always = Period::new(Instant::MIN, Instant::MAX)?;
        let readings = store.readings(&ReadingFilter::starting_in(always)).await?;
        let mut statements = BTreeMap::new();
        for summary in store.statements(&days::of_all_days()?).await? {
            statements.extend(store.statement(&summary.id).await?.map(|statement| (summary.id, statement)));
        }
        let of_family: &dyn Ranges<Ipv4> = store;
        let ranges = of_family.ranges(&RangeFilter::default()).await?;
        let mut range_records = BTreeMap::new();
        for row in told.range_changes.values().collect::<BTreeSet<_>>() {
            let records = of_family.range_history(row).await?.into_iter();
            range_records.extend(records.map(|known| (known.request, shown(known.record.after()))));
        }
        let mut plans = BTreeMap::new();
        for plan in told.plans.keys() {
            plans.extend(store.plan(APPLICATION, plan).await?.map(|stored| (plan.clone(), stored)));
        }
        let of_order = |order: &String| {
            let (store, order) = (store.clone(), order.clone());
            async move {
                let payment = store.payment(APPLICATION, &order).await?;
                let refunds = match payment {
                    Some(_) => store.refunds(APPLICATION, &order).await?,
                    None => Vec::new(),
                };
                Ok::<_, anyhow::Error>((order, payment, refunds))
            }
        };
        // A statement is an order too: that of its payment.
        let orders = told.orders.iter().chain(&told.cycles).chain(statements.keys());
        let orders: Vec<_> = orders.map(of_order).collect();
        let orders: Vec<_> = stream::iter(orders).buffer_unordered(READERS).try_collect().await?;
        let (mut payments, mut refunds) = (BTreeMap::new(), BTreeMap::new());
        for (order, payment, of_payment) in orders {
            refunds.extend(of_payment.into_iter().map(|refund| (refund.refund.id().to_owned(), refund)));
            payments.extend(payment.map(|payment| (order, payment)));
        }
        let (mut locks, mut top_ups, mut wallets) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
        for number in 0..world.wallets {
            let owner = owner(number);
            let of_wallet = store.locks(&owner).await?.into_iter();
            locks.extend(of_wallet.map(|lock| (lock.lock.charge().order.clone(), lock)));
            top_ups.extend(store.top_ups(&owner).await?);
            if let Some(account) = store.account(&owner).await? {
                let (coupons, entries) = (store.coupons(&owner).await?, store.account_entries(&owner).await?);
                wallets.insert(number, Wallet { account, coupons, entries });
            }
        }
        Ok(Self { payments, refunds, locks, top_ups, ranges, range_records, plans, readings, statements, wallets })
    }
}
