//! The slow reading: what the pass over canonical text does not take is read as a [`Reading`] allows, or
//! its fault is told. What can not be read at all is told before what is not allowed.

use super::{Grammar, HostBits, Mapped, Masks, Numbers, Reading, Shapes, Spaces, Spelling, scan_length, shape::Shape};
use crate::{
    error::{IpamError, excerpt},
    ipam::{Address, Family, Ipv4, Ipv6, PrefixLen},
};

/// What is of one family and has a shape.
pub(in crate::ipam) trait Shaped<A>: Sized {
    /// What it is written as.
    const SHAPES: &'static str;

    /// The text in its parts.
    fn parts(text: &str) -> Option<Shape<&str, &str>> {
        Shape::of(text)
    }

    /// Whether it is read from a shape.
    fn takes(shape: &Shape<&str, &str>, shapes: Shapes) -> bool;

    /// What a shape means; `None` of a shape that is not taken.
    fn meant(shape: Shape<A, PrefixLen<A>>, host_bits: HostBits) -> Result<Option<Self>, IpamError>;
}

/// Reads in one family.
pub(super) fn read<A: Address, T: Shaped<A>>(reading: Reading, text: &str) -> Result<T, IpamError> {
    let parts = parts::<A, T>(reading, text)?;
    if A::FAMILY == Family::Ipv4 && reading.mapped == Mapped::AsIpv4 && text.contains(':') {
        let shape = shape::<Ipv6>(reading, text, parts)?.unmapped();
        return meant(reading, text, shape.ok_or_else(|| mixed_families::<A>(text))?);
    }
    meant(reading, text, shape(reading, text, parts)?)
}

/// Reads in the family of the text: the one or the other.
pub(in crate::ipam) fn read_either<F: Shaped<Ipv4>, S: Shaped<Ipv6>, T: From<F> + From<S>>(
    reading: Reading,
    text: &str,
) -> Result<T, IpamError> {
    if Family::of(text) == Family::Ipv6 {
        let shape = shape::<Ipv6>(reading, text, parts::<Ipv6, S>(reading, text)?)?;
        return match shape.unmapped().filter(|_| reading.mapped == Mapped::AsIpv4) {
            Some(shape) => meant::<Ipv4, F>(reading, text, shape).map(T::from),
            None => meant::<Ipv6, S>(reading, text, shape).map(T::from),
        };
    }
    let parts = parts::<Ipv4, F>(reading, text)?;
    if reading.numbers == Numbers::Read && matches!(parts, Shape::One(one) | Shape::Ends(one, _) if is_number(one)) {
        return Err(IpamError::FamilyUnknown { text: excerpt(text) });
    }
    meant::<Ipv4, F>(reading, text, shape(reading, text, parts)?).map(T::from)
}

fn parts<A, T: Shaped<A>>(reading: Reading, text: &str) -> Result<Shape<&str, &str>, IpamError> {
    let parts = T::parts(trim(reading, text)).filter(|parts| T::takes(parts, reading.shapes));
    parts.ok_or_else(|| format(text, T::SHAPES))
}

fn meant<A, T: Shaped<A>>(reading: Reading, text: &str, shape: Shape<A, PrefixLen<A>>) -> Result<T, IpamError> {
    T::meant(shape, reading.host_bits)?.ok_or_else(|| format(text, T::SHAPES))
}

fn shape<A: Address>(
    reading: Reading,
    text: &str,
    parts: Shape<&str, &str>,
) -> Result<Shape<A, PrefixLen<A>>, IpamError> {
    let parts = match parts {
        Shape::Ends(first, last) => Shape::Ends(trim(reading, first), trim(reading, last)),
        Shape::Labelled(first, last, length) => Shape::Labelled(trim(reading, first), trim(reading, last), length),
        Shape::One(_) | Shape::Network(..) => parts,
    };
    let numbers = match parts {
        Shape::One(_) => reading.numbers,
        // `1.2.3.4-9` is short for an end of its last octet to some programs: both ends in one notation, or no number.
        Shape::Ends(first, last) if A::FAMILY != Family::Toy && is_number(first) != is_number(last) => {
            if reading.numbers == Numbers::Read {
                return Err(format(text, "`first-last` with both ends in one notation"));
            }
            Numbers::Refuse
        }
        Shape::Ends(..) => reading.numbers,
        // `10/8` is short for `10.0.0.0/8` to some programs.
        Shape::Network(..) | Shape::Labelled(..) => Numbers::Refuse,
    };
    parts
        .try_map(|address| Spelled::read(address, numbers), |text| length(reading, text))?
        .try_map(|spelled| spelled.admitted(reading), Ok)
}

