use super::{Integer, Number, Whole};
use smallvec::{Array, SmallVec};
use std::borrow::Cow;

/// Numbers of one width, as a kernel makes them: few enough to need no memory of their own, nearly always.
pub(crate) type Row<N> = SmallVec<<N as Number>::Few>;

/// What quantities are kept as: narrow factors, a product of two of which always fits in an `i128`, or wide ones.
///
/// Invariant: `Wide` holds at least one that does not fit in an `i64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Factors {
    Narrow(Row<i64>),
    Wide(Vec<Integer>),
}

/// What sums of products are kept as: the sums of one usage, in a width that all of them fit in.
///
/// Sums that are compared come from one kernel or both from [`new`](Self::new), so equal ones stand in
/// equal widths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sums {
    Short(Row<i64>),
    Narrow(Row<i128>),
    Wide(Vec<Integer>),
}

/// Sums of one usage, or of one row of many, borrowed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum SumsView<'a> {
    Short(&'a [i64]),
    Narrow(&'a [i128]),
    Wide(&'a [Integer]),
}

impl Factors {
    pub(crate) fn new(numbers: Vec<Integer>) -> Self {
        narrowed(&numbers).map_or(Self::Wide(numbers), Self::Narrow)
    }

    /// The factors at the width of a kernel; none if they do not fit.
    #[inline]
    pub(crate) fn view<N: Number>(&self) -> Option<Cow<'_, [N::Factor]>> {
        N::view_factors(self)
    }

    /// The factors as wide numbers.
    pub(super) fn widened(&self) -> Cow<'_, [Integer]> {
        match self {
            Self::Narrow(factors) => factors.iter().map(|factor| Integer::from(*factor)).collect(),
            Self::Wide(factors) => Cow::Borrowed(factors),
        }
    }
}

impl Sums {
    /// In the narrowest width that holds all of them.
    pub(crate) fn new(numbers: Vec<Integer>) -> Self {
        if let Some(short) = narrowed(&numbers) {
            return Self::Short(short);
        }
        narrowed(&numbers).map_or(Self::Wide(numbers), Self::Narrow)
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Integer> {
        let sums = SumsView::from(self);
        (0..sums.len()).map(move |place| sums.at(place))
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.iter().all(|sum| sum.is_zero())
    }
}

impl<'a> From<&'a Sums> for SumsView<'a> {
    #[inline]
    fn from(sums: &'a Sums) -> Self {
        match sums {
            Sums::Short(row) => Self::Short(row),
            Sums::Narrow(row) => Self::Narrow(row),
            Sums::Wide(row) => Self::Wide(row),
        }
    }
}

impl SumsView<'_> {
    /// The number at a place; nothing where there is none.
    #[inline(always)]
    pub(crate) fn at(self, place: usize) -> Integer {
        let number = match self {
            Self::Short(row) => row.get(place).copied().map(Integer::from),
            Self::Narrow(row) => row.get(place).copied().map(Integer::from),
            Self::Wide(row) => row.get(place).cloned(),
        };
        number.unwrap_or(Integer::ZERO)
    }

    const fn len(self) -> usize {
        match self {
            Self::Short(row) => row.len(),
            Self::Narrow(row) => row.len(),
            Self::Wide(row) => row.len(),
        }
    }
}

/// The same numbers at a width; none unless all of them fit.
fn narrowed<A: Array>(numbers: &[Integer]) -> Option<SmallVec<A>>
where
    A::Item: Whole,
{
    numbers.iter().map(A::Item::of).collect()
}
