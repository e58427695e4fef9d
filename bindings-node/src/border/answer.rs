//! Answers of operations as JSON for JavaScript.
//!
//! It is the wire's JSON, but for whole numbers that a `number` does not hold: they are texts, which the shapes of
//! `lib` know to be integers.

use counterfoil::wire::Answer;
use serde::{Serialize, Serializer, ser::SerializeMap};

/// The largest whole number up to which a `number` of JavaScript has them all.
const MAX_SAFE_INTEGER: u128 = (1 << 53) - 1;

/// An answer as text of JSON.
pub(crate) fn text_of(answer: &Answer) -> serde_json::Result<String> {
    serde_json::to_string(&Written(answer))
}

struct Written<'a>(&'a Answer);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Answer::Integer(number) if number.unsigned_abs() > MAX_SAFE_INTEGER => serializer.collect_str(number),
            Answer::Natural(number) if *number > MAX_SAFE_INTEGER => serializer.collect_str(number),
            Answer::List(items) => serializer.collect_seq(items.iter().map(Written)),
            Answer::Record { members, .. } => write_members(serializer.serialize_map(None)?, members),
            Answer::Tagged { tag, variant, members, .. } => {
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry(tag, variant)?;
                write_members(map, members)
            }
            Answer::Map(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, Written(value)))),
            Answer::Variant { variant, value, .. } => serializer.collect_map([(variant, Written(value))]),
            plain => plain.serialize(serializer),
        }
    }
}

/// Ends an object with members that are not absent.
fn write_members<M: SerializeMap>(mut map: M, members: &[(&'static str, Answer)]) -> Result<M::Ok, M::Error> {
    for (name, value) in members.iter().filter(|(_, value)| *value != Answer::Absent) {
        map.serialize_entry(name, &Written(value))?;
    }
    map.end()
}
