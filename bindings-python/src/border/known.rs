//! What is looked up in Python once: classes of the standard library, and of this package.

use pyo3::{prelude::*, sync::PyOnceLock, types::PyType};

macro_rules! classes {
    ($($(#[$about:meta])* $name:ident = $module:literal . $class:literal;)*) => { $(
        $(#[$about])*
        pub(crate) fn $name(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
            static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
            CLASS.import(py, $module, $class)
        }
    )* };
}

classes! {
    /// `decimal.Decimal`.
    decimal = "decimal"."Decimal";
    /// `int`.
    integer = "builtins"."int";
    /// `datetime.datetime`.
    datetime = "datetime"."datetime";
    /// `fractions.Fraction`.
    fraction = "fractions"."Fraction";
    /// What is a mapping, whatever its class.
    mapping = "collections.abc"."Mapping";
    /// The base of all answers.
    record = "counterfoil._record"."Record";
    ipv4_address = "ipaddress"."IPv4Address";
    ipv6_address = "ipaddress"."IPv6Address";
    ipv4_network = "ipaddress"."IPv4Network";
    ipv6_network = "ipaddress"."IPv6Network";
}

/// The module of the exceptions.
pub(crate) fn exceptions(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static MODULE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    MODULE
        .get_or_try_init(py, || py.import("counterfoil._errors").map(|module| module.into_any().unbind()))
        .map(|module| module.bind(py))
}

/// The module of the records of a context.
pub(crate) fn records<'py>(py: Python<'py>, context: &str) -> PyResult<Bound<'py, PyAny>> {
    Ok(py.import(format!("counterfoil._operations.{context}"))?.into_any())
}
