use super::{Shape, ZeroUsage};
use crate::{
    error::{Language, PricingError},
    exact::Exact,
    metering::Measure,
    time::{Instant, MonthLength, Period},
    units::{TimeUnit, Unit},
};
use rust_decimal::Decimal;
use std::fmt;

/// A price for each amount-unit and time-unit, with the shape of the whole.
///
/// Both units belong to the price: `0.005 per MiB per hour` and `0.005 per GiB per hour` are
/// different rates, and a usage may come in any unit of the family.
///
/// # Rule
/// R-P1, R-P3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// What units cost.
    pub shape: Shape,
    /// Of what one unit is.
    pub per: Unit,
    /// For how long one unit is.
    pub every: Every,
    /// Units that cost nothing, before all others; zero or more.
    pub free: Decimal,
    /// The least that the line costs.
    pub minimum: Option<Decimal>,
    /// The most that the line costs.
    pub maximum: Option<Decimal>,
    /// Whether no usage still pays the minimum and the flat fee of the first tier.
    pub zero: ZeroUsage,
}

/// The time-unit of a rate; a month comes with the policy of its length.
///
/// # Rule
/// R-P1, R-T3
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Every {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day of 24 hours.
    Day,
    /// A month.
    Month(MonthLength),
    /// Not by time: each one, once.
    Once,
}

impl Rate {
    /// One price for every unit, without limits.
    pub const fn per_unit(price: Decimal, per: Unit, every: Every) -> Self {
        Self::shaped(Shape::per_unit(price), per, every)
    }

    /// A shape, without free units and limits.
    pub const fn shaped(shape: Shape, per: Unit, every: Every) -> Self {
        Self { shape, per, every, free: Decimal::ZERO, minimum: None, maximum: None, zero: ZeroUsage::Free }
    }

    /// What so many units cost: free units off, then the shape, then the limits.
    ///
    /// # Errors
    /// As [`Shape::amount`]; and `pricing.negative_units` for less than nothing where there are free
    /// units or limits: they are of a whole usage, not of a difference.
    ///
    /// # Rule
    /// R-P3
    pub fn amount(&self, units: &Exact) -> Result<Exact, PricingError> {
        if units.is_negative() && !self.is_without_limits() {
            return Err(PricingError::NegativeUnits { units: units.to_string() });
        }
        let charged =
            if self.free.is_zero() { units.clone() } else { units.minus(&Exact::from(self.free))?.max(Exact::ZERO) };
        let amount = self.shape.amount(&charged, self.zero)?;
        Ok(self.within_limits(amount, units.is_zero()))
    }

    /// An amount within the limits of the line; of nothing, only where that is charged.
    pub(super) fn within_limits(&self, amount: Exact, nothing: bool) -> Exact {
        if nothing && self.zero == ZeroUsage::Free {
            return amount;
        }
        let raised = self.minimum.map(Exact::from).filter(|minimum| *minimum > amount).unwrap_or(amount);
        self.maximum.map(Exact::from).filter(|maximum| *maximum < raised).unwrap_or(raised)
    }

    /// The shape in words, with its free units and limits.
    pub fn text(&self, language: Language) -> String {
        let (comma, least, most) = match language {
            Language::Chinese => ("，", "最低", "最高"),
            _ => (", ", "at least", "at most"),
        };
        let mut text = self.shape.text(language);
        if !self.free.is_zero() {
            text.push_str(&match language {
                Language::Chinese => format!("{comma}免费 {}", self.free),
                _ => format!("{comma}{} free", self.free),
            });
        }
        for (limit, word) in [(self.minimum, least), (self.maximum, most)] {
            if let Some(limit) = limit {
                text.push_str(&format!("{comma}{word} {limit}"));
            }
        }
        text
    }

    /// The price of each unit, if the rate is nothing but that.
    pub(crate) fn unit_price(&self) -> Option<Decimal> {
        self.shape.unit_price().filter(|_| self.is_without_limits())
    }

    fn is_without_limits(&self) -> bool {
        self.free.is_zero() && self.minimum.is_none() && self.maximum.is_none()
    }

    pub(super) fn check(&self, entry: &dyn fmt::Display) -> Result<(), PricingError> {
        let bad = |fault| Err(PricingError::BadRate { entry: entry.to_string(), fault });
        if self.free < Decimal::ZERO {
            return bad("free units may not be negative");
        }
        if [self.minimum, self.maximum].into_iter().flatten().any(|limit| limit < Decimal::ZERO) {
            return bad("its limits may not be below zero");
        }
        if self.shape.as_percentage().is_some() && self.per != Unit::Amount {
            return bad("a percentage is per amount");
        }
        if self.shape.of_events().is_some() && self.every != Every::Once {
            return bad("a percentage with a fee or limits for each event is once");
        }
        match (self.minimum, self.maximum) {
            (Some(minimum), Some(maximum)) if minimum > maximum => bad("its minimum is above its maximum"),
            _ => Ok(()),
        }
    }
}

impl Every {
    /// The unit, without the policy.
    pub const fn time_unit(&self) -> TimeUnit {
        match self {
            Self::Second => TimeUnit::Second,
            Self::Minute => TimeUnit::Minute,
            Self::Hour => TimeUnit::Hour,
            Self::Day => TimeUnit::Day,
            Self::Month(_) => TimeUnit::Month,
            Self::Once => TimeUnit::Once,
        }
    }

    /// What a usage must measure to be rated by it.
    pub(super) const fn measure(&self) -> Measure {
        match self {
            Self::Once => Measure::Counted,
            _ => Measure::Timed,
        }
    }

    /// Its length in microseconds at an instant, and the month it holds for if it is one; 1 for once.
    pub(super) fn length_at(&self, at: Instant) -> Result<(i64, Option<Period>), PricingError> {
        match self {
            Self::Month(length) => Ok((length.micros(at)?, length.period(at)?)),
            Self::Once => Ok((1, None)),
            _ => Ok((self.time_unit().micros().unwrap_or(1), None)),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}
