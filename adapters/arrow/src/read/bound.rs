use super::{
    cells::{Cells, Quantities, QuantityBuffer, each_place, nulls_at},
    words::{NoWord, Words, text_at},
};
use crate::{
    BatchError,
    schema::{
        HISTORY, KIND, MODE, ModeSource, Places, QuantitySource, START, TARIFF, TariffSource, UsageSchema, WINDOW_END,
        WINDOW_START, WindowSource,
    },
};
use arrow_array::{
    Array, ArrayRef, RecordBatch,
    cast::AsArray,
    types::{UInt8Type, UInt32Type},
};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use counterfoil::{
    metering::{
        ChargeMode, Part,
        bulk::{Lives, QuantityColumn, SpanColumns, Windows},
    },
    time::Period,
    units::Unit,
};
use std::{collections::BTreeMap, ops::Range};

/// A mode that no code stands for, so that the core refuses it.
const NO_MODE: u8 = u8::MAX;

/// A tariff that there is not, so that the core refuses the row at once.
pub(crate) const NO_TARIFF: u32 = u32::MAX;

/// A batch whose columns are found: each chunk of its rows is read from here.
#[derive(Debug)]
pub(crate) struct Bound<'b> {
    rows: usize,
    history: Option<Lists<'b>>,
    start: Cells<'b, i64>,
    end: Cells<'b, i64>,
    mode: Modes<'b>,
    quantities: Vec<Quantity<'b>>,
    windows: WindowCells<'b>,
    tariffs: Tariffs<'b>,
}

/// The lists of spans.
#[derive(Debug)]
struct Lists<'b> {
    offsets: Offsets<'b>,
    nulls: Option<&'b NullBuffer>,
    item_nulls: Option<&'b NullBuffer>,
}

#[derive(Debug)]
enum Offsets<'b> {
    Small(&'b [i32]),
    Large(&'b [i64]),
}

#[derive(Debug)]
enum Modes<'b> {
    All(u8),
    Codes(Cells<'b, u8>),
    Names(Words<'b, u8>),
}

#[derive(Debug)]
struct Quantity<'b> {
    part: &'b Part,
    unit: Unit,
    scale: u32,
    numbers: Quantities<'b>,
}

#[derive(Debug)]
enum WindowCells<'b> {
    All(Period),
    Each(Cells<'b, i64>, Cells<'b, i64>),
}

#[derive(Debug)]
enum Tariffs<'b> {
    All(u32),
    Places(Cells<'b, u32>),
    OtherPlaces(&'b dyn Array),
    Kinds { kinds: &'b dyn Array, words: Words<'b, u32>, by_kind: &'b BTreeMap<String, u32> },
}

/// Memory for a chunk of rows, used again for the next.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    offsets: Vec<usize>,
    end: Vec<i64>,
    mode: Vec<u8>,
    quantities: Vec<QuantityBuffer>,
    tariffs: Vec<u32>,
    faults: Vec<(usize, CellFault)>,
}

/// A chunk of rows as the kernels take it.
#[derive(Debug)]
pub(crate) struct Chunk<'a> {
    pub(crate) lives: Lives<'a>,
    pub(crate) tariffs: &'a [u32],
    /// The rows, from the first of the chunk, that lack something: in order, each once.
    pub(crate) faults: &'a [(usize, CellFault)],
}

/// What a row lacks that the kernels know nothing of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellFault {
    /// A value of a column.
    Null(&'static str),
    /// A tariff for its kind.
    NoTariff,
}

impl CellFault {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Null(_) => "arrow.null_in_column",
            Self::NoTariff => "arrow.no_tariff",
        }
    }
}

impl<'b> Bound<'b> {
    pub(crate) fn new(schema: &'b UsageSchema, places: &Places, batch: &'b RecordBatch) -> Result<Self, BatchError> {
        let columns = schema.columns();
        let rows = batch.columns();
        let (history, spans) = match places.history {
            None => (None, rows),
            Some(place) => {
                let (lists, spans) = Lists::new(&**column(rows, place)?)?;
                (Some(lists), spans)
            }
        };
        let mode = match (columns.mode, places.mode) {
            (ModeSource::All(mode), _) => Modes::All(mode.code()),
            (ModeSource::Column, Some(place)) => Modes::of(&**column(spans, place)?)?,
            (ModeSource::Column, None) => return Err(not_found()),
        };
        let mut quantities = Vec::with_capacity(columns.quantities.len());
        for (field, (place, scale)) in columns.quantities.iter().zip(&places.quantities) {
            let numbers = match (field.source, place) {
                (QuantitySource::All(number), _) => Quantities::All(number),
                (QuantitySource::Column(_), Some(place)) => Quantities::of(&**column(spans, *place)?)?,
                (QuantitySource::Column(_), None) => return Err(not_found()),
            };
            quantities.push(Quantity { part: &field.part, unit: field.unit, scale: *scale, numbers });
        }
        let windows = match (columns.window, places.windows) {
            (WindowSource::All(window), _) => WindowCells::All(window),
            (WindowSource::Columns, Some((start, end))) => {
                WindowCells::Each(Cells::instants(&**column(rows, start)?)?, Cells::instants(&**column(rows, end)?)?)
            }
            (WindowSource::Columns, None) => return Err(not_found()),
        };
        let tariffs = match (&columns.tariff, places.tariff) {
            (TariffSource::All(tariff), _) => Tariffs::All(*tariff),
            (TariffSource::Column, Some(place)) => Tariffs::of_places(&**column(rows, place)?)?,
            (TariffSource::ByKind(by_kind), Some(place)) => {
                let kinds = &**column(rows, place)?;
                let words = Words::new(kinds, |kind| by_kind.get(kind).copied());
                Tariffs::Kinds { kinds, words, by_kind }
            }
            (_, None) => return Err(not_found()),
        };
        Ok(Self {
            rows: batch.num_rows(),
            history,
            start: Cells::instants(&**column(spans, places.start)?)?,
            end: Cells::instants(&**column(spans, places.end)?)?,
            mode,
            quantities,
            windows,
            tariffs,
        })
    }

