//! What was asked for, as it stands in the columns of payments and of locks.

use super::rows::{Fields, amount};
use crate::StoreError;
use counterfoil::{
    money::{Currency, Money},
    wallet::{Charge, Coupons, Funding},
};

/// What was asked, of a payment or a lock.
pub(super) fn charge_of(row: Fields<'_>) -> Result<Charge, StoreError> {
    let amount = row.money("amount")?;
    Ok(Charge {
        application: row.text("application")?.to_owned(),
        order: row.text("order_id")?.to_owned(),
        unit: row.text("unit")?.to_owned(),
        payer: row.owner("payer")?,
        amount,
        coupons: coupons_of(row)?,
        funding: funding_of(row, amount.currency())?,
    })
}

/// None for the automatic choice.
pub(super) fn coupons_to_text(coupons: &Coupons) -> Option<String> {
    match coupons {
        Coupons::Automatic => None,
        Coupons::Named(ids) => Some(serde_json::json!(ids).to_string()),
    }
}

fn coupons_of(row: Fields<'_>) -> Result<Coupons, StoreError> {
    let Some(text) = row.optional_text("coupons")? else { return Ok(Coupons::Automatic) };
    Ok(Coupons::Named(row.checked("coupons", serde_json::from_str(text))?))
}

/// The name, and how far below zero the balance may go.
pub(super) fn funding_to_text(funding: &Funding) -> Result<(&'static str, Option<String>), StoreError> {
    match funding {
        Funding::CouponsOnly => Ok(("coupons_only", None)),
        Funding::EnoughFunds => Ok(("enough_funds", None)),
        Funding::Overdraft { limit } => Ok(("overdraft", limit.map(amount))),
        Funding::Debt => Ok(("debt", None)),
        other => Err(StoreError::Unsupported { what: "funding", text: format!("{other:?}") }),
    }
}

fn funding_of(row: Fields<'_>, currency: Currency) -> Result<Funding, StoreError> {
    let limit = row.optional_text("overdraft")?.map(|limit| Money::parse(limit, currency)).transpose();
    let limit = row.checked("overdraft", limit)?;
    match row.text("funding")? {
        "coupons_only" => Ok(Funding::CouponsOnly),
        "enough_funds" => Ok(Funding::EnoughFunds),
        "overdraft" => Ok(Funding::Overdraft { limit }),
        "debt" => Ok(Funding::Debt),
        other => Err(row.corrupt("funding", &format!("there is no funding `{other}`"))),
    }
}
