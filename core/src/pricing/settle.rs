//! From exact lines to rounded amounts: one routine for a result and for its derivation.

use super::{ExactAmounts, Limits, Tariff, weights::Fitted};
use crate::{
    error::{MoneyError, PricingError},
    exact::{
        Exact, any_width,
        decimal::{self, Sum},
    },
    metering::UsageView,
    money::{RoundAt, Rounded, Rounding},
};
use rust_decimal::Decimal;

/// Takes lines one by one, segment by segment, and rounds where it was told to.
pub(super) struct Settling {
    rounding: Rounding,
    original: Side,
    /// None as long as all of every line was payable: then one side is as good as two.
    payable: Option<Side>,
}

/// One of the two amounts.
#[derive(Clone)]
struct Side {
    /// The sum of all lines.
    exact: Exact,
    /// The sum of the lines of this segment.
    segment: Exact,
    /// What is rounded already.
    amount: Sum,
}

impl Settling {
    pub(super) fn new(rounding: Rounding) -> Self {
        let amount = Sum::from(decimal::zero(rounding.step().scale()));
        let nothing = Side { exact: Exact::ZERO, segment: Exact::ZERO, amount };
        Self { rounding, original: nothing, payable: None }
    }

    /// What is payable of the line, if lines are rounded by themselves.
    #[inline]
    pub(super) fn line(&mut self, amounts: &ExactAmounts) -> Result<Option<Decimal>, PricingError> {
        if self.payable.is_none() && amounts.payable != amounts.original {
            self.payable = Some(self.original.clone());
        }
        let rounded = self.original.line(&amounts.original, self.rounding)?;
        match &mut self.payable {
            Some(payable) => payable.line(&amounts.payable, self.rounding),
            None => Ok(rounded),
        }
    }

    /// All lines of a usage, which is a segment.
    pub(super) fn usage(&mut self, tariff: &Tariff, usage: UsageView<'_>) -> Result<(), PricingError> {
        if self.rounding.at() == RoundAt::Line {
            tariff.each_line(usage, |_, priced| self.line(&priced.amounts).map(drop))?;
        } else {
            self.line(&tariff.exact_of(usage)?)?;
        }
        self.end_segment()
    }

    pub(super) fn end_segment(&mut self) -> Result<(), PricingError> {
        let sides = [Some(&mut self.original), self.payable.as_mut()];
        sides.into_iter().flatten().try_for_each(|side| side.end_segment(self.rounding))
    }

    pub(super) fn finish(self, limits: Limits) -> Result<(Rounded, Rounded), PricingError> {
        let original = self.original.finish(self.rounding, limits)?;
        let payable = match self.payable {
            Some(payable) => payable.finish(self.rounding, limits)?,
            None => original.clone(),
        };
        Ok((original, payable))
    }
}

impl Side {
    #[inline]
    fn line(&mut self, line: &Exact, rounding: Rounding) -> Result<Option<Decimal>, PricingError> {
        self.exact.add(line)?;
        match rounding.at() {
            RoundAt::Line => {
                let rounded = line.round_to(rounding.step(), rounding.mode())?;
                self.amount.add(rounded)?;
                return Ok(Some(rounded));
            }
            RoundAt::Segment => self.segment.add(line)?,
            RoundAt::LineCarry | RoundAt::Total | RoundAt::Month => {}
        }
        Ok(None)
    }

    fn end_segment(&mut self, rounding: Rounding) -> Result<(), PricingError> {
        if rounding.at() == RoundAt::Segment {
            let segment = std::mem::replace(&mut self.segment, Exact::ZERO);
            self.amount.add(segment.round_to(rounding.step(), rounding.mode())?)?;
        }
        Ok(())
    }

    fn finish(self, rounding: Rounding, limits: Limits) -> Result<Rounded, PricingError> {
        match rounding.at() {
            RoundAt::Line | RoundAt::Segment if limits.breached_by(&self.exact).is_none() => {
                Ok(Rounded::settled(self.exact, self.amount.total()?, rounding))
            }
            // Lines that carry their remainder add up to the rounded total.
            _ => total_side(self.exact, rounding, limits),
        }
    }
}

/// Settles a usage: plain prices by one sum, or by the sum of their rounded lines; all others line by line.
#[inline]
pub(super) fn usage(
    tariff: &Tariff,
    usage: UsageView<'_>,
    rounding: Rounding,
) -> Result<(Rounded, Rounded), PricingError> {
    let window = Some(usage.window);
    let plain = any_width!("an amount", W => {
        Fitted::<W>::new(tariff, usage.columns, window, rounding).and_then(|fitted| fitted.settle(usage, rounding))
    });
    plain.or_else(|_: MoneyError| match rounding.at() {
        RoundAt::Line => {
            let mut settling = Settling::new(rounding);
            settling.usage(tariff, usage)?;
            settling.finish(tariff.limits())
        }
        // No line is rounded by itself, and so their sum will do.
        RoundAt::Total | RoundAt::LineCarry | RoundAt::Segment | RoundAt::Month => {
            total(tariff.exact_of(usage)?, rounding, tariff.limits())
        }
    })
}

/// Settles sums of lines that are not rounded by themselves.
#[inline]
pub(super) fn total(
    amounts: ExactAmounts,
    rounding: Rounding,
    limits: Limits,
) -> Result<(Rounded, Rounded), PricingError> {
    let all_is_payable = amounts.payable == amounts.original;
    let original = total_side(amounts.original, rounding, limits)?;
    let payable = if all_is_payable { original.clone() } else { total_side(amounts.payable, rounding, limits)? };
    Ok((original, payable))
}

#[inline]
fn total_side(exact: Exact, rounding: Rounding, limits: Limits) -> Result<Rounded, PricingError> {
    Ok(match limits.breached_by(&exact) {
        Some(limit) => rounding.round(limit)?,
        None => rounding.round(exact)?,
    })
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
    #[inline]
    pub(super) fn breached_by(self, exact: &Exact) -> Option<Exact> {
        if self.are_none() || exact.is_zero() {
            return None;
        }
        let below = self.minimum.map(Exact::from).filter(|minimum| exact < minimum);
        below.or(self.maximum.map(Exact::from).filter(|maximum| exact > maximum))
    }
}
