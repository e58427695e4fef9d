//! # The native module of the Python package `counterfoil`
//!
//! A shell: what is passed is converted (`border`), one function of the core is called, and its answer is converted
//! back. Long-lived handles keep rate cards, histories, wallets, ranges and snapshots in Rust, so that a call crosses
//! the border once for a whole decision.

mod border;
mod bulk;
mod ipam;
mod metering;
mod operation;
mod placement;
mod pricing;
mod value;
mod wallet;

use mimalloc::MiMalloc;
use pyo3::{exceptions::PyImportError, prelude::*};
use std::sync::OnceLock;

/// The memory of the columns of an answer is used again for the next one, where the system's own would go back to it,
/// and be cleared page by page when it is asked for (`docs/decisions/0009-python.md`).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Refuses a second interpreter of the process: classes that are looked up once belong to the first.
///
/// Python 3.12 and later refuse it by themselves. An interpreter is told by its module `sys`, which lives as long.
fn of_one_interpreter(py: Python<'_>) -> PyResult<()> {
    static FIRST: OnceLock<usize> = OnceLock::new();
    let interpreter = py.import("sys")?.as_ptr().addr();
    match *FIRST.get_or_init(|| interpreter) == interpreter {
        true => Ok(()),
        false => {
            Err(PyImportError::new_err("counterfoil can be loaded by one interpreter of a process: use processes"))
        }
    }
}

/// The parts of `counterfoil` that are written in Rust.
#[pyo3::pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::bulk::{BatchStream, Batches, Explanation, Rater, Schema, Statements, faults, quantities};
    #[pymodule_export]
    use crate::ipam::{LookupTable, Match, Range, RangeSet, Ranges, RangesIterator, aggregate, merge_ranges};
    #[pymodule_export]
    use crate::metering::{ArchiveRow, History, PortalRows, Span, Spec, Usage};
    #[pymodule_export]
    use crate::operation::{call, evaluate, operations, to_json};
    #[pymodule_export]
    use crate::placement::Snapshot;
    #[pymodule_export]
    use crate::pricing::{Line, Quote, RateCard, Rated, Tariff};
    #[pymodule_export]
    use crate::value::{Money, Period, Quantity};
    #[pymodule_export]
    use crate::wallet::{Coupon, Leg, Owner, Plan, Wallet};

    #[pymodule_init]
    fn init(module: &pyo3::Bound<'_, pyo3::types::PyModule>) -> pyo3::PyResult<()> {
        crate::of_one_interpreter(module.py())?;
        // Like a tuple of ranges: whoever asks whether it is a sequence is told so.
        pyo3::types::PySequence::register::<Ranges>(module.py())
    }
}
