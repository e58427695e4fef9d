use super::{Integer, Number};
use smallvec::SmallVec;
use std::borrow::Cow;

/// A row or a table of numbers: in `i128` where all of them fit, which is nearly always.
///
/// Invariant: `Wide` holds at least one that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cells {
    Narrow(Row<i128>),
    Wide(Row<Integer>),
}

/// Numbers of one width, as a kernel makes them.
pub(crate) type Row<N> = SmallVec<[N; 6]>;

impl Cells {
    pub(crate) fn new(numbers: Row<Integer>) -> Self {
        match numbers.iter().map(Integer::narrow).collect() {
            Some(narrow) => Self::Narrow(narrow),
            None => Self::Wide(numbers),
        }
    }

    /// The numbers at the width of a kernel; none if they do not fit.
    #[inline]
    pub(crate) fn view<N: Number>(&self) -> Option<Cow<'_, [N]>> {
        N::view(self)
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Integer> {
        let count = match self {
            Self::Narrow(cells) => cells.len(),
            Self::Wide(cells) => cells.len(),
        };
        (0..count).map(|place| match self {
            Self::Narrow(cells) => cells.get(place).copied().map_or(Integer::ZERO, Integer::Narrow),
            Self::Wide(cells) => cells.get(place).cloned().unwrap_or(Integer::ZERO),
        })
    }

    pub(crate) fn is_zero(&self) -> bool {
        match self {
            Self::Narrow(cells) => cells.iter().all(|cell| *cell == 0),
            Self::Wide(_) => false,
        }
    }
}
