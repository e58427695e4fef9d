use super::SpecColumns;
use crate::{
    exact::{SumsView, decimal},
    metering::{Basis, Column, Measure, bulk::QuantityColumn},
    money::RoundAt,
    pricing::{Tariff, Terms, weights::Fitted},
    time::Period,
};
use rust_decimal::Decimal;

/// A tariff fitted to columns of specs: for plain prices at list price that are rounded at the total,
/// all that is left to do for a row is to add up and to round.
#[derive(Debug)]
pub(super) struct Plain {
    columns: Vec<Column>,
    scale: u32,
    narrow: Option<Fitted<i64>>,
    wide: Option<Fitted<i128>>,
}

impl Plain {
    /// None where it takes more than this: other shapes of prices, prices by calendar months, limits, discounts,
    /// or lines that are rounded by themselves.
    pub(super) fn new(tariff: &Tariff, specs: &SpecColumns<'_>, terms: Terms<'_>) -> Option<Self> {
        let rounding = terms.rounding();
        if terms.discounts().is_some() || rounding.at() == RoundAt::Line {
            return None;
        }
        let mut lines = tariff.walk();
        let column = |of: &QuantityColumn<'_>| {
            let measure = lines.line(&of.part).map_or(Measure::Timed, |line| line.rate.every.measure());
            Column { part: of.part.clone(), basis: Basis { unit: of.unit, scale: of.scale, measure } }
        };
        let columns: Vec<Column> = specs.quantities().iter().map(column).collect();
        let narrow = Fitted::new(tariff, &columns, None, rounding);
        let wide = Fitted::new(tariff, &columns, None, rounding);
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
        let narrow = self.narrow.as_ref().and_then(|fitted| fitted.amount_of(sums, count));
        let amount = narrow.or_else(|| self.wide.as_ref()?.amount_of(sums, count))?;
        decimal::from_parts(amount, self.scale)
    }
}
