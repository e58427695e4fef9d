//! The books of several owners at once: charges are planned against them one after another, as each leaves them to the
//! next, and written together.

use super::{
    charging::{self, Held, Planned},
    engine::{Connection, Query, composed},
    entries::{self, Posting},
    locks,
    rows::{ROWS, amount, places, rows_of},
    wallets,
};
use crate::{StoreError, StoredPayment};
use counterfoil::{
    money::Money,
    time::Instant,
    wallet::{Charge, Coupon, CouponTerms, Owner, Source},
};
use std::collections::{BTreeMap, BTreeSet};

/// The books of several owners, with what was planned against them.
pub(super) struct Purses {
    held: BTreeMap<Owner, Held>,
    /// What each balance, debt and coupon was when it was read, of those that a charge changes.
    accounts: BTreeMap<Owner, (Money, Money)>,
    coupons: BTreeMap<String, Money>,
    payments: Vec<StoredPayment>,
}

impl Purses {
    /// Reads what owners have, whose turns are taken; those without an account are left out.
    pub(super) async fn of(
        connection: &mut Connection,
        owners: &BTreeSet<Owner>,
        now: Instant,
    ) -> Result<Self, StoreError> {
        let mut held = BTreeMap::new();
        let names: Vec<String> = owners.iter().map(ToString::to_string).collect();
        for row in
            rows_of(connection, "select owner, currency, balance, debt from accounts where owner in", &names).await?
        {
            let account = wallets::account_of(&row)?;
            let (owner, coupons, locks) = (account.owner.clone(), Vec::new(), Vec::new());
            held.insert(owner, Held { application: None, earlier: None, account, coupons, locks });
        }
        for row in rows_of(connection, wallets::COUPONS_OF, &names).await? {
            let coupon = wallets::coupon_of(&row)?;
            if let Some(held) = coupon.owner().and_then(|owner| held.get_mut(owner)) {
                held.coupons.push(coupon);
            }
        }
        // As one owner's are read: by id.
        for held in held.values_mut() {
            held.coupons.sort_by(|left, right| left.id().cmp(right.id()));
        }
        let holding = rows_of(connection, locks::rows::HOLDING_OF, &names).await?;
        let holding = locks::rows::all_of(connection, holding).await?;
        for lock in locks::ended(connection, holding, now).await? {
            if let Some(held) = held.get_mut(&lock.charge().payer) {
                held.locks.push(lock);
            }
        }
        Ok(Self { held, accounts: BTreeMap::new(), coupons: BTreeMap::new(), payments: Vec::new() })
    }

    /// Plans a charge of an order that nobody paid or locked, where its unit is of an application.
    pub(super) fn plan(&mut self, charge: &Charge, application: Option<&str>, now: Instant) -> Result<(), StoreError> {
        let Some(held) = self.held.get_mut(&charge.payer) else {
            return Err(StoreError::NotFound { what: "account", id: charge.payer.to_string() });
        };
        held.application = application.map(str::to_owned);
        // Somebody has paid it since it was looked for.
        let Planned::New(payment) = held.plan(charge, now)? else { return Err(StoreError::overtaken()) };
        for leg in payment.payment.plan().legs() {
            let account = &mut held.account;
            match leg.source() {
                Source::Coupon(id) => {
                    let place = held.coupons.iter_mut().find(|coupon| coupon.id() == &**id);
                    let Some(coupon) = place else { continue };
                    self.coupons.entry(id.to_string()).or_insert_with(|| coupon.balance());
                    *coupon = Coupon::new(CouponTerms { balance: leg.after(), ..coupon.terms().clone() })?;
                }
                source => {
                    self.accounts.entry(account.owner.clone()).or_insert((account.balance, account.debt));
                    match source {
                        Source::Debt => account.debt = leg.after(),
                        _ => account.balance = leg.after(),
                    }
                }
            }
        }
        self.payments.push(payment);
        Ok(())
    }

    /// Writes the payments that were planned, and what they leave; gives their numbers, in order.
    pub(super) async fn write(&self, connection: &mut Connection) -> Result<Vec<i64>, StoreError> {
        let numbers = charging::insert(connection, &self.payments).await?;
        let postings = numbers.iter().zip(&self.payments).flat_map(|(number, paid)| charging::postings(*number, paid));
        entries::write(connection, &postings.collect::<Vec<Posting<'_>>>()).await?;
        self.write_accounts(connection).await?;
        self.write_coupons(connection).await?;
        Ok(numbers)
    }

    async fn write_accounts(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let changed: Vec<[String; 5]> = self
            .accounts
            .iter()
            .filter_map(|(owner, (balance, debt))| {
                let now = &self.held.get(owner)?.account;
                Some([owner.to_string(), amount(*balance), amount(*debt), amount(now.balance), amount(now.debt)])
            })
            .collect();
        for rows in changed.chunks(ROWS) {
            let by_owner = cases("owner", rows.len());
            let text = format!(
                "update accounts set balance = {by_owner}, debt = {by_owner} \
                 where owner in ({}) and balance = {by_owner} and debt = {by_owner}",
                places(rows.len())
            );
            let query = composed(text).kept(rows.len() == ROWS);
            let query = bind_cases(query, rows.iter().map(|[owner, _, _, balance, _]| (owner, balance)));
            let query = bind_cases(query, rows.iter().map(|[owner, _, _, _, debt]| (owner, debt)));
            let query = rows.iter().fold(query, |query, [owner, ..]| query.bind(&**owner));
            let query = bind_cases(query, rows.iter().map(|[owner, balance, ..]| (owner, balance)));
            let query = bind_cases(query, rows.iter().map(|[owner, _, debt, ..]| (owner, debt)));
            query.change_all(connection, rows.len()).await?;
        }
        Ok(())
    }

    async fn write_coupons(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let now: BTreeMap<&str, Money> =
            self.held.values().flat_map(|held| &held.coupons).map(|coupon| (coupon.id(), coupon.balance())).collect();
        let changed: Vec<[String; 3]> = self
            .coupons
            .iter()
            .filter_map(|(id, before)| Some([id.clone(), amount(*before), amount(*now.get(&**id)?)]))
            .collect();
        for rows in changed.chunks(ROWS) {
            let by_coupon = cases("coupon", rows.len());
            let text = format!(
                "update coupons set balance = {by_coupon} where coupon in ({}) and balance = {by_coupon}",
                places(rows.len())
            );
            let query = composed(text).kept(rows.len() == ROWS);
            let query = bind_cases(query, rows.iter().map(|[coupon, _, after]| (coupon, after)));
            let query = rows.iter().fold(query, |query, [coupon, ..]| query.bind(&**coupon));
            let query = bind_cases(query, rows.iter().map(|[coupon, before, _]| (coupon, before)));
            query.change_all(connection, rows.len()).await?;
        }
        Ok(())
    }
}

/// A value for each of so many keys of a column.
pub(super) fn cases(column: &str, count: usize) -> String {
    format!("case {column}{} end", " when ? then ?".repeat(count))
}

fn bind_cases<'a>(query: Query, cases: impl Iterator<Item = (&'a String, &'a String)>) -> Query {
    cases.fold(query, |query, (key, value)| query.bind(&**key).bind(&**value))
}
