//! Lengths as masks.

use super::{Address, PrefixLen};
use crate::error::IpamError;

impl<A: Address> PrefixLen<A> {
    /// The netmask: ones where the network is named, `255.255.255.0` of 24.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::ipam::{Ipv4, PrefixLen};
    ///
    /// let length = PrefixLen::<Ipv4>::new(22)?;
    /// assert_eq!(length.netmask().to_string(), "255.255.252.0");
    /// assert_eq!(length.hostmask().to_string(), "0.0.3.255");
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    ///
    /// # Rule
    /// R-I2
    pub fn netmask(self) -> A {
        A::LAST.network(self)
    }

    /// The hostmask, also *wildcard mask*: ones where hosts are, `0.0.0.255` of 24.
    ///
    /// # Rule
    /// R-I2
    pub fn hostmask(self) -> A {
        A::FIRST.broadcast(self)
    }

    /// The length of a netmask.
    ///
    /// # Errors
    /// `ipam.mask` where it is not ones and then zeros.
    ///
    /// # Rule
    /// R-I2
    pub fn of_netmask(mask: A) -> Result<Self, IpamError> {
        Self::netmasked(mask).ok_or_else(|| wrong(mask, "netmask"))
    }

    /// The length of a hostmask.
    ///
    /// # Errors
    /// `ipam.mask` where it is not zeros and then ones.
    ///
    /// # Rule
    /// R-I2
    pub fn of_hostmask(mask: A) -> Result<Self, IpamError> {
        Self::hostmasked(mask).ok_or_else(|| wrong(mask, "hostmask"))
    }

    /// The length of a netmask, or else of a hostmask. The two masks that are both, all zeros and all
    /// ones, are netmasks: of 0 and of W.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::ipam::{Address, Ipv4, PrefixLen};
    ///
    /// let length = |mask: &str| PrefixLen::of_mask(Ipv4::parse(mask)?).map(PrefixLen::get);
    /// assert_eq!((length("255.0.0.0")?, length("0.255.255.255")?), (8, 8));
    /// assert_eq!((length("0.0.0.0")?, length("255.255.255.255")?), (0, 32));
    /// assert_eq!(length("255.0.255.0").unwrap_err().code(), "ipam.mask");
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    ///
    /// # Errors
    /// `ipam.mask` where it is neither.
    ///
    /// # Rule
    /// R-I2
    pub fn of_mask(mask: A) -> Result<Self, IpamError> {
        Self::netmasked(mask).or_else(|| Self::hostmasked(mask)).ok_or_else(|| wrong(mask, "netmask or hostmask"))
    }

    fn netmasked(mask: A) -> Option<Self> {
        Self::within(A::LAST.common_length(mask)).filter(|length| length.netmask() == mask)
    }

    fn hostmasked(mask: A) -> Option<Self> {
        Self::within(A::FIRST.common_length(mask)).filter(|length| length.hostmask() == mask)
    }
}

fn wrong<A: Address>(mask: A, kind: &'static str) -> IpamError {
    IpamError::Mask { mask: mask.to_string(), kind }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::{Ipv4, Ipv6, Toy};

    #[test]
    fn every_mask_of_the_toy_family() {
        for mask in (0..=u8::MAX).map(Toy::new) {
            let bits = format!("{:08b}", mask.get());
            let ones_first = !bits.contains("01");
            let zeros_first = !bits.contains("10");
            let ones = u8::try_from(mask.get().count_ones()).unwrap();
            let netmask = ones_first.then_some(ones);
            let hostmask = zeros_first.then_some(8 - ones);
            assert_eq!(PrefixLen::of_netmask(mask).ok().map(PrefixLen::get), netmask, "{bits}");
            assert_eq!(PrefixLen::of_hostmask(mask).ok().map(PrefixLen::get), hostmask, "{bits}");
            assert_eq!(PrefixLen::of_mask(mask).ok().map(PrefixLen::get), netmask.or(hostmask), "{bits}");
        }
    }

    fn every_length_and_back<A: Address>() {
        for length in (0..=A::WIDTH).map(|bits| PrefixLen::<A>::new(bits).unwrap()) {
            assert_eq!(PrefixLen::of_netmask(length.netmask()), Ok(length));
            assert_eq!(PrefixLen::of_hostmask(length.hostmask()), Ok(length));
            assert_eq!(PrefixLen::of_mask(length.netmask()), Ok(length));
            let is_both = length == PrefixLen::WHOLE || length == PrefixLen::HOST;
            assert_eq!(PrefixLen::of_mask(length.hostmask()) == Ok(length), !is_both, "{length}");
        }
    }

    #[test]
    fn every_length_has_its_masks() {
        every_length_and_back::<Ipv4>();
        every_length_and_back::<Ipv6>();
        every_length_and_back::<Toy>();
    }
}
