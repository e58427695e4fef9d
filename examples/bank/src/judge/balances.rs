//! A slow model of the wallets: what each held at first, and every amount that came and went, one by one.

use super::{books::Books, told::Told};
use crate::{
    operations::Operation,
    world::{Beyond, LIMIT, World, cents, owner},
};
use anyhow::Result;
use counterfoil::{
    money::{CNY, Money},
    wallet::{Destination, Owner, Source},
};
use counterfoil_store::{AccountEntry, Book, Cause};
use std::{collections::BTreeMap, fmt};

/// Something that money is in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Purse {
    Account(Owner, Book),
    Coupon(String),
}

/// What came into purses and went out of them, by what caused it.
#[derive(Debug, Default)]
struct Changes(BTreeMap<(Purse, String), Money>);

/// Where the wallets do not hold what they should, or less than they may.
pub(super) fn check(world: World, told: &Told, books: &Books) -> Result<Vec<String>> {
    let changes = changes(books)?;
    let mut findings = ledger(&changes, books)?;
    findings.extend(below_limits(books)?);
    let at_first = at_first(world, told)?;
    for (wallet, held) in &books.wallets {
        let owner = || owner(*wallet);
        let mut holds = vec![
            (Purse::Account(owner(), Book::Balance), held.account.balance),
            (Purse::Account(owner(), Book::Debt), held.account.debt),
        ];
        holds.extend(held.coupons.iter().map(|coupon| (Purse::Coupon(coupon.id().to_owned()), coupon.balance())));
        for (purse, holds) in holds {
            let Some(first) = at_first.get(&purse) else {
                findings.push(format!("wallet {wallet} has {purse}, which nobody put in"));
                continue;
            };
            let expected = changes.of(&purse).try_fold(*first, Money::plus)?;
            if holds != expected {
                findings.push(format!("{purse} of wallet {wallet} holds {holds}, and should hold {expected}"));
            }
        }
    }
    let missing = (0..world.wallets).filter(|wallet| !books.wallets.contains_key(wallet));
    findings.extend(missing.map(|wallet| format!("wallet {wallet} is gone")));
    Ok(findings)
}

/// What every purse held at first.
fn at_first(world: World, told: &Told) -> Result<BTreeMap<Purse, Money>> {
    let mut purses = BTreeMap::new();
    for account in world.accounts() {
        purses.insert(Purse::Account(account.owner.clone(), Book::Balance), account.balance);
        purses.insert(Purse::Account(account.owner, Book::Debt), account.debt);
    }
    for coupon in world.all_coupons()? {
        purses.insert(Purse::Coupon(coupon.id().to_owned()), coupon.balance());
    }
    for operation in told.asked().values() {
        if let Operation::Issue { coupon, cents: amount, .. } = operation {
            purses.insert(Purse::Coupon(coupon.clone()), cents(*amount));
        }
    }
    Ok(purses)
}

/// What payments, refunds and top-ups did to every purse.
fn changes(books: &Books) -> Result<Changes> {
    let mut changes = Changes::default();
    for payment in books.payments.values() {
        let charge = payment.payment.charge();
        for leg in payment.payment.plan().legs() {
            let (purse, is_debt) = purse(leg.source(), &charge.payer);
            let delta = if is_debt { leg.amount() } else { leg.amount().negated() };
            changes.add(purse, by_payment(&charge.order), delta)?;
        }
    }
    for refund in books.refunds.values() {
        let request = refund.refund.request();
        let Some(paid) = books.payments.get(&request.order) else { continue };
        let payer = &paid.payment.charge().payer;
        for leg in refund.refund.legs() {
            let (purse, is_debt) = match leg.to() {
                Destination::Recorded => continue,
                Destination::Balance => purse(&Source::Balance, payer),
                Destination::Source | Destination::SourceUntil(_) => purse(leg.source(), payer),
            };
            let delta = if is_debt { leg.amount().negated() } else { leg.amount() };
            changes.add(purse, by_refund(&request.id), delta)?;
        }
    }
    for top_up in &books.top_ups {
        let top_up = &top_up.top_up;
        changes.add(Purse::Account(top_up.owner.clone(), Book::Balance), by_top_up(&top_up.id), top_up.amount)?;
    }
    Ok(changes)
}

