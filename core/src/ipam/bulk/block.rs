use crate::{
    error::{IpamError, excerpt},
    ipam::{Mapped, Readable, Reading},
};
use std::marker::PhantomData;

/// What stands on a line of a block, or in a row of a table.
///
/// # Rule
/// R-I2
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<T> {
    /// Where: the number of a line from 1, the index of a row from 0.
    pub at: usize,
    /// What it says, or what is wrong with it.
    pub value: Result<T, IpamError>,
}

/// The lines of a block of text that say something.
///
/// Made by [`lines`] and [`texts`].
#[derive(Debug, Clone)]
pub struct Lines<'t, T> {
    rest: &'t [u8],
    at: usize,
    reading: Reading,
    /// Whether people wrote it: with comments, and with blanks and empty lines that mean nothing.
    is_written: bool,
    of: PhantomData<T>,
}

/// Reads a block of text with one address, network, interval or range on a line.
///
/// Lines end in `\n` or `\r\n`. What follows a `#` is a comment, blanks around a value are no part of it,
/// and a line without anything else is passed over. Nothing is allocated for a good line.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{IpPrefix, Reading, bulk::{Line, lines}};
///
/// let block = "10.0.0.0/8\r\n# the next one is IPv6\n2001:db8::/32\n";
/// let read: Vec<(usize, String)> = lines::<IpPrefix>(block, Reading::STRICT)
///     .map(|Line { at, value }| Ok((at, value?.to_string())))
///     .collect::<Result<_, counterfoil::error::IpamError>>()?;
/// assert_eq!(read, [(1, "10.0.0.0/8".to_owned()), (3, "2001:db8::/32".to_owned())]);
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I2
pub fn lines<T: Readable>(block: &(impl AsRef<[u8]> + ?Sized), reading: Reading) -> Lines<'_, T> {
    let block = block.as_ref();
    let rest = block.strip_prefix(BYTE_ORDER_MARK).unwrap_or(block);
    Lines { rest, at: 0, reading, is_written: true, of: PhantomData }
}

/// Reads texts that a program put into one, each with `\n` after it.
///
/// A line is a text as it is: nothing of it is a comment, its blanks are its own, and an empty one is a fault like any
/// other that says nothing.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{IpPrefix, Reading, bulk::texts};
///
/// let read: Vec<bool> =
///     texts::<IpPrefix>("10.0.0.0/8\n\n10.0.0.0/8 # lab\n", Reading::STRICT).map(|line| line.value.is_ok()).collect();
/// assert_eq!(read, [true, false, false]);
/// ```
///
/// # Rule
/// R-I2
pub fn texts<T: Readable>(block: &str, reading: Reading) -> Lines<'_, T> {
    Lines { rest: block.as_bytes(), at: 0, reading, is_written: false, of: PhantomData }
}

impl<T: Readable> Iterator for Lines<'_, T> {
    type Item = Line<T>;

    fn next(&mut self) -> Option<Line<T>> {
        while !self.rest.is_empty() {
            self.at = self.at.saturating_add(1);
            if let Some(value) = self.canonical() {
                return Some(Line { at: self.at, value: Ok(value) });
            }
            let (line, rest) = cut(self.rest, b'\n');
            self.rest = rest;
            let value = if self.is_written { cut(line, b'#').0.trim_ascii() } else { line };
            if !(self.is_written && value.is_empty()) {
                return Some(Line { at: self.at, value: self.slow(value) });
            }
        }
        None
    }
}

impl<T: Readable> Lines<'_, T> {
    /// Takes a line that is nothing but a canonical text.
    #[inline]
    fn canonical(&mut self) -> Option<T> {
        if self.reading.mapped != Mapped::KeepIpv6 {
            return None;
        }
        let (value, rest) = T::scan(self.rest)?;
        self.rest = match rest {
            [] => rest,
            [b'\n', rest @ ..] => rest,
            [b'\r', b'\n', rest @ ..] if self.is_written => rest,
            _ => return None,
        };
        Some(value)
    }

    #[cold]
    fn slow(&self, value: &[u8]) -> Result<T, IpamError> {
        let text = str::from_utf8(value).map_err(|_| IpamError::Format {
            text: excerpt(&String::from_utf8_lossy(value.get(..LONGEST_EXCERPT).unwrap_or(value))),
            shape: "text in UTF-8",
        })?;
        self.reading.read(text)
    }
}

/// What some editors put before UTF-8; it is no part of the first line.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// More bytes than an error shows of a text.
const LONGEST_EXCERPT: usize = 512;

/// What stands before a byte, and what after it.
fn cut(text: &[u8], at: u8) -> (&[u8], &[u8]) {
    let mut parts = text.splitn(2, |byte| *byte == at);
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

/// Adds a line of canonical text for each.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Prefix, bulk::write_lines};
///
/// let mut block = String::new();
/// write_lines(["10.0.0.0/8".parse::<Prefix<Ipv4>>()?, Prefix::WHOLE], &mut block);
/// assert_eq!(block, "10.0.0.0/8\n0.0.0.0/0\n");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I2
pub fn write_lines<T: Readable>(rows: impl IntoIterator<Item = T>, block: &mut String) {
    for row in rows {
        row.push(block);
        block.push('\n');
    }
}
