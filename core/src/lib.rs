//! The arithmetic of a cloud portal: metering, pricing, coupons and balance, statements, address ranges.
//!
//! Everything here is a **decision**: facts in, an exact and explained plan out. There is no clock, no
//! file, no network and no float in this crate; the same call gives the same answer everywhere, at any
//! time. Whoever called carries the plan out.
//!
//! # A day walks through
//!
//! | step | type | rule |
//! |---|---|---|
//! | what a resource was, and when | [`metering::History`] | R-U1 |
//! | what it used in a window | [`metering::Usage`] | R-U3 |
//! | what that costs | [`pricing::Tariff::rate`] | R-P2 |
//! | what an owner is asked for | [`statement::daily`] | R-S1 |
//! | what is taken from what | [`wallet::Charge::plan`] | R-W6 |
//!
//! Beside them, [`ipam`] plans ranges of addresses and [`placement`] tells what fits a cluster: they know no money and
//! no time.
//!
//! Beneath them: [`exact`] numbers that never round, [`money`] with named roundings, [`time`] with
//! zones, [`units`] with checked conversions, and one table of [`error`]s with stable codes. The
//! numbered rules are restated, with their figures, in `docs/rules` of the repository.
//!
//! # Examples
//!
//! Metering and rating a server that was converted to pre-paid after 18 minutes stands in
//! [`pricing`]; a deduction in [`wallet::Charge`]; a statement in [`statement`].

#![cfg_attr(
    not(test),
    deny(
        clippy::float_arithmetic,
        clippy::arithmetic_side_effects,
        clippy::cast_lossless,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss
    )
)]

mod bulk;
pub mod error;
pub mod exact;
pub mod ipam;
pub mod metering;
pub mod money;
pub mod order;
pub mod placement;
pub mod pricing;
pub mod statement;
pub mod time;
pub mod units;
pub mod wallet;
#[cfg(feature = "wire")]
pub mod wire;

/// The README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
