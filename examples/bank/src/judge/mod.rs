//! The judge: counts what stands in the store beside what the clients were told.
//!
//! ```text
//! diaries ─→ Told   what was asked, and what was acknowledged
//! store   ─→ Books  what stands there
//! Told + Books ─→ acknowledged   what was acknowledged stands there, once
//!              ─→ asked          what stands there was asked
//!              ─→ days           statements come to what the servers ran, and what is paid for them to the statements
//!              ─→ plans          of a plan every cycle is paid, once, up to where it stands
//!              ─→ ranges         no address is in two rows
//!              ─→ balances       wallets hold what they had, and what came and went; none below its limit
//! ```

mod acknowledged;
mod asked;
mod balances;
mod books;
mod days;
mod plans;
mod ranges;
mod report;
mod told;

use crate::{args::Bank, store};
use anyhow::Result;
use books::Books;
use counterfoil_store::Reports as _;
use report::Report;
use told::Told;

/// Compares the store with the diaries.
pub(crate) async fn judge(bank: &Bank) -> Result<Report> {
    let told = Told::read(bank)?;
    let store = store(bank).await?;
    let audit = store.verify().await?;
    let books = Books::read(&store, bank.world(), &told).await?;
    store.close().await;

    let mut findings: Vec<String> = audit.findings.iter().map(|finding| format!("verify: {finding}")).collect();
    findings.extend(acknowledged::check(&told, &books));
    findings.extend(asked::check(&told, &books, &audit)?);
    findings.extend(days::check(&told, &books)?);
    findings.extend(plans::check(&told, &books));
    findings.extend(ranges::check(&told, &books));
    findings.extend(balances::check(bank.world(), &told, &books)?);
    Ok(Report { told, payments: books.payments.len(), findings })
}
