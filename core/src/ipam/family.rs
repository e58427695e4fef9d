use crate::error::IpamError;
use std::{fmt, str::FromStr};

/// A family of addresses. Families never mix.
///
/// # Rule
/// R-I1
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// 32 bits, `10.0.0.1`.
    Ipv4,
    /// 128 bits, `2001:db8::1`.
    Ipv6,
    /// 8 bits, `200`: small enough to try everything ([`Toy`](super::Toy)).
    Toy,
}

impl Family {
    /// Its name, as `ipv4`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Toy => "toy",
        }
    }

    /// The bits of an address, W.
    pub const fn width(self) -> u8 {
        match self {
            Self::Ipv4 => 32,
            Self::Ipv6 => 128,
            Self::Toy => 8,
        }
    }

    /// The family that a text is meant to be of: a colon makes it IPv6. Nothing else of it is read.
    ///
    /// ```
    /// use counterfoil::ipam::Family;
    ///
    /// assert_eq!(Family::of("10.0.0.0/8"), Family::Ipv4);
    /// assert_eq!(Family::of("::ffff:10.0.0.0/104"), Family::Ipv6);
    /// ```
    pub fn of(text: &str) -> Self {
        if text.contains(':') { Self::Ipv6 } else { Self::Ipv4 }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Family {
    type Err = IpamError;

    /// # Errors
    /// `ipam.unknown_word`.
    fn from_str(text: &str) -> Result<Self, IpamError> {
        match text {
            "ipv4" => Ok(Self::Ipv4),
            "ipv6" => Ok(Self::Ipv6),
            _ => Err(IpamError::UnknownWord { what: "family", text: text.to_owned(), known: "ipv4, ipv6" }),
        }
    }
}
