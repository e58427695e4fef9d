use super::{range::Range, ranges::Ranges};
use pyo3::prelude::*;

/// Gives one range after the other.
#[pyclass(module = "counterfoil")]
pub(crate) struct RangesIterator {
    pub(super) of: Py<Ranges>,
    /// The place of the next one; none before the first.
    pub(super) next: Option<u128>,
    pub(super) backwards: bool,
}

#[pymethods]
impl RangesIterator {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&mut self) -> Option<Range> {
        let place = self.next?;
        self.next = if self.backwards { place.checked_sub(1) } else { place.checked_add(1) };
        self.of.get().at(place)
    }
}
