use super::{Integer, Number, Whole};
use smallvec::SmallVec;
use std::borrow::Cow;

/// A row or a table of numbers: narrow where all of them fit, which is nearly always.
///
/// Invariant: `Wide` holds at least one that does not fit in a `T`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cells<T> {
    Narrow(Row<T>),
    Wide(Vec<Integer>),
}

/// What a quantity is kept as: a factor of a product that always fits in an `i128`.
pub(crate) type Factors = Cells<i64>;
/// What a sum of products is kept as.
pub(crate) type Sums = Cells<i128>;

/// Numbers of one width, as a kernel makes them.
pub(crate) type Row<N> = SmallVec<[N; 6]>;

impl<T: Copy + Into<i128> + TryFrom<i128>> Cells<T> {
    pub(crate) fn new(numbers: Vec<Integer>) -> Self {
        let narrow = |number: &Integer| number.narrow().and_then(|narrow| T::try_from(narrow).ok());
        match numbers.iter().map(narrow).collect() {
            Some(narrow) => Self::Narrow(narrow),
            None => Self::Wide(numbers),
        }
    }

    /// The number at a place, at a width; none if it does not fit.
    #[inline]
    pub(crate) fn at<W: Whole>(&self, place: usize) -> Option<W> {
        match self {
            Self::Narrow(cells) => W::of_narrow((*cells.get(place)?).into()),
            Self::Wide(cells) => W::of(cells.get(place)?),
        }
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Integer> {
        let count = match self {
            Self::Narrow(cells) => cells.len(),
            Self::Wide(cells) => cells.len(),
        };
        (0..count).map(|place| self.at(place).unwrap_or(Integer::ZERO))
    }

    pub(crate) fn is_zero(&self) -> bool {
        match self {
            Self::Narrow(cells) => cells.iter().all(|cell| (*cell).into() == 0),
            Self::Wide(_) => false,
        }
    }

    /// The numbers as wide ones.
    pub(super) fn widened(&self) -> Cow<'_, [Integer]> {
        match self {
            Self::Narrow(_) => self.iter().collect(),
            Self::Wide(cells) => Cow::Borrowed(cells),
        }
    }
}

/// Sums of one usage, or of one row of many, borrowed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum SumsView<'a> {
    Narrow(&'a [i128]),
    Wide(&'a [Integer]),
}

impl<'a> From<&'a Sums> for SumsView<'a> {
    #[inline]
    fn from(sums: &'a Sums) -> Self {
        match sums {
            Cells::Narrow(row) => Self::Narrow(row),
            Cells::Wide(cells) => Self::Wide(cells),
        }
    }
}

impl SumsView<'_> {
    /// The number at a place; nothing where there is none.
    pub(crate) fn at(self, place: usize) -> Integer {
        match self {
            Self::Narrow(row) => row.get(place).copied().map_or(Integer::ZERO, Integer::from),
            Self::Wide(cells) => cells.get(place).cloned().unwrap_or(Integer::ZERO),
        }
    }
}

impl Factors {
    /// The factors at the width of a kernel; none if they do not fit.
    #[inline]
    pub(crate) fn view<N: Number>(&self) -> Option<Cow<'_, [N::Factor]>> {
        N::view_factors(self)
    }
}
