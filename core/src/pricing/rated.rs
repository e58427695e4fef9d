use super::{
    Explanation, Tariff, Terms,
    explaining::Explaining,
    settle::{self, Settling},
};
use crate::{
    error::PricingError,
    exact::Exact,
    metering::Usage,
    money::{Money, RoundAt, Rounded, Rounding},
};
use rust_decimal::Decimal;

/// Two exact amounts of one usage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExactAmounts {
    /// For all that was used.
    pub original: Exact,
    /// For what of it is payable.
    pub payable: Exact,
}

impl ExactAmounts {
    /// Nothing.
    pub const ZERO: Self = Self { original: Exact::ZERO, payable: Exact::ZERO };
}

/// What a usage costs: rounded, with the exact values and the derivation behind it.
///
/// # Rule
/// R-P2, R-P15, R-U4
#[derive(Debug, Clone)]
pub struct Rated<'a> {
    tariff: &'a Tariff,
    segments: &'a [Usage],
    rounding: Rounding,
    original: Rounded,
    payable: Rounded,
}

impl<'a> Rated<'a> {
    #[inline]
    pub(super) fn whole(tariff: &'a Tariff, usage: &'a [Usage], rounding: Rounding) -> Result<Self, PricingError> {
        match rounding.at() {
            RoundAt::Segment => return Err(PricingError::RoundsElsewhere { at: "segment", call: "rate_segments" }),
            RoundAt::Month => return Err(PricingError::RoundsElsewhere { at: "month", call: "exact" }),
            RoundAt::Line | RoundAt::LineCarry | RoundAt::Total => {}
        }
        Self::settled(tariff, usage, rounding)
    }

    pub(super) fn segments(
        tariff: &'a Tariff,
        segments: &'a [Usage],
        rounding: Rounding,
    ) -> Result<Self, PricingError> {
        match rounding.at() {
            RoundAt::Line => return Err(PricingError::RoundsElsewhere { at: "line", call: "rate" }),
            RoundAt::LineCarry => return Err(PricingError::RoundsElsewhere { at: "line_carry", call: "rate" }),
            RoundAt::Month => return Err(PricingError::RoundsElsewhere { at: "month", call: "exact" }),
            RoundAt::Segment | RoundAt::Total => {}
        }
        Self::settled(tariff, segments, rounding)
    }

    #[inline]
    fn settled(tariff: &'a Tariff, segments: &'a [Usage], rounding: Rounding) -> Result<Self, PricingError> {
        if !tariff.limits().are_none() {
            segments.iter().try_for_each(check_whole)?;
        }
        let (original, payable) = match (rounding.at(), segments) {
            (RoundAt::Total | RoundAt::LineCarry | RoundAt::Line, [usage]) => {
                settle::usage(tariff, usage.view(), rounding)?
            }
            (_, segments) => {
                let mut settling = Settling::new(rounding);
                segments.iter().try_for_each(|segment| settling.usage(tariff, segment.view()))?;
                settling.finish(tariff.limits())?
            }
        };
        Ok(Self { tariff, segments, rounding, original, payable })
    }

    /// What all that was used costs.
    pub const fn original(&self) -> Decimal {
        self.original.amount()
    }

    /// What is to be paid.
    pub const fn payable(&self) -> Decimal {
        self.payable.amount()
    }

    /// What is to be paid, with its currency.
    pub const fn payable_money(&self) -> Money {
        Money::new(self.payable.amount(), self.tariff.currency())
    }

    /// The original amount with its exact value and the remainder.
    ///
    /// # Rule
    /// R-M3
    pub const fn original_rounded(&self) -> &Rounded {
        &self.original
    }

    /// The payable amount with its exact value and the remainder.
    ///
    /// # Rule
    /// R-M3
    pub const fn payable_rounded(&self) -> &Rounded {
        &self.payable
    }

    /// What it was rated with.
    pub const fn tariff(&self) -> &'a Tariff {
        self.tariff
    }

    /// How it was rounded.
    pub const fn rounding(&self) -> Rounding {
        self.rounding
    }

    /// The derivation: every line with its units, its price and its exact amount.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-P15
    pub fn explain(&self) -> Result<Explanation, PricingError> {
        Explaining::new(self.tariff, 1, Terms::list(self.rounding)).usages(self.segments)
    }
}

/// The error, if a usage is a difference that takes something back: limits are of a whole reading.
pub(super) fn check_whole(usage: &Usage) -> Result<(), PricingError> {
    for part in usage.parts() {
        let of_part = [usage.used(part), usage.payable(part)];
        if let Some(negative) = of_part.into_iter().flatten().find(|of| of.value().is_negative()) {
            return Err(PricingError::NegativeUnits { units: negative.value().to_string() });
        }
    }
    Ok(())
}
