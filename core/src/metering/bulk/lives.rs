use super::columns::{OPEN, QuantityColumn, SpanColumns, Windows};
use crate::{
    bulk::{check_lengths, check_offsets, check_scale, exact_decimal, list, no_such},
    error::{BulkError, Error, MeteringError},
    metering::{Basis, ChargeMode, Column, History, Measure, Span, Spec},
    time::{Instant, Period},
    units::Quantity,
};
use std::{ops::Range, sync::Arc};

/// Rows of resources with their spans and windows: columns that are known to belong together.
///
/// # Examples
/// ```
/// use counterfoil::metering::{ChargeMode, Part};
/// use counterfoil::metering::bulk::{Lives, Numbers, OPEN, QuantityColumn, SpanColumns, Windows};
/// use counterfoil::time::Period;
/// use counterfoil::units::Unit;
///
/// let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?;
/// let noon = day.start().micros() + day.micros() / 2;
/// let (start, end, mode) = ([0, 0, noon], [OPEN, noon, OPEN], [ChargeMode::PostPaid.code(); 3]);
/// let lives = Lives::new(
///     SpanColumns {
///         start: &start,
///         end: &end,
///         mode: &mode,
///         quantities: vec![QuantityColumn {
///             part: Part::CPU,
///             unit: Unit::Core,
///             scale: 0,
///             values: Numbers::Each(&[2, 4, 8]),
///             present: None,
///         }],
///     },
///     Some(&[0, 1, 3]),
///     Windows::One(day),
/// )?;
/// assert_eq!(lives.rows(), 2);
/// let usage = lives.history(1)?.usage(lives.window(1)?)?.expect("it lived that day");
/// assert_eq!(usage.used(&Part::CPU).expect("cores").hours().to_string(), "144"); // 12 h × 4 + 12 h × 8
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-U1
#[derive(Debug, Clone)]
pub struct Lives<'a> {
    pub(super) start: &'a [i64],
    pub(super) end: &'a [i64],
    pub(super) mode: &'a [u8],
    /// Sorted by part, each part once.
    pub(super) quantities: Vec<QuantityColumn<'a>>,
    /// What the sums of each of them are of.
    columns: Arc<[Column]>,
    /// The place of each among the columns as they were given.
    given: Vec<usize>,
    offsets: Option<&'a [usize]>,
    pub(super) windows: Windows<'a>,
    rows: usize,
}

