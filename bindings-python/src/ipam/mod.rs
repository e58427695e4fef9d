//! Ranges: cut, merged, planned, kept in sets and tables. Every call crosses the border once, whatever number of
//! pieces it is about.

mod family;
mod given;
mod lookup;
mod pieces;
mod range;
mod ranges;
mod set;
mod texts;

pub(crate) use lookup::{LookupTable, Match};
pub(crate) use range::Range;
pub(crate) use ranges::{Ranges, RangesIterator, aggregate, merge_ranges};
pub(crate) use set::RangeSet;
pub(crate) use texts::Texts;
