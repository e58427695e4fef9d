use super::{Address, Family, PrefixLen, Range, SplitPlan};
use crate::error::IpamError;
use std::marker::PhantomData;

/// By how many bits the pieces that a minimal split cuts flat are longer than the block they are cut
/// from: 2^diff of them, where the range is not clipped.
///
/// # Units
/// Bits: 1 to 10 in IPv4, 1 to 8 in IPv6 (and in the family of 8 bits).
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Ipv6, MiniSplitDiff};
///
/// assert_eq!(MiniSplitDiff::<Ipv4>::default().get(), 3);
/// assert!(MiniSplitDiff::<Ipv4>::new(10).is_ok());
/// assert_eq!(MiniSplitDiff::<Ipv6>::new(10).unwrap_err().code(), "ipam.mini_split_diff");
/// ```
///
/// # Rule
/// R-I5
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MiniSplitDiff<A> {
    bits: u8,
    of: PhantomData<A>,
}

impl<A: Address> MiniSplitDiff<A> {
    /// The largest of the family.
    pub const LARGEST: u8 = match A::FAMILY {
        Family::Ipv4 => 10,
        Family::Ipv6 | Family::Toy => 8,
    };

    /// A difference.
    ///
    /// # Errors
    /// `ipam.mini_split_diff` outside 1 … [`LARGEST`](Self::LARGEST).
    pub fn new(bits: u8) -> Result<Self, IpamError> {
        if !(1..=Self::LARGEST).contains(&bits) {
            return Err(IpamError::MiniSplitDiff { family: A::FAMILY.name(), diff: bits, limit: Self::LARGEST });
        }
        Ok(Self { bits, of: PhantomData })
    }

    /// The bits.
    pub const fn get(self) -> u8 {
        self.bits
    }

    /// One less, but at least 1: of the second block that is cut.
    fn of_the_next(self) -> Self {
        Self { bits: self.bits.saturating_sub(1).max(1), ..self }
    }
}

/// The portal's, 3: 8 pieces.
impl<A: Address> Default for MiniSplitDiff<A> {
    fn default() -> Self {
        Self { bits: 3, of: PhantomData }
    }
}

impl<A: Address> Range<A> {
    /// Few pieces, some of which have a length, compat: bit for bit what the portal computes.
    ///
    /// The first piece is halved until it is `diff` shorter than the length, and then cut flat. If that
    /// gave fewer than half of the 2^diff pieces, as where the range is clipped, the next piece is halved
    /// and cut likewise, with a difference that is one less. O(pieces), which are at most 2^(diff + 1)
    /// and 2 W.
    ///
    /// It may have no full piece of the length although one would fit; the optimal plan of R-I6 has one.
    ///
    /// # Errors
    /// `ipam.not_longer`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::ipam::{Ipv4, MiniSplitDiff, Range};
    ///
    /// let range: Range<Ipv4> = "10.0.0.0/16".parse()?;
    /// let plan = range.mini_split("24".parse()?, MiniSplitDiff::default())?;
    /// let lengths: Vec<u8> = plan.ranges().iter().map(|range| range.length().get()).collect();
    /// assert_eq!(lengths, [24, 24, 24, 24, 24, 24, 24, 24, 21, 20, 19, 18, 17]);
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    ///
    /// # Rule
    /// R-I5
    pub fn mini_split(self, length: PrefixLen<A>, diff: MiniSplitDiff<A>) -> Result<SplitPlan<A>, IpamError> {
        if length <= self.length() {
            return Err(IpamError::NotLonger {
                range: self.to_string(),
                length: length.get(),
                label: self.length().get(),
            });
        }
        let (mut pieces, mut rest) = cut(self, length, diff)?;
        let few = 1_usize.checked_shl(diff.get().saturating_sub(1).into()).is_some_and(|half| pieces.len() < half);
        if let Some(next) = if few { rest.pop() } else { None } {
            let (flat, more) = cut(next, length, diff.of_the_next())?;
            pieces.extend(flat);
            rest.extend(more);
        }
        pieces.extend(rest.into_iter().rev());
        SplitPlan::conserved(self, pieces)
    }
}

/// The first piece cut flat, in order, and the other halves that are left, from the last to the first.
type Cut<A> = (Vec<Range<A>>, Vec<Range<A>>);

