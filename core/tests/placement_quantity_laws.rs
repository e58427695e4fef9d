//! Laws of quantities, against whole numbers of any size.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

use counterfoil::{
    exact::{Exact, RoundingMode},
    placement::{DiskKind, Format, Resource, ResourceQuantity},
};
use num_bigint::BigInt;
use proptest::prelude::*;

const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY: [(&str, u32); 6] = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];

/// What a text says, found by trying every suffix on it: nano, and how it is written.
fn model(text: &str) -> Option<(BigInt, Format)> {
    if text.is_empty() {
        return None;
    }
    for (suffix, bits) in BINARY {
        if let Some((mantissa, places)) = text.strip_suffix(suffix).and_then(mantissa) {
            let nano = in_nano(mantissa << bits, -places);
            let is_part_of_one = nano != BigInt::ZERO && nano.magnitude() < BigInt::from(1_000_000_000).magnitude();
            return Some((nano, if is_part_of_one { Format::DecimalSI } else { Format::BinarySI }));
        }
    }
    for (suffix, exponent) in DECIMAL {
        if let Some((mantissa, places)) = text.strip_suffix(suffix).and_then(mantissa) {
            return Some((in_nano(mantissa, exponent - places), Format::DecimalSI));
        }
    }
    let (number, exponent) = text.split_once(['e', 'E'])?;
    let plain = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exponent: i32 = exponent.parse().ok().filter(|exponent: &i32| exponent.abs() <= 30)?;
    let (mantissa, places) = mantissa(number)?;
    Some((in_nano(mantissa, exponent - places), Format::DecimalExponent))
}

/// A number without a suffix: its digits, and how many of them stand behind the point.
fn mantissa(text: &str) -> Option<(BigInt, i32)> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let places = unsigned.find('.').map_or(0, |point| unsigned.len() - point - 1);
    let digits = unsigned.replacen('.', "", 1);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size: BigInt = format!("0{digits}").parse().unwrap();
    Some((if text.starts_with('-') { -size } else { size }, i32::try_from(places).unwrap()))
}

/// `number × 10^exponent` in nano, away from zero.
fn in_nano(number: BigInt, exponent: i32) -> BigInt {
    let power = |exponent: i32| BigInt::from(10).pow(u32::try_from(exponent).unwrap());
    match exponent + 9 {
        finer if finer >= 0 => number * power(finer),
        coarser => rounded(&number, &power(-coarser), RoundingMode::Up),
    }
}

/// A quotient, rounded by comparing all that is left.
fn rounded(number: &BigInt, divisor: &BigInt, mode: RoundingMode) -> BigInt {
    let (zero, one) = (BigInt::ZERO, BigInt::from(1));
    let floor = {
        let truncated = number / divisor;
        if &truncated * divisor > *number { truncated - &one } else { truncated }
    };
    let rest = number - &floor * divisor;
    if rest == zero {
        return floor;
    }
    let above = &floor + &one;
    let is_negative = *number < zero;
    let tie: std::cmp::Ordering = (&rest + &rest).cmp(divisor);
    let nearest = |at_tie: BigInt| match tie {
        std::cmp::Ordering::Less => floor.clone(),
        std::cmp::Ordering::Equal => at_tie,
        std::cmp::Ordering::Greater => above.clone(),
    };
    match mode {
        RoundingMode::Floor => floor,
        RoundingMode::Ceiling => above,
        RoundingMode::Up => {
            if is_negative {
                floor
            } else {
                above
            }
        }
        RoundingMode::Down => {
            if is_negative {
                above
            } else {
                floor
            }
        }
        RoundingMode::HalfUp => nearest(if is_negative { floor.clone() } else { above.clone() }),
        RoundingMode::HalfDown => nearest(if is_negative { above.clone() } else { floor.clone() }),
        RoundingMode::HalfEven => nearest(if floor.bit(0) { above.clone() } else { floor.clone() }),
    }
}

fn nano(quantity: &ResourceQuantity) -> BigInt {
    let nano = quantity.exact().times(&Exact::from(1_000_000_000)).unwrap();
    nano.reduced().unwrap().to_string().parse().unwrap()
}

