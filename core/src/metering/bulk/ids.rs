use crate::{bulk::place_of, error::BulkError};

/// A column of places in a list.
#[derive(Debug, Clone, Copy)]
pub enum Ids<'a> {
    /// One for each row.
    Each(&'a [u32]),
    /// The same for all.
    All(u32),
}

impl Ids<'_> {
    /// How many there are; none where one is for all.
    pub(crate) const fn len(&self) -> Option<usize> {
        match self {
            Self::Each(ids) => Some(ids.len()),
            Self::All(_) => None,
        }
    }

    /// The place that a row names, in a list of so many.
    #[inline]
    pub(crate) fn at(&self, row: usize, column: &'static str, known: usize) -> Result<usize, BulkError> {
        let id = match self {
            Self::Each(ids) => ids.get(row).copied().unwrap_or(u32::MAX),
            Self::All(id) => *id,
        };
        place_of(column, id, known)
    }
}
