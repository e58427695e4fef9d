use super::Line;
use crate::{
    error::IpamError,
    ipam::{Address, Interval, Ipv4, Ipv6, Prefix, PrefixLen, Range, Toy},
};

mod sealed {
    pub trait Sealed {}
}

/// How a column holds an address: as a number, or as bytes in network order.
///
/// Closed: `u32` and `[u8; 4]` of IPv4, `u128` and `[u8; 16]` of IPv6, `u8` of the toy family.
///
/// # Rule
/// R-I2
pub trait Word: sealed::Sealed + Copy + 'static {
    /// The address that it holds.
    type Address: Address;

    /// Its address.
    fn address(self) -> Self::Address;

    /// An address as such a word.
    fn of(address: Self::Address) -> Self;
}

macro_rules! words {
    ($($word:ty: $address:ty, $from:expr, $to:expr;)*) => { $(
        impl sealed::Sealed for $word {}

        impl Word for $word {
            type Address = $address;

            fn address(self) -> $address {
                <$address>::new($from(self))
            }

            fn of(address: $address) -> Self {
                $to(address.get())
            }
        }
    )* };
}
words! {
    u32: Ipv4, |word| word, |bits| bits;
    [u8; 4]: Ipv4, u32::from_be_bytes, u32::to_be_bytes;
    u128: Ipv6, |word| word, |bits| bits;
    [u8; 16]: Ipv6, u128::from_be_bytes, u128::to_be_bytes;
    u8: Toy, |word| word, |bits| bits;
}

/// Two columns: first and last addresses, both included.
///
/// A column `C` is a slice or a `Vec` of a [`Word`].
///
/// # Examples
/// ```
/// use counterfoil::ipam::bulk::{Ends, Sorted};
///
/// let table = Ends { first: [0x0a00_0000_u32, 9, 7], last: [0x0a00_00ff_u32, 8, 7] };
/// let read = Sorted::of(table.rows()?, 10);
/// assert_eq!(read.good.len(), 2);
/// assert_eq!((read.faults[0].at, read.faults[0].error.code()), (1, "ipam.reversed"));
/// assert_eq!(Ends::<Vec<u32>>::of(&read.good), Ends { first: vec![0x0a00_0000, 7], last: vec![0x0a00_00ff, 7] });
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I2
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ends<C> {
    /// The first addresses.
    pub first: C,
    /// The last addresses.
    pub last: C,
}

/// Three columns: first and last addresses, and the lengths of their labels.
///
/// # Rule
/// R-I2
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled<C, L> {
    /// The first addresses.
    pub first: C,
    /// The last addresses.
    pub last: C,
    /// The lengths, `u8`.
    pub length: L,
}

/// Two columns: networks by their first addresses, and their lengths.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv6, Prefix, bulk::{Networks, Sorted}};
///
/// let mut bytes = [0; 16];
/// bytes[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
/// let table = Networks { network: [bytes], length: [32] };
/// let read: Sorted<Prefix<Ipv6>> = Sorted::of(table.rows()?, 0);
/// assert_eq!(read.good[0].to_string(), "2001:db8::/32");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I2
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Networks<C, L> {
    /// The first addresses.
    pub network: C,
    /// The lengths, `u8`.
    pub length: L,
}

impl<C> Ends<C> {
    /// The interval of each row.
    ///
    /// # Errors
    /// `ipam.column_lengths`; in a row, `ipam.reversed`.
    pub fn rows<W: Word>(&self) -> Result<impl Iterator<Item = Line<Interval<W::Address>>>, IpamError>
    where
        C: AsRef<[W]>,
    {
        let (first, last) = (self.first.as_ref(), self.last.as_ref());
        same_length(first.len(), last.len())?;
        let rows = first.iter().zip(last).enumerate();
        Ok(rows.map(|(at, (first, last))| Line { at, value: Interval::new(first.address(), last.address()) }))
    }
}

impl<W: Word> Ends<Vec<W>> {
    /// The columns of intervals.
    pub fn of(rows: &[Interval<W::Address>]) -> Self {
        Self {
            first: rows.iter().map(|row| W::of(row.first())).collect(),
            last: rows.iter().map(|row| W::of(row.last())).collect(),
        }
    }
}

impl<C, L: AsRef<[u8]>> Labelled<C, L> {
    /// The range of each row.
    ///
    /// # Errors
    /// `ipam.column_lengths`; in a row, `ipam.reversed`, `ipam.length`, `ipam.not_one_network`.
    pub fn rows<W: Word>(&self) -> Result<impl Iterator<Item = Line<Range<W::Address>>>, IpamError>
    where
        C: AsRef<[W]>,
    {
        let (first, last, length) = (self.first.as_ref(), self.last.as_ref(), self.length.as_ref());
        same_length(first.len(), last.len())?;
        same_length(first.len(), length.len())?;
        let range = |first: &W, last: &W, length: &u8| {
            Range::new(Interval::new(first.address(), last.address())?, PrefixLen::new(*length)?)
        };
        let rows = first.iter().zip(last).zip(length).enumerate();
        Ok(rows.map(move |(at, ((first, last), length))| Line { at, value: range(first, last, length) }))
    }
}

impl<W: Word> Labelled<Vec<W>, Vec<u8>> {
    /// The columns of ranges.
    pub fn of(rows: &[Range<W::Address>]) -> Self {
        Self {
            first: rows.iter().map(|row| W::of(row.first())).collect(),
            last: rows.iter().map(|row| W::of(row.last())).collect(),
            length: rows.iter().map(|row| row.length().get()).collect(),
        }
    }
}

impl<C, L: AsRef<[u8]>> Networks<C, L> {
    /// The network of each row.
    ///
    /// # Errors
    /// `ipam.column_lengths`; in a row, `ipam.length`, `ipam.host_bits`.
    pub fn rows<W: Word>(&self) -> Result<impl Iterator<Item = Line<Prefix<W::Address>>>, IpamError>
    where
        C: AsRef<[W]>,
    {
        let (network, length) = (self.network.as_ref(), self.length.as_ref());
        same_length(network.len(), length.len())?;
        let prefix = |network: &W, length: &u8| Prefix::new(network.address(), PrefixLen::new(*length)?);
        let rows = network.iter().zip(length).enumerate();
        Ok(rows.map(move |(at, (network, length))| Line { at, value: prefix(network, length) }))
    }
}

impl<W: Word> Networks<Vec<W>, Vec<u8>> {
    /// The columns of networks.
    pub fn of(rows: &[Prefix<W::Address>]) -> Self {
        Self {
            network: rows.iter().map(|row| W::of(row.first())).collect(),
            length: rows.iter().map(|row| row.length().get()).collect(),
        }
    }
}

fn same_length(first: usize, other: usize) -> Result<(), IpamError> {
    if first == other { Ok(()) } else { Err(IpamError::ColumnLengths { first, other }) }
}
