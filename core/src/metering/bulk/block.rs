use super::{
    columns::{Numbers, OPEN, Windows},
    lives::Lives,
};
use crate::{
    metering::{
        ChargeMode, QuotaCharge,
        kernel::{self, overlap},
    },
    time::Instant,
};
use std::ops::Range;

/// Some neighbouring rows, metered together at 64 bits: what the usual figures fit in.
///
/// Each step is one loop over short columns, made of the same kernels that meter a row alone. What
/// does not fit, or has a fault, is marked and left to [`MeteredRow`](super::MeteredRow). Made once and
/// filled again for each block.
#[derive(Debug, Default)]
pub(crate) struct MeteredBlock {
    /// Where the spans of the block stand among all.
    places: Range<usize>,
    /// How many spans each row has; empty where each has one.
    spans: Vec<usize>,
    /// Whether each row has a life in its window.
    pub(crate) lives: Vec<Life>,
    /// How long each span lasts inside its window.
    pub(crate) micros: Vec<i64>,
    /// How long of that is payable: all of it or nothing.
    pub(crate) payable_micros: Vec<i64>,
    /// Whether all that was done with each span so far fitted.
    pub(crate) fits: Vec<bool>,
    /// Quantities of the block that stand in another form than a kernel takes.
    narrowed: Vec<i64>,
    /// Quantity × time of each span, of the column whose sums were asked for last.
    times: Vec<i64>,
}

/// What stands for a quantity that is no number of 64 bits: it is below zero, as no good one is.
const FAULT: i64 = -1;

/// Whether a row has a life in its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    /// None of its life lies in it.
    Absent,
    /// Some of it does.
    Lives,
    /// Something is wrong with it.
    Unusual,
}

impl MeteredBlock {
    /// Meters the time of some rows.
    pub(crate) fn fill(&mut self, lives: &Lives<'_>, rows: Range<usize>, quota: QuotaCharge) {
        self.places = lives.places_of(&rows);
        let count = self.places.len();
        refill(&mut self.fits, count, true);
        for column in [&mut self.micros, &mut self.payable_micros] {
            refill(column, count, 0);
        }
        refill(&mut self.lives, rows.len(), Life::Unusual);
        self.spans.clear();
        match lives.windows {
            Windows::One(window) => {
                let ends = window.micros_of_ends();
                self.live(lives, rows, quota, |_| Some(ends));
            }
            Windows::Each { .. } => {
                self.live(lives, rows, quota, |row| Some(lives.window(row).ok()?.micros_of_ends()));
            }
        }
    }

    #[inline]
    fn live(
        &mut self,
        lives: &Lives<'_>,
        rows: Range<usize>,
        quota: QuotaCharge,
        window: impl Fn(usize) -> Option<(i64, i64)>,
    ) {
        let columns = lives.start.get(self.places.clone()).zip(lives.end.get(self.places.clone()));
        let Some(((starts, ends), modes)) = columns.zip(lives.mode.get(self.places.clone())) else { return };
        if lives.has_lists() {
            let (mut starts, mut ends, mut modes) = (starts, ends, modes);
            let (mut micros, mut payable) = (&mut self.micros[..], &mut self.payable_micros[..]);
            for (row, life) in rows.zip(&mut self.lives) {
                let spans = lives.places(row).map_or(0, |places| places.len());
                self.spans.push(spans);
                let of_row = (take(&mut starts, spans), take(&mut ends, spans), take(&mut modes, spans));
                let into = (take_mut(&mut micros, spans), take_mut(&mut payable, spans));
                if let Some(window) = window(row) {
                    *life = live(of_row, window, quota, into);
                }
            }
        } else {
            let cells = self.lives.iter_mut().zip(&mut self.micros).zip(&mut self.payable_micros);
            for ((((row, start), end), mode), ((life, micros), payable)) in
                rows.zip(starts).zip(ends).zip(modes).zip(cells)
            {
                if let Some(window) = window(row) {
                    *life = live_once((*start, *end, *mode), window, quota, (micros, payable));
                }
            }
        }
    }

