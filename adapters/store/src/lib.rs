//! # Counterfoil's store
//!
//! Rate cards, resources, readings, statements, accounts, coupons, payments, locks, refunds, orders, plans and address
//! ranges in SQL.
//! The store keeps; what a statement is, what a payment takes from what and what a refund gives back is decided by the
//! core, inside the transaction that writes it.
//!
//! A day of one owner, from the inventory to the payment:
//!
//! ```
//! use counterfoil::metering::{History, Kind, Reading, Span, Spec};
//! use counterfoil::money::{CNY, Money, Rounding};
//! use counterfoil::pricing::RateCard;
//! use counterfoil::time::{BillingDay, Zone, parse_date};
//! use counterfoil::wallet::Owner;
//! use counterfoil_store::{
//!     Account, ChargeTerms, DayReading, DayRecord, Days, RateCards, Reports, SqlStore, Statements, Wallets,
//! };
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), counterfoil_store::StoreError> {
//! let text = r#"
//!     revision = "2024-02"
//!     currency = "CNY"
//!     rates = [{ kind = "disk", part = "size", price = "1.02", per = "GiB", every = "day" }]
//! "#;
//! let ada = Owner::User("ada".into());
//! let store = SqlStore::open("sqlite::memory:").await?;
//! store.put_rate_card(text).await?;
//! store.put_unit("evs", "portal").await?; // the service unit `evs` belongs to the application `portal`
//! store.put_accounts(&[Account::new(ada.clone(), Money::parse("100.00", CNY)?)]).await?;
//!
//! let day = BillingDay::new(parse_date("2024-02-20")?, Zone::UTC)?;
//! let life = Span::post_paid("2024-02-20T01:00:00Z".parse()?, None, Spec::size_gib("50")?);
//! let usage = History::new([life])?.usage(day.period())?.expect("it lived that day");
//! let card = RateCard::from_toml(text)?;
//! let tariff = card.tariff(&Kind::Disk, day.period().start())?;
//! let rated = tariff.rate(&usage, Rounding::PORTAL)?;
//! let reading = DayReading {
//!     original: Money::new(rated.original(), CNY),
//!     payable: rated.payable_money(),
//!     reading: Reading::new("disk-1".parse()?, Kind::Disk, usage.clone()),
//!     owner: ada.clone(),
//!     unit: "evs".parse()?,
//!     revision: card.revision().clone(),
//! };
//! let record = DayRecord { day, owners: [ada.clone()].into(), readings: vec![reading] };
//! let recorded = store.record_day(&record).await?;
//! assert_eq!(recorded.statements[0].id(), "2024-02-20/UTC/user/ada/evs/disk/0");
//! assert!(store.record_day(&record).await?.statements.is_empty()); // again: nothing changes
//!
//! let terms = ChargeTerms::daily("portal", "2024-02-21T03:00:00Z".parse()?);
//! let settled = store.settle_statement("2024-02-20/UTC/user/ada/evs/disk/0", &terms).await?;
//! let payment = settled.payment().expect("there was something to pay");
//! assert_eq!(payment.payment.plan().to_string(), "48.88 CNY = 48.88 of the balance (100.00 → 51.12)");
//! assert!(store.verify().await?.is_sound());
//! # Ok(())
//! # }
//! ```
//!
//! An order that is paid, and refunded in parts; each call may be sent again:
//!
//! ```
//! use counterfoil::money::{CNY, Money};
//! use counterfoil::wallet::{
//!     Charge, Coupons, Funding, GiveBack, Owner, RefundRequest, RefundState, ReturnOrder,
//! };
//! use counterfoil_store::{Account, Payments, Refunding, Reports, SqlStore, Wallets};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let cny = |text| Money::parse(text, CNY);
//! let ada = Owner::User("ada".into());
//! let store = SqlStore::open("sqlite::memory:").await?;
//! store.put_unit("vm", "portal").await?;
//! store.put_accounts(&[Account::new(ada.clone(), cny("100.00")?)]).await?;
//! let charge = Charge {
//!     application: "portal".into(),
//!     order: "o1".into(),
//!     unit: "vm".into(),
//!     payer: ada.clone(),
//!     amount: cny("30.00")?,
//!     coupons: Coupons::Automatic,
//!     funding: Funding::EnoughFunds,
//! };
//! store.charge(&charge, "2025-03-14T15:00:00Z".parse()?).await?;
//!
//! let request = RefundRequest {
//!     id: "r1".into(),
//!     application: "portal".into(),
//!     order: "o1".into(),
//!     amount: cny("12.50")?,
//!     fee: cny("0")?,
//!     step: "0.01".parse()?,
//!     returned: ReturnOrder::Proportional,
//!     give_back: GiveBack::SameCoupon,
//! };
//! let now = "2025-03-20T09:00:00Z".parse()?;
//! let first = store.refund(&request, now).await?;
//! assert_eq!(first.refund.refund.state(), RefundState::Success);
//! assert!(store.refund(&request, now).await?.is_replay); // again: nothing changes
//! assert_eq!(store.account(&ada).await?.map(|account| account.balance), Some(cny("82.50")?));
//!
//! let above = RefundRequest { id: "r2".into(), amount: cny("17.51")?, ..request };
//! let refused = store.refund(&above, now).await.expect_err("17.50 are left");
//! assert_eq!(refused.code(), "wallet.refund_above_rest");
//! assert!(store.verify().await?.is_sound());
//! # Ok(())
//! # }
//! ```
//!
//! Each aggregate is a trait of its own that works as an object ([`Store`] is all of them), so a portal can put its
//! own tables behind one of them. [`SqlStore`] says what holds when many tasks and processes share a file.

#![forbid(unsafe_code)]

/// The README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod days;
mod error;
mod locks;
mod options;
mod orders;
mod payments;
mod plans;
mod ranges;
mod rate_cards;
mod redemptions;
mod refunding;
mod reports;
mod resources;
mod sql;
mod statements;
mod texts;
mod top_ups;
mod wallets;

pub use days::{DayReading, DayRecord, Days, ReadingFilter, Recorded, StoredReading};
pub use error::StoreError;
pub use locks::{Captured, Locked, Locks, StoredLock};
pub use options::StoreOptions;
pub use orders::{
    Act, OrderChange, OrderStep, OrderTerms, OrderedItem, Orders, PaidOrder, RefundedOrder, StoredOrder,
    UndeliveredTerms,
};
pub use payments::{Paid, Payments, StoredPayment};
pub use plans::{CycleOutcome, PaidCycle, PlanChange, PlanStep, PlanTerms, Plans, StoredPlan};
pub use ranges::{Cut, KeptFamily, RangeChange, RangeFilter, Ranges, StoredRangeRecord, Supernet};
pub use rate_cards::{RateCards, StoredRateCard};
pub use redemptions::{ChangedCoupon, Redemptions};
pub use refunding::{Refunded, Refunding, StoredRefund};
pub use reports::{Audit, Finding, Repair, Reports, Sums, Total};
pub use resources::{Resource, Resources};
pub use sql::SqlStore;
pub use statements::{
    ChargeTerms, CorrectionTerms, Refused, SettleProgress, Settled, SettledBatch, Settlement, StatementFilter,
    StatementSummary, Statements, StoredStatement,
};
pub use top_ups::{StoredTopUp, TopUp, TopUps, ToppedUp};
pub use wallets::{Account, AccountEntry, Book, Cause, Wallets};

use counterfoil::ipam::{Ipv4, Ipv6};
use std::sync::Arc;

/// A whole store: every aggregate behind one object.
///
/// A portal that keeps some of it elsewhere implements the traits that it needs itself.
pub trait Store:
    RateCards
    + Resources
    + Wallets
    + TopUps
    + Redemptions
    + Days
    + Statements
    + Payments
    + Locks
    + Refunding
    + Orders
    + Plans
    + Ranges<Ipv4>
    + Ranges<Ipv6>
    + Reports
{
}

impl<S> Store for S where
    S: RateCards
        + Resources
        + Wallets
        + TopUps
        + Redemptions
        + Days
        + Statements
        + Payments
        + Locks
        + Refunding
        + Orders
        + Plans
        + Ranges<Ipv4>
        + Ranges<Ipv6>
        + Reports
{
}

/// Opens the store behind an address, and creates it where there is none.
///
/// A path, or `sqlite:` and a path, is a SQLite file, `sqlite::memory:` one that is gone when it is closed;
/// `postgres://…`, `mysql://…` and `mariadb://…` are databases of servers.
///
/// # Errors
/// As [`SqlStore::open`].
pub async fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(SqlStore::open(url).await?))
}

/// What putting one thing in came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Put {
    /// It was not there.
    Inserted,
    /// It was there, and is the same.
    Unchanged,
}

/// What putting many things in came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Puts {
    /// How many were not there.
    pub inserted: usize,
    /// How many were there and are the same.
    pub unchanged: usize,
    /// How many were there and are now as they were put.
    pub replaced: usize,
}
