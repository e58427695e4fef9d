//! What stands in a card file, in either format: its members, and what they mean.

use super::{Misread, Placed, amount::Amount};
use crate::{
    error::{Error, PricingError, excerpt},
    exact::decimal,
    metering::{Kind, Part},
    money::{Currency, Ratio},
    pricing::{
        Entry, Every, Limits, Percentage, Rate, RateCard, Shape, Tier, Validity, ZeroUsage, tiers::of_a_hundred,
    },
    time::{Instant, MonthLength, Zone},
    units::{Name, TimeUnit, Unit},
};
use rust_decimal::Decimal;
use serde::{
    Deserialize, Deserializer,
    de::{self, value::MapAccessDeserializer},
};
use std::{collections::BTreeMap, fmt, marker::PhantomData};

/// A card as it is written: of texts, of rates and of limits, each of them at a place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CardFile<S, R, L> {
    /// For editors: the schema that the file is of. Nothing here reads it.
    #[serde(rename = "$schema")]
    #[expect(dead_code, reason = "it is there to be known, so that it is not refused")]
    schema: Option<String>,
    revision: S,
    currency: S,
    from: Option<S>,
    to: Option<S>,
    rates: Vec<R>,
    limits: Option<EachOnce<L>>,
}

/// A rate as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateFile<A> {
    kind: String,
    part: String,
    model: Option<String>,
    price: Option<A>,
    sub_unit: Option<String>,
    per: String,
    every: String,
    month: Option<String>,
    anchor: Option<String>,
    zone: Option<String>,
    from: Option<String>,
    to: Option<String>,
    #[serde(default)]
    shape: ShapeName,
    tiers: Option<Vec<Object<TierFile<A>>>>,
    package_size: Option<A>,
    percent: Option<A>,
    event_fee: Option<A>,
    event_minimum: Option<A>,
    event_maximum: Option<A>,
    free: Option<A>,
    minimum: Option<A>,
    maximum: Option<A>,
    #[serde(default)]
    zero_usage: ZeroName,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum ShapeName {
    #[default]
    PerUnit,
    Graduated,
    Volume,
    StairStep,
    Package,
    Percentage,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum ZeroName {
    #[default]
    Free,
    Charged,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TierFile<A> {
    up_to: Option<A>,
    price: Option<A>,
    percent: Option<A>,
    flat: Option<A>,
}

/// A map whose keys stand once: JSON would let the last one win.
pub(crate) struct EachOnce<V>(pub(crate) BTreeMap<String, V>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitsFile<A> {
    minimum: Option<A>,
    maximum: Option<A>,
}

/// Reads an amount that may be left out.
fn optional<A: Amount>(amount: Option<&A>) -> Result<Option<Decimal>, Error> {
    amount.map(A::read).transpose()
}

/// An object. A struct by itself would be read from a list as well.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> de::Visitor<'de> for Members<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: de::MapAccess<'de>>(self, members: M) -> Result<T, M::Error> {
                T::deserialize(MapAccessDeserializer::new(members))
            }
        }
        deserializer.deserialize_map(Members(PhantomData)).map(Self)
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for EachOnce<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> de::Visitor<'de> for Members<V> {
            type Value = EachOnce<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object whose members stand once")
            }

            fn visit_map<M: de::MapAccess<'de>>(self, mut members: M) -> Result<EachOnce<V>, M::Error> {
                let mut map = BTreeMap::new();
                while let Some((key, value)) = members.next_entry::<String, V>()? {
                    if map.contains_key(&key) {
                        return Err(de::Error::custom(format_args!("duplicate field `{}`", excerpt(&key))));
                    }
                    map.insert(key, value);
                }
                Ok(EachOnce(map))
            }
        }
        deserializer.deserialize_map(Members(PhantomData))
    }
}

