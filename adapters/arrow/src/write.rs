//! What comes out: columns of a whole batch, filled chunk by chunk.

use crate::{
    BatchError,
    read::CellFault,
    schema::{MoneyType, Output, STATES},
};
use arrow_array::{
    Array, ArrayRef, Decimal128Array, DictionaryArray, Int8Array, Int16Array, Int64Array, RecordBatch,
    RecordBatchOptions, StringArray,
};
use arrow_buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow_schema::SchemaRef;
use counterfoil::pricing::bulk::{RatedColumns, RowState};
use std::{collections::BTreeSet, ops::Range, sync::Arc};

const RATED: i8 = 0;
const ABSENT: i8 = 1;
const FAULTY: i8 = 2;

/// Above this, a number has more than the 38 digits of a `decimal128`.
const MOST: u128 = 10_u128.pow(38) - 1;

/// What a number is that the columns can not hold.
const OVERFLOW: &str = "money.overflow";

/// The columns of a batch that is being rated.
#[derive(Debug)]
pub(crate) struct OutColumns {
    state: Vec<i8>,
    code: Vec<i16>,
    micros: Vec<i64>,
    payable_micros: Vec<i64>,
    money: Money,
    /// Two for each part: all that was used, and what of it is payable.
    usage: Vec<Vec<i128>>,
    scale: i8,
    usage_scales: Vec<i8>,
}

/// Original and payable amounts.
#[derive(Debug)]
enum Money {
    Decimal(Vec<i128>, Vec<i128>),
    Scaled(Vec<i64>, Vec<i64>),
}

/// The place of a chunk in the columns.
#[derive(Debug)]
pub(crate) struct OutChunk<'o> {
    state: &'o mut [i8],
    code: &'o mut [i16],
    micros: &'o mut [i64],
    payable_micros: &'o mut [i64],
    money: MoneyChunk<'o>,
    usage: Vec<&'o mut [i128]>,
}

#[derive(Debug)]
enum MoneyChunk<'o> {
    Decimal(&'o mut [i128], &'o mut [i128]),
    Scaled(&'o mut [i64], &'o mut [i64]),
}

/// What a chunk came to, beside its columns.
#[derive(Debug)]
pub(crate) struct ChunkSummary {
    /// The codes of its faults, by the keys that stand in its part of the column.
    codes: Vec<&'static str>,
    pub(crate) counts: Counts,
}

/// How many rows became what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Those with amounts.
    pub rated: usize,
    /// Those that did not live in their window.
    pub absent: usize,
    /// Those with a fault.
    pub faulty: usize,
}

impl Counts {
    /// All rows.
    pub const fn rows(self) -> usize {
        self.rated.saturating_add(self.absent).saturating_add(self.faulty)
    }

    pub(crate) const fn add(&mut self, other: Self) {
        self.rated = self.rated.saturating_add(other.rated);
        self.absent = self.absent.saturating_add(other.absent);
        self.faulty = self.faulty.saturating_add(other.faulty);
    }
}

impl OutColumns {
    /// Room for so many rows; `scales` are those of the usage columns that are written.
    pub(crate) fn new(rows: usize, output: &Output, scales: &[u32]) -> Self {
        let digits = |scale: u32| i8::try_from(scale).unwrap_or(i8::MAX);
        let usage_scales: Vec<i8> = scales.iter().flat_map(|scale| [digits(*scale); 2]).collect();
        Self {
            state: vec![RATED; rows],
            code: vec![0; rows],
            micros: vec![0; rows],
            payable_micros: vec![0; rows],
            money: match output.money {
                MoneyType::Decimal => Money::Decimal(vec![0; rows], vec![0; rows]),
                MoneyType::Scaled => Money::Scaled(vec![0; rows], vec![0; rows]),
            },
            usage: usage_scales.iter().map(|_| vec![0; rows]).collect(),
            scale: digits(output.scale),
            usage_scales,
        }
    }

