//! Numbers, bytes, and the types of the standard library and of `ipnet`.

use super::{Address, IpAddress, IpPrefix, Ipv4, Ipv6, Prefix, PrefixLen};
use crate::error::IpamError;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// An address as a hexadecimal number of all its digits, `0x0a000001`.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Address, Hexadecimal, Ipv4};
///
/// assert_eq!(Hexadecimal(Ipv4::parse("10.0.0.1")?).to_string(), "0x0a000001");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hexadecimal<A>(pub A);

impl<A: Address> fmt::Display for Hexadecimal<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = usize::from(A::WIDTH / 4);
        write!(f, "0x{:0digits$x}", self.0.to_bits())
    }
}

/// The address of as many bytes as the family has, in network order.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, address_of_bytes};
///
/// assert_eq!(address_of_bytes::<Ipv4>(&[10, 0, 0, 1])?.to_string(), "10.0.0.1");
/// assert_eq!(address_of_bytes::<Ipv4>(&[10, 0, 1]).unwrap_err().code(), "ipam.byte_count");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Errors
/// `ipam.byte_count` of fewer or more.
///
/// # Rule
/// R-I2
pub fn address_of_bytes<A: Address>(bytes: &[u8]) -> Result<A, IpamError> {
    let expected = A::WIDTH / 8;
    let number = bytes.iter().take(16).fold(0_u128, |number, byte| number.wrapping_shl(8) | u128::from(*byte));
    A::from_bits(number).filter(|_| bytes.len() == usize::from(expected)).ok_or_else(|| IpamError::ByteCount {
        count: bytes.len(),
        family: A::FAMILY.name(),
        expected: expected.to_string(),
    })
}

impl IpAddress {
    /// The address of 4 or 16 bytes in network order: their count says which family.
    ///
    /// # Errors
    /// `ipam.byte_count` of any other count.
    ///
    /// # Rule
    /// R-I2
    pub fn of_bytes(bytes: &[u8]) -> Result<Self, IpamError> {
        match bytes.len() {
            4 => address_of_bytes(bytes).map(Self::V4),
            16 => address_of_bytes(bytes).map(Self::V6),
            count => Err(IpamError::ByteCount { count, family: "ipv4 or ipv6", expected: "4 or 16".to_owned() }),
        }
    }
}

impl Ipv4 {
    /// Its bytes in network order.
    pub const fn to_bytes(self) -> [u8; 4] {
        self.get().to_be_bytes()
    }
}

impl Ipv6 {
    /// Its bytes in network order.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.get().to_be_bytes()
    }
}

impl From<IpAddr> for IpAddress {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::V4(address.into()),
            IpAddr::V6(address) => Self::V6(address.into()),
        }
    }
}

impl From<IpAddress> for IpAddr {
    fn from(address: IpAddress) -> Self {
        match address {
            IpAddress::V4(address) => Self::V4(address.into()),
            IpAddress::V6(address) => Self::V6(address.into()),
        }
    }
}

impl From<Ipv4Addr> for IpAddress {
    fn from(address: Ipv4Addr) -> Self {
        Self::V4(address.into())
    }
}

impl From<Ipv6Addr> for IpAddress {
    fn from(address: Ipv6Addr) -> Self {
        Self::V6(address.into())
    }
}

macro_rules! networks {
    ($($net:ident: $family:ident;)*) => { $(
        impl TryFrom<$net> for Prefix<$family> {
            type Error = IpamError;

            /// # Errors
            /// `ipam.host_bits`: a net of that crate may have them set. They are not cut off;
            /// [`trunc`](ipnet::IpNet::trunc) does, where that is meant.
            fn try_from(net: $net) -> Result<Self, IpamError> {
                Self::new(net.addr().into(), PrefixLen::new(net.prefix_len())?)
            }
        }

        impl From<Prefix<$family>> for $net {
            fn from(prefix: Prefix<$family>) -> Self {
                // It panics on a length above W, which a length of this family is never.
                Self::new_assert(prefix.first().into(), prefix.length().get())
            }
        }
    )* };
}
networks! {
    Ipv4Net: Ipv4;
    Ipv6Net: Ipv6;
}

impl TryFrom<IpNet> for IpPrefix {
    type Error = IpamError;

    /// # Errors
    /// `ipam.host_bits`, as for a net of one family.
    fn try_from(net: IpNet) -> Result<Self, IpamError> {
        match net {
            IpNet::V4(net) => Prefix::try_from(net).map(Self::V4),
            IpNet::V6(net) => Prefix::try_from(net).map(Self::V6),
        }
    }
}

impl From<IpPrefix> for IpNet {
    fn from(prefix: IpPrefix) -> Self {
        match prefix {
            IpPrefix::V4(prefix) => Self::V4(prefix.into()),
            IpPrefix::V6(prefix) => Self::V6(prefix.into()),
        }
    }
}