impl<S, R, L> CardFile<S, R, L> {
    /// The card, from the text that it was written in.
    pub(crate) fn read<A: Amount>(&self, source: &str) -> Result<RateCard, PricingError>
    where
        S: Placed<String>,
        R: Placed<Object<RateFile<A>>>,
        L: Placed<Object<LimitsFile<A>>>,
    {
        let revision = self.revision.read(source, |text| Ok(text.parse::<Name>()?))?;
        let currency: Currency = self.currency.read(source, |text| Ok(text.parse::<Currency>()?))?;
        let mut entries = Vec::with_capacity(self.rates.len());
        for rate in &self.rates {
            entries.push(rate.read(source, |Object(rate)| {
                let entry = rate.read(currency).and_then(|entry| Ok(entry.check().map(|()| entry)?));
                entry.map_err(|error| error_of(&[&rate.kind, &rate.part], error))
            })?);
        }
        let mut card = RateCard::new(revision, currency, entries)?;
        let instant = |of: &Option<S>| {
            let read = |text: &String| Ok(text.parse::<Instant>()?);
            of.as_ref().map(|of| of.read(source, read)).transpose()
        };
        let (from, to) = (instant(&self.from)?, instant(&self.to)?);
        card = match (&self.to, &self.from) {
            (Some(place), _) | (None, Some(place)) => {
                place.read(source, |_| Ok(card.with_validity(Validity { from, to })?))?
            }
            (None, None) => card,
        };
        for (kind, limits) in self.limits.iter().flat_map(|limits| &limits.0) {
            card = limits.read(source, |Object(limits)| {
                let with = || Ok(card.with_limits(kind.parse::<Kind>()?, limits.read()?)?);
                with().map_err(|error| error_of(&["limits", kind], error))
            })?;
        }
        Ok(card)
    }
}

/// An error, and what it is of.
fn error_of(names: &[&str], error: Error) -> Misread {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", excerpt(name))).collect();
    Misread { of: format!("{}: ", names.join(" ")), error: Box::new(error) }
}

impl<A: Amount> LimitsFile<A> {
    fn read(&self) -> Result<Limits, Error> {
        Ok(Limits { minimum: optional(self.minimum.as_ref())?, maximum: optional(self.maximum.as_ref())? })
    }
}

impl<A: Amount> RateFile<A> {
    pub(crate) fn read(&self, currency: Currency) -> Result<Entry, Error> {
        let instant = |text: &Option<String>| text.as_deref().map(str::parse::<Instant>).transpose();
        // With a model of its own, a part is a dimension by any name, brackets or not.
        let part = match &self.model {
            Some(model) => Part { dimension: self.part.parse()?, model: model.parse()? },
            None => self.part.parse()?,
        };
        Ok(Entry {
            kind: self.kind.parse()?,
            part,
            rate: Rate {
                shape: self.shape(&|text| self.in_currency(text, currency))?,
                per: self.per.parse::<Unit>()?,
                every: self.every()?,
                free: optional(self.free.as_ref())?.unwrap_or_default(),
                minimum: self.minimum.as_ref().map(|text| self.in_currency(text, currency)).transpose()?,
                maximum: self.maximum.as_ref().map(|text| self.in_currency(text, currency)).transpose()?,
                zero: match self.zero_usage {
                    ZeroName::Free => ZeroUsage::Free,
                    ZeroName::Charged => ZeroUsage::Charged,
                },
            },
            from: instant(&self.from)?,
            to: instant(&self.to)?,
        })
    }

    /// An amount of the rate in its currency (R-M5: 角 and 分 are written as they are said).
    fn in_currency(&self, text: &A, currency: Currency) -> Result<Decimal, Error> {
        let amount = text.read()?;
        match &self.sub_unit {
            Some(name) => Ok(decimal::multiply(amount, currency.sub_unit(name)?)?),
            None => Ok(amount),
        }
    }

