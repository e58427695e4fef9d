//! Addresses and ranges as text, put together on the stack: a list of many is written without asking for memory for
//! the parts of each.

use std::fmt::{self, Write};

/// As many bytes as two addresses of the longest family take, with a dash, a slash and a length: 39 + 1 + 39 + 1 + 3.
const LONGEST: usize = 83;

/// Text that is being written.
pub struct Text {
    bytes: [u8; LONGEST],
    length: usize,
}

/// How an address of a family is written.
pub trait Written {
    /// Writes it at the end of a text.
    fn write(self, text: &mut Text) -> fmt::Result;
}

impl Text {
    /// What is written by a function, shown as a formatter is asked to.
    pub(super) fn show(f: &mut fmt::Formatter<'_>, write: impl FnOnce(&mut Self) -> fmt::Result) -> fmt::Result {
        let mut text = Self { bytes: [0; LONGEST], length: 0 };
        write(&mut text)?;
        let written = text.bytes.get(..text.length).and_then(|bytes| str::from_utf8(bytes).ok());
        f.pad(written.ok_or(fmt::Error)?)
    }

    /// Both ends of a range.
    pub(super) fn ends(&mut self, first: impl Written, last: impl Written) -> fmt::Result {
        first.write(self)?;
        self.byte(b'-')?;
        last.write(self)
    }

    /// A length, after what it is the length of.
    pub(super) fn length(&mut self, bits: u8) -> fmt::Result {
        self.byte(b'/')?;
        self.number(bits)
    }

    /// A number in digits.
    pub(super) fn number(&mut self, number: u8) -> fmt::Result {
        if number >= 100 {
            self.byte(digit(number / 100))?;
        }
        if number >= 10 {
            self.byte(digit(number / 10))?;
        }
        self.byte(digit(number))
    }

    /// A character of ASCII.
    pub(super) fn byte(&mut self, byte: u8) -> fmt::Result {
        *self.bytes.get_mut(self.length).ok_or(fmt::Error)? = byte;
        self.length = self.length.saturating_add(1);
        Ok(())
    }
}

/// The last digit of a number.
fn digit(number: u8) -> u8 {
    b'0' | (number % 10)
}

impl Write for Text {
    fn write_str(&mut self, written: &str) -> fmt::Result {
        written.bytes().try_for_each(|byte| self.byte(byte))
    }
}

#[cfg(test)]
mod tests {
    use crate::ipam::{Address, Interval, Ipv4, Ipv6, PrefixLen, Range, UncheckedRange};
    use std::net::{Ipv4Addr, Ipv6Addr};

    #[test]
    fn every_octet_as_the_standard_library_writes_it() {
        for octet in 0..=u8::MAX {
            let address = Ipv4Addr::new(octet, 255 - octet, octet / 2, 0);
            assert_eq!(Ipv4::from(address).to_string(), address.to_string());
        }
        for address in [Ipv6Addr::LOCALHOST, Ipv6Addr::UNSPECIFIED, Ipv6Addr::from_bits(u128::MAX)] {
            assert_eq!(Ipv6::from(address).to_string(), address.to_string());
        }
    }

    #[test]
    fn the_longest_text_has_room() {
        let (first, last) = (Ipv6::new(u128::MAX - 1), Ipv6::LAST);
        let address = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        let range = Range::new(Interval::new(first, last).unwrap(), PrefixLen::new(100).unwrap()).unwrap();
        assert_eq!(
            range.to_string(),
            format!("{}e-{address}/100", address.trim_end_matches("ffff").to_owned() + "fff")
        );
        assert_eq!(UncheckedRange { first: last, last, length: 255 }.to_string(), format!("{address}-{address}/255"));
    }

    #[test]
    fn a_width_is_kept() {
        let range: Range<Ipv4> = "10.0.0.0/24".parse().unwrap();
        assert_eq!(
            format!("{range:>14}|{:<12}|{}", range.first(), range.network()),
            "   10.0.0.0/24|10.0.0.0    |10.0.0.0/24"
        );
        assert_eq!(format!("{:>12}", Ipv4::FIRST), "     0.0.0.0");
    }
}
