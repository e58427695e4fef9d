//! # The native module of the Python package `counterfoil`
//!
//! A shell: what is passed is converted ([`border`]), one function of the core is called, and its answer is converted
//! back. Long-lived handles keep rate cards, histories, wallets, ranges and snapshots in Rust, so that a call crosses
//! the border once for a whole decision.

mod border;
mod operation;
mod value;

/// The parts of `counterfoil` that are written in Rust.
#[pyo3::pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::operation::{evaluate, operations, to_json};
    #[pymodule_export]
    use crate::value::{Money, Quantity};
}
