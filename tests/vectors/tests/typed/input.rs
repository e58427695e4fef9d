//! A small, strict reading of inputs into types.

use chrono::NaiveDate;
use counterfoil::{
    error::{
        Error, IpamError, Language, MeteringError, MoneyError, OrderError, PlacementError, PricingError,
        StatementError, TimeError, UnitsError, WalletError,
    },
    exact::{Exact, decimal},
    money::{Derivation, Money, Rounded},
    time::{Period, parse_date},
    units::Quantity,
};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use std::str::FromStr;

pub(crate) type Answer = Result<Value, Fault>;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The library says so.
    Typed(Error),
    /// The input is of a shape that no program could have passed.
    Shape(String),
}

macro_rules! typed {
    ($($error:ty),*) => { $(impl From<$error> for Fault {
        fn from(error: $error) -> Self {
            Self::Typed(error.into())
        }
    })* };
}
typed!(
    Error,
    IpamError,
    MoneyError,
    TimeError,
    UnitsError,
    MeteringError,
    PricingError,
    WalletError,
    StatementError,
    OrderError,
    PlacementError
);

pub(crate) fn shape<T>(what: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::Shape(what.into()))
}

/// An object whose members are all known.
#[derive(Clone, Copy)]
pub(crate) struct Members<'a>(&'a Map<String, Value>);

impl<'a> Members<'a> {
    pub(crate) fn of(value: &'a Value, known: &[&str]) -> Result<Self, Fault> {
        let Some(members) = value.as_object() else {
            return shape(format!("{value} is no object"));
        };
        match members.keys().find(|key| !known.contains(&key.as_str())) {
            Some(unknown) => shape(format!("no member {unknown} is known")),
            None => Ok(Self(members)),
        }
    }

    /// An object whose members somebody else looks at.
    pub(crate) fn any(value: &'a Value) -> Result<Self, Fault> {
        value.as_object().map_or_else(|| shape(format!("{value} is no object")), |members| Ok(Self(members)))
    }

    pub(crate) fn optional(self, key: &str) -> Option<&'a Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    pub(crate) fn value(self, key: &str) -> Result<&'a Value, Fault> {
        self.optional(key).map_or_else(|| shape(format!("{key} is missing")), Ok)
    }

    pub(crate) fn members(self, key: &str, known: &[&str]) -> Result<Self, Fault> {
        Self::of(self.value(key)?, known)
    }

    pub(crate) fn text(self, key: &str) -> Result<&'a str, Fault> {
        text(self.value(key)?)
    }

    pub(crate) fn list(self, key: &str) -> Result<&'a [Value], Fault> {
        list(self.value(key)?)
    }

    pub(crate) fn parse<T: FromStr<Err: Into<Fault>>>(self, key: &str) -> Result<T, Fault> {
        self.text(key)?.parse().map_err(Into::into)
    }

    pub(crate) fn parse_optional<T: FromStr<Err: Into<Fault>>>(self, key: &str) -> Result<Option<T>, Fault> {
        self.optional(key).map(|value| text(value)?.parse().map_err(Into::into)).transpose()
    }

    pub(crate) fn number<T: TryFrom<i128>>(self, key: &str) -> Result<T, Fault> {
        number(self.value(key)?)
    }

    pub(crate) fn optional_count(self, key: &str) -> Result<Option<u32>, Fault> {
        self.optional(key).map(number).transpose()
    }

    pub(crate) fn flag(self, key: &str) -> Result<bool, Fault> {
        self.value(key)?.as_bool().map_or_else(|| shape(format!("{key} is no flag")), Ok)
    }

    pub(crate) fn period(self, key: &str) -> Result<Period, Fault> {
        let period = self.members(key, &["start", "end"])?;
        Ok(Period::new(period.parse("start")?, period.parse("end")?)?)
    }

    pub(crate) fn date(self, key: &str) -> Result<NaiveDate, Fault> {
        Ok(parse_date(self.text(key)?)?)
    }

    pub(crate) fn decimal(self, key: &str) -> Result<Decimal, Fault> {
        decimal(self.value(key)?)
    }

    pub(crate) fn exact(self, key: &str) -> Result<Exact, Fault> {
        exact(self.value(key)?)
    }

    pub(crate) fn money(self, key: &str) -> Result<Money, Fault> {
        money(self.value(key)?)
    }

    pub(crate) fn quantity(self, key: &str) -> Result<Quantity, Fault> {
        quantity(self.value(key)?)
    }
}