/// Whether a text is read as the model does. `beyond` tells what the model knows no limit of.
fn is_as_the_model(text: &str) -> Result<(), TestCaseError> {
    match (text.parse::<ResourceQuantity>(), model(text)) {
        (Ok(quantity), Some((size, format))) => {
            prop_assert_eq!(nano(&quantity), size, "{}", text);
            prop_assert_eq!(quantity.format(), format, "{}", text);
        }
        (Err(error), None) => {
            let codes = ["placement.not_a_quantity", "placement.unknown_suffix", "placement.quantity_exponent"];
            prop_assert!(codes.contains(&error.code()), "{text}: {error}");
        }
        (Err(error), Some(_)) => prop_assert_eq!(error.code(), "placement.quantity_too_large", "{}", text),
        (Ok(quantity), None) => prop_assert!(false, "{text} is {quantity}"),
    }
    Ok(())
}

#[test]
fn every_short_text() {
    const LETTERS: [char; 12] = ['+', '-', '.', '0', '1', '5', 'e', 'E', 'i', 'K', 'm', ' '];
    let mut texts = vec![String::new()];
    for _ in 0..5 {
        for text in &texts {
            is_as_the_model(text).unwrap();
        }
        texts = texts.iter().flat_map(|text| LETTERS.map(|letter| format!("{text}{letter}"))).collect();
    }
    assert_eq!(texts.len(), 12_usize.pow(5));
    // Of the longest, each seventh: all letters stand in all places.
    texts.iter().step_by(7).for_each(|text| is_as_the_model(text).unwrap());
}

/// Texts of the grammar, long and short.
fn texts() -> impl Strategy<Value = String> {
    let suffix = prop_oneof![
        4 => proptest::sample::select(DECIMAL.map(|(suffix, _)| suffix.to_owned()).to_vec()),
        3 => proptest::sample::select(BINARY.map(|(suffix, _)| suffix.to_owned()).to_vec()),
        2 => (-31..=31_i32, any::<bool>()).prop_map(|(exponent, upper)| format!("{}{exponent}", if upper { 'E' } else { 'e' })),
    ];
    let number = prop_oneof![
        "[+-]?[0-9]{0,4}",
        "[+-]?[0-9]{1,12}(\\.[0-9]{0,12})?",
        "[+-]?[0-9]{15,22}(\\.[0-9]{0,3})?",
        "[+-]?[0-9]{0,30}\\.[0-9]{0,30}",
        "[+-]?[0-9]{38,61}",
        "[+-]?[1-9]0{1,30}",
    ];
    (number, suffix).prop_map(|(number, suffix)| number + &suffix).prop_filter("short", |text| text.len() <= 64)
}

fn quantities() -> impl Strategy<Value = ResourceQuantity> {
    texts().prop_filter_map("readable", |text| text.parse().ok())
}

