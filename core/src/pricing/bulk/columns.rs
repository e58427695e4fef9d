use crate::error::RowFault;
use std::ops::Range;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowState {
    /// It is rated.
    Rated,
    /// The resource did not live in its window: there is no reading, and nothing to pay.
    Absent,
    /// It has a fault.
    Faulty,
}

/// Whether the usage of each part is written, beside time and amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UsageDetail {
    /// Time and amounts alone.
    #[default]
    None,
    /// The usage of each part as well: 32 bytes for each part of each row.
    Parts,
}

/// What many rows came to; filled again for each batch, so that its memory is used again.
///
/// Each column has one place for each row, with zeros where the row is not [`RowState::Rated`].
///
/// # Units
/// `micros` are microseconds. Amounts are `number × 10^−scale` of the tariffs' currency. Usage is
/// `number × 10^−scale of the quantity column` of its unit, times microseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RatedColumns {
    /// What became of each row.
    pub state: Vec<RowState>,
    /// How long each lived in its window.
    pub micros: Vec<i64>,
    /// How long of that is payable.
    pub payable_micros: Vec<i64>,
    /// The usage of each part, in the order of the quantity columns as they were given; empty unless
    /// asked for.
    pub usage: Vec<UsageColumn>,
    /// What all that was used costs, rounded.
    pub original: Vec<i128>,
    /// What is to be paid, rounded.
    pub payable: Vec<i128>,
    /// The digits after the point of the amounts.
    pub scale: u32,
    /// The rows that have a fault, in order.
    pub faults: Vec<RowFault>,
}

/// The usage of one part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsageColumn {
    /// All that was used.
    pub used: Vec<i128>,
    /// What of that is payable.
    pub payable: Vec<i128>,
}

impl RatedColumns {
    /// Makes the columns as long as there are rows; each of them is written later.
    pub(super) fn resize(&mut self, rows: usize, parts: usize, scale: u32) {
        let Self { state, micros, payable_micros, usage, original, payable, scale: own_scale, faults } = self;
        *own_scale = scale;
        faults.clear();
        usage.resize_with(parts, UsageColumn::default);
        state.resize(rows, RowState::Faulty);
        for column in [micros, payable_micros] {
            column.resize(rows, 0);
        }
        let usage = usage.iter_mut().flat_map(|column| [&mut column.used, &mut column.payable]);
        for column in [original, payable].into_iter().chain(usage) {
            column.resize(rows, 0);
        }
    }

    /// The places of neighbouring rows.
    #[inline]
    pub(super) fn cells(&mut self, rows: Range<usize>) -> impl Iterator<Item = Cell<'_>> {
        let Self { state, micros, payable_micros, original, payable, .. } = self;
        let times = part(micros, &rows).iter_mut().zip(part(payable_micros, &rows));
        let amounts = part(original, &rows).iter_mut().zip(part(payable, &rows));
        part(state, &rows).iter_mut().zip(times).zip(amounts).map(|((state, times), amounts)| Cell {
            state,
            times,
            amounts,
        })
    }

    /// Writes a row that is rated.
    #[inline]
    pub(super) fn rate(&mut self, row: usize, (micros, payable_micros): (i64, i64), (original, payable): (i128, i128)) {
        if let Some(cell) = self.cells(row..row.saturating_add(1)).next() {
            cell.rate((micros, payable_micros), (original, payable));
        }
    }

    /// Writes the usage of a row, whose parts were given at some places.
    pub(super) fn use_parts(&mut self, row: usize, given: &[usize], used: &[i128], payable: &[i128]) {
        for (place, (used, payable)) in given.iter().zip(used.iter().zip(payable)) {
            let Some(column) = self.usage.get_mut(*place) else { return };
            set(&mut column.used, row, *used);
            set(&mut column.payable, row, *payable);
        }
    }

    /// Writes a row that did not live in its window.
    pub(super) fn leave_out(&mut self, row: usize) {
        self.zero(row, RowState::Absent);
    }

    /// Writes a row that has a fault.
    pub(super) fn refuse(&mut self, row: usize, code: &'static str) {
        self.faults.push(RowFault { row, code });
        self.zero(row, RowState::Faulty);
    }

    /// Writes a row that has no amounts, and takes back what a block wrote of its usage.
    fn zero(&mut self, row: usize, state: RowState) {
        self.rate(row, (0, 0), (0, 0));
        set(&mut self.state, row, state);
        for column in &mut self.usage {
            set(&mut column.used, row, 0);
            set(&mut column.payable, row, 0);
        }
    }
}

/// The place of one row in all columns but those of usage.
pub(super) struct Cell<'c> {
    state: &'c mut RowState,
    times: (&'c mut i64, &'c mut i64),
    amounts: (&'c mut i128, &'c mut i128),
}

impl Cell<'_> {
    /// Writes a row that is rated.
    #[inline]
    pub(super) fn rate(self, (micros, payable_micros): (i64, i64), (original, payable): (i128, i128)) {
        *self.state = RowState::Rated;
        (*self.times.0, *self.times.1) = (micros, payable_micros);
        (*self.amounts.0, *self.amounts.1) = (original, payable);
    }
}

impl UsageColumn {
    /// Writes the sums of a block from a row on, as they are shown.
    pub(super) fn write(&mut self, first: usize, show: impl FnOnce(&mut dyn FnMut((i128, i128)))) {
        let mut cells = self.used.iter_mut().zip(&mut self.payable).skip(first);
        show(&mut |sums| {
            if let Some((used, payable)) = cells.next() {
                (*used, *payable) = sums;
            }
        });
    }
}

#[inline]
fn part<'c, T>(column: &'c mut [T], rows: &Range<usize>) -> &'c mut [T] {
    column.get_mut(rows.clone()).unwrap_or_default()
}

#[inline]
fn set<T>(column: &mut [T], row: usize, value: T) {
    if let Some(cell) = column.get_mut(row) {
        *cell = value;
    }
}
