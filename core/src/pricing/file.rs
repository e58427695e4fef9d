//! Rate cards as text: what is written in a file, checked line by line.

use super::{Entry, Every, Limits, Rate, RateCard, Shape, Tier, ZeroUsage};
use crate::{
    error::{Error, PricingError, excerpt},
    exact::decimal,
    metering::{Kind, Model, Part},
    money::Currency,
    time::{Instant, MonthLength, Zone},
    units::Unit,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de};
use std::{collections::BTreeMap, fmt, marker::PhantomData};
use toml::Spanned;

impl RateCard {
    /// Reads a card in TOML. Amounts are text, a number is refused: `price = "0.066"`.
    ///
    /// ```toml
    /// revision = "2024-02"
    /// currency = "CNY"
    ///
    /// [[rates]]
    /// kind = "server"
    /// part = "gpu[A100-80G]"        # a dimension, with its model unless that is STANDARD
    /// price = "1.5"
    /// sub_unit = "角"               # the price is in jiao; default: the currency itself
    /// per = "card"
    /// every = "month"               # second, minute, hour, day, month or once
    /// month = "fixed_30"             # or "to_month_end", or "calendar" with an anchor
    /// zone = "Asia/Shanghai"        # of the month; default UTC
    /// from = "2024-02-01T00:00:00Z" # in force from … to …; default always
    ///
    /// [[rates]]
    /// kind = "bucket"
    /// part = "size"
    /// per = "GiB"
    /// every = "day"
    /// shape = "graduated"           # or "volume", "stair_step", "package"
    /// tiers = [{ up_to = "100", price = "1.00" }, { price = "0.50", flat = "1" }]
    /// free = "5"
    /// minimum = "1"
    ///
    /// [limits.server]
    /// minimum = "0.01"
    /// ```
    ///
    /// # Errors
    /// `pricing.bad_card` with the line, and in its fact `cause` the code of what is wrong there;
    /// `pricing.two_in_force`.
    ///
    /// # Rule
    /// R-P1
    pub fn from_toml(text: &str) -> Result<Self, PricingError> {
        let file: CardFile<Spanned<RateFile<Text>>, Text> =
            toml::from_str(text).map_err(|error| PricingError::BadCard {
                line: error.span().map_or(0, |span| line_at(text, span.start)),
                fault: excerpt(error.message()),
                cause: "toml",
            })?;
        file.read(|rate| (rate.get_ref(), line_at(text, rate.span().start)))
    }
}

/// The line, from 1, of a place in a text.
fn line_at(text: &str, place: usize) -> usize {
    let before = text.bytes().take(place).filter(|byte| *byte == b'\n').count();
    before.saturating_add(1)
}

/// A decimal as it is written, in a card file or over the wire.
pub(crate) trait Amount {
    fn read(&self) -> Result<Decimal, Error>;
}

/// A card as it is written: of rates, and of amounts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CardFile<R, A> {
    revision: String,
    currency: String,
    rates: Vec<R>,
    limits: Option<EachOnce<LimitsFile<A>>>,
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
    tiers: Option<Vec<TierFile<A>>>,
    package_size: Option<A>,
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
    flat: Option<A>,
}

