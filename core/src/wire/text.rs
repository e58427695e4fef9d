//! What values look like on the wire, and how a call is read: strictly, and with the place of a fault.

use super::{Answer, Form, Reply};
use crate::{
    error::{Error, Language, MoneyError, TimeError, WireError, excerpt},
    exact::{Exact, decimal},
    metering::{Aggregation, ChargeMode, Kind, Part, QuotaCharge, Spec, portal::Change},
    money::{Currency, Derivation, Money, Ratio, Rounded, Rounding, Step},
    order::{
        CycleLength, DeliveryEvent, ItemStatus, MachineName, OrderKind, OrderState, OrderStatus, OrderType, PlanState,
        Vendor,
    },
    placement::{Effect, Heuristic, Operator, Resource, ResourceQuantity, Role, Sharing, Unlisted, WhereUnknown},
    pricing::{discount::RowMode, inquiry::TermUnit},
    statement::{InvoiceEvent, InvoiceState, Month, SettledKind, StatementStatus, focus::ServiceSubcategory},
    time::{Instant, Period, Proration, Resolve, Zone, parse_date},
    units::{Name, Quantity, TimeUnit, Unit},
    wallet::{
        Category, CostBasis, CouponStatus, FundKind, FundingOrder, OwnerKind, RefundEvent, RefundState, ReturnOrder,
        SourceKind,
    },
};
use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, DeserializeOwned, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{collections::BTreeSet, fmt, marker::PhantomData};

/// Reads the input of an operation, calls it, and writes its answer.
pub(super) fn run<I: DeserializeOwned, O: Serialize>(
    input: &str,
    form: Form,
    operation: impl FnOnce(I) -> Result<O, Error>,
) -> Result<Reply, Error> {
    let answer = operation(read(input)?)?;
    Ok(match form {
        Form::Json => Reply::Json(serde_json::to_string(&answer).map_err(|_| WireError::NotWritten {})?),
        Form::Typed => Reply::Typed(Answer::of(&answer)?),
    })
}

/// Reads an object; a fault says where it is.
fn read<I: DeserializeOwned>(input: &str) -> Result<I, WireError> {
    let mut json = serde_json::Deserializer::from_str(input);
    let read: Object<I> = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        bad_input(&path, error.inner())
    })?;
    json.end().map_err(|error| bad_input(".", &error))?;
    Ok(read.0)
}

fn bad_input(path: &str, error: &serde_json::Error) -> WireError {
    let place = format!("line {} column {}", error.line(), error.column());
    let fault = error.to_string();
    let fault = fault.strip_suffix(&format!(" at {place}")).unwrap_or(&fault).to_owned();
    // What is no JSON has a place in the text; what has another shape, a place among the values.
    let at = match path {
        _ if !error.is_data() => place,
        "." => "the input".to_owned(),
        _ => path.to_owned(),
    };
    WireError::BadInput { at, fault }
}

pub(super) use super::{
    shown::{Show, Shown},
    word::Word,
};
pub(super) use crate::pricing::Object;

/// Reads a member with a default: null is as good as left out.
pub(super) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A value written as JSON text, which is read when the whole input has its shape.
pub(super) struct Text<T> {
    token: Token,
    of: PhantomData<T>,
}

enum Token {
    Text(String),
    /// A JSON number, as it was written, where a decimal belongs.
    Number(String),
}

impl<T: Written> Text<T> {
    pub(super) fn read(&self) -> Result<T, Error> {
        match &self.token {
            Token::Text(text) => T::written(text),
            Token::Number(number) if number.contains(['.', 'e', 'E']) => {
                Err(MoneyError::Float { text: excerpt(number) }.into())
            }
            Token::Number(number) => Err(MoneyError::NotText { text: excerpt(number) }.into()),
        }
    }
}

/// Reads a text that may be left out.
pub(super) fn optional<T: Written>(text: &Option<Text<T>>) -> Result<Option<T>, Error> {
    text.as_ref().map(Text::read).transpose()
}

