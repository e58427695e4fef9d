use crate::input::{Answer, Fault, Members, all, choice, decimal, list, period, rounded, shape, text};
use crate::metering::{history, portal_segments, quota, whole};
use counterfoil::{
    error::{Language, PricingError},
    metering::{Kind, Usage},
    money::{Currency, Ratio, Rounding},
    pricing::{Every, ExplainedLine, Percentage, Rate, RateCard, Rated, Shape, Tariff, Tier, ZeroUsage},
    time::{Instant, MonthLength, Period},
    units::{TimeUnit, Unit},
};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// A card is read from a file, as a program would.
pub(crate) fn card(value: &Value) -> Result<RateCard, Fault> {
    let known = ["revision", "currency", "from", "to", "rates", "limits"];
    let members = Members::of(value, &known)?;
    let lines = known.into_iter().filter_map(|key| {
        let value = members.optional(key)?;
        Some(format!("{key} = {}\n", toml(value)))
    });
    Ok(RateCard::from_toml(&lines.collect::<String>())?)
}

/// The same value in TOML, on one line.
pub(crate) fn toml(value: &Value) -> String {
    match value {
        Value::Array(values) => format!("[{}]", values.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| format!("{} = {}", Value::from(key.as_str()), toml(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_string(),
    }
}

fn optional_decimal(input: Members<'_>, key: &str) -> Result<Option<Decimal>, Fault> {
    input.optional(key).map(decimal).transpose()
}

fn tier(value: &Value) -> Result<Tier, Fault> {
    let tier = Members::of(value, &["up_to", "price", "percent", "flat"])?;
    let percent = tier.optional("percent").map(|percent| Tier::percent_rest(text(percent)?).map_err(Fault::from));
    Ok(Tier {
        up_to: optional_decimal(tier, "up_to")?,
        price: match percent {
            Some(tier) => tier?.price,
            None => optional_decimal(tier, "price")?.unwrap_or_default(),
        },
        flat: optional_decimal(tier, "flat")?.unwrap_or_default(),
    })
}

/// A rate, built in code; how long its time-unit is, where it has one of a fixed length.
pub(crate) fn rate_of(rate: &Value) -> Result<Rate, Fault> {
    let known = [
        "kind",
        "part",
        "per",
        "every",
        "price",
        "shape",
        "tiers",
        "package_size",
        "percent",
        "event_fee",
        "event_minimum",
        "event_maximum",
        "free",
        "minimum",
        "maximum",
        "zero_usage",
    ];
    let rate = Members::of(rate, &known)?;
    let tiers = || all(rate.optional("tiers").map_or(Ok([].as_slice()), list)?, tier);
    let shape = match rate.optional("shape").map_or(Ok("per_unit"), text)? {
        "per_unit" if rate.optional("price").is_none() => {
            let entry = format!("{} {}", rate.text("kind")?, rate.text("part")?);
            return Err(PricingError::BadRate { entry, fault: "its price is missing" }.into());
        }
        "per_unit" => Shape::per_unit(rate.decimal("price")?),
        "graduated" => Shape::graduated(&tiers()?)?,
        "volume" => Shape::volume(&tiers()?)?,
        "stair_step" => Shape::stair_step(&tiers()?)?,
        "package" => Shape::package(rate.decimal("package_size")?, rate.decimal("price")?)?,
        "percentage" => Shape::percentage(Percentage {
            ratio: Ratio::percent(rate.decimal("percent")?)?,
            fee: optional_decimal(rate, "event_fee")?.unwrap_or_default(),
            minimum: optional_decimal(rate, "event_minimum")?,
            maximum: optional_decimal(rate, "event_maximum")?,
        })?,
        other => return shape(format!("no shape {other}")),
    };
    let every = match rate.parse::<TimeUnit>("every")? {
        TimeUnit::Second => Every::Second,
        TimeUnit::Minute => Every::Minute,
        TimeUnit::Hour => Every::Hour,
        TimeUnit::Day => Every::Day,
        TimeUnit::Month => Every::Month(MonthLength::Fixed30),
        TimeUnit::Once => Every::Once,
    };
    Ok(Rate {
        shape,
        per: rate.parse::<Unit>("per")?,
        every,
        free: optional_decimal(rate, "free")?.unwrap_or_default(),
        minimum: optional_decimal(rate, "minimum")?,
        maximum: optional_decimal(rate, "maximum")?,
        zero: if rate.optional("zero_usage").is_some_and(|zero| zero == "charged") {
            ZeroUsage::Charged
        } else {
            ZeroUsage::Free
        },
    })
}

pub(crate) fn amount(input: Members<'_>) -> Answer {
    let _: Currency = input.parse("currency")?;
    let rate = rate_of(input.value("rate")?)?; // units are given, so it does not matter of how long
    Ok(json!({ "amount": rate.amount(&input.exact("units")?)?.to_string() }))
}

fn tariff(input: Members<'_>, window: Period) -> Result<Tariff, Fault> {
    let at: Option<Instant> = input.parse_optional("at")?;
    Ok(card(input.value("card")?)?.tariff(&input.parse::<Kind>("kind")?, at.unwrap_or(window.start()))?)
}

pub(crate) fn exact(input: &Value) -> Answer {
    let input = Members::of(input, &["card", "kind", "of", "window", "quota", "at"])?;
    let window = input.period("window")?;
    let tariff = tariff(input, window)?;
    let Some(usage) = whole(input.value("of")?, window, quota(input)?)? else {
        return Ok(Value::Null);
    };
    let amounts = tariff.exact(&usage)?;
    Ok(json!({
        "revision": tariff.revision().as_str(),
        "currency": tariff.currency().code(),
        "original": amounts.original.to_string(),
        "payable": amounts.payable.to_string(),
    }))
}

fn rated(input: &Value, answer: fn(&Rated<'_>) -> Answer) -> Answer {
    let input = Members::of(input, &["card", "kind", "of", "window", "quota", "rounding", "at"])?;
    let (window, rounding) = (input.period("window")?, input.parse::<Rounding>("rounding")?);
    let tariff = tariff(input, window)?;
    let of = input.value("of")?;
    let segments: Option<Vec<Usage>> = match choice(of)? {
        ("segments", spans) => {
            let (history, quota) = (history(spans)?, quota(input)?);
            let lived = history.usage_under(window, quota)?.is_some();
            lived.then(|| history.segments(window, quota)).transpose()?
        }
        ("portal", rows) => portal_segments(rows, window)?,
        _ => {
            let usage = whole(of, window, quota(input)?)?;
            return usage.map_or(Ok(Value::Null), |usage| answer(&tariff.rate(&usage, rounding)?));
        }
    };
    segments.map_or(Ok(Value::Null), |segments| answer(&tariff.rate_segments(&segments, rounding)?))
}

pub(crate) fn rate(input: &Value) -> Answer {
    rated(input, |rated| {
        Ok(json!({
            "revision": rated.tariff().revision().as_str(),
            "kind": rated.tariff().kind().as_str(),
            "currency": rated.tariff().currency().code(),
            "rounding": rated.rounding().to_string(),
            "original": rounded(rated.original_rounded())?,
            "payable": rounded(rated.payable_rounded())?,
        }))
    })
}

pub(crate) fn explained_line(line: &ExplainedLine) -> Value {
    json!({
        "segment": line.segment,
        "window": period(line.window),
        "part": line.part.to_string(),
        "unit": line.unit(),
        "used": line.used.to_string(),
        "payable_units": line.payable_units.to_string(),
        "price": line.rate.to_string(),
        "price_zh": line.rate.text(Language::Chinese),
        "original": line.original.to_string(),
        "payable": line.payable.to_string(),
    })
}

pub(crate) fn explain(input: &Value) -> Answer {
    rated(input, |rated| {
        let explanation = rated.explain()?;
        let lines = explanation.lines().iter().map(explained_line);
        let (original_limit, payable_limit) = explanation.limited()?;
        let (original, payable) = explanation.recompute()?;
        Ok(json!({
            "revision": explanation.revision().as_str(),
            "kind": explanation.kind().as_str(),
            "currency": explanation.currency().code(),
            "rounding": explanation.rounding().to_string(),
            "lines": lines.collect::<Vec<_>>(),
            "limited": {
                "original": original_limit.map(|limit| limit.to_string()),
                "payable": payable_limit.map(|limit| limit.to_string()),
            },
            "original": rounded(explanation.original())?,
            "payable": rounded(explanation.payable())?,
            "recomputed": { "original": original.to_string(), "payable": payable.to_string() },
            "text": explanation.to_string(),
            "text_zh": explanation.text(Language::Chinese),
        }))
    })
}
