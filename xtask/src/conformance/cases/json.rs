//! JSON as it is written: numbers with all their digits, texts with their escapes, members in their order.

use anyhow::Result;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::fmt;

/// A value, of which the innermost parts and the names stay as they are written: `1e400`, `"\ud800"`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    /// A number, a text in its quotes, `true`, `false`, `null`, or what is none of them.
    Written(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads JSON.
    ///
    /// # Errors
    /// Where it is none.
    pub(super) fn read(json: &RawValue) -> Result<Self> {
        let text = json.get();
        Ok(match text.as_bytes().first() {
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text)?;
                Self::List(items.into_iter().map(Self::read).collect::<Result<_>>()?)
            }
            Some(b'{') => {
                let Members(members) = serde_json::from_str(text)?;
                let read = |(name, value): (String, &RawValue)| Ok((name, Self::read(value)?));
                Self::Object(members.into_iter().map(read).collect::<Result<_>>()?)
            }
            _ => Self::Written(text.to_owned()),
        })
    }

    /// What a text says between its quotes, escapes and all.
    pub(super) fn inside(&self) -> Option<&str> {
        let Self::Written(written) = self else { return None };
        written.strip_prefix('"')?.strip_suffix('"')
    }

    /// How many values are in it that are of a kind, itself included.
    pub(super) fn count(&self, is_wanted: fn(&Self) -> bool) -> usize {
        let inside = match self {
            Self::Written(_) => 0,
            Self::List(items) => items.iter().map(|item| item.count(is_wanted)).sum(),
            Self::Object(members) => members.iter().map(|(_, value)| value.count(is_wanted)).sum(),
        };
        usize::from(is_wanted(self)) + inside
    }

    /// One of these by its number, and the name of the member that it is or is an item of.
    pub(super) fn place<'j>(
        &'j mut self,
        name: &'j str,
        number: &mut usize,
        is_wanted: fn(&Self) -> bool,
    ) -> Option<(&'j str, &'j mut Self)> {
        if is_wanted(self) {
            if *number == 0 {
                return Some((name, self));
            }
            *number -= 1;
        }
        match self {
            Self::Written(_) => None,
            Self::List(items) => items.iter_mut().find_map(|item| item.place(name, number, is_wanted)),
            Self::Object(members) => members.iter_mut().find_map(|(name, value)| value.place(name, number, is_wanted)),
        }
    }

    /// Calls for every member, at any depth; items of a list have the name of their list.
    pub(super) fn visit<'j>(&'j self, name: &'j str, visit: &mut impl FnMut(&'j str, &'j Self)) {
        visit(name, self);
        match self {
            Self::Written(_) => {}
            Self::List(items) => items.iter().for_each(|item| item.visit(name, visit)),
            Self::Object(members) => members.iter().for_each(|(name, value)| value.visit(name, visit)),
        }
    }
}

/// As JSON text, in one line.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Written(written) => f.write_str(written),
            Self::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if index > 0 { "," } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                for (index, (name, value)) in members.iter().enumerate() {
                    write!(f, "{}{name}:{value}", if index > 0 { "," } else { "" })?;
                }
                f.write_str("}")
            }
        }
    }
}

/// The members of an object, with their names in their quotes.
struct Members<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = entries.next_entry::<String, &RawValue>()? {
                    members.push((serde_json::Value::from(name).to_string(), value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Json {
        Json::read(serde_json::from_str(text).unwrap()).unwrap()
    }

    #[test]
    fn what_is_read_is_written_as_it_was() {
        let text = r#"{"b":[1e400,-0,"\ud800",{}],"a":{"é":null,"":[]},"c":123456789012345678901234567890.10}"#;
        assert_eq!(read(text).to_string(), text);
    }

    #[test]
    fn each_place_is_found_once_with_the_name_it_has() {
        let mut json = read(r#"{"a": [1, {"b": 2}], "c": 3}"#);
        let leaf: fn(&Json) -> bool = |json| matches!(json, Json::Written(_));
        assert_eq!(json.count(leaf), 3);
        let mut places = Vec::new();
        for number in 0..3 {
            let (name, json) = json.place("", &mut number.clone(), leaf).unwrap();
            places.push(format!("{name} {json}"));
        }
        assert_eq!(places, ["\"a\" 1", "\"b\" 2", "\"c\" 3"]);
        assert_eq!(json.place("", &mut 3, leaf), None);
    }
}
