use crate::discount::{discounts, facts, line as trace_line};
use crate::input::{Answer, Fault, Members, all, choice, period, rounded, shape, texts};
use crate::metering::{quota, spec, whole};
use crate::pricing::{card, explained_line};
use counterfoil::{
    error::Language,
    metering::{Kind, Part},
    money::{Ratio, Rounding},
    pricing::{
        RateCard, Tariff, Terms,
        discount::{DiscountFacts, Discounts},
        inquiry::{
            Asked, BucketInquiry, PartInquiry, PartRequest, PayMode, PeriodInquiry, Portal, PortalOrder, PortalRenewal,
            Quote, RenewBy, ResellerInquiry, Resource, Stock, Term, TermMonths, Widget,
        },
    },
    time::{Instant, Period, Zone},
    units::Name,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(crate) fn term(value: &Value) -> Result<Term, Fault> {
    let term = Members::of(value, &["years", "months", "weeks", "days", "hours", "seconds"])?;
    let count = |key: &str| Ok::<u32, Fault>(term.optional_count(key)?.unwrap_or(0));
    let parts = [
        Term::years(count("years")?)?,
        Term::weeks(count("weeks")?)?,
        Term::days(count("days")?)?,
        Term::hours(count("hours")?)?,
        Term::seconds(count("seconds")?)?,
    ];
    parts.into_iter().try_fold(Term::months(count("months")?), |sum, part| Ok(sum.and(part)?))
}

pub(crate) fn months(input: Members<'_>) -> Result<TermMonths, Fault> {
    match input.optional("month") {
        None => Ok(TermMonths::Fixed30),
        Some(Value::String(name)) if name == "fixed_30" => Ok(TermMonths::Fixed30),
        Some(value) => match choice(value)? {
            ("calendar", zone) => Ok(TermMonths::Calendar(crate::input::text(zone)?.parse::<Zone>()?)),
            (other, _) => shape(format!("no month {other}")),
        },
    }
}

fn window(input: Members<'_>) -> Result<Period, Fault> {
    let of = input.members("for", &["start", "end", "term", "month"])?;
    let start: Instant = of.parse("start")?;
    match (of.parse_optional::<Instant>("end")?, of.optional("term")) {
        (Some(end), None) => Ok(Period::new(start, end)?),
        (None, asked) => {
            let asked = asked.map_or(Ok(Term::NONE), term)?;
            Ok(asked.period(start, months(of)?)?)
        }
        _ => shape("an end and a term"),
    }
}

fn tariff(input: Members<'_>, otherwise: Instant) -> Result<Tariff, Fault> {
    let at = input.parse_optional::<Instant>("at")?.unwrap_or(otherwise);
    Ok(card(input.value("card")?)?.tariff(&input.parse::<Kind>("kind")?, at)?)
}

/// Hands the terms of a quote to a reader.
fn on_terms<O>(input: Members<'_>, answer: impl FnOnce(Terms<'_>) -> Result<O, Fault>) -> Result<O, Fault> {
    let rounding: Rounding = input.parse("rounding")?;
    match input.optional("discounted") {
        None => answer(Terms::list(rounding)),
        Some(given) => {
            let given = Members::of(given, &["discounts", "facts"])?;
            let discounts: Discounts = discounts(given.value("discounts")?)?;
            let facts: DiscountFacts = facts(given)?;
            answer(Terms::discounted(&discounts, &facts, rounding))
        }
    }
}

fn quoted(quote: &Quote, input: Members<'_>) -> Answer {
    let subtotals = quote.subtotals()?;
    let line = |(line, subtotal): (&_, &rust_decimal::Decimal)| {
        let line: &counterfoil::pricing::ExplainedLine = line;
        let mut value = explained_line(line);
        if let Some(discounted) = &line.discount {
            value["discounts"] = discounted.trace().lines().iter().map(trace_line).collect();
        }
        value["subtotal"] = subtotal.to_string().into();
        value
    };
    let (original, payable) = quote.explain().recompute()?;
    let mut answer = json!({
        "revision": quote.revision().as_str(),
        "kind": quote.kind().as_str(),
        "at": quote.at().to_string(),
        "window": period(quote.window()),
        "count": quote.count(),
        "currency": quote.currency().code(),
        "rounding": quote.rounding().to_string(),
        "lines": quote.lines().iter().zip(&subtotals.lines).map(line).collect::<Vec<_>>(),
        "limit": subtotals.limit.to_string(),
        "original": rounded(quote.original_rounded())?,
        "payable": rounded(quote.payable_rounded())?,
        "recomputed": { "original": original.to_string(), "payable": payable.to_string() },
    });
    if input.optional("explain").is_some_and(|explain| explain == "text") {
        answer["text"] = quote.to_string().into();
        answer["text_zh"] = quote.text(Language::Chinese).into();
    }
    Ok(answer)
}

