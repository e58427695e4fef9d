use crate::error::RowFault;

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
    /// Empties all columns and makes room for so many rows.
    pub(super) fn clear(&mut self, rows: usize, parts: usize, scale: u32) {
        let Self { state, micros, payable_micros, usage, original, payable, scale: own_scale, faults } = self;
        *own_scale = scale;
        faults.clear();
        usage.resize_with(parts, UsageColumn::default);
        refill(state, rows, RowState::Faulty);
        for column in [micros, payable_micros] {
            refill(column, rows, 0);
        }
        let usage = usage.iter_mut().flat_map(|column| [&mut column.used, &mut column.payable]);
        for column in [original, payable].into_iter().chain(usage) {
            refill(column, rows, 0);
        }
    }
}

fn refill<T: Clone>(column: &mut Vec<T>, rows: usize, value: T) {
    column.clear();
    column.resize(rows, value);
}
