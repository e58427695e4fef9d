use crate::input::{
    Answer, Fault, Members, all, choice, decimal, derivation, exact, list, money, number, rounded, shape, text,
};
use counterfoil::{
    exact::Exact,
    money::{Currency, Money, Ratio},
    pricing::{
        Cap, FundsGate, GatedOrder, Guarantee, MeasuredValue, OnDemand, OnDemandPrice, PriceTable, TableRow,
        bandwidth::{BandwidthDay, BandwidthPrice, Classic95, Enhanced95, GuaranteedDays, MonthGuarantee, UsedDays},
    },
    units::{MeasureRow, MeasureTable, Name},
};
use rust_decimal::Decimal;
use serde_json::{Value, json};

pub(crate) fn guarantee(input: Members<'_>) -> Answer {
    let whole = Guarantee::new(input.decimal("guaranteed")?)?;
    let guarantee = match input.optional("share") {
        Some(share) => whole.prorated(exact(share)?)?,
        None => whole,
    };
    let line = guarantee.charge(&input.exact("actual")?, input.parse("rounding")?)?;
    Ok(json!({
        "bill_type": line.bill_type().name(),
        "bss_bill_type": line.bill_type().bss_number(),
        "guaranteed": line.guaranteed().to_string(),
        "charged": rounded(line.rounded())?,
        "derivation": derivation(line.derivation()),
    }))
}

pub(crate) fn cap(input: Members<'_>) -> Answer {
    let cap = Cap::new(input.decimal("maximum")?)?;
    let lines: Vec<Exact> = all(input.list("lines")?, exact)?;
    let capped = cap.apply(&input.exact("already_billed")?, &lines, input.parse("rounding")?)?;
    let shown = capped.lines().iter().map(|line| {
        json!({
            "amount": line.amount().to_string(),
            "discount": line.discount().to_string(),
            "billed": line.billed().to_string(),
        })
    });
    Ok(json!({
        "lines": shown.collect::<Vec<_>>(),
        "billed": rounded(capped.rounded())?,
        "derivation": derivation(capped.derivation()),
    }))
}

fn decimals(value: &Value) -> Result<Vec<Decimal>, Fault> {
    all(list(value)?, decimal)
}

pub(crate) fn bandwidth_enhanced(input: Members<'_>) -> Answer {
    let days = all(input.list("days")?, |day| {
        let day = Members::of(day, &["day", "largest_size", "samples"])?;
        Ok(BandwidthDay {
            day: day.number("day")?,
            largest_size: day.decimal("largest_size")?,
            samples: decimals(day.value("samples")?)?,
        })
    })?;
    let month =
        Enhanced95 { days: &days, days_in_month: input.number("days_in_month")?, price: input.decimal("price")? };
    let charge = month.charge(input.parse("rounding")?)?;
    let peaks = charge
        .peaks()
        .iter()
        .map(|of| json!({ "day": of.day, "peak": of.peak.to_string(), "guarantee": of.guarantee.to_string() }));
    Ok(json!({
        "peaks": peaks.collect::<Vec<_>>(),
        "days_used": charge.days_used(),
        "guarantee": charge.guarantee().to_string(),
        "mean": charge.mean().to_string(),
        "charged": charge.charged().to_string(),
        "fee": rounded(charge.rounded())?,
        "derivation": derivation(charge.derivation()),
    }))
}

fn bandwidth_price(input: Members<'_>) -> Result<BandwidthPrice, Fault> {
    let price = input.members("price", &["price", "days_used", "days_in_month"])?;
    let days = UsedDays { used: price.number("days_used")?, in_month: price.number("days_in_month")? };
    Ok(BandwidthPrice::new(price.decimal("price")?, days)?)
}

pub(crate) fn bandwidth_classic(input: Members<'_>) -> Answer {
    let (samples, price) = (decimals(input.value("samples")?)?, bandwidth_price(input)?);
    let charge = Classic95 { samples: &samples, price }.charge(input.parse("rounding")?)?;
    Ok(json!({
        "samples": charge.samples(),
        "dropped": charge.dropped(),
        "peak": charge.peak().to_string(),
        "fee": rounded(charge.rounded())?,
        "derivation": derivation(charge.derivation()),
    }))
}

pub(crate) fn bandwidth_guarantee(input: Members<'_>) -> Answer {
    let days = all(input.list("days")?, |of| {
        let of = Members::of(of, &["guarantee", "days"])?;
        Ok(GuaranteedDays { guarantee: of.decimal("guarantee")?, days: of.number("days")? })
    })?;
    let month = MonthGuarantee::of(&days, input.number("days_in_month")?)?;
    Ok(json!({
        "guarantee": month.guarantee().to_string(),
        "days_used": month.days_used(),
        "derivation": derivation(month.derivation()),
    }))
}

pub(crate) fn bandwidth_fee(input: Members<'_>) -> Answer {
    let charge = bandwidth_price(input)?.charge(&input.exact("bandwidth")?, input.parse("rounding")?)?;
    Ok(json!({ "fee": rounded(charge.rounded())?, "derivation": derivation(charge.derivation()) }))
}

