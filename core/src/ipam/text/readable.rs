//! What can be read from a text, and how each is written.

use super::{
    Grammar, HostBits, Reading, Shapes, push_decimal,
    read::{self, Shaped},
    scan_length,
    shape::Shape,
};
use crate::{
    error::IpamError,
    ipam::{Address, Interval, Ipv4, Ipv6, Prefix, PrefixLen, Range, Toy},
};
use std::fmt::Display;

/// What can be read from a text: an address, a length, a network, an interval, a range.
///
/// Closed: the types of this room.
///
/// # Rule
/// R-I2
pub trait Readable: sealed::Read + Display {}

pub(in crate::ipam) mod sealed {
    use super::{IpamError, Reading};

    pub trait Read: Sized {
        /// A canonical text at the beginning of another, and what follows; it may continue the value, as for
        /// [`Grammar::scan`](super::Grammar::scan).
        fn scan(text: &[u8]) -> Option<(Self, &[u8])>;

        /// The whole text by a reading, or its fault.
        fn read(reading: Reading, text: &str) -> Result<Self, IpamError>;

        /// Adds the canonical text.
        fn push(&self, to: &mut String);
    }
}
use sealed::Read;

macro_rules! address {
    ($($name:ident),*) => { $(
        impl Readable for $name {}

        impl Read for $name {
            fn scan(text: &[u8]) -> Option<(Self, &[u8])> {
                Grammar::scan(text)
            }

            fn read(reading: Reading, text: &str) -> Result<Self, IpamError> {
                read::read::<Self, Self>(reading, text)
            }

            fn push(&self, to: &mut String) {
                Grammar::push(*self, to);
            }
        }
    )* };
}
address!(Ipv4, Ipv6, Toy);

impl<A: Address> Shaped<A> for A {
    const SHAPES: &'static str = "an address";

    fn parts(text: &str) -> Option<Shape<&str, &str>> {
        Some(Shape::One(text))
    }

    fn takes(_: &Shape<&str, &str>, _: Shapes) -> bool {
        true
    }

    fn meant(shape: Shape<A, PrefixLen<A>>, _: HostBits) -> Result<Option<Self>, IpamError> {
        Ok(match shape {
            Shape::One(address) => Some(address),
            _ => None,
        })
    }
}

impl<A: Address> Readable for PrefixLen<A> {}

impl<A: Address> Read for PrefixLen<A> {
    fn scan(text: &[u8]) -> Option<(Self, &[u8])> {
        scan_length(text)
    }

    fn read(reading: Reading, text: &str) -> Result<Self, IpamError> {
        read::length(reading, read::trim(reading, text))
    }

    fn push(&self, to: &mut String) {
        push_decimal(self.get(), to);
    }
}

impl<A: Address> Readable for Prefix<A> {}

impl<A: Address> Read for Prefix<A> {
    fn scan(text: &[u8]) -> Option<(Self, &[u8])> {
        let (network, rest) = A::scan(text)?;
        let (length, rest) = scan_length(rest.strip_prefix(b"/")?)?;
        let prefix = Self::containing(network, length);
        (prefix.first() == network).then_some((prefix, rest))
    }

    fn read(reading: Reading, text: &str) -> Result<Self, IpamError> {
        read::read::<A, Self>(reading, text)
    }

    fn push(&self, to: &mut String) {
        Grammar::push(self.first(), to);
        to.push('/');
        self.length().push(to);
    }
}

impl<A: Address> Shaped<A> for Prefix<A> {
    const SHAPES: &'static str = "`network/length`";

    fn takes(shape: &Shape<&str, &str>, shapes: Shapes) -> bool {
        shapes == Shapes::Any || matches!(shape, Shape::Network(..))
    }