    /// The quantity of each span in one of the columns of `lives`, beside whether the span fits so far.
    ///
    /// One below zero does not fit: as a fault stands there what is no number of 64 bits.
    #[inline]
    pub(crate) fn quantities<'b>(&'b mut self, lives: &Lives<'b>, place: usize) -> (&'b [i64], &'b mut [bool]) {
        let Some(column) = lives.quantities.get(place) else { return (&[], &mut self.fits) };
        if let (Numbers::Each(values), None) = (column.values, column.present) {
            return (values.get(self.places.clone()).unwrap_or_default(), &mut self.fits);
        }
        self.narrowed.clear();
        match (column.values, column.present) {
            (Numbers::All(quantity), None) => self.narrowed.resize(self.places.len(), quantity),
            _ => {
                let narrow = |place| column.narrow(place).unwrap_or(FAULT);
                self.narrowed.extend(self.places.clone().map(narrow));
            }
        }
        (&self.narrowed, &mut self.fits)
    }

    /// For each row Σ quantity × time of a column, and of what is payable; what does not fit in 64 bits is
    /// marked.
    pub(crate) fn sums(&mut self, lives: &Lives<'_>, place: usize, mut take: impl FnMut((i128, i128))) {
        let (mut times, micros) = (std::mem::take(&mut self.times), std::mem::take(&mut self.micros));
        let (quantities, fits) = self.quantities(lives, place);
        times.clear();
        times.extend(quantities.iter().zip(&micros).zip(fits).map(|((quantity, micros), fits)| {
            let (time, too_large) = quantity.overflowing_mul(*micros);
            *fits &= !too_large & (*quantity >= 0);
            time
        }));
        (self.micros, self.times) = (micros, times);
        let mut times = self.times.iter().zip(self.micros.iter().zip(&self.payable_micros));
        for row in 0..self.lives.len() {
            let (mut used, mut payable) = (0_i128, 0_i128);
            for (time, (micros, payable_micros)) in times.by_ref().take(self.spans_of(row)) {
                // Of 64 bits each, and of fewer than 2^64 of them: they always fit.
                used = used.wrapping_add((*time).into());
                payable = payable.wrapping_add(if micros == payable_micros { (*time).into() } else { 0 });
            }
            take((used, payable));
        }
    }

    /// How many spans a row has.
    #[inline]
    pub(crate) fn spans_of(&self, row: usize) -> usize {
        self.spans.get(row).copied().unwrap_or(1)
    }

    /// Whether each row has one span, so that rows and spans are the same.
    pub(crate) const fn has_single_spans(&self) -> bool {
        self.spans.is_empty()
    }
}

/// Meters the time of the spans of one row.
#[inline]
fn live(
    (starts, ends, modes): (&[i64], &[i64], &[u8]),
    window: (i64, i64),
    quota: QuotaCharge,
    (micros, payable): (&mut [i64], &mut [i64]),
) -> Life {
    if kernel::check_order(starts.iter().copied().zip(ends.iter().copied())).is_err() {
        return Life::Unusual;
    }
    let cells = micros.iter_mut().zip(payable);
    for (cells, ((start, end), mode)) in cells.zip(starts.iter().zip(ends).zip(modes)) {
        if live_once((*start, *end, *mode), window, quota, cells) == Life::Unusual {
            return Life::Unusual;
        }
    }
    let life = starts.first().copied().zip(ends.last().copied());
    if life.is_some_and(|life| kernel::lives_in(life, window)) { Life::Lives } else { Life::Absent }
}

/// Meters the time of one span.
#[inline]
fn live_once(
    (start, end, mode): (i64, i64, u8),
    window: (i64, i64),
    quota: QuotaCharge,
    (micros, payable): (&mut i64, &mut i64),
) -> Life {
    let Some(mode) = ChargeMode::of_code(mode) else { return Life::Unusual };
    let last = if end == OPEN { start } else { end };
    if end < start || start < Instant::MIN.micros() || last > Instant::MAX.micros() {
        return Life::Unusual;
    }
    *micros = overlap((start, end), window);
    *payable = if mode.pays(quota) { *micros } else { 0 };
    if kernel::lives_in((start, end), window) { Life::Lives } else { Life::Absent }
}

/// Takes so many off the front.
#[inline]
fn take<'a, T>(rest: &mut &'a [T], count: usize) -> &'a [T] {
    let (taken, later) = rest.split_at_checked(count).unwrap_or_default();
    *rest = later;
    taken
}

/// Takes so many off the front.
#[inline]
fn take_mut<'a, T>(rest: &mut &'a mut [T], count: usize) -> &'a mut [T] {
    let (taken, later) = std::mem::take(rest).split_at_mut_checked(count).unwrap_or_default();
    *rest = later;
    taken
}

fn refill<T: Clone>(column: &mut Vec<T>, length: usize, value: T) {
    column.clear();
    column.resize(length, value);
}
