//! What is said of a table when a rater or statements are made.

use crate::{
    border::{
        Fault, Result,
        list::items,
        number::{count_of, shown},
        text::{parsed, text_of},
        time::{date_of, instant_of},
    },
    pricing::{RateCard, Tariff},
    value::Period,
};
use counterfoil::{
    error::excerpt,
    metering::{ChargeMode, Kind},
    pricing::{self, CardFormat},
    time::{BillingDay, Instant, Zone},
};
use counterfoil_arrow::{ModeSource, QuantityField, QuantitySource, Scale, TariffSource, WindowSource};
use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyDate, PyDateTime, PyDict, PyMapping, PyString, PyTuple, PyType},
};
use std::{num::NonZeroUsize, sync::Arc};

/// `counterfoil.bulk.Column`.
pub(super) fn column_class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "counterfoil.bulk", "Column")
}

/// `counterfoil.bulk.Constant`.
fn constant_class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "counterfoil.bulk", "Constant")
}

/// One of a closed set of words.
pub(super) fn choice<T: Copy>(at: &'static str, word: &str, all: &[(&'static str, T)]) -> Result<T> {
    if let Some((_, meant)) = all.iter().find(|(name, _)| *name == word) {
        return Ok(*meant);
    }
    let names = all.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Err(Fault::bad_input(at, format!("`{}` is none of {names}", excerpt(word))))
}

/// How many threads.
pub(super) fn threads(value: Option<&Bound<'_, PyAny>>) -> Result<NonZeroUsize> {
    let Some(value) = value else { return Ok(NonZeroUsize::MIN) };
    NonZeroUsize::new(count_of(value, "threads")?).ok_or_else(|| Fault::bad_input("threads", "there is at least one"))
}

/// A rate card: a handle, or its text, in JSON if it begins as JSON does.
fn card_of(value: Option<&Bound<'_, PyAny>>) -> Result<Arc<pricing::RateCard>> {
    let Some(value) = value else {
        return Err(Fault::bad_input("card", "tariffs are named by their kinds: pass the card that they are of"));
    };
    if let Ok(card) = value.cast::<RateCard>() {
        return Ok(card.get().inner.clone());
    }
    if !value.is_instance_of::<PyString>() {
        return Err(Fault::bad_input("card", format!("pass a `RateCard`, or its text, not {}", shown(value))));
    }
    let text = text_of(value, "card")?;
    let begin = text.trim_start_matches('\u{feff}').trim_start();
    let format = if begin.starts_with('{') { CardFormat::Json } else { CardFormat::Toml };
    Ok(Arc::new(pricing::RateCard::from_text(&text, format)?))
}

/// What rows are metered for: one window for all, one day for all, or what two columns say.
pub(super) fn window(value: Option<&Bound<'_, PyAny>>, zone: &str) -> Result<WindowSource> {
    Ok(match value {
        None => WindowSource::Columns,
        Some(date) if is_date(date) => WindowSource::All(day(date, "window", zone.parse()?)?.period()),
        Some(window) => WindowSource::All(Period::read(window, "window")?),
    })
}

/// Whether it is a date, or the text of one.
fn is_date(value: &Bound<'_, PyAny>) -> bool {
    let is_date = value.is_instance_of::<PyDate>() && !value.is_instance_of::<PyDateTime>();
    is_date || value.is_instance_of::<PyString>()
}

/// A billing day by its date.
pub(super) fn day(value: &Bound<'_, PyAny>, at: &str, zone: Zone) -> Result<BillingDay> {
    Ok(BillingDay::new(date_of(value, at)?, zone)?)
}

/// Several days, or one.
pub(super) fn days(value: &Bound<'_, PyAny>, zone: Zone) -> Result<(Vec<BillingDay>, Counted)> {
    if is_date(value) {
        return Ok((vec![day(value, "days", zone)?], Counted::One));
    }
    let days = items(value, "days")?.map(|each| day(&each?, "days", zone)).collect::<Result<Vec<_>>>()?;
    Ok((days, Counted::Many))
}

/// Whether one was given by itself, or a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    One,
    Many,
}

/// How spans are paid for.
pub(super) fn mode(value: Option<&Bound<'_, PyAny>>) -> Result<ModeSource> {
    Ok(match value {
        None => ModeSource::Column,
        Some(mode) => ModeSource::All(parsed::<ChargeMode>(mode, "mode")?),
    })
}

/// The tariffs that rows are rated by, and how a row names its own.
pub(super) fn tariffs(
    card: Option<&Bound<'_, PyAny>>,
    kind: Option<&Bound<'_, PyAny>>,
    tariffs: Option<&Bound<'_, PyTuple>>,
    at: Option<Instant>,
) -> Result<(Vec<pricing::Tariff>, TariffSource)> {
    if let Some(listed) = tariffs {
        if kind.is_some() {
            return Err(Fault::bad_input("kind", "`tariffs` has the kinds already: leave one of the two out"));
        }
        let card = card.map(|card| card_of(Some(card))).transpose()?;
        let tariffs = listed.iter().map(|each| listed_tariff(card.as_deref(), &each));
        return Ok((tariffs.collect::<Result<_>>()?, TariffSource::Column));
    }
    let card = card_of(card)?;
    let at = at.ok_or_else(|| Fault::bad_input("at", "windows are columns: say when rates are in force"))?;
    if let Some(kind) = kind {
        return Ok((vec![card.tariff(&parsed::<Kind>(kind, "kind")?, at)?], TariffSource::All(0)));
    }
    let mut kinds: Vec<&Kind> = card.entries().iter().map(|entry| &entry.kind).collect();
    kinds.dedup(); // entries are sorted by kind
    let tariffs = kinds.iter().map(|kind| Ok(card.tariff(kind, at)?)).collect::<Result<_>>()?;
    let by_kind = kinds.iter().map(ToString::to_string).zip(0..).collect();
    Ok((tariffs, TariffSource::ByKind(by_kind)))
}

