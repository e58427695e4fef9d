//! The proof that the books add up: every table is read once, in order, and compared with what stands on either
//! side of it. Sums are the core's exact numbers; SQL adds nothing up.

mod inventory;
mod ledger;
mod locks;
mod orders;
mod payments;
mod plans;
mod ranges;
mod readings;
mod refunds;
mod statements;

use super::engine::Connection;
use crate::{Audit, Finding, Repair, StoreError, Sums};
use counterfoil::{
    exact::Exact,
    money::{Currency, Money},
    wallet::Refund,
};
use ledger::Stand;
use std::collections::{BTreeMap, BTreeSet};

/// The tables that say what a source holds, and why.
const JOURNAL: [&str; 6] = ["entries", "payments", "legs", "refunds", "refund_legs", "top_ups"];

/// Reads everything through a connection that sees one moment.
pub(super) async fn verify(connection: &mut Connection) -> Result<Audit, StoreError> {
    let mut auditor = Auditor::default();
    auditor.engine(connection).await?;
    auditor.rate_cards(connection).await?;
    auditor.resources(connection).await?;
    auditor.readings(connection).await?;
    auditor.refunds(connection).await?;
    auditor.statements(connection).await?;
    auditor.accounts(connection).await?;
    auditor.coupons(connection).await?;
    auditor.orders(connection).await?;
    auditor.plans(connection).await?;
    auditor.payments(connection).await?;
    auditor.unnoticed(connection).await?;
    auditor.locks(connection).await?;
    auditor.top_ups(connection).await?;
    auditor.entries(connection).await?;
    auditor.ranges(connection).await?;
    auditor.close()
}

#[derive(Default)]
struct Auditor {
    findings: Vec<Finding>,
    repairs: Vec<Repair>,
    sums: BTreeMap<Currency, Sums>,
    /// Coupons by id, balances and debts by owner: where each must stand before the next entry.
    stand: BTreeMap<(&'static str, String), Stand>,
    /// The sources of which the entries do not prove what they hold: one is missing, or does not go on from the others.
    doubted: BTreeSet<(&'static str, String)>,
    /// Whether a row of the journal can not be read: then nobody knows what it said of which source.
    is_unreadable: bool,
    /// The refunds of each payment, by its number.
    refunds: BTreeMap<i64, Vec<Refund>>,
    /// What each refund comes to, and the payment that it is of, by its number.
    refunded: BTreeMap<i64, (Money, i64)>,
    /// What was refunded to settle a correction, by the number of its statement.
    corrections: BTreeMap<i64, Exact>,
}

impl Auditor {
    fn find(&mut self, table: &'static str, row: impl Into<String>, fault: impl Into<String>) {
        self.findings.push(Finding { table, row: row.into(), fault: fault.into() });
    }

    /// What was read, unless it is damaged, which is a finding.
    fn sound<T>(&mut self, read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(StoreError::Corrupt { table, row, column, fault }) => {
                self.is_unreadable |= JOURNAL.contains(&table);
                self.find(table, row, format!("`{column}` is damaged: {fault}"));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn sums(&mut self, currency: Currency) -> &mut Sums {
        self.sums.entry(currency).or_insert_with(|| Sums::nothing(currency))
    }

    /// What the engine itself can tell: pages, indices, checks, references.
    async fn engine(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        for fault in connection.check().await? {
            self.findings.push(fault);
        }
        Ok(())
    }

    /// What the sources hold, and the sums.
    fn close(mut self) -> Result<Audit, StoreError> {
        self.holdings();
        let mut findings = Vec::new();
        for sums in self.sums.values() {
            for (left, right, what) in identities(sums)? {
                if left != right {
                    let fault = format!("{what}: {left} and {right}");
                    findings.push(Finding { table: "sums", row: sums.currency.to_string(), fault });
                }
            }
        }
        self.findings.append(&mut findings);
        Ok(Audit { sums: self.sums.into_values().collect(), findings: self.findings, repairs: self.repairs })
    }
}

/// What must be equal, as [`Sums`] says.
fn identities(sums: &Sums) -> Result<[(Exact, Exact, &'static str); 10], StoreError> {
    let by_status = [&sums.statements_paid, &sums.statements_unpaid, &sums.statements_cancelled];
    let by_source = [&sums.from_coupons, &sums.from_balance, &sums.from_debt];
    let balances = sums.top_ups.plus(&sums.to_balance)?.minus(&sums.from_balance)?;
    let returned = Exact::sum([&sums.to_coupons, &sums.to_balance, &sums.to_debt])?;
    let spent = sums.payments.minus(&returned)?;
    let refunded = Exact::sum([&returned, &sums.refund_fees, &sums.recorded])?;
    Ok([
        (sums.readings.clone(), sums.lines.clone(), "readings and statement lines"),
        (sums.lines.clone(), sums.statements.clone(), "statement lines and statements"),
        (sums.statements.clone(), Exact::sum(by_status)?, "statements and their parts by status"),
        (sums.payments.clone(), Exact::sum(by_source)?, "payments and their legs"),
        (sums.entries.clone(), sums.accounts.clone(), "entries and balances of accounts"),
        (sums.accounts.clone(), balances, "balances of accounts, and what came in and was paid"),
        (sums.coupons.clone(), sums.to_coupons.minus(&sums.from_coupons)?, "balances of coupons and legs"),
        (sums.debts.clone(), sums.from_debt.minus(&sums.to_debt)?, "debts and legs"),
        (sums.refunds.clone(), refunded, "refunds, and what was given back, kept and recorded"),
        (sums.put_in.clone(), sums.held.plus(&spent)?, "what was put in, and what is held and spent"),
    ])
}
