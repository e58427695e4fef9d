//! The rows of the portal: one current row and archive rows for each resource.
//!
//! [`history`] reads them into the general model, which is what one should meter with. [`usage`]
//! computes what the portal itself computes from the same rows (R-U10), for those that must
//! reproduce an old day to the cent.

use super::{
    ChargeMode, History, Span, Spec, Usage,
    kernel::{Lived, overlap, quantity_time},
    usage::{Basis, Column, Measure},
};
use crate::{
    error::{MeteringError, excerpt},
    exact::{Factors, Number, Row, Sums, any_width},
    time::{Instant, MICROS_PER_DAY, Period},
};
use smallvec::SmallVec;
use std::{str::FromStr, sync::Arc};

/// The row that says what a resource is now, or was when it was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentRow {
    /// When the resource was created.
    pub created: Instant,
    /// When it became what the row says: the last rebuild or conversion, else its creation.
    pub start: Instant,
    /// When it was deleted, if it was.
    pub deleted: Option<Instant>,
    /// How it is paid for.
    pub mode: ChargeMode,
    /// What it is made of.
    pub spec: Spec,
}

/// A row that says what a resource was before a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveRow {
    /// What ended it.
    pub change: Change,
    /// When it began.
    pub start: Instant,
    /// When the change was.
    pub end: Instant,
    /// What the resource was made of.
    pub spec: Spec,
    /// How it was paid for, where the row says so.
    pub mode: Option<ChargeMode>,
}

/// What ended a row of the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Another specification.
    Rebuild,
    /// From post-paid to pre-paid.
    PostToPre,
    /// A larger size.
    Expansion,
}

impl Change {
    /// The name, as `rebuild`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rebuild => "rebuild",
            Self::PostToPre => "post2pre",
            Self::Expansion => "expansion",
        }
    }
}

impl FromStr for Change {
    type Err = MeteringError;

    fn from_str(text: &str) -> Result<Self, MeteringError> {
        match text {
            "rebuild" => Ok(Self::Rebuild),
            "post2pre" => Ok(Self::PostToPre),
            "expansion" => Ok(Self::Expansion),
            _ => Err(MeteringError::UnknownChange { text: excerpt(text) }),
        }
    }
}

/// A history, and the rows that say nothing in it.
#[derive(Debug, Clone)]
pub struct Adapted {
    /// The general model.
    pub history: History,
    /// The rows that were left out, by their index.
    pub ignored: Vec<(usize, Ignored)>,
}

/// Why a row of the archive was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ignored {
    /// It ended before the resource was created.
    BeforeCreation,
    /// It began when the current row already held.
    AfterCurrent,
    /// It is of no length.
    Empty,
}

/// Reads a current row and its archive into a history.
///
/// Rows are clipped to `[created, start of the current row)`. A row that does not say how it was
/// paid for was post-paid if a conversion to pre-paid came at its end or later, else as it is now.
///
/// # Errors
/// `metering.reversed_span`, `metering.overlapping_spans` (the indices are of the spans, in order of
/// their start), and others of [`History::new`].
///
/// # Rule
/// R-U1 and the adapter of *Metering*; D-U2, D-U4.
pub fn history(current: &CurrentRow, archive: &[ArchiveRow]) -> Result<Adapted, MeteringError> {
    let last_conversion = archive.iter().filter(|row| row.change == Change::PostToPre).map(|row| row.end).max();
    let mut ignored = Vec::new();
    let mut spans = Vec::new();
    for (index, row) in archive.iter().enumerate() {
        if row.end < row.start {
            let (start, end) = (row.start.to_chrono(), row.end.to_chrono());
            return Err(MeteringError::ReversedSpan { span: index, start, end });
        }
        let (start, end) = (row.start.max(current.created), row.end.min(current.start));
        if start < end {
            let before_conversion = last_conversion.is_some_and(|conversion| row.end <= conversion);
            let inferred = if before_conversion { ChargeMode::PostPaid } else { current.mode };
            spans.push(Span::new(start, Some(end), row.spec.clone(), row.mode.unwrap_or(inferred)));
        } else if row.start == row.end {
            ignored.push((index, Ignored::Empty));
        } else if row.end <= current.created {
            ignored.push((index, Ignored::BeforeCreation));
        } else {
            ignored.push((index, Ignored::AfterCurrent));
        }
    }
    spans.sort_by_key(Span::start);
    spans.push(Span::new(current.start.max(current.created), current.deleted, current.spec.clone(), current.mode));
    Ok(Adapted { history: History::new(spans)?, ignored })
}

/// Which of the portal's two ways of metering rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowsOf {
    /// Servers: rebuilds count; a conversion's row counts, and pays, only if the server is pre-paid
    /// now; all is rounded together.
    Server,
    /// Disks: conversions count and pay, expansions do not; the rows are rounded apart from the
    /// current one.
    Disk,
}