pub(crate) fn inquire(input: Members<'_>) -> Answer {
    let window = window(input)?;
    let tariff = tariff(input, window.start())?;
    let count = input.optional_count("count")?.unwrap_or(1);
    let asked = Asked::new(spec(input.value("spec")?)?, window).times(count)?;
    on_terms(input, |terms| quoted(&tariff.inquire(&asked, terms)?, input))
}

pub(crate) fn bill(input: Members<'_>) -> Answer {
    let window = input.period("window")?;
    let tariff = tariff(input, window.start())?;
    on_terms(input, |terms| match whole(input.value("of")?, window, quota(input)?)? {
        Some(usage) => quoted(&tariff.bill(&usage, terms)?, input),
        None => Ok(Value::Null),
    })
}

pub(crate) fn inquire_parts(input: Members<'_>) -> Answer {
    let window = window(input)?;
    let tariff = tariff(input, window.start())?;
    let requests = all(input.list("parts")?, |part| {
        let part = Members::of(part, &["part", "amount"])?;
        Ok(PartRequest { part: part.parse("part")?, amount: part.quantity("amount")? })
    })?;
    let stock = match input.optional("stock") {
        None => None,
        Some(rows) => Some(Stock::new(all(crate::input::list(rows)?, |row| {
            let row = Members::of(row, &["part", "cluster", "amount"])?;
            Ok((row.parse("part")?, row.parse("cluster")?, row.quantity("amount")?))
        })?)?),
    };
    let cluster: Option<Name> = input.parse_optional("cluster")?;
    let mut inquiry = PartInquiry::new(&requests, window);
    if let Some(stock) = &stock {
        inquiry = inquiry.against(stock, cluster.as_ref());
    }
    let quote = on_terms(input, |terms| Ok(tariff.inquire_parts(&inquiry, terms)?))?;
    let line = |line: &counterfoil::pricing::inquiry::PartLine| {
        let mut value = json!({ "part": line.request.part.to_string(), "amount": line.request.amount.to_string() });
        match &line.subtotal {
            Ok(subtotal) => value["subtotal"] = subtotal.to_string().into(),
            Err(fault) => {
                value["error"] = json!({
                    "code": fault.code(),
                    "message": fault.to_string(),
                    "message_zh": fault.message(Language::Chinese),
                });
            }
        }
        value
    };
    Ok(json!({
        "status": quote.fault().is_none(),
        "message": quote.fault().map(ToString::to_string),
        "message_zh": quote.fault().map(|fault| fault.message(Language::Chinese)),
        "parts": quote.lines().iter().map(line).collect::<Vec<_>>(),
        "quote": quoted(quote.quote(), input)?,
    }))
}

pub(crate) fn inquire_period(input: Members<'_>) -> Answer {
    let start: Instant = input.parse("start")?;
    let tariff = tariff(input, start)?;
    let inquiry = PeriodInquiry {
        term: term(input.value("term")?)?,
        months: months(input)?,
        number: input.optional_count("number")?.unwrap_or(1),
        subscriptions: input.optional_count("subscriptions")?.unwrap_or(1),
        start,
    };
    let optional = input.optional("optional_discounts").map_or(Ok(Discounts::NONE), discounts)?;
    let spec = spec(input.value("spec")?)?;
    let quote = on_terms(input, |terms| Ok(tariff.inquire_period(&spec, &inquiry, terms, &optional)?))?;
    let offers = quote.optional().iter().map(|offer| {
        json!({
            "rule": offer.rule.as_str(),
            "discount_amount": offer.discount.to_string(),
            "amount": offer.quote.payable().to_string(),
        })
    });
    Ok(json!({
        "official_amount": quote.official().to_string(),
        "discount_amount": quote.discount().to_string(),
        "amount": quote.amount().to_string(),
        "optional": offers.collect::<Vec<_>>(),
        "best_offer": quote.best_offer().map(|offer| offer.rule.as_str()),
        "quote": quoted(quote.quote(), input)?,
    }))
}

