//! Ranges in a row: listed, or those of a split, of which any is computed when it is asked for.

use counterfoil::ipam::{Address, Range, Size, Split};
use std::borrow::Cow;

/// Ranges in order.
#[derive(Clone)]
pub(super) enum Pieces<A> {
    Listed(Vec<Range<A>>),
    Split(Page<A>),
}

/// Some of the pieces of a split that follow each other.
#[derive(Clone)]
pub(super) struct Page<A> {
    /// From its first piece on.
    split: Split<A>,
    /// How many.
    count: Size,
    /// The place of the first piece in the split.
    offset: u128,
}

impl<A: Address> Page<A> {
    pub(super) fn new(split: Split<A>, offset: u128, limit: Option<u128>) -> Self {
        let split = split.starting_at(offset);
        let rest = split.pieces();
        Self { count: limit.map_or(rest, |limit| rest.min(Size::from(limit))), split, offset }
    }

    /// A part of it.
    pub(super) fn page(&self, offset: u128, limit: u128) -> Self {
        let count = self.count.minus(Size::from(offset)).unwrap_or(Size::ZERO).min(Size::from(limit));
        let split = self.split.clone().starting_at(offset);
        Self { split, count, offset: self.offset.saturating_add(offset) }
    }

    /// What it is a page of: the range, the length, the offset and the count.
    pub(super) fn of(&self) -> (Range<A>, u8, u128, Size) {
        (self.split.of(), self.split.length().get(), self.offset, self.count)
    }

    fn iter(&self) -> impl Iterator<Item = Range<A>> {
        let count = self.count.to_u128().and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX);
        self.split.clone().take(count)
    }
}

impl<A: Address> Pieces<A> {
    pub(super) fn count(&self) -> Size {
        match self {
            Self::Listed(ranges) => Size::from(u128::try_from(ranges.len()).unwrap_or(u128::MAX)),
            Self::Split(page) => page.count,
        }
    }

    pub(super) fn get(&self, place: u128) -> Option<Range<A>> {
        match self {
            Self::Listed(ranges) => ranges.get(usize::try_from(place).ok()?).copied(),
            Self::Split(page) if Size::from(place) < page.count => page.split.piece(place),
            Self::Split(_) => None,
        }
    }

    pub(super) fn first(&self) -> Option<Range<A>> {
        self.get(0)
    }

    pub(super) fn last(&self) -> Option<Range<A>> {
        self.get(self.count().minus(Size::from(1)).ok()?.to_u128()?)
    }

    /// All of them in order, of which there may be more than anybody has time for.
    pub(super) fn iter(&self) -> Box<dyn Iterator<Item = Range<A>> + '_> {
        match self {
            Self::Listed(ranges) => Box::new(ranges.iter().copied()),
            Self::Split(page) => Box::new(page.iter()),
        }
    }

    /// All of them, in memory.
    pub(super) fn list(&self) -> Cow<'_, [Range<A>]> {
        match self {
            Self::Listed(ranges) => Cow::Borrowed(ranges),
            Self::Split(page) => Cow::Owned(page.iter().collect()),
        }
    }

    /// Whether a range is one of them. The pieces of a split are in order, and each is found in a few steps.
    pub(super) fn contains(&self, range: Range<A>) -> bool {
        let page = match self {
            Self::Listed(ranges) => return ranges.contains(&range),
            Self::Split(page) => page,
        };
        let (mut low, mut high) = (0_u128, page.count.minus(Size::from(1)).ok().and_then(Size::to_u128));
        while let Some(end) = high.filter(|end| low <= *end) {
            let middle = low + (end - low) / 2;
            match self.get(middle) {
                Some(piece) if piece == range => return true,
                Some(piece) if piece.first() < range.first() => low = middle + 1,
                _ => high = middle.checked_sub(1),
            }
        }
        false
    }
}

/// The same ranges in the same order, whether they are listed or not.
impl<A: Address> PartialEq for Pieces<A> {
    fn eq(&self, other: &Self) -> bool {
        if self.count() != other.count() || self.first() != other.first() || self.last() != other.last() {
            return false;
        }
        match (self, other) {
            // Pieces of splits lie on the grid of their length, without gaps.
            (Self::Split(_), Self::Split(_)) => true,
            _ => self.iter().eq(other.iter()),
        }
    }
}
