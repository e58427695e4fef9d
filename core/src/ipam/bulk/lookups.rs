use super::Word;
use crate::ipam::{IpSet, LookupTable};

impl<A: crate::ipam::Address, V> LookupTable<A, V> {
    /// The longest prefix that each address of a column is in, by its [`place`](crate::ipam::Match::place);
    /// none for an address that is in none. The column is emptied first.
    ///
    /// The routine of [`longest_match`](Self::longest_match), and no address has a fault.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::ipam::{Ipv4, LookupTable};
    ///
    /// let routes = [("10.0.0.0/8", "campus"), ("10.1.0.0/16", "lab")].map(|(prefix, to)| (prefix.parse().unwrap(), to));
    /// let table = LookupTable::<Ipv4, _>::new(routes)?;
    /// let mut places = Vec::new();
    /// table.longest_matches(&[0x0a01_0203_u32, 0x0a02_0304, 0x0b00_0000], &mut places);
    /// assert_eq!(places, [Some(1), Some(0), None]);
    /// assert_eq!(table.at(1).map(|(prefix, to)| (prefix.to_string(), *to)), Some(("10.1.0.0/16".into(), "lab")));
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    ///
    /// # Rule
    /// R-I10
    pub fn longest_matches<W: Word<Address = A>>(&self, addresses: &[W], places: &mut Vec<Option<u32>>) {
        places.clear();
        // There are at most 2^30 prefixes.
        let place = |address: &W| u32::try_from(self.longest_match(address.address())?.place()).ok();
        places.extend(addresses.iter().map(place));
    }
}

impl<A: crate::ipam::Address> IpSet<A> {
    /// Which addresses of a column it has. The column of answers is emptied first.
    ///
    /// The routine of [`contains`](Self::contains), and no address has a fault.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::ipam::{IpSet, Ipv4, Prefix};
    ///
    /// let set: IpSet<Ipv4> = ["10.0.0.0/8".parse::<Prefix<Ipv4>>()?].into_iter().collect();
    /// let mut has = Vec::new();
    /// set.contains_each(&[[10, 1, 2, 3], [11, 0, 0, 0]], &mut has);
    /// assert_eq!(has, [true, false]);
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    ///
    /// # Rule
    /// R-I9
    pub fn contains_each<W: Word<Address = A>>(&self, addresses: &[W], has: &mut Vec<bool>) {
        has.clear();
        has.extend(addresses.iter().map(|address| self.contains(address.address())));
    }
}
