//! The reconciliation: each sum is taken from its own rows, and neighbours must be equal to the last digit.

use crate::{books::Books, month::MonthRefund};
use anyhow::Result;
use counterfoil::{
    error::MoneyError,
    exact::Exact,
    money::{Currency, Money},
    statement::StatementStatus,
    wallet::{Destination, Owner, Source},
};
use counterfoil_store::StoredStatement;
use std::collections::BTreeMap;

/// Two sums that must be equal.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Check {
    /// Whose: `all`, `store`, or an owner.
    pub(crate) scope: String,
    /// What the first sum is of.
    pub(crate) left_of: &'static str,
    /// What the second sum is of.
    pub(crate) right_of: &'static str,
    /// The first sum.
    pub(crate) left: String,
    /// The second sum.
    pub(crate) right: String,
    /// The first less the second.
    pub(crate) difference: String,
    /// Whether they are equal.
    pub(crate) ok: bool,
}

/// Every check of a run.
#[derive(Debug)]
pub(crate) struct Reconciliation {
    /// Of all owners together, of the store as a whole, and of a month.
    pub(crate) whole: Vec<Check>,
    /// Of each owner alone.
    pub(crate) owners: Vec<Check>,
    /// What the store itself found wrong with its books.
    pub(crate) findings: Vec<String>,
}

/// The sums of some rows, each by itself.
#[derive(Debug, Clone)]
struct Tally {
    readings: Money,
    lines: Money,
    statements: Money,
    open: Money,
    payments: Money,
    legs: Money,
    balance_legs: Money,
    /// What corrections gave back.
    corrected: Money,
    /// What refunds gave back to balances.
    to_balance: Money,
    account_changes: Money,
}

impl Reconciliation {
    /// Adds everything up.
    ///
    /// Refunds that no statement names are those of orders and of single payments; only the latter change what is
    /// checked here.
    pub(crate) fn of(books: &Books, refunds: &[MonthRefund]) -> Result<Self> {
        let nothing = Tally::nothing(books.currency);
        let mut all = nothing.clone();
        let mut owners: BTreeMap<&Owner, Tally> = BTreeMap::new();
        let mut add = |owner, add: &dyn Fn(&mut Tally) -> Result<()>| {
            add(&mut all)?;
            add(owners.entry(owner).or_insert_with(|| nothing.clone()))
        };
        for stored in &books.readings {
            add(&stored.reading.owner, &|tally| {
                tally.readings = tally.readings.plus(stored.reading.payable)?;
                Ok(())
            })?;
        }
        for stored in &books.statements {
            add(&stored.statement.key().owner, &|tally| tally.state(stored))?;
        }
        for entry in &books.entries {
            add(&entry.owner, &|tally| {
                tally.account_changes = tally.account_changes.plus(entry.delta)?;
                Ok(())
            })?;
        }
        for refund in refunds.iter().filter(|refund| refund.kind.is_none() && !refund.is_correction()) {
            for (_, amount) in refund.returned().filter(|(source, _)| *source == Source::Balance) {
                add(&refund.owner, &|tally| {
                    tally.to_balance = tally.to_balance.plus(amount)?;
                    Ok(())
                })?;
            }
        }
        let mut whole = all.checks("all")?;
        for sums in &books.audit.sums {
            let check =
                |left_of, left: &Exact, right_of, right: Exact| Check::new("store", left_of, left, right_of, &right);
            whole.push(check("payments", &sums.payments, "payment legs", sums.legs.clone())?);
            let coupons = sums.from_coupons.minus(&sums.to_coupons)?;
            let accounts = sums.from_balance.minus(&sums.to_balance)?.minus(&sums.top_ups)?;
            let [of_coupons, of_accounts] = if sums.refunds.is_zero() && sums.top_ups.is_zero() {
                ["coupon legs", "balance legs"]
            } else {
                ["coupon legs − given back", "balance legs − given back − top-ups"]
            };
            whole.push(check(of_coupons, &coupons, "what coupons lost", sums.coupons.negated()?)?);
            whole.push(check(of_accounts, &accounts, "what accounts lost", sums.accounts.negated()?)?);
        }
        let mut of_owners = Vec::new();
        for (owner, tally) in &owners {
            of_owners.extend(tally.checks(&owner.to_string())?);
        }
        let findings = books.audit.findings.iter().map(ToString::to_string).collect();
        Ok(Self { whole, owners: of_owners, findings })
    }

