//! Blocks filled with demands and with what is left, so that nothing is split without need.

use super::{
    levels::{Levels, shortage, splits},
    runs::{Purpose, Run},
};
use crate::{
    error::IpamError,
    ipam::{Address, Interval, Prefix, PrefixLen, Size},
};

/// A block that is being filled from its end: the large first, so that each is aligned, and the small
/// ones come to lie at its beginning.
pub(super) struct Filled<A> {
    pub(super) of: Prefix<A>,
    /// What is still free: its beginning.
    free: Option<Interval<A>>,
    /// From right to left.
    runs: Vec<Run<A>>,
}

impl<A: Address> Filled<A> {
    fn new(of: Prefix<A>) -> Self {
        Self { of, free: Some(of.interval()), runs: Vec::new() }
    }

    pub(super) fn into_runs(self) -> Vec<Run<A>> {
        self.runs
    }

    /// How many blocks of a length its free part has room for. What was placed is as large or larger.
    fn room(&self, length: PrefixLen<A>) -> Size {
        let Some(free) = self.free.filter(|free| free.size() >= length.block_size()) else { return Size::ZERO };
        let last = free.first().distance(free.last());
        Size::of_distance(last.checked_shr(length.host_bits().into()).unwrap_or(0))
    }

    /// Places as many blocks as there is room for; what remains of them.
    fn place(&mut self, count: Size, length: PrefixLen<A>, purpose: Purpose) -> Size {
        let room = self.room(length);
        let placed = room.min(count);
        let Some(free) = self.free.filter(|_| !placed.is_zero()) else { return count };
        let first = if placed == room { Some(free.first()) } else { before(free.last(), placed, length) };
        let Some(first) = first else { return count };
        self.runs.push(Run::full(Interval::ordered(first, free.last()), length, placed, purpose));
        self.free =
            first.previous().filter(|last| free.first() <= *last).map(|last| Interval::ordered(free.first(), last));
        count.minus(placed).unwrap_or(Size::ZERO)
    }
}

/// The first address of so many blocks that end with an address.
fn before<A: Address>(last: A, count: Size, length: PrefixLen<A>) -> Option<A> {
    let size = count.to_u128()?.checked_mul(length.block_size().to_u128()?)?;
    last.minus(size.checked_sub(1)?)
}

/// Blocks filled with the demands, and how many splits that took: the fewest.
pub(super) struct Carved<A> {
    pub(super) filled: Vec<Filled<A>>,
    pub(super) splits: Size,
}

/// Fills blocks, which are in order of address, with the demands of `levels` and with as few pieces
/// for the rest as can be.
///
/// From the largest size down: of the free blocks of a size, so many are kept whole as neither this
/// size nor any smaller one needs. They are kept at the right, demands are placed at the left.
///
/// # Errors
/// `ipam.not_enough_room`; `ipam.size_overflow` above 2^128 addresses of blocks.
pub(super) fn carve<A: Address>(blocks: Vec<Prefix<A>>, levels: &Levels) -> Result<Carved<A>, IpamError> {
    let split = splits(levels.iter()).ok_or_else(|| shortage::<A>(levels))?;
    let mut filled: Vec<Filled<A>> = blocks.into_iter().map(Filled::new).collect();
    let mut total = Size::ZERO;
    let mut from_above = Size::ZERO;
    for ((level, length), split) in levels.iter().rev().zip(PrefixLen::<A>::all()).zip(split.into_iter().rev()) {
        let split = Size::from(split);
        let there = from_above.plus(from_above)?.plus(Size::from(level.blocks))?;
        let mut kept = there.minus(level.wanted)?.minus(split)?;
        let mut wanted = level.wanted;
        if !kept.is_zero() {
            filled.iter_mut().rev().for_each(|block| kept = block.place(kept, length, Purpose::Rest));
        }
        if !wanted.is_zero() {
            filled.iter_mut().for_each(|block| wanted = block.place(wanted, length, Purpose::Wanted));
        }
        total = total.plus(split)?;
        from_above = split;
    }
    Ok(Carved { filled, splits: total })
}
