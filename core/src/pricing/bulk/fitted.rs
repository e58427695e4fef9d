use crate::{
    exact::{Rounder, SumsView, Whole},
    metering::bulk::{Lives, MeteredRow},
    money::{RoundAt, Rounding},
    pricing::{Limits, Tariff, weights::Weights},
};

/// A tariff fitted to the columns of a batch: for plain prices that are rounded at the total, all that
/// is left to do for a row is to add up and to round.
#[derive(Debug)]
pub(super) struct Fitted {
    narrow: Option<Kernel<i64>>,
    wide: Option<Kernel<i128>>,
}

/// Weights and rounding at one width.
#[derive(Debug)]
struct Kernel<W> {
    weights: Weights<W>,
    rounder: Rounder<W>,
}

impl Fitted {
    pub(super) fn new(tariff: &Tariff, lives: &Lives<'_>, rounding: Rounding) -> Self {
        // Carried remainders make lines add up to the rounded total, so the total will do.
        let rounds_total = matches!(rounding.at(), RoundAt::Total | RoundAt::LineCarry);
        if rounds_total && tariff.is_plain() && tariff.limits() == Limits::default() {
            Self { narrow: Kernel::new(tariff, lives, rounding), wide: Kernel::new(tariff, lives, rounding) }
        } else {
            Self { narrow: None, wide: None }
        }
    }

    /// Whether [`amounts`](Self::amounts) may have an answer.
    pub(super) const fn is_plain(&self) -> bool {
        self.wide.is_some()
    }

    /// The mantissas of the two amounts of a row; none where it takes more than this.
    #[inline]
    pub(super) fn amounts(&self, row: &MeteredRow) -> Option<(i128, i128)> {
        let narrow = self.narrow.as_ref().and_then(|kernel| kernel.amounts(row));
        narrow.or_else(|| self.wide.as_ref()?.amounts(row))
    }
}

impl<W: Whole> Kernel<W> {
    fn new(tariff: &Tariff, lives: &Lives<'_>, rounding: Rounding) -> Option<Self> {
        let weights = Weights::fitted(tariff, lives.columns(), lives.common_window())?;
        let step = rounding.step();
        let rounder = Rounder::new(step.mantissa(), step.scale(), rounding.mode(), weights.denominator())?;
        Some(Self { weights, rounder })
    }

    #[inline]
    fn amounts(&self, row: &MeteredRow) -> Option<(i128, i128)> {
        let payable = (!row.all_is_payable()).then_some(SumsView::Narrow(&row.payable));
        let sums = self.weights.sums(SumsView::Narrow(&row.used), payable)?;
        let original = self.rounder.round(&sums.used)?;
        let payable = match sums.payable {
            Some(payable) => self.rounder.round(&payable)?,
            None => original,
        };
        Some((original, payable))
    }
}