    fn meant(shape: Shape<A, PrefixLen<A>>, host_bits: HostBits) -> Result<Option<Self>, IpamError> {
        Ok(Some(match shape {
            Shape::One(address) => Self::containing(address, PrefixLen::HOST),
            Shape::Network(network, length) if host_bits == HostBits::Clear => Self::containing(network, length),
            Shape::Network(network, length) => Self::new(network, length)?,
            Shape::Ends(first, last) => tightest(first, last)?.try_into()?,
            Shape::Labelled(first, last, length) => Range::new(Interval::new(first, last)?, length)?.try_into()?,
        }))
    }
}

fn tightest<A: Address>(first: A, last: A) -> Result<Range<A>, IpamError> {
    let interval = Interval::new(first, last)?;
    Range::new(interval, interval.tightest_length())
}

impl<A: Address> Readable for Interval<A> {}

impl<A: Address> Read for Interval<A> {
    fn scan(text: &[u8]) -> Option<(Self, &[u8])> {
        let (first, rest) = A::scan(text)?;
        let (last, rest) = A::scan(rest.strip_prefix(b"-")?)?;
        (first <= last).then(|| (Self::ordered(first, last), rest))
    }

    fn read(reading: Reading, text: &str) -> Result<Self, IpamError> {
        read::read::<A, Self>(reading, text)
    }

    fn push(&self, to: &mut String) {
        Grammar::push(self.first(), to);
        to.push('-');
        Grammar::push(self.last(), to);
    }
}

impl<A: Address> Shaped<A> for Interval<A> {
    const SHAPES: &'static str = "`first-last`";

    /// Never one with a length, which would be lost.
    fn takes(shape: &Shape<&str, &str>, shapes: Shapes) -> bool {
        match shape {
            Shape::Ends(..) => true,
            Shape::One(_) | Shape::Network(..) => shapes == Shapes::Any,
            Shape::Labelled(..) => false,
        }
    }

    fn meant(shape: Shape<A, PrefixLen<A>>, host_bits: HostBits) -> Result<Option<Self>, IpamError> {
        Ok(match shape {
            Shape::Ends(first, last) => Some(Self::new(first, last)?),
            Shape::One(_) | Shape::Network(..) => Prefix::meant(shape, host_bits)?.map(Prefix::interval),
            Shape::Labelled(..) => None,
        })
    }
}

impl<A: Address> Readable for Range<A> {}

impl<A: Address> Read for Range<A> {
    /// Also a full range with both ends, which is written shorter.
    fn scan(text: &[u8]) -> Option<(Self, &[u8])> {
        if let Some((prefix, rest)) = Prefix::scan(text) {
            return Some((prefix.into(), rest));
        }
        let (interval, rest) = Interval::scan(text)?;
        let (length, rest) = scan_length(rest.strip_prefix(b"/")?)?;
        let range = Self::clipped(Prefix::containing(interval.first(), length), interval)?;
        (range.interval() == interval).then_some((range, rest))
    }

    fn read(reading: Reading, text: &str) -> Result<Self, IpamError> {
        read::read::<A, Self>(reading, text)
    }

    fn push(&self, to: &mut String) {
        if self.is_full() {
            return self.network().push(to);
        }
        self.interval().push(to);
        to.push('/');
        self.length().push(to);
    }
}

impl<A: Address> Shaped<A> for Range<A> {
    const SHAPES: &'static str = "`network/length` or `first-last/length`";

    fn takes(shape: &Shape<&str, &str>, shapes: Shapes) -> bool {
        shapes == Shapes::Any || matches!(shape, Shape::Network(..) | Shape::Labelled(..))
    }

    fn meant(shape: Shape<A, PrefixLen<A>>, host_bits: HostBits) -> Result<Option<Self>, IpamError> {
        Ok(match shape {
            Shape::One(_) | Shape::Network(..) => Prefix::meant(shape, host_bits)?.map(Self::from),
            Shape::Ends(first, last) => Some(tightest(first, last)?),
            Shape::Labelled(first, last, length) => Some(Self::new(Interval::new(first, last)?, length)?),
        })
    }
}
