//! What stands in the store was asked, once.

use super::{books::Books, told::Told};
use crate::{
    operations::{ABOVE_ALL, Operation},
    world::{APPLICATION, cents},
};
use anyhow::Result;
use counterfoil::{exact::Exact, money::Money};
use counterfoil_store::{Audit, Cause};
use std::collections::BTreeSet;

/// What nobody asked, or what stands there twice.
pub(super) fn check(told: &Told, books: &Books, audit: &Audit) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let mut unasked = |what: &str, id: &str| findings.push(format!("nobody asked for {what} {id}"));
    books.locks.keys().filter(|order| !told.orders.contains(*order)).for_each(|order| unasked("the lock of", order));
    books.payments.keys().filter(|order| !told.is_order(order)).for_each(|order| unasked("the payment of", order));
    books.refunds.keys().filter(|id| !told.is_refund(id)).for_each(|id| unasked("the refund", id));
    for (wallet, held) in &books.wallets {
        for entry in &held.entries {
            let is_asked = match &entry.cause {
                Cause::Payment { application, order } => application == APPLICATION && told.is_order(order),
                Cause::Refund { id, .. } => told.is_refund(id),
                Cause::TopUp { id } => told.top_ups.contains(id),
                _ => false,
            };
            if !is_asked {
                unasked(&format!("the entry of wallet {wallet} by"), &entry.cause.to_string());
            }
        }
    }
    let mut seen = BTreeSet::new();
    for top_up in &books.top_ups {
        if !told.top_ups.contains(&top_up.top_up.id) || !seen.insert(&top_up.top_up.id) {
            findings.push(format!("nobody asked for the top-up {} again", top_up.top_up.id));
        }
    }
    for payment in books.payments.values() {
        if payment.payment.charge().amount == cents(ABOVE_ALL) {
            findings.push(format!("{} is paid, and above all funds", payment.payment.charge().order));
        }
    }
    findings.extend(uncaptured(told, books));
    findings.extend(sums(books, audit)?);
    Ok(findings)
}

/// Payments of what was only locked, which nobody captured.
fn uncaptured(told: &Told, books: &Books) -> Vec<String> {
    let captured: BTreeSet<&String> = told.asked().values().filter_map(captured_order).collect();
    let locked = books.payments.keys().filter(|order| books.locks.contains_key(*order));
    locked.filter(|order| !captured.contains(order)).map(|order| format!("nobody captured {order}")).collect()
}

fn captured_order(operation: &Operation) -> Option<&String> {
    match operation {
        Operation::Capture { order, .. } => Some(order),
        _ => None,
    }
}

/// The whole store comes to what was found by asking for each: there is nothing else in it.
fn sums(books: &Books, audit: &Audit) -> Result<Vec<String>> {
    let total = |amounts: &mut dyn Iterator<Item = Money>| amounts.map(Money::exact).try_fold(Exact::ZERO, plus);
    let payments = total(&mut books.payments.values().map(|payment| payment.payment.charge().amount))?;
    let top_ups = total(&mut books.top_ups.iter().map(|top_up| top_up.top_up.amount))?;
    let refunds = total(&mut books.refunds.values().map(|refund| refund.refund.request().amount))?;
    let [sums] = &*audit.sums else { return Ok(vec![format!("there are {} currencies", audit.sums.len())]) };
    let compared = [
        ("payments", payments, &sums.payments),
        ("top-ups", top_ups, &sums.top_ups),
        ("refunds", refunds, &sums.refunds),
    ];
    let differ = compared.into_iter().filter(|(_, found, all)| found != *all);
    Ok(differ.map(|(what, found, all)| format!("all {what} come to {all}, those that were found to {found}")).collect())
}

fn plus(sum: Exact, more: Exact) -> Result<Exact> {
    Ok(sum.plus(&more)?)
}
