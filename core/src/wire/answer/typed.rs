//! How an answer is made: it is serialised as JSON would be, and keeps its types.

use super::Answer;
use crate::wire::shown::Scalar;
use serde::ser::{Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer};
use std::fmt;

/// The name of a type of the wire as others see it.
fn name_of(name: &'static str) -> &'static str {
    name.strip_suffix("Out").unwrap_or(name)
}

/// Makes an answer of what an operation answers with.
pub(super) struct Typed;

/// What no answer is made of: floats, bytes, keys that are no text, structures without names.
#[derive(Debug)]
pub(super) struct Unwritable;

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer that can not be written")
    }
}

impl std::error::Error for Unwritable {}

impl serde::ser::Error for Unwritable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

macro_rules! numbers {
    ($($method:ident, $type:ty, $kind:ident;)*) => { $(
        fn $method(self, number: $type) -> Result<Answer, Unwritable> {
            Ok(Answer::$kind(number.into()))
        }
    )* };
}

macro_rules! refused {
    ($($method:ident($($argument:ty),*) -> $of:ty;)*) => { $(
        fn $method(self, $(_: $argument),*) -> Result<$of, Unwritable> {
            Err(Unwritable)
        }
    )* };
}

impl Serializer for Typed {
    type Ok = Answer;
    type Error = Unwritable;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = Impossible<Answer, Unwritable>;
    type SerializeTupleVariant = Impossible<Answer, Unwritable>;
    type SerializeMap = Entries;
    type SerializeStruct = Members;
    type SerializeStructVariant = Impossible<Answer, Unwritable>;

    numbers! {
        serialize_i8, i8, Integer;
        serialize_i16, i16, Integer;
        serialize_i32, i32, Integer;
        serialize_i64, i64, Integer;
        serialize_i128, i128, Integer;
        serialize_u8, u8, Natural;
        serialize_u16, u16, Natural;
        serialize_u32, u32, Natural;
        serialize_u64, u64, Natural;
        serialize_u128, u128, Natural;
    }

    refused! {
        serialize_bytes(&[u8]) -> Answer;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    #[expect(clippy::disallowed_types, reason = "serde asks for the method; it refuses")]
    fn serialize_f32(self, _: f32) -> Result<Answer, Unwritable> {
        Err(Unwritable)
    }

    #[expect(clippy::disallowed_types, reason = "serde asks for the method; it refuses")]
    fn serialize_f64(self, _: f64) -> Result<Answer, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_bool(self, is: bool) -> Result<Answer, Unwritable> {
        Ok(Answer::Bool(is))
    }

    fn serialize_char(self, character: char) -> Result<Answer, Unwritable> {
        Ok(Answer::Text(character.into()))
    }

    fn serialize_str(self, text: &str) -> Result<Answer, Unwritable> {
        Ok(Answer::Text(text.to_owned()))
    }

    fn serialize_none(self) -> Result<Answer, Unwritable> {
        Ok(Answer::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Answer, Unwritable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Answer, Unwritable> {
        Ok(Answer::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Answer, Unwritable> {
        Ok(Answer::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Answer, Unwritable> {
        Ok(Answer::Text(variant.to_owned()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Answer, Unwritable> {
        match (Scalar::of_name(name), value.serialize(self)?) {
            (Some(scalar), Answer::Text(text)) => Ok(Answer::Scalar(scalar, text)),
            (_, other) => Ok(other),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Answer, Unwritable> {
        Ok(Answer::Variant { name: name_of(name), variant, value: Box::new(value.serialize(self)?) })
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<List, Unwritable> {
        Ok(List(Vec::with_capacity(length.unwrap_or_default())))
    }

    fn serialize_tuple(self, length: usize) -> Result<List, Unwritable> {
        self.serialize_seq(Some(length))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries, Unwritable> {
        Ok(Entries { entries: Vec::new(), key: None })
    }

    fn serialize_struct(self, name: &'static str, length: usize) -> Result<Members, Unwritable> {
        Ok(Members { name: name_of(name), members: Vec::with_capacity(length) })
    }
}

pub(super) struct List(Vec<Answer>);

impl SerializeSeq for List {
    type Ok = Answer;
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.0.push(value.serialize(Typed)?);
        Ok(())
    }

    fn end(self) -> Result<Answer, Unwritable> {
        Ok(Answer::List(self.0))
    }
}

impl SerializeTuple for List {
    type Ok = Answer;
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Answer, Unwritable> {
        SerializeSeq::end(self)
    }
}

pub(super) struct Entries {
    entries: Vec<(String, Answer)>,
    key: Option<String>,
}

impl SerializeMap for Entries {
    type Ok = Answer;
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        self.key = Some(match key.serialize(Typed)? {
            Answer::Text(key) => key,
            Answer::Natural(key) => key.to_string(),
            _ => return Err(Unwritable),
        });
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        let key = self.key.take().ok_or(Unwritable)?;
        self.entries.push((key, value.serialize(Typed)?));
        Ok(())
    }

    fn end(self) -> Result<Answer, Unwritable> {
        Ok(Answer::Map(self.entries))
    }
}

pub(super) struct Members {
    name: &'static str,
    members: Vec<(&'static str, Answer)>,
}

impl SerializeStruct for Members {
    type Ok = Answer;
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Unwritable> {
        self.members.push((name, value.serialize(Typed)?));
        Ok(())
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), Unwritable> {
        self.members.push((name, Answer::Absent));
        Ok(())
    }

    fn end(self) -> Result<Answer, Unwritable> {
        let Self { name, mut members } = self;
        match members.first_mut() {
            Some((tag, Answer::Text(variant))) if Answer::TAGS.contains(tag) => {
                let (tag, variant) = (*tag, std::mem::take(variant));
                members.remove(0);
                Ok(Answer::Tagged { name, tag, variant, members })
            }
            _ => Ok(Answer::Record { name, members }),
        }
    }
}
