use crate::BatchError;
use arrow_array::{
    Array, ArrowPrimitiveType, PrimitiveArray,
    cast::AsArray,
    types::{
        Decimal32Type, Decimal64Type, Decimal128Type, Int8Type, Int16Type, Int32Type, Int64Type,
        TimestampMicrosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
    },
};
use arrow_buffer::{ArrowNativeType, NullBuffer};
use arrow_schema::DataType;
use counterfoil::metering::bulk::{Numbers, OPEN};
use std::ops::Range;

/// Values beside which of them are there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells<'b, T> {
    values: &'b [T],
    nulls: Option<&'b NullBuffer>,
}

impl<'b, T: ArrowNativeType> Cells<'b, T> {
    /// The cells of an array of a type; of another type they are a fault of whoever checked.
    pub(super) fn of<P: ArrowPrimitiveType<Native = T>>(array: &'b dyn Array) -> Result<Self, BatchError> {
        match array.as_primitive_opt::<P>() {
            Some(array) => Ok(Self::new(array)),
            None => Err(BatchError::NotABatch { fault: format!("a column is {}", array.data_type()) }),
        }
    }

    pub(super) fn new<P: ArrowPrimitiveType<Native = T>>(array: &'b PrimitiveArray<P>) -> Self {
        Self { values: array.values(), nulls: array.nulls() }
    }

    /// The values at some places; whatever stands where there is none.
    pub(super) fn values(&self, places: Range<usize>) -> &'b [T] {
        self.values.get(places).unwrap_or_default()
    }

    /// Calls for each of some places without a value, counted from the first of them.
    pub(super) fn each_null(&self, places: Range<usize>, mut is_null: impl FnMut(usize)) {
        if let Some(nulls) = nulls_at(self.nulls, places) {
            nulls.iter().enumerate().filter(|(_, valid)| !valid).for_each(|(place, _)| is_null(place));
        }
    }
}

impl<'b> Cells<'b, i64> {
    /// Instants.
    pub(super) fn instants(array: &'b dyn Array) -> Result<Self, BatchError> {
        Self::of::<TimestampMicrosecondType>(array)
    }

    /// The values at some places, open where there is none.
    pub(super) fn or_open<'a>(&self, places: Range<usize>, buffer: &'a mut Vec<i64>) -> &'a [i64]
    where
        'b: 'a,
    {
        let values = self.values(places.clone());
        let Some(nulls) = nulls_at(self.nulls, places) else {
            return values;
        };
        buffer.clear();
        buffer.resize(values.len(), OPEN);
        for (first, end) in nulls.valid_slices() {
            let own = buffer.get_mut(first..end).unwrap_or_default();
            own.iter_mut().zip(values.get(first..end).unwrap_or_default()).for_each(|(own, value)| *own = *value);
        }
        buffer
    }
}

/// The nulls at some places, if there are any.
pub(super) fn nulls_at(nulls: Option<&NullBuffer>, places: Range<usize>) -> Option<NullBuffer> {
    let nulls = nulls?.slice(places.start, places.len());
    (nulls.null_count() > 0).then_some(nulls)
}

/// Calls with an array of whole numbers of whichever type; none for another.
macro_rules! with_whole_numbers {
    ($array:expr, $name:ident => $body:expr) => {{
        let array: &dyn Array = $array;
        match array.data_type() {
            DataType::Int8 => array.as_primitive_opt::<Int8Type>().map(|$name| $body),
            DataType::Int16 => array.as_primitive_opt::<Int16Type>().map(|$name| $body),
            DataType::Int32 => array.as_primitive_opt::<Int32Type>().map(|$name| $body),
            DataType::Int64 => array.as_primitive_opt::<Int64Type>().map(|$name| $body),
            DataType::UInt8 => array.as_primitive_opt::<UInt8Type>().map(|$name| $body),
            DataType::UInt16 => array.as_primitive_opt::<UInt16Type>().map(|$name| $body),
            DataType::UInt32 => array.as_primitive_opt::<UInt32Type>().map(|$name| $body),
            DataType::UInt64 => array.as_primitive_opt::<UInt64Type>().map(|$name| $body),
            _ => None,
        }
    }};
}

