use super::carve::Filled;
use crate::{
    error::IpamError,
    ipam::{Address, Interval, Prefix, PrefixLen, Range, Size},
};
use std::iter::FusedIterator;

/// What a piece is for.
///
/// # Rule
/// R-I6
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// It is one of the blocks that were asked for.
    Wanted,
    /// It is what is left.
    Rest,
}

impl Purpose {
    /// Its name, as `wanted`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Rest => "rest",
        }
    }
}

/// Pieces of one length in a row, of which there may be 2^128.
///
/// # Rule
/// R-I6
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run<A> {
    interval: Interval<A>,
    length: PrefixLen<A>,
    count: Size,
    purpose: Purpose,
}

impl<A: Address> Run<A> {
    /// One piece, which may be clipped, with the tightest label.
    pub(super) fn piece(interval: Interval<A>, purpose: Purpose) -> Self {
        Self { interval, length: interval.tightest_length(), count: Size::from(1), purpose }
    }

    /// Full networks of a length, which fill an interval.
    pub(super) fn full(interval: Interval<A>, length: PrefixLen<A>, count: Size, purpose: Purpose) -> Self {
        Self { interval, length, count, purpose }
    }

    /// All of their addresses.
    pub fn interval(self) -> Interval<A> {
        self.interval
    }

    /// The label of each.
    pub fn length(self) -> PrefixLen<A> {
        self.length
    }

    /// How many pieces.
    pub fn count(self) -> Size {
        self.count
    }

    /// What they are for.
    pub fn purpose(self) -> Purpose {
        self.purpose
    }

    /// A piece by its place, from 0. O(1).
    fn nth(self, index: u128) -> Option<Range<A>> {
        if Size::from(index) >= self.count {
            return None;
        }
        if self.count == Size::from(1) {
            return Range::new(self.interval, self.length).ok();
        }
        let first = self.interval.first().plus(index.checked_shl(self.length.host_bits().into())?)?;
        Some(Prefix::containing(first, self.length).into())
    }
}

/// The pieces of a minimal plan in order, from the first. Lazy: `nth` costs O(runs).
#[derive(Debug, Clone)]
pub struct Pieces<'a, A> {
    runs: &'a [Run<A>],
    /// The pieces of the first run that are behind.
    behind: u128,
}

impl<'a, A: Address> Pieces<'a, A> {
    pub(super) fn of(runs: &'a [Run<A>]) -> Self {
        Self { runs, behind: 0 }
    }

    /// Skips so many pieces.
    pub(super) fn skip_pieces(&mut self, mut count: u128) {
        while let Some((run, rest)) = self.runs.split_first() {
            let ahead = run.count.minus(Size::from(self.behind)).unwrap_or(Size::ZERO);
            let skipped = ahead.to_u128().filter(|ahead| *ahead <= count);
            let Some(skipped) = skipped else {
                self.behind = self.behind.saturating_add(count); // below the run's count
                return;
            };
            count = count.saturating_sub(skipped);
            (self.runs, self.behind) = (rest, 0);
        }
    }
}

impl<A: Address> Iterator for Pieces<'_, A> {
    type Item = Range<A>;

    fn next(&mut self) -> Option<Range<A>> {
        let piece = self.runs.first()?.nth(self.behind)?;
        self.skip_pieces(1);
        Some(piece)
    }

    fn nth(&mut self, count: usize) -> Option<Range<A>> {
        self.skip_pieces(u128::try_from(count).unwrap_or(u128::MAX));
        self.next()
    }
}

impl<A: Address> FusedIterator for Pieces<'_, A> {}

/// The runs of filled blocks, in order of address, and checked: they are the blocks again.
///
/// # Errors
/// `ipam.space_not_conserved`, a fault of the library.
pub(super) fn of_blocks<A: Address>(filled: Vec<Filled<A>>) -> Result<Vec<Run<A>>, IpamError> {
    let mut runs: Vec<Run<A>> = Vec::with_capacity(filled.len());
    for block in filled {
        let from = runs.len();
        let whole = block.of.interval();
        runs.extend(block.into_runs().into_iter().rev());
        conserved(runs.get(from..).unwrap_or_default(), whole)?;
    }
    Ok(runs)
}

/// Checks that runs are, one after the other, an interval.
pub(super) fn conserved<A: Address>(runs: &[Run<A>], whole: Interval<A>) -> Result<(), IpamError> {
    let joined = runs.windows(2).all(|pair| match pair {
        [one, next] => one.interval.precedes(next.interval),
        _ => true,
    });
    let ends = runs.first().zip(runs.last()).map(|(first, last)| (first.interval.first(), last.interval.last()));
    if joined && ends == Some((whole.first(), whole.last())) {
        return Ok(());
    }
    let sizes = runs.iter().try_fold(Size::ZERO, |sum, run| sum.plus(run.interval.size()));
    Err(IpamError::SpaceNotConserved {
        of: whole.to_string(),
        whole: whole.size().to_string(),
        parts: sizes.map_or_else(|_| String::from("more than 2^128"), |sizes| sizes.to_string()),
    })
}
