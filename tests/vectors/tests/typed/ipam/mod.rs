//! The address ranges, in the family of the first text of a call.

pub(crate) mod range;
pub(crate) mod text;

/// Calls a function in the family of a text: a colon makes it IPv6.
macro_rules! by_family {
    ($text:expr, $call:ident($($argument:expr),*)) => {
        if $text.contains(':') { $call::<counterfoil::ipam::Ipv6>($($argument),*) } else { $call::<counterfoil::ipam::Ipv4>($($argument),*) }
    };
}
use by_family;
