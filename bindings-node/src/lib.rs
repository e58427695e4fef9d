//! # The native module of the npm package `counterfoil`
//!
//! A shell: what is passed is converted (`border`), one function of the core is called, and its answer goes back as
//! text or as numbers. Long-lived handles keep rate cards, wallets, ranges and snapshots in Rust.
//!
//! What people call is the JavaScript in `lib`, which knows names, dates and objects; it is the only caller of what
//! is exported here.

// The macros of napi export nothing in a build of tests, of which there are none here.
#![cfg_attr(test, allow(dead_code, reason = "nothing calls what is not exported"))]

mod border;
mod bulk;
mod ipam;
mod memory;
mod metering;
mod operation;
mod placement;
mod pricing;
mod wallet;
