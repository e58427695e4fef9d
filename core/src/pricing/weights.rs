//! Plain prices as weights: what one number of each column of a usage costs, over one denominator.

use super::{ExactAmounts, line::Line, tariff::Tariff};
use crate::{
    exact::{Exact, Rounder, SumsView, Whole, decimal},
    metering::{Column, UsageView},
    money::{RoundAt, Rounded, Rounding},
    time::Period,
};
use smallvec::SmallVec;

/// A tariff of plain prices, fitted to the columns of a usage: Σ sum × weight ÷ denominator.
///
/// One usage is rated by fitting and adding up; a column of usages is fitted once.
#[derive(Debug, Clone)]
pub(super) struct Weights<W> {
    /// One for each column; none for a part without a rate, of which there may be nothing.
    each: SmallVec<[Option<W>; 6]>,
    denominator: W,
}

/// What all that was used of a usage costs, and what of it is payable, over one denominator.
struct WeightedSums<W> {
    used: W,
    /// None where it is the same.
    payable: Option<W>,
}

impl<W: Whole> Weights<W> {
    /// The weights of columns for a window, or for any. None where a price is not plain, does not hold
    /// for all of it, is in a unit that does not convert, or does not fit.
    #[inline]
    pub(super) fn fitted(tariff: &Tariff, columns: &[Column], window: Option<Period>) -> Option<Self> {
        let mut lines = tariff.walk();
        let mut each: SmallVec<[Option<W>; 6]> = SmallVec::with_capacity(columns.len());
        // What the weights are finer than the tariff's denominator by.
        let mut finer = W::ONE;
        for column in columns {
            let Some(line) = lines.line(&column.part) else {
                each.push(None);
                continue;
            };
            let (mut weight, own): (W, W) = weight_in(line, column, window)?;
            if own != finer {
                let common = own.least_common_multiple(&finer)?;
                let growth = common.divided_by(&finer)?;
                for weight in each.iter_mut().flatten() {
                    *weight = weight.times(&growth)?;
                }
                weight = weight.times(&common.divided_by(&own)?)?;
                finer = common;
            }
            each.push(Some(weight));
        }
        Some(Self { each, denominator: W::of(tariff.denominator())?.times(&finer)? })
    }

    /// What the sums of a usage cost; none where something does not fit, or a part without a rate was
    /// used.
    #[inline]
    fn sums(&self, used: SumsView<'_>, payable: Option<SumsView<'_>>) -> Option<WeightedSums<W>> {
        let payable = match payable {
            Some(payable) => Some(self.sum(payable)?),
            None => None,
        };
        Some(WeightedSums { used: self.sum(used)?, payable })
    }

    #[inline]
    fn sum(&self, sums: SumsView<'_>) -> Option<W> {
        let mut amount = W::ZERO;
        self.each_term(sums, |weight, sum| {
            amount = amount.plus_product(weight, sum)?;
            Some(())
        })?;
        Some(amount)
    }

    /// Each weight with its sum; none where a sum does not fit, or a part without a rate was used.
    #[inline]
    fn each_term(&self, sums: SumsView<'_>, take: impl FnMut(&W, &W) -> Option<()>) -> Option<()> {
        match sums {
            SumsView::Short(sums) => self.each_of(sums.iter().map(|sum| Some(W::from(*sum))), take),
            SumsView::Narrow(sums) => self.each_of(sums.iter().map(|sum| W::of_narrow(*sum)), take),
            SumsView::Wide(sums) => self.each_of(sums.iter().map(W::of), take),
        }
    }

    #[inline]
    fn each_of(&self, sums: impl Iterator<Item = Option<W>>, mut take: impl FnMut(&W, &W) -> Option<()>) -> Option<()> {
        for (weight, sum) in self.each.iter().zip(sums) {
            let sum = sum?;
            match weight {
                Some(weight) => take(weight, &sum)?,
                None if sum == W::ZERO => {}
                None => return None,
            }
        }
        Some(())
    }

    /// The two amounts of a usage, exactly.
    #[inline]
    pub(super) fn amounts(&self, usage: UsageView<'_>) -> Option<ExactAmounts> {
        let WeightedSums { used, payable } = self.sums(usage.used, usage.payable_if_other())?;
        let original = self.exact(used);
        Some(ExactAmounts { payable: payable.map_or_else(|| original.clone(), |sum| self.exact(sum)), original })
    }

    fn exact(&self, sum: W) -> Exact {
        Exact::above_zero(sum, self.denominator.clone())
    }
}

/// Weights, and the rounding of their sums: all that plain prices take.
#[derive(Debug, Clone)]
pub(super) struct Fitted<W> {
    weights: Weights<W>,
    rounder: Rounder<W>,
    rounds: Rounds,
}

