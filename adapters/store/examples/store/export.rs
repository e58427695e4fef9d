//! Tables for other programs.

use crate::{
    open,
    table::{Column, Table},
};
use anyhow::{Result, bail};
use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use counterfoil_store::{SqlStore, StatementFilter, Statements, Wallets};
use std::path::PathBuf;

/// What to write, and where
#[derive(Args)]
pub(crate) struct Export {
    /// The store
    store: String,
    /// Which table
    table: What,
    /// The file: its name ends with `.csv` or `.parquet`
    to: PathBuf,
    /// Statements from this date on
    #[arg(long, default_value = "0001-01-01")]
    from: NaiveDate,
    /// Statements up to this date
    #[arg(long, default_value = "9999-12-31")]
    until: NaiveDate,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Owners with their balances and debts
    Accounts,
    /// Every change of every balance and debt, with its cause
    Entries,
    /// Statements without their lines
    Statements,
}

impl Export {
    pub(crate) async fn run(self) -> Result<()> {
        let dated = StatementFilter::dated(self.from..=self.until);
        let table = open::with(&self.store, async |store| match self.table {
            What::Accounts => accounts(store).await,
            What::Entries => entries(store).await,
            What::Statements => statements(store, &dated).await,
        });
        let table = table.await?;
        match self.to.extension().and_then(|ending| ending.to_str()) {
            Some("csv") => table.write_csv(&self.to)?,
            Some("parquet") => table.write_parquet(&self.to)?,
            _ => bail!("`{}` ends neither with `.csv` nor with `.parquet`", self.to.display()),
        }
        println!("{} rows in `{}`", table.rows(), self.to.display());
        Ok(())
    }
}

async fn accounts(store: &SqlStore) -> Result<Table> {
    let accounts = store.accounts().await?;
    Ok(Table(vec![
        ("owner", text(accounts.iter().map(|account| account.owner.to_string()))),
        ("currency", text(accounts.iter().map(|account| account.balance.currency().to_string()))),
        ("balance", Column::Amount(accounts.iter().map(|account| account.balance.amount()).collect())),
        ("debt", Column::Amount(accounts.iter().map(|account| account.debt.amount()).collect())),
    ]))
}

async fn entries(store: &SqlStore) -> Result<Table> {
    let mut entries = Vec::new();
    for account in store.accounts().await? {
        entries.extend(store.account_entries(&account.owner).await?);
    }
    Ok(Table(vec![
        ("owner", text(entries.iter().map(|entry| entry.owner.to_string()))),
        ("book", text(entries.iter().map(|entry| entry.book.name().to_owned()))),
        ("cause", text(entries.iter().map(|entry| entry.cause.to_string()))),
        ("currency", text(entries.iter().map(|entry| entry.delta.currency().to_string()))),
        ("delta", Column::Amount(entries.iter().map(|entry| entry.delta.amount()).collect())),
        ("after", Column::Amount(entries.iter().map(|entry| entry.after.amount()).collect())),
    ]))
}

async fn statements(store: &SqlStore, filter: &StatementFilter) -> Result<Table> {
    let statements = store.statements(filter).await?;
    Ok(Table(vec![
        ("statement", text(statements.iter().map(|statement| statement.id.clone()))),
        ("date", text(statements.iter().map(|statement| statement.key.date().to_string()))),
        ("zone", text(statements.iter().map(|statement| statement.key.day.zone().to_string()))),
        ("owner", text(statements.iter().map(|statement| statement.key.owner.to_string()))),
        ("unit", text(statements.iter().map(|statement| statement.key.unit.to_string()))),
        ("kind", text(statements.iter().map(|statement| statement.key.kind.to_string()))),
        ("sequence", Column::Count(statements.iter().map(|statement| i64::from(statement.key.sequence)).collect())),
        ("currency", text(statements.iter().map(|statement| statement.payable.currency().to_string()))),
        ("original", Column::Amount(statements.iter().map(|statement| statement.original.amount()).collect())),
        ("payable", Column::Amount(statements.iter().map(|statement| statement.payable.amount()).collect())),
        ("status", text(statements.iter().map(|statement| statement.status.name().to_owned()))),
        ("paid_at", Column::Instant(statements.iter().map(|statement| statement.paid_at).collect())),
    ]))
}

fn text(cells: impl Iterator<Item = String>) -> Column {
    Column::Text(cells.map(Some).collect())
}