    /// The places of chunks of so many rows, in order.
    pub(crate) fn chunks(&mut self, rows: usize) -> impl Iterator<Item = OutChunk<'_>> {
        let rows = rows.max(1);
        let mut usage: Vec<_> = self.usage.iter_mut().map(|column| column.chunks_mut(rows)).collect();
        let mut money = match &mut self.money {
            Money::Decimal(original, payable) => {
                MoneyChunks::Decimal(original.chunks_mut(rows), payable.chunks_mut(rows))
            }
            Money::Scaled(original, payable) => {
                MoneyChunks::Scaled(original.chunks_mut(rows), payable.chunks_mut(rows))
            }
        };
        let columns = self.state.chunks_mut(rows).zip(self.code.chunks_mut(rows));
        let times = self.micros.chunks_mut(rows).zip(self.payable_micros.chunks_mut(rows));
        columns.zip(times).map_while(move |((state, code), (micros, payable_micros))| {
            let money = money.next()?;
            let usage = usage.iter_mut().map_while(Iterator::next).collect();
            Some(OutChunk { state, code, micros, payable_micros, money, usage })
        })
    }

    /// The batch, once each chunk of so many rows is filled.
    pub(crate) fn finish(
        mut self,
        rows: usize,
        summaries: &[ChunkSummary],
        schema: SchemaRef,
        passed: Vec<ArrayRef>,
    ) -> Result<RecordBatch, BatchError> {
        let length = self.state.len();
        let codes = self.one_dictionary_of_codes(rows, summaries);
        let mut counts = Counts::default();
        summaries.iter().for_each(|chunk| counts.add(chunk.counts));
        let rated = self.rows_that_are(RATED, counts.rated);
        let faulty = self.rows_that_are(FAULTY, counts.faulty);
        let amounts = |values: Vec<i128>, scale| {
            let array = Decimal128Array::try_new(ScalarBuffer::from(values), rated.clone())?;
            Ok::<_, BatchError>(Arc::new(array.with_precision_and_scale(38, scale)?) as ArrayRef)
        };
        let times = |values: Vec<i64>| -> Result<ArrayRef, BatchError> {
            Ok(Arc::new(Int64Array::try_new(ScalarBuffer::from(values), rated.clone())?))
        };
        let states = Int8Array::try_new(ScalarBuffer::from(self.state), None)?;
        let states = DictionaryArray::try_new(states, Arc::new(StringArray::from_iter_values(STATES)))?;
        let mut columns = passed;
        columns.push(Arc::new(states));
        columns.extend([times(self.micros)?, times(self.payable_micros)?]);
        columns.extend(match self.money {
            Money::Decimal(original, payable) => [amounts(original, self.scale)?, amounts(payable, self.scale)?],
            Money::Scaled(original, payable) => [times(original)?, times(payable)?],
        });
        for (values, scale) in self.usage.into_iter().zip(self.usage_scales) {
            columns.push(amounts(values, scale)?);
        }
        let codes_of_rows = Int16Array::try_new(ScalarBuffer::from(self.code), faulty)?;
        columns
            .push(Arc::new(DictionaryArray::try_new(codes_of_rows, Arc::new(StringArray::from_iter_values(codes)))?));
        let options = RecordBatchOptions::new().with_row_count(Some(length));
        Ok(RecordBatch::try_new_with_options(schema, columns, &options)?)
    }

    /// The codes of all chunks in the order of the alphabet, whichever chunk met them first, and the
    /// keys of the rows rewritten to them.
    fn one_dictionary_of_codes(&mut self, rows: usize, summaries: &[ChunkSummary]) -> Vec<&'static str> {
        let codes: BTreeSet<&'static str> = summaries.iter().flat_map(|chunk| chunk.codes.iter().copied()).collect();
        let codes: Vec<&'static str> = codes.into_iter().collect();
        let chunks = self.code.chunks_mut(rows.max(1)).zip(self.state.chunks(rows.max(1)));
        for (chunk, (keys, states)) in summaries.iter().zip(chunks).filter(|(chunk, _)| !chunk.codes.is_empty()) {
            let places: Vec<i16> =
                chunk.codes.iter().map(|code| key(codes.iter().position(|known| known == code))).collect();
            for (own, _) in keys.iter_mut().zip(states).filter(|(_, state)| **state == FAULTY) {
                *own = key(usize::try_from(*own).ok().and_then(|own| places.get(own).copied().map(usize_of)));
            }
        }
        codes
    }

    /// Which rows have a state, that so many have; none where all of them have it.
    fn rows_that_are(&self, state: i8, count: usize) -> Option<NullBuffer> {
        let length = self.state.len();
        // In most batches all rows are rated and none has a fault, which need no look at them.
        match count {
            all if all == length => None,
            0 => Some(NullBuffer::new_null(length)),
            _ => {
                let mut rows = self.state.iter();
                Some(NullBuffer::new(BooleanBuffer::collect_bool(length, |_| rows.next() == Some(&state))))
            }
        }
    }
}

