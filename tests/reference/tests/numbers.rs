//! R-M1, R-M2, R-M3, R-M4 against exact fractions: sums and products, the one rounding, allocation.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

mod common;

use common::{MODES, decimals, fraction, mantissas, of, signed_decimals, steps};
use counterfoil::{
    error::MoneyError,
    exact::{Exact, RoundingMode, decimal},
    money::{RoundAt, Rounding, allocate},
};
use counterfoil_reference::{
    Fraction, allocation,
    number::{self, fits_at, is_at_the_door, ratio, zero},
    rounding,
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::{
    cmp::Ordering,
    hash::{DefaultHasher, Hash, Hasher},
};

/// A number of the library and the same as a fraction.
fn exacts() -> impl Strategy<Value = (Exact, Fraction)> {
    (signed_decimals(), any::<i64>(), prop_oneof![1..=1_000_i64, 1..=i64::MAX]).prop_map(
        |(value, numerator, denominator)| {
            let exact = Exact::from(value).times(&Exact::ratio(numerator, denominator).unwrap()).unwrap();
            (exact, of(value) * ratio(numerator, denominator))
        },
    )
}

fn hash(exact: &Exact) -> u64 {
    let mut hasher = DefaultHasher::new();
    exact.hash(&mut hasher);
    hasher.finish()
}

/// A result at the door: exactly the fraction, or `money.overflow` where no decimal is the fraction.
fn assert_at_the_door(result: Result<Decimal, MoneyError>, wanted: &Fraction) -> Result<(), TestCaseError> {
    match result {
        Ok(value) => prop_assert_eq!(of(value), wanted.clone()),
        Err(error) => {
            prop_assert_eq!(error.code(), "money.overflow");
            prop_assert!(!is_at_the_door(wanted), "{} fits", wanted);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(common::cases(150))]

    /// R-M1: no sum, difference, product or quotient loses a digit.
    #[test]
    fn exact_arithmetic_is_that_of_fractions((a, x) in exacts(), (b, y) in exacts(), (c, z) in exacts()) {
        prop_assert_eq!(fraction(&a), x.clone());
        prop_assert_eq!(fraction(&a.plus(&b).unwrap()), &x + &y);
        prop_assert_eq!(fraction(&a.minus(&b).unwrap()), &x - &y);
        prop_assert_eq!(fraction(&a.times(&b).unwrap()), &x * &y);
        prop_assert_eq!(fraction(&a.times(&b).unwrap().plus(&c).unwrap()), &x * &y + &z);
        prop_assert_eq!(fraction(&Exact::sum([&a, &b, &c]).unwrap()), &x + &y + &z);
        match a.divided_by(&b) {
            Ok(quotient) => prop_assert_eq!(fraction(&quotient), &x / &y),
            Err(error) => {
                prop_assert_eq!(error.code(), "money.division_by_zero");
                prop_assert_eq!(&y, &zero());
            }
        }
        prop_assert_eq!((a.is_zero(), a.is_negative()), (x == zero(), x < zero()));
    }

    /// Order, equality and hash are of the value, whatever it was made of.
    #[test]
    fn order_is_that_of_fractions((a, x) in exacts(), (b, y) in exacts(), factor in 1..=i64::MAX) {
        prop_assert_eq!(a.cmp(&b), x.cmp(&y));
        prop_assert_eq!(a == b, x == y);
        let stretched = a.times(&Exact::from(factor)).unwrap().divided_by(&Exact::from(factor)).unwrap();
        prop_assert_eq!(&stretched, &a);
        prop_assert_eq!(hash(&stretched), hash(&a));
        let near = a.plus(&Exact::ratio(1, factor).unwrap()).unwrap();
        prop_assert_eq!((near.cmp(&a), a.cmp(&near)), (Ordering::Greater, Ordering::Less));
    }

    /// R-M6: text is read back; a decimal is given where there is one.
    #[test]
    fn text_and_decimals_are_the_number((a, x) in exacts()) {
        let again: Exact = a.to_string().parse().unwrap();
        prop_assert_eq!(&again, &a);
        prop_assert_eq!(again.to_string(), a.to_string());
        prop_assert_eq!(a.to_decimal().map(of), is_at_the_door(&x).then_some(x));
    }

    /// R-M2: every mode, every step, as the definition says; too large is `money.overflow` and nothing else is.
    #[test]
    fn rounding_is_by_definition((a, x) in exacts(), step in steps()) {
        for mode in MODES {
            let wanted = rounding::round(&x, &of(step), mode);
            let rounded = a.round_to(step, mode.parse().unwrap());
            match rounded {
                Ok(value) => {
                    prop_assert_eq!(of(value), wanted, "{} to {} {}", a, step, mode);
                    prop_assert_eq!(value.scale(), step.scale(), "R-M6: the digits of the step");
                }
                Err(error) => {
                    prop_assert_eq!(error.code(), "money.overflow");
                    prop_assert!(!fits_at(&wanted, step.scale()), "{} to {} {} fits", a, step, mode);
                }
            }
        }
    }

    /// R-M2: ties, which chance never meets.
    #[test]
    fn ties_are_by_definition(steps_below in any::<i32>(), step in steps()) {
        let tie = (number::whole(steps_below.into()) + ratio(1, 2)) * of(step);
        let exact = Exact::from(step).times(&Exact::ratio(2 * i64::from(steps_below) + 1, 2).unwrap()).unwrap();
        for mode in MODES {
            let wanted = rounding::round(&tie, &of(step), mode);
            if let Ok(value) = exact.round_to(step, mode.parse().unwrap()) {
                prop_assert_eq!(of(value), wanted);
            } else {
                prop_assert!(!fits_at(&wanted, step.scale()));
            }
        }
    }

    /// R-M3: lines that carry their remainder add up to the rounded total; the remainder is readable.
    #[test]
    fn carried_lines_add_up(
        lines in proptest::collection::vec((-1_000_000_000..1_000_000_000_i64, 1..9_999_i64), 0..8),
        mode in 0..7_usize,
        step in 0..5_usize,
    ) {
        let step = common::decimal(common::STEPS[step]);
        let rounding = Rounding::new(MODES[mode].parse().unwrap(), step, RoundAt::LineCarry).unwrap();
        let exact: Vec<Exact> = lines.iter().map(|(n, d)| Exact::ratio(*n, *d).unwrap()).collect();
        let model: Vec<Fraction> = lines.iter().map(|(n, d)| ratio(*n, *d)).collect();
        let carried: Vec<Fraction> = rounding.round_lines(&exact).unwrap().into_iter().map(of).collect();
        prop_assert_eq!(&carried, &rounding::round_carrying(&model, &of(step), MODES[mode]));
        let total = rounding.round_sum(&exact).unwrap();
        prop_assert_eq!(carried.iter().sum::<Fraction>(), of(total.amount()));
        prop_assert_eq!(of(total.amount()) + fraction(&total.remainder().unwrap()), model.iter().sum::<Fraction>());
        prop_assert!(rounding.check(total.amount()).is_ok());
    }

    /// R-M1: decimals at the door add and multiply exactly, and refuse only what no decimal is.
    #[test]
    fn decimals_add_and_multiply_exactly(a in signed_decimals(), b in signed_decimals()) {
        assert_at_the_door(decimal::add(a, b), &(of(a) + of(b)))?;
        assert_at_the_door(decimal::subtract(a, b), &(of(a) - of(b)))?;
        assert_at_the_door(decimal::multiply(a, b), &(of(a) * of(b)))?;
        prop_assert_eq!(of(decimal::negate(a)), -of(a));
        prop_assert_eq!(decimal::parse(&decimal::add(a, Decimal::ZERO).unwrap().to_string()).unwrap(), a);
    }

    /// R-M2: a multiple of the step is one, whatever its size.
    #[test]
    fn multiples_are_found(amount in signed_decimals(), step in steps()) {
        let rounding = Rounding::new(RoundingMode::Down, step, RoundAt::Total).unwrap();
        let wanted = (of(amount) / of(step)).is_integer();
        match rounding.check(amount) {
            Ok(()) => prop_assert!(wanted),
            Err(error) => {
                prop_assert_eq!(error.code(), "money.not_a_multiple");
                prop_assert!(!wanted);
            }
        }
    }

    /// R-M4: largest remainder, earliest first, by symmetry below zero; conserved at any size.
    #[test]
    fn allocation_is_by_largest_remainder(
        count in prop_oneof![0..10_000_i64, 0..=i64::MAX],
        negative in any::<bool>(),
        step in 0..5_usize,
        weights in proptest::collection::vec(prop_oneof![
            (0..4_i64).prop_map(Decimal::from),
            decimals(),
            mantissas().prop_map(|mantissa| Decimal::from_i128_with_scale(mantissa, 0)),
        ], 1..9),
    ) {
        let step = common::decimal(common::STEPS[step]);
        let count = Decimal::from(if negative { -count } else { count });
        let Ok(amount) = decimal::multiply(count, step) else { return Ok(()) };
        let parts = allocate(amount, &weights, step);
        if weights.iter().all(Decimal::is_zero) {
            prop_assert_eq!(parts.unwrap_err().code(), "money.no_weights");
            return Ok(());
        }
        let parts: Vec<Fraction> = parts.unwrap().into_iter().map(of).collect();
        let model: Vec<Fraction> = weights.iter().copied().map(of).collect();
        prop_assert_eq!(&parts, &allocation::allocate(&of(amount), &model, &of(step)));
        prop_assert_eq!(parts.iter().sum::<Fraction>(), of(amount));
    }
}

/// Every split of every small amount by every small weight.
#[test]
fn a_small_world_of_allocations_in_full() {
    let cent = common::decimal("0.01");
    for amount in -12..=12_i64 {
        for code in 0..4_i64.pow(4) {
            let weights: Vec<i64> = (0..4).map(|place| code / 4_i64.pow(place) % 4).collect();
            if weights.iter().all(|weight| *weight == 0) {
                continue;
            }
            let given: Vec<Decimal> = weights.iter().copied().map(Decimal::from).collect();
            let parts = allocate(Decimal::new(amount, 2), &given, cent).unwrap();
            let model: Vec<Fraction> = weights.iter().copied().map(number::whole).collect();
            let wanted = allocation::allocate(&ratio(amount, 100), &model, &ratio(1, 100));
            assert_eq!(parts.into_iter().map(of).collect::<Vec<_>>(), wanted, "{amount} by {weights:?}");
        }
    }
}

/// Numbers at the edge of the wide path still have an order; past it they are refused.
#[test]
fn the_end_of_the_wide_path() {
    let largest = (0..2048).fold(number::zero(), |sum, _| sum * number::whole(2) + number::whole(1));
    let edge: Exact = format!("-{largest}/2").parse().unwrap();
    assert_eq!((edge.cmp(&Exact::ONE), Exact::ONE.cmp(&edge)), (Ordering::Less, Ordering::Greater));
    assert_ne!(edge, Exact::ONE);
    let mirrored = edge.negated().unwrap();
    assert!(mirrored > Exact::ONE && mirrored > edge);
    assert_eq!(edge.to_string().parse::<Exact>().unwrap(), edge);
    assert_eq!(edge.times(&edge).unwrap_err().code(), "money.overflow");
    assert!(edge.to_decimal().is_none());
    assert_eq!(edge.round_digits(2, RoundingMode::HalfEven).unwrap_err().code(), "money.overflow");
    assert!(format!("{}", &largest + number::whole(1)).parse::<Exact>().is_err());
}
