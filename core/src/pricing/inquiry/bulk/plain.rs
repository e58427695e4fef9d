use super::SpecColumns;
use crate::{
    exact::{Rounder, SumsView, Whole, decimal},
    metering::{Basis, Column, Measure, bulk::QuantityColumn},
    money::{RoundAt, Rounding},
    pricing::{Limits, Tariff, Terms, weights::Weights},
    time::Period,
};
use rust_decimal::Decimal;

/// A tariff fitted to columns of specs: for plain prices at list price that are rounded at the total,
/// all that is left to do for a row is to add up and to round.
#[derive(Debug)]
pub(super) struct Plain {
    columns: Vec<Column>,
    scale: u32,
    narrow: Option<Kernel<i64>>,
    wide: Option<Kernel<i128>>,
}

/// Weights and rounding at one width.
#[derive(Debug)]
struct Kernel<W> {
    weights: Weights<W>,
    rounder: Rounder<W>,
}

impl Plain {
    /// None where it takes more than this: other shapes of prices, prices by calendar months, limits, discounts,
    /// or lines that are rounded by themselves.
    pub(super) fn new(tariff: &Tariff, specs: &SpecColumns<'_>, terms: Terms<'_>) -> Option<Self> {
        let rounding = terms.rounding();
        // Carried remainders make lines add up to the rounded total, so the total will do.
        let rounds_total = matches!(rounding.at(), RoundAt::Total | RoundAt::LineCarry);
        let is_plain = tariff.is_plain() && tariff.limits() == Limits::default() && terms.discounts().is_none();
        if !rounds_total || !is_plain {
            return None;
        }
        let mut lines = tariff.walk();
        let column = |of: &QuantityColumn<'_>| {
            let measure = lines.line(&of.part).map_or(Measure::Timed, |line| line.rate.every.measure());
            Column { part: of.part.clone(), basis: Basis { unit: of.unit, scale: of.scale, measure } }
        };
        let columns: Vec<Column> = specs.quantities().iter().map(column).collect();
        let (narrow, wide) = (Kernel::new(tariff, &columns, rounding), Kernel::new(tariff, &columns, rounding));
        (narrow.is_some() || wide.is_some()).then(|| Self { columns, scale: rounding.step().scale(), narrow, wide })
    }

    /// What so many items of a spec cost for a window; none where it takes more than this, or has a fault.
    /// `sums` is memory to work in.
    #[inline]
    pub(super) fn amount(
        &self,
        specs: &SpecColumns<'_>,
        spec: usize,
        window: Period,
        count: u32,
        sums: &mut Vec<i128>,
    ) -> Option<Decimal> {
        if window.is_empty() || count == 0 {
            return None;
        }
        sums.clear();
        for (column, of) in self.columns.iter().zip(specs.quantities()) {
            let quantity = if of.is_present(spec) { of.values.at(spec)? } else { 0 };
            // As narrow as a number of a decimal is in any case.
            let quantity = i128::from(u64::try_from(quantity).ok()?);
            sums.push(match column.basis.measure {
                Measure::Timed => quantity.checked_mul(i128::from(window.micros()))?,
                Measure::Counted => quantity,
            });
        }
        let sums = SumsView::Narrow(sums);
        let narrow = self.narrow.as_ref().and_then(|kernel| kernel.amount(sums, count));
        let amount = narrow.or_else(|| self.wide.as_ref()?.amount(sums, count))?;
        decimal::from_parts(amount, self.scale)
    }
}

impl<W: Whole> Kernel<W> {
    fn new(tariff: &Tariff, columns: &[Column], rounding: Rounding) -> Option<Self> {
        let weights = Weights::fitted(tariff, columns, None)?;
        let step = rounding.step();
        let rounder = Rounder::new(step.mantissa(), step.scale(), rounding.mode(), weights.denominator())?;
        Some(Self { weights, rounder })
    }

    #[inline]
    fn amount(&self, sums: SumsView<'_>, count: u32) -> Option<i128> {
        let of_one = self.weights.sums(sums, None)?.used;
        self.rounder.round(&of_one.times(&W::from(i64::from(count)))?)
    }
}
