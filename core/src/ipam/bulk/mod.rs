//! Many at once: columns of numbers, and blocks of text with one on a line.
//!
//! What is wrong with one row or line costs none of the others. The iterators ([`lines`], [`texts`] and the columns'
//! `rows`) say of each what it is; [`Sorted`] keeps the good ones and counts the faults. Columns of ranges are split
//! into [`PieceLists`], and columns of addresses looked up by
//! [`LookupTable::longest_matches`](super::LookupTable::longest_matches) and
//! [`IpSet::contains_each`](super::IpSet::contains_each). Aggregation, differences and overlaps take whole lists as they
//! are: see [`IpSet`](super::IpSet) and [`Overlaps`](super::Overlaps).

mod block;
mod columns;
mod lookups;
mod pieces;

pub use block::{Line, Lines, lines, texts, write_lines};
pub use columns::{Ends, Labelled, Networks, Word};
pub use pieces::PieceLists;

use crate::error::IpamError;

/// What came of many rows: those that are good, in order, and the faults of the others.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{Ipv4, Prefix, Reading, bulk::{Sorted, lines}};
///
/// let list = "# campus\n10.0.0.0/8\n010.0.0.0/8\n\n192.0.2.0/24 # lab\n10.0.0.1/8\n";
/// let read: Sorted<Prefix<Ipv4>> = Sorted::of(lines(list, Reading::STRICT), 1);
/// assert_eq!(read.good.len(), 2);
/// assert_eq!((read.fault_count, read.faults.len()), (2, 1));
/// assert_eq!((read.faults[0].at, read.faults[0].error.code()), (3, "ipam.address"));
/// ```
///
/// # Rule
/// R-I2
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sorted<T> {
    /// The good ones.
    pub good: Vec<T>,
    /// The first faults, of which as many are kept as was asked for.
    pub faults: Vec<Fault>,
    /// All faults.
    pub fault_count: usize,
}

/// What is wrong with a row.
///
/// # Rule
/// R-I2
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: the number of a line from 1, the index of a row from 0.
    pub at: usize,
    /// What.
    pub error: IpamError,
}

impl<T> Sorted<T> {
    /// Sorts the good from the faults, and keeps at most so many faults.
    pub fn of(rows: impl IntoIterator<Item = Line<T>>, most_faults: usize) -> Self {
        let mut sorted = Self { good: vec![], faults: vec![], fault_count: 0 };
        for Line { at, value } in rows {
            match value {
                Ok(good) => sorted.good.push(good),
                Err(error) => {
                    sorted.fault_count = sorted.fault_count.saturating_add(1);
                    if sorted.faults.len() < most_faults {
                        sorted.faults.push(Fault { at, error });
                    }
                }
            }
        }
        sorted
    }
}
