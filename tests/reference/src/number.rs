//! Exact fractions of any size (R-M1), and what the type at the door can hold.

use num_bigint::BigInt;
use num_rational::BigRational;

/// An exact number.
pub type Fraction = BigRational;

/// A whole number.
pub fn whole(number: i64) -> Fraction {
    Fraction::from_integer(BigInt::from(number))
}

/// Zero.
pub fn zero() -> Fraction {
    whole(0)
}

/// `numerator ÷ denominator`.
pub fn ratio(numerator: i64, denominator: i64) -> Fraction {
    Fraction::new(BigInt::from(numerator), BigInt::from(denominator))
}

/// 10^exponent.
pub fn power_of_ten(exponent: u32) -> Fraction {
    Fraction::from_integer(BigInt::from(10).pow(exponent))
}

/// `mantissa × 10^−scale`.
pub fn decimal(mantissa: i128, scale: u32) -> Fraction {
    Fraction::from_integer(BigInt::from(mantissa)) / power_of_ten(scale)
}

/// Reads `12.30`, `-5` and `20/31`.
pub fn read(text: &str) -> Fraction {
    match text.split_once('/') {
        Some((numerator, denominator)) => Fraction::new(digits(numerator), digits(denominator)),
        None => {
            let (integer, fraction) = text.split_once('.').unwrap_or((text, ""));
            let places = u32::try_from(fraction.len()).expect("few digits");
            Fraction::from_integer(digits(&format!("{integer}{fraction}"))) / power_of_ten(places)
        }
    }
}

fn digits(text: &str) -> BigInt {
    text.parse().expect("digits")
}

/// Whether a 96-bit integer with at most 28 digits after the point is this number: the type at the door.
pub fn is_at_the_door(number: &Fraction) -> bool {
    (0..=28).any(|scale| fits_at(number, scale))
}

/// Whether a 96-bit integer with so many digits after the point is this number.
pub fn fits_at(number: &Fraction, scale: u32) -> bool {
    let mantissa = number * power_of_ten(scale);
    let bound = BigInt::from(2).pow(96);
    mantissa.is_integer() && *mantissa.numer() < bound && -mantissa.numer() < bound
}
