use crate::{
    error::IpamError,
    ipam::{
        Address, Interval, Prefix, PrefixLen,
        rfc3531::{Order, Sequence},
    },
};
use std::{fmt, str::FromStr};

/// Which of the free blocks of a length comes next.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Placement, Policy, Pool, Request, rfc3531::Order};
///
/// let used = ["10.0.0.0-10.0.0.63".parse()?, "10.0.0.96-10.0.0.127".parse()?];
/// let pool = Pool::<Ipv4>::within("10.0.0.0/24".parse()?, used);
/// let next = |policy| pool.allocate(&[Request::Any("28".parse()?)], &Placement::by(policy));
/// assert_eq!(next(Policy::Leftmost)?.blocks(), ["10.0.0.64/28".parse()?]);
/// assert_eq!(next(Policy::Rightmost)?.blocks(), ["10.0.0.240/28".parse()?]);
/// assert_eq!(next(Policy::BestFit)?.blocks(), ["10.0.0.64/28".parse()?]); // of a /27, not of the /25
/// assert_eq!(next(Policy::Sparse)?.blocks(), ["10.0.0.192/28".parse()?]); // half way from .128 to .255
/// assert_eq!(next(Policy::Rfc3531(Order::Leftmost))?.blocks(), ["10.0.0.128/28".parse()?]); // 0, 8, 4, …
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I7
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Policy {
    /// The first by address.
    Leftmost,
    /// The last by address.
    Rightmost,
    /// The first of the smallest free network that has room for it, so that large ones stay whole; the
    /// leftmost of equally small ones. Free networks are the fewest that tile what is free.
    BestFit,
    /// The middle one of the longest row of free blocks of that length, the leftmost of equally long
    /// ones: of an even number the right one of the two in the middle.
    Sparse,
    /// The first by an order of RFC 3531, in which the blocks of the pool's network are numbered.
    Rfc3531(Order),
}

impl Policy {
    /// Every policy.
    pub const ALL: [Self; 8] = [
        Self::Leftmost,
        Self::Rightmost,
        Self::BestFit,
        Self::Sparse,
        Self::Rfc3531(Order::Leftmost),
        Self::Rfc3531(Order::Rightmost),
        Self::Rfc3531(Order::Centermost),
        Self::Rfc3531(Order::CentermostAscending),
    ];

    /// Its name, as `best_fit`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Leftmost => "leftmost",
            Self::Rightmost => "rightmost",
            Self::BestFit => "best_fit",
            Self::Sparse => "sparse",
            Self::Rfc3531(Order::Leftmost) => "rfc3531_leftmost",
            Self::Rfc3531(Order::Rightmost) => "rfc3531_rightmost",
            Self::Rfc3531(Order::Centermost) => "rfc3531_centermost",
            Self::Rfc3531(Order::CentermostAscending) => "rfc3531_centermost_ascending",
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Policy {
    type Err = IpamError;

    /// # Errors
    /// `ipam.unknown_word`.
    fn from_str(text: &str) -> Result<Self, IpamError> {
        Self::ALL.into_iter().find(|policy| policy.name() == text).ok_or_else(|| IpamError::UnknownWord {
            what: "policy",
            text: text.to_owned(),
            known: "leftmost, rightmost, best_fit, sparse, rfc3531_leftmost, rfc3531_rightmost, rfc3531_centermost, \
                    rfc3531_centermost_ascending",
        })
    }
}

/// The block of a free interval that a policy would take, and how early it comes: the least is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate<A> {
    key: (u128, u128),
    pub(super) block: Prefix<A>,
    /// The interval that it lies in.
    pub(super) of: Interval<A>,
}