enum MoneyChunks<'o> {
    Decimal(std::slice::ChunksMut<'o, i128>, std::slice::ChunksMut<'o, i128>),
    Scaled(std::slice::ChunksMut<'o, i64>, std::slice::ChunksMut<'o, i64>),
}

impl<'o> MoneyChunks<'o> {
    fn next(&mut self) -> Option<MoneyChunk<'o>> {
        Some(match self {
            Self::Decimal(original, payable) => MoneyChunk::Decimal(original.next()?, payable.next()?),
            Self::Scaled(original, payable) => MoneyChunk::Scaled(original.next()?, payable.next()?),
        })
    }
}

impl OutChunk<'_> {
    /// How many rows it has.
    pub(crate) const fn rows(&self) -> usize {
        self.state.len()
    }

    /// Takes what the rows came to, and what was found wrong with them before they were rated.
    pub(crate) fn fill(mut self, rated: &RatedColumns, faults: &[(usize, CellFault)]) -> ChunkSummary {
        for (own, state) in self.state.iter_mut().zip(&rated.state) {
            *own = match state {
                RowState::Rated => RATED,
                RowState::Absent => ABSENT,
                RowState::Faulty => FAULTY,
            };
        }
        copy(self.micros, &rated.micros);
        copy(self.payable_micros, &rated.payable_micros);
        let usage = rated.usage.iter().flat_map(|column| [&column.used, &column.payable]);
        let mut overflows = Vec::new();
        for (own, usage) in self.usage.iter_mut().zip(usage) {
            copy_digits(own, usage, &mut overflows);
        }
        match &mut self.money {
            MoneyChunk::Decimal(original, payable) => {
                copy_digits(original, &rated.original, &mut overflows);
                copy_digits(payable, &rated.payable, &mut overflows);
            }
            MoneyChunk::Scaled(original, payable) => {
                copy_narrow(original, &rated.original, &mut overflows);
                copy_narrow(payable, &rated.payable, &mut overflows);
            }
        }
        let mut codes = Vec::new();
        // What was wrong with a row before it was rated stands above what the core says of it.
        let is_known = |row: usize| faults.binary_search_by_key(&row, |(known, _)| *known).is_ok();
        for fault in rated.faults.iter().filter(|fault| !is_known(fault.row)) {
            self.fault(fault.row, fault.code, &mut codes);
        }
        for (row, fault) in faults {
            self.fault(*row, fault.code(), &mut codes);
        }
        for row in overflows {
            if self.state.get(row) == Some(&RATED) {
                self.fault(row, OVERFLOW, &mut codes);
            }
        }
        let counts = Counts {
            rated: count(self.state, RATED),
            absent: count(self.state, ABSENT),
            faulty: count(self.state, FAULTY),
        };
        ChunkSummary { codes, counts }
    }

    /// Makes a row faulty.
    #[cold]
    fn fault(&mut self, row: usize, code: &'static str, codes: &mut Vec<&'static str>) {
        let place = codes.iter().position(|known| *known == code).unwrap_or_else(|| {
            codes.push(code);
            codes.len() - 1
        });
        set(self.state, row, FAULTY);
        set(self.code, row, key(Some(place)));
        set(self.micros, row, 0);
        set(self.payable_micros, row, 0);
        for column in &mut self.usage {
            set(column, row, 0);
        }
        match &mut self.money {
            MoneyChunk::Decimal(original, payable) => {
                set(original, row, 0);
                set(payable, row, 0);
            }
            MoneyChunk::Scaled(original, payable) => {
                set(original, row, 0);
                set(payable, row, 0);
            }
        }
    }
}

/// How many rows have a state.
fn count(states: &[i8], state: i8) -> usize {
    // As many at once as a byte can count, so that nothing wraps: a check for each would cost more than the count.
    let some = |states: &[i8]| states.iter().fold(0_u8, |rows, own| rows.wrapping_add((*own == state).into()));
    states.chunks(usize::from(u8::MAX)).map(|states| usize::from(some(states))).sum()
}

