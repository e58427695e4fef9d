//! Money as columns, the same in every room that takes many at once.

/// A column of amounts, one for each row.
///
/// # Units
/// `number × 10^−scale` of a currency; scale and currency stand beside the columns, for they hold for the whole batch.
///
/// # Rule
/// R-M1
#[derive(Debug, Clone, Copy)]
pub enum Amounts<'a> {
    /// In 64 bits.
    Narrow(&'a [i64]),
    /// In 128 bits, as columns of decimals hold them. More digits than an amount has are a fault of their row.
    Wide(&'a [i128]),
}

impl Amounts<'_> {
    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        match self {
            Self::Narrow(numbers) => numbers.len(),
            Self::Wide(numbers) => numbers.len(),
        }
    }

    /// The number of a row; zero for one that is not there.
    #[inline]
    pub(crate) fn at(&self, row: usize) -> i128 {
        match self {
            Self::Narrow(numbers) => numbers.get(row).copied().map(i128::from).unwrap_or_default(),
            Self::Wide(numbers) => numbers.get(row).copied().unwrap_or_default(),
        }
    }
}
