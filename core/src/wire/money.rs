use super::text::{RoundedOut, Show, Shown, Text, all, money, optional};
use crate::{
    error::Error,
    exact::Exact,
    money::{Currency, Money, Rounding, allocate as split},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parse {
    text: Text<Decimal>,
}

#[derive(Serialize)]
pub(super) struct Parsed {
    amount: Shown<Decimal>,
}

pub(super) fn parse(input: Parse) -> Result<Parsed, Error> {
    Ok(Parsed { amount: input.text.read()?.shown() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Add {
    /// The currency of the sum, also of nothing.
    currency: Text<Currency>,
    amounts: Vec<Text<Money>>,
}

#[derive(Serialize)]
pub(super) struct Added {
    sum: Shown<Money>,
}

pub(super) fn add(input: Add) -> Result<Added, Error> {
    let sum = Money::sum(all(&input.amounts)?, input.currency.read()?)?;
    Ok(Added { sum: money(sum) })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SubUnit {
    currency: Text<Currency>,
    name: String,
}

#[derive(Serialize)]
pub(super) struct SubUnitOf {
    /// What one is, in the currency.
    value: Shown<Decimal>,
    minor_digits: Option<u32>,
}

pub(super) fn sub_unit(input: SubUnit) -> Result<SubUnitOf, Error> {
    let currency = input.currency.read()?;
    Ok(SubUnitOf { value: currency.sub_unit(&input.name)?.shown(), minor_digits: currency.minor_digits() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SumOfProducts {
    products: Vec<Vec<Text<Exact>>>,
    rounding: Option<Text<Rounding>>,
}

#[derive(Serialize)]
pub(super) struct Sum {
    exact: Shown<Exact>,
    rounded: Option<RoundedOut>,
}

pub(super) fn sum_of_products(input: SumOfProducts) -> Result<Sum, Error> {
    let rounding = optional(&input.rounding)?;
    let mut sum = Exact::ZERO;
    for factors in &input.products {
        let mut product = Exact::ONE;
        for factor in factors {
            product = product.times(&factor.read()?)?;
        }
        sum = sum.plus(&product)?;
    }
    let exact = sum.shown();
    let rounded = rounding.map(|rounding| RoundedOut::of(&rounding.round(sum)?)).transpose()?;
    Ok(Sum { exact, rounded })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Round {
    exact: Text<Exact>,
    rounding: Text<Rounding>,
}

pub(super) fn round(input: Round) -> Result<RoundedOut, Error> {
    RoundedOut::of(&input.rounding.read()?.round(input.exact.read()?)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoundLines {
    lines: Vec<Text<Exact>>,
    rounding: Text<Rounding>,
}

#[derive(Serialize)]
pub(super) struct Amounts {
    amounts: Vec<Shown<Decimal>>,
}

pub(super) fn round_lines(input: RoundLines) -> Result<Amounts, Error> {
    let amounts = input.rounding.read()?.round_lines(&all(&input.lines)?)?;
    Ok(Amounts { amounts: amounts.iter().map(Show::shown).collect() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Allocate {
    amount: Text<Decimal>,
    weights: Vec<Text<Decimal>>,
    step: Text<Decimal>,
}

#[derive(Serialize)]
pub(super) struct Allocated {
    parts: Vec<Shown<Decimal>>,
}

pub(super) fn allocate(input: Allocate) -> Result<Allocated, Error> {
    let parts = split(input.amount.read()?, &all(&input.weights)?, input.step.read()?)?;
    Ok(Allocated { parts: parts.iter().map(Show::shown).collect() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Check {
    amount: Text<Decimal>,
    rounding: Text<Rounding>,
}

pub(super) fn check(input: Check) -> Result<Parsed, Error> {
    let amount = input.amount.read()?;
    input.rounding.read()?.check(amount)?;
    Ok(Parsed { amount: amount.shown() })
}