pub(crate) fn funds_gate(input: Members<'_>) -> Answer {
    let gate = match input.value("gate")? {
        Value::String(name) if name == "portal" => FundsGate::PORTAL,
        gate => match choice(gate)? {
            ("of", of) => {
                let of = Members::of(of, &["floor", "for_each_bucket"])?;
                FundsGate { floor: of.money("floor")?, for_each_bucket: of.money("for_each_bucket")? }
            }
            _ => return shape(format!("no gate {gate}")),
        },
    };
    let order = match choice(input.value("order")?)? {
        ("post_paid", of) => {
            let of = Members::of(of, &["day_price", "existing"])?;
            GatedOrder::PostPaid { day_price: of.money("day_price")?, existing: of.number("existing")? }
        }
        ("bucket", of) => GatedOrder::Bucket { existing: Members::of(of, &["existing"])?.number("existing")? },
        (other, _) => return shape(format!("no order {other}")),
    };
    let verdict = gate.check(order, money(input.value("available")?)?)?;
    let shown = |money: Money| format!("{money:#}");
    Ok(json!({
        "enough": verdict.is_enough(),
        "required": shown(verdict.required()),
        "available": shown(verdict.available()),
        "missing": shown(verdict.missing()),
        "derivation": derivation(verdict.derivation()),
    }))
}

/// A row is read from a file, as a program would: one that is no row has the faults of a file.
fn row(value: &Value, keys: &[Name]) -> Result<TableRow, Fault> {
    let row = Members::of(value, &["of", "price", "label"])?;
    let of = row.value("of")?;
    let known: Vec<&str> = keys.iter().map(Name::as_str).collect();
    let unknown = of.as_object().and_then(|of| of.keys().find(|key| !known.contains(&key.as_str())));
    if let Some(key) = unknown {
        let known = known.join(", ");
        return Err(counterfoil::error::PricingError::TableKeyUnknown { key: key.clone(), known }.into());
    }
    let of = Members::of(of, &known)?;
    let value = |key: &Name| match of.optional(key.as_str()) {
        Some(value) => Ok(text(value)?.parse::<Name>()?),
        None => Err(counterfoil::error::PricingError::TableKeyMissing { key: key.to_string() }.into()),
    };
    Ok(TableRow {
        of: keys.iter().map(value).collect::<Result<_, Fault>>()?,
        price: row.decimal("price")?,
        label: row.optional("label").map_or(Ok(""), text)?.to_owned(),
    })
}

pub(crate) fn table_price(input: Members<'_>) -> Answer {
    let table = input.members("table", &["currency", "keys", "rows"])?;
    let keys: Vec<Name> = all(table.list("keys")?, |key| Ok(text(key)?.parse()?))?;
    let rows = all(table.list("rows")?, |value| row(value, &keys))?;
    let table = PriceTable::new(table.parse::<Currency>("currency")?, keys, rows)?;
    let Some(of) = input.value("of")?.as_object() else { return shape("of is no object") };
    let asked = of.iter().map(|(key, value)| Ok((key.as_str(), text(value)?))).collect::<Result<Vec<_>, Fault>>()?;
    let discount = input.optional("discount").map(|ratio| Ok::<_, Fault>(Ratio::new(decimal(ratio)?)?)).transpose()?;
    let price = table.price(&asked, discount, input.parse("rounding")?)?;
    Ok(json!({
        "label": price.label(),
        "price": format!("{:#}", price.price()),
        "amount": rounded(price.rounded())?,
        "derivation": derivation(price.derivation()),
    }))
}

fn measures(input: Members<'_>) -> Result<MeasureTable, Fault> {
    let value = input.value("measures")?;
    if value == "bss" {
        return Ok(MeasureTable::bss()?);
    }
    let ("of", of) = choice(value)? else { return shape(format!("no measures {value}")) };
    let table = Members::of(of, &["measures", "rows"])?;
    let measures = all(table.list("measures")?, |of| {
        let of = Members::of(of, &["id", "name"])?;
        Ok((of.number("id")?, of.parse::<Name>("name")?))
    })?;
    let rows = all(table.list("rows")?, |row| {
        let row = Members::of(row, &["from", "to", "ratio"])?;
        Ok(MeasureRow { from: row.number("from")?, to: row.number("to")?, ratio: row.decimal("ratio")? })
    })?;
    Ok(MeasureTable::new(measures, rows)?)
}

pub(crate) fn convert_measure(input: Members<'_>) -> Answer {
    let (measures, to) = (measures(input)?, input.number("to")?);
    let amount = measures.convert(&input.exact("amount")?, input.number("from")?, to)?;
    Ok(json!({ "amount": amount.to_string(), "name": measures.name(to)?.as_str() }))
}

fn measured_value(value: &Value) -> Result<MeasuredValue, Fault> {
    let of = Members::of(value, &["value", "measure"])?;
    Ok(MeasuredValue { value: of.decimal("value")?, measure: of.number("measure")? })
}

pub(crate) fn on_demand(input: Members<'_>) -> Answer {
    let price = input.members("price", &["amount", "usage_measure", "size_measure"])?;
    let per_usage = OnDemandPrice::new(price.decimal("amount")?, price.number("usage_measure")?)?;
    let asked = OnDemand {
        factor: input.parse("factor")?,
        usage: measured_value(input.value("usage")?)?,
        size: input.optional("size").map(measured_value).transpose()?,
        price: match price.optional("size_measure") {
            Some(size) => per_usage.for_each(number(size)?),
            None => per_usage,
        },
    };
    let charge = asked.charge(&measures(input)?)?;
    Ok(json!({
        "factor": asked.factor.as_str(),
        "exact": charge.exact().to_string(),
        "shown": charge.shown().to_string(),
        "charged": charge.charged().to_string(),
        "truncated": charge.truncated().to_string(),
        "derivation": derivation(charge.derivation()),
    }))
}
