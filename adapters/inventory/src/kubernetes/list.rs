//! Lists of objects, one JSON text each.

use crate::{
    InventoryError,
    cells::{json_text, not_json},
};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use std::borrow::Cow;

/// One object of a list.
pub(super) struct Item<'t> {
    place: usize,
    pub(super) json: Cow<'t, str>,
}

impl<'t> Item<'t> {
    pub(super) fn new(place: usize, json: impl Into<Cow<'t, str>>) -> Self {
        Self { place, json: json.into() }
    }

    /// What it is called, where its shape is not known: by its name, or by its place in the list.
    pub(super) fn called(&self) -> String {
        let value = self.value();
        let of = |member: &str| value.pointer(member)?.as_str().filter(|name| !name.is_empty()).map(str::to_owned);
        match (of("/metadata/namespace"), of("/metadata/name")) {
            (Some(namespace), Some(name)) => format!("{namespace}/{name}"),
            (None, Some(name)) => name,
            (_, None) => format!("items[{}]", self.place),
        }
    }

    /// The node on which a pod of any shape holds something.
    pub(super) fn holds_on(&self) -> Option<String> {
        let value = self.value();
        let of = |member: &str| value.pointer(member).and_then(Value::as_str);
        match of("/status/phase") {
            Some("Succeeded" | "Failed") => None,
            _ => of("/spec/nodeName").filter(|name| !name.is_empty()).map(str::to_owned),
        }
    }

    fn value(&self) -> Value {
        serde_json::from_str(&self.json).unwrap_or_default()
    }
}

/// The objects of a kind in a text: a list, an array, or one object.
pub(super) fn objects<'t>(text: &'t [u8], expected: &'static str) -> Result<Vec<Item<'t>>, InventoryError> {
    #[derive(Deserialize)]
    struct Envelope<'t> {
        kind: Option<String>,
        #[serde(borrow)]
        items: Option<Vec<&'t RawValue>>,
    }
    let text = json_text(text)?;
    if text.trim_start().starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| not_json(&error))?;
        return Ok(of_kind(items, expected));
    }
    let envelope: Envelope<'t> = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    let kind = envelope.kind.unwrap_or_default();
    let is_list = kind.ends_with("List") || (kind.is_empty() && envelope.items.is_some());
    let of_it = |kind: &str| kind.is_empty() || kind == "List" || kind.strip_suffix("List").unwrap_or(kind) == expected;
    match (is_list, of_it(&kind)) {
        (_, false) => Err(InventoryError::WrongKind { found: kind, expected }),
        (true, true) => Ok(of_kind(envelope.items.unwrap_or_default(), expected)),
        (false, true) => Ok(vec![Item::new(0, text)]),
    }
}

/// Those of a kind, and those that do not say theirs.
fn of_kind<'t>(items: Vec<&'t RawValue>, expected: &str) -> Vec<Item<'t>> {
    #[derive(Deserialize)]
    struct Head {
        kind: Option<String>,
    }
    let kind = |item: &RawValue| serde_json::from_str::<Head>(item.get()).ok().and_then(|head| head.kind);
    let is_of_it = |item: &RawValue| kind(item).is_none_or(|kind| kind == expected);
    let items = items.into_iter().enumerate().filter(|(_, item)| is_of_it(item));
    items.map(|(place, item)| Item::new(place, item.get())).collect()
}