/// Reads texts in order.
pub(super) fn all<T: Written>(texts: &[Text<T>]) -> Result<Vec<T>, Error> {
    texts.iter().map(Text::read).collect()
}

/// Reads things in order.
pub(super) fn all_of<I, O>(things: &[I], read: impl Fn(&I) -> Result<O, Error>) -> Result<Vec<O>, Error> {
    things.iter().map(read).collect()
}

impl<'de, T: Written> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let token = <&RawValue>::deserialize(deserializer)?.get();
        let token = match token.as_bytes().first() {
            Some(b'"') => Token::Text(serde_json::from_str(token).map_err(de::Error::custom)?),
            Some(b'-' | b'0'..=b'9') if T::IS_NUMBER => Token::Number(token.to_owned()),
            _ => return Err(de::Error::custom(format_args!("`{}` is not a text", excerpt(token)))),
        };
        Ok(Self { token, of: PhantomData })
    }
}

/// A type that the wire writes as text.
pub(super) trait Written: Sized {
    /// Whether a JSON number in its place deserves an error of its own (R-M1).
    const IS_NUMBER: bool = false;

    fn written(text: &str) -> Result<Self, Error>;
}

macro_rules! written {
    ($($type:ty),* $(,)?) => { $(impl Written for $type {
        fn written(text: &str) -> Result<Self, Error> {
            Ok(text.parse::<Self>()?)
        }
    })* };
}
written!(Aggregation, Category, Change, ChargeMode, CouponStatus, Currency, Instant, Kind, Name, OwnerKind, Part);
written!(CostBasis, FundKind, FundingOrder);
written!(RefundEvent, RefundState, ReturnOrder, SourceKind);
written!(
    DeliveryEvent,
    ItemStatus,
    MachineName,
    OrderKind,
    OrderState,
    OrderStatus,
    OrderType,
    CycleLength,
    PlanState,
    Vendor
);
written!(Proration, QuotaCharge, Resolve, Rounding, RowMode, StatementStatus, TermUnit, Unit, Zone);
written!(Resource, Role, Sharing, Unlisted, WhereUnknown, Effect, Heuristic, Operator);
written!(crate::placement::Detail, crate::placement::Telling, crate::placement::Unstocked, crate::placement::Pool);
written!(crate::ipam::Family, crate::ipam::Reading, super::ipam::text::Kind);
written!(InvoiceEvent, InvoiceState, Month);
written!(ServiceSubcategory, SettledKind, TimeUnit);

impl Written for Decimal {
    const IS_NUMBER: bool = true;

    fn written(text: &str) -> Result<Self, Error> {
        Ok(decimal::parse(text)?)
    }
}

impl Written for Ratio {
    const IS_NUMBER: bool = true;

    fn written(text: &str) -> Result<Self, Error> {
        Ok(Self::parse(text)?)
    }
}

impl Written for Exact {
    const IS_NUMBER: bool = true;

    fn written(text: &str) -> Result<Self, Error> {
        Ok(text.parse::<Self>()?)
    }
}

impl Written for Money {
    const IS_NUMBER: bool = true;

    /// As it is shown, `12.30 CNY`.
    fn written(text: &str) -> Result<Self, Error> {
        let (amount, currency) = text.split_once(' ').unwrap_or((text, ""));
        Ok(Self::parse(amount, currency.parse()?)?)
    }
}

impl Written for ResourceQuantity {
    const IS_NUMBER: bool = true;

    fn written(text: &str) -> Result<Self, Error> {
        Ok(text.parse::<Self>()?)
    }
}

impl Written for Quantity {
    const IS_NUMBER: bool = true;

    /// As it is shown, `8 GiB`.
    fn written(text: &str) -> Result<Self, Error> {
        let (amount, unit) = text.split_once(' ').unwrap_or((text, ""));
        Ok(Self::parse(amount, unit.parse()?)?)
    }
}

impl Written for NaiveDate {
    fn written(text: &str) -> Result<Self, Error> {
        Ok(parse_date(text)?)
    }
}

