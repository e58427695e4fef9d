use super::{Address, Interval, PrefixLen, Range, Size, written::Text};
use crate::error::IpamError;
use std::fmt;

/// A network: a prefix and its length, `10.0.0.0/8`, with all host bits zero.
///
/// Ordered by the network's first address, then from the large to the small.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Prefix};
///
/// let campus: Prefix<Ipv4> = "192.0.2.128/27".parse()?;
/// assert_eq!(campus.last().to_string(), "192.0.2.159");
/// assert_eq!(campus.supernet(22.try_into()?)?.to_string(), "192.0.0.0/22");
/// assert_eq!("192.0.2.129/27".parse::<Prefix<Ipv4>>().unwrap_err().code(), "ipam.host_bits");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I1
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix<A> {
    network: A,
    length: PrefixLen<A>,
}

impl<A: Address> Prefix<A> {
    /// Every address of the family: `0.0.0.0/0`, `::/0`.
    pub const WHOLE: Self = Self { network: A::FIRST, length: PrefixLen::WHOLE };

    /// A network by its first address.
    ///
    /// # Errors
    /// `ipam.host_bits` where host bits are set; [`containing`](Self::containing) clears them.
    pub fn new(network: A, length: PrefixLen<A>) -> Result<Self, IpamError> {
        let prefix = Self::containing(network, length);
        if prefix.network != network {
            return Err(IpamError::HostBits {
                address: network.to_string(),
                length: length.get(),
                network: prefix.to_string(),
            });
        }
        Ok(prefix)
    }

    /// The network of a length that an address is in.
    pub fn containing(address: A, length: PrefixLen<A>) -> Self {
        Self { network: address.network(length), length }
    }

    /// Its first address.
    pub fn first(self) -> A {
        self.network
    }

    /// Its last address.
    pub fn last(self) -> A {
        self.network.broadcast(self.length)
    }

    /// Its length.
    pub fn length(self) -> PrefixLen<A> {
        self.length
    }

    /// From its first to its last address.
    pub fn interval(self) -> Interval<A> {
        Interval::ordered(self.first(), self.last())
    }

    /// How many addresses.
    pub fn size(self) -> Size {
        self.length.block_size()
    }

    /// Whether an address is in it.
    pub fn contains(self, address: A) -> bool {
        address.network(self.length) == self.network
    }

    /// Whether all of another is in it.
    pub fn covers(self, other: Self) -> bool {
        self.length <= other.length && self.contains(other.network)
    }

    /// The network of a length that it is in.
    ///
    /// # Errors
    /// `ipam.not_shorter` where the length is longer than its own; the same length is itself.
    pub fn supernet(self, length: PrefixLen<A>) -> Result<Self, IpamError> {
        if length > self.length {
            return Err(IpamError::NotShorter { length: length.get(), of: self.length.get() });
        }
        Ok(Self::containing(self.network, length))
    }

    /// Its two halves; `None` of a single address.
    pub fn halves(self) -> Option<(Self, Self)> {
        let length = self.length.longer(1)?;
        Some((Self { network: self.network, length }, Self::containing(self.last(), length)))
    }
}

impl<A: Address> TryFrom<Range<A>> for Prefix<A> {
    type Error = IpamError;

    /// The network of which a range is all.
    ///
    /// # Errors
    /// `ipam.not_a_network` of a clipped range.
    fn try_from(range: Range<A>) -> Result<Self, IpamError> {
        if range.is_full() {
            return Ok(range.network());
        }
        let network = Self::containing(range.first(), range.tightest_length());
        Err(IpamError::NotANetwork { range: range.interval().to_string(), network: network.to_string() })
    }
}

impl<A: Address> fmt::Display for Prefix<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Text::show(f, |text| {
            self.network.write(text)?;
            text.length(self.length.get())
        })
    }
}
