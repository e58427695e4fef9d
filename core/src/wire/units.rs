use super::text::{Show, Shown, Text};
use crate::{
    error::Error,
    units::{Quantity, Unit},
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Convert {
    quantity: Text<Quantity>,
    to: Text<Unit>,
}

#[derive(Serialize)]
pub(super) struct Converted {
    quantity: Shown<Quantity>,
}

pub(super) fn convert(input: Convert) -> Result<Converted, Error> {
    Ok(Converted { quantity: input.quantity.read()?.to(input.to.read()?)?.shown() })
}
