//! What a CSV or Parquet file lists, put in: a row that is there already, with the same facts, is left alone.

use crate::{
    open,
    rows::{self, Row, Rows},
};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use counterfoil::{
    money::Money,
    wallet::{Coupon, CouponTerms, Scope},
};
use counterfoil_store::{Account, Put, Puts, SqlStore, StoreError, Wallets};
use std::{path::PathBuf, slice};

/// How many rows are put in with one transaction.
const TOGETHER: usize = 1000;

/// What to put in, and from where
#[derive(Args)]
pub(crate) struct Import {
    /// The store
    store: String,
    /// What the rows are
    what: What,
    /// The file: Parquet where its name ends with `.parquet`, else CSV in UTF-8, with the names of the columns in its
    /// first line
    from: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// `owner` (`user:ada`), `currency`, `balance`; `debt` if any
    Accounts,
    /// `coupon`, `currency`, `face_value`, `balance`, `status`, `effective`, `expiration`, `created`, `category`; `owner`,
    /// `unit`, `order` if any
    Coupons,
    /// `unit`, `application`
    Units,
}

impl What {
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Accounts => &["owner", "currency", "balance", "debt"],
            Self::Coupons => &[
                "coupon",
                "currency",
                "face_value",
                "balance",
                "status",
                "effective",
                "expiration",
                "created",
                "category",
                "owner",
                "unit",
                "order",
            ],
            Self::Units => &["unit", "application"],
        }
    }
}

impl Import {
    pub(crate) async fn run(self) -> Result<()> {
        let puts = open::with(&self.store, async |store| self.put(store).await).await?;
        println!("{} put in, {} were there", puts.inserted, puts.unchanged);
        Ok(())
    }

    async fn put(&self, store: &SqlStore) -> Result<Puts> {
        let (rows, progress) = rows::open(&self.from, self.what.columns())?;
        let puts = match self.what {
            What::Accounts => put(rows, account, async |accounts| store.put_accounts(accounts).await).await?,
            What::Coupons => put(rows, coupon, async |coupons| store.put_coupons(coupons).await).await?,
            What::Units => put_units(rows, store).await?,
        };
        progress.finish_and_clear();
        Ok(puts)
    }
}

async fn put_units(rows: Rows, store: &SqlStore) -> Result<Puts> {
    let mut puts = Puts::default();
    for row in rows {
        let row = row?;
        let (unit, application) = unit(&row).with_context(|| row.place.clone())?;
        let put = store.put_unit(unit, application).await;
        match put.with_context(|| row.place.clone())? {
            Put::Inserted => puts.inserted += 1,
            Put::Unchanged => puts.unchanged += 1,
        }
    }
    Ok(puts)
}

/// Puts rows in, so many at a time.
async fn put<T>(
    rows: Rows,
    read: fn(&Row) -> Result<T>,
    put: impl AsyncFn(&[T]) -> Result<Puts, StoreError>,
) -> Result<Puts> {
    let mut puts = Puts::default();
    let (mut places, mut waiting) = (Vec::new(), Vec::new());
    let mut rows = rows.peekable();
    while let Some(row) = rows.next() {
        let row = row?;
        waiting.push(read(&row).with_context(|| row.place.clone())?);
        places.push(row.place);
        if waiting.len() == TOGETHER || rows.peek().is_none() {
            let came = match put(&waiting).await {
                Ok(came) => came,
                Err(_) => put_one_by_one(&places, &waiting, &put).await?,
            };
            puts.inserted += came.inserted;
            puts.unchanged += came.unchanged;
            places.clear();
            waiting.clear();
        }
    }
    Ok(puts)
}

/// Puts in rows that were refused together, up to the one at fault, which shows itself so.
async fn put_one_by_one<T>(
    places: &[String],
    rows: &[T],
    put: impl AsyncFn(&[T]) -> Result<Puts, StoreError>,
) -> Result<Puts> {
    let mut puts = Puts::default();
    for (place, row) in places.iter().zip(rows) {
        let came = put(slice::from_ref(row)).await.with_context(|| place.clone())?;
        puts.inserted += came.inserted;
        puts.unchanged += came.unchanged;
    }
    Ok(puts)
}

fn account(row: &Row) -> Result<Account> {
    let balance = row.money("balance")?;
    let debt = match row.optional("debt") {
        Some(_) => row.money("debt")?,
        None => Money::zero(balance.currency()),
    };
    Ok(Account { debt, ..Account::new(row.owner("owner")?, balance) })
}

fn coupon(row: &Row) -> Result<Coupon> {
    let owner = row.optional("owner").map(|_| row.owner("owner")).transpose()?;
    Ok(Coupon::new(CouponTerms {
        id: row.text("coupon")?.to_owned(),
        face_value: row.money("face_value")?,
        balance: row.money("balance")?,
        status: row.value("status")?,
        effective: row.value("effective")?,
        expiration: row.value("expiration")?,
        created: row.value("created")?,
        owner,
        unit: row.optional("unit").map(str::to_owned),
        scope: row.optional("order").map_or(Scope::Unit, |order| Scope::Order(order.to_owned())),
        category: row.value("category")?,
    })?)
}

fn unit(row: &Row) -> Result<(&str, &str)> {
    Ok((row.text("unit")?, row.text("application")?))
}
