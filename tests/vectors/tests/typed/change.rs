use crate::input::{
    Answer, Fault, Members, all, choice, derivation, exact, list, number, period, rounded, shape, text,
};
use counterfoil::{
    money::{Ratio, Rounded, Rounding},
    pricing::change::{
        Change, ChangeTerms, Counts, CountsBy, Downgrade, Due, Fee, FeeTable, Legs, Months, OrderTerm, Paid, PaidPlan,
        PartOfMonth, PlanCycle, RefundPolicy, Remaining, Subscription, to_month_end,
    },
    time::{Instant, Zone},
};
use serde_json::{Value, json};

fn ratio(value: &Value) -> Result<Ratio, Fault> {
    Ok(Ratio::new(crate::input::decimal(value)?)?)
}

fn months(value: &Value) -> Result<Months, Fault> {
    match value.as_str() {
        Some("natural") => Ok(Months::Natural),
        Some("fixed_30") => Ok(Months::Fixed30),
        Some("thirty_days") => Ok(Months::ThirtyDays),
        Some(other) => shape(format!("no months {other}")),
        None => match choice(value)? {
            ("anchored", anchor) => Ok(Months::Anchored { anchor: text(anchor)?.parse()? }),
            (other, _) => shape(format!("no months {other}")),
        },
    }
}

fn remaining(input: Members<'_>) -> Result<Remaining, Fault> {
    match choice(input.value("remaining")?)? {
        ("days", parts) => {
            let parts = all(list(parts)?, |part| {
                let part = Members::of(part, &["days", "of"])?;
                Ok(PartOfMonth { days: exact(part.value("days")?)?, of: exact(part.value("of")?)? })
            })?;
            Ok(Remaining::of_days(parts)?)
        }
        ("period", of) => {
            let of = Members::of(of, &["period", "months", "zone"])?;
            Ok(Remaining::of_period(of.period("period")?, months(of.value("months")?)?, of.parse("zone")?)?)
        }
        ("order", of) => {
            let of = Members::of(of, &["order", "at", "months", "zone"])?;
            let (order, at) = (of.period("order")?, of.parse("at")?);
            Ok(Remaining::of_order(order, at, months(of.value("months")?)?, of.parse("zone")?)?)
        }
        (other, _) => shape(format!("nothing remains of {other}")),
    }
}

fn remaining_shown(remaining: &Remaining) -> Value {
    json!({ "months": remaining.months().to_string(), "counted": remaining.counted().map(period) })
}

pub(crate) fn remaining_months(input: Members<'_>) -> Answer {
    Ok(remaining_shown(&remaining(input)?))
}

pub(crate) fn change_specification(input: Members<'_>) -> Answer {
    let remaining = remaining(input)?;
    let terms = ChangeTerms {
        discount: input.optional("discount").map(ratio).transpose()?.unwrap_or(Ratio::ONE),
        downgrade: match input.text("downgrade")? {
            "refund" => Downgrade::Refund,
            "refuse" => Downgrade::Refuse,
            other => return shape(format!("no downgrade {other}")),
        },
        legs: match input.text("legs")? {
            "net" => Legs::Net,
            "each" => Legs::Each,
            other => return shape(format!("no legs {other}")),
        },
        rounding: input.parse("rounding")?,
    };
    let change = match choice(input.value("change")?)? {
        ("price", of) => {
            let of = Members::of(of, &["old", "new"])?;
            Change::Price { old: of.decimal("old")?, new: of.decimal("new")? }
        }
        ("amount", of) => {
            let of = Members::of(of, &["old", "new", "price"])?;
            Change::Amount { old: of.decimal("old")?, new: of.decimal("new")?, price: of.decimal("price")? }
        }
        ("expansion", of) => {
            let of = Members::of(of, &["by", "price"])?;
            Change::expansion(of.decimal("by")?, of.decimal("price")?)
        }
        (other, _) => return shape(format!("no change {other}")),
    };
    let cost = change.cost(&remaining, terms)?;
    let leg = |leg: Option<&Rounded>| leg.map_or(Ok(Value::Null), rounded);
    Ok(json!({
        "payable": rounded(cost.rounded())?,
        "due": match cost.due() {
            Due::Pay(_) => "pay",
            Due::Refund(_) => "refund",
            Due::Nothing => "nothing",
        },
        "credit": leg(cost.credit())?,
        "charge": leg(cost.charge())?,
        "remaining": remaining_shown(&remaining),
        "derivation": derivation(cost.derivation()),
    }))
}

fn plan(input: Members<'_>) -> Result<PaidPlan, Fault> {
    let plan = input.members("plan", &["cycles", "zone"])?;
    let cycles = all(plan.list("cycles")?, |cycle| {
        let cycle = Members::of(cycle, &["period", "price"])?;
        Ok(PlanCycle { period: cycle.period("period")?, price: cycle.decimal("price")? })
    })?;
    Ok(PaidPlan::new(cycles, plan.parse("zone")?)?)
}

pub(crate) fn plan_remaining(input: Members<'_>) -> Answer {
    let value = plan(input)?.remaining(input.parse("now")?, input.parse("rounding")?)?;
    Ok(json!({ "remaining": rounded(value.rounded())?, "derivation": derivation(value.derivation()) }))
}

