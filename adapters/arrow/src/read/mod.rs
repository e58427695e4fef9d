//! Columns of a batch as the kernels take them: without a copy wherever the types are theirs.

mod bound;
mod cells;
mod lines;
mod names;
mod words;

pub(crate) use bound::{Bound, CellFault, Chunk, Inputs};
pub(crate) use lines::{Days, LineInputs, line_error};