impl<'a> Lives<'a> {
    /// Columns of spans, the offsets that cut them into rows, and the window of each row.
    ///
    /// Without offsets each row has one span. With them, row *r* has the spans from `offsets[r]` up to
    /// `offsets[r + 1]`, as lists of Arrow do; a row without spans is `metering.no_spans`.
    ///
    /// # Errors
    /// `bulk.column_length`; `bulk.repeated_column` for two columns of one part; `bulk.bad_scale`;
    /// `bulk.bad_offsets` where they do not rise from 0 to the number of spans.
    pub fn new(spans: SpanColumns<'a>, offsets: Option<&'a [usize]>, windows: Windows<'a>) -> Result<Self, BulkError> {
        let SpanColumns { start, end, mode, quantities } = spans;
        check_lengths(start.len(), [("end", Some(end.len())), ("mode", Some(mode.len()))])?;
        let mut sorted: Vec<(usize, QuantityColumn<'a>)> = quantities.into_iter().enumerate().collect();
        sorted.sort_by(|(_, a), (_, b)| a.part.cmp(&b.part));
        let mut before = None;
        for (_, column) in &sorted {
            column.check(start.len())?;
            if before.replace(&column.part) == Some(&column.part) {
                return Err(BulkError::RepeatedColumn { column: column.part.to_string() });
            }
        }
        let (given, quantities): (Vec<usize>, Vec<_>) = sorted.into_iter().unzip();
        let columns = quantities.iter().map(QuantityColumn::column).collect();
        let rows = match offsets {
            Some(offsets) => check_offsets(offsets, start.len())?,
            None => start.len(),
        };
        if let Windows::Each { start, end } = windows {
            check_lengths(rows, [("window start", Some(start.len())), ("window end", Some(end.len()))])?;
        }
        Ok(Self { start, end, mode, quantities, columns, given, offsets, windows, rows })
    }

    /// How many rows there are.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The history of one row, as it is metered alone: what a fault of the row is told by.
    ///
    /// # Errors
    /// `bulk.unknown_id` for a row that is not there; `time.out_of_range`,
    /// `metering.unknown_charge_mode`, `money.too_many_digits`, `units.negative`; and as
    /// [`History::new`].
    pub fn history(&self, row: usize) -> Result<History, Error> {
        let mut spans = Vec::new();
        for place in self.places(row)? {
            spans.push(self.span(place)?);
        }
        Ok(History::new(spans)?)
    }

    /// The window of one row.
    ///
    /// # Errors
    /// `bulk.unknown_id` for a row that is not there; `time.out_of_range`, `time.reversed`.
    pub fn window(&self, row: usize) -> Result<Period, Error> {
        match self.windows {
            Windows::One(window) => Ok(window),
            Windows::Each { start, end } => match (start.get(row), end.get(row)) {
                (Some(start), Some(end)) => {
                    Ok(Period::new(Instant::from_micros(*start)?, Instant::from_micros(*end)?)?)
                }
                _ => Err(self.no_row(row).into()),
            },
        }
    }

    /// The window of all rows, if it is one.
    pub(crate) const fn common_window(&self) -> Option<Period> {
        match self.windows {
            Windows::One(window) => Some(window),
            Windows::Each { .. } => None,
        }
    }

    /// What the sums of each column are of, sorted by part.
    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// For each of [`columns`](Self::columns), the place at which it was given.
    pub(crate) fn given(&self) -> &[usize] {
        &self.given
    }

    /// The places of the spans of a row.
    #[inline]
    pub(super) fn places(&self, row: usize) -> Result<Range<usize>, BulkError> {
        let places = match self.offsets {
            None => (row < self.rows).then_some(row..row.saturating_add(1)),
            Some(offsets) => list(offsets, row),
        };
        places.ok_or_else(|| self.no_row(row))
    }

    /// Whether rows are cut out by offsets.
    pub(super) const fn has_lists(&self) -> bool {
        self.offsets.is_some()
    }

    /// The places of the spans of neighbouring rows.
    pub(super) fn places_of(&self, rows: &Range<usize>) -> Range<usize> {
        match self.offsets {
            None => rows.clone(),
            Some(offsets) => {
                let at = |row: usize| offsets.get(row).copied().unwrap_or_default();
                at(rows.start)..at(rows.end)
            }
        }
    }

    fn span(&self, place: usize) -> Result<Span, Error> {
        let start = Instant::from_micros(self.start.get(place).copied().unwrap_or(OPEN))?;
        let end = match self.end.get(place).copied() {
            Some(end) if end != OPEN => Some(Instant::from_micros(end)?),
            _ => None,
        };
        let mode = ChargeMode::from_code(self.mode.get(place).copied().unwrap_or(u8::MAX))?;
        let mut spec = Spec::default();
        for column in self.quantities.iter().filter(|column| column.is_present(place)) {
            spec = spec.with(column.part.clone(), column.quantity(place)?)?;
        }
        Ok(Span::new(start, end, spec, mode))
    }

    #[cold]
    fn no_row(&self, row: usize) -> BulkError {
        no_such("row", row, self.rows)
    }
}

impl QuantityColumn<'_> {
    pub(crate) fn check(&self, spans: usize) -> Result<(), BulkError> {
        let name = self.part.to_string();
        check_lengths(spans, [(&*name, self.values.len()), (&*name, self.present.map(<[bool]>::len))])?;
        check_scale(&name, self.scale)
    }

    fn column(&self) -> Column {
        let basis = Basis { unit: self.unit, scale: self.scale, measure: Measure::Timed };
        Column { part: self.part.clone(), basis }
    }

    #[inline]
    pub(crate) fn is_present(&self, place: usize) -> bool {
        self.present.is_none_or(|present| present.get(place).copied().unwrap_or(false))
    }

    /// The number of a span in 64 bits; zero where it does not have the part.
    #[inline]
    pub(super) fn narrow(&self, place: usize) -> Option<i64> {
        if self.is_present(place) { i64::try_from(self.values.at(place)?).ok() } else { Some(0) }
    }

    pub(crate) fn quantity(&self, place: usize) -> Result<Quantity, MeteringError> {
        let value = self.values.at(place).unwrap_or_default();
        Ok(Quantity::new(exact_decimal(value, self.scale)?, self.unit)?)
    }
}