pub(crate) fn switch_plan(input: Members<'_>) -> Answer {
    let (price, now) = (input.decimal("price")?, input.parse("now")?);
    let switch = plan(input)?.switch(price, now, input.parse("rounding")?)?;
    Ok(json!({
        "payment": switch.payment().to_string(),
        "remaining": rounded(switch.remaining())?,
        "derivation": derivation(switch.derivation()),
    }))
}

pub(crate) fn cancel_plan(input: Members<'_>) -> Answer {
    let (back, now) = (ratio(input.value("given_back")?)?, input.parse("now")?);
    let value = plan(input)?.cancel(back, now, input.parse("rounding")?)?;
    Ok(json!({ "refund": rounded(value.rounded())?, "derivation": derivation(value.derivation()) }))
}

fn subscription(input: Members<'_>) -> Result<Subscription, Fault> {
    let order = input.members("order", &["period", "purchased", "zone"])?;
    let subscription = Subscription::new(order.period("period")?, order.parse::<Zone>("zone")?);
    match order.parse_optional("purchased")? {
        Some(at) => Ok(subscription.purchased(at)?),
        None => Ok(subscription),
    }
}

fn by(input: Members<'_>) -> Result<CountsBy, Fault> {
    match input.text("by")? {
        "hours" => Ok(CountsBy::Hours),
        "days" => Ok(CountsBy::Days),
        other => shape(format!("nothing is counted by {other}")),
    }
}

pub(crate) fn used_of_order(input: Members<'_>) -> Answer {
    let (order, at): (_, Instant) = (subscription(input)?, input.parse("at")?);
    let counts = order.counts(at, by(input)?)?;
    Ok(json!({
        "used": counts.used().to_string(),
        "ordered": counts.ordered().to_string(),
        "year": order.year_of_use(at)?,
    }))
}

fn table(input: Members<'_>) -> Result<FeeTable, Fault> {
    let value = input.value("table")?;
    if value == "bss_intl" {
        return Ok(FeeTable::bss_intl());
    }
    let ("rows", rows) = choice(value)? else { return shape(format!("{value} is no table of fees")) };
    let rows = all(list(rows)?, |row| {
        let row = Members::of(row, &["term", "ratios"])?;
        Ok((row.parse::<OrderTerm>("term")?, all(row.list("ratios")?, ratio)?))
    })?;
    Ok(FeeTable::new(rows)?)
}

pub(crate) fn unsubscribe(input: Members<'_>) -> Answer {
    let rounding: Rounding = input.parse("rounding")?;
    let mut paid = Paid::new(input.decimal("paid")?)?;
    if input.optional("vouchers").is_some() {
        paid = paid.by_vouchers(input.decimal("vouchers")?)?;
    }
    let refund = match choice(input.value("of")?)? {
        ("counts", of) => {
            let of = Members::of(of, &["used", "ordered", "fee"])?;
            let counts = Counts::new(of.exact("used")?, of.exact("ordered")?)?;
            paid.refund(&counts, ratio(of.value("fee")?)?, rounding)?
        }
        ("order", of) => {
            let of = Members::of(of, &["order", "at", "by", "fee", "in_full_days"])?;
            let fee = match choice(of.value("fee")?)? {
                ("share", share) => Fee::Share(ratio(share)?),
                ("table", of) => {
                    let of = Members::of(of, &["table", "term"])?;
                    Fee::Table { table: table(of)?, term: of.parse("term")? }
                }
                (other, _) => return shape(format!("no fee {other}")),
            };
            let in_full_days = of.optional("in_full_days").map(number).transpose()?;
            let policy = RefundPolicy { by: by(of)?, fee, in_full_days, rounding };
            subscription(of)?.refund(paid, of.parse("at")?, &policy)?
        }
        (other, _) => return shape(format!("nothing is refunded of {other}")),
    };
    Ok(json!({
        "refund": rounded(refund.rounded())?,
        "basis": refund.basis().name(),
        "paid": refund.paid().to_string(),
        "consumed": refund.consumed().to_string(),
        "fee": refund.fee().to_string(),
        "uncovered": refund.uncovered().to_string(),
        "derivation": derivation(refund.derivation()),
    }))
}

pub(crate) fn handling_fee(input: Members<'_>) -> Answer {
    let (table, term) = (table(input)?, input.parse("term")?);
    let fee = table.fee(input.decimal("paid")?, term, input.number("year")?, input.parse("rounding")?)?;
    Ok(json!({
        "fee": rounded(fee.rounded())?,
        "ratio": fee.ratio().to_string(),
        "derivation": derivation(fee.derivation()),
    }))
}

pub(crate) fn month_end(input: Members<'_>) -> Answer {
    let (at, zone) = (input.parse("at")?, input.parse("zone")?);
    let paid = to_month_end(input.decimal("price")?, at, zone, input.parse("rounding")?)?;
    Ok(json!({ "payable": rounded(paid.rounded())?, "derivation": derivation(paid.derivation()) }))
}
