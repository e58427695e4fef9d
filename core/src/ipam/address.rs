use super::{
    Family, PrefixLen,
    written::{Text, Written},
};
use crate::error::IpamError;
use std::{
    fmt::{self, Write as _},
    hash::Hash,
    net::{Ipv4Addr, Ipv6Addr},
};

mod sealed {
    pub trait Sealed: crate::ipam::text::Grammar + crate::ipam::written::Written {}
}

/// An address of one family: an integer of [`WIDTH`](Self::WIDTH) bits, in the order of integers.
///
/// Closed: the families are [`Ipv4`], [`Ipv6`], and [`Toy`] of 8 bits, on which tests try everything.
///
/// # Rule
/// R-I1
pub trait Address: sealed::Sealed + Copy + Ord + Hash + fmt::Debug + fmt::Display + Send + Sync + 'static {
    /// The family.
    const FAMILY: Family;
    /// The bits of an address, W.
    const WIDTH: u8;
    /// The first address of the family.
    const FIRST: Self;
    /// The last address of the family.
    const LAST: Self;

    /// The address as an integer.
    fn to_bits(self) -> u128;

    /// The address of an integer; `None` above the family's last.
    fn from_bits(bits: u128) -> Option<Self>;

    /// The canonical text, strictly: dotted without leading zeros, or as RFC 5952 writes it, without a zone.
    ///
    /// # Errors
    /// `ipam.mixed_families` where the text is of the other family; `ipam.address` where it is of none, or has a zone;
    /// `ipam.not_canonical`, with the canonical text.
    fn parse(text: &str) -> Result<Self, IpamError>;

    /// The next address; `None` after the family's last.
    fn next(self) -> Option<Self>;

    /// The address before; `None` before the family's first.
    fn previous(self) -> Option<Self>;

    /// The address `count` further; `None` beyond the family's last.
    fn plus(self, count: u128) -> Option<Self>;

    /// The address `count` before; `None` before the family's first.
    fn minus(self, count: u128) -> Option<Self>;

    /// How far two addresses are apart, in addresses: 0 for the same.
    fn distance(self, other: Self) -> u128;

    /// How many leading bits two addresses share: W for the same.
    fn common_length(self, other: Self) -> u8;

    /// How many trailing bits are zero: W for the family's first address.
    fn trailing_zeros(self) -> u8;

    /// The first address of its network of a length: the host bits cleared.
    fn network(self, length: PrefixLen<Self>) -> Self;

    /// The last address of its network of a length: the host bits set.
    fn broadcast(self, length: PrefixLen<Self>) -> Self;
}

/// An IPv4 address.
///
/// ```
/// use counterfoil::ipam::{Address, Ipv4};
///
/// let address = Ipv4::parse("10.0.0.255")?;
/// assert_eq!(address.next().map(|next| next.to_string()), Some("10.0.1.0".to_owned()));
/// assert_eq!(Ipv4::parse("255.255.255.255")?.next(), None);
/// assert_eq!(Ipv4::parse("010.0.0.1").unwrap_err().code(), "ipam.address");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ipv4(u32);

/// An IPv6 address. An IPv4-mapped one is IPv6 (R-I2).
///
/// ```
/// use counterfoil::ipam::{Address, Ipv6};
///
/// assert_eq!(Ipv6::parse("2001:0:3:4:5:6:7:8")?.to_bits(), 42540488161979469611797584008316387336);
/// assert_eq!(Ipv6::parse("fe80::1%eth0").unwrap_err().code(), "ipam.address");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ipv6(u128);

/// An address of 8 bits: a world in which every range, every split and every set can be tried.
///
/// It is not a family of the internet, and nothing of the wire or the store knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Toy(u8);

