use crate::border::{Result, text::packed, time::instant};
use counterfoil::{
    money::Rounding,
    pricing::{RateCard, Tariff},
};
use napi::{Either, bindgen_prelude::External};
use napi_derive::napi;

/// Reads a card that people write.
#[napi(catch_unwind)]
pub(crate) fn card_of_toml(text: String) -> Result<External<RateCard>> {
    Ok(External::new(RateCard::from_toml(&text)?))
}

/// Reads a card that programs write.
#[napi(catch_unwind)]
pub(crate) fn card_of_json(text: String) -> Result<External<RateCard>> {
    Ok(External::new(RateCard::from_json(&text)?))
}

/// The card in TOML.
#[napi(catch_unwind)]
pub(crate) fn card_to_toml(card: &External<RateCard>) -> String {
    card.to_toml()
}

/// The card in JSON.
#[napi(catch_unwind)]
pub(crate) fn card_to_json(card: &External<RateCard>) -> String {
    card.to_json()
}

/// The revision of a card, its currency, from when until when it is in force, and how many rates it has: JSON.
#[napi(catch_unwind)]
pub(crate) fn card_told(card: &External<RateCard>) -> Result<String> {
    let validity = card.validity();
    let [from, to] = [validity.from, validity.to].map(|end| end.map(|end| end.to_string()));
    packed((card.revision().to_string(), card.currency().to_string(), from, to, card.entries().len()))
}

/// Whether two cards are equal.
#[napi(catch_unwind)]
pub(crate) fn card_equals(card: &External<RateCard>, other: &External<RateCard>) -> bool {
    card.as_ref() == other.as_ref()
}

/// The rates of a kind that are in force at an instant.
#[napi(catch_unwind)]
pub(crate) fn tariff(card: &External<RateCard>, kind: String, at: Either<f64, String>) -> Result<External<Tariff>> {
    Ok(External::new(card.tariff(&kind.parse()?, instant(&at)?)?))
}

/// The revision, the kind, the instant and the currency of a tariff: JSON.
#[napi(catch_unwind)]
pub(crate) fn tariff_told(tariff: &External<Tariff>) -> Result<String> {
    let [revision, kind] = [tariff.revision().to_string(), tariff.kind().to_string()];
    packed([revision, kind, tariff.at().to_string(), tariff.currency().to_string()])
}

/// How amounts are rounded, as `portal` or `half_even 0.01 total`.
#[napi(catch_unwind)]
pub(crate) fn rounding(text: String) -> Result<External<Rounding>> {
    Ok(External::new(text.parse()?))
}
