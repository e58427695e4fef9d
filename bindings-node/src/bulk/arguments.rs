//! What is said of a table when a rater or statements are made.

use crate::border::{Fault, Result};
use counterfoil::{
    error::excerpt,
    metering::Kind,
    pricing::{CardFormat, RateCard, Tariff},
    time::{BillingDay, Instant, Period, Zone, parse_date},
};
use counterfoil_arrow::{ModeSource, MoneyType, QuantityField, QuantitySource, Scale, TariffSource, WindowSource};
use serde::Deserialize;

/// One of a closed set of words.
pub(super) fn choice<T: Copy>(at: &str, word: &str, all: &[(&str, T)]) -> Result<T> {
    if let Some((_, meant)) = all.iter().find(|(name, _)| *name == word) {
        return Ok(*meant);
    }
    let names = all.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Err(Fault::bad_input(at, format!("`{}` is none of {names}", excerpt(word))))
}

/// As what amounts are written.
pub(super) fn money_type(word: &str) -> Result<MoneyType> {
    choice("money", word, &[("decimal", MoneyType::Decimal), ("scaled", MoneyType::Scaled)])
}

/// What `lib` packed, by its place.
pub(super) fn unpacked<'j, T: Deserialize<'j>>(at: &str, json: &'j str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| Fault::bad_input(at, error.to_string()))
}

/// A rate card, in JSON if it begins as JSON does.
pub(super) fn card(text: &str) -> Result<RateCard> {
    let begin = text.trim_start_matches('\u{feff}').trim_start();
    let format = if begin.starts_with('{') { CardFormat::Json } else { CardFormat::Toml };
    Ok(RateCard::from_text(text, format)?)
}

/// What rows are metered for: a day, or two instants.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Window {
    Day(String),
    Period { start: String, end: String },
}

/// What rows are metered for: one window for all, or what two columns say.
pub(super) fn window(said: Option<Window>, zone: Zone) -> Result<WindowSource> {
    Ok(match said {
        None => WindowSource::Columns,
        Some(Window::Day(date)) => WindowSource::All(day(&date, zone)?.period()),
        Some(Window::Period { start, end }) => WindowSource::All(Period::parse(&start, &end)?),
    })
}

/// A billing day by its date.
pub(super) fn day(date: &str, zone: Zone) -> Result<BillingDay> {
    Ok(BillingDay::new(parse_date(date)?, zone)?)
}

/// How spans are paid for.
pub(super) fn mode(said: Option<String>) -> Result<ModeSource> {
    Ok(match said {
        None => ModeSource::Column,
        Some(mode) => ModeSource::All(mode.parse()?),
    })
}

/// When rates are in force: what was said, or when the window of all rows starts.
pub(super) fn at(said: Option<String>, window: &WindowSource) -> Result<Option<Instant>> {
    Ok(match (said, window) {
        (Some(at), _) => Some(at.parse()?),
        (None, WindowSource::All(window)) => Some(window.start()),
        (None, WindowSource::Columns) => None,
    })
}

/// A tariff by its kind, and when its rates are in force.
#[derive(Deserialize)]
pub(super) struct Listed {
    kind: String,
    at: String,
}

/// The tariffs that rows are rated by, and how a row names its own.
pub(super) fn tariffs(
    card: &RateCard,
    kind: Option<String>,
    listed: Option<Vec<Listed>>,
    at: Option<Instant>,
) -> Result<(Vec<Tariff>, TariffSource)> {
    if let Some(listed) = listed {
        if kind.is_some() {
            return Err(Fault::bad_input("kind", "`tariffs` has the kinds already: leave one of the two out"));
        }
        let tariffs = listed.iter().map(|each| Ok(card.tariff(&each.kind.parse()?, each.at.parse()?)?));
        return Ok((tariffs.collect::<Result<_>>()?, TariffSource::Column));
    }
    let at = at.ok_or_else(|| Fault::bad_input("at", "windows are columns: say when rates are in force"))?;
    if let Some(kind) = kind {
        return Ok((vec![card.tariff(&kind.parse()?, at)?], TariffSource::All(0)));
    }
    let mut kinds: Vec<&Kind> = card.entries().iter().map(|entry| &entry.kind).collect();
    kinds.dedup(); // entries are sorted by kind
    let tariffs = kinds.iter().map(|kind| Ok(card.tariff(kind, at)?)).collect::<Result<_>>()?;
    let by_kind = kinds.iter().map(ToString::to_string).zip(0..).collect();
    Ok((tariffs, TariffSource::ByKind(by_kind)))
}

/// How much of a part there is: in a column, or the same number for all rows.
#[derive(Deserialize)]
pub(super) struct Quantity {
    name: String,
    unit: String,
    part: Option<String>,
    scale: Option<u32>,
    constant: Option<String>,
}

impl Quantity {
    pub(super) fn field(self) -> Result<QuantityField> {
        let part = self.part.as_deref().unwrap_or(&self.name).parse()?;
        let source = match (self.constant, self.scale) {
            (None, None) => QuantitySource::Column(Scale::OfType),
            (None, Some(digits)) => QuantitySource::Column(Scale::Digits(digits)),
            (Some(_), Some(_)) => {
                return Err(Fault::bad_input("quantities", "a constant is a whole number: it has no `scale`"));
            }
            (Some(number), None) => QuantitySource::All(number.parse().map_err(|_| {
                Fault::bad_input("quantities", format!("`{}` is no whole number of 64 bits", excerpt(&number)))
            })?),
        };
        Ok(QuantityField { name: self.name, part, unit: self.unit.parse()?, source })
    }
}