impl Written for NaiveDateTime {
    /// A clock time without an offset, `2024-03-31T02:30:00`.
    fn written(text: &str) -> Result<Self, Error> {
        text.parse::<Self>().map_err(|_| {
            let fault = "it is not a clock time like `2024-03-31T02:30:00`";
            TimeError::NotAnInstant { text: excerpt(text), fault }.into()
        })
    }
}

/// A period.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeriodIn {
    start: Text<Instant>,
    end: Text<Instant>,
}

impl Object<PeriodIn> {
    pub(super) fn read(&self) -> Result<Period, Error> {
        Ok(Period::new(self.0.start.read()?, self.0.end.read()?)?)
    }
}

/// A period, written.
#[derive(Serialize)]
pub(super) struct PeriodOut {
    start: Shown<Instant>,
    end: Shown<Instant>,
}

impl From<Period> for PeriodOut {
    fn from(period: Period) -> Self {
        Self { start: period.start().shown(), end: period.end().shown() }
    }
}

/// What a resource is made of: `{"cpu": "4 core", "ram": "8 GiB"}`.
pub(super) struct SpecIn(Vec<(String, Text<Quantity>)>);

impl SpecIn {
    pub(super) fn read(&self) -> Result<Spec, Error> {
        let mut spec = Spec::default();
        for (part, quantity) in &self.0 {
            spec = spec.with(part.parse()?, quantity.read()?)?;
        }
        Ok(spec)
    }

    /// The names of its parts.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(part, _)| part.as_str())
    }
}

impl<'de> Deserialize<'de> for SpecIn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = SpecIn;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of parts with their quantities")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<SpecIn, A::Error> {
                const MOST_PARTS: usize = 1_000;
                let (mut parts, mut seen) = (Vec::new(), BTreeSet::new());
                while let Some((part, quantity)) = members.next_entry::<String, Text<Quantity>>()? {
                    if !seen.insert(part.clone()) {
                        return Err(de::Error::custom(format_args!("duplicate field `{}`", excerpt(&part))));
                    }
                    if parts.len() == MOST_PARTS {
                        return Err(de::Error::custom(format_args!("more than {MOST_PARTS} parts")));
                    }
                    parts.push((part, quantity));
                }
                Ok(SpecIn(parts))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// An exact value, what it was rounded to, and what that lost.
#[derive(Serialize)]
pub(super) struct RoundedOut {
    amount: Shown<Decimal>,
    exact: Shown<Exact>,
    remainder: Shown<Exact>,
}

impl RoundedOut {
    pub(super) fn of(rounded: &Rounded) -> Result<Self, Error> {
        Ok(Self {
            amount: rounded.amount().shown(),
            exact: rounded.exact().shown(),
            remainder: rounded.remainder()?.shown(),
        })
    }
}

/// How an amount came about: each step with what it was made of, and the whole as text.
#[derive(Serialize)]
pub(super) struct DerivationOut {
    rule: &'static str,
    about: &'static str,
    steps: Vec<StepOut>,
    text: String,
    text_zh: String,
}

/// One value of a derivation.
#[derive(Serialize)]
#[serde(rename = "DerivationStep")]
struct StepOut {
    name: &'static str,
    /// Of what, where a name stands more than once.
    #[serde(skip_serializing_if = "String::is_empty")]
    of: String,
    value: Shown<Exact>,
    /// In English, as `= paid × used ÷ ordered`; empty for what was given.
    by: String,
}

impl From<&Derivation> for DerivationOut {
    fn from(derivation: &Derivation) -> Self {
        let step = |(place, step): (usize, &Step)| StepOut {
            name: step.term.name,
            of: step.of.clone(),
            value: step.value.shown(),
            by: derivation.formula(place, Language::English),
        };
        Self {
            rule: derivation.rule(),
            about: derivation.about().name,
            steps: derivation.steps().iter().enumerate().map(step).collect(),
            text: derivation.text(Language::English),
            text_zh: derivation.text(Language::Chinese),
        }
    }
}

/// Money as it is read back.
pub(super) fn money(money: Money) -> Shown<Money> {
    money.shown()
}
