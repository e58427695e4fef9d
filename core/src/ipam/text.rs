//! Text at the edge, strictly (R-I2).

use super::{Address, Family, Interval, Ipv4, Ipv6, Prefix, PrefixLen, Range, Toy};
use crate::error::{IpamError, excerpt};
use std::{
    net::{Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

pub(super) fn ipv4(text: &str) -> Result<Ipv4, IpamError> {
    one_family::<Ipv4>(text)?;
    text.parse::<Ipv4Addr>().map(Ipv4::from).map_err(|_| address::<Ipv4>(text))
}

pub(super) fn ipv6(text: &str) -> Result<Ipv6, IpamError> {
    one_family::<Ipv6>(text)?;
    text.parse::<Ipv6Addr>().map(Ipv6::from).map_err(|_| address::<Ipv6>(text))
}

pub(super) fn toy(text: &str) -> Result<Toy, IpamError> {
    text.parse::<u8>().ok().filter(|bits| bits.to_string() == text).map(Toy::new).ok_or_else(|| address::<Toy>(text))
}

/// A well-formed address of the other family deserves an error of its own.
fn one_family<A: Address>(text: &str) -> Result<(), IpamError> {
    let is_other = match A::FAMILY {
        Family::Ipv4 => text.parse::<Ipv6Addr>().is_ok(),
        Family::Ipv6 => text.parse::<Ipv4Addr>().is_ok(),
        Family::Toy => false,
    };
    if is_other {
        return Err(IpamError::MixedFamilies { text: excerpt(text), expected: A::FAMILY.name() });
    }
    Ok(())
}

fn address<A: Address>(text: &str) -> IpamError {
    IpamError::Address { text: excerpt(text), family: A::FAMILY.name() }
}

impl<A: Address> FromStr for PrefixLen<A> {
    type Err = IpamError;

    /// Digits without a sign or leading zeros.
    ///
    /// # Errors
    /// `ipam.length`.
    fn from_str(text: &str) -> Result<Self, IpamError> {
        let wrong = || IpamError::Length { family: A::FAMILY.name(), length: excerpt(text), longest: A::WIDTH };
        let bits = text.parse::<u8>().ok().filter(|bits| bits.to_string() == text).ok_or_else(wrong)?;
        Self::new(bits)
    }
}

impl<A: Address> TryFrom<u8> for PrefixLen<A> {
    type Error = IpamError;

    /// As [`new`](Self::new).
    fn try_from(bits: u8) -> Result<Self, IpamError> {
        Self::new(bits)
    }
}

impl<A: Address> FromStr for Prefix<A> {
    type Err = IpamError;

    /// `10.0.0.0/8`.
    ///
    /// # Errors
    /// `ipam.format` without a `/`; those of the address and of the length; `ipam.host_bits`.
    fn from_str(text: &str) -> Result<Self, IpamError> {
        let (network, length) = text.split_once('/').ok_or_else(|| format(text, "`network/length`"))?;
        Self::new(A::parse(network)?, length.parse()?)
    }
}

impl<A: Address> FromStr for Interval<A> {
    type Err = IpamError;

    /// `10.0.0.1-10.0.0.200`.
    ///
    /// # Errors
    /// `ipam.format` without a `-`; those of the addresses; `ipam.reversed`.
    fn from_str(text: &str) -> Result<Self, IpamError> {
        let (first, last) = text.split_once('-').ok_or_else(|| format(text, "`first-last`"))?;
        Self::new(A::parse(first)?, A::parse(last)?)
    }
}

impl<A: Address> FromStr for Range<A> {
    type Err = IpamError;

    /// `10.0.0.1-10.0.0.200/24`, or `10.0.0.0/24` for a full one.
    ///
    /// # Errors
    /// Those of [`Interval`] and [`PrefixLen`]; `ipam.not_one_network`.
    fn from_str(text: &str) -> Result<Self, IpamError> {
        let (interval, length) = text.split_once('/').ok_or_else(|| format(text, "`first-last/length`"))?;
        if interval.contains('-') {
            return Self::new(interval.parse()?, length.parse()?);
        }
        text.parse::<Prefix<A>>().map(Self::from)
    }
}

fn format(text: &str, shape: &'static str) -> IpamError {
    IpamError::Format { text: excerpt(text), shape }
}
