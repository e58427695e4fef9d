//! One rate of a tariff: the one place where a price meets a quantity.

use super::{Every, ExactAmounts, Rate};
use crate::{
    error::{MoneyError, PricingError},
    exact::{Exact, Integer, Whole, any_width},
    metering::{Basis, Part},
    time::{Instant, Period},
    units::Unit,
};

/// A rate, prepared for the time that a tariff is for.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) part: Part,
    pub(super) rate: Rate,
    /// The length of the rate's time-unit; 1 where it has none.
    micros: i64,
    /// The month that `micros` is the length of, for a price by the month.
    pub(super) month: Option<Period>,
    /// For a plain price.
    pub(super) weight: Option<Weight>,
}

/// What one unit·microsecond costs by a plain price.
#[derive(Debug, Clone)]
pub(super) struct Weight {
    numerator: Integer,
    /// Above zero.
    denominator: Integer,
}

/// One part of a usage, priced.
#[derive(Debug, Clone)]
pub(super) struct PricedLine {
    /// How many units of the rate were used.
    pub(super) used: Exact,
    /// How many of them are payable.
    pub(super) payable_units: Exact,
    /// What they cost.
    pub(super) amounts: ExactAmounts,
}

/// So many units of a rate, and what they cost.
#[derive(Debug, Clone)]
struct Priced {
    units: Exact,
    amount: Exact,
}

impl Line {
    /// A rate as it holds at an instant.
    pub(super) fn new(part: Part, rate: Rate, at: Instant) -> Result<Self, PricingError> {
        let (micros, month) = rate.every.length_at(at)?;
        let weight = match rate.unit_price() {
            Some(price) => Some(Weight {
                numerator: Integer::from(price.mantissa()),
                denominator: Integer::power_of_ten(price.scale())?.times(&Integer::from(micros))?,
            }),
            None => None,
        };
        Ok(Self { part, rate, micros, month, weight })
    }

    /// The same rate as it holds at another instant.
    pub(super) fn at(&self, at: Instant) -> Result<Self, PricingError> {
        Self::new(self.part.clone(), self.rate.clone(), at)
    }

    /// Brings all weights over one denominator, so that amounts add up without looking at fractions.
    pub(super) fn over_one_denominator(lines: &mut [Self]) -> Result<Integer, PricingError> {
        let mut own = lines.iter().filter_map(|line| line.weight.as_ref()).map(|weight| &weight.denominator);
        let common = own.try_fold(Integer::ONE, |common, own| common.least_common_multiple(own));
        let common = common.ok_or(MoneyError::Overflow { operation: "a weight" })?;
        for weight in lines.iter_mut().filter_map(|line| line.weight.as_mut()) {
            let (growth, _) = common.divide(&weight.denominator)?;
            *weight = Weight { numerator: weight.numerator.times(&growth)?, denominator: common.clone() };
        }
        Ok(common)
    }

    /// The error, unless the price is that of a sum: what costs something for each event is not.
    pub(super) fn check_sum(&self) -> Result<(), PricingError> {
        match self.rate.shape.of_events() {
            Some(_) => self.rate.amount(&Exact::ONE).map(|_| ()),
            None => Ok(()),
        }
    }

    /// The error, unless the rate can rate numbers of a basis in a window.
    #[inline]
    pub(super) fn check(&self, basis: Basis, window: Period) -> Result<(), PricingError> {
        let as_priced = basis.unit == self.rate.per && basis.measure == self.rate.every.measure();
        if as_priced && self.holds_for(window) { Ok(()) } else { self.check_each(basis, window) }
    }

    #[cold]
    fn check_each(&self, basis: Basis, window: Period) -> Result<(), PricingError> {
        if basis.measure != self.rate.every.measure() {
            return Err(PricingError::TimeMismatch {
                part: self.part.to_string(),
                every: self.rate.every.time_unit().name(),
            });
        }
        basis.unit.per(self.rate.per)?;
        match self.month {
            Some(month) if !self.holds_for(window) => {
                Err(PricingError::WindowOutsideMonth { window: window.to_string(), month: month.to_string() })
            }
            _ => Ok(()),
        }
    }

