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
//!
//! An answer lists 10000 pieces of a split or of a minimal plan at most, whatever limit the call names.

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

/// The most pieces in one answer. A split goes on in pages; a minimal plan also says its runs, which are few.
const MOST_PIECES: usize = 10_000;

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

#[cfg(test)]
mod tests {
    use super::super::evaluate;

    fn answer(name: &str, input: &str) -> serde_json::Value {
        serde_json::from_str(&evaluate(name, input)).unwrap()
    }

    #[test]
    fn a_short_call_lists_no_more_than_a_page() {
        let plan = |limit: &str| {
            let demand = r#"{"length": 32, "count": "4294967296"}"#;
            answer(
                "ipam.minimal_plan",
                &format!(r#"{{"range": "0.0.0.0/0", "demands": [{demand}], "limit": {limit}}}"#),
            )
        };
        let error = plan("4294967296");
        assert_eq!(error["error"]["code"], "ipam.minimal_plan_too_long");
        assert_eq!(error["error"]["details"]["pieces"], "4294967296");
        assert_eq!(error["error"]["details"]["limit"], "10000");
        assert_eq!(plan("null")["ok"]["runs"][0]["count"], "4294967296", "counted, and not listed");
    }

    #[test]
    fn rows_without_supernets_are_of_their_own_family() {
        let rows = r#"[{"id": "r", "range": "2001:db8::/32", "status": "wait"}]"#;
        let input = format!(r#"{{"supernets": [], "rows": {rows}, "percent": {{"digits": 0, "mode": "down"}}}}"#);
        assert_eq!(evaluate("ipam.usage", &input), r#"{"ok":[]}"#);
    }
}
