//! An answer with the types of its parts, for a binding that gives values of its own language.

mod typed;

use self::typed::{Typed, Unwritable};
use super::shown::Scalar;
use crate::error::{Error, WireError};
use serde::ser::{Serialize, Serializer};

/// The answer of an operation, or a part of it.
///
/// What JSON would be: a record is an object with members in their order, a list an array, a variant an
/// object of one member, a tagged one an object whose first member says which it is, a scalar a text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// `null`
    Null,
    /// A member that JSON leaves out. It stands only among the members of a record.
    Absent,
    /// `true` or `false`
    Bool(bool),
    /// A whole number
    Integer(i128),
    /// A whole number from zero on: a count, an index
    Natural(u128),
    /// A text, or the name of one of a closed set
    Text(String),
    /// A value, and its text
    Scalar(Scalar, String),
    /// Answers in order
    List(Vec<Answer>),
    /// Members by their names: those of one record are always the same, in the same order
    Record {
        /// The name of its type in the source, without `Out`; one per context
        name: &'static str,
        /// Its members
        members: Vec<(&'static str, Answer)>,
    },
    /// Values by keys that are not known before; a number as a key is its text, as in JSON
    Map(Vec<(String, Answer)>),
    /// One of several, with what comes with it; one that comes alone is a [`Text`](Self::Text)
    Variant {
        /// The name of the type in the source, without `Out`
        name: &'static str,
        /// Which of them
        variant: &'static str,
        /// What comes with it
        value: Box<Answer>,
    },
    /// One of several whose members stand beside its name
    Tagged {
        /// The name of the type in the source, without `Out`
        name: &'static str,
        /// The member that says which of them: one of [`TAGS`](Self::TAGS)
        tag: &'static str,
        /// Which of them
        variant: String,
        /// Its other members: those of one variant are always the same, in the same order
        members: Vec<(&'static str, Answer)>,
    },
}

impl Answer {
    /// The members that say which of several an object is, where they stand first in it and are a text.
    pub const TAGS: [&str; 4] = ["do", "is", "shape", "why"];

    pub(super) fn of(answer: &impl Serialize) -> Result<Self, Error> {
        answer.serialize(Typed).map_err(|Unwritable| WireError::NotWritten {}.into())
    }
}

/// As `evaluate` writes it.
impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null | Self::Absent => serializer.serialize_unit(),
            Self::Bool(is) => serializer.serialize_bool(*is),
            Self::Integer(number) => serializer.serialize_i128(*number),
            Self::Natural(number) => serializer.serialize_u128(*number),
            Self::Text(text) | Self::Scalar(_, text) => serializer.serialize_str(text),
            Self::List(list) => serializer.collect_seq(list),
            Self::Record { members, .. } => {
                serializer.collect_map(members.iter().filter(|(_, value)| *value != Self::Absent).map(|(k, v)| (k, v)))
            }
            Self::Map(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
            Self::Variant { variant, value, .. } => serializer.collect_map([(variant, value)]),
            Self::Tagged { tag, variant, members, .. } => {
                let variant = Self::Text(variant.clone());
                let members = members.iter().filter(|(_, value)| *value != Self::Absent).map(|(k, v)| (k, v));
                serializer.collect_map([(tag, &variant)].into_iter().chain(members))
            }
        }
    }
}
