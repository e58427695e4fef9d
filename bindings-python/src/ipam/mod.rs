//! Ranges: cut, merged, planned, kept in sets and tables. Every call crosses the border once, whatever number of
//! pieces it is about.

mod family;
mod given;
mod iterator;
mod lookup;
mod merge;
mod pieces;
mod range;
mod ranges;
mod set;
mod texts;

pub(crate) use iterator::RangesIterator;
pub(crate) use lookup::{LookupTable, Match};
pub(crate) use merge::{aggregate, merge_ranges};
pub(crate) use range::Range;
pub(crate) use ranges::Ranges;
pub(crate) use set::RangeSet;
pub(crate) use texts::Texts;
