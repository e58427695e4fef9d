//! In which order the numbers of a field are given away, so that it can grow (RFC 3531).
//!
//! The field is some bits of an address, as the 16 between a /48 and its /64. Whoever does not know yet
//! where the field will end gives its numbers away in an order that leaves the bits at that border zero
//! for as long as possible.
//!
//! # How the construction was checked
//!
//! The RFC defines the orders by bits. Leftmost (3.1) is mirrored counting and rightmost (3.2) is
//! counting, so both are one permutation of the bits of a counter. Centermost (3.3) is defined in
//! rounds: the first has the middle bit only, which is the one after the middle of an even number of
//! bits; all combinations of the chosen bits that are not there yet are made; each further round
//! adds a bit, the one before the chosen ones in even rounds and the one after them in odd rounds. That
//! fixes which numbers a round has, and not in which order. Two ways are in use, and both are here:
//!
//! * [`Order::Centermost`] counts on in the bits as they were chosen, as the other two orders do: the
//!   counter's lowest bit is the first chosen. Of 8 bits: 0, 8, 16, 24, 4, 12, 20, 28, **32, 40**, 48, …
//! * [`Order::CentermostAscending`] makes the numbers of each round in ascending order:
//!   0, 8, 16, 24, 4, 12, 20, 28, **32, 36**, 40, …
//!
//! They agree on the first eight numbers, and on which numbers come within each round. The tests hold both
//! to the definition, written out literally as rounds over sets of bits, for every field of up to 12
//! bits, and [`Sequence::rank`] to [`Sequence::value`] for every width up to 128.

use super::Size;
use crate::error::IpamError;
use std::{fmt, iter::FusedIterator, str::FromStr};

/// The widest field, that of a whole IPv6 address.
const WIDEST: u8 = 128;

/// An order of RFC 3531.
///
/// # Rule
/// R-I7, RFC 3531
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Order {
    /// Mirrored counting: 0, 128, 64, 192, 32, … of 8 bits. The right border may move.
    Leftmost,
    /// Counting: 0, 1, 2, … The left border may move.
    Rightmost,
    /// From the middle bit to both sides, counting on in the bits as they are chosen. Both borders may move.
    Centermost,
    /// From the middle bit to both sides, the numbers of each round in ascending order.
    CentermostAscending,
}

impl Order {
    /// Every order.
    pub const ALL: [Self; 4] = [Self::Leftmost, Self::Rightmost, Self::Centermost, Self::CentermostAscending];

    /// Its name, as `leftmost`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Leftmost => "leftmost",
            Self::Rightmost => "rightmost",
            Self::Centermost => "centermost",
            Self::CentermostAscending => "centermost_ascending",
        }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Order {
    type Err = IpamError;

    /// # Errors
    /// `ipam.unknown_word`.
    fn from_str(text: &str) -> Result<Self, IpamError> {
        Self::ALL.into_iter().find(|order| order.name() == text).ok_or_else(|| IpamError::UnknownWord {
            what: "order",
            text: text.to_owned(),
            known: "leftmost, rightmost, centermost, centermost_ascending",
        })
    }
}

/// The numbers of a field in an order. Lazy: a number by its place, and the place of a number, cost
/// O(bits) each.
///
/// # Examples
/// ```
/// use counterfoil::ipam::rfc3531::{Order, Sequence};
///
/// let first = |order, bits| -> Result<Vec<u128>, counterfoil::error::IpamError> {
///     Ok(Sequence::new(order, bits)?.iter().take(10).collect())
/// };
/// assert_eq!(first(Order::Leftmost, 4)?, [0, 8, 4, 12, 2, 10, 6, 14, 1, 9]);
/// assert_eq!(first(Order::Rightmost, 4)?, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
/// assert_eq!(first(Order::Centermost, 8)?, [0, 8, 16, 24, 4, 12, 20, 28, 32, 40]);
/// assert_eq!(first(Order::CentermostAscending, 8)?, [0, 8, 16, 24, 4, 12, 20, 28, 32, 36]);
///
/// let wide = Sequence::new(Order::Leftmost, 64)?;
/// assert_eq!(wide.count().to_string(), "18446744073709551616");
/// assert_eq!(wide.value(1 << 63), Some(1));
/// assert_eq!(wide.rank(1), Some(1 << 63));
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I7, RFC 3531
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequence {
    order: Order,
    bits: u8,
}