/// For each of the whole numbers at some places, what it stands for.
pub(super) fn each_place<T>(
    array: &dyn Array,
    places: Range<usize>,
    into: &mut Vec<T>,
    mut stands_for: impl FnMut(usize, Option<usize>) -> T,
) {
    with_whole_numbers!(array, array => {
        let cells = Cells::new(array);
        let nulls = nulls_at(cells.nulls, places.clone());
        for (place, value) in cells.values(places).iter().enumerate() {
            let is_there = nulls.as_ref().is_none_or(|nulls| nulls.is_valid(place));
            // A number below zero is no place at all, as is one that no memory has.
            let value = if is_there { Some(value.to_usize().unwrap_or(usize::MAX)) } else { None };
            into.push(stands_for(place, value));
        }
    });
}

/// The numbers of a quantity, of whichever type.
#[derive(Debug, Clone, Copy)]
pub(super) enum Quantities<'b> {
    /// All alike.
    All(i64),
    /// As the kernel takes them.
    Narrow(Cells<'b, i64>),
    /// As the kernel takes them.
    Wide(Cells<'b, i128>),
    /// Of a type that fits in 64 bits once it is written so.
    Widened(&'b dyn Array),
    /// Of a type that may not fit in 64 bits.
    Unsigned(Cells<'b, u64>),
    /// Decimals of 32 bits.
    Decimals32(Cells<'b, i32>),
}

/// Memory for the numbers of a quantity.
#[derive(Debug, Default)]
pub(super) struct QuantityBuffer {
    narrow: Vec<i64>,
    wide: Vec<i128>,
    present: Vec<bool>,
}

impl<'b> Quantities<'b> {
    pub(super) fn of(array: &'b dyn Array) -> Result<Self, BatchError> {
        Ok(match array.data_type() {
            DataType::Int64 => Self::Narrow(Cells::of::<Int64Type>(array)?),
            DataType::Decimal64(..) => Self::Narrow(Cells::of::<Decimal64Type>(array)?),
            DataType::Decimal128(..) => Self::Wide(Cells::of::<Decimal128Type>(array)?),
            DataType::Decimal32(..) => Self::Decimals32(Cells::of::<Decimal32Type>(array)?),
            DataType::UInt64 => Self::Unsigned(Cells::of::<UInt64Type>(array)?),
            _ => Self::Widened(array),
        })
    }

    /// The numbers at some places, and which of them are there; none means all.
    pub(super) fn at<'a>(
        &self,
        places: Range<usize>,
        buffer: &'a mut QuantityBuffer,
    ) -> (Numbers<'a>, Option<&'a [bool]>)
    where
        'b: 'a,
    {
        let QuantityBuffer { narrow, wide, present } = buffer;
        narrow.clear();
        wide.clear();
        let (numbers, nulls) = match self {
            Self::All(number) => return (Numbers::All(*number), None),
            Self::Narrow(cells) => (Numbers::Each(cells.values(places.clone())), cells.nulls),
            Self::Wide(cells) => (Numbers::Wide(cells.values(places.clone())), cells.nulls),
            Self::Unsigned(cells) => {
                wide.extend(cells.values(places.clone()).iter().copied().map(i128::from));
                (Numbers::Wide(wide), cells.nulls)
            }
            Self::Decimals32(cells) => {
                narrow.extend(cells.values(places.clone()).iter().copied().map(i64::from));
                (Numbers::Each(narrow), cells.nulls)
            }
            Self::Widened(array) => {
                with_whole_numbers!(*array, array => {
                    // Those that may not fit in 64 bits are above.
                    let values = Cells::new(array).values(places.clone());
                    narrow.extend(values.iter().map(|value| value.to_i64().unwrap_or_default()));
                });
                (Numbers::Each(narrow), array.nulls())
            }
        };
        let Some(nulls) = nulls_at(nulls, places) else {
            return (numbers, None);
        };
        present.clear();
        present.extend(nulls.iter());
        (numbers, Some(present))
    }
}