    /// How many rows there are.
    pub(crate) const fn rows(&self) -> usize {
        self.rows
    }

    /// Reads some rows.
    pub(crate) fn chunk<'a>(&'a self, rows: Range<usize>, inputs: &'a mut Inputs) -> Result<Chunk<'a>, BatchError> {
        let Inputs { offsets, end, mode, quantities, tariffs, faults } = inputs;
        faults.clear();
        let (spans, offsets) = match &self.history {
            None => (rows.clone(), None),
            Some(lists) => {
                let spans = lists.offsets.cut(rows.clone(), offsets);
                lists.faults(rows.clone(), spans.clone(), offsets, faults);
                (spans, Some(&offsets[..]))
            }
        };
        let (start_name, mode_name) = match offsets {
            None => (START, MODE),
            Some(_) => ("history.start", "history.mode"),
        };
        self.start.each_null(spans.clone(), |span| faults.push((row_of(span, offsets), CellFault::Null(start_name))));
        let mode = self.mode.at(spans.clone(), mode, |span| {
            faults.push((row_of(span, offsets), CellFault::Null(mode_name)));
        });
        quantities.resize_with(self.quantities.len(), QuantityBuffer::default);
        let quantities = self.quantities.iter().zip(quantities).map(|(quantity, buffer)| {
            let (values, present) = quantity.numbers.at(spans.clone(), buffer);
            QuantityColumn { part: quantity.part.clone(), unit: quantity.unit, scale: quantity.scale, values, present }
        });
        let columns = SpanColumns {
            start: self.start.values(spans.clone()),
            end: self.end.or_open(spans.clone(), end),
            mode,
            quantities: quantities.collect(),
        };
        let windows = match &self.windows {
            WindowCells::All(window) => Windows::One(*window),
            WindowCells::Each(start, end) => {
                start.each_null(rows.clone(), |row| faults.push((row, CellFault::Null(WINDOW_START))));
                end.each_null(rows.clone(), |row| faults.push((row, CellFault::Null(WINDOW_END))));
                Windows::Each { start: start.values(rows.clone()), end: end.values(rows.clone()) }
            }
        };
        let tariffs = self.tariffs.at(rows, tariffs, faults);
        Ok(Chunk { lives: Lives::new(columns, offsets, windows)?, tariffs, faults })
    }

    /// The whole error of what a row of the batch lacks.
    pub(crate) fn error(&self, fault: CellFault, row: usize) -> BatchError {
        match (fault, &self.tariffs) {
            (CellFault::Null(column), _) => BatchError::NullInColumn { column: column.to_owned() },
            (CellFault::NoTariff, Tariffs::Kinds { kinds, .. }) => {
                BatchError::NoTariff { kind: text_at(*kinds, row).unwrap_or_default() }
            }
            (CellFault::NoTariff, _) => BatchError::NoTariff { kind: String::new() },
        }
    }
}

impl<'b> Lists<'b> {
    /// The lists, and the columns of their spans.
    fn new(array: &'b dyn Array) -> Result<(Self, &'b [ArrayRef]), BatchError> {
        let (offsets, values) = match array.data_type() {
            DataType::List(_) => {
                let lists = array.as_list_opt::<i32>().ok_or_else(not_found)?;
                (Offsets::Small(lists.value_offsets()), lists.values())
            }
            _ => {
                let lists = array.as_list_opt::<i64>().ok_or_else(not_found)?;
                (Offsets::Large(lists.value_offsets()), lists.values())
            }
        };
        let spans = values.as_struct_opt().ok_or_else(not_found)?;
        Ok((Self { offsets, nulls: array.nulls(), item_nulls: spans.nulls() }, spans.columns()))
    }

    /// Rows without a list, and lists with an item that is none.
    fn faults(&self, rows: Range<usize>, spans: Range<usize>, offsets: &[usize], faults: &mut Vec<(usize, CellFault)>) {
        if let Some(nulls) = nulls_at(self.nulls, rows) {
            let missing = nulls.iter().enumerate().filter(|(_, valid)| !valid);
            faults.extend(missing.map(|(row, _)| (row, CellFault::Null(HISTORY))));
        }
        if let Some(nulls) = nulls_at(self.item_nulls, spans) {
            let missing = nulls.iter().enumerate().filter(|(_, valid)| !valid);
            faults.extend(missing.map(|(span, _)| (row_of(span, Some(offsets)), CellFault::Null("history.item"))));
        }
    }
}