impl Sequence {
    /// The numbers of a field of so many bits; of 0 bits there is one number, 0.
    ///
    /// # Errors
    /// `ipam.field_too_wide` above 128 bits.
    pub fn new(order: Order, bits: u8) -> Result<Self, IpamError> {
        if bits > WIDEST {
            return Err(IpamError::FieldTooWide { bits, widest: WIDEST });
        }
        Ok(Self { order, bits })
    }

    /// The order.
    pub fn order(self) -> Order {
        self.order
    }

    /// The bits of the field.
    pub fn bits(self) -> u8 {
        self.bits
    }

    /// How many numbers there are: 2^bits.
    pub fn count(self) -> Size {
        Size::power_of_two(self.bits)
    }

    /// The number at a place, from 0.
    pub fn value(self, rank: u128) -> Option<u128> {
        if rank & !ones(self.bits) != 0 {
            return None;
        }
        if self.order == Order::CentermostAscending {
            return Some(self.ascending_value(rank));
        }
        Some(
            (0..self.bits)
                .filter(|place| is_set(rank, *place))
                .fold(0, |value, place| value | bit(self.position(place))),
        )
    }

    /// The place of a number, from 0.
    pub fn rank(self, value: u128) -> Option<u128> {
        if value & !ones(self.bits) != 0 {
            return None;
        }
        if self.order == Order::CentermostAscending {
            return Some(self.ascending_rank(value));
        }
        Some(
            (0..self.bits)
                .filter(|place| is_set(value, self.position(*place)))
                .fold(0, |rank, place| rank | bit(place)),
        )
    }

    /// The numbers, one after the other.
    pub fn iter(self) -> Numbers {
        self.starting_at(0)
    }

    /// The numbers from a place on. O(1).
    pub fn starting_at(self, rank: u128) -> Numbers {
        Numbers { of: self, next: Some(rank) }
    }

    /// The earliest number between two, both included.
    pub(super) fn earliest(self, low: u128, high: u128) -> Option<u128> {
        let high = high.min(ones(self.bits));
        if low > high {
            return None;
        }
        match self.order {
            Order::CentermostAscending => self.earliest_ascending(low, high),
            _ => self.earliest_counted(low, high),
        }
    }

    /// The bit of the field that a bit of the counter is. Only of the orders that count.
    fn position(self, place: u8) -> u8 {
        match self.order {
            Order::Leftmost => self.bits.saturating_sub(1).saturating_sub(place),
            Order::Rightmost => place,
            Order::Centermost | Order::CentermostAscending if place % 2 == 1 => {
                self.middle().saturating_add(place.div_ceil(2))
            }
            Order::Centermost | Order::CentermostAscending => self.middle().saturating_sub(place / 2),
        }
    }

    /// The bit that the first round has.
    fn middle(self) -> u8 {
        self.bits.saturating_sub(1) / 2
    }

    /// The lowest bit that is chosen in a round, from 1.
    fn lowest_in(self, round: u8) -> u8 {
        self.middle().saturating_sub(round.saturating_sub(1) / 2)
    }

    fn ascending_value(self, rank: u128) -> u128 {
        let round = length(rank);
        let lowest = u32::from(self.lowest_in(round));
        // A round that adds a bit at the right has the odd numbers of its bits, the others the upper half.
        let chosen = if round % 2 == 1 { (rank << 1 | 1) & ones(round) } else { rank };
        chosen.checked_shl(lowest).unwrap_or(0)
    }

    fn ascending_rank(self, value: u128) -> u128 {
        let within = |round: &u8| {
            let lowest = self.lowest_in(*round);
            value & !ones(lowest.saturating_add(*round)) == 0 && value & ones(lowest) == 0
        };
        let Some(round) = (1..=self.bits).find(within).filter(|_| value != 0) else { return 0 };
        let chosen = value.checked_shr(self.lowest_in(round).into()).unwrap_or(0);
        if round % 2 == 1 { chosen >> 1 | bit(round.saturating_sub(1)) } else { chosen }
    }

    /// Decides the counter's bits from the highest down, each 0 where a number between `low` and `high`
    /// is left. What is decided is always the upper and the lower end of the field.
    fn earliest_counted(self, low: u128, high: u128) -> Option<u128> {
        let mut fixed = Fixed { value: 0, upper: self.bits, lower: 0 };
        fixed.first_between(low, high)?;
        for place in (0..self.bits).rev() {
            let position = self.position(place);
            let zero = fixed.with(position, 0);
            fixed = match zero.first_between(low, high) {
                Some(_) => zero,
                None => fixed.with(position, bit(position)),
            };
        }
        Some(fixed.value)
    }