/// A tariff: a handle, or a kind and when its rates are in force.
fn listed_tariff(card: Option<&pricing::RateCard>, each: &Bound<'_, PyAny>) -> Result<pricing::Tariff> {
    if let Ok(tariff) = each.cast::<Tariff>() {
        return Ok(pricing::Tariff::clone(&tariff.get().inner));
    }
    let Ok((kind, at)) = each.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>() else {
        let fault = format!("pass a `Tariff`, or a pair of kind and instant, not {}", shown(each));
        return Err(Fault::bad_input("tariffs", fault));
    };
    let Some(card) = card else {
        return Err(Fault::bad_input("card", "tariffs are named by their kinds: pass the card that they are of"));
    };
    Ok(card.tariff(&parsed::<Kind>(&kind, "tariffs")?, instant_of(&at, "tariffs")?)?)
}

/// When rates are in force: what was said, or when the window of all rows starts.
pub(super) fn at(value: Option<&Bound<'_, PyAny>>, window: &WindowSource) -> Result<Option<Instant>> {
    Ok(match (value, window) {
        (Some(at), _) => Some(instant_of(at, "at")?),
        (None, WindowSource::All(window)) => Some(window.start()),
        (None, WindowSource::Columns) => None,
    })
}

/// Names of columns.
pub(super) fn names(value: Option<&Bound<'_, PyAny>>) -> Result<Vec<String>> {
    match value {
        None => Ok(vec![]),
        Some(names) => items(names, "passed")?.map(|name| text_of(&name?, "passed")).collect(),
    }
}

/// What of each part there is, by column.
pub(super) fn quantities(value: &Bound<'_, PyAny>) -> Result<Vec<QuantityField>> {
    let Ok(mapping) = value.cast::<PyMapping>() else {
        let fault = format!("{} is no mapping of columns to units, like `{{'cpu': 'core'}}`", shown(value));
        return Err(Fault::bad_input("quantities", fault));
    };
    let fields = mapping.items()?;
    fields.iter().map(|pair| quantity(&pair.get_item(0)?, &pair.get_item(1)?)).collect()
}

fn quantity(name: &Bound<'_, PyAny>, what: &Bound<'_, PyAny>) -> Result<QuantityField> {
    let (py, name) = (name.py(), text_of(name, "quantities")?);
    if what.is_instance_of::<PyString>() {
        let part = name.parse()?;
        let source = QuantitySource::Column(Scale::OfType);
        return Ok(QuantityField { name, part, unit: parsed(what, "quantities")?, source });
    }
    if what.is_instance(constant_class(py)?)? {
        let number = count_of(&what.getattr("number")?, "quantities")?;
        let part = name.parse()?;
        return Ok(QuantityField {
            name,
            part,
            unit: parsed(&what.getattr("unit")?, "quantities")?,
            source: QuantitySource::All(number),
        });
    }
    if what.is_instance(column_class(py)?)? {
        let (part, scale) = (what.getattr("part")?, what.getattr("scale")?);
        let part = if part.is_none() { name.parse()? } else { parsed(&part, "quantities")? };
        let scale = if scale.is_none() { Scale::OfType } else { Scale::Digits(count_of(&scale, "quantities")?) };
        let unit = parsed(&what.getattr("unit")?, "quantities")?;
        return Ok(QuantityField { name, part, unit, source: QuantitySource::Column(scale) });
    }
    let fault = format!("{} is no unit, `Column` or `Constant`", shown(what));
    Err(Fault::bad_input("quantities", fault))
}

/// A quantity as Python says it.
pub(super) fn quantity_out<'py>(py: Python<'py>, field: &QuantityField) -> PyResult<Bound<'py, PyAny>> {
    let options = PyDict::new(py);
    options.set_item("part", field.part.to_string())?;
    if let QuantitySource::Column(Scale::Digits(digits)) = field.source {
        options.set_item("scale", digits)?;
    }
    column_class(py)?.call((field.unit.name(),), Some(&options))
}

/// The items of a list, which may be read once.
pub(super) fn listed<'py>(value: &Bound<'py, PyAny>, at: &'static str) -> Result<Bound<'py, PyTuple>> {
    Ok(PyTuple::new(value.py(), items(value, at)?.collect::<PyResult<Vec<_>>>()?)?)
}

/// A word, or the usual one.
pub(super) fn word(value: Option<&Bound<'_, PyAny>>, at: &str, usual: &str) -> Result<String> {
    value.map_or_else(|| Ok(usual.to_owned()), |value| text_of(value, at))
}
