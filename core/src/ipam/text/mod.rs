//! Text at the edge (R-I2).
//!
//! Canonical text takes one pass over its bytes ([`Grammar::scan`]). What that pass does not take is read
//! again, slowly, by [`read`]: it tells what is wrong, or reads the text as a [`Reading`] allows.

mod ipv4;
mod ipv6;
mod json;
mod read;
mod readable;
mod reading;
mod shape;
mod toy;

pub(super) use read::read_either;
pub use readable::Readable;
pub(super) use readable::sealed::Read;
pub use reading::{HostBits, Mapped, Masks, Numbers, Reading, Shapes, Spaces, Spelling};

use super::{Interval, Prefix, PrefixLen, Range};
use crate::error::IpamError;
use std::str::FromStr;

/// How the addresses of a family are written.
pub trait Grammar: Sized {
    /// A canonical address at the beginning of a text, and what follows. What follows may continue the
    /// address, as in `1.2.3.45` after `1.2.3.4`: it is for the caller to demand a separator or the end.
    fn scan(text: &[u8]) -> Option<(Self, &[u8])>;

    /// The address that the whole text spells, canonically or not.
    fn spelled(text: &str) -> Option<Self>;

    /// Adds the canonical text.
    fn push(self, to: &mut String);
}

/// A length at the beginning of a text, and what follows.
fn scan_length<A: super::Address>(text: &[u8]) -> Option<(PrefixLen<A>, &[u8])> {
    let (bits, rest) = scan_decimal(text)?;
    PrefixLen::within(bits).map(|length| (length, rest))
}

/// A number up to 255 without leading zeros. At most three digits are taken.
fn scan_decimal(text: &[u8]) -> Option<(u8, &[u8])> {
    match *text {
        [b'0', ref rest @ ..] => Some((0, rest)),
        [a @ b'1'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', ref rest @ ..] => {
            let tens = digit(a).wrapping_mul(10).wrapping_add(digit(b));
            tens.checked_mul(10)?.checked_add(digit(c)).map(|number| (number, rest))
        }
        [a @ b'1'..=b'9', b @ b'0'..=b'9', ref rest @ ..] => {
            Some((digit(a).wrapping_mul(10).wrapping_add(digit(b)), rest))
        }
        [a @ b'1'..=b'9', ref rest @ ..] => Some((digit(a), rest)),
        _ => None,
    }
}

fn digit(text: u8) -> u8 {
    text.wrapping_sub(b'0')
}

/// A number up to 255.
fn push_decimal(number: u8, to: &mut String) {
    let (tens, ones) = (number / 10, number % 10);
    let mut push = |digit: u8| to.push(char::from(b'0'.wrapping_add(digit)));
    if tens >= 10 {
        push(tens / 10);
    }
    if tens > 0 {
        push(tens % 10);
    }
    push(ones);
}

macro_rules! from_str {
    ($($(#[$about:meta])* $name:ident;)*) => { $(
        impl<A: super::Address> FromStr for $name<A> {
            type Err = IpamError;

            $(#[$about])*
            fn from_str(text: &str) -> Result<Self, IpamError> {
                Reading::STRICT.read(text)
            }
        }
    )* };
}
from_str! {
    /// Digits without a sign or leading zeros.
    ///
    /// # Errors
    /// `ipam.length`.
    PrefixLen;
    /// `10.0.0.0/8`, strictly; [`Reading`] says what else can be read.
    ///
    /// # Errors
    /// In this order: `ipam.format` without one `/`; `ipam.mixed_families` and `ipam.address`; `ipam.length`;
    /// `ipam.not_canonical`; `ipam.host_bits`.
    Prefix;
    /// `10.0.0.1-10.0.0.200`, strictly; [`Reading`] says what else can be read.
    ///
    /// # Errors
    /// In this order: `ipam.format` without one `-`; `ipam.mixed_families` and `ipam.address`;
    /// `ipam.not_canonical`; `ipam.reversed`.
    Interval;
    /// `10.0.0.1-10.0.0.200/24`, or `10.0.0.0/24` for a full one, strictly; [`Reading`] says what else can be read.
    ///
    /// # Errors
    /// Those of [`Prefix`] and [`Interval`]; then `ipam.not_one_network`.
    Range;
}

impl<A: super::Address> TryFrom<u8> for PrefixLen<A> {
    type Error = IpamError;

    /// As [`new`](Self::new).
    fn try_from(bits: u8) -> Result<Self, IpamError> {
        Self::new(bits)
    }
}
