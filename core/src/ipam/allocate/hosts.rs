use super::Pool;
use crate::ipam::{Address, Family, Interval, Prefix};

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
