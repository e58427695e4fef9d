use super::{
    Family, Interval, Ipv4, Ipv6, Prefix, Range,
    text::{Read, Readable, Reading, read_either},
};
use crate::error::IpamError;
use std::{fmt, str::FromStr};

macro_rules! either {
    ($($(#[$about:meta])* $name:ident: $v4:ty, $v6:ty;)*) => { $(
        $(#[$about])*
        ///
        /// For a door at which the family is not known; behind it each family has its own type, and they
        /// never mix. IPv4 is before IPv6.
        ///
        /// # Rule
        /// R-I2
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            /// Of IPv4.
            V4($v4),
            /// Of IPv6.
            V6($v6),
        }

        impl $name {
            /// The family.
            pub const fn family(self) -> Family {
                match self {
                    Self::V4(_) => Family::Ipv4,
                    Self::V6(_) => Family::Ipv6,
                }
            }
        }

        impl From<$v4> for $name {
            fn from(of: $v4) -> Self {
                Self::V4(of)
            }
        }

        impl From<$v6> for $name {
            fn from(of: $v6) -> Self {
                Self::V6(of)
            }
        }

        impl TryFrom<$name> for $v4 {
            type Error = IpamError;

            /// # Errors
            /// `ipam.mixed_families`.
            fn try_from(either: $name) -> Result<Self, IpamError> {
                match either {
                    $name::V4(of) => Ok(of),
                    $name::V6(_) => Err(mixed(&either, Family::Ipv4)),
                }
            }
        }

        impl TryFrom<$name> for $v6 {
            type Error = IpamError;

            /// # Errors
            /// `ipam.mixed_families`.
            fn try_from(either: $name) -> Result<Self, IpamError> {
                match either {
                    $name::V6(of) => Ok(of),
                    $name::V4(_) => Err(mixed(&either, Family::Ipv6)),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    Self::V4(of) => of.fmt(f),
                    Self::V6(of) => of.fmt(f),
                }
            }
        }

        impl FromStr for $name {
            type Err = IpamError;

            /// Strictly, in the family of the text.
            ///
            /// # Errors
            /// Those of the types of the families.
            fn from_str(text: &str) -> Result<Self, IpamError> {
                Reading::STRICT.read(text)
            }
        }

        impl Readable for $name {}

        impl Read for $name {
            fn scan(text: &[u8]) -> Option<(Self, &[u8])> {
                if let Some((of, rest)) = <$v4>::scan(text) {
                    return Some((Self::V4(of), rest));
                }
                <$v6>::scan(text).map(|(of, rest)| (Self::V6(of), rest))
            }

            fn read(reading: Reading, text: &str) -> Result<Self, IpamError> {
                read_either::<$v4, $v6, Self>(reading, text)
            }

            fn push(&self, to: &mut String) {
                match self {
                    Self::V4(of) => of.push(to),
                    Self::V6(of) => of.push(to),
                }
            }
        }
    )* };
}
either! {
    /// An address of either family.
    IpAddress: Ipv4, Ipv6;
    /// A network of either family.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::ipam::{IpPrefix, Ipv4, Mapped, Prefix, Reading};
    ///
    /// let campus: IpPrefix = "2001:db8::/32".parse()?;
    /// assert_eq!(campus.family().name(), "ipv6");
    /// assert_eq!(Prefix::<Ipv4>::try_from(campus).unwrap_err().code(), "ipam.mixed_families");
    ///
    /// let as_ipv4 = Reading { mapped: Mapped::AsIpv4, ..Reading::STRICT };
    /// assert_eq!(as_ipv4.read::<IpPrefix>("::ffff:10.0.0.0/104")?.to_string(), "10.0.0.0/8");
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    IpPrefix: Prefix<Ipv4>, Prefix<Ipv6>;
    /// Addresses from a first to a last, of either family.
    IpInterval: Interval<Ipv4>, Interval<Ipv6>;
    /// A labelled range of either family.
    IpRange: Range<Ipv4>, Range<Ipv6>;
}

fn mixed(text: &impl fmt::Display, expected: Family) -> IpamError {
    IpamError::MixedFamilies { text: text.to_string(), expected: expected.name() }
}
