//! Ranges over the wire: text in, text out, and never two families in one call (R-I2).
//!
//! | on the wire | is |
//! |---|---|
//! | `"10.0.0.0/24"` | a full range, or a network |
//! | `"10.0.0.1-10.0.0.200/24"` | a labelled range that is clipped |
//! | `"10.0.0.1-10.0.0.200"` | an interval, without a label |
//! | `24` | a prefix length |
//! | `"lenient numbers=read"` | a reading of texts: a preset and what differs from it (R-I2) |
//! | `"18446744073709551616"` | a size or a count of addresses, up to 2^128 |
//!
//! The family is that of the first text of a call; a text of the other one is `ipam.mixed_families`.

use crate::{
    error::{Error, WireError},
    wire::LONGEST_INPUT,
};

pub(super) mod allocate;
pub(super) mod compare;
pub(super) mod life;
pub(super) mod minimal;
pub(super) mod plan;
pub(super) mod range;
mod row;
pub(super) mod set;
pub(super) mod split;
pub(super) mod text;
pub(super) mod usage;

/// Calls an operation in the family of a text of its input.
macro_rules! by_family {
    ($text:expr, $call:ident($($argument:expr),*)) => {
        match crate::ipam::Family::of($text) {
            crate::ipam::Family::Ipv6 => $call::<crate::ipam::Ipv6>($($argument),*),
            _ => $call::<crate::ipam::Ipv4>($($argument),*),
        }
    };
}
use by_family;

/// Ids, owners and values of a call that its answer says again, for each range that has to do with them: a long one,
/// for many ranges, would be an answer of gigabytes to a call of a few megabytes.
#[derive(Default)]
struct Repeated {
    length: usize,
}

impl Repeated {
    const MOST: usize = 4 * LONGEST_INPUT;

    fn add(&mut self, length: usize) -> Result<(), Error> {
        self.length = self.length.saturating_add(length);
        if self.length <= Self::MOST {
            return Ok(());
        }
        Err(WireError::AnswerTooLong { length: self.length, limit: Self::MOST }.into())
    }
}
