//! How many blocks of each size there are, are wanted, and must be split: the arithmetic of R-I6.

use crate::{
    error::IpamError,
    ipam::{Address, PrefixLen, Size},
};

/// One size of block, 2^i.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    /// Blocks that are there, a_i.
    pub(super) blocks: u128,
    /// Blocks that are wanted, d_i.
    pub(super) wanted: Size,
}

impl Level {
    pub(super) const EMPTY: Self = Self { blocks: 0, wanted: Size::ZERO };
}

/// Blocks and demands by size, from single addresses to the whole family.
#[derive(Debug, Clone)]
pub(super) struct Levels(Vec<Level>);

impl Levels {
    pub(super) fn of<A: Address>() -> Self {
        Self(PrefixLen::<A>::all().map(|_| Level::EMPTY).collect())
    }

    pub(super) fn add_block<A: Address>(&mut self, length: PrefixLen<A>) {
        if let Some(level) = self.0.get_mut(usize::from(length.host_bits())) {
            level.blocks = level.blocks.saturating_add(1);
        }
    }

    /// # Errors
    /// `ipam.size_overflow` above 2^128 of one length.
    pub(super) fn add_wanted<A: Address>(&mut self, length: PrefixLen<A>, count: Size) -> Result<(), IpamError> {
        if let Some(level) = self.0.get_mut(usize::from(length.host_bits())) {
            level.wanted = level.wanted.plus(count)?;
        }
        Ok(())
    }

    pub(super) fn wants_nothing(&self) -> bool {
        self.0.iter().all(|level| level.wanted.is_zero())
    }

    /// The smallest size that is wanted, as i.
    pub(super) fn smallest_wanted(&self) -> Option<usize> {
        self.0.iter().position(|level| !level.wanted.is_zero())
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = Level> + ExactSizeIterator {
        self.0.iter().copied()
    }
}

/// How many blocks of each size must be split: `x[i]` of size 2^i.
///
/// x_0 = 0 and x_{i+1} = max(0, ⌈(d_i + x_i − a_i) / 2⌉). `None` where blocks above the top would have
/// to be split: the demands do not fit.
pub(super) fn splits(levels: impl Iterator<Item = Level>) -> Option<Vec<u128>> {
    let mut splits = Vec::with_capacity(levels.size_hint().0);
    let mut split = 0;
    for level in levels {
        splits.push(split);
        split = above(level, split)?;
    }
    (split == 0).then_some(splits)
}

/// x_{i+1} of x_i. `None` above 2^128, which no family has room for.
pub(super) fn above(level: Level, split: u128) -> Option<u128> {
    let below = level.wanted.to_u128().and_then(|wanted| wanted.checked_add(split));
    if let Some(needed) = below {
        return Some(needed.saturating_sub(level.blocks).div_ceil(2));
    }
    let needed = level.wanted.plus(Size::from(split)).ok()?;
    let lacking = needed.minus(Size::from(level.blocks)).unwrap_or(Size::ZERO);
    Some(lacking.to_u128().map_or(HALF, |lacking| lacking.div_ceil(2)))
}

/// Half of 2^128.
const HALF: u128 = 1 << 127;

/// The first size, from the largest, of which more are wanted than there is room for when all larger
/// ones are placed: the length, how many are wanted, and how many there is room for.
pub(super) fn shortage<A: Address>(levels: &Levels) -> IpamError {
    let mut room = Size::ZERO;
    for (level, length) in levels.iter().rev().zip(PrefixLen::<A>::all()) {
        // Neither can overflow: these are disjoint blocks of one family.
        room = room.plus(room).unwrap_or(Size::WHOLE);
        room = room.plus(Size::from(level.blocks)).unwrap_or(Size::WHOLE);
        match room.minus(level.wanted) {
            Ok(rest) => room = rest,
            Err(_) => return not_enough(length, level.wanted, room),
        }
    }
    not_enough(PrefixLen::<A>::HOST, Size::ZERO, room)
}

fn not_enough<A: Address>(length: PrefixLen<A>, asked: Size, available: Size) -> IpamError {
    IpamError::NotEnoughRoom { length: length.get(), asked: asked.to_string(), available: available.to_string() }
}
