//! What the tests share: numbers of the library as fractions, and numbers of every size.

#![allow(dead_code, reason = "each test takes what it needs")]

use counterfoil::{error::catalogue, exact::Exact};
use counterfoil_reference::number::{self, Fraction};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// The largest mantissa at the door.
pub(crate) const LARGEST: i128 = (1 << 96) - 1;

/// The names of the rounding modes (R-M2).
pub(crate) const MODES: [&str; 7] = ["half_even", "half_up", "half_down", "up", "down", "ceiling", "floor"];

/// Steps of every kind: coins, cash, blocks, and the finest there is.
pub(crate) const STEPS: [&str; 8] =
    ["0.01", "0.0001", "0.05", "1", "25", "0.3", "1000000000000", "0.0000000000000000000000000001"];

/// A number of the library, as it prints.
pub(crate) fn fraction(exact: &Exact) -> Fraction {
    number::read(&exact.to_string())
}

/// A decimal at the door.
pub(crate) fn of(decimal: Decimal) -> Fraction {
    number::decimal(decimal.mantissa(), decimal.scale())
}

/// A decimal from its text.
pub(crate) fn decimal(text: &str) -> Decimal {
    counterfoil::exact::decimal::parse(text).expect(text)
}

/// Mantissas of every size, with the ends and the round ones among them.
pub(crate) fn mantissas() -> impl Strategy<Value = i128> {
    prop_oneof![
        0..=10_i128,
        0..=1_000_000_i128,
        0..=1_000_000_000_000_000_i128,
        0..=LARGEST,
        (0..29_u32).prop_map(|exponent| 10_i128.pow(exponent).min(LARGEST)),
        Just(LARGEST),
        Just(LARGEST - 1),
    ]
}

/// Decimals of zero or more, of every size and scale.
pub(crate) fn decimals() -> impl Strategy<Value = Decimal> {
    (mantissas(), 0..=28_u32).prop_map(|(mantissa, scale)| Decimal::from_i128_with_scale(mantissa, scale))
}

/// Decimals of either sign.
pub(crate) fn signed_decimals() -> impl Strategy<Value = Decimal> {
    (decimals(), any::<bool>()).prop_map(|(value, negative)| match negative {
        true => counterfoil::exact::decimal::negate(value),
        false => value,
    })
}

/// Steps to round to: those that are used, and any other.
pub(crate) fn steps() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        proptest::sample::select(STEPS.to_vec()).prop_map(decimal),
        decimals().prop_filter("a step is above zero", |step| !step.is_zero()),
    ]
}

/// Whether a code is one of the table.
pub(crate) fn is_listed(code: &str) -> bool {
    catalogue().any(|entry| entry.code == code)
}

/// So many cases; nothing is written beside the tests when one fails, the seed is in its report.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}