    /// Every check.
    pub(crate) fn checks(&self) -> impl Iterator<Item = &Check> {
        self.whole.iter().chain(&self.owners)
    }

    /// Whether not a cent is off.
    pub(crate) fn holds(&self) -> bool {
        self.findings.is_empty() && self.checks().all(|check| check.ok)
    }
}

impl Tally {
    fn nothing(currency: Currency) -> Self {
        let nothing = Money::new(rust_decimal::Decimal::new(0, 2), currency);
        Self {
            readings: nothing,
            lines: nothing,
            statements: nothing,
            open: nothing,
            payments: nothing,
            legs: nothing,
            balance_legs: nothing,
            corrected: nothing,
            to_balance: nothing,
            account_changes: nothing,
        }
    }

    fn state(&mut self, stored: &StoredStatement) -> Result<()> {
        let statement = &stored.statement;
        self.lines = statement.lines().iter().try_fold(self.lines, |sum, line| sum.plus(line.payable))?;
        self.statements = self.statements.plus(statement.payable())?;
        for refund in &stored.refunds {
            self.corrected = self.corrected.plus(refund.refund.request().amount)?;
            for leg in refund.refund.legs() {
                let is_balance = *leg.source() == Source::Balance && leg.to() != Destination::Recorded;
                if is_balance || leg.to() == Destination::Balance {
                    self.to_balance = self.to_balance.plus(leg.amount())?;
                }
            }
        }
        if statement.status() == StatementStatus::Unpaid {
            self.open = self.open.plus(statement.payable())?;
        }
        let Some(payment) = &stored.payment else { return Ok(()) };
        self.payments = self.payments.plus(payment.payment.charge().amount)?;
        for leg in payment.payment.plan().legs() {
            self.legs = self.legs.plus(leg.amount())?;
            if *leg.source() == Source::Balance {
                self.balance_legs = self.balance_legs.plus(leg.amount())?;
            }
        }
        Ok(())
    }

    fn checks(&self, scope: &str) -> Result<Vec<Check>> {
        let check = |left_of, left: Money, right_of, right: Money| {
            Check::new(scope, left_of, &left.exact(), right_of, &right.exact())
        };
        let (settled, balance) = if self.corrected.is_zero() && self.to_balance.is_zero() {
            ("payments + open", "balance legs")
        } else {
            ("payments − refunds + open", "balance legs − given back")
        };
        let paid = self.payments.minus(self.corrected)?;
        Ok(vec![
            check("readings", self.readings, "statement lines", self.lines)?,
            check("statement lines", self.lines, "statements", self.statements)?,
            check("statements", self.statements, settled, paid.plus(self.open)?)?,
            check("payments", self.payments, "payment legs", self.legs)?,
            check(
                balance,
                self.balance_legs.minus(self.to_balance)?,
                "what accounts lost",
                self.account_changes.negated(),
            )?,
        ])
    }
}

impl Check {
    pub(crate) fn new(
        scope: &str,
        left_of: &'static str,
        left: &Exact,
        right_of: &'static str,
        right: &Exact,
    ) -> Result<Self, MoneyError> {
        let difference = left.minus(right)?;
        Ok(Self {
            scope: scope.to_owned(),
            left_of,
            right_of,
            left: shown(left),
            right: shown(right),
            ok: difference.is_zero(),
            difference: shown(&difference),
        })
    }
}

/// A sum with two digits after the point, or with more where it has them.
fn shown(sum: &Exact) -> String {
    let Some(mut decimal) = sum.to_decimal() else { return sum.to_string() };
    if decimal.scale() < 2 {
        decimal.rescale(2);
    }
    decimal.to_string()
}
