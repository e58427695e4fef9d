//! Quantities of resources, and amounts in their smallest units.

use crate::{
    error::Error,
    exact::{Exact, RoundingMode},
    placement::{Format, Resource, ResourceQuantity},
    wire::text::{Show, Shown, Text, Word},
};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct ReadCall {
    text: Text<ResourceQuantity>,
}

#[derive(Serialize)]
pub(in crate::wire) struct ReadOut {
    canonical: Shown<ResourceQuantity>,
    format: Word<Format>,
    exact: Shown<Exact>,
    /// Away from zero; none beyond 64 bits.
    value: Option<Shown<u128>>,
    milli: Option<Shown<u128>>,
}

/// A quantity, written.
#[derive(Serialize)]
pub(in crate::wire) struct QuantityOut {
    canonical: Shown<ResourceQuantity>,
    format: Word<Format>,
    exact: Shown<Exact>,
}

impl From<&ResourceQuantity> for QuantityOut {
    fn from(quantity: &ResourceQuantity) -> Self {
        Self { canonical: quantity.shown(), format: Word(quantity.format()), exact: quantity.exact().shown() }
    }
}

pub(in crate::wire) fn read(input: ReadCall) -> Result<ReadOut, Error> {
    let quantity = input.text.read()?;
    let QuantityOut { canonical, format, exact } = (&quantity).into();
    let written = |units: i64| units.shown();
    Ok(ReadOut {
        canonical,
        format,
        exact,
        value: quantity.value().ok().map(written),
        milli: quantity.milli().ok().map(written),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct PairCall {
    a: Text<ResourceQuantity>,
    b: Text<ResourceQuantity>,
}

pub(in crate::wire) fn add(input: PairCall) -> Result<QuantityOut, Error> {
    Ok((&input.a.read()?.plus(&input.b.read()?)?).into())
}

pub(in crate::wire) fn subtract(input: PairCall) -> Result<QuantityOut, Error> {
    Ok((&input.a.read()?.minus(&input.b.read()?)?).into())
}

#[derive(Serialize)]
pub(in crate::wire) struct OrderOut {
    order: Ordered,
}

/// How the first stands to the second.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Ordered {
    Less,
    Equal,
    Greater,
}

pub(in crate::wire) fn compare(input: PairCall) -> Result<OrderOut, Error> {
    let order = match input.a.read()?.cmp(&input.b.read()?) {
        Ordering::Less => Ordered::Less,
        Ordering::Equal => Ordered::Equal,
        Ordering::Greater => Ordered::Greater,
    };
    Ok(OrderOut { order })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct UnitsCall {
    text: Text<ResourceQuantity>,
    /// The power of ten of the unit.
    scale: i32,
    mode: String,
}

#[derive(Serialize)]
pub(in crate::wire) struct UnitsOut {
    units: Shown<u128>,
}

pub(in crate::wire) fn in_units(input: UnitsCall) -> Result<UnitsOut, Error> {
    let (quantity, mode) = (input.text.read()?, input.mode.parse()?);
    Ok(UnitsOut { units: quantity.in_units(input.scale, mode)?.shown() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct RoundUpCall {
    text: Text<ResourceQuantity>,
    scale: i32,
}

#[derive(Serialize)]
pub(in crate::wire) struct RoundUpOut {
    canonical: Shown<ResourceQuantity>,
    format: Word<Format>,
    exact: Shown<Exact>,
    /// Whether nothing was rounded.
    is_exact: bool,
}

pub(in crate::wire) fn round_up(input: RoundUpCall) -> Result<RoundUpOut, Error> {
    let quantity = input.text.read()?;
    let rounded = quantity.round_up(input.scale)?;
    let QuantityOut { canonical, format, exact } = (&rounded).into();
    Ok(RoundUpOut { canonical, format, exact, is_exact: rounded == quantity })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct AmountCall {
    resource: String,
    text: Text<ResourceQuantity>,
    mode: String,
}

#[derive(Serialize)]
pub(in crate::wire) struct AmountOut {
    amount: Shown<u128>,
    canonical: Shown<ResourceQuantity>,
    shown: String,
}

pub(in crate::wire) fn amount(input: AmountCall) -> Result<AmountOut, Error> {
    let (resource, mode) = (input.resource.parse()?, input.mode.parse()?);
    of_quantity(&resource, &input.text.read()?, mode)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct DisplayedCall {
    resource: String,
    /// As a portal shows it, which says more than a quantity does.
    text: String,
    mode: String,
}

pub(in crate::wire) fn displayed(input: DisplayedCall) -> Result<AmountOut, Error> {
    let (resource, mode): (Resource, _) = (input.resource.parse()?, input.mode.parse()?);
    of_quantity(&resource, &ResourceQuantity::parse_display(&input.text, &resource)?, mode)
}

fn of_quantity(resource: &Resource, quantity: &ResourceQuantity, mode: RoundingMode) -> Result<AmountOut, Error> {
    let amount = resource.amount(quantity, mode)?;
    Ok(AmountOut {
        amount: amount.shown(),
        canonical: resource.quantity(amount).shown(),
        shown: resource.shown(amount, mode),
    })
}
