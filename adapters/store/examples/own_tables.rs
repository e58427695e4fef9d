//! A portal that keeps its money in tables of its own: it implements the one trait that it needs, and what is written
//! against the trait works with both. The core decides, here as in the store.

#![allow(clippy::print_stdout, reason = "an example for a terminal")]

use async_trait::async_trait;
use counterfoil::{
    money::{CNY, Money},
    time::Instant,
    wallet::{Books, Charge, Coupon, CouponTerms, Coupons, Funding, Funds, Outcome, Owner, Payment, Source},
};
use counterfoil_store::{Account, Paid, Payments, SqlStore, StoreError, StoredPayment, Wallets};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// The portal's own tables: here some maps; there Django's, or an ORM's, and the lock is `select … for update` in one
/// transaction.
#[derive(Default)]
struct Portal {
    tables: Mutex<Tables>,
}

#[derive(Default)]
struct Tables {
    balances: BTreeMap<Owner, Money>,
    coupons: BTreeMap<Owner, Vec<Coupon>>,
    payments: BTreeMap<(String, String), StoredPayment>,
}

#[async_trait]
impl Payments for Portal {
    async fn charge(&self, charge: &Charge, now: Instant) -> Result<Paid, StoreError> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let tables = &mut *tables;
        let key = (charge.application.clone(), charge.order.clone());
        let Some(balance) = tables.balances.get_mut(&charge.payer) else {
            return Err(StoreError::NotFound { what: "account", id: charge.payer.to_string() });
        };
        let coupons = tables.coupons.entry(charge.payer.clone()).or_default();

        // What stands in the books, and what the core makes of it.
        let earlier = tables.payments.get(&key);
        let funds = Funds::new(*balance, coupons)?;
        let books =
            Books { unit_application: Some("portal"), earlier: earlier.map(|earlier| &earlier.payment), funds: &funds };
        let outcome = charge.plan(&books, now)?;
        if let (Outcome::Replay(_), Some(earlier)) = (&outcome, earlier) {
            return Ok(Paid { payment: earlier.clone(), is_replay: true });
        }

        // The plan, carried out: all of it, or on an error nothing.
        let payment = Payment::new(charge.clone(), outcome.plan().clone())?;
        let mut left = coupons.clone();
        for leg in payment.plan().legs() {
            match leg.source() {
                Source::Balance => *balance = leg.after(),
                Source::Coupon(id) => {
                    for coupon in left.iter_mut().filter(|coupon| coupon.id() == &**id) {
                        *coupon = Coupon::new(CouponTerms { balance: leg.after(), ..coupon.terms().clone() })?;
                    }
                }
                other => return Err(StoreError::Unsupported { what: "source", text: other.to_string() }),
            }
        }
        *coupons = left;
        let payment = StoredPayment { payment, paid_at: now };
        tables.payments.insert(key, payment.clone());
        Ok(Paid { payment, is_replay: false })
    }

    async fn payment(&self, application: &str, order: &str) -> Result<Option<StoredPayment>, StoreError> {
        let tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(tables.payments.get(&(application.to_owned(), order.to_owned())).cloned())
    }
}

/// What a shop asks for, of whoever keeps the money.
async fn buy(payments: &dyn Payments, order: &str, amount: &str) -> Result<String, StoreError> {
    let charge = Charge {
        application: "portal".into(),
        order: order.into(),
        unit: "vm".into(),
        payer: Owner::User("ada".into()),
        amount: Money::parse(amount, CNY)?,
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    let paid = payments.charge(&charge, "2024-03-01T00:00:00Z".parse()?).await?;
    Ok(format!("{}{}", paid.payment.payment.plan(), if paid.is_replay { ", paid before" } else { "" }))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), StoreError> {
    let ada = Owner::User("ada".into());
    let balance = Money::parse("100.00", CNY)?;

    let portal = Portal::default();
    portal.tables.lock().unwrap_or_else(PoisonError::into_inner).balances.insert(ada.clone(), balance);
    let store = SqlStore::open("sqlite::memory:").await?;
    store.put_unit("vm", "portal").await?;
    store.put_accounts(&[Account::new(ada, balance)]).await?;

    for (order, amount) in [("o1", "30.00"), ("o1", "30.00"), ("o2", "70.01"), ("o1", "31.00")] {
        let [own, kept] = [buy(&portal, order, amount).await, buy(&store, order, amount).await]
            .map(|bought| bought.unwrap_or_else(|error| format!("{}: {error}", error.code())));
        println!("{order} {amount}\n  own tables: {own}\n  the store:  {kept}");
        assert_eq!(own, kept, "the core decides");
    }
    Ok(())
}