/// A map whose keys stand once: JSON would let the last one win.
struct EachOnce<V>(BTreeMap<String, V>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsFile<A> {
    minimum: Option<A>,
    maximum: Option<A>,
}

/// A decimal as text. A number is refused: in most languages it has been a binary float already.
struct Text(String);

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

/// Reads an amount that may be left out.
fn optional<A: Amount>(amount: Option<&A>) -> Result<Option<Decimal>, Error> {
    amount.map(A::read).transpose()
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for EachOnce<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> de::Visitor<'de> for Members<V> {
            type Value = EachOnce<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("limits by kind of resource")
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

impl<R, A: Amount> CardFile<R, A> {
    /// The card; `entry` gives the rate and its line, 0 where lines are not known.
    pub(crate) fn read(&self, entry: impl Fn(&R) -> (&RateFile<A>, usize)) -> Result<RateCard, PricingError> {
        let at_top = |error: Error| PricingError::bad_line(1, "", &error);
        let revision = self.revision.parse().map_err(|error| at_top(Error::Units(error)))?;
        let currency: Currency = self.currency.parse().map_err(|error| at_top(Error::Money(error)))?;
        let mut entries = Vec::with_capacity(self.rates.len());
        for rate in &self.rates {
            let (rate, line) = entry(rate);
            let named = format!("`{}` `{}`: ", excerpt(&rate.kind), excerpt(&rate.part));
            entries.push(rate.read(currency).map_err(|error| PricingError::bad_line(line, &named, &error))?);
        }
        let mut card = RateCard::new(revision, currency, entries)?;
        for (kind, limits) in self.limits.iter().flat_map(|limits| &limits.0) {
            let bad = |error: Error| PricingError::bad_line(0, &format!("limits of `{}`: ", excerpt(kind)), &error);
            let limits = limits.read().map_err(bad)?;
            let kind: Kind = kind.parse().map_err(|error| bad(Error::Units(error)))?;
            card = card.with_limits(kind, limits)?;
        }
        Ok(card)
    }
}

impl PricingError {
    fn bad_line(line: usize, named: &str, error: &Error) -> Self {
        Self::BadCard { line, fault: format!("{named}{error}"), cause: error.code() }
    }
}

impl<A: Amount> LimitsFile<A> {
    fn read(&self) -> Result<Limits, Error> {
        Ok(Limits { minimum: optional(self.minimum.as_ref())?, maximum: optional(self.maximum.as_ref())? })
    }
}

impl<A: Amount> RateFile<A> {
    pub(crate) fn read(&self, currency: Currency) -> Result<Entry, Error> {
        let instant = |text: &Option<String>| text.as_deref().map(str::parse::<Instant>).transpose();
        let mut part: Part = self.part.parse()?;
        if let Some(model) = &self.model {
            part.model = model.parse::<Model>()?;
        }
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
        let missing = |what| Err(self.fault(what));
        let tiers = || self.tiers.iter().flatten().map(|tier| tier.read(amount)).collect::<Result<Vec<_>, _>>();
        let stray_tiers = self.tiers.is_some() && matches!(self.shape, ShapeName::PerUnit | ShapeName::Package);
        if stray_tiers {
            return missing("it has tiers: name its shape graduated, volume or stair_step");
        }
        match (&self.shape, &self.price, &self.package_size) {
            (ShapeName::PerUnit, Some(price), None) => Ok(Shape::per_unit(amount(price)?)),
            (ShapeName::Package, Some(price), Some(size)) => Ok(Shape::package(size.read()?, amount(price)?)?),
            (ShapeName::PerUnit, None, _) | (ShapeName::Package, None, _) => missing("its price is missing"),
            (ShapeName::PerUnit, _, Some(_)) => missing("it has a package size: name its shape package"),
            (ShapeName::Package, _, None) => missing("its package_size is missing"),
            (_, Some(_), _) => missing("its prices belong into its tiers"),
            (_, _, Some(_)) => missing("only a package has a package_size"),
            (ShapeName::Graduated, None, None) => Ok(Shape::graduated(&tiers()?)?),
            (ShapeName::Volume, None, None) => Ok(Shape::volume(&tiers()?)?),
            (ShapeName::StairStep, None, None) => Ok(Shape::stair_step(&tiers()?)?),
        }
    }

    fn every(&self) -> Result<Every, Error> {
        let unit = self.every.parse()?;
        if unit != crate::units::TimeUnit::Month && (self.month.is_some() || self.anchor.is_some()) {
            return Err(self.fault("only a price by the month has a month and an anchor"));
        }
        Ok(match unit {
            crate::units::TimeUnit::Second => Every::Second,
            crate::units::TimeUnit::Minute => Every::Minute,
            crate::units::TimeUnit::Hour => Every::Hour,
            crate::units::TimeUnit::Day => Every::Day,
            crate::units::TimeUnit::Once => Every::Once,
            crate::units::TimeUnit::Month => Every::Month(self.month_length()?),
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
        let or_nothing = |text: &Option<A>| text.as_ref().map_or(Ok(Decimal::ZERO), amount);
        Ok(Tier {
            up_to: optional(self.up_to.as_ref())?,
            price: or_nothing(&self.price)?,
            flat: or_nothing(&self.flat)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(rates: &str) -> Result<RateCard, PricingError> {
        RateCard::from_toml(&format!("revision = \"1\"\ncurrency = \"CNY\"\n{rates}"))
    }

    #[test]
    fn faults_name_their_line_and_cause() {
        let rate = |more: &str| {
            format!("[[rates]]\nkind = \"disk\"\npart = \"size\"\nper = \"GiB\"\nevery = \"day\"\n{more}\n")
        };
        let good = rate("price = \"1.02\"");
        for (rates, line, cause) in [
            (rate("price = 1.02"), 8, "toml"),
            (rate("price = \"1,02\""), 3, "money.not_a_decimal"),
            (format!("{good}{}", good.replace("GiB", "furlong")), 9, "units.unknown_unit"),
            (rate(""), 3, "pricing.bad_rate"),
            (rate("price = \"1\"\nprize = \"2\""), 9, "toml"),
            (rate("price = \"1\"\nsub_unit = \"penny\""), 3, "money.unknown_sub_unit"),
            (rate("shape = \"graduated\"\ntiers = [{ up_to = \"5\", price = \"1\" }]"), 3, "pricing.bad_tiers"),
            (good.replace("day", "month"), 3, "pricing.bad_rate"),
        ] {
            match card(&rates).expect_err(&rates) {
                PricingError::BadCard { line: at, cause: why, fault } => {
                    assert_eq!((at, why), (line, cause), "{fault}\n{rates}");
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(card(&format!("{good}{good}")).unwrap_err().code(), "pricing.two_in_force");
        assert!(card(&good).is_ok());
    }

    #[test]
    fn a_price_in_jiao_is_a_tenth() {
        // R-M5
        let jiao = card("[[rates]]\nkind = \"disk\"\npart = \"size\"\nper = \"GiB\"\nevery = \"day\"\nprice = \"15\"\nsub_unit = \"角\"").unwrap();
        assert_eq!(jiao.entries()[0].rate.shape, Shape::per_unit(decimal::parse("1.5").unwrap()));
    }
}
