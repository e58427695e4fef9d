//! A slow model of the days: what the servers of a wallet ran is what its statements come to, and what of these is
//! settled is what was paid for them, less what came back.

use super::{
    books::Books,
    told::{Recorded, Told},
};
use crate::{
    days::{PRICE, group_of, servers},
    world::cents,
};
use anyhow::Result;
use counterfoil::{
    money::{CNY, Money},
    statement::{StatementKey, StatementStatus},
    time::{BillingDay, Zone},
};
use counterfoil_store::DayReading;
use std::collections::BTreeMap;

/// What stands in the store of a wallet and a day.
#[derive(Default)]
struct Day {
    /// What each server that ran costs.
    servers: BTreeMap<String, Money>,
    stated: Vec<Money>,
    settled: Vec<Money>,
    /// What was paid, and below zero what was given back.
    paid: Vec<Money>,
}

/// Where days are not as somebody recorded them, or their statements come to something else, or the money does.
pub(super) fn check(told: &Told, books: &Books) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (group, day) in days(books)? {
        let Some(recorded) = told.recorded.get(&group) else {
            findings.push(format!("nobody recorded {group}"));
            continue;
        };
        if !recorded.iter().any(|recorded| recorded.servers() == day.servers) {
            findings.push(format!("nobody recorded {group} as {:?}", day.servers));
        }
        let (payable, stated) = (sum(day.servers.values())?, sum(&day.stated)?);
        if stated != payable {
            findings.push(format!("the statements of {group} come to {stated}, its servers to {payable}"));
        }
        let (settled, paid) = (sum(&day.settled)?, sum(&day.paid)?);
        if settled != paid {
            findings.push(format!("{settled} of {group} is settled, and {paid} was paid for it"));
        }
    }
    Ok(findings)
}

impl Recorded {
    /// What each server that ran costs.
    fn servers(&self) -> BTreeMap<String, Money> {
        let ran = servers(self.wallet).zip(&self.hours).filter(|(_, hours)| **hours > 0);
        ran.map(|((name, cores), hours)| (name, cents(PRICE * i64::from(cores) * i64::from(*hours)))).collect()
    }
}

/// What stands in the store, by group of statements.
fn days(books: &Books) -> Result<BTreeMap<String, Day>> {
    let mut days: BTreeMap<String, Day> = BTreeMap::new();
    for stored in books.readings.iter().filter(|stored| !stored.withdrawn) {
        let DayReading { reading, owner, unit, payable, .. } = stored.reading.clone();
        let day = BillingDay::of(reading.usage().window().start(), Zone::UTC)?;
        let key = StatementKey { day, owner, unit, kind: reading.kind().clone(), sequence: 0 };
        let servers = &mut days.entry(group(&key.to_string())).or_default().servers;
        servers.insert(reading.resource().to_string(), payable);
    }
    for (id, stored) in &books.statements {
        let day = days.entry(group(id)).or_default();
        day.stated.push(stored.statement.payable());
        if stored.statement.status() == StatementStatus::Paid {
            day.settled.push(stored.statement.payable());
        }
    }
    for (order, stored) in books.payments.iter().filter(|(order, _)| group_of(order).is_some()) {
        days.entry(group(order)).or_default().paid.push(stored.payment.charge().amount);
    }
    let refunds = books.refunds.values().map(|stored| stored.refund.request());
    for request in refunds.filter(|request| group_of(&request.order).is_some()) {
        days.entry(group(&request.order)).or_default().paid.push(request.amount.negated());
    }
    Ok(days)
}

fn group(id: &str) -> String {
    group_of(id).unwrap_or(id).to_owned()
}

fn sum<'a>(amounts: impl IntoIterator<Item = &'a Money>) -> Result<Money> {
    Ok(amounts.into_iter().copied().try_fold(Money::zero(CNY), Money::plus)?)
}