fn cut<A: Address>(range: Range<A>, length: PrefixLen<A>, diff: MiniSplitDiff<A>) -> Result<Cut<A>, IpamError> {
    let (mut first, mut rest) = (range, Vec::new());
    let flat_from = length.get().saturating_sub(diff.get());
    for bits in range.length().get().saturating_add(1)..=flat_from {
        let mut halves = first.split(PrefixLen::new(bits)?)?;
        let (front, back) = (halves.next(), halves.next());
        first = front.unwrap_or(first);
        rest.extend(back);
    }
    Ok((first.split(length)?.collect(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::{Ipv4, Ipv6, Toy};

    fn mini<A: Address>(range: &str, length: u8, diff: u8) -> Vec<Range<A>> {
        let (length, diff) = (PrefixLen::new(length).unwrap(), MiniSplitDiff::new(diff).unwrap());
        range.parse::<Range<A>>().unwrap().mini_split(length, diff).unwrap().into_ranges()
    }

    #[test]
    fn the_figures_of_the_rule() {
        assert_eq!(mini::<Ipv4>("10.0.0.0/16", 24, 3).len(), 13);
        assert_eq!(mini::<Ipv4>("10.0.0.0/8", 24, 3).len(), 21);
        assert_eq!(mini::<Ipv6>("2001::/16", 127, 3).len(), 116);
        assert_eq!(mini::<Ipv4>("0.0.0.0/0", 32, 10).len(), 1024 + 22);
        assert_eq!(mini::<Ipv6>("::/0", 128, 8).len(), 256 + 120);
    }

    #[test]
    fn a_clipped_first_block_has_a_second_one_cut() {
        // The first /21 is one address, which is fewer than 4: the next piece is halved to a /22 and cut.
        let texts: Vec<String> =
            mini::<Ipv4>("10.0.7.255-10.0.63.255/18", 24, 3).iter().map(Range::to_string).collect();
        let expected = [
            "10.0.7.255-10.0.7.255/24",
            "10.0.8.0/24",
            "10.0.9.0/24",
            "10.0.10.0/24",
            "10.0.11.0/24",
            "10.0.12.0/22",
            "10.0.16.0/20",
            "10.0.32.0/19",
        ];
        assert_eq!(texts, expected);
        // 2 of diff 1 are no fewer than 1, and one is neither: no second block.
        let texts: Vec<String> = mini::<Ipv4>("10.0.1.255-10.0.7.255/21", 24, 1).iter().map(Range::to_string).collect();
        assert_eq!(texts, ["10.0.1.255-10.0.1.255/24", "10.0.2.0/23", "10.0.4.0/22"]);
    }

    #[test]
    fn the_length_must_be_longer() {
        let range: Range<Ipv4> = "10.0.0.0/24".parse().unwrap();
        for length in [8, 24] {
            let error = range.mini_split(PrefixLen::new(length).unwrap(), MiniSplitDiff::default()).unwrap_err();
            assert_eq!(error.code(), "ipam.not_longer");
        }
        for diff in [0, 11, 255] {
            assert_eq!(MiniSplitDiff::<Ipv4>::new(diff).unwrap_err().code(), "ipam.mini_split_diff");
        }
        assert_eq!(MiniSplitDiff::<Ipv6>::new(9).unwrap_err().code(), "ipam.mini_split_diff");
    }

    /// The rule word for word, with lists of addresses.
    fn model(first: u8, last: u8, label: u8, length: u8, diff: u8) -> Vec<(u8, u8, u8)> {
        fn split((first, last, _): (u8, u8, u8), length: u8) -> Vec<(u8, u8, u8)> {
            let mut pieces: Vec<(u8, u8, u8)> = Vec::new();
            for address in first..=last {
                let network = |address: u8| u32::from(address) >> (8 - length);
                match pieces.last_mut() {
                    Some((_, last, _)) if network(*last) == network(address) => *last = address,
                    _ => pieces.push((address, address, length)),
                }
            }
            pieces
        }
        fn halve(piece: (u8, u8, u8), length: u8, diff: u8) -> Vec<(u8, u8, u8)> {
            let mut pieces = vec![piece];
            for bits in (piece.2 + 1)..=length.saturating_sub(diff) {
                let first = pieces.remove(0);
                pieces.splice(0..0, split(first, bits));
            }
            pieces
        }
        let mut pieces = halve((first, last, label), length, diff);
        let first = pieces.remove(0);
        let mut flat = split(first, length);
        if flat.len() < 1 << (diff - 1) && !pieces.is_empty() {
            let next = pieces.remove(0);
            let mut halved = halve(next, length, (diff - 1).max(1));
            let first = halved.remove(0);
            flat.extend(split(first, length));
            pieces.splice(0..0, halved);
        }
        flat.extend(pieces);
        flat
    }

    /// Every seventh interval and all those at both ends, with its tightest label and 0, every length and every diff.
    #[test]
    fn mini_splits_of_the_toy_family() {
        for (first, last) in (0..=u8::MAX).flat_map(|first| (first..=u8::MAX).map(move |last| (first, last))) {
            if (u32::from(first) * 256 + u32::from(last)) % 7 != 0 && first != 0 && last != u8::MAX {
                continue;
            }
            let tightest = (first ^ last).leading_zeros() as u8;
            for label in if tightest == 0 { vec![0] } else { vec![tightest, 0] } {
                let range: Range<Toy> = format!("{first}-{last}/{label}").parse().unwrap();
                for length in (label + 1)..=8 {
                    for diff in 1..=8 {
                        let plan = range.mini_split(PrefixLen::new(length).unwrap(), MiniSplitDiff::new(diff).unwrap());
                        let plan = plan.unwrap().into_ranges().into_iter();
                        let ends = plan.map(|piece| (piece.first().get(), piece.last().get(), piece.length().get()));
                        assert_eq!(
                            ends.collect::<Vec<_>>(),
                            model(first, last, label, length, diff),
                            "{range} {length} {diff}"
                        );
                    }
                }
            }
        }
    }
}
