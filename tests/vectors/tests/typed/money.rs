use crate::input::{Answer, Members, all, decimal, exact, list, money, rounded, texts};
use counterfoil::{
    exact::Exact,
    money::{Currency, Money, Rounding, allocate as split},
    units::Unit,
};
use serde_json::json;

pub(crate) fn parse(input: Members<'_>) -> Answer {
    Ok(json!({ "amount": input.decimal("text")?.to_string() }))
}

pub(crate) fn add(input: Members<'_>) -> Answer {
    let amounts = all(input.list("amounts")?, money)?;
    Ok(json!({ "sum": format!("{:#}", Money::sum(amounts, input.parse("currency")?)?) }))
}

pub(crate) fn sub_unit(input: Members<'_>) -> Answer {
    let currency: Currency = input.parse("currency")?;
    let value = currency.sub_unit(input.text("name")?)?;
    Ok(json!({ "value": value.to_string(), "minor_digits": currency.minor_digits() }))
}

pub(crate) fn sum_of_products(input: Members<'_>) -> Answer {
    let rounding: Option<Rounding> = input.parse_optional("rounding")?;
    let product = |factors: Vec<Exact>| factors.iter().try_fold(Exact::ONE, |product, factor| product.times(factor));
    let products = all(input.list("products")?, |factors| Ok(product(all(list(factors)?, exact)?)?))?;
    let sum = Exact::sum(&products)?;
    let rounding = rounding.map(|rounding| rounded(&rounding.round(sum.clone())?)).transpose()?;
    Ok(json!({ "exact": sum.to_string(), "rounded": rounding }))
}

pub(crate) fn round(input: Members<'_>) -> Answer {
    let rounding: Rounding = input.parse("rounding")?;
    rounded(&rounding.round(input.exact("exact")?)?)
}

pub(crate) fn round_lines(input: Members<'_>) -> Answer {
    let rounding: Rounding = input.parse("rounding")?;
    Ok(json!({ "amounts": texts(&rounding.round_lines(&all(input.list("lines")?, exact)?)?) }))
}

pub(crate) fn check(input: Members<'_>) -> Answer {
    let (amount, rounding) = (input.decimal("amount")?, input.parse::<Rounding>("rounding")?);
    rounding.check(amount)?;
    Ok(json!({ "amount": amount.to_string() }))
}

pub(crate) fn allocate(input: Members<'_>) -> Answer {
    let weights = all(input.list("weights")?, decimal)?;
    Ok(json!({ "parts": texts(&split(input.decimal("amount")?, &weights, input.decimal("step")?)?) }))
}

pub(crate) fn convert(input: Members<'_>) -> Answer {
    let converted = input.quantity("quantity")?.to(input.parse::<Unit>("to")?)?;
    Ok(json!({ "quantity": converted.to_string() }))
}
