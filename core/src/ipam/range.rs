use super::{Address, Interval, Prefix, PrefixLen, Size, written::Text};
use crate::error::IpamError;
use std::fmt;

/// A labelled range: addresses from a first to a last, and the length of the one network that both
/// are in. It may be a clipped part of that network.
///
/// Written as a network where it is full, `10.0.0.0/24`, and else with both ends,
/// `10.0.0.1-10.0.0.200/24`. Ordered by its first address, then its last, then its length.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Range};
///
/// let range: Range<Ipv4> = "10.0.0.1-10.0.0.200/24".parse()?;
/// assert_eq!((range.size().to_string(), range.is_full()), ("200".to_owned(), false));
/// assert_eq!(range.network().to_string(), "10.0.0.0/24");
///
/// let error = "10.0.0.1-10.0.1.1/24".parse::<Range<Ipv4>>().unwrap_err();
/// assert_eq!(error.code(), "ipam.not_one_network");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I1
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range<A> {
    interval: Interval<A>,
    length: PrefixLen<A>,
}

impl<A: Address> Range<A> {
    /// A range by its ends and its label.
    ///
    /// # Errors
    /// `ipam.not_one_network` where the ends are in two networks of that length.
    pub fn new(interval: Interval<A>, length: PrefixLen<A>) -> Result<Self, IpamError> {
        let [first, last] = [interval.first(), interval.last()].map(|end| Prefix::containing(end, length));
        if first != last {
            return Err(IpamError::NotOneNetwork {
                range: interval.to_string(),
                length: length.get(),
                first: first.to_string(),
                last: last.to_string(),
            });
        }
        Ok(Self { interval, length })
    }

    /// The part of a network that an interval covers, with the network's length; `None` where it covers none.
    pub fn clipped(network: Prefix<A>, to: Interval<A>) -> Option<Self> {
        network.interval().overlap(to).map(|interval| Self { interval, length: network.length() })
    }

    /// Of an interval that is known to be in one network of a length, as the pieces of a split are.
    pub(super) fn within(interval: Interval<A>, length: PrefixLen<A>) -> Self {
        Self { interval, length }
    }

    /// Its first address.
    pub fn first(self) -> A {
        self.interval.first()
    }

    /// Its last address, which is part of it.
    pub fn last(self) -> A {
        self.interval.last()
    }

    /// Its ends.
    pub fn interval(self) -> Interval<A> {
        self.interval
    }

    /// Its label.
    pub fn length(self) -> PrefixLen<A> {
        self.length
    }

    /// The network of its label, of which it may be a part.
    pub fn network(self) -> Prefix<A> {
        Prefix::containing(self.first(), self.length)
    }

    /// How many addresses.
    pub fn size(self) -> Size {
        self.interval.size()
    }

    /// The longest label that it could carry.
    pub fn tightest_length(self) -> PrefixLen<A> {
        self.interval.tightest_length()
    }

    /// Whether it is all of its network.
    pub fn is_full(self) -> bool {
        self.network().interval() == self.interval
    }
}

impl<A: Address> From<Prefix<A>> for Range<A> {
    fn from(prefix: Prefix<A>) -> Self {
        Self { interval: prefix.interval(), length: prefix.length() }
    }
}

impl<A: Address> fmt::Display for Range<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Text::show(f, |text| {
            if self.is_full() {
                self.first().write(text)?
            } else {
                text.ends(self.first(), self.last())?
            }
            text.length(self.length.get())
        })
    }
}
