//! Rows as a slow reader would hold them, the batches they make in every type, and what the core says of each alone.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that can not go on should stop, and not every test uses all of this"
)]

use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, DictionaryArray, Int64Array, LargeListArray, LargeStringArray, ListArray,
    PrimitiveArray, RecordBatch, StringArray, StringViewArray, StructArray, TimestampMicrosecondArray,
    cast::AsArray,
    types::{
        ArrowDictionaryKeyType, Decimal128Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
        UInt32Type, UInt64Type,
    },
};
use arrow_buffer::{ArrowNativeType, NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field, Fields, Schema};
use counterfoil::{
    metering::{
        ChargeMode, Kind, Part, QuotaCharge,
        bulk::{Lives, Numbers, OPEN, QuantityColumn, SpanColumns, Windows},
    },
    money::{RoundAt, Rounding},
    pricing::{
        RateCard,
        bulk::{RatedColumns, Rater, RatingTerms, RowState, UsageDetail},
    },
    time::{Instant, Period},
    units::Unit,
};
use counterfoil_arrow::{
    BatchRater, ModeSource, MoneyType, QuantityField, QuantitySource, Scale, SpanLayout, TariffSource, UsageColumns,
    UsageSchema, WindowSource,
};
use proptest::prelude::*;
use std::{collections::BTreeMap, sync::Arc};

pub(crate) const DAY_START: i64 = 1_708_387_200_000_000; // 2024-02-20T00:00:00Z
pub(crate) const DAY: i64 = 86_400_000_000;
const HOUR: i64 = 3_600_000_000;

/// A row that is not a batch yet. `None` is a null.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// None is a null list; flat rows have exactly one.
    pub(crate) spans: Vec<Span>,
    pub(crate) has_list: bool,
    pub(crate) window: (Option<i64>, Option<i64>),
    pub(crate) kind: Option<&'static str>,
    pub(crate) tariff: Option<i64>,
}

#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) is_there: bool,
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
    /// The place among [`MODES`].
    pub(crate) mode: Option<usize>,
    /// One for each of the parts.
    pub(crate) quantities: Vec<Option<i128>>,
}

/// Names of modes, the codes of them, and one of neither.
pub(crate) const MODES: [(&str, u8); 4] = [("post_paid", 0), ("pre_paid", 1), ("quota", 2), ("gratis", 77)];

