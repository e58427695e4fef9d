//! Which of the nodes of a block have how much: the same answer by each of several ways.

use crate::placement::snapshot::bits::{BLOCK, NONE, Words, bit, or, set};

/// The way in which what is free is compared with what is asked for. All of them give the same answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[doc(hidden)]
pub enum Path {
    /// The one that is best for the number of requests.
    #[default]
    Fastest,
    /// Each node is ranked among all requests, and each request is the one above it and the nodes between them.
    Ranked,
    /// All levels against one request, in 32-bit lanes where they are exact, else in 64-bit ones.
    Lanes32,
    /// All levels against one request, in 64-bit lanes.
    Lanes64,
    /// One node after another.
    PerNode,
}

/// From so many requests on, ranking is faster than comparing.
const WORTH_RANKING: usize = 6;

impl Path {
    pub(in crate::placement) const fn ranks(self, requests: usize) -> bool {
        matches!(self, Self::Ranked) || matches!(self, Self::Fastest) && requests >= WORTH_RANKING
    }
}

/// The distinct requests of a lane in order, and where to look for a level among them.
#[derive(Debug, Clone, Default)]
pub(in crate::placement) struct Ladder {
    requests: Vec<i64>,
    /// The span of the requests, cut into equal pieces: how many requests are before each piece.
    starts: Vec<usize>,
    shift: u32,
}

/// So many pieces a request.
const PIECES: u64 = 2;

impl Ladder {
    pub(in crate::placement) fn new(mut requests: Vec<i64>) -> Self {
        requests.sort_unstable();
        requests.dedup();
        let mut ladder = Self { requests, starts: Vec::new(), shift: 0 };
        let (Some(&least), Some(&most)) = (ladder.requests.first(), ladder.requests.last()) else { return ladder };
        let span = most.abs_diff(least);
        let pieces = u64::try_from(ladder.requests.len()).unwrap_or(u64::MAX).saturating_mul(PIECES);
        while span.wrapping_shr(ladder.shift) >= pieces {
            ladder.shift = ladder.shift.saturating_add(1);
        }
        let mut starts = Vec::new();
        for (before, request) in ladder.requests.iter().enumerate() {
            let piece = usize::try_from(request.abs_diff(least).wrapping_shr(ladder.shift)).unwrap_or(usize::MAX);
            while starts.len() <= piece {
                starts.push(before);
            }
        }
        starts.push(ladder.requests.len());
        ladder.starts = starts;
        ladder
    }

    pub(in crate::placement) fn requests(&self) -> &[i64] {
        &self.requests
    }

    /// How many of the requests a level reaches.
    pub(in crate::placement) fn rank(&self, level: i64) -> usize {
        let Some(&least) = self.requests.first() else { return 0 };
        if level < least {
            return 0;
        }
        let piece = usize::try_from(level.abs_diff(least).wrapping_shr(self.shift)).unwrap_or(usize::MAX);
        let (Some(&from), Some(&to)) = (self.starts.get(piece), self.starts.get(piece.wrapping_add(1))) else {
            return self.requests.len();
        };
        let there = self.requests.get(from..to).unwrap_or_default();
        from.wrapping_add(there.partition_point(|request| *request <= level))
    }

    pub(in crate::placement) fn ranks(&self, levels: &[i64; BLOCK], ranks: &mut [usize; BLOCK]) {
        ranks.iter_mut().zip(levels).for_each(|(rank, level)| *rank = self.rank(*level));
    }
}

/// For each request the nodes that reach it, from the ranks of the nodes.
pub(in crate::placement) fn spread(ranks: &[usize], into: &mut [Words]) {
    into.fill(NONE);
    for (place, rank) in ranks.iter().enumerate() {
        if let Some(words) = rank.checked_sub(1).and_then(|last| into.get_mut(last)) {
            set(words, place);
        }
    }
    // What reaches a request reaches all below it.
    let mut above = NONE;
    for words in into.iter_mut().rev() {
        above = or(&above, words);
        *words = above;
    }
}

/// For each request the nodes that reach it, by comparing.
pub(in crate::placement) fn compare(path: Path, levels: &[i64; BLOCK], requests: &[i64], into: &mut [Words]) {
    match (path, Scale::of(requests)) {
        (Path::PerNode, _) => per_node(levels, requests, into),
        (Path::Lanes32, Some(scale)) => {
            let narrow = levels.map(|level| scale.level(level));
            for (request, words) in requests.iter().zip(into) {
                let request = scale.level(*request);
                *words = packed(&narrow, |level| u8::from(level >= request));
            }
        }
        _ => {
            for (request, words) in requests.iter().zip(into) {
                // No request is below zero, so a level is below it where it is itself below zero or the difference is; and a
                // sign can be had of two 64-bit lanes at once, where a comparison can not.
                let below = |level: i64| (level | level.wrapping_sub(*request)).cast_unsigned().wrapping_shr(63);
                *words = packed(levels, |level| {
                    let [below, ..] = below(level).to_le_bytes();
                    below ^ 1
                });
            }
        }
    }
}

