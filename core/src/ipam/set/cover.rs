//! The union of very many prefixes of short addresses, without sorting them.

use super::IpSet;
use crate::ipam::{Address, Interval, Prefix};

/// From how many prefixes on a bitmap of all networks is worth its while.
const FEWEST: usize = 1 << 17;

/// The longest prefixes that have a bit; the bitmap has twice as many bits as there are networks of this length.
const LONGEST: u8 = 24;

/// The set of prefixes.
pub(super) fn union<A: Address>(prefixes: &[Prefix<A>]) -> IpSet<A> {
    if A::WIDTH <= 32 && prefixes.len() >= FEWEST && !prefixes.is_sorted() {
        // What has no bit of its own is sorted all the same.
        let sorted = prefixes.iter().filter(|prefix| prefix.length().get() > LONGEST).count();
        if sorted < prefixes.len() / 8 {
            return union_by_bits(prefixes);
        }
    }
    IpSet::of(prefixes.iter().copied().map(Prefix::interval).collect())
}

/// Marks the network of each prefix in a tree of bits, then all networks below a marked one, and reads off the runs
/// of marked networks of the last level.
fn union_by_bits<A: Address>(prefixes: &[Prefix<A>]) -> IpSet<A> {
    let levels = A::WIDTH.min(LONGEST);
    let mut marks = Marks::of(levels);
    let mut longer: Vec<Interval<A>> = Vec::new();
    for prefix in prefixes {
        if prefix.length().get() <= levels {
            marks.mark(node(*prefix));
        } else {
            longer.push(prefix.interval());
        }
    }
    marks.spread();
    let intervals = marks.runs(A::WIDTH.saturating_sub(levels));
    let set = IpSet { intervals };
    if longer.is_empty() { set } else { set.union(&IpSet::of(longer)) }
}

/// The place of a network in the tree: the root has 1, and the halves of n have 2n and 2n + 1.
fn node<A: Address>(prefix: Prefix<A>) -> u64 {
    let bits = u64::try_from(prefix.first().to_bits()).unwrap_or(0);
    let root = 1_u64.wrapping_shl(A::WIDTH.into());
    (root | bits).wrapping_shr(prefix.length().host_bits().into())
}

/// A bit for each node of a tree.
struct Marks {
    words: Vec<u64>,
}

impl Marks {
    /// None is marked, down to a level of at least 6.
    fn of(levels: u8) -> Self {
        // A level has as many nodes as all above it and one.
        Self { words: vec![0; 1_usize.wrapping_shl(u32::from(levels).saturating_sub(5))] }
    }

    fn mark(&mut self, node: u64) {
        if let Some(word) = usize::try_from(node.wrapping_shr(6)).ok().and_then(|place| self.words.get_mut(place)) {
            *word |= 1_u64.wrapping_shl(u32::try_from(node & 63).unwrap_or(0));
        }
    }

    /// Marks all that is below what is marked.
    fn spread(&mut self) {
        // The nodes below 32 have their halves in the same word.
        if let Some(word) = self.words.first_mut() {
            for node in 1..32_u32 {
                *word |= (word.wrapping_shr(node) & 1).wrapping_mul(0b11).wrapping_shl(node.wrapping_mul(2));
            }
        }
        let last_level = self.words.len().wrapping_shr(1);
        for place in 0..last_level {
            let Some((above, below)) = self.words.split_at_mut_checked(place.saturating_add(1)) else { return };
            let word = above.last().copied().unwrap_or(0);
            // Below the word n are the words 2n and 2n + 1, of which the word 0 is below itself.
            if word == 0 {
                continue;
            }
            let halves = match place.checked_sub(1) {
                Some(skipped) => below.get_mut(skipped..).and_then(|below| below.first_chunk_mut::<2>()),
                None => None,
            };
            if let Some([low, high]) = halves {
                *low |= doubled(word & u64::from(u32::MAX));
                *high |= doubled(word.wrapping_shr(32));
            } else if let Some(high) = below.first_mut() {
                *high |= doubled(word.wrapping_shr(32));
            }
        }
    }

