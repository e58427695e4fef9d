//! Refunds (R-W14 … R-W19).

use crate::{
    funding::fund,
    input::{Answer, Fault, Members, all, choice, decimal, money, shape},
    wallet::{coupon, money_shown, payment, source, source_shown},
};
use counterfoil::{
    money::Money,
    wallet::{
        Coupon, Destination, Fund, GiveBack, ItemShares, OrderItem, Refund, RefundBooks, RefundLeg, RefundOutcome,
        RefundRequest, Refundable, Refunds, Standing, refund_of_correction,
    },
};
use rust_decimal::Decimal;
use serde_json::{Value, json};

fn request(value: &Value) -> Result<RefundRequest, Fault> {
    let known = ["id", "application", "order", "amount", "fee", "step", "returned", "give_back"];
    let request = Members::of(value, &known)?;
    let amount = request.money("amount")?;
    // None is written as nothing, with the digits of the amount.
    let nothing = Money::new(Decimal::new(0, amount.amount().scale()), amount.currency());
    Ok(RefundRequest {
        id: request.text("id")?.to_owned(),
        application: request.text("application")?.to_owned(),
        order: request.text("order")?.to_owned(),
        amount,
        fee: request.optional("fee").map(money).transpose()?.unwrap_or(nothing),
        step: request.decimal("step")?,
        returned: request.parse("returned")?,
        give_back: match request.value("give_back")? {
            Value::String(word) => match word.as_str() {
                "same_coupon" => GiveBack::SameCoupon,
                "balance_if_expired" => GiveBack::BalanceIfExpired,
                "balance" => GiveBack::Balance,
                "recorded_only" => GiveBack::RecordedOnly,
                "not_coupons" => GiveBack::NotCoupons,
                _ => return shape(format!("no give-back {word}")),
            },
            with => match choice(with)? {
                ("same_coupon_until", until) => GiveBack::SameCouponUntil(crate::input::text(until)?.parse()?),
                _ => return shape(format!("no give-back {with}")),
            },
        },
    })
}

fn leg(value: &Value) -> Result<RefundLeg, Fault> {
    let leg = Members::of(value, &["source", "amount", "to"])?;
    let to = match leg.value("to")? {
        Value::String(to) if to == "source" => Destination::Source,
        Value::String(to) if to == "balance" => Destination::Balance,
        Value::String(to) if to == "recorded" => Destination::Recorded,
        to => match choice(to)? {
            ("source_until", until) => Destination::SourceUntil(crate::input::text(until)?.parse()?),
            _ => return shape(format!("no destination {to}")),
        },
    };
    Ok(RefundLeg::new(source(leg.value("source")?)?, leg.money("amount")?, to)?)
}

fn leg_shown(leg: &RefundLeg) -> Value {
    json!({
        "source": source_shown(leg.source()),
        "amount": money_shown(leg.amount()),
        "to": match leg.to() {
            Destination::SourceUntil(until) => json!({ "source_until": until.to_string() }),
            to => json!(to.name()),
        },
    })
}

fn kept(value: &Value) -> Result<Refund, Fault> {
    let kept = Members::of(value, &["request", "legs", "state"])?;
    Ok(Refund::new(request(kept.value("request")?)?, all(kept.list("legs")?, leg)?, kept.parse("state")?)?)
}

fn refunds(input: Members<'_>) -> Result<Refunds, Fault> {
    Ok(Refunds::new(payment(input.value("payment")?)?, all(input.list("refunds")?, kept)?)?)
}

fn standings(refunds: &Refunds) -> Answer {
    let shown = |standing: &Standing| {
        Ok(json!({
            "source": source_shown(standing.source()),
            "paid": money_shown(standing.paid()),
            "returned": money_shown(standing.returned()),
            "left": money_shown(standing.left()?),
        }))
    };
    Ok(refunds.standings().iter().map(shown).collect::<Result<Vec<_>, Fault>>()?.into())
}

pub(crate) fn refund(input: Members<'_>) -> Answer {
    let refunds = refunds(input)?;
    let elsewhere = input.optional("elsewhere").map(kept).transpose()?;
    let coupons: Vec<Coupon> = match input.optional("coupons") {
        Some(coupons) => all(crate::input::list(coupons)?, coupon)?,
        None => vec![],
    };
    let funds: Vec<Fund> = match input.optional("funds") {
        Some(funds) => all(crate::input::list(funds)?, fund)?,
        None => vec![],
    };
    let (request, now) = (request(input.value("request")?)?, input.parse("now")?);
    let books = RefundBooks { elsewhere: elsewhere.as_ref(), coupons: &coupons, funds: &funds, now };
    let outcome = refunds.plan(&request, &books)?;
    let (name, after, text) = match &outcome {
        RefundOutcome::New(plan) => {
            let after = refunds.clone().with(plan.refund().clone())?;
            assert_eq!(plan.left(), after.left()?);
            ("new", after, Some(plan.to_string()))
        }
        RefundOutcome::Retry(_) => ("retry", refunds.clone(), None),
        RefundOutcome::Replay(_) => ("replay", refunds.clone(), None),
    };
    let refund = outcome.refund();
    Ok(json!({
        "outcome": name,
        "state": refund.state().name(),
        "amount": money_shown(refund.request().amount),
        "fee": money_shown(refund.request().fee),
        "net": money_shown(refund.request().net()?),
        "legs": refund.legs().iter().map(leg_shown).collect::<Vec<_>>(),
        "sources": standings(&after)?,
        "left": money_shown(after.left()?),
        "text": text,
    }))
}

pub(crate) fn transition(input: Members<'_>) -> Answer {
    let id = input.text("id")?;
    let after = refunds(input)?.after(id, input.parse("event")?)?;
    Ok(json!({
        "state": after.refund(id).map(|refund| refund.state().name()),
        "sources": standings(&after)?,
        "left": money_shown(after.left()?),
    }))
}

pub(crate) fn items(input: Members<'_>) -> Answer {
    let items = all(input.list("items")?, |item| {
        let item = Members::of(item, &["id", "weight", "delivered"])?;
        Ok(OrderItem {
            id: item.text("id")?.to_owned(),
            weight: item.optional("weight").map(decimal).transpose()?.unwrap_or(Decimal::ONE),
            delivered: item.flag("delivered")?,
        })
    })?;
    let shares = ItemShares::new(input.money("paid")?, &items, input.decimal("step")?)?;
    let shown = shares.shares().iter().map(
        |share| json!({ "id": share.id(), "amount": money_shown(share.amount()), "delivered": share.delivered() }),
    );
    Ok(json!({
        "refund": money_shown(shares.undelivered()),
        "items": shown.collect::<Vec<_>>(),
        "text": shares.to_string(),
    }))
}

pub(crate) fn of_correction(input: Members<'_>) -> Answer {
    let payments = all(input.list("payments")?, |payment| {
        let payment = Members::of(payment, &["order", "paid_at", "left"])?;
        Ok(Refundable {
            order: payment.text("order")?.to_owned(),
            paid_at: payment.parse("paid_at")?,
            left: payment.money("left")?,
        })
    })?;
    let drawn = refund_of_correction(input.money("amount")?, &payments)?;
    let shown = drawn.iter().map(|drawn| json!({ "order": drawn.order, "amount": money_shown(drawn.amount) }));
    Ok(json!({ "refunds": shown.collect::<Vec<_>>() }))
}
