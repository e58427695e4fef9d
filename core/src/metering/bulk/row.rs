use super::{
    columns::{Numbers, OPEN, QuantityColumn},
    lives::Lives,
};
use crate::{
    error::MoneyError,
    exact::{Exact, Integer},
    metering::{
        ChargeMode, QuotaCharge, Usage, UsageOf,
        kernel::{self, Lived, overlap, quantity_time},
    },
    time::{Instant, Period},
};
use std::ops::Range;

/// What one row came to; made once, and filled again for each row.
#[derive(Debug)]
pub(crate) struct MeteredRow {
    lived: Vec<Lived>,
    /// Quantities that stand in another form than the kernel takes.
    narrowed: Vec<i64>,
    /// All that was used, one for each column.
    pub(crate) used: Vec<i128>,
    /// What of that is payable.
    pub(crate) payable: Vec<i128>,
    /// Which parts the row does not have.
    pub(crate) absent: Vec<bool>,
    /// How long it lived in the window.
    pub(crate) micros: i64,
    /// How long of that pays.
    pub(crate) payable_micros: i64,
}

/// What became of metering a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Metering {
    /// It did not live in the window.
    Absent,
    /// Its sums are there.
    Metered,
    /// Something is wrong with it or does not fit in 128 bits: metered alone it says what.
    Unusual,
}

impl MeteredRow {
    pub(crate) fn new(lives: &Lives<'_>) -> Self {
        let columns = lives.columns().len();
        Self {
            lived: vec![],
            narrowed: vec![],
            used: vec![0; columns],
            payable: vec![0; columns],
            absent: vec![false; columns],
            micros: 0,
            payable_micros: 0,
        }
    }

    /// Whether all that was used is payable.
    #[inline]
    pub(crate) const fn all_is_payable(&self) -> bool {
        self.micros == self.payable_micros
    }

    /// Meters a row.
    #[inline]
    pub(crate) fn meter(&mut self, lives: &Lives<'_>, row: usize, window: Period, quota: QuotaCharge) -> Metering {
        match self.try_meter(lives, row, window, quota) {
            Some(true) => Metering::Metered,
            Some(false) => Metering::Absent,
            None => Metering::Unusual,
        }
    }

    #[inline]
    fn try_meter(&mut self, lives: &Lives<'_>, row: usize, window: Period, quota: QuotaCharge) -> Option<bool> {
        let places = lives.places(row).ok()?;
        let (start, end) = (lives.start.get(places.clone())?, lives.end.get(places.clone())?);
        kernel::check_order(start.iter().copied().zip(end.iter().copied())).ok()?;
        let life = (*start.first()?, *end.last()?);
        // In order, so none of those between lies outside.
        let last = if life.1 == OPEN { *start.last()? } else { life.1 };
        if life.0 < Instant::MIN.micros() || last > Instant::MAX.micros() {
            return None;
        }
        let window = window.micros_of_ends();
        self.lived.clear();
        (self.micros, self.payable_micros) = (0, 0);
        for ((start, end), mode) in start.iter().zip(end).zip(lives.mode.get(places.clone())?) {
            let micros = overlap((*start, *end), window);
            let pays = ChargeMode::of_code(*mode)?.pays(quota);
            // Spans do not overlap, so their sum is not above the window.
            self.micros = self.micros.wrapping_add(micros);
            self.payable_micros = self.payable_micros.wrapping_add(if pays { micros } else { 0 });
            self.lived.push(Lived { micros, pays });
        }
        self.sums(&lives.quantities, places.clone(), 0)?;
        self.mark_absent(&lives.quantities, places);
        Some(kernel::lives_in(life, window))
    }

    /// How many spans the row has.
    pub(crate) const fn segments(&self) -> usize {
        self.lived.len()
    }

    /// Sums one span of the row that was metered last; whether it reaches into the window. Its parts are those of the whole
    /// row, as the segments of a history have them.
    pub(crate) fn meter_segment(&mut self, lives: &Lives<'_>, row: usize, segment: usize) -> Option<bool> {
        let place = lives.places(row).ok()?.start.checked_add(segment)?;
        self.sums(&lives.quantities, place..place.checked_add(1)?, segment)?;
        Some(self.lived.get(segment)?.micros > 0)
    }

    /// Sums all spans of the row that was metered last, again.
    pub(crate) fn meter_all(&mut self, lives: &Lives<'_>, row: usize) -> Option<()> {
        self.sums(&lives.quantities, lives.places(row).ok()?, 0)
    }

    /// Takes the sums of a usage that was metered alone.
    ///
    /// # Errors
    /// `money.overflow` where they do not fit in 128 bits.
    pub(crate) fn take(&mut self, usage: Option<&Usage>, lives: &Lives<'_>) -> Result<(), MoneyError> {
        let sum = |value: Option<UsageOf>, scale: u32| {
            let value = value.map_or(Exact::ZERO, |of| of.value().clone());
            let mantissa = value.numerator().times(&Integer::power_of_ten(scale)?)?;
            let mantissa = mantissa.divide_exactly(value.denominator())?.and_then(|mantissa| mantissa.narrow());
            mantissa.ok_or(MoneyError::Overflow { operation: "a usage in 128 bits" })
        };
        for (column, (used, payable)) in lives.columns().iter().zip(self.used.iter_mut().zip(&mut self.payable)) {
            let (part, scale) = (&column.part, column.basis.scale);
            *used = sum(usage.and_then(|usage| usage.used(part)), scale)?;
            *payable = sum(usage.and_then(|usage| usage.payable(part)), scale)?;
        }
        Ok(())
    }

    /// Σ quantity × time of each column over the spans at some places, the first of which is in `lived`
    /// at an index.
    #[inline]
    fn sums(&mut self, quantities: &[QuantityColumn<'_>], places: Range<usize>, first: usize) -> Option<()> {
        let lived = self.lived.get(first..)?;
        for (column, (used, payable)) in quantities.iter().zip(self.used.iter_mut().zip(&mut self.payable)) {
            let values = match column.values {
                Numbers::Each(values) if column.present.is_none() => values.get(places.clone())?,
                _ => {
                    self.narrowed.clear();
                    for place in places.clone() {
                        self.narrowed.push(column.narrow(place)?);
                    }
                    &self.narrowed
                }
            };
            if values.iter().any(|value| *value < 0) {
                return None;
            }
            (*used, *payable) = quantity_time::<i128>(values, lived)?;
        }
        Some(())
    }

    /// Which columns no span of a row has.
    #[inline]
    fn mark_absent(&mut self, quantities: &[QuantityColumn<'_>], places: Range<usize>) {
        for (column, absent) in quantities.iter().zip(&mut self.absent) {
            *absent = column.present.is_some() && !places.clone().any(|place| column.is_present(place));
        }
    }
}
