//! The bank test of the store: many writers pay, refund, top up, lock, renew plans, settle days and cut ranges at once,
//! processes are killed and servers restarted, and at the end somebody counts.
//!
//! ```text
//! world ─→ opening: units, a rate card, wallets and coupons, as they stand at first
//!   ├────→ rounds ─→ work ─→ teller ─→ the store
//!   │      of a seed  └───→ diary: asked, again, done
//!   │      days, ranges: what is recorded, and cut
//!   └────→ judge: the store beside the diaries of all clients
//! ```
//!
//! `cargo xtask bank` starts the server and the clients, kills them, and calls the judge; each command can be run by
//! hand too.

mod answers;
mod args;
mod days;
mod diary;
mod judge;
mod operations;
mod random;
mod ranges;
mod rounds;
mod teller;
mod work;
mod world;

use anyhow::{Context, Result, bail};
use args::{Cli, Command};
use clap::Parser;
use counterfoil_store::{RateCards, SqlStore, StoreOptions, Wallets};
use std::{process::ExitCode, time::Duration};

/// How long a call of a writer waits before it is sent again.
const PATIENCE: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    match perform(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("counterfoil-bank: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(cli: &Cli) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match &cli.command {
            Command::Open(bank) => open(bank).await,
            Command::Work { bank, client, seconds, rounds } => {
                work::work(bank, *client, Duration::from_secs_f64(seconds.max(0.0)), *rounds).await
            }
            Command::Judge { bank, seconds } => {
                let report = judge::judge(bank).await?;
                println!("{}", report.show(*seconds));
                match report.findings.len() {
                    0 => Ok(()),
                    count => bail!("the books are wrong in {count} places"),
                }
            }
        }
    })
}

/// Puts the wallets in, with what they hold at first.
async fn open(bank: &args::Bank) -> Result<()> {
    let (store, world) = (store(bank).await?, bank.world());
    store.put_unit(world::UNIT, world::APPLICATION).await?;
    store.put_rate_card(days::CARD).await?;
    ranges::open(&store).await?;
    store.put_accounts(&world.accounts()).await?;
    store.put_coupons(&world.all_coupons()?).await?;
    store.close().await;
    Ok(())
}

async fn store(bank: &args::Bank) -> Result<SqlStore> {
    let options = StoreOptions::default().with_patience(PATIENCE).with_writers(bank.writers);
    SqlStore::open_with(&bank.url, &options).await.with_context(|| format!("no store behind `{}`", bank.url))
}
