//! Ranges: cut, merged, planned, kept in sets and tables. Every call crosses the border once, whatever number of
//! pieces it is about.
//!
//! A range is its canonical text on both sides; many of them are a block: texts with a line break between them. What is
//! large is kept: sets and tables.

mod block;
mod family;
mod lookup;
mod page;
mod plan;
mod range;
mod set;