fn set<T>(column: &mut [T], row: usize, value: T) {
    if let Some(place) = column.get_mut(row) {
        *place = value;
    }
}

fn copy<T: Copy>(own: &mut [T], from: &[T]) {
    own.iter_mut().zip(from).for_each(|(own, from)| *own = *from);
}

/// Copies, and notes the rows with more than 38 digits.
fn copy_digits(own: &mut [i128], from: &[i128], overflows: &mut Vec<usize>) {
    copy(own, from);
    // Most columns have none, and to see that is one pass without a branch: where the two highest bits of the upper
    // halves are unused beside the sign, all numbers are below 2^126, which is below 10^38.
    let upper_digits = |value: &i128| (value ^ (value >> 127)) >> 64;
    if from.iter().fold(0, |digits, value| digits | upper_digits(value)) >> 62 != 0 {
        let wide = from.iter().enumerate().filter(|(_, value)| value.unsigned_abs() > MOST);
        overflows.extend(wide.map(|(row, _)| row));
    }
}

/// Copies what fits in 64 bits, and notes the rows that do not.
fn copy_narrow(own: &mut [i64], from: &[i128], overflows: &mut Vec<usize>) {
    // In most columns all fit, and to see that is a pass without a branch.
    let mut all_fit = true;
    for (own, from) in own.iter_mut().zip(from) {
        let value = i64::try_from(*from);
        all_fit &= value.is_ok();
        *own = value.unwrap_or_default();
    }
    if !all_fit {
        let wide = from.iter().enumerate().filter(|(_, value)| i64::try_from(**value).is_err());
        overflows.extend(wide.map(|(row, _)| row));
    }
}

/// A place as a key. There are fewer codes than keys, since the table of errors is shorter.
fn key(place: Option<usize>) -> i16 {
    place.and_then(|place| i16::try_from(place).ok()).unwrap_or(i16::MAX)
}

fn usize_of(key: i16) -> usize {
    usize::try_from(key).unwrap_or_default()
}

/// The rows of some columns, without a copy.
pub(crate) fn passed(batch: &RecordBatch, places: &[usize], rows: Range<usize>) -> Vec<ArrayRef> {
    let columns = places.iter().filter_map(|place| batch.columns().get(*place));
    columns.map(|column| column.slice(rows.start, rows.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_counted_beyond_what_a_byte_counts() {
        for rows in [0, 1, 254, 255, 256, 510, 511, 70_000] {
            let mut states = vec![ABSENT; rows];
            assert_eq!((count(&states, RATED), count(&states, ABSENT)), (0, rows));
            if let Some(last) = states.last_mut() {
                *last = FAULTY;
                assert_eq!((count(&states, FAULTY), count(&states, ABSENT)), (1, rows - 1));
            }
        }
    }

    #[test]
    fn numbers_of_more_than_38_digits_are_noted_and_no_others() {
        let (most, bits) = (10_i128.pow(38) - 1, 1_i128 << 126);
        let fit = [0, 1, -1, bits - 1, bits, bits + 1, 1 - bits, -bits, -bits - 1, most, -most];
        let wide = [most + 1, -most - 1, i128::MAX, i128::MIN];
        for (numbers, are_wide) in [(&fit[..], false), (&wide[..], true)] {
            for number in numbers {
                let (mut own, mut overflows) = ([7; 3], Vec::new());
                copy_digits(&mut own, &[1, *number, -1], &mut overflows);
                assert_eq!(own, [1, *number, -1]);
                assert_eq!(overflows, if are_wide { vec![1] } else { vec![] }, "{number}");
            }
        }
    }

    #[test]
    fn numbers_beyond_64_bits_are_noted_and_no_others() {
        let wide = i128::from(i64::MAX) + 1;
        let (mut own, mut overflows) = ([7; 6], Vec::new());
        copy_narrow(&mut own, &[0, -1, i64::MAX.into(), wide, i64::MIN.into(), -wide - 1], &mut overflows);
        assert_eq!((own[..3].to_vec(), own[4]), (vec![0, -1, i64::MAX], i64::MIN));
        assert_eq!(overflows, [3, 5]);
    }
}
