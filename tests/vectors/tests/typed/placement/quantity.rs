use crate::input::{self, Answer, Fault, Members};
use counterfoil::{
    exact::RoundingMode,
    placement::{Resource, ResourceQuantity},
};
use serde_json::{Value, json};
use std::cmp::Ordering;

pub(crate) fn read(input: Members<'_>) -> Answer {
    let quantity = of(input, "text")?;
    let mut answer = written(&quantity);
    answer["value"] = quantity.value().map_or(Value::Null, |value| value.to_string().into());
    answer["milli"] = quantity.milli().map_or(Value::Null, |milli| milli.to_string().into());
    Ok(answer)
}

pub(crate) fn add(input: Members<'_>) -> Answer {
    Ok(written(&of(input, "a")?.plus(&of(input, "b")?)?))
}

pub(crate) fn subtract(input: Members<'_>) -> Answer {
    Ok(written(&of(input, "a")?.minus(&of(input, "b")?)?))
}

pub(crate) fn compare(input: Members<'_>) -> Answer {
    Ok(json!({ "order": match of(input, "a")?.cmp(&of(input, "b")?) {
        Ordering::Less => "less",
        Ordering::Equal => "equal",
        Ordering::Greater => "greater",
    } }))
}

pub(crate) fn in_units(input: Members<'_>) -> Answer {
    let (quantity, mode) = (of(input, "text")?, input.parse::<RoundingMode>("mode")?);
    Ok(json!({ "units": quantity.in_units(input.number("scale")?, mode)?.to_string() }))
}

pub(crate) fn round_up(input: Members<'_>) -> Answer {
    let quantity = of(input, "text")?;
    let rounded = quantity.round_up(input.number("scale")?)?;
    let mut answer = written(&rounded);
    answer["is_exact"] = (rounded == quantity).into();
    Ok(answer)
}

pub(crate) fn amount(input: Members<'_>) -> Answer {
    let (resource, mode) = (input.parse::<Resource>("resource")?, input.parse::<RoundingMode>("mode")?);
    shown(&resource, &of(input, "text")?, mode)
}

pub(crate) fn displayed(input: Members<'_>) -> Answer {
    let (resource, mode) = (input.parse::<Resource>("resource")?, input.parse::<RoundingMode>("mode")?);
    shown(&resource, &ResourceQuantity::parse_display(input.text("text")?, &resource)?, mode)
}

fn shown(resource: &Resource, quantity: &ResourceQuantity, mode: RoundingMode) -> Answer {
    let amount = resource.amount(quantity, mode)?;
    Ok(json!({
        "amount": amount.to_string(),
        "canonical": resource.quantity(amount).to_string(),
        "shown": resource.shown(amount, mode),
    }))
}

fn written(quantity: &ResourceQuantity) -> Value {
    json!({
        "canonical": quantity.to_string(),
        "format": quantity.format().to_string(),
        "exact": quantity.exact().to_string(),
    })
}

fn of(input: Members<'_>, member: &str) -> Result<ResourceQuantity, Fault> {
    Ok(input::amount(input.value(member)?)?.parse()?)
}
