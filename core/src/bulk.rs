//! What the bulk rooms share: columns are checked before any row is looked at, and their numbers read as decimals.

use crate::{
    error::{BulkError, MoneyError},
    exact::{Integer, decimal},
};
use rust_decimal::Decimal;
use std::ops::Range;

/// The error, unless each of the columns has as many rows as are expected: the first that has not.
///
/// A column without a length is not there, or says the same for all rows.
pub(crate) fn check_lengths<'c>(
    expected: usize,
    columns: impl IntoIterator<Item = (&'c str, Option<usize>)>,
) -> Result<(), BulkError> {
    let lengths = columns.into_iter().filter_map(|(column, length)| Some((column, length?)));
    match lengths.into_iter().find(|(_, rows)| *rows != expected) {
        Some((column, rows)) => Err(BulkError::ColumnLength { column: column.to_owned(), rows, expected }),
        None => Ok(()),
    }
}

/// How many lists offsets cut so many places into.
///
/// # Errors
/// `bulk.bad_offsets` where they do not rise from 0 to the number of places.
pub(crate) fn check_offsets(offsets: &[usize], places: usize) -> Result<usize, BulkError> {
    let bad = |at, fault| Err(BulkError::BadOffsets { at, fault });
    let lists = match offsets {
        [0, later @ ..] => later.len(),
        [_, ..] => return bad(0, "the first must be 0"),
        [] => return bad(0, "there is none: there is always one more than there are lists"),
    };
    if let Some(at) = offsets.windows(2).position(|pair| matches!(pair, [a, b] if b < a)) {
        return bad(at.saturating_add(1), "it is below the one before");
    }
    if offsets.last() != Some(&places) {
        return bad(lists, "the last must be the number of places that are cut into lists");
    }
    Ok(lists)
}

/// The error, where the numbers of a column have more digits after the point than a decimal.
pub(crate) fn check_scale(column: &str, scale: u32) -> Result<(), BulkError> {
    const MOST: u32 = Decimal::MAX_SCALE;
    if scale <= MOST { Ok(()) } else { Err(BulkError::BadScale { column: column.to_owned(), scale, most: MOST }) }
}

/// The place that an id names, in a list of so many.
#[inline]
pub(crate) fn place_of(column: &'static str, id: u32, known: usize) -> Result<usize, BulkError> {
    let place = usize::try_from(id).ok().filter(|place| *place < known);
    place.ok_or(BulkError::UnknownId { column, id, known })
}

/// What an id names in a list.
#[inline]
pub(crate) fn entry_of<'l, T>(column: &'static str, id: u32, list: &'l [T]) -> Result<&'l T, BulkError> {
    let entry = usize::try_from(id).ok().and_then(|place| list.get(place));
    entry.ok_or(BulkError::UnknownId { column, id, known: list.len() })
}

/// The error of a place that is not there, in a list of so many.
#[cold]
pub(crate) fn no_such(column: &'static str, place: usize, known: usize) -> BulkError {
    BulkError::UnknownId { column, id: u32::try_from(place).unwrap_or(u32::MAX), known }
}

/// The places of a list, by offsets that were checked; none of a list that is not there.
#[inline]
pub(crate) fn list(offsets: &[usize], list: usize) -> Option<Range<usize>> {
    Some(*offsets.get(list)?..*offsets.get(list.saturating_add(1))?)
}

/// A number of a column as a decimal that has all of the column's digits.
///
/// # Errors
/// `money.too_many_digits` where no decimal holds it so.
#[inline]
pub(crate) fn exact_decimal(number: i128, scale: u32) -> Result<Decimal, MoneyError> {
    decimal::from_parts(number, scale).ok_or_else(|| too_many_digits(number, scale))
}

/// A number of a column as a decimal, without zeros at its end where it would not fit with them.
///
/// # Errors
/// `money.too_many_digits` where no decimal holds it.
#[inline]
pub(crate) fn fitted_decimal(number: i128, scale: u32) -> Result<Decimal, MoneyError> {
    let amount = decimal::from_parts(number, scale).or_else(|| decimal::fitted(&Integer::from(number), scale));
    amount.ok_or_else(|| too_many_digits(number, scale))
}

/// A decimal as a number of a column.
///
/// # Errors
/// `money.overflow` where it has more digits than the column, or does not fit.
#[inline]
pub(crate) fn number_at(amount: Decimal, scale: u32) -> Result<i128, MoneyError> {
    if amount.scale() == scale {
        return Ok(amount.mantissa()); // as nearly always
    }
    let number = decimal::mantissa_at(amount, scale);
    number.ok_or(MoneyError::Overflow { operation: "an amount at the scale of its column" })
}

#[cold]
fn too_many_digits(number: i128, scale: u32) -> MoneyError {
    MoneyError::TooManyDigits { text: format!("{number} × 10^−{scale}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_column_of_another_length_is_named() {
        let lengths = [("a", None), ("b", Some(2)), ("c", Some(3)), ("d", Some(1))];
        let error = BulkError::ColumnLength { column: "c".into(), rows: 3, expected: 2 };
        assert_eq!(check_lengths(2, lengths), Err(error));
        assert_eq!(check_lengths(2, lengths.into_iter().take(2)), Ok(()));
    }

    #[test]
    fn offsets_rise_from_nothing_to_all() {
        let at = |offsets: &[usize]| match check_offsets(offsets, 2) {
            Err(BulkError::BadOffsets { at, .. }) => Err(at),
            other => Ok(other.unwrap()),
        };
        assert_eq!(at(&[]), Err(0));
        assert_eq!(at(&[1, 2]), Err(0));
        assert_eq!(at(&[0]), Err(0));
        assert_eq!(at(&[0, 2, 1, 2]), Err(2));
        assert_eq!(at(&[0, 1]), Err(1));
        assert_eq!(at(&[0, 3, 3]), Err(2));
        assert_eq!(at(&[0, 2]), Ok(1));
        assert_eq!(at(&[0, 0, 2, 2]), Ok(3));
        assert_eq!(check_offsets(&[0], 0), Ok(0));
        assert_eq!(list(&[0, 1, 2], 1), Some(1..2));
        assert_eq!(list(&[0, 1, 2], 2), None);
    }

    #[test]
    fn numbers_are_decimals_and_back() {
        assert_eq!(check_scale("amount", 28), Ok(()));
        assert_eq!(check_scale("amount", 29).unwrap_err().code(), "bulk.bad_scale");
        assert_eq!(exact_decimal(-125, 2).unwrap().to_string(), "-1.25");
        // One more digit than a decimal has, and it is a zero.
        let large = 10_i128.pow(29);
        assert_eq!(exact_decimal(large, 2).unwrap_err().code(), "money.too_many_digits");
        let fitted = fitted_decimal(large, 2).unwrap();
        assert_eq!(number_at(fitted, 2), Ok(large));
        let fault = MoneyError::TooManyDigits { text: format!("{} × 10^−2", large + 1) };
        assert_eq!(fitted_decimal(large + 1, 2), Err(fault));
        assert_eq!(number_at(Decimal::new(1250, 3), 2), Ok(125));
        assert_eq!(number_at(Decimal::new(1251, 3), 2).unwrap_err().code(), "money.overflow");
        assert_eq!(number_at(Decimal::MAX, 28).unwrap_err().code(), "money.overflow");
    }
}