fn per_node(levels: &[i64; BLOCK], requests: &[i64], into: &mut [Words]) {
    into.fill(NONE);
    for (place, level) in levels.iter().enumerate() {
        let (word, bit) = bit(place);
        let reached = requests.iter().zip(into.iter_mut()).take_while(|(request, _)| *request <= level);
        for (_, words) in reached {
            if let Some(word) = words.get_mut(word) {
                *word |= bit;
            }
        }
    }
}

/// A bit for each node: a byte first, 0 or 1, as vectors compare, and eight of them packed then.
fn packed<T: Copy>(levels: &[T; BLOCK], is_reached: impl Fn(T) -> u8) -> Words {
    let mut reached = [0_u8; BLOCK];
    reached.iter_mut().zip(levels).for_each(|(reached, level)| *reached = is_reached(*level));
    let mut words = NONE;
    let (eights, _) = reached.as_chunks::<8>();
    let (bytes, _) = eights.as_chunks::<8>();
    for (word, eights) in words.iter_mut().zip(bytes) {
        let mut packed = [0_u8; 8];
        for (byte, eight) in packed.iter_mut().zip(eights) {
            // The product has the eight side by side in its highest byte.
            let [.., highest] = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080).to_le_bytes();
            *byte = highest;
        }
        *word = u64::from_le_bytes(packed);
    }
    words
}

/// A power of two by which all requests of a lane can be divided, and then fit 32 bits.
///
/// ⌊free ÷ g⌋ ≥ request ÷ g says the same as free ≥ request where g divides the request; and a level beyond 32 bits is
/// above or below all of the requests, and so are the ends of 32 bits.
#[derive(Debug, Clone, Copy)]
struct Scale {
    shift: u32,
}

impl Scale {
    fn of(requests: &[i64]) -> Option<Self> {
        let shift = requests.iter().map(|request| request.trailing_zeros()).min()?.min(62);
        let largest = requests.iter().max()?.wrapping_shr(shift);
        i32::try_from(largest).is_ok().then_some(Self { shift })
    }

    fn level(self, level: i64) -> i32 {
        let scaled = level.wrapping_shr(self.shift);
        i32::try_from(scaled.clamp(i64::from(i32::MIN), i64::from(i32::MAX))).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All ways against a plain comparison, at all the ends of numbers.
    #[test]
    fn all_ways_agree_at_the_ends_of_32_and_64_bits() {
        let ends: Vec<i64> = [0, 20, 31, 32, 40, 62]
            .into_iter()
            .flat_map(|bits| [(1_i64 << bits) - 1, 1 << bits, (1 << bits) + 1])
            .chain([i64::MAX - 1, i64::MAX])
            .filter(|amount| *amount > 0)
            .collect();
        let levels: Vec<i64> = ends.iter().flat_map(|end| [*end, -*end, *end - 1]).chain([0, i64::MIN]).collect();
        let mut block = [0; BLOCK];
        for (place, level) in block.iter_mut().enumerate() {
            *level = levels[place % levels.len()];
        }
        let narrow: Vec<i64> = vec![1 << 20, 3 << 20, 1 << 40, 0x7fff_ffff << 20];
        let mut sets = vec![ends.clone(), narrow, vec![0x7fff_ffff], vec![0x8000_0000], vec![1 << 62]];
        sets.extend(ends.iter().map(|end| vec![*end]));
        for mut requests in sets {
            requests.sort_unstable();
            requests.dedup();
            let expected: Vec<Words> = requests
                .iter()
                .map(|request| {
                    let mut words = NONE;
                    (0..BLOCK).filter(|place| block[*place] >= *request).for_each(|place| set(&mut words, place));
                    words
                })
                .collect();
            for path in [Path::Lanes32, Path::Lanes64, Path::PerNode, Path::Fastest] {
                let mut words = vec![[7; 8]; requests.len()];
                compare(path, &block, &requests, &mut words);
                assert_eq!(words, expected, "{path:?} {requests:?}");
            }
            let (mut ranks, mut words) = ([0; BLOCK], vec![[7; 8]; requests.len()]);
            let ladder = Ladder::new(requests.iter().rev().chain(&requests).copied().collect());
            assert_eq!(ladder.requests(), requests);
            ladder.ranks(&block, &mut ranks);
            spread(&ranks, &mut words);
            assert_eq!(words, expected, "ranked {requests:?}");
        }
    }

    #[test]
    fn thirty_two_bits_are_taken_where_they_are_exact_and_nowhere_else() {
        let shift = |requests: &[i64]| Scale::of(requests).map(|scale| scale.shift);
        assert_eq!(shift(&[1, 0x7fff_ffff]), Some(0));
        assert_eq!(shift(&[1, 0x8000_0000]), None);
        assert_eq!(shift(&[2, 0x8000_0000]), Some(1));
        assert_eq!(shift(&[1 << 20, 0x7fff_ffff << 20]), Some(20));
        assert_eq!(shift(&[1 << 20, (0x7fff_ffff << 20) + 1]), None);
        assert_eq!(shift(&[1 << 62]), Some(62));
    }
}