/// A length, or a mask where masks are allowed.
pub(super) fn length<A: Address>(reading: Reading, text: &str) -> Result<PrefixLen<A>, IpamError> {
    if let Some((length, [])) = scan_length(text.as_bytes()) {
        return Ok(length);
    }
    match A::spelled(text).filter(|_| A::FAMILY == Family::Ipv4) {
        Some(mask) if reading.masks == Masks::Netmask => PrefixLen::of_netmask(mask),
        Some(mask) if reading.masks == Masks::NetmaskOrHostmask => PrefixLen::of_mask(mask),
        _ => Err(IpamError::Length { family: A::FAMILY.name(), length: excerpt(text), longest: A::WIDTH }),
    }
}

pub(super) fn trim(reading: Reading, text: &str) -> &str {
    match reading.spaces {
        Spaces::Refuse => text,
        Spaces::Trim => text.trim_matches([' ', '\t']),
    }
}

/// A text that spells an address, in a way that may not be allowed.
struct Spelled<'t, A> {
    text: &'t str,
    address: A,
    has_zone: bool,
    is_canonical: bool,
}

impl<'t, A: Address> Spelled<'t, A> {
    fn read(text: &'t str, numbers: Numbers) -> Result<Self, IpamError> {
        if let Some(address) = A::spelled(text) {
            let is_canonical = A::scan(text.as_bytes()).is_some_and(|(_, rest)| rest.is_empty());
            return Ok(Self { text, address, has_zone: false, is_canonical });
        }
        if let Some(address) = text.split_once('%').and_then(|(address, _)| A::spelled(address)) {
            return Ok(Self { text, address, has_zone: true, is_canonical: false });
        }
        if numbers == Numbers::Read
            && let Some((digits, radix)) = number(text)
        {
            let bits = u128::from_str_radix(digits, radix).ok();
            let address = bits.and_then(A::from_bits).ok_or_else(|| beyond::<A>(text))?;
            return Ok(Self { text, address, has_zone: false, is_canonical: true });
        }
        let is_of_the_other = match A::FAMILY {
            Family::Ipv4 => Ipv6::spelled(text).is_some(),
            Family::Ipv6 => Ipv4::spelled(text).is_some(),
            Family::Toy => false,
        };
        Err(if is_of_the_other { mixed_families::<A>(text) } else { no_address::<A>(text) })
    }

    fn admitted(self, reading: Reading) -> Result<A, IpamError> {
        if self.has_zone {
            return Err(no_address::<A>(self.text));
        }
        if !self.is_canonical && reading.spelling == Spelling::Canonical {
            return Err(IpamError::NotCanonical { text: excerpt(self.text), canonical: self.address.to_string() });
        }
        Ok(self.address)
    }
}

fn is_number(text: &str) -> bool {
    number(text).is_some()
}

/// The digits of a number and what they count in: hexadecimal after `0x`, decimal without leading zeros.
fn number(text: &str) -> Option<(&str, u32)> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if text.starts_with('0') && text != "0" => return None,
        None => (text, 10),
    };
    (!digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix))).then_some((digits, radix))
}

fn no_address<A: Address>(text: &str) -> IpamError {
    IpamError::Address { text: excerpt(text), family: A::FAMILY.name() }
}

fn mixed_families<A: Address>(text: &str) -> IpamError {
    IpamError::MixedFamilies { text: excerpt(text), expected: A::FAMILY.name() }
}

fn beyond<A: Address>(text: &str) -> IpamError {
    IpamError::BeyondFamily { text: excerpt(text), family: A::FAMILY.name(), last: A::LAST.to_bits().to_string() }
}

fn format(text: &str, shape: &'static str) -> IpamError {
    IpamError::Format { text: excerpt(text), shape }
}
