use crate::{metering::Part, time::Period, units::Unit};

/// The end of a span that is still open: no instant is so late.
pub const OPEN: i64 = i64::MAX;

/// Spans as columns: one place for each span, in the order of rows and of time.
///
/// # Units
/// Instants are microseconds since 1970-01-01T00:00:00Z; the end of an open span is [`OPEN`].
/// Modes are the codes of [`ChargeMode`](crate::metering::ChargeMode::code).
///
/// # Rule
/// R-U1, R-U4
#[derive(Debug, Clone)]
pub struct SpanColumns<'a> {
    /// When each starts.
    pub start: &'a [i64],
    /// When each ends.
    pub end: &'a [i64],
    /// How each is paid for.
    pub mode: &'a [u8],
    /// What the resource was made of, a column for each part, in any order.
    pub quantities: Vec<QuantityColumn<'a>>,
}

/// How much of one part there was in each span.
///
/// # Units
/// `values × 10^−scale` of `unit`.
///
/// # Rule
/// R-U2
#[derive(Debug, Clone)]
pub struct QuantityColumn<'a> {
    /// What it is of.
    pub part: Part,
    /// In what.
    pub unit: Unit,
    /// How many digits after the point the numbers have; at most 28.
    pub scale: u32,
    /// The numbers, zero or more.
    pub values: Numbers<'a>,
    /// Which spans have the part at all; none means all of them. A part that is not there is no line of
    /// a bill, while zero of a part that is there may cost a minimum.
    pub present: Option<&'a [bool]>,
}

/// A column of whole numbers.
#[derive(Debug, Clone, Copy)]
pub enum Numbers<'a> {
    /// One for each place.
    Each(&'a [i64]),
    /// One for each place, as columns of decimals hold them. Those that fit in 64 bits are as fast.
    Wide(&'a [i128]),
    /// The same for all, as the base fee of 1.
    All(i64),
}

/// Which window each row is metered for.
///
/// # Units
/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy)]
pub enum Windows<'a> {
    /// One for all, usually a billing day.
    One(Period),
    /// One for each row.
    Each {
        /// When each starts.
        start: &'a [i64],
        /// When each ends.
        end: &'a [i64],
    },
}

impl Numbers<'_> {
    /// How many there are; none where any number will do.
    pub(super) const fn len(&self) -> Option<usize> {
        match self {
            Self::Each(values) => Some(values.len()),
            Self::Wide(values) => Some(values.len()),
            Self::All(_) => None,
        }
    }

    /// The number at a place.
    pub(crate) fn at(&self, place: usize) -> Option<i128> {
        match self {
            Self::Each(values) => values.get(place).map(|value| i128::from(*value)),
            Self::Wide(values) => values.get(place).copied(),
            Self::All(value) => Some(i128::from(*value)),
        }
    }
}
