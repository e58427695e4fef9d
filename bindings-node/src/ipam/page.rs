//! Pieces of a split, of which any is computed when it is asked for: a range, a length, the place of the first piece,
//! and how many there are from there on.

use super::{
    block::{too_many, written},
    family::{each_range, length_of, range_of, read},
};
use crate::border::{Fault, Result};
use counterfoil::{
    error::excerpt,
    ipam::{Address, Interval, Range, Size, Split, SplitLimits},
};
use napi_derive::napi;

/// The most pieces that are put into memory at once.
const MOST: u128 = 10_000_000;

/// Some of the pieces of a split that follow each other.
struct Page<A> {
    /// From its first piece on.
    split: Split<A>,
    /// How many.
    count: Size,
}

impl<A: Address> Page<A> {
    fn of(range: Range<A>, length: f64, offset: &str, count: &str) -> Result<Self> {
        let split = range.split(length_of(length)?)?.starting_at(number_of(offset, "offset")?);
        Ok(Self { split, count: count.parse()? })
    }

    fn get(&self, place: u128) -> Option<Range<A>> {
        (Size::from(place) < self.count).then(|| self.split.piece(place)).flatten()
    }

    fn last(&self) -> Option<Range<A>> {
        self.get(self.count.minus(Size::from(1)).ok()?.to_u128()?)
    }

    /// The place of a range: the pieces are in order, and each is found in a few steps.
    fn place_of(&self, range: Range<A>) -> Option<u128> {
        let (mut low, mut high) = (0_u128, self.count.minus(Size::from(1)).ok().and_then(Size::to_u128));
        while let Some(end) = high.filter(|end| low <= *end) {
            let middle = low + (end - low) / 2;
            match self.get(middle) {
                Some(piece) if piece == range => return Some(middle),
                Some(piece) if piece.first() < range.first() => low = middle + 1,
                _ => high = middle.checked_sub(1),
            }
        }
        None
    }
}

/// How many pieces a range has of a length.
#[napi(catch_unwind)]
pub(crate) fn split_count(
    range: String,
    length: f64,
    limits: Option<String>,
    most_pieces: Option<String>,
    most_longer_by: Option<u8>,
) -> Result<String> {
    each_range!(range_of(&range)?, range => {
        let mut within = limits.map_or(Ok(SplitLimits::NONE), |limits| limits.parse())?;
        if let Some(most) = most_pieces {
            within = within.with_pieces(number_of(&most, "mostPieces")?);
        }
        if let Some(most) = most_longer_by {
            within = within.with_longer_by(most);
        }
        Ok(range.split_within(length_of(length)?, within)?.pieces().to_string())
    })
}

/// The texts of pieces, at most ten million.
#[napi(catch_unwind)]
pub(crate) fn page_texts(range: String, length: f64, offset: String, count: String) -> Result<String> {
    each_range!(range_of(&range)?, range => {
        let page = Page::of(range, length, &offset, &count)?;
        let most = page.count.to_u128().filter(|count| *count <= MOST).and_then(|count| usize::try_from(count).ok());
        match most {
            Some(most) => Ok(written(page.split.take(most))),
            None => Err(too_many(range.to_string(), page.split.length().get(), page.count, MOST)),
        }
    })
}

/// The text of one piece; none where there are not so many.
#[napi(catch_unwind)]
pub(crate) fn page_at(
    range: String,
    length: f64,
    offset: String,
    count: String,
    place: String,
) -> Result<Option<String>> {
    each_range!(range_of(&range)?, range => {
        let page = Page::of(range, length, &offset, &count)?;
        Ok(page.get(number_of(&place, "place")?).map(|piece| piece.to_string()))
    })
}

/// Whether a range is one of the pieces.
#[napi(catch_unwind)]
pub(crate) fn page_includes(range: String, length: f64, offset: String, count: String, other: String) -> Result<bool> {
    let range = range_of(&range)?;
    let family = range.family();
    each_range!(range, range => {
        let page = Page::of(range, length, &offset, &count)?;
        // What is a range, and none of this family, is no piece of it.
        Ok(range_of(&other)?.family() == family && page.place_of(read(&other)?).is_some())
    })
}

/// From the first address of the pieces to the last: between them there are no gaps. None where there are no pieces.
#[napi(catch_unwind)]
pub(crate) fn page_hull(range: String, length: f64, offset: String, count: String) -> Result<Option<String>> {
    each_range!(range_of(&range)?, range => {
        let page = Page::of(range, length, &offset, &count)?;
        let (Some(first), Some(last)) = (page.get(0), page.last()) else { return Ok(None) };
        let hull = Interval::new(first.first(), last.last())?;
        Ok(Some(Range::new(hull, hull.tightest_length())?.to_string()))
    })
}

fn number_of(digits: &str, at: &str) -> Result<u128> {
    digits.parse().map_err(|_| Fault::bad_input(at, format!("`{}` is out of range", excerpt(digits))))
}
