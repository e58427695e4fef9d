//! The address ranges, in the family of the first text of a call.

pub(crate) mod allocate;
pub(crate) mod compare;
pub(crate) mod life;
pub(crate) mod minimal;
pub(crate) mod plan;
pub(crate) mod range;
mod row;
pub(crate) mod set;
pub(crate) mod split;
pub(crate) mod text;
pub(crate) mod usage;

/// Calls a function in the family of a text: a colon makes it IPv6.
macro_rules! by_family {
    ($text:expr, $call:ident($($argument:expr),*)) => {
        if $text.contains(':') { $call::<counterfoil::ipam::Ipv6>($($argument),*) } else { $call::<counterfoil::ipam::Ipv4>($($argument),*) }
    };
}
use by_family;
