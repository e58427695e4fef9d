//! `10.0.0.1`: four numbers up to 255, without leading zeros, which other programs read as octal
//! (CVE-2021-29921). There is one spelling, and it is canonical.

use super::{Grammar, push_decimal, scan_decimal};
use crate::ipam::Ipv4;
use std::net::Ipv4Addr;

impl Grammar for Ipv4 {
    fn scan(text: &[u8]) -> Option<(Self, &[u8])> {
        let (a, rest) = scan_decimal(text)?;
        let (b, rest) = scan_decimal(rest.strip_prefix(b".")?)?;
        let (c, rest) = scan_decimal(rest.strip_prefix(b".")?)?;
        let (d, rest) = scan_decimal(rest.strip_prefix(b".")?)?;
        Some((Self::new(u32::from_be_bytes([a, b, c, d])), rest))
    }

    fn spelled(text: &str) -> Option<Self> {
        text.parse::<Ipv4Addr>().ok().map(Self::from)
    }

    fn push(self, to: &mut String) {
        let [a, b, c, d] = self.get().to_be_bytes();
        push_decimal(a, to);
        for octet in [b, c, d] {
            to.push('.');
            push_decimal(octet, to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_an_octet() {
        for number in 0..=999_u16 {
            for text in [format!("{number}"), format!("{number:02}"), format!("{number:03}"), format!("{number:04}")] {
                let text = format!("1.2.3.{text}");
                let read = Ipv4::scan(text.as_bytes()).filter(|(_, rest)| rest.is_empty()).map(|(address, _)| address);
                assert_eq!(read, Ipv4::spelled(&text), "{text}");
            }
        }
    }

    #[test]
    fn what_follows_is_left() {
        assert_eq!(Ipv4::scan(b"1.2.3.4/8"), Some((Ipv4::new(0x0102_0304), &b"/8"[..])));
        assert_eq!(Ipv4::scan(b"1.2.3.01"), Some((Ipv4::new(0x0102_0300), &b"1"[..])));
        for text in ["", ".", "1.2.3", "1.2.3.", "1..2.3", "1.2.3.a", "256.0.0.0", "01.2.3.4", "+1.2.3.4"] {
            assert_eq!(Ipv4::scan(text.as_bytes()), None, "{text}");
        }
    }
}
