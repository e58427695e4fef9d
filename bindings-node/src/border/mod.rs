//! What crosses between JavaScript and Rust.

mod answer;
mod fault;
pub(crate) mod text;
pub(crate) mod time;

pub(crate) use answer::text_of;
pub(crate) use fault::{Fault, Result};
