//! Which of the nodes of a block have how much: the same answer by each of several ways.

use super::super::bits::{BLOCK, NONE, Words, bit, or, set};

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
    pub(super) const fn ranks(self, requests: usize) -> bool {
        matches!(self, Self::Ranked) || matches!(self, Self::Fastest) && requests >= WORTH_RANKING
    }
}

/// How many of the requests each level reaches; the requests are in order, from the least.
pub(super) fn rank(levels: &[i64], requests: &[i64], ranks: &mut [usize]) {
    for (rank, level) in ranks.iter_mut().zip(levels) {
        *rank = requests.partition_point(|request| request <= level);
    }
}

/// For each request the nodes that reach it, from the ranks of the nodes.
pub(super) fn spread(ranks: &[usize], into: &mut [Words]) {
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
pub(super) fn compare(path: Path, levels: &[i64; BLOCK], requests: &[i64], into: &mut [Words]) {
    match (path, Scale::of(requests)) {
        (Path::PerNode, _) => per_node(levels, requests, into),
        (Path::Lanes32, Some(scale)) => {
            let narrow = levels.map(|level| scale.level(level));
            for (request, words) in requests.iter().zip(into) {
                *words = reached(&narrow, scale.level(*request));
            }
        }
        _ => {
            for (request, words) in requests.iter().zip(into) {
                *words = reached(levels, *request);
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

/// One request against a block: a byte for each node first, as vectors compare, and then a bit.
fn reached<T: PartialOrd + Copy>(levels: &[T; BLOCK], request: T) -> Words {
    let mut reached = [0_u8; BLOCK];
    reached.iter_mut().zip(levels).for_each(|(reached, level)| *reached = u8::from(*level >= request));
    let mut words = NONE;
    let (eights, _) = reached.as_chunks::<8>();
    let (bytes, _) = eights.as_chunks::<8>();
    for (word, eights) in words.iter_mut().zip(bytes) {
        let mut packed = [0_u8; 8];
        for (byte, eight) in packed.iter_mut().zip(eights) {
            // Each byte is 0 or 1; the product has them side by side in its highest byte.
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
            rank(&block, &requests, &mut ranks);
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