impl Offsets<'_> {
    /// The offsets of some rows from their first span, and where their spans stand.
    fn cut(&self, rows: Range<usize>, into: &mut Vec<usize>) -> Range<usize> {
        into.clear();
        let rows = rows.start..rows.end.saturating_add(1);
        let place = |offset: Option<usize>| offset.unwrap_or_default();
        match self {
            Self::Small(offsets) => into.extend(
                offsets.get(rows).unwrap_or_default().iter().map(|offset| place(usize::try_from(*offset).ok())),
            ),
            Self::Large(offsets) => into.extend(
                offsets.get(rows).unwrap_or_default().iter().map(|offset| place(usize::try_from(*offset).ok())),
            ),
        }
        let first = into.first().copied().unwrap_or_default();
        let last = into.last().copied().unwrap_or_default().max(first);
        into.iter_mut().for_each(|offset| *offset = offset.saturating_sub(first));
        first..last
    }
}

/// The row of a span, both from the first of the chunk.
fn row_of(span: usize, offsets: Option<&[usize]>) -> usize {
    match offsets {
        None => span,
        Some(offsets) => offsets.partition_point(|offset| *offset <= span).saturating_sub(1),
    }
}

impl<'b> Modes<'b> {
    fn of(array: &'b dyn Array) -> Result<Self, BatchError> {
        Ok(match array.data_type() {
            DataType::UInt8 => Self::Codes(Cells::of::<UInt8Type>(array)?),
            _ => Self::Names(Words::new(array, mode_of)),
        })
    }

    fn at<'a>(&self, spans: Range<usize>, buffer: &'a mut Vec<u8>, mut is_null: impl FnMut(usize)) -> &'a [u8]
    where
        'b: 'a,
    {
        buffer.clear();
        match self {
            Self::All(mode) => buffer.resize(spans.len(), *mode),
            Self::Codes(cells) => {
                cells.each_null(spans.clone(), is_null);
                return cells.values(spans);
            }
            Self::Names(words) => words.at(spans, mode_of, |mode| {
                if mode == Err(NoWord::Null) {
                    is_null(buffer.len());
                }
                buffer.push(mode.unwrap_or(NO_MODE));
            }),
        }
        buffer
    }
}

fn mode_of(name: &str) -> Option<u8> {
    name.parse().ok().map(ChargeMode::code)
}

impl<'b> Tariffs<'b> {
    fn of_places(array: &'b dyn Array) -> Result<Self, BatchError> {
        Ok(match array.data_type() {
            DataType::UInt32 => Self::Places(Cells::of::<UInt32Type>(array)?),
            _ => Self::OtherPlaces(array),
        })
    }

    /// The tariffs of some rows; what was found wrong with the rows until then gets none.
    fn at<'a>(&self, rows: Range<usize>, buffer: &'a mut Vec<u32>, faults: &mut Vec<(usize, CellFault)>) -> &'a [u32]
    where
        'b: 'a,
    {
        buffer.clear();
        match self {
            Self::All(tariff) => buffer.resize(rows.len(), *tariff),
            Self::Places(cells) => {
                cells.each_null(rows.clone(), |row| faults.push((row, CellFault::Null(TARIFF))));
                if faults.is_empty() {
                    return cells.values(rows);
                }
                buffer.extend_from_slice(cells.values(rows));
            }
            Self::OtherPlaces(array) => each_place(*array, rows, buffer, |row, place| {
                if place.is_none() {
                    faults.push((row, CellFault::Null(TARIFF)));
                }
                place.and_then(|place| u32::try_from(place).ok()).unwrap_or(NO_TARIFF)
            }),
            Self::Kinds { words, by_kind, .. } => words.at(
                rows,
                |kind| by_kind.get(kind).copied(),
                |tariff| {
                    match tariff {
                        Ok(_) => {}
                        Err(NoWord::Null) => faults.push((buffer.len(), CellFault::Null(KIND))),
                        Err(NoWord::Unknown) => faults.push((buffer.len(), CellFault::NoTariff)),
                    }
                    buffer.push(tariff.unwrap_or(NO_TARIFF));
                },
            ),
        }
        // Of several faults of a row, the first is told: they stand in the order of the columns.
        faults.sort_by_key(|(row, _)| *row);
        faults.dedup_by_key(|(row, _)| *row);
        for (row, _) in faults {
            if let Some(tariff) = buffer.get_mut(*row) {
                *tariff = NO_TARIFF;
            }
        }
        buffer
    }
}

pub(super) fn column(columns: &[ArrayRef], place: usize) -> Result<&ArrayRef, BatchError> {
    columns.get(place).ok_or_else(not_found)
}

/// A column that the schema has and its batch has not.
#[cold]
pub(super) fn not_found() -> BatchError {
    BatchError::NotABatch { fault: "a column of the schema is not in the batch".to_owned() }
}
