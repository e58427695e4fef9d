//! Sets of nodes, 512 to a block: a bit for each slot.

/// How many nodes a block has.
pub(in crate::placement) const BLOCK: usize = 512;

/// A block of a set: small enough for registers, and the unit in which products are judged.
pub(in crate::placement) type Words = [u64; 8];

pub(in crate::placement) const NONE: Words = [0; 8];

pub(in crate::placement) fn and(a: &Words, b: &Words) -> Words {
    let mut both = *a;
    both.iter_mut().zip(b).for_each(|(a, b)| *a &= b);
    both
}

pub(in crate::placement) fn or(a: &Words, b: &Words) -> Words {
    let mut either = *a;
    either.iter_mut().zip(b).for_each(|(a, b)| *a |= b);
    either
}

/// What is in `a` and not in `b`.
pub(in crate::placement) fn and_not(a: &Words, b: &Words) -> Words {
    let mut rest = *a;
    rest.iter_mut().zip(b).for_each(|(a, b)| *a &= !b);
    rest
}

pub(in crate::placement) fn count(words: &Words) -> u64 {
    words.iter().map(|word| u64::from(word.count_ones())).fold(0, u64::wrapping_add)
}

pub(in crate::placement) fn is_empty(words: &Words) -> bool {
    words.iter().fold(0, |any, word| any | word) == 0
}

/// The places in a block, from the first.
pub(in crate::placement) fn places(words: &Words) -> impl Iterator<Item = usize> {
    words.iter().zip((0_usize..).step_by(64)).flat_map(|(&word, base)| {
        let mut left = word;
        std::iter::from_fn(move || {
            let bit = usize::try_from(left.trailing_zeros()).ok().filter(|bit| *bit < 64)?;
            left &= left.wrapping_sub(1);
            Some(base.wrapping_add(bit))
        })
    })
}

/// Takes the first place out of a block.
pub(in crate::placement) fn take_first(words: &mut Words) -> Option<usize> {
    for (word, base) in words.iter_mut().zip((0_usize..).step_by(64)) {
        if *word != 0 {
            let bit = usize::try_from(word.trailing_zeros()).ok()?;
            *word &= word.wrapping_sub(1);
            return Some(base.wrapping_add(bit));
        }
    }
    None
}

pub(in crate::placement) fn has(words: &Words, place: usize) -> bool {
    let (word, bit) = bit(place);
    words.get(word).is_some_and(|word| word & bit != 0)
}

/// The word of a place in a block, and its bit there.
pub(in crate::placement) fn bit(place: usize) -> (usize, u64) {
    let bit = u32::try_from(place & 63).unwrap_or(0);
    (place.wrapping_shr(6), 1_u64.wrapping_shl(bit))
}

pub(in crate::placement) fn set(words: &mut Words, place: usize) {
    let (word, bit) = bit(place);
    if let Some(word) = words.get_mut(word) {
        *word |= bit;
    }
}

/// A set of slots of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::placement) struct Bits {
    pub(in crate::placement) blocks: Vec<Words>,
}

impl Bits {
    /// None of so many slots.
    pub(in crate::placement) fn none(slots: usize) -> Self {
        Self { blocks: vec![NONE; slots.div_ceil(BLOCK)] }
    }

    /// All of so many slots, and no bit beyond.
    pub(in crate::placement) fn all(slots: usize) -> Self {
        let mut all = Self { blocks: vec![[u64::MAX; 8]; slots.div_ceil(BLOCK)] };
        if let Some(last) = all.blocks.last_mut() {
            let used = slots.wrapping_sub(1).wrapping_rem(BLOCK).wrapping_add(1);
            for (word, base) in last.iter_mut().zip((0_usize..).step_by(64)) {
                *word = match used.saturating_sub(base) {
                    0 => 0,
                    rest if rest >= 64 => u64::MAX,
                    rest => bit(rest).1.wrapping_sub(1),
                };
            }
        }
        all
    }

    pub(in crate::placement) fn of(slots: usize, members: impl IntoIterator<Item = usize>) -> Self {
        let mut bits = Self::none(slots);
        members.into_iter().for_each(|slot| bits.insert(slot));
        bits
    }

    pub(in crate::placement) fn insert(&mut self, slot: usize) {
        if let Some(block) = self.blocks.get_mut(slot.wrapping_div(BLOCK)) {
            set(block, slot.wrapping_rem(BLOCK));
        }
    }

    pub(in crate::placement) fn contains(&self, slot: usize) -> bool {
        let block = self.blocks.get(slot.wrapping_div(BLOCK));
        block.is_some_and(|block| has(block, slot.wrapping_rem(BLOCK)))
    }

    pub(in crate::placement) fn keep(&mut self, other: &Self) {
        self.blocks.iter_mut().zip(&other.blocks).for_each(|(a, b)| *a = and(a, b));
    }

    pub(in crate::placement) fn add(&mut self, other: &Self) {
        self.blocks.iter_mut().zip(&other.blocks).for_each(|(a, b)| *a = or(a, b));
    }

    /// What is here and not there.
    pub(in crate::placement) fn without(&self, other: &Self) -> Self {
        Self { blocks: self.blocks.iter().zip(&other.blocks).map(|(a, b)| and_not(a, b)).collect() }
    }

    pub(in crate::placement) fn both(&self, other: &Self) -> Self {
        Self { blocks: self.blocks.iter().zip(&other.blocks).map(|(a, b)| and(a, b)).collect() }
    }

    pub(in crate::placement) fn count(&self) -> u64 {
        self.blocks.iter().map(count).fold(0, u64::wrapping_add)
    }

    pub(in crate::placement) fn is_empty(&self) -> bool {
        self.blocks.iter().all(is_empty)
    }

    pub(in crate::placement) fn slots(&self) -> impl Iterator<Item = usize> {
        let each = self.blocks.iter().zip((0_usize..).step_by(BLOCK));
        each.flat_map(|(block, base)| places(block).map(move |place| base.wrapping_add(place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_and_none_of_every_size_around_the_ends_of_words_and_blocks() {
        for slots in [0, 1, 63, 64, 65, 127, 128, 511, 512, 513, 575, 576, 1023, 1024, 1025] {
            let all = Bits::all(slots);
            assert_eq!(all.count(), u64::try_from(slots).unwrap());
            assert_eq!(all.slots().collect::<Vec<_>>(), (0..slots).collect::<Vec<_>>());
            assert!(!all.contains(slots) && Bits::none(slots).is_empty());
            assert_eq!(all, Bits::of(slots, 0..slots));
            assert!(all.without(&all).is_empty() && all.both(&all) == all);
        }
    }
}