impl RowsOf {
    /// The name, as `server`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Disk => "disk",
        }
    }
}

/// What the portal computes for a day from the same rows, as segments that it rounds apart; nothing
/// where it has no reading.
///
/// Rate them with `at = segment`.
///
/// # Errors
/// `money.overflow`, `units.incompatible`.
///
/// # Rule
/// R-U10
pub fn usage(
    rows_of: RowsOf,
    window: Period,
    current: &CurrentRow,
    archive: &[ArchiveRow],
) -> Result<Option<Vec<Usage>>, MeteringError> {
    if current.created >= window.end() {
        return Ok(None);
    }
    let own_pays = match (rows_of, current.mode) {
        (_, ChargeMode::PostPaid) | (RowsOf::Disk, ChargeMode::Quota) => true,
        (_, ChargeMode::PrePaid) | (RowsOf::Server, ChargeMode::Quota) => false,
    };
    let own_end = current.deleted.unwrap_or(Instant::MAX);
    let own_part = overlap(bounds(current.start, own_end), bounds(window.start(), window.end()));
    let mut own = vec![(&current.spec, Lived { micros: own_part, pays: own_pays })];
    let mut apart = Vec::new();
    if reads_archive(window, current) {
        let until = current.start.min(window.end());
        for row in archive.iter().filter(|row| row.start < until && row.end > window.start()) {
            let counts_and_pays = match (rows_of, row.change) {
                (RowsOf::Server, Change::Rebuild) => Some(own_pays),
                (RowsOf::Server, Change::PostToPre) => (current.mode == ChargeMode::PrePaid).then_some(true),
                (RowsOf::Disk, Change::PostToPre) => Some(true),
                _ => None,
            };
            if let Some(pays) = counts_and_pays {
                let part = overlap(bounds(row.start, row.end), bounds(window.start(), until)).min(MICROS_PER_DAY);
                let segment = match rows_of {
                    RowsOf::Server => &mut own,
                    RowsOf::Disk => &mut apart,
                };
                segment.push((&row.spec, Lived { micros: part, pays }));
            }
        }
    }
    let columns = columns(current, archive)?;
    let mut segments = vec![metered(window, &columns, &own)?];
    if rows_of == RowsOf::Disk {
        segments.push(metered(window, &columns, &apart)?);
    }
    Ok(Some(segments))
}

/// The portal looks at the archive only of a resource that changed today, or was changed later.
fn reads_archive(window: Period, current: &CurrentRow) -> bool {
    current.start > window.start() && (current.created < current.start || current.start >= window.end())
}

/// Of all parts that the rows have, whether they count or not.
fn columns(current: &CurrentRow, archive: &[ArchiveRow]) -> Result<Arc<[Column]>, MeteringError> {
    let specs = archive.iter().map(|row| &row.spec).chain([&current.spec]);
    let parts = specs.flat_map(Spec::parts);
    Column::united(parts.map(|(part, quantity)| (part, Basis::of(quantity, Measure::Timed))))
}

fn bounds(start: Instant, end: Instant) -> (i64, i64) {
    (start.micros(), end.micros())
}

/// One part of the portal's calculation: what was lived of so many specs.
fn metered(window: Period, columns: &Arc<[Column]>, lived: &[(&Spec, Lived)]) -> Result<Usage, MeteringError> {
    let mut quantities = Vec::with_capacity(columns.len().saturating_mul(lived.len()));
    for column in &**columns {
        for (spec, _) in lived {
            quantities.push(column.quantity_in(spec)?);
        }
    }
    let quantities = Factors::new(quantities);
    let lived: SmallVec<[Lived; 6]> = lived.iter().map(|(_, lived)| *lived).collect();
    let (used, payable) = any_width!("a usage", N => sums::<N>(&quantities, columns.len(), &lived))?;
    Ok(Usage::new(window, Arc::clone(columns), used, payable))
}

/// What each of so many columns used and has to pay; nothing of each where nothing was lived.
fn sums<N: Number>(quantities: &Factors, columns: usize, lived: &[Lived]) -> Option<(Sums, Sums)> {
    let quantities = quantities.view::<N>()?;
    let mut rest = &*quantities;
    let (mut used, mut payable) = (Row::<N>::with_capacity(columns), Row::<N>::with_capacity(columns));
    for _ in 0..columns {
        let (of_column, others) = rest.split_at_checked(lived.len())?;
        let (used_of_column, payable_of_column) = quantity_time(of_column, lived)?;
        used.push(used_of_column);
        payable.push(payable_of_column);
        rest = others;
    }
    Some((N::into_sums(used), N::into_sums(payable)))
}
