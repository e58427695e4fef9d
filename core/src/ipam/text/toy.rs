//! `200`: a number up to 255.

use super::{Grammar, push_decimal, scan_decimal};
use crate::ipam::Toy;

impl Grammar for Toy {
    fn scan(text: &[u8]) -> Option<(Self, &[u8])> {
        scan_decimal(text).map(|(bits, rest)| (Self::new(bits), rest))
    }

    fn spelled(text: &str) -> Option<Self> {
        text.parse::<u8>().ok().filter(|bits| bits.to_string() == text).map(Self::new)
    }

    fn push(self, to: &mut String) {
        push_decimal(self.get(), to);
    }
}