    fn earliest_ascending(self, low: u128, high: u128) -> Option<u128> {
        if low == 0 {
            return Some(0);
        }
        (1..=self.bits).find_map(|round| {
            let lowest = self.lowest_in(round);
            let above = lowest.saturating_add(round);
            let new = if round % 2 == 1 { lowest } else { above.saturating_sub(1) };
            // At the right the new bit ends what is decided below, at the left what is decided above.
            let fixed = if round % 2 == 1 {
                Fixed { value: bit(new), upper: above, lower: new.saturating_add(1) }
            } else {
                Fixed { value: bit(new), upper: new, lower: lowest }
            };
            fixed.first_between(low, high)
        })
    }
}

/// Numbers of which the bits from `upper` on and those below `lower` are decided.
#[derive(Clone, Copy)]
struct Fixed {
    value: u128,
    upper: u8,
    lower: u8,
}

impl Fixed {
    fn with(self, position: u8, bit: u128) -> Self {
        let value = self.value | bit;
        if position.saturating_add(1) == self.upper {
            return Self { value, upper: position, ..self };
        }
        Self { value, lower: position.saturating_add(1), ..self }
    }

    /// The smallest such number between two.
    fn first_between(self, low: u128, high: u128) -> Option<u128> {
        let least = (self.value & !ones(self.upper)).max(low);
        let most = (self.value | ones(self.upper)).min(high);
        let step = self.value.wrapping_sub(least) & ones(self.lower);
        least.checked_add(step).filter(|first| *first <= most)
    }
}

/// The numbers of a [`Sequence`], one after the other.
#[derive(Debug, Clone)]
pub struct Numbers {
    of: Sequence,
    next: Option<u128>,
}

impl Iterator for Numbers {
    type Item = u128;

    fn next(&mut self) -> Option<u128> {
        let rank = self.next?;
        self.next = rank.checked_add(1);
        self.of.value(rank)
    }

    fn nth(&mut self, count: usize) -> Option<u128> {
        let count = u128::try_from(count).unwrap_or(u128::MAX);
        self.next = self.next.and_then(|next| next.checked_add(count));
        self.next()
    }
}

impl FusedIterator for Numbers {}

fn bit(position: u8) -> u128 {
    1_u128.checked_shl(position.into()).unwrap_or(0)
}

/// So many ones at the right end.
fn ones(bits: u8) -> u128 {
    bit(bits).wrapping_sub(1)
}

fn is_set(value: u128, position: u8) -> bool {
    value & bit(position) != 0
}