macro_rules! address {
    ($name:ident, $word:ty) => {
        impl $name {
            /// The address of an integer of exactly this width.
            pub const fn new(bits: $word) -> Self {
                Self(bits)
            }

            /// The address as an integer of exactly this width.
            pub const fn get(self) -> $word {
                self.0
            }
        }

        impl sealed::Sealed for $name {}

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Text::show(f, |text| self.write(text))
            }
        }

        impl Address for $name {
            const FAMILY: Family = Family::$name;
            const WIDTH: u8 = Family::$name.width();
            const FIRST: Self = Self(<$word>::MIN);
            const LAST: Self = Self(<$word>::MAX);

            fn to_bits(self) -> u128 {
                self.0.into()
            }

            fn from_bits(bits: u128) -> Option<Self> {
                <$word>::try_from(bits).ok().map(Self)
            }

            fn parse(text: &str) -> Result<Self, IpamError> {
                super::Reading::STRICT.read(text)
            }

            fn next(self) -> Option<Self> {
                self.0.checked_add(1).map(Self)
            }

            fn previous(self) -> Option<Self> {
                self.0.checked_sub(1).map(Self)
            }

            fn plus(self, count: u128) -> Option<Self> {
                self.0.checked_add(<$word>::try_from(count).ok()?).map(Self)
            }

            fn minus(self, count: u128) -> Option<Self> {
                self.0.checked_sub(<$word>::try_from(count).ok()?).map(Self)
            }

            fn distance(self, other: Self) -> u128 {
                self.0.abs_diff(other.0).into()
            }

            fn common_length(self, other: Self) -> u8 {
                narrow((self.0 ^ other.0).leading_zeros())
            }

            fn trailing_zeros(self) -> u8 {
                narrow(self.0.trailing_zeros())
            }

            fn network(self, length: PrefixLen<Self>) -> Self {
                Self(self.0 & !Self::host_mask(length))
            }

            fn broadcast(self, length: PrefixLen<Self>) -> Self {
                Self(self.0 | Self::host_mask(length))
            }
        }

        impl $name {
            /// Ones in the host bits; none at W, all at 0.
            fn host_mask(length: PrefixLen<Self>) -> $word {
                <$word>::MAX.checked_shr(length.get().into()).unwrap_or(0)
            }
        }
    };
}
address!(Ipv4, u32);
address!(Ipv6, u128);
address!(Toy, u8);

/// A count of bits, which is at most 128.
fn narrow(bits: u32) -> u8 {
    u8::try_from(bits).unwrap_or(u8::MAX)
}

impl Written for Ipv4 {
    fn write(self, text: &mut Text) -> fmt::Result {
        let [first, rest @ ..] = self.0.to_be_bytes();
        text.number(first)?;
        rest.into_iter().try_for_each(|octet| text.byte(b'.').and_then(|()| text.number(octet)))
    }
}

/// As RFC 5952 writes it.
impl Written for Ipv6 {
    fn write(self, text: &mut Text) -> fmt::Result {
        write!(text, "{}", Ipv6Addr::from(self))
    }
}

impl Written for Toy {
    fn write(self, text: &mut Text) -> fmt::Result {
        text.number(self.0)
    }
}

impl From<Ipv4Addr> for Ipv4 {
    fn from(address: Ipv4Addr) -> Self {
        Self(address.to_bits())
    }
}

impl From<Ipv4> for Ipv4Addr {
    fn from(address: Ipv4) -> Self {
        Self::from_bits(address.0)
    }
}

impl From<Ipv6Addr> for Ipv6 {
    fn from(address: Ipv6Addr) -> Self {
        Self(address.to_bits())
    }
}

impl From<Ipv6> for Ipv6Addr {
    fn from(address: Ipv6) -> Self {
        Self::from_bits(address.0)
    }
}

macro_rules! from_str {
    ($($name:ident),*) => { $(impl std::str::FromStr for $name {
        type Err = IpamError;

        /// As [`Address::parse`].
        fn from_str(text: &str) -> Result<Self, IpamError> {
            Self::parse(text)
        }
    })* };
}
from_str!(Ipv4, Ipv6, Toy);

#[cfg(test)]
mod tests {
    use super::*;

    fn length<A: Address>(bits: u8) -> PrefixLen<A> {
        PrefixLen::new(bits).unwrap()
    }

    #[test]
    fn networks_at_both_ends_of_the_lengths() {
        let address: Ipv4 = "10.1.2.3".parse().unwrap();
        assert_eq!((address.network(length(0)), address.broadcast(length(0))), (Ipv4::FIRST, Ipv4::LAST));
        assert_eq!((address.network(length(32)), address.broadcast(length(32))), (address, address));
        assert_eq!(address.network(length(24)).to_string(), "10.1.2.0");
        let address: Ipv6 = "2001:db8::1".parse().unwrap();
        assert_eq!((address.network(length(0)), address.broadcast(length(0))), (Ipv6::FIRST, Ipv6::LAST));
        assert_eq!((address.network(length(128)), address.broadcast(length(128))), (address, address));
    }

    #[test]
    fn nothing_wraps_at_the_ends() {
        assert_eq!((Ipv6::LAST.next(), Ipv6::FIRST.previous()), (None, None));
        assert_eq!((Ipv4::LAST.plus(1), Ipv4::FIRST.minus(1), Ipv4::FIRST.plus(1 << 32)), (None, None, None));
        assert_eq!((Ipv6::FIRST.distance(Ipv6::LAST), Ipv6::LAST.distance(Ipv6::FIRST)), (u128::MAX, u128::MAX));
        assert_eq!((Ipv4::FIRST.trailing_zeros(), Ipv4::FIRST.common_length(Ipv4::FIRST)), (32, 32));
    }
}
