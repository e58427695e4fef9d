//! Plain prices as weights: what one number of each column of a usage costs, over one denominator.

use super::{ExactAmounts, line::Line, tariff::Tariff};
use crate::{
    exact::{Exact, SumsView, Whole},
    metering::{Column, UsageView},
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
pub(super) struct WeightedSums<W> {
    pub(super) used: W,
    /// None where it is the same.
    pub(super) payable: Option<W>,
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

    /// What amounts are over.
    pub(super) const fn denominator(&self) -> &W {
        &self.denominator
    }

    /// What the sums of a usage cost; none where something does not fit, or a part without a rate was
    /// used.
    #[inline]
    pub(super) fn sums(&self, used: SumsView<'_>, payable: Option<SumsView<'_>>) -> Option<WeightedSums<W>> {
        let payable = match payable {
            Some(payable) => Some(self.sum(payable)?),
            None => None,
        };
        Some(WeightedSums { used: self.sum(used)?, payable })
    }

    #[inline]
    fn sum(&self, sums: SumsView<'_>) -> Option<W> {
        match sums {
            SumsView::Narrow(sums) => self.weighted(sums.iter().map(|sum| W::of_narrow(*sum))),
            SumsView::Wide(sums) => self.weighted(sums.iter().map(W::of)),
        }
    }

    #[inline]
    fn weighted(&self, sums: impl Iterator<Item = Option<W>>) -> Option<W> {
        let mut amount = W::ZERO;
        for (weight, sum) in self.each.iter().zip(sums) {
            let sum = sum?;
            match weight {
                Some(weight) => amount = amount.plus_product(weight, &sum)?,
                None if sum == W::ZERO => {}
                None => return None,
            }
        }
        Some(amount)
    }

    /// The two amounts of a usage, exactly.
    #[inline]
    pub(super) fn amounts(&self, usage: UsageView<'_>) -> Option<ExactAmounts> {
        let payable = (usage.payable != usage.used).then_some(usage.payable);
        let WeightedSums { used, payable } = self.sums(usage.used, payable)?;
        let exact = |sum: W| Exact::above_zero(sum, self.denominator.clone());
        let original = exact(used);
        Some(ExactAmounts { payable: payable.map_or_else(|| original.clone(), exact), original })
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
