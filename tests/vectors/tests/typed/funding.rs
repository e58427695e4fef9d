use crate::{
    input::{Answer, Fault, Members, all, choice, list, money, shape, text},
    wallet::{
        Held, charge, for_purpose, leg, leg_shown, money_shown, notices_shown, owner, owner_shown, payment, policy,
        sent, source_shown,
    },
};
use counterfoil::wallet::{
    Authorisation, Books, Charge, Coupons, Fund, FundTerms, Funding, FundingOrder, Lock, LockStatus, LockTerms, Plan,
};
use serde_json::{Value, json};

pub(crate) fn fund(value: &Value) -> Result<Fund, Fault> {
    let known = [
        "kind",
        "id",
        "owner",
        "balance",
        "priority",
        "effective",
        "expiration",
        "created",
        "basis",
        "units",
        "order",
        "most",
    ];
    let row = Members::of(value, &known)?;
    let units = row.optional("units").map_or(Ok([].as_slice()), list)?;
    Ok(Fund::new(FundTerms {
        kind: row.parse("kind")?,
        id: row.text("id")?.to_owned(),
        owner: owner(row.value("owner")?)?,
        balance: row.money("balance")?,
        priority: row.optional_count("priority")?,
        effective: row.parse_optional("effective")?,
        expiration: row.parse_optional("expiration")?,
        created: row.parse("created")?,
        basis: row.parse("basis")?,
        units: all(units, |unit| Ok(text(unit)?.to_owned()))?,
        order: row.optional("order").map(text).transpose()?.map(str::to_owned),
        most: row.optional("most").map(money).transpose()?,
    })?)
}

pub(crate) fn lock(value: &Value) -> Result<Lock, Fault> {
    let row = Members::of(value, &["charge", "legs", "expires", "status"])?;
    let charge = charge(row, "charge")?;
    let plan = Plan::new(charge.amount, all(row.list("legs")?, leg)?)?;
    let status = match row.value("status")? {
        Value::String(status) if status == "authorised" => LockStatus::Authorised,
        Value::String(status) if status == "voided" => LockStatus::Voided,
        Value::String(status) if status == "expired" => LockStatus::Expired,
        status => match choice(status)? {
            ("captured", amount) => LockStatus::Captured { amount: money(amount)? },
            _ => return shape(format!("no status {status}")),
        },
    };
    Ok(Lock::new(LockTerms { charge, plan, expires: row.parse("expires")?, status })?)
}

fn charge_shown(charge: &Charge) -> Value {
    json!({
        "application": charge.application,
        "order": charge.order,
        "unit": charge.unit,
        "payer": owner_shown(&charge.payer),
        "amount": money_shown(charge.amount),
        "coupons": match &charge.coupons {
            Coupons::Automatic => json!("automatic"),
            Coupons::Named(ids) => json!({ "named": ids }),
        },
        "funding": match &charge.funding {
            Funding::CouponsOnly => json!("coupons_only"),
            Funding::EnoughFunds => json!("enough_funds"),
            Funding::Overdraft { limit } => json!({ "overdraft": { "limit": limit.map(money_shown) } }),
            Funding::Order(order) => json!({ "order": order.to_string() }),
            _ => json!("debt"),
        },
    })
}

fn lock_shown(lock: &Lock) -> Value {
    let leg = |leg: &counterfoil::wallet::Leg<'_>| {
        json!({
            "source": source_shown(leg.source()),
            "amount": money_shown(leg.amount()),
            "before": money_shown(leg.before()),
        })
    };
    json!({
        "charge": charge_shown(lock.charge()),
        "legs": lock.legs().iter().map(leg).collect::<Vec<_>>(),
        "expires": lock.expires().to_string(),
        "status": match lock.terms().status {
            LockStatus::Authorised => json!("authorised"),
            LockStatus::Captured { amount } => json!({ "captured": money_shown(amount) }),
            LockStatus::Voided => json!("voided"),
            LockStatus::Expired => json!("expired"),
        },
    })
}

pub(crate) fn presets() -> Answer {
    let presets = FundingOrder::PRESETS.into_iter();
    Ok(presets.map(|(name, order)| json!({ "name": name, "order": order.to_string() })).collect())
}

pub(crate) fn order(input: Members<'_>) -> Answer {
    let order: FundingOrder = input.parse("order")?;
    let steps = order.steps().iter().map(|step| {
        let keys: Vec<&str> = step.keys.iter().map(|key| key.name()).collect();
        json!({ "kind": step.kind.name(), "keys": keys })
    });
    Ok(json!({
        "order": order.to_string(),
        "steps": steps.collect::<Vec<_>>(),
        "shortfall": order.shortfall().to_string(),
    }))
}

pub(crate) fn available(input: Members<'_>) -> Answer {
    let (order, held, now) = (input.parse::<FundingOrder>("order")?, Held::of(input)?, input.parse("now")?);
    for_purpose(input, |purpose| {
        let funds = held.funds()?;
        let rows = funds.available(&order, purpose, now)?;
        let row = |row: &counterfoil::wallet::Available<'_>| {
            json!({
                "source": source_shown(&row.source),
                "holds": money_shown(row.holds),
                "kept": money_shown(row.kept),
                "available": money_shown(row.available),
            })
        };
        Ok(rows.iter().map(row).collect())
    })
}

pub(crate) fn authorise(input: Members<'_>) -> Answer {
    let (charge, now) = (charge(input, "charge")?, input.parse("now")?);
    let earlier = input.optional("earlier").map(payment).transpose()?;
    let held = Held::of(input)?;
    let books = Books {
        unit_application: input.optional("unit_application").map(text).transpose()?,
        earlier: earlier.as_ref(),
        funds: &held.funds()?,
    };
    let authorisation = charge.authorise(&books, input.parse("expires")?, now)?;
    Ok(json!({
        "outcome": if matches!(authorisation, Authorisation::New(_)) { "new" } else { "replay" },
        "state": authorisation.lock().state_at(now).name(),
        "lock": lock_shown(authorisation.lock()),
    }))
}

pub(crate) fn capture(input: Members<'_>) -> Answer {
    let (lock, held) = (lock(input.value("lock")?)?, Held::of(input)?);
    let capture = lock.capture(input.money("amount")?, &held.funds()?, input.parse("now")?)?;
    let plan = capture.payment.plan();
    Ok(json!({
        "lock": lock_shown(&capture.lock),
        "charge": charge_shown(capture.payment.charge()),
        "method": plan.method().name(),
        "legs": plan.legs().iter().map(leg_shown).collect::<Vec<_>>(),
    }))
}

pub(crate) fn void(input: Members<'_>) -> Answer {
    Ok(lock_shown(&lock(input.value("lock")?)?.void(input.parse("now")?)?))
}

pub(crate) fn expire(input: Members<'_>) -> Answer {
    let expired = lock(input.value("lock")?)?.expire(input.parse("now")?)?;
    Ok(expired.as_ref().map_or(Value::Null, lock_shown))
}

pub(crate) fn fund_notices(input: Members<'_>) -> Answer {
    let fund = fund(input.value("fund")?)?;
    Ok(notices_shown(policy(input)?.due_of_fund(&fund, sent(input)?, input.parse("now")?)?))
}

pub(crate) fn balance_notices(input: Members<'_>) -> Answer {
    let (balance, policy, sent) = (input.money("balance")?, policy(input)?, sent(input)?);
    Ok(json!({
        "due": notices_shown(policy.due_of_balance(balance, sent)?),
        "sent": notices_shown(policy.still_sent(balance, sent)?),
    }))
}
