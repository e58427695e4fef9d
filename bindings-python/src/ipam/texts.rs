//! Many texts in one piece of memory, which costs a list of them half.

use pyo3::{prelude::*, types::PyList};
use std::fmt::{self, Display, Write};

/// Texts, one after the other.
#[derive(Default)]
pub(crate) struct Texts {
    all: String,
    /// Where each begins and ends.
    bounds: Vec<(usize, usize)>,
}

impl Texts {
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.bounds.iter().map(|(start, end)| self.all.get(*start..*end).unwrap_or_default())
    }

    pub(super) fn list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, self.iter())
    }
}

impl<T: Display> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(shown: I) -> Self {
        let mut texts = Self::default();
        for each in shown {
            let start = texts.all.len();
            let _: fmt::Result = write!(texts.all, "{each}"); // a `String` takes all
            texts.bounds.push((start, texts.all.len()));
        }
        texts
    }
}
