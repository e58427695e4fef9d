//! Settlement units, accounts and coupons.

use super::{
    SqlStore,
    engine::{Connection, Row, sql},
    entries,
    rows::{Fields, amount, insert_all, rows_of},
};
use crate::{Account, AccountEntry, Put, Puts, StoreError, Wallets, texts};
use async_trait::async_trait;
use counterfoil::{
    error::{MoneyError, WalletError},
    wallet::{Coupon, CouponTerms, Owner, Scope},
};
use std::collections::BTreeMap;

/// A query for coupons.
macro_rules! coupons {
    ($rest:literal) => {
        concat!(
            "select coupon, currency, face_value, balance, status, effective_us, expiration_us, created_us, owner, ",
            "unit, scope_order, category from coupons ",
            $rest
        )
    };
}

#[async_trait]
impl Wallets for SqlStore {
    async fn put_unit(&self, unit: &str, application: &str) -> Result<Put, StoreError> {
        texts::name("settlement unit", unit)?;
        texts::name("application", application)?;
        for (what, id) in [("settlement unit", unit), ("application", application)] {
            if id.is_empty() {
                return Err(WalletError::EmptyId { what }.into());
            }
        }
        self.retry(|| async {
            let mut transaction = self.write().await?;
            match application_of(&mut transaction, unit).await? {
                Some(known) if known == application => return Ok(Put::Unchanged),
                Some(_) => {
                    let (what, id) = ("settlement unit", unit.to_owned());
                    return Err(StoreError::Conflict { what, id, fact: "application" });
                }
                None => {}
            }
            sql("insert into service_units (unit, application) values (?, ?)")
                .bind(unit)
                .bind(application)
                .execute(&mut transaction)
                .await?;
            transaction.commit().await?;
            Ok(Put::Inserted)
        })
        .await
    }

    async fn put_accounts(&self, accounts: &[Account]) -> Result<Puts, StoreError> {
        for account in accounts {
            texts::owner(&account.owner)?;
            account.check()?;
        }
        self.engine.look_at_sizes(accounts.len()).await;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            let puts = put_accounts(&mut transaction, accounts).await?;
            transaction.commit().await?;
            Ok(puts)
        })
        .await
    }

    async fn put_coupons(&self, coupons: &[Coupon]) -> Result<Puts, StoreError> {
        coupons.iter().try_for_each(texts::coupon)?;
        self.retry(|| async {
            let mut puts = Puts::default();
            let mut transaction = self.write().await?;
            for coupon in coupons {
                match put_coupon(&mut transaction, coupon).await? {
                    Put::Inserted => puts.inserted += 1,
                    Put::Unchanged => puts.unchanged += 1,
                }
            }
            transaction.commit().await?;
            Ok(puts)
        })
        .await
    }

    async fn account(&self, owner: &Owner) -> Result<Option<Account>, StoreError> {
        account(&mut self.read().await?, owner).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows = sql("select owner, currency, balance, debt from accounts order by owner")
            .fetch_all(&mut self.read().await?)
            .await?;
        rows.iter().map(account_of).collect()
    }

    async fn coupons(&self, owner: &Owner) -> Result<Vec<Coupon>, StoreError> {
        coupons(&mut self.read().await?, owner).await
    }

    async fn account_entries(&self, owner: &Owner) -> Result<Vec<AccountEntry>, StoreError> {
        entries::of_account(&mut self.read().await?, owner).await
    }
}

impl Account {
    fn check(&self) -> Result<(), StoreError> {
        if self.debt.is_negative() {
            return Err(WalletError::NegativeDebt { debt: self.debt.amount() }.into());
        }
        if self.debt.currency() != self.balance.currency() {
            let (left, right) = (self.balance.currency().to_string(), self.debt.currency().to_string());
            return Err(MoneyError::CurrencyMismatch { left, right }.into());
        }
        Ok(())
    }
}

async fn put_accounts(connection: &mut Connection, accounts: &[Account]) -> Result<Puts, StoreError> {
    let owners: Vec<String> = accounts.iter().map(|account| account.owner.to_string()).collect();
    let opened = "select owner, currency, opening as balance, opening_debt as debt from accounts where owner in";
    let opened = rows_of(connection, opened, &owners).await?;
    let opened = opened.iter().map(account_of).collect::<Result<Vec<_>, _>>()?;
    let mut known: BTreeMap<&Owner, &Account> = opened.iter().map(|account| (&account.owner, account)).collect();
    let (mut puts, mut new) = (Puts::default(), Vec::new());
    for account in accounts {
        let Some(known) = known.insert(&account.owner, account) else {
            puts.inserted += 1;
            new.push(account);
            continue;
        };
        let facts = [
            ("currency", known.balance.currency() == account.balance.currency()),
            ("opening balance", known.balance == account.balance),
            ("opening debt", known.debt == account.debt),
        ];
        unchanged("account", account.owner.to_string(), &facts)?;
        puts.unchanged += 1;
    }
    let insert = "insert into accounts (owner, currency, opening, opening_debt, balance, debt) values";
    insert_all(connection, insert, 6, &new, |query, account| {
        let (balance, debt) = (amount(account.balance), amount(account.debt));
        let query = query.bind(account.owner.to_string()).bind(account.balance.currency().code());
        query.bind(&*balance).bind(&*debt).bind(&*balance).bind(&*debt)
    })
    .await?;
    Ok(puts)
}