/// The purse of a source, and whether it is a debt.
fn purse(source: &Source<'_>, owner: &Owner) -> (Purse, bool) {
    match source {
        Source::Coupon(id) => (Purse::Coupon(id.to_string()), false),
        Source::Debt => (Purse::Account(owner.clone(), Book::Debt), true),
        _ => (Purse::Account(owner.clone(), Book::Balance), false),
    }
}

/// Whether the ledger of the accounts has each of these changes, once, and nothing else, and adds up on its way.
fn ledger(changes: &Changes, books: &Books) -> Result<Vec<String>> {
    let (mut findings, mut written) = (Vec::new(), Changes::default());
    for held in books.wallets.values() {
        let mut holds: BTreeMap<Book, Money> = BTreeMap::new();
        for entry in &held.entries {
            let cause = match &entry.cause {
                Cause::Payment { order, .. } => by_payment(order),
                Cause::Refund { id, .. } => by_refund(id),
                Cause::TopUp { id } => by_top_up(id),
                other => other.to_string(),
            };
            written.add(Purse::Account(entry.owner.clone(), entry.book), cause, entry.delta)?;
            if let Some(before) = holds.insert(entry.book, entry.after)
                && before.plus(entry.delta)? != entry.after
            {
                findings.push(format!("the entry {entry:?} does not begin at {before}"));
            }
        }
    }
    let of_accounts = changes.0.iter().filter(|((purse, _), _)| matches!(purse, Purse::Account(..)));
    let of_accounts = Changes(of_accounts.map(|(key, delta)| (key.clone(), *delta)).collect());
    findings.extend(of_accounts.beside(&written, "the ledger has not"));
    findings.extend(written.beside(&of_accounts, "only the ledger has"));
    Ok(findings)
}

/// Accounts that held less than they may, at any time.
fn below_limits(books: &Books) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (wallet, held) in &books.wallets {
        let least_balance = match Beyond::of(*wallet) {
            Beyond::Nothing | Beyond::Debt => Some(cents(0)),
            Beyond::OverdraftToLimit => Some(cents(-LIMIT)),
            Beyond::Overdraft => None,
        };
        let least = |entry: &AccountEntry| match entry.book {
            Book::Balance => least_balance,
            Book::Debt => Some(cents(0)),
        };
        for entry in &held.entries {
            if let Some(least) = least(entry)
                && entry.after.compare(least)?.is_lt()
            {
                findings.push(format!("wallet {wallet} came to less than {least}: {entry:?}"));
            }
        }
    }
    for payment in books.payments.values() {
        for leg in payment.payment.plan().legs() {
            if matches!(leg.source(), Source::Coupon(_)) && leg.after().is_negative() {
                findings.push(format!("{} left less than nothing: {leg:?}", payment.payment.charge().order));
            }
        }
    }
    Ok(findings)
}

impl Changes {
    fn add(&mut self, purse: Purse, cause: String, delta: Money) -> Result<()> {
        if !delta.is_zero() {
            let sum = self.0.entry((purse, cause)).or_insert(Money::zero(CNY));
            *sum = sum.plus(delta)?;
        }
        Ok(())
    }

    fn of(&self, purse: &Purse) -> impl Iterator<Item = Money> {
        let of_purse = self.0.range((purse.clone(), String::new())..);
        of_purse.take_while(move |((found, _), _)| found == purse).map(|(_, delta)| *delta)
    }

    /// What the other has not, or otherwise.
    fn beside(&self, other: &Self, what: &str) -> Vec<String> {
        let missing = self.0.iter().filter(|(key, delta)| other.0.get(*key) != Some(*delta));
        missing.map(|((purse, cause), delta)| format!("{what} {delta} of {purse} by {cause}")).collect()
    }
}

fn by_payment(order: &str) -> String {
    format!("the payment of {order}")
}

fn by_refund(id: &str) -> String {
    format!("the refund {id}")
}

fn by_top_up(id: &str) -> String {
    format!("the top-up {id}")
}

impl fmt::Display for Purse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(owner, book) => write!(f, "the {book} of {owner}"),
            Self::Coupon(id) => write!(f, "the coupon {id}"),
        }
    }
}
