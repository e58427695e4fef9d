//! # The native module of the Python package `counterfoil`
//!
//! A shell: what is passed is converted ([`border`]), one function of the core is called, and its answer is converted
//! back. Long-lived handles keep rate cards, histories, wallets, ranges and snapshots in Rust, so that a call crosses
//! the border once for a whole decision.

mod border;
mod metering;
mod operation;
mod pricing;
mod value;
mod wallet;

/// The parts of `counterfoil` that are written in Rust.
#[pyo3::pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::metering::{History, Span, Spec, Usage};
    #[pymodule_export]
    use crate::operation::{evaluate, operations, to_json};
    #[pymodule_export]
    use crate::pricing::{Line, Quote, RateCard, Rated, Tariff};
    #[pymodule_export]
    use crate::value::{Money, Period, Quantity};
    #[pymodule_export]
    use crate::wallet::{Coupon, Leg, Owner, Plan, Wallet};
}
