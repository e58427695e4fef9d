//! What is kept of one family behind a handle that is of either.

use super::{pieces::Pieces, range::Range};
use crate::border::{
    Fault, Result,
    address::{address_of, range_of_text},
    number::shown,
    text::{self, unicode},
};
use counterfoil::{
    error::{IpamError, excerpt},
    ipam::{self, Address, Interval, IpAddress, IpRange, Ipv4, Ipv6, PrefixLen, Size},
};
use pyo3::{
    prelude::*,
    types::{PyBool, PyInt, PyString},
};

/// One value of the one family or one of the other: behind a handle, which is of either.
pub(super) enum Either<V4, V6> {
    V4(V4),
    V6(V6),
}

/// Does the same with what is of either family.
macro_rules! each {
    ($either:expr, $of:ident => $do:expr) => {
        match $either {
            $crate::ipam::family::Either::V4($of) => $do,
            $crate::ipam::family::Either::V6($of) => $do,
        }
    };
}
pub(super) use each;

/// The same of the core's values of either family.
macro_rules! each_range {
    ($range:expr, $of:ident => $do:expr) => {
        match $range {
            counterfoil::ipam::IpRange::V4($of) => $do,
            counterfoil::ipam::IpRange::V6($of) => $do,
        }
    };
}
pub(super) use each_range;

/// Of which family a handle can be: the two of the internet.
pub(super) trait Side: Address + Into<IpAddress> {
    fn of_range(range: IpRange) -> std::result::Result<ipam::Range<Self>, IpamError>;
    /// The range of a handle; none where it is of the other family.
    fn of_handle(range: &IpRange) -> Option<ipam::Range<Self>>;
    fn of_address(address: IpAddress) -> std::result::Result<Self, IpamError>;
    fn range(range: ipam::Range<Self>) -> IpRange;
    fn pieces(pieces: Pieces<Self>) -> Either<Pieces<Ipv4>, Pieces<Ipv6>>;
    fn set(set: ipam::IpSet<Self>) -> Either<ipam::IpSet<Ipv4>, ipam::IpSet<Ipv6>>;
    /// Pieces of this family; none where they are of the other.
    fn of_pieces(pieces: &Either<Pieces<Ipv4>, Pieces<Ipv6>>) -> Option<&Pieces<Self>>;
}

macro_rules! side {
    ($($name:ident $variant:ident),*) => { $(impl Side for $name {
        fn of_range(range: IpRange) -> std::result::Result<ipam::Range<Self>, IpamError> {
            range.try_into()
        }

        fn of_handle(range: &IpRange) -> Option<ipam::Range<Self>> {
            match range {
                IpRange::$variant(range) => Some(*range),
                _ => None,
            }
        }

        fn of_address(address: IpAddress) -> std::result::Result<Self, IpamError> {
            address.try_into()
        }

        fn range(range: ipam::Range<Self>) -> IpRange {
            IpRange::$variant(range)
        }

        fn pieces(pieces: Pieces<Self>) -> Either<Pieces<Ipv4>, Pieces<Ipv6>> {
            Either::$variant(pieces)
        }

        fn set(set: ipam::IpSet<Self>) -> Either<ipam::IpSet<Ipv4>, ipam::IpSet<Ipv6>> {
            Either::$variant(set)
        }

        fn of_pieces(pieces: &Either<Pieces<Ipv4>, Pieces<Ipv6>>) -> Option<&Pieces<Self>> {
            match pieces {
                Either::$variant(pieces) => Some(pieces),
                _ => None,
            }
        }
    })* };
}
side!(Ipv4 V4, Ipv6 V6);

/// Reads a range in a family: ours, text, or an object of `ipaddress`.
pub(super) fn range_in<A: Side>(value: &Bound<'_, PyAny>, at: &str) -> Result<ipam::Range<A>> {
    // Ours first: a list of many has them most often.
    if let Ok(range) = value.cast::<Range>() {
        return Ok(A::of_range(*range.get().inner())?);
    }
    match value.cast::<PyString>() {
        Ok(text) => range_of_text(unicode(text, at)?),
        Err(_) => Ok(A::of_range(Range::read(value, at)?)?),
    }
}

/// Reads the ends of a range in a family; an address is both of its own.
pub(super) fn interval_in<A: Side>(value: &Bound<'_, PyAny>, at: &str) -> Result<Interval<A>> {
    range_in(value, at).map(ipam::Range::interval)
}

/// Reads an address in a family.
pub(super) fn address_in<A: Side>(value: &Bound<'_, PyAny>, at: &str) -> Result<A> {
    Ok(A::of_address(address_of(value, at)?)?)
}

/// Reads a prefix length: an `int` that is no `bool`; any that the family does not have is `ipam.length`.
pub(super) fn length_in<A: Address>(value: &Bound<'_, PyAny>, at: &str) -> Result<PrefixLen<A>> {
    if !value.is_instance_of::<PyInt>() || value.is_instance_of::<PyBool>() {
        return Err(Fault::bad_input(at, format!("{} is no prefix length: pass an `int`", shown(value))));
    }
    match value.extract::<u8>() {
        Ok(bits) => Ok(PrefixLen::new(bits)?),
        Err(_) => {
            let length = excerpt(&text::repr(value));
            Err(IpamError::Length { family: A::FAMILY.name(), length, longest: A::WIDTH }.into())
        }
    }
}

/// A size as an `int`: up to 2^128, which is one more than any integer of the core.
pub(super) fn size_out(py: Python<'_>, size: Size) -> PyResult<Bound<'_, PyAny>> {
    match size.to_u128() {
        Some(size) => Ok(size.into_pyobject(py)?.into_any()),
        None => py.get_type::<PyInt>().call1((size.to_string(),)),
    }
}