fn resources() -> impl Strategy<Value = Resource> {
    proptest::sample::select(vec![
        Resource::Cpu,
        Resource::Memory,
        Resource::EphemeralStorage,
        Resource::Disk(DiskKind::System),
        Resource::Gpu("A100".parse().unwrap()),
        Resource::Mig { model: "A100".parse().unwrap(), profile: "1g.10gb".parse().unwrap() },
        Resource::Named("licences".parse().unwrap()),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_text_says_what_the_model_says(text in texts()) {
        is_as_the_model(&text)?;
    }

    #[test]
    fn any_text_is_a_quantity_or_an_error(text in "\\PC{0,80}", near in "[+-.0-9eEinumkKMGTP核卡]{0,70}", of in resources()) {
        for text in [text, near] {
            let read = text.parse::<ResourceQuantity>();
            let displayed = ResourceQuantity::parse_display(&text, &of);
            if let (Ok(read), Ok(displayed)) = (&read, &displayed) {
                prop_assert_eq!(read, displayed); // a display form never changes what a quantity is
            }
            for quantity in [read, displayed].into_iter().flatten() {
                prop_assert!(quantity.to_string().len() <= 64);
            }
        }
    }

    #[test]
    fn the_canonical_form_is_read_back(quantity in quantities()) {
        let canonical = quantity.to_string();
        let again: ResourceQuantity = canonical.parse().unwrap();
        prop_assert!(canonical.len() <= 64 && !canonical.contains(['.', '+']));
        prop_assert_eq!(&again, &quantity);
        let tells_its_format = canonical.ends_with('i') || canonical.contains('e');
        if tells_its_format || quantity.format() == Format::DecimalSI {
            prop_assert_eq!(again.format(), quantity.format());
        } else {
            prop_assert_eq!(again.format(), Format::DecimalSI);
        }
        // Only a plain number by 1024 is written shorter when it is read back: `2000` is `2k`.
        let is_plain = canonical.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        if !(quantity.format() == Format::BinarySI && is_plain) {
            prop_assert_eq!(again.to_string(), canonical);
        }
    }

    #[test]
    fn sums_are_exact(a in quantities(), b in quantities()) {
        for (result, size) in [(a.plus(&b), nano(&a) + nano(&b)), (a.minus(&b), nano(&a) - nano(&b))] {
            match result {
                Ok(result) => {
                    prop_assert_eq!(nano(&result), size);
                    prop_assert_eq!(result.format(), if a.is_zero() { b.format() } else { a.format() });
                }
                Err(error) => {
                    prop_assert_eq!(error.code(), "placement.quantity_too_large");
                    prop_assert!(size.to_string().trim_end_matches('0').len() > 35, "{size} is not large");
                }
            }
        }
        // At the limit the two may differ: how long the sum is depends on the format of the first.
        if let (Ok(one), Ok(other)) = (a.plus(&b), b.plus(&a)) {
            prop_assert_eq!(one, other);
        }
        if let Ok(negative) = a.negated() {
            prop_assert_eq!(nano(&negative), -nano(&a));
            prop_assert!(a.plus(&negative).unwrap().is_zero());
        }
    }

    #[test]
    fn order_is_that_of_values(a in quantities(), b in quantities()) {
        prop_assert_eq!(a.cmp(&b), nano(&a).cmp(&nano(&b)));
        prop_assert_eq!(a == b, nano(&a) == nano(&b));
        prop_assert_eq!(a.is_negative(), nano(&a) < BigInt::ZERO);
    }

    #[test]
    fn units_are_rounded_once_or_overflow(quantity in quantities(), scale in -32..=32_i32, mode in proptest::sample::select(RoundingMode::ALL.to_vec())) {
        let answer = quantity.in_units(scale, mode);
        if scale.abs() > 30 {
            prop_assert_eq!(answer.unwrap_err().code(), "placement.quantity_exponent");
            prop_assert_eq!(quantity.round_up(scale).unwrap_err().code(), "placement.quantity_exponent");
            return Ok(());
        }
        let power = |exponent: i32| BigInt::from(10).pow(u32::try_from(exponent.max(0)).unwrap());
        let units = |mode| rounded(&(nano(&quantity) * power(-9 - scale)), &power(scale + 9), mode);
        match (answer, i64::try_from(units(mode))) {
            (Ok(answer), Ok(units)) => prop_assert_eq!(answer, units),
            (Err(error), Err(_)) => prop_assert_eq!(error.code(), "placement.quantity_overflow"),
            (answer, units) => prop_assert!(false, "{:?} and {:?}", answer, units),
        }
        match quantity.round_up(scale) {
            Ok(up) if scale <= -9 => prop_assert_eq!(&up, &quantity),
            Ok(up) => prop_assert_eq!(nano(&up), units(RoundingMode::Up) * power(scale + 9)),
            Err(error) => prop_assert_eq!(error.code(), "placement.quantity_too_large"),
        }
    }

    #[test]
    fn an_amount_and_its_quantity_are_one(of in resources(), amount in prop_oneof![0..4096_u64, 0..=i64::MAX as u64]) {
        let quantity = of.quantity(amount);
        for mode in RoundingMode::ALL {
            prop_assert_eq!(of.amount(&quantity, mode).unwrap(), amount);
        }
        let again: ResourceQuantity = quantity.to_string().parse().unwrap();
        prop_assert_eq!(of.amount(&again, RoundingMode::Down).unwrap(), amount);
        let below = of.quantity(-(amount as i64) - 1);
        prop_assert_eq!(of.amount(&below, RoundingMode::Up).unwrap_err().code(), "placement.negative_amount");
        prop_assert_eq!(below.in_units(of.scale(), RoundingMode::Up).unwrap(), -(amount as i64) - 1);
    }

    #[test]
    fn what_is_shown_is_within_a_hundredth_of_its_unit(of in resources(), amount in prop_oneof![-5000..5000_i64, any::<i64>()]) {
        let (floor, ceiling) = (of.shown(amount, RoundingMode::Floor), of.shown(amount, RoundingMode::Ceiling));
        let read = |text: &str| ResourceQuantity::parse_display(text, &of).unwrap();
        prop_assert!(read(&floor) <= of.quantity(amount) && of.quantity(amount) <= read(&ceiling), "{floor} {ceiling}");
        prop_assert!(floor == ceiling || floor.contains('.'));
    }
}

#[test]
fn limits_and_what_lies_just_beyond() {
    let code = |text: &str| text.parse::<ResourceQuantity>().map_or_else(|error| error.code(), |_| "ok");
    let digits = |count: usize| "1".repeat(count);
    for (text, expected) in [
        (digits(64), "ok"),
        (digits(65), "placement.quantity_too_long"),
        ("0".repeat(64), "ok"),
        ("0".repeat(65), "placement.quantity_too_long"),
        (format!("{}E", digits(63)), "ok"),
        // 61 digits times 10^17 have a canonical form of 62 + 2 zeros + `P`.
        (format!("{}.1E", digits(61)), "placement.quantity_too_large"),
        (format!("{}.1E", digits(60)), "ok"),
        ("1e30".into(), "ok"),
        ("1e31".into(), "placement.quantity_exponent"),
        ("1E-30".into(), "ok"),
        ("1E-31".into(), "placement.quantity_exponent"),
        ("1e+30".into(), "ok"),
        ("1e0000000030".into(), "ok"),
        ("0e31".into(), "placement.quantity_exponent"),
        ("1e2147483648".into(), "placement.quantity_exponent"),
        ("1e-9223372036854775809".into(), "placement.quantity_exponent"),
        (format!("1e{}", "9".repeat(62)), "placement.quantity_exponent"),
        ("".into(), "placement.not_a_quantity"),
        ("１Gi".into(), "placement.not_a_quantity"),
        ("1 Gi".into(), "placement.not_a_quantity"),
        ("1GI".into(), "placement.not_a_quantity"),
        ("1gi".into(), "placement.not_a_quantity"),
        ("1K".into(), "placement.unknown_suffix"),
        ("1e".into(), "placement.unknown_suffix"),
        ("1e+".into(), "placement.unknown_suffix"),
        ("--1".into(), "placement.unknown_suffix"),
        ("NaN".into(), "placement.not_a_quantity"),
        ("inf".into(), "placement.not_a_quantity"),
    ] {
        assert_eq!(code(&text), expected, "{text}");
    }
    let longest: ResourceQuantity = digits(64).parse().unwrap();
    assert_eq!(longest.negated().unwrap_err().code(), "placement.quantity_too_large");
    assert_eq!(longest.to_string(), digits(64));
    let nines: ResourceQuantity = "9".repeat(64).parse().unwrap();
    assert_eq!(nines.plus(&"1".parse().unwrap()).unwrap().to_string(), format!("1{}E", "0".repeat(46)));
    assert_eq!(nines.plus(&nines).unwrap_err().code(), "placement.quantity_too_large");
}

#[test]
fn display_forms() {
    let gpu = Resource::Gpu("A100".parse().unwrap());
    let milli = |text: &str, of: &Resource| ResourceQuantity::parse_display(text, of).unwrap().milli().unwrap();
    assert_eq!(milli("1.60核", &Resource::Cpu), 1600);
    assert_eq!(milli("-0.40核", &Resource::Cpu), -400);
    assert_eq!(milli("3.15cores", &Resource::Cpu), 3150);
    assert_eq!(milli("1core", &Resource::Cpu), 1000);
    assert_eq!(milli("500m", &Resource::Cpu), 500);
    assert_eq!(milli("2卡", &gpu), 2000);
    assert_eq!(milli("0.46卡", &gpu), 460);
    let long = format!("{}核", "0".repeat(62));
    for (text, of, code) in [
        ("1.60核", &Resource::Memory, "placement.not_a_quantity"),
        ("2卡", &Resource::Cpu, "placement.not_a_quantity"),
        ("2核", &gpu, "placement.not_a_quantity"),
        ("500m核", &Resource::Cpu, "placement.not_a_quantity"),
        ("1e3核", &Resource::Cpu, "placement.not_a_quantity"),
        ("1.60 核", &Resource::Cpu, "placement.not_a_quantity"),
        (" 1.60核", &Resource::Cpu, "placement.not_a_quantity"),
        ("１.60核", &Resource::Cpu, "placement.not_a_quantity"),
        ("1,600核", &Resource::Cpu, "placement.not_a_quantity"),
        ("核", &Resource::Cpu, "placement.not_a_quantity"),
        ("-核", &Resource::Cpu, "placement.not_a_quantity"),
        ("core", &Resource::Cpu, "placement.not_a_quantity"),
        ("", &Resource::Cpu, "placement.not_a_quantity"),
        (".", &Resource::Memory, "placement.not_a_quantity"),
        ("E", &Resource::Memory, "placement.not_a_quantity"),
        ("e3", &Resource::Memory, "placement.not_a_quantity"),
        ("-", &Resource::Memory, "placement.not_a_quantity"),
        ("8GB", &Resource::Memory, "placement.not_a_quantity"),
        ("1核核", &Resource::Cpu, "placement.not_a_quantity"),
        (&long, &Resource::Cpu, "placement.quantity_too_long"),
    ] {
        assert_eq!(ResourceQuantity::parse_display(text, of).unwrap_err().code(), code, "{text}");
    }
}

#[test]
fn shown_at_the_edges_of_units() {
    let shown = |amount: i64, mode| Resource::Memory.shown(amount, mode);
    for (amount, floor, ceiling) in [
        (0, "0", "0"),
        (1023, "1023", "1023"),
        (1024, "1.00Ki", "1.00Ki"),
        (1025, "1.00Ki", "1.01Ki"),
        (1_048_575, "1023.99Ki", "1.00Mi"),
        (-1_048_575, "-1.00Mi", "-1023.99Ki"),
        (10_855_529_841, "10.11Gi", "10.12Gi"),
        (i64::MAX, "7.99Ei", "8.00Ei"),
        (i64::MIN, "-8.00Ei", "-8.00Ei"),
    ] {
        assert_eq!(
            (shown(amount, RoundingMode::Floor).as_str(), shown(amount, RoundingMode::Ceiling).as_str()),
            (floor, ceiling)
        );
    }
    assert_eq!(Resource::Memory.shown(u64::MAX, RoundingMode::Ceiling), "16.00Ei");
    assert_eq!(Resource::Cpu.shown(3_u64, RoundingMode::Ceiling), "0.01");
    assert_eq!(Resource::Gpu("A".parse().unwrap()).shown(460_u64, RoundingMode::Floor), "0.46");
    assert_eq!(Resource::Named("licences".parse().unwrap()).shown(7_u64, RoundingMode::Floor), "7");
}

#[test]
fn amounts_end_at_63_bits() {
    let of = |text: &str| Resource::Memory.amount(&text.parse().unwrap(), RoundingMode::Ceiling);
    assert_eq!(of("9223372036854775807").unwrap(), i64::MAX as u64);
    assert_eq!(of("9223372036854775806.5").unwrap(), i64::MAX as u64);
    assert_eq!(of("8Ei").unwrap_err().code(), "placement.amount_overflow");
    assert_eq!(of("9223372036854775807.1").unwrap_err().code(), "placement.amount_overflow");
    let cpu = |text: &str| Resource::Cpu.amount(&text.parse().unwrap(), RoundingMode::Ceiling);
    assert_eq!(cpu("1n").unwrap(), 1); // some of a core never becomes none
    assert_eq!(cpu("9223372036854775.807").unwrap(), i64::MAX as u64);
    assert_eq!(cpu("9223372036854775.8070001").unwrap_err().code(), "placement.amount_overflow");
}
