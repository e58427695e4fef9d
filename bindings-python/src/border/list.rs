//! Lists: anything that can be read once, but text.

use super::{Fault, Result, number::shown};
use pyo3::{prelude::*, types::PyString};

/// The items of a list; text is none.
pub(crate) fn items<'py>(
    value: &Bound<'py, PyAny>,
    at: &'static str,
) -> Result<impl Iterator<Item = PyResult<Bound<'py, PyAny>>>> {
    if value.is_instance_of::<PyString>() {
        return Err(Fault::bad_input(at, format!("{} is no list: pass a list of it", shown(value))));
    }
    // What can not be read because a caller's own method raised, says so itself.
    value.try_iter().map_err(|error| match error.is_instance_of::<pyo3::exceptions::PyTypeError>(value.py()) {
        true => Fault::bad_input(at, format!("{} is no list", shown(value))),
        false => error.into(),
    })
}
