//! Columns of a batch as the kernels take them: without a copy wherever the types are theirs.

mod bound;
mod cells;
mod days;
mod lines;
mod names;
mod words;

pub(crate) use bound::{Bound, CellFault, Chunk, Inputs};
pub(crate) use days::Days;
pub(crate) use lines::{LineInputs, Lines, line_error};