/// What a rounder is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rounds {
    /// The sum of all lines.
    Total,
    /// Each line, which is a weight times its sum.
    Lines,
}

impl<W: Whole> Fitted<W> {
    /// For the columns of a usage in a window, or in any. None where a tariff takes more than that, or
    /// something does not fit.
    #[inline]
    pub(super) fn new(tariff: &Tariff, columns: &[Column], window: Option<Period>, rounding: Rounding) -> Option<Self> {
        let rounds = match rounding.at() {
            // Carried remainders make lines add up to the rounded total, so the total will do.
            RoundAt::Total | RoundAt::LineCarry => Rounds::Total,
            RoundAt::Line => Rounds::Lines,
            RoundAt::Segment | RoundAt::Month => return None,
        };
        if !tariff.is_plain() || !tariff.limits().are_none() {
            return None;
        }
        let weights = Weights::fitted(tariff, columns, window)?;
        let step = rounding.step();
        let rounder = Rounder::new(step.mantissa(), step.scale(), rounding.mode(), &weights.denominator)?;
        Some(Self { weights, rounder, rounds })
    }

    /// Whether nothing is rounded but the sum of all lines.
    #[inline]
    pub(super) fn rounds_total(&self) -> bool {
        self.rounds == Rounds::Total
    }

    /// The weight of each column; none for a part without a rate.
    pub(super) fn weights(&self) -> &[Option<W>] {
        &self.weights.each
    }

    /// The mantissas of what a usage costs, and of what of it is payable unless that is all; none where
    /// something does not fit.
    #[inline]
    pub(super) fn amounts(&self, used: SumsView<'_>, payable: Option<SumsView<'_>>) -> Option<(i128, i128)> {
        match self.rounds {
            Rounds::Total => {
                let sums = self.weights.sums(used, payable)?;
                self.rounded(&sums.used, sums.payable.as_ref())
            }
            Rounds::Lines => {
                let original = self.rounded_lines(used)?;
                match payable {
                    Some(payable) => Some((original, self.rounded_lines(payable)?)),
                    None => Some((original, original)),
                }
            }
        }
    }

    /// The mantissa of what so many items cost together, each with these sums; none where something does
    /// not fit, or lines are rounded.
    #[inline]
    pub(super) fn amount_of(&self, sums: SumsView<'_>, count: u32) -> Option<i128> {
        if !self.rounds_total() {
            return None;
        }
        self.rounder.round(&self.weights.sum(sums)?.times(&W::from(i64::from(count)))?)
    }

    /// The mantissas of two sums over the weights' denominator, of which the second may be the first.
    #[inline]
    pub(super) fn rounded(&self, used: &W, payable: Option<&W>) -> Option<(i128, i128)> {
        let original = self.rounder.round(used)?;
        match payable {
            Some(payable) => Some((original, self.rounder.round(payable)?)),
            None => Some((original, original)),
        }
    }

    /// The mantissa of the sum of rounded lines.
    #[inline]
    fn rounded_lines(&self, sums: SumsView<'_>) -> Option<i128> {
        let mut total = 0_i128;
        self.weights.each_term(sums, |weight, sum| {
            let line = self.rounder.round(&weight.times(sum)?)?;
            decimal::from_parts(line, 0)?; // as an amount of its own it has to be a decimal
            total = total.checked_add(line)?;
            Some(())
        })?;
        Some(total)
    }

    /// The two amounts of a usage with the exact values behind them; none where something does not fit.
    #[inline]
    pub(super) fn settle(&self, usage: UsageView<'_>, rounding: Rounding) -> Option<(Rounded, Rounded)> {
        let payable = usage.payable_if_other();
        let sums = self.weights.sums(usage.used, payable)?;
        let (original_mantissa, payable_mantissa) = match self.rounds {
            Rounds::Total => self.rounded(&sums.used, sums.payable.as_ref())?,
            Rounds::Lines => self.amounts(usage.used, payable)?,
        };
        let WeightedSums { used, payable } = sums;
        let scale = rounding.step().scale();
        let original = Rounded::settled_to(self.weights.exact(used), decimal::from_parts(original_mantissa, scale)?);
        let payable = match payable {
            Some(sum) => Rounded::settled_to(self.weights.exact(sum), decimal::from_parts(payable_mantissa, scale)?),
            None => original.clone(),
        };
        Some((original, payable))
    }
}

#[inline]
fn weight_in<W: Whole>(line: &Line, column: &Column, window: Option<Period>) -> Option<(W, W)> {
    let holds = match window {
        Some(window) => line.holds_for(window),
        None => line.month.is_none(),
    };
    let is_measured_so = column.basis.measure == line.rate.every.measure();
    if holds && is_measured_so { line.weight_for::<W>(column.basis) } else { None }
}
