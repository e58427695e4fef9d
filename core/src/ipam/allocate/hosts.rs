use super::Pool;
use crate::{
    error::IpamError,
    ipam::{Address, Family, Interval, Prefix},
};
use std::{fmt, str::FromStr};

/// Which addresses of a network are given to hosts.
///
/// # Rule
/// R-I7
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hosts {
    /// Every address.
    Every,
    /// Not those that stand for the network as a whole: in IPv4 its first, the network's own, and its
    /// last, the broadcast address, unless it has one or two addresses (RFC 3021); in IPv6 its first,
    /// the anycast address of its routers, unless it has one or two (RFC 6164).
    Usable,
}

impl Hosts {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Every, Self::Usable];

    /// Its name, as `usable`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Every => "every",
            Self::Usable => "usable",
        }
    }

    /// The addresses of a network that hosts may have.
    pub fn of<A: Address>(self, network: Prefix<A>) -> Interval<A> {
        let (first, last) = (network.first(), network.last());
        let is_small = network.length().host_bits() <= 1;
        let usable = match (self, A::FAMILY) {
            (Self::Usable, Family::Ipv4 | Family::Toy) if !is_small => first.next().zip(last.previous()),
            (Self::Usable, Family::Ipv6) if !is_small => first.next().map(|second| (second, last)),
            _ => None,
        };
        let (first, last) = usable.unwrap_or((first, last));
        Interval::ordered(first, last)
    }
}

impl fmt::Display for Hosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Hosts {
    type Err = IpamError;

    /// # Errors
    /// `ipam.unknown_word`.
    fn from_str(text: &str) -> Result<Self, IpamError> {
        Self::ALL.into_iter().find(|hosts| hosts.name() == text).ok_or_else(|| IpamError::UnknownWord {
            what: "choice of hosts",
            text: text.to_owned(),
            known: "every, usable",
        })
    }
}

impl<A: Address> Pool<A> {
    /// The first free address for a host in the pool's network; `None` where there is none.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::ipam::{Hosts, Ipv4, Pool};
    ///
    /// let pool = Pool::<Ipv4>::within("10.0.0.0/24".parse()?, ["10.0.0.1-10.0.0.4".parse()?]);
    /// assert_eq!(pool.first_host(Hosts::Usable), Some("10.0.0.5".parse()?));
    /// assert_eq!(pool.first_host(Hosts::Every), Some("10.0.0.0".parse()?));
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    ///
    /// # Rule
    /// R-I7
    pub fn first_host(&self, hosts: Hosts) -> Option<A> {
        let usable = hosts.of(self.network());
        self.free().iter().find_map(|free| free.overlap(usable)).map(Interval::first)
    }
}