pub(crate) fn text(value: &Value) -> Result<&str, Fault> {
    value.as_str().map_or_else(|| shape(format!("{value} is no text")), Ok)
}

pub(crate) fn list(value: &Value) -> Result<&[Value], Fault> {
    value.as_array().map_or_else(|| shape(format!("{value} is no list")), |list| Ok(list.as_slice()))
}

pub(crate) fn number<T: TryFrom<i128>>(value: &Value) -> Result<T, Fault> {
    let number = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    let number = number.and_then(|number| T::try_from(number).ok());
    number.map_or_else(|| shape(format!("{value} is no such number")), Ok)
}

/// The only member of an object: a choice that comes with something.
pub(crate) fn choice(value: &Value) -> Result<(&str, &Value), Fault> {
    let members = value.as_object().filter(|members| members.len() == 1);
    let only = members.and_then(|members| members.iter().next());
    only.map_or_else(|| shape(format!("{value} is no choice")), |(name, with)| Ok((name.as_str(), with)))
}

/// The text of an amount. A number is refused as a program would have to (R-M1).
pub(crate) fn amount(value: &Value) -> Result<&str, Fault> {
    match value {
        Value::Number(number) if number.is_f64() => Err(MoneyError::Float { text: number.to_string() }.into()),
        Value::Number(number) => Err(MoneyError::NotText { text: number.to_string() }.into()),
        _ => text(value),
    }
}

pub(crate) fn decimal(value: &Value) -> Result<Decimal, Fault> {
    Ok(decimal::parse(amount(value)?)?)
}

pub(crate) fn exact(value: &Value) -> Result<Exact, Fault> {
    Ok(amount(value)?.parse()?)
}

pub(crate) fn money(value: &Value) -> Result<Money, Fault> {
    let (amount, currency) = amount(value)?.split_once(' ').unwrap_or_default();
    Ok(Money::parse(amount, currency.parse()?)?)
}

pub(crate) fn quantity(value: &Value) -> Result<Quantity, Fault> {
    let (amount, unit) = amount(value)?.split_once(' ').unwrap_or_default();
    Ok(Quantity::parse(amount, unit.parse()?)?)
}

pub(crate) fn all<T>(values: &[Value], read: impl Fn(&Value) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
    values.iter().map(read).collect()
}

pub(crate) fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(T::to_string).collect()
}

pub(crate) fn period(period: Period) -> Value {
    json!({ "start": period.start().to_string(), "end": period.end().to_string() })
}

pub(crate) fn rounded(rounded: &Rounded) -> Answer {
    Ok(json!({
        "amount": rounded.amount().to_string(),
        "exact": rounded.exact().to_string(),
        "remainder": rounded.remainder()?.to_string(),
    }))
}

/// How an amount came about.
pub(crate) fn derivation(derivation: &Derivation) -> Value {
    let steps = derivation.steps().iter().enumerate().map(|(place, step)| {
        let mut shown = json!({
            "name": step.term.name,
            "value": step.value.to_string(),
            "by": derivation.formula(place, Language::English),
        });
        if !step.of.is_empty() {
            shown["of"] = step.of.as_str().into();
        }
        shown
    });
    json!({
        "rule": derivation.rule(),
        "about": derivation.about().name,
        "steps": steps.collect::<Vec<_>>(),
        "text": derivation.to_string(),
        "text_zh": derivation.text(Language::Chinese),
    })
}