    /// The runs of marked nodes of the last level, each of which is a network of so many host bits.
    fn runs<A: Address>(&self, host_bits: u8) -> Vec<Interval<A>> {
        let address = |node: u64| A::from_bits(u128::from(node.wrapping_shl(host_bits.into()))).unwrap_or(A::LAST);
        let mut runs = Vec::new();
        let mut since: Option<u64> = None;
        let mut here = 0_u64;
        for word in self.words.iter().skip(self.words.len().wrapping_shr(1)) {
            let mut left = *word;
            let mut at = 0_u32;
            // Each step goes to the next node that is unlike the one before.
            loop {
                let alike = if since.is_some() { left.trailing_ones() } else { left.trailing_zeros() };
                at = at.saturating_add(alike);
                if at >= u64::BITS {
                    break;
                }
                left = left.wrapping_shr(alike);
                let edge = here.saturating_add(at.into());
                since = match since {
                    None => Some(edge),
                    Some(first) => {
                        runs.push(Interval::ordered(address(first), address(edge).previous().unwrap_or(A::FIRST)));
                        None
                    }
                };
            }
            here = here.saturating_add(u64::BITS.into());
        }
        runs.extend(since.map(|first| Interval::ordered(address(first), A::LAST)));
        runs
    }
}

/// Each of the low 32 bits twice.
fn doubled(bits: u64) -> u64 {
    let apart = [
        (16, 0x0000_ffff_0000_ffff),
        (8, 0x00ff_00ff_00ff_00ff),
        (4, 0x0f0f_0f0f_0f0f_0f0f),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ];
    let apart = apart.into_iter().fold(bits, |bits, (by, mask)| (bits | bits.wrapping_shl(by)) & mask);
    apart | apart.wrapping_shl(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::{Ipv4, PrefixLen, Toy};

    fn both_agree<A: Address>(prefixes: &[Prefix<A>]) {
        let sorted: IpSet<A> = IpSet::of(prefixes.iter().map(|prefix| prefix.interval()).collect());
        assert_eq!(union_by_bits(prefixes), sorted);
    }

    fn prefixes<A: Address>(seed: u64, count: usize, lengths: std::ops::RangeInclusive<u8>) -> Vec<Prefix<A>> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        let span = u64::from(lengths.end() - lengths.start()) + 1;
        let mut prefix = || {
            let length = PrefixLen::new(lengths.start() + (next() % span) as u8).unwrap();
            let bits = u128::from(next() << 33 ^ next() << 8) >> 2 & A::LAST.to_bits();
            Prefix::containing(A::from_bits(bits).unwrap(), length)
        };
        (0..count).map(|_| prefix()).collect()
    }

    #[test]
    fn bits_and_sorting_agree() {
        for seed in 0..400 {
            for (count, lengths) in [(1, 0..=8), (5, 2..=8), (20, 5..=8), (60, 6..=8), (200, 8..=8)] {
                both_agree::<Toy>(&prefixes(seed, count, lengths));
            }
        }
        for length in 0..=8 {
            let length = PrefixLen::new(length).unwrap();
            (0..=255).for_each(|address| both_agree(&[Prefix::containing(Toy::new(address), length)]));
        }
        both_agree::<Toy>(&[]);
        for (seed, lengths) in [(1, 0..=32), (2, 8..=24), (3, 20..=32), (4, 24..=24), (5, 25..=32)] {
            both_agree::<Ipv4>(&prefixes(seed, 3_000, lengths));
        }
        let ends = ["0.0.0.0/24", "0.0.0.0/32", "255.255.255.0/24", "255.255.255.255/32", "128.0.0.0/1", "0.0.1.0/25"];
        for end in ends {
            both_agree::<Ipv4>(&[end.parse().unwrap()]);
        }
        both_agree::<Ipv4>(&ends.map(|end| end.parse().unwrap()));
    }

    #[test]
    fn as_many_as_are_worth_a_bitmap() {
        let many: Vec<Prefix<Ipv4>> = prefixes(9, FEWEST, 10..=24);
        let set = many.iter().copied().collect::<IpSet<Ipv4>>();
        assert_eq!(set, IpSet::of(many.iter().map(|prefix| prefix.interval()).collect()));
    }
}
