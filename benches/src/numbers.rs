//! Numbers without a pattern, the same in every run, and prefixes and ranges of them.

use counterfoil::{
    error::Error,
    ipam::{Interval, Ipv4, Prefix, PrefixLen},
};

/// How many of 1,000 announced prefixes have each length from 13 on.
pub const LENGTHS: [usize; 20] = [25, 30, 40, 65, 35, 40, 55, 65, 75, 205, 130, 205, 4, 4, 4, 4, 4, 4, 3, 3];

/// A source of numbers.
pub struct Numbers(u64);

impl From<u64> for Numbers {
    /// The numbers that follow this one; 0 is followed by itself for ever.
    fn from(seed: u64) -> Self {
        Self(seed)
    }
}

impl Numbers {
    /// The next one.
    pub fn word(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u32
    }

    /// The next one below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.word() as usize % bound
    }

    /// So many prefixes of these lengths.
    ///
    /// # Errors
    /// Where a length is over 32.
    pub fn prefixes(&mut self, count: usize, lengths: &[u8]) -> Result<Vec<Prefix<Ipv4>>, Error> {
        let mut prefix = || {
            let length = lengths.get(self.below(lengths.len())).copied().unwrap_or(24);
            Ok(Prefix::containing(Ipv4::new(self.word()), PrefixLen::new(length)?))
        };
        (0..count).map(|_| prefix()).collect()
    }

    /// So many ranges, each of up to `longest` addresses.
    ///
    /// # Errors
    /// None: no range ends before it begins.
    pub fn ranges(&mut self, count: usize, longest: usize) -> Result<Vec<Interval<Ipv4>>, Error> {
        let mut range = || {
            let first = self.word();
            let last = first.saturating_add(self.below(longest) as u32);
            Ok(Interval::new(Ipv4::new(first), Ipv4::new(last))?)
        };
        (0..count).map(|_| range()).collect()
    }
}

/// A thousand lengths, as often as [`LENGTHS`] says.
pub fn usual_lengths() -> Vec<u8> {
    (13..).zip(LENGTHS).flat_map(|(length, count)| std::iter::repeat_n(length, count)).collect()
}