pub(crate) fn reseller(input: Members<'_>) -> Answer {
    let model =
        |of: Members<'_>| of.optional("model").map(|model| crate::input::text(model).map(str::to_owned)).transpose();
    let widgets = all(input.list("widgets")?, |widget| {
        let known = ["type", "model", "unit_price", "price_unit", "charge_unit", "account_unit"];
        let of = Members::of(widget, &known)?;
        let text = |key: &str| of.text(key);
        Ok(Widget::new(
            text("type")?,
            model(of)?.as_deref(),
            of.decimal("unit_price")?,
            text("price_unit")?,
            text("charge_unit")?,
            text("account_unit")?,
        )?)
    })?;
    let resources = all(input.list("resources")?, |resource| {
        let of = Members::of(resource, &["type", "model", "amount", "unit"])?;
        let amount = of.value("amount")?.as_u64().map_or_else(|| shape("no amount"), Ok)?;
        Ok(Resource::new(of.text("type")?, model(of)?.as_deref(), amount, of.text("unit")?)?)
    })?;
    let stock = match input.optional("stock") {
        None => None,
        Some(rows) => Some(all(crate::input::list(rows)?, |row| {
            let of = Members::of(row, &["part", "amount"])?;
            let amount = of.value("amount")?.as_u64().map_or_else(|| shape("no amount"), Ok)?;
            Ok((of.parse::<Part>("part")?, amount))
        })?),
    };
    let inquiry = ResellerInquiry {
        widgets,
        resources,
        duration: input.optional_count("duration")?.unwrap_or(0),
        duration_unit: input.parse("duration_unit")?,
        months: months(input)?,
        start: input.parse("start")?,
        stock: stock.map(|rows| rows.into_iter().collect::<BTreeMap<_, _>>()),
    };
    let answer = inquiry.answer()?;
    let errors: Map<String, Value> =
        answer.line_errors.iter().map(|(place, message)| (place.to_string(), message.as_str().into())).collect();
    Ok(json!({
        "status": answer.status,
        "message": answer.message,
        "total": answer.total.to_string(),
        "currency": answer.currency,
        "subtotals": texts(&answer.subtotals),
        "line_errors": errors,
    }))
}

fn portal<O>(input: Members<'_>, ask: impl FnOnce(&Portal<'_>) -> Result<O, Fault>) -> Result<O, Fault> {
    let card: RateCard = card(input.value("card")?)?;
    let portal = Portal::new(&card, Ratio::percent(input.decimal("prepaid_percent")?)?)?;
    ask(&match input.optional("bucket").and_then(Value::as_str) {
        Some("legacy") => portal.asking_buckets(BucketInquiry::Legacy),
        _ => portal,
    })
}

pub(crate) fn portal_order(input: Members<'_>) -> Answer {
    let order = PortalOrder {
        term: input.optional("term").map(term).transpose()?,
        count: input.optional_count("count")?.unwrap_or(1),
        pay: match input.text("pay")? {
            "pre_paid" => PayMode::PrePaid,
            "post_paid" => PayMode::PostPaid,
            other => return shape(format!("no way to pay {other}")),
        },
    };
    portal(input, |portal| {
        let spec = spec(input.value("spec")?)?;
        quoted(&portal.order(&input.parse::<Kind>("kind")?, spec, order, input.parse("now")?)?, input)
    })
}

pub(crate) fn portal_renewal(input: Members<'_>) -> Answer {
    let term = input.optional("term").map(term).transpose()?;
    let by = RenewBy::from_fields(term, input.parse_optional("until")?)?;
    let renewal = PortalRenewal { expiry: input.parse("expiry")?, by };
    portal(input, |portal| {
        let spec = spec(input.value("spec")?)?;
        quoted(&portal.renew(&input.parse::<Kind>("kind")?, spec, renewal, input.parse("now")?)?, input)
    })
}
