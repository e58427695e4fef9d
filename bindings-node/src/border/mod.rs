//! What goes out to JavaScript.

mod answer;
mod fault;

pub(crate) use answer::text_of;
pub(crate) use fault::{Fault, Result};
