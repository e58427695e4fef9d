use super::{Address, Size};
use crate::error::IpamError;
use std::{fmt, marker::PhantomData};

/// A prefix length: how many leading bits of an address name its network, from 0 to the family's W.
///
/// # Units
/// Bits.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Ipv6, PrefixLen};
///
/// assert_eq!(PrefixLen::<Ipv4>::new(24)?.block_size().to_string(), "256");
/// assert_eq!(PrefixLen::<Ipv6>::WHOLE.block_size().to_string(), "340282366920938463463374607431768211456");
/// assert_eq!(PrefixLen::<Ipv4>::new(33).unwrap_err().code(), "ipam.length");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I1
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrefixLen<A> {
    bits: u8,
    of: PhantomData<A>,
}

impl<A: Address> PrefixLen<A> {
    /// 0: the whole family is one network.
    pub const WHOLE: Self = Self { bits: 0, of: PhantomData };
    /// W: each address is a network of its own.
    pub const HOST: Self = Self { bits: A::WIDTH, of: PhantomData };

    /// A length.
    ///
    /// # Errors
    /// `ipam.length` above W.
    pub fn new(bits: u8) -> Result<Self, IpamError> {
        if bits > A::WIDTH {
            return Err(IpamError::Length { family: A::FAMILY.name(), length: bits.to_string(), longest: A::WIDTH });
        }
        Ok(Self { bits, of: PhantomData })
    }

    /// Every length, from 0 to W.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        (0..=A::WIDTH).map(|bits| Self { bits, of: PhantomData })
    }

    /// The bits.
    pub const fn get(self) -> u8 {
        self.bits
    }

    /// The bits that are left for hosts, W less the length.
    pub fn host_bits(self) -> u8 {
        A::WIDTH.saturating_sub(self.bits)
    }

    /// How many addresses a network of this length has.
    pub fn block_size(self) -> Size {
        Size::power_of_two(self.host_bits())
    }

    /// A length `bits` longer; `None` beyond W.
    pub fn longer(self, bits: u8) -> Option<Self> {
        self.bits.checked_add(bits).filter(|bits| *bits <= A::WIDTH).map(|bits| Self { bits, of: PhantomData })
    }

    /// A length `bits` shorter; `None` below 0.
    pub fn shorter(self, bits: u8) -> Option<Self> {
        self.bits.checked_sub(bits).map(|bits| Self { bits, of: PhantomData })
    }

    /// A length; `None` above W.
    pub(super) fn within(bits: u8) -> Option<Self> {
        (bits <= A::WIDTH).then_some(Self { bits, of: PhantomData })
    }

    /// The shorter of a count of bits and W, where the bits come of addresses and are at most W.
    pub(super) fn at_most(bits: u8) -> Self {
        Self { bits: bits.min(A::WIDTH), of: PhantomData }
    }
}

impl<A> fmt::Display for PrefixLen<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bits.fmt(f)
    }
}
