//! What crosses between Python and Rust, and how: strictly, with a typed error for what would lose something.
//!
//! Nothing is decided here. What a caller passes is read by the core's own parsers, so a text, a `Decimal` and a
//! `datetime` are the same value or the same error.

pub(crate) mod address;
pub(crate) mod answer;
pub(crate) mod fault;
pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod known;
pub(crate) mod list;
pub(crate) mod number;
pub(crate) mod text;
pub(crate) mod time;

pub(crate) use fault::{Fault, Result};

/// What pickle rebuilds an object from: a callable and its arguments.
pub(crate) type Rebuilt<A> = (pyo3::Py<pyo3::PyAny>, A);