pub(crate) const KINDS: [&str; 4] = ["server", "bucket", "disk", "zeppelin"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Text {
    Utf8,
    Large,
    View,
    Dictionary(Key),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ModeType {
    All(ChargeMode),
    Codes,
    Names(Text),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberType {
    All(i64),
    Whole(Key, u32),
    Decimal32(i8),
    Decimal64(i8),
    Decimal128(i8),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TariffType {
    All(u32),
    Kinds(Text),
    Places(Key),
}

/// How rows become a batch.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    pub(crate) lists: Option<bool>,
    pub(crate) mode: ModeType,
    pub(crate) numbers: Vec<NumberType>,
    pub(crate) window_columns: bool,
    pub(crate) tariff: TariffType,
    pub(crate) money: MoneyType,
    pub(crate) usage: UsageDetail,
    pub(crate) rounding: Rounding,
    pub(crate) quota: QuotaCharge,
    /// Rows before and behind those that count, which a slice leaves out.
    pub(crate) before: usize,
    pub(crate) behind: usize,
}

pub(crate) const PARTS: [(Part, Unit); 3] = [(Part::RAM, Unit::GiB), (Part::CPU, Unit::Core), (Part::SIZE, Unit::GiB)];

pub(crate) fn rater(form: &Form) -> Rater {
    let card = RateCard::from_toml(
        r#"
        revision = "2024-02"
        currency = "CNY"
        rates = [
            { kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" },
            { kind = "server", part = "ram", price = "0.0123456789", per = "GiB", every = "hour" },
            { kind = "server", part = "size", price = "0.7", per = "GiB", every = "day" },
            { kind = "bucket", part = "size", shape = "graduated", tiers = [{ up_to = "100", price = "1.00" }, { price = "0.50", flat = "1" }], per = "GiB", every = "day" },
            { kind = "bucket", part = "cpu", price = "0.1", per = "core", every = "hour" },
            { kind = "bucket", part = "ram", price = "0.1", per = "GiB", every = "hour" },
            { kind = "disk", part = "size", price = "0.3", per = "GiB", every = "day" },
            { kind = "disk", part = "ram", price = "123456789.123", per = "GiB", every = "hour" },
        ]
        "#,
    )
    .unwrap();
    let at = Instant::from_micros(DAY_START).unwrap();
    let kinds = [Kind::Server, Kind::Bucket, Kind::Disk];
    let tariffs = kinds.iter().map(|kind| card.tariff(kind, at).unwrap()).collect();
    Rater::new(tariffs, RatingTerms { rounding: form.rounding, quota: form.quota, usage: form.usage }).unwrap()
}

pub(crate) fn day() -> Period {
    Period::new(Instant::from_micros(DAY_START).unwrap(), Instant::from_micros(DAY_START + DAY).unwrap()).unwrap()
}

impl Form {
    pub(crate) fn schema(&self) -> UsageSchema {
        let quantity = |(index, number): (usize, &NumberType)| {
            let (part, unit) = PARTS[index].clone();
            let name = format!("q{index}");
            match number {
                NumberType::All(value) => QuantityField { name, part, unit, source: QuantitySource::All(*value) },
                NumberType::Whole(_, 0) => QuantityField::column(name, part, unit),
                NumberType::Whole(_, scale) => QuantityField::scaled(name, part, unit, *scale),
                _ => QuantityField { name, part, unit, source: QuantitySource::Column(Scale::OfType) },
            }
        };
        UsageSchema::new(UsageColumns {
            spans: if self.lists.is_some() { SpanLayout::Lists } else { SpanLayout::Flat },
            mode: match self.mode {
                ModeType::All(mode) => ModeSource::All(mode),
                _ => ModeSource::Column,
            },
            quantities: self.numbers.iter().enumerate().map(quantity).collect(),
            window: if self.window_columns { WindowSource::Columns } else { WindowSource::All(day()) },
            tariff: match self.tariff {
                TariffType::All(id) => TariffSource::All(id),
                TariffType::Places(_) => TariffSource::Column,
                TariffType::Kinds(_) => TariffSource::ByKind(by_kind()),
            },
            passed: vec!["resource".to_owned()],
        })
        .unwrap()
    }

    pub(crate) fn batch_rater(&self) -> BatchRater {
        BatchRater::new(self.schema(), rater(self), self.money).unwrap()
    }

    /// The batch of some rows.
    pub(crate) fn batch(&self, rows: &[Row]) -> RecordBatch {
        let all: Vec<&Row> = (0..self.before)
            .map(|row| &rows[row % rows.len()])
            .chain(rows)
            .chain((0..self.behind).map(|row| &rows[row % rows.len()]))
            .collect();
        let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
        columns.push(("unread", Arc::new(Int64Array::from(vec![1; all.len()]))));
        columns.push(("resource", Arc::new(Int64Array::from_iter_values(0..i64::try_from(all.len()).unwrap()))));
        if self.window_columns {
            columns.push(("window_start", instants(all.iter().map(|row| row.window.0))));
            columns.push(("window_end", instants(all.iter().map(|row| row.window.1))));
        }
        match self.tariff {
            TariffType::All(_) => {}
            TariffType::Kinds(text) => columns.push(("kind", texts(text, all.iter().map(|row| row.kind).collect()))),
            TariffType::Places(key) => {
                columns.push(("tariff", whole(key, all.iter().map(|row| row.tariff.map(i128::from)).collect())));
            }
        }
        let spans: Vec<&Span> = all.iter().flat_map(|row| &row.spans).collect();
        let span_columns = self.span_columns(&spans);
        match self.lists {
            None => columns.extend(span_columns.iter().map(|(name, array)| (name.as_str(), array.clone()))),
            Some(is_large) => columns.push(("history", lists(&all, &spans, &span_columns, is_large))),
        }
        let fields: Vec<Field> =
            columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
        let columns = columns.into_iter().map(|(_, array)| array).collect();
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap();
        batch.slice(self.before, rows.len())
    }

    fn span_columns(&self, spans: &[&Span]) -> Vec<(String, ArrayRef)> {
        let mut columns: Vec<(String, ArrayRef)> = vec![
            ("end".into(), instants(spans.iter().map(|span| span.end))),
            ("start".into(), instants(spans.iter().map(|span| span.start))),
        ];
        let modes = spans.iter().map(|span| span.mode);
        match self.mode {
            ModeType::All(_) => {}
            ModeType::Codes => columns.push((
                "mode".into(),
                whole(Key::U8, modes.map(|mode| mode.map(|mode| i128::from(MODES[mode].1))).collect()),
            )),
            ModeType::Names(text) => {
                columns.push(("mode".into(), texts(text, modes.map(|mode| mode.map(|mode| MODES[mode].0)).collect())));
            }
        }
        for (index, number) in self.numbers.iter().enumerate() {
            let values: Vec<Option<i128>> =
                spans.iter().map(|span| span.quantities[index].map(|value| number.fit(value))).collect();
            let array: ArrayRef = match number {
                NumberType::All(_) => continue,
                NumberType::Whole(key, _) => whole(*key, values),
                NumberType::Decimal32(scale) => Arc::new(
                    primitive::<arrow_array::types::Decimal32Type>(values, |value| i32::try_from(value).unwrap())
                        .with_precision_and_scale(9, *scale)
                        .unwrap(),
                ),
                NumberType::Decimal64(scale) => Arc::new(
                    primitive::<arrow_array::types::Decimal64Type>(values, |value| i64::try_from(value).unwrap())
                        .with_precision_and_scale(18, *scale)
                        .unwrap(),
                ),
                NumberType::Decimal128(scale) => Arc::new(
                    primitive::<Decimal128Type>(values, |value| value).with_precision_and_scale(38, *scale).unwrap(),
                ),
            };
            columns.push((format!("q{index}"), array));
        }
        columns
    }

    /// What the core says of a row alone: state, code, micros, amounts, usage.
    pub(crate) fn expected(&self, rater: &Rater, row: &Row) -> Answer {
        if let Some(code) = self.lacks(row) {
            return Answer::Faulty(code.to_owned());
        }
        let spans = &row.spans;
        let column = |of: &dyn Fn(&Span) -> i64| spans.iter().map(of).collect::<Vec<i64>>();
        let start = column(&|span| span.start.unwrap());
        let end = column(&|span| span.end.unwrap_or(OPEN));
        let mode: Vec<u8> = spans
            .iter()
            .map(|span| match self.mode {
                ModeType::All(mode) => mode.code(),
                ModeType::Codes | ModeType::Names(_) => MODES[span.mode.unwrap()].1,
            })
            .collect();
        let values: Vec<Vec<i128>> = self
            .numbers
            .iter()
            .enumerate()
            .map(|(index, number)| {
                spans.iter().map(|span| span.quantities[index].map_or(0, |value| number.fit(value))).collect()
            })
            .collect();
        let present: Vec<Vec<bool>> = (0..self.numbers.len())
            .map(|index| spans.iter().map(|span| span.quantities[index].is_some()).collect())
            .collect();
        let quantities = self
            .numbers
            .iter()
            .enumerate()
            .map(|(index, number)| QuantityColumn {
                part: PARTS[index].0.clone(),
                unit: PARTS[index].1,
                scale: number.scale(),
                values: match number {
                    NumberType::All(value) => Numbers::All(*value),
                    _ => Numbers::Wide(&values[index]),
                },
                present: match number {
                    NumberType::All(_) => None,
                    _ => Some(&present[index]),
                },
            })
            .collect();
        let windows = [row.window.0.unwrap_or_default(), row.window.1.unwrap_or_default()];
        let windows = match self.window_columns {
            true => Windows::Each { start: &windows[..1], end: &windows[1..] },
            false => Windows::One(day()),
        };
        let offsets = [0, spans.len()];
        let columns = SpanColumns { start: &start, end: &end, mode: &mode, quantities };
        let lives = Lives::new(columns, Some(&offsets), windows).unwrap();
        let tariff = match self.tariff {
            TariffType::All(id) => id,
            TariffType::Kinds(_) => by_kind()[row.kind.unwrap()],
            TariffType::Places(key) => {
                let (least, most) = key.range();
                u32::try_from(i128::from(row.tariff.unwrap()).clamp(least, most)).unwrap_or(u32::MAX)
            }
        };
        let mut rated = RatedColumns::default();
        rater.rate(&lives, &[tariff], &mut rated).unwrap();
        let alone = rater.row(&lives, &[tariff], 0);
        match rated.state[0] {
            RowState::Absent => {
                assert_eq!(alone.unwrap(), None);
                Answer::Absent
            }
            RowState::Faulty => {
                let code = rated.faults[0].code;
                if code != "money.overflow" {
                    assert_eq!(alone.unwrap_err().code(), code);
                }
                Answer::Faulty(code.to_owned())
            }
            RowState::Rated => {
                let (original, payable) = alone.unwrap().unwrap();
                let amounts = [original.mantissa(), payable.mantissa()];
                let usage = rated.usage.iter().flat_map(|column| [column.used[0], column.payable[0]]).collect();
                self.within(Answer::Rated { times: [rated.micros[0], rated.payable_micros[0]], amounts, usage })
            }
        }
    }

    /// The fault of an answer that its columns can not hold.
    fn within(&self, answer: Answer) -> Answer {
        let Answer::Rated { amounts, usage, .. } = &answer else { return answer };
        let is_wide = |value: &i128| value.unsigned_abs() >= 10_u128.pow(38);
        let too_wide = match self.money {
            MoneyType::Decimal => amounts.iter().any(is_wide),
            MoneyType::Scaled => amounts.iter().any(|amount| i64::try_from(*amount).is_err()),
        };
        if too_wide || usage.iter().any(is_wide) { Answer::Faulty("money.overflow".to_owned()) } else { answer }
    }

    /// The code of what a row lacks that the core knows nothing of.
    fn lacks(&self, row: &Row) -> Option<&'static str> {
        const NULL: Option<&str> = Some("arrow.null_in_column");
        if self.lists.is_some() && (!row.has_list || row.spans.iter().any(|span| !span.is_there)) {
            return NULL;
        }
        if row.spans.iter().any(|span| span.start.is_none()) {
            return NULL;
        }
        if !matches!(self.mode, ModeType::All(_)) && row.spans.iter().any(|span| span.mode.is_none()) {
            return NULL;
        }
        if self.window_columns && (row.window.0.is_none() || row.window.1.is_none()) {
            return NULL;
        }
        match self.tariff {
            TariffType::All(_) => None,
            TariffType::Places(_) if row.tariff.is_none() => NULL,
            TariffType::Places(_) => None,
            TariffType::Kinds(_) => match row.kind {
                None => NULL,
                Some(kind) if by_kind().contains_key(kind) => None,
                Some(_) => Some("arrow.no_tariff"),
            },
        }
    }
}

pub(crate) fn by_kind() -> BTreeMap<String, u32> {
    BTreeMap::from([("server".to_owned(), 0), ("bucket".to_owned(), 1), ("disk".to_owned(), 2)])
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Rated { times: [i64; 2], amounts: [i128; 2], usage: Vec<i128> },
    Absent,
    Faulty(String),
}

/// The answers of a batch that came out; whatever is not of a state must be null.
pub(crate) fn answers(batch: &RecordBatch) -> Vec<Answer> {
    let column = |name: &str| batch.column_by_name(name).unwrap();
    let numbers = |array: &ArrayRef| -> Vec<Option<i128>> {
        match array.data_type() {
            DataType::Int64 => array.as_primitive::<Int64Type>().iter().map(|value| value.map(i128::from)).collect(),
            _ => array.as_primitive::<Decimal128Type>().iter().collect(),
        }
    };
    let words = |name: &str| -> Vec<Option<String>> {
        let dictionary = column(name).as_any_dictionary();
        let values = dictionary.values().as_string::<i32>();
        let keys: Vec<Option<usize>> = match dictionary.keys().data_type() {
            DataType::Int8 => dictionary.keys().as_primitive::<Int8Type>().iter().map(|key| key?.to_usize()).collect(),
            _ => dictionary.keys().as_primitive::<Int16Type>().iter().map(|key| key?.to_usize()).collect(),
        };
        keys.into_iter().map(|key| key.map(|key| values.value(key).to_owned())).collect()
    };
    let schema = batch.schema();
    let is_usage = |name: &str| name.starts_with('q');
    let usage: Vec<Vec<Option<i128>>> = schema
        .fields()
        .iter()
        .filter(|field| is_usage(field.name()))
        .map(|field| numbers(column(field.name())))
        .collect();
    let named: Vec<Vec<Option<i128>>> =
        ["micros", "payable_micros", "original", "payable"].map(|name| numbers(column(name))).into();
    let (states, codes) = (words("state"), words("code"));
    (0..batch.num_rows())
        .map(|row| {
            let all: Vec<Option<i128>> = named.iter().chain(&usage).map(|column| column[row]).collect();
            match states[row].as_deref().unwrap() {
                "rated" => {
                    assert_eq!(codes[row], None);
                    let all: Vec<i128> = all.into_iter().map(Option::unwrap).collect();
                    let times = [i64::try_from(all[0]).unwrap(), i64::try_from(all[1]).unwrap()];
                    Answer::Rated { times, amounts: [all[2], all[3]], usage: all[4..].to_vec() }
                }
                state => {
                    assert!(all.iter().all(Option::is_none));
                    assert_eq!(state == "faulty", codes[row].is_some());
                    codes[row].clone().map_or(Answer::Absent, Answer::Faulty)
                }
            }
        })
        .collect()
}

impl NumberType {
    pub(crate) fn scale(self) -> u32 {
        match self {
            Self::All(_) => 0,
            Self::Whole(_, scale) => scale,
            Self::Decimal32(scale) | Self::Decimal64(scale) | Self::Decimal128(scale) => u32::try_from(scale).unwrap(),
        }
    }

    /// A number that the type can hold.
    fn fit(self, value: i128) -> i128 {
        let (least, most) = match self {
            Self::All(value) => return i128::from(value),
            Self::Whole(key, _) => key.range(),
            Self::Decimal32(_) => (-999_999_999, 999_999_999),
            Self::Decimal64(_) => (-999_999_999_999_999_999, 999_999_999_999_999_999),
            Self::Decimal128(_) => (-10_i128.pow(38) + 1, 10_i128.pow(38) - 1),
        };
        value.clamp(least, most)
    }
}

impl Key {
    pub(crate) const ALL: [Self; 8] =
        [Self::I8, Self::I16, Self::I32, Self::I64, Self::U8, Self::U16, Self::U32, Self::U64];

    fn range(self) -> (i128, i128) {
        match self {
            Self::I8 => (i8::MIN.into(), i8::MAX.into()),
            Self::I16 => (i16::MIN.into(), i16::MAX.into()),
            Self::I32 => (i32::MIN.into(), i32::MAX.into()),
            Self::I64 => (i64::MIN.into(), i64::MAX.into()),
            Self::U8 => (0, u8::MAX.into()),
            Self::U16 => (0, u16::MAX.into()),
            Self::U32 => (0, u32::MAX.into()),
            Self::U64 => (0, u64::MAX.into()),
        }
    }
}

/// An array with nonsense where it is null.
fn primitive<P: ArrowPrimitiveType>(values: Vec<Option<i128>>, cast: impl Fn(i128) -> P::Native) -> PrimitiveArray<P> {
    let nulls = NullBuffer::from(values.iter().map(Option::is_some).collect::<Vec<_>>());
    let values: Vec<P::Native> = values.into_iter().map(|value| cast(value.unwrap_or(111))).collect();
    PrimitiveArray::try_new(values.into(), Some(nulls)).unwrap()
}

pub(crate) fn instants(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    let values = values.map(|value| value.map(i128::from)).collect();
    let array: TimestampMicrosecondArray = primitive(values, |value| i64::try_from(value).unwrap());
    Arc::new(array.with_timezone("UTC"))
}

fn whole(key: Key, values: Vec<Option<i128>>) -> ArrayRef {
    let (least, most) = key.range();
    let values: Vec<_> = values.into_iter().map(|value| value.map(|value| value.clamp(least, most))).collect();
    macro_rules! of {
        ($type:ty) => {
            Arc::new(primitive::<$type>(values, |value| value.try_into().unwrap()))
        };
    }
    match key {
        Key::I8 => of!(Int8Type),
        Key::I16 => of!(Int16Type),
        Key::I32 => of!(Int32Type),
        Key::I64 => of!(Int64Type),
        Key::U8 => of!(UInt8Type),
        Key::U16 => of!(UInt16Type),
        Key::U32 => of!(UInt32Type),
        Key::U64 => of!(UInt64Type),
    }
}

pub(crate) fn texts(text: Text, values: Vec<Option<&'static str>>) -> ArrayRef {
    match text {
        Text::Utf8 => Arc::new(StringArray::from(values)),
        Text::Large => Arc::new(LargeStringArray::from(values)),
        Text::View => Arc::new(StringViewArray::from(values)),
        Text::Dictionary(Key::I8) => dictionary::<Int8Type>(values),
        Text::Dictionary(Key::I16) => dictionary::<Int16Type>(values),
        Text::Dictionary(Key::I32) => dictionary::<Int32Type>(values),
        Text::Dictionary(Key::I64) => dictionary::<Int64Type>(values),
        Text::Dictionary(Key::U8) => dictionary::<UInt8Type>(values),
        Text::Dictionary(Key::U16) => dictionary::<UInt16Type>(values),
        Text::Dictionary(Key::U32) => dictionary::<UInt32Type>(values),
        Text::Dictionary(Key::U64) => dictionary::<UInt64Type>(values),
    }
}

/// A dictionary whose nulls are now a key that is null and now a value that is.
fn dictionary<K: ArrowDictionaryKeyType>(values: Vec<Option<&'static str>>) -> ArrayRef {
    let mut known: Vec<Option<&str>> = vec![None];
    let keys: PrimitiveArray<K> = values
        .iter()
        .enumerate()
        .map(|(row, value)| {
            let place = known.iter().position(|known| known == value).unwrap_or_else(|| {
                known.push(*value);
                known.len() - 1
            });
            if value.is_none() && row % 2 == 0 { None } else { Some(K::Native::usize_as(place)) }
        })
        .collect();
    Arc::new(DictionaryArray::<K>::try_new(keys, Arc::new(StringArray::from(known))).unwrap())
}

/// Lists that do not start at the first span when they are sliced, some of them null and not empty.
fn lists(rows: &[&Row], spans: &[&Span], columns: &[(String, ArrayRef)], is_large: bool) -> ArrayRef {
    let fields: Fields =
        columns.iter().map(|(name, array)| Field::new(name, array.data_type().clone(), true)).collect();
    let arrays = columns.iter().map(|(_, array)| array.clone()).collect();
    let item_nulls = NullBuffer::from(spans.iter().map(|span| span.is_there).collect::<Vec<_>>());
    let items: ArrayRef = Arc::new(StructArray::try_new(fields.clone(), arrays, Some(item_nulls)).unwrap());
    let nulls = Some(NullBuffer::from(rows.iter().map(|row| row.has_list).collect::<Vec<_>>()));
    let field = Arc::new(Field::new("item", DataType::Struct(fields), true));
    let lengths = rows.iter().map(|row| row.spans.len());
    match is_large {
        true => Arc::new(LargeListArray::try_new(field, OffsetBuffer::from_lengths(lengths), items, nulls).unwrap()),
        false => Arc::new(ListArray::try_new(field, OffsetBuffer::from_lengths(lengths), items, nulls).unwrap()),
    }
}

// ---- strategies ----

fn key() -> impl Strategy<Value = Key> {
    prop::sample::select(&Key::ALL[..])
}

fn text() -> impl Strategy<Value = Text> {
    prop_oneof![Just(Text::Utf8), Just(Text::Large), Just(Text::View), key().prop_map(Text::Dictionary)]
}

fn number_type() -> impl Strategy<Value = NumberType> {
    prop_oneof![
        1 => (0..5_i64).prop_map(NumberType::All),
        4 => (key(), 0..4_u32).prop_map(|(key, scale)| NumberType::Whole(key, scale)),
        1 => (0..9_i8).prop_map(NumberType::Decimal32),
        1 => (0..9_i8).prop_map(NumberType::Decimal64),
        3 => prop_oneof![0..12_i8, 0..29_i8].prop_map(NumberType::Decimal128),
    ]
}

pub(crate) fn form() -> impl Strategy<Value = Form> {
    let mode =
        prop_oneof![Just(ModeType::All(ChargeMode::PostPaid)), Just(ModeType::Codes), text().prop_map(ModeType::Names)];
    let tariff = prop_oneof![
        (0..3_u32).prop_map(TariffType::All),
        text().prop_map(TariffType::Kinds),
        key().prop_map(TariffType::Places)
    ];
    let rounding = prop::sample::select(vec![
        Rounding::PORTAL,
        Rounding::RESELLER,
        Rounding::USAGE,
        Rounding::PORTAL.rounding_at(RoundAt::Segment),
    ]);
    let money = prop_oneof![Just(MoneyType::Decimal), Just(MoneyType::Scaled)];
    let usage = prop_oneof![Just(UsageDetail::None), Just(UsageDetail::Parts)];
    let quota = prop_oneof![Just(QuotaCharge::Free), Just(QuotaCharge::LikePostPaid)];
    (
        (prop::option::of(any::<bool>()), mode, prop::collection::vec(number_type(), 1..=3), any::<bool>(), tariff),
        (money, usage, rounding, quota, 0..12_usize, 0..3_usize),
    )
        .prop_map(
            |((lists, mode, numbers, window_columns, tariff), (money, usage, rounding, quota, before, behind))| Form {
                lists,
                mode,
                numbers,
                window_columns,
                tariff,
                money,
                usage,
                rounding,
                quota,
                before,
                behind,
            },
        )
}

fn instant() -> impl Strategy<Value = i64> {
    prop_oneof![
        60 => (-2..26_i64, 0..HOUR).prop_map(|(hours, micros)| DAY_START + hours * HOUR + micros),
        30 => (-2..26_i64).prop_map(|hours| DAY_START + hours * HOUR),
        1 => Just(i64::MIN),
        1 => Just(i64::MAX - 1),
        1 => Just(0),
    ]
}

fn rarely_null<T: std::fmt::Debug + Clone + 'static>(
    value: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = Option<T>> {
    prop_oneof![15 => value.prop_map(Some), 1 => Just(None)]
}

fn span(parts: usize) -> impl Strategy<Value = Span> {
    let quantity = prop_oneof![
        40 => (0..200_i128).prop_map(Some),
        6 => Just(None),
        2 => (0..i128::from(u64::MAX)).prop_map(Some),
        1 => (0..10_i128.pow(38)).prop_map(Some),
        1 => (-5..0_i128).prop_map(Some),
    ];
    let mode = prop_oneof![20 => (0..3_usize).prop_map(Some), 1 => Just(Some(3)), 1 => Just(None)];
    (
        prop_oneof![30 => Just(true), 1 => Just(false)],
        rarely_null(instant()),
        prop::option::of(instant()),
        mode,
        prop::collection::vec(quantity, parts),
    )
        .prop_map(|(is_there, start, end, mode, quantities)| Span { is_there, start, end, mode, quantities })
}

/// Rows of a form: mostly in order, so that most of them are rated.
pub(crate) fn rows(form: &Form, most: usize) -> impl Strategy<Value = Vec<Row>> + use<> {
    let spans = match form.lists {
        None => 1..=1,
        Some(_) => 0..=4_usize,
    };
    let in_order = prop_oneof![8 => Just(true), 1 => Just(false)];
    let spans = (prop::collection::vec(span(form.numbers.len()), spans), in_order).prop_map(|(mut spans, in_order)| {
        if in_order {
            put_in_order(&mut spans);
        }
        spans
    });
    let row = (
        spans,
        prop_oneof![15 => Just(true), 1 => Just(false)],
        (rarely_null(instant()), rarely_null(instant())),
        rarely_null(prop::sample::select(&KINDS[..])),
        rarely_null(prop_oneof![9 => 0..3_i64, 1 => -1..5_i64]),
    )
        .prop_map(|(spans, has_list, mut window, kind, tariff)| {
            if let (Some(start), Some(end)) = window
                && start > end
                && start % 5 != 0
            {
                window = (Some(end), Some(start));
            }
            Row { spans, has_list, window, kind, tariff }
        });
    prop::collection::vec(row, 1..most)
}

/// Makes spans follow each other, and only the last of them open.
fn put_in_order(spans: &mut [Span]) {
    let mut instants: Vec<i64> = spans.iter().flat_map(|span| [span.start, span.end]).flatten().collect();
    instants.sort_unstable();
    let mut instants = instants.into_iter();
    let last = spans.len().saturating_sub(1);
    for (index, span) in spans.iter_mut().enumerate() {
        if span.start.is_some() {
            span.start = instants.next();
        }
        let end = if span.end.is_some() { instants.next() } else { None };
        span.end = if index == last { end } else { end.or(span.start) };
    }
}
