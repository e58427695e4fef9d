//! `2001:db8::1`, as RFC 5952 writes it: lower case, no leading zeros, `::` for the longest run of zero
//! groups (the first of equal ones, never a single group), and the last 32 bits of an IPv4-mapped
//! address dotted.

use super::{Grammar, push_decimal};
use crate::ipam::{Ipv4, Ipv6};
use std::net::Ipv6Addr;

/// The first 96 bits of an IPv4-mapped address, above 32 zeros.
const MAPPED: u128 = 0xffff_0000_0000;
const LAST_32: u128 = 0xffff_ffff;
/// The groups of an address.
const GROUPS: u32 = 8;

impl Ipv6 {
    /// The IPv4 address of an IPv4-mapped one, `::ffff:10.0.0.1`; `None` of any other.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::ipam::{Address, Ipv6};
    ///
    /// let mapped = Ipv6::parse("::ffff:192.168.1.1")?;
    /// assert_eq!(mapped.to_mapped_ipv4().map(|address| address.to_string()), Some("192.168.1.1".to_owned()));
    /// assert_eq!(Ipv6::parse("::1")?.to_mapped_ipv4(), None);
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    ///
    /// # Rule
    /// R-I2
    pub fn to_mapped_ipv4(self) -> Option<Ipv4> {
        let bits = u32::try_from(self.get() ^ MAPPED).ok()?;
        Some(Ipv4::new(bits))
    }
}

impl Grammar for Ipv6 {
    fn scan(text: &[u8]) -> Option<(Self, &[u8])> {
        if let Some((ipv4, rest)) = text.strip_prefix(b"::ffff:").and_then(Ipv4::scan) {
            return Some((Self::new(MAPPED | u128::from(ipv4.get())), rest));
        }
        let (head, rest) = Run::scan(text);
        let (bits, rest) = if head.groups == GROUPS {
            (head.longest < 2).then_some((head.bits, rest))?
        } else {
            let (tail, rest) = Run::scan(rest.strip_prefix(b"::")?);
            let zeros = GROUPS.checked_sub(head.groups.saturating_add(tail.groups))?;
            // A run before this one is shorter, one after it no longer, and none of them touches it.
            let is_longest = zeros >= 2 && head.longest < zeros && tail.longest <= zeros;
            if !is_longest || head.ends_in_zero || tail.begins_with_zero {
                return None;
            }
            let shift = GROUPS.wrapping_sub(head.groups).wrapping_mul(16);
            (head.bits.checked_shl(shift).unwrap_or(0) | tail.bits, rest)
        };
        (bits & !LAST_32 != MAPPED).then_some((Self::new(bits), rest))
    }

    fn spelled(text: &str) -> Option<Self> {
        text.parse::<Ipv6Addr>().ok().map(Self::from)
    }

    fn push(self, to: &mut String) {
        if let Some(ipv4) = self.to_mapped_ipv4() {
            to.push_str("::ffff:");
            return ipv4.push(to);
        }
        let groups = Ipv6Addr::from(self).segments();
        let zeros = longest_zeros(groups);
        let mut separate = false;
        for (place, group) in groups.into_iter().enumerate() {
            if zeros.contains(&place) {
                if place == zeros.start {
                    to.push_str("::");
                }
                separate = false;
                continue;
            }
            if separate {
                to.push(':');
            }
            push_group(group, to);
            separate = true;
        }
    }
}

/// Groups with a colon between them, and what is to be known of the zeros among them.
#[derive(Default)]
struct Run {
    bits: u128,
    groups: u32,
    /// The longest run of zero groups.
    longest: u32,
    begins_with_zero: bool,
    ends_in_zero: bool,
}

impl Run {
    /// As many groups as there are, up to all; stops before a `::` and before what is no group.
    fn scan(mut text: &[u8]) -> (Self, &[u8]) {
        let mut run = Self::default();
        let mut zeros = 0_u32;
        while let Some((group, rest)) = scan_group(text) {
            run.ends_in_zero = group == 0;
            zeros = if run.ends_in_zero { zeros.wrapping_add(1) } else { 0 };
            run.longest = run.longest.max(zeros);
            run.begins_with_zero |= run.ends_in_zero && run.groups == 0;
            run.bits = run.bits.wrapping_shl(16) | u128::from(group);
            run.groups = run.groups.wrapping_add(1);
            match rest {
                [b':', after @ ..] if run.groups < GROUPS && hexadecimal(after).is_some() => text = after,
                _ => return (run, rest),
            }
        }
        (run, text)
    }
}

