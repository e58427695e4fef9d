//! # Counterfoil
//!
//! The arithmetic of a cloud portal.

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

pub mod error;
pub mod exact;
pub mod metering;
pub mod money;
pub mod pricing;
pub mod statement;
pub mod time;
pub mod units;
pub mod wallet;
