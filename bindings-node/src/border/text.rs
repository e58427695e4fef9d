//! What `lib` packs into a text, and what it unpacks.

use super::Result;
use counterfoil::{
    error::WireError,
    money::{Currency, Money},
    units::Quantity,
};
use serde::{Serialize, de::DeserializeOwned};

/// Reads JSON that `lib` packed.
pub(crate) fn unpacked<T: DeserializeOwned>(json: &str) -> Result<T> {
    let fault = |error: serde_json::Error| WireError::BadInput { at: "the call".to_owned(), fault: error.to_string() };
    Ok(serde_json::from_str(json).map_err(fault)?)
}

/// Writes JSON that `lib` unpacks.
pub(crate) fn packed(value: impl Serialize) -> Result<String> {
    Ok(serde_json::to_string(&value).map_err(|_| WireError::NotWritten {})?)
}

/// Reads a quantity, as `8 GiB`.
pub(crate) fn quantity(text: &str) -> Result<Quantity> {
    let (amount, unit) = text.split_once(' ').unwrap_or((text, ""));
    Ok(Quantity::parse(amount, unit.parse()?)?)
}

/// Reads money, as `12.30 CNY`.
pub(crate) fn money(text: &str) -> Result<Money> {
    let (amount, currency) = text.split_once(' ').unwrap_or((text, ""));
    Ok(Money::parse(amount, currency.parse()?)?)
}

/// Reads an amount: money, or a number of a currency.
pub(crate) fn amount(text: &str, usual: Currency) -> Result<Money> {
    match text.contains(' ') {
        true => money(text),
        false => Ok(Money::parse(text, usual)?),
    }
}