/// Up to four hexadecimal digits in lower case, without leading zeros.
fn scan_group(text: &[u8]) -> Option<(u16, &[u8])> {
    let (first, mut rest) = hexadecimal(text)?;
    let mut group = first;
    if first != 0 {
        for _ in 0..3 {
            let Some((digit, after)) = hexadecimal(rest) else { break };
            (group, rest) = (group.wrapping_shl(4) | digit, after);
        }
    }
    Some((group, rest))
}

fn hexadecimal(text: &[u8]) -> Option<(u16, &[u8])> {
    match *text {
        [digit @ b'0'..=b'9', ref rest @ ..] => Some((u16::from(digit.wrapping_sub(b'0')), rest)),
        [digit @ b'a'..=b'f', ref rest @ ..] => Some((u16::from(digit.wrapping_sub(b'a').wrapping_add(10)), rest)),
        _ => None,
    }
}

/// Where the first longest run of at least two zero groups is; empty if there is none.
fn longest_zeros(groups: [u16; 8]) -> std::ops::Range<usize> {
    let (mut longest, mut run) = (0..0, 0..0);
    for (place, group) in groups.into_iter().enumerate() {
        let after = place.saturating_add(1);
        run = if group != 0 { after..after } else { run.start..after };
        if run.len() > longest.len() {
            longest = run.clone();
        }
    }
    if longest.len() < 2 { 0..0 } else { longest }
}

fn push_group(group: u16, to: &mut String) {
    let [high, low] = group.to_be_bytes();
    let mut begun = false;
    for digit in [high >> 4, high & 0xf, low >> 4] {
        begun |= digit != 0;
        if begun {
            push_hexadecimal(digit, to);
        }
    }
    push_hexadecimal(low & 0xf, to);
}

fn push_hexadecimal(digit: u8, to: &mut String) {
    match digit {
        0..=9 => push_decimal(digit, to),
        _ => to.push(char::from(b'a'.wrapping_add(digit.wrapping_sub(10)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pattern of zero and other groups, with `::` for every stretch of groups or none.
    #[test]
    fn every_compression_of_every_pattern_of_zeros() {
        let mut canonical = 0;
        for pattern in 0..256_u32 {
            let groups: [u16; 8] = std::array::from_fn(|place| if pattern >> place & 1 == 1 { 0 } else { 0xa0 });
            let texts: Vec<String> = groups.iter().map(|group| format!("{group:x}")).collect();
            let bits = groups.iter().fold(0, |bits, group| bits << 16 | u128::from(*group));
            let mut spellings = vec![texts.join(":")];
            for start in 0..8 {
                for end in start + 1..=8 {
                    spellings.push(format!("{}::{}", texts[..start].join(":"), texts[end..].join(":")));
                }
            }
            for text in spellings {
                let model = Ipv6::spelled(&text).filter(|address| address.to_string() == text);
                let read = Ipv6::scan(text.as_bytes()).filter(|(_, rest)| rest.is_empty()).map(|(read, _)| read);
                assert_eq!(read, model, "{text}");
                canonical += usize::from(read == Some(Ipv6::new(bits)));
            }
            let mut written = String::new();
            Ipv6::new(bits).push(&mut written);
            assert_eq!(written, Ipv6::new(bits).to_string());
        }
        assert_eq!(canonical, 256, "each address has one canonical text");
    }

    #[test]
    fn mapped_addresses_are_dotted() {
        let mapped = Ipv6::new(0xffff_c0a8_0101);
        assert_eq!(Ipv6::scan(b"::ffff:192.168.1.1/96"), Some((mapped, &b"/96"[..])));
        assert_eq!(Ipv6::scan(b"::ffff:c0a8:101"), None);
        assert_eq!(Ipv6::scan(b"::ffff:1"), Some((Ipv6::new(0xffff_0001), &b""[..])));
        assert_eq!(Ipv6::scan(b"::1.2.3.4").map(|(_, rest)| rest), Some(&b".2.3.4"[..]), "not the end");
        let edges = [(0xffff_0000_0000, Some(0)), (0xffff_ffff_ffff, Some(u32::MAX)), (0x1_0000_0000_0000, None)];
        for (bits, ipv4) in edges {
            assert_eq!(Ipv6::new(bits).to_mapped_ipv4(), ipv4.map(Ipv4::new), "{bits:x}");
        }
    }

    #[test]
    fn what_is_not_canonical_is_left() {
        for text in ["", ":", "::", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "::A"] {
            let model = Ipv6::spelled(text).filter(|address| address.to_string() == text);
            let read = Ipv6::scan(text.as_bytes()).filter(|(_, rest)| rest.is_empty()).map(|(read, _)| read);
            assert_eq!(read, model, "{text}");
        }
    }
}
