//! From exact lines to rounded amounts: one routine for a result and for its derivation.

use super::{ExactAmounts, Limits};
use crate::{
    error::PricingError,
    exact::{Exact, decimal},
    money::{RoundAt, Rounded, Rounding},
};
use rust_decimal::Decimal;

/// Takes lines one by one, segment by segment, and rounds where it was told to.
pub(super) struct Settling {
    rounding: Rounding,
    original: Side,
    payable: Side,
}

/// One of the two amounts.
struct Side {
    /// The sum of all lines.
    exact: Exact,
    /// The sum of the lines of this segment.
    segment: Exact,
    /// What is rounded already.
    amount: Decimal,
}

impl Settling {
    pub(super) const fn new(rounding: Rounding) -> Self {
        Self { rounding, original: Side::NOTHING, payable: Side::NOTHING }
    }

    #[inline]
    pub(super) fn line(&mut self, amounts: ExactAmounts) -> Result<(), PricingError> {
        self.original.line(amounts.original, self.rounding)?;
        self.payable.line(amounts.payable, self.rounding)
    }

    pub(super) fn end_segment(&mut self) -> Result<(), PricingError> {
        self.original.end_segment(self.rounding)?;
        self.payable.end_segment(self.rounding)
    }

    pub(super) fn finish(self, limits: Limits) -> Result<(Rounded, Rounded), PricingError> {
        let all_is_payable = self.payable.exact == self.original.exact && self.payable.amount == self.original.amount;
        let original = self.original.finish(self.rounding, limits)?;
        let payable = if all_is_payable { original.clone() } else { self.payable.finish(self.rounding, limits)? };
        Ok((original, payable))
    }
}

impl Side {
    const NOTHING: Self = Self { exact: Exact::ZERO, segment: Exact::ZERO, amount: Decimal::ZERO };

    #[inline]
    fn line(&mut self, line: Exact, rounding: Rounding) -> Result<(), PricingError> {
        match rounding.at() {
            RoundAt::Line => self.amount = decimal::add(self.amount, line.round_to(rounding.step(), rounding.mode())?)?,
            RoundAt::Segment => self.segment = self.segment.plus(&line)?,
            RoundAt::LineCarry | RoundAt::Total | RoundAt::Month => {}
        }
        self.exact = if self.exact.is_zero() { line } else { self.exact.plus(&line)? };
        Ok(())
    }

    fn end_segment(&mut self, rounding: Rounding) -> Result<(), PricingError> {
        if rounding.at() == RoundAt::Segment {
            let segment = std::mem::replace(&mut self.segment, Exact::ZERO);
            self.amount = decimal::add(self.amount, segment.round_to(rounding.step(), rounding.mode())?)?;
        }
        Ok(())
    }

    fn finish(self, rounding: Rounding, limits: Limits) -> Result<Rounded, PricingError> {
        if let Some(limit) = limits.breached_by(&self.exact) {
            return Ok(rounding.round(limit)?);
        }
        Ok(match rounding.at() {
            RoundAt::Line | RoundAt::Segment => Rounded::settled(self.exact, self.amount, rounding),
            // Lines that carry their remainder add up to the rounded total.
            RoundAt::LineCarry | RoundAt::Total | RoundAt::Month => rounding.round(self.exact)?,
        })
    }
}

impl Limits {
    /// The limits of so many items together.
    pub(super) fn times(self, count: u32) -> Result<Self, PricingError> {
        if count == 1 {
            return Ok(self);
        }
        let times = |limit: Option<Decimal>| limit.map(|limit| decimal::multiply(limit, count.into())).transpose();
        Ok(Self { minimum: times(self.minimum)?, maximum: times(self.maximum)? })
    }

    /// The limit that takes the place of an amount; nothing stays nothing, whatever the minimum.
    pub(super) fn breached_by(self, exact: &Exact) -> Option<Exact> {
        if (self.minimum.is_none() && self.maximum.is_none()) || exact.is_zero() {
            return None;
        }
        let below = self.minimum.map(Exact::from).filter(|minimum| exact < minimum);
        below.or(self.maximum.map(Exact::from).filter(|maximum| exact > maximum))
    }
}