/// The bits that a number takes; 0 of 0.
fn length(value: u128) -> u8 {
    u8::try_from(u128::BITS.saturating_sub(value.leading_zeros())).unwrap_or(WIDEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn numbers(order: Order, bits: u8) -> Vec<u128> {
        Sequence::new(order, bits).unwrap().iter().collect()
    }

    /// Section 3.3, literally: which bits are chosen in which round, and the combinations that are new.
    fn rounds(bits: u8) -> Vec<BTreeSet<u128>> {
        // Bits are named as they stand, the first at the left.
        let mut first = if bits.is_multiple_of(2) { bits / 2 + 1 } else { bits.div_ceil(2) };
        let mut last = first;
        let mut made = BTreeSet::from([0]);
        let mut rounds = vec![made.clone()];
        for round in 1..=bits {
            if round > 1 && round.is_multiple_of(2) {
                first -= 1;
            } else if round > 1 {
                last += 1;
            }
            let chosen: Vec<u8> = (first..=last).collect();
            let mut new = BTreeSet::new();
            for combination in 0..1_u32 << chosen.len() {
                let set = chosen.iter().enumerate().filter(|(place, _)| combination >> place & 1 == 1);
                new.insert(set.map(|(_, named)| 1_u128 << (bits - named)).sum::<u128>());
            }
            rounds.push(new.difference(&made).copied().collect());
            made.extend(&new);
        }
        rounds
    }

    #[test]
    fn centermost_is_the_definition() {
        for bits in 1..=12 {
            let rounds = rounds(bits);
            for order in [Order::Centermost, Order::CentermostAscending] {
                let mut numbers = numbers(order, bits).into_iter();
                for round in &rounds {
                    let made: Vec<u128> = numbers.by_ref().take(round.len()).collect();
                    assert_eq!(made.iter().copied().collect::<BTreeSet<u128>>(), *round, "{order} of {bits}");
                    assert!(order == Order::Centermost || made.is_sorted());
                }
                assert_eq!(numbers.next(), None);
            }
        }
    }

    /// The lowest bit of the counter is the bit that was chosen first, and so on.
    #[test]
    fn centermost_counts_in_the_bits_as_they_are_chosen() {
        for bits in 1..=12 {
            let new_in: Vec<u128> =
                rounds(bits).iter().skip(1).map(|round| round.iter().copied().min().unwrap()).collect();
            for (rank, number) in (0_usize..).zip(numbers(Order::Centermost, bits)) {
                let chosen = new_in.iter().enumerate().filter(|(place, _)| rank >> place & 1 == 1);
                assert_eq!(number, chosen.map(|(_, bit)| bit).sum::<u128>());
            }
        }
    }

    #[test]
    fn leftmost_is_mirrored_and_rightmost_is_counting() {
        for bits in 1..=12_u32 {
            let field = u8::try_from(bits).unwrap();
            for (rank, number) in (0_u128..).zip(numbers(Order::Leftmost, field)) {
                assert_eq!(number, rank.reverse_bits() >> (128 - bits));
            }
            assert!(numbers(Order::Rightmost, field).into_iter().eq(0..1 << bits));
        }
    }

    #[test]
    fn figures() {
        assert_eq!(numbers(Order::Leftmost, 4), [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15]);
        let of_eight = |order| numbers(order, 8)[..16].to_vec();
        assert_eq!(of_eight(Order::Centermost), [0, 8, 16, 24, 4, 12, 20, 28, 32, 40, 48, 56, 36, 44, 52, 60]);
        assert_eq!(of_eight(Order::CentermostAscending), [0, 8, 16, 24, 4, 12, 20, 28, 32, 36, 40, 44, 48, 52, 56, 60]);
        // An odd number of bits has a middle.
        assert_eq!(numbers(Order::CentermostAscending, 5)[..8], [0, 4, 8, 12, 2, 6, 10, 14]);
    }

    #[test]
    fn every_number_once_and_back() {
        for order in Order::ALL {
            for bits in 0..=10 {
                let sequence = Sequence::new(order, bits).unwrap();
                let numbers: BTreeSet<u128> = sequence.iter().collect();
                assert!(numbers.into_iter().eq(0..1 << bits), "{order} of {bits}");
                assert!((0..1 << bits).all(|rank| sequence.rank(sequence.value(rank).unwrap()) == Some(rank)));
                assert_eq!((sequence.value(1 << bits), sequence.rank(1 << bits)), (None, None));
            }
        }
    }

    #[test]
    fn wide_fields() {
        for order in Order::ALL {
            for bits in 0..=128_u8 {
                let sequence = Sequence::new(order, bits).unwrap();
                let most = ones(bits);
                for rank in [0, 1, 2, 3, 5, most / 7, most / 3, most / 2, most.saturating_sub(1), most] {
                    let Some(value) = sequence.value(rank) else {
                        assert!(rank > most);
                        continue;
                    };
                    assert!(value <= most);
                    assert_eq!(sequence.rank(value), Some(rank), "{order} of {bits}");
                    assert_eq!(sequence.earliest(value, value), Some(value));
                }
                assert_eq!(sequence.earliest(0, u128::MAX), Some(0));
            }
        }
        assert_eq!(Sequence::new(Order::Leftmost, 129).unwrap_err().code(), "ipam.field_too_wide");
        let last = Sequence::new(Order::Rightmost, 128).unwrap().iter();
        assert_eq!(Numbers { next: Some(u128::MAX), ..last }.collect::<Vec<u128>>(), [u128::MAX]);
    }

    #[test]
    fn the_earliest_between_two_is_the_one_of_least_rank() {
        for order in Order::ALL {
            for bits in 0..=6 {
                let sequence = Sequence::new(order, bits).unwrap();
                let numbers: Vec<u128> = sequence.iter().collect();
                for low in 0..1 << bits {
                    for high in low..1 << bits {
                        let first = numbers.iter().copied().find(|number| (low..=high).contains(number));
                        assert_eq!(sequence.earliest(low, high), first, "{order} of {bits}: {low} to {high}");
                    }
                }
            }
        }
    }
}