pub(super) async fn put_coupon(connection: &mut Connection, coupon: &Coupon) -> Result<Put, StoreError> {
    let new = coupon.terms();
    // What became of it since is no fact of what was taken in.
    let known =
        sql("select c.coupon, c.currency, c.face_value, c.opening as balance, c.effective_us, c.created_us, c.unit, \
         c.scope_order, c.category, coalesce(h.status_before, c.status) as status, \
         case when h.id is null then c.owner else h.owner_before end as owner, \
         coalesce(h.expiration_before_us, c.expiration_us) as expiration_us \
         from coupons c left join coupon_changes h \
         on h.id = (select min(id) from coupon_changes f where f.coupon = c.coupon) where c.coupon = ?")
        .bind(new.id.clone())
        .fetch_optional(connection)
        .await?;
    if let Some(row) = known {
        let known = coupon_of(&row)?;
        let known = known.terms();
        let facts = [
            ("currency", known.face_value.currency() == new.face_value.currency()),
            ("face value", known.face_value == new.face_value),
            ("opening balance", known.balance == new.balance),
            ("status", known.status == new.status),
            ("effective instant", known.effective == new.effective),
            ("expiration instant", known.expiration == new.expiration),
            ("creation instant", known.created == new.created),
            ("owner", known.owner == new.owner),
            ("settlement unit", known.unit == new.unit),
            ("scope", known.scope == new.scope),
            ("category", known.category == new.category),
        ];
        return unchanged("coupon", new.id.clone(), &facts);
    }
    let scope_order = match &new.scope {
        Scope::Unit => None,
        Scope::Order(order) => Some(order.clone()),
    };
    sql(
        "insert into coupons (coupon, currency, face_value, opening, balance, status, effective_us, expiration_us, \
         created_us, owner, unit, scope_order, category) values (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )
    .bind(new.id.clone())
    .bind(new.face_value.currency().code())
    .bind(amount(new.face_value))
    .bind(amount(new.balance))
    .bind(new.status.name())
    .bind(new.effective.micros())
    .bind(new.expiration.micros())
    .bind(new.created.micros())
    .bind(new.owner.as_ref().map(ToString::to_string))
    .bind(new.unit.clone())
    .bind(scope_order)
    .bind(new.category.name())
    .execute(connection)
    .await?;
    Ok(Put::Inserted)
}

/// The conflict, unless every fact is the same.
pub(super) fn unchanged(what: &'static str, id: String, facts: &[(&'static str, bool)]) -> Result<Put, StoreError> {
    match facts.iter().find(|(_, same)| !same) {
        None => Ok(Put::Unchanged),
        Some((fact, _)) => Err(StoreError::Conflict { what, id, fact }),
    }
}

/// The application that a settlement unit belongs to.
pub(super) async fn application_of(connection: &mut Connection, unit: &str) -> Result<Option<String>, StoreError> {
    sql("select application from service_units where unit = ?").bind(unit).text(connection).await
}

pub(super) async fn account(connection: &mut Connection, owner: &Owner) -> Result<Option<Account>, StoreError> {
    let row = sql("select owner, currency, balance, debt from accounts where owner = ?")
        .bind(owner.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(account_of).transpose()
}

/// The coupons of owners, whose names follow.
pub(super) const COUPONS_OF: &str = coupons!("where owner in");

pub(super) async fn coupons(connection: &mut Connection, owner: &Owner) -> Result<Vec<Coupon>, StoreError> {
    let rows = sql(coupons!("where owner = ? order by coupon")).bind(owner.to_string()).fetch_all(connection).await?;
    rows.iter().map(coupon_of).collect()
}

/// A coupon by id, whoever holds it.
pub(super) async fn coupon(connection: &mut Connection, id: &str) -> Result<Option<Coupon>, StoreError> {
    let row = sql(coupons!("where coupon = ?")).bind(id.to_owned()).fetch_optional(connection).await?;
    row.as_ref().map(coupon_of).transpose()
}

pub(super) fn account_of(row: &Row) -> Result<Account, StoreError> {
    let row = Fields::of("accounts", "owner", row);
    Ok(Account { owner: row.owner("owner")?, balance: row.money("balance")?, debt: row.money("debt")? })
}

pub(super) fn coupon_of(row: &Row) -> Result<Coupon, StoreError> {
    let row = Fields::of("coupons", "coupon", row);
    let terms = CouponTerms {
        id: row.text("coupon")?.into(),
        face_value: row.money("face_value")?,
        balance: row.money("balance")?,
        status: row.parse("status")?,
        effective: row.instant("effective_us")?,
        expiration: row.instant("expiration_us")?,
        created: row.instant("created_us")?,
        owner: row.optional_owner("owner")?,
        unit: row.optional_text("unit")?.map(str::to_owned),
        scope: row.optional_text("scope_order")?.map_or(Scope::Unit, |order| Scope::Order(order.to_owned())),
        category: row.parse("category")?,
    };
    row.checked("balance", Coupon::new(terms))
}
