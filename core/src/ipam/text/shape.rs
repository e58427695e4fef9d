//! The shapes that texts have, before and after their parts are read.

use crate::ipam::{Address, Ipv6, PrefixLen};

/// One address, a network, an interval, or an interval with a length: of texts, or of what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ipam) enum Shape<A, L> {
    One(A),
    Network(A, L),
    Ends(A, A),
    Labelled(A, A, L),
}

impl<'t> Shape<&'t str, &'t str> {
    /// Splits a text; `None` where it is empty, and where it has more than one `/` or more than one `-` before it.
    pub(super) fn of(text: &'t str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let (addresses, length) = match text.split_once('/') {
            Some((addresses, length)) => (addresses, Some(length)),
            None => (text, None),
        };
        let (first, last) = match addresses.split_once('-') {
            Some((first, last)) => (first, Some(last)),
            None => (addresses, None),
        };
        if length.is_some_and(|length| length.contains('/')) || last.is_some_and(|last| last.contains('-')) {
            return None;
        }
        Some(match (last, length) {
            (None, None) => Self::One(first),
            (None, Some(length)) => Self::Network(first, length),
            (Some(last), None) => Self::Ends(first, last),
            (Some(last), Some(length)) => Self::Labelled(first, last, length),
        })
    }
}

impl<A, L> Shape<A, L> {
    /// The same shape of other things: first all addresses, then the length.
    pub(super) fn try_map<B, M, E>(
        self,
        mut address: impl FnMut(A) -> Result<B, E>,
        length: impl FnOnce(L) -> Result<M, E>,
    ) -> Result<Shape<B, M>, E> {
        Ok(match self {
            Self::One(one) => Shape::One(address(one)?),
            Self::Network(network, of) => Shape::Network(address(network)?, length(of)?),
            Self::Ends(first, last) => Shape::Ends(address(first)?, address(last)?),
            Self::Labelled(first, last, of) => Shape::Labelled(address(first)?, address(last)?, length(of)?),
        })
    }
}

impl Shape<Ipv6, PrefixLen<Ipv6>> {
    /// What it is in IPv4 where all of it is mapped: a network then has at least the 96 bits of the mapping.
    pub(super) fn unmapped<A: Address>(self) -> Option<Shape<A, PrefixLen<A>>> {
        let address = |address: Ipv6| address.to_mapped_ipv4().and_then(|ipv4| A::from_bits(ipv4.to_bits()));
        let length = |length: PrefixLen<Ipv6>| length.get().checked_sub(96).and_then(PrefixLen::within);
        self.try_map(|one| address(one).ok_or(()), |of| length(of).ok_or(())).ok()
    }
}
