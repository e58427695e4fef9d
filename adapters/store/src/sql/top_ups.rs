//! Money that comes in.

use super::{
    SqlStore,
    engine::{Connection, Row, Turn, sql},
    entries::{self, By, Posting},
    rows::{Fields, amount},
    wallets,
};
use crate::{StoreError, StoredTopUp, TopUp, TopUps, ToppedUp, texts};
use async_trait::async_trait;
use counterfoil::{
    error::WalletError,
    time::Instant,
    wallet::{Owner, Source},
};

#[async_trait]
impl TopUps for SqlStore {
    async fn top_up(&self, top_up: &TopUp, now: Instant) -> Result<ToppedUp, StoreError> {
        texts::name("top-up", &top_up.id)?;
        texts::owner(&top_up.owner)?;
        top_up.check()?;
        self.retry(|| async {
            let mut transaction = self.write().await?;
            transaction.take(&[Turn::Owner(&top_up.owner)]).await?;
            if let Some(known) = find(&mut transaction, &top_up.id).await? {
                known.top_up.same_as(top_up)?;
                return Ok(ToppedUp { top_up: known, is_replay: true });
            }
            let Some(account) = wallets::account(&mut transaction, &top_up.owner).await? else {
                return Err(StoreError::NotFound { what: "account", id: top_up.owner.to_string() });
            };
            let after = account.balance.plus(top_up.amount)?;
            let number = sql("insert into top_ups (top_up, account, currency, amount, at_us) values (?, ?, ?, ?, ?)")
                .bind(top_up.id.clone())
                .bind(top_up.owner.to_string())
                .bind(top_up.amount.currency().code())
                .bind(amount(top_up.amount))
                .bind(now.micros())
                .insert(&mut transaction)
                .await?;
            let posting = Posting {
                by: By::TopUp(number),
                position: 0,
                source: &Source::Balance,
                owner: &top_up.owner,
                delta: top_up.amount,
                before: account.balance,
                after,
            };
            entries::post(&mut transaction, &posting).await?;
            transaction.commit().await?;
            Ok(ToppedUp { top_up: StoredTopUp { top_up: top_up.clone(), at: now }, is_replay: false })
        })
        .await
    }

    async fn top_ups(&self, owner: &Owner) -> Result<Vec<StoredTopUp>, StoreError> {
        let rows = sql("select top_up, account, currency, amount, at_us from top_ups where account = ? order by id")
            .bind(owner.to_string())
            .fetch_all(&mut self.read().await?)
            .await?;
        rows.iter().map(top_up_of).collect()
    }
}

impl TopUp {
    fn check(&self) -> Result<(), StoreError> {
        if self.id.is_empty() {
            return Err(WalletError::EmptyId { what: "top-up" }.into());
        }
        if self.amount.is_negative() {
            return Err(WalletError::NegativeAmount { amount: self.amount.amount() }.into());
        }
        Ok(())
    }

    fn same_as(&self, again: &Self) -> Result<(), StoreError> {
        let facts = [
            ("owner", self.owner == again.owner),
            ("currency", self.amount.currency() == again.amount.currency()),
            ("amount", self.amount == again.amount),
        ];
        wallets::unchanged("top-up", self.id.clone(), &facts)?;
        Ok(())
    }
}

async fn find(connection: &mut Connection, id: &str) -> Result<Option<StoredTopUp>, StoreError> {
    let row = sql("select top_up, account, currency, amount, at_us from top_ups where top_up = ?")
        .bind(id.to_owned())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(top_up_of).transpose()
}

pub(super) fn top_up_of(row: &Row) -> Result<StoredTopUp, StoreError> {
    let row = Fields::of("top_ups", "top_up", row);
    let top_up =
        TopUp { id: row.text("top_up")?.to_owned(), owner: row.owner("account")?, amount: row.money("amount")? };
    row.checked("amount", top_up.check())?;
    Ok(StoredTopUp { top_up, at: row.instant("at_us")? })
}