    fn shape(&self, amount: &dyn Fn(&A) -> Result<Decimal, Error>) -> Result<Shape, Error> {
        let tiers = || self.tiers.iter().flatten().map(|tier| tier.0.read(amount)).collect::<Result<Vec<_>, _>>();
        let shape = &self.shape;
        let of_tiers = matches!(shape, ShapeName::Graduated | ShapeName::Volume | ShapeName::StairStep);
        let of_events = self.event_fee.is_some() || self.event_minimum.is_some() || self.event_maximum.is_some();
        // What does not belong to the shape, first: it is more likely that the name of the shape is missing.
        let stray = if self.tiers.is_some() && !of_tiers {
            Some("it has tiers: name its shape graduated, volume or stair_step")
        } else if self.package_size.is_some() && !matches!(shape, ShapeName::Package) {
            Some("it has a package_size: name its shape package")
        } else if (self.percent.is_some() || of_events) && !matches!(shape, ShapeName::Percentage) {
            Some("it has a percentage: name its shape percentage")
        } else if self.price.is_some() && of_tiers {
            Some("its prices belong into its tiers")
        } else if self.price.is_some() && matches!(shape, ShapeName::Percentage) {
            Some("a percentage has a percent and no price")
        } else {
            None
        };
        if let Some(fault) = stray {
            return Err(self.fault(fault));
        }
        Ok(match (shape, &self.price, &self.package_size, &self.percent) {
            (ShapeName::Graduated, ..) => Shape::graduated(&tiers()?)?,
            (ShapeName::Volume, ..) => Shape::volume(&tiers()?)?,
            (ShapeName::StairStep, ..) => Shape::stair_step(&tiers()?)?,
            (ShapeName::PerUnit, Some(price), ..) => Shape::per_unit(amount(price)?),
            (ShapeName::Package, Some(price), Some(size), _) => Shape::package(size.read()?, amount(price)?)?,
            (ShapeName::Percentage, _, _, Some(percent)) => {
                let or_none = |of: &Option<A>| of.as_ref().map(amount).transpose();
                Shape::percentage(Percentage {
                    ratio: Ratio::percent(percent.read()?)?,
                    fee: or_none(&self.event_fee)?.unwrap_or_default(),
                    minimum: or_none(&self.event_minimum)?,
                    maximum: or_none(&self.event_maximum)?,
                })?
            }
            (ShapeName::PerUnit | ShapeName::Package, None, ..) => return Err(self.fault("its price is missing")),
            (ShapeName::Package, _, None, _) => return Err(self.fault("its package_size is missing")),
            (ShapeName::Percentage, ..) => return Err(self.fault("its percent is missing")),
        })
    }

    fn every(&self) -> Result<Every, Error> {
        let unit = self.every.parse()?;
        if unit != TimeUnit::Month && (self.month.is_some() || self.anchor.is_some() || self.zone.is_some()) {
            return Err(self.fault("only a price by the month has a month, an anchor and a zone"));
        }
        Ok(match unit {
            TimeUnit::Second => Every::Second,
            TimeUnit::Minute => Every::Minute,
            TimeUnit::Hour => Every::Hour,
            TimeUnit::Day => Every::Day,
            TimeUnit::Once => Every::Once,
            TimeUnit::Month => Every::Month(self.month_length()?),
        })
    }

    fn month_length(&self) -> Result<MonthLength, Error> {
        let zone = self.zone.as_deref().map_or(Ok(Zone::UTC), str::parse::<Zone>)?;
        match (self.month.as_deref(), &self.anchor) {
            (Some("fixed_30"), None) => Ok(MonthLength::Fixed30),
            (Some("to_month_end"), None) => Ok(MonthLength::ToMonthEnd { zone }),
            (Some("calendar"), Some(anchor)) => Ok(MonthLength::Calendar { anchor: anchor.parse()?, zone }),
            (Some("calendar"), None) => Err(self.fault("a calendar month needs an anchor")),
            _ => Err(self.fault("say how long its month is: fixed_30, to_month_end, or calendar with an anchor")),
        }
    }

    fn fault(&self, fault: &'static str) -> Error {
        let entry = format!("{} {}", excerpt(&self.kind), excerpt(&self.part));
        Error::Pricing(PricingError::BadRate { entry, fault })
    }
}

impl<A: Amount> TierFile<A> {
    fn read(&self, amount: &dyn Fn(&A) -> Result<Decimal, Error>) -> Result<Tier, Error> {
        let price = match (&self.price, &self.percent) {
            (None, None) => Decimal::ZERO,
            (Some(price), None) => amount(price)?,
            (None, Some(percent)) => of_a_hundred(percent.read()?)?,
            (Some(_), Some(_)) => {
                let (entry, fault) = ("tier".to_owned(), "it has both a price and a percent");
                return Err(Error::Pricing(PricingError::BadRate { entry, fault }));
            }
        };
        let flat = self.flat.as_ref().map_or(Ok(Decimal::ZERO), amount)?;
        Ok(Tier { up_to: optional(self.up_to.as_ref())?, price, flat })
    }
}
