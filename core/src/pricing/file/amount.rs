//! Amounts as they are written: text. A number is refused: in most languages it has been a binary float already.

use super::message_of;
use crate::{
    error::{Error, MoneyError, excerpt},
    exact::decimal,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;
use std::fmt;

/// A decimal as it is written, in a card file or over the wire.
pub(crate) trait Amount {
    fn read(&self) -> Result<Decimal, Error>;
}

/// An amount in TOML.
pub(in crate::pricing) struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount as text, like \"12.30\"")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.to_owned()))
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

impl Amount for Text {
    fn read(&self) -> Result<Decimal, Error> {
        Ok(decimal::parse(&self.0)?)
    }
}

/// An amount in JSON, as its characters: a number is told as it was written.
pub(super) enum Token {
    Text(String),
    Number(String),
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let token = <&RawValue>::deserialize(deserializer)?.get();
        match token.as_bytes().first() {
            Some(b'"') => {
                serde_json::from_str(token).map(Self::Text).map_err(|error| de::Error::custom(message_of(&error)))
            }
            Some(b'-' | b'0'..=b'9') => Ok(Self::Number(token.to_owned())),
            _ => Err(de::Error::custom(format_args!("`{}` is no amount as text, like \"12.30\"", excerpt(token)))),
        }
    }
}

impl Amount for Token {
    fn read(&self) -> Result<Decimal, Error> {
        match self {
            Self::Text(text) => Ok(decimal::parse(text)?),
            Self::Number(number) if number.contains(['.', 'e', 'E']) => {
                Err(MoneyError::Float { text: excerpt(number) }.into())
            }
            Self::Number(number) => Err(MoneyError::NotText { text: excerpt(number) }.into()),
        }
    }
}
