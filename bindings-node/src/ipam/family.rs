//! What is of either family behind a border that does not know which.

use crate::border::Result;
use counterfoil::{
    error::{IpamError, excerpt},
    ipam::{Address, Family, IpRange, PrefixLen, Readable, Reading, Shapes},
};

/// As strict as ever, and in any shape that means the same addresses.
pub(super) const READING: Reading = Reading { shapes: Shapes::Any, ..Reading::STRICT };

/// One value of the one family or one of the other.
#[derive(Clone)]
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

/// Does the same with a range of either family.
macro_rules! each_range {
    ($range:expr, $of:ident => $do:expr) => {
        match $range {
            counterfoil::ipam::IpRange::V4($of) => $do,
            counterfoil::ipam::IpRange::V6($of) => $do,
        }
    };
}
pub(super) use each_range;

/// Reads a range of either family.
pub(super) fn range_of(text: &str) -> Result<IpRange> {
    Ok(READING.read(text)?)
}

/// Reads an address, a range or a network in the family of the type.
pub(super) fn read<T: Readable>(text: &str) -> Result<T> {
    Ok(READING.read(text)?)
}

/// A prefix length of a whole number, which JavaScript passes as it passes all; any that the family does not have is
/// `ipam.length`.
pub(super) fn length_of<A: Address>(bits: f64) -> Result<PrefixLen<A>> {
    match u8::try_from(bits as i64) {
        Ok(bits) => Ok(PrefixLen::new(bits)?),
        Err(_) => {
            let length = excerpt(&bits.to_string());
            Err(IpamError::Length { family: A::FAMILY.name(), length, longest: A::WIDTH }.into())
        }
    }
}

/// A family by its name.
pub(super) fn family_of(name: &str) -> Result<Family> {
    Ok(name.parse()?)
}
