use crate::{
    exact::{Rounder, SumsView, Whole},
    metering::bulk::{Lives, MeteredRow},
    money::{RoundAt, Rounding},
    pricing::{Limits, Tariff, weights::Weights},
};

/// A tariff fitted to the columns of a batch at one width: for plain prices that are rounded at the
/// total, all that is left to do for a row is to add up and to round.
#[derive(Debug)]
pub(super) struct Fitted<W> {
    pub(super) weights: Weights<W>,
    pub(super) rounder: Rounder<W>,
}

impl<W: Whole> Fitted<W> {
    /// None where it takes more than that, or something does not fit.
    pub(super) fn new(tariff: &Tariff, lives: &Lives<'_>, rounding: Rounding) -> Option<Self> {
        // Carried remainders make lines add up to the rounded total, so the total will do.
        let rounds_total = matches!(rounding.at(), RoundAt::Total | RoundAt::LineCarry);
        if !rounds_total || !tariff.is_plain() || tariff.limits() != Limits::default() {
            return None;
        }
        let weights = Weights::fitted(tariff, lives.columns(), lives.common_window())?;
        let step = rounding.step();
        let rounder = Rounder::new(step.mantissa(), step.scale(), rounding.mode(), weights.denominator())?;
        Some(Self { weights, rounder })
    }

    /// The mantissas of the two amounts of a row; none where something does not fit.
    #[inline]
    pub(super) fn amounts(&self, row: &MeteredRow) -> Option<(i128, i128)> {
        let payable = (!row.all_is_payable()).then_some(SumsView::Narrow(&row.payable));
        let sums = self.weights.sums(SumsView::Narrow(&row.used), payable)?;
        self.rounded(&sums.used, sums.payable.as_ref())
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
}