    /// Whether its price holds for all of a window.
    #[inline]
    pub(super) fn holds_for(&self, window: Period) -> bool {
        self.month.is_none_or(|month| month.intersection(window) == window)
    }

    /// Prices what was used of a part, and what of that is payable.
    pub(super) fn price(
        &self,
        basis: Basis,
        used_sum: &Integer,
        payable_sum: &Integer,
    ) -> Result<PricedLine, PricingError> {
        let Priced { units: used, amount: original } = self.priced(basis, used_sum)?;
        if payable_sum == used_sum {
            let amounts = ExactAmounts { payable: original.clone(), original };
            return Ok(PricedLine { payable_units: used.clone(), used, amounts });
        }
        let Priced { units: payable_units, amount: payable } = self.priced(basis, payable_sum)?;
        // Where nothing of it is payable, neither is a minimum or a flat fee.
        let payable = if payable_sum.is_zero() { Exact::ZERO } else { payable };
        Ok(PricedLine { used, payable_units, amounts: ExactAmounts { original, payable } })
    }

    fn priced(&self, basis: Basis, sum: &Integer) -> Result<Priced, PricingError> {
        let (units, plain) = any_width!("an amount", W => self.priced_at_width::<W>(basis, sum))?;
        let amount = match plain {
            Some(amount) => amount,
            None => self.rate.amount(&units)?,
        };
        Ok(Priced { units, amount })
    }

    /// How many units of the rate a number is, and what they cost by a plain price; none where
    /// something does not fit.
    #[inline]
    fn priced_at_width<W: Whole>(&self, basis: Basis, sum: &Integer) -> Option<(Exact, Option<Exact>)> {
        let sum = W::of(sum)?;
        let (numerator, finer) = self.per_unit::<W>(basis)?;
        let units = sum.times(&numerator)?;
        let plain = match &self.weight {
            Some(weight) => {
                let (weight, denominator) = (W::of(&weight.numerator)?, W::of(&weight.denominator)?);
                Some(Exact::above_zero(units.times(&weight)?, denominator.times(&finer)?))
            }
            None => None,
        };
        Some((Exact::above_zero(units, finer.times(&W::from(self.micros))?), plain))
    }

    /// What one number of a basis costs by a plain price: a weight over its denominator times the
    /// second number, which is 1 unless the basis has finer units or digits than the rate.
    #[inline]
    pub(super) fn weight_for<W: Whole>(&self, basis: Basis) -> Option<(W, W)> {
        let weight = W::of(&self.weight.as_ref()?.numerator)?;
        if self.is_per_number(basis) {
            return Some((weight, W::ONE)); // nearly always, and then there is nothing to multiply
        }
        let (numerator, finer) = self.per_unit::<W>(basis)?;
        Some((weight.times(&numerator)?, finer))
    }

    /// Whether one number of a basis is one unit of the rate.
    #[inline]
    fn is_per_number(&self, basis: Basis) -> bool {
        basis.scale == 0 && basis.unit == self.rate.per
    }

    /// How many units of the rate one number of a basis is, over the second number. None where units
    /// do not convert: [`check`](Self::check) says so.
    fn per_unit<W: Whole>(&self, basis: Basis) -> Option<(W, W)> {
        if self.is_per_number(basis) {
            return Some((W::ONE, W::ONE));
        }
        let (numerator, denominator) = basis.unit.per(self.rate.per).ok()?;
        Some((W::from(numerator), W::power_of_ten(basis.scale)?.times(&W::from(denominator))?))
    }
}

impl Every {
    /// The unit of a price, as `GiB·hour` or `GiB`.
    pub(super) fn unit_text(&self, per: Unit) -> String {
        match self {
            Self::Once => per.to_string(),
            _ => format!("{per}·{}", self.time_unit()),
        }
    }
}
