//! What was acknowledged stands in the store, as it was told.

use super::{books::Books, told::Told};
use crate::{
    answers::{Answer, Parts, legs, refund, settled_by, text},
    operations::{Kind, Operation, cycle},
    world::{cents, owner},
};
use counterfoil::{
    statement::StatementStatus,
    wallet::{CouponStatus, LockState, LockStatus},
};

/// What was told otherwise than it stands.
pub(super) fn check(told: &Told, books: &Books) -> Vec<String> {
    let fault = |operation: &Operation, answer: &Answer| fault(operation, answer, books);
    told.answers()
        .filter_map(|(place, operation, answer)| {
            let fault = fault(operation, answer)?;
            Some(format!("{place}: {operation:?} was answered by {answer:?}, but {fault}"))
        })
        .collect()
}

/// What is wrong with an answer.
fn fault(operation: &Operation, answer: &Answer, books: &Books) -> Option<String> {
    let is_forbidden = matches!(operation.kind(), Kind::ChargeAboveFunds | Kind::RedeemByWrongCode);
    if is_forbidden && !matches!(answer, Answer::Refused { .. }) {
        return Some("it should have been refused".to_owned());
    }
    match (operation, answer) {
        (_, Answer::Refused { .. }) => None,
        (Operation::Charge { order, wallet, cents: amount, .. }, Answer::Paid { parts, .. }) => {
            let Some(paid) = books.payments.get(order) else { return lost("payment") };
            let (charge, plan) = (paid.payment.charge(), paid.payment.plan());
            let is_same = (charge.amount, &charge.payer) == (cents(*amount), &owner(*wallet));
            differs(is_same, parts, &legs(plan.legs()))
        }
        (Operation::TopUp { id, wallet, cents: amount }, Answer::ToppedUp { .. }) => {
            let found: Vec<_> = books.top_ups.iter().filter(|known| known.top_up.id == *id).collect();
            let same =
                |top_up: &counterfoil_store::TopUp| (top_up.amount, &top_up.owner) == (cents(*amount), &owner(*wallet));
            match &*found {
                [one] if same(&one.top_up) => None,
                [] => lost("top-up"),
                other => Some(format!("the store has {other:?}")),
            }
        }
        (Operation::Refund { id, cents: amount, .. }, Answer::Refunded { parts, state, .. }) => {
            let Some(known) = books.refunds.get(id) else { return lost("refund") };
            let (stored, stored_state) = refund(known);
            let is_same = known.refund.request().amount == cents(*amount) && stored_state == *state;
            differs(is_same && state == "success", parts, &stored)
        }
        (Operation::Authorise { order, cents: amount, .. }, Answer::Locked { parts, .. }) => {
            let Some(known) = books.locks.get(order) else { return lost("lock") };
            differs(known.lock.charge().amount == cents(*amount), parts, &legs(known.lock.legs()))
        }
        (Operation::Capture { order, cents: amount }, Answer::Captured { parts, .. }) => {
            let (Some(known), Some(paid)) = (books.locks.get(order), books.payments.get(order)) else {
                return lost("capture");
            };
            let is_same = known.lock.captured() == Some(cents(*amount));
            let is_paid = paid.payment.charge().amount == cents(*amount);
            differs(is_same && is_paid, parts, &legs(paid.payment.plan().legs()))
        }
        (Operation::Void { order }, Answer::Voided { .. }) => ended(books, order, LockState::Voided),
        (Operation::Release, Answer::Released { orders }) => {
            orders.iter().find_map(|order| ended(books, order, LockState::Expired))
        }
        (Operation::Redeem { coupon, wallet, .. }, Answer::Redeemed { .. }) => {
            let wallet = books.wallets.get(wallet)?;
            let is_theirs = wallet.coupons.iter().any(|held| held.id() == coupon);
            if is_theirs { None } else { lost("redeemed coupon") }
        }
        (Operation::Cancel { coupon }, Answer::Cancelled { .. }) => {
            // Who has no owner is not listed.
            let mut coupons = books.wallets.values().flat_map(|wallet| &wallet.coupons);
            let known = coupons.find(|held| held.id() == coupon)?;
            (known.status() != CouponStatus::Cancelled).then(|| format!("it is {}", known.status()))
        }
        (Operation::RecordDay { .. } | Operation::CorrectDay { .. }, Answer::Recorded { statements, .. }) => {
            statements.iter().find_map(|(id, payable)| {
                let Some(known) = books.statements.get(id) else { return lost("statement") };
                let stands = text(known.statement.payable());
                (stands != *payable).then(|| format!("{id} comes to {stands}"))
            })
        }
        (Operation::SettleStatement { .. }, Answer::Settled { statements, by, .. }) => settled(books, statements, by),
        (Operation::ChangeRange(change), Answer::Changed { rows, .. }) => {
            // Where all was so already, there is no record.
            let stored = books.range_records.get(&change.request).map_or(&[][..], Vec::as_slice);
            (rows != stored).then(|| format!("the store has {stored:?}"))
        }
        (Operation::StartPlan { plan, .. }, Answer::Paid { parts, .. }) => paid(books, &cycle(plan, 0), parts),
        (Operation::RenewPlan { plan, asked }, Answer::Paid { parts, .. }) => {
            paid(books, &cycle(plan, asked + 1), parts)
        }
        (Operation::SettleDay { .. }, Answer::SettledDay { .. }) => None, // the sums of the days tell
        (Operation::Issue { .. }, Answer::Issued { .. }) => None,         // redeeming and the sums of the audit tell
        _ => Some("that answers something else".to_owned()),
    }
}

fn ended(books: &Books, order: &str, wanted: LockState) -> Option<String> {
    let Some(known) = books.locks.get(order) else { return lost("lock") };
    let state = match known.lock.terms().status {
        LockStatus::Authorised => LockState::Authorised,
        LockStatus::Captured { .. } => LockState::Captured,
        LockStatus::Voided => LockState::Voided,
        LockStatus::Expired => LockState::Expired,
    };
    (state != wanted).then(|| format!("the lock of {order} is {}", state.name()))
}

/// Whether a cycle of a plan is paid as it was told; the plans themselves are looked at elsewhere.
fn paid(books: &Books, order: &str, parts: &Parts) -> Option<String> {
    let Some(paid) = books.payments.get(order) else { return lost("payment") };
    differs(true, parts, &legs(paid.payment.plan().legs()))
}

/// Whether statements stand as settled, by what it was told that settled them.
fn settled(books: &Books, statements: &[String], by: &Parts) -> Option<String> {
    let mut stored = Parts::new();
    for id in statements {
        let Some(known) = books.statements.get(id) else { return lost("statement") };
        if known.statement.status() != StatementStatus::Paid {
            return Some(format!("{id} is {}", known.statement.status().name()));
        }
        stored.extend(settled_by(known.payment.as_ref(), &known.refunds));
    }
    differs(true, by, &stored)
}

fn differs(is_same: bool, told: &Parts, stored: &Parts) -> Option<String> {
    (!is_same || told != stored).then(|| format!("the store has {stored:?}"))
}

fn lost(what: &str) -> Option<String> {
    Some(format!("there is no such {what}"))
}
