//! The calls of `tests/vectors`, for examples.

use crate::{vectors::vectors, workspace::Workspace};
use anyhow::Result;
use counterfoil::wire::{Answer, answer};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use std::{collections::BTreeMap, fmt};

/// By operation, as `units.convert`, the cases that answer without an error.
pub(super) type Cases = BTreeMap<String, Vec<Case>>;

/// A call, and what it answers.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) arguments: Vec<(String, Json)>,
    pub(super) answer: Answer,
}

/// JSON whose members are in the order in which they are written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// As its text.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Reads all of them.
pub(super) fn cases(workspace: &Workspace) -> Result<Cases> {
    let mut cases = Cases::new();
    for vector in vectors(workspace)? {
        let Ok(answer) = answer(&vector.op, vector.input.get()) else { continue };
        if let Json::Object(arguments) = serde_json::from_str(vector.input.get())? {
            cases.entry(vector.op).or_default().push(Case { arguments, answer });
        }
    }
    Ok(cases)
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(InOrder)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, is: bool) -> Result<Json, E> {
        Ok(Json::Bool(is))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = entries.next_entry()? {
            members.push(member);
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stay_in_their_order() -> Result<()> {
        let read: Json = serde_json::from_str(r#"{"start": [1, -2, null, true], "end": "x", "a": {}}"#)?;
        let number = |text: &str| Json::Number(text.to_owned());
        let list = Json::List(vec![number("1"), number("-2"), Json::Null, Json::Bool(true)]);
        let members = [("start", list), ("end", Json::Text("x".to_owned())), ("a", Json::Object(Vec::new()))];
        assert_eq!(read, Json::Object(members.map(|(name, value)| (name.to_owned(), value)).to_vec()));
        Ok(())
    }
}