impl Policy {
    /// The candidate of an interval of a network; `None` where the interval has no full block of the length.
    pub(super) fn candidate<A: Address>(
        self,
        of: Interval<A>,
        length: PrefixLen<A>,
        network: Prefix<A>,
    ) -> Option<Candidate<A>> {
        let slots = Slots::of(of, length)?;
        let (key, slot) = match self {
            Self::Leftmost => ((slots.first, 0), slots.first),
            Self::Rightmost => ((u128::MAX.saturating_sub(slots.last), 0), slots.last),
            Self::BestFit => {
                let smallest = smallest_with_room(of, length)?;
                let slot = slot_of(smallest.first(), length);
                ((smallest.length().host_bits().into(), slot), slot)
            }
            Self::Sparse => {
                let distance = slots.last.saturating_sub(slots.first);
                let middle = slots.first.saturating_add(distance.div_ceil(2));
                ((u128::MAX.saturating_sub(distance), slots.first), middle)
            }
            Self::Rfc3531(order) => {
                let bits = length.get().checked_sub(network.length().get())?;
                let sequence = Sequence::new(order, bits).ok()?;
                let base = slot_of(network.first(), length);
                let relative = |slot: u128| slot.saturating_sub(base);
                let number = sequence.earliest(relative(slots.first), relative(slots.last))?;
                ((sequence.rank(number)?, 0), base.saturating_add(number))
            }
        };
        let first = A::from_bits(slot.checked_shl(length.host_bits().into()).unwrap_or(0))?;
        Some(Candidate { key, block: Prefix::containing(first, length), of })
    }
}

/// The smallest of the networks that tile an interval that has room for a block, the leftmost of two. O(1).
///
/// Below the fork where its ends part there is a network for each bit of the count of addresses there,
/// the small ones first; above it likewise, the large ones first.
fn smallest_with_room<A: Address>(interval: Interval<A>, length: PrefixLen<A>) -> Option<Prefix<A>> {
    let whole = Prefix::containing(interval.first(), interval.tightest_length());
    if whole.interval() == interval {
        return Some(whole).filter(|whole| whole.length() <= length);
    }
    let fork = whole.halves()?.1.first();
    let below = fork.distance(interval.first());
    let above = fork.distance(interval.last()).checked_add(1)?;
    let large = u128::MAX.checked_shl(length.host_bits().into()).unwrap_or(0);
    let left =
        lowest_bit(below & large).and_then(|size| Some((size, interval.first().plus(below & size.checked_sub(1)?)?)));
    let right =
        lowest_bit(above & large).and_then(|size| Some((size, fork.plus(above & !(size | size.checked_sub(1)?))?)));
    let (size, first) = left.into_iter().chain(right).min()?;
    let zeros = u8::try_from(size.trailing_zeros()).ok()?;
    Some(Prefix::containing(first, PrefixLen::at_most(A::WIDTH.saturating_sub(zeros))))
}

fn lowest_bit(bits: u128) -> Option<u128> {
    (bits != 0).then(|| bits & bits.wrapping_neg())
}

/// The full blocks of a length in an interval, by their numbers in the family.
pub(super) struct Slots {
    pub(super) first: u128,
    pub(super) last: u128,
}

impl Slots {
    pub(super) fn of<A: Address>(interval: Interval<A>, length: PrefixLen<A>) -> Option<Self> {
        let [from, to] = [interval.first(), interval.last()].map(|end| Prefix::containing(end, length));
        let first = if from.first() == interval.first() { from.first() } else { from.last().next()? };
        let last = if to.last() == interval.last() { to.last() } else { to.first().previous()? };
        (first <= last).then(|| Self { first: slot_of(first, length), last: slot_of(last, length) })
    }
}

fn slot_of<A: Address>(address: A, length: PrefixLen<A>) -> u128 {
    address.to_bits().checked_shr(length.host_bits().into()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::{Ipv6, Toy};

    #[test]
    fn the_smallest_with_room_is_one_of_the_tiles() {
        for first in 0..=u8::MAX {
            for last in first..=u8::MAX {
                let interval = Interval::new(Toy::new(first), Toy::new(last)).unwrap();
                for length in PrefixLen::all() {
                    let tiles = interval.cidrs().filter(|tile| tile.length() <= length);
                    let smallest = tiles.min_by_key(|tile| (tile.length().host_bits(), tile.first()));
                    assert_eq!(smallest_with_room(interval, length), smallest, "{interval} for {length}");
                }
            }
        }
        let most = Interval::new(Ipv6::new(1), Ipv6::new(u128::MAX - 1)).unwrap();
        for length in PrefixLen::all() {
            let tiles = most.cidrs().filter(|tile| tile.length() <= length);
            let smallest = tiles.min_by_key(|tile| (tile.length().host_bits(), tile.first()));
            assert_eq!(smallest_with_room(most, length), smallest, "{length}");
        }
    }
}
